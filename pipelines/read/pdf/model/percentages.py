"""Percentages in cells, and those written on with the text of the cell before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.page import Span

_FIGURE = re.compile(r"^\(?\d{1,3}(?:[.,]\d+)?\s?%\)?$")
_WRITTEN_ON = re.compile(r"^(.*\S)\s+(\d{1,3}(?:[.,]\d+)?%)$")


def is_percentage(text: str) -> bool:
    """Whether a text is a percentage and nothing else."""
    return bool(_FIGURE.match(text.strip()))


def ends_in_figure(text: str) -> bool:
    """Whether a percentage is written on with the text before it."""
    return bool(_WRITTEN_ON.match(text.strip()))


def parted_figure(row: list[Span], sure: Sequence[Span]) -> list[Span]:
    """Part a percentage from the text it is written on with, where surer ones stand there."""
    last = row[-1]
    match = _WRITTEN_ON.match(last.text)
    if match is None:
        return row
    for other in sure:
        wide = (other.x1 - other.x0) * len(match[2]) / len(other.text.strip())
        if abs(last.x1 - other.x0 - wide) < GEOMETRY.edge or abs(last.x1 - other.x1) < 1:
            begin = last.x1 - wide
            return [
                *row[:-1],
                replace(last, text=match[1], x1=begin - 0.3 * last.size),
                replace(last, text=match[2], x0=begin),
            ]
    return row


def written_apart(spans: Sequence[Span], edge: float) -> list[Span]:
    """Part percentages from the text before an upright edge that they are written on with."""
    found: list[Span] = []
    for span in spans:
        match = _WRITTEN_ON.match(span.text.strip()) if span.x0 < edge - 2 < span.x1 else None
        if match is None:
            found.append(span)
        else:
            found.append(replace(span, text=match[1], x1=edge - 1))
            found.append(replace(span, text=match[2], x0=edge + 1))
    return found
