"""The theme report says what the tables say, in every form, from any tables, and nothing acts."""

import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import date, datetime
from html.parser import HTMLParser

import docx
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines import columns as c
from pipelines.aggregate import aggregate_tables
from pipelines.columns import TABLES
from pipelines.errors import SettingsError, UnreadableDocument
from pipelines.intervals import wilson
from pipelines.read import read_document
from pipelines.report import FORMATS, ReportSettings, write_report
from pipelines.report.charts.trends import no_trend
from pipelines.report.content import Source
from pipelines.report.english import month
from pipelines.report.evidence import Words
from pipelines.report.excel.book import render_excel
from pipelines.report.excel.sheets import dated
from pipelines.report.gather import gather
from pipelines.report.markdown import escape, render_markdown
from pipelines.report.matrix import region_heat_map
from pipelines.report.page.facets import script_data
from pipelines.report.page.html import render_html
from pipelines.report.tagger import account
from pipelines.report.word.document import render_word
from pipelines.segment import segment_document
from pipelines.tables import file_of, frame
from synthetic import make_tables

SETTINGS = ReportSettings(formats=FORMATS, written="2025-03-31")
FORMULA = '=HYPERLINK("http://x.example","press")'
SCRIPT = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def tables():
    return make_tables(5, each=21)


@pytest.fixture(scope="module")
def few():
    return make_tables(3, each=6)


@pytest.fixture(scope="module")
def content(tables):
    return gather(tables, SETTINGS)


def test_findings_without_a_theme_are_counted_and_a_mark_is_promised_where_one_is_quoted(few):
    bare = sorted(few["findings"]["finding_id"])[:3]
    tags = few["tags"].copy()
    tags.loc[tags["finding_id"].isin(bare), "assigned"] = False
    said = render_markdown(gather({**few, "tags": tags}, SETTINGS))
    every = len(few["findings"])
    given = tags.loc[tags["assigned"].astype(bool), "finding_id"].nunique()
    assert every - given >= 3
    assert f"; {every - given} have no theme." in said
    assert "where one of them is quoted, it is marked “check”" in said


@pytest.fixture(scope="module")
def hostile(tables):
    """The tables with hostile text wherever a report may carry text into ours."""
    changed = dict(tables)
    texts = [
        FORMULA,
        SCRIPT,
        "@SUM(1+1)",
        "| a | b\n# head [x](http://x.example)",
        "x\x00\x0b\ud800y",
    ]
    for name, column in (
        ("findings", "text"),
        ("findings", "standard"),
        ("documents", "path"),
        ("recommendations", "text"),
        ("recommendations", "addressee"),
        ("issues", "label"),
        ("leftovers", "text"),
        ("ledger", "reason"),
        ("ledger", "path"),
    ):
        data = changed[name].copy()
        data[column] = pd.Series(
            [texts[i % len(texts)] for i in range(len(data))], dtype=object, index=data.index
        )
        changed[name] = data
    return changed


@pytest.fixture(scope="module")
def page(content):
    return render_html(content)


def text_of(page):
    class Reader(HTMLParser):
        said = ""
        skipped = False

        def handle_starttag(self, tag, attrs):
            self.skipped = tag in {"script", "style"}

        def handle_data(self, data):
            self.said += "" if self.skipped else data

    reader = Reader()
    reader.feed(page)
    return reader.said


def test_page_names_every_theme_unit_source_and_finding(tables, content, page):
    said = text_of(page)
    for name in tables["findings"]["text"]:
        assert name in said
    for path in tables["ledger"]["path"]:
        assert path.rpartition("/")[2] in said
    for theme in content.themes:
        assert f"{theme.areas.units_with} of {theme.areas.units}" in said


def test_summary_counts_what_the_tables_hold(tables, content):
    said = " ".join("".join(part.text for part in s) for s in content.summary)
    findings = tables["findings"]
    assert "5 reports on 4 units" in said
    assert "1 could not be read" in said
    assert f"{len(findings)} findings" in said
    assert f"{(findings['polarity'] == 'strength').sum()} strengths" in said
    assert "inspected twice" in said


def test_recurrence_and_interval_are_those_of_the_table(tables, content):
    row = tables["recurrence"].set_index(["theme", "polarity"])
    for theme in content.themes:
        expected = row.loc[(theme.slug, "area_for_improvement")]
        assert theme.areas.units_with == expected["units_with"]
        assert (theme.areas.low, theme.areas.high) == pytest.approx(
            wilson(expected["units_with"], expected["units"])
        )


def test_every_address_on_the_page_leads_somewhere(page):
    ids = set(re.findall(r' id="([^"]+)"', page))
    for address in set(re.findall(r'href="#([^"]*)"', page)):
        assert address.partition("?")[0] in ids, address


def test_each_inspection_is_of_the_region_that_its_own_report_names(few):
    """A unit that moved: the earlier region could not be chosen, and counted for nothing."""
    documents, findings = few["documents"].copy(), few["findings"].copy()
    unit = documents["unit"].value_counts().index[0]
    own = documents[documents["unit"] == unit].sort_values("published")
    assert len(own) == 2
    first = own["document_id"].iloc[0]
    for data in (documents, findings):
        data.loc[data["document_id"] == first, "region"] = "Elsewhere"
    moved = gather({**few, "documents": documents, "findings": findings}, SETTINGS)
    assert "Elsewhere" in moved.regions
    here = findings[findings["document_id"] == first]
    for side in ("area_for_improvement", "strength"):
        heat = region_heat_map(moved, side)
        assert "Elsewhere" in [line.name for line in heat.columns]
        at = [line.name for line in heat.columns].index("Elsewhere")
        ids = here.loc[here["polarity"] == side, "finding_id"]
        given = few["tags"][few["tags"]["finding_id"].isin(ids) & few["tags"]["assigned"]]
        assert sum(line.cells[at].number for line in heat.rows) == len(given)
    said = text_of(render_html(moved))
    assert said.count("Elsewhere region, ") == 1
    assert said.count(f"{own['region'].iloc[-1]} region, {month(own['published'].iloc[-1])}") == 1
    book = openpyxl.load_workbook(io.BytesIO(render_excel(moved)))
    rows = list(book["Ratings"].iter_rows(min_row=2, max_col=2, values_only=True))
    assert (unit, "Elsewhere") in rows
    assert (unit, own["region"].iloc[-1]) in rows


def test_ids_are_unique(tables, page):
    """In an extract too, which has a section more and so many findings that some are kept back."""
    part = gather(tables, ReportSettings(units=tuple(sorted(set(tables["findings"]["unit"])))[:3]))
    extracted = render_html(part)
    assert part.rest
    assert "<!--next-->" in extracted
    for made in (page, extracted):
        ids = re.findall(r' id="([^"]+)"', made)
        assert len(ids) == len(set(ids))


def test_the_first_column_of_themes_by_units_is_named_by_what_it_holds(few):
    """Beyond fourteen units they are the rows, under the head Theme."""
    made = gather(few, SETTINGS)
    many = tuple(replace(made.units[0], name=f"Unit {at}", slug=f"u{at}") for at in range(16))
    for content, head, first in (
        (made, "Theme", made.themes[0].name),
        (replace(made, units=many), "Unit", "Unit 0"),
    ):
        book = openpyxl.load_workbook(io.BytesIO(render_excel(content)))
        sheet = book["Theme x unit, areas"]
        assert (sheet["A1"].value, sheet["A2"].value) == (head, first)


@pytest.mark.parametrize("name", sorted(set(TABLES) - {"changes"}))
def test_any_table_may_be_absent_or_empty(few, name):
    absent = gather({key: data for key, data in few.items() if key != name}, SETTINGS)
    empty = gather({**few, name: frame(name)}, SETTINGS)
    assert render_markdown(absent) == render_markdown(empty)
    assert "<h1>" in render_html(empty)


def test_a_theme_that_a_person_gave_says_so_and_comes_first(few):
    """It was shown as under 1%, and ended the report where the model knows nothing of it."""
    tags, findings = few["tags"].copy(), few["findings"]
    first, second = findings.loc[findings["polarity"] == "strength", "finding_id"].iloc[:2]
    theme = "unpaid-work"
    tags = tags[~(tags["finding_id"].isin([first, second]) & (tags["theme"] == theme))]
    given = {"theme": theme, "assigned": True, "certainty": "sure", "source": "person"}
    more = [{**given, "finding_id": first, "probability": 0.004}, {**given, "finding_id": second}]
    tables = {**few, "tags": pd.concat([tags, frame("tags", more)], ignore_index=True)}
    made = gather({**tables, **aggregate_tables(tables)}, SETTINGS)
    known = {finding.finding_id: finding for finding in made.evidence}
    assert all(known[name].tags[0].theme == theme for name in (first, second))
    section = next(one for one in made.themes if one.slug == theme)
    shown = {finding.finding_id for finding in section.strength_quotes[:2]}
    assert shown & {first, second}
    said = text_of(render_html(made))
    assert "set by a person" in said
    assert "under 1%" not in said
    book = openpyxl.load_workbook(io.BytesIO(render_excel(made)))
    rows = list(book["Findings"].iter_rows(values_only=True))
    lowest = rows[0].index("Lowest confidence")
    others = [tag.probability for tag in known[second].tags[1:]]
    assert next(row[lowest] for row in rows if row[0] == second) == min(others, default=1.0)


def test_why_there_is_no_trend_is_the_true_reason(tables, few):
    """An extract of a strength has dated reports enough."""
    strength = next(one for one in tables["issues"]["issue_id"] if one.endswith("/strength"))
    extracted = gather(tables, ReportSettings(issues=(strength,)))
    assert len({i.published[:4] for unit in extracted.units for i in unit.inspections}) > 1
    assert "areas for improvement, and none were asked for" in no_trend(extracted)
    untagged = {name: data for name, data in few.items() if name != "trend"}
    assert "No theme was counted among areas" in no_trend(gather(untagged, SETTINGS))
    documents = few["documents"].assign(published=["2024-01", None, "2024-05"])
    some = no_trend(gather({**few, "documents": documents}, SETTINGS))
    assert some == "All dated reports here were published in 2024: there is no trend to draw."


def test_changes_are_a_section_where_they_were_asked_for(few):
    said = render_markdown(gather({**few, "changes": frame("changes")}, SETTINGS))
    assert "Nothing changed" in said
    assert "Nothing changed" not in render_markdown(gather(few, SETTINGS))


def test_reports_rated_overall_but_in_no_standard_are_written_in_every_form(few, tmp_path):
    assert few["documents"]["overall_rating"].notna().any()
    written = write_report({**few, "standards": frame("standards")}, tmp_path, settings=SETTINGS)
    assert len(written) == len(SETTINGS.formats)
    assert "carry no ratings" not in (tmp_path / "report.md").read_text(encoding="utf-8")


def test_nothing_at_all_is_said_in_sentences(tmp_path):
    for path in write_report({}, tmp_path, settings=SETTINGS):
        assert path.stat().st_size > 1000
    said = text_of((tmp_path / "report.html").read_text(encoding="utf-8"))
    for sentence in (
        "0 reports",
        "No findings were found",
        "No theme was found in any unit",
        "carry no ratings",
        "too few dated reports",
        "No issue recurs",
        "No finding in this batch states a share",
        "No unit in this batch was inspected twice",
        "No recommendations were found",
        "No themes have been assigned",
    ):
        assert sentence in said


def test_one_document_is_a_report_too(tmp_path):
    for path in write_report(make_tables(1, each=3), tmp_path, settings=SETTINGS):
        assert path.stat().st_size > 1000


def test_document_without_unit_or_date_stands_for_itself(tables):
    bare = {name: data.copy() for name, data in make_tables(2, each=4).items()}
    for name in ("documents", "findings"):
        for column in ("unit", "region", "published"):
            bare[name][column] = pd.Series([None] * len(bare[name]), dtype="str")
    made = gather(bare, SETTINGS)
    assert {unit.name for unit in made.units} == set(bare["documents"]["document_id"])
    assert "date not stated" in text_of(render_html(made))


def test_same_tables_in_any_order_give_the_same_bytes(few, tmp_path):
    shuffled = {name: data.sample(frac=1, random_state=3) for name, data in few.items()}
    first = write_report(few, tmp_path / "a", settings=SETTINGS)
    second = write_report(shuffled, tmp_path / "b", settings=SETTINGS)
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


def test_standards_without_a_finding_are_numbered_alike_whatever_the_hash_seed(few):
    document = few["documents"][c.DOCUMENT_ID].iloc[0]
    rows = [{c.DOCUMENT_ID: document, c.CODE: f"9.{n}", c.STANDARD: "Of it"} for n in range(9)]
    content = gather({**few, "standards": frame("standards", rows)}, ReportSettings())
    named = script_data(content, (), {})["standards"][len(content.standards) :]
    assert named == [f"9.{n} Of it" for n in range(9)]


def test_date_is_the_only_difference_between_two_days(content, tables):
    later = gather(tables, ReportSettings(written="2026-04-01"))
    undated = [
        re.sub(r"(31 March 2025|1 April 2026)", "DAY", render_html(made))
        for made in (content, later)
    ]
    assert undated[0] == undated[1]


def test_hostile_text_is_inert_on_the_page(hostile):
    page = render_html(gather(hostile, SETTINGS))
    assert page.count("<script") == 3  # the data, the pictures and our own
    assert "<img" not in page
    assert "onerror=alert(1)&gt;" in page
    assert page.count("</script>") == 3
    assert not re.search(r"[\x00\x0b]", page)


def test_hostile_text_is_inert_in_markdown(hostile):
    text = render_markdown(gather(hostile, SETTINGS))
    assert "<script" not in text
    assert not re.search(r"(?<!\\)\]\(", text)
    assert "http://" not in text
    assert "<img" not in text
    for row in re.findall(r"^\|.*$", text, re.MULTILINE):
        assert len(re.findall(r"(?<!\\)\|", row)) > 2
    heads = re.findall(r"^#+ .*$", text, re.MULTILINE)
    assert not any("x.example" in head for head in heads)


def test_what_a_person_named_an_issue_is_inert_in_markdown(tables):
    """What was done to an issue names it: a remark, which was escaped for HTML alone."""
    issues = tables["issues"].copy()
    issues.at[0, "decided"] = ["renamed from ‘O'Brien *[x](http://x.example)*’ by Ann, 2026-11-28"]
    text = render_markdown(gather({**tables, "issues": issues}, SETTINGS))
    line = next(line for line in text.splitlines() if "Brien" in line)
    assert r"O'Brien \*\[x\](http:" in line
    assert "http://" not in line


def test_markdown_escape_leaves_words_alone():
    assert escape("plain words, 62% of cases") == "plain words, 62% of cases"
    assert escape("1. not a list") == "1\\. not a list"  # before a figure it would be shown
    assert escape("- not a list") == "\\- not a list"
    assert escape("1.1 Leadership") == "1.1 Leadership"
    assert escape("a|b*c_d") == "a\\|b\\*c\\_d"


def test_hostile_text_is_inert_in_the_workbook(hostile, tmp_path):
    path = write_report(hostile, tmp_path, settings=ReportSettings(formats=("xlsx",)))[0]
    book = openpyxl.load_workbook(path)
    texts = [
        (cell.data_type, str(cell.value))
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    assert not [text for kind, text in texts if kind == "f"]
    assert ("s", FORMULA) in texts
    with zipfile.ZipFile(path) as archive:
        assert not [
            n
            for n in archive.namelist()
            if n.endswith(".xml") and b"<f>" in archive.read(n) and "worksheets" in n
        ]


def test_hostile_text_is_inert_in_word(hostile, tmp_path):
    path = write_report(hostile, tmp_path, settings=ReportSettings(formats=("docx",)))[0]
    said = "\n".join(paragraph.text for paragraph in docx.Document(path).paragraphs)
    assert SCRIPT in said
    with zipfile.ZipFile(path) as archive:
        links = archive.read("word/_rels/document.xml.rels").decode()
    assert "x.example" not in links


def test_very_long_text_fits_every_form(few, tmp_path):
    long = {**few, "findings": few["findings"].copy()}
    long["findings"].loc[0, "text"] = "word " * 20_000
    paths = write_report(long, tmp_path, settings=SETTINGS)
    book = openpyxl.load_workbook(paths[FORMATS.index("xlsx")])
    assert max(len(str(cell.value)) for cell in book["Findings"]["J"]) <= 32_767


def test_workbook_has_frozen_heads_filters_widths_and_colours(tables, tmp_path):
    path = write_report(tables, tmp_path, settings=ReportSettings(formats=("xlsx",)))[0]
    book = openpyxl.load_workbook(path)
    assert {"Recurrence", "Findings", "Shares", "Recommendations", "Provenance"} <= set(
        book.sheetnames
    )
    for sheet in book:
        assert sheet.freeze_panes == "B2"
        assert bool(sheet.tables) != bool(sheet.auto_filter.ref)
        assert all(dimension.width > 5 for dimension in sheet.column_dimensions.values())
    assert book["Findings"].max_row == len(tables["findings"]) + 1
    for name in ("Recurrence", "Theme x unit, areas", "Ratings", "Findings"):
        assert len(book[name].conditional_formatting) > 0
    themes = [cell.value for cell in book["Findings"]["M"]][1:]
    assert all(themes)


def values(sheet):
    heads, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def test_workbook_is_ready_for_pivots_and_slicers(tables, content, tmp_path):
    (path,) = write_report(tables, tmp_path, settings=ReportSettings(formats=("xlsx",)))
    book = openpyxl.load_workbook(path)
    assert {"Long", "Trend", "Key questions", "Findings", "Issues"} <= set(book.sheetnames)
    for sheet in book:
        for table in sheet.tables.values():
            assert re.fullmatch(r"t_[a-z0-9_]+", table.displayName)
            assert [column.name for column in table.tableColumns] == [x.value for x in sheet[1]]
            assert table.ref == sheet.dimensions
    assert book["Long"].tables
    long, found = values(book["Long"]), values(book["Findings"])
    for finding in content.evidence:
        rows = [row for row in long if row["Finding"] == finding.finding_id]
        assert {row["Theme"] for row in rows} == {tag.name for tag in finding.tags}
        (own,) = [row for row in found if row["Finding"] == finding.finding_id]
        assert (own["Issues"] or "") == "; ".join(
            dict.fromkeys(r["Issue"] for r in rows if r["Issue"])
        )
    assert any(row["Issue"] for row in long)
    assert len(values(book["Trend"])) == len(content.trend)
    lines = [book["Trend"].row_dimensions[n].height for n in range(2, len(content.trend) + 2)]
    assert set(lines) == {17}  # one line each: no room is left for words that fit
    for cell in book["Trend"][2]:
        assert bool(cell.alignment.indent) == isinstance(cell.value, str)  # words touch no number
    for row in (*long, *found):
        assert isinstance(row["Published"], datetime)
    for sheet in (book["Ratings"], book["Sources"]):
        place = [cell.value for cell in sheet[1]].index("Score")
        cells = [row[place] for row in sheet.iter_rows(min_row=2) if row[place].value is not None]
        assert cells  # numbers: as words "9 of 21" comes behind "12 of 21"
        assert all(re.fullmatch(r'0" of \d+"', cell.number_format) for cell in cells)
        assert all(isinstance(cell.value, int) for cell in cells)


@pytest.mark.parametrize(
    ("text", "shown", "form"),
    [
        ("2024-03-05", date(2024, 3, 5), "d mmm yyyy"),
        ("2024-03", date(2024, 3, 1), "mmm yyyy"),
        ("March 2024", date(2024, 3, 1), "mmm yyyy"),
        ("2024-13", "2024-13", "General"),
        ("2024-02-30", "2024-02-30", "General"),
        ("date not stated", "date not stated", "General"),
        ("March 20", "March 20", "General"),
    ],
)
def test_a_date_is_a_date_as_far_as_it_is_known(text, shown, form):
    assert dated(text) == (shown, form)


def test_word_has_headings_captions_pictures_and_methods(tables, tmp_path):
    path = write_report(tables, tmp_path, settings=ReportSettings(formats=("docx",)))[0]
    paper = docx.Document(path)
    heads = [p.text for p in paper.paragraphs if p.style.name.startswith("Heading")]
    assert {"Summary", "Which themes recur", "Ratings", "How this report was made"} <= set(heads)
    captions = [p.text for p in paper.paragraphs if p.style.name == "Caption"]
    assert sum(text.startswith("Figure") for text in captions) == len(paper.inline_shapes) == 4
    assert all(s._inline.docPr.get("descr") for s in paper.inline_shapes)
    quotes = [p.text for p in paper.paragraphs if p.style.name == "Quote"]
    body = paper.element.body
    places = body.xpath(".//w:bookmarkStart/@w:name")
    assert len(places) == len(set(places))
    assert set(body.xpath(".//w:hyperlink/@w:anchor")) <= set(places)
    contents = [p for p in paper.paragraphs if p.style.name == "toc 1"]
    assert ["".join(p._p.xpath("w:hyperlink/w:r/w:t/text()")) for p in contents] == [
        p.text for p in paper.paragraphs if p.style.name == "Heading 1" and p.text != "Summary"
    ]
    assert len(body.xpath(".//w:instrText[contains(., 'PAGEREF')]")) == len(contents)
    assert all(re.search(r"\n.+, \w+ \d{4}", quote) for quote in quotes)


def test_word_of_one_region_has_its_name_above_every_page_but_the_first(few, tmp_path):
    region = sorted(few["documents"]["region"].dropna())[0]
    for title, said in (("", region), ("The pack", f"The pack · {region}")):
        settings = ReportSettings(formats=("docx",), regions=(region,), title=title)
        (path,) = write_report(few, tmp_path / f"{title} of one", settings=settings)
        section = docx.Document(path).sections[0]
        assert said in section.header.paragraphs[0].text
        assert section.different_first_page_header_footer
        assert not section.first_page_header.paragraphs[0].text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"formats": ("pdf",)}, "pdf"),
        ({"formats": ()}, "formats"),
        ({"formats": "html"}, "got 'html'; expected several"),
        ({"regions": "Wales"}, "got 'Wales'; expected several"),
        ({"themes": ("weather",)}, "weather"),
        ({"quotes": 0}, "quotes"),
        ({"written": "soon"}, "soon"),
    ],
)
def test_wrong_settings_are_named(wrong, said):
    with pytest.raises(SettingsError, match=said):
        ReportSettings(**wrong)


def test_provenance_names_hashes_left_over_and_review_band(tables, content, page):
    said = text_of(page)
    unsure = tables["tags"].loc[tables["tags"]["review"], "finding_id"].nunique()
    assert f"{unsure} of {len(tables['findings'])} findings" in content.provenance.caution
    for text in (content.provenance.caution, "1 piece", "31 March 2025"):
        assert text in said
    for sha256 in tables["documents"]["sha256"]:
        assert sha256 in page


def test_page_fetches_nothing(page):
    assert "default-src 'none'" in page
    assert not re.search(r'(?:src|href)="(?!#)', page)
    assert "@import" not in page
    assert not re.search(r"url\((?!#)", page)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("form", ["xlsx", "docx"])
def test_libreoffice_opens_it(tables, tmp_path, form):
    path = write_report(tables, tmp_path, settings=ReportSettings(formats=(form,)))[0]
    profile = (tmp_path / "profile").as_uri()
    subprocess.run(
        ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf", path],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=300,
    )
    import pypdfium2

    document = pypdfium2.PdfDocument(io.BytesIO((tmp_path / "report.pdf").read_bytes()))
    said = "".join(page.get_textpage().get_text_range() for page in document)
    assert "Management oversight" in said
    assert tables["recommendations"].loc[0, "text"][:20] in said


@pytest.fixture(scope="module")
def tagged(few):
    from pipelines.tag import tag_findings

    return {**few, "tags": tag_findings(few["findings"])}


def test_model_in_use_explains_the_tags_it_gave(tagged, tmp_path):
    tables, facts = account({k: v for k, v in tagged.items() if k != "explanations"})
    assert dict(facts)["Model"].startswith("themes-")
    made = gather(tables, SETTINGS)
    given = tables["tags"].loc[tables["tags"]["assigned"], "finding_id"]
    words = made.words.of(made.evidence)
    texts = {f.finding_id: f.text for f in made.evidence}
    assert {finding_id for finding_id, _ in words} == set(given)
    assert words
    for (finding_id, _), spoke in words.items():
        for weight in spoke:
            assert 0 <= weight.start <= weight.end <= len(texts[finding_id])
    write_report(tagged, tmp_path, settings=ReportSettings(formats=("md",)))
    assert dict(facts)["Model"] in (tmp_path / "report.md").read_text(encoding="utf-8")


def test_a_model_that_the_run_names_is_named_alike_without_being_loaded(tagged, monkeypatch):
    from pipelines.tag import load_model
    from pipelines.tag.models.artefacts import describe_folder

    tables, facts = account({k: v for k, v in tagged.items() if k != "explanations"})
    label, sha256, scores = describe_folder(load_model().folder)
    row = {"model": label, "sha256": sha256, "findings": 18, "scores": scores}
    monkeypatch.setattr("pipelines.tag.load_model", None)  # to call it would be an error
    again, named = account({**tables, "models": frame("models", [row])})
    assert named == facts
    assert again["explanations"] is tables["explanations"]


def test_words_that_say_little_are_left_out_of_the_evidence(few, tmp_path):
    finding_id = few["findings"]["finding_id"][0]
    theme = (
        few["tags"]
        .loc[(few["tags"]["finding_id"] == finding_id) & few["tags"]["assigned"], "theme"]
        .iloc[0]
    )
    said = [(5, 9, 0.1), (0, 4, 1.0), (10, 12, -2.0), (13, 15, 0.2)]
    explanations = pd.DataFrame(
        [
            {
                "finding_id": finding_id,
                "theme": theme,
                "text": "word",
                "start": start,
                "end": end,
                "weight": weight,
            }
            for start, end, weight in said
        ]
    )
    made = gather({**few, "explanations": explanations}, SETTINGS)
    expected = [(0, 4, 1.0), (13, 15, 0.2)]
    spoke = made.words.of(made.evidence)[finding_id, theme]
    assert [(w.start, w.end, w.value) for w in spoke] == expected
    path = tmp_path / "explanations.parquet"
    pq.write_table(pa.Table.from_pandas(explanations, preserve_index=False), path)
    (own,) = (f for f in made.evidence if f.finding_id == finding_id)
    assert Words(file_of(path)).of([own]) == {(finding_id, theme): spoke}
    assert not Words(file_of(path)).of([f for f in made.evidence if f != own])


def test_tags_of_another_model_are_not_explained_by_this_one(few):
    tables, facts = account({k: v for k, v in few.items() if k != "explanations"})
    assert "explanations" not in tables
    assert "not explained" in dict(facts)["Model"]


def test_report_believes_the_run_about_its_model_and_loads_none(few):
    """Loading the model again to find out which it was took most of a report's time."""
    models = frame(
        "models",
        [
            {
                "model": "mine-3",
                "sha256": "0" * 64,
                "findings": 18,
                "scores": '{"micro": 0.5, "macro": 0.4}',
            }
        ],
    )
    _, facts = account({**few, "explanations": frame("explanations"), "models": models})
    assert facts[0] == ("Model", "mine-3")
    assert dict(facts)["Agreement with people (micro F1)"] == "0.50; 1 is perfect"


def test_a_report_bears_the_day_that_the_environment_says(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert ReportSettings().written == "2023-11-14"
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    before = date.today()
    assert before.isoformat() <= ReportSettings().written <= date.today().isoformat()


@pytest.mark.parametrize("said", ["soon", "9" * 30])
def test_a_day_that_is_none_is_a_sentence(monkeypatch, said):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", said)
    with pytest.raises(SettingsError, match=r"SOURCE_DATE_EPOCH: got .*; expected seconds"):
        ReportSettings()


def test_a_report_of_ours_among_the_sources_is_refused(tables, tmp_path):
    """Read as an inspection, it would count all that it quotes a second time."""
    for path in write_report(tables, tmp_path, settings=SETTINGS):
        if path.suffix != ".xlsx":
            with pytest.raises(UnreadableDocument, match="made from inspection reports"):
                segment_document(read_document(path))


def test_files_left_aside_stand_under_each_remedy_and_in_no_row_of_what_was_read(content):
    left = [Source(f"{name}.csv", "aside", remarks=("a table; attach it",)) for name in "abc"]
    left.append(Source("photo.png", "aside", remarks=("a picture; nothing",)))
    page = render_html(replace(content, sources=(*content.sources, *left)))
    read = page.partition('id="read"')[2].partition("</section>")[0]
    table, _, rest = read.partition("</table>")
    assert "a.csv" not in table
    told = [re.sub("<[^>]+>", "", one).strip() for one in re.findall("<li>(.*?)</li>", rest)]
    assert "A table; attach it. 3 files: a.csv, b.csv, c.csv" in told
    assert "A picture; nothing. 1 file: photo.png" in told


def test_what_became_of_a_file_is_called_the_same_in_every_form(content):
    book = openpyxl.load_workbook(io.BytesIO(render_excel(content)))
    paper = docx.Document(io.BytesIO(render_word(content)))
    in_word = next(t for t in paper.tables if t.cell(0, 1).text == "Outcome")
    named = {cell.text for cell in in_word.columns[1].cells[1:]}
    assert named == {cell.value for cell in book["Sources"]["B"][1:]} == {"Read", "Not readable"}


def test_summary_says_since_when_a_problem_is_found_and_which_unit_was_inspected_twice(content):
    said = ["".join(part.text for part in sentence) for sentence in content.summary]
    issue = next(i for i in content.issues if i.polarity == "area_for_improvement")
    assert issue.found
    assert any(issue.label in one and f", {issue.found})" in one for one in said)
    assert any(one.startswith(f"{content.repeats[0].unit} was inspected twice") for one in said)


def test_a_run_without_a_report_says_so_in_whole_sentences(few):
    ledger = frame("ledger", [{"path": "minutes.txt", "status": "failed", "reason": "no report"}])
    bare = {**{name: table.iloc[:0] for name, table in few.items()}, "ledger": ledger}
    said = ["".join(part.text for part in one) for one in gather(bare, SETTINGS).summary]
    assert said[0] == "0 reports were read; 1 could not be read."


def test_figures_of_a_table_stand_right_so_that_digits_meet(page):
    cells = re.findall(r"<td( class=\"num\")?>(?:<a [^>]*>)?([\d,.]+%?)(?:</a>)?</td>", page)
    assert cells
    assert [text for right, text in cells if not right and not re.fullmatch(r"20\d\d", text)] == []


def test_issues_of_a_theme_are_parted_by_side_widest_first(content, page):
    for theme in content.themes:
        for side, name in (("area_for_improvement", "to be improved"), ("strength", "strengths")):
            own = [i.count.units_with for i in theme.issues if i.polarity == side]
            part = page.partition(f'id="{theme.anchor}"')[2].partition("</article>")[0]
            told = re.search(rf"Recurring issues (?:that are )?{name}, by units:(.*?)</p>", part)
            shown = re.findall(r"\((\d+) of", told[1]) if told else []
            assert [int(number) for number in shown] == sorted(own, reverse=True)


def test_no_sheet_is_printed_in_letters_too_small_to_read(content):
    book = openpyxl.load_workbook(io.BytesIO(render_excel(content)))
    for sheet in book:
        across = sum(column.width for column in sheet.column_dimensions.values())
        assert across / sheet.page_setup.fitToWidth <= 210, sheet.title
        assert sheet.print_title_cols == "$A:$A"
    assert book["Summary"].page_setup.fitToWidth == 1
