"""Themes for findings: features, model, decisions, explanations, evaluation, retraining."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.later import names_on_demand

if TYPE_CHECKING:
    from pipelines.tag.model import Model
    from pipelines.tag.predict import tag_findings, tag_tables
    from pipelines.tag.registry import load_model

__all__ = ["Model", "load_model", "tag_findings", "tag_tables"]

__getattr__ = names_on_demand(
    __name__,
    {
        "Model": "pipelines.tag.model",
        "load_model": "pipelines.tag.registry",
        "tag_findings": "pipelines.tag.predict",
        "tag_tables": "pipelines.tag.predict",
    },
)
