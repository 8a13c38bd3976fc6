"""Two lists side by side, under headings on one line: each continues across the page end by itself.

Columns of a page are read one after the other. Two lists abreast are not: what the left one
leaves over stands at the left of the next page. Documents that set them so do it again and again,
under the same two headings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.laid import Band, Gutter, LaidPage, Turn
from pipelines.read.pdf.model.page import Span
from pipelines.read.pdf.model.rows import main_size

_OFTEN = 3  # times that a document sets the same two headings abreast
_LONGEST = 40  # characters of a heading


def set_abreast(pages: Sequence[LaidPage], body: float) -> None:
    """Reset the gutter and bands of pages that hold lists abreast, and note which bands do.

    Args:
        pages: Of the document, cut into bands.
        body: Size of the document's text.
    """
    known = [g for g, _ in Counter(p.gutter for p in pages if p.gutter is not None).most_common()]
    rows = [page.rows if known else [] for page in pages]
    titles = Counter(
        title
        for page, page_rows in zip(pages, rows, strict=True)
        for row in page_rows
        if (title := _titles(row, page.gutter))
    )
    often = {title for title, count in titles.items() if count >= _OFTEN}
    open_ = False
    for page, page_rows in zip(pages, rows, strict=True) if often else ():
        gutter = next(
            (g for g in (page.gutter, *known) if any(_begins(row, g, often) for row in page_rows)),
            page.gutter,
        )
        if gutter is None and open_:
            gutter = max(known, key=lambda g: _respected(page_rows, g))
        begun = any(_begins(row, gutter, often) for row in page_rows)
        if gutter is None or not (begun or open_):
            continue
        if not page_rows:  # only a box or table in one of them
            page.turns = {0: Turn.GO_ON}
            continue
        page.gutter = gutter
        page.bands, page.turns, open_ = _cut(page_rows, gutter, body, often, open_=open_)


def _cut(
    rows: Sequence[list[Span]],
    gutter: Gutter,
    body: float,
    often: Collection[tuple[str, str]],
    *,
    open_: bool,
) -> tuple[list[Band], dict[int, Turn], bool]:
    """The bands of a page, what those with lists abreast do, and whether the lists are open."""
    bands: list[Band] = []
    turns: dict[int, Turn] = {}
    for row in rows:
        turn = Turn.BEGIN if _begins(row, gutter, often) else None
        last = turns.get(len(bands) - 1)
        if turn is None and open_:
            small = main_size(row) < GEOMETRY.note * body and not row[0].face.bold
            ends = _heads_alone(row, gutter, body) and _text(row) not in {one for one, _ in often}
            inside = _column(row, gutter) is not None and not ends
            if small and (last is Turn.ASIDE or not inside):
                turn = Turn.ASIDE  # a footnote
            elif inside:
                turn = Turn.GO_ON
        open_ = turn is not None
        same = last is turn or (last is Turn.BEGIN and turn is Turn.GO_ON)
        if not bands or not same or turn is Turn.BEGIN:
            bands.append([[], []] if turn in (Turn.BEGIN, Turn.GO_ON) else [[]])
            if turn is not None:
                turns[len(bands) - 1] = turn
        for column, spans in zip(bands[-1], _sides(row, gutter), strict=False):
            column.extend(spans if len(bands[-1]) > 1 else row)
    return bands, turns, open_


def _column(row: Sequence[Span], gutter: Gutter) -> str | None:
    """Where a row stands: left, right, or in both columns; None where it runs over the gutter."""
    left, right = _sides(row, gutter)
    if not left or not right:
        over = any(
            s.x0 < gutter.x0 + GEOMETRY.edge and s.x1 > gutter.x1 - GEOMETRY.edge for s in row
        )
        return None if over else ("right" if right else "left")
    white = min(s.x0 for s in right) - max(s.x1 for s in left)
    return "both" if white > 0.35 * (gutter.x1 - gutter.x0) else None


def _sides(row: Sequence[Span], gutter: Gutter) -> tuple[list[Span], list[Span]]:
    """What of a row starts left of a gutter's middle, and what right of it."""
    return [s for s in row if s.x0 < gutter.middle], [s for s in row if s.x0 >= gutter.middle]


def _respected(rows: Sequence[Sequence[Span]], gutter: Gutter) -> int:
    """How many rows from the page's head leave a gutter white."""
    return next(
        (index for index, row in enumerate(rows) if _column(row, gutter) is None), len(rows)
    )


def _heads_alone(row: Sequence[Span], gutter: Gutter, body: float) -> bool:
    """Whether a row is a heading with nothing beside it."""
    stands_out = all(s.face.bold or s.size > GEOMETRY.head * body for s in row)
    return stands_out and _column(row, gutter) == "left"


def _begins(row: Sequence[Span], gutter: Gutter | None, often: Collection[tuple[str, str]]) -> bool:
    """Whether two lists begin with a row, or the second of them, if the first had no room there."""
    if gutter is not None and _column(row, gutter) == "right":
        return row[0].x0 < gutter.x1 + GEOMETRY.edge and _text(row) in {two for _, two in often}
    return _titles(row, gutter) in often


def _text(spans: Sequence[Span]) -> str:
    return "".join(s.text for s in spans).casefold().strip()


def _titles(row: Sequence[Span], gutter: Gutter | None) -> tuple[str, str] | None:
    """The two headings that a row may consist of, each at its column's edge; None if it cannot."""
    if gutter is None or _column(row, gutter) != "both":
        return None
    sides = _sides(row, gutter)
    left, right = map(_text, sides)
    one, two = sides[0][0], sides[1][0]
    alike = one.face == two.face and abs(one.size - two.size) < GEOMETRY.type
    room = gutter.x0 - sides[0][-1].x1 > 0.15 * (gutter.x0 - one.x0)
    short = max(len(left), len(right)) <= _LONGEST and two.x0 < gutter.x1 + 1.5 * two.size
    words = all(text[0].isalpha() for text in (left, right) if text)
    return (left, right) if alike and short and room and words and left != right else None
