"""What nobody sees of a page's text, letter by letter and word by word."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Final

from pipelines.read.pdf.extract.handles import Rectangle
from pipelines.read.pdf.extract.painted import Painting, Text, overlaps
from pipelines.read.pdf.extract.shown import Picture

_ALIKE: Final = 1.5  # points by which letters of two settings of a word may stand apart
_BAND: Final = 8.0  # points; letters are looked up by heights of it
_BESIDE: Final = 72.0  # points; in a damaged font letters can be millions of points high
_MOST_SEARCHES: Final = 1_000_000  # a page; about a second, where a page twice over takes 40 000
_SEAMS: Final = 0.19  # part of a letter's ink that shimmers through between strokes over it
_CROSSED: Final = 2  # letters of a word that a line over it takes; it can be read without them


@dataclass(frozen=True, slots=True)
class Letter:
    """A character of a text object, and where it stands on the page as shown."""

    text: str
    box: Rectangle
    hidden: bool


@dataclass(slots=True)
class Unseen:
    """What nobody sees of a page's text.

    Attributes:
        objects: Letters by the address of their text object, for each that is not wholly seen.
        covered: Boxes of words that something is drawn over.
        invisible: Boxes of words that are not painted, have the colour of their ground or are
            cut away.
        letters: How many letters of `objects` are not seen.
        suspects: The text objects that were looked at, by address.
        stroked: The text objects whose letters have an outline, too.
        layer: Whether the page is a picture, and its text was recognised from that.
    """

    objects: dict[int, list[Letter]] = field(default_factory=dict)
    covered: list[Rectangle] = field(default_factory=list)
    invisible: list[Rectangle] = field(default_factory=list)
    letters: int = 0
    suspects: dict[int, Text] = field(default_factory=dict)
    stroked: set[int] = field(default_factory=set)
    layer: bool = False


@dataclass(slots=True)
class Seen:
    """The letters of a page that are seen: left edges and baselines, by letter and height.

    Attributes:
        places: The edges and baselines, by letter and height.
        searches: How many places were looked at; from a limit on no word is found any more.
    """

    places: dict[tuple[str, int], list[tuple[float, float]]] = field(default_factory=dict)
    searches: int = 0

    def add(self, letter: Letter) -> None:
        """Note a letter, unless nobody sees it."""
        x, y = letter.box[0], letter.box[3]
        if not letter.hidden and not letter.text.isspace() and math.isfinite(y):
            self.places.setdefault((letter.text, int(y // _BAND)), []).append((x, y))

    def shows(self, word: Sequence[Letter]) -> bool:
        """Whether the same word is seen where this one stands, or hardly beside it.

        Programs that change a line sometimes leave its earlier setting in the file, cut away;
        only its stops may differ.
        """
        word = [letter for letter in word if letter.text.isalnum()] or word
        first = word[0].box
        beside = min(_BESIDE, first[3] - first[1])  # in this order: 72 for no number
        starts = self._near(word[0].text, first[0], first[3], beside)
        return any(
            all(
                any(self._near(w.text, w.box[0] + x - first[0], w.box[3] + y - first[3], _ALIKE))
                for w in word
            )
            for x, y in starts
        )

    def _near(self, text: str, x: float, y: float, reach: float) -> Iterator[tuple[float, float]]:
        if not math.isfinite(y):
            return
        for band in range(int((y - reach) // _BAND), int((y + reach) // _BAND) + 1):
            for other, base in self.places.get((text, band), ()):
                self.searches += 1
                if self.searches > _MOST_SEARCHES:
                    return
                if abs(other - x) <= reach and abs(base - y) <= reach:
                    yield other, base


def words(letters: Sequence[Letter]) -> Iterator[list[Letter]]:
    """Part letters at white; the white goes with the word before it."""
    word: list[Letter] = []
    for letter in letters:
        if word and word[-1].text.isspace() and not letter.text.isspace():
            yield word
            word = []
        word.append(letter)
    if word:
        yield word


def around(letters: Sequence[Letter]) -> Rectangle:
    """Return the box around letters, white left out where there are others."""
    return union([b.box for b in letters if not b.text.isspace()] or [b.box for b in letters])


def union(boxes: Sequence[Rectangle]) -> Rectangle:
    """Return the box around boxes."""
    return (
        min(b[0] for b in boxes),
        min(b[1] for b in boxes),
        max(b[2] for b in boxes),
        max(b[3] for b in boxes),
    )


def judge_words(
    item: Text,
    letters: Sequence[Letter],
    painting: Painting,
    pictures: tuple[Picture, Picture],
    bare: tuple[Picture, Picture] | None,
) -> list[Letter]:
    """Take words under paint for hidden where only seams show, for seen where a line crosses them.

    Args:
        item: The text.
        letters: Of the text; hidden are those of which nothing is seen.
        painting: Of the page.
        pictures: Of the page with the text and without it.
        bare: The same with nothing painted over it; None where nothing is.
    """
    over = [] if painting.crowded else painting.over(item)
    covers = [cover for cover in over if overlaps(cover.box, item.box)]
    if bare is None or not covers or all(letter.hidden for letter in letters):
        return list(letters)
    found: list[Letter] = []
    for word in words(letters):
        ink = [w for w in word if not w.text.isspace()]
        hidden = ink and all(
            w.hidden or pictures[0].ink(pictures[1], w.box) <= _SEAMS * bare[0].ink(bare[1], w.box)
            for w in ink
        )
        if hidden:
            found += [replace(w, hidden=not w.text.isspace()) for w in word]
        elif _is_crossed(ink) and not any(cover.redacts for cover in covers):
            found += [replace(w, hidden=False) for w in word]
        else:
            found += word
    return found


def _is_crossed(word: Sequence[Letter]) -> bool:
    """Whether a word can be read though paint hides some of it: stops, or few letters.

    A name inside of it must not be gone whole: that was withheld, as in Jo/Maria.
    """
    alnum = [letter for letter in word if letter.text.isalnum()]
    gone = [letter.text for letter in alnum if letter.hidden]
    if 2 * len(gone) >= len(alnum) or len(gone) > _CROSSED or any(map(str.isdigit, gone)):
        return False
    parts = [list(part) for same, part in groupby(word, lambda w: w.text.isalnum()) if same]
    return all(any(not letter.hidden for letter in part) for part in parts)
