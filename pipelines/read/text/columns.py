"""Two lists side by side in plain text, as text taken from a page with its layout has them.

Where items open at two places of one line, the white between them runs down the page: what is
left and right of it are the cells of a table, and so they are handed on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from pipelines.read.drafts.lines import DASHES, SURE_GLYPHS
from pipelines.read.drafts.wrapping import join_lines

_SIGN: Final = rf"(?:[{SURE_GLYPHS}]|[{re.escape(DASHES)}o](?=\s))"
_BOTH: Final = re.compile(rf"\s*{_SIGN}\s*\S.{{3,200}}?\s{{2,}}({_SIGN})\s*\S")
_ITEM: Final = re.compile(rf"{_SIGN}\s*")
_HEADS: Final = re.compile(r"\s*\S.{0,60}?\s{2,}\S.{0,60}$")
_HEAD_REACH: Final = 2  # lines between the heads and the first items
_SLACK: Final = 3  # columns by which a head may stand off its list


def side_by_side(lines: Sequence[str]) -> list[str]:
    """Return the lines with lists that stand side by side rewritten as tables."""
    out: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at].expandtabs(4)
        match = _BOTH.match(line[:400])
        end = _end(lines, at, match.start(1)) if match else at
        if match is None or end - at < 2:
            out.append(lines[at])
            at += 1
            continue
        column = match.start(1)
        heads = _take_heads(out, column)
        if heads:
            out += ["", _row(heads)]
        out += [_row(_cells(lines[at:end], column)), ""]
        at = end
    return out


def _end(lines: Sequence[str], start: int, column: int) -> int:
    """Where the white left of the column ends."""
    at = start
    while at < len(lines):
        line = lines[at].expandtabs(4)
        if line[max(0, column - 2) : column].strip() or not line.strip():
            break
        at += 1
    return at


def _take_heads(out: list[str], column: int) -> tuple[str, str] | None:
    """Take the headings of both lists off the lines above them; None where there are none."""
    for back in range(1, _HEAD_REACH + 1):
        line = out[-back].expandtabs(4) if back <= len(out) else ""
        if not line.strip():
            continue
        for cut in range(max(1, column - _SLACK), column + _SLACK + 1):
            left, right = line[:cut], line[cut:]
            if left.strip() and right.strip() and left.endswith("  ") and _HEADS.match(line):
                del out[-back:]
                return left.strip(), right.strip()
        return None
    return None


def _cells(lines: Sequence[str], column: int) -> tuple[str, str]:
    sides: tuple[list[str], list[str]] = ([], [])
    for line in lines:
        wide = line.expandtabs(4)
        for side, text in zip(sides, (wide[:column].strip(), wide[column:].strip()), strict=True):
            if not text:
                continue
            if _ITEM.match(text) or not side:
                side.append("• " + _ITEM.sub("", text, count=1))
            else:
                side[-1] = join_lines(side[-1], text).replace("\n", " ")
    return "<br>".join(sides[0]), "<br>".join(sides[1])


def _row(cells: tuple[str, str]) -> str:
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"
