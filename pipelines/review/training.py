"""Answers as labels to train on: whole findings, and single answers with the rest unknown."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pipelines import columns as c
from pipelines.answers.events import ISSUE, THEME, YES
from pipelines.durable import storing, write_text
from pipelines.review.session import Session
from pipelines.tag.labels.heads import DECIDED, ISSUES, SECTION, THEMES
from pipelines.tag.labels.slugs import MOST_ISSUES, MOST_THEMES

_FOLDER: Final = "labels"


@dataclass(frozen=True, slots=True)
class Given:
    """Labels made of answers.

    Attributes:
        rows: As a label file has them.
        whole: How many of them say all themes of a finding; the others say some.
        many: Findings that were given more themes or issues than one can have: not used.
    """

    rows: tuple[dict[str, Any], ...]
    whole: int
    many: int


def labels_of(session: Session) -> Given:
    """Make labels of the answers on a run.

    A finding that a person labelled whole says all themes. One on which single questions were
    answered says those alone: of the others nothing, not even what the model is sure of, as that
    is for labels to teach. Where a finding has a label already, reading both puts them together.
    """
    findings = session.tables["findings"]
    said: dict[str, dict[str, dict[str, bool]]] = {}
    for (digest, level, slug), verdict in sorted(session.standing.verdicts.items()):
        by_level = said.setdefault(digest, {THEME: {}, ISSUE: {}})
        by_level[level][slug] = verdict.answer == YES
    rows: list[dict[str, Any]] = []
    whole = many = 0
    for row, digest in enumerate(session.digests):
        answers = said.pop(digest, None)
        if answers is None:
            continue
        themes, issues = (_level(session, digest, at, answers[at]) for at in (THEME, ISSUE))
        if len(themes[THEMES]) > MOST_THEMES or len(issues.get(ISSUES, ())) > MOST_ISSUES:
            many += 1
            continue
        whole += DECIDED[THEME] not in themes
        found = findings.iloc[row]
        rows.append(
            {
                c.TEXT: str(found[c.TEXT]),
                c.DIGEST: digest,
                c.DOCUMENT_ID: str(found[c.DOCUMENT_ID]),
                c.ORDINAL: int(found[c.ORDINAL]),
                c.POLARITY: str(found[c.POLARITY]),
                SECTION: _section(found),
                **themes,
                **issues,
            }
        )
    return Given(tuple(rows), whole, many)


def gold_of(session: Session) -> tuple[dict[str, Any], ...]:
    """Return the findings whose themes are beyond dispute, as rows of a label file.

    That are those which two people or more labelled whole, and of which no theme is disputed: they
    agreed, most of them did, or somebody settled it.
    """
    disputed = {finding for finding, level, _ in session.standing.disputed if level == THEME}
    agreed = {
        finding
        for (finding, level), people in session.standing.whole.items()
        if level == THEME and len(people) > 1 and finding not in disputed
    }
    return tuple(row for row in labels_of(session).rows if row[c.DIGEST] in agreed)


def _level(session: Session, digest: str, level: str, said: dict[str, bool]) -> dict[str, Any]:
    """Return the columns of a level: what was given, and what was spoken of unless that is all.

    Of issues that nobody spoke of there are none: themes are in every row.
    """
    whole = (digest, level) in session.standing.whole
    if level == ISSUE and not whole and not said:
        return {}
    given = {THEMES if level == THEME else ISSUES: [slug for slug, yes in said.items() if yes]}
    return given if whole else {**given, DECIDED[level]: list(said)}


def _section(found: Any) -> str:  # noqa: ANN401
    for name in (c.SUBSECTION, c.STANDARD):
        if isinstance(found[name], str) and found[name]:
            return str(found[name])
    return ""


def write_labels(session: Session, given: Given) -> Path:
    """Write labels beside the answers, for training; returns the file.

    Raises:
        StorageError: It cannot be written.
    """
    folder = session.store.folder / _FOLDER
    with storing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{session.folder.resolve().name}.jsonl"
    lines = [json.dumps(row, ensure_ascii=False, sort_keys=True) for row in given.rows]
    write_text(path, "".join(f"{line}\n" for line in lines))
    return path
