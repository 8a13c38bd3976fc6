"""Targets in a Word document for links and the list of contents."""

from __future__ import annotations

import zlib
from typing import Final

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from pipelines.report.english import plain
from pipelines.report.sentence import Sentence

_LINK: Final = RGBColor(0x1D, 0x5A, 0x78)
_ENTRY: Final = "toc 1"
_ELSEWHERE: Final = "#findings?"  # the page shows such a choice; paper has no place for it


def bookmark(paragraph: Paragraph, anchor: str) -> None:
    """Make a paragraph the target of links, by the name that it has on the page."""
    number = str(zlib.crc32(anchor.encode()) >> 1)  # any that no other place has, of 31 bits
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for each in (start, end):
        each.set(qn("w:id"), number)
    start.set(qn("w:name"), _name(anchor))
    paragraph._p.append(end)
    paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, start)


def add_heading(paper: Document, text: str, anchor: str, *, level: int = 1) -> Paragraph:
    """Add a heading that links can point to."""
    heading: Paragraph = paper.add_heading(text, level)
    bookmark(heading, anchor)
    return heading


def add_link(paragraph: Paragraph, text: str, anchor: str) -> Run:
    """Add text that leads to a place in the document; return its run."""
    return _link(paragraph, text, _name(anchor))


def link_cell(cell: _Cell, anchor: str) -> None:
    """Make the text of a cell lead to a place in the document."""
    run = cell.paragraphs[0].runs[0]
    size, text = run.font.size, run.text
    run._r.getparent().remove(run._r)
    add_link(cell.paragraphs[0], text, anchor).font.size = size


def add_sentence(paragraph: Paragraph, sentence: Sentence) -> None:
    """Add a sentence; a part that leads to a section on the page leads to it here."""
    for part in sentence:
        if part.address and not part.address.startswith(_ELSEWHERE):
            add_link(paragraph, part.text, part.address.removeprefix("#"))
        else:
            paragraph.add_run(plain(part.text))


def settle_links(paper: Document) -> None:
    """Colour the links; what leads to a place that this document does not have becomes plain."""
    places = set(paper.element.body.xpath(".//w:bookmarkStart/@w:name"))
    for link in paper.element.body.xpath(".//w:hyperlink"):
        if link.get(qn("w:anchor")) in places:
            for run in link.xpath("./w:r"):
                Run(run, paper).font.color.rgb = _LINK
            continue
        for run in link.xpath("./w:r"):
            link.addprevious(run)
        link.getparent().remove(link)


def add_contents(paper: Document, place: Paragraph) -> None:
    """Put a list of the headings of the first level in the place of a paragraph, with their pages.

    Only a program that sets the pages knows their numbers: LibreOffice counts them on opening,
    Word does for fields marked as due, or on F9. Until then the entries are links without one.
    """
    style = paper.styles.add_style(_ENTRY, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = paper.styles["Normal"]
    style.paragraph_format.space_after = Pt(2)
    style.paragraph_format.tab_stops.add_tab_stop(Cm(17), WD_TAB_ALIGNMENT.RIGHT)
    for heading in paper.element.body.xpath('./w:p[w:pPr/w:pStyle/@w:val="Heading1"]'):
        for name in heading.xpath("./w:bookmarkStart/@w:name"):
            entry = place.insert_paragraph_before(style=_ENTRY)
            _link(entry, Paragraph(heading, paper).text, name)
            entry.add_run("\t")
            for kind in ("begin", "", "separate", "end"):
                entry.add_run()._r.append(_char(kind) if kind else _page_of(name))
    place._p.getparent().remove(place._p)


def _name(anchor: str) -> str:
    """Return a bookmark's name: Word takes 40 characters, and hides what an underscore begins."""
    return f"_to_{zlib.crc32(anchor.encode()):08x}"


def _link(paragraph: Paragraph, text: str, name: str) -> Run:
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), name)
    link.set(qn("w:history"), "1")
    run = paragraph.add_run(plain(text))
    link.append(run._r)
    paragraph._p.append(link)
    return run


def _char(kind: str) -> BaseOxmlElement:
    out = OxmlElement("w:fldChar")
    out.set(qn("w:fldCharType"), kind)
    if kind == "begin":
        out.set(qn("w:dirty"), "true")
    return out


def _page_of(name: str) -> BaseOxmlElement:
    out = OxmlElement("w:instrText")
    out.set(qn("xml:space"), "preserve")
    out.text = f" PAGEREF {name} \\h "
    return out
