"""Accents that are drawn as glyphs of their own over their letters, as TeX does."""

from __future__ import annotations

import re
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
# Accents that stand in a word. An acute one may stand for an apostrophe or a quotation mark, too;
# a tilde opens no word but for "about".
_INSIDE = re.compile(r"(?<=[^\W\d_])[´ˆ˜¨¸ˇ˚]|[´ˆ¨¸ˇ˚](?=[^\W\d_])")
_APOSTROPHE = re.compile(
    r"(?<=s)´(?!\w)|´(?:s|t|d|m|re|ve|ll)\b|(?<=\b[A-Z])´(?=[A-Z])|(?<=\bo)´(?=clock\b)"
)
_ACUTE, _ACUTES = "´", frozenset("aeiouwycnszAEIOUWYCNSZ")  # letters that it stands on
_OPENS = re.compile(r"(?<![^\s(\[])´(?=\w)")  # quotations open and end so, words with accents in
_ENDS = re.compile(r"(?<=[^\W\ds_])[.,]?´(?!\w)")  # one way alone, which is that of the page
_GUESSED = re.compile(r" (?=[a-z])")  # by PDFium, where the pen goes on behind a wide letter
_WIDEST = "wWmM"
_WIDE = 0.15  # sizes of its letters that an accent is wide, at least
_PLAY = 0.1  # sizes by which it may stand beside the letters it is over


def set_accents(page: RawPage) -> None:
    """Write accents that stand over a letter with it."""
    _set_inside(page.spans)
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


def _set_inside(spans: Sequence[Span]) -> None:
    """Write accents that stand in words with the letter before or behind them.

    Where both may have an accent, it is the one that others of the page stand beside.
    """
    held = [span for span in spans if not span.text.isascii() and _INSIDE.search(span.text)]
    quoted = all(any(way.search(span.text) for span in held) for way in (_OPENS, _ENDS))
    behind = 0  # letters that have their accent behind them, less those that have it before them
    for span in held:
        for found in _INSIDE.finditer(span.text):
            one, two = _beside(span.text, found.start())
            behind += bool(one) - bool(two)
    for span in held:
        span.text = _with_accents(span.text, behind=behind >= 0, quoted=quoted)


def _with_accents(text: str, *, behind: bool, quoted: bool) -> str:
    """A text whose accents are written with the letters that they stand behind, or before."""
    parts: list[str] = []
    done = 0
    for found in _INSIDE.finditer(text):
        at = found.start()
        if at < done or (quoted and text[at] == _ACUTE):
            continue
        one, two = _beside(text, at)
        if at > done and one and (behind or not two):
            parts += [text[done : at - 1], one]
            guessed = text[at - 1] in _WIDEST and _GUESSED.match(text, at + 1)
            done = at + 1 + bool(guessed)
        elif two:
            parts += [text[done:at], two]
            done = at + 2
    return "".join([*parts, text[done:]])


def _beside(text: str, at: int) -> tuple[str, str]:
    """The letters before and behind an accent with it; empty where it is none of theirs."""
    if _APOSTROPHE.match(text, at):
        return "", ""
    return _accented(text[at - 1 : at], text[at]), _accented(text[at + 1 : at + 2], text[at])


def _accented(letter: str, accent: str) -> str:
    """A letter with an accent; empty where it is no letter, or has no such accent."""
    if not letter.isalpha() or (accent == _ACUTE and letter not in _ACUTES):
        return ""
    written = _with(letter, ACCENTS[accent])
    return written * (len(written) == 1)


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
