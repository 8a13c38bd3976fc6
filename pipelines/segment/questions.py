"""Key questions and outcomes: the share of inspected cases that was good enough."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pipelines.frameworks import Registry, fold
from pipelines.read.wrapping import starts_lower
from pipelines.records import Block, BlockKind, KeyQuestion
from pipelines.segment.outline import Entry
from pipelines.segment.standards import Place

_PERCENT: Final = re.compile(r"^(\d{1,3}(?:\.\d+)?)\s*(?:%|per cent|percent)\.?$", re.IGNORECASE)
_BARE: Final = re.compile(r"^(100|\d{1,2}(?:\.\d+)?)$")  # behind a question, without its sign
_TRAILING: Final = re.compile(
    r"^(?P<question>\S.*\?)[\s:–—-]*\(?(?P<percent>\d{1,3}(?:\.\d+)?)\s*(?:%|per cent)\)?$",
    re.I,
)
_HEADS: Final = ("key question", "percentage", "outcomes", "per cent yes", "% yes")
_QUESTION: Final = re.compile(
    r"^(?:[A-C]?\d?\.?\)?\s*)?(?:do|does|is|are|did|has|have|was|were|how|to what)\b", re.I
)


def is_figures(block: Block) -> bool:
    """Whether a block is a table of key questions: percentages in its last column."""
    return any(row and _PERCENT.match(row[-1].strip()) for row in block.rows)


def find_key_questions(entries: Sequence[Entry], registry: Registry) -> tuple[KeyQuestion, ...]:
    """Return the key questions in order, from tables or from lines that a table fell apart into."""
    found: list[KeyQuestion] = []
    waiting = ""
    for entry in _rejoined(entries):
        block = entry.block
        if entry.section not in {None, "ratings"} or (entry.boxed and not block.rows):
            waiting = ""
        elif block.rows:
            goes_on = starts_lower(block.rows[0][0]) and not waiting.endswith("?")
            if not waiting:
                block = _mended(block, found, registry)
            found += _of_table(block, entry.place, registry, begun=waiting if goes_on else "")
            waiting = ""
        elif block.kind is BlockKind.FOOTNOTE:
            continue  # at the end of the page that a question goes over
        elif entry.run or block.kind is BlockKind.QUOTE:
            waiting = ""
        elif match := _TRAILING.match(block.text):
            found.append(
                _question(
                    entry.place, _whole(waiting, match["question"]), match["percent"], registry
                )
            )
            waiting = ""
        elif (match := _PERCENT.match(block.text)) and waiting:
            found.append(_question(entry.place, waiting, match[1], registry))
            waiting = ""
        else:
            waiting = _wait(waiting, block.text)
    return tuple(found)


def _rejoined(entries: Sequence[Entry]) -> list[Entry]:
    """Give a percentage that ends a table by itself the question a page's end parted it from."""
    joined: list[Entry] = []
    owing: int | None = None  # the place in `joined` of a table whose last row has no question
    for entry in entries:
        block = entry.block
        if owing is not None and not entry.boxed and block.kind is not BlockKind.FOOTNOTE:
            at, owing = owing, None
            table, rows = joined[at].block, block.rows or ((block.text,),)
            if _asks(rows[0]):
                whole = (*table.rows[:-1], (rows[0][0], *table.rows[-1][1:]))
                joined[at] = replace(joined[at], block=replace(table, rows=whole))
                if len(rows) == 1:
                    continue
                entry = replace(entry, block=replace(block, rows=rows[1:]))
        if block.rows and len(block.rows[-1]) > 1 and not any(map(str.strip, block.rows[-1][:-1])):
            owing = len(joined) if _PERCENT.match(block.rows[-1][-1].strip()) else None
        joined.append(entry)
    return joined


def _asks(row: Sequence[str]) -> bool:
    """Whether a row is a question without its percentage."""
    text = row[0].strip()
    return text.endswith("?") and bool(_QUESTION.match(text)) and not any(row[1:])


def _mended(block: Block, found: list[KeyQuestion], registry: Registry) -> Block:
    """Give the last question found the end that a page's end cut off its row."""
    first = [" ".join(cell.split()) for cell in block.rows[0]]
    last = found[-1] if found else None
    ends = starts_lower(first[0]) and first[0].endswith("?") and not any(first[1:])
    if last is None or last.percent is None or last.question.endswith("?") or not ends:
        return block
    place = Place(last.code)
    whole = _question(place, f"{last.question} {first[0]}", f"{last.percent:g}", registry)
    found[-1] = replace(whole, dimension=whole.dimension or last.dimension)
    return replace(block, rows=block.rows[1:])


def _of_table(block: Block, place: Place, registry: Registry, *, begun: str) -> list[KeyQuestion]:
    """Return the questions of a table; `begun` of one that is split over two rows or a line."""
    found = []
    for row in block.rows:
        cells = [" ".join(cell.split()) for cell in row if cell.strip()]
        if len(cells) == 2 and _PERCENT.match(cells[0]):
            cells.reverse()
        match = _PERCENT.match(cells[-1]) if cells else None
        if match is None and len(cells) > 1 and cells[-2].endswith("?"):
            match = _BARE.match(cells[-1])
        if match and (len(cells) > 1 or begun):
            question = _whole(begun, " ".join(cells[:-1]))
            if question and not _is_head(question):
                found.append(_question(place, question, match[1], registry))
            begun = ""
        elif cells and not row[0].strip():
            continue  # a head that runs over its cell: questions stand in the first
        elif cells and not _is_head(cells[0]) and not cells[0].endswith("?"):
            begun = _whole(begun, cells[0])
        elif cells and cells[0].endswith("?") and found and not begun and cells[0][:1].islower():
            # The end of a question whose percentage stood in the row above.
            last = found.pop()
            found.append(
                _question(place, f"{last.question} {cells[0]}", str(last.percent), registry)
            )
        else:
            begun = "" if cells and _is_head(cells[0]) else _whole(begun, cells[0] if cells else "")
    return found


def _wait(waiting: str, text: str) -> str:
    """Hold a question until its percentage comes; it may stand on several lines."""
    if _is_head(text):
        return ""
    if _QUESTION.match(text) and len(text) < 300 and not text.endswith("."):
        return text
    if waiting and not waiting.endswith("?") and len(text) < 200 and not text.endswith("."):
        return _whole(waiting, text)
    return ""


def _whole(begun: str, rest: str) -> str:
    return f"{begun} {rest}".strip()


def _is_head(text: str) -> bool:
    folded = fold(text).strip("'‘’“”\"")
    return folded == "yes" or (any(folded.startswith(head) for head in _HEADS) and "?" not in text)


def _question(place: Place, question: str, percent: str, registry: Registry) -> KeyQuestion:
    dimension = registry.dimension(question)
    if dimension is None and place.standard and fold(place.standard) == "outcomes":
        dimension = "outcomes"
    return KeyQuestion(place.code, question, dimension, float(percent))
