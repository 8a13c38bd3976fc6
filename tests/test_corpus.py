"""The sample corpus: sources, labels, formats, and what reading it must give."""

import json
import sys
from collections import Counter
from pathlib import Path

import pypdfium2
import pytest

from pipelines.codebook import load_codebook
from pipelines.errors import CorpusError
from pipelines.places import load_places
from pipelines.read import read_document
from pipelines.records import Polarity, Rating, digest
from pipelines.segment import segment_document

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "corpus"
SAMPLE = CORPUS / "sample"
sys.path.insert(0, str(CORPUS))

import generate  # noqa: E402
from authoring import gold  # noqa: E402
from authoring.load import load_source, load_sources  # noqa: E402
from authoring.pages import pdf_digest, render_pdf  # noqa: E402
from authoring.setting import FICTION  # noqa: E402
from authoring.source import curly, overall_of  # noqa: E402

DOCUMENTS = load_sources()
IDS = [s.document_id for s in DOCUMENTS]
each_document = pytest.mark.parametrize("source", DOCUMENTS, ids=IDS)


# The sources


def test_the_sample_has_the_breadth_that_it_promises():
    assert len(DOCUMENTS) >= 9
    assert len({s.region for s in DOCUMENTS}) == 3
    visits = Counter(s.unit for s in DOCUMENTS)
    assert [n for n in visits.values() if n > 1] == [2], "one unit is inspected twice"
    assert {s.framework for s in DOCUMENTS} == {"pdu-2021", "pdu-2023"}
    assert {s.overall for s in DOCUMENTS} == {
        Rating.INADEQUATE,
        Rating.REQUIRES_IMPROVEMENT,
        Rating.GOOD,
    }
    ships = Counter(s.ship for s in DOCUMENTS)
    assert ships["pdf"] >= 3
    assert ships["html"] >= 2
    assert ships["text"] >= 2


@each_document
def test_a_document_has_thirty_to_sixty_findings_of_ordinary_length(source):
    assert 30 <= len(source.findings) <= 60
    lengths = [len(f.whole.split()) for f in source.findings]
    assert min(lengths) >= 10
    assert max(lengths) <= 95
    assert {f.polarity for f in source.findings} == set(Polarity)
    assert len({f.whole for f in source.findings}) == len(source.findings)


def test_every_theme_stands_in_at_least_four_documents():
    spread = Counter(
        theme for s in DOCUMENTS for theme in {t for f in s.findings for t in f.themes}
    )
    assert {t: spread[t] for t in load_codebook().slugs if spread[t] < 4} == {}


def test_the_sample_exercises_what_readers_find_hard():
    findings = [f for s in DOCUMENTS for f in s.findings]
    assert sum(bool(f.nested) for f in findings) >= 5
    assert sum(bool(f.quotes) for f in findings) >= 20
    assert sum(f.bulletless for f in findings) >= 2
    inside = [f for f in findings if f.note and not f.text.endswith("{note}")]
    assert len(inside) >= 10, "footnotes called from inside bullets"
    examples = [p.example for s in DOCUMENTS for st in s.standards for p in st.parts if p.example]
    assert len(examples) >= 6
    assert all(e.bullets for e in examples)


@each_document
def test_percentages_are_those_of_whole_cases(source):
    possible = {int(100 * k / source.cases + 0.5) for k in range(source.cases + 1)}
    odd = [
        (s.code, q.percent)
        for s in source.standards
        if s.code != "2.1"  # court reports are another sample
        for q in s.questions
        if q.percent not in possible
    ]
    assert odd == []


@each_document
def test_the_lowest_key_question_explains_the_rating_of_casework(source):
    bands = ((50, Rating.INADEQUATE), (65, Rating.REQUIRES_IMPROVEMENT), (80, Rating.GOOD))
    for standard in source.standards:
        if standard.rating is None or not standard.questions:
            continue
        lowest = min(q.percent for q in standard.questions)
        due = next((r for bound, r in bands if lowest < bound), Rating.OUTSTANDING)
        assert standard.rating == due, f"{standard.code}: {lowest} per cent"


def test_names_match_no_place_that_the_product_knows():
    places = load_places()
    assert [n for s in DOCUMENTS for n in (s.unit, s.region) if places.find(n)] == []


def test_the_sample_is_not_in_the_training_data():
    sample = {digest(f.whole) for s in DOCUMENTS for f in s.findings}
    trained = {
        digest(json.loads(line)["text"])
        for path in sorted((CORPUS / "labels").glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if '"text"' in line
    }
    assert trained, "no training findings to compare with"
    assert sample.isdisjoint(trained)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('themes = ["victim-safety"]', 'themes = ["victims"]', "no theme 'victims'"),
        ('themes = ["victim-safety"]', "themes = []", "one to four"),
        ('"41 per cent", "41%"', '"42 per cent", "42%"', "'42 per cent' is not in the text"),
        ('"41 per cent", "41%"', '"41 per cent", "x"', "is no proportion"),
        ("cases = 44", "cases = 44\ncase = 1", "unknown key 'case'"),
        ('overall = "Inadequate"', 'overall = "Good"', "correct one"),
        ('published = "2023-01-24"', 'published = "2023-02-24"', "rename the file"),
        ("percents = [61, 57, 27]", "percents = [61, 57]", "2 percents for 3 questions"),
        ('unit = "Ravelstow"', "", "unit"),
        ("[[standards]]", "[[standards]", "correct the source"),
    ],
)
def test_a_source_that_contradicts_itself_is_refused(tmp_path, old, new, complaint):
    text = (CORPUS / "sources" / "ravelstow-2023-01.toml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "ravelstow-2023-01.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(CorpusError, match=r"^ravelstow-2023-01\.toml: ") as caught:
        load_source(path)
    assert complaint in str(caught.value)


@pytest.mark.parametrize(
    ("score", "maximum", "rating"),
    [
        (4, 27, "Inadequate"),
        (5, 27, "Requires improvement"),
        (13, 27, "Requires improvement"),
        (14, 27, "Good"),
        (12, 24, "Requires improvement"),
        (13, 24, "Good"),
        (3, 21, "Inadequate"),
        (4, 21, "Requires improvement"),
        (18, 21, "Outstanding"),
    ],
)
def test_overall_ratings_follow_the_bounds_of_the_score(score, maximum, rating):
    assert overall_of(score, maximum) == rating


def test_quotation_marks_are_set():
    assert curly("It's 'don't', she said: \"no\".") == "It’s ‘don’t’, she said: “no”."


# The files


def test_shipped_files_match_their_sources():
    assert generate.differences(DOCUMENTS) == []


def test_a_changed_file_is_noticed(tmp_path):
    corpus = tmp_path / "corpus"
    some = tuple(s for s in DOCUMENTS if s.ship != "pdf")[:2]
    generate.write_sample(some, corpus)
    assert generate.differences(some, corpus) == []
    path = corpus / "sample" / generate.name(some[0], some[0].ship)
    path.write_bytes(path.read_bytes().replace(b"the", b"The", 1))
    (corpus / "sample" / "stray.txt").write_text("no source", encoding="utf-8")
    found = " ".join(generate.differences(some, corpus))
    assert path.name in found
    assert "stray.txt" in found
    assert "README.md" in found, "the card holds the checksum"


def test_a_pdf_of_another_source_is_noticed():
    first, second = [s for s in DOCUMENTS if s.ship == "pdf"][:2]
    path = SAMPLE / generate.name(second, "pdf")
    assert "another source" in generate.difference(first, path)


def test_the_sample_is_small():
    assert sum(p.stat().st_size for p in SAMPLE.rglob("*") if p.is_file()) < 3_000_000


@each_document
def test_the_first_page_says_that_it_is_fictional(source):
    document = read_document(SAMPLE / generate.name(source, source.ship))
    front = [b for b in document.blocks if b.page in (None, 1)][:40]
    assert FICTION in " ".join(" ".join(b.text for b in front).split())


@pytest.mark.parametrize(
    "source", [s for s in DOCUMENTS if s.ship == "pdf"], ids=lambda s: s.document_id
)
def test_pdfs_are_tagged_and_have_bookmarks(source):
    data = (SAMPLE / generate.name(source, "pdf")).read_bytes()
    pdf = pypdfium2.PdfDocument(data)
    assert pypdfium2.raw.FPDFCatalog_IsTagged(pdf)
    titles = [item.get_title() for item in pdf.get_toc()]
    assert "Recommendations" in titles
    assert any("Assessment" in title for title in titles)
    assert pdf_digest(source) in pdf.get_metadata_dict()["Keywords"]


def test_a_pdf_is_printed_the_same_twice():
    pytest.importorskip("weasyprint", reason="WeasyPrint prints the PDFs")
    source = min(DOCUMENTS, key=lambda s: len(s.findings))
    assert render_pdf(source) == render_pdf(source)


# What reading them gives


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("formats")


@each_document
@pytest.mark.parametrize("kind", ["text", "html"])
def test_text_and_html_give_the_gold(source, kind, folder):
    (path,) = generate.write_all_formats([source], folder, [kind])
    check_against_gold(source, path)


@pytest.mark.parametrize(
    "source", [s for s in DOCUMENTS if s.ship == "pdf"], ids=lambda s: s.document_id
)
def test_shipped_pdfs_give_the_gold(source):
    check_against_gold(source, SAMPLE / generate.name(source, "pdf"))


@pytest.mark.slow
@pytest.mark.parametrize(
    "source", [s for s in DOCUMENTS if s.ship != "pdf"], ids=lambda s: s.document_id
)
def test_printed_pdfs_give_the_gold(source, folder):
    pytest.importorskip("weasyprint", reason="WeasyPrint prints the PDFs")
    (path,) = generate.write_all_formats([source], folder, ["pdf"])
    check_against_gold(source, path)


def check_against_gold(source, path):
    segmentation = segment_document(read_document(path))
    assert [placed(f) for f in segmentation.findings] == [
        (
            row["ordinal"],
            row["polarity"],
            row["code"],
            row["standard"],
            row["subsection"],
            row["text"],
            bare(row["quotes"]),
        )
        for row in gold.findings(source)
    ]
    assert [x.text for x in segmentation.leftovers] == []
    facts = gold.facts(source)
    for name in (
        "unit",
        "unit_type",
        "region",
        "published",
        "fieldwork",
        "framework",
        "overall_rating",
        "overall_rating_source",
        "score",
        "score_max",
        "cases_inspected",
    ):
        assert getattr(segmentation.facts, name) == facts[name], name
    assert segmentation.facts.title.replace(":", "") == facts["title"].replace(":", "")
    assert segmentation.document_id == source.document_id
    assert [(s.code, s.standard, s.rating and str(s.rating)) for s in segmentation.ratings] == [
        (r["code"], r["standard"], r["rating"]) for r in gold.standards(source)
    ]
    assert [
        (q.code, q.question, q.dimension or "", q.percent) for q in segmentation.key_questions
    ] == [
        (r["code"], r["question"], r["dimension"], r["percent"]) for r in gold.key_questions(source)
    ]
    assert [
        (r.number, r.addressee, r.addressee_type, r.text) for r in segmentation.recommendations
    ] == [
        (r["number"], r["addressee"], r["addressee_type"], r["text"])
        for r in gold.recommendations(source)
    ]


def placed(finding):
    return (
        finding.ordinal,
        str(finding.polarity),
        finding.code,
        finding.standard,
        finding.subsection,
        finding.text,
        bare(finding.quotes),
    )


def bare(quotes):
    """Quotes without their marks, which are as they are printed."""
    return [quote.strip("“”\"‘’' ") for quote in quotes]
