"""How every sheet of the workbook looks, and how text is kept from acting in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.report.english import plain, shorten

_LONGEST: Final = 32_000  # characters; a cell holds 32,767
_HEAD: Final = PatternFill("solid", start_color="1D3D4A")
RATING_FILLS: Final = {
    "Outstanding": ("0B5C49", "FFFFFF"),
    "Good": ("A9D8B8", "1C2326"),
    "Requires improvement": ("F3C969", "1C2326"),
    "Inadequate": ("9C2336", "FFFFFF"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a sheet: its head, its width in characters, its number format."""

    name: str
    width: int = 12
    form: str = "General"


def add_sheet(
    book: Workbook, title: str, fields: Sequence[Field], rows: Iterable[Sequence[object]]
) -> Worksheet:
    """Add a sheet with frozen head, filter, widths and wrapped text."""
    sheet: Worksheet = book.create_sheet(title)
    for place, field in enumerate(fields, 1):
        head = sheet.cell(1, place)
        _put(head, field.name)
        head.font = Font(bold=True, color="FFFFFF")
        head.fill = _HEAD
        head.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.column_dimensions[get_column_letter(place)].width = field.width
    for number, row in enumerate(rows, 2):
        for place, (field, value) in enumerate(zip(fields, row, strict=True), 1):
            cell = sheet.cell(number, place)
            _put(cell, value)
            cell.number_format = field.form
            cell.alignment = Alignment(wrap_text=field.width >= 24, vertical="top")
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(fields))}{max(sheet.max_row, 1)}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"
    return sheet


def _put(cell: Cell | MergedCell, value: object) -> None:
    """Write a value; text is always text, so `=HYPERLINK(...)` in a finding stays words."""
    if not isinstance(value, str):
        cell.value = value  # type: ignore[assignment]  # a number or nothing, as the callers give
        return
    cell.value = shorten(plain(value), _LONGEST)
    cell.data_type = "s"
    if value[:1] in "=+-@":
        cell.quotePrefix = True


def colour_ratings(sheet: Worksheet, cells: str) -> None:
    """Colour the cells that hold a rating as the page does."""
    for rating, (fill, ink) in RATING_FILLS.items():
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
