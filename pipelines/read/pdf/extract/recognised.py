"""What OCR loses: bullets. It leaves most of them out and takes some for odd letters.

They are still in the picture. A small spot of ink that stands by itself to the left of a line, at
the height of its small letters, becomes a shape of the page; whether it is a bullet is then
decided as for every drawn one (`markers.set_drawn_bullets`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.read.pdf.model.page import RawPage, Shape, Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_RESOLUTION = 144  # dots an inch: a bullet of a small print is still four dots wide
_DARK = 140  # of 255: what counts as ink on grey or yellowed paper
_REACH = 3.2  # ems to the left of a line in which its bullet stands
_LEAST, _MOST = 0.13, 0.8  # ems: sizes of spots that may be bullets
_LEVEL = 0.4  # ems between the baselines of one line, as recognised
_BEFORE = 0.15  # ems of white between a bullet and its line
_OUT, _WIDE = 0.3, 0.85  # ems left and right of a letter that its ink may reach
_DESCENT = 0.25  # ems that letters reach below the baseline
_SIGNS = 2  # that a bullet may be taken for
_WORDS = frozenset("AIai")  # lone letters that a line of text begins with


def find_spots(pages: list[RawPage], data: bytes) -> None:
    """Add the spots that may be bullets to the shapes of pages read by OCR.

    Args:
        pages: Pages as read from the recognised text; changed in place.
        data: The PDF with the pictures of these pages.
    """
    import pypdfium2

    with pypdfium2.PdfDocument(data) as file:
        for page in pages:
            sheet = file[page.number - 1]
            picture = sheet.render(scale=_RESOLUTION / 72, grayscale=True).to_numpy()
            sheet.close()
            if picture.ndim == 3:
                picture = picture[:, :, 0]
            _mark(page, picture < _DARK)


def _mark(page: RawPage, ink: NDArray[np.bool_]) -> None:
    for span in [s for s in page.spans if s.text.strip() and _starts_line(s, page.spans)]:
        odd, _, rest = span.text.strip().partition(" ")
        taken_for_letter = _is_odd(odd)
        if taken_for_letter and rest:
            spot = _first_spot(span, ink)
            if spot is not None:
                share = 1 - (len(span.text.lstrip()) - len(odd) - 1) / len(span.text)
                span.text = span.text.lstrip()[len(odd) + 1 :]
                span.x0 = max(spot.x1 + 0.2 * span.size, span.x0 + share * (span.x1 - span.x0))
        elif taken_for_letter:
            beside = [s for s in page.spans if _on_one_line(s, span) and s.x0 > span.x1]
            spot = _first_spot(span, ink) if beside else None
            if spot is not None:
                page.spans.remove(span)
        else:
            spot = _spot(span, ink)
        if spot is not None:
            page.shapes.append(spot)


def _is_odd(opening: str) -> bool:
    """Whether a line begins with a letter, or one or two signs, that no sentence begins with."""
    if len(opening) == _SIGNS:
        return not any(map(str.isalnum, opening))
    odd = len(opening) == 1 and opening not in _WORDS and not opening.isdigit()
    return odd and (opening == "O" or not opening.isupper())  # P 1.1 Leadership, T he office


def _on_one_line(one: Span, other: Span) -> bool:
    return abs(one.base - other.base) < _LEVEL * max(one.size, other.size)


def _starts_line(span: Span, spans: list[Span]) -> bool:
    """Whether nothing that was recognised stands near on the left."""
    return not any(
        span.x0 - s.x0 > 0 and span.x0 - s.x1 < _REACH * span.size and _on_one_line(s, span)
        for s in spans
        if s is not span and s.text.strip()
    )


def _spot(span: Span, ink: NDArray[np.bool_]) -> Shape | None:
    """The one small spot of ink left of a line, if there is just one."""
    return _ink(span, span.x0 - _REACH * span.size, span.x0 - _BEFORE * span.size, ink)


def _first_spot(span: Span, ink: NDArray[np.bool_]) -> Shape | None:
    """The spot that a span's first letter was taken from, if white separates it from the next."""
    return _ink(span, span.x0 - _OUT * span.size, span.x0 + _WIDE * span.size, ink)


def _ink(span: Span, x0: float, x1: float, ink: NDArray[np.bool_]) -> Shape | None:
    """The ink between two places at a line's height, if it is one small spot."""
    import numpy as np

    scale = _RESOLUTION / 72
    left, right = max(0, int(x0 * scale)), int(x1 * scale)
    top = max(0, int((span.base - span.size) * scale))
    zone = ink[top : int((span.base + _DESCENT * span.size) * scale), left:right]
    if not zone.size or not zone.any():
        return None
    across, down = np.flatnonzero(zone.any(axis=0)), np.flatnonzero(zone.any(axis=1))
    shape = Shape(
        (left + int(across[0])) / scale,
        (top + int(down[0])) / scale,
        (left + int(across[-1]) + 1) / scale,
        (top + int(down[-1]) + 1) / scale,
        1,
    )
    whole = len(across) == across[-1] - across[0] + 1
    sizes_fit = all(
        _LEAST * span.size <= extent <= _MOST * span.size for extent in (shape.width, shape.height)
    )
    return shape if whole and sizes_fit else None
