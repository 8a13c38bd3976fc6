"""Accents that are drawn as glyphs of their own over their letters, as TeX does."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from pipelines.read.pdf.model.page import RawPage, Span

#: What stands by itself on the page, and what is written with a letter.
_ACCENTS = {
    "`": "\u0300",
    "´": "\u0301",
    "ˆ": "\u0302",
    "^": "\u0302",
    "˜": "\u0303",
    "¯": "\u0304",
    "˘": "\u0306",
    "¨": "\u0308",
    "˚": "\u030a",
    "ˇ": "\u030c",
    "¸": "\u0327",
}
_DOTLESS = {"ı": "i", "ȷ": "j"}  # letters that give up their dot to an accent
_OVER = 1.0  # sizes by which an accent may be raised over the line of its letter
_PLAY = 0.1  # sizes by which it may stand beside the letters it is over


def set_accents(page: RawPage) -> None:
    """Write accents that stand over a letter with it."""
    if not any(span.text.strip() in _ACCENTS for span in page.spans):
        return
    kept: list[Span] = []
    for span in page.spans:
        accent = _ACCENTS.get(span.text.strip())
        letters = _under(span, page.spans) if accent else None
        if accent and letters is not None:
            _write(accent, (span.x0 + span.x1) / 2, letters)
        else:
            kept.append(span)
    page.spans = kept


def _under(accent: Span, spans: Sequence[Span]) -> Span | None:
    """The text whose letters an accent stands over."""
    middle = (accent.x0 + accent.x1) / 2
    over = (
        s
        for s in spans
        if s.text.strip()
        and s.text.strip() not in _ACCENTS
        and -0.1 * s.size <= s.base - accent.base <= _OVER * s.size
        and s.x0 - _PLAY * s.size <= middle <= s.x1 + _PLAY * s.size
    )
    return min(over, key=lambda s: (s.x1 - s.x0, s.base), default=None)


def _write(accent: str, at: float, span: Span) -> None:
    """Put an accent on the letter of a text that stands at a place."""
    text = span.text.rstrip()
    width = (span.x1 - span.x0) / len(text)
    near = sorted(range(len(text)), key=lambda i: abs(span.x0 + width * (i + 0.5) - at))
    for index in near[:2]:
        letter = _DOTLESS.get(text[index], text[index])
        whole = unicodedata.normalize("NFC", letter + accent)
        if letter.isalpha() and len(whole) == 1:
            span.text = span.text[:index] + whole + span.text[index + 1 :]
            return
