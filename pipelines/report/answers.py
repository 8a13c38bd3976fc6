"""What people said: how many tags they confirmed, by whom, when, how right the model was, memos."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pipelines import columns as c
from pipelines.answers.applied import count_answers
from pipelines.answers.events import DROP, ISSUE, THEME
from pipelines.answers.score import Score, cell_score, sample_score
from pipelines.codebook import Codebook
from pipelines.report.english import counted, day, listing, percent
from pipelines.report.rows import rows_of

Facts = tuple[tuple[str, str], ...]


def answer_facts(tables: Mapping[str, pd.DataFrame], codebook: Codebook) -> Facts:
    """Return what people answered and wrote, as label and value; nothing where nobody did."""
    answered = tables.get("answered")
    facts: list[tuple[str, str]] = []
    if answered is not None and len(answered):
        facts.append(("Answers of people", _said(answered)))
        facts += _measured(tables, answered)
    facts += _edits(tables)
    names = codebook.names
    for row in rows_of(tables, "memos"):
        subject = names.get(row[c.SUBJECT], row[c.SUBJECT])
        written = day(str(row[c.WHEN])[:10])
        facts.append(
            (
                f"Memo on {row[c.KIND]} {subject}",
                f"{row[c.TEXT]} ({listing(row[c.WHO])}, {written})",
            )
        )
    return tuple(facts)


def _edits(tables: Mapping[str, pd.DataFrame]) -> Facts:
    """Say what people did to issues: those that are listed say it themselves, the others here."""
    rows = rows_of(tables, "edits")
    if not rows:
        return ()
    who = listing(sorted({name for row in rows for name in row[c.WHO]}))
    last = day(max(str(row[c.WHEN]) for row in rows)[:10])
    dropped = [f"‘{row[c.LABEL]}’" for row in rows if row[c.EDIT] == DROP]
    said = f"{counted(len(rows), 'edit')} by {who}, the last on {last}; each issue says its own"
    left = f"; listed no longer: {listing(dropped)}" if dropped else ""
    return (("Issues edited by people", f"{said}{left}."),)


def _said(answered: pd.DataFrame) -> str:
    done = count_answers(answered)
    who = listing(sorted({name for names in answered[c.WHO] for name in names}))
    findings = counted(int(answered[c.FINDING_ID].nunique()), "finding")
    said = (
        f"{counted(len(answered), 'decision')} on {findings} by {who}, the last on "
        f"{day(str(answered[c.WHEN].max())[:10])}: {counted(done['confirmed'], 'tag')} confirmed, "
        f"{done['removed']:,} taken away, {done['added']:,} added"
    )
    if done["disputed"]:
        said += f"; on {counted(done['disputed'], 'decision')} they do not agree"
    return f"{said}."


def _measured(tables: Mapping[str, pd.DataFrame], answered: pd.DataFrame) -> Facts:
    """Say how right the model is by findings drawn at random: tags, issues, cells of the table."""
    place = "Measured on a random sample of this run"
    out: list[tuple[str, str]] = []
    for level, noun in ((THEME, "theme tags"), (ISSUE, "issue tags")):
        score = sample_score(answered, level)
        if score is not None:
            out.append((f"{place}: {noun}", _scored(score, noun)))
    cells = cell_score(tables, answered) if out else None
    if cells is not None:
        out.append((f"{place}: cells of the recurrence table", _reckoned(cells)))
    return tuple(out)


def _reckoned(score: Score) -> str:
    return (
        f"of the cells (unit, side and theme) before corrections, {_rates(score)}; reckoned from "
        "how often the sample’s sure, likely and missing tags were right, 95% intervals."
    )


def _rates(score: Score) -> str:
    return ", ".join(
        f"{name} {percent(value)} ({percent(low)} to {percent(high)})"
        for name, (value, low, high) in score.items()
        if name != "findings"
    )


def _scored(score: Score, noun: str) -> str:
    return (
        f"{counted(int(score['findings'][0]), 'finding')} drawn at random and answered by people: "
        f"of the model’s {noun}, before they were corrected, {_rates(score)}; 95% intervals."
    )
