"""Two lists side by side, under headings on one line: each goes on over the page's end by itself.

Columns of a page are read one after the other. Two lists abreast are not: what the left one
leaves over stands at the left of the next page. Documents that set them so do it again and again,
under the same two headings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from enum import Enum

from pipelines.read.pdf.columns import Gutter
from pipelines.read.pdf.lines import main_size, rows_of
from pipelines.read.pdf.marks import Span

_PLAY = 3.0
_OFTEN = 3  # times that a document sets the same two headings abreast
_LONGEST = 60  # characters of a heading

# The columns of a band of a page.
Band = list[list[Span]]


class Turn(Enum):
    """What a band of two lists abreast does: begin them, go on with them, or stand aside."""

    BEGIN = "begin"
    GO_ON = "go on"
    ASIDE = "aside"


def set_abreast(
    pages: Sequence[Sequence[Span]],
    bands: list[list[Band]],
    gutters: list[Gutter | None],
    body: float,
) -> list[dict[int, Turn]]:
    """Set anew the bands of pages that hold lists abreast.

    Args:
        pages: The free spans of each page.
        bands: Of each page; changed where it holds lists abreast.
        gutters: Of each page; changed likewise.
        body: Size of the document's text.

    Returns:
        For each page which of its bands are parts of such lists.
    """
    known = [g for g, _ in Counter(g for g in gutters if g is not None).most_common()]
    rows = [rows_of(spans) if known else [] for spans in pages]
    titles = Counter(
        title
        for page, gutter in zip(rows, gutters, strict=True)
        for row in page
        if gutter is not None and (title := _titles(row, gutter, body))
    )
    often = {title for title, count in titles.items() if count >= _OFTEN}
    turns: list[dict[int, Turn]] = [{} for _ in pages]
    if not often:
        return turns
    open_ = False
    for number, page in enumerate(rows):
        gutter = gutters[number] or next(
            (g for g in known if any(_titles(row, g, body) in often for row in page)), None
        )
        if gutter is None and open_:
            gutter = max(known, key=lambda g: _respected(page, g))
        starts = {i for i, row in enumerate(page) if gutter and _titles(row, gutter, body) in often}
        if gutter is None or not (starts or open_):
            continue
        gutters[number] = gutter
        bands[number], turns[number], open_ = _cut(page, gutter, body, starts, open_=open_)
    return turns


def _cut(
    rows: Sequence[list[Span]], gutter: Gutter, body: float, starts: set[int], *, open_: bool
) -> tuple[list[Band], dict[int, Turn], bool]:
    """The bands of a page, what those with lists abreast do, and whether the lists are open."""
    bands: list[Band] = []
    turns: dict[int, Turn] = {}
    for index, row in enumerate(rows):
        turn = Turn.BEGIN if index in starts else None
        last = turns.get(len(bands) - 1)
        if turn is None and open_:
            small = main_size(row) < 0.94 * body
            inside = _column(row, gutter) is not None and not _heads_alone(row, gutter, body)
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
        for span in row:
            right = len(bands[-1]) > 1 and span.x0 >= gutter.x1 - _PLAY
            bands[-1][right].append(span)
    return bands, turns, open_


def _column(row: Sequence[Span], gutter: Gutter) -> str | None:
    """Where a row stands: left, right, or in both columns; None where it runs over the gutter."""
    left = [s for s in row if s.x1 <= gutter.x0 + _PLAY]
    right = [s for s in row if s.x0 >= gutter.x1 - _PLAY]
    if len(left) + len(right) < len(row):
        return None
    return ("both" if left else "right") if right else "left"


def _respected(rows: Sequence[Sequence[Span]], gutter: Gutter) -> int:
    """How many rows from the page's head leave a gutter white."""
    return next(
        (index for index, row in enumerate(rows) if _column(row, gutter) is None), len(rows)
    )


def _stands_out(row: Sequence[Span], body: float) -> bool:
    return all(s.face.bold or s.size > 1.08 * body for s in row)


def _heads_alone(row: Sequence[Span], gutter: Gutter, body: float) -> bool:
    return _column(row, gutter) == "left" and _stands_out(row, body)


def _titles(row: Sequence[Span], gutter: Gutter, body: float) -> tuple[str, str] | None:
    """The two headings that a row consists of; None for any other row."""
    if _column(row, gutter) != "both" or not _stands_out(row, body):
        return None
    sides = [[s for s in row if (s.x0 >= gutter.x1 - _PLAY) == right] for right in (False, True)]
    left, right = ("".join(s.text for s in side).casefold().strip() for side in sides)
    alike = abs(main_size(sides[0]) - main_size(sides[1])) < 0.5
    short = max(len(left), len(right)) <= _LONGEST
    words = all(any(map(str.isalpha, text)) for text in (left, right))
    return (left, right) if alike and short and words and left != right else None
