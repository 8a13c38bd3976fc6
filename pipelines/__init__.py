"""Read probation inspection reports and say which problems recur, where and on what evidence.

    import pipelines

    document = pipelines.read_document("report.pdf")
    segmentation = pipelines.segment_document(document)
    run = pipelines.run(["reports/"])
    run.findings, run.tags, run.recurrence  # DataFrames

Nothing heavy is imported until a name is used, so reading alone stays fast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.later import names_on_demand

if TYPE_CHECKING:
    from pipelines.aggregate import aggregate_tables
    from pipelines.codebook import load_codebook
    from pipelines.errors import FindingsError
    from pipelines.flow import Run, open_run, run
    from pipelines.flow.alone import read_document
    from pipelines.flow.training import train_model
    from pipelines.mine import mine_tables
    from pipelines.project import leave_project, open_project
    from pipelines.report import write_report
    from pipelines.report.export.files import to_csv
    from pipelines.segment import segment_document
    from pipelines.tag import load_model, tag_findings
    from pipelines.tag.explain.attribution import explain
    from pipelines.tag.models.registry import roll_back
    from pipelines.tag.training.train import TrainSettings

# Public name -> the module that defines it. No name equals a module's of the package.
_HOME = {
    "FindingsError": "pipelines.errors",
    "Run": "pipelines.flow",
    "TrainSettings": "pipelines.tag.training.train",
    "aggregate_tables": "pipelines.aggregate",
    "explain": "pipelines.tag.explain.attribution",
    "leave_project": "pipelines.project",
    "load_codebook": "pipelines.codebook",
    "load_model": "pipelines.tag",
    "mine_tables": "pipelines.mine",
    "open_project": "pipelines.project",
    "open_run": "pipelines.flow",
    "read_document": "pipelines.flow.alone",
    "roll_back": "pipelines.tag.models.registry",
    "run": "pipelines.flow",
    "segment_document": "pipelines.segment",
    "tag_findings": "pipelines.tag",
    "to_csv": "pipelines.report.export.files",
    "train_model": "pipelines.flow.training",
    "write_report": "pipelines.report",
}

__all__ = [
    "FindingsError",
    "Run",
    "TrainSettings",
    "aggregate_tables",
    "explain",
    "leave_project",
    "load_codebook",
    "load_model",
    "mine_tables",
    "open_project",
    "open_run",
    "read_document",
    "roll_back",
    "run",
    "segment_document",
    "tag_findings",
    "to_csv",
    "train_model",
    "write_report",
]


_find = names_on_demand(__name__, _HOME)


def __getattr__(name: str) -> object:
    """Import a public name when it is first used; look up the version when it is asked for."""
    if name == "__version__":
        from importlib.metadata import version

        return version("probation-findings")
    return _find(name)


def __dir__() -> list[str]:
    return sorted(__all__)  # what is public, and not what this module imports for itself
