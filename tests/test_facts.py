import pytest

from pipelines.naming import slug
from pipelines.read import read_bytes
from pipelines.records import DRAFT, Rating
from pipelines.segment import segment_document
from pipelines.segment.dates import find_first_month, find_month, parse_count

LIST = "\n\n1.1 Leadership\n\nStrengths:\n\n- A finding.\n"


def facts(text, path="x.txt"):
    return segment_document(read_bytes(f"{text}{LIST}".encode(), path=path)).facts


@pytest.mark.parametrize(
    ("front", "unit", "unit_type", "region"),
    [
        (
            "An inspection of probation services in:\n\nMarlock PDU\n\n"
            "The Probation Service – Avenmere region",
            "Marlock", "pdu", "Avenmere",
        ),
        ("An inspection of probation services in Marlock and Tern PDU",
         "Marlock and Tern", "pdu", None),
        ("An inspection of probation services in Marlock\n\n"
         "The Probation Service – Avenmere region", "Marlock", "pdu", "Avenmere"),
        ("An inspection of Probation Services – Avenmere region", "Avenmere", "region", "Avenmere"),
        ("An inspection of probation services in Wales", "Wales", "region", "Wales"),
        ("An inspection of probation services in Gwent", "Gwent", "pdu", "Wales"),
        ("An inspection of youth justice services in Marlock", "Marlock", "youth", None),
        ("An inspection of youth justice work with children and victims in Marlock",
         "Marlock", "youth", None),
        ("An inspection of Marlock Youth Offending Service", "Marlock", "youth", None),
        ("Dynamic inspection of public protection in Avenmere region",
         "Avenmere", "region", "Avenmere"),
        ("An inspection of probation services in:\nMarlock, Tern and Oss PDU\n"
         "The Probation Service - Avenmere region", "Marlock, Tern and Oss", "pdu", "Avenmere"),
        ("National inspection of the Probation Service, April 2025", "National", "national", None),
        ("An inspection of Tern Valley Community Rehabilitation Company",
         "Tern Valley", "unknown", None),
        ("An inspection of the Avenmere division of the National Probation Service",
         "Avenmere", "region", "Avenmere"),
        ("A Core Inspection of probation services in Marlock Probation Delivery Unit (PDU)",
         "Marlock", "pdu", None),
    ],
)  # fmt: skip
def test_unit_and_region(front, unit, unit_type, region):
    found = facts(front)
    assert (found.unit, found.unit_type, found.region) == (unit, unit_type, region)


@pytest.mark.parametrize(
    ("unit", "text", "region"),
    [
        ("Norfolk", "It is helped by prisons in the West Midlands region.", "East of England"),
        ("Norfolk", "The Avenmere region should:\n\n1. do more", "East of England"),
        ("Marlock", "The regional probation director should:\n\n1. do more", None),
        ("Marlock", "HMPPS and the region should:\n\n1. do more", None),
        ("Marlock", "Our region should:\n\n1. do more", None),
        ("Marlock", "Marlock PDU and the Avenmere region should:\n\n1. do more", "Avenmere"),
        ("Marlock", "Avenmere regional probation director should:\n\n1. do more", "Avenmere"),
        ("Marlock", "HMPPS should:\n\n1. do more\n\nThe East of England region should:\n\n2. do so",
         "East of England"),
        ("Marlock", "It is helped by prisons in the Avenmere region.", "Avenmere"),
    ],
)  # fmt: skip
def test_what_a_text_says_of_regions_counts_last_and_only_as_a_name(unit, text, region):
    front = f"An inspection of probation services in {unit} PDU\n\nRecommendations\n\n{text}"
    assert facts(front).region == region


TITLE = "An inspection of probation services in Marlock PDU"


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("HM Inspectorate of Probation, June 2023", "2023-06"),
        ("Published: 12 June 2023", "2023-06"),
        ("Published June 2023", "2023-06"),
        ("Date of publication: 12/06/2023", "2023-06"),
        ("June 2023", "2023-06"),
        ("12th June 2023", "2023-06"),
        ("© Crown copyright 2023", "2023"),
        (
            "The Probation Service – Gwynfael region HM Inspectorate of Probation, June\n\n2023",
            "2023-06",
        ),
        ("Published:", None),
        ("The survey of June 2019 was read by us.", None),
    ],
)
def test_published(line, published):
    assert facts(f"{TITLE}\n\n{line}").published == published


def test_date_from_the_page_itself():
    page = (
        f"<html><body><h1>{TITLE}</h1><p>Published: <time datetime='2025-07-31'>last month</time>"
        "</p><h2>Foreword</h2><p>Words.</p><h3>Strengths</h3><ul><li>A.</li></ul></body></html>"
    )
    assert segment_document(read_bytes(page.encode(), path="x.html")).facts.published == "2025-07"


@pytest.mark.parametrize(
    ("text", "fieldwork"),
    [
        ("Fieldwork started March 2023", "2023-03"),
        ("Fieldwork start date: 20 March 2023", "2023-03"),
        ("We conducted fieldwork in Marlock over a week, beginning 20 March 2023.", "2023-03"),
        ("Our fieldwork took place between 27 February and 10 March 2023.", "2023-02"),
        ("Fieldwork ran from 12 December to 13 January 2023.", "2022-12"),
        ("At the time of our fieldwork the PDU had 60 staff.", None),
    ],
)
def test_fieldwork(text, fieldwork):
    assert facts(f"{TITLE}\n\nBackground\n\n{text}").fieldwork == fieldwork


@pytest.mark.parametrize(
    ("text", "cases"),
    [
        ("We inspected 34 cases where sentences had begun in May.", 34),
        ("Inspectors examined a total of 56 cases.", 56),
        ("We inspected forty-six community and resettlement cases.", 46),
        ("We inspected one hundred and twenty cases.", 120),
        ("We read a hundred and five community cases and one hundred resettlement cases.", 205),
        ("Number of cases inspected: 52", 52),
        ("Our sample was 38 cases.", 38),
        ("We examined 29 community sentence cases and 15 post-release cases.", 44),
        ("We visited in May. Some cases were good.", None),
        ("In 14 of the 46 cases there was none.", None),
    ],
)
def test_cases_inspected(text, cases):
    assert facts(f"{TITLE}\n\nBackground\n\n{text}").cases_inspected == cases


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("Score 7/24", (7, 24)),
        ("Score **7/24**", (7, 24)),
        ("Score: 7 / 24", (7, 24)),
        ("Score\t7/24", (7, 24)),
        ("Overall score\n\n7/24", (7, 24)),
        ("The unit scored 7 out of a possible 24.", (7, 24)),
        ("12/06/2023", (None, None)),
        ("Oversight was effective in 51 out of 223 cases.", (None, None)),
        ("Score 30/24", (None, None)),
        ("Score 7/25", (None, None)),
    ],
)
def test_score(text, score):
    found = facts(f"{TITLE}\n\nRatings\n\n{text}\n\nRecommendations")
    assert (found.score, found.score_max) == score


@pytest.mark.parametrize(
    ("text", "rating", "source"),
    [
        ("Ratings\n\nOverall rating\n\nGood\n\nRecommendations", "Good", "printed"),
        ("Ratings\n\nOverall rating: Good", "Good", "printed"),
        ("Ratings\n\nOverall rating\tGood", "Good", "printed"),
        ("Ratings\n\nRating: Good\n\nScore 20/27", "Good", "printed"),
        ("Ratings\n\nScore 20/27\n\nGood overall\n\n1.2 Staff\n\nInadequate", "Good", "printed"),
        ("Ratings\n\nScore 2/24\n\nOverall rating\n\nRating", "Inadequate", "score"),
        ("Foreword\n\nOverall, we rated this PDU as ‘Inadequate’.\n\nRatings\n\nOverall rating\n\n"
         "Rating", "Inadequate", "foreword"),
        ("Foreword\n\nThe PDU was rated as 'Requires improvement' overall. Leadership was rated "
         "‘Good’.", "Requires improvement", "foreword"),
        ("Foreword\n\nMarlock PDU has an overall rating of ‘Good’. It was previously rated as "
         "‘Inadequate’.", "Good", "foreword"),
        ("Foreword\n\nLeadership was rated ‘Good’ and staff ‘Good’.\n\nRatings\n\nScore 2/24",
         "Inadequate", "score"),
        ("Foreword\n\nThere was good work, and some was outstanding.", None, None),
    ],
)  # fmt: skip
def test_overall_rating_and_its_source(text, rating, source):
    found = facts(f"{TITLE}\n\n{text}")
    assert (found.overall_rating and found.overall_rating.value) == rating
    assert found.overall_rating_source == source


def test_a_rating_that_does_not_follow_from_the_score_is_kept_and_flagged():
    text = f"{TITLE}\n\nRatings\n\nScore 2/24\n\nOverall rating\n\nGood{LIST}"
    s = segment_document(read_bytes(text.encode(), path="x.txt"))
    assert s.facts.overall_rating is Rating.GOOD
    assert any("discretion" in warning for warning in s.warnings)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("20 March 2023", "2023-03"),
        ("March 2023", "2023-03"),
        ("on 2023-03-20", "2023-03"),
        ("20/03/2023", "2023-03"),
        ("March 20, 2023", "2023-03"),
        ("Sept 2024", "2024-09"),
        ("in march", None),
        ("2023", None),
    ],
)
def test_months(text, month):
    assert find_month(text) == month


def test_first_month():
    assert find_first_month("between 27 May and 3 June 2023") == "2023-05"
    assert find_first_month("no month") is None


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("34", 34),
        ("1,474", 1474),
        ("twelve", 12),
        ("forty-six", 46),
        ("ninety", 90),
        ("two hundred", 200),
        ("many", None),
    ],
)
def test_counts(text, count):
    assert parse_count(text) == count


def test_slugs():
    assert slug("Knowsley and St Helen's") == "knowsley-and-st-helens"
    assert slug("Ynys Môn") == "ynys-mon"
    assert slug("…") == "unnamed"


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("An inspection of probation services in Marlock PDU, June 2023", ("Marlock", None)),
        ("An inspection of probation services in Marlock PDU by HM Inspectorate of Probation",
         ("Marlock", None)),
        ("An inspection of probation services in Marlock PDU\n\n"
         "The Probation Service – Avenmere region HM Inspectorate of Probation",
         ("Marlock", "Avenmere")),
    ],
)  # fmt: skip
def test_what_stands_behind_unit_and_region_on_their_line_is_no_part_of_them(front, expected):
    told = facts(front)
    assert (told.unit, told.region) == expected


@pytest.mark.parametrize(
    "printed",
    [
        "2023-06-12",
        "Date published: 12 Jun 2023",
        "The Probation Service – Avenmere region HM Inspectorate of Probation, 2023-06-12",
        "Avenmere region Published: 12 June 2023",
    ],
)
def test_dates_of_publication_in_other_wordings(printed):
    told = facts(f"An inspection of probation services in Marlock PDU\n\n{printed}")
    assert told.published == "2023-06"


def test_fieldwork_and_cases_of_tables_that_fell_apart():
    told = facts(
        "An inspection of probation services in Marlock PDU\n\nFieldwork started\n\n"
        "November 2022\n\nA total of 44 cases were inspected."
    )
    assert (told.fieldwork, told.cases_inspected) == ("2022-11", 44)


@pytest.mark.parametrize(
    ("title", "unit", "unit_type"),
    [
        ("Probation inspection report: Marlock PDU", "Marlock", "pdu"),
        (
            "An inspection of probation services in:\n\n"
            "Marlock PDU The Probation Service – Avenmere region",
            "Marlock",
            "pdu",
        ),
        ("An inspection of Marlock National Probation Service division", "Marlock", "region"),
    ],
)
def test_titles_in_other_wordings(title, unit, unit_type):
    told = facts(title)
    assert (told.unit, told.unit_type) == (unit, unit_type)


def test_fieldwork_as_the_time_that_the_inspection_took_place():
    told = facts(f"{TITLE}\n\nThe inspection took place between 7 and 18 November 2022.")
    assert told.fieldwork == "2022-11"


def test_percentages_behind_questions_without_their_sign():
    text = (
        f"{TITLE}\n\n2.2 Assessment\n\nDoes it engage the person?\t61\nIs it done in time?\t7\n\n"
        "Strengths:\n\n- A.\n"
    )
    found = segment_document(read_bytes(text.encode(), path="x.txt")).key_questions
    assert [q.percent for q in found] == [61.0, 7.0]


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("Reports may be read from then. Fieldwork began in June 2023.", "2023-06"),
        ("All will march on. Fieldwork began in June 2023.", "2023-06"),
        ("fieldwork began on 27 may and ended in june 2023", "2023-05"),
        ("fieldwork began in may 2023", "2023-05"),
        ("Fieldwork began in May and ended in June 2023.", "2023-05"),
    ],
)
def test_a_word_in_small_letters_is_a_month_only_beside_a_figure(text, month):
    assert find_first_month(text) == month


@pytest.mark.parametrize(
    ("line", "is_draft"),
    [
        ("Draft", True),
        ("Draft 2", True),
        ("Draft – not to be shared", True),
        ("Draft for factual accuracy check", True),
        ("For factual accuracy check", True),
        ("Version 1 DRAFT", True),
        ("This report went through a factual accuracy check before it came out.", False),
        ("Factual accuracy check", False),
        ("Draft plans", False),
    ],
)
def test_a_report_that_speaks_of_its_check_is_no_draft(line, is_draft):
    text = f"An inspection of probation services in Marlock PDU\n\n{line}{LIST}"
    said = segment_document(read_bytes(text.encode(), path="x.txt")).warnings
    assert (DRAFT in said) == is_draft
