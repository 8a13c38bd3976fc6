"""Answers: what people say of findings, kept as events, and what stands after all of them."""

from __future__ import annotations

from pipelines.answers.applied import apply_answers
from pipelines.answers.events import Event
from pipelines.answers.saying import about_finding, codebook_digest, edit, memo, undo, whole
from pipelines.answers.standing import Standing, standing_of
from pipelines.answers.store import FOLDER, AnswerStore, Reading

__all__ = [
    "FOLDER",
    "AnswerStore",
    "Event",
    "Reading",
    "Standing",
    "about_finding",
    "apply_answers",
    "codebook_digest",
    "edit",
    "memo",
    "standing_of",
    "undo",
    "whole",
]
