"""An extract of a batch: part of its reports, or of its findings, recounted.

Regions, units and a date choose reports; what is left of the batch is its rest, and is only
compared with. Themes and issues choose findings: every report was looked through for them, so all
its units stay in the denominators.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from pipelines import columns as c
from pipelines.aggregate import aggregate_tables, recount_issues
from pipelines.catalogue import load_catalogue
from pipelines.codebook import Codebook
from pipelines.errors import SettingsError
from pipelines.records import Polarity
from pipelines.report.asked import asked_issues, spelt, units_of
from pipelines.report.settings import ReportSettings
from pipelines.tables import conform

Tables = Mapping[str, pd.DataFrame]
_POLARITIES = tuple(str(polarity) for polarity in Polarity)
_WHOLE = {"inspections", "repeats"}  # facts of two inspections, or of none: not recounted


@dataclass(frozen=True, slots=True)
class Extract:
    """What a report is about.

    Attributes:
        tables: Of the reports and findings chosen, counted over them alone.
        rest: The same of the reports that were not chosen, on units of the same kinds; None where
            none is left.
        unlike: Reports that were not chosen, on units of other kinds: nothing is compared with.
        sides: Polarities of which findings may have been chosen.
        undated: Reports left out because a date was asked for and they have none.
        about: The choices, with names as the batch spells them.
        bases: Findings of each polarity in the reports chosen, and in the rest, whatever they
            are about.
    """

    tables: Tables
    about: ReportSettings
    rest: Tables | None = None
    unlike: int = 0
    sides: tuple[str, ...] = _POLARITIES
    undated: int = 0
    bases: tuple[dict[str, int], dict[str, int]] = field(default_factory=lambda: ({}, {}))


def extract(tables: Tables, settings: ReportSettings, codebook: Codebook) -> Extract:
    """Choose from the tables of a run what the settings ask for; all of it where they do not.

    Raises:
        SettingsError: A unit, region or issue is none of the batch's, or nothing is left.
    """
    documents = tables.get("documents")
    if settings.partial and documents is not None:
        settings = spelt(settings, documents)
    reports = settings.units or settings.regions or settings.since
    if not settings.partial or documents is None:
        return Extract(tables, settings)
    issues = asked_issues(tables, settings.issues)
    inside = _chosen(documents, settings)
    kept = _of_reports(tables, set(documents.loc[inside, c.DOCUMENT_ID]))
    beside = _alike(documents, inside)
    rest = _of_reports(tables, set(documents.loc[beside, c.DOCUMENT_ID])) if reports else None
    if reports and "inspections" in tables:
        kept["inspections"] = _published(tables["inspections"], settings)
    sides = {issue.rpartition("/")[2] for issue in issues} & set(_POLARITIES)
    return Extract(
        _counted(_about(kept, settings.themes, issues), kept, settings, issues, codebook),
        settings,
        None
        if rest is None or rest["documents"].empty
        else _counted(_about(rest, settings.themes, issues), rest, settings, issues, codebook),
        int((~inside & ~beside).sum()),
        tuple(p for p in _POLARITIES if p in sides) or _POLARITIES,
        int(documents[c.PUBLISHED].isna().sum()) if settings.since else 0,
        (_sides(kept), _sides(rest or {})),
    )


def _sides(tables: Tables) -> dict[str, int]:
    findings = tables.get("findings")
    counts = {} if findings is None else findings[c.POLARITY].value_counts().to_dict()
    return {str(side): int(number) for side, number in counts.items()}


def _chosen(documents: pd.DataFrame, settings: ReportSettings) -> pd.Series:
    """Tell for each document whether it belongs to the extract."""
    inside = pd.Series(True, index=documents.index)
    for values, asked in (
        (units_of(documents), settings.units),
        (documents[c.REGION], settings.regions),
    ):
        if asked:
            inside &= values.isin(asked)
    if settings.since:
        inside &= _recent(documents[c.PUBLISHED], settings.since)
    if not inside.any():
        raise SettingsError(
            f"no report is left of {len(documents)}: unit, region and date asked for must fit one; "
            "take one of them away"
        )
    return inside


def _alike(documents: pd.DataFrame, inside: pd.Series) -> pd.Series:
    """Tell which of the other documents can be compared with those inside.

    Of what a youth service does well, little is to be found in a probation delivery unit.
    """
    kinds = documents[c.UNIT_TYPE].fillna("unknown")
    return ~inside & kinds.isin(kinds[inside])


def _recent(dates: pd.Series, since: str) -> pd.Series:
    return pd.Series([not_before(date, since) for date in dates], index=dates.index, dtype=bool)


def not_before(published: object, since: str) -> bool:
    """Tell whether a report is so new, as far as both dates are known: of `2024-03` no day is."""
    if not isinstance(published, str):
        return False
    known = min(len(published), len(since))
    return published[:known] >= since[:known]


def _of_reports(tables: Tables, documents: set[str]) -> dict[str, pd.DataFrame]:
    """Keep what belongs to the documents; of the ledger also what belongs to none."""
    out = _narrow(tables, c.DOCUMENT_ID, documents, spare=("ledger", "inspections"))
    if "repeats" in out:  # the earlier inspection may be in the rest
        out["repeats"] = _where(out["repeats"], out["repeats"][c.LATER].isin(documents))
    if "ledger" in out:
        own = out["ledger"][c.DOCUMENT_ID]
        out["ledger"] = _where(out["ledger"], own.isna() | own.isin(documents))
    return _follow(out)


def _about(
    tables: dict[str, pd.DataFrame], themes: Sequence[str], issues: Sequence[str]
) -> dict[str, pd.DataFrame]:
    """Keep the findings and recommendations about the themes and issues."""
    if not (themes or issues) or "findings" not in tables:
        return tables
    out = dict(tables)
    findings = out["findings"]
    keep = pd.Series(True, index=findings.index)
    for name, column, wanted in (
        ("tags", c.THEME, themes),
        ("issue_findings", c.ISSUE_ID, issues),
    ):
        if wanted:
            rows = out.get(name)
            having = set() if rows is None else set(_given(rows, column, wanted)[c.FINDING_ID])
            keep &= findings[c.FINDING_ID].isin(having)
    out["findings"] = _where(findings, keep)
    if issues:
        out = _narrow(out, c.ISSUE_ID, set(issues))
    if "recommendations" in out:
        links, tags = out.get("links"), out.get("recommendation_tags")
        answered: set[str] = set()
        if links is not None:
            own = links[c.FINDING_ID].isin(out["findings"][c.FINDING_ID])
            answered |= set(links.loc[own, c.RECOMMENDATION_ID])
        if themes and tags is not None:
            answered |= set(_given(tags, c.THEME, themes)[c.RECOMMENDATION_ID])
        recommendations = out["recommendations"]
        out["recommendations"] = _where(
            recommendations, recommendations[c.RECOMMENDATION_ID].isin(answered)
        )
    return _follow(out)


def _given(rows: pd.DataFrame, column: str, wanted: Sequence[str]) -> pd.DataFrame:
    own = rows[column].isin(wanted)
    return rows[own & rows[c.ASSIGNED].astype(bool)] if c.ASSIGNED in rows.columns else rows[own]


def _follow(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Keep of every table what belongs to the findings and recommendations that are left."""
    out = tables
    for name, column in (("findings", c.FINDING_ID), ("recommendations", c.RECOMMENDATION_ID)):
        if name in out:
            keep = set(out[name][column])
            if name == "recommendations":  # of coverage also what names no recommendation
                keep.add(None)
            out = _narrow(out, column, keep, spare=(name,))
    for name, members, column in (
        ("issues", "issue_findings", c.ISSUE_ID),
        ("proposals", "proposal_findings", c.PROPOSAL_ID),
    ):
        if name in out and members in out:
            out[name] = _where(out[name], out[name][column].isin(out[members][column]))
    return out


def _counted(
    tables: dict[str, pd.DataFrame],
    reports: Tables,
    settings: ReportSettings,
    issues: Sequence[str],
    codebook: Codebook,
) -> dict[str, pd.DataFrame]:
    """Count the extract again, what the batch had counted; `reports` has all of their findings."""
    again = aggregate_tables(tables, codebook=codebook)
    made = {name: again[name] for name in again if name in tables and name not in _WHOLE}
    out = {**tables, **made}
    if "issues" in out and "issue_findings" in out and "findings" in out:
        out["issues"] = recount_issues(out)
    if "documents" in out and "findings" in out and out["findings"] is not reports.get("findings"):
        out["documents"] = _findings_of(out["documents"], out["findings"])
    if "repeats" in out and (settings.themes or issues):
        out["repeats"] = _repeats_about(out["repeats"], settings.themes, issues)
    if not settings.themes:
        return out
    return _narrow(out, c.THEME, set(settings.themes), spare=("tags", "issues", "proposals"))


def _repeats_about(
    repeats: pd.DataFrame, themes: Sequence[str], issues: Sequence[str]
) -> pd.DataFrame:
    """Keep the repeats of the themes and of their issues, or of the issues asked for."""
    known = load_catalogue()
    slugs = {s.slug for s in known.subjects if set(s.themes) & set(themes)}
    about = [
        subject in issues
        or (not issues and (subject in themes or subject.rpartition("/")[0] in slugs))
        for subject in repeats[c.SUBJECT]
    ]
    return _where(repeats, pd.Series(about, index=repeats.index, dtype=bool))


def _findings_of(documents: pd.DataFrame, findings: pd.DataFrame) -> pd.DataFrame:
    """Give documents the numbers of the findings that are left of them."""
    out = documents.copy()
    sides = findings[c.POLARITY]
    for column, own in (
        (c.FINDINGS, findings),
        (c.STRENGTHS, findings[sides == Polarity.STRENGTH]),
        (c.AREAS_FOR_IMPROVEMENT, findings[sides == Polarity.AREA_FOR_IMPROVEMENT]),
    ):
        number = own[c.DOCUMENT_ID].value_counts()
        out[column] = [int(number.get(document, 0)) for document in out[c.DOCUMENT_ID]]
    return conform("documents", out)


def _published(inspections: pd.DataFrame, settings: ReportSettings) -> pd.DataFrame:
    """Keep the published inspections that the extract could hold."""
    inside = pd.Series(True, index=inspections.index)
    for column, asked in ((c.UNIT, settings.units), (c.REGION, settings.regions)):
        if asked:
            inside &= inspections[column].isin(asked)
    if settings.since:
        inside &= _recent(inspections[c.PUBLISHED], settings.since)
    return _where(inspections, inside)


def _narrow(
    tables: Tables, column: str, wanted: set[str] | set[str | None], *, spare: tuple[str, ...] = ()
) -> dict[str, pd.DataFrame]:
    return {
        name: data
        if name in spare or column not in data.columns
        else _where(data, data[column].isin(wanted) | (data[column].isna() & (None in wanted)))
        for name, data in tables.items()
    }


def _where(data: pd.DataFrame, keep: pd.Series) -> pd.DataFrame:
    return data[keep].reset_index(drop=True)
