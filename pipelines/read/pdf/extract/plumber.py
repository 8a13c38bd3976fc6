"""PDF pages to spans and shapes through pdfplumber: slower, used where PDFium falls short."""

from __future__ import annotations

import contextlib
import io
import logging
import re
import struct
import zlib
from typing import TYPE_CHECKING, Any

from pipelines.read.pdf.extract.letters import face_named
from pipelines.read.pdf.model.page import RawPage, Shape, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    PlumberPage = Any  # pdfplumber publishes no types

_MOST_DRAWN = 1_000_000
"""Bytes of a page's instructions: pdfplumber keeps kilobytes for each letter, so more of them would
take minutes and gigabytes; what PDFium read of such a page has to do."""

_CHUNK = 4096
_CID = re.compile(r"\(cid:\d+\)")
# pdfminer meets damage with whatever its parser trips over.
_TROUBLE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    OSError,
    struct.error,
    zlib.error,
)


class PlumberFile:
    """An open PDF; use as a context manager. Pages are closed after reading."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._file: Any = None
        self._failed = False

    def __enter__(self) -> PlumberFile:
        """Return the file; it is opened when the first page is asked for."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        if self._file is None:
            return
        # Closing walks the page tree once more and trips over the same damage.
        with contextlib.suppress(*trouble()):
            self._file.close()

    def page(self, number: int) -> RawPage | None:
        """Read page `number` (from 1); None where pdfplumber cannot."""
        if self._failed:
            return None
        import pdfplumber

        # What pdfminer logs about damage, the document's warnings say.
        logging.getLogger("pdfminer").setLevel(logging.ERROR)
        try:
            if self._file is None:
                self._file = pdfplumber.open(io.BytesIO(self._data))
            page = self._file.pages[number - 1]
            try:
                return None if _overdrawn(page) else _read(page, number)
            finally:
                page.close()
        except trouble():
            self._failed = self._file is None
            return None


def _overdrawn(page: PlumberPage) -> bool:
    """Say whether a page has more instructions than pdfplumber can take on."""
    streams = page.page_obj.contents
    # Counted from the packed bytes first: pdfminer unpacks a damaged stream a byte at a time.
    return any(_unpacked(stream.rawdata or b"") > _MOST_DRAWN for stream in streams) or (
        sum(len(stream.get_data()) for stream in streams) > _MOST_DRAWN
    )


def _unpacked(packed: bytes) -> int:
    """Return how many bytes come of packed ones, as far as they are sound and up to the limit."""
    unpacker, length = zlib.decompressobj(), 0
    with contextlib.suppress(zlib.error):
        for at in range(0, len(packed), _CHUNK):
            length += len(unpacker.decompress(packed[at : at + _CHUNK]))
            if length > _MOST_DRAWN:
                break
    return length


def trouble() -> tuple[type[Exception], ...]:
    """Return what pdfminer and pdfplumber raise where a file is damaged."""
    from pdfminer.psexceptions import PSException
    from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

    return (PSException, PdfminerException, MalformedPDFException, *_TROUBLE)


def _read(page: PlumberPage, number: int) -> RawPage:
    result = RawPage(number, float(page.width), float(page.height), pictures=len(page.images))
    left, top = float(page.bbox[0]), float(page.bbox[1])
    words = page.extract_words(
        x_tolerance_ratio=0.15,
        keep_blank_chars=False,
        extra_attrs=["fontname", "size", "upright"],
        return_chars=True,
    )
    for word in words:
        text = _CID.sub("\ufffd", word["text"])
        upright = bool(word["upright"])
        result.spans.append(
            Span(
                text,
                float(word["x0"]) - left,
                float(word["x1"]) - left,
                _baseline(word, page, top) if upright else float(word["bottom"]) - top,
                float(word["size"]),
                face_named(str(word["fontname"]).rpartition("+")[2]),
                angle=0 if upright else 90,
            )
        )
    for kind in ("rects", "lines", "curves"):
        for item in getattr(page, kind):
            shape = _shape(item, left, top)
            if shape is not None:
                result.shapes.append(shape)
    return result


def _baseline(word: Mapping[str, Any], page: PlumberPage, top: float) -> float:
    """Where the word's first letter stands: from its matrix, unless the page is turned."""
    char = word["chars"][0]
    if not page.rotation:
        return float(char["top"] + char["y1"] - char["matrix"][5]) - top
    return float(word["bottom"]) - 0.21 * float(word["size"]) - top


def _shape(item: Mapping[str, Any], left: float, top: float) -> Shape | None:
    filled = bool(item.get("fill")) and not _is_white(item.get("non_stroking_color"))
    stroked = bool(item.get("stroke")) and not _is_white(item.get("stroking_color"))
    if not filled and not stroked:
        return None
    return Shape(
        float(item["x0"]) - left,
        float(item["top"]) - top,
        float(item["x1"]) - left,
        float(item["bottom"]) - top,
        1 + zlib.crc32(str(item.get("non_stroking_color")).encode()) if filled else 0,
    )


def _is_white(colour: object) -> bool:
    values = colour if isinstance(colour, (list, tuple)) else [colour]
    numbers = [v for v in values if isinstance(v, (int, float))]
    if len(numbers) == 4:  # cyan, magenta, yellow, black
        return max(numbers) < 0.02
    return bool(numbers) and min(numbers) > 0.98
