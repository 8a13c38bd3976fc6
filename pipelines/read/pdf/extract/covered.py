"""Text under several things: strokes beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pipelines.read.pdf.extract.handles import Rectangle
from pipelines.read.pdf.extract.painted import Painting, Text, overlaps
from pipelines.read.pdf.extract.shown import Picture
from pipelines.read.pdf.extract.unseen import Letter, words

_MOST: Final = 200_000  # pairs of text and cover that are compared; a page has hundreds
_SPARED: Final = 0.1  # part of a letter's height that strokes over it leave free
_SEAMS: Final = 0.2  # part of it that shimmers through between them


def without_seams(
    item: Text, letters: Sequence[Letter], painting: Painting, pictures: tuple[Picture, Picture]
) -> list[Letter]:
    """Take words for hidden of which no more than seams are seen between the strokes over them.

    Args:
        item: The text.
        letters: Of the text; hidden are those of which nothing is seen.
        painting: Of the page.
        pictures: Of the page with the text and without it.
    """
    if all(letter.hidden for letter in letters) or _are_many(painting):
        return list(letters)
    covers = [c.box for c in painting.covers if c.order > item.order and overlaps(c.box, item.box)]
    if not covers:
        return list(letters)
    found: list[Letter] = []
    for word in words(letters):
        hidden = all(
            letter.hidden
            or letter.text.isspace()
            or (_are_over(covers, letter.box) and pictures[0].same(pictures[1], letter.box, _SEAMS))
            for letter in word
        )
        found += [
            replace(letter, hidden=not letter.text.isspace()) if hidden else letter
            for letter in word
        ]
    return found


def _are_over(covers: Sequence[Rectangle], box: Rectangle) -> bool:
    """Whether covers, as of strokes beside each other, lie over nearly all of a letter together."""
    middle, left = (box[0] + box[2]) / 2, box[3] - box[1]
    at = box[1]
    for _, top, _, bottom in sorted(
        (c for c in covers if c[0] <= middle <= c[2]), key=lambda c: c[1]
    ):
        left -= max(0.0, min(bottom, box[3]) - max(top, at))
        at = max(at, bottom)
    return bool(covers) and left <= _SPARED * (box[3] - box[1])


def _are_many(painting: Painting) -> bool:
    return len(painting.texts) * len(painting.covers) > _MOST
