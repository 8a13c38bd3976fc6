"""The template environment that HTML and Markdown share."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipelines.report.content import Content
from pipelines.report.counts import Count
from pipelines.report.english import counted, day, interval, opening, outcome, percent, shorten
from pipelines.report.finding import AREA, STRENGTH


def environment() -> Environment:
    """Build the environment: what a template does not escape itself is escaped as HTML."""
    built = Environment(
        loader=PackageLoader("pipelines.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    built.filters.update(
        byline=byline,
        counted=counted,
        opening=opening,
        outcome=outcome,
        percent=percent,
        reach=reach,
        share=lambda share: "" if share is None else percent(share),
        shorten=shorten,
    )
    built.globals.update(AREA=AREA, STRENGTH=STRENGTH)
    return built


def byline(content: Content) -> str:
    """Return how much was read and when the report was written."""
    read = sum(source.status == "read" for source in content.sources)
    return (
        f"{counted(read, 'report')}, {counted(len(content.units), 'unit')}, "
        f"{counted(len(content.evidence), 'finding')}. Written {day(content.written)}."
    )


def reach(count: Count) -> str:
    """Return the interval of a count."""
    return interval(count.low, count.high)
