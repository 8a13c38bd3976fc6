"""From tables to what a report says. Any table may be absent or empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath

import pandas as pd

from pipelines import columns as c
from pipelines.codebook import Codebook, load_codebook
from pipelines.memory import give_back
from pipelines.report.advice import gather_advice, gather_unanswered
from pipelines.report.changed import gather_changed
from pipelines.report.content import Content, Issue, Source
from pipelines.report.contrast import gather_contrasts
from pipelines.report.english import counted, listing, month
from pipelines.report.evidence import Words, gather_evidence, unit_label, units_read
from pipelines.report.extract import Extract, extract
from pipelines.report.patterns import (
    gather_figures,
    gather_issues,
    gather_proposals,
    gather_trend,
)
from pipelines.report.provenance import gather_provenance
from pipelines.report.questions import gather_questions
from pipelines.report.repeats import gather_repeats
from pipelines.report.rows import Row, rows_of
from pipelines.report.sections import (
    gather_themes,
    gather_units,
)
from pipelines.report.settings import ReportSettings
from pipelines.report.summary import summarise
from pipelines.report.unread import gather_unread

_ORDER = {"failed": 0, "read": 1, "duplicate": 2, "aside": 3}


def gather(
    tables: Mapping[str, pd.DataFrame],
    settings: ReportSettings,
    *,
    codebook: Codebook | None = None,
    pictures: Mapping[str, bytes] | None = None,
) -> Content:
    """Build the content of a report from the tables of a run.

    Args:
        tables: Name to frame, as `columns.TABLES` defines them.
        settings: The reader's choices.
        codebook: Where theme names come from; the shipped one where none is given.
        pictures: PNG of findings on their pages, by finding.

    Raises:
        SettingsError: A unit asked for is not in the tables.
    """
    book = codebook or load_codebook()
    names = book.names
    shown = pictures or {}
    part = extract(tables, settings, book)
    kept = part.tables
    evidence = gather_evidence(kept, book)
    give_back()
    issues = gather_issues(kept, names, evidence)
    figures = gather_figures(kept, evidence)
    repeats = gather_repeats(kept, tables, book, evidence)
    advice = gather_advice(kept, names, evidence, tables)
    themes = gather_themes(
        kept,
        book,
        evidence=evidence,
        issues=issues,
        figures=figures,
        quotes=settings.quotes,
        sides=part.sides,
    )
    if settings.themes:
        themes = tuple(theme for theme in themes if theme.slug in settings.themes)
    about = _about(part.about, names, issues)
    units = gather_units(kept, names, advice=advice, repeats=repeats)
    content = Content(
        title=settings.title or _title(about),
        scope=_scope(settings, about, tables, part),
        written=settings.written,
        summary=(),
        sources=gather_sources(kept),
        themes=themes,
        units=units,
        evidence=evidence,
        cells={
            (row[c.THEME], row[c.UNIT], row[c.POLARITY]): int(row[c.FINDINGS])
            for row in rows_of(kept, "theme_unit")
        },
        standards=tuple(sorted({finding.standard for finding in evidence if finding.standard})),
        issues=issues,
        once=int((~evidence.issues.filled).sum()),
        figures=figures,
        repeats=repeats,
        advice=advice,
        unanswered=gather_unanswered(kept, names),
        proposals=gather_proposals(kept, names, evidence),
        trend=gather_trend(kept, names),
        leftovers=_leftovers(kept),
        provenance=gather_provenance(kept, settings, codebook=book, batch=tables),
        regions=tuple(sorted({i.region for unit in units for i in unit.inspections} - {""})),
        unread=gather_unread(kept),
        questions=gather_questions(kept, names, evidence, about=settings.themes),
        sides=part.sides,
        rest=_rest(part),
        contrasts=gather_contrasts(part, names),
        changed=gather_changed(tables),
        words=Words(tables.get("explanations")),
        pictures={name: png for name in evidence.known(shown) if (png := shown[name])},
    )
    return replace(content, summary=summarise(content, _matter(settings, names, issues)))


def gather_sources(tables: Mapping[str, pd.DataFrame]) -> tuple[Source, ...]:
    """Build what became of each source; without a ledger, of each document read."""
    documents = {row[c.DOCUMENT_ID]: row for row in rows_of(tables, "documents")}
    ledger = rows_of(tables, "ledger") or [
        {c.PATH: row[c.PATH], c.STATUS: "read", c.DOCUMENT_ID: key, c.REASON: None}
        for key, row in documents.items()
    ]
    out = []
    for row in ledger:
        document = documents.get(row[c.DOCUMENT_ID]) if row[c.STATUS] == "read" else None
        if row[c.STATUS] == "read" and document is None:
            continue  # of another unit than the one asked for
        published = document[c.PUBLISHED] or "" if document else ""
        out.append((published, _source(row, document)))
    out.sort(key=lambda one: (_ORDER.get(one[1].status, 0), one[1].unit, one[0], one[1].path))
    return tuple(source for _, source in out)


def _source(row: Row, document: Row | None) -> Source:
    place = PurePath(str(row[c.PATH]))
    path = place.name if place.is_absolute() else str(place)  # whose folder it was, nobody asks
    if document is None:
        return Source(path=path, status=row[c.STATUS], remarks=_remarks(row[c.REASON]))
    scored = document[c.SCORE] is not None and document[c.SCORE_MAX] is not None
    return Source(
        path=path,
        status=row[c.STATUS],
        unit=unit_label(document),
        region=document[c.REGION] or "",
        date=month(document[c.PUBLISHED]),
        rating=document[c.OVERALL_RATING] or "",
        score=f"{document[c.SCORE]} of {document[c.SCORE_MAX]}" if scored else "",
        findings=int(document[c.FINDINGS] or 0),
        strengths=int(document[c.STRENGTHS] or 0),
        areas=int(document[c.AREAS_FOR_IMPROVEMENT] or 0),
        leftovers=int(document[c.LEFTOVERS] or 0),
        pages="" if document[c.PAGES] is None else str(document[c.PAGES]),
        sha256=document[c.SHA256] or "",
        remarks=_remarks(row[c.REASON], *document[c.WARNINGS]),
    )


def _remarks(*said: str | None) -> tuple[str, ...]:
    """Return each remark once, without its full stop; the ledger repeats a document's warnings."""
    out: list[str] = []
    for remark in (text.strip().rstrip(".") for text in said if text):
        if not any(remark in other for other in out):
            out.append(remark)
    return tuple(out)


def _leftovers(tables: Mapping[str, pd.DataFrame]) -> tuple[tuple[str, str, str, str], ...]:
    return tuple(
        (
            str(row[c.DOCUMENT_ID]),
            "" if row[c.PAGE] is None else f"page {row[c.PAGE]}",
            row[c.TEXT] or "",
            row[c.REASON] or "",
        )
        for row in rows_of(tables, "leftovers")
    )


def _matter(
    settings: ReportSettings, names: Mapping[str, str], issues: Sequence[Issue]
) -> tuple[str, ...]:
    """Name the themes and issues that an extract's findings are about."""
    themes = [names[slug] for slug in settings.themes]
    return (*themes, *(f"“{i.label}”" for i in issues)) if settings.issues else tuple(themes)


def _about(settings: ReportSettings, names: Mapping[str, str], issues: Sequence[Issue]) -> str:
    """Name what an extract is about: what is in all that was chosen by, not in one of them."""
    where = (*settings.regions, *settings.units)
    chosen = " in ".join(filter(None, map(listing, (_matter(settings, names, issues), where))))
    since = f"since {month(settings.since)}" if settings.since else ""
    return ", ".join(filter(None, (chosen, since))) if chosen else since and f"reports {since}"


def _title(about: str) -> str:
    return "Themes in probation inspection reports" + (f": {about}" if about else "")


def _scope(
    settings: ReportSettings,
    about: str,
    tables: Mapping[str, pd.DataFrame],
    part: Extract,
) -> str:
    if not settings.partial:
        return ""
    own, whole = (len(rows_of(each, "documents")) for each in (part.tables, tables))
    said = [f"This extract shows only what concerns {about}."]
    if part.rest is not None or own < whole:
        said.append(
            f"It covers {own} of the {counted(whole, 'report')} in the batch, and every number in "
            "it is of these"
            + ("; the rest of the batch is only compared with." if part.rest is not None else ".")
        )
        if part.unlike:
            said.append(
                "1 report is on a unit of another kind and is not compared."
                if part.unlike == 1
                else f"{part.unlike} reports are on units of other kinds and are not compared."
            )
    else:
        said.append(
            f"All {counted(whole, 'report')} of the batch were looked through for it: “of "
            f"{len(units_read(tables))} units” means all of them."
        )
    if part.undated:
        said.append(f"{counted(part.undated, 'report')} without a date cannot be placed.")
    return " ".join(said)


def _rest(part: Extract) -> str:
    """Name what an extract is compared with."""
    if part.rest is None:
        return ""
    reports = counted(len(rows_of(part.rest, "documents")), "report")
    units = units_read(part.rest)
    said = f"the rest of the batch: {reports} on {counted(len(units), 'unit')}"
    if both := units & units_read(part.tables):
        said += f", {len(both)} of which {'is' if len(both) == 1 else 'are'} in this extract too"
    return said
