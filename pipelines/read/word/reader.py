"""Read a Word document (.docx): its paragraphs, lists and tables as a page, read like any page.

What is deleted, hidden, a comment, a header or a footer is not text of the report. Whoever made
the file is unknown: what it unpacks to is limited before it is opened, and nothing in it is run.
"""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Final

from pipelines.damage import DAMAGE, damage_said
from pipelines.errors import UnreadableDocument
from pipelines.read.html.reader import read_html
from pipelines.read.html.unseen import unseen_warning
from pipelines.read.limits import Limits
from pipelines.read.word.elsewhere import CHUNK, Elsewhere
from pipelines.read.word.ink import Ink, is_on
from pipelines.read.word.opening import open_word
from pipelines.read.word.styles import WORD, Styles, child, value_of
from pipelines.records import Document

if TYPE_CHECKING:
    from docx.oxml.xmlchemy import BaseOxmlElement as Element

_SAVE: Final = "open it in a word processor, save it as .docx or PDF and give that file"
_DEEPEST: Final = 120
_COMPATIBLE: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATHS: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_FORMULA: Final = f"{_MATHS}t"
_GONE: Final = frozenset(f"{WORD}{name}" for name in ("del", "moveFrom", "pPr", "rPr", "sdtPr"))
_BREAKS: Final = {f"{WORD}br": "<br>", f"{WORD}cr": "<br>", f"{WORD}tab": " "}


def read_word(data: bytes, *, path: str, sha256: str, limits: Limits) -> Document:
    """Read a Word document into a document.

    Args:
        data: Its bytes.
        path: Names the document.
        sha256: Of the bytes.
        limits: Size of what it unpacks to, depth and number of blocks.

    Raises:
        UnreadableDocument: It is damaged, beyond a limit, or holds no text.
    """
    try:
        opened = open_word(data, limits)
        if opened.element.getroottree().docinfo.doctype:
            raise ValueError("a Word document declares nothing; what it names so would be lost")
        body = opened.element.body
        title = opened.core_properties.title or ""
        elsewhere = Elsewhere(opened, limits)
        writer = _Writer(Styles.of(opened), elsewhere)
        writer.blocks(body, 0)
        hidden = unseen_warning(writer.ink.words)
        warnings = [*hidden, *_warnings(body), *elsewhere.warnings()]
    except DAMAGE as error:
        raise UnreadableDocument(
            f"the Word document is damaged ({damage_said(error)})", remedy=_SAVE
        ) from error
    page = f"<html><head><title>{escape(title)}</title></head><body>{writer.markup()}</body></html>"
    if len(page) > limits.max_characters:
        raise UnreadableDocument(
            f"{len(page):,} characters, more than the limit of {limits.max_characters:,}",
            remedy="split the file, or raise the limit max_characters",
        )
    document = read_html(page, path=path, sha256=sha256, limits=limits)
    return replace(
        document, format="docx", reader="python-docx", warnings=(*document.warnings, *warnings)
    )


def _warnings(body: Element) -> list[str]:
    found = []
    if any(True for _ in body.iter(f"{WORD}del", f"{WORD}ins", f"{WORD}moveFrom")):
        found.append("the Word document has tracked changes: read as if all of them were accepted")
    notes = sum(1 for _ in body.iter(f"{WORD}footnoteReference", f"{WORD}endnoteReference"))
    if notes:
        found.append(f"{notes} footnotes of the Word document are not read")
    return found


class _Writer:
    """Writes the blocks of a document as HTML.

    Attributes:
        styles: Of the document.
        ink: Tells which runs are seen.
    """

    def __init__(self, styles: Styles, elsewhere: Elsewhere) -> None:
        self.styles = styles
        self._elsewhere = elsewhere
        self.ink = Ink(styles)
        self._out: list[str] = []
        self._open: list[str] = []  # lists begun, the outermost first

    def markup(self) -> str:
        """Return what was written."""
        self._close(0)
        return "".join(self._out)

    def blocks(self, parent: Element, depth: int) -> None:
        """Write what stands in an element: paragraphs, tables and what wraps them."""
        if depth > _DEEPEST:
            raise UnreadableDocument(
                f"nested more than {_DEEPEST} deep", remedy="save the report in another form"
            )
        for node in parent:
            if node.tag == f"{WORD}p":
                self._paragraph(node, depth)
            elif node.tag == f"{WORD}tbl":
                self._close(0)
                self._table(node, depth)
            elif node.tag == CHUNK:
                self._close(0)
                self._out.append(self._elsewhere.chunk(node))
            elif node.tag == f"{_COMPATIBLE}AlternateContent":
                for choice in node[:1]:
                    self.blocks(choice, depth + 1)
            elif isinstance(node.tag, str) and node.tag not in _GONE:
                self.blocks(node, depth + 1)

    def _paragraph(self, node: Element, depth: int) -> None:
        text = self._inline(node, 0).strip()
        role = self.styles.role(node)
        if text and role.contents:
            return
        if text and role.level:
            self._close(0)
            level = min(role.level, 6)
            self._out.append(f"<h{level}>{escape(role.number)}{text}</h{level}>")
        elif text and role.listed:
            self._item(role.depth, role.number, text)
        elif text:
            self._close(0)
            tag = "blockquote" if role.quote else "p"
            self._out.append(f"<{tag}>{text}</{tag}>")
        for words in self._elsewhere.diagrams(node):
            self._close(0)
            self._out.append(f"<p>{escape(words)}</p>")
        for box in _boxes(node):
            self._close(0)
            self.blocks(box, depth + 1)

    def _inline(self, node: Element, depth: int) -> str:
        """The text of a paragraph or of what stands in it, bold parts marked, breaks kept."""
        if depth > _DEEPEST:
            return ""
        out = []
        for part in node:
            if part.tag == f"{WORD}r":
                out.append(_run(part) if self.ink.admit(part) else "")
            elif part.tag == f"{_COMPATIBLE}AlternateContent":
                out.extend(self._inline(choice, depth + 1) for choice in part[:1])
            elif part.tag == _FORMULA:
                out.append(escape(part.text or ""))
            elif part.tag == f"{_MATHS}den":  # 2 over 3 is no 23
                out.append(f"⁄{self._inline(part, depth + 1)}")
            elif part.tag == f"{_MATHS}sup":
                out.append(
                    f"^{self._inline(part, depth + 1)}"
                )  # a raised figure may be taken for a call
            elif isinstance(part.tag, str) and part.tag not in _GONE:
                out.append(self._inline(part, depth + 1))
        return "".join(out)

    def _item(self, depth: int, number: str, text: str) -> None:
        self._close(depth + 1)
        tag = "ol" if number else "ul"
        if len(self._open) == depth + 1 and self._open[-1] != tag:
            self._close(depth)
        while len(self._open) <= depth:
            self._out.append(f"<{tag}>")
            self._open.append(tag)
        start = number.strip().rstrip(".)")
        value = f' value="{start}"' if start.isdecimal() else ""
        self._out.append(f"<li{value}>{text}")

    def _close(self, depth: int) -> None:
        while len(self._open) > depth:
            self._out.append(f"</{self._open.pop()}>")

    def _table(self, table: Element, depth: int) -> None:
        rows = [
            [cell for cell in row.iter(f"{WORD}tc") if _nearest(cell) is table]
            for row in table.iter(f"{WORD}tr")
            if _nearest(row) is table
        ]
        if all(len(row) == 1 for row in rows):  # a box, or boxes one below the other
            for row in rows:
                self._close(0)
                self.blocks(row[0], depth + 1)
            return
        self._out.append("<table>")
        for row in rows:
            self._out.append("<tr>")
            for cell in row:
                span = value_of(child(cell, "tcPr"), "gridSpan")
                wide = f' colspan="{int(span)}"' if span.isdecimal() else ""
                self._out.append(f"<td{wide}>")
                self.blocks(cell, depth + 1)
                self._close(0)
                self._out.append("</td>")
            self._out.append("</tr>")
        self._out.append("</table>")


def _nearest(node: Element) -> Element | None:
    """The table that a row or cell is of."""
    return next(node.iterancestors(f"{WORD}tbl"), None)


def _boxes(paragraph: Element) -> list[Element]:
    """Text boxes that hang on a paragraph, each once: programs write them in two ways at a time."""
    return [
        box
        for box in paragraph.iter(f"{WORD}txbxContent")
        if next(box.iterancestors(f"{_COMPATIBLE}Fallback"), None) is None
        and next(box.iterancestors(f"{WORD}p"), None) is paragraph
    ]


def _run(run: Element) -> str:
    properties = child(run, "rPr")
    if is_on(properties, "webHidden"):
        return ""
    out = []
    for part in run:
        if part.tag == f"{WORD}t":
            out.append(escape(part.text or ""))
        elif part.tag in _BREAKS:
            out.append(_BREAKS[str(part.tag)])
        elif part.tag == f"{WORD}noBreakHyphen":
            out.append("-")
        elif part.tag == f"{WORD}sym":
            out.append("•")  # of a symbol font: a bullet, as a rule
    text = "".join(out)
    if text.strip() and value_of(properties, "vertAlign") == "superscript":
        text = f"<sup>{text}</sup>"
    if text.strip() and is_on(properties, "b"):
        return f"<strong>{text}</strong>"
    return text
