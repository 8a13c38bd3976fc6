"""Layers of a file that are switched off: what stands in them is not a part of the page as shown.

The file's catalogue says which layers are off; PDFium says which layer an object is marked with,
by the layer's name. Layers without a name, sets of layers and forms that stand in one are not told
so: where a layer of a file may be off, drawing its pages shows which text stands on it.
"""

from __future__ import annotations

import contextlib
import ctypes
import io
import re
import struct
import zlib
from collections.abc import Iterable
from typing import Any, Final

from pipelines.read.pdf.extract import calls as pdfium
from pipelines.read.pdf.extract.handles import Handle, said

_REVERSED = re.compile(rb"/(?:VE|AllOff|AnyOff)\b")  # what may show a set where a layer is off
# What pdfminer trips over where a file is damaged, besides errors of its own.
_TROUBLE: Final[tuple[type[Exception], ...]] = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError),
    *(TypeError, ValueError, OSError, struct.error, zlib.error),
)


class Layers:
    """The layers that the catalogue of a file names.

    Attributes:
        hidden: Names of those that are switched off, unless another of that name is on.
        may_hide: Whether any may be off: by itself, for how it is used, or as one of a set.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._locked = b"/Encrypt" in data  # its streams cannot be looked at
        self._met = self._sets = False
        self.hidden: frozenset[str] = frozenset()
        self.may_hide = False
        self.inspect(data)

    def inspect(self, stream: bytes) -> None:
        """Note whether a stream says anything about layers, or about sets shown if one is off."""
        self._met = self._met or b"/OCProperties" in stream
        self._sets = self._sets or (b"/OCMD" in stream and _REVERSED.search(stream) is not None)

    def read(self) -> None:
        """Ask the catalogue, once all streams were inspected."""
        if not (self._met or self._locked):
            return
        from pdfminer.psexceptions import PSException

        found: dict[str, bool] = {}
        self.may_hide = True  # unless it can be read, and says otherwise
        with contextlib.suppress(PSException, *_TROUBLE):
            properties = _properties(self._data)
            self.may_hide = bool(properties) and (
                self._sets or self._locked or _may_switch(properties)
            )
            for name, shown in _states(properties):
                found[name] = found.get(name, False) or shown
        self.hidden = frozenset(name for name, shown in found.items() if name and not shown)


def _properties(data: bytes) -> dict[str, Any]:
    """What the catalogue says of layers; nothing where there are none."""
    from pdfminer.pdfdocument import PDFDocument
    from pdfminer.pdfparser import PDFParser
    from pdfminer.pdftypes import dict_value

    return dict(
        dict_value(PDFDocument(PDFParser(io.BytesIO(data))).catalog.get("OCProperties", {}))
    )


def _may_switch(properties: dict[str, Any]) -> bool:
    """Whether a configuration, or what a layer says of its use, may switch one off.

    PDFium heeds each of them.
    """
    from pdfminer.pdftypes import dict_value, list_value, resolve1

    def said(holder: object, *keys: str) -> object:
        for key in keys:
            holder = dict_value(holder).get(key, {})
        return getattr(resolve1(holder), "name", None)

    listed = [properties.get("D", {}), *list_value(properties.get("Configs", []))]
    layers = list_value(properties.get("OCGs", []))
    return any(said(layer, "Usage", "View", "ViewState") == "OFF" for layer in layers) or any(
        list_value(usual.get("OFF", []))
        or list_value(usual.get("AS", []))
        or said(usual, "BaseState") not in (None, "ON")
        for usual in map(dict_value, listed)
    )


def _states(properties: dict[str, Any]) -> Iterable[tuple[str, bool]]:
    """The name of each layer, and whether the file's own configuration shows it."""
    from pdfminer.pdftypes import dict_value, list_value, resolve1
    from pdfminer.utils import decode_text

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
    length = ctypes.c_ulong()

    def ask(*given: object) -> int:
        return length.value if getter(*given, ctypes.byref(length)) else 0

    return said(ask, mark, *key)
