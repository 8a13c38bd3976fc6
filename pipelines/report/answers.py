"""What people said: how many tags they confirmed, by whom, when, how right the model was, memos."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pipelines import columns as c
from pipelines.answers.applied import count_answers
from pipelines.answers.score import sample_score
from pipelines.codebook import Codebook
from pipelines.report.english import counted, day, listing, percent
from pipelines.report.rows import rows_of

Facts = tuple[tuple[str, str], ...]


def answer_facts(tables: Mapping[str, pd.DataFrame], codebook: Codebook) -> Facts:
    """Say what people answered and wrote, as label and value; nothing where nobody did."""
    answered = tables.get("answered")
    facts: list[tuple[str, str]] = []
    if answered is not None and len(answered):
        facts.append(("Answers of people", _said(answered)))
        score = sample_score(answered)
        if score is not None:
            facts.append(("Measured on a random sample of this run", _scored(score)))
    names = {theme.slug: theme.name for theme in codebook.themes}
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


def _scored(score: Mapping[str, tuple[float, float, float]], /) -> str:
    said = [
        f"{name} {percent(value)} ({percent(low)} to {percent(high)})"
        for name, (value, low, high) in score.items()
        if name != "findings"
    ]
    return (
        f"{counted(int(score['findings'][0]), 'finding')} drawn at random and answered by people: "
        f"of the model’s tags, before they were corrected, {', '.join(said)}; 95% intervals."
    )
