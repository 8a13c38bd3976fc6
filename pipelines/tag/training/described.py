"""The descriptions in codebook and catalogue, as labels to train on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipelines.catalogue import load_catalogue
from pipelines.codebook import load_codebook
from pipelines.tag.fitting.fit import Examples
from pipelines.tag.labels.label import Label

if TYPE_CHECKING:
    from pipelines.tag.labels.reading import LabelSet

DESCRIBED: Final = "catalogue of issues"
"""Source of labels that nobody gave."""


def described_labels() -> tuple[Label, ...]:
    """Return how the catalogue describes its subjects, as labels: names of both poles and claim.

    Of a project's themes too: names, claims and wordings. So a subject or a theme that was just
    added is known by its names before anybody labels a finding with it.
    """
    return (
        *(
            Label(text, subject.themes, subjects=(subject.slug,), source=DESCRIBED)
            for subject in load_catalogue().subjects
            for text in (subject.area_for_improvement, subject.strength, subject.claim)
        ),
        *(
            Label(text, (theme.slug,), source=DESCRIBED)
            for theme in load_codebook().themes
            if theme.origin != "shipped"
            for text in (theme.name, theme.claim, *theme.lexicon.phrases)
        ),
    )


def examples_of(labels: LabelSet) -> Examples:
    """Return what a model is made of and measured on: labels that people gave, and the described.

    Raises:
        CorpusError: A label must be corrected first.
    """
    return Examples.of((*labels.require(), *described_labels()))
