"""Text that nobody sees on a page as it is shown: covered, unpainted, white on white, cut away.

Only a picture of the page tells for sure. Text that could be hidden - something is drawn over it,
it is nearly white, it is clipped - is found from the page's objects at little cost; then the page
is drawn with and without it, and letters where nothing differs are seen by nobody. The text layer
of a scan is such text too, and is kept where the picture shows something.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from pipelines.read.pdf.extract import calls as pdfium
from pipelines.read.pdf.extract.handles import Drawn, Handle, Rectangle, as_shown
from pipelines.read.pdf.extract.letters import LetterReader
from pipelines.read.pdf.extract.painted import Painted, Painting, Text, overlaps, paint_of
from pipelines.read.pdf.extract.shown import Picture, draw, draw_bare, draw_without
from pipelines.read.pdf.extract.unseen import (
    Letter,
    Seen,
    Unseen,
    around,
    judge_words,
    union,
    words,
)

_SCAN: Final = 0.4  # part of a page that pictures cover where it is a scan
_ALONE: Final = 0.8  # part of a page's letters that a text layer has where no picture is left
_SHARED: Final = 0.02  # part of a word that a letter set in its place covers
_INSET: Final = 0.1  # part of a letter's width that its neighbour's ink may reach into
_UNPAINTED: Final = frozenset(
    {pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP}
)
_STROKED: Final = pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE  # how producers fake bold
_DUST: Final = 0.2  # points
_NAMELESS: Final = "\ufffd"
_BLOCKS: Final = frozenset("█▇▆■▬▮◼⬛")  # typed over a name
_MOST_APART: Final = 800  # texts of a page that are told apart where they overlap: in a second
_MOST_SETS: Final = 6  # drawn one after the other

Characters = dict[int, list[tuple[str, Rectangle]]]


def find_unseen(
    page: Handle, letters: LetterReader, objects: Iterable[Drawn], *, every: bool
) -> Unseen:
    """Find the text of a page that nobody sees.

    Args:
        page: Of PDFium.
        letters: Of the page.
        objects: Of the page.
        every: Whether all text is looked at, as where layers may be switched off.
    """
    matrix, size = as_shown(page)
    painting = _with_typed_blocks(paint_of(page, objects, matrix), letters)
    unseen = Unseen(stroked={text.handle for text in painting.texts if text.mode == _STROKED})
    suspects = unseen.suspects = {t.handle: t for t in _suspects(painting, size, every=every)}
    if not suspects or not letters.runs:
        return unseen
    place = union([item.box for item in suspects.values()])
    with_all, without = draw(page, size, place), draw_without(suspects.values(), page, size, place)
    if with_all is None or without is None:
        return unseen
    bare = draw_bare(suspects.values(), painting, page, size, place)
    alone = _draw_each(suspects, page, size, place) if every else {}
    lower = _under_labels(suspects.values(), painting)
    beneath = draw_without(lower.values(), page, size, place) if lower else None
    likely = {text.handle for text in _suspects(painting, size, every=False)} if every else set()
    for address, item in suspects.items():
        lowest = beneath if beneath and address in lower and address not in alone else without
        pictures = alone.get(address, with_all), lowest
        looked_at = _look_at(item, letters.letters_of(address), painting, pictures, bare)
        painted = [letter.hidden for letter in looked_at if _is_painted(letter.text, letter.box)]
        # A layer shows a text or does not; a thin letter alone may seem to leave no ink.
        if any(painted) and (not every or address in likely or all(painted)):
            unseen.objects[address] = looked_at
    if unseen.objects:
        characters = {address: letters.letters_of(address) for address in letters.runs}
        if _is_layer(painting, characters, unseen, size):
            _keep_layer(painting, characters, unseen, with_all)
        _count(painting, unseen, characters)
    return unseen


def _with_typed_blocks(painting: Painting, letters: LetterReader) -> Painting:
    """Note the texts that are nothing but blocks: they cover what they stand on as a box does."""
    for text in painting.texts if letters.has_any(_BLOCKS) else ():
        signs = set(letters.texts.get(text.handle, "")) - {" "}
        if signs and signs <= _BLOCKS:
            cover = Painted(text.order, text.box, text.colour, handle=text.handle)
            painting.covers.append(cover)
    return painting


def _look_at(
    item: Text,
    written: list[tuple[str, Rectangle]],
    painting: Painting,
    pictures: tuple[Picture, Picture],
    bare: tuple[Picture, Picture] | None,
) -> list[Letter]:
    """Compare the places of a text's letters in pictures with it and without it."""
    marked = [cover.box for cover in painting.covers if cover.redacts]
    looked_at = []
    for letter, box in written or [(_NAMELESS, item.box)]:
        gone = item.mode in _UNPAINTED or any(overlaps(m, box, 0.5) for m in marked)
        hidden = _is_painted(letter, box) and (gone or pictures[0].same(pictures[1], _inner(box)))
        looked_at.append(Letter(letter, box, hidden))
    return judge_words(item, looked_at, painting, pictures, bare)


def _is_painted(letter: str, box: Rectangle) -> bool:
    return not letter.isspace() and box[2] - box[0] > _DUST


def _under_labels(texts: Collection[Text], painting: Painting) -> dict[int, Text]:
    """The texts under something on which another text stands, as on a black box its reason."""
    found: dict[int, Text] = {}
    for cover in () if painting.crowded else painting.covers:
        within = [text for text in texts if overlaps(cover.box, text.box)]
        labels = [text.box for text in within if text.order > cover.order]
        for text in within:
            if text.order < cover.order and any(overlaps(label, text.box) for label in labels):
                found[text.handle] = text
    return found


def _draw_each(
    suspects: Mapping[int, Text],
    page: Handle,
    size: tuple[float, float],
    place: Rectangle,
) -> dict[int, Picture]:
    """Draw texts without those that overlap them: layers of two languages share their places."""
    sets: list[list[Text]] = []
    for item in suspects.values() if len(suspects) < _MOST_APART else ():
        near = (i for i, s in enumerate(sets) if not any(overlaps(t.box, item.box) for t in s))
        index = next(near, len(sets))
        if index == len(sets):
            sets.append([])
        sets[index].append(item)
    found: dict[int, Picture] = {}
    for apart in sets[:_MOST_SETS] if len(sets) > 1 else ():
        kept = {item.handle for item in apart}
        others = (item for item in suspects.values() if item.handle not in kept)
        if picture := draw_without(others, page, size, place):
            found.update(dict.fromkeys(kept, picture))
    return found


def take_away(page: Handle, unseen: Unseen) -> set[int]:
    """Take the text objects that nobody sees off the loaded page; return their addresses."""
    gone = set()
    for address, letters in list(unseen.objects.items()):
        if not all(letter.hidden or letter.text.isspace() for letter in letters):
            continue
        item = unseen.suspects[address]
        if item.form is None:
            taken = pdfium.FPDFPage_RemoveObject(page, item.handle)
        else:
            taken = pdfium.FPDFFormObj_RemoveObject(item.form, item.handle)
        if taken:
            pdfium.FPDFPageObj_Destroy(item.handle)
            unseen.letters -= sum(letter.hidden for letter in letters)
            del unseen.objects[address]
            gone.add(address)
    return gone


def _suspects(painting: Painting, size: tuple[float, float], *, every: bool) -> Iterator[Text]:
    """Find the text that may not be seen; most pages have none."""
    width, height = size
    every |= painting.crowded
    covers = [(cover.box, cover) for cover in painting.covers]
    for item in painting.texts:
        left, top, right, bottom = item.box
        if right - left < _DUST or bottom - top < _DUST:
            continue  # white
        if (
            every
            or item.mode in _UNPAINTED
            or item.faint
            or item.clipped
            or not (left >= 0 and top >= 0 and right <= width and bottom <= height)
            or any(
                x0 < right
                and left < x1
                and y0 < bottom
                and top < y1
                and (cover.order > item.order or cover.looks_like(item))
                and cover.handle != item.handle
                for (x0, y0, x1, y1), cover in covers
            )
        ):
            yield item


def _inner(box: Rectangle) -> Rectangle:
    left, top, right, bottom = box
    inset = _INSET * (right - left)
    return left + inset, top, right - inset, bottom


def _pictured(painting: Painting, size: tuple[float, float]) -> bool:
    """Whether pictures cover so much of a page as a scan does."""
    area = sum(
        max(0.0, min(p.box[2], size[0]) - max(p.box[0], 0))
        * max(0.0, min(p.box[3], size[1]) - max(p.box[1], 0))
        for p in painting.covers
        if p.picture
    )
    return area >= _SCAN * size[0] * size[1]


def _is_layer(
    painting: Painting, characters: Characters, unseen: Unseen, size: tuple[float, float]
) -> bool:
    """Whether text that is not seen is the page's text layer: it says what a picture shows.

    Or what one showed that is gone: programs write layers alone, and a page of nothing else is
    not hiding it.
    """
    hidden = unpainted = 0
    for address, letters in unseen.objects.items():
        count = sum(letter.hidden for letter in letters)
        hidden += count
        unpainted += count if unseen.suspects[address].mode in _UNPAINTED else 0
    written = sum(not letter.isspace() for letters in characters.values() for letter, _ in letters)
    if _pictured(painting, size):
        return hidden > written - hidden
    return unpainted > _ALONE * written


def _keep_layer(painting: Painting, characters: Characters, unseen: Unseen, shown: Picture) -> None:
    """Take back the words of a text layer, unless print or a box stands in their place."""
    unseen.layer = True
    boxes = [p.box for p in painting.covers if not p.picture]
    pictures = [p.box for p in painting.covers if p.picture]
    taken = [
        box
        for address, letters in characters.items()
        if address not in unseen.objects
        for letter, box in letters
        if not letter.isspace()
    ]
    for address, letters in list(unseen.objects.items()):
        unpainted = unseen.suspects[address].mode in _UNPAINTED
        kept: list[Letter] = []
        mine: list[Rectangle] = []
        for word in words(letters):
            box = around(word)
            over_picture = any(overlaps(p, box) for p in pictures)
            hidden = any(overlaps(p, box, _SHARED) for p in taken) or (
                shown.one_colour(box, paper=any(overlaps(p, box, 0.5) for p in boxes))
                if over_picture
                else not unpainted
            )
            kept += [Letter(w.text, w.box, w.hidden and hidden) for w in word]
            if not hidden:
                mine += [letter.box for letter in word if not letter.text.isspace()]
        taken += mine
        if any(letter.hidden for letter in kept):
            unseen.objects[address] = kept
        else:
            del unseen.objects[address]


def _count(painting: Painting, unseen: Unseen, characters: Characters) -> None:
    """Note the words that are not seen; a second copy of words that are seen hides nothing."""
    seen = Seen()
    for address, written in characters.items():
        for letter in unseen.objects.get(address) or (Letter(t, b, False) for t, b in written):
            seen.add(letter)
    for address, letters in unseen.objects.items():
        item = unseen.suspects[address]
        over = painting.over(item)
        for word in words(letters):
            hidden = [letter for letter in word if letter.hidden]
            if not hidden:
                continue
            unseen.letters += len(hidden)
            box = around(hidden)
            covered = item.mode not in _UNPAINTED and any(overlaps(c.box, box) for c in over)
            if covered:
                unseen.covered.append(box)
            elif not seen.shows(hidden):
                unseen.invisible.append(box)
