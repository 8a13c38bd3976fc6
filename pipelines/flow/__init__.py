"""The whole flow: many sources in, tables and report out, in parallel and without loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.later import names_on_demand

if TYPE_CHECKING:
    from pipelines.flow.conduct import read_into, run, run_stage
    from pipelines.flow.opening import open_files, open_run, open_sets
    from pipelines.flow.outcome import Run, Summary
    from pipelines.flow.recounting import recount
    from pipelines.flow.settings import RunSettings

__all__ = [
    "Run",
    "RunSettings",
    "Summary",
    "open_files",
    "open_run",
    "open_sets",
    "read_into",
    "recount",
    "run",
    "run_stage",
]

__getattr__ = names_on_demand(
    __name__,
    {
        "Run": "pipelines.flow.outcome",
        "RunSettings": "pipelines.flow.settings",
        "Summary": "pipelines.flow.outcome",
        "open_files": "pipelines.flow.opening",
        "open_run": "pipelines.flow.opening",
        "open_sets": "pipelines.flow.opening",
        "read_into": "pipelines.flow.conduct",
        "recount": "pipelines.flow.recounting",
        "run": "pipelines.flow.conduct",
        "run_stage": "pipelines.flow.conduct",
    },
)
