"""Percentages in cells, and those written on with the text of the cell before."""

from __future__ import annotations

import re

_FIGURE = re.compile(r"^\(?\d{1,3}(?:[.,]\d+)?\s?%\)?$")
_WRITTEN_ON = re.compile(r"^(.*\S)\s+(\d{1,3}(?:[.,]\d+)?%)$")


def is_percentage(text: str) -> bool:
    """Whether a text is a percentage and nothing else."""
    return bool(_FIGURE.match(text.strip()))


def ends_in_figure(text: str) -> bool:
    """Whether a percentage is written on with the text before it."""
    return text.rstrip().endswith("%") and bool(_WRITTEN_ON.match(text.strip()))
