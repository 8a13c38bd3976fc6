"""Make the page of the benches, and the figures on scale, from what the benches wrote.

    python -m tests.bench.page [--check]

Reads reports/bench/*.json; writes reports/bench/README.md with its pictures, and what stands
between the bench marks of the guide to many reports, pipelines/flow/README.md. `--check` writes
nothing and fails where a text is out of step. No figure is typed by hand.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.bench.pictures import draw
from tests.bench.results import FOLDER, ROOT

Results = dict[str, dict[str, Any]]

PRICE = 0.05
"""Pounds that an hour of one rented core is taken to cost, for the reckoning on paper."""

MANY = 100_000
"""Documents of the reckoning on paper."""

GOALS = {"ratio": 1.7, "warm": 10, "peak_mb": 1024, "growth": 0.15}


def load(folder: Path = FOLDER) -> Results:
    """Return what each bench wrote, by name."""
    return {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*.json"))
    }


def number(value: float) -> str:
    """Write a figure with as many digits as it bears."""
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def table(head: list[str], rows: list[list[str]]) -> str:
    """Write a Markdown table; figures to the right."""
    marks = ["---"] + ["---:"] * (len(head) - 1)
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, marks, *rows]) + "\n"


def measured_on(result: dict[str, Any]) -> str:
    """Say on which machine, when, with which versions."""
    m = result["machine"]
    versions = ", ".join(f"{name} {found}" for name, found in m["versions"].items())
    return (
        f"{m['date']}, {m['processor']}, {m['cores']} cores, {m['memory_gb']:g} GB, {m['system']}, "
        f"Python {m['python']}, {versions}; load of the machine {m['load']:g} at the end."
    )


def jobs_of(size: dict[str, Any]) -> list[int]:
    """Return the numbers of jobs that a size was run with."""
    return sorted(int(name.removeprefix("jobs_")) for name in size if name.startswith("jobs_"))


def measured_again(flow: dict[str, Any]) -> list[float]:
    """Return how many times as fast the largest size was on all cores when it was run again."""
    return [scale({"sizes": [size]})["ratio"] for size in flow.get("again", [])]


def scale(flow: dict[str, Any]) -> dict[str, float]:
    """Return the figures that the scale is judged by, of the largest size."""
    sizes = {size["documents"]: size for size in flow["sizes"]}
    largest = max(sizes)
    last = sizes[largest]
    low, high = min(jobs_of(last)), max(jobs_of(last))
    one, many = last[f"jobs_{low}"], last[f"jobs_{high}"]
    runs = [run for size in sizes.values() for n in jobs_of(size) for run in _runs(size, n)]
    found = {
        "documents": largest,
        "jobs": high,
        "seconds": many["cold"]["seconds"],
        "ratio": one["cold"]["seconds"] / many["cold"]["seconds"],
        "warm": min(m["cold"]["seconds"] / m["warm"]["seconds"] for m in (one, many)),
        "peak_mb": max(run["peak_mb"] for run in runs),
    }
    if 100 in sizes and largest > 100:
        found["growth"] = max(
            last[f"jobs_{n}"]["cold"]["seconds"]
            / sizes[100][f"jobs_{n}"]["cold"]["seconds"]
            / (largest / 100)
            for n in jobs_of(last)
        )
    if {10, 100} <= sizes.keys() and largest > 100:
        found["growth_further"] = max(
            _further(sizes, n, 100, largest) / _further(sizes, n, 10, 100) for n in jobs_of(last)
        )
    return found


def _further(sizes: dict[int, dict[str, Any]], jobs: int, few: int, many: int) -> float:
    """Return the seconds that each further document takes: what starting costs is left out."""
    low, high = (sizes[n][f"jobs_{jobs}"]["cold"]["seconds"] for n in (few, many))
    return float(high - low) / (many - few)


def _runs(size: dict[str, Any], jobs: int) -> list[dict[str, Any]]:
    return [size[f"jobs_{jobs}"][kind] for kind in ("cold", "warm")]


def flow_section(results: Results) -> str:
    """Write about whole runs."""
    flow = results["flow"]
    rows, stages = [], []
    for size in flow["sizes"]:
        for jobs in jobs_of(size):
            cold, warm = _runs(size, jobs)
            rows.append(
                [
                    f"{size['documents']:,}",
                    str(jobs),
                    number(cold["seconds"]),
                    number(cold["cpu_seconds"]),
                    number(cold["seconds"] / size["documents"]),
                    number(warm["seconds"]),
                    number(cold["seconds"] / warm["seconds"]),
                    number(max(cold["peak_mb"], warm["peak_mb"])),
                    number(cold["report_mb"]),
                    number(cold["load"]),
                ]
            )
            stages.append(
                [f"{size['documents']:,}", str(jobs), *map(number, cold["stages"].values())]
            )
    found, first = scale(flow), flow["sizes"][0]
    judged = [
        ["cold run, one core to all cores", f"{found['ratio']:.2f}", f"{GOALS['ratio']} or more"],
        *(
            ["the same, measured again", f"{ratio:.2f}", f"{GOALS['ratio']} or more"]
            for ratio in measured_again(flow)
        ),
        ["cold run to warm run", f"{found['warm']:.1f}", f"{GOALS['warm']} or more"],
        ["peak of any process, MB", number(found["peak_mb"]), f"under {GOALS['peak_mb']:,}"],
    ]
    if "growth" in found:
        judged.append(
            [
                f"time a document, {found['documents']:,} documents to 100",
                f"{found['growth']:.2f}",
                f"{1 + GOALS['growth']:g} or less",
            ]
        )
    if "growth_further" in found:
        judged.append(
            [
                f"time of each further document, from 100 to {found['documents']:,}, to that from "
                "10 to 100 (without what starting costs)",
                f"{found['growth_further']:.2f}",
                f"{1 + GOALS['growth']:g} or less",
            ]
        )
    return (
        f"## Whole runs\n\n`findings run` over generated PDFs of {first['pages']} pages with "
        f"{first['findings'] // first['documents']} findings each, everything from the files to "
        "the theme report in one command. Cold: nothing is cached. Warm: the same again. "
        "So many jobs have so many cores, and no more.\n\n"
        + table(["ratio at " + f"{found['documents']:,} documents", "measured", "goal"], judged)
        + "\n"
        + table(
            [
                *("documents", "jobs", "cold s", "CPU s", "s a document", "warm s", "cold/warm"),
                *("peak MB", "report MB", "load"),
            ],
            rows,
        )
        + "\nSeconds of the cold run by stage:\n\n"
        + table(["documents", "jobs", *flow["sizes"][0]["jobs_1"]["cold"]["stages"]], stages)
        + "\n![Seconds by number of documents](pictures/scale.svg)\n\n"
        "![Seconds by stage](pictures/stages.svg)\n\n" + f"Measured {measured_on(flow)}\n"
    )


def short_section(results: Results) -> str:
    """Write about whole runs over many short reports."""
    flow = results["flow-short"]
    return (
        f"## Many short reports\n\nThe same over PDFs of {flow['sizes'][0]['pages']} pages with as "
        "many findings, so that what is not reading shows. Added: ten reports come to those that "
        "were there. Shares are of the cold run's processor time.\n\n"
        + _added_table(flow)
        + "\n![Memory by number of documents](pictures/short.svg)\n\n"
        + f"Measured {measured_on(flow)}\n"
    )


def words_section(results: Results) -> str:
    """Write about the same where findings are read by their words alone."""
    flow = results["flow-words"]
    used = [(size["documents"], _used(size)) for size in flow["sizes"]]
    grown = [
        f"from {few:,} to {many:,} {(high - low) / (many - few):.2f}"
        for (few, low), (many, high) in pairwise(used)
    ]
    further = f"Processor seconds of each further document: {', '.join(grown)}.\n\n"
    return (
        "## Many short reports, by their words alone\n\nThe same with `--no-encoder`.\n\n"
        + _added_table(flow)
        + "\n"
        + further * bool(grown)
        + f"Measured {measured_on(flow)}\n"
    )


def _used(size: dict[str, Any]) -> float:
    return float(size[f"jobs_{jobs_of(size)[0]}"]["cold"]["cpu_seconds"])


def _added_table(flow: dict[str, Any]) -> str:
    """Write what runs took cold, warm and with reports added."""
    rows = []
    for size in flow["sizes"]:
        for jobs in jobs_of(size):
            cold, warm, added = (size[f"jobs_{jobs}"][kind] for kind in ("cold", "warm", "added"))
            used = cold["cpu_seconds"]
            rows.append(
                [
                    *(f"{size['documents']:,}", f"{size['findings']:,}", str(jobs)),
                    *(number(cold["seconds"]), number(used), number(used / size["documents"])),
                    *(number(warm["cpu_seconds"]), f"{warm['cpu_seconds'] / used:.0%}"),
                    *(number(added["cpu_seconds"]), f"{added['cpu_seconds'] / used:.0%}"),
                    number(max(run["peak_mb"] for run in (cold, warm, added))),
                    number(cold["load"]),
                ]
            )
    return table(
        [
            *("documents", "findings", "jobs", "cold s", "CPU s", "CPU s a document"),
            *("warm CPU s", "share", "added CPU s", "share", "peak MB", "load"),
        ],
        rows,
    )


def cluster_section(results: Results) -> str:
    """Write about the run on a cluster."""
    found = results["cluster"]
    local = found["local"]["seconds"]
    rows = [
        [name, number(found[key]["seconds"]), f"{found[key]['seconds'] / local:.2f}"]
        for name, key in (
            (f"{found['workers']} local processes", "local"),
            (f"Dask, {found['workers']} workers on loopback", "cluster"),
            ("the same cluster again, nothing cached but its model loaded", "cluster_again"),
        )
    ]
    same = "equal byte by byte" if found["equal"] else "NOT equal"
    words = "" if found["encoder"] else ", tagged by words alone"
    return (
        f"## On a cluster\n\n{found['documents']:,} documents{words}; all {found['tables']} tables "
        f"compared are {same}.\n\n"
        + table(["where", "seconds", "of the local run"], rows)
        + f"\nMeasured {measured_on(found)}\n"
    )


def kills_section(results: Results) -> str:
    """Write about the long run that is killed again and again."""
    found = results["kills"]
    fell = [moment["tag"] for moment in found["moments"]]
    reading = sum(number < found["documents"] for number in fell)
    same = "equal byte by byte" if found["equal"] and not found["lost"] else "NOT equal"
    return (
        f"## A long run killed\n\nA run over {found['documents']:,} documents by their words alone "
        f"was killed {len(fell)} times at random moments and begun again each time: {reading} "
        f"times while documents were read or tagged, {len(fell) - reading} times after that. What "
        f"it ended with and what one run in peace makes, {found['compared']} tables and files, is "
        f"{same}; {found['drafts']} drafts were left behind.\n\nMeasured {measured_on(found)}\n"
    )


def reading_section(results: Results) -> str:
    """Write about reading beside other readers."""
    text = "## Reading\n\n"
    if "read" in results:
        read = results["read"]
        text += (
            "Read and segment, beside pdfplumber's bare text of the same file; the median of the "
            "rounds' ratios, in one process by turns.\n\n"
            + table(
                ["PDFs made by", "times as fast", "goal"],
                [
                    [name, number(entry["ratio"]), number(entry["goal"]) if entry["goal"] else "–"]
                    for name, entry in sorted(read["families"].items())
                ],
            )
            + f"\n{read['pages']:,} pages in one file: {number(read['seconds'])} s, peak "
            f"{read['peak_mb']} MB (goal 100). Import of the reader: "
            f"{read['import_seconds']:.3f} s (goal 0.15).\n\nMeasured {measured_on(read)}\n\n"
        )
    if "others" in results:
        found = results["others"]["reading"]
        text += (
            f"Beside what a user would pick instead, {found['pages']} pages, processor time. The "
            "others give text or Markdown; ours gives findings with standard, polarity and "
            "place.\n\n"
            + table(
                ["tool", "ms a page", "times ours"],
                [
                    [name, number(ms), number(found["times_ours"][name])]
                    for name, ms in found["milliseconds_a_page"].items()
                ],
            )
            + _left_out(found["left_out"])
            + "\n![Milliseconds a page](pictures/reading.svg)\n\n"
            f"Measured, like the other tools further down, {measured_on(results['others'])}\n"
        )
    return text


def _left_out(names: dict[str, str]) -> str:
    if not names:
        return ""
    told = ", ".join(f"{name} ({why})" for name, why in sorted(names.items()))
    return f"\nNot installed where this was measured: {told}.\n"


def tagging_section(results: Results) -> str:
    """Write about tagging beside other classifiers."""
    text = "## Tagging\n\n"
    if "tag" in results:
        tag = results["tag"]
        text += (
            f"{tag['findings']:,} findings: {number(tag['seconds'])} s of one core; plain TF-IDF "
            f"with logistic regressions takes {number(tag['baseline_seconds'])} s. One training "
            f"fit: {number(tag['fit_seconds'])} s.\n\nMeasured {measured_on(tag)}\n\n"
        )
    if "others" in results:
        found = results["others"]["tagging"]
        rows = [
            [
                name,
                number(entry["ms_a_finding"]),
                number(entry["trained_in_seconds"]),
                *(f"{entry[k]:.3f}" if k in entry else "–" for k in ("micro_f1", "ranking")),
            ]
            for name, entry in found.items()
            if isinstance(entry, dict)
        ]
        text += (
            f"Trained on the same {found['training']:,} labelled findings. Accuracy: on the "
            f"{found['real']} findings of {found['reports']} published reports, each report left "
            "out in turn while all other labels train, the same folds for all; micro F1 is the "
            "mean over the reports, ranking the label-ranking average precision, which asks no "
            "threshold. Ours learns its thresholds from the other reports; the others give a "
            "theme from a probability of one half.\n\n"
            + table(["classifier", "ms a finding", "trained in s", "micro F1", "ranking"], rows)
            + "\n![Accuracy and cost of tagging](pictures/tagging.svg)\n"
        )
    return text


def mining_section(results: Results) -> str:
    """Write about mining, by size and beside BERTopic."""
    text = "## Mining\n\n"
    if "mine" in results:
        mine = results["mine"]
        rows = [
            [
                f"{size['findings']:,}",
                number(size["seconds"]),
                number(size["cpu_seconds"]),
                number(size["megabytes"]),
                f"{size['issues']:,}",
                number(size["query_seconds"]),
            ]
            for size in mine["sizes"]
        ]
        text += (
            table(["findings", "seconds", "CPU s", "peak MB", "issues", "s a search"], rows)
            + f"\nMeasured {measured_on(mine)}\n\n"
        )
    if "others" in results:
        found = results["others"]["mining"]
        rows = [
            [
                name,
                number(entry["seconds"])
                if "seconds" in entry
                else f"not installed ({entry['left_out']})",
                str(entry.get("groups", "–")),
                str(entry.get("left_alone", "–")),
            ]
            for name, entry in found.items()
            if isinstance(entry, dict)
        ]
        text += (
            f"{found['findings']:,} written findings, processor seconds:\n\n"
            + table(["tool", "seconds", "groups", "left alone"], rows)
            + "\n"
        )
    return text


def faults_section(results: Results) -> str:
    """Write how often faults were provoked and what was lost."""
    text = "## Faults provoked\n\n"
    if "faults" in results:
        measured = results["faults"]
        rows = [
            [entry["what"], f"{entry['tried']:,}", str(entry["lost"])]
            for entry in measured["faults"]
        ]
        text += (
            table(["what was done", "times", "lost"], rows)
            + "\nLost means: a folder that did not open, a result that differed, a document "
            f"missing without a reason.\n\nMeasured {measured_on(measured)}\n\n"
        )
    found = [r for name, r in results.items() if name.startswith("fuzz-")]
    if guided := [r for r in found if "edges" in r]:
        text += "Documents changed with coverage as the guide (atheris):\n\n" + table(
            ["reader", "documents", "branches seen", "faults"],
            [
                [r["kind"], f"{r['runs']:,}", f"{r['edges']:,}", str(len(r["faults"]))]
                for r in guided
            ],
        )
        text += "\n"
    if fuzzed := [r for r in found if "outcomes" in r]:
        rows = [
            [
                r["kind"],
                f"{r['runs']:,}",
                *(f"{r['outcomes'].get(name, 0):,}" for name in ("read", "refused", "fault")),
                str(len(r["slower_than_5_s"])),
            ]
            for r in fuzzed
        ]
        text += (
            "Changed documents, each read in a process of its own (`tests/fuzz/readers.py`). A "
            "fault is a crash, more than 20 s or 2 GB, or a finding that does not stand where it "
            "says; seconds are of the processor.\n\n"
            + table(
                ["reader", "documents", "read", "refused", "faults", "slower than 5 s"],
                rows,
            )
            + "\n"
        )
        for r in fuzzed:
            for reason, numbers in r["faults"].items():
                text += f"- {r['kind']}: {reason} (documents {', '.join(map(str, numbers))})\n"
    return text


def discovery_section(results: Results) -> str:
    """Write about issues that the catalogue lacks."""
    found = results["discovery"]
    return (
        "## Issues that the catalogue lacks\n\n"
        "A fifth of the catalogue's subjects taken away at a time, over "
        f"{found['findings']:,} findings written in voices, of {found['units']} units, with a "
        "quarter of what states the others left over too.\n\n"
        + table(
            ["over the five parts", "measured"],
            [
                ["pairs in a new issue that share a subject", _share(found, "right", "pairs")],
                ["pairs that share a subject and a new issue", _share(found, "right", "wanted")],
                [
                    "new issues of mainly one subject",
                    _share(found, "mainly one subject", "new issues"),
                ],
                [
                    "subjects taken away, of five units or more, of which one new issue holds half",
                    _share(found, "wide found", "wide subjects"),
                ],
            ],
        )
        + f"\nMeasured {measured_on(found)}\n"
    )


def conceded_section(results: Results) -> str:
    """Write about what findings only concede."""
    found = results["conceded"]
    return (
        "## What findings only concede\n\n"
        f"{found['findings']} findings written for this, each of which concedes one matter and "
        f"speaks of another, by {found['model']}, which was not trained on them.\n\n"
        + table(
            ["issues", "given"],
            [
                ["that a finding states", _share(found, "stated given", "stated")],
                ["that it only concedes", _share(found, "conceded given", "conceded")],
                ["of these, as sure", _share(found, "conceded given as sure", "conceded")],
            ],
        )
        + f"\nMeasured {measured_on(found)}\n"
    )


def _share(found: dict[str, Any], part: str, whole: str) -> str:
    return f"{found[part]:,} of {found[whole]:,} ({found[part] / max(found[whole], 1):.0%})"


_FUZZED = tuple(f"fuzz-{kind}{way}" for way in ("", "-guided") for kind in ("html", "pdf", "text"))

SECTIONS = (
    (("flow",), flow_section),
    (("flow-short",), short_section),
    (("flow-words",), words_section),
    (("cluster",), cluster_section),
    (("kills",), kills_section),
    (("read", "others"), reading_section),
    (("tag", "others"), tagging_section),
    (("mine", "others"), mining_section),
    (("discovery",), discovery_section),
    (("conceded",), conceded_section),
    (("faults", *_FUZZED), faults_section),
)


def page(results: Results) -> str:
    """Write the page of all benches that have been run."""
    text = (
        "# Benchmarks\n\n"
        "Made by `python -m tests.bench.page` from the JSON files beside it, which `make bench` "
        "writes. Every comparison is a ratio within one run on one machine.\n\n"
    )
    made = [write(results) for needs, write in SECTIONS if set(needs) & set(results)]
    return (text + "\n".join(made)).rstrip() + "\n"


def scale_section(results: Results) -> str:
    """Write the guide's figures on scale: measured ratios, and many reports on paper."""
    text = ""
    if "flow" in results:
        found, flow = scale(results["flow"]), results["flow"]
        first = flow["sizes"][0]
        text += (
            f"{found['documents']:,} PDFs of {first['pages']} pages take "
            f"{_minutes(found['seconds'])} on {found['jobs']} cores, from the files to the theme "
            f"report: {found['ratio']:.2f} times as fast as on one"
            + "".join(f", {ratio:.2f} when run again" for ratio in measured_again(flow))
            + ". A second run over "
            f"the same files is {int(found['warm'])} times as fast as the first, and no process "
            f"needs more than {number(found['peak_mb'])} MB. "
        )
    if "cluster" in results:
        c = results["cluster"]
        text += (
            f"Two Dask workers on the same two cores take "
            f"{c['cluster']['seconds'] / c['local']['seconds']:.2f} times as long as two local "
            f"processes for {c['documents']:,} documents, with "
            f"{'equal' if c['equal'] else 'different'} tables. "
        )
    text = text.rstrip() + "\n" if text else ""
    if "flow" in results:
        text += "\n" + on_paper(results)
    if results:
        text += (
            "\n[All benchmarks](../../reports/bench/README.md), with machine, versions and date.\n"
        )
    return text


def on_paper(results: Results) -> str:
    """Reckon what very many reports cost from the largest run with one job."""
    largest = max(results["flow"]["sizes"], key=lambda size: int(size["documents"]))
    cold = largest["jobs_1"]["cold"]
    documents = int(largest["documents"])
    spread = (cold["stages"]["read"] + cold["stages"]["tag"]) / documents
    whole = sum(cold["stages"][name] for name in ("mine", "aggregate", "report")) / documents
    hours = MANY * spread / 3600
    alone = MANY * whole / 3600
    sizes = results.get("flow-words", results["flow"])["sizes"]
    fewer, more = sorted((int(size["documents"]), _peak(size)) for size in sizes)[-2:]
    step = (more[1] - fewer[1]) / (more[0] - fewer[0])  # the peak's, not in line with the first
    memory = (more[1] + step * (MANY - more[0])) / 1024
    return (
        f"On paper, {MANY:,} such reports: reading and tagging are {number(hours)} core hours "
        f"({number(1000 * spread)} ms a report), so {_minutes(60 * hours * 60 / 64)} on 64 cores, "
        f"or {number(hours * PRICE)} pounds where an hour of a core costs {PRICE * 100:g} pence. "
        "Mining, counting and writing the report are left to the machine that the command runs "
        f"on: {number(alone)} hours at today's cost a finding, and {number(memory)} GB if its peak "
        f"goes on to grow as from {fewer[0]:,} reports to {more[0]:,} "
        f"({number(fewer[1])} to {number(more[1])} MB). Where that is too much, run by region or "
        "year.\n"
    )


def _peak(size: dict[str, Any]) -> float:
    """The most memory of any process, in megabytes, of a run with the most jobs."""
    return float(size["jobs_2" if "jobs_2" in size else "jobs_1"]["cold"]["peak_mb"])


def _minutes(seconds: float) -> str:
    return f"{number(seconds)} seconds" if seconds < 120 else f"{number(seconds / 60)} minutes"


def marked(text: str, section: str) -> str:
    """Return a text with what stands between the bench marks replaced."""
    return re.sub(
        r"(<!-- bench -->\n).*?(<!-- /bench -->)",
        lambda found: found[1] + section + found[2],
        text,
        flags=re.DOTALL,
    )


def main() -> int:
    """Run from the command line; see the module's text."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    results = load()
    guide = ROOT / "pipelines" / "flow" / "README.md"
    wanted = {
        FOLDER / "README.md": page(results),
        guide: marked(guide.read_text(encoding="utf-8"), scale_section(results)),
    }
    if given.check:
        late = [path for path, text in wanted.items() if path.read_text(encoding="utf-8") != text]
        for path in late:
            sys.stdout.write(f"{path}: not what the benches wrote; python -m tests.bench.page\n")
        return int(bool(late))
    for path, text in wanted.items():
        path.write_text(text, encoding="utf-8")
    draw(results, FOLDER / "pictures")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
