"""The sheet of labels: findings to label with suggestions, the codebook beside them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from pipelines import columns as c
from pipelines.answers.events import ISSUE, THEME
from pipelines.answers.standing import RANDOM
from pipelines.catalogue import load_catalogue
from pipelines.codebook import load_codebook
from pipelines.durable import storing, write_bytes
from pipelines.errors import CorpusError, SettingsError
from pipelines.report.english import plain
from pipelines.review.orders import Order
from pipelines.review.session import Session
from pipelines.tables import harmless, records
from pipelines.tag.labels.files import read_grids
from pipelines.tag.labels.sheets import shown
from pipelines.tag.labels.slugs import MOST_ISSUES, MOST_THEMES

_PARTS: Final = 4  # words given as a reason
_HOW: Final = (
    "How to label",
    "One row is a finding. Choose its themes from the lists in the yellow columns, one to four; "
    "choose none in the first where no theme of the sheet Codebook fits. What stands there is what "
    "the program suggests: leave it where it is right, and write done in the column Done. A random "
    "sample comes without suggestions, so that its score is honest.",
    "Only rows with done or x in the column Done are taken over. Issues may be left as they are. A "
    "memo is kept with the finding.",
    "Save it and give it back: findings labels import THIS-FILE --into RUN --coder YOUR-NAME. "
    "Nothing is taken over before every row of the file is right.",
)
_HEADS: Final = (
    ("Finding id", 22),
    ("Unit", 16),
    ("Standard", 18),
    ("Side", 12),
    ("Text", 70),
    *((f"Theme {n}", 22) for n in range(1, MOST_THEMES + 1)),
    *((f"Issue {n}", 30) for n in range(1, MOST_ISSUES + 1)),
    ("Done", 8),
    ("Memo", 26),
    ("Suggested", 34),
    ("Words that spoke for it", 34),
    ("Digest", 18),
)
_LAST: Final = 2000  # rows that the lists hold for


def chosen_rows(session: Session, order: Order, number: int) -> list[int]:
    """Return the findings of a sheet, the most urgent first, and each text once.

    What is said of a text is said of all findings that have it.

    Raises:
        SettingsError: There is nothing to ask in that order.
    """
    once: dict[str, int] = {}
    for row in session.queue(order).findings_in_order():
        once.setdefault(session.digests[row], row)
    rows = list(once.values())[:number]
    if not rows:
        raise SettingsError(f"order {order.name}: nothing is left to ask; choose another --order")
    return rows


def write_sheet(session: Session, path: Path, *, order: Order, number: int) -> int:
    """Write findings to label into a workbook.

    Args:
        session: Of the run.
        path: Ends in `.xlsx`.
        order: Which findings come first.
        number: How many at most.

    Returns:
        How many there are.

    Raises:
        SettingsError: There is nothing to ask, or the file is there already or no `.xlsx`.
        StorageError: It cannot be written.
    """
    from openpyxl import Workbook

    if path.suffix.lower() != ".xlsx":
        raise SettingsError(f"{path}: expected a name that ends in .xlsx")
    if path.exists():
        raise SettingsError(f"{path}: is there already, perhaps with labels; give another --out")
    rows = chosen_rows(session, order, number)
    book = Workbook(write_only=False)
    book.remove(book.worksheets[0])
    sheet = book.create_sheet("Labels")
    sheet.append([name for name, _ in _HEADS])
    for row in rows:
        values = _values(session, row, blind=order.name == RANDOM)
        sheet.append([_safe(value) for value in values])
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    _dress(sheet, len(rows))
    _add_codebook(book)
    _add_how(book, session, order)
    stream = io.BytesIO()
    with storing(path):  # openpyxl writes sheets into the folder of temporary files
        book.save(stream)
    write_bytes(path, stream.getvalue())
    return len(rows)


def _values(session: Session, row: int, *, blind: bool) -> list[str]:
    """Return the cells of a finding; blind without what the model thinks, which would sway."""
    found = records(session.tables["findings"].iloc[[row]])[0]
    names = load_codebook().names
    themes = [] if blind else _given(session, row, THEME, load_codebook().slugs)
    subjects = [] if blind else _given(session, row, ISSUE, load_catalogue().slugs)
    catalogue = load_catalogue()
    claims = [catalogue.subject(slug).name(str(found[c.POLARITY])) for slug in subjects]
    cells = session.cells[THEME]
    likely = sorted(
        ((cells.probability(row, slug), name) for slug, name in names.items() if not blind),
        reverse=True,
    )
    side = "Strength" if str(found[c.POLARITY]) == "strength" else "Improvement"
    return [
        session.ids[row],
        str(found[c.UNIT] or ""),
        str(found[c.STANDARD] or ""),
        side,
        str(found[c.TEXT]),
        *_padded([names[slug] for slug in themes], MOST_THEMES),
        *_padded(claims, MOST_ISSUES),
        "",
        "",
        "; ".join(f"{name} {share:.0%}" for share, name in likely[:MOST_THEMES] if share >= 0.05),
        "" if blind else _reasons(session, row),
        session.digests[row],
    ]


def _given(session: Session, row: int, level: str, slugs: Sequence[str]) -> list[str]:
    cells = session.cells[level]
    mine = [slug for slug in slugs if cells.given(row, slug)]
    return sorted(mine, key=lambda slug: -cells.probability(row, slug))


def _reasons(session: Session, row: int) -> str:
    known = session.tables.get("explanations")
    if known is None:
        return ""
    mine = known.loc[(known[c.FINDING_ID] == session.ids[row]) & (known[c.WEIGHT] > 0)]
    parts = mine.nlargest(_PARTS, c.WEIGHT)[c.TEXT]
    return ", ".join(dict.fromkeys(str(part) for part in parts))


def _padded(values: list[str], number: int) -> list[str]:
    """Return so many cells; the last holds what is left, as people give more than models do."""
    cells = [*values[: number - 1], "; ".join(values[number - 1 :])]
    return [*cells, *[""] * (number - len(cells))]


def _safe(value: str) -> str:
    return harmless(plain(value))


def _dress(sheet: Any, number: int) -> None:  # noqa: ANN401
    from openpyxl.styles import Alignment, Font, PatternFill, Protection
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    wrapped = Alignment(wrap_text=True, vertical="top")
    editable = PatternFill("solid", start_color="FFF6D9", end_color="FFF6D9")
    themes = DataValidation(type="list", formula1="=Codebook!$A$2:$A$100", allow_blank=True)
    issues = DataValidation(type="list", formula1="=Issues!$A$2:$A$1000", allow_blank=True)
    for list_ in (themes, issues):
        list_.error = "Choose a name from the list, or leave the cell empty."
        sheet.add_data_validation(list_)
    for place, (name, width) in enumerate(_HEADS, start=1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = width
        head = sheet.cell(1, place)
        head.font = Font(bold=True)
        head.alignment = wrapped
        asked = name.startswith(("Theme", "Issue")) or name in ("Done", "Memo")
        if name.startswith("Theme"):
            themes.add(f"{letter}2:{letter}{_LAST}")
        if name.startswith("Issue"):
            issues.add(f"{letter}2:{letter}{_LAST}")
        for row in range(2, number + 2):
            cell = sheet.cell(row, place)
            cell.alignment = wrapped
            if asked:
                cell.fill = editable
                cell.protection = Protection(locked=False)
    sheet.freeze_panes = "F2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(_HEADS))}{number + 1}"
    sheet.protection.sheet = True
    for allowed in ("formatColumns", "formatRows", "sort", "autoFilter"):
        setattr(sheet.protection, allowed, False)  # `False` is what the format calls allowed


def _add_codebook(book: Any) -> None:  # noqa: ANN401
    from openpyxl.styles import Alignment, Font

    themes = [(t.name, t.slug, t.claim, t.excludes) for t in load_codebook().themes]
    catalogue = load_catalogue()
    names = load_codebook().names
    issues = [
        (subject.name(pole), f"{subject.slug}/{pole}", subject.claim, names[subject.theme])
        for subject in catalogue.subjects
        for pole in ("area_for_improvement", "strength")
    ]
    none = ("none", "none", "No theme fits.", "")
    for title, heads, rows in (
        ("Codebook", ("Name", "Slug", "What counts", "What does not"), [none, *themes]),
        ("Issues", ("Name", "Slug", "What counts", "Main theme"), sorted(issues)),
    ):
        sheet = book.create_sheet(title)
        sheet.append(heads)
        for row in rows:
            sheet.append(row)
        for cells in sheet.iter_rows():
            for cell in cells:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                cell.font = Font(bold=cell.row == 1)
        for letter, width in zip("ABCD", (34, 34, 80, 60), strict=True):
            sheet.column_dimensions[letter].width = width
        sheet.freeze_panes = "A2"
        sheet.protection.sheet = True


def _add_how(book: Any, session: Session, order: Order) -> None:  # noqa: ANN401
    from openpyxl.styles import Alignment, Font

    sheet = book.create_sheet(_HOW[0])
    for line in _HOW:
        sheet.append([line])
    sheet.append([f"Run: {session.folder.resolve()}"])
    sheet.append([f"Order: {order.name}"])
    sheet.column_dimensions["A"].width = 100
    for (cell,) in sheet.iter_rows(max_col=1):
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet["A1"].font = Font(bold=True)


def order_of_sheet(path: Path) -> str:
    """Return the order that a sheet of ours was made in; empty where it does not say.

    Args:
        path: The sheet, as whatever workbook a spreadsheet program saved it.
    """
    try:
        pages = [grid for grid in read_grids(path) if grid.name == _HOW[0]]
    except CorpusError:  # said by who reads the labels
        return ""
    lines = [shown(row[0]) for page in pages for row in page.rows.values() if row]
    found = [line.removeprefix("Order: ") for line in lines if line.startswith("Order: ")]
    return found[0] if found else ""
