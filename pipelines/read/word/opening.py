"""Open a Word document: its size is limited first, and its dialect made the usual one."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Final

from pipelines.errors import UnreadableDocument
from pipelines.read.limits import Limits

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_MOST_PARTS: Final = 5_000
_ALIKE: Final = (  # kinds of main parts that differ from a document's by their name alone
    "application/vnd.ms-word.document.macroEnabled.main+xml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
)
_STRICT: Final = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)")
_USUAL: Final = rb"http://schemas.openxmlformats.org/\1/2006"


def open_word(data: bytes, limits: Limits) -> WordDocument:
    """Open a document, or a template or one with macros, which are read as it is.

    Raises:
        UnreadableDocument: It unpacks to more than the limits.
        Exception: One of `DAMAGE`, where it is damaged.
    """
    from docx.opc.part import PartFactory  # heavy
    from docx.package import Package
    from docx.parts.document import DocumentPart

    _check_parts(data, limits)
    PartFactory.part_type_for.update(dict.fromkeys(_ALIKE, DocumentPart))
    part = Package.open(io.BytesIO(_as_usual(data))).main_document_part
    if not isinstance(part, DocumentPart):
        raise ValueError(f"its main part is {part.content_type}")
    opened: WordDocument = part.document
    return opened


def _check_parts(data: bytes, limits: Limits) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = packed.infolist()
    size = sum(part.file_size for part in parts)
    if len(parts) > _MOST_PARTS or size > limits.max_bytes:
        raise UnreadableDocument(
            f"the Word document unpacks to {len(parts):,} parts of {size:,} bytes, more than the "
            f"limits of {_MOST_PARTS:,} and {limits.max_bytes:,}",
            remedy="save it without its pictures, or raise the limit max_bytes",
        )


def _as_usual(data: bytes) -> bytes:
    """Word's "Strict Open XML" as it is mostly saved: they differ by the names of namespaces."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        if not _STRICT.search(packed.read("_rels/.rels")):
            return data
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as written:
            for name in packed.namelist():
                part = packed.read(name)
                if name.endswith((".xml", ".rels")):
                    part = _STRICT.sub(_USUAL, part)
                written.writestr(name, part)
    return out.getvalue()
