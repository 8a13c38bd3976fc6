"""The structure tree of a tagged PDF: what each piece of text says it is.

Tags are heard only where they are sane, that is where nearly all text has one and they agree
with what the layout shows; many producers tag everything as a paragraph. Then they settle what
layout cannot see: headings set like text, and the levels of headings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipelines.read.pdf.extract import calls as pdfium
from pipelines.read.pdf.extract.handles import Handle, said
from pipelines.read.pdf.model.page import Roles

_DEPTH = 60
_MOST = 20_000  # elements on a page; more is an attack or a loop
HEADING_ROLE = re.compile(r"^H([1-6])$")
_ITEM = ("LI", "LBody", "Lbl", "L")
_KEPT = ("P", "TD", "TH", "Note", "Caption", "BlockQuote", "TOCI")


def read_roles(page: Handle) -> Roles:
    """Return the role of every marked-content id on a page; empty where it has no tree."""
    tree = pdfium.FPDF_StructTree_GetForPage(page)
    if not tree:
        return {}
    roles: Roles = {}
    try:
        pending = [
            (pdfium.FPDF_StructTree_GetChildAtIndex(tree, i), "", 0)
            for i in range(max(0, pdfium.FPDF_StructTree_CountChildren(tree)))
        ]
        for _ in range(_MOST):
            if not pending:
                break
            element, above, depth = pending.pop()
            if element and depth < _DEPTH:
                pending.extend(_visit(element, above, depth, roles))
    finally:
        pdfium.FPDF_StructTree_Close(tree)
    return roles


def _visit(
    element: Handle, above: str, depth: int, roles: Roles
) -> Iterable[tuple[Handle, str, int]]:
    role = _role(said(pdfium.FPDF_StructElement_GetType, element), above)
    children = []
    for index in range(max(0, pdfium.FPDF_StructElement_CountChildren(element))):
        child = pdfium.FPDF_StructElement_GetChildAtIndex(element, index)
        if child:
            children.append((child, role, depth + 1))
        else:
            mark = pdfium.FPDF_StructElement_GetChildMarkedContentID(element, index)
            if mark >= 0:
                roles[mark] = role
    return children


def _role(kind: str, above: str) -> str:
    """The role text takes from an element: a list or table above outweighs what is inside."""
    if above in ("LI", "TD", "TH", "Note"):
        return above
    if kind in _ITEM:
        return "LI"
    return kind if HEADING_ROLE.match(kind) or kind in _KEPT else above or kind
