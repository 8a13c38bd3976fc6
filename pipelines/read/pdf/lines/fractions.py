"""Fractions that are set as a raised figure, a stroke and a lowered one."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pipelines.read.drafts.calls import raised
from pipelines.read.pdf.model.page import Span

_STROKES: Final = "/⁄∕"
_RAISED: Final = 0.15  # ems over the line, of the figure over the stroke
_BESIDE: Final = 0.25  # ems between the three of them
_KNOWN: Final = {unicodedata.normalize("NFKC", sign): sign for sign in "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"}


def with_fractions(row: Sequence[Span], base: float) -> list[Span]:
    """Write each fraction of a row, whose line is at `base`, as a sign or with raised figures."""
    kept = list(row)
    for at in range(len(kept) - 3, -1, -1):
        over, stroke, under = kept[at : at + 3]
        if stroke.text.strip() in _STROKES and _is_fraction(over, stroke, under, base):
            figures, lower = over.text.strip(), under.text.strip()
            written = _KNOWN.get(f"{figures}⁄{lower}") or f"{raised(figures)}⁄{lower}"
            space = " " if under.text.endswith(" ") else ""
            kept[at : at + 3] = [replace(stroke, text=written + space, x0=over.x0, x1=under.x1)]
    return kept


def _is_fraction(over: Span, stroke: Span, under: Span, base: float) -> bool:
    return (
        over.text.strip().isdecimal()
        and under.text.strip().isdecimal()
        and base - over.base > _RAISED * over.size
        and under.base >= base - _RAISED * under.size
        and max(stroke.x0 - over.x1, under.x0 - stroke.x1) < _BESIDE * over.size
    )
