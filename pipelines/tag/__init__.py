"""Themes for findings: features, model, decisions, explanations, evaluation, retraining."""

from pipelines.tag.model import Model
from pipelines.tag.predict import tag_findings, tag_tables
from pipelines.tag.registry import load_model

__all__ = ["Model", "load_model", "tag_findings", "tag_tables"]
