"""Recommendations with their evidence, and areas that no recommendation answers."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pipelines import columns as c
from pipelines.report.content import Advice, Unanswered
from pipelines.report.english import month
from pipelines.report.evidence import unit_label
from pipelines.report.finding import Findings
from pipelines.report.rows import Row, by, rows_of


def gather_advice(
    tables: Mapping[str, pd.DataFrame],
    names: Mapping[str, str],
    evidence: Findings,
    batch: Mapping[str, pd.DataFrame],
) -> tuple[Advice, ...]:
    """Build the recommendations with the findings linked to them, best supported first.

    Of an extract on a theme those findings may be on another matter, which the `batch` tells.
    """
    matched = {row[c.RECOMMENDATION_ID] for row in rows_of(batch, "links")}
    links = by(rows_of(tables, "links"), c.RECOMMENDATION_ID)
    known = evidence.known(link[c.FINDING_ID] for listed in links.values() for link in listed)
    documents = {row[c.DOCUMENT_ID]: row for row in rows_of(tables, "documents")}
    tags = by(
        (row for row in rows_of(tables, "recommendation_tags") if row[c.ASSIGNED]),
        c.RECOMMENDATION_ID,
    )
    out = []
    rows = rows_of(tables, "recommendations")
    for row in sorted(rows, key=lambda row: (*_place(row, documents), int(row[c.NUMBER]))):
        document = documents.get(row[c.DOCUMENT_ID])
        linked = sorted(
            links.get(row[c.RECOMMENDATION_ID], []),
            key=lambda link: (-link[c.SCORE], link[c.FINDING_ID]),
        )
        out.append(
            Advice(
                unit=unit_label(document) if document else str(row[c.DOCUMENT_ID]),
                date=month(document[c.PUBLISHED]) if document else "",
                number=int(row[c.NUMBER]),
                document_id=str(row[c.DOCUMENT_ID]),
                unsure=frozenset(
                    link[c.FINDING_ID] for link in linked if link.get(c.CERTAINTY) == "likely"
                ),
                addressee=row[c.ADDRESSEE] or "",
                text=row[c.TEXT],
                matched=row[c.RECOMMENDATION_ID] in matched,
                themes=tuple(
                    sorted(
                        (tag[c.THEME], names.get(tag[c.THEME], tag[c.THEME]))
                        for tag in tags.get(row[c.RECOMMENDATION_ID], [])
                    )
                ),
                evidence=tuple(
                    (known[link[c.FINDING_ID]], float(link[c.SCORE]))
                    for link in linked
                    if link[c.FINDING_ID] in known
                ),
            )
        )
    return tuple(out)


def _name(row: Row, names: Mapping[str, str]) -> str:
    return names.get(row[c.THEME], str(row[c.THEME]))


def _place(row: Row, documents: Mapping[str, Row]) -> tuple[str, str, str]:
    """Return unit, date and id of the report that a row is of, to sort by."""
    key = str(row[c.DOCUMENT_ID])
    document = documents.get(key)
    return (unit_label(document), document[c.PUBLISHED] or "", key) if document else (key, "", key)


def gather_unanswered(
    tables: Mapping[str, pd.DataFrame], names: Mapping[str, str]
) -> tuple[Unanswered, ...]:
    """Build the frequent areas without a recommendation, the most frequent first."""
    documents = {row[c.DOCUMENT_ID]: row for row in rows_of(tables, "documents")}
    out = []
    rows = rows_of(tables, "coverage")
    for row in sorted(
        rows, key=lambda r: (-(r[c.FINDINGS] or 0), *_place(r, documents), _name(r, names))
    ):
        document = documents.get(row[c.DOCUMENT_ID])
        if row[c.KIND] != "area_without_recommendation" or document is None:
            continue
        out.append(
            Unanswered(
                unit=unit_label(document),
                date=month(document[c.PUBLISHED]),
                theme=row[c.THEME],
                theme_name=_name(row, names),
                findings=int(row[c.FINDINGS]),
            )
        )
    return tuple(out)
