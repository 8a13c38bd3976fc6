"""Inspection reports in many forms, each beside what must be read from it.

`forms/NAME.html` (or .txt, .md) is a short report of a unit that does not exist;
`forms/NAME.expect` says, a line each, what a person reads there:

    unit: Oxbarrow                              a fact, by its name in the table of documents
    rate 1.1|Leadership|Good                    a rating
    rec 1|pdu|train staff                       a recommendation: number, addressee type, text
    ask 2.2|safety|23|Does ...?                 a key question: code, dimension, per cent, wording
    + 1.1|Leadership||Leaders listened.         a strength: code, standard, subsection, text
    - 1.1|Leadership||The plan had lapsed.      an area for improvement
    > "I have had four managers."               a quotation that follows the finding above

Facts that are not named are not compared; findings are compared whole and in order, and nothing
may be left over.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import pipelines
from pipelines.records import Finding, Polarity, Segmentation

FORMS = Path(__file__).with_name("forms")
SIGNS = {Polarity.STRENGTH: "+", Polarity.AREA_FOR_IMPROVEMENT: "-"}


def sources():
    return sorted(p for p in FORMS.iterdir() if p.suffix not in {".expect", ""})


def finding_lines(finding: Finding) -> list[str]:
    place = (finding.code, finding.standard, finding.subsection, finding.text)
    line = f"{SIGNS[finding.polarity]} " + "|".join(part or "" for part in place)
    return [line, *(f"> {quote}" for quote in finding.quotes)]


def told(segmentation: Segmentation, name: str) -> list[str]:
    """What was read, in the words of an expectation: the facts named `name`, or those lines."""
    if name in {"+", "-", ">"}:
        return [line for finding in segmentation.findings for line in finding_lines(finding)]
    if name == "rate":
        return [f"rate {r.code or ''}|{r.standard}|{r.rating}" for r in segmentation.ratings]
    if name == "rec":
        return [f"rec {r.number}|{r.addressee_type}|{r.text}" for r in segmentation.recommendations]
    if name == "ask":
        return [
            f"ask {q.code or ''}|{q.dimension or ''}|{q.percent:g}|{q.question}"
            for q in segmentation.key_questions
        ]
    value = getattr(segmentation.facts, name.removesuffix(":"))
    return [f"{name} {'none' if value is None else value}"]


def expected(path: Path) -> dict[str, list[str]]:
    """Lines of an expectation by their first word, findings and quotations together."""
    groups: dict[str, list[str]] = {"+": []}
    for line in path.with_suffix(".expect").read_text(encoding="utf-8").splitlines():
        if not line:
            continue
        name = line.split(" ", 1)[0]
        groups.setdefault("+" if name in {"-", ">"} else name, []).append(line)
    return groups


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.name)
def test_a_form_reads_as_a_person_reads_it(path):
    document = pipelines.read_document(path)
    segmentation = pipelines.segment_document(document)
    wanted = expected(path)
    assert wanted["+"], "an expectation without findings expects nothing"
    for name, lines in wanted.items():
        assert told(segmentation, name) == lines
    assert segmentation.leftovers == ()
    for finding in segmentation.findings:
        assert " ".join(document.text[finding.start : finding.end].split()) == finding.text


def test_every_expectation_has_its_form():
    assert {p.stem for p in FORMS.glob("*.expect")} == {p.stem for p in sources()}
    assert len(sources()) >= 25


def test_a_web_report_printed_to_pdf_reads_without_its_links_to_the_top(tmp_path):
    canvas = pytest.importorskip("reportlab.pdfgen.canvas")
    paper = canvas.Canvas(str(tmp_path / "printed.pdf"), invariant=1)
    rows = [
        ("Helvetica-Bold", 20, 72, "An inspection of probation services in Oxbarrow PDU"),
        ("Helvetica-Bold", 15, 72, "1.1. Leadership (Back to top)"),
        (
            "Helvetica",
            11,
            72,
            "Leaders set out what good work is and why it matters to the public.",
        ),
        ("Helvetica", 11, 72, "Strengths: (Back to top)"),
        ("Helvetica", 11, 72, "•"),
        ("Helvetica", 11, 90, "Leaders had listened to staff in each office before they chose."),
        ("Helvetica-Bold", 11, 72, "Areas for improvement: (Back to top)"),
        ("Helvetica", 11, 72, "•"),
        ("Helvetica", 11, 90, "The way back to the top of the list was long for anyone who fell."),
    ]
    height = 760
    for font, size, x, text in rows:
        paper.setFont(font, size)
        paper.drawString(x, height, text)
        height -= 0 if text == "•" else 2 * size
    paper.save()
    segmentation = pipelines.segment_document(pipelines.read_document(tmp_path / "printed.pdf"))
    assert told(segmentation, "+") == [
        "+ 1.1|Leadership||" + rows[5][3],
        "- 1.1|Leadership||" + rows[8][3],
    ]
    assert segmentation.facts.unit == "Oxbarrow"


@pytest.mark.parametrize(
    ("told_in_the_foreword", "rating"),
    [
        ("Leadership was ‘Good’ but the overall rating for the PDU is ‘Inadequate’.", "Inadequate"),
        ("We have rated the PDU ‘Good’ overall; leadership was ‘Outstanding’.", "Good"),
        ("Neighbouring Tilling PDU was rated ‘Good’. Ours is rated ‘Inadequate’.", "Inadequate"),
        ("It was rated as Requires improvement, up from Inadequate.", "Requires improvement"),
        ("Overall, while leadership is ‘Good’, the PDU is rated ‘Inadequate’.", "Inadequate"),
        ("Our overall judgement is Inadequate.", "Inadequate"),
        ("Leadership was rated ‘Good’ and services ‘Outstanding’.", "None"),
    ],
)
def test_the_overall_rating_is_told_from_others_in_the_foreword(
    tmp_path, told_in_the_foreword, rating
):
    source = tmp_path / "report.txt"
    parts = [
        "An inspection of probation services in Oxbarrow PDU",
        "Foreword",
        told_in_the_foreword,
        "Ratings",
        "1.1 Leadership",
        "1.3 Services",
        "Recommendations",
    ]
    source.write_text("\n\n".join(parts), encoding="utf-8")
    facts = pipelines.segment_document(pipelines.read_document(source)).facts
    assert str(facts.overall_rating) == rating


@pytest.mark.parametrize(
    "printed",
    [
        "Overall rating – Requires Improvement (12/27)",
        "The overall rating is Requires improvement.\n\nPoints: 12 of 27",
        "Overall judgement: Requires improvement\n\nThe unit scored 12 out of 27",
    ],
)
def test_rating_and_score_are_read_in_other_wordings(tmp_path, printed):
    source = tmp_path / "report.txt"
    text = f"An inspection of probation services in Oxbarrow PDU\n\nRatings\n\n{printed}\n"
    source.write_text(text, encoding="utf-8")
    facts = pipelines.segment_document(pipelines.read_document(source)).facts
    assert (str(facts.overall_rating), facts.overall_rating_source) == (
        "Requires improvement",
        "printed",
    )
    assert (facts.score, facts.score_max) == (12, 27)
