"""The page of the benches and the guide's figures say what the benches wrote, and no more."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from pipelines.project import leave_project
from tests.bench import bench_data, page
from tests.bench.pictures import draw

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "pipelines" / "flow" / "README.md").read_text(encoding="utf-8")
MACHINE = {
    "processor": "P",
    "cores": 2,
    "memory_gb": 8,
    "system": "S",
    "python": "3",
    "versions": {"pandas": "3"},
    "date": "2026-01-01 00:00 UTC",
    "load": 0.1,
}


def ran(seconds, *, peak=500):
    stages = dict.fromkeys(("read", "tag", "mine", "aggregate", "report"), seconds / 5)
    return {
        "seconds": seconds,
        "cpu_seconds": seconds,
        "peak_mb": peak,
        "together_mb": 2 * peak,
        "stages": stages,
        "report_mb": 1.5,
        "load": 0.1,
    }


def sized(documents, one, two):
    return {
        "documents": documents,
        "pages": 20,
        "findings": 42 * documents,
        "jobs_1": {"cold": ran(one), "warm": ran(one / 20)},
        "jobs_2": {"cold": ran(two, peak=700), "warm": ran(two / 15)},
    }


RESULTS = {
    "flow": {"machine": MACHINE, "sizes": [sized(100, 40, 25), sized(1000, 360, 200)]},
    "flow-short": {
        "machine": MACHINE,
        "sizes": [
            {
                "documents": 1000,
                "pages": 6,
                "findings": 42_000,
                "jobs_2": {"cold": ran(200), "warm": ran(10), "added": ran(50, peak=900)},
            }
        ],
    },
    "cluster": {
        "machine": MACHINE,
        "documents": 100,
        "workers": 2,
        "encoder": False,
        "local": ran(20),
        "cluster": ran(25),
        "cluster_again": ran(22),
        "tables": 20,
        "equal": True,
    },
}


def test_many_short_reports_have_a_table_of_their_own():
    said = page.short_section(RESULTS)
    assert "| 1,000 | 42,000 | 2 | 200 | 200 | 0.20 | 10 | 5% | 50 | 25% | 900 | 0.10 |" in said


def test_kills_are_told_by_where_they_fell_and_what_was_lost():
    moments = [{"after": 1.0, "read": 9, "tag": n} for n in (0, 4, 9)]
    kills = {"documents": 9, "moments": moments, "compared": 33, "drafts": 0, "lost": 0}
    said = page.kills_section({"kills": {"machine": MACHINE, **kills, "equal": True}})
    assert "2 times while documents were read or tagged, 1 times after that" in said
    assert "33 tables and files, is equal byte by byte; 0 drafts" in said
    lost = page.kills_section({"kills": {"machine": MACHINE, **kills, "equal": True, "lost": 1}})
    assert "NOT equal" in lost


def test_what_a_further_report_costs_by_words_alone_is_told_without_what_starting_costs():
    kinds = {"cold": ran(30), "warm": ran(2), "added": ran(10)}
    few = {"documents": 100, "pages": 6, "findings": 4_200, "jobs_1": kinds}
    many = {**few, "documents": 300, "jobs_1": {**kinds, "cold": ran(70)}}
    said = page.words_section({"flow-words": {"machine": MACHINE, "sizes": [few, many]}})
    assert "each further document: from 100 to 300 0.20." in said


def test_the_page_is_what_the_benches_wrote():
    results = page.load()
    if not results:
        pytest.skip("no bench has been run")
    made = (ROOT / "reports" / "bench" / "README.md").read_text(encoding="utf-8")
    assert made == page.page(results), "run python -m tests.bench.page"
    shown = set(re.findall(r"\(pictures/(.+?)\)", made))
    assert shown == {path.name for path in (ROOT / "reports" / "bench" / "pictures").iterdir()}


def test_the_figures_of_the_readme_are_what_the_benches_wrote():
    assert page.marked(GUIDE, page.scale_section(page.load())) == GUIDE


def test_scale_is_judged_at_the_largest_size():
    found = page.scale(RESULTS["flow"])
    assert found["documents"] == 1000
    assert found["ratio"] == pytest.approx(1.8)
    assert found["warm"] == pytest.approx(15)
    assert found["peak_mb"] == 700
    assert found["growth"] == pytest.approx(0.9)  # the slower of the two: one job


def test_growth_is_also_judged_without_what_starting_costs():
    sizes = [sized(10, 20, 18), sized(100, 50, 36), sized(1000, 350, 234)]
    found = page.scale({"sizes": sizes})
    # One job: 30 s for 90 documents, then 300 s for 900. Two: 18 s for 90, then 198 s for 900.
    assert found["growth_further"] == pytest.approx(1.1)
    assert "growth_further" not in page.scale(RESULTS["flow"])


def test_what_was_measured_again_stands_beside_the_first_run():
    flow = {**RESULTS["flow"], "again": [sized(1000, 340, 200)]}
    assert page.measured_again(flow) == [pytest.approx(1.7)]
    assert page.scale(flow)["ratio"] == pytest.approx(1.8)
    assert "1.80 times as fast as on one, 1.70 when run again." in page.scale_section(
        {**RESULTS, "flow": flow}
    )
    assert "| the same, measured again | 1.70 |" in page.page({**RESULTS, "flow": flow})


def test_the_guide_says_ratios_and_what_many_reports_cost():
    said = page.scale_section(RESULTS)
    assert "1.80 times as fast as on one" in said
    assert "15 times as fast as the first" in said
    assert "1.25 times as long as two local processes" in said
    # 144 of 360 seconds for 1,000 reports are reading and tagging: 0.144 s each.
    assert "4.00 core hours (144 ms a report)" in said
    assert page.marked("a\n<!-- bench -->\nold\n<!-- /bench -->\nb", "new\n") == (
        "a\n<!-- bench -->\nnew\n<!-- /bench -->\nb"
    )
    assert page.scale_section({}) == ""


def test_the_page_has_the_figures_and_equal_results_give_equal_pictures(tmp_path):
    made = page.page(RESULTS)
    assert "| 1,000 | 2 | 200 |" in made
    assert "equal byte by byte" in made
    assert "Faults" not in made  # that bench has not been run here
    first = [path.read_bytes() for path in draw(RESULTS, tmp_path / "a")]
    assert first == [path.read_bytes() for path in draw(RESULTS, tmp_path / "b")]
    assert len(first) == 3
    json.dumps(RESULTS)


def test_the_bench_of_other_peoples_data_takes_any_csv_and_prints_both(
    tmp_path, monkeypatch, capsys
):
    """It stopped with a traceback once the fits were done."""
    told = [("The van was late again.", "travel"), ("The lamp was dim again.", "rooms")]
    rows = [f"{n} {text},{label},{n % 6}" for n in range(24) for text, label in told]
    data = tmp_path / "data.csv"
    data.write_text("said,labels,who\n" + "\n".join(rows) + "\n", encoding="utf-8")
    settings = ["--text", "said", "--labels", "labels", "--group", "who"]
    monkeypatch.setattr("sys.argv", ["bench_data", str(data), *settings])
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))  # the bench sets it, and this puts it back
    try:
        bench_data.main()
    finally:
        leave_project()
    found = json.loads(capsys.readouterr().out)
    assert (found["texts"], found["labels"]) == (48, 2)
    assert found["ours"]["micro_f1"] > 0.9
    assert found["tfidf_svc"]["micro_f1"] > 0.9
