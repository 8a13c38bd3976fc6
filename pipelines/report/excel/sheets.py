"""How every sheet of the workbook looks, and how text is kept from acting in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.naming import slug
from pipelines.numbers import number_words
from pipelines.report.english import plain, shorten
from pipelines.report.matrix import RATING_COLOURS
from pipelines.tables import harmless

T = TypeVar("T")

_LONGEST: Final = 32_000  # characters; a cell holds 32,767
_HEAD: Final = PatternFill("solid", start_color="1D3D4A")
_HEAD_FONT: Final = Font(name="Calibri", size=11, bold=True, color="FFFFFF")
_FONT: Final = Font(name="Calibri", size=11)
# Words begin a little inside their cell: they would touch the number that ends the cell before.
_WRAPPED: Final = Alignment(wrap_text=True, vertical="top", horizontal="left", indent=1)
_WORDS: Final = Alignment(vertical="top", horizontal="left", indent=1)
_PLAIN: Final = Alignment(vertical="top")
_PRINTED: Final = 210  # characters across a page of A4 that can still be read, at two thirds
_WRAPS: Final = 20  # columns of this width or more wrap
_LINE: Final = 15.0  # points
_HIGHEST: Final = 400.0  # points; a row holds 409


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a sheet: its head, its width in characters, its number format.

    The format of texts that stand for a number or a date, `dated` or `scored`, is told by each of
    them, with the number.
    """

    name: str
    width: int = 12
    form: str | Callable[[str], tuple[object, str]] = "General"


def add_sheet(
    book: Workbook, title: str, fields: Sequence[Field], rows: Iterable[Sequence[object]]
) -> Worksheet:
    """Add a sheet with frozen head, filter, widths, wrapped text and rows as high as it needs.

    Rows are an Excel table, so that formulas, slicers and Power BI can name it.
    """
    sheet: Worksheet = book.create_sheet(title)
    for place, field in enumerate(fields, 1):
        head = sheet.cell(1, place)
        _put(head, field.name)
        head.font = _HEAD_FONT
        head.fill = _HEAD
        head.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.column_dimensions[get_column_letter(place)].width = field.width
    sheet.row_dimensions[1].height = _LINE * max(_lines(f.name, f.width - 3) for f in fields) + 4
    dressed: dict[tuple[str, int, bool], StyleArray] = {}
    for number, row in enumerate(rows, 2):
        lines = 1
        for place, (field, value) in enumerate(zip(fields, row, strict=True), 1):
            cell: Any = sheet.cell(number, place)  # has a style to copy, which its stubs leave out
            form = field.form
            if not isinstance(form, str):
                value, form = form(value) if isinstance(value, str) else (value, "General")
            _put(cell, value)
            aligned = _PLAIN
            if isinstance(value, str):
                wraps = field.width >= _WRAPS
                aligned = _WRAPPED if wraps else _WORDS
                lines = max(lines, _lines(value, field.width - 1)) if wraps else lines
            # openpyxl looks up each part of a style for each cell: half of a workbook's time.
            style = (form, id(aligned), cell.quotePrefix)
            if style in dressed:
                cell._style = copy(dressed[style])
            else:
                cell.font, cell.number_format, cell.alignment = _FONT, form, aligned
                dressed[style] = copy(cell._style)
        sheet.row_dimensions[number].height = min(_HIGHEST, _LINE * lines + 2)
    sheet.freeze_panes = "B2"
    span = f"A1:{get_column_letter(len(fields))}{max(sheet.max_row, 1)}"
    heads = [str(cell.value).casefold() for cell in sheet[1]]
    if sheet.max_row > 1 and len(set(heads)) == len(heads):
        sheet.add_table(Table(displayName=f"t_{slug(title).replace('-', '_')}", ref=span))
    else:  # a table needs a row, and heads that differ
        sheet.auto_filter.ref = span
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    # All columns of a wide sheet on one page would print in letters that nobody can read.
    sheet.page_setup.fitToWidth = -(-sum(field.width for field in fields) // _PRINTED)
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows, sheet.print_title_cols = "1:1", "A:A"
    return sheet


def add_table(
    book: Workbook,
    title: str,
    things: Iterable[T],
    *columns: tuple[Field, Callable[[T], object]],
) -> Worksheet:
    """Add a sheet with a row for each of some things; each column with what it says of one."""
    rows = ([said(one) for _, said in columns] for one in things)
    return add_sheet(book, title, [field for field, _ in columns], rows)


def scored(text: str) -> tuple[int | str, str]:
    """Return what was reached of `9 of 21`, which sorts, and a number format that shows the rest.

    What is none stays text.
    """
    got, between, of = text.partition(" of ")
    return (
        (int(got), f'0"{between}{of}"') if got.isdecimal() and of.isdecimal() else (text, "General")
    )


def dated(text: str) -> tuple[date | str, str]:
    """Return a date and its number format; of a month the first day, shown as the month only.

    A date is `2024-03-05`, `2024-03` or `March 2024`; what is none stays text.
    """
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        with suppress(ValueError):
            return date.fromisoformat(text), "d mmm yyyy"
    (name, _, year), months = text.partition(" "), number_words().months
    known = f"{year}-{months.index(name) + 1:02}" if name in months else text
    if re.fullmatch(r"\d{4}-\d\d", known):
        with suppress(ValueError):
            return date.fromisoformat(f"{known}-01"), "mmm yyyy"
    return text, "General"


def _lines(text: str, width: int) -> int:
    """Estimate the lines that a text takes in a cell: programs do not measure it on opening."""
    return sum(1 + int(len(line) * 1.08) // max(width, 1) for line in text.split("\n"))


def _put(cell: Cell | MergedCell, value: object) -> None:
    """Write a value; text is always text, so `=HYPERLINK(...)` in a finding stays words."""
    if not isinstance(value, str):
        cell.value = value  # type: ignore[assignment]  # a number or nothing, as the callers give
        return
    text = shorten(plain(value), _LONGEST)
    while _units(text) > _LONGEST:  # signs beyond the first plane count as two
        text = shorten(text, len(text) - (_units(text) - _LONGEST + 1) // 2 - 1)
    cell.value = text
    cell.data_type = "s"
    if harmless(value) != value:
        cell.quotePrefix = True


def _units(text: str) -> int:
    """Count a text as Excel does: in units of UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def colour_ratings(sheet: Worksheet, cells: str) -> None:
    """Colour the cells that hold a rating as the page does."""
    for rating, (fill, ink) in RATING_COLOURS.items():
        colour_equal(sheet, cells, rating, fill=fill, ink=ink)


def colour_equal(
    sheet: Worksheet, cells: str, value: str, *, fill: str, ink: str = "1C2326"
) -> None:
    """Colour those of the cells that hold exactly this text."""
    rule = CellIsRule(
        operator="equal",
        formula=[f'"{value}"'],
        fill=PatternFill("solid", start_color=fill, end_color=fill),
        font=Font(color=ink),
    )
    sheet.conditional_formatting.add(cells, rule)
