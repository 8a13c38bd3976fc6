"""Results of key questions in a workbook, each checked; what is wrong is named by its cell.

A sheet of results has a row of heads, one of which names codes or questions and one percentages:

    Code | Key question | Cases | Yes | Percentage
    2.1  | Does ...?    |    46 |  25 | 54%

Other sheets (notes, contents, charts) are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pipelines.errors import CorpusError
from pipelines.frameworks import fold
from pipelines.workbooks.cells import Cell, Sheet

_CODE: Final = re.compile(r"^(?:[A-Z]\s?)?(\d{1,2}\.\d{1,2})(?:\.\d{1,2})?\.?$", re.IGNORECASE)
_PERCENT: Final = re.compile(r"^(\d{1,3}(?:\.\d+)?)\s*(?:%|per ?cent)$", re.IGNORECASE)
_FIGURE: Final = re.compile(r"^\W*\d[\d.,]*\s*(?:%|per ?cent)\W*$", re.IGNORECASE)
_HEADS: Final[dict[str, re.Pattern[str]]] = {
    "code": re.compile(r"^(?:code|ref(?:erence)?|standard(?: (?:code|number|no\.?))?|no\.?)$"),
    "question": re.compile(r"^(?:key )?questions?\b|^(?:key )?question(?: text| wording)?$"),
    "percent": re.compile(r"%|per ?cent"),
    "numerator": re.compile(r"^(?:yes|sufficient|number (?:yes|sufficient)|cases sufficient)$"),
    "base": re.compile(r"^(?:base|n|total|cases|(?:number|no\.?|total) (?:of )?cases|all cases)$"),
}
_HIDDEN: Final = frozenset({"*", "-", "–", "..", ":", "[c]", "[x]", "c", "n/a", "na"})
"""What stands for a figure that is too small to be given."""

_MOST_CASES: Final = 1_000_000
_ROUNDED: Final = 1.0  # percentage points by which a rounded percentage may be off


@dataclass(frozen=True, slots=True)
class Result:
    """A result of a workbook.

    Attributes:
        percent: 0 to 100; None where it is kept back.
        cell: Where the percentage stands.
    """

    code: str
    question: str
    percent: float | None
    numerator: int | None
    base: int | None
    sheet: str
    cell: str


def find_results(sheets: Iterable[Sheet], name: str) -> tuple[Result, ...]:
    """Return all results of a workbook.

    Raises:
        CorpusError: A cell is not what it must be, or there is no sheet of results.
    """
    found: list[Result] = []
    for sheet in sheets:
        columns: dict[str, int] = {}
        for row in sheet.rows():
            heads = _heads(row)
            if heads:
                columns = heads
            elif columns and (result := _result(row, columns, sheet, name)):
                found.append(result)
    if not found:
        raise CorpusError(
            f"{name}: no sheet has results; expected a row of heads with Code (or Key question) "
            "and Percentage, and a row a key question below it"
        )
    seen: dict[tuple[str, str], Result] = {}
    for result in found:
        before = seen.setdefault((result.code, fold(result.question)), result)
        if before is not result:
            raise _wrong(
                name,
                result.sheet,
                result.cell,
                f"{result.code} {result.question}".strip(),
                f"each question once; it stands at {before.sheet}!{before.cell} already",
            )
    return tuple(found)


def _heads(row: dict[int, Cell]) -> dict[str, int]:
    """Return which column is which where a row is one of heads."""
    columns: dict[str, int] = {}
    for column, cell in row.items():
        if not isinstance(cell.value, str) or len(cell.text) > 80:
            continue
        if _FIGURE.match(cell.text):
            return {}  # a row of data, whatever its question begins with
        said = fold(cell.text)
        for name, pattern in _HEADS.items():
            if name not in columns and pattern.search(said):
                columns[name] = column
                break
    named = "code" in columns or "question" in columns
    return columns if named and "percent" in columns else {}


def _result(
    row: dict[int, Cell], columns: dict[str, int], sheet: Sheet, name: str
) -> Result | None:
    cells = {what: row.get(column) for what, column in columns.items()}
    head, percent = cells.get("code"), cells["percent"]
    question = cells.get("question")
    if percent is None and (head is None or not _CODE.match(head.text)):
        return None  # a heading between rows, a note below them
    code = ""
    if head is not None:
        match = _CODE.match(f"{head.value:.1f}" if isinstance(head.value, float) else head.text)
        if match is None:
            if percent is None or _hidden(percent):
                return None
            raise _wrong(name, sheet.name, head.name, head.text, "a code such as 2.1 or P 2.1")
        code = match[1]
    elif question is None:
        return None  # a total below the rows, which belongs to no question
    if percent is None:
        place = Cell(next(iter(row.values())).row, columns["percent"], "").name
        raise _wrong(name, sheet.name, place, "nothing", "a percentage")
    base = _count(cells.get("base"), sheet, name)
    numerator = _count(cells.get("numerator"), sheet, name)
    result = Result(
        code=code,
        question=question.text if question else "",
        percent=_percent(percent, sheet, name),
        numerator=numerator,
        base=base,
        sheet=sheet.name,
        cell=percent.name,
    )
    _agree(result, cells, name)
    return result


def _agree(result: Result, cells: dict[str, Cell | None], name: str) -> None:
    """Refuse a row whose figures contradict each other."""
    top, base = result.numerator, result.base
    head = cells.get("numerator")
    if head is not None and top is not None and base is not None:
        if top > base:
            raise _wrong(name, result.sheet, head.name, str(top), f"at most the base, {base}")
        if base and result.percent is not None:
            worked = 100 * top / base
            if abs(worked - result.percent) > _ROUNDED:
                raise _wrong(
                    name,
                    result.sheet,
                    result.cell,
                    f"{result.percent:g}",
                    f"about {worked:.0f}, as {head.name} is {top} of {base}",
                )


def _percent(cell: Cell, sheet: Sheet, name: str) -> float | None:
    if _hidden(cell):
        return None
    expected = "a percentage from 0 to 100"
    if cell.formula:
        raise _wrong(
            name,
            sheet.name,
            cell.name,
            "a formula without a result",
            f"{expected}; open the workbook in a spreadsheet program and save it",
        )
    if isinstance(cell.value, bool):
        raise _wrong(name, sheet.name, cell.name, cell.text, expected)
    if isinstance(cell.value, str):
        match = _PERCENT.match(cell.text)
        value = float(match[1]) if match else -1.0
    else:
        value = float(cell.value) * (100 if cell.percentage else 1)
        if 0 < value < 1 and not cell.percentage:
            raise _wrong(
                name,
                sheet.name,
                cell.name,
                cell.text,
                f"{expected}; format the cell as a percentage, or write {value * 100:g}",
            )
    if not 0 <= value <= 100:
        raise _wrong(name, sheet.name, cell.name, cell.text, expected)
    return round(value, 2)


def _count(cell: Cell | None, sheet: Sheet, name: str) -> int | None:
    if cell is None or _hidden(cell):
        return None
    value = cell.value
    if isinstance(value, str) and value.replace(",", "").strip().isdecimal():
        value = float(value.replace(",", ""))
    if isinstance(value, (str, bool)) or not 0 <= value <= _MOST_CASES or value % 1 or cell.formula:
        raise _wrong(
            name,
            sheet.name,
            cell.name,
            cell.text,
            f"a number of cases, 0 or more and at most {_MOST_CASES:,}",
        )
    return int(value)


def _hidden(cell: Cell) -> bool:
    return isinstance(cell.value, str) and cell.text.casefold() in _HIDDEN


def _wrong(name: str, sheet: str, cell: str, got: str, expected: str) -> CorpusError:
    return CorpusError(
        f"{name}, sheet {sheet!r}, cell {cell}: got {got[:80]!r}; expected {expected}"
    )


def refuse_cell(result: Result, name: str, got: str, expected: str) -> CorpusError:
    """Return the error that names the cell of a result."""
    return _wrong(name, result.sheet, result.cell, got, expected)


def units_named(sheets: Sequence[Sheet], units: Iterable[str]) -> tuple[str, ...]:
    """Return those of some units that a workbook names in a cell or as a sheet."""
    said = {
        fold(text)
        for sheet in sheets
        for text in (sheet.name, *(c.text for c in sheet.cells.values() if len(c.text) < 300))
    }
    return tuple(
        unit for unit in units if any(re.search(rf"\b{re.escape(fold(unit))}\b", s) for s in said)
    )
