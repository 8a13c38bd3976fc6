"""Charts by Altair, drawn once by vl-convert: as SVG for the page, as PNG for Word.

The page needs no chart library then: it opens fast, prints, and shows its charts to readers whose
mail program runs no script. Colours in the SVG are names of the style sheet's colours, so one
drawing serves the light and the dark scheme.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import altair as alt
import pandas as pd
import vl_convert

from pipelines.records import Polarity
from pipelines.report.content import Figure, Query, ThemeSection, TrendPoint
from pipelines.report.english import interval, percent

AREA = Polarity.AREA_FOR_IMPROVEMENT.value
STRENGTH = Polarity.STRENGTH.value

# Light-scheme colours, all different, so that each can be told again in the drawing.
COLOURS: Final[dict[str, str]] = {
    "strength": "#1d6a8a",
    "area": "#b4501c",
    "ink": "#1c2326",
    "muted": "#566064",
    "line": "#dde2e0",
    "paper": "#fffffe",
    "whisker": "#262d30",
}
Chart = alt.LayerChart | alt.FacetChart
_FONT = "system-ui, 'Segoe UI', 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif"
_ROW = 24
_LABELS = 235  # room for the longest theme name in a wide font; readers' fonts differ
_HREF = re.compile(
    r'<a xlink:href="[^"#]*(#[^"]*)"[^>]*>(<(?:path|text)[^>]*?) aria-label="([^"]*)"'
)
_ARIA = re.compile(r' (?:role|aria-roledescription|aria-label|aria-hidden)="[^"]*"')
_BAR = re.compile(r'(<a href="[^"]*") aria-label="[^"]*"(><path)')
_ROOT = re.compile(r'<svg [^>]*width="(\d+)"[^>]*height="(\d+)"[^>]*>')


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
                    "label": f"{side.units_with} of {side.units}",
                    "end": sign * max(side.high or 0.0, side.share) + sign * 0.02,
                    "link": Query(theme=theme.slug, polarity=polarity).address,
                    "said": f"{theme.name}: {'strength' if sign < 0 else 'area for improvement'} "
                    f"in {side.units_with} of {side.units} units "
                    f"({percent(side.share)}, 95% interval {interval(side.low, side.high)})",
                }
            )
    data = pd.DataFrame(rows)
    order = [theme.name for theme in themes]
    colour = alt.Color(
        "side:N",
        scale=alt.Scale(domain=[STRENGTH, AREA], range=[COLOURS["strength"], COLOURS["area"]]),
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
        scale=alt.Scale(domain=[-1.16, 1.16], nice=False),
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
        base.mark_bar(height=13, cornerRadiusEnd=2).encode(
            y=y, x=share, color=colour, href="link:N", description="said:N"
        ),
        base.mark_rule(strokeWidth=1.4, color=COLOURS["whisker"]).encode(
            y=y, x="low:Q", x2="high:Q"
        ),
        _numbers(base.transform_filter(alt.datum.side == STRENGTH).mark_text(align="right"), y),
        _numbers(base.transform_filter(alt.datum.side == AREA).mark_text(align="left"), y),
    ).properties(width=600, height=alt.Step(_ROW))


def _numbers(chart: alt.Chart, y: alt.Y) -> alt.Chart:
    return chart.encode(
        y=y, x="end:Q", text="label:N", href="link:N", description="said:N", size=alt.value(11.5)
    )


def figures_chart(figures: Sequence[Figure]) -> Chart:
    """Draw each stated share as a dot, theme by theme."""
    data = pd.DataFrame(
        [
            {
                "theme": figure.theme_name,
                "value": figure.value,
                "side": figure.evidence.polarity,
                "link": f"#{figure.evidence.anchor}",
                "said": f"{figure.theme_name}: {percent(figure.value)}, {figure.evidence.unit}",
            }
            for figure in figures
        ]
    )
    y = alt.Y(
        "theme:N",
        title=None,
        axis=alt.Axis(labelLimit=260, minExtent=_LABELS, domain=False, ticks=False),
    )
    x = alt.X(
        "value:Q",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format=".0%", title="share of cases stated in a finding"),
    )
    return alt.layer(
        alt.Chart(data)
        .mark_rule(color=COLOURS["line"])
        .encode(y=y, x=alt.X("min(value):Q"), x2="max(value):Q"),
        alt.Chart(data)
        .mark_point(filled=True, size=70, opacity=0.85)
        .encode(
            y=y,
            x=x,
            color=alt.Color(
                "side:N",
                scale=alt.Scale(
                    domain=[STRENGTH, AREA], range=[COLOURS["strength"], COLOURS["area"]]
                ),
                legend=None,
            ),
            shape=alt.Shape(
                "side:N",
                scale=alt.Scale(domain=[STRENGTH, AREA], range=["diamond", "circle"]),
                legend=None,
            ),
            href="link:N",
            description="said:N",
        ),
    ).properties(width=600, height=alt.Step(_ROW))


def trend_chart(points: Sequence[TrendPoint]) -> Chart:
    """Draw the share of units by year, a panel a theme, lines never joining two frameworks."""
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


def to_svg(chart: Chart, *, label: str) -> str:
    """Draw a chart as SVG to stand in a page.

    Colours become names of the style sheet; links lead inside the page. Bars and the numbers
    beside them lead to the same place, so only the numbers are stops of the tab key.
    """
    svg = vl_convert.vegalite_to_svg(_styled(chart))
    svg = _HREF.sub(r'<a href="\1" data-said="\3">\2', svg)
    svg = _ARIA.sub("", svg).replace(" data-said=", " aria-label=")
    if "<text" in svg:
        svg = _BAR.sub(r'\1 tabindex="-1" aria-hidden="true"\2', svg) if _paired(svg) else svg
    for name, colour in COLOURS.items():
        svg = svg.replace(f'"{colour}"', f'"var(--{name})"')
    quoted = label.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return _ROOT.sub(
        lambda m: (
            f'<svg class="drawing" viewBox="0 0 {m[1]} {m[2]}" style="width:{m[1]}px" '
            f'role="group" aria-label="{quoted}">'
        ),
        svg,
        count=1,
    )


def to_png(chart: Chart, *, scale: float = 2.0) -> bytes:
    """Draw a chart as PNG in the light scheme."""
    png: bytes = vl_convert.vegalite_to_png(_styled(chart), scale=scale)
    return png


def _paired(svg: str) -> bool:
    return re.search(r'<a href="[^"]*" aria-label="[^"]*"><text', svg) is not None


def _styled(chart: Chart) -> dict[str, Any]:
    spec: dict[str, Any] = (
        chart.configure(font=_FONT, background="transparent", padding=6)
        .configure_view(stroke=None)
        .configure_axis(
            gridColor=COLOURS["line"],
            domainColor=COLOURS["line"],
            tickColor=COLOURS["line"],
            labelColor=COLOURS["ink"],
            titleColor=COLOURS["muted"],
            labelFontSize=12.5,
            titleFontSize=12,
            titleFontWeight="normal",
            titlePadding=10,
        )
        .configure_text(baseline="middle", color=COLOURS["ink"])
        .configure_legend(labelColor=COLOURS["ink"], labelFontSize=12, labelLimit=400)
        .configure_header(labelColor=COLOURS["ink"], labelFontSize=12.5)
        .to_dict()
    )
    return spec
