"""Under a filter the page counts as the pipeline does: its script against Python, in Chromium."""

import json
import re

import pytest

from pipelines import aggregate
from pipelines.aggregate import recount_issues
from pipelines.intervals import wilson
from pipelines.report import ReportSettings
from pipelines.report.english import interval, percent
from pipelines.report.gather import gather
from pipelines.report.page.html import render_html
from synthetic import make_tables

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect

pytestmark = pytest.mark.browser

AREA, STRENGTH = "area_for_improvement", "strength"


@pytest.fixture(scope="module")
def tables():
    return make_tables(12, each=30)


@pytest.fixture
def opened(browser):
    """A function that opens a file at a fragment; it fails on errors of the page."""
    pages, wrong = [], []

    def open_page(file, fragment=""):
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        pages.append(page)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(file.as_uri() + fragment)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert not wrong


def says(page, said):
    """Wait until the page says so: it follows a new fragment a moment after the click or key."""
    expect(page.locator("#status")).to_have_text(re.compile(rf"^{said}"))


def recounted(tables, documents=None, findings=None):
    """Aggregate only these documents and findings, as the pipeline would a batch of them."""
    kept = dict(tables)
    if documents is not None:
        for name in ("documents", "findings", "standards"):
            kept[name] = tables[name][tables[name]["document_id"].isin(documents)]
    if findings is not None:
        kept["findings"] = kept["findings"][kept["findings"]["finding_id"].isin(findings)]
    kept["tags"] = tables["tags"][tables["tags"]["finding_id"].isin(kept["findings"]["finding_id"])]
    return kept, aggregate.aggregate_tables(kept)


def selections(tables):
    """Filters with the documents and findings that they stand for."""
    documents, found, tags = tables["documents"], tables["findings"], tables["tags"]
    region = documents.loc[0, "region"]
    rating = documents.loc[1, "overall_rating"]
    year = documents.loc[2, "published"][:4]
    code, standard = found.loc[0, ["code", "standard"]]
    has_theme = set(tags.loc[tags["assigned"] & (tags["theme"] == "risk-of-harm"), "finding_id"])
    of_region = documents.loc[documents["region"] == region, "document_id"]
    return {
        f"region={region}": (of_region, None),
        f"rating={rating}": (
            documents.loc[documents["overall_rating"] == rating, "document_id"],
            None,
        ),
        f"year={year}": (
            documents.loc[documents["published"].str[:4] == year, "document_id"],
            None,
        ),
        f"standard={code} {standard}": (
            set(found.loc[found["standard"] == standard, "document_id"])
            | set(
                tables["standards"].loc[tables["standards"]["standard"] == standard, "document_id"]
            ),
            set(found.loc[found["standard"] == standard, "finding_id"]),
        ),
        f"region={region}&theme=risk-of-harm&polarity={STRENGTH}": (
            of_region,
            has_theme & set(found.loc[found["polarity"] == STRENGTH, "finding_id"]),
        ),
        "words=nobody owned": (
            documents["document_id"],
            set(found.loc[found["text"].str.contains("nobody owned"), "finding_id"]),
        ),
    }


CASES = 6


def test_interval_and_percentage_are_pythons(opened, page_file):
    page = opened(page_file)
    pairs = [(k, n) for n in (1, 2, 3, 7, 8, 16, 40, 200, 1003) for k in range(n + 1)]
    got = page.evaluate(
        "pairs => pairs.map(([k, n]) => [...wilson(k, n), percent(k / n), interval(k, n)])", pairs
    )
    for (k, n), (low, high, share, said) in zip(pairs, got, strict=True):
        assert (low, high) == pytest.approx(wilson(k, n), abs=1e-12)
        assert share == percent(k / n)
        assert said == interval(*wilson(k, n))


@pytest.mark.parametrize("case", range(CASES))
def test_recurrence_heat_map_and_issues_follow_the_filter(opened, page_file, tables, case):
    query, (documents, findings) = list(selections(tables).items())[case]
    kept, made = recounted(tables, documents, findings)
    page = opened(page_file, f"#recurrence?{query.replace(' ', '%20')}")
    page.eval_on_selector_all("details", "all => all.forEach(part => { part.open = true })")
    assert len(kept["findings"]) > 3
    says(page, f"{len(kept['findings'])} findings in ")
    check_recurrence(page, made["recurrence"], only=STRENGTH if STRENGTH in query else "")
    check_heat(page, made["theme_unit"], kept["findings"])
    check_issues(page, kept, made["recurrence"]["units"].iloc[0], tables)


@pytest.mark.parametrize("case", range(CASES))
def test_the_headline_of_a_selection_rests_on_sure_tags(opened, page_file, tables, case):
    """It names the themes that an extract's summary names, in its order, with its numbers."""
    query, (documents, findings) = list(selections(tables).items())[case]
    kept, made = recounted(tables, documents, findings)
    content = gather({**kept, **made}, ReportSettings())
    page = opened(page_file, f"#recurrence?{query.replace(' ', '%20')}")
    says(page, f"{len(kept['findings'])} findings in ")
    said = page.locator("[data-follow=summary] .here li", has_text="Most widespread as").all()
    told = [s for s in content.summary if s[0].text.startswith("The most widespread")]
    assert len(said) == len(told) > 0
    for line, sentence in zip(sorted(said, key=kind_of), sorted(told, key=side_of), strict=True):
        hrefs = line.locator("a[href^='#theme-']").evaluate_all("all => all.map(a => a.hash)")
        assert hrefs == [p.address for p in sentence if p.address.startswith("#theme-")]
        text, words = line.inner_text(), "".join(part.text for part in sentence)
        for form in (r"95% interval [^);]+", r"\d+ of them sure", r"\d+ findings?\b", r"\d+ with "):
            assert re.findall(form, text) == re.findall(form, words)
        assert ("by sure findings" in text) == ("by sure findings" in words)


def kind_of(line):
    return line.inner_text().startswith("Most widespread as a strength")


def side_of(sentence):
    return "strength" in sentence[0].text


def test_a_unit_inspected_twice_says_of_how_many_reports_its_column_is(opened, page_file, tables):
    documents = tables["documents"]
    unit = documents["unit"].value_counts().index[0]
    dates = documents.loc[documents["unit"] == unit, "published"].tolist()
    page = opened(page_file, "#units")
    page.eval_on_selector_all("details", "all => all.forEach(part => { part.open = true })")
    head = page.locator(f"table.heat[data-side='0'] th[data-key='{unit}']")
    expect(head).to_have_text(f"{unit} ({len(dates)} reports)")
    page.evaluate(f"location.hash = '#units?year={dates[0][:4]}'")
    expect(head).to_have_text(unit)


def check_recurrence(page, table, *, only=""):
    found = {(row.theme, row.polarity): row for row in table.itertuples() if row.findings}
    shown = page.eval_on_selector_all(
        ".bars tbody tr:not([hidden])",
        """rows => rows.map(row => [row.dataset.theme, ...["area", "strength"].map(side => {
             const cell = row.querySelector("td." + side), bar = cell.querySelector(".bar").style;
             const numbers = ["--v", "--l", "--u"].map(name => Number(bar.getPropertyValue(name)));
             const link = cell.querySelector("a")?.getAttribute("href");
             return [cell.querySelector(".n").textContent, link, ...numbers] })])""",
    )
    assert {theme for theme, *_ in shown} == {theme for theme, _ in found}
    for theme, *sides in shown:
        for polarity, (said, href, *bar) in zip((AREA, STRENGTH), sides, strict=True):
            row = found.get((theme, polarity))
            if row is None:
                if only and polarity != only:
                    assert said == "not chosen"
                else:
                    assert said.startswith("0 of ")
                assert href is None
                continue
            assert said == f"{row.units_with} of {row.units} ({row.findings})"
            assert f"theme={theme}" in re.split("[?&]", href)
            assert bar == pytest.approx([row.share, row.low, row.high], abs=1e-4)
    numbers = page.eval_on_selector_all(
        "tbody[data-follow=numbers] tr:not([hidden])",
        "rows => rows.map(row => [...row.cells].slice(1, 5).map(cell => cell.textContent))",
    )
    for (theme, *_), said in zip(shown, numbers, strict=True):
        if row := found.get((theme, AREA)):
            assert said == [
                f"{row.units_with} of {row.units}",
                percent(row.share),
                interval(row.low, row.high),
                str(row.findings),
            ]


def check_heat(page, table, findings):
    wholes = findings.groupby(["polarity", "unit"]).size()
    for side, polarity in enumerate((AREA, STRENGTH)):
        got = page.eval_on_selector(
            f"table.heat[data-side='{side}']",
            """table => [...table.querySelectorAll("tbody tr[data-key]:not([hidden])")].flatMap(
                 row => [...row.querySelectorAll("td:not([hidden]) a")].map(link => {
                   const query = new URLSearchParams(link.getAttribute("href").split("?")[1]);
                   return [query.get("theme"), query.get("unit"),
                     ...[...link.children].map(part => part.textContent)] }))""",
        )
        own = table[table["polarity"] == polarity]
        expected = [
            (theme, unit, str(number), percent(number / wholes[polarity, unit]))
            for theme, unit, number in zip(own["theme"], own["unit"], own["findings"], strict=True)
        ]
        assert sorted(map(tuple, got)) == sorted(expected)


def check_issues(page, kept, units, tables):
    counted = recount_issues(kept)
    issues = gather({**kept, "issues": counted}, ReportSettings()).issues
    for side, polarity in enumerate((AREA, STRENGTH)):
        said = page.locator(
            f"[data-follow=issues][data-side='{side}'] .issues > li:not([hidden])"
        ).evaluate_all("items => items.map(i => [i.id, i.querySelector('.reach').textContent])")
        own = [i for i in issues if i.polarity == polarity]
        years = {i.anchor: dict.fromkeys(re.findall(r"\d{4}", i.found)) for i in own}
        assert dict(said) == {
            i.anchor: "; ".join(
                [
                    f"95% interval {interval(i.count.low, i.count.high)}",
                    *(one for one in i.counted if not one.startswith("found ")),
                    *([f"found {' to '.join(years[i.anchor])}"] if years[i.anchor] else []),
                ]
            )
            for i in own
        }
        ranked = {i.anchor: (i.new, i.count.certain, i.count.units_with) for i in own}
        assert [ranked[anchor] for anchor, _ in said] == [ranked[i.anchor] for i in own]
    members = tables["issue_findings"].merge(kept["findings"], on="finding_id")
    expected = {
        f"issue-{re.sub('[^a-z0-9]+', '-', name)}": (len(own), own["unit"].nunique())
        for name, own in members.groupby("issue_id")
    }
    got = page.eval_on_selector_all(
        "[data-follow=issues] .issues > li:not([hidden])",
        "items => items.map(i => [i.id, i.querySelector('a.n').textContent, "
        "[...i.querySelectorAll('blockquote:not([hidden]) a')].map(a => a.hash.slice(1)), "
        "[...i.closest('[data-follow]').querySelectorAll('li[data-issue]')].indexOf(i)])",
    )
    assert {anchor for anchor, *_ in got} == set(expected)
    inside = {"f-" + name.replace("/", "-") for name in kept["findings"]["finding_id"]}
    for anchor, said, quoted, rank in got:
        number, where = expected[anchor]
        assert said == f"{number} finding{'s' * (number != 1)} in {where} of {units} units"
        assert bool(quoted) == (rank < 12)
        assert set(quoted) <= inside


@pytest.mark.parametrize("kind", ["polarity", "issue"])
def test_side_that_a_filter_leaves_out_is_not_said_to_be_none(opened, page_file, tables, kind):
    issue = tables["issues"].query("polarity == @AREA")["issue_id"].iloc[0]
    page = opened(page_file, f"#recurrence?{kind}={AREA if kind == 'polarity' else issue}")
    page.eval_on_selector_all("details", "all => all.forEach(part => { part.open = true })")
    says(page, r"\d+ finding")
    left_out = page.locator(".bars tbody tr:not([hidden]) td.strength .n").all_inner_texts()
    assert left_out
    assert set(left_out) == {"not chosen"}
    assert page.locator(".bars tbody td.strength .bar:visible").count() == 0
    said = page.locator("article.theme:visible p.now").all_inner_texts()
    assert said
    assert not [text for text in said if "strength" in text or " 0 of " in text]
    assert "strength" not in page.locator("[data-follow=summary] .here").inner_text()
    assert "does not mean that there is none" in page.locator("[data-follow=limits]").inner_text()
    strengths = page.locator("table.heat[data-side='1']")
    assert strengths.inner_text() == "Strengths are not chosen by the filter."


def test_clearing_the_filter_gives_the_page_back(opened, page_file):
    page = opened(page_file, "#recurrence")
    content = "[...document.querySelectorAll('[data-follow]')].map(e => e.outerHTML).join()"
    before = page.evaluate(content)
    page.click("#filter > summary")
    page.select_option("select[name=region]", index=1)
    page.select_option("select[name=theme]", index=2)
    assert page.evaluate(content) != before
    page.click("#chips button >> nth=0")
    page.click("#clear")
    assert page.evaluate(content) == before
    assert "everything that was read" in page.locator("#status").inner_text()


def test_number_under_a_filter_leads_to_the_findings_it_counts(opened, page_file):
    page = opened(page_file, "#recurrence?year=2023")
    link = page.locator(".bars tbody tr:not([hidden]) td.area a").nth(2)
    said = re.search(r"\((\d+)\)", link.inner_text())[1]
    link.click()
    says(page, f"{said} finding")
    assert page.locator("#list > li").count() == int(said)
    assert "year=2023" in page.url


def test_filtered_address_can_be_sent_on(opened, page_file):
    page = opened(page_file)
    page.click("#filter > summary")
    page.select_option("select[name=polarity]", STRENGTH)
    said = page.locator("#status").inner_text()
    again = opened(page_file, "#" + page.url.partition("#")[2])
    assert again.locator("#status").inner_text() == said


def test_large_batch_counts_all_and_carries_some(opened, tables, tmp_path):
    content = gather(tables, ReportSettings(written="2025-03-31"))
    path = tmp_path / "report.html"
    path.write_text(render_html(content, limit=250), encoding="utf-8")
    page = opened(path, "#findings")
    total = len(tables["findings"])
    says(page, f"{total} findings")
    assert "page holds the text of 250 findings" in page.locator("#listed").inner_text()
    facts = json.loads(page.locator("#data").text_content())
    assert len(facts["carried"]) == 250
    assert len(facts["findings"]["document"]) == total
    assert {facts["findings"]["document"][f["place"]] for f in facts["carried"]} == set(
        range(len(tables["documents"]))
    )
    page.goto(path.as_uri() + f"#recurrence?region={tables['documents'].loc[0, 'region']}")
    documents = tables["documents"]
    region = documents.loc[documents["region"] == documents.loc[0, "region"], "document_id"]
    findings = tables["findings"]["document_id"].isin(region).sum()
    says(page, f"{findings} findings in ")
    check_recurrence(page, recounted(tables, region)[1]["recurrence"])
    ids = set(re.findall(r' id="([^"]+)"', path.read_text(encoding="utf-8")))
    for address in set(re.findall(r'href="#([^"]*)"', path.read_text(encoding="utf-8"))):
        assert address.partition("?")[0] in ids, address
