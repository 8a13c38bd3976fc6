"""What a Word document shows out of its other parts: pages taken in whole, words of diagrams."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, Final

from pipelines.errors import UnreadableDocument
from pipelines.read.archives import page_of_archive
from pipelines.read.html.markup import check_markup, without_pictures, without_programs
from pipelines.read.limits import Limits
from pipelines.read.sniff import decode, sniff_format
from pipelines.read.word.styles import WORD

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement as Element

CHUNK: Final = f"{WORD}altChunk"
_OBJECT: Final = f"{WORD}object"
_DIAGRAM: Final = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_CHART: Final = "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart"
_DRAWING: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_RELATED: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_OPEN: Final = "open it in Word, which takes them in, and save it"


class Elsewhere:
    """The parts of a document beside its text.

    Attributes:
        unread: Files taken in whole (`altChunk`) that are no page or text.
    """

    def __init__(self, document: Document, limits: Limits) -> None:
        self.unread = 0
        self._document = document
        self._limits = limits

    def chunk(self, node: Element) -> str:
        """The markup of a file that the document takes in where `node` stands."""
        try:
            blob = self._blob(node.get(f"{_RELATED}id", ""))
            blob = page_of_archive(blob) or blob
            kind = sniff_format(blob)
            if kind not in ("html", "text"):
                raise KeyError(kind)
            text, _ = decode(blob)
        except (KeyError, UnreadableDocument):
            self.unread += 1
            return ""
        if kind == "text":
            return "".join(f"<p>{escape(line)}</p>" for line in text.splitlines())
        return self._body(text)

    def diagrams(self, node: Element) -> Iterator[str]:
        """The words of the diagrams (SmartArt) in a paragraph, a paragraph of theirs each."""
        from docx.oxml import parse_xml

        for drawn in node.iter(f"{_DIAGRAM}relIds"):
            if next(drawn.iterancestors(f"{WORD}p"), None) is not node:
                continue  # in a text box, whose own paragraph it is
            try:
                root = parse_xml(self._blob(drawn.get(f"{_RELATED}dm", "")))
            except KeyError:
                continue
            for said in root.iter(f"{_DRAWING}p"):
                words = "".join(part.text or "" for part in said.iter(f"{_DRAWING}t"))
                if words.strip():
                    yield words

    def warnings(self) -> list[str]:
        """What is said of parts that are not read."""
        body = self._document.element.body
        objects = sum(1 for _ in body.iter(_OBJECT))
        charts = sum(1 for _ in body.iter(_CHART))
        counts = (
            (self.unread, f"taken into the Word document left out: {_OPEN}", "file"),
            (objects, "of other programs in the Word document left out", "object"),
            (charts, "of the Word document left out", "chart"),
        )
        return [f"{n} {what}{'s' * (n > 1)} {said}" for n, said, what in counts if n]

    def _blob(self, name: str) -> bytes:
        return bytes(self._document.part.related_parts[name].blob)

    def _body(self, text: str) -> str:
        """What is in the body of a page, each element closed."""
        from selectolax.lexbor import LexborHTMLParser

        text = without_programs(without_pictures(text))
        check_markup(text, self._limits)
        body = LexborHTMLParser(text).body
        inner = (body.html or "") if body is not None else ""
        return inner.removeprefix("<body>").removesuffix("</body>") if inner else ""
