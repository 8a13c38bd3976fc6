"""Labelled findings: read them from files, check them, find the texts of stand-off labels.

A label file is CSV, XLSX or JSONL with `themes` (slugs parted by semicolons, or a list) and
`text`, or stand-off: `digest` instead of the text, as published text is not kept here. A row may
say `document_id` and `ordinal`, `polarity`, and `origin`: `written` for a finding that was
written for training. Other columns are left alone, as spreadsheets have their own.
"""

from __future__ import annotations

import csv
import difflib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pipelines import columns as c
from pipelines.codebook import load_codebook
from pipelines.errors import CorpusError
from pipelines.records import digest
from pipelines.tables import as_written

THEMES: Final = "themes"
ORIGIN: Final = "origin"
WRITTEN: Final = "written"
REAL: Final = "real"
MOST_THEMES: Final = 4


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
    """

    text: str
    themes: tuple[str, ...]
    document: str = ""
    source: str = ""
    ordinal: int = 0
    context: str = ""

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


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a label file as it stands there."""

    source: str
    values: Mapping[str, Any]
    origin: str


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


def read_rows(path: Path, *, origin: str = REAL) -> list[Row]:
    """Read a label file.

    Args:
        path: CSV, XLSX or JSONL, told by the suffix.
        origin: Of rows that do not say theirs: `real` or `written`.

    Raises:
        CorpusError: It cannot be read, or has no column of themes.
    """
    readers = {".csv": _csv_rows, ".xlsx": _xlsx_rows, ".jsonl": _jsonl_rows}
    if path.suffix.lower() not in readers:
        raise CorpusError(f"{path}: expected .csv, .xlsx or .jsonl; save the labels as one of them")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CorpusError(f"{path} cannot be read ({error.strerror}); check the path") from error
    numbered = readers[path.suffix.lower()](path, data)
    for number, values in numbered:
        if THEMES not in values:
            raise CorpusError(
                f"{path} row {number}: no column {THEMES!r}; got {sorted(values)}; "
                f"expected {THEMES!r} and {c.TEXT!r} or {c.DIGEST!r}"
            )
    return [Row(f"{path.name} row {number}", values, origin) for number, values in numbered]


def _csv_rows(path: Path, data: bytes) -> list[tuple[int, dict[str, Any]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CorpusError(f"{path} is not UTF-8 ({error}); save it as CSV UTF-8") from error
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="")
    return [(number, dict(values)) for number, values in enumerate(reader, start=2)]


def _xlsx_rows(path: Path, data: bytes) -> list[tuple[int, dict[str, Any]]]:
    from openpyxl import load_workbook

    try:
        sheet = load_workbook(io.BytesIO(data), read_only=True, data_only=True).active
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise CorpusError(f"{path} is not a workbook ({error}); save it as .xlsx") from error
    rows = list(sheet.iter_rows(values_only=True)) if sheet is not None else []
    names = [str(cell).strip() if cell is not None else "" for cell in rows[0]] if rows else []
    return [
        (number, dict(zip(names, cells, strict=False)))
        for number, cells in enumerate(rows[1:], start=2)
        if any(cell is not None for cell in cells)
    ]


def _jsonl_rows(path: Path, data: bytes) -> list[tuple[int, dict[str, Any]]]:
    out: list[tuple[int, dict[str, Any]]] = []
    for number, line in enumerate(data.decode("utf-8", "replace").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
        except json.JSONDecodeError as error:
            raise CorpusError(f"{path} row {number} is not JSON ({error}); correct it") from error
        if not isinstance(values, dict):
            raise CorpusError(f"{path} row {number}: got {values!r}; expected an object")
        out.append((number, values))
    return out


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
    before = kept.setdefault(label.digest, label)
    if before is label:
        return
    if before.themes != label.themes:
        problems.append(
            f"{label.source}: {'; '.join(label.themes)} conflicts with {before.source}, the same "
            f"text with {'; '.join(before.themes)}; correct one of them"
        )
    else:
        notes.append(f"{label.source}: duplicate of {before.source}, counted once")


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
    ordinal = str(values.get(c.ORDINAL) or "0").strip()
    if not ordinal.isdigit():
        return f"{c.ORDINAL} {ordinal!r} is no whole number; correct it or leave it empty"
    origin = str(values.get(ORIGIN) or row.origin).strip()
    if origin not in (REAL, WRITTEN):
        return f"{ORIGIN} {origin!r}; expected {REAL} or {WRITTEN}"
    document = str(values.get(c.DOCUMENT_ID) or row.source.rsplit(" row ", 1)[0]).strip()
    found = texts.get(named or digest(text), Found("", ""))
    sides = {"strength": "strength", "afi": "area_for_improvement"}
    side = str(values.get(c.POLARITY) or "").strip()
    return Label(
        text or found.text,
        themes,
        "" if origin == WRITTEN else document,
        row.source,
        int(ordinal),
        found.context or (f"{c.POLARITY}={sides.get(side, side)}" if side else ""),
    )


def _themes(raw: object) -> tuple[str, ...] | str:
    listed = raw if isinstance(raw, list) else str(raw or "").replace(",", ";").split(";")
    given = [str(theme).strip() for theme in listed if str(theme).strip()]
    slugs = load_codebook().slugs
    for theme in given:
        if theme not in slugs:
            inside = [slug for slug in slugs if theme.casefold() in slug]
            near = inside or difflib.get_close_matches(theme.casefold(), slugs, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"expected one of {', '.join(slugs)}"
            return f"unknown theme {theme!r}; {hint}"
    if not given:
        return "no theme; give it one to four"
    if len(set(given)) > MOST_THEMES:
        return f"{len(set(given))} themes; a finding has four at most"
    return tuple(slug for slug in slugs if slug in given)


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
            out[digest(finding.text)] = Found(finding.text, context)
    return out
