import json
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.errors import UnreadableDocument
from pipelines.frameworks import load_registry
from pipelines.read import read_bytes, read_document
from pipelines.records import Block, BlockKind, Document, Polarity
from pipelines.segment import segment_document
from pipelines.segment.findings import Role, place_blocks
from pipelines.segment.headings import Landmark, LandmarkKind, read_landmark
from pipelines.segment.surroundings import Surroundings
from renderings import PAGE_FORMS, TEXT_FORMS, parts_of

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
SAMPLES = sorted((ROOT / "corpus" / "sample").glob("*.txt"))
REAL = {
    name: SHARED / "reports" / f"{name}.txt"
    for name in ("000_87f4258a3b1d4f5f", "003_df28ad118c83e63a")
}
PDFS = sorted((SHARED / "pdf").glob("*.pdf"))


def segment(text, path="x.txt"):
    return segment_document(read_bytes(text.encode(), path=path))


def everything(s):
    """All that must be the same in every form of a report."""
    return {
        "findings": [
            (f.ordinal, f.polarity, f.code, f.standard, f.subsection, f.text, f.quotes, f.digest)
            for f in s.findings
        ],
        "ratings": s.ratings,
        "recommendations": s.recommendations,
        "questions": s.key_questions,
        "leftovers": [leftover.text for leftover in s.leftovers],
        "facts": s.facts,
    }


def straight(text):
    return text.translate(str.maketrans("‘’“”", "''\"\""))


def gold(name):
    path = SHARED / "labels" / "gold.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if row["document"].startswith(name)]


# The two published reports: they are not in the repository, and neither is any sentence of theirs.

needs_reports = pytest.mark.skipif(
    not all(path.exists() for path in REAL.values()), reason="published reports are not here"
)


def agree_with_gold(segmentation, name):
    rows = gold(name)
    assert [straight(f.text) for f in segmentation.findings] == [straight(r["text"]) for r in rows]
    assert [f.polarity.value for f in segmentation.findings] == [r["polarity"] for r in rows]
    places = [f.subsection or f"{f.code}. {f.standard}" for f in segmentation.findings]
    assert places == [r["section"] for r in rows]
    assert segmentation.leftovers == ()


@needs_reports
@pytest.mark.parametrize(("name", "count"), [(n, c) for n, c in zip(REAL, (95, 99), strict=True)])
def test_published_report_as_text(name, count):
    segmentation = segment_document(read_document(REAL[name]))
    assert len(segmentation.findings) == count
    agree_with_gold(segmentation, name)


@needs_reports
@pytest.mark.parametrize("path", PDFS, ids=lambda p: p.stem)
def test_published_report_as_pdf(path):
    segmentation = segment_document(read_document(path))
    name = next(n for n in REAL if n.startswith(path.stem[:3]))
    agree_with_gold(segmentation, name)
    text = segment_document(read_document(REAL[name]))
    assert segmentation.facts == text.facts
    assert segmentation.ratings == text.ratings
    assert segmentation.recommendations == text.recommendations
    assert segmentation.key_questions == text.key_questions


@needs_reports
def test_published_reports_in_other_forms():
    for path in REAL.values():
        document = read_document(path)
        expected, parts = everything(segment_document(document)), parts_of(document)
        for name, form in {**TEXT_FORMS, **PAGE_FORMS}.items():
            found = segment_document(read_bytes(form(parts).encode(), path=str(path)))
            assert everything(found) == expected, name


@needs_reports
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
@pytest.mark.parametrize("path", PDFS, ids=lambda p: p.stem)
def test_published_report_as_text_taken_from_its_pdf(path):
    """Lines cut by the page, running heads, page numbers, footnotes amid bullets."""
    command = ["pdftotext", "-layout", str(path), "-"]
    data = subprocess.run(command, capture_output=True, check=True).stdout
    name = next(n for n in REAL if n.startswith(path.stem[:3]))
    agree_with_gold(segment_document(read_bytes(data, path="x.txt")), name)


# Reports of ours


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_one_report_in_thirty_forms(path):
    document = read_document(path)
    expected, parts = everything(segment_document(document)), parts_of(document)
    assert expected["findings"]
    for name, form in {**TEXT_FORMS, **PAGE_FORMS}.items():
        found = segment_document(read_bytes(form(parts).encode(), path=str(path)))
        assert everything(found) == expected, name


HEAD = (
    "An inspection of probation services in: Marlock PDU\n\n"
    "The Probation Service – Avenmere region\n"
)


def report(body, head=HEAD):
    return segment(f"{head}\n{body}")


def placed(segmentation):
    return [(f.polarity.value[0], f.code, f.standard, f.subsection) for f in segmentation.findings]


@pytest.mark.parametrize(
    ("line", "region"),
    [("North East", "North East"), ("Kent Surrey and Sussex region", "Kent, Surrey and Sussex")],
)
def test_a_line_of_the_cover_that_is_only_a_region_says_where_the_unit_is(line, region):
    cover = f"An inspection of probation services in: Marlock PDU\n\n{line}\n\nMay 2023\n\n"
    body = "Foreword\n\nWe saw much.\n"
    assert segment(cover + body).facts.region == region
    assert segment(cover.replace(line, "Our findings") + body).facts.region is None


def test_a_paragraph_below_a_polarity_heading_is_a_finding_and_one_above_is_not():
    s = report(
        "1.1. Leadership\n\nLeadership is good here.\n\nStrengths:\n\nA paragraph is a finding.\n\n"
        "- So is a bullet.\n\nAreas for improvement:\n\n- Another bullet.\n"
    )
    assert [f.text for f in s.findings] == [
        "A paragraph is a finding.", "So is a bullet.", "Another bullet.",
    ]  # fmt: skip
    assert s.leftovers == ()


def test_a_paragraph_after_the_list_is_left_over_with_a_reason():
    s = report("1.1. Leadership\n\nStrengths:\n\n- One bullet.\n\nA paragraph of its own.\n")
    assert [f.text for f in s.findings] == ["One bullet."]
    assert [(left.text, bool(left.reason)) for left in s.leftovers] == [
        ("A paragraph of its own.", True)
    ]


def test_a_heading_that_may_be_missing_is_warned_of():
    lists = "Strengths:\n\n- A.\n\nAreas for improvement:\n\n- B.\n\n"
    assert not any("missing" in w for w in report(f"1.1. Leadership\n\n{lists}").warnings)
    s = report(f"1.1. Leadership\n\n{lists}Some words on staff.\n\n{lists}")
    assert len(s.findings) == 4
    assert any("1.1 Leadership has 2 lists of strengths" in w for w in s.warnings)


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("# An inspection of probation services in: Orlby PDU", True),
        ("# An inspection of probation services in: Marlock PDU", False),
        ("# Inspection of the gym", False),
    ],
)
def test_the_title_of_another_unit_among_the_findings_is_named(title, said):
    found = report(f"Strengths:\n\n- A.\n\n{title}\n\nStrengths:\n\n- B.\n\n- C.\n")
    assert len(found.findings) == 3
    assert any("of Orlby, begins: 2 findings" in w for w in found.warnings) == said


def test_quotations_belong_to_the_finding_before():
    s = report(
        "1.4 Information and facilities\n\nStrengths\n\n- One bullet.\n\n“I was heard.”\n\n"
        "– person on probation\n\n“And again.”\n\n- Two bullets.\n\nAreas for improvement\n\n"
        "- Three.\n"
    )
    assert [(f.text, f.quotes) for f in s.findings] == [
        ("One bullet.", ("“I was heard.”", "“And again.”")),
        ("Two bullets.", ()),
        ("Three.", ()),
    ]
    assert s.leftovers == ()


def test_lead_in_of_a_list_is_no_finding():
    s = report("1.2 Staff\n\nStrengths\n\nWe found the following:\n\n- One bullet.\n- Two.\n")
    assert [f.text for f in s.findings] == ["One bullet.", "Two."]


def test_subsections_known_and_unknown():
    s = report(
        "1.3. Services\n\nStrengths:\n\n- A.\n\nResettlement work\n\nSome words on it here.\n\n"
        "Strengths:\n\n- B.\n\nWork with veterans\n\nSome more words on that.\n\n"
        "Areas for improvement:\n\n- C.\n\n1.4. Information and facilities\n\nStrengths:\n\n- D.\n"
    )
    assert placed(s) == [
        ("s", "1.3", "Services", None),
        ("s", "1.3", "Services", "Resettlement work"),
        ("a", "1.3", "Services", "Work with veterans"),
        ("s", "1.4", "Information and facilities", None),
    ]


@pytest.mark.parametrize(
    ("heading", "code", "standard"),
    [
        ("1.1 Leadership", "1.1", "Leadership"),
        ("1.1. Leadership:", "1.1", "Leadership"),
        ("1.1: LEADERSHIP", "1.1", "Leadership"),
        ("Standard 1.1 – Leadership", "1.1", "Leadership"),
        ("P 1.1 Leadership", "P 1.1", "Leadership"),
        ("P1.1. Leadership", "P 1.1", "Leadership"),
        ("R 2.2 Desistance", "R 2.2", "Desistance"),
        ("**2.4 Implementation & delivery**", "2.4", "Implementation and delivery"),
        ("4.2 Through the Gate", "4.2", "Through the Gate"),
        ("7.3 A Standard Of Tomorrow", "7.3", "A Standard Of Tomorrow"),
    ],
)
def test_standards_are_known_by_number_and_by_title(heading, code, standard):
    s = report(f"{heading}\n\nStrengths:\n\n- A.\n")
    assert [(f.code, f.standard) for f in s.findings] == [(code, standard)]


def test_titles_without_numbers_get_their_code_from_the_framework():
    titles = ("Leadership", "Staffing", "Services", "Assessment", "Planning", "Reviewing")
    s = report("\n\n".join(f"{t}\n\nStrengths\n\n- About {t.lower()} here.\n" for t in titles))
    assert s.facts.framework == "pdu-2023"
    assert [f.code for f in s.findings] == ["P 1.1", "P 1.2", "P 1.3", "P 2.1", "P 2.2", "P 2.4"]


YOUTH = (
    "1. Organisational delivery", "1.1 Governance and leadership", "1.2 Staff",
    "2. Court disposals", "2.1 Assessment", "2.2 Planning",
    "3. Out-of-court disposals", "3.1 Assessment", "3.2 Planning",
)  # fmt: skip


@pytest.mark.parametrize("numbered", [True, False])
def test_a_title_that_stands_twice_is_told_by_its_code_or_its_group(numbered):
    body = ""
    for heading in YOUTH:
        number, title = heading.split(" ", 1)
        body += f"{heading if numbered else title}\n\n"
        if "." in number.strip("."):
            body += f"Strengths\n\n- Finding on {number} here.\n\n"
    s = segment(f"An inspection of youth justice services in Marlock\n\n{body}")
    assert s.facts.framework == "youth-2018"
    assert s.facts.unit_type == "youth"
    assert [f.code for f in s.findings] == ["1.1", "1.2", "2.1", "2.2", "3.1", "3.2"]
    assert [f.text.split()[2] for f in s.findings] == [f.code for f in s.findings]


def test_numbers_that_skip_are_kept():
    s = report(
        "".join(
            f"{h}\n\nStrengths:\n\n- A.\n\n"
            for h in ("1.1 Leadership", "2.3 Implementation and delivery", "4.1 Unpaid work")
        )
    )
    assert [f.code for f in s.findings] == ["1.1", "2.3", "4.1"]


def test_an_unknown_framework_yields_findings_under_the_headings_it_has():
    s = segment(
        "An inspection of harbour services in Marlock\n\nQuays and Moorings\n\nSome words here.\n\n"
        "Strengths\n\n- A.\n\nAreas for improvement\n\n- B.\n\nLighthouses\n\nStrengths\n\n- C.\n"
    )
    assert placed(s) == [
        ("s", None, "Quays and Moorings", None),
        ("a", None, "Quays and Moorings", None),
        ("s", None, "Lighthouses", None),
    ]
    assert s.facts.framework is None
    assert any("framework" in warning for warning in s.warnings)


def test_a_report_without_ratings():
    s = segment(
        "<html><body><main><h1>Dynamic inspection of public protection in Avenmere region</h1>"
        "<h2>Chief Inspector’s judgement (Back to top)</h2><p>We inspected 56 cases.</p>"
        "<h2>Assessment of risk (Back to top)</h2><p>Words.</p>"
        "<h3>Strengths</h3><ul><li>A.</li></ul>"
        "<h3>Areas for improvement</h3><ul><li>B.</li></ul><h2>Planning (Back to top)</h2>"
        "<h3>Areas for improvement</h3><ul><li>C.</li></ul></main></body></html>"
    )
    assert s.facts.framework == "dynamic-2025"
    assert s.facts.unit_type == "region"
    assert (s.facts.overall_rating, s.facts.score, s.facts.cases_inspected) == (None, None, 56)
    assert [(f.polarity.value[0], f.standard) for f in s.findings] == [
        ("s", "Assessment of risk"), ("a", "Assessment of risk"), ("a", "Planning"),
    ]  # fmt: skip


def test_headings_of_topics_inside_a_list():
    s = segment(
        "<h1>An inspection of probation services in Marlock PDU</h1><h2>1.3 Services</h2>"
        "<h3>Strengths</h3><h4>Unpaid work</h4><ul><li>A.</li></ul>"
        "<h4>Women</h4><ul><li>B.</li></ul>"
        "<h3>Areas for improvement</h3><ul><li>C.</li></ul><h2>Endnotes</h2><ul><li>D.</li></ul>",
        path="x.html",
    )
    assert [(f.text, f.polarity.value[0], f.code) for f in s.findings] == [
        ("A.", "s", "1.3"), ("B.", "s", "1.3"), ("C.", "a", "1.3"),
    ]  # fmt: skip


def test_what_stands_in_a_box_changes_nothing():
    s = segment(
        "<h1>An inspection of probation services in Marlock PDU</h1><h2>1.3 Services</h2>"
        "<h3>Strengths</h3><ul><li>A.</li></ul>"
        "<aside><h4>Practice example</h4><p>Words.</p><ul><li>Not a finding.</li></ul></aside>"
        "<ul><li>B.</li></ul>",
        path="x.html",
    )
    assert [f.text for f in s.findings] == ["A.", "B."]
    assert s.leftovers == ()


def test_an_example_without_a_frame_that_heads_as_high_as_the_list_ends_it():
    s = segment(
        "<h1>An inspection of probation services in Marlock PDU</h1><h2>1.3 Services</h2>"
        "<h3>Areas for improvement</h3><ul><li>A.</li></ul>"
        "<h3>Practice example: a second start</h3><p>Words.</p><ul><li>Not a finding.</li></ul>"
        "<h2>1.4 Information and facilities</h2><h3>Strengths</h3><ul><li>B.</li></ul>",
        path="x.html",
    )
    assert [f.text for f in s.findings] == ["A.", "B."]
    assert s.leftovers == ()


def test_the_list_goes_on_below_an_example_whose_frame_opens_under_its_heading():
    s = segment(
        "<h1>An inspection of probation services in Marlock PDU</h1><h2>1.3 Services</h2>"
        "<h3>Strengths</h3><ul><li>A.</li></ul><h3>Practice example</h3>"
        "<aside><p>Words.</p><ul><li>Not a finding.</li></ul></aside><ul><li>B.</li></ul>",
        path="x.html",
    )
    assert [f.text for f in s.findings] == ["A.", "B."]


@pytest.mark.parametrize(
    ("heading", "findings"),
    [
        *((f"{words}{of}", "AC") for words in (
            "Examples of good practice", "An example of effective practice", "Notable practice",
            "Best practice", "Box 2: practice in focus", "Case study", "Vignette", "Case summary",
            "Area of promising practice", "Practice spotlight", "Poor practice",
            "Positive practice example", "Notable practice illustration", "Good practice examples",
        ) for of in ("", ": the van", " – the van", " 2", " one", " (the van)", " at the hub")),
        ("Sharing good practice", "ABC"), ("Effective practice and programmes", "ABC"),
        ("Case records", "ABC"), ("Practice development", "ABC"), ("Best use of examples", "ABC"),
    ],
)  # fmt: skip
def test_practice_examples_are_headed_in_many_words(heading, findings):
    lines = ["## 1.1 Leadership", "### Strengths", "- A.", f"#### {heading}", "- B."]
    text = "\n\n".join([*lines, "### Areas for improvement", "- C."])
    assert "".join(f.text[0] for f in report(text).findings) == findings


def test_items_in_small_letters_are_those_of_the_example_where_findings_begin_with_capitals():
    text = "1.1 Leadership\n\nStrengths:\n\n- {}\n\nPractice example\n\nWords.\n\n- the van\n"
    assert [f.text for f in report(text.format("It came.")).findings] == ["It came."]
    assert [f.text for f in report(text.format("it came")).findings] == ["it came", "the van"]


def test_a_line_that_leads_to_items_heads_no_example():
    text = "1.1 Leadership\n\nStrengths:\n\n- A.\n\nExamples of this included:\n\n- B.\n"
    assert [f.text for f in report(text).findings] == ["A.", "B."]


@pytest.mark.parametrize("lost", ["Sta?ng", "Sta ing"])
def test_a_title_that_lost_a_ligature_is_mended_by_its_code(lost):
    s = report(
        f"P 1.1 Leadership\n\nStrengths:\n\n- A.\n\nP 1.2 {lost}\n\nStrengths:\n\n- B.\n\n"
        "P 1.3 Services\n\nStrengths:\n\n- C.\n"
    )
    assert s.findings[1].standard == "Staffing"


@pytest.mark.parametrize("sign", [" \N{BULLET} ", " – ", "\n– ", "\n"])
def test_lists_whose_names_stand_in_their_cells_are_read(sign):
    row = (f"Strengths{sign}Plans were made – each week.", f"Areas for improvement{sign}No")
    heads = Block(BlockKind.HEADING, "1.3 Services", 0, 12, level=2)
    text = "\t".join(row)
    table = Block(BlockKind.TABLE, text, 13, 13 + len(text), rows=(row,))
    whole = Document("x.pdf", "pdf", "0" * 64, f"1.3 Services\n{text}", (heads, table))
    found = [(f.polarity.value[0], f.text) for f in segment_document(whole).findings]
    assert found == [("s", "Plans were made – each week."), ("a", "No")]


def test_a_title_cut_short_in_a_table_is_mended_by_its_code():
    s = report(
        "HM Inspectorate of Probation, June 2023\n\nRatings\n\nScore 9/27\n\n1.1 Leadership\tGood\n"
        "1.2 Staff\tGood\n2.2 Assessment\tGood\n2.3 Planning\tGood\n"
        "2.4 Implementation and\tInadequate\n\n"
        "Recommendations\n\n2.2 Assessment\n\nStrengths:\n\n- A.\n\n"
        "2.4 Implementation and delivery\n\nStrengths:\n\n- A.\n"
    )
    found = [(r.standard, r.rating and r.rating.value) for r in s.ratings if r.code == "2.4"]
    assert found == [("Implementation and delivery", "Inadequate")]


def test_a_sign_that_lost_its_text_is_no_finding():
    blocks = [
        Block(kind, text, 0, len(text), level=level)
        for kind, text, level in (
            (BlockKind.HEADING, "An inspection of probation services in Marlock PDU", 1),
            (BlockKind.HEADING, "1.3 Services", 2),
            (BlockKind.HEADING, "Strengths", 3),
            (BlockKind.PARAGRAPH, "\N{BULLET}", 0),
        )
    ]
    s = segment_document(Document("x.pdf", "pdf", "0" * 64, "", tuple(blocks)))
    assert s.findings == ()


def test_a_quotation_that_a_page_end_parts_is_one():
    s = report(
        "1.3 Services\n\nStrengths:\n\n- The hub was liked.\n\n\N{LEFT DOUBLE QUOTATION MARK}"
        "I went there on Mondays.\n\nIt was good.\N{RIGHT DOUBLE QUOTATION MARK}\n\n- B.\n"
    )
    assert [len(f.quotes) for f in s.findings] == [1, 0]
    assert s.findings[0].quotes[0].endswith("It was good.\N{RIGHT DOUBLE QUOTATION MARK}")
    assert s.leftovers == ()


def test_heads_of_a_table_that_fell_apart_are_no_subsection():
    s = segment(
        "<h1>An inspection of probation services in Marlock PDU</h1><h2>2.2 Assessment</h2>"
        "<h4>Key question</h4><h4>Percentage</h4><h4>'Yes'</h4>"
        "<h5>Strengths</h5><ul><li>A.</li></ul>",
        path="x.html",
    )
    assert [(f.text, f.code, f.subsection) for f in s.findings] == [("A.", "2.2", None)]


def test_boxes_that_hold_all_lists_are_no_examples():
    s = segment(
        "<h1>An inspection of probation services in Marlock PDU</h1><h2>1.3 Services</h2>"
        "<div class='box'><h4>Strengths</h4><ul><li>A.</li></ul></div>"
        "<div class='box'><h4>Areas for improvement</h4><ul><li>B.</li></ul></div>",
        path="x.html",
    )
    assert [(f.text, f.polarity.value[0]) for f in s.findings] == [("A.", "s"), ("B.", "a")]


def test_contents_and_annexes_hold_no_findings():
    s = report(
        "Contents\n\n1.1 Leadership.....4\nStrengths.....5\nAreas for improvement.....6\n\n"
        "1.1 Leadership\n\nStrengths:\n\n- A.\n\nAnnexe one – Web links\n\nStrengths:\n\n- No.\n"
    )
    assert [f.text for f in s.findings] == ["A."]


def test_ratings_of_page_and_section():
    s = report(
        "Ratings\n\nScore 5/24\n\nOverall rating\n\nRequires improvement\n\n"
        "1.1 Leadership\n\nGood\n\n"
        "1.2 Staff\n\nInadequate\n\n2.1 Court work\n\nNot rated\n\nRecommendations\n\n"
        "1.1. Leadership\n\nIt leads.\n\nOutstanding\n\nStrengths:\n\n- A.\n\n"
        "1.3. Services\n\nServices are there for all. **Requires improvement**\n\n"
        "Strengths:\n\n- B.\n\n"
        "2.6 Outcomes\n\nWe do not rate it.\n\nStrengths:\n\n- C.\n"
    )
    assert [(r.code, r.rating and r.rating.value) for r in s.ratings] == [
        ("1.1", "Good"),
        ("1.2", "Inadequate"),
        ("2.1", "Not rated"),
        ("1.3", "Requires improvement"),
        ("2.6", None),
    ]
    assert any("1.1 Leadership" in warning for warning in s.warnings)


@pytest.mark.parametrize(
    "table",
    [
        "1.1 Leadership\tGood\n1.2 Staff\tInadequate",
        "| P 1.1 Leadership | Good |\n|---|---|\n| P 1.2 Staffing | Inadequate |",
        "1.1\tLeadership\tGood\n1.2\tStaff\tInadequate",
        "1.1 Leadership: Good\n\n1.2 Staff: Inadequate",
        "1.1 Leadership – Good\n\n1.2 Staff – Inadequate",
        "1.1 LeadershipGood\n\n1.2 StaffInadequate",
        "P 1.1 Leadership Good P 1.2 Staffing Inadequate",
    ],
)
def test_ratings_in_a_table_or_on_a_line(table):
    s = report(f"Ratings\n\n{table}\n\nRecommendations\n\n1.3 Services\n\nStrengths:\n\n- A.\n")
    assert [r.rating and r.rating.value for r in s.ratings] == ["Good", "Inadequate", None]


def test_recommendations():
    s = report(
        "Recommendations\n\nWe recommend as follows.\n\nMarlock PDU should:\n\n1. do this\n"
        "2. do that, which\n\ngoes on here:\n   - with one part\n   - and another\n\n"
        "The Avenmere region should:\n\n3. do more\n\nHM Prison and Probation Service should:\n\n"
        "4. do it all\n\nThe Youth Justice Board should:\n\n5. do its part.\n\n"
        "Background\n\nWords.\n\n"
        "1.1 Leadership\n\nStrengths:\n\n- A.\n"
    )
    assert [(r.number, r.addressee, r.addressee_type, r.text) for r in s.recommendations] == [
        (1, "Marlock PDU", "pdu", "do this"),
        (2, "Marlock PDU", "pdu", "do that, which goes on here: with one part and another"),
        (3, "The Avenmere region", "region", "do more"),
        (4, "HM Prison and Probation Service", "hmpps", "do it all"),
        (5, "The Youth Justice Board", "other", "do its part."),
    ]
    assert s.recommendations[0].recommendation_id == f"{s.document_id}/r1"


def test_an_addressee_on_the_last_line_of_an_item_is_that_of_the_next():
    s = report(
        "Recommendations\n\nMarlock PDU should:\n\n1. offer women a place of their own, which the "
        "unit should: see to Tessen region should:\n\n2. train supervisors with HMPPS\n\n"
        "Background\n\nWords.\n\n1.1 Leadership\n\nStrengths:\n\n- A.\n"
    )
    assert [(r.addressee_type, r.text) for r in s.recommendations] == [
        ("pdu", "offer women a place of their own, which the unit should: see to"),
        ("region", "train supervisors with HMPPS"),
    ]


def test_recommendations_as_bullets_or_numbered_anew():
    s = report("Recommendations\n\nMarlock PDU should:\n\n- do this\n- do that\n")
    assert [r.number for r in s.recommendations] == [1, 2]
    marlock, avenmere = "Marlock PDU should:\n\n1. this", "Avenmere region should:\n\n1. more"
    s = report(f"Recommendations\n\n{marlock}\n\n{avenmere}\n")
    assert [r.number for r in s.recommendations] == [1, 2]
    assert any("numbered" in warning for warning in s.warnings)


@pytest.mark.parametrize(
    "part",
    [
        "Recommendation 1: The PDU should do one.\n\nRecommendation 2: The PDU must do two.",
        "No.\tAddressee\tRecommendation\n1\tMarlock PDU\tdo one\n2\tMarlock PDU\tdo two",
        "Marlock PDU\n1\tdo one\n2\tdo two",
        "Marlock PDU should:\n\n1 do one\n\n2 do two.",
        "We recommend that Marlock PDU:\n\n- do one\n- do two",
        "Marlock PDU must:\n\n- do one\n- do two",
        "Marlock PDU\n\n1. do one\n2. do two",
        "Marlock PDU should:\n\nRecommendation 1\n\ndo one.\n\nRecommendation 2\n\ndo two.",
    ],
)
def test_recommendations_in_other_forms(part):
    s = report(f"Recommendations\n\n{part}\n\nBackground\n\nWords.\n")
    assert [(r.number, r.addressee_type) for r in s.recommendations] == [(1, "pdu"), (2, "pdu")]
    texts = [
        r.text.rstrip(".").rpartition(" do ")[2].removeprefix("do ") for r in s.recommendations
    ]
    assert texts == ["one", "two"]


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("1. Share plans.\n2. See homes.\n\n## What we saw\n\n- Staff were new.\n", 2),
        ("1. Share plans.\n2. See homes.\n\n## The council\n\n3. Hire staff.\n", 3),
        ("9. Share plans.\n10. See homes.\n\n## What we saw\n\n11. Staff were new.\n", 2),
        ("1. Share plans.\n2. See homes.\n\n### What we saw\n\n3. Hire staff.\n", 3),
        ("1. Share plans.\n2. See homes.\n\n# What we saw\n\n3. Staff were new.\n", 2),
        ("1. Share plans.\n2. See homes.\n\n## For the police\n\n3. Share lists.\n", 3),
        ("We ask for:\n\n## The council\n\n1. Share plans.\n\n## The police\n\n2. See.\n", 2),
        ("## The council\n\n1. Share plans.\n\n# What we saw\n\n2. Staff were new.\n", 1),
        ("- Share plans.\n- See homes.\n\n## The council\n\n- See that staff stay.\n", 3),
        ("## The council\n\n- Share plans.\n\n# The police\n\n- Share lists.\n", 2),
        ("- The PDU should plan.\n\n## What we saw\n\n- The staff were new.\n", 1),
        ("- Staff should plan.\n- Plan.\n\n## What we saw\n\n- Staff were new.\n", 2),
        ("- Share plans.\n\n## Previous recommendations\n\n- Share lists: done.\n", 1),
    ],
)
def test_recommendations_end_with_a_heading_as_high_unless_theirs_are_so(part, expected):
    found = segment(
        f"# Marlock\n\n## Recommendations\n\n{part}\n## 1.1 Leadership\n\n### Strengths\n\n- A.\n",
        "x.md",
    )
    assert len(found.recommendations) == expected


def test_headings_as_high_as_an_addressees_name_the_next():
    """What an organisation is asked was said to be asked of the unit."""
    text = (
        "# Marlock\n\n## Recommendations\n\n### Marlock PDU should:\n\n1. do this\n\n"
        "### Numbers of staff\n\n2. do that\n\n### Barnfold Trust\n\n3. do more\n\n"
        "## 1.1 Leadership\n\n### Strengths\n\n- A.\n"
    )
    found = segment(text, "x.md").recommendations
    assert [r.addressee for r in found] == ["Marlock PDU", "Marlock PDU", "Barnfold Trust"]


def test_a_figure_above_a_heading_numbers_no_recommendation_below_it():
    s = report("Recommendations\n\n4\n\nMarlock PDU should:\n\nSo we found.\n\n1. do this\n")
    assert [(r.number, r.text) for r in s.recommendations] == [(1, "do this")]


def test_recommendations_that_cannot_be_read_are_warned_of():
    s = report("Recommendations\n\nThe PDU might think again about its rota.\n\nBackground\n\nW.\n")
    assert s.recommendations == ()
    assert any("recommendations" in warning for warning in s.warnings)


@pytest.mark.parametrize(
    "lines",
    [
        "Key question\tYes\nDoes assessment focus on safety?\t32%\nDoes it engage?\t71%",
        "Does assessment focus on safety?\n\n32%\n\nDoes it engage?\n\n71%",
        "Does assessment focus on safety? 32%\n\nDoes it engage? 71 per cent",
        "Does assessment focus\ton\nsafety?\t32%\nDoes it engage?\t71%",
        "Does assessment focus on safety?      32%\nDoes it engage?                       71%",
        "Does assessment focus on safety?: 32%\nDoes it engage? – 71%",
        "Does assessment focus on safety? (32%)\nDoes it engage? (71%)",
        "32%\tDoes assessment focus on safety?\n71%\tDoes it engage?",
        "Does assessment focus on\nsafety?           32%\nDoes it engage?   71%",
    ],
)
def test_key_questions(lines):
    s = report(f"2.2 Assessment\n\n{lines}\n\nStrengths:\n\n- A.\n")
    assert [(k.code, k.dimension, k.percent) for k in s.key_questions] == [
        ("2.2", "safety", 32.0),
        ("2.2", "engagement", 71.0),
    ]
    assert s.leftovers == ()
    assert [f.subsection for f in s.findings] == [None]


def test_what_is_no_inspection_report_is_refused():
    with pytest.raises(UnreadableDocument, match="no inspection report"):
        segment("Minutes of a meeting\n\n- Tea was served.\n\n- Nobody came.\n")


def test_a_report_without_findings_is_kept_with_a_warning():
    s = report("Foreword\n\nThis is a regional review.\n")
    assert s.findings == ()
    assert any("no list" in warning for warning in s.warnings)


def test_ids_follow_the_document():
    s = report("Published: June 2024\n\n1.1 Leadership\n\nStrengths:\n\n- A.\n\n- B.\n")
    assert s.document_id == "marlock-2024-06"
    assert [f.finding_id for f in s.findings] == ["marlock-2024-06/001", "marlock-2024-06/002"]
    undated = segment(f"{HEAD}\n1.1 Leadership\n\nStrengths:\n\n- A.\n", path="in/odd name.txt")
    assert undated.document_id == "odd name"


# Properties

KINDS = [k for k in BlockKind if k is not BlockKind.TABLE]
LINES = (
    ("Strengths:", "Areas for improvement", "1.1 Leadership", "2.3 Planning", "Inadequate"),
    ("Ratings", "Recommendations", "Marlock PDU should:", "Resettlement work", "71%"),
    ("Practice example", "Annexe one", "2. Case supervision", "“I was heard.”", "Foreword"),
    ("Some heading", "and it goes on", "A sentence as any other.", "Does it work?"),
)
TEXTS = st.one_of(
    st.sampled_from([line for group in LINES for line in group]),
    st.text("abcXYZ .:“”1%", min_size=1, max_size=30).map(lambda t: " ".join(t.split())),
).filter(bool)
BLOCKS = st.lists(
    st.tuples(st.sampled_from(KINDS), TEXTS, st.integers(0, 4), st.booleans()), max_size=40
)


def document_of(items):
    blocks, at = [], 0
    for kind, text, level, boxed in items:
        level = level if kind is BlockKind.HEADING else 0
        blocks.append(
            Block(kind, text, at, at + len(text), level=level, boxed=boxed and level == 0)
        )
        at += len(text) + 2
    return Document("x.txt", "text", "0", "\n\n".join(t for _, t, _, _ in items), tuple(blocks))


@pytest.mark.parametrize("number", ["2", "two", "Five", "twelve"])
def test_a_part_is_numbered_in_figures_or_any_number_word(number):
    block = Block(BlockKind.HEADING, f"Part {number}: Organisational delivery", 0, 9)
    landmark = read_landmark(block, load_registry())
    assert landmark is not None
    assert (landmark.kind, landmark.code) == (LandmarkKind.GROUP, number)


BELOW_STRENGTHS = (
    (BlockKind.HEADING, "Strengths:", 0, False),
    (BlockKind.BULLET, "1.1 Leadership", 0, True),
    (BlockKind.BULLET, "1", 0, False),
)


@settings(max_examples=150, deadline=None)
@given(BLOCKS)
@example([*BELOW_STRENGTHS, (BlockKind.HEADING, "“I was heard.”", 0, False)])
@example(
    [*BELOW_STRENGTHS, (BlockKind.HEADING, "1", 0, False), (BlockKind.NUMBERED, "2", 0, False)]
)
def test_every_block_is_placed_once(items):
    """By the framework that the report follows: without one, its headings say something else."""
    document, placed = document_of(items), []

    def noted(entries):
        placed.append((entries, place_blocks(entries)))
        return placed[-1][1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipelines.segment.place_blocks", noted)
        try:
            s = segment_document(document)
        except UnreadableDocument:
            s = None
    ((entries, found),) = placed
    assert [p.entry for p in found] == list(entries)
    assert [(b.text, b.start) for b in (p.entry.block for p in found)] == [
        (b.text, b.start) for b in document.blocks
    ]
    roles = Counter(p.role for p in found)
    if s is None:
        assert not roles[Role.FINDING]
        return
    assert len(s.findings) == roles[Role.FINDING]
    assert len(s.leftovers) == roles[Role.LEFTOVER]
    for finding in s.findings:
        assert " ".join(document.text[finding.start : finding.end].split()) == finding.text
        assert finding.polarity in set(Polarity)
    for item in found:
        if item.role is Role.FINDING:
            assert not item.entry.boxed
            assert item.entry.block.kind not in {BlockKind.FOOTNOTE, BlockKind.CONTENTS}


def test_columns_beside_strengths_are_left_over_and_bullets_in_cells_are_findings(tmp_path):
    rows = [
        ("Strengths", "Areas for improvement", "Evidence"),
        ("\uf0b7 Phones were answered. \uf0b7 Post was opened daily.", "", "Seen by two of us."),
    ]
    text = "\n".join("\t".join(row) for row in rows)
    head = "An inspection of probation services in Oxbarrow PDU"
    blocks = (
        Block(BlockKind.HEADING, head, 0, len(head)),
        Block(BlockKind.TABLE, text, len(head) + 2, len(head) + 2 + len(text), rows=tuple(rows)),
    )
    s = segment_document(Document("x.pdf", "pdf", "0", f"{head}\n\n{text}", blocks))
    assert [f.text for f in s.findings] == ["Phones were answered.", "Post was opened daily."]
    assert {f.polarity for f in s.findings} == {Polarity.STRENGTH}
    assert [left.text for left in s.leftovers] == ["Evidence", "Seen by two of us."]


def test_a_question_goes_over_a_page_with_a_footnote_at_its_end():
    kinds = (
        (BlockKind.HEADING, "An inspection of probation services in Marlock PDU", 1, ()),
        (BlockKind.HEADING, "2.5 Reviewing", 2, ()),
        (BlockKind.PARAGRAPH, "Does it keep the person engaged and", 0, ()),
        (BlockKind.FOOTNOTE, "A note.", 0, ()),
        (BlockKind.TABLE, "complying?\t63%", 0, (("complying?", "63%"),)),
        (BlockKind.HEADING, "Strengths", 3, ()),
        (BlockKind.BULLET, "A.", 0, ()),
    )
    blocks, text = [], ""
    for kind, words, level, rows in kinds:
        blocks.append(Block(kind, words, len(text), len(text) + len(words), level=level, rows=rows))
        text += words + "\n\n"
    (found,) = segment_document(
        Document("x.pdf", "pdf", "0" * 64, text.strip(), tuple(blocks))
    ).key_questions
    assert (found.question, found.percent) == ("Does it keep the person engaged and complying?", 63)


REPORT = (
    "# Somewhere PDU\n\n## 1. Organisation\n\n### P 1.1 Leadership\n\n"
    "#### Strengths\n\n- The plan was read by all of them.\n\n{}\n"
)


@pytest.mark.parametrize(
    "heading",
    [
        "Areas for improvement (continued)",
        "Areas for improvement cont.",
        "Areas for improvement, continued",
        "Areas for improvement (3)",
        "Areas for improvement: staffing",
        "Areas for improvement – staffing",
        "4.2 Areas for improvement",
        "Weaknesses",
    ],
)
@pytest.mark.parametrize("marks", ["#### ", "##### ", ""])
def test_a_list_is_known_by_its_name_whatever_stands_around_it(heading, marks):
    if not marks and heading.endswith("staffing"):
        pytest.skip("a line that is no heading may be a sentence of its own")
    found = segment(REPORT.format(f"{marks}{heading}\n\n- Audits were late in most of the cases."))
    assert [(f.polarity, f.code, f.subsection) for f in found.findings] == [
        (Polarity.STRENGTH, "P 1.1", None),
        (Polarity.AREA_FOR_IMPROVEMENT, "P 1.1", None),
    ]


@pytest.mark.parametrize("heading", ["Strengths and weaknesses", "Areas for improvement in plans"])
@pytest.mark.parametrize("marks", ["####", "#####"])
def test_a_heading_of_the_other_list_or_of_both_is_no_topic_of_one(heading, marks):
    bullet = "Audits were late in most of the cases."
    found = segment(REPORT.format(f"{marks} {heading}\n\n- {bullet}"))
    assert len(found.findings) == 1
    assert [left.text for left in found.leftovers] == [bullet]


def test_a_topic_may_begin_with_a_word_that_a_lists_name_is_a_part_of():
    for title in ("Strengths-based work", "Strengths–based work"):
        found = segment(REPORT.format(f"##### {title}\n\n- Plans were kind to everybody."))
        assert [f.subsection for f in found.findings] == [None, title]


@pytest.mark.parametrize(
    ("listed", "title"),
    [
        ("Strengths", "Strengths in leadership"),
        ("Strengths", "Strength and depth of the team"),
        ("Strengths", "What works well in the women’s team"),
        ("Areas for improvement", "Areas for improvement in staffing"),
        ("Areas for improvement", "Weaknesses in recording"),
        ("Areas for improvement", "Strengths based practice"),
    ],
)
@pytest.mark.parametrize("heading", ["##### {}", "**{}**"])
def test_a_topic_may_begin_with_the_name_of_its_list(heading, listed, title):
    topic = f"{heading.format(title)}\n\n- Audits were late in most of the cases."
    found = segment(REPORT.replace("#### Strengths", f"#### {listed}").format(topic))
    assert [f.subsection for f in found.findings] == [None, title]
    assert not found.leftovers


@pytest.mark.parametrize(
    ("part", "line"),
    [
        (
            "Foreword",
            "At our last inspection, in 2021, we found the following areas for improvement:",
        ),
        ("Background", "We reported these areas for improvement:"),
        ("Recommendations", "The PDU should act on the following areas for improvement:"),
    ],
)
def test_a_sentence_that_leads_up_to_a_lists_name_opens_no_list(part, line):
    found = segment(f"{REPORT.format('')}\n## {part}\n\n{line}\n\n1. Make plans with partners.\n")
    assert len(found.findings) == 1
    assert len(found.recommendations) == (part == "Recommendations")


@pytest.mark.parametrize(
    ("marker", "line", "said"),
    [
        ("-", "practitioners had time to plan", "finding"),
        ("•", "(Most) practitioners had time", "finding"),
        ("•", "[Some] staff stayed with the unit", "finding"),
        ("-", "person on probation", "credit"),
        ("•", "– senior probation officer, Harbour team", "credit"),
        ("•", "- nobody that is known", "leftover"),
        ("-", "social worker", "leftover"),
        ("•", "(peer mentor, Harbour)", "leftover"),
    ],
)
def test_an_item_right_after_a_quotation_is_a_credit_only_for_a_known_role(marker, line, said):
    items = [f"{marker} The plan was read by all.", f"{marker} Audits were in time."]
    own = line if line[0] in "–-" else f"{marker} {line}"
    found = segment(
        "# Somewhere PDU\n\n### P 1.1 Leadership\n\nStrengths\n\n"
        f"{items[0]}\n\n“They were kind to me and to my son.”\n\n{own}\n\n{items[1]}\n"
    )
    assert (line in [f.text for f in found.findings]) == (said == "finding")
    assert bool(found.leftovers) == (said == "leftover")
    assert len(found.findings[0].quotes) == 1


@pytest.mark.parametrize("between", ["", "We found that:\n\n", "“They came to all.”\n\n"])
def test_a_standards_title_without_code_in_a_list_is_a_topic_where_standards_have_codes(between):
    listed = f"##### Services\n\n{between}- Women were helped by all of them.\n\n"
    after = "#### Areas for improvement\n\n- Audits were late in most cases.\n\n"
    other = "### P 1.3 Services\n\n#### Strengths\n\n- Men were helped by all of them.\n"
    found = segment(REPORT.format(listed + after + other))
    assert [(f.code, f.subsection) for f in found.findings] == [
        ("P 1.1", None),
        ("P 1.1", "Services"),
        ("P 1.1", None),
        ("P 1.3", None),
    ]


def test_bullets_of_another_addressee_are_recommendations_of_their_own():
    found = segment(
        "Recommendations\n\nMarlock PDU should:\n\n1. reduce vacancies:\n\n- in the north\n\n"
        "2. make places\n\nThe Avenmere region should:\n\n- support new managers\n- agree dates\n\n"
        "HMPPS should:\n\n5. pay more\n\n- and at once\n\n1.1 Leadership\n\nStrengths\n\n- It was."
    )
    assert [(r.number, r.addressee, r.text) for r in found.recommendations] == [
        (1, "Marlock PDU", "reduce vacancies: in the north"),
        (2, "Marlock PDU", "make places"),
        (3, "The Avenmere region", "support new managers"),
        (4, "The Avenmere region", "agree dates"),
        (5, "HMPPS", "pay more and at once"),
    ]


@pytest.mark.parametrize("first", ["No.", "#", ""])
def test_a_column_of_numbers_beside_a_list_in_a_table_is_none_of_it(first):
    def table(name, *texts):
        rows = "".join(f"| {n} | {text} |\n" for n, text in enumerate(texts, 1))
        return f"| {first} | {name} |\n|---|---|\n{rows}\n"

    tables = table("Strengths", "The plan was read.", "Staff were asked.")
    found = segment(
        "# Somewhere PDU\n\n### P 1.1 Leadership\n\n"
        + tables
        + table("Areas for improvement", "Audits were often late.")
    )
    assert [(str(f.polarity), f.text) for f in found.findings] == [
        ("strength", "The plan was read."),
        ("strength", "Staff were asked."),
        ("area_for_improvement", "Audits were often late."),
    ]


def test_a_list_of_names_as_long_as_a_gazetteer_is_gone_through_once():
    """Each heading under recommendations went back to where these begin: it would take hours."""
    heading = [Block(BlockKind.HEADING, f"Place {n}", 0, 0, level=2) for n in range(60_000)]
    first = Landmark(LandmarkKind.SECTION, section="recommendations", level=1)
    marks = [Landmark(LandmarkKind.HEADING, block.text, level=2) for block in heading]
    around = Surroundings(heading, [first, *marks[1:]])
    assert not any(around.ends_part(index) for index in range(len(heading)))
