"""Claims: what the aggregation counts.

A claim is a theme assigned to a finding, with the inspection that the finding is from. An
inspection is a document with the unit it is about. Everything else in this package counts
distinct units among claims and divides by distinct units among inspections.

Findings, and what is said of them, are many more than anything counted. They may be given as files
and are read some rows at a time: of a finding a few codes are held, of what it says no more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from pipelines import columns as c
from pipelines.places import counted_unit
from pipelines.tables import SCANNED, frame, schema_of, table

YEAR = "year"
QUARTER = "quarter"
ANY_FRAMEWORK = "any_framework"
"""The framework of an inspection, `unknown` where it is not known."""

FINDING: Final = "finding"
INSPECTION: Final = "inspection"
SUBJECT: Final = "said"
HOW: Final = "how"
SURE, LIKELY, SUGGESTED = 2, 1, 0
"""How surely something is said of a finding."""

_AT_ONCE: Final = 200_000  # rows of a file that are held before they are made codes

Tables = Mapping[str, pd.DataFrame | ds.Dataset]
"""Tables of a run; findings, tags, issue_tags and issue_findings in memory or in files."""


def inspections(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row per document, with its unit's canonical name, year and quarter.

    A document that names no unit stands for itself: dropping it would shrink denominators
    silently, and merging all of them would invent a unit.

    Returns:
        Columns document_id, unit, region, framework, overall_rating, published, year, quarter and
        any_framework; ordered by document_id: no result depends on the order of the sources.
    """
    documents = table(tables, "documents")
    out = documents.loc[
        :, [c.DOCUMENT_ID, c.UNIT, c.REGION, c.FRAMEWORK, c.OVERALL_RATING, c.PUBLISHED]
    ].copy()
    out[c.UNIT] = list(map(counted_unit, out[c.UNIT], out[c.DOCUMENT_ID]))
    out[YEAR] = out[c.PUBLISHED].str.slice(0, 4)
    month = pd.to_numeric(out[c.PUBLISHED].str.slice(5, 7), errors="coerce")
    quarter = ((month + 2) // 3).astype("Int64").astype("str")
    out[QUARTER] = (out[YEAR] + "-Q" + quarter).where(month.notna())
    out[ANY_FRAMEWORK] = out[c.FRAMEWORK].fillna("unknown")
    return out.sort_values(c.DOCUMENT_ID, ignore_index=True)


@dataclass(frozen=True, slots=True)
class CountedFindings:
    """The findings of the inspections counted.

    Attributes:
        ids: Of the findings, by their place.
        rows: By place the polarity, the standard and the place of the inspection.
    """

    ids: pa.Array
    rows: pa.Table

    @classmethod
    def of(cls, tables: Tables, inspected: pd.DataFrame) -> CountedFindings:
        """Take them from `findings`.

        Args:
            tables: Of the run.
            inspected: As `inspections` returns it.
        """
        documents = pa.array(inspected[c.DOCUMENT_ID], pa.string())
        ids, rows = [pa.array([], pa.string())], []
        names = [c.FINDING_ID, c.DOCUMENT_ID, c.POLARITY, c.STANDARD]
        for part in _parts(tables, "findings", names):
            place = pc.index_in(part[c.DOCUMENT_ID], documents)
            known = part.append_column(INSPECTION, place).filter(pc.is_valid(place))
            ids += known[c.FINDING_ID].chunks
            rows.append(_coded(known.select([INSPECTION, c.POLARITY, c.STANDARD])))
        return cls(pa.concat_arrays(ids), _one(rows))

    def stated(self, tables: Tables, name: str, subject: str) -> pa.Table:
        """Take what a table says of these findings: what is given or suggested.

        Args:
            tables: Of the run.
            name: `tags`, `issue_tags` or `issue_findings`, in which all are given.
            subject: Its column of what is said.

        Returns:
            One row for each finding and subject: `finding` and `inspection` (places), `said` (the
            subject), polarity, standard, `how` and probability.
        """
        columns = [c.FINDING_ID, subject, c.POLARITY, c.ASSIGNED, c.CERTAINTY, c.SOURCE]
        rows = []
        for part in _parts(tables, name, [*columns, c.PROBABILITY]):
            place = pc.index_in(part[c.FINDING_ID], self.ids)
            known = part.append_column(FINDING, place).append_column(HOW, _how(part))
            known = known.filter(pc.and_(pc.is_valid(place), pc.is_valid(known[HOW])))
            known = known.append_column(SUBJECT, known[subject])
            own = [c.POLARITY] if c.POLARITY in part.column_names else []
            rows.append(_coded(known.select([FINDING, SUBJECT, *own, HOW, c.PROBABILITY])))
        out = _one(rows)
        for column in self.rows.column_names:
            if column not in out.column_names:
                out = out.append_column(column, self.rows[column].take(out[FINDING]))
        return out


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims of a run.

    Attributes:
        rows: As `CountedFindings.stated` returns them of themes, those given alone; with theme
            and group.
        inspections: What is known of the inspections, by place.
    """

    rows: pa.Table
    inspections: pa.Table

    @classmethod
    def of(cls, tagged: pa.Table, inspected: pd.DataFrame, groups: Mapping[str, str]) -> Claims:
        """Take the claims from what is said of findings in `tags`.

        Args:
            tagged: As `CountedFindings.stated` returns it.
            inspected: As `inspections` returns it.
            groups: Of the themes.
        """
        known = pa.Table.from_pandas(inspected, preserve_index=False)
        given = tagged.filter(pc.greater(tagged[HOW], SUGGESTED))
        themes = given[SUBJECT].combine_chunks()
        grouped = pa.array(map(groups.get, themes.dictionary.to_pylist()), pa.string())
        given = given.append_column(c.GROUP, grouped.dictionary_encode().take(themes.indices))
        return cls(given.rename_columns({SUBJECT: c.THEME}), _one([_coded(known)]))

    def table(self, names: Sequence[str]) -> pa.Table:
        """Return columns of the claims, or of their inspections; claims that lack one are left."""
        own = self.rows.column_names
        columns = [
            self.rows[name] if name in own else self.inspections[name].take(self.rows[INSPECTION])
            for name in names
        ]
        return pa.table(columns, names=list(names)).drop_null()


def _parts(tables: Tables, name: str, columns: Sequence[str]) -> Iterator[pa.Table]:
    """Yield some rows of a table after the others, with the columns that it has; once at least."""
    data = tables[name] if name in tables else frame(name)
    known = data.schema.names if isinstance(data, ds.Dataset) else data.columns
    schema = pa.schema([field for field in schema_of(name) if field.name in columns])
    schema = pa.schema([field for field in schema if field.name in known])
    if not isinstance(data, ds.Dataset):
        yield pa.Table.from_pandas(data[schema.names], schema=schema, preserve_index=False)
        return
    yield schema.empty_table()
    # What was not said, nine tags in ten, need not be taken up at all.
    said = _SAID if c.ASSIGNED in schema.names else None
    held: list[pa.RecordBatch] = []
    # Few parts, as finding the place of an id in each part begins with reading all ids.
    for batch in data.to_batches(columns=schema.names, filter=said, **SCANNED):
        held.append(batch)
        if sum(part.num_rows for part in held) >= _AT_ONCE:
            yield pa.Table.from_batches(held)
            held = []
    yield pa.Table.from_batches(held, schema)


_SAID: Final = pc.field(c.ASSIGNED) | (pc.field(c.CERTAINTY) == "suggested")


def _how(part: pa.Table) -> pa.ChunkedArray:
    """Return how surely each row says something; null where it says nothing."""
    certainty = part[c.CERTAINTY]
    sure = pc.or_kleene(pc.equal(certainty, "sure"), pc.equal(part[c.SOURCE], "person"))
    given = pc.if_else(pc.fill_null(sure, False), *_scales(SURE, LIKELY))
    if c.ASSIGNED not in part.column_names:
        return given
    suggested = pc.fill_null(pc.equal(certainty, "suggested"), False)
    nearly = pc.if_else(suggested, *_scales(SUGGESTED, None))
    return pc.if_else(part[c.ASSIGNED], given, nearly)


def _scales(*values: int | None) -> list[pa.Scalar]:
    return [pa.scalar(value, pa.int8()) for value in values]


def _coded(part: pa.Table) -> pa.Table:
    """Return texts as codes: equal ones stand in a dictionary once."""
    for at, field in enumerate(part.schema):
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            coded = part[field.name].cast(pa.string()).dictionary_encode()
            part = part.set_column(at, field.name, coded)
    return part


def _one(coded: Sequence[pa.Table]) -> pa.Table:
    return pa.concat_tables(coded).unify_dictionaries().combine_chunks()
