"""Key questions and outcomes: the share of inspected cases that was good enough."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pipelines.frameworks import Registry, fold
from pipelines.read.drafts.wrapping import starts_lower
from pipelines.records import Block, BlockKind, KeyQuestion
from pipelines.segment.entry import Entry
from pipelines.segment.standards import Place

_PERCENT: Final = re.compile(r"^(\d{1,3}(?:\.\d+)?)\s*(?:%|per cent|percent)\.?$", re.IGNORECASE)
_BARE: Final = re.compile(r"^(100|\d{1,2}(?:\.\d+)?)$")  # after a question, without "%"
_TRAILING: Final = re.compile(
    r"^(?P<question>\S.*\?)[\s:–—-]*\(?(?P<percent>\d{1,3}(?:\.\d+)?)\s*(?:%|per cent)\)?$",
    re.I,
)
_WITHIN: Final = re.compile(  # in the middle of its lines: cells that were read line by line
    r"^(?P<begun>\S[^%?]{5,300})\s(?P<percent>\d{1,3}(?:\.\d+)?)\s?%\s(?P<rest>[^%]{2,300}\?)$"
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
    lines = _Lines(registry)
    tabled = False
    for entry in _rejoined(entries):
        block = entry.block
        if block.kind is BlockKind.FOOTNOTE:
            continue  # at the end of the page that a question goes over
        if entry.section not in {None, "ratings"} or (entry.boxed and not block.rows):
            found += lines.close()
        elif block.rows:
            goes_on = starts_lower(block.rows[0][0])
            begun = lines.take_open() if goes_on else ""
            waited = bool(begun) or lines.waits
            found += lines.close()
            if not waited:
                block = _mended(block, found, registry)
            found += _of_table(block, entry.place, registry, begun=begun)
        elif tabled and found and _ends(found[-1], block.text):
            found[-1] = _ended(found[-1], block.text, registry)
        elif entry.run or block.kind is BlockKind.QUOTE or not lines.take(block.text, entry.place):
            found += lines.close()
        tabled = bool(block.rows)
    return (*found, *lines.close())


class _Lines:
    """Questions and percentages that stand on lines of their own, as a table falls apart.

    A percentage stands after its question, in the middle of it, or below all questions.
    """

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._asked: list[tuple[Place, str]] = []
        self._answers: list[tuple[int, str]] = []  # place among those asked, and percentage

    @property
    def waits(self) -> bool:
        """Whether the last question has no percentage yet."""
        return bool(self._asked) and len(self._asked) - 1 not in dict(self._answers)

    def take(self, text: str, place: Place) -> bool:
        """Take in a line; return False where it is neither question nor percentage."""
        begun = self._asked[-1][1] if self._asked else ""
        unended = bool(begun) and not begun.endswith("?")
        if (match := _WITHIN.match(text)) and _QUESTION.match(text):
            self._ask(f"{match['begun']} {match['rest']}", place, goes_on=False)
            self._answers.append((len(self._asked) - 1, match["percent"]))
        elif match := _TRAILING.match(text):
            self._ask(match["question"], place, goes_on=unended)
            self._answers.append((len(self._asked) - 1, match["percent"]))
        elif begun and (match := _PERCENT.match(text)):
            self._answers.append((len(self._asked) - 1, match[1]))
        elif _QUESTION.match(text) and len(text) < 300 and not text.endswith("."):
            self._ask(text, place, goes_on=False)
        elif unended and len(text) < 200 and not text.endswith(".") and not _is_head(text):
            self._ask(text, place, goes_on=True)
        else:
            return bool(begun) and _is_head(text)
        return True

    def take_open(self) -> str:
        """Give back the last question where it has not been ended: it continues elsewhere."""
        if not self.waits or self._asked[-1][1].endswith("?"):
            return ""
        return self._asked.pop()[1]

    def close(self) -> list[KeyQuestion]:
        """Return the questions that have been answered, and forget all."""
        asked, answers = self._asked, self._answers
        self._asked, self._answers = [], []
        if len(answers) == len(asked) and len(dict(answers)) < len(asked):
            answers = [(index, percent) for index, (_, percent) in enumerate(answers)]
        return [_question(*asked[index], percent, self._registry) for index, percent in answers]

    def _ask(self, text: str, place: Place, *, goes_on: bool) -> None:
        if goes_on:
            place, begun = self._asked.pop()
            text = _whole(begun, text)
        self._asked.append((place, text))


def _rejoined(entries: Sequence[Entry]) -> list[Entry]:
    """Give a percentage that ends a table by itself the question that a page break cut off."""
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
        after_table = bool(joined) and bool(joined[-1].block.rows)
        if after_table and block.kind is BlockKind.PARAGRAPH and _PERCENT.match(block.text):
            entry = replace(entry, block=replace(block, rows=(("", block.text),)))
        rows = entry.block.rows
        if rows and _PERCENT.match(rows[-1][-1].strip()) and not "".join(rows[-1][:-1]).strip():
            owing = len(joined)
        joined.append(entry)
    return joined


def _asks(row: Sequence[str]) -> bool:
    """Whether a row is a question without its percentage."""
    text = row[0].strip()
    return text.endswith("?") and bool(_QUESTION.match(text)) and not any(row[1:])


def _mended(block: Block, found: list[KeyQuestion], registry: Registry) -> Block:
    """Give the last question found the end that a page's end cut off its row."""
    first = [" ".join(cell.split()) for cell in block.rows[0]]
    if not found or any(first[1:]) or not _ends(found[-1], first[0]):
        return block
    found[-1] = _ended(found[-1], first[0], registry)
    return replace(block, rows=block.rows[1:])


def _ends(question: KeyQuestion, text: str) -> bool:
    """Whether a text is the end of a question that was cut short."""
    open_ended = question.percent is not None and not question.question.endswith("?")
    return open_ended and starts_lower(text) and text.endswith("?")


def _ended(question: KeyQuestion, text: str, registry: Registry) -> KeyQuestion:
    whole = f"{question.question} {text}"
    dimension = registry.dimension(whole) or question.dimension
    return replace(question, question=whole, dimension=dimension)


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
