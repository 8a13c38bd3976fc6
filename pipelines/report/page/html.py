"""The report as one self-contained page: no request leaves it, no script but its own runs."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Final

from jinja2 import Environment
from markupsafe import Markup

from pipelines.naming import slug
from pipelines.records import Rating
from pipelines.report.charts.drawing import to_svg
from pipelines.report.charts.kinds import trend_chart
from pipelines.report.charts.trends import no_trend, trend_points
from pipelines.report.content import Content
from pipelines.report.contrast import by_chance, stand_out
from pipelines.report.finding import Evidence
from pipelines.report.matrix import heat_map, ratings_matrices, region_heat_map
from pipelines.report.page.carried import carried_findings, thinned
from pipelines.report.page.earlier import earlier_anchors, earlier_names
from pipelines.report.page.facets import RATINGS, filters, script_data
from pipelines.report.page.questions import spread, telling
from pipelines.report.repeats import named
from pipelines.report.sections import framework_name
from pipelines.report.sentence import Query
from pipelines.report.templating import environment

_CARRIED: Final = 6000  # findings whose text a page holds: it opens at once and can be mailed
_ADVICE: Final = 1200  # recommendations on a page
_STANDING_OUT: Final = 8  # of each kind; the table has all
_DOTS: Final = 1500  # beyond it dots hide each other
_ANSWERS: Final = 60  # units of a key question in the table; of dots, three times as many
_UNITS: Final = 120  # rows of the heat map of units
_SECTIONS: Final[tuple[tuple[str, str], ...]] = (
    ("summary", "Summary"),
    ("rest", "Against the rest"),
    ("changed", "What changed"),
    ("issues", "Recurring issues"),
    ("repeats", "Repeats"),
    ("recurrence", "Which themes recur"),
    ("heat-map", "Theme by unit"),
    ("ratings", "Ratings"),
    ("questions", "Key questions"),
    ("trend", "Change over time"),
    ("figures", "Figures"),
    ("recommendations", "Recommendations"),
    ("themes", "Each theme"),
    ("units", "Each unit"),
    ("findings", "All findings"),
    ("read", "What was read"),
    ("provenance", "How it was made"),
)


def render_html(content: Content, *, limit: int = _CARRIED) -> str:
    """Return the report as a page of HTML; see `page_parts`."""
    return "".join(page_parts(content, limit=limit))


def page_parts(content: Content, *, limit: int = _CARRIED) -> Iterator[str]:
    """Yield the parts of the report as a page of HTML, which may be of a hundred megabytes.

    Args:
        content: What it says.
        limit: Findings whose text the page holds. Of a larger batch those shown as evidence and
            the first of each report are kept, and the page says so; counts are always of all.
    """
    script = "\n".join(['"use strict";', *map(_asset, ("counts.js", "follow.js", "report.js"))])
    trend = trend_points(content)
    advice = content.advice[:_ADVICE]
    carried = carried_findings(content, advice, limit=limit)
    anchors = {finding.anchor for finding in carried}
    words = content.words.of(carried)
    recurrent = [theme for theme in content.themes if theme.units]
    figures = [f for f in content.figures if f.evidence.anchor in anchors]
    every, dotted = thinned([f for f in figures if f.good_share is not None], limit=_DOTS)
    by_unit = len(content.units) <= _UNITS or not content.regions
    absent = {"rest"} if not content.rest else set()
    absent |= {"changed"} if content.changed is None else set()
    template = _pages().get_template("report.html.j2")
    return template.generate(
        advice_by_inspection=[
            (f"{own[0].unit}, {own[0].date}", own)
            for _, each in groupby(advice, key=lambda item: item.document_id)
            if (own := list(each))
        ],
        left_out=len(content.advice) - len(advice),
        carried=anchors,
        carried_evidence=carried,
        content=content,
        contents=[one for one in _SECTIONS if one[0] not in absent],
        data={**script_data(content, carried, words), "earlier": earlier_names()},
        earlier=earlier_anchors(),
        dots=3 * _ANSWERS,
        dotted=dotted,
        every=every,
        figures=figures,
        filters=filters(content),
        matrices=ratings_matrices(content),
        unrated=any(
            Rating.NOT_RATED in (inspection.rating, *(rating for _, rating in inspection.standards))
            for unit in content.units
            for inspection in unit.inspections
        ),
        matrix=lambda side: (heat_map if by_unit else region_heat_map)(content, side),
        no_trend=no_trend(content),
        pictures=_pictures(content, carried),
        less=stand_out(content.contrasts, more=False, most=_STANDING_OUT),
        more=stand_out(content.contrasts, more=True, most=_STANDING_OUT),
        rating_names=RATINGS,
        reasoned={
            f.finding_id for f in carried if any((f.finding_id, t.theme) in words for t in f.tags)
        },
        recurrent=recurrent,
        rows=_ANSWERS,
        script=script,
        script_hash=f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}",
        style=_asset("report.css"),
        trend_points=trend,
        trend_svg=to_svg(
            trend_chart(trend), label="Share of units with an area for improvement by year"
        )
        if trend
        else "",
    )


def _pictures(content: Content, carried: Sequence[Evidence]) -> dict[str, str]:
    """Return the pictures of the findings on the page, in base64, by place among them."""
    return {
        str(place): base64.b64encode(content.pictures[finding.finding_id]).decode("ascii")
        for place, finding in enumerate(carried)
        if finding.finding_id in content.pictures
    }


@cache
def _pages() -> Environment:
    pages = environment()
    pages.filters.update(
        explained=explained,
        framework_name=framework_name,
        letter=lambda name: name[:1],
        lettered=_lettered,
        rating_class=lambda name: slug(name) if name in RATINGS else "unrated",
        telling=telling,
        thinned=spread,
    )
    pages.globals.update(by_chance=by_chance, named=named, query=lambda **q: Query(**q).address)
    return pages


def _asset(name: str) -> str:
    return (files("pipelines.report") / "templates" / name).read_text(encoding="utf-8")


def _lettered(rating: str) -> Markup | str:
    """Return the letter with the whole word for screen readers and on hovering."""
    if rating == Rating.NOT_RATED:
        return Markup('<abbr title="Not rated">n/r</abbr>')
    if rating not in RATINGS:
        return rating or "–"
    return Markup('<abbr title="{}">{}</abbr>').format(rating, rating[0])


def explained(text: str, hovers: Sequence[tuple[int, int, str]]) -> Markup:
    """Return a text with its short forms marked, so that pointing at one shows what it means."""
    out, at = Markup(), 0
    for start, end, title in hovers:
        out += text[at:start]
        out += Markup('<abbr title="{}">{}</abbr>').format(title, text[start:end])
        at = end
    return out + text[at:]
