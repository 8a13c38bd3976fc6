"""Answers put into the tables of a run: a person's word stands before the model's.

What the model had said is kept in the table `answered`, so that answers can be taken back and
given again any number of times: it is put back first, always.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any, Final

import pandas as pd

from pipelines import columns as c
from pipelines.answers.events import ISSUE, THEME, YES, Event
from pipelines.answers.standing import Standing, standing_of
from pipelines.answers.store import Reading
from pipelines.tables import conform, frame

ANSWERED: Final = "answered"
MEMOS: Final = "memos"
EDITS: Final = "edits"
MADE: Final = (ANSWERED, MEMOS, EDITS)
"""Tables that hold what people said."""

PERSON: Final = "person"
DISPUTED: Final = "disputed"
_SURE: Final = "sure"
_TABLES: Final = {THEME: ("tags", c.THEME), ISSUE: ("issue_tags", c.SUBJECT)}
_log = logging.getLogger(__name__)

Row = dict[str, Any]


def apply_answers(
    tables: Mapping[str, pd.DataFrame], reading: Reading, *, learned: Collection[str] = ()
) -> dict[str, pd.DataFrame]:
    """Put what stands of the answers into `tags` and `issue_tags`.

    A yes is a sure tag whose source is a person, a no takes the tag away, and neither is marked
    for checking any more; what people do not agree on stays as the model has it, marked. Findings
    are found by the digest of their text, in whatever report they stand now.

    Args:
        tables: Of a run that has been tagged.
        reading: Of the store of answers.
        learned: Digests of the findings that the run's model was trained on: drawn at random or
            not, they do not score it.

    Returns:
        All tables, with those of `MADE` where there is anything in them.
    """
    out = without_answers(tables)
    if not reading.events:
        return out
    standing = standing_of(reading.events)
    places = _places(out["findings"])
    _say_what_is_elsewhere(standing, places)
    _leave_out_of_sample(standing, learned)
    answered: list[Row] = []
    for level, (name, column) in _TABLES.items():
        if name in out:
            out[name], rows = _decided(out[name], column, level, standing, places, out["findings"])
            answered += rows
    if answered:
        out[ANSWERED] = frame(ANSWERED, answered)
    if standing.memos:
        out[MEMOS] = _memos(standing.memos, places)
    if standing.edits:
        out[EDITS] = _edits(standing.edits, places)
    return out


def without_answers(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return tables as they were before answers were put in: what the model alone gave."""
    out = {name: data for name, data in tables.items() if name not in MADE}
    before = tables.get(ANSWERED)
    if before is None or not len(before):
        return out
    for level, (name, column) in _TABLES.items():
        if name not in out:
            continue
        mine = before.loc[before[c.KIND] == level].set_index([c.FINDING_ID, c.SUBJECT])
        if not len(mine):
            continue
        data = out[name]
        keys = pd.MultiIndex.from_arrays([data[c.FINDING_ID], data[column]])
        at = mine.index.get_indexer(keys)
        added = (at >= 0) & ~mine[c.LISTED].to_numpy(dtype=bool)[at]
        data, at = data.loc[~added].reset_index(drop=True), at[~added]
        hit = at >= 0
        for one in (c.ASSIGNED, c.CERTAINTY, *([c.REVIEW] if c.REVIEW in data.columns else [])):
            values = data[one].to_numpy(dtype=object).copy()
            values[hit] = mine[one].to_numpy(dtype=object)[at[hit]]
            data[one] = values
        if level == ISSUE:
            poles = mine[c.POLARITY].to_numpy(dtype=object)[at]
            hit_pole = hit & pd.notna(poles)
            data.loc[hit_pole, c.POLARITY] = poles[hit_pole]
        data.loc[hit, c.SOURCE] = "model"
        out[name] = conform(name, data)
    return out


def _places(findings: pd.DataFrame) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {}
    for digest, finding in zip(findings[c.DIGEST], findings[c.FINDING_ID], strict=True):
        out.setdefault(str(digest), []).append(str(finding))
    return out


def _say_what_is_elsewhere(standing: Standing, places: Mapping[str, list[str]]) -> None:
    lost = {digest for digest, _, _ in standing.said if digest not in places}
    if lost:
        _log.info("answers on %d findings that are not in this run are kept for others", len(lost))
    for (level, slug), number in sorted(standing.unknown.items()):
        _log.warning("answers: %d about the %s %r, which is known no more", number, level, slug)


def _leave_out_of_sample(standing: Standing, learned: Collection[str]) -> None:
    known = {(digest, level) for digest, level in standing.sampled if digest in learned}
    standing.sampled -= known
    if number := len({digest for digest, _ in known}):
        _log.warning(
            "answers: the model was trained on %d findings of the random sample, which no longer "
            "say how right it is; others are drawn by: findings review --order random",
            number,
        )


def _decided(
    data: pd.DataFrame,
    column: str,
    level: str,
    standing: Standing,
    places: Mapping[str, list[str]],
    findings: pd.DataFrame,
) -> tuple[pd.DataFrame, list[Row]]:
    """Return a table of tags with the verdicts of its level, and the rows of `answered`."""
    keys = zip(data[c.FINDING_ID], data[column], strict=True)
    row_of = {(str(finding), str(slug)): row for row, (finding, slug) in enumerate(keys)}
    polarity = dict(zip(findings[c.FINDING_ID], findings[c.POLARITY], strict=True))
    values = {name: data[name].to_numpy(dtype=object).copy() for name in data.columns}
    digests = {finding: digest for digest, names in places.items() for finding in names}
    reviewed, poles = c.REVIEW in values, level == ISSUE
    new: list[Row] = []
    rows: list[Row] = []
    for finding, slug, answer, who, when in _asked(standing, level, places):
        row = row_of.get((finding, slug))
        if row is None and answer != YES:
            continue  # the model never thought of it either
        rows.append(
            {
                c.FINDING_ID: finding,
                c.KIND: level,
                c.SUBJECT: slug,
                c.ANSWER: answer,
                c.WHO: who,
                c.WHEN: when,
                c.LISTED: row is not None,
                c.ASSIGNED: row is not None and bool(values[c.ASSIGNED][row]),
                c.CERTAINTY: None if row is None else values[c.CERTAINTY][row],
                c.REVIEW: row is not None and reviewed and bool(values[c.REVIEW][row]),
                c.POLARITY: values[c.POLARITY][row] if row is not None and poles else None,
                c.SAMPLED: (digests[finding], level) in standing.sampled,
            }
        )
        if row is None:
            added = {c.FINDING_ID: finding, column: slug, c.ASSIGNED: True, c.CERTAINTY: _SURE}
            side = {c.POLARITY: polarity[finding]} if poles else {}
            new.append({**added, **side, c.SOURCE: PERSON})
        elif answer == DISPUTED:
            if reviewed:
                values[c.REVIEW][row] = True
        else:
            values[c.ASSIGNED][row] = answer == YES
            values[c.CERTAINTY][row] = _SURE if answer == YES else None
            values[c.SOURCE][row] = PERSON
            if poles:  # people are asked whether the finding states it, not what it concedes
                values[c.POLARITY][row] = polarity[finding]
            if reviewed:
                values[c.REVIEW][row] = False
    name = _TABLES[level][0]
    made = pd.DataFrame(values, columns=list(data.columns))
    if new:
        made = pd.concat([made, frame(name, new)], ignore_index=True)
        made = made.sort_values([c.FINDING_ID, column], kind="stable", ignore_index=True)
    return conform(name, made), rows


def _asked(
    standing: Standing, level: str, places: Mapping[str, list[str]]
) -> list[tuple[str, str, str, list[str], str]]:
    """List the questions of a level that people decided or dispute, on the findings of a run."""
    out = []
    for (digest, at, slug), verdict in standing.verdicts.items():
        if at == level:
            said = (slug, verdict.answer, list(verdict.who), verdict.when)
            out += [(finding, *said) for finding in places.get(digest, ())]
    for (digest, at, slug), by_person in standing.disputed.items():
        if at == level:
            when = max(event.when for event in standing.said[digest, at, slug].values())
            out += [
                (finding, slug, DISPUTED, sorted(by_person), when)
                for finding in places.get(digest, ())
            ]
    return sorted(out)


def _memos(memos: list[Event], places: Mapping[str, list[str]]) -> pd.DataFrame:
    """Return the table of memos; one on a finding names it where it stands now."""
    rows: list[Row] = []
    for event in memos:
        subjects = places.get(event.finding, [event.slug]) if event.finding else [event.slug]
        said = {c.KIND: event.level, c.TEXT: event.text, c.WHO: [event.who], c.WHEN: event.when}
        rows += [{**said, c.SUBJECT: subject} for subject in subjects]
    return frame(MEMOS, rows)


def _edits(edits: list[Event], places: Mapping[str, list[str]]) -> pd.DataFrame:
    """Return the table of edits; findings are named where they stand now."""
    return frame(
        EDITS,
        [
            {
                c.ISSUE_ID: event.slug,
                c.EDIT: event.answer,
                c.INTO: next(iter(event.slugs), None),
                c.LABEL: event.text or str(event.shown.get("label") or event.slug),
                c.MEMBERS: [name for one in event.findings for name in places.get(one, ())],
                c.HAD: [name for one in event.had for name in places.get(one, ())],
                c.WHO: [event.who],
                c.WHEN: event.when,
            }
            for event in edits
        ],
    )


def count_answers(answered: pd.DataFrame) -> Counter[str]:
    """Count what people did to the model's tags.

    Returns:
        `confirmed` (given, and rightly), `added`, `removed`, `upheld` (not given, and rightly) and
        `disputed`.
    """
    out: Counter[str] = Counter()
    for answer, given in zip(answered[c.ANSWER], answered[c.ASSIGNED], strict=True):
        if answer == DISPUTED:
            out[DISPUTED] += 1
        elif answer == YES:
            out["confirmed" if given else "added"] += 1
        else:
            out["removed" if given else "upheld"] += 1
    return out
