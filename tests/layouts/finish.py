"""What is done to a finished PDF on its way to the reader, its look unchanged."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, Operator, Pdf, Stream

Finish = Callable[[Pdf], dict[str, object]]


def finish(data: bytes, touches: tuple[str, ...]) -> bytes:
    """Apply the finishing touch among the touches of a house style."""
    name = next((t for t in touches if t in FINISHES), None)
    if name is None:
        return data
    with Pdf.open(io.BytesIO(data)) as file:
        options = FINISHES[name](file)
        out = io.BytesIO()
        file.save(out, **options)
    return out.getvalue()


def _crop(file: Pdf) -> dict[str, object]:
    """Sheets larger than the page, with marks where to cut: the page is a crop of it."""
    for page in file.pages:
        x0, y0, x1, y1 = map(float, page.mediabox)
        page.obj.MediaBox = Array([x0 - 30, y0 - 30, x1 + 30, y1 + 30])
        page.obj.CropBox = Array([x0, y0, x1, y1])
        page.contents_add(b"q", prepend=True)  # Chromium leaves a scale of its own behind
        marks = f"Q q .4 w {x0 - 25} {y1} m {x0 - 5} {y1} l S BT /Cut 7 Tf {x0 + 40} {y1 + 12} Td (sheet 3 of 8, black) Tj ET Q"
        _font(page)
        page.contents_add(marks.encode())
    return {}


def _shifted(file: Pdf) -> dict[str, object]:
    """Pages whose origin is not their corner."""
    for page in file.pages:
        x0, y0, x1, y1 = map(float, page.mediabox)
        page.obj.MediaBox = Array([x0 - 300, y0 + 150, x1 - 300, y1 + 150])
        page.contents_add(b"q 1 0 0 1 -300 150 cm", prepend=True)
        page.contents_add(b"Q")
    return {}


def _upright(file: Pdf) -> dict[str, object]:
    """Pages drawn lying and turned by the viewer."""
    for page in file.pages:
        x0, y0, x1, y1 = map(float, page.mediabox)
        page.obj.MediaBox = Array([0, 0, y1 - y0, x1 - x0])
        page.contents_add(
            f"q 0 1 -1 0 {y1 - y0} 0 cm 1 0 0 1 {-x0} {-y0} cm".encode(), prepend=True
        )
        page.contents_add(b"Q")
        page.obj.Rotate = 90
    return {}


def _scaled(file: Pdf) -> dict[str, object]:
    """Pages set at another size: the printer's choice to fit the paper."""
    for page in file.pages:
        x0, y0, x1, y1 = map(float, page.mediabox)
        page.obj.MediaBox = Array([v * 0.71 for v in (x0, y0, x1, y1)])
        page.contents_add(b"q .71 0 0 .71 0 0 cm", prepend=True)
        page.contents_add(b"Q")
    return {}


def _form(file: Pdf) -> dict[str, object]:
    """Every page one form, as programs leave that put pages together."""
    for page in file.pages:
        page.contents_coalesce()
        form = Stream(file, page.Contents.read_bytes())
        form.Type, form.Subtype = Name.XObject, Name.Form
        form.BBox, form.Resources = page.mediabox, page.resources
        form.Matrix = Array([0.5, 0, 0, 0.5, 10, 20])
        page.obj.Resources = Dictionary(XObject=Dictionary(Fm0=file.make_indirect(form)))
        page.obj.Contents = Stream(file, b"q 2 0 0 2 -20 -40 cm /Fm0 Do Q")
    return {}


def _font(page: pikepdf.Page) -> None:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.add_resource(font, Name.Font, name=Name.Cut, replace_existing=True)


def _hidden_layer(file: Pdf) -> dict[str, object]:
    """A layer of a reviewer's notes, switched off."""
    layer = file.make_indirect(Dictionary(Type=Name.OCG, Name="Notes"))
    file.Root.OCProperties = Dictionary(
        OCGs=Array([layer]), D=Dictionary(OFF=Array([layer]), Order=Array([layer]))
    )
    for page in file.pages:
        _font(page)
        page.add_resource(layer, Name.Properties, name=Name.Notes)
        lines = "".join(
            "0 -60 Td (Check this with the unit before we publish) Tj " for _ in "12345"
        )
        page.contents_add(
            f"/OC /Notes BDC BT /Cut 11 Tf 90 {float(page.mediabox[3]) - 90} Td {lines} ET EMC".encode()
        )
    return {}


def _did(operator: str, *operands: float) -> pikepdf.ContentStreamInstruction:
    return pikepdf.ContentStreamInstruction(list(operands), Operator(operator))


def _twice(file: Pdf) -> dict[str, object]:
    """Bold that is regular type drawn twice, a hair apart."""
    for page in file.pages:
        fonts = page.resources.get(Name.Font, Dictionary())
        bold = {
            str(key)
            for key, font in fonts.items()
            if re.search("bold", str(font.get(Name.BaseFont, "")), re.IGNORECASE)
        }
        made: list[pikepdf.ContentStreamInstruction] = []
        block: list[pikepdf.ContentStreamInstruction] = []
        current = ""
        faces: set[str] = set()
        for item in pikepdf.parse_content_stream(page):
            operator = str(item.operator)
            if operator == "BT":
                block, faces = [], {current}
            if operator == "Tf":
                current = str(item.operands[0])
                shown = any(str(b.operator) in ("Tj", "TJ") for b in block)
                faces = {*faces, current} if shown else {current}
            block.append(item)
            made.append(item)
            if operator == "ET" and faces <= bold:
                made += [_did("q"), _did("cm", 1, 0, 0, 1, 0.35, 0), *block, _did("Q")]
        page.obj.Contents = Stream(file, pikepdf.unparse_content_stream(made))
    return {}


def _linked(file: Pdf) -> dict[str, object]:
    """Links and comments laid over the text."""
    for page in file.pages:
        notes = [
            Dictionary(
                Type=Name.Annot,
                Subtype=kind,
                Rect=Array([70, 300 + 40 * i, 400, 312 + 40 * i]),
                Contents="Please check",
            )
            for i, kind in enumerate((Name.Link, Name.Highlight, Name.FreeText))
        ]
        page.obj.Annots = Array([file.make_indirect(n) for n in notes])
    return {}


def _linear(file: Pdf) -> dict[str, object]:
    return {"linearize": True}


def _packed(file: Pdf) -> dict[str, object]:
    return {"object_stream_mode": pikepdf.ObjectStreamMode.generate, "recompress_flate": True}


def _locked(file: Pdf) -> dict[str, object]:
    """Encrypted against changes; anybody may open it."""
    return {"encryption": pikepdf.Encryption(owner="owner", user="", R=6)}


#: Name of a finishing touch, and what does it; it returns options for saving.
FINISHES: dict[str, Finish] = {
    "crop marks": _crop,
    "shifted origin": _shifted,
    "lying pages": _upright,
    "scaled pages": _scaled,
    "pages as forms": _form,
    "hidden layer": _hidden_layer,
    "bold drawn twice": _twice,
    "comments": _linked,
    "linearised": _linear,
    "packed": _packed,
    "locked": _locked,
}
