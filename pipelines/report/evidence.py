"""Findings as the report shows them, with their tags, explanation and place in the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd
import pyarrow.compute as pc
import pyarrow.dataset as ds

from pipelines import columns as c
from pipelines.answers.applied import PERSON
from pipelines.codebook import Codebook
from pipelines.lexis.senses import folded
from pipelines.naming import slug
from pipelines.places import canonical_unit
from pipelines.records import Box
from pipelines.report.english import month
from pipelines.report.finding import Evidence, Tag, Weight
from pipelines.report.rows import Row, assigned, each_row, rows_of, undecided
from pipelines.shortforms import ShortForm
from pipelines.tables import SCANNED

SAYS_LITTLE: Final = 0.15
"""Of the strongest word for a theme: below that a word is not shown, as it would only distract."""

NEEDED: Final = ("findings", "documents", "standards", "tags", "issue_findings", "abbreviations")
"""Tables that evidence is made of."""


def unit_label(row: Row) -> str:
    """Name the unit of a row as the aggregates do: a document without unit stands for itself."""
    return canonical_unit(row[c.UNIT]) if row[c.UNIT] else str(row[c.DOCUMENT_ID])


def standard_label(row: Row) -> str:
    """Return number and title of a standard, as far as they are known."""
    return " ".join(filter(None, [row[c.CODE], row[c.STANDARD]]))


def pages(row: Row) -> str:
    """Return `page 9`, `pages 9–10` or nothing where the format has none."""
    first, last = row[c.PAGE], row[c.PAGE_END]
    if first is None:
        return ""
    if last is None or last == first:
        return f"page {first}"
    return f"pages {first}–{last}"


def gather_evidence(tables: Mapping[str, pd.DataFrame], codebook: Codebook) -> tuple[Evidence, ...]:
    """Build every finding's evidence, ordered by unit, date and place in the document."""
    names = {theme.slug: theme.name for theme in codebook.themes}
    tags, considered = (_tags(rows, names) for rows in (assigned(tables), undecided(tables)))
    documents = {row[c.DOCUMENT_ID]: row for row in rows_of(tables, "documents")}
    ratings = {
        (row[c.DOCUMENT_ID], row[c.CODE], row[c.STANDARD]): row[c.RATING]
        for row in rows_of(tables, "standards")
    }
    issues: dict[str, tuple[str, ...]] = {}
    for row in each_row(tables, "issue_findings", (c.FINDING_ID, c.ISSUE_ID)):
        issues[row[c.FINDING_ID]] = (*issues.get(row[c.FINDING_ID], ()), row[c.ISSUE_ID])
    explained = titles_by_document(tables)
    anchors: dict[str, str] = {}
    said: dict[str, str] = {}

    def once(text: str) -> str:
        """Return the same text for equal ones: many thousands of findings say few of these."""
        return said.setdefault(text, text)

    out = []
    for row in each_row(tables, "findings"):
        finding_id = str(row[c.FINDING_ID])
        anchor = f"f-{slug(finding_id)}"
        while anchor in anchors and anchors[anchor] != finding_id:
            anchor += "-x"
        anchors[anchor] = finding_id
        document = documents.get(row[c.DOCUMENT_ID], {})
        key = (row[c.DOCUMENT_ID], row[c.CODE], row[c.STANDARD])
        out.append(
            Evidence(
                anchor=anchor,
                finding_id=finding_id,
                document_id=str(row[c.DOCUMENT_ID]),
                ordinal=int(row[c.ORDINAL]),
                unit=once(unit_label(row)),
                region=row[c.REGION] or "",
                date=once(month(row[c.PUBLISHED])),
                published=row[c.PUBLISHED] or "",
                standard=once(standard_label(row)),
                subsection=row[c.SUBSECTION] or "",
                polarity=row[c.POLARITY],
                text=row[c.TEXT],
                quotes=tuple(row[c.QUOTES]),
                page=once(pages(row)),
                rating=document.get(c.OVERALL_RATING) or "",
                standard_rating=ratings.get(key) or "",
                tags=tags.get(finding_id, ()),
                considered=considered.get(finding_id, ()),
                issues=issues.get(finding_id, ()),
                boxes=tuple(Box.from_text(text) for text in row.get(c.BOXES) or ()),
                titles=explained.get(row[c.DOCUMENT_ID], {}),
            )
        )
    return tuple(sorted(out, key=lambda e: (e.unit, e.published, e.document_id, e.ordinal)))


def titles_by_document(tables: Mapping[str, pd.DataFrame]) -> dict[str, dict[str, str]]:
    """Return what each document's short forms stand for, to be shown, by folded short form."""
    out: dict[str, dict[str, str]] = {}
    for row in rows_of(tables, "abbreviations"):
        form = ShortForm(row[c.SHORT], row[c.EXPANSION], row[c.SOURCE], tuple(row[c.SENSES]))
        if form.title:
            out.setdefault(row[c.DOCUMENT_ID], {})[folded(form.short)] = form.title
    return out


@dataclass(frozen=True, slots=True)
class Words:
    """The words that spoke for themes, read of those findings alone that are shown with them.

    Attributes:
        data: The table `explanations`, in memory or in a file; None where there is none.
    """

    data: pd.DataFrame | ds.Dataset | None = None

    def of(self, findings: Iterable[Evidence]) -> dict[tuple[str, str], tuple[Weight, ...]]:
        """Return the words that speak clearly for a theme, by finding and theme, in their order.

        The others are never shown, and of a thousand reports there are hundreds of thousands.
        """
        ids = [finding.finding_id for finding in findings]
        names = [c.FINDING_ID, c.THEME, c.START, c.END, c.WEIGHT]
        if self.data is None or not ids:
            return {}
        if isinstance(self.data, pd.DataFrame):
            data = self.data.loc[self.data[c.FINDING_ID].isin(ids), names]
        else:
            own = pc.field(c.FINDING_ID).isin(ids) & (pc.field(c.WEIGHT) > 0)
            data = self.data.to_table(names, filter=own, **SCANNED).to_pandas()
        data = data.loc[data[c.WEIGHT] > 0]
        strongest = data.groupby([c.FINDING_ID, c.THEME], sort=False)[c.WEIGHT].transform("max")
        clear = data.loc[data[c.WEIGHT] >= SAYS_LITTLE * strongest]
        clear = clear.sort_values(names[:-1], kind="stable")
        columns = (clear[name].tolist() for name in names)
        found: dict[tuple[str, str], list[Weight]] = {}
        for finding_id, theme, start, end, weight in zip(*columns, strict=True):
            found.setdefault((finding_id, theme), []).append(Weight(int(start), int(end), weight))
        return {key: tuple(words) for key, words in found.items()}


def _tags(rows: Iterable[Row], names: Mapping[str, str]) -> dict[str, tuple[Tag, ...]]:
    """Return the tags of each finding, the likeliest first; what a person gave is certain.

    The model may think it unlikely, or know nothing of it.
    """
    found: dict[str, list[Tag]] = {}
    for row in rows:
        person = row[c.SOURCE] == PERSON
        tag = Tag(
            theme=row[c.THEME],
            name=names.get(row[c.THEME], str(row[c.THEME])),
            probability=1.0 if person else float(row[c.PROBABILITY]),
            labelled=person,
            review=bool(row.get(c.REVIEW)),
        )
        found.setdefault(row[c.FINDING_ID], []).append(tag)
    return {
        finding: tuple(sorted(tags, key=lambda tag: (-tag.probability, tag.theme)))
        for finding, tags in found.items()
    }
