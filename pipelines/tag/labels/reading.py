"""Labelled findings: read them from files, check them, find the texts of stand-off labels.

A label file has `themes` (slugs or names, parted by semicolons, or a list; `none` where no theme
fits) and `text`, or stand-off: `digest` instead of the text, as published text is not kept here.
A row may say `issues`, `document_id` and `ordinal`, `polarity`, `section`, `coder`, and `origin`:
`written` for a finding written for training, with its `voice`. An issue may be `slug/pole`: one of
the other pole than the finding's is what it only concedes, and does not count. With `decided` it
speaks only of the themes named there, with `decided_issues` only of those issues; `coded_themes`
and `coded_issues` are what it said before a model's doubt had it decided again. Other columns are
left alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines import columns as c
from pipelines.errors import CorpusError
from pipelines.project import project_held
from pipelines.project.steps import ISSUE, THEME
from pipelines.records import digest
from pipelines.tag.labels.files import REAL, WRITTEN, Row
from pipelines.tag.labels.heads import (
    ADDS,
    CODED,
    CODER,
    DECIDED,
    ISSUES,
    ORIGIN,
    SECTION,
    THEMES,
    VOICE,
)
from pipelines.tag.labels.label import Found, Label, joined, polarity_in
from pipelines.tag.labels.slugs import (
    how_read,
    read_decided,
    read_polarity,
    read_subjects,
    read_themes,
    split_slug,
)
from pipelines.tag.labels.wording import alike, read_digest, read_text
from pipelines.wordings import NONE

_WHOLE = re.compile(r"([0-9]{1,18})(?:\.0*)?")  # as programs write whole numbers among others


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A label that says something which now is several things.

    Attributes:
        row: As it stands in its file.
        text: Of the finding; empty where it was not at hand.
        slug: That was split.
        parts: What it was split into.
        digest: Of the text.
    """

    row: Row
    text: str
    slug: str
    parts: tuple[str, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class LabelSet:
    """Labels that have been checked.

    Attributes:
        labels: One a text.
        problems: What must be corrected before training, a sentence with its row each.
        notes: What was done about harmless things, duplicates above all.
        unresolved: Stand-off labels whose text was not in the documents given, by document.
        unsettled: Labels with a slug that was split, which a person must decide again.
        unfound: Digests of the texts that were not found.
    """

    labels: tuple[Label, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    unresolved: Mapping[str, int]
    unsettled: tuple[Unsettled, ...] = ()
    unfound: frozenset[str] = frozenset()

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
    with project_held():  # looked up once, not for every row
        return _check_rows(rows, texts or {})


def _check_rows(rows: Iterable[Row], texts: Mapping[str, Found]) -> LabelSet:
    kept: dict[str, Label] = {}
    problems: list[str] = []
    notes: list[str] = []
    unresolved: dict[str, int] = {}
    unfound: set[str] = set()
    split: dict[str, Unsettled] = {}
    known = {alike(found.text): found for found in texts.values()}
    for row in _told_apart(rows):
        if row.note:
            _note_once(notes, row.source, row.note)
        if row.passed:
            continue
        for kind, name in ((THEME, THEMES), (ISSUE, ISSUES)) if row.origin == REAL else ():
            for note in how_read(kind, row.values.get(name)):
                _note_once(notes, row.source, note)
        found, mended = _label(row, texts, known)
        if mended:
            notes.append(f"{row.source}: {mended}")
        if isinstance(found, Unsettled):
            split[found.digest] = found
        elif isinstance(found, str):
            problems.append(f"{row.source}: {found}")
        elif not found.text:
            unresolved[found.document] = unresolved.get(found.document, 0) + 1
            unfound.add(str(row.values[c.DIGEST]).strip())
        else:
            _keep(found, kept, problems, notes)
    held = {label.digest for label in kept.values()}
    unsettled = tuple(found for name, found in split.items() if name not in held)
    said = tuple(problems), tuple(notes)
    return LabelSet(tuple(kept.values()), *said, unresolved, unsettled, frozenset(unfound))


def _told_apart(rows: Iterable[Row]) -> list[Row]:
    """Put the folder before the name of a file where another file has the same name."""
    listed = list(rows)
    files = {row.file: Path(row.file) for row in listed if row.file}
    times = Counter(path.name for path in files.values())
    shown = {name: f"{path.parent}/" for name, path in files.items() if times[path.name] > 1}
    return [
        replace(row, source=f"{shown[row.file]}{row.source}") if row.file in shown else row
        for row in listed
    ]


def _keep(label: Label, kept: dict[str, Label], problems: list[str], notes: list[str]) -> None:
    """Keep one label a text: of two files the later one, of two rows of one file neither.

    Rows that each say yes or no to another theme, as Prodigy asks, are one label together.
    """
    key = alike(label.text)
    before = kept.setdefault(key, label)
    if before is label:
        return
    if _all(joined(before, label)) == _all(before):
        notes.append(f"{label.source}: duplicate of {before.source}, counted once")
    elif before.decided and label.decided and not set(before.decided) & set(label.decided):
        kept[key] = joined(before, label)
    elif _file(before) == _file(label) or _are_people(before, label):
        two = {before.coder.casefold(), label.coder.casefold()} - {""}
        hint = "; findings labels agreement compares the two coders" if len(two) > 1 else ""
        problems.append(
            f"{label.source}: {_said(label)} conflicts with {before.source}, the same text with "
            f"{_said(before)}; correct one of them{hint}"
        )
    else:
        kept[key] = joined(before, label)
        notes.append(_joining(before, label))


def _joining(before: Label, label: Label) -> str:
    how = "in place of" if label.decided is None else "answers, beside"
    how = "added to" if before.adds or label.adds else how
    return f"{label.source}: {_said(label)}, {how} {_said(before)} in {before.source}"


def _all(label: Label) -> tuple[object, ...]:
    return label.themes, label.subjects, label.decided, label.decided_issues


def _file(label: Label) -> tuple[str, str]:
    return label.file, label.source.rsplit(" row ", 1)[0]


def _are_people(one: Label, other: Label) -> bool:
    """Whether two people label in one file, on a sheet each."""
    who = (one.coder.casefold(), other.coder.casefold())
    return bool(one.file) and one.file == other.file and all(who) and who[0] != who[1]


def _said(label: Label) -> str:
    return "; ".join((*label.themes, *(label.subjects or ()))) or NONE


def _note_once(notes: list[str], source: str, note: str) -> None:
    """Say of a row, or once of a whole file, what is to be known of it."""
    file = source.rsplit(" row ", 1)[0]
    said = f"{source}: {note}" if note.startswith(("is hidden", "was not")) else f"{file}: {note}"
    if said not in notes:
        notes.append(said)


def _label(
    row: Row, texts: Mapping[str, Found], known: Mapping[str, Found]
) -> tuple[Label | Unsettled | str, str]:
    """Return the label of a row, or what is wrong with it; and what was mended in its text."""
    if row.wrong:
        return row.wrong, ""
    text, wrong, mended = read_text(row.values.get(c.TEXT))
    return (wrong or _checked(row, text, texts, known)), mended


def _checked(
    row: Row, text: str, texts: Mapping[str, Found], known: Mapping[str, Found]
) -> Label | Unsettled | str:
    values = row.values
    named, wrong = read_digest(values.get(c.DIGEST))
    if not (text or named):  # a spoilt digest beside its text does no harm
        return wrong or f"neither {c.TEXT} nor {c.DIGEST}; give one of them"
    found = texts.get(named or digest(text), known.get(alike(text), Found("", "")))
    if text and named and named not in (digest(text), digest(found.text)):
        return f"digest {named} is not that of its text ({digest(text)}); correct one of them"
    for kind, raw in ((THEME, values.get(THEMES)), (ISSUE, values.get(ISSUES))):
        if parted := split_slug(kind, raw):
            said = named or digest(text)
            return Unsettled(row, text or found.text, *parted, said)
    themes = read_themes(values.get(THEMES))
    if isinstance(themes, str):
        return themes
    side = read_polarity(str(values.get(c.POLARITY) or "").strip())
    context = found.context or (f"{c.POLARITY}={side}" if side else "")
    subjects = read_subjects(values.get(ISSUES), polarity_in(context))
    if isinstance(subjects, str):
        return subjects
    ordinal = str(values.get(c.ORDINAL) or "0").strip()
    whole = _WHOLE.fullmatch(ordinal)
    if whole is None:
        return f"{c.ORDINAL} {ordinal[:40]!r} is no whole number; correct it or leave it empty"
    (decided, wrong), (decided_issues, wrong_issues) = (
        read_decided(values.get(DECIDED[level]), level) for level in (THEME, ISSUE)
    )
    if wrong or wrong_issues:
        return wrong or wrong_issues
    origin = str(values.get(ORIGIN) or row.origin).strip()
    if origin not in (REAL, WRITTEN):
        return f"{ORIGIN} {origin!r}; expected {REAL} or {WRITTEN}"
    document = "" if origin == WRITTEN else _document(row)
    coded_themes, coded_subjects = _coded(values, polarity_in(context))
    return Label(
        text=found.text or text,
        themes=themes,
        document=document,
        source=row.source,
        ordinal=int(whole[1]),
        context=context,
        subjects=subjects,
        section=found.section or str(values.get(SECTION) or "").strip(),
        voice=str(values.get(VOICE) or "").strip(),
        unit=str(values.get(c.UNIT) or "").strip() or document,
        coder=str(values.get(CODER) or "").strip(),
        adds=str(values.get(ADDS) or "").casefold() == "true",
        decided=decided,
        decided_issues=decided_issues,
        coded_themes=coded_themes,
        coded_subjects=coded_subjects,
        file=row.file,
    )


def _document(row: Row) -> str:
    """Return the document of a row; the name of its file, or sheet, where it does not say."""
    named = row.source.rsplit(" row ", 1)[0].removeprefix(f"{Path(row.file).parent}/")
    return str(row.values.get(c.DOCUMENT_ID) or named).strip()


def _coded(values: Mapping[str, object], polarity: str) -> tuple[tuple[str, ...] | None, ...]:
    """Return themes and subjects as first coded; None where they are as now, or not of today."""
    themes, subjects = (values.get(CODED[level]) for level in (THEME, ISSUE))
    read = (
        None if themes is None else read_themes(themes),
        None if subjects is None else read_subjects(subjects, polarity),
    )
    return tuple(said if isinstance(said, tuple) else None for said in read)
