"""Units inspected twice: what came back, what did not, what is new, and by which findings.

Each inspection is compared with the one before it of the same unit. Issues come back by a tag that
is sure both times; where one of the two is only likely they come back perhaps. Something is gone,
or new, only where the other report does not even suggest it: one wrong tag must not end a repeat
or make one. What cannot be told is not listed. Strengths are compared too: one that is gone is
news as well.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipelines import columns as c
from pipelines.aggregate.claims import (
    FINDING,
    HOW,
    INSPECTION,
    LIKELY,
    SUBJECT,
    SUGGESTED,
    SURE,
    CountedFindings,
    Tables,
)
from pipelines.answers.events import DROP, MERGE, PUT, SPLIT, TAKE
from pipelines.catalogue import Catalogue, issue_id, load_catalogue
from pipelines.tables import frame, table

REPEATED = "repeated"
PERHAPS = "perhaps_repeated"
GONE = "no_longer_raised"  # which is not to say that it is resolved
NEW = "new"

_Key = tuple[str, str, str]  # kind, subject, polarity


@dataclass(slots=True)
class _Stated:
    """How surely a document states something, and by which findings, the surest first."""

    surest: int = SUGGESTED
    findings: list[tuple[int, float, str]] = field(default_factory=list)

    def add(self, how: int, probability: float, finding: str) -> None:
        self.surest = max(self.surest, how)
        if how > SUGGESTED:
            self.findings.append((-how, -probability, finding))

    @property
    def given(self) -> list[str]:
        return [finding for _, _, finding in sorted(self.findings)]


_Document = dict[_Key, _Stated]


def repeats(
    tables: Tables,
    inspected: pd.DataFrame,
    findings: CountedFindings,
    tagged: pa.Table,
    grouped: pa.Table,
) -> pd.DataFrame:
    """Build the table `repeats`, for themes and for issues.

    Inspections without a date cannot be put in order and are left out.

    Args:
        tables: Uses `issue_tags`, `issues` and `edits`.
        inspected: As `claims.inspections` returns it.
        findings: Of these inspections.
        tagged: What `tags` says of them.
        grouped: What `issue_findings` says of them.
    """
    pairs = list(_pairs(inspected))
    if not pairs:
        return frame("repeats")
    known = load_catalogue()
    listed = table(tables, "issues")
    issues = dict(zip(listed[c.ISSUE_ID], listed[c.POLARITY], strict=True))
    left = _Left.of(table(tables, "edits"), issues)
    wanted = sorted({int(str(one.name)) for pair in pairs for one in pair})
    asked = findings.stated(tables, "issue_tags", c.SUBJECT)
    said = [_Said.of(wanted, rows) for rows in (tagged, asked, grouped)]

    def stated(one: pd.Series) -> _Document:
        return _stated(int(str(one.name)), said, findings.ids, issues, left)

    return frame(
        "repeats",
        [
            row
            for earlier, later in pairs
            for row in _compare(earlier, later, stated(earlier), stated(later), known)
        ],
    )


def _pairs(inspected: pd.DataFrame) -> Iterator[tuple[pd.Series, pd.Series]]:
    """Yield each inspection with the next of its unit; their names are their places.

    Of two documents of one month none is the later: they are of one inspection, or nobody knows.
    """
    dated = inspected.dropna(subset=[c.UNIT, c.PUBLISHED])
    ordered = dated.sort_values([c.UNIT, c.PUBLISHED, c.DOCUMENT_ID])
    stood = zip(ordered[c.UNIT], ordered[c.PUBLISHED], strict=True)
    for at, ((unit, then), (after, now)) in enumerate(pairwise(stood)):
        if unit == after and then != now:
            yield ordered.iloc[at], ordered.iloc[at + 1]


@dataclass(frozen=True, slots=True)
class _Said:
    """What a table says of findings, ordered by inspection: one is found without looking at all."""

    rows: pa.Table
    inspections: npt.NDArray[np.int32]

    @classmethod
    def of(cls, wanted: list[int], rows: pa.Table) -> _Said:
        own = rows.filter(pc.is_in(rows[INSPECTION], pa.array(wanted, pa.int32())))
        ordered = own.sort_by([(INSPECTION, "ascending"), (FINDING, "ascending")])
        return cls(ordered, ordered[INSPECTION].to_numpy())

    def each(self, inspection: int) -> Iterator[tuple[int, str, str, int, float]]:
        """Yield finding, subject, polarity, how surely it is said and its probability."""
        first, end = np.searchsorted(self.inspections, [inspection, inspection + 1])
        own = self.rows.slice(first, end - first)
        columns = (own[name].to_pylist() for name in (FINDING, SUBJECT, c.POLARITY, HOW))
        likely = (x or 0.0 for x in own[c.PROBABILITY].to_pylist())
        return zip(*columns, likely, strict=True)


@dataclass(frozen=True, slots=True)
class _Left:
    """What people's edits leave of the tags of issues.

    Attributes:
        into: Issues that were merged, each with the one that it is now; None for one dropped.
        parted: Findings that were taken or split out of an issue and not put back, with it.
    """

    into: Mapping[str, str | None]
    parted: Collection[tuple[str, str | None]]

    @classmethod
    def of(cls, edits: pd.DataFrame, issues: Collection[str]) -> _Left:
        """Take them from the table `edits`; what was not done in this run is passed over."""
        into: dict[str, str | None] = {}
        parted: set[tuple[str, str | None]] = set()
        columns = (edits[name].tolist() for name in (c.EDIT, c.ISSUE_ID, c.INTO, c.MEMBERS))
        done = list(zip(*columns, strict=True))
        for edit, name, _, members in done:
            if edit in {SPLIT, TAKE}:
                parted |= {(member, name) for member in members}
            elif edit == PUT:
                parted -= {(member, name) for member in members}
        # The last first, so that what an issue was merged into is known by its own last name.
        for edit, name, to, _ in reversed(done):
            now = into.get(to, to) if edit == MERGE else None
            if edit == DROP or (edit == MERGE and (now is None or now in issues)):
                into[name] = now
        return cls({name: to for name, to in into.items() if name not in issues}, parted)

    def issue(self, name: str, finding: str, *, given: bool) -> str | None:
        """Return the issue that a tag counts for; None for none."""
        now = self.into.get(name, name)
        away = (finding, name) in self.parted or (finding, now) in self.parted
        return None if given and away else now


def _stated(
    inspection: int,
    said: Sequence[_Said],
    ids: pa.Array,
    issues: Mapping[str, str],
    left: _Left,
) -> _Document:
    """Return what an inspection states, by kind, subject and polarity.

    A listed issue has the findings that it is listed with, which people may have edited. Tags say
    which issues too few inspections state to be listed, and what is suggested.
    """
    out: _Document = {}
    tagged, asked, grouped = (each.each(inspection) for each in said)
    for finding, theme, polarity, how, probability in tagged:
        _put(out, ("theme", theme, polarity), how, probability, ids[finding].as_py())
    for finding, subject, polarity, how, probability in asked:
        given, one = how > SUGGESTED, ids[finding].as_py()
        issue = left.issue(issue_id(subject, polarity), one, given=given)
        if issue is not None and not (given and issue in issues):
            _put(out, ("issue", issue, polarity), how, probability, one)
    for finding, name, _, how, probability in grouped:
        if name in issues:
            key = ("issue", name, issues[name])
            _put(out, key, how, probability, ids[finding].as_py())
    return out


def _put(document: _Document, key: _Key, how: int, probability: float, finding: str) -> None:
    stated = document.setdefault(key, _Stated())
    if finding not in stated.given:
        stated.add(how, probability, finding)


def _compare(
    earlier: pd.Series,
    later: pd.Series,
    before: _Document,
    after: _Document,
    catalogue: Catalogue,
) -> Iterator[dict[str, object]]:
    frameworks = {earlier[c.FRAMEWORK], later[c.FRAMEWORK]}
    met: dict[_Key, tuple[_Stated, _Stated]] = {}
    held: set[_Key] = set()
    for key, then, now in _widened(before, after, catalogue):
        met[key] = (then, now)
        held |= {key, *_narrower(key, before, after, catalogue)}
    nothing = _Stated(-1)
    for key in sorted(set(before) | set(after) | set(met)):
        then, now = met.get(key) or (before.get(key, nothing), after.get(key, nothing))
        status = _status(then, now)
        if status is None or (key in held and key not in met):
            continue
        kind, subject, polarity = key
        yield {
            c.UNIT: later[c.UNIT],
            c.EARLIER: earlier[c.DOCUMENT_ID],
            c.LATER: later[c.DOCUMENT_ID],
            c.ACROSS_BREAK: len(frameworks) > 1,
            c.KIND: kind,
            c.SUBJECT: subject,
            c.POLARITY: polarity,
            c.STATUS: status,
            c.EARLIER_FINDINGS: then.given,
            c.LATER_FINDINGS: now.given,
        }


def _status(then: _Stated, now: _Stated) -> str | None:
    if then.surest >= LIKELY and now.surest >= LIKELY:
        return REPEATED if then.surest == now.surest == SURE else PERHAPS
    if then.surest == SURE and now.surest < SUGGESTED:
        return GONE
    if now.surest == SURE and then.surest < SUGGESTED:
        return NEW
    return None


def _widened(
    before: _Document, after: _Document, catalogue: Catalogue
) -> Iterator[tuple[_Key, _Stated, _Stated]]:
    """Find what came back as its broader subject, or the other way round, and as nothing nearer.

    `Contingency plans too general` then and `planning does not keep people safe` now are one
    matter, though no finding of the two inspections states the same subject.
    """
    for key in sorted(set(before) | set(after)):
        wide = _broader(key, catalogue)
        if wide is None or _given(key, before) == _given(key, after):
            continue
        narrow_first = _given(key, before)
        if narrow_first and _given(wide, after) and not _given(wide, before):
            yield wide, before[key], after[wide]
        elif not narrow_first and _given(wide, before) and not _given(wide, after):
            yield wide, before[wide], after[key]


def _narrower(
    wide: _Key, before: _Document, after: _Document, catalogue: Catalogue
) -> Iterator[_Key]:
    for key in set(before) | set(after):
        if _broader(key, catalogue) == wide and _given(key, before) != _given(key, after):
            yield key


def _given(key: _Key, document: _Document) -> bool:
    return key in document and document[key].surest >= LIKELY


def _broader(key: _Key, catalogue: Catalogue) -> _Key | None:
    kind, subject, polarity = key
    slug = subject.rpartition("/")[0]
    if kind != "issue" or slug not in catalogue:
        return None
    wide = catalogue.subject(slug).broader
    return (kind, issue_id(wide, polarity), polarity) if wide else None
