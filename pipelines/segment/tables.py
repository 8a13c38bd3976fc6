"""Open tables that set strengths beside areas for improvement: their cells are lists.

Whichever reader a table comes from, it is a block of rows; here it becomes what a report without
tables has, headings and bullets, each with its place in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from pipelines.frameworks import Registry
from pipelines.read.drafts.lines import SURE_GLYPHS
from pipelines.read.drafts.wrapping import starts_lower, unfinished
from pipelines.records import Block, BlockKind, Document
from pipelines.segment.listnames import list_named

_GLYPH: Final = re.compile(f"(?:^|\\s)[{SURE_GLYPHS.replace('§', '')}\ue000-\uf8ff]\\s*")
_BEHIND_NAME: Final = re.compile(rf"{_GLYPH.pattern}|\s[–—-]\s|\n")
_DASH: Final = re.compile(r"^\s*[–—-]\s+(?=[^\W\d_a-z])")
_WORD: Final = re.compile(r"[^\W\d_]{2}|%")
_ROW_NUMBER: Final = re.compile(r"(?:\(?\d{1,3}[.):]?)?")
_FEWEST_WORDS: Final = 3  # of a cell that says something; figures say how many findings there are

_Part = tuple[BlockKind, str]


def open_tables(document: Document, registry: Registry) -> Document:
    """Put headings and bullets in place of each table of strengths and areas for improvement.

    Columns are read one after the other; where the first column names what a row is about, rows
    are. Other tables are kept as they are.
    """
    blocks: list[Block] = []
    headed = False  # by the name of a list, tables apart
    for block in document.blocks:
        found = _opened(block, document, registry, headed=headed)
        blocks += found or [block]
        last = found[-1] if found else block
        headed = list_named(last.text, registry) is not None or (headed and bool(block.rows))
    return replace(document, blocks=tuple(blocks))


def _opened(block: Block, document: Document, registry: Registry, *, headed: bool) -> list[Block]:
    if not block.rows:
        return []
    rows = [part for row in block.rows for part in _under_heads(row, registry)]
    parts = list(_parts(_without_numbers(rows, registry), registry))
    if headed and not any(kind is BlockKind.BULLET for kind, _ in parts):
        parts = _listed(block.rows)
    bullets = [text for kind, text in parts if kind is BlockKind.BULLET]
    if not any(len(text.split()) >= _FEWEST_WORDS for text in bullets):
        return []
    found: list[Block] = []
    for kind, text in parts:
        after = found[-1].end if found else block.start
        part = _part(block, document, kind, text, after=after)
        if part is None:
            return []
        found.append(part)
    return found


def _under_heads(row: Sequence[str], registry: Registry) -> list[Sequence[str]]:
    """Part a row whose cells hold the name of a list and its first items: the names stand over."""
    firsts = [glyph.start() if (glyph := _BEHIND_NAME.search(cell)) else 0 for cell in row]
    heads = [cell[:first].strip() for cell, first in zip(row, firsts, strict=True)]
    named = [bool(head) and list_named(head, registry) is not None for head in heads]
    if not any(named):
        return [row]
    below = [
        cell[first * is_named :] for cell, first, is_named in zip(row, firsts, named, strict=True)
    ]
    return [[head * is_named for head, is_named in zip(heads, named, strict=True)], below]


def _without_numbers(rows: Sequence[Sequence[str]], registry: Registry) -> Sequence[Sequence[str]]:
    """Take out a first column that only numbers the rows below the name of a list."""
    heads = [len(row) > 1 and any(list_named(cell, registry) for cell in row[1:]) for row in rows]
    below = [row[0].strip() for row, head in zip(rows, heads, strict=True) if not head and row]
    numbers = any(below) and all(_ROW_NUMBER.fullmatch(cell) for cell in below)
    return [row[1:] for row in rows] if any(heads) and numbers else rows


def _listed(rows: Sequence[Sequence[str]]) -> list[_Part]:
    """The rows of a table that is a list: a text each, whatever bullet or number is before it."""
    said = [[cell for cell in row if len(cell.split()) >= _FEWEST_WORDS] for row in rows]
    short = [[cell for cell in row if 0 < len(cell.split()) < _FEWEST_WORDS] for row in rows]
    if any(len(cells) != 1 for cells in said) or any(_WORD.search(c) for row in short for c in row):
        return []
    return [(BlockKind.BULLET, item) for cells in said for item in _items(cells[0])]


def _parts(rows: Sequence[Sequence[str]], registry: Registry) -> Iterator[_Part]:
    """Yield kind and text of what is in the rows, in the order in which a person reads it."""
    group: list[Sequence[str]] = []  # a row of heads and the rows below it
    side: list[str] = []  # a head and the cells beside it, whose rows it may span
    for row in rows:
        if side and not row[0].strip():
            side += row[1:]
            continue
        yield from _column(side, registry)
        side = []
        polar = [list_named(cell, registry) is not None for cell in row]
        said = sum(1 for cell in row if cell.strip())
        if sum(polar) > 1 or (any(polar) and said == 1):
            yield from _columns(group, registry)
            group = [row]
        elif polar[:1] == [True]:
            yield from _columns(group, registry)
            group, side = [], list(row)
        elif group:
            group.append(row)
        else:
            yield from ((BlockKind.HEADING, cell) for cell in row if cell.strip())
    yield from _column(side, registry)
    yield from _columns(group, registry)


def _columns(group: Sequence[Sequence[str]], registry: Registry) -> Iterator[_Part]:
    if not group:
        return
    heads, below = group[0], group[1:]
    if len(heads) > 1 and list_named(heads[0], registry) is None:
        for row in below:
            if row[0].strip():
                yield BlockKind.HEADING, row[0]
            for cells in zip(heads[1:], row[1:], strict=False):
                yield from _column(cells, registry)
        return
    for index in range(max(len(row) for row in group)):
        yield from _column([row[index] for row in group if index < len(row)], registry)


def _column(cells: Sequence[str], registry: Registry) -> Iterator[_Part]:
    """A head and its findings: a cell each, or a line of a cell each.

    What stands under any other head is not a finding; as paragraphs it is left over, not lost.
    """
    if not cells:
        return
    items = [item for cell in cells[1:] for item in _items(cell)]
    known = list_named(cells[0], registry) is not None
    if items and cells[0].strip():
        yield BlockKind.HEADING if known else BlockKind.PARAGRAPH, cells[0]
    yield from ((BlockKind.BULLET if known else BlockKind.PARAGRAPH, item) for item in items)


def _items(cell: str) -> list[str]:
    items: list[str] = []
    for line in _GLYPH.sub("\n\N{BULLET}", cell).split("\n"):
        line = _DASH.sub("\N{BULLET}", line)
        text = " ".join(line.lstrip("\N{BULLET}").split())
        if not text:
            continue
        begins = line.startswith("\N{BULLET}") or not items
        if begins or not (unfinished(items[-1]) and starts_lower(text)):
            items.append(text)
        else:
            items[-1] = f"{items[-1]} {text}"
    return items


def _part(
    block: Block, document: Document, kind: BlockKind, text: str, *, after: int
) -> Block | None:
    """The part of a table's block that holds a text; None where the text is not found in it.

    Looked for after the part before, then, as columns are read one by one, from the start.
    """
    words = re.compile(r"\s+".join(map(re.escape, text.split())))
    match = words.search(document.text, after, block.end)
    match = match or words.search(document.text, block.start, block.end)
    if match is None:
        return None
    return Block(
        kind,
        " ".join(text.split()),
        match.start(),
        match.end(),
        page=block.page,
        page_end=block.page_end,
        boxed=block.boxed,
        boxes=block.boxes,
    )
