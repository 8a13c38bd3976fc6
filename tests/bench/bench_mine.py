"""Mining 100,000 findings: minutes, megabytes and growth.

Run by `make bench-mine`. Findings are made of sentences of the authored labels, two or three of one
theme each, with figures drawn anew: their words are spread as in real ones, and no two are equal.
Each size is mined in a process of its own, whose peak of memory the system counts.
"""

from __future__ import annotations

import json
import math
import random
import re
import resource
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from pipelines import columns as c
from pipelines.mine import build_index, mine_tables
from pipelines.mine.search import search
from pipelines.records import digest
from pipelines.tables import frame
from tests.bench.results import keep

ROOT = Path(__file__).parents[2]
SMALL, LARGE = 10_000, 100_000
EACH = 40  # findings of a document
POLARITIES = {"afi": "area_for_improvement"}  # as the labels abbreviate it
SECONDS, MEGABYTES, SLACK = 300, 4096, 1.3


def sentence_pools() -> dict[tuple[str, str], list[str]]:
    pools: dict[tuple[str, str], list[str]] = {}
    for path in sorted((ROOT / "corpus" / "labels").glob("authored*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            for sentence in re.split(r"(?<=[.!?]) (?=[A-Z])", row["text"]):
                polarity = POLARITIES.get(row["polarity"], row["polarity"])
                pools.setdefault((row["themes"][0], polarity), []).append(sentence)
    return pools


def made_tables(size: int) -> dict[str, pd.DataFrame]:
    draw = random.Random(11)
    pools = sentence_pools()
    keys = sorted(pools)
    documents, findings, tags, recommendations, asked = [], [], [], [], []
    for number in range(size // EACH):
        document = f"unit-{number:05d}-2023-{number % 12 + 1:02d}"
        unit = f"Unit {number // 2}"  # every unit is inspected twice
        documents.append({c.DOCUMENT_ID: document, c.UNIT: unit, c.FINDINGS: EACH})
        for ordinal in range(1, EACH + 1):
            theme, polarity = key = draw.choice(keys)
            text = " ".join(draw.sample(pools[key], min(len(pools[key]), draw.randint(1, 3))))
            text = re.sub(r"\b\d{2}\b", lambda _: str(draw.randint(10, 99)), text)
            finding_id = f"{document}/{ordinal:03d}"
            findings.append(
                {
                    c.FINDING_ID: finding_id,
                    c.DOCUMENT_ID: document,
                    c.ORDINAL: ordinal,
                    c.UNIT: unit,
                    c.POLARITY: polarity,
                    c.TEXT: text,
                    c.DIGEST: digest(text),
                }
            )
            themes = {theme, draw.choice(keys)[0]} if draw.random() < 0.6 else {theme}
            tags.extend(
                {c.FINDING_ID: finding_id, c.THEME: t, c.PROBABILITY: 0.9, c.ASSIGNED: True}
                for t in sorted(themes)
            )
        for count in range(1, 9):
            key = draw.choice(keys)
            given = {c.THEME: key[0], c.PROBABILITY: 0.9, c.ASSIGNED: True}
            asked.append({c.RECOMMENDATION_ID: f"{document}/r{count}", **given})
            recommendations.append(
                {
                    c.RECOMMENDATION_ID: f"{document}/r{count}",
                    c.DOCUMENT_ID: document,
                    c.NUMBER: count,
                    c.ADDRESSEE_TYPE: "pdu",
                    c.TEXT: "put this right: " + draw.choice(pools[key]).lower(),
                }
            )
    return {
        "documents": frame("documents", documents),
        "findings": frame("findings", findings),
        "tags": frame("tags", tags),
        "recommendations": frame("recommendations", recommendations),
        "recommendation_tags": frame("recommendation_tags", asked),
    }


def measure(size: int) -> dict[str, float]:
    tables = made_tables(size)
    began, spent = time.perf_counter(), time.process_time()
    mined = mine_tables(tables)
    seconds, cpu = time.perf_counter() - began, time.process_time() - spent
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began = time.perf_counter()
    index = build_index(tables["findings"])
    indexing = time.perf_counter() - began
    queries = ["police delay domestic abuse", "unpaid work backlog", "home visits risk of harm"]
    began = time.perf_counter()
    for query in queries:
        search(query, tables["findings"], index=index)
    return {
        "findings": size,
        "seconds": round(seconds, 1),
        "cpu_seconds": round(cpu, 1),
        "megabytes": round(peak),
        "issues": len(mined["issues"]),
        "shares": len(mined["shares"]),
        "links": len(mined["links"]),
        "index_seconds": round(indexing, 1),
        "query_seconds": round((time.perf_counter() - began) / len(queries), 3),
    }


def measured(size: int) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.bench_mine", str(size)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    result = json.loads(done.stdout)
    print(json.dumps(result))
    return result


@pytest.mark.bench
def test_a_hundred_thousand_findings_are_mined_in_time_and_memory():
    small, large = measured(SMALL), measured(LARGE)
    keep("mine", {"sizes": [small, large]})
    assert large["seconds"] < SECONDS
    assert large["megabytes"] < MEGABYTES
    fair = (LARGE * math.log(LARGE)) / (SMALL * math.log(SMALL))
    # Processor time: what else runs on the machine does not count as growth.
    assert large["cpu_seconds"] / small["cpu_seconds"] <= fair * SLACK
    assert large["query_seconds"] < 1


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(int(sys.argv[1]))) + "\n")
