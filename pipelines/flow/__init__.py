"""The whole flow: many sources in, tables and report out, in parallel and without loss."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.flow.conduct import open_files, open_run, read_into, run, run_stage
    from pipelines.flow.outcome import Run, Summary
    from pipelines.flow.recounting import recount
    from pipelines.flow.settings import RunSettings

__all__ = [
    "Run",
    "RunSettings",
    "Summary",
    "open_files",
    "open_run",
    "read_into",
    "recount",
    "run",
    "run_stage",
]

_HOME = {
    "Run": "outcome",
    "RunSettings": "settings",
    "Summary": "outcome",
    "open_files": "conduct",
    "open_run": "conduct",
    "read_into": "conduct",
    "recount": "recounting",
    "run": "conduct",
    "run_stage": "conduct",
}


def __getattr__(name: str) -> object:
    """Import a name when it is first used: a worker process needs none of them, nor pandas."""
    if name not in _HOME:
        raise AttributeError(f"module 'pipelines.flow' has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value
