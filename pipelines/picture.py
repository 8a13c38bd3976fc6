"""A finding as it stands on its page: the page's image, framed and cropped.

`draw_boxes` makes one fine picture to look at; `clippings` makes many light ones for a report.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import UnreadableDocument

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PIL.Image import Image as Picture
    from pypdfium2 import PdfDocument, PdfPage

    from pipelines.boxes import Box

_RESOLUTION = 110  # dots an inch: readable in a notebook, light in a report
_MARGIN = 24.0  # points kept around the frame
_PAD = 3.0  # points between text and frame
_FRAME = (29, 90, 138)
_LIGHT_RESOLUTION = 100
_LIGHT_MARGIN = 12.0
_LIGHT_FRAME = 108  # a grey: the report's own colours say strength or area
_GREYS = 8  # enough for letters; a picture then is 3 kB
_HIGHEST = 900  # pixels; a finding over several pages is cut there


def draw_boxes(path: str | Path, *, boxes: Sequence[Box]) -> Picture:
    """Draw the part of a PDF where boxes stand, with a frame around each.

    Args:
        path: The PDF that the boxes were found in.
        boxes: Rectangles in points from the top left corner of their pages.

    Returns:
        One image; parts on several pages stand under each other. Jupyter shows it as it is.

    Raises:
        UnreadableDocument: There are no boxes (only PDFs have places), the file is gone, or
            PDFium cannot open it.
    """
    if not boxes:
        raise UnreadableDocument(
            f"{path}: no place on a page is known", remedy="pictures need a source that is a PDF"
        )
    source = Path(path)
    if not source.is_file():
        raise UnreadableDocument(
            f"{path}: the file is not there any more", remedy="put it back where it was read from"
        )
    parts, scale = [], _RESOLUTION / 72
    with _opened(source.read_bytes()) as document:
        for number in sorted({box.page for box in boxes}):
            if not 1 <= number <= len(document):
                raise UnreadableDocument(
                    f"{path}: has no page {number}", remedy="read the file again: it has changed"
                )
            image = document[number - 1].render(scale=scale).to_pil().convert("RGB")
            parts.append(_framed(image, [b for b in boxes if b.page == number], scale))
    return _stacked(parts)


def _opened(data: bytes) -> PdfDocument:
    import pypdfium2 as pdfium

    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise UnreadableDocument(
            f"no picture: {error}", remedy="check that the file opens in a viewer"
        ) from error


def clippings(data: bytes, places: Mapping[str, Sequence[Box]]) -> dict[str, bytes]:
    """Cut findings out of the pages of a PDF: small, in greys, a frame around each box.

    Args:
        data: The PDF.
        places: Boxes by name.

    Returns:
        PNG by name, for each whose first page is there; the same bytes for the same input.

    Raises:
        UnreadableDocument: PDFium cannot open it.
    """
    import io

    out = {}
    with _opened(data) as document:
        for name, boxes in places.items():
            pages = sorted({box.page for box in boxes if 1 <= box.page <= len(document)})
            parts = [
                _clipped(document[page - 1], [box for box in boxes if box.page == page])
                for page in pages
            ]
            if not parts:
                continue
            image = _stacked(parts)
            image = image.crop((0, 0, image.width, min(image.height, _HIGHEST)))
            image = image.point([grey * _GREYS // 256 for grey in range(256)])
            image.putpalette(
                [shade * 255 // (_GREYS - 1) for shade in range(_GREYS) for _ in "rgb"]
            )
            stream = io.BytesIO()
            image.save(stream, "PNG", bits=4)
            out[name] = stream.getvalue()
    return out


def _clipped(page: PdfPage, boxes: Sequence[Box]) -> Picture:
    from PIL import ImageDraw

    width, height = page.get_size()
    left = max(0.0, min(box.x0 for box in boxes) - _LIGHT_MARGIN)
    top = max(0.0, min(box.top for box in boxes) - _LIGHT_MARGIN)
    right = min(width, max(box.x1 for box in boxes) + _LIGHT_MARGIN)
    bottom = min(height, max(box.bottom for box in boxes) + _LIGHT_MARGIN)
    scale = _LIGHT_RESOLUTION / 72
    crop = (left, height - bottom, width - right, top)
    image: Picture = page.render(scale=scale, crop=crop, grayscale=True).to_pil()
    drawing = ImageDraw.Draw(image)
    for box in boxes:
        corners = (
            box.x0 - _PAD - left,
            box.top - _PAD - top,
            box.x1 + _PAD - left,
            box.bottom + _PAD - top,
        )
        drawing.rectangle([value * scale for value in corners], outline=_LIGHT_FRAME, width=2)
    return image


def _framed(image: Picture, boxes: Sequence[Box], scale: float) -> Picture:
    from PIL import ImageDraw

    drawing = ImageDraw.Draw(image)
    for box in boxes:
        corners = (box.x0 - _PAD, box.top - _PAD, box.x1 + _PAD, box.bottom + _PAD)
        drawing.rectangle([value * scale for value in corners], outline=_FRAME, width=2)
    left = min(box.x0 for box in boxes) - _MARGIN
    top = min(box.top for box in boxes) - _MARGIN
    right = max(box.x1 for box in boxes) + _MARGIN
    bottom = max(box.bottom for box in boxes) + _MARGIN
    return image.crop(
        (
            max(0, int(left * scale)),
            max(0, int(top * scale)),
            min(image.width, int(right * scale)),
            min(image.height, int(bottom * scale)),
        )
    )


def _stacked(parts: Sequence[Picture]) -> Picture:
    if len(parts) == 1:
        return parts[0]
    from PIL import Image

    width, height = max(p.width for p in parts), sum(p.height for p in parts)
    whole = Image.new(parts[0].mode, (width, height), "white")
    at = 0
    for part in parts:
        whole.paste(part, (0, at))
        at += part.height
    return whole
