"""A labelled finding, and how two labels of one text are combined.

A label may speak of some themes only, as somebody does who answers single questions: then the
others are unknown, which is not the same as not given.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipelines import columns as c
from pipelines.catalogue import load_catalogue
from pipelines.codebook import load_codebook
from pipelines.records import digest


def polarity_in(context: str) -> str:
    """Return the polarity among a finding's terms; empty where it has none."""
    terms = dict(term.partition("=")[::2] for term in context.split())
    return terms.get(c.POLARITY, "")


@dataclass(frozen=True, slots=True)
class Label:
    """A finding with the themes that a person gave it.

    Attributes:
        text: The finding's text.
        themes: Slugs of the codebook, in its order.
        document: Id of the document it stands in; empty for a finding written for training.
        source: File and row it comes from.
        ordinal: Place in its document, from 1; 0 where unknown.
        context: Polarity and standard as terms, where known: measured, never served.
        subjects: Slugs of the issues' subjects, in the catalogue's order; None where not labelled.
        section: Title of the standard or heading that it stands under; empty where unknown.
        voice: Of a finding written for training: who wrote it, in one manner; empty where unknown.
        unit: What it is about: its document, or the invented unit of a written one.
        coder: Who gave it, where the file says so.
        adds: Says nothing of other themes: it is added to what another file says.
        decided: The themes that it speaks of, given or not; None where it speaks of all.
        decided_issues: The same of subjects.
        coded_themes: Those given at first, where a doubt of a model's had them decided again;
            else None.
        coded_subjects: The same of subjects.
        file: Path of the label file; empty where there is none.
    """

    text: str
    themes: tuple[str, ...]
    document: str = ""
    source: str = ""
    ordinal: int = 0
    context: str = ""
    subjects: tuple[str, ...] | None = None
    section: str = ""
    voice: str = ""
    unit: str = ""
    coder: str = ""
    adds: bool = False
    decided: tuple[str, ...] | None = None
    decided_issues: tuple[str, ...] | None = None
    coded_themes: tuple[str, ...] | None = None
    coded_subjects: tuple[str, ...] | None = None
    file: str = ""

    @property
    def polarity(self) -> str:
        """Strength or area for improvement, as `context` says it; empty where it does not."""
        return polarity_in(self.context)

    @property
    def real(self) -> bool:
        """Whether it is from a report rather than written for training."""
        return bool(self.document)

    @property
    def digest(self) -> str:
        """The text's name, whatever its spacing."""
        return digest(self.text)

    @property
    def as_coded(self) -> Label:
        """As it was at first.

        What was decided again because a model doubted it agrees with models more often than not:
        they learn from it, and are not judged by it.
        """
        themes = self.themes if self.coded_themes is None else self.coded_themes
        subjects = self.subjects if self.coded_subjects is None else self.coded_subjects
        return replace(self, themes=themes, subjects=subjects)

    @property
    def name(self) -> str:
        """Id of the finding where it has one, else the row it comes from."""
        return f"{self.document}/{self.ordinal:03d}" if self.ordinal else self.source


@dataclass(frozen=True, slots=True)
class Found:
    """A finding of a document, for the stand-off labels about it."""

    text: str
    context: str
    section: str = ""


def joined(before: Label, later: Label) -> Label:
    """Combine an earlier and a later label of one text.

    The later one counts. One that speaks of some themes only has the say on these, whichever is
    the later, and the other on the rest.
    """
    themes, decided = _joined(
        (before.themes, before.themes if before.adds else before.decided),
        (later.themes, later.themes if later.adds else later.decided),
        load_codebook().slugs,
    )
    subjects, decided_issues = before.subjects, before.decided_issues
    if later.subjects is not None:
        subjects, decided_issues = _joined(
            (subjects or (), () if subjects is None else decided_issues),
            (later.subjects, later.decided_issues),
            load_catalogue().slugs,
        )
    adds = before.adds and later.adds
    said = before if before.adds or later.adds else later
    return replace(
        before,
        themes=themes,
        decided=None if adds else decided,
        subjects=subjects,
        decided_issues=decided_issues,
        coder=said.coder,
        source=said.source,
        file=said.file,
        adds=adds,
        coded_themes=None,
        coded_subjects=None,
    )


_Said = tuple[tuple[str, ...], tuple[str, ...] | None]
"""What is given, and what is spoken of; None for all."""


def _joined(before: _Said, later: _Said, order: tuple[str, ...]) -> _Said:
    first, rest = (later, before) if later[1] is not None or before[1] is None else (before, later)
    if first[1] is None:
        return first
    given = {*first[0], *(slug for slug in rest[0] if slug not in first[1])}
    decided = None if rest[1] is None else {*first[1], *rest[1]}
    themes = tuple(slug for slug in order if slug in given)
    return themes, None if decided is None else tuple(s for s in order if s in decided)
