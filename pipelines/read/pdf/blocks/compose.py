"""Parts to blocks: what kind each is by its form, its text, bold parts, boxes and offsets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pipelines.read.drafts.repair import BULLET, repair_text
from pipelines.read.drafts.toplink import without_top_link
from pipelines.read.pdf.blocks.flow import listed_parts
from pipelines.read.pdf.blocks.joining import join_cell, join_lines_of
from pipelines.read.pdf.blocks.tags import Style, settle
from pipelines.read.pdf.lines.style import style_of
from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.habits import Habits
from pipelines.read.pdf.model.line import Line
from pipelines.read.pdf.model.matrix import turn
from pipelines.read.pdf.model.page import RawPage, Roles
from pipelines.read.pdf.model.part import Part
from pipelines.records import Block, BlockKind, Box

_OPENING = '“"‘«„'
_LEADERS = re.compile(r"[.…·_]\s?(?:[.…·_]\s?){3,}\s*[\divxl]{0,5}$")
#: A footnote's call in brackets after a word, or alone on its line.
_CALL = re.compile(r"(?<=[\w.,;:!?%)’”'\"])\s?\[(\d{1,3})\]|^\[(\d{1,3})\]$")
_SKIPPED = 3  # calls that may be missing between two
_ASCENT, _DESCENT = 0.8, 0.25  # ems above and below the baseline that letters fill
_USUAL = 4  # bold headings of a size for each that is light, where the light ones are none
_LISTED = 3  # rows of a list of contents at least


class Composer:
    """Collects blocks and the document's text; offsets follow from their order."""

    def __init__(self, halves: Mapping[int, tuple[int, float, float]]) -> None:
        self._halves = halves  # of pages that share a sheet: the sheet, and where on it
        self.blocks: list[Block] = []
        self.pieces: list[str] = []
        self.length = 0
        self.turns: dict[int, tuple[int, float, float]] = {}
        self.page_roles: dict[int, Roles] = {}
        self.tagged = False
        self._noted = 0  # the highest footnote called so far
        self._roles: list[tuple[str, ...]] = []
        self._styles: list[Style | None] = []  # of what may be a heading by its length
        self._ranks: list[tuple[float, float, int]] = []

    def note_pages(self, pages: Iterable[RawPage]) -> None:
        """Keep what is needed of pages that blocks will stand on: their tags, how they turn."""
        for page in pages:
            if page.roles:
                self.page_roles[page.number] = page.roles
            if page.turned:
                self.turns[page.number] = (page.turned, page.width, page.height)

    def add(self, parts: Iterable[Part], habits: Habits) -> None:
        """Turn finished parts into blocks."""
        for part in parts:
            if part.listed:
                self.add(listed_parts(part, habits), habits)
            elif part.kind is BlockKind.TABLE:
                self._table(part, habits)
            elif part.lines:
                self._text(part, habits)

    def _place(self, text: str) -> tuple[int, int]:
        if self.blocks:
            self.pieces.append("\n\n")
            self.length += 2
        start = self.length
        self.pieces.append(text)
        self.length += len(text)
        return start, self.length

    def rank_headings(self) -> None:
        """Give the headings their levels, by size and weight.

        Light type of a size that headings have in bold sets few words on a cover, and no heading.
        """
        weights: dict[float, list[float]] = {}
        for size, bold, _ in self._ranks:
            weights.setdefault(size, []).append(bold)
        for size, bold, index in self._ranks:
            heavy = sum(weights[size])
            light = not bold and heavy >= _USUAL * (len(weights[size]) - heavy)
            if light and not self.blocks[index].boxed:
                self.blocks[index] = replace(self.blocks[index], kind=BlockKind.PARAGRAPH)
        self._ranks = [s for s in self._ranks if self.blocks[s[2]].kind is BlockKind.HEADING]
        ordered = sorted({(size, bold) for size, bold, _ in self._ranks}, reverse=True)
        for size, bold, index in self._ranks:
            level = ordered.index((size, bold)) + 1
            self.blocks[index] = replace(self.blocks[index], level=level)

    def mark_contents(self) -> None:
        """Mark tables that list headings of the document with ascending numbers of pages."""
        headings = {_plain(b.text) for b in self.blocks if b.kind is BlockKind.HEADING}
        for index, block in enumerate(self.blocks):
            listed = [(_plain(row[0]), row[-1].strip()) for row in block.rows if any(row)]
            pages = [int(number) for _, number in listed if number.isdecimal()]
            ascend = len(pages) == len(listed) >= _LISTED and pages == sorted(pages)
            if ascend and 2 * sum(title in headings for title, _ in listed) >= len(listed):
                self.blocks[index] = replace(block, kind=BlockKind.CONTENTS, rows=())

    def hear_tags(self) -> None:
        """Let the file's tags settle headings, where they are sane."""
        if self.page_roles:
            blocks, self.tagged = settle(self.blocks, self._roles, self._styles)
            self.blocks = list(blocks)

    def _roles_of(self, part: Part) -> tuple[str, ...]:
        """What the tags call the text of a part."""
        if not self.page_roles:
            return ()
        found = (
            self.page_roles.get(line.page, {}).get(tag, "")
            for line in part.lines
            for tag in line.tags
        )
        return tuple(role for role in found if role)

    def _as_shown(self, box: Box) -> Box:
        """A box on the page as a viewer shows it, where layout had turned the page upright."""
        x0, top, x1, bottom = box.x0, box.top, box.x1, box.bottom
        if box.page in self.turns:
            angle, width, height = self.turns[box.page]
            x0, top, x1, bottom = turn((x0, top, x1, bottom), -angle % 360, width, height)
        sheet, left, down = self._halves.get(box.page, (box.page, 0.0, 0.0))
        edges = (x0 + left, top + down, x1 + left, bottom + down)
        return Box(sheet, *(round(edge, 1) for edge in edges))

    def _sheet(self, page: int) -> int:
        """The page of the file that a page stands on."""
        return self._halves.get(page, (page,))[0]

    def _table(self, part: Part, habits: Habits) -> None:
        rows = tuple(tuple(join_cell(cell, habits) for cell in row) for row in part.rows)
        text = "\n".join("\t".join(row) for row in rows)
        if not text.strip():
            return
        start, end = self._place(text)
        self._roles.append(())
        self._styles.append(None)
        page, box = self._sheet(part.page), Box(part.page, *(part.cells or (0.0,) * 4))
        boxes = (self._as_shown(box),)
        self.blocks.append(
            Block(BlockKind.TABLE, text, start, end, page, page, rows=rows, boxes=boxes)
        )

    def _without_calls(self, printed: str) -> str:
        """Take out calls such as [1], which web pages print at full size, and which count up."""

        def gone(match: re.Match[str]) -> str:
            number = int(match[1] or match[2])
            if not 0 < number <= self._noted + _SKIPPED:
                return match[0]
            self._noted = max(self._noted, number)
            return " " if printed[match.end() : match.end() + 1].isalnum() else ""

        return _CALL.sub(gone, printed)

    def _text(self, part: Part, habits: Habits) -> None:
        printed, bold = join_lines_of(part, habits)
        printed, linked = without_top_link(printed)
        if "[" in printed:
            printed = self._without_calls(printed)
        if not printed.strip():
            return
        text = " ".join(printed.split())
        bold = tuple((a, min(b, len(text))) for a, b in bold if a < len(text))
        start, end = self._place(printed)
        kind = _kind(part, text, habits)
        if linked and kind is BlockKind.PARAGRAPH:
            kind = BlockKind.HEADING
        self._roles.append(self._roles_of(part))
        heads = part.heads and len(text) <= 120 and text[-1] not in ".,;"
        self._styles.append(_style(part) if heads else None)
        if kind is BlockKind.HEADING:
            self._ranks.append(_rank(part, len(self.blocks)))
        self.blocks.append(
            Block(
                kind,
                text,
                start,
                end,
                self._sheet(part.lines[0].page),
                self._sheet(part.lines[-1].page),
                marker=_marker(part.marker),
                boxed=part.boxed,
                bold=bold,
                boxes=tuple(self._as_shown(box) for box in _boxes(part.lines)),
            )
        )


def _rank(part: Part, index: int) -> tuple[float, float, int]:
    """A heading's rank before it is known: size, weight, and where it stands among the blocks."""
    size = max(line.size for line in part.lines)
    bold = sum(line.bold_share for line in part.lines) / len(part.lines)
    return (round(size * 2) / 2, round(bold), index)


def _style(part: Part) -> Style:
    """How a part is set: its size, whether it is bold, whether it is italic."""
    return (round(2 * part.last.size), *style_of(part.last))


def _kind(part: Part, text: str, habits: Habits) -> BlockKind:
    if part.kind in (BlockKind.PARAGRAPH, BlockKind.NUMBERED) and _LEADERS.search(text):
        return BlockKind.CONTENTS
    if part.kind is not BlockKind.PARAGRAPH:
        return part.kind
    letters = max(sum(len(line.text) for line in part.lines), 1)
    bold = sum(line.bold_share * len(line.text) for line in part.lines) / letters
    italic = sum(line.italic_share * len(line.text) for line in part.lines) / letters
    size = max(line.size for line in part.lines)
    if text[0] in _OPENING and not (bold > 0.9 and len(text) < 60):
        return BlockKind.QUOTE
    joins = bold < GEOMETRY.light and text.isalpha() and text.islower()  # "and", between titles
    if size > GEOMETRY.head * habits.body and len(text) < 250 and not joins:
        return BlockKind.HEADING
    short = len(text) <= 120 and len(part.lines) <= 3
    if bold > GEOMETRY.bold and short and part.heads and not text.endswith((".", ",", ";")):
        return BlockKind.HEADING
    if italic > GEOMETRY.styled and (part.indent > 6 or len(text) > 60):
        return BlockKind.QUOTE
    return BlockKind.PARAGRAPH


def _plain(title: str) -> str:
    """The letters of a title, to be compared."""
    return "".join(filter(str.isalpha, title.lower()))


def _boxes(lines: Sequence[Line]) -> tuple[Box, ...]:
    """One rectangle a page and column that the lines stand in."""
    found: list[Box] = []
    key: tuple[int, float] | None = None
    for line in lines:
        x0, x1 = line.x0, line.x1
        top, bottom = line.base - _ASCENT * line.size, line.base + _DESCENT * line.size
        here = (line.page, line.left)
        if key == here and top >= found[-1].top - 1:
            last = found.pop()
            x0, top = min(last.x0, x0), min(last.top, top)
            x1, bottom = max(last.x1, x1), max(last.bottom, bottom)
        found.append(Box(line.page, x0, top, x1, bottom))
        key = here
    return tuple(found)


def _marker(sign: str) -> str:
    if len(sign) == 1 and not sign.isascii() and ("\ue000" <= sign <= "\uf8ff" or sign == "\ufffd"):
        return BULLET
    return repair_text(sign)
