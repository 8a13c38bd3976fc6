"""Filled-in form fields and boxes of text laid on a page: text that is no part of its content."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any, Final

from pipelines.read.pdf.extract import calls as pdfium
from pipelines.read.pdf.extract.handles import Handle, Rectangle, said
from pipelines.read.pdf.extract.painted import (
    HIDDEN_FLAG,
    WITHOUT_COVER,
    drawn_in,
    overlaps,
    rectangle_of,
)
from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.matrix import Matrix, mapped

_WRITTEN: Final = frozenset({pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT})
_MARKS: Final = frozenset(
    {
        pdfium.FPDF_ANNOT_HIGHLIGHT,
        pdfium.FPDF_ANNOT_UNDERLINE,
        pdfium.FPDF_ANNOT_SQUIGGLY,
        pdfium.FPDF_ANNOT_STRIKEOUT,
    }
)
_UNSHOWN: Final = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW
_SAME: Final = 0.9  # of a row, that a text lies over where it is that row
_TEXT: Final = frozenset({pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_FORM})


def set_fields(
    document: Handle, number: int, page: Handle, shown: Matrix
) -> tuple[list[Rectangle], list[Rectangle]]:
    """Make what fields and text boxes show a part of the content of page `number` (from 1).

    A text box that is a remark on the text, beside it or between its words, is hidden. Where it or
    something else may cover text, all are left where they are.

    Returns:
        The boxes that are read now, if any once the page is loaded anew; and those that are not.
    """
    laid = list(_annotations(page))
    try:
        kinds = [pdfium.FPDFAnnot_GetSubtype(annotation) for annotation in laid]
        beside = [_is_aside(a, k) for a, k in zip(laid, kinds, strict=True)]
        written = [
            (annotation, kind == pdfium.FPDF_ANNOT_FREETEXT, box)
            for annotation, kind, out in zip(laid, kinds, beside, strict=True)
            if kind in _WRITTEN and not out and _shows_text(annotation)
            if (box := rectangle_of(annotation, shown)) is not None
        ]
        boxes = [box for _, _, box in written]
        rows, texts = [], []
        if any(added for _, added, _ in written):
            rows, texts = _rows(page, shown), _rows_with_boxes(document, number, shown)
        remarks = [item for item in written if item[1] and not _stands_free(item[2], rows, texts)]
        aside = [box for _, _, box in remarks]
        read = [box for box in boxes if box not in aside]
        covers = any(k not in _WRITTEN and not b for k, b in zip(kinds, beside, strict=True))
        if not read or covers or any(_hides(a, box, [*rows, *read]) for a, _, box in remarks):
            return [], boxes
        hidden = [annotation for annotation, out in zip(laid, beside, strict=True) if out]
        for annotation in [*hidden, *(annotation for annotation, _, _ in remarks)]:
            pdfium.FPDFAnnot_SetFlags(annotation, HIDDEN_FLAG)
    finally:
        for annotation in laid:
            pdfium.FPDFPage_CloseAnnot(annotation)
    done = pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY) == pdfium.FLATTEN_SUCCESS
    return (read, aside) if done else ([], boxes)


def _stands_free(box: Rectangle, rows: list[Rectangle], texts: list[Rectangle]) -> bool:
    """Whether a box's text stands over or under the rows of a page, neither beside nor on them."""
    x0, x1 = min((row[0] for row in rows), default=0.0), max((row[2] for row in rows), default=1e9)
    held = [text for text in texts if overlaps(box, text, 0.5)]
    own = [text for text in held if not any(overlaps(text, row, _SAME) for row in rows)] or [box]
    return (
        x0 - GEOMETRY.edge < box[0]
        and box[0] + box[2] < 2 * x1
        and not any(_abreast(row, text) for row in rows for text in own)
    )


def _abreast(one: Rectangle, other: Rectangle) -> bool:
    """Whether two rows share more of their heights than rows set close do."""
    shared = min(one[3], other[3]) - max(one[1], other[1])
    return shared > 0.5 * min(one[3] - one[1], other[3] - other[1])


def _rows(page: Handle, shown: Matrix) -> list[Rectangle]:
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
    return rows


def _rows_with_boxes(document: Handle, number: int, shown: Matrix) -> list[Rectangle]:
    """The rows of a page with those of what is laid on it: of a copy, made one with it."""
    copy = pdfium.FPDF_CreateNewDocument()
    try:
        pdfium.FPDF_ImportPages(copy, document, str(number).encode(), 0)
        page = pdfium.FPDF_LoadPage(copy, 0)
        pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
        pdfium.FPDF_ClosePage(page)
        page = pdfium.FPDF_LoadPage(copy, 0)
        rows = _rows(page, shown)
        pdfium.FPDF_ClosePage(page)
        return rows
    finally:
        pdfium.FPDF_CloseDocument(copy)


def _annotations(page: Handle) -> Iterator[Handle]:
    for index in range(max(0, pdfium.FPDFPage_GetAnnotCount(page))):
        if annotation := pdfium.FPDFPage_GetAnnot(page, index):
            yield annotation


def _is_aside(annotation: Handle, kind: int) -> bool:
    """Whether it neither holds a page's text nor can cover any: a link, a button, a pen's mark."""
    marks = kind in _MARKS and not _is_opaque(annotation)
    return marks or kind in WITHOUT_COVER or _is_pressed(annotation, kind)


def _hides(annotation: Handle, box: Rectangle, rows: list[Rectangle]) -> bool:
    return _is_opaque(annotation) and any(overlaps(box, row) for row in rows)


def _is_opaque(annotation: Handle) -> bool:
    """Whether anything but text is drawn in it that lets nothing through."""
    return any(
        kind != pdfium.FPDF_PAGEOBJ_TEXT and not pdfium.FPDFPageObj_HasTransparency(item)
        for item, kind in drawn_in(annotation)
    )


def _is_pressed(annotation: Handle, kind: int) -> bool:
    """Whether it is a field that holds no text: a box to tick, a button, a signature.

    One of several of a field has no type of its own; that of a button has states.
    """
    field = said(pdfium.FPDFAnnot_GetStringValue, annotation, b"FT")
    states = pdfium.FPDFAnnot_GetValueType(annotation, b"AS") == pdfium.FPDF_OBJECT_NAME
    return bool(kind == pdfium.FPDF_ANNOT_WIDGET and (states or field not in ("", "Tx", "Ch")))


def _shows_text(annotation: Handle) -> bool:
    shown = not pdfium.FPDFAnnot_GetFlags(annotation) & _UNSHOWN
    return shown and any(kind in _TEXT for _, kind in drawn_in(annotation))
