"""The pictures on the page of the benches, as SVG: Altair draws them from the JSON files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import vl_convert

from pipelines.report.charts.vega import alt

Results = dict[str, dict[str, Any]]

WIDTH = 460
PADDING = {"left": 30, "right": 12, "top": 8, "bottom": 8}  # browsers set labels wider than drawn
COLOURS = ["#1d6a8a", "#b4501c", "#6b7f2a", "#7a5195", "#566064"]


def draw(results: Results, folder: Path) -> list[Path]:
    """Draw a picture of each bench that has been run; equal results give equal files."""
    charts: dict[str, alt.Chart | alt.LayerChart] = {}
    if "flow" in results:
        charts["scale"] = scale_chart(results["flow"])
        charts["stages"] = stages_chart(results["flow"])
    if "flow-short" in results:
        charts["short"] = short_chart(results["flow-short"])
    if "others" in results:
        charts["reading"] = reading_chart(results["others"]["reading"])
        charts["tagging"] = tagging_chart(results["others"]["tagging"])
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, chart in charts.items():
        path = folder / f"{name}.svg"
        path.write_text(_svg(chart) + "\n", encoding="utf-8")
        paths.append(path)
    return paths


def scale_chart(flow: dict[str, Any]) -> alt.Chart:
    """Seconds by number of documents, cold and warm."""
    rows = [
        {
            "documents": size["documents"],
            "seconds": size[key][kind]["seconds"],
            "run": f"{kind}, {key.removeprefix('jobs_')} job{'s' if key != 'jobs_1' else ''}",
        }
        for size in flow["sizes"]
        for key in sorted(size)
        if key.startswith("jobs_")
        for kind in ("cold", "warm")
    ]
    return (
        alt.Chart(pd.DataFrame(rows), title="Seconds of a whole run")
        .mark_line(point=True)
        .encode(
            x=alt.X("documents:Q", scale=alt.Scale(type="log"), title="documents of 20 pages"),
            y=alt.Y("seconds:Q", scale=alt.Scale(type="log"), title="seconds"),
            color=alt.Color("run:N", title=None, scale=alt.Scale(range=COLOURS)),
            # Colour alone must not tell the runs apart.
            strokeDash=alt.StrokeDash(
                "run:N", title=None, legend=alt.Legend(symbolType="stroke", symbolSize=500)
            ),
        )
    )


def short_chart(flow: dict[str, Any]) -> alt.Chart:
    """Peak memory of any process by number of short documents."""
    rows = [
        {"documents": size["documents"], "peak": size[key][kind]["peak_mb"], "run": kind}
        for size in flow["sizes"]
        for key in sorted(size)
        if key.startswith("jobs_")
        for kind in ("cold", "warm", "added")
    ]
    return (
        alt.Chart(pd.DataFrame(rows), title="Memory of a whole run over short reports")
        .mark_line(point=True)
        .encode(
            x=alt.X("documents:Q", scale=alt.Scale(type="log"), title="documents"),
            y=alt.Y("peak:Q", title="peak of any process, MB"),
            color=alt.Color("run:N", title=None, scale=alt.Scale(range=COLOURS)),
            strokeDash=alt.StrokeDash(
                "run:N", title=None, legend=alt.Legend(symbolType="stroke", symbolSize=500)
            ),
        )
    )


def stages_chart(flow: dict[str, Any]) -> alt.LayerChart:
    """Seconds of the largest cold run by stage, for each number of jobs."""
    largest = max(flow["sizes"], key=lambda size: int(size["documents"]))
    rows = [
        {"jobs": key.removeprefix("jobs_"), "stage": stage, "seconds": seconds}
        for key in sorted(largest)
        if key.startswith("jobs_")
        for stage, seconds in largest[key]["cold"]["stages"].items()
    ]
    for row in rows:
        cores = "1 core" if row["jobs"] == "1" else f"{row['jobs']} cores"
        row["said"] = f"{row['seconds']:,.0f} s on {cores}"
    base = alt.Chart(
        pd.DataFrame(rows), title=f"Seconds by stage, {largest['documents']:,} documents, cold"
    ).encode(
        x=alt.X("seconds:Q", title="seconds", axis=alt.Axis(tickCount=6)),
        y=alt.Y("stage:N", title=None, sort=list(largest["jobs_1"]["cold"]["stages"])),
        yOffset="jobs:N",
    )
    bars = base.mark_bar().encode(
        color=alt.Color("jobs:N", legend=None, scale=alt.Scale(range=COLOURS))
    )
    return alt.layer(bars, base.mark_text(align="left", dx=4, fontSize=11).encode(text="said:N"))


def reading_chart(reading: dict[str, Any]) -> alt.Chart:
    """Milliseconds a page of each reader."""
    rows = [{"tool": name, "ms": ms} for name, ms in reading["milliseconds_a_page"].items()]
    return (
        alt.Chart(pd.DataFrame(rows), title="Milliseconds a page")
        .mark_bar()
        .encode(
            x=alt.X("ms:Q", title="milliseconds of one core"),
            y=alt.Y("tool:N", title=None, sort="x", axis=alt.Axis(labelLimit=240)),
            color=alt.condition(
                alt.FieldOneOfPredicate("tool", [r["tool"] for r in rows if "ours" in r["tool"]]),
                alt.value(COLOURS[1]),
                alt.value(COLOURS[0]),
            ),
        )
    )


def tagging_chart(tagging: dict[str, Any]) -> alt.Chart:
    """Accuracy on real findings against the cost of tagging one."""
    rows = [
        {"classifier": name, "ms": entry["ms_a_finding"], "micro": entry["micro_f1"]}
        for name, entry in tagging.items()
        if isinstance(entry, dict) and "micro_f1" in entry
    ]
    data = pd.DataFrame(rows, columns=["classifier", "ms", "micro"])
    return (
        alt.Chart(data, title="Accuracy and cost of tagging")
        .mark_point(filled=True, size=110)
        .encode(
            x=alt.X("ms:Q", title="milliseconds a finding", scale=alt.Scale(type="log")),
            y=alt.Y("micro:Q", title="micro F1 on real findings", scale=alt.Scale(zero=False)),
            color=alt.Color(
                "classifier:N",
                title=None,
                scale=alt.Scale(range=COLOURS),
                legend=alt.Legend(orient="bottom", labelLimit=300),
            ),
            shape=alt.Shape("classifier:N", title=None),
        )
    )


def _svg(chart: alt.Chart | alt.LayerChart) -> str:
    spec = (
        chart.properties(width=WIDTH)
        .configure(font="system-ui, sans-serif", background="#fffffe", padding=PADDING)
        .configure_axis(labelFontSize=12, titleFontSize=12)
        .configure_legend(labelFontSize=12, labelLimit=300)
        .to_dict()
    )
    svg: str = vl_convert.vegalite_to_svg(spec)
    # The library numbers its ids by a counter of the process: two drawings would differ.
    for place, name in enumerate(dict.fromkeys(re.findall(r' id="([^"]+)"', svg))):
        svg = svg.replace(f'id="{name}"', f'id="part-{place}"')
        svg = svg.replace(f"url(#{name})", f"url(#part-{place})")
    return svg
