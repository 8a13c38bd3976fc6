"""The door to Altair, which is slow to open where Jupyter's packages are installed.

Altair imports jsonschema, and that, where it finds `rfc3987_syntax`, makes parsers of 38 grammars
of addresses: one and a half seconds each time a report is written. No chart of ours has a value of
these formats, so jsonschema is imported as if the package were absent; addresses are then not
checked by it in this process.
"""

from __future__ import annotations

import importlib
import sys

_SLOW = "rfc3987_syntax"


def _import_quickly() -> None:
    """Import jsonschema without the parsers, unless it or they are there already."""
    if "jsonschema" in sys.modules or _SLOW in sys.modules:
        return
    sys.modules[_SLOW] = None  # type: ignore[assignment]  # so Python marks what is absent
    try:
        importlib.import_module("jsonschema")
    finally:
        del sys.modules[_SLOW]


_import_quickly()

import altair as alt  # noqa: E402

__all__ = ["alt"]
