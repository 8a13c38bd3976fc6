"""Pages: the report, a page that leads to it, or something else; in whatever dress."""

import pytest

from pipelines.errors import UnreadableDocument
from pipelines.fetch.pages import PageKind, names_unit, read_page, report_links
from tests.dresses.pages import make_page
from tests.inspectorate import furnished, html_report, landing
from tests.invented import invent
from tests.layouts.contents import load, sample_sources

HERE = "https://example.org/document/x"


def page(inner, title="Probation in Kirk inspected", **more):
    return read_page(furnished(inner, title, **more), HERE)


@pytest.mark.parametrize("seed", range(2001, 2013))
def test_a_report_is_known_in_any_dress(seed):
    sources = sample_sources()
    source = sources[seed % len(sources)]
    _, data = make_page(load(source), seed)
    read = read_page(data, HERE)
    assert read.kind is PageKind.REPORT
    unit = source.stem.rsplit("-", 2)[0].replace("-", " ")
    assert names_unit(f"{read.title} {read.opening}", unit)


def test_a_landing_page_is_no_report_even_where_it_lists_the_contents():
    contents = "<ul><li>Foreword</li><li>Ratings</li><li>Recommendations</li></ul>"
    data = landing("Kirk", "/a.pdf").replace(b"<ul>", contents.encode() + b"<ul>", 1)
    assert read_page(data, HERE).kind is PageKind.OTHER


def test_the_furniture_of_the_site_is_no_part_of_an_edition():
    report = invent(1)
    one, two = (read_page(html_report(report, nonce=n), HERE) for n in ("1", "2"))
    assert one.words == two.words
    other = html_report(report).replace(b"Foreword", b"Preface")
    assert read_page(other, HERE).words != one.words


@pytest.mark.parametrize("title", ["Sign in", "Log in to your account", "Please log in to go on"])
def test_a_login_page_is_known(title):
    assert page("<p>x</p>", title).kind is PageKind.LOGIN


def test_the_report_is_found_among_the_links():
    inner = """
    <a href="/document/kirk-pdu-report.pdf">Read the report</a>
    <a href="/document/kirk-data-annexe.pdf">Data annexe for Kirk</a>
    <a href="/document/press-release-kirk">Press release on the inspection of Kirk</a>
    <a href="/document/moss-report.pdf">The inspection of Moss</a>
    <a href="/news/kirk">News on the Kirk inspection</a>
    <a href="file:///etc/passwd">report on Kirk</a>"""
    (link,) = report_links(page(inner), "Kirk", ["Kirk", "Moss"])
    assert link.address == "https://example.org/document/kirk-pdu-report.pdf"


def test_a_page_on_several_units_gives_each_its_own():
    inner = """<a href="/document/an-inspection-in-derby-city">Derby City</a>
    <a href="/document/an-inspection-in-leicester-leicestershire-rutland">The other</a>"""
    units = ["Derby City", "Leicester, Leicestershire and Rutland"]
    for unit, end in zip(units, ("derby-city", "rutland"), strict=True):
        (link,) = report_links(page(inner, "Two units inspected"), unit, units)
        assert link.address.endswith(end)
    assert report_links(page(inner, "Two units inspected"), "Sheffield", units) == ()


def test_a_corrected_edition_is_preferred():
    inner = """<a href="/a/uploads/kirk.pdf">Kirk report</a>
    <a href="/a/uploads/kirk-2.pdf">Kirk report (corrected May 2024)</a>"""
    (link,) = report_links(page(inner), "Kirk", ["Kirk"])
    assert link.address.endswith("kirk-2.pdf")
    assert page("<p>This report was re-issued in May.</p>").corrected
    assert not page("<p>Last updated: 3 May 2024</p>").corrected


@pytest.mark.parametrize(
    ("said", "unit", "named"),
    [
        (
            "an-inspection-in-hammersmith fulham kensington chelsea westminster",
            "Hammersmith, Fulham, Kensington, Chelsea and Westminster",
            True,
        ),
        ("Gateshead & South Tyneside", "South Tyneside and Gateshead", True),
        ("Swansea, Neath and Port Talbot", "Swansea Neath Port Talbot", True),
        ("West Sussex", "East Sussex", False),
        ("Kirkby", "Kirk", False),
    ],
)
def test_units_are_known_by_any_of_their_names(said, unit, named):
    assert names_unit(said, unit) is named


def test_a_page_that_would_choke_the_parser_is_refused():
    with pytest.raises(UnreadableDocument, match="nested more than"):
        read_page(b"<html><body>" + b"<div>" * 100_000, HERE)
