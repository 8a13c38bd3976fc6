"""Charts by Altair, drawn once by vl-convert: as SVG for the page, as PNG for Word.

The page needs no chart library then: it opens fast, prints, and shows its charts to readers whose
mail program runs no script. Colours in the SVG are names of the style sheet's colours, so one
drawing serves the light and the dark scheme.
"""

from __future__ import annotations

import re
from typing import Any, Final

import vl_convert

from pipelines.naming import slug
from pipelines.report.charts.vega import alt

Chart = alt.LayerChart | alt.FacetChart

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
_PRINTED: Final = 0.9  # points in print for each of a chart: letters are then as those of text
_PPI: Final = 160  # dots an inch: two for each point of a chart
_FONT = "system-ui, 'Segoe UI', 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif"
_ID = re.compile(r' id="([^"]+)"')
_ARIA = re.compile(r' (?:role|aria-roledescription|aria-label|aria-hidden)="[^"]*"')
_ROOT = re.compile(r'<svg [^>]*width="(\d+)"[^>]*height="(\d+)"[^>]*>')


def to_svg(chart: Chart, *, label: str) -> str:
    """Draw a chart as SVG to stand in a page.

    Colours become names of the style sheet's.
    """
    svg = vl_convert.vegalite_to_svg(_styled(chart))
    svg = _ARIA.sub("", svg)
    # The library numbers its ids by a counter of the process: two runs would differ.
    for number, name in enumerate(dict.fromkeys(_ID.findall(svg))):
        svg = svg.replace(f'id="{name}"', f'id="{slug(label)}-{number}"')
        svg = svg.replace(f"url(#{name})", f"url(#{slug(label)}-{number})")
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


def to_png(chart: Chart) -> bytes:
    """Draw a chart as PNG in the light scheme, which says how large it is to be printed."""
    png: bytes = vl_convert.vegalite_to_png(_styled(chart), scale=_PRINTED, ppi=_PPI)
    return png


_CONFIG: Final[dict[str, dict[str, object] | str | int]] = {
    "font": _FONT,
    "background": "transparent",
    "padding": 6,
    "view": {"stroke": None},
    "axis": {
        "gridColor": COLOURS["line"],
        "domainColor": COLOURS["line"],
        "tickColor": COLOURS["line"],
        "labelColor": COLOURS["ink"],
        "titleColor": COLOURS["muted"],
        "labelFontSize": 12.5,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titlePadding": 10,
    },
    "text": {"baseline": "middle", "color": COLOURS["ink"]},
    "legend": {"labelColor": COLOURS["ink"], "labelFontSize": 12, "labelLimit": 400},
    "header": {"labelColor": COLOURS["ink"], "labelFontSize": 12.5},
}


def _styled(chart: Chart) -> dict[str, Any]:
    # Set in what Altair gives, as each of its own calls for that copies the whole chart; and
    # drawn as it is, as holding it against the schema takes as long as drawing it.
    spec: dict[str, Any] = chart.to_dict(validate=False)
    return {**spec, "config": _CONFIG}
