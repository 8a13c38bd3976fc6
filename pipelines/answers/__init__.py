"""Answers: what people say of findings, kept as events, and what stands after all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.later import names_on_demand

if TYPE_CHECKING:
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

__getattr__ = names_on_demand(
    __name__,
    {
        "FOLDER": "pipelines.answers.store",
        "AnswerStore": "pipelines.answers.store",
        "Event": "pipelines.answers.events",
        "Reading": "pipelines.answers.store",
        "Standing": "pipelines.answers.standing",
        "about_finding": "pipelines.answers.saying",
        "apply_answers": "pipelines.answers.applied",
        "codebook_digest": "pipelines.answers.saying",
        "edit": "pipelines.answers.saying",
        "memo": "pipelines.answers.saying",
        "standing_of": "pipelines.answers.standing",
        "undo": "pipelines.answers.saying",
        "whole": "pipelines.answers.saying",
    },
)
