"""Findings as a report holds them: in columns, each made when it is asked for."""

import pytest

from pipelines.codebook import load_codebook
from pipelines.flow.storage.packing import pack
from pipelines.report.evidence import gather_evidence
from pipelines.tables import file_of, frame
from synthetic import make_tables

TOLD = (
    *("anchor", "finding_id", "text", "document_id", "unit", "region", "date", "published"),
    *("standard", "subsection", "polarity", "page", "rating", "standard_rating", "ordinal"),
    *("quotes", "boxes", "tags", "considered", "issues", "hovers", "place", "review"),
)


def told(finding):
    return {name: getattr(finding, name) for name in TOLD}


@pytest.fixture(scope="module")
def tables():
    return make_tables(4, each=14)


def test_findings_are_the_same_from_a_file_as_from_memory(tables, tmp_path):
    path = tmp_path / "findings.parquet"
    path.write_bytes(pack("findings", tables["findings"]))
    held, filed = (
        gather_evidence({**tables, "findings": findings}, load_codebook())
        for findings in (tables["findings"], file_of(path))
    )
    assert [told(finding) for finding in held] == [told(finding) for finding in filed]
    assert len(held) == len(tables["findings"])


def test_a_finding_says_what_its_rows_say(tables):
    evidence = gather_evidence(tables, load_codebook())
    order = [(f.unit, f.published, f.document_id, f.ordinal) for f in evidence]
    assert order == sorted(order)
    tags = tables["tags"]
    for row in tables["findings"].to_dict("records"):
        finding = evidence.known([row["finding_id"], "nobody/001"])[row["finding_id"]]
        assert (finding.text, finding.polarity) == (row["text"], row["polarity"])
        assert list(finding.quotes) == row["quotes"]
        own = tags.loc[tags["finding_id"] == row["finding_id"]]
        given = own.loc[own["assigned"]].sort_values(["probability"], ascending=False)
        assert [tag.theme for tag in finding.tags] == given["theme"].tolist()
        assert [tag.probability for tag in finding.tags] == given["probability"].tolist()
        assert finding.review == own["review"].any()
    assert not evidence.known(["nobody/001"])


def test_the_likeliest_tag_is_first_and_of_equals_the_first_by_name():
    given = [("victim-safety", 0.7), ("accommodation", 0.9), ("child-safeguarding", 0.7)]
    tag = {"finding_id": "d/001", "assigned": True, "source": "model", "review": False}
    tags = [{**tag, "theme": theme, "probability": sure} for theme, sure in given]
    nearly = {**tag, "assigned": False, "review": True, "theme": "outcomes", "probability": 0.4}
    findings = frame(
        "findings",
        [
            {"finding_id": f"d/00{n}", "document_id": "d", "ordinal": n, "text": "Said."}
            for n in (1, 2)
        ],
    )
    evidence = gather_evidence(
        {"findings": findings, "tags": frame("tags", [*tags, nearly])}, load_codebook()
    )
    themes = [tag.theme for tag in evidence[0].tags]
    assert themes == ["accommodation", "child-safeguarding", "victim-safety"]
    assert [tag.theme for tag in evidence[0].considered] == ["outcomes"]
    assert (evidence[0].review, evidence[1].review) == (True, False)
    assert not evidence[1].tags


def test_the_findings_of_an_issue_are_found_by_it(tables):
    evidence = gather_evidence(tables, load_codebook())
    for name in {*tables["issue_findings"]["issue_id"], "nobody-said-this/strength"}:
        found = [evidence[at] for at in evidence.issues.having(name)]
        assert found == [finding for finding in evidence if name in finding.issues]
    assert [list(given) for given in evidence.issues] == [list(f.issues) for f in evidence]
    assert list(evidence.review) == [finding.review for finding in evidence]


def test_ids_that_look_alike_in_an_address_have_anchors_of_their_own():
    ids = ["d/001", "d 001", "d/002"]
    findings = frame(
        "findings",
        [
            {"finding_id": name, "document_id": "d", "ordinal": n, "text": "Said."}
            for n, name in enumerate(ids)
        ],
    )
    evidence = gather_evidence({"findings": findings}, load_codebook())
    assert [f.anchor for f in evidence] == ["f-d-001", "f-d-001-x", "f-d-002"]


def test_a_report_without_findings_has_no_evidence():
    evidence = gather_evidence({}, load_codebook())
    assert (len(evidence), list(evidence), evidence[:3]) == (0, [], ())
