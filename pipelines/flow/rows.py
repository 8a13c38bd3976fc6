"""What runs in a guard: from a file to rows of the tables, from findings to tags.

These functions take and give JSON only; see `guard.py`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pipelines import columns as c
from pipelines.errors import UnreadableDocument
from pipelines.project import Layers, layers_in_use, use_layers
from pipelines.read.limits import Limits
from pipelines.records import Block, Box, Document, Finding, Polarity, Segmentation

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.tag import Model

Row = dict[str, Any]


_handed: Final[dict[str, Layers]] = {"": Layers()}
"""Data files of projects that this worker was handed, by their digest."""


def _take(handed: Sequence[Any]) -> None:
    layers = Layers.taken(handed)
    _handed[layers.digest] = layers
    use_layers(layers)


def read_rows(path: str, limits: dict[str, Any], layers: str = "") -> dict[str, Any]:
    """Read and segment a file; the value of a guard's call.

    Args:
        path: Of the file.
        limits: What a source may be at most.
        layers: Digest of the project's data files, which preparing handed over.

    Raises:
        UnreadableDocument: It cannot be read, or nothing in it is of an inspection report.
    """
    from pipelines.read import read_document
    from pipelines.segment import segment_document
    from pipelines.segment.facts import find_correction

    use_layers(_handed[layers])
    document = read_document(path, limits=Limits(**limits))
    segmentation = segment_document(document)
    if not any(
        (
            segmentation.findings,
            segmentation.ratings,
            segmentation.recommendations,
            segmentation.key_questions,
            segmentation.leftovers,
        )
    ):
        raise UnreadableDocument(
            "no findings, ratings or recommendations in it: not an inspection report in a form "
            "that we know",
            remedy="check that it is the report itself; a scan needs text recognition first; "
            "headings of another inspectorate can be told: findings frameworks guess",
        )
    rows = {
        "documents": [_document_row(document, segmentation)],
        "standards": [{**asdict(entry)} for entry in segmentation.ratings],
        "key_questions": [{**asdict(entry)} for entry in segmentation.key_questions],
        "findings": [_finding_row(entry) for entry in segmentation.findings],
        "recommendations": [{**asdict(entry)} for entry in segmentation.recommendations],
        "leftovers": [{**asdict(entry)} for entry in segmentation.leftovers],
        "abbreviations": _abbreviation_rows(document),
    }
    value = {
        "format": document.format,
        "sha256": document.sha256,
        "document_id": segmentation.document_id,
        "text_digest": _text_digest(document.blocks),
        "edition": find_correction(document),
        "rows": rows,
    }
    return {key: _storable(inner) for key, inner in value.items()}


def prepare_reading(layers: Sequence[Any] = ()) -> None:
    """Import what reading needs: a machine that cannot is not the document's fault.

    Args:
        layers: The project's data files, as `Layers.handed` gives them.
    """
    import pypdfium2  # noqa: F401

    import pipelines.read
    import pipelines.read.html.reader
    import pipelines.read.pdf.extract.pdfium
    import pipelines.segment  # noqa: F401

    _take(layers)


def prepare_tagging(model: str, encoder: bool, layers: Sequence[Any] = ()) -> None:
    """Load what tagging needs, so that no document pays for it."""
    _take(layers)
    _model(model, encoder, layers_in_use().digest)


STATED: Final = (c.TEXT, c.STANDARD, c.SUBSECTION, c.POLARITY)
"""What tagging is told of a finding, in this order; a recommendation has but its text."""


def tag_rows(
    stated: list[list[str | None]],
    model: str,
    encoder: bool,
    layers: str = "",
    own: dict[str, str] | None = None,
) -> dict[str, dict[str, list[Any]]]:
    """Tag findings and recommendations and say why; each is given as `STATED` says.

    Args:
        stated: Of one document.
        model: Folder of the model.
        encoder: Whether it reads findings as a whole, where it can.
        layers: Digest of the project's data files.
        own: What the document says that its short forms stand for, by folded short form.

    Returns:
        The columns of the tables `tags`, `issue_tags`, `explanations` and `shares`, with the places
        of what was given, from 0, for ids.
    """
    from pipelines.mine.proportions.shares import shares
    from pipelines.tables import frame
    from pipelines.tag import tag_tables
    from pipelines.tag.explain.attribution import explain_findings

    use_layers(_handed[layers])
    rows = [
        {c.FINDING_ID: f"{place:09d}", **dict(zip(STATED, said, strict=True))}
        for place, said in enumerate(stated)
    ]
    findings = frame("findings", rows)
    loaded = _model(model, encoder, layers)
    contexts = [own or {}] * len(rows)
    made = tag_tables(findings, model=loaded, contexts=contexts)
    reasons = explain_findings(findings, made["tags"], model=loaded, contexts=contexts)
    # What is asked for states nothing: a recommendation has no polarity.
    figures = shares(findings.loc[findings[c.POLARITY].notna()])
    made = {**made, "explanations": reasons, "shares": figures}
    return {name: _columns(table) for name, table in made.items()}


def _columns(data: pd.DataFrame) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {
        str(name): data[name].astype("object").where(data[name].notna(), None).tolist()
        for name in data.columns
    }
    columns[c.FINDING_ID] = [int(place) for place in columns[c.FINDING_ID]]
    return columns


@lru_cache(maxsize=1)  # a worker of a cluster outlives the run, and so its model
def _model(folder: str, encoder: bool, _layers: str) -> Model:
    from pipelines.tag.models.artefacts import load_folder

    loaded = load_folder(Path(folder))
    return loaded if encoder else loaded.without_encoder()


def _document_row(document: Document, segmentation: Segmentation) -> Row:
    polarities = [finding.polarity for finding in segmentation.findings]
    return {
        **asdict(segmentation.facts),
        c.FORMAT: document.format,
        c.SHA256: document.sha256,
        c.PAGES: document.pages,
        c.FINDINGS: len(polarities),
        c.STRENGTHS: polarities.count(Polarity.STRENGTH),
        c.AREAS_FOR_IMPROVEMENT: polarities.count(Polarity.AREA_FOR_IMPROVEMENT),
        c.RECOMMENDATIONS: len(segmentation.recommendations),
        c.LEFTOVERS: len(segmentation.leftovers),
        c.WARNINGS: list(segmentation.warnings),
    }


def _finding_row(finding: Finding) -> Row:
    row = asdict(finding)
    row.pop(c.PATH, None)
    row[c.BOXES] = [
        f"{box.page} {box.x0:.1f} {box.top:.1f} {box.x1:.1f} {box.bottom:.1f}"
        for box in finding.boxes
    ]
    return row


def _abbreviation_rows(document: Document) -> list[Row]:
    from pipelines.shortforms import find_short_forms

    return [
        {
            c.SHORT: form.short,
            c.EXPANSION: form.expansion,
            c.SOURCE: form.source,
            c.AMBIGUOUS: form.ambiguous,
            c.SENSES: list(form.senses),
            c.SPELLINGS: list(form.spellings),
            c.TIMES: form.times,
        }
        for form in find_short_forms(document.text)
    ]


def _text_digest(blocks: Sequence[Block]) -> str:
    """Name the words of a document: the same for any format that keeps them in order."""
    state = hashlib.sha256()
    for block in blocks:
        state.update("".join(block.text.split()).casefold().encode("utf-8", "replace"))
    return state.hexdigest()[:16]


def _storable(value: object) -> object:
    """Replace what no table can hold: halves of characters that a damaged file may contain."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {key: _storable(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_storable(inner) for inner in value]
    return value


def picture_rows(path: str, sha256: str, places: dict[str, list[str]]) -> dict[str, str]:
    """Take the pictures of findings from a file; the value of a guard's call.

    Args:
        path: A PDF.
        sha256: Of the bytes that the findings were read from.
        places: Boxes of each finding, as the table `findings` has them.

    Returns:
        PNG in base64 by finding; nothing where the file is not the one that was read.
    """
    import base64

    from pipelines.picture import clippings

    data = Path(path).read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        return {}
    boxes = {name: [Box.from_text(text) for text in texts] for name, texts in places.items()}
    return {
        name: base64.b64encode(png).decode("ascii") for name, png in clippings(data, boxes).items()
    }
