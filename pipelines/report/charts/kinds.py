"""What the charts show, in Altair; `drawing` turns them into SVG and PNG.

On the page recurrence, the heat map and rows of dots are tables, as they follow the filter.
"""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

import pandas as pd

from pipelines.report.charts.drawing import COLOURS, Chart
from pipelines.report.charts.vega import alt
from pipelines.report.content import Content, ThemeSection, TrendPoint, UnitSection
from pipelines.report.finding import AREA, STRENGTH
from pipelines.report.questions import Question

_ROW = 24
_LINE = 15  # of a label of several lines
_STRENGTH_BAR, _AREA_BAR = "#4c93b1", "#d17e4b"  # light enough for a dark line over them
_LABELS = 235  # room for the longest theme name in a wide font; readers' fonts differ


def recurrence_chart(themes: Sequence[ThemeSection]) -> Chart:
    """Draw, theme by theme, the share of units with strengths (left) and areas (right)."""
    rows = []
    for theme in themes:
        for polarity, side, sign in (
            (STRENGTH, theme.strengths, -1),
            (AREA, theme.areas, 1),
        ):
            if side.share is None:
                continue
            rows.append(
                {
                    "theme": theme.name,
                    "side": polarity,
                    "share": sign * side.share,
                    "low": sign * (side.low or 0.0),
                    "high": sign * (side.high or 0.0),
                    "label": f"{side.units_with} of {side.units} ({side.findings})",
                    "end": sign * 1.03,
                }
            )
    data = pd.DataFrame(rows)
    order = [theme.name for theme in themes]
    colour = alt.Color(
        "side:N",
        scale=alt.Scale(domain=[STRENGTH, AREA], range=[_STRENGTH_BAR, _AREA_BAR]),
        legend=None,
    )
    y = alt.Y(
        "theme:N",
        sort=order,
        title=None,
        axis=alt.Axis(
            labelLimit=260, labelPadding=12, minExtent=_LABELS, domain=False, ticks=False
        ),
    )
    share = alt.X(
        "share:Q",
        scale=alt.Scale(domain=[-1.36, 1.36], nice=False),
        axis=alt.Axis(
            values=[-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1],
            labelExpr="format(abs(datum.value), '.0%')",
            title="← units with a strength · units with an area for improvement →",
            grid=True,
            orient="top",
        ),
    )
    base = alt.Chart(data)
    return alt.layer(
        base.mark_bar(height=14, cornerRadiusEnd=2).encode(y=y, x=share, color=colour),
        base.mark_rule(strokeWidth=1.4, color=COLOURS["whisker"]).encode(
            y=y, x="low:Q", x2="high:Q"
        ),
        *(
            base.mark_tick(thickness=1.4, size=8, color=COLOURS["whisker"]).encode(y=y, x=end)
            for end in ("low:Q", "high:Q")
        ),
        _numbers(base.transform_filter(alt.datum.side == STRENGTH).mark_text(align="right"), y),
        _numbers(base.transform_filter(alt.datum.side == AREA).mark_text(align="left"), y),
    ).properties(width=600, height=alt.Step(_ROW))


def _numbers(chart: alt.Chart, y: alt.Y) -> alt.Chart:
    return chart.encode(y=y, x="end:Q", text="label:N", size=alt.value(11.5))


def heat_chart(content: Content, units: Sequence[UnitSection], polarity: str) -> Chart:
    """Draw the number of findings by theme and unit as shades."""
    data = pd.DataFrame(
        [
            {
                "theme": theme.name,
                "unit": unit.counted_name,
                "findings": content.cells.get((theme.slug, unit.name, polarity), 0),
            }
            for theme in content.themes
            for unit in units
        ]
    )
    highest = max((n for (_, _, side), n in content.cells.items() if side == polarity), default=1)
    y = alt.Y(
        "theme:N",
        sort=[theme.name for theme in content.themes],
        title=None,
        axis=alt.Axis(labelLimit=260, minExtent=_LABELS, domain=False, ticks=False),
    )
    x = alt.X(
        "unit:N",
        scale=alt.Scale(domain=[u.counted_name for u in units]),  # those with none of them too
        title=None,
        axis=alt.Axis(orient="top", labelAngle=-45, labelLimit=170, domain=False, ticks=False),
    )
    top = COLOURS["area" if polarity == AREA else "strength"]
    base = alt.Chart(data).transform_filter(alt.datum.findings > 0)
    return alt.layer(
        base.mark_rect(cornerRadius=2).encode(
            x=x,
            y=y,
            color=alt.Color(
                "findings:Q",
                scale=alt.Scale(domain=[0, highest], range=["#ffffff", top], interpolate="rgb"),
                legend=None,
            ),
        ),
        base.mark_text(fontSize=11).encode(
            x=x,
            y=y,
            text="findings:Q",
            color=alt.condition(
                alt.datum.findings > 0.65 * highest, alt.value("#ffffff"), alt.value("#1c2326")
            ),
        ),
    ).properties(width=alt.Step(38), height=alt.Step(_ROW))


def trend_chart(points: Sequence[TrendPoint]) -> Chart:
    """Draw the share of units by year, one panel per theme, lines never joining two frameworks."""
    data = pd.DataFrame(
        [
            {
                "theme": point.theme_name,
                "framework": point.framework,
                "period": point.period,
                "share": point.count.share,
                "low": point.count.low,
                "high": point.count.high,
                "label": f"{point.count.units_with}/{point.count.units}",
            }
            for point in points
        ]
    )
    x = alt.X("period:O", title=None, axis=alt.Axis(labelAngle=0))
    y = alt.Y(
        "share:Q",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format=".0%", values=[0, 0.5, 1], title=None),
    )
    base = alt.Chart()
    detail = alt.Detail("framework:N")
    return (
        alt.layer(
            base.mark_rule(strokeWidth=1.2, color=COLOURS["whisker"]).encode(
                x=x, y="low:Q", y2="high:Q", xOffset="framework:N"
            ),
            base.mark_line(color=COLOURS["area"], strokeWidth=2).encode(
                x=x, y=y, detail=detail, xOffset="framework:N"
            ),
            base.mark_point(filled=True, size=52, color=COLOURS["area"], opacity=1).encode(
                x=x,
                y=y,
                detail=detail,
                xOffset="framework:N",
                shape=alt.Shape(
                    "framework:N", legend=alt.Legend(orient="top", title=None, columns=1)
                ),
            ),
            data=data,
        )
        .properties(width=205, height=110)
        .facet(
            facet=alt.Facet(
                "theme:N",
                title=None,
                sort=list(dict.fromkeys(data["theme"])) if len(data) else [],
                header=alt.Header(
                    labelFontWeight="bold", labelAnchor="start", labelLimit=205, labelFontSize=12
                ),
            ),
            columns=3,
        )
    )


def questions_chart(questions: Sequence[Question]) -> Chart:
    """Draw key questions as rows of dots, one per unit, with a line at the median."""
    names = {
        id(q): "\n".join(wrap(" ".join(filter(None, [q.code, q.text])), 52)) for q in questions
    }
    longest = max((name.count("\n") + 1 for name in names.values()), default=1)
    data = pd.DataFrame(
        [
            {"question": names[id(q)], "percent": answer.percent / 100, "median": q.middle / 100}
            for q in questions
            for answer in q.compared
        ]
    )
    y = alt.Y(
        "question:N",
        sort=list(names.values()),
        title=None,
        axis=alt.Axis(
            labelLimit=330, labelExpr="split(datum.label, '\\n')", domain=False, ticks=False
        ),
    )
    x = alt.X(
        "percent:Q",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(
            format=".0%", values=[0, 0.25, 0.5, 0.75, 1], title="cases judged sufficient"
        ),
    )
    base = alt.Chart(data)
    return alt.layer(
        base.mark_point(filled=True, size=60, opacity=0.75, color=COLOURS["strength"]).encode(
            y=y, x=x
        ),
        base.mark_tick(thickness=2, size=_ROW * 0.7, color=COLOURS["whisker"]).encode(
            y=y, x="max(median):Q"
        ),
    ).properties(width=420, height=alt.Step(_LINE * longest + 4))
