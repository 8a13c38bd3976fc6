"""The report in Word: short enough to be read, each piece of evidence printed once."""

from __future__ import annotations

import io
from dataclasses import replace

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH

from pipelines.report import ReportSettings
from pipelines.report.charts.drawing import to_png
from pipelines.report.charts.kinds import heat_chart, questions_chart
from pipelines.report.content import Source
from pipelines.report.gather import gather
from pipelines.report.markdown import render_markdown
from pipelines.report.questions import Answered, Question
from pipelines.report.summary import summarise
from pipelines.report.word.document import render_word
from pipelines.report.word.paper import add_picture, add_table
from synthetic import make_tables

RIGHT = WD_ALIGN_PARAGRAPH.RIGHT
AREA = "area_for_improvement"
SETTINGS = ReportSettings(written="2025-03-31")
AGAIN = "; in full above"


@pytest.fixture(scope="module")
def tables():
    return make_tables(4, each=12)


@pytest.fixture(scope="module")
def content(tables):
    return gather(tables, SETTINGS)


def word(content):
    return docx.Document(io.BytesIO(render_word(content)))


def said(paragraph):
    return "".join(paragraph._p.xpath(".//w:t/text()"))


@pytest.fixture(scope="module")
def paper(content):
    return word(content)


def test_a_finding_is_printed_whole_once_and_named_again_by_its_beginning(content, paper):
    quotes = [said(p) for p in paper.paragraphs if p.style.name == "Quote"]
    texts = [finding.text for finding in content.evidence if len(finding.text) > 90]
    whole = {t: sum(q.startswith(t) for q in quotes) for t in texts if texts.count(t) == 1}
    assert set(whole.values()) == {0, 1}
    again = [quote for quote in quotes if quote.endswith(AGAIN)]
    assert again
    assert all(len(quote) < 250 for quote in again)
    links = paper.element.body.xpath(f".//w:hyperlink[w:r/w:t[text()='{AGAIN}']]/@w:anchor")
    places = paper.element.body.xpath(".//w:bookmarkStart/@w:name")
    assert len(links) == len(again)
    assert set(links) <= set(places)
    numbers = paper.element.body.xpath(".//w:bookmarkStart/@w:id")
    assert len(numbers) == len(set(numbers))


def test_a_theme_among_many_is_shown_by_one_finding_of_either_kind(content, paper):
    heads = [(p.style.name, p.text) for p in paper.paragraphs]
    begun = heads.index(("Heading 1", "Each theme, with evidence"))
    ended = heads.index(("Heading 1", "What was read, and what was not"))
    styles = [style for style, _ in heads[begun:ended]]
    shown = sum(
        bool(quotes) for t in content.themes for quotes in (t.area_quotes, t.strength_quotes)
    )
    assert styles.count("Quote") == shown
    assert shown < sum(len(t.area_quotes) + len(t.strength_quotes) for t in content.themes)


def test_a_theme_alone_is_quoted_at_length(tables):
    (theme, *_) = [t for t in gather(tables, SETTINGS).themes if len(t.area_quotes) > 2]
    alone = gather(tables, replace(SETTINGS, themes=(theme.slug,)))
    every = " ".join(said(p) for p in word(alone).paragraphs)
    assert all(finding.text in every for finding in alone.themes[0].area_quotes)


def test_recommendations_of_two_inspections_of_a_unit_stand_apart(content, paper):
    advice = [replace(item, unit="Alder Bridge") for item in content.advice]
    dates = list(dict.fromkeys(item.date for item in advice))
    assert len(dates) > 1
    again = word(replace(content, advice=tuple(advice)))
    heads = [p.text for p in again.paragraphs if p.style.name == "Heading 2"]
    assert all(f"Alder Bridge, {date}" in heads for date in dates)


def test_a_recommendation_keeps_with_its_evidence_or_says_that_it_has_none(content):
    answered = next(item for item in content.advice if item.evidence)
    bare = replace(answered, text="open on Sundays", evidence=(), matched=False)
    part = replace(content, advice=(answered, bare))
    kept = {p.text: p.paragraph_format.keep_with_next for p in word(part).paragraphs}
    (first, *_) = (said for said in kept if answered.text in said)
    (last,) = (said for said in kept if "open on Sundays" in said)
    assert (kept[first], kept[last]) == (True, False)
    assert last.endswith("open on Sundays\nNo finding was matched to it.")
    assert render_markdown(part).count("No finding was matched to it.") == 1


def test_a_chart_of_few_is_not_blown_up_and_one_of_many_is_as_wide_as_the_text(content):
    widths = []
    for units in (content.units[:1], content.units * 5):
        paper = docx.Document()
        add_picture(paper, to_png(heat_chart(content, units, AREA)), "A picture")
        widths.append(paper.inline_shapes[0].width.cm)
    assert widths[0] < 12
    assert 12 < widths[1] <= 17


def test_a_unit_without_an_area_keeps_its_column_in_the_heat_map(content):
    cells = {key: n for key, n in content.cells.items() if key[1] != content.units[0].name}
    chart = heat_chart(replace(content, cells=cells), content.units, AREA).to_dict()
    axis = chart["layer"][0]["encoding"]["x"]
    assert axis["scale"]["domain"] == [unit.counted_name for unit in content.units]
    assert any(name.endswith(" (2 reports)") for name in axis["scale"]["domain"])


@pytest.mark.parametrize(("words", "lines"), [(4, 1), (16, 2), (26, 3)])
def test_rows_of_questions_are_as_high_as_their_longest_wording(words, lines):
    answer = Answered(
        *("d", "Alder Bridge", "Northmoor", "May 2024", "2024-05", "", 40.0, 20, False, None, None),
        *(1, 50.0, True, 0, 0, ()),
    )
    asked = Question("", "2.1", " ".join(["word"] * words), "", (), (answer, answer), ())
    chart = questions_chart([asked]).to_dict()
    assert chart["height"]["step"] >= lines * 15
    (label,) = {row["question"] for rows in chart["datasets"].values() for row in rows}
    assert label.count("\n") + 1 == lines


def test_files_left_aside_are_named_in_a_sentence_for_each_remedy(content):
    left = [Source(f"{name}.csv", "aside", remarks=("a table; attach it",)) for name in "abc"]
    left.append(Source("photo.png", "aside", remarks=("a picture; nothing",)))
    paper = word(replace(content, sources=(*content.sources, *left)))
    told = [p.text for p in paper.paragraphs if p.text.startswith("Left aside")]
    assert told == [
        "Left aside: a.csv, b.csv and c.csv. A table; attach it.",
        "Left aside: photo.png. A picture; nothing.",
    ]
    cells = {cell.text for table in paper.tables for row in table.rows for cell in row.cells}
    assert "a.csv" not in cells


def test_nothing_that_came_up_again_is_no_issue_and_not_nought(content):
    repeat = replace(content.repeats[0], repeated=()) if content.repeats else None
    assert repeat is not None
    sentences = summarise(replace(content, repeats=(repeat,)))
    told = " ".join("".join(part.text for part in sentence) for sentence in sentences)
    assert ": no issue that needed improvement came up again" in told
    assert "0 issues" not in told


def test_uncertain_findings_are_marked_check_in_word_and_markdown(content, paper):
    told = [said(p) for p in paper.paragraphs if p.style.name == "Quote"]
    doubtful = [f for f in content.evidence if f.review and any(f.text in q for q in told)]
    assert doubtful
    for finding in doubtful:
        assert any(finding.text in quote and "; check" in quote for quote in told)
    assert "; check" in render_markdown(content)


def test_columns_of_figures_stand_right_and_rows_are_parted_by_thin_lines_alone():
    paper = docx.Document()
    rows = [["Leadership", "9 of 12", "44% to 100%", "7"], ["2.1 Court work", "", "over 99%", "11"]]
    table = add_table(paper, ["Theme", "Units", "95% interval", "Findings"], rows, "Themes")
    for row in table.rows:
        assert [cell.paragraphs[0].alignment for cell in row.cells] == [None, *[RIGHT] * 3]
    (borders,) = table._tbl.tblPr.xpath("w:tblBorders")
    assert {edge.tag.rpartition("}")[2] for edge in borders} == {"top", "bottom", "insideH"}
