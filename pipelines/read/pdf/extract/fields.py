"""Filled-in form fields and boxes of text laid on a page: text that is no part of its content."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pypdfium2.raw as pdfium

from pipelines.read.pdf.extract.handles import Handle, Rectangle
from pipelines.read.pdf.extract.painted import HIDDEN_FLAG, WITHOUT_COVER, rectangle_of
from pipelines.read.pdf.model.matrix import Matrix

_WRITTEN: Final = frozenset({pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT})
_UNSHOWN: Final = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW
_TEXT: Final = frozenset({pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_FORM})


def set_fields(page: Handle, shown: Matrix) -> tuple[bool, list[Rectangle]]:
    """Make what fields and text boxes show a part of their page's content.

    Where something else is laid on the page, which may cover text, they are left where they are.

    Returns:
        Whether the page is another now, to be loaded anew; and the boxes that are not read.
    """
    laid = list(_annotations(page))
    try:
        kinds = [pdfium.FPDFAnnot_GetSubtype(annotation) for annotation in laid]
        beside = [k in WITHOUT_COVER or _is_ticked(a, k) for a, k in zip(laid, kinds, strict=True)]
        written = [
            annotation
            for annotation, kind, out in zip(laid, kinds, beside, strict=True)
            if kind in _WRITTEN and not out and _shows_text(annotation)
        ]
        boxes = [box for a in written if (box := rectangle_of(a, shown)) is not None]
        covers = (k not in _WRITTEN and not b for k, b in zip(kinds, beside, strict=True))
        if not boxes or any(covers):
            return False, boxes
        for annotation, out in zip(laid, beside, strict=True):
            if out:
                pdfium.FPDFAnnot_SetFlags(annotation, HIDDEN_FLAG)
    finally:
        for annotation in laid:
            pdfium.FPDFPage_CloseAnnot(annotation)
    done = pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY) == pdfium.FLATTEN_SUCCESS
    return done, [] if done else boxes


def _annotations(page: Handle) -> Iterator[Handle]:
    for index in range(max(0, pdfium.FPDFPage_GetAnnotCount(page))):
        if annotation := pdfium.FPDFPage_GetAnnot(page, index):
            yield annotation


def _is_ticked(annotation: Handle, kind: int) -> bool:
    """Whether it is a box to tick: its value is a name, not a text."""
    value = pdfium.FPDFAnnot_GetValueType(annotation, b"V")
    return bool(kind == pdfium.FPDF_ANNOT_WIDGET and value == pdfium.FPDF_OBJECT_NAME)


def _shows_text(annotation: Handle) -> bool:
    if pdfium.FPDFAnnot_GetFlags(annotation) & _UNSHOWN:
        return False
    objects = range(max(0, pdfium.FPDFAnnot_GetObjectCount(annotation)))
    kinds = (pdfium.FPDFPageObj_GetType(pdfium.FPDFAnnot_GetObject(annotation, i)) for i in objects)
    return any(kind in _TEXT for kind in kinds)
