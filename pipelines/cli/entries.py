"""Rows that are about a text, as entries for a terminal of any width: text first, details below."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from typing import Final

from pipelines.records import POLARITY_NAMES
from pipelines.tables import missing

_WIDEST: Final = 120  # of a line of text: longer ones are hard to follow
_NARROWEST: Final = 40
_INDENT: Final = "    "
_PARTED: Final = " · "
_BARE: Final = frozenset({"unit", "published", "polarity", "standard", "region", "status", "theme"})


def print_entries(names: Sequence[str], rows: Iterable[Sequence[object]], lead: str) -> None:
    """Print a row as an entry: its text, its details, and ids whole on lines of their own.

    Args:
        names: Of the columns; what they hold is printed in their order.
        rows: Of the table.
        lead: The column of text.
    """
    terminal = sys.stdout.isatty()
    width = max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size((100, 24)).columns))
    for row in rows:
        values = dict(zip(names, map(cell, row), strict=True))
        sys.stdout.write(_bold("\n".join(wrapped(values.pop(lead), width, "")), on=terminal) + "\n")
        ids = [value for name, value in values.items() if name.endswith("_id") and value]
        texts = [value for name, value in values.items() if name == "text" and value]
        for text in texts:
            sys.stdout.write("\n".join(wrapped(text, width, _INDENT)) + "\n")
        details = [
            _detail(name, value)
            for name, value in values.items()
            if value not in ("", "False") and not name.endswith("_id") and name != "text"
        ]
        sys.stdout.write("\n".join(_joined(details, width)) + "\n")
        for value in ids:  # never wrapped or cut, so that it can be pasted
            sys.stdout.write(f"{_INDENT}{value}\n")
        sys.stdout.write("\n")


def cell(value: object) -> str:
    """Return a value of a table as it is printed: nothing in it can act on a terminal."""
    from pipelines.report.english import plain

    if isinstance(value, list):
        return "; ".join(plain(str(part)) for part in value)
    if missing(value):
        return ""
    return f"{value:.3g}" if isinstance(value, float) else plain(str(value))


def wrapped(text: str, width: int, indent: str) -> list[str]:
    """Return text in lines of a width, what no terminal shows taken out."""
    shown = text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)
    plain = " ".join(shown.split())
    if plain and len(indent) + len(plain) <= width:  # as most details are
        return [f"{indent}{plain}"]
    lines = textwrap.wrap(
        plain, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )
    return lines or [indent]


def _detail(name: str, value: str) -> str:
    if name == "polarity":
        return POLARITY_NAMES.get(value, value)
    if value == "True":
        return name.replace("_", " ")
    return value if name in _BARE else f"{name.replace('_', ' ')} {value}"


def _joined(details: list[str], width: int) -> list[str]:
    """Join details into lines, none of them parted unless it is longer than a line."""
    lines = [""]
    for detail in details:
        grown = f"{lines[-1]}{_PARTED}{detail}" if lines[-1] else detail
        if len(_INDENT) + len(grown) <= width:
            lines[-1] = grown
        else:
            lines.append(detail)
    return [part for line in lines if line for part in wrapped(line, width, _INDENT)]


def _bold(text: str, *, on: bool) -> str:
    return f"\x1b[1m{text}\x1b[0m" if on else text
