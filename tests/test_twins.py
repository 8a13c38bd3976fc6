"""One inspection published twice is one; two inspections of one unit are two."""

from __future__ import annotations

import re

import pytest

from pipelines import columns as c
from pipelines.flow.documents import Reading, part_of
from pipelines.flow.ledger import settle
from pipelines.flow.rows import read_rows
from pipelines.flow.sources.source import Source
from pipelines.project import leave_project

WHAT = ["Post", "Mail", "Ink", "Wax", "Paper", "Twine", "Stamps", "Labels", "Sacks", "Scales"]


def report(
    unit="Marlock PDU",
    published="May 2024",
    fieldwork="February 2024",
    count=20,
    changed=0,
    note="",
):
    """Write a report of `count` findings, of which some are `changed`."""
    lines = [f"An inspection of probation services in {unit}", note]
    lines += [f"Published {published}"] if published else []
    lines += [f"Fieldwork started {fieldwork}"] if fieldwork else []
    for number in range(count):
        if number % 10 == 0:
            heads = ["1.1 Leadership", "1.2 Staff", "1.3 Services"]
            lines += [heads[number // 10], "Strengths", ""]
        if number % 10 == 5:
            lines.append("Areas for improvement")
        word = WHAT[number % 10]
        end = "and nobody minded" if number < changed else "and everybody minded"
        lines.append(f"- {word} of room {number + 1} was counted by the clerk at the desk {end}.")
    return "\n\n".join(line for line in lines if line) + "\n"


@pytest.fixture
def settled(tmp_path):
    def settle_texts(**texts):
        readings = []
        for name, text in texts.items():
            path = tmp_path / f"{name.replace('_', '.')}"
            path.write_text(text, encoding="utf-8")
            value = read_rows(str(path), {})
            part = part_of(value)
            readings.append((Reading(Source(path.name, str(path)), part.head, part), 0.1))
        done = settle(readings)
        again = settle(readings[::-1])
        assert (done.ledger, done.kept) == (again.ledger, again.kept)
        return done

    yield settle_texts
    leave_project()  # whatever a worker was told, the tests that follow are told nothing


def counted(done):
    return [row[c.PATH] for row in done.ledger if row[c.STATUS] == "read"]


def reasons(done):
    return [row[c.REASON] for row in done.ledger if row[c.STATUS] == "duplicate"]


def rows(done, table):
    return [row for named in done.kept for row in named.tables()[table].to_pylist()]


def warnings(done):
    return [warning for row in rows(done, "documents") for warning in row[c.WARNINGS]]


@pytest.mark.parametrize(
    ("other", "kept", "said"),
    [
        (report(published="August 2025"), "a.txt", "20 of 20"),  # the date of a new site
        (report(published="June 2024", changed=3), "b.txt", "later edition"),
        (report(published="", fieldwork="", count=6), "a.txt", "it has 20 findings, this one 6"),
        (report(published="", fieldwork="", count=4)[:-25], "a.txt", "4 of 4"),
        (report(count=2), "a.txt", "it has 20 findings, this one 2"),
        (report(unit="Marlock Probation Delivery Unit", changed=9), "a.txt", "11 of 20"),
        (report(changed=2, note="Corrected in July 2024"), "b.txt", "later edition"),
        (report(fieldwork="", published="June 2024"), "a.txt", "20 of 20"),
    ],
    ids=[
        "redated",
        "corrected",
        "cut, no dates",
        "cut in a word",
        "cut short",
        "half",
        "noted",
        "no fieldwork",
    ],
)
def test_one_inspection_counts_once(settled, other, kept, said):
    done = settled(a_txt=report(), b_txt=other)
    assert counted(done) == [kept]
    assert said in reasons(done)[0]
    assert "which counts" in reasons(done)[0]
    assert warnings(done) == []


@pytest.mark.parametrize(
    ("other", "warned"),
    [
        (report(published="May 2026", fieldwork="January 2026", changed=18), None),
        (report(published="May 2026", fieldwork="January 2026", changed=3), "17 of 20"),
        (report(published="May 2026", fieldwork="", changed=20), None),
        (report(published="May 2024", changed=18), "a second document of this unit and month"),
        (report(published="July 2024", changed=18), "a second document of this unit and month"),
        (report(unit="Tern PDU"), None),
        (report().replace("room", "hall 7, room"), "a second document"),  # alike, not the same
    ],
    ids=[
        "again",
        "again, alike",
        "again, bare",
        "same month",
        "same fieldwork",
        "other unit",
        "other figures",
    ],
)
def test_two_inspections_stay_two(settled, other, warned):
    done = settled(a_txt=report(), b_txt=other)
    assert counted(done) == ["a.txt", "b.txt"]
    assert [warned] == [None] if not warnings(done) else warned in warnings(done)[0]


def test_what_a_copy_has_in_common_with_another_inspection_is_no_doubt_of_its_own(settled):
    again = report(published="May 2026", fieldwork="January 2026", changed=3)
    done = settled(a_txt=report(), b_txt=again, c_txt=report(note="A copy."))
    assert counted(done) == ["a.txt", "b.txt"]
    assert len(warnings(done)) == 1


def test_an_edition_that_its_name_tells(settled):
    done = settled(**{"report_txt": report(), "report-v2_txt": report(changed=1)})
    assert counted(done) == ["report-v2.txt"]


def test_a_draft_never_counts_for_the_report_as_published(settled):
    said = report(changed=1, note="DRAFT - for factual accuracy check")
    done = settled(**{"a-v2-final_txt": said, "report_txt": report()})
    assert counted(done) == ["report.txt"]
    assert "a draft" in reasons(done)[0]
    done = settled(**{"report_txt": report(), "report (draft 3)_txt": report(changed=1)})
    assert counted(done) == ["report.txt"]


def test_the_number_of_a_working_copy_says_nothing_against_the_published_report(settled):
    page = "".join(f"<p>{line}</p>" for line in report().split("\n\n"))
    done = settled(**{"report v2 FINAL_txt": report(changed=1), "report_html": page})
    assert counted(done) == ["report.html"]


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("a_txt", "Draft report"),
        ("a_txt", "Embargoed DRAFT: not to be sent on"),
        ("a draft_txt", ""),
    ],
)
def test_a_draft_that_counts_is_marked(settled, name, note):
    assert "draft" in warnings(settled(**{name: report(note=note)}))[0]


@pytest.mark.parametrize(
    "line",
    ["Drafting was slow.", "A draft of the plan was with staff.", "- Draft plans were late."],
)
def test_a_report_that_speaks_of_drafts_is_none(settled, line):
    assert warnings(settled(a_txt=report(note=line))) == []


def test_a_scan_with_letters_misread_is_the_report_it_was_made_of(settled):
    misread = report().translate(str.maketrans({"l": "1", "m": "rn"}))
    misread = re.sub(r"^.*\n", "An inspection of probation services in Marlock PDU\n", misread)
    for word in ("Pub1ished", "Fie1dwork", "Areas for irnprovernent"):
        right = word.replace("1", "l").replace("rn", "m")
        misread = misread.replace(word, right)
    done = settled(a_txt=misread, b_txt=report())
    assert len(counted(done)) == 1


def test_a_copy_without_a_cover_makes_no_one_of_two_units(settled):
    bare = report(published="", fieldwork="").split("\n\n", 1)[1]
    done = settled(a_txt=report(), b_txt=report(unit="Tern PDU"), c_txt=bare)
    assert counted(done) == ["a.txt", "b.txt"]


def test_spellings_of_a_unit_are_one_unit_in_every_table(settled):
    names = ["Marlock and Tern PDU", "Tern & Marlock Probation Delivery Unit", "MARLOCK/TERN PDU"]
    texts = {
        f"{n}_txt": report(name, f"May 202{n}", f"May 201{n}").replace("room", f"hall {n}, room")
        for n, name in enumerate(names)
    }
    done = settled(**texts)
    assert {row[c.UNIT] for row in rows(done, "documents")} == {"Marlock and Tern"}
    assert {row[c.UNIT] for row in rows(done, "findings")} == {"Marlock and Tern"}
    assert [row[c.DOCUMENT_ID] for row in rows(done, "documents")] == [
        f"marlock-and-tern-202{n}-05" for n in range(3)
    ]
