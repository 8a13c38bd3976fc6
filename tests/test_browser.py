"""The page in a real Chromium, as its readers use it."""

import re

import pandas as pd
import pytest

from pipelines.report import ReportSettings, write_report
from pipelines.report.english import percent
from pipelines.tables import frame, harmless
from synthetic import make_tables

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

expect = sync_api.expect

pytestmark = pytest.mark.browser

HOSTILE = '<script>document.title="taken"</script><img src=x onerror="document.title=1"> =HYPERLINK("http://x.example")'
AREA, STRENGTH = "area_for_improvement", "strength"


@pytest.fixture(scope="module")
def tables():
    made = make_tables(9)
    findings = made["findings"].copy()
    findings.loc[0, "text"] = HOSTILE
    findings.loc[1, "text"] = "word" * 2000
    findings.loc[2, "text"] = "before \u202egnp.exe\u202c after"
    explanations = pd.DataFrame(
        [
            {
                "finding_id": findings.loc[3, "finding_id"],
                "theme": theme,
                "start": 0,
                "end": 9,
                "text": findings.loc[3, "text"][:9],
                "weight": 1.5,
            }
            for theme in made["tags"].loc[made["tags"]["assigned"], "theme"].unique()
        ]
    )
    findings.loc[4, "text"] = "Minutes of the QZV were kept late."
    findings.loc[5, "text"] = "Nobody went to the local lantern board."
    short = {"document_id": findings.loc[4, "document_id"], "short": "QZV", "times": 1}
    short |= {"expansion": "local lantern board", "source": "document", "senses": []}
    short |= {"ambiguous": False, "spellings": []}
    abbreviations = frame("abbreviations", [short])
    return {
        **made,
        "findings": findings,
        "explanations": explanations,
        "abbreviations": abbreviations,
    }


@pytest.fixture
def opened(browser, page_file):
    """A function that opens the page at a fragment; it fails on errors and on any request."""
    contexts, files, asked, wrong = [], [], [], []

    def open_page(fragment="", file=page_file, **options):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        files.append(file.as_uri())
        page.goto(file.as_uri() + fragment)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not wrong
    assert all(url.startswith(tuple(files)) for url in asked)


def visible(page):
    return page.locator("#list > li:visible")


# A browser tells a page of a new fragment, or of a part opened, a moment after the key or the
# click, as a task of its own. So what follows from one is waited for, never asked at once.
def says(page, number):
    expect(page.locator("#status")).to_have_text(re.compile(rf"^{number} finding"))


def focused(page, selector):
    expect(page.locator(selector)).to_be_focused()


def test_what_an_address_asks_for_and_the_report_has_not_is_said(opened, tables):
    """Else a link to another report's region would show all regions without a word."""
    total = len(tables["findings"])
    page = opened("#findings?region=Atlantis&nonsense=%3Cimg%20src=x%3E&polarity=strength")
    strengths = (tables["findings"]["polarity"] == STRENGTH).sum()
    absent = "(not in this report)"
    said = f"Left out of the filter: region “Atlantis” {absent}, nonsense “<img src=x>” {absent}"
    expect(page.locator("#status")).to_contain_text(said)
    says(page, strengths)
    page.evaluate("location.hash = '#findings?polarity=strength'")
    expect(page.locator("#status")).not_to_contain_text("Left out")
    page.evaluate("location.hash = '#findings?polarity=STRENGTH&polarity=area_for_improvement'")
    says(page, strengths)
    expect(page.locator("#status")).to_contain_text("one of a kind at a time")
    page.evaluate("location.hash = '#findings?'")
    says(page, total)


def test_an_address_may_name_what_it_asks_for_in_any_case(opened, tables):
    unit = tables["findings"].loc[0, "unit"]
    page = opened(f"#findings?unit={unit.upper()}")
    says(page, (tables["findings"]["unit"] == unit).sum())
    expect(page.locator("#status")).not_to_contain_text("Left out")


def test_filter_narrows_the_findings(opened, tables):
    page = opened()
    page.click("#filter > summary")
    unit = tables["findings"].loc[0, "unit"]
    page.select_option("select[name=unit]", unit)
    page.select_option("select[name=polarity]", AREA)
    found = tables["findings"]
    expected = ((found["unit"] == unit) & (found["polarity"] == AREA)).sum()
    says(page, expected)
    assert visible(page).count() == min(expected, 50)
    assert f"polarity={AREA}" in page.url


def test_every_filter_of_the_form_works(opened, tables):
    page = opened()
    page.click("#filter > summary")
    total = len(tables["findings"])
    for name in page.eval_on_selector_all("#filters select", "all => all.map(s => s.name)"):
        page.select_option(f"select[name={name}]", index=1)
        number = int(re.match(r"[\d,]+", page.locator("#status").inner_text())[0].replace(",", ""))
        assert 0 < number < total, name
        page.click("#clear")
    page.fill("input[name=words]", "owned drafted")
    expect(page).to_have_url(re.compile("words"))
    assert all("owned" in text for text in visible(page).all_inner_texts())


def test_search_finds_words_in_any_order_and_short_forms_by_what_they_stand_for(opened):
    for words, number in (
        ("late minutes", 1),
        ("board lantern local", 2),
        ("qzv", 2),
        ("qzv nobody", 1),
    ):
        page = opened(f"#findings?words={words.replace(' ', '%20')}")
        says(page, number)


def test_columns_of_the_heat_map_are_even_and_what_is_not_rated_is_explained(opened):
    page = opened()
    widths = (
        page.locator(".heat")
        .first.locator("tbody tr")
        .first.locator("td")
        .evaluate_all("all => all.map((cell) => Math.round(cell.getBoundingClientRect().width))")
    )
    assert max(widths) - min(widths) <= 1
    unrated = page.locator(".ratings abbr[title='Not rated']").count()
    assert ("n/r: not rated" in page.locator(".legend").first.inner_text()) == bool(unrated)


def test_the_heat_map_shows_shares_of_a_unit_in_place_of_numbers(opened, tables):
    page = opened()
    cell = page.locator("table.heat[data-side='0'] td a").first
    query = dict(part.split("=") for part in cell.get_attribute("href").split("?")[1].split("&"))
    unit = query["unit"].replace("%20", " ")
    findings = tables["findings"]
    mine = findings.loc[(findings["unit"] == unit) & (findings["polarity"] == AREA), "finding_id"]
    tags = tables["tags"].loc[tables["tags"]["assigned"]]
    on = tags.loc[(tags["theme"] == query["theme"]) & tags["finding_id"].isin(mine)]
    assert cell.inner_text() == str(len(on))
    assert "number of findings" in page.locator("table.heat caption").first.inner_text()
    for fragment in ("", f"#heat-map?unit={query['unit']}"):
        page = opened(fragment)
        page.locator("#shares").check()
        cell = page.locator(f"table.heat td a[href*='{query['unit']}']").first
        assert cell.inner_text() == percent(len(on) / len(mine))
        assert cell.get_attribute("aria-label").endswith(percent(len(on) / len(mine)))
    assert "share of the unit’s" in page.locator("table.heat caption").first.inner_text()


EMPTY = """() => {
  const seen = (part) => part.getClientRects().length > 0;
  const told = (part) => part.closest("section").getAttribute("aria-labelledby");
  const empty = [...document.querySelectorAll("main table, main ol, main ul, main dl")].filter(
    part => part.children.length && seen(part) && !(part.tBodies && !part.tBodies.length) &&
      ![...part.querySelectorAll("tbody tr, li, div")].some(seen));
  const heads = [...document.querySelectorAll("main > section > h3, [data-follow=inside] h3")];
  const after = (head) => head.nextElementSibling;
  const bare = heads.filter(head => seen(head) && !(after(head) && seen(after(head))));
  return [...empty, ...bare].map(told) }"""


def test_what_a_filter_empties_goes_with_a_sentence_and_comes_back(opened):
    page = opened()
    whole = page.locator("main").inner_text()
    assert page.evaluate(EMPTY) == []
    page = opened("#themes?words=nowhere")
    assert (
        page.locator("section[aria-labelledby=themes]")
        .inner_text()
        .endswith("Nothing here fits the filter.")
    )
    assert page.evaluate(EMPTY) == []
    page.locator("#clear").click()
    assert page.locator("main").inner_text() == whole
    unit = page.locator("select[name=unit] option").nth(1).get_attribute("value")
    page.locator("#filter > summary").click()
    page.locator("select[name=unit]").select_option(unit)
    assert page.evaluate(EMPTY) == []
    assert page.locator(".leaving").count() > 0


def test_number_leads_to_the_findings_it_counts(opened, tables):
    page = opened()
    for link in (
        page.locator("#summary ~ ul a[href*='theme=']").first,
        page.locator(".heat td a").first,
        page.locator(".bars td a").first,
        page.locator(".issues a[href*='issue=']").first,
    ):
        page.goto(page.url.partition("#")[0] + "#summary?")
        says(page, len(tables["findings"]))
        href = link.get_attribute("href")
        link.click()
        asked = dict(pair.split("=") for pair in href.split("?")[1].split("&"))
        wanted = count(tables, asked)
        assert wanted < len(tables["findings"])
        says(page, wanted)


def count(tables, asked):
    from urllib.parse import unquote

    found = tables["findings"]
    asked = {name: unquote(value) for name, value in asked.items()}
    for name in ("polarity", "unit"):
        if name in asked:
            found = found[found[name] == asked[name]]
    if "theme" in asked:
        tags = tables["tags"]
        tagged = tags[tags["assigned"] & (tags["theme"] == asked["theme"])]["finding_id"]
        found = found[found["finding_id"].isin(tagged)]
    if "issue" in asked:
        members = tables["issue_findings"]
        own = members[members["issue_id"] == asked["issue"]]["finding_id"]
        found = found[found["finding_id"].isin(own)]
    return len(found)


def test_deep_links_open_theme_unit_and_finding(opened, tables):
    for fragment in (
        "#theme-management-oversight",
        "#unit-birch-cross",
        "#f-" + tables["findings"].loc[300, "finding_id"].replace("/", "-"),
    ):
        page = opened(fragment)
        target = page.locator(fragment)
        expect(target).to_be_in_viewport()
        expect(target).to_be_focused()


def test_explanation_and_place_open_under_a_finding(opened, tables):
    row = tables["findings"].loc[3]
    page = opened("#f-" + row["finding_id"].replace("/", "-"))
    finding = page.locator("#f-" + row["finding_id"].replace("/", "-"))
    finding.locator("summary").click()
    assert finding.locator("mark").first.inner_text() == row["text"][:9]
    with_page = tables["findings"][tables["findings"]["page"].notna()].iloc[0]
    page = opened("#f-" + with_page["finding_id"].replace("/", "-"))
    finding = page.locator("#f-" + with_page["finding_id"].replace("/", "-"))
    finding.locator("summary").click()
    expect(finding.locator("svg .own")).to_be_visible()
    for said in ("page ", with_page["unit"], with_page["standard"], "%"):
        assert said in finding.inner_text()


def test_hostile_text_is_inert(opened):
    page = opened("#findings")
    assert page.title() == "Themes in probation inspection reports"
    assert visible(page).first.locator(".text").inner_text() == HOSTILE
    assert page.locator("#list img").count() == 0
    assert "\u202e" not in page.locator("#list").inner_text()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 1280


def test_page_reflows_on_a_narrow_screen(opened):
    page = opened(viewport={"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(opened, scheme, tables):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    row = tables["findings"].loc[3]
    page = opened("#f-" + row["finding_id"].replace("/", "-"), color_scheme=scheme)
    page.eval_on_selector_all("details", "all => all.forEach(part => { part.open = true })")
    results = axe.Axe().run(
        page,
        options={
            "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        },
    )
    told = [
        (v["id"], v["nodes"][0]["html"][:200], v["nodes"][0]["failureSummary"][:300])
        for v in results.response["violations"]
    ]
    assert not told
    assert len(results.response["passes"]) > 20


def test_charts_are_seen_where_the_system_sets_the_colours(opened):
    page = opened("#recurrence", forced_colors="active")
    bar = page.locator(".area .bar:visible i").first
    edge, width = bar.evaluate("e => [getComputedStyle(e).borderTopColor, e.offsetWidth]")
    assert width > 10
    assert edge == page.evaluate("getComputedStyle(document.body).color")
    assert bar.evaluate("e => getComputedStyle(e).borderTopWidth") == "2px"
    dots = page.locator(".dots i").evaluate_all(
        "all => all.map((e) => getComputedStyle(e).backgroundColor)"
    )
    assert set(dots) <= {edge}


def test_keyboard_alone_reaches_and_uses_the_filters(opened, tables):
    page = opened()
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the summary")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the filters")
    page.evaluate(
        "() => { window.followed = new Promise(done => addEventListener('hashchange', done)) }"
    )
    page.keyboard.press("Enter")
    page.evaluate("() => window.followed.then(() => 1)")  # else its focus could come after a key
    focused(page, "#selection")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "polarity":
            break
    page.keyboard.press("S")
    says(page, (tables["findings"]["polarity"] == STRENGTH).sum())
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    for _ in range(20):  # the numbers of the summary come after the bar
        page.keyboard.press("Tab")
        if "#findings?" in (page.evaluate("document.activeElement.getAttribute('href')") or ""):
            break
    else:
        pytest.fail("no number of the summary was reached by the keyboard")
    page.keyboard.press("Enter")
    focused(page, "#findings")


def test_prints_to_pdf(opened, tmp_path):
    page = opened()
    page.pdf(path=tmp_path / "whole.pdf", prefer_css_page_size=True)
    import pypdfium2

    document = pypdfium2.PdfDocument(tmp_path / "whole.pdf")
    text = "".join(page.get_textpage().get_text_range() for page in document)
    assert "Which themes recur" in text
    assert "Management oversight" in text
    assert "should set out" in text  # recommendations, closed or not on the screen
    assert "Clear filters" not in text
    document.close()
    page.emulate_media(media="print")  # what stands above evidence does not end a page
    for above in (".advice li > p:has(+ blockquote)", ".theme > p", "#heat-map ~ p"):
        broken = page.locator(above).first.evaluate("part => getComputedStyle(part).breakAfter")
        assert broken == "avoid"


def test_selection_can_be_saved_and_is_harmless(opened, tables):
    page = opened("#findings?polarity=" + AREA)
    with page.expect_download() as waiting:
        page.click("#save")
    saved = pd.read_csv(waiting.value.path())
    assert len(saved) == (tables["findings"]["polarity"] == AREA).sum()
    assert not saved["text"].str.startswith("=").any()


@pytest.mark.parametrize("sign", ["＝", "\u200b＋", "\n-", "\ufeff\u202e@"])
def test_what_is_saved_is_as_harmless_as_what_python_writes(opened, sign):
    page = opened("#findings")
    text = page.locator("#list > li .text").first
    text.evaluate("(element, said) => { element.textContent = said; }", f"{sign}1+1")
    with page.expect_download() as waiting:
        page.click("#save")
    saved = waiting.value.path().read_text(encoding="utf-8-sig")
    assert f',"{harmless(sign + "1+1")}"' in saved
    assert f"'{sign}" in saved


def test_an_address_that_is_no_escape_stops_nothing(opened, tables):
    page = opened("#100%")
    says(page, len(tables["findings"]))
    page.evaluate("location.hash = '#findings?polarity=strength'")
    says(page, (tables["findings"]["polarity"] == STRENGTH).sum())


def test_works_without_scripts(opened, tables):
    page = opened("#theme-management-oversight", java_script_enabled=False)
    assert page.locator("#theme-management-oversight").is_visible()
    assert page.locator(".findings > li").last.is_visible()
    assert page.locator(".findings > li").count() == len(tables["findings"])


def test_an_extract_shows_all_of_its_findings_and_searches_and_saves_them(opened, tables, tmp_path):
    """Its page has a section against the rest of the batch, which the whole report has not."""
    units = tables["findings"]["unit"]
    chosen = tuple(sorted(set(units)))[:-1]
    settings = ReportSettings(formats=("html",), units=chosen)
    extract = write_report(tables, tmp_path, settings=settings)[0]
    total = units.isin(chosen).sum()
    page = opened(file=extract)
    says(page, total)
    assert page.locator("#list > li").count() == 50 < total
    page.click("#more")
    expect(page.locator("#list > li")).to_have_count(min(100, total))
    assert "null" not in page.locator("#list").text_content().split()
    page.click("#filter > summary")
    page.fill("input[name=words]", "supervision")
    expect(page.locator("#status")).not_to_have_text(re.compile(rf"^{total} finding"))
    page.click("#clear")
    with page.expect_download() as waiting:
        page.click("#save")
    assert len(pd.read_csv(waiting.value.path())) == total


@pytest.mark.slow
def test_hundred_documents_are_light_and_open_fast(browser, tmp_path):
    made = make_tables(100, each=50)
    path = write_report(made, tmp_path, settings=ReportSettings(formats=("html",)))[0]
    assert path.stat().st_size < 15e6
    # The best of five: what the page costs, not what else the machine is doing.
    loaded = min(load_time(browser, path) for _ in range(5))
    print(f"{path.stat().st_size / 1e6:.1f} MB open in {loaded / 1000:.2f} s")
    assert loaded < 2000


def load_time(browser, path):
    page = browser.new_page()
    page.goto(path.as_uri(), wait_until="load")
    loaded = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    page.close()
    return loaded


def test_issues_beyond_the_twelfth_are_folded_led_to_filtered_and_printed(opened):
    page = opened()
    rest = page.locator("[data-follow=issues][data-side='0'] details.rest")
    shown, folded = rest.locator("xpath=..").locator("> ol > li"), rest.locator("li")
    assert shown.count() == 12
    assert rest.locator("summary").inner_text() == f"{folded.count()} more"
    assert not folded.last.is_visible()
    page.emulate_media(media="print")
    assert folded.last.is_visible()
    page.emulate_media(media="screen")
    before = [item.get_attribute("id") for item in (*shown.all(), *folded.all())]

    page.locator("#filter > summary").click()
    page.locator("select[name=unit]").select_option(index=2)
    found = [item for item in (*shown.all(), *folded.all()) if item.get_attribute("hidden") is None]
    assert 0 < len(found) < len(before)
    if len(found) > 12:
        assert rest.locator("summary").inner_text() == f"{len(found) - 12} more"
    else:
        assert not rest.is_visible()
    page.locator("select[name=unit]").select_option(index=0)
    assert before == [item.get_attribute("id") for item in (*shown.all(), *folded.all())]

    page.goto(page.url.partition("#")[0] + f"#{before[-1]}")
    assert folded.last.is_visible()
