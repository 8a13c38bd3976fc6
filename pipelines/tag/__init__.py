"""Themes for findings: features, model, decisions, explanations, evaluation, retraining."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.later import names_on_demand

if TYPE_CHECKING:
    from pipelines.tag.models.model import Model
    from pipelines.tag.models.registry import load_model
    from pipelines.tag.predict import tag_findings, tag_tables

__all__ = ["Model", "load_model", "tag_findings", "tag_tables"]

__getattr__ = names_on_demand(
    __name__,
    {
        "Model": "pipelines.tag.models.model",
        "load_model": "pipelines.tag.models.registry",
        "tag_findings": "pipelines.tag.predict",
        "tag_tables": "pipelines.tag.predict",
    },
)
