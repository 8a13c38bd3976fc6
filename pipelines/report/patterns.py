"""What repeats across units: issues, figures, trends."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pipelines import columns as c
from pipelines.mine.listing import NEW
from pipelines.naming import slug
from pipelines.report.content import Issue, Proposal, StatedShare, TrendPoint
from pipelines.report.counts import Count
from pipelines.report.english import day, plain
from pipelines.report.finding import Evidence, Findings
from pipelines.report.rows import Row, each_row, rows_of
from pipelines.report.sections import count_of, framework_name

_SHOWN = 3  # findings that stand for an issue; more would only repeat it


def gather_issues(
    tables: Mapping[str, pd.DataFrame], names: Mapping[str, str], evidence: Findings
) -> tuple[Issue, ...]:
    """Build the recurring issues: those that a person pinned, then those in most units."""
    standing = _standing(tables, "issue_findings", c.ISSUE_ID, evidence)
    published = evidence.shared["published"]
    out, pinned = [], set()
    for row in rows_of(tables, "issues"):
        issue_id = str(row[c.ISSUE_ID])
        new = row[c.STATUS] == NEW
        if row[c.PINNED]:
            pinned.add(issue_id)
        dates = sorted(filter(None, (published[at] for at in evidence.issues.having(issue_id))))
        count = Count(
            int(row[c.UNITS]),
            int(row[c.UNITS_INSPECTED]),
            row[c.SHARE],
            row[c.LOW],
            row[c.HIGH],
            int(row[c.FINDINGS]),
            None if new else int(row[c.UNITS_SURE]),
        )
        out.append(
            Issue(
                anchor=f"issue-{slug(issue_id)}",
                issue_id=issue_id,
                label=row[c.LABEL],
                theme=row[c.THEME],
                theme_name=names.get(row[c.THEME], row[c.THEME]),
                polarity=row[c.POLARITY],
                terms=tuple(row[c.TERMS]),
                count=count,
                stability=row[c.STABILITY],
                evidence=standing.get(issue_id, ()),
                opposite=int(row[c.OPPOSITE_UNITS] or 0),
                new=new,
                decided=tuple(_done(str(said)) for said in row[c.DECIDED]),
                dates=(dates[0], dates[-1]) if dates else ("", ""),
            )
        )
    return tuple(
        sorted(
            out,
            key=lambda i: (
                i.polarity,
                i.issue_id not in pinned,
                i.new,
                -i.count.certain,
                -i.count.units_with,
                -i.count.findings,
                i.issue_id,
            ),
        )
    )


def _done(said: str) -> str:
    """Return what a person did, its day written out."""
    what, _, on = said.rpartition(", ")
    return f"{what}, {day(on)}"


def gather_proposals(
    tables: Mapping[str, pd.DataFrame],
    names: Mapping[str, str],
    evidence: Findings,
) -> tuple[Proposal, ...]:
    """Build the themes that findings suggest and the codebook does not have."""
    standing = _standing(tables, "proposal_findings", c.PROPOSAL_ID, evidence)
    out = [
        Proposal(
            label=row[c.LABEL],
            terms=tuple(row[c.TERMS]),
            nearest=names.get(row[c.THEME], row[c.THEME] or ""),
            count=Count(units_with=int(row[c.UNITS]), findings=int(row[c.FINDINGS])),
            evidence=found,
        )
        for row in rows_of(tables, "proposals")
        if (found := standing.get(str(row[c.PROPOSAL_ID])))
    ]
    return tuple(sorted(out, key=lambda p: (-p.count.units_with, -p.count.findings, p.label)))


def _standing(
    tables: Mapping[str, pd.DataFrame], name: str, group: str, evidence: Findings
) -> dict[str, tuple[Evidence, ...]]:
    """Choose the findings that stand for each issue or proposal, the most telling first.

    Args:
        tables: Of the report.
        name: Of the table of their findings.
        group: Its column of what the findings belong to.
        evidence: The findings of the report.
    """
    data = tables.get(name)
    if data is None:
        return {}
    rows = data.assign(at=evidence.places(data[c.FINDING_ID]))
    surest = [column for column in (c.PROBABILITY, c.SIMILARITY) if column in rows]
    rows = rows.loc[rows["at"] >= 0].fillna(dict.fromkeys(surest, 0.0))
    keys = [c.REPRESENTATIVE, *surest, c.FINDING_ID]
    rows = rows.sort_values(keys, ascending=[*([False] * len(keys[:-1])), True], kind="stable")
    standing: dict[str, tuple[Evidence, ...]] = {}
    for row in rows.groupby(group, sort=False).head(_SHOWN)[[group, "at"]].itertuples(index=False):
        standing[plain(row[0])] = (*standing.get(plain(row[0]), ()), evidence[row[1]])
    return standing


def gather_figures(
    tables: Mapping[str, pd.DataFrame], evidence: Findings
) -> tuple[StatedShare, ...]:
    """Build the shares that findings state, each under the surest theme of its finding."""
    stating = each_row(tables, "shares", (c.FINDING_ID,))
    known = evidence.known(row[c.FINDING_ID] for row in stating)
    out = []
    for row in each_row(tables, "shares"):
        finding = known.get(row[c.FINDING_ID])
        if finding is None or row[c.VALUE] is None:
            continue
        first = next(iter(finding.tags), None)
        out.append(
            StatedShare(
                evidence=finding,
                theme=first.theme if first else "",
                theme_name=first.name if first else "no theme",
                text=row[c.TEXT],
                value=float(row[c.VALUE]),
                good_share=row.get(c.GOOD_SHARE),
                of=_whole(row),
            )
        )
    return tuple(sorted(out, key=lambda f: (f.theme_name, f.value, f.evidence.finding_id, f.text)))


def _whole(row: Row) -> str:
    if row[c.DENOMINATOR] is None:
        return ""
    return f"{row[c.NUMERATOR]} of {row[c.DENOMINATOR]}" if row[c.NUMERATOR] is not None else ""


def gather_trend(
    tables: Mapping[str, pd.DataFrame], names: Mapping[str, str]
) -> tuple[TrendPoint, ...]:
    """Build the points of the trend, one for each year of a framework."""
    points = [
        TrendPoint(
            theme=row[c.THEME],
            theme_name=names.get(row[c.THEME], row[c.THEME]),
            polarity=row[c.POLARITY],
            framework=framework_name(row[c.FRAMEWORK]),
            period=str(row[c.PERIOD]),
            count=count_of(row),
            caution=bool(row[c.CAUTION]),
        )
        for row in rows_of(tables, "trend")
    ]
    return tuple(sorted(points, key=lambda p: (p.theme, p.polarity, p.framework, p.period)))
