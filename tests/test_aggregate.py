"""Aggregation: counts checked by hand on a few units that do not exist."""

from collections import Counter

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from pipelines import columns as c
from pipelines.aggregate import aggregate_tables, phrase, word
from pipelines.codebook import load_codebook
from pipelines.tables import SCANNED, frame, schema_of
from synthetic import make_tables, unit_name

OVERSIGHT = "management-oversight"
WIFI = "ict-and-recording"


def document(document_id, unit, published, framework, rating, region="Farland"):
    return {
        c.DOCUMENT_ID: document_id,
        c.UNIT: unit,
        c.REGION: region,
        c.PUBLISHED: published,
        c.FRAMEWORK: framework,
        c.OVERALL_RATING: rating,
    }


def build(documents, claimed):
    """Tables from documents and (document_id, ordinal, polarity, themes, standard)."""
    findings, tags = [], []
    for document_id, ordinal, polarity, themes, standard in claimed:
        finding_id = f"{document_id}/{ordinal:03d}"
        findings.append(
            {
                c.FINDING_ID: finding_id,
                c.DOCUMENT_ID: document_id,
                c.ORDINAL: ordinal,
                c.POLARITY: polarity,
                c.STANDARD: standard,
            }
        )
        tags += [
            {
                c.FINDING_ID: finding_id,
                c.THEME: slug,
                c.PROBABILITY: 0.9 if slug in themes else 0.1,
                c.ASSIGNED: slug in themes,
                c.CERTAINTY: "sure" if slug in themes else None,
                c.SOURCE: "model",
                c.REVIEW: False,
            }
            for slug in load_codebook().slugs
        ]
    return {
        "documents": frame("documents", documents),
        "findings": frame("findings", findings),
        "tags": frame("tags", tags),
    }


@pytest.fixture
def tables():
    return build(
        [
            document("a-2022-03", "Aford", "2022-03", "pdu-2021", "Inadequate"),
            document("a-2024-05", "Aford", "2024-05", "pdu-2023", "Requires improvement"),
            document("b-2022-08", "Bham", "2022-08", "pdu-2021", "Requires improvement"),
            document("c-2022-11", "Cwick", "2022-11", "pdu-2021", "Good", region="Nearland"),
        ],
        [
            ("a-2022-03", 1, "area_for_improvement", [OVERSIGHT], "Staff"),
            ("a-2022-03", 2, "area_for_improvement", [OVERSIGHT, WIFI], "Staff"),
            ("a-2024-05", 1, "area_for_improvement", [OVERSIGHT], "Staffing"),
            ("a-2024-05", 2, "strength", ["unpaid-work"], "Services"),
            ("b-2022-08", 1, "area_for_improvement", [OVERSIGHT], "Staff"),
            ("c-2022-11", 1, "strength", [OVERSIGHT], "Staff"),
        ],
    )


def less_sure(tables, *finding_ids, source="model"):
    """Say that the themes of some findings are likely, not sure."""
    tags = tables["tags"].copy()
    of_these = tags[c.FINDING_ID].isin(finding_ids) & tags[c.ASSIGNED]
    tags.loc[of_these, c.CERTAINTY] = "likely"
    tags.loc[of_these, c.SOURCE] = source
    return {**tables, "tags": tags}


def pick(table, **wanted):
    chosen = table
    for name, value in wanted.items():
        chosen = chosen[chosen[name] == value]
    assert len(chosen) == 1, f"{len(chosen)} rows for {wanted}"
    return chosen.iloc[0]


def test_findings_of_documents_that_are_gone_count_nowhere():
    tables = build(
        [document("a-2022-03", "Aford", "2022-03", "pdu-2021", "Good")],
        [("gone", 1, "strength", [OVERSIGHT], "Staff")],
    )
    counted = aggregate_tables(tables)
    assert counted["recurrence"][c.FINDINGS].sum() == 0
    assert set(counted["recurrence"][c.UNITS]) == {1}


def test_recurrence_counts_units_not_documents_or_findings(tables):
    row = pick(
        aggregate_tables(tables)["recurrence"], theme=OVERSIGHT, polarity="area_for_improvement"
    )
    assert (row.units_with, row.units, row.findings) == (2, 3, 4)
    assert row.share == pytest.approx(2 / 3)
    # Wilson score interval for 2 of 3, 95 %: 0.2077 to 0.9385.
    assert row.low == pytest.approx(0.2077, abs=5e-4)
    assert row.high == pytest.approx(0.9385, abs=5e-4)


def test_recurrence_says_in_how_many_units_it_is_sure(tables):
    def row(tables):
        table = aggregate_tables(tables)["recurrence"]
        return pick(table, theme=OVERSIGHT, polarity="area_for_improvement")

    assert row(tables).units_sure == 2
    unsure = less_sure(tables, "b-2022-08/001", "a-2024-05/001")
    assert (row(unsure).units_with, row(unsure).units_sure) == (2, 1)  # Aford's first still is
    told = less_sure(tables, "b-2022-08/001", source="person")
    assert row(told).units_sure == 2
    assert pick(aggregate_tables(tables)["recurrence"], theme=WIFI,
                polarity="strength").units_sure == 0  # fmt: skip


def test_what_is_suggested_is_never_counted(tables):
    tags = tables["tags"].copy()
    tags.loc[~tags[c.ASSIGNED], c.CERTAINTY] = "suggested"
    before, after = aggregate_tables(tables), aggregate_tables({**tables, "tags": tags})
    gone = before.pop("repeats")  # what is still suggested is not said to be gone, or new
    left = after["repeats"]
    assert set(left[c.SUBJECT]) < set(gone[c.SUBJECT])
    for name, table in before.items():
        pd.testing.assert_frame_equal(table, after[name])


def test_recurrence_has_a_row_for_what_was_never_found(tables):
    table = aggregate_tables(tables)["recurrence"]
    assert len(table) == 26 * 2
    row = pick(table, theme="victim-safety", polarity="strength")
    assert (row.units_with, row.units, row.share, row.findings) == (0, 3, 0, 0)


def test_a_finding_with_two_themes_of_a_group_counts_once_in_the_group():
    tables = build(
        [document("a", "Aford", "2022-03", "pdu-2021", "Good")],
        [("a", 1, "strength", ["risk-of-harm", "victim-safety"], "Assessment")],
    )
    table = aggregate_tables(tables)["group_recurrence"]
    assert pick(table, group="public-protection", polarity="strength").findings == 1


def test_breakdown_divides_by_the_units_of_the_category(tables):
    table = aggregate_tables(tables)["breakdown"]
    row = pick(
        table,
        dimension="region",
        category="Farland",
        theme=OVERSIGHT,
        polarity="area_for_improvement",
    )
    assert (row.units_with, row.units) == (2, 2)
    assert row.caution
    row = pick(
        table, dimension="year", category="2022", theme=OVERSIGHT, polarity="area_for_improvement"
    )
    assert (row.units_with, row.units) == (2, 3)
    row = pick(table, dimension="quarter", category="2022-Q4", theme=OVERSIGHT, polarity="strength")
    assert (row.units_with, row.units) == (1, 1)


def test_breakdown_has_a_row_where_a_category_was_inspected_and_nothing_found(tables):
    """Of a region without it the share is none; without a row it would look uninspected."""
    table = aggregate_tables(tables)["breakdown"].query("dimension == 'region'")
    sizes = table.groupby([c.THEME, c.POLARITY]).size()
    assert set(sizes) == {tables["documents"][c.REGION].nunique()}
    none = table[table[c.FINDINGS] == 0]
    assert len(none)
    assert (none[c.SHARE] == 0).all()
    assert (none[c.UNITS] > 0).all()


def test_standard_without_a_finding_still_counts_in_its_denominator(tables):
    tables["standards"] = frame(
        "standards",
        [
            {c.DOCUMENT_ID: d, c.CODE: "1.2", c.STANDARD: "Staff", c.RATING: "Good"}
            for d in ("a-2022-03", "b-2022-08", "c-2022-11")
        ],
    )
    row = pick(
        aggregate_tables(tables)["breakdown"],
        dimension="standard",
        category="Staff",
        theme=WIFI,
        polarity="area_for_improvement",
    )
    assert (row.units_with, row.units) == (1, 3)


def test_a_finding_without_a_theme_counts_in_the_denominator_of_its_standard(tables):
    tags = tables["tags"].copy()
    tags.loc[tags[c.FINDING_ID].str.startswith("b-"), [c.ASSIGNED, c.CERTAINTY]] = [False, None]
    row = pick(
        aggregate_tables({**tables, "tags": tags})["breakdown"],
        dimension="standard",
        category="Staff",
        theme=WIFI,
        polarity="area_for_improvement",
    )
    assert (row.units_with, row.units) == (1, 3)


def test_trend_marks_the_framework_break_and_keeps_zeros(tables):
    table = aggregate_tables(tables)["trend"]
    new = table[table[c.FRAMEWORK] == "pdu-2023"]
    assert set(new[c.PERIOD]) == {"2024"}
    assert new[c.AFTER_BREAK].all()
    assert not ((table[c.FRAMEWORK] == "pdu-2021") & (table[c.PERIOD] == "2024")).any()
    zero = pick(new, theme=WIFI, polarity="area_for_improvement")
    assert (zero.units_with, zero.units) == (0, 1)


def test_repeats_tell_repeated_resolved_and_new(tables):
    table = aggregate_tables(tables)["repeats"]
    status = {(row.subject, row.polarity): row.status for row in table.itertuples()}
    assert status == {
        (OVERSIGHT, "area_for_improvement"): "repeated",
        (WIFI, "area_for_improvement"): "no_longer_raised",
        ("unpaid-work", "strength"): "new",
    }
    assert table[c.ACROSS_BREAK].all()
    assert set(table[c.EARLIER]) == {"a-2022-03"}


def test_only_what_is_sure_is_repeated_resolved_or_new(tables):
    """A theme wrongly given would make a repeat of nothing, or end one."""
    unsure = less_sure(tables, "a-2022-03/002", "a-2024-05/002")
    table = aggregate_tables(unsure)["repeats"]
    assert dict(zip(table[c.SUBJECT], table[c.STATUS], strict=True)) == {OVERSIGHT: "repeated"}


def with_issues(tables, *rows):
    """Add issue tags, given as finding, subject and certainty; a suggested one is not assigned."""
    polarity = tables["findings"].set_index(c.FINDING_ID)[c.POLARITY]
    tables["issue_tags"] = frame(
        "issue_tags",
        [
            {
                c.FINDING_ID: finding,
                c.SUBJECT: subject,
                c.POLARITY: polarity[finding],
                c.PROBABILITY: 0.9,
                c.ASSIGNED: certainty != "suggested",
                c.CERTAINTY: certainty,
                c.SOURCE: "model",
            }
            for finding, subject, certainty in rows
        ],
    )
    table = aggregate_tables(tables)["repeats"]
    return {
        row.subject.rpartition("/")[0]: row for row in table[table[c.KIND] == "issue"].itertuples()
    }


THEN, NOW = "a-2022-03/001", "a-2024-05/001"


def test_issues_come_back_with_the_findings_of_both_inspections(tables):
    found = with_issues(
        tables,
        (THEN, "manager-capacity", "sure"),
        (NOW, "manager-capacity", "sure"),
        (THEN, "vetting-delay", "sure"),
        ("b-2022-08/001", "vetting-delay", "sure"),
    )
    again = found["manager-capacity"]
    assert again.status == "repeated"
    assert (list(again.earlier_findings), list(again.later_findings)) == ([THEN], [NOW])
    # Of another unit it may well be said.
    assert found["vetting-delay"].status == "no_longer_raised"
    assert list(found["vetting-delay"].later_findings) == []


def test_one_uncertain_tag_neither_makes_nor_ends_a_repeat(tables):
    found = with_issues(
        tables,
        (THEN, "manager-capacity", "sure"),
        (NOW, "manager-capacity", "likely"),
        (THEN, "home-visits", "sure"),
        (NOW, "home-visits", "suggested"),
        (NOW, "caseload-size", "likely"),
    )
    assert {name: row.status for name, row in found.items()} == {
        "manager-capacity": "perhaps_repeated"
    }


def test_what_came_back_as_its_broader_subject_is_one_matter(tables):
    found = with_issues(
        tables, (THEN, "contingency-planning", "sure"), (NOW, "risk-planning", "sure")
    )
    assert {name: row.status for name, row in found.items()} == {"risk-planning": "repeated"}
    row = found["risk-planning"]
    assert (list(row.earlier_findings), list(row.later_findings)) == ([THEN], [NOW])


def test_new_group_of_findings_comes_back_perhaps(tables):
    tables["issues"] = frame(
        "issues",
        [{c.ISSUE_ID: "new-x/y", c.THEME: OVERSIGHT, c.POLARITY: "area_for_improvement"}],
    )
    tables["issue_findings"] = frame(
        "issue_findings",
        [{c.ISSUE_ID: "new-x/y", c.FINDING_ID: finding} for finding in (THEN, NOW)],
    )
    table = aggregate_tables(tables)["repeats"]
    assert pick(table, kind="issue").status == "perhaps_repeated"


def test_repeats_follow_what_people_did_to_issues(tables):
    """Dropped is gone; merged counts once; a finding counts where it was moved or split to."""
    side = "area_for_improvement"
    back = "custody-contact"
    subjects = ("home-visits", "contingency-planning", "agency-input-review", "caseload-size", back)
    visits, plans, reviews, loads, duties = (f"{subject}/{side}" for subject in subjects)
    small = f"vetting-delay/{side}"
    split, more_then = f"own-loads/{side}", "a-2022-03/002"

    def edit(what, issue, into=None, members=()):
        return {c.EDIT: what, c.ISSUE_ID: issue, c.INTO: into, c.MEMBERS: list(members)}

    tables["edits"] = frame(
        "edits",
        [
            edit("drop", visits),
            edit("merge", small, plans),
            edit("merge", plans, reviews),
            edit("split", loads, split, [THEN, NOW]),
            edit("take", loads, members=[more_then]),
            edit("take", duties, members=[THEN, NOW]),
            edit("put", duties, members=[THEN, NOW]),
        ],
    )
    listed = {reviews: (THEN, NOW), split: (THEN, NOW)}
    tables["issues"] = frame(
        "issues", [{c.ISSUE_ID: name, c.THEME: OVERSIGHT, c.POLARITY: side} for name in listed]
    )
    tables["issue_findings"] = frame(
        "issue_findings",
        [
            {c.ISSUE_ID: name, c.FINDING_ID: finding, c.CERTAINTY: "sure"}
            for name, members in listed.items()
            for finding in members
        ],
    )
    tagged = [
        (finding, subject, "sure")
        for subject in (*subjects, "vetting-delay")
        for finding in (THEN, NOW)
    ]
    found = with_issues(tables, *tagged, (more_then, "caseload-size", "sure"))
    assert {name: row.status for name, row in found.items()} == {
        "agency-input-review": "repeated",
        "own-loads": "repeated",
        back: "repeated",
    }
    assert list(found["agency-input-review"].earlier_findings) == [THEN]


def test_a_merged_issue_that_is_suggested_still_is_not_gone(tables):
    side = "area_for_improvement"
    kept, merged = f"agency-input-review/{side}", f"contingency-planning/{side}"
    tables["edits"] = frame("edits", [{c.EDIT: "merge", c.ISSUE_ID: merged, c.INTO: kept}])
    tables["issues"] = frame("issues", [{c.ISSUE_ID: kept, c.THEME: OVERSIGHT, c.POLARITY: side}])
    tables["issue_findings"] = frame(
        "issue_findings", [{c.ISSUE_ID: kept, c.FINDING_ID: THEN, c.CERTAINTY: "sure"}]
    )
    assert not with_issues(
        tables, (THEN, "agency-input-review", "sure"), (NOW, "contingency-planning", "suggested")
    )


def test_cooccurrence_has_each_sides_denominator(tables):
    table = aggregate_tables(tables)["cooccurrence"]
    one = pick(table, theme=WIFI, other_theme=OVERSIGHT)
    two = pick(table, theme=OVERSIGHT, other_theme=WIFI)
    assert (one.findings, one.of_findings, one.share) == (1, 1, 1)
    assert (two.findings, two.of_findings, two.share) == (1, 4, 0.25)


def test_rating_contrast_gives_the_difference_and_warns_of_small_numbers(tables):
    row = pick(
        aggregate_tables(tables)["rating_contrast"],
        rating="Good",
        theme=OVERSIGHT,
        polarity="area_for_improvement",
    )
    assert (row.units_with, row.units, row.other_units_with, row.other_units) == (0, 1, 2, 2)
    assert row.difference == -1
    assert row.low <= -1 + 1e-9
    assert row.high > -1
    assert row.caution


def test_a_document_without_a_unit_stands_for_itself():
    tables = build(
        [document("x", None, None, None, None), document("y", None, None, None, None)],
        [("x", 1, "strength", [WIFI], None), ("y", 1, "strength", [WIFI], None)],
    )
    out = aggregate_tables(tables)
    assert pick(out["recurrence"], theme=WIFI, polarity="strength").units_with == 2
    assert out["trend"].empty
    assert out["rating_contrast"].empty


def test_nothing_depends_on_the_order_of_rows(tables):
    shuffled = {
        name: table.sample(frac=1, random_state=7).reset_index(drop=True)
        for name, table in tables.items()
    }
    first, second = aggregate_tables(tables), aggregate_tables(shuffled)
    for name, table in first.items():
        pd.testing.assert_frame_equal(table, second[name])


@pytest.fixture(scope="module")
def generated():
    """Two thousand findings in fifty reports; each unit was inspected two or three times."""
    tables = make_tables(50, each=40)
    units = [unit_name(number % 20) for number in range(50)]
    return {**tables, "documents": tables["documents"].assign(**{c.UNIT: units})}


def test_two_thousand_findings_are_counted_as_one_would_by_hand(generated):
    made = aggregate_tables(generated)
    documents = generated["documents"].set_index(c.DOCUMENT_ID)
    findings = generated["findings"].set_index(c.FINDING_ID)
    tags = generated["tags"]
    given = tags[tags[c.ASSIGNED]]
    units, regions, standards, themes = {}, {}, {}, {}
    for finding, theme in zip(given[c.FINDING_ID], given[c.THEME], strict=True):
        own = findings.loc[finding]
        document = documents.loc[own[c.DOCUMENT_ID]]
        key = (theme, own[c.POLARITY])
        units.setdefault(key, set()).add(document[c.UNIT])
        regions.setdefault((document[c.REGION], *key), set()).add(document[c.UNIT])
        standards.setdefault((own[c.STANDARD], *key), set()).add(document[c.UNIT])
        themes.setdefault(finding, set()).add(theme)
    by = made["recurrence"].set_index([c.THEME, c.POLARITY])[c.UNITS_WITH]
    assert {key: n for key, n in by.items() if n} == {k: len(v) for k, v in units.items()}
    parts = made["breakdown"].set_index([c.DIMENSION, c.CATEGORY, c.THEME, c.POLARITY])
    for dimension, expected in (("region", regions), ("standard", standards)):
        assert {key: n for key, n in parts.loc[dimension][c.UNITS_WITH].items() if n} == {
            key: len(found) for key, found in expected.items()
        }
    pairs = Counter(
        (one, other, findings.at[finding, c.POLARITY])
        for finding, found in themes.items()
        for one in found
        for other in found - {one}
    )
    together = made["cooccurrence"].set_index([c.THEME, c.OTHER_THEME, c.POLARITY])[c.FINDINGS]
    assert together.to_dict() == dict(pairs)
    assert len(made["repeats"])


def test_what_is_in_files_is_counted_as_what_is_in_memory(generated, tmp_path, monkeypatch):
    monkeypatch.setattr("pipelines.aggregate.claims._AT_ONCE", 100)
    monkeypatch.setitem(SCANNED, "batch_size", 50)
    files = dict(generated)
    for name in ("findings", "tags", "issue_findings"):
        path = tmp_path / f"{name}.parquet"
        turned = generated[name].iloc[::-1]  # no two tables need be in one order
        pq.write_table(
            pa.Table.from_pandas(turned, schema_of(name), preserve_index=False),
            path,
            row_group_size=70,
        )
        files[name] = ds.dataset(path)
    expected, made = aggregate_tables(generated), aggregate_tables(files)
    for name, table in expected.items():
        pd.testing.assert_frame_equal(made[name], table)


def test_an_empty_run_gives_empty_tables_not_errors():
    out = aggregate_tables(build([], []))
    assert out["recurrence"][c.UNITS].eq(0).all()
    assert out["recurrence"][c.SHARE].isna().all()
    assert out["breakdown"].empty


@pytest.mark.parametrize(
    ("with_it", "total", "expected"),
    [
        (9, 9, None),  # fewer than ten: numbers only
        (12, 12, "all"),
        (0, 12, "none"),
        (14, 17, "most"),  # Wilson 0.590 to 0.938
        (3, 17, "a minority"),  # 0.062 to 0.410
        (9, 17, "about half"),
        (11, 17, None),  # 0.413 to 0.827: neither most nor half
    ],
)
def test_words_follow_the_rule(with_it, total, expected):
    assert word(with_it, total) == expected


def test_phrase_always_gives_the_numbers():
    assert phrase(14, 17) == "most units (14 of 17)"
    assert phrase(3, 17) == "a minority of the units (3 of 17)"
    assert phrase(9, 17) == "about half the units (9 of 17)"
    assert phrase(2, 5, noun="findings") == "2 of 5 findings"
    assert phrase(12, 12) == "all of the 12 units"
