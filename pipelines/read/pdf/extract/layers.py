"""Layers of a file that are switched off: what stands in them is not a part of the page as shown.

The file's catalogue says which layers are off; PDFium says which layer an object is marked with,
by the layer's name. Layers without a name, sets of layers and forms that stand in one are not told
so: where a file has layers at all, drawing its pages shows which text stands on them.
"""

from __future__ import annotations

import contextlib
import ctypes
import io
import struct
import zlib
from collections.abc import Iterable
from typing import Final

import pypdfium2.raw as pdfium

from pipelines.read.pdf.extract.handles import Handle

_LONGEST = 512  # bytes of a layer's name
# What pdfminer trips over where a file is damaged, besides errors of its own.
_TROUBLE: Final[tuple[type[Exception], ...]] = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError),
    *(TypeError, ValueError, OSError, struct.error, zlib.error),
)


class Layers:
    """The layers that the catalogue of a file names."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.met = b"/Encrypt" in data  # its streams cannot be looked at
        self.inspect(data)

    def inspect(self, stream: bytes) -> None:
        """Note whether a stream says anything about layers."""
        self.met = self.met or b"/OCProperties" in stream

    def hidden(self) -> frozenset[str]:
        """Names of the layers that are switched off, unless another of that name is on."""
        found: dict[str, bool] = {}
        if self.met:
            from pdfminer.psexceptions import PSException

            with contextlib.suppress(PSException, *_TROUBLE):
                for name, shown in _states(self._data):
                    found[name] = found.get(name, False) or shown
        return frozenset(name for name, shown in found.items() if name and not shown)


def _states(data: bytes) -> Iterable[tuple[str, bool]]:
    """The name of each layer, and whether the file's own configuration shows it."""
    from pdfminer.pdfdocument import PDFDocument
    from pdfminer.pdfparser import PDFParser
    from pdfminer.pdftypes import dict_value, list_value, resolve1
    from pdfminer.utils import decode_text

    properties = dict_value(PDFDocument(PDFParser(io.BytesIO(data))).catalog["OCProperties"])
    usual = dict_value(properties.get("D", {}))
    base = getattr(resolve1(usual.get("BaseState")), "name", "ON")
    on, off = (
        {getattr(layer, "objid", None) for layer in list_value(usual.get(key, []))}
        for key in ("ON", "OFF")
    )
    for layer in list_value(properties.get("OCGs", [])):
        name = resolve1(dict_value(layer).get("Name", b""))
        number = getattr(layer, "objid", None)
        shown = number in on or (base != "OFF" and number not in off)
        yield decode_text(name) if isinstance(name, bytes) else str(name), shown


def layer_of(item: Handle, layers: frozenset[str]) -> str:
    """Which of these layers a page object is marked as part of; empty if none."""
    for index in range(max(0, pdfium.FPDFPageObj_CountMarks(item))):
        mark = pdfium.FPDFPageObj_GetMark(item, index)
        name = _text(pdfium.FPDFPageObjMark_GetParamStringValue, mark, b"Name")
        if name in layers and _text(pdfium.FPDFPageObjMark_GetName, mark) == "OC":
            return name
    return ""


def _text(getter: Handle, mark: Handle, *key: bytes) -> str:
    """What PDFium says of a mark: its name, or the text of one of its entries."""
    buffer = (ctypes.c_ushort * (_LONGEST // 2))()
    length = ctypes.c_ulong()
    if not getter(mark, *key, buffer, _LONGEST, length) or not 2 < length.value <= _LONGEST:
        return ""
    return ctypes.string_at(buffer, length.value - 2).decode("utf-16-le", "replace")
