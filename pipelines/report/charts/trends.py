"""Which part of the trend is worth drawing, and why there may be none."""

from __future__ import annotations

from pipelines.report.content import Content, TrendPoint
from pipelines.report.finding import AREA

_PANELS = 6  # more would not be looked at


def trend_points(content: Content) -> tuple[TrendPoint, ...]:
    """Return the points worth drawing: the most recurrent themes, if there are two years."""
    points = [p for p in content.trend if p.polarity == AREA and p.count.share is not None]
    if len({point.period for point in points}) < 2:
        return ()
    shown = [t.slug for t in content.themes if any(p.theme == t.slug for p in points)][:_PANELS]
    return tuple(
        sorted(
            (point for point in points if point.theme in shown),
            key=lambda p: (shown.index(p.theme), p.framework, p.period),
        )
    )


def no_trend(content: Content) -> str:
    """Say why there is no trend to draw."""
    dates = [one.published for unit in content.units for one in unit.inspections]
    years = sorted({date[:4] for date in dates if date})
    if not years:
        return "There are too few dated reports to draw a trend."
    if len(years) == 1:
        reports = "reports here" if all(dates) else "dated reports here"
        return f"All {reports} were published in {years[0]}: there is no trend to draw."
    if AREA not in content.sides:
        return "A trend is drawn of areas for improvement, and none were asked for here."
    return "No theme was counted among areas for improvement here: there is no trend to draw."
