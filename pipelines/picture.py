"""A finding as it stands on its page: the page's image, framed and cropped."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import UnreadableDocument

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL.Image import Image as Picture

    from pipelines.boxes import Box

_RESOLUTION = 110  # dots an inch: readable in a notebook, light in a report
_MARGIN = 24.0  # points kept around the frame
_PAD = 3.0  # points between text and frame
_FRAME = (29, 90, 138)


def draw_boxes(path: str | Path, *, boxes: Sequence[Box], resolution: int = _RESOLUTION) -> Picture:
    """Draw the part of a PDF where boxes stand, with a frame around each.

    Args:
        path: The PDF that the boxes were found in.
        boxes: Rectangles in points from the top left corner of their pages.
        resolution: Dots an inch.

    Returns:
        One image; parts on several pages stand under each other. Jupyter shows it as it is.

    Raises:
        UnreadableDocument: There are no boxes (only PDFs have places), or the file is gone.
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
    import pdfplumber

    parts = []
    with pdfplumber.open(source) as file:
        for number in sorted({box.page for box in boxes}):
            if not 1 <= number <= len(file.pages):
                raise UnreadableDocument(
                    f"{path}: has no page {number}", remedy="read the file again: it has changed"
                )
            page = file.pages[number - 1]
            image = page.to_image(resolution=resolution).original.convert("RGB")
            parts.append(_framed(image, [b for b in boxes if b.page == number], resolution / 72))
            page.close()
    return _stacked(parts)


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
    whole = Image.new("RGB", (width, height), "white")
    at = 0
    for part in parts:
        whole.paste(part, (0, at))
        at += part.height
    return whole
