"""Units inspected twice: what came back, what did not, what is new, and by which findings.

Each inspection is compared with the one before it of the same unit. Issues come back by a tag that
is sure both times; where one of the two is only likely they come back perhaps. Something is gone,
or new, only where the other report does not even suggest it: one wrong tag must not end a repeat
or make one. What cannot be told is not listed. Strengths are compared too: one that is gone is
news as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pandas as pd

from pipelines import columns as c
from pipelines.aggregate.claims import table
from pipelines.catalogue import Catalogue, issue_id, load_catalogue
from pipelines.tables import frame

REPEATED = "repeated"
PERHAPS = "perhaps_repeated"
RESOLVED = "resolved"
NEW = "new"

_SURE, _LIKELY, _SUGGESTED = 2, 1, 0
_Key = tuple[str, str, str]  # kind, subject, polarity


@dataclass(slots=True)
class _Stated:
    """How surely a document states something, and by which findings, the surest first."""

    surest: int = _SUGGESTED
    findings: list[tuple[int, float, str]] = field(default_factory=list)

    def add(self, how: int, probability: float, finding: str) -> None:
        self.surest = max(self.surest, how)
        if how > _SUGGESTED:
            self.findings.append((-how, -probability, finding))

    @property
    def given(self) -> list[str]:
        return [finding for _, _, finding in sorted(self.findings)]


_Document = dict[_Key, _Stated]


def repeats(
    tables: Mapping[str, pd.DataFrame],
    inspected: pd.DataFrame,
    *,
    catalogue: Catalogue | None = None,
) -> pd.DataFrame:
    """Build the table `repeats`, for themes and for issues.

    Inspections without a date cannot be put in order and are left out.

    Args:
        tables: Needs `findings`, `tags`; uses `issue_tags`, `issues` and `issue_findings`.
        inspected: As `claims.inspections` returns it.
        catalogue: Says which subject takes in which; the shipped one where none is given.
    """
    pairs = list(_pairs(inspected))
    if not pairs:
        return frame("repeats")
    known = catalogue or load_catalogue()
    wanted = {str(one[c.DOCUMENT_ID]) for pair in pairs for one in pair}
    stated = _stated(tables, wanted)
    return frame("repeats", [row for pair in pairs for row in _compare(*pair, stated, known)])


def _pairs(inspected: pd.DataFrame) -> Iterator[tuple[pd.Series, pd.Series]]:
    dated = inspected.dropna(subset=[c.PUBLISHED])
    for _, of_unit in dated.groupby(c.UNIT, sort=True):
        ordered = of_unit.sort_values([c.PUBLISHED, c.DOCUMENT_ID])
        for at in range(1, len(ordered)):
            yield ordered.iloc[at - 1], ordered.iloc[at]


def _stated(tables: Mapping[str, pd.DataFrame], documents: set[str]) -> dict[str, _Document]:
    """Return what each of the documents states, by kind, subject and polarity."""
    findings = table(tables, "findings")
    findings = findings[findings[c.DOCUMENT_ID].isin(documents)]
    place = {
        finding: (document, polarity)
        for finding, document, polarity in zip(
            findings[c.FINDING_ID], findings[c.DOCUMENT_ID], findings[c.POLARITY], strict=True
        )
    }
    out: dict[str, _Document] = {document: {} for document in documents}
    tags, asked = table(tables, "tags"), table(tables, "issue_tags")
    for finding, theme, how, probability in _weighed(tags, c.THEME, place):
        document, polarity = place[finding]
        _put(out[document], ("theme", theme, polarity), how, probability, finding)
    poles = asked.set_index([c.FINDING_ID, c.SUBJECT])[c.POLARITY].to_dict()
    for finding, subject, how, probability in _weighed(asked, c.SUBJECT, place):
        polarity = poles[finding, subject]
        key = ("issue", issue_id(subject, polarity), polarity)
        _put(out[place[finding][0]], key, how, probability, finding)
    issues = table(tables, "issues").set_index(c.ISSUE_ID)[c.POLARITY].to_dict()
    members = table(tables, "issue_findings")
    for finding, name, how, probability in _weighed(members, c.ISSUE_ID, place):
        if name in issues:
            key = ("issue", name, issues[name])
            _put(out[place[finding][0]], key, how, probability, finding)
    return out


def _put(document: _Document, key: _Key, how: int, probability: float, finding: str) -> None:
    stated = document.setdefault(key, _Stated())
    if finding not in stated.given:
        stated.add(how, probability, finding)


def _weighed(
    rows: pd.DataFrame, column: str, place: Mapping[str, object]
) -> Iterator[tuple[str, str, int, float]]:
    """Yield finding, subject, how sure it is and its probability, of findings that matter here."""
    rows = rows[rows[c.FINDING_ID].isin(place)]
    given = rows[c.ASSIGNED].astype(bool) if c.ASSIGNED in rows.columns else [True] * len(rows)
    for finding, subject, assigned, certainty, source, probability in zip(
        rows[c.FINDING_ID],
        rows[column],
        given,
        rows[c.CERTAINTY],
        rows[c.SOURCE],
        rows[c.PROBABILITY],
        strict=True,
    ):
        sure = certainty == "sure" or source == "person"
        if assigned or certainty == "suggested":
            how = _SUGGESTED if not assigned else _SURE if sure else _LIKELY
            yield finding, subject, how, 0.0 if pd.isna(probability) else float(probability)


def _compare(
    earlier: pd.Series, later: pd.Series, stated: Mapping[str, _Document], catalogue: Catalogue
) -> Iterator[dict[str, object]]:
    before, after = (stated[str(one[c.DOCUMENT_ID])] for one in (earlier, later))
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
    if then.surest >= _LIKELY and now.surest >= _LIKELY:
        return REPEATED if then.surest == now.surest == _SURE else PERHAPS
    if then.surest == _SURE and now.surest < _SUGGESTED:
        return RESOLVED
    if now.surest == _SURE and then.surest < _SUGGESTED:
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
    return key in document and document[key].surest >= _LIKELY


def _broader(key: _Key, catalogue: Catalogue) -> _Key | None:
    kind, subject, polarity = key
    slug = subject.rpartition("/")[0]
    if kind != "issue" or slug not in catalogue:
        return None
    wide = catalogue.subject(slug).broader
    return (kind, issue_id(wide, polarity), polarity) if wide else None
