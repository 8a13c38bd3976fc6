"""Word's pieces as this report uses them: captions, tables, quotations, boxes."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from functools import cache
from typing import Final

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from pipelines.report.english import plain, shorten
from pipelines.report.matrix import RATING_COLOURS

_RATINGS = {rating[0]: colours for rating, colours in RATING_COLOURS.items()}
# A count, a share, their span, or nothing: what is read down a column, by its last figures.
_FIGURE = re.compile(r"(?:(?:over |under )?[+-]?[\d,.]+%?(?: (?:of|to) (?:over )?[\d,.]+%?)?)?")
_WIDTH = Cm(17)
_HEIGHT = Cm(17.5)  # leaves room for the heading above a picture and the table after it
_INK = RGBColor(0x1C, 0x23, 0x26)
_MUTED = RGBColor(0x56, 0x60, 0x64)


_LONGEST_RUNNING: Final = 110  # characters: a line of the size that heads have
_LONGEST_TITLE: Final = 255  # characters, as the file format has it


def new_document(title: str, *, running: str = "") -> Document:
    """Return an empty A4 document in English with the report's styles and page numbers.

    Args:
        title: For the properties.
        running: Words above each page but the first.
    """
    paper = docx.Document()
    # python-docx looks through all styles for each paragraph: a fifth of a report's time.
    paper.part.get_style_id = cache(paper.part.get_style_id)  # type: ignore[method-assign]
    paper.core_properties.title = plain(title)[:_LONGEST_TITLE]
    paper.core_properties.author = "probation-findings"
    paper.core_properties.comments = ""
    paper.core_properties.language = "en-GB"
    section = paper.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(2)
    for name, size in (
        ("Normal", 10.5),
        ("Title", 24),
        ("Heading 1", 16),
        ("Heading 2", 12.5),
        ("Heading 3", 10.5),
        ("Caption", 9),
        ("Quote", 10.5),
    ):
        style = paper.styles[name]
        style.font.name = "Calibri"
        style.font.size = Pt(size)
        style.font.color.rgb = _MUTED if name == "Caption" else _INK
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(kind), None)
    paper.styles["Normal"].paragraph_format.space_after = Pt(6)
    paper.styles["Heading 1"].paragraph_format.space_before = Pt(22)
    paper.styles["Quote"].font.italic = False
    paper.styles["Quote"].paragraph_format.left_indent = Cm(0.6)
    section.different_first_page_header_footer = True
    for foot in (section.footer, section.first_page_footer):
        foot.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _field(foot.paragraphs[0], "PAGE")
    head = section.header.paragraphs[0].add_run(shorten(plain(running), _LONGEST_RUNNING))
    head.font.size, head.font.color.rgb = Pt(9), _MUTED
    return paper


def add_picture(paper: Document, png: bytes, caption: str) -> None:
    """Add a chart, at most as wide as the text, with a numbered caption that is its alt text too.

    A chart of few things is not blown up, or its letters would be larger than those of headings.
    """
    shape = paper.add_picture(io.BytesIO(png))
    shrunk = min(1.0, _WIDTH / shape.width, _HEIGHT / shape.height)
    shape.width, shape.height = int(shape.width * shrunk), int(shape.height * shrunk)
    properties = shape._inline.docPr
    properties.set("descr", caption)
    properties.set("title", "Chart")
    paper.paragraphs[-1].paragraph_format.keep_with_next = True
    _caption(paper, "Figure", caption)


def add_table(
    paper: Document,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    caption: str,
    *,
    size: float = 9,
    widths: Sequence[float] = (),
) -> Table:
    """Add a table under a numbered caption; its head is repeated on every page.

    Args:
        paper: The document.
        heads: Heads of the columns.
        rows: Text of the cells.
        caption: What the table shows.
        size: Of the type, in points.
        widths: Of the columns, in centimetres; empty to let the program choose.
    """
    _caption(paper, "Table", caption).paragraph_format.keep_with_next = True
    table: Table = paper.add_table(rows=1, cols=len(heads))
    table.autofit = not widths
    _rule(table)
    figures = [all(_FIGURE.fullmatch(row[at]) for row in rows) for at in range(len(heads))]
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        _fill(cell, head, size=size, bold=True)
        _shade(cell, "E7ECEA")
    repeat = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)
    for row in rows:
        added = table.add_row()
        added._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, text in zip(added.cells, row, strict=True):
            _fill(cell, text, size=size)
    for cells in [row.cells for row in table.rows] if rows else []:
        for cell, number in zip(cells, figures, strict=True):
            if number:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for place, width in enumerate(widths):
        table.columns[place].width = Cm(width)  # LibreOffice reads the grid, Word the cells
        for cell in table.columns[place].cells:
            cell.width = Cm(width)
    paper.add_paragraph().paragraph_format.space_after = Pt(2)
    return table


def add_quotation(paper: Document, text: str, source: str) -> tuple[Paragraph, Run]:
    """Add a finding as a quotation with its source; return its paragraph and the source in it."""
    paragraph = paper.add_paragraph(style="Quote")
    paragraph.add_run(plain(text))
    run = paragraph.add_run(f"\n{plain(source)}")
    run.font.size = Pt(9)
    run.font.color.rgb = _MUTED
    return paragraph, run


def add_caution(paper: Document, text: str) -> None:
    """Add a boxed remark."""
    paragraph = paper.add_paragraph(plain(text))
    borders = OxmlElement("w:pBdr")
    left = OxmlElement("w:left")
    for name, value in (("val", "single"), ("sz", "24"), ("space", "8"), ("color", "566064")):
        left.set(qn(f"w:{name}"), value)
    borders.append(left)
    paragraph._p.get_or_add_pPr().append(borders)
    paragraph.paragraph_format.left_indent = Cm(0.4)


def add_facts(paper: Document, facts: Sequence[tuple[str, str]]) -> None:
    """Add labels and values, one per line."""
    for name, value in facts:
        paragraph = paper.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(2)
        paragraph.add_run(f"{plain(name)}: ").bold = True
        paragraph.add_run(plain(value))


def colour_ratings(table: Table, *, columns: int) -> None:
    """Shade the cells that hold the letter of a rating, from that column on."""
    for row in table.rows[1:]:
        for cell in row.cells[columns:]:
            if cell.text in _RATINGS:
                fill, ink = _RATINGS[cell.text]
                _shade(cell, fill)
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
                for run in cell.paragraphs[0].runs:
                    run.bold = True
                    run.font.color.rgb = RGBColor.from_string(ink)


def _rule(table: Table) -> None:
    """Part the rows by thin lines and give cells room; boxes around each weigh more than the text.

    The table begins where the text does: Word sets it out by the room left in a cell.
    """
    table.style = "Normal Table"
    properties = table._tbl.tblPr
    inset = OxmlElement("w:tblInd")
    inset.set(qn("w:w"), "0")
    inset.set(qn("w:type"), "dxa")
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "C3CBC8")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    room = OxmlElement("w:tblCellMar")
    for side, twips in (("top", 30), ("left", 70), ("bottom", 30), ("right", 70)):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), str(twips))
        edge.set(qn("w:type"), "dxa")
        room.append(edge)
    # The schema has an order: these stand before the layout and the look, which are last.
    last = [child for child in properties if child.tag in (qn("w:tblLayout"), qn("w:tblLook"))]
    for child in last:
        properties.remove(child)
    layout = [child for child in last if child.tag == qn("w:tblLayout")]
    look = [child for child in last if child.tag == qn("w:tblLook")]
    for child in (inset, borders, *layout, room, *look):
        properties.append(child)


def _fill(cell: _Cell, text: str, *, size: float, bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    run = paragraph.add_run(plain(text))
    run.font.size = Pt(size)
    run.bold = bold


def _shade(cell: _Cell, colour: str) -> None:
    shading = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shading.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shading)


def _caption(paper: Document, kind: str, text: str) -> Paragraph:
    paragraph = paper.add_paragraph(f"{kind} ", style="Caption")
    number = 1 + len(paper.element.body.xpath(f'.//w:fldSimple[contains(@w:instr, "SEQ {kind} ")]'))
    _field(paragraph, f"SEQ {kind} \\* ARABIC", shown=str(number))
    paragraph.add_run(f". {plain(text)}")
    return paragraph


def _field(paragraph: Paragraph, code: str, *, shown: str = "1") -> None:
    """Add a field that the program counts itself, with the value it should show until then."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = shown
    run.append(text)
    field.append(run)
    paragraph._p.append(field)
