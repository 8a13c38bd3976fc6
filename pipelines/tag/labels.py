"""Labelled findings: read them from files, check them, find the texts of stand-off labels.

A label file is CSV, XLSX or JSONL with `themes` (slugs parted by semicolons, or a list; `none`
where no theme fits) and `text`, or stand-off: `digest` instead of the text, as published text is
not kept here. A row may say `issues` (slugs of subjects, or `none`), `document_id` and `ordinal`,
`polarity`, `section`, and `origin`: `written` for a finding that was written for training, with
its `voice` where a whole report was written in one. Other columns are left alone, as spreadsheets
have their own.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pipelines import columns as c
from pipelines.catalogue import load_catalogue
from pipelines.codebook import load_codebook
from pipelines.errors import CorpusError
from pipelines.records import digest
from pipelines.tables import as_written
from pipelines.tag.label_files import (
    ISSUES,
    ORIGIN,
    REAL,
    SECTION,
    THEMES,
    VOICE,
    WRITTEN,
    Row,
)

NONE: Final = "none"
DESCRIBED: Final = "catalogue of issues"  # source of labels made of what the catalogue says
MOST_THEMES: Final = 4
MOST_ISSUES: Final = 3


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

    @property
    def polarity(self) -> str:
        """Strength or area for improvement, as `context` says it; empty where it does not."""
        terms = dict(term.partition("=")[::2] for term in self.context.split())
        return terms.get(c.POLARITY, "")

    @property
    def real(self) -> bool:
        """Whether it is from a report rather than written for training."""
        return bool(self.document)

    @property
    def digest(self) -> str:
        """The text's name, whatever its spacing."""
        return digest(self.text)

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


@dataclass(frozen=True, slots=True)
class LabelSet:
    """Labels that have been checked.

    Attributes:
        labels: One a text.
        problems: What must be corrected before training, a sentence with its row each.
        notes: What was done about harmless things, duplicates above all.
        unresolved: Stand-off labels whose text was not in the documents given, by document.
    """

    labels: tuple[Label, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    unresolved: Mapping[str, int]

    def require(self) -> tuple[Label, ...]:
        """Return the labels.

        Raises:
            CorpusError: There are problems; the message lists them all.
        """
        if self.problems:
            listed = "; ".join(self.problems)
            raise CorpusError(
                f"{len(self.problems)} rows of labels must be corrected before training: {listed}"
            )
        return self.labels


def check_labels(rows: Iterable[Row], *, texts: Mapping[str, Found] | None = None) -> LabelSet:
    """Check rows of label files against the codebook and each other.

    Args:
        rows: Of all files; two rows about one text must agree.
        texts: Findings of documents by digest, for stand-off labels.
    """
    kept: dict[str, Label] = {}
    problems: list[str] = []
    notes: list[str] = []
    unresolved: dict[str, int] = {}
    for row in rows:
        found = _label(row, texts or {})
        if isinstance(found, str):
            problems.append(f"{row.source}: {found}")
        elif not found.text:
            unresolved[found.document] = unresolved.get(found.document, 0) + 1
        else:
            _keep(found, kept, problems, notes)
    return LabelSet(tuple(kept.values()), tuple(problems), tuple(notes), unresolved)


def _keep(label: Label, kept: dict[str, Label], problems: list[str], notes: list[str]) -> None:
    """Keep one label a text: of two files the later one, of two rows of one file neither."""
    before = kept.setdefault(label.digest, label)
    if before is label:
        return
    if (before.themes, before.subjects) == (label.themes, label.subjects):
        notes.append(f"{label.source}: duplicate of {before.source}, counted once")
    elif _file(before) == _file(label):
        problems.append(
            f"{label.source}: {_said(label)} conflicts with {before.source}, the same text with "
            f"{_said(before)}; correct one of them"
        )
    else:
        kept[label.digest] = replace(
            before,
            themes=label.themes,
            subjects=before.subjects if label.subjects is None else label.subjects,
            source=label.source,
        )
        notes.append(
            f"{label.source}: {_said(label)}, in place of {_said(before)} in {before.source}"
        )


def _file(label: Label) -> str:
    return label.source.rsplit(" row ", 1)[0]


def _said(label: Label) -> str:
    return "; ".join((*label.themes, *(label.subjects or ()))) or NONE


def _label(row: Row, texts: Mapping[str, Found]) -> Label | str:
    values = row.values
    text = " ".join(as_written(str(values.get(c.TEXT) or "")).split())
    named = str(values.get(c.DIGEST) or "").strip()
    if not text and not named:
        return f"neither {c.TEXT} nor {c.DIGEST}; give one of them"
    if text and named and digest(text) != named:
        return f"digest {named} is not that of its text ({digest(text)}); correct one of them"
    themes = _themes(values.get(THEMES))
    if isinstance(themes, str):
        return themes
    subjects = _subjects(values.get(ISSUES))
    if isinstance(subjects, str):
        return subjects
    ordinal = str(values.get(c.ORDINAL) or "0").strip()
    if not ordinal.isdigit():
        return f"{c.ORDINAL} {ordinal!r} is no whole number; correct it or leave it empty"
    origin = str(values.get(ORIGIN) or row.origin).strip()
    if origin not in (REAL, WRITTEN):
        return f"{ORIGIN} {origin!r}; expected {REAL} or {WRITTEN}"
    document = str(values.get(c.DOCUMENT_ID) or row.source.rsplit(" row ", 1)[0]).strip()
    found = texts.get(named or digest(text), Found("", ""))
    sides = {"afi": "area_for_improvement", "improvement": "area_for_improvement"}
    side = str(values.get(c.POLARITY) or "").strip()
    return Label(
        text or found.text,
        themes,
        "" if origin == WRITTEN else document,
        row.source,
        int(ordinal),
        found.context or (f"{c.POLARITY}={sides.get(side, side)}" if side else ""),
        subjects,
        found.section or str(values.get(SECTION) or "").strip(),
        str(values.get(VOICE) or "").strip(),
        str(values.get(c.UNIT) or "").strip() or ("" if origin == WRITTEN else document),
    )


def _themes(raw: object) -> tuple[str, ...] | str:
    given = _slugs(raw, load_codebook().slugs, "theme", MOST_THEMES)
    if given is None:
        return f"no theme; give it one to four, or {NONE!r} where none fits"
    return given


def _subjects(raw: object) -> tuple[str, ...] | str | None:
    """Read the subjects of a row's issues; a slug with a pole after it counts as the slug."""
    return _slugs(raw, load_catalogue().slugs, "issue", MOST_ISSUES)


def _slugs(
    raw: object, known: tuple[str, ...], what: str, most: int
) -> tuple[str, ...] | str | None:
    """Read the slugs of a cell or list: them in the order of those known, or what is wrong.

    None where nothing stands there; no slug where it says that none fits.
    """
    listed = raw if isinstance(raw, list) else str(raw or "").replace(",", ";").split(";")
    given = [str(entry).strip().partition("/")[0] for entry in listed if str(entry).strip()]
    if isinstance(raw, list) and not raw:
        return ()
    if not given:
        return None
    if given == [NONE]:
        return ()
    for entry in given:
        if entry not in known:
            inside = [slug for slug in known if entry.casefold() in slug]
            near = inside or difflib.get_close_matches(entry.casefold(), known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"expected one of {', '.join(known)}"
            return f"unknown {what} {entry!r}; {hint}"
    if len(set(given)) > most:
        return f"{len(set(given))} {what}s; a finding has {most} at most"
    return tuple(slug for slug in known if slug in given)


def described_labels() -> tuple[Label, ...]:
    """Return what the catalogue says of its subjects, as labels: names of both poles and claim.

    So a subject that was just added is known by its names before anybody labels a finding with it.
    """
    return tuple(
        Label(text, subject.themes, subjects=(subject.slug,), source=DESCRIBED)
        for subject in load_catalogue().subjects
        for text in (subject.area_for_improvement, subject.strength, subject.claim)
    )


def texts_by_digest(sources: Sequence[Path]) -> dict[str, Found]:
    """Read and segment documents; return each finding by the digest of its text.

    Args:
        sources: Documents, or folders of them.
    """
    from pipelines.errors import UnreadableDocument
    from pipelines.read import read_document
    from pipelines.segment import segment_document

    out: dict[str, Found] = {}
    paths = [p for s in sources for p in (sorted(s.rglob("*")) if s.is_dir() else [s])]
    for path in paths:
        if not path.is_file():
            continue
        try:
            segmentation = segment_document(read_document(path))
        except UnreadableDocument:
            continue  # labels that stood in it are counted as unresolved
        for finding in segmentation.findings:
            context = f"{c.POLARITY}={finding.polarity} {c.CODE}={finding.code}"
            section = finding.subsection or finding.standard or ""
            out[digest(finding.text)] = Found(finding.text, context, section)
    return out
