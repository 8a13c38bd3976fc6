"""Accents that are drawn as glyphs of their own over their letters, as TeX does."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import accumulate

from pipelines.read.pdf.model.accents import ACCENTS
from pipelines.read.pdf.model.page import RawPage, Span

_DOTLESS = {"ı": "i", "ȷ": "j"}  # letters that give up their dot to an accent
_WIDTHS = {  # ems, about, in the faces that text is set in
    **dict.fromkeys("ijlI'’.,:;|! ", 0.25),
    **dict.fromkeys("frt()[]-ı", 0.33),
    **dict.fromkeys("csvxyzkJ", 0.5),
    **dict.fromkeys("mMW", 0.86),
    "w": 0.72,
}
_SMALL, _CAPITAL = 0.56, 0.68  # ems: of other letters
_USUAL = "\u0180"  # letters with accents below it are those of the languages around
_OVER = 1.0  # sizes by which an accent may be raised over the line of its letter
_WIDE = 0.15  # sizes of its letters that an accent is wide, at least
_PLAY = 0.1  # sizes by which it may stand beside the letters it is over


def set_accents(page: RawPage) -> None:
    """Write accents that stand over a letter with it."""
    if not any(span.text.strip() in ACCENTS for span in page.spans):
        return
    kept: list[Span] = []
    for span in page.spans:
        accent = ACCENTS.get(span.text.strip())
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
        and s.text.strip() not in ACCENTS
        and s.angle == accent.angle
        and accent.x1 - accent.x0 > _WIDE * s.size  # its own size may be told too small
        and -0.1 * s.size <= s.base - accent.base <= _OVER * s.size
        and s.x0 - _PLAY * s.size <= middle <= s.x1 + _PLAY * s.size
    )
    return min(over, key=lambda s: (s.x1 - s.x0, s.base), default=None)


def _width(letter: str) -> float:
    return _WIDTHS.get(letter, _CAPITAL if letter.isupper() else _SMALL)


def _write(accent: str, at: float, span: Span) -> None:
    """Put an accent on the letter of a text that stands at a place."""
    text = span.text.rstrip()
    ends = list(accumulate(map(_width, text), initial=0.0))
    scale = (span.x1 - span.x0) / ends[-1]
    near = sorted(
        range(len(text)), key=lambda i: abs(span.x0 + scale * (ends[i] + ends[i + 1]) / 2 - at)
    )
    written = [(_with(text[index], accent), index) for index in near[:2]]
    for whole, index in sorted(written, key=lambda pair: pair[0] >= _USUAL):
        if text[index].isalpha() and len(whole) == 1:
            span.text = span.text[:index] + whole + span.text[index + 1 :]
            return


def _with(letter: str, accent: str) -> str:
    return unicodedata.normalize("NFC", _DOTLESS.get(letter, letter) + accent)
