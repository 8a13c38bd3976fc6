"""From tables to what a report says. Any table may be absent or empty."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath

import pandas as pd

from pipelines import columns as c
from pipelines.codebook import Codebook, load_codebook
from pipelines.report.advice import gather_advice, gather_unanswered
from pipelines.report.content import Content, Source
from pipelines.report.english import counted, listing, month
from pipelines.report.evidence import gather_evidence, unit_label
from pipelines.report.patterns import (
    gather_figures,
    gather_issues,
    gather_proposals,
    gather_trend,
    said_once,
)
from pipelines.report.provenance import gather_provenance
from pipelines.report.rows import Row, restrict, rows_of
from pipelines.report.sections import (
    gather_repeats,
    gather_themes,
    gather_units,
)
from pipelines.report.settings import ReportSettings
from pipelines.report.summary import summarise
from pipelines.report.unread import gather_unread

_ORDER = {"failed": 0, "read": 1, "duplicate": 2}


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
    names = {theme.slug: theme.name for theme in book.themes}
    kept = restrict(tables, themes=settings.themes, units=settings.units)
    evidence = gather_evidence(kept, book)
    issues = gather_issues(kept, names, evidence)
    figures = gather_figures(kept, evidence)
    repeats = gather_repeats(kept, names)
    advice = gather_advice(kept, names, evidence)
    themes = gather_themes(
        kept,
        book,
        evidence=evidence,
        issues=issues,
        figures=figures,
        quotes=settings.quotes,
    )
    if settings.themes:
        themes = tuple(theme for theme in themes if theme.slug in settings.themes)
    units = gather_units(kept, names, advice=advice, repeats=repeats)
    sources = gather_sources(kept)
    return Content(
        title=settings.title or _title(settings, names),
        scope=_scope(settings, names, tables),
        written=settings.written,
        summary=summarise(
            sources=sources,
            evidence=evidence,
            themes=themes,
            units=units,
            issues=issues,
            repeats=repeats,
            advice=advice,
        ),
        sources=sources,
        themes=themes,
        units=units,
        evidence=evidence,
        cells={
            (row[c.THEME], row[c.UNIT], row[c.POLARITY]): int(row[c.FINDINGS])
            for row in rows_of(kept, "theme_unit")
        },
        standards=tuple(sorted({finding.standard for finding in evidence if finding.standard})),
        issues=issues,
        once=said_once(kept),
        figures=figures,
        repeats=repeats,
        advice=advice,
        unanswered=gather_unanswered(kept, names),
        proposals=gather_proposals(kept, names, evidence),
        trend=gather_trend(kept, names),
        leftovers=_leftovers(kept),
        provenance=gather_provenance(tables, settings, codebook=book),
        regions=tuple(sorted({unit.region for unit in units if unit.region})),
        unread=None if settings.units else gather_unread(tables),
        pictures={f.finding_id: p for f in evidence if (p := (pictures or {}).get(f.finding_id))},
    )


def gather_sources(tables: Mapping[str, pd.DataFrame]) -> tuple[Source, ...]:
    """Build what became of each file given; without a ledger, of each document read."""
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
        out.append(_source(row, document))
    return tuple(sorted(out, key=lambda s: (_ORDER.get(s.status, 0), s.unit, s.date, s.path)))


def _source(row: Row, document: Row | None) -> Source:
    path = PurePath(str(row[c.PATH])).name
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


def _title(settings: ReportSettings, names: Mapping[str, str]) -> str:
    about = [*(names[slug] for slug in settings.themes), *settings.units]
    return "Themes in probation inspection reports" + (f": {listing(about)}" if about else "")


def _scope(
    settings: ReportSettings, names: Mapping[str, str], tables: Mapping[str, pd.DataFrame]
) -> str:
    if not settings.themes and not settings.units:
        return ""
    about = listing([*(names[slug] for slug in settings.themes), *settings.units])
    whole = counted(len(rows_of(tables, "documents")), "report")
    return (
        f"This extract shows only what concerns {about}. It comes from a batch of {whole}; "
        "counts such as “3 of 8 units” refer to the whole batch."
    )
