"""Answers as labels to train on: a finding whose open questions were all answered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pipelines import columns as c
from pipelines.answers.events import ISSUE, THEME, YES
from pipelines.durable import storing, write_text
from pipelines.review.session import Session
from pipelines.tag.label_slugs import MOST_ISSUES, MOST_THEMES
from pipelines.tag.labels import Label

_OPEN: Final = ("likely", "suggested")
_FOLDER: Final = "labels"


@dataclass(frozen=True, slots=True)
class Given:
    """Labels made of answers.

    Attributes:
        rows: As a label file has them.
        amended: How many of them correct a label that was there.
        open: Findings with answers whose other themes nobody has decided: not used.
        many: Findings that were given more themes than one can have: not used.
    """

    rows: tuple[dict[str, Any], ...]
    amended: int
    open: int
    many: int


def labels_of(session: Session, known: Mapping[str, Label] | None = None) -> Given:
    """Make labels of the answers on a run.

    A finding counts where a person labelled it whole, or answered everything that the model was
    not sure of: what is left is as the model is sure of it. An answer on a finding that has a label
    already corrects that label.

    Args:
        session: Of the run.
        known: Labels that there are, by digest.
    """
    findings = session.tables["findings"]
    tags = session.tables["tags"]
    unsure = tags.loc[tags[c.CERTAINTY].isin(_OPEN) | tags[c.REVIEW]]
    questions = unsure.groupby(c.FINDING_ID)[c.THEME].agg(set).to_dict()
    sure = tags.loc[tags[c.ASSIGNED]].groupby(c.FINDING_ID)[c.THEME].agg(set).to_dict()
    touched = {finding for finding, level, _ in session.standing.verdicts if level == THEME}
    rows: list[dict[str, Any]] = []
    amended = open_ = many = 0
    for row, digest in enumerate(session.digests):
        if digest not in touched or digest in {r[c.DIGEST] for r in rows[-1:]}:
            continue
        touched.discard(digest)
        said = _said(session, digest, THEME)
        name = session.ids[row]
        label = (known or {}).get(digest)
        if label is not None and label.real:
            themes, amended = set(label.themes), amended + 1
        elif set(questions.get(name, ())) <= set(said):
            themes = set(sure.get(name, ()))
        else:
            open_ += 1
            continue
        themes = (themes | {s for s, yes in said.items() if yes}) - {
            s for s, yes in said.items() if not yes
        }
        if len(themes) > MOST_THEMES:
            many += 1
            continue
        found = findings.iloc[row]
        rows.append(
            {
                c.TEXT: str(found[c.TEXT]),
                c.DIGEST: digest,
                c.DOCUMENT_ID: str(found[c.DOCUMENT_ID]),
                c.ORDINAL: int(found[c.ORDINAL]),
                c.POLARITY: str(found[c.POLARITY]),
                "section": _section(found),
                "themes": sorted(themes),
                **_issues(session, digest),
            }
        )
    return Given(tuple(rows), amended, open_, many)


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


def _said(session: Session, digest: str, level: str) -> dict[str, bool]:
    return {
        slug: verdict.answer == YES
        for (finding, at, slug), verdict in session.standing.verdicts.items()
        if finding == digest and at == level
    }


def _issues(session: Session, digest: str) -> dict[str, list[str]]:
    """Return the issues of a finding where a person gave them whole; else nothing is said."""
    if (digest, ISSUE) not in session.standing.whole:
        return {}
    given = sorted(slug for slug, yes in _said(session, digest, ISSUE).items() if yes)
    return {"issues": given} if len(given) <= MOST_ISSUES else {}


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
