"""The first and last rows of a page, where running heads and feet stand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.read.pdf.model.page import RawPage, Span
from pipelines.read.pdf.model.rows import main_size, rows_of, segments

FIGURES = re.compile(r"[\divxl](?:(?<=\d)\d*|(?<=\b[ivxl])[ivxl]{0,5}\b)")  # 12, or small Roman
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}
_ITEM = re.compile(r"^\(?\w{1,3}[.)]$")
_PLAY = 2.5  # points between the heights of pieces that stand at one
_ROWS = 4  # rows at the top and bottom of a page that may be furniture
_MARGIN = 0.2  # of a page's height: farther in stands its text
_SAID_WITHIN = 2  # times that a heading stands in the text
_HEADED = 3.2  # sizes from a heading to what it heads, at most; running heads stand off

# A row, its distance to the text, its rank from the edge, and whether that is the top.
_EdgeRow = tuple[list[Span], float, int, bool]


def edge_rows(spans: Sequence[Span], height: float) -> list[_EdgeRow]:
    """The first and last rows of a page."""
    top = [s for s in spans if s.base < _MARGIN * height]
    low = [s for s in spans if s.base > (1 - _MARGIN) * height]
    below = min([s.base for s in spans if s.base >= _MARGIN * height], default=height)
    above = max([s.base for s in spans if s.base <= (1 - _MARGIN) * height], default=0.0)
    found: list[_EdgeRow] = []
    rows = rows_of(top)
    for index, row in enumerate(rows[:_ROWS]):
        after = rows[index + 1][0].base if index + 1 < len(rows) else below
        found.append((row, after - row[0].base, index, True))
    rows = rows_of(low)[::-1]
    for index, row in enumerate(rows[:_ROWS]):
        before = rows[index + 1][0].base if index + 1 < len(rows) else above
        found.append((row, row[0].base - before, index, False))
    return found


@dataclass(slots=True)
class EdgePiece:
    """A piece of a row near a page's edge."""

    page: int
    height: float  # from the top, or from the bottom as a negative number
    text: str
    pattern: str
    size: float
    apart: float  # white towards the text, in points
    rank: int  # rows between it and the edge
    begins: bool  # an item: after its sign or number
    spans: list[Span]


def edge_pieces(page: RawPage) -> list[EdgePiece]:
    """The pieces of the first and last rows of a page."""
    spans = [s for s in page.spans if s.angle == 0]
    rows = edge_rows(spans, page.height)
    found: list[EdgePiece] = []
    for row, apart, rank, from_top in rows:
        cut = segments(row)
        begins = len(row) > 1 and _is_bullet(row[0].text.strip())
        for seg in cut:
            if len(cut) > 1 and len(seg) == 1 and _is_bullet(seg[0].text.strip()):
                continue  # an item's bullet or number stands at one place on many pages, too
            text = "".join(s.text if s.text.endswith(" ") else s.text + " " for s in seg)
            text = " ".join(text.split())
            found.append(
                EdgePiece(
                    page.number,
                    seg[0].base if from_top else seg[0].base - page.height,
                    text,
                    FIGURES.sub("#", text),
                    main_size(seg),
                    apart,
                    rank,
                    begins,
                    list(seg),
                )
            )
    return found


def comes_back(group: Sequence[EdgePiece], slot: Sequence[EdgePiece], large: float) -> bool:
    """Whether a text in bold type over a size comes again after another: two lists take turns so.

    The head of a chapter does not, and one of all pages has no other.
    """
    places = {piece.page for piece in group}
    others = {piece.page for piece in slot} - places
    bold = all(span.face.bold for piece in group for span in piece.spans)
    return (
        bold
        and all(piece.size > large and piece.rank == 0 for piece in group)
        and any(min(places) < page < max(places) for page in others)
    )


def without_headings(found: Sequence[EdgePiece], pages: Sequence[RawPage]) -> list[EdgePiece]:
    """Leave out of what recurs at the heads of pages, close over text, what stands among it, too.

    The name of a list opens page after page where long lists fill them: it is a heading. That of
    the unit may stand in the text as it does in a running head.
    """
    if not any(map(_may_head, found)):
        return list(found)
    looks = Counter(
        _look(span)
        for page in pages
        for span in page.spans
        if _MARGIN * page.height <= span.base <= (1 - _MARGIN) * page.height
    )
    return [p for p in found if not (_may_head(p) and looks[_look(p.spans[0])] >= _SAID_WITHIN)]


def _may_head(piece: EdgePiece) -> bool:
    close = piece.height > 0 and piece.apart < _HEADED * piece.size
    return close and len(piece.spans) == 1 and piece.text[:1].isalpha()


def _look(span: Span) -> tuple[str, float, bool]:
    return span.text.strip(), round(span.size, 1), span.face.bold


def _is_bullet(text: str) -> bool:
    return bool(_ITEM.match(text)) or (len(text) <= 2 and not any(c.isdigit() for c in text))


def slots(pieces: Sequence[EdgePiece]) -> list[list[EdgePiece]]:
    """Gather pieces that stand at one height."""
    slots: list[list[EdgePiece]] = []
    for piece in sorted(pieces, key=lambda p: p.height):
        height = piece.height
        if not slots or height - slots[-1][-1].height > 0.8 or height - slots[-1][0].height > _PLAY:
            slots.append([])
        slots[-1].append(piece)
    return slots


def value_of(figure: str) -> int:
    """The number that a figure, of Arabic or of small Roman signs, stands for."""
    if figure.isdecimal():
        return int(figure)
    values = [_ROMAN[sign] for sign in figure]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))
