"""Filled-in form fields and boxes of text laid on a page: text that is no part of its content."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any, Final

from pipelines.read.pdf.extract import calls as pdfium
from pipelines.read.pdf.extract.handles import Handle, Rectangle
from pipelines.read.pdf.extract.painted import HIDDEN_FLAG, WITHOUT_COVER, rectangle_of
from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.matrix import Matrix, mapped

_WRITTEN: Final = frozenset({pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT})
_UNSHOWN: Final = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW
_TEXT: Final = frozenset({pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_FORM})


def set_fields(page: Handle, shown: Matrix) -> tuple[list[Rectangle], list[Rectangle]]:
    """Make what fields and text boxes show a part of their page's content.

    Where something else is laid on the page, which may cover text, they are left where they are;
    so are they where a text box is a remark on the text: beside it, or between its words.

    Returns:
        The boxes that are read now, if any once the page is loaded anew; and those that are not.
    """
    laid = list(_annotations(page))
    try:
        kinds = [pdfium.FPDFAnnot_GetSubtype(annotation) for annotation in laid]
        beside = [k in WITHOUT_COVER or _is_pressed(a, k) for a, k in zip(laid, kinds, strict=True)]
        written = [
            (kind, box)
            for annotation, kind, out in zip(laid, kinds, beside, strict=True)
            if kind in _WRITTEN and not out and _shows_text(annotation)
            if (box := rectangle_of(annotation, shown)) is not None
        ]
        boxes = [box for _, box in written]
        covers = any(k not in _WRITTEN and not b for k, b in zip(kinds, beside, strict=True))
        added = [box for kind, box in written if kind == pdfium.FPDF_ANNOT_FREETEXT]
        if not boxes or covers or (added and not _stand_free(added, page, shown)):
            return [], boxes
        for annotation, out in zip(laid, beside, strict=True):
            if out:
                pdfium.FPDFAnnot_SetFlags(annotation, HIDDEN_FLAG)
    finally:
        for annotation in laid:
            pdfium.FPDFPage_CloseAnnot(annotation)
    done = pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY) == pdfium.FLATTEN_SUCCESS
    return (boxes, []) if done else ([], boxes)


def _stand_free(boxes: list[Rectangle], page: Handle, shown: Matrix) -> bool:
    """Whether boxes stand over and under the rows of a page's text, none beside or on them."""
    text = pdfium.FPDFText_LoadPage(page)
    box: Any = (ctypes.c_double * 4)()  # left, bottom, right, top
    left, bottom, right, top = (ctypes.addressof(box) + 8 * i for i in range(4))
    rows = [
        mapped(box, shown)
        for index in range(max(0, pdfium.FPDFText_CountRects(text, 0, -1) if text else 0))
        if pdfium.FPDFText_GetRect(text, index, left, top, right, bottom)
    ]
    if text:
        pdfium.FPDFText_ClosePage(text)
    x0, x1 = min((row[0] for row in rows), default=0.0), max((row[2] for row in rows), default=1e9)
    return all(
        x0 - GEOMETRY.edge < box[0]
        and box[0] + box[2] < 2 * x1
        and not any(row[1] < box[3] and box[1] < row[3] for row in rows)
        for box in boxes
    )


def _annotations(page: Handle) -> Iterator[Handle]:
    for index in range(max(0, pdfium.FPDFPage_GetAnnotCount(page))):
        if annotation := pdfium.FPDFPage_GetAnnot(page, index):
            yield annotation


def _is_pressed(annotation: Handle, kind: int) -> bool:
    """Whether it is a field that holds no text: a box to tick, a button, a signature.

    One of several of a field has no type of its own; that of a button has states.
    """
    buffer = (ctypes.c_ushort * 8)()
    size = ctypes.sizeof(buffer)
    length = min(size, pdfium.FPDFAnnot_GetStringValue(annotation, b"FT", buffer, size))
    field = ctypes.string_at(buffer, max(0, length - 2)).decode("utf-16-le", "replace")
    states = pdfium.FPDFAnnot_GetValueType(annotation, b"AS") == pdfium.FPDF_OBJECT_NAME
    return bool(kind == pdfium.FPDF_ANNOT_WIDGET and (states or field not in ("", "Tx", "Ch")))


def _shows_text(annotation: Handle) -> bool:
    if pdfium.FPDFAnnot_GetFlags(annotation) & _UNSHOWN:
        return False
    objects = range(max(0, pdfium.FPDFAnnot_GetObjectCount(annotation)))
    kinds = (pdfium.FPDFPageObj_GetType(pdfium.FPDFAnnot_GetObject(annotation, i)) for i in objects)
    return any(kind in _TEXT for kind in kinds)
