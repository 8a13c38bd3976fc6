"""Findings as the report shows them, with their tags, explanation and place in the page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines import columns as c
from pipelines.answers.applied import PERSON
from pipelines.codebook import Codebook
from pipelines.lexis.senses import folded
from pipelines.naming import slug
from pipelines.places import counted_unit
from pipelines.report.coded import Coded, Listed, coded, listed, places, taken
from pipelines.report.english import month
from pipelines.report.finding import Evidence, Findings, Kind, Weight
from pipelines.report.rows import Row, each_row, rows_of
from pipelines.shortforms import ShortForm

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow.dataset as ds

Shown = tuple[Evidence, ...]

SAYS_LITTLE: Final = 0.15
"""Of the strongest word for a theme: below that a word is not shown, as it would only distract."""

_TAGS: Final = (
    *(c.FINDING_ID, c.THEME, c.PROBABILITY, c.ASSIGNED, c.CERTAINTY, c.SOURCE, c.REVIEW),
)
_SHARED: Final = (
    *(c.DOCUMENT_ID, c.ORDINAL, c.UNIT, c.REGION, c.PUBLISHED, c.CODE, c.STANDARD),
    *(c.SUBSECTION, c.POLARITY, c.PAGE, c.PAGE_END),
)
_STANDARD: Final = (c.DOCUMENT_ID, c.CODE, c.STANDARD)


def unit_label(row: Row) -> str:
    """Name the unit of a row as the aggregates do: a document without unit stands for itself."""
    return counted_unit(row[c.UNIT], row[c.DOCUMENT_ID])


def units_read(tables: Mapping[str, pd.DataFrame]) -> set[str]:
    """Return the units of the documents."""
    return {unit_label(row) for row in rows_of(tables, "documents")}


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


def gather_evidence(tables: Mapping[str, Any], codebook: Codebook) -> Findings:
    """Take up every finding as evidence, ordered by unit, date and place in the document.

    Args:
        tables: Frames; `findings` may be a file.
        codebook: Gives names of themes.
    """
    about = each_row(tables, "documents", (c.DOCUMENT_ID, c.OVERALL_RATING))
    overall = {row[c.DOCUMENT_ID]: row[c.OVERALL_RATING] for row in about}
    rated = each_row(tables, "standards", (*_STANDARD, c.RATING))
    ratings = {_standard(row): row[c.RATING] for row in rated}
    rows = taken(tables, "findings", _SHARED)
    shared = {
        "document_id": coded(rows, lambda row: str(row[c.DOCUMENT_ID]), c.DOCUMENT_ID),
        "unit": coded(rows, unit_label, c.UNIT, c.DOCUMENT_ID),
        "region": coded(rows, lambda row: row[c.REGION] or "", c.REGION),
        "date": coded(rows, lambda row: month(row[c.PUBLISHED]), c.PUBLISHED),
        "published": coded(rows, lambda row: row[c.PUBLISHED] or "", c.PUBLISHED),
        "standard": coded(rows, standard_label, c.CODE, c.STANDARD),
        "subsection": coded(rows, lambda row: row[c.SUBSECTION] or "", c.SUBSECTION),
        "polarity": coded(rows, lambda row: str(row[c.POLARITY]), c.POLARITY),
        "page": coded(rows, pages, c.PAGE, c.PAGE_END),
        "rating": coded(rows, lambda row: overall.get(row[c.DOCUMENT_ID]) or "", c.DOCUMENT_ID),
        "standard_rating": coded(rows, lambda row: ratings.get(_standard(row)) or "", *_STANDARD),
    }
    ordinals = np.asarray(rows[c.ORDINAL], np.int64)
    ranks = (shared[name].ranks for name in ("document_id", "published", "unit"))
    order = np.lexsort([ordinals, *ranks])
    del rows  # what is each finding's own is not held beside it
    own = taken(tables, "findings", (c.FINDING_ID, c.TEXT, c.QUOTES, c.BOXES))
    own = own.append_column("anchor", _anchors(own[c.FINDING_ID].to_pylist()))
    own = own.take(order).combine_chunks()
    ids = own[c.FINDING_ID]
    tags = taken(tables, "tags", _TAGS, pc.field(c.ASSIGNED) | pc.field(c.REVIEW))
    said = taken(tables, "issue_findings", (c.FINDING_ID, c.ISSUE_ID, c.CERTAINTY, c.SOURCE))
    issues = coded(said, lambda row: str(row[c.ISSUE_ID]), c.ISSUE_ID)
    sure = coded(said, _sure, c.CERTAINTY, c.SOURCE)
    return Findings(
        own=own,
        shared={name: Coded(one.values, one.codes[order]) for name, one in shared.items()},
        ordinals=ordinals[order],
        tags=_tags(tags.filter(pc.field(c.ASSIGNED)), ids, codebook),
        considered=_tags(tags.filter(~pc.field(c.ASSIGNED)), ids, codebook),
        issues=listed(
            places(said[c.FINDING_ID], ids), issues, np.array([*sure], np.float64), len(ids)
        ),
        titles=titles_by_document(tables),
    )


def _sure(row: Row) -> bool:
    """Tell whether what is said of a finding is sure, as `aggregate.claims` has it."""
    return bool(row[c.SOURCE] == PERSON or row[c.CERTAINTY] == "sure")


def _standard(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in _STANDARD)


def _anchors(ids: list[str]) -> pa.Array:
    """Return the anchor of each finding on a page: two whose ids differ have two."""
    anchors = [f"f-{slug(name)}" for name in ids]
    if len(set(anchors)) < len(set(ids)):
        taken_by: dict[str, str] = {}
        for at, name in enumerate(ids):
            while taken_by.setdefault(anchors[at], name) != name:
                anchors[at] += "-x"
    return pa.array(anchors, pa.string())


def _tags(rows: pa.Table, ids: pa.Array, codebook: Codebook) -> Listed[Kind]:
    """Return the tags of each finding, the likeliest first; what a person gave is certain.

    The model may think it unlikely, or know nothing of it.
    """
    names = codebook.names

    def kind(row: Row) -> Kind:
        theme = str(row[c.THEME])
        person = row[c.SOURCE] == PERSON
        return theme, names.get(theme, theme), person, bool(row[c.REVIEW]), _sure(row)

    rows = rows.sort_by(c.THEME)
    kinds = coded(rows, kind, c.THEME, c.SOURCE, c.REVIEW, c.CERTAINTY)
    person = pc.fill_null(pc.equal(rows[c.SOURCE], PERSON), False)
    weights = np.asarray(pc.if_else(person, 1.0, rows[c.PROBABILITY]), np.float64)
    return listed(places(rows[c.FINDING_ID], ids), kinds, weights, len(ids))


def tagged(findings: Findings, units: int) -> dict[tuple[str, str], tuple[int, Shown]]:
    """Return by theme and polarity how many findings have it, and those that may stand for it.

    Args:
        findings: Of a report.
        units: From how many units findings are to be shown. The likeliest of so many stand for a
            theme, with all that are as likely; where there are fewer units, all do.
    """
    given, side = findings.tags, findings.shared["polarity"]
    rows = np.repeat(np.arange(len(findings)), np.diff(given.starts))
    names = sorted({theme for theme, *_ in given.items.values})
    themes = np.array([names.index(theme) for theme, *_ in given.items.values], np.int64)
    keys = themes[given.items.codes] * len(side.values) + side.codes[rows]
    out: dict[tuple[str, str], tuple[int, Shown]] = defaultdict(lambda: (0, ()))
    for key in np.unique(keys).tolist():
        own = np.flatnonzero(keys == key)
        own = own[np.argsort(-given.weights[own], kind="stable")]
        first = np.unique(findings.shared["unit"].codes[rows[own]], return_index=True)[1]
        least = given.weights[own[np.sort(first)[units - 1]]] if len(first) >= units else 0.0
        shown = rows[own[given.weights[own] >= least]].tolist()
        theme, polarity = divmod(key, len(side.values))
        out[names[theme], side.values[polarity]] = len(own), tuple(findings[at] for at in shown)
    return out


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
        own = pc.field(c.FINDING_ID).isin(ids) & (pc.field(c.WEIGHT) > 0)
        data = taken({"explanations": self.data}, "explanations", names, own).to_pandas()
        strongest = data.groupby([c.FINDING_ID, c.THEME], sort=False)[c.WEIGHT].transform("max")
        clear = data.loc[data[c.WEIGHT] >= SAYS_LITTLE * strongest]
        clear = clear.sort_values(names[:-1], kind="stable")
        columns = (clear[name].tolist() for name in names)
        found: dict[tuple[str, str], list[Weight]] = {}
        for finding_id, theme, start, end, weight in zip(*columns, strict=True):
            found.setdefault((finding_id, theme), []).append(Weight(int(start), int(end), weight))
        return {key: tuple(words) for key, words in found.items()}
