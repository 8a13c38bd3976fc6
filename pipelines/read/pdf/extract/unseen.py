"""What nobody sees of a page's text, letter by letter and word by word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipelines.read.pdf.extract.handles import Rectangle
from pipelines.read.pdf.extract.painted import Text


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
    """

    objects: dict[int, list[Letter]] = field(default_factory=dict)
    covered: list[Rectangle] = field(default_factory=list)
    invisible: list[Rectangle] = field(default_factory=list)
    letters: int = 0
    suspects: dict[int, Text] = field(default_factory=dict)


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
