"""The report as one self-contained page: no request leaves it, no script but its own runs."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment
from markupsafe import Markup

from pipelines.records import Rating
from pipelines.report.charts import figures_chart, recurrence_chart, trend_chart
from pipelines.report.content import Content, Tag
from pipelines.report.drawing import to_svg
from pipelines.report.english import shorten, slug
from pipelines.report.matrix import heat_map, ratings_matrices
from pipelines.report.pages import AREA, STRENGTH, environment
from pipelines.report.sentence import Query
from pipelines.report.trends import no_trend, trend_points

_SAYS_LITTLE: Final = 0.15  # of the strongest word: not marked, as it would only distract
_RATED: Final = [r.value for r in reversed(Rating) if r is not Rating.NOT_RATED]
_SECTIONS: Final = (
    ("summary", "Summary"),
    ("recurrence", "Which themes recur"),
    ("heat-map", "Theme by unit"),
    ("ratings", "Ratings"),
    ("trend", "Change over time"),
    ("issues", "Recurring issues"),
    ("figures", "Figures"),
    ("repeats", "Repeats"),
    ("recommendations", "Recommendations"),
    ("themes", "Each theme"),
    ("units", "Each unit"),
    ("findings", "All findings"),
    ("read", "What was read"),
    ("provenance", "How it was made"),
)


def render_html(content: Content) -> str:
    """Return the report as a page of HTML."""
    script = _asset("report.js")
    trend = trend_points(content)
    template = _pages().get_template("report.html.j2")
    return template.render(
        content=content,
        contents=_SECTIONS,
        data=_data(content),
        figures_svg=to_svg(
            figures_chart(content.figures), label="Shares done well that findings state, by theme"
        )
        if any(figure.good_share is not None for figure in content.figures)
        else "",
        filters=_filters(content),
        matrices=ratings_matrices(content),
        matrix=lambda polarity: heat_map(content, polarity),
        no_trend=no_trend(content),
        rating_names=_RATED,
        recurrence_svg=to_svg(
            recurrence_chart([t for t in content.themes if t.areas.units]),
            label="Share of units with strengths and areas for improvement, by theme",
        )
        if any(theme.areas.units for theme in content.themes)
        else "",
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


@cache
def _pages() -> Environment:
    pages = environment()
    pages.filters.update(
        letter=lambda name: name[:1],
        lettered=_lettered,
        rating_class=lambda name: slug(name) if name in _RATED else "unrated",
    )
    pages.globals.update(query=lambda **q: Query(**q).address)
    return pages


def _asset(name: str) -> str:
    return (files("pipelines.report") / "templates" / name).read_text(encoding="utf-8")


def _lettered(rating: str) -> Markup | str:
    """Return the letter with the whole word for screen readers and on hovering."""
    if rating not in _RATED:
        return rating or "–"
    return Markup('<abbr title="{}">{}</abbr>').format(rating, rating[0])


def _reasons(tag: Tag) -> list[list[int]]:
    """Return where words speak for the tag: start, end and strength from 1 to 3.

    Of words and phrases that overlap the strongest is kept.
    """
    favourable = sorted((w for w in tag.weights if w.value > 0), key=lambda w: (-w.value, w.start))
    kept: list[list[int]] = []
    for weight in favourable:
        part = weight.value / favourable[0].value
        apart = all(weight.end <= start or weight.start >= end for start, end, _ in kept)
        if part >= _SAYS_LITTLE and weight.end > weight.start and apart:
            kept.append([weight.start, weight.end, 1 + min(2, int(3 * part))])
    return sorted(kept)


def _filters(content: Content) -> list[tuple[str, str, list[tuple[str, str]]]]:
    def same(names: list[str]) -> list[tuple[str, str]]:
        return [(name, name) for name in names]

    found = content.evidence
    return [
        ("polarity", "Polarity", [(AREA, "Areas for improvement"), (STRENGTH, "Strengths")]),
        ("theme", "Theme", sorted(((t.slug, t.name) for t in content.themes), key=lambda t: t[1])),
        ("region", "Region", same(list(content.regions))),
        ("unit", "Unit", same(sorted({finding.unit for finding in found}))),
        ("standard", "Standard", same(list(content.standards))),
        (
            "rating",
            "Overall rating",
            same([r for r in _RATED if any(f.rating == r for f in found)]),
        ),
        ("year", "Year published", same(sorted({f.published[:4] for f in found if f.published}))),
        ("issue", "Recurring issue", [(i.issue_id, shorten(i.label, 60)) for i in content.issues]),
        ("check", "Review", [("yes", "To be checked by a person")]),
    ]


def _data(content: Content) -> dict[str, Any]:
    """Return what the page's script filters by."""
    units: dict[str, dict[str, Any]] = {}
    for unit in content.units:
        ratings = [inspection.rating for inspection in unit.inspections]
        units[unit.name] = {"unit": unit.name, "region": unit.region, "rating": ratings}
    return {
        "themes": {theme.slug: theme.name for theme in content.themes},
        "polarities": {AREA: "Area for improvement", STRENGTH: "Strength"},
        "units": list(units.values()),
        "findings": [
            {
                "id": f.finding_id,
                "anchor": f.anchor,
                "unit": f.unit,
                "region": f.region,
                "standard": f.standard,
                "polarity": f.polarity,
                "theme": [tag.theme for tag in f.tags],
                "rating": f.rating,
                "issue": list(f.issues),
                "year": f.published[:4],
                "check": "yes" if f.review else "",
                "published": f.published,
                "page": f.page,
                "document": f.document_id,
                "boxes": [[b.page, *map(round, (b.x0, b.top, b.x1, b.bottom))] for b in f.boxes],
                "reasons": {tag.theme: _reasons(tag) for tag in f.tags if tag.weights},
            }
            for f in content.evidence
        ],
    }
