"""Two lists side by side, under headings on one line: each continues across the page end by itself.

Columns of a page are read one after the other. Two lists abreast are not: what the left one
leaves over stands at the left of the next page. Documents that set them so do it again and again,
under the same two headings. Every pair has white of its own between its lists, as each may be as
wide as its text asks; a table under two such headings is told by cells that hold no text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from pipelines.read.pdf.columns.bands import gather, sides
from pipelines.read.pdf.model.bullets import is_sign
from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.laid import Abreast, Gutter, LaidPage, Turn
from pipelines.read.pdf.model.line import NUMBER
from pipelines.read.pdf.model.page import Face, Span
from pipelines.read.pdf.model.rows import main_size, segments

_OFTEN = 3  # times that a document sets the same two headings abreast
_LONGEST = 40  # characters of a heading
_TEXT = 20  # characters from which what stands in a row is text, and no figure or rating
_WHITE = 0.8  # ems of white between two lists at least; words are closer
_MOVED = 72.0  # points from a heading to what it heads, or to where that stands on the next page
_PADDING = 8.0  # points that the words of a heading stand in from the edge of its ground
_FIRST = 4  # rows of a page, among which both lists go on
_WRAPPED = 1.8  # sizes between two lines of a heading

_Rows = Sequence[Sequence[Span]]


def set_abreast(pages: Sequence[LaidPage], body: float) -> None:
    """Reset the bands of pages that hold lists abreast, and note which bands do.

    Args:
        pages: Of the document, cut into bands.
        body: Size of the document's text.
    """
    found = [dict(_pairs(page.rows)) for page in pages]
    counts = Counter(pair.titles for pairs in found for pair in pairs.values())
    text = {pair.titles for pairs in found for pair in pairs.values() if pair.holds_text}
    often = {titles for titles in text if counts[titles] >= _OFTEN}
    kept = [{i: pair for i, pair in pairs.items() if pair.titles in often} for pairs in found]
    known = [pair for pairs in kept for pair in pairs.values()]
    open_: Abreast | None = None
    for page, pairs in zip(pages, kept, strict=True) if known else ():
        open_ = _Cut(page, body, pairs, known, open_).run()


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two headings on one line, and what stands under them.

    `titles`: The left one and the first word of the right one, which a narrow column breaks.
    `places`: Where each starts. `holds_text`: Both columns hold items or lines of text.
    """

    titles: tuple[str, str]
    places: tuple[float, float]
    face: Face
    size: float
    holds_text: bool
    lists: Abreast

    def sets(self, span: Span) -> bool:
        """Whether a span is set as the headings are."""
        return span.face == self.face and abs(span.size - self.size) < GEOMETRY.type


def _pairs(rows: Sequence[list[Span]]) -> Iterator[tuple[int, _Pair]]:
    """The rows that are two headings of one look with room beside each."""
    for index, row in enumerate(rows):
        halves = segments(row) if row[0].face == row[-1].face else ()
        if len(halves) != 2:
            continue
        one, two = halves[0][0], halves[1][0]  # small capitals are smaller, and read as small
        begins = one.text[:1].isupper() or (one.face.bold and one.text[:1].isalpha())
        if abs(one.size - two.size) > GEOMETRY.type or not begins:
            continue
        left, right = map(_text, halves)
        if max(len(left), len(right)) <= _LONGEST and right[:1].isalpha() and left != right:
            yield index, _pair(halves, rows[index + 1 :])


def _pair(halves: Sequence[list[Span]], rows: _Rows) -> _Pair:
    """Two headings, with the widest white between them that the rows under them leave free."""
    (one, *_), (two, *_) = halves
    alike = (i for i, row in enumerate(rows) if (row[0].face, row[0].text) == (one.face, one.text))
    gutter, columns = _white(rows[: next(alike, None)], halves[0][-1].x1, two.x0)
    places = one.x0, two.x0
    text = all(_is_text(column, x0) for column, x0 in zip(columns, places, strict=True))
    lists = Abreast(Turn.BEGIN, gutter, _shift(*columns, two.x0 - one.x0))
    titles = (_text(halves[0]), _text(halves[1]).split()[0])
    return _Pair(titles, places, one.face, one.size, text, lists)


def _white(rows: _Rows, x0: float, x1: float) -> tuple[Gutter, tuple[_Rows, _Rows]]:
    """The widest white between two places that rows leave free, up to the first that leaves none.

    With the rows of either column beside it, and without those of smaller type: notes.
    """
    floor = GEOMETRY.note * min(map(main_size, rows[:2]), default=0.0)
    rows = [row for row in rows if main_size(row) >= floor]
    white, under = [(x0, x1)], 0
    while under < len(rows) and (free := _left_white(rows[under], white)):
        white, under = free, under + 1
    x0, x1 = max(white, key=lambda strip: strip[1] - strip[0])
    x1 = min([x1, *(s.x0 for row in rows[:under] for s in row if x0 < s.x0 < x1)])
    parted = [sides(row, Gutter(x0, x1)) for row in rows[:under]]
    left, right = ([part for row in parted if (part := row[at])] for at in (0, 1))
    return Gutter(max((s.x1 for row in left for s in row), default=x0), x1), (left, right)


def _left_white(
    row: Sequence[Span], white: Sequence[tuple[float, float]]
) -> list[tuple[float, float]]:
    """What of strips of white a row leaves white, but for bullets: nothing where it runs over."""
    left = list(white)
    for span in row:
        if not is_sign(span.text):
            left = [
                part
                for x0, x1 in left
                for part in {(x0, min(x1, span.x0)), (max(x0, span.x1), x1)}
                if part[1] - part[0] >= _WHITE * span.size
            ]
    return left


def _shift(left: _Rows, right: _Rows, usual: float) -> float:
    """How far apart two columns are: as usual, or as far as most places where their lines start."""
    shifts = [b - a for b in {row[0].x0 for row in right} for a in {row[0].x0 for row in left}]
    near = [d for d in shifts if abs(d - usual) <= _MOVED]
    if not near or any(abs(d - usual) < GEOMETRY.start for d in near):
        return usual
    score = {d: sum(abs(d - other) < GEOMETRY.start for other in near) for d in near}
    best = max(near, key=lambda d: (score[d], -abs(d - usual)))
    alone = len({round(row[0].x0) for row in right}) == 1
    return best if alone or score[best] > 1 else usual  # one of several may be there by chance


def _is_text(column: _Rows, place: float) -> bool:
    """Whether a column under a heading holds items, or text in most of its rows."""
    under = [segments(row)[0] for row in column if row[0].x0 - place < _MOVED]
    long = sum(len(_text(cell)) >= _TEXT for cell in under)
    return any(map(_is_item, under)) or 2 * long > len(under)


def _is_item(row: Sequence[Span]) -> bool:
    return is_sign(row[0].text) or NUMBER.match(row[0].text) is not None


def _starts(row: Sequence[Span]) -> Iterator[float]:
    """Where the text of items starts in a row, or light text after wide white."""
    end, signed = 0.0, False
    for span in row:
        if signed or (not span.face.bold and span.x0 - end > _WHITE * span.size):
            yield span.x0
        end, signed = span.x1, is_sign(span.text)


def _text(spans: Sequence[Span]) -> str:
    return "".join(s.text for s in spans).casefold().strip()


@dataclass(slots=True)
class _Cut:
    """A page being cut into bands; `open_` is what the lists do that a row may continue."""

    page: LaidPage
    body: float
    pairs: dict[int, _Pair]
    known: Sequence[_Pair]
    open_: Abreast | None
    turns: list[Abreast | None] = field(default_factory=list)

    def run(self) -> Abreast | None:
        """Cut the page, if lists begin or continue on it; give what is open at its end."""
        if self.open_ is not None and self.page.rows:
            self.open_ = self._moved(self.open_)
        for index, row in enumerate(self.page.rows):
            turn = self._turn(index, row)
            if (
                self.open_ is not None
                and (turn is None or turn.turn is Turn.BEGIN)
                and not self._heads(index, row)
                and (over := self._headings_over(index, self.open_.gutter))
            ):
                self.turns[index - over :] = [None] * over
            self.turns.append(turn)
            self.open_ = turn
        turns = self.turns
        kinds = [lists and lists.turn for lists in turns]
        gutters = [
            lists.gutter if lists and lists.turn is not Turn.ASIDE else None for lists in turns
        ]
        begins = [
            turn is Turn.BEGIN or (turn is Turn.ASIDE) != (last is Turn.ASIDE)
            for last, turn in zip([None, *kinds], kinds, strict=False)
        ]
        parted = gather(self.page.rows, gutters, begins)
        if not parted and self.open_ is not None:  # only a box or table in one of them
            parted, turns = [(0, [[], []])], [self.open_]
        held = {at: lists for at, (row, _) in enumerate(parted) if (lists := turns[row])}
        if held:
            bands = [band for _, band in parted]
            self.page.gutter, self.page.bands, self.page.turns = None, bands, held
        return self.open_

    def _moved(self, lists: Abreast) -> Abreast:
        """Open lists as they stand on this page: its margins may be others."""
        rows = self.page.rows[: min(self.pairs, default=None)]
        x0, x1 = lists.gutter  # which may have moved, but to no place with text on one side alone
        words = [s.x0 for row in rows[:_FIRST] for s in row if not is_sign(s.text)] or [x0]
        reach = min(x0, max(x0 - _MOVED, min(words))), max(x1, min(x1 + _MOVED, max(words)))
        gutter, (left, right) = _white(rows, *reach)
        starts = [row[0].x0 for row in left] or [0.0]
        if max(starts) - min(starts) < GEOMETRY.indent:  # what stands beside it may be nested
            return lists._replace(gutter=gutter)
        return lists._replace(gutter=gutter, shift=_shift(left, right, lists.shift))

    def _turn(self, index: int, row: Sequence[Span]) -> Abreast | None:
        """What a row does to lists abreast; None where it is none of theirs."""
        pair = self.pairs.get(index) or self._second(index)
        if pair is not None or self.open_ is None:
            return pair.lists if pair is not None else None
        gutter = self.open_.gutter
        next_ = min((s.x0 for s in row if s.x0 > gutter.x1), default=gutter.x1)
        white = _left_white(row, [(gutter.x0, next_)])
        apart = white or max(s.x1 for s in row) < gutter.x1 - GEOMETRY.start
        inside = bool(apart) and not self._heads(index, row)
        small = main_size(row) < GEOMETRY.note * self.body and not row[0].face.bold
        if small and (not inside or self.open_.turn is Turn.ASIDE):
            return self.open_._replace(turn=Turn.ASIDE)  # a footnote
        return self.open_._replace(turn=Turn.GO_ON) if inside else None

    def _heads(self, index: int, row: Sequence[Span]) -> bool:
        """Whether a row is a heading, or two, and none of the lists' own."""
        words = [s for s in row if not is_sign(s.text)]
        large = all(s.size > GEOMETRY.head * self.body for s in words)
        if not words or not (large or all(s.face.bold for s in words)):
            return False
        alike = [pair for pair in self.known if pair.face == row[0].face]
        over = list(zip(self.page.rows[:index], self.turns, strict=True))[:-3:-1]
        goes_on = alike and any(
            now
            and now.turn is Turn.BEGIN
            and row[0].base - heads[0].base < n * _WRAPPED * row[0].size
            for n, (heads, now) in enumerate(over, 1)
        )
        own = any(pair.sets(row[0]) and _text(row).startswith(pair.titles) for pair in alike)
        if own or goes_on or large:
            return large and not own and not goes_on
        return not _is_item(row) and not self._is_set_in(index)

    def _is_set_in(self, index: int) -> bool:
        """Whether a bold row starts close where items' text does: their first lines may be bold."""
        (bold, *_), *above = self.page.rows[index::-1]
        off = any(bold.base - row[0].base > _WRAPPED * bold.size for row in above[:1])
        at_head = any(abs(bold.x0 - x) <= _PADDING for pair in self.known for x in pair.places)
        starts = () if off or at_head else (x for row in self.page.rows for x in _starts(row))
        return any(abs(bold.x0 - x) < GEOMETRY.start for x in starts)

    def _headings_over(self, index: int, gutter: Gutter) -> int:
        """How many lines over a row that ends two lists head that: apart, at the edge."""
        for count in range(1, len(self.turns[-2:]) + 1):
            row = self.page.rows[index - count]
            places = [row[0].x0 - pair.places[0] for pair in self.known]
            at_edge = any(-_PADDING < x < GEOMETRY.start for x in places)
            if not at_edge or row[-1].x1 > gutter.middle:
                return 0
            above = self.page.rows[index - count - 1][0].base if count < index else 0.0
            if row[0].base - above > _WRAPPED * row[0].size:
                return count
        return 0

    def _second(self, index: int) -> _Pair | None:
        """The pair whose second list begins with a row, as the first had no room there."""
        row = self.page.rows[index]
        text, x0 = _text(row), row[0].x0
        like = [p for p in self.known if p.sets(row[0]) and text.startswith(p.titles[1])]
        near = min(like, key=lambda p: abs(p.places[1] - x0), default=None)
        if near is None:
            return None
        gutter = _white(self.page.rows[index + 1 :], x0 - _MOVED, x0)[0]
        moved = gutter.x1 - near.lists.gutter.x1
        return replace(near, lists=Abreast(Turn.BEGIN, gutter, near.lists.shift + moved))
