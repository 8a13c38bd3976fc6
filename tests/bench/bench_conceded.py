"""What findings only concede, and whether it is taken for what they state: `make bench-conceded`.

Each of 180 written findings concedes one matter and speaks of another: an area for improvement of
one that was good, a strength of one that was not. Two writers who saw neither the catalogue's names
nor any other finding wrote them from descriptions of two matters each; somebody else coded them
blind, and agreed with what was meant in all. Nothing is trained on them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines import columns as c
from pipelines.tables import frame
from pipelines.tag import load_model, tag_tables
from pipelines.tag.models.model import Model
from tests.bench.results import keep

FINDINGS = Path(__file__).with_name("conceded.jsonl")


def rows() -> list[dict[str, Any]]:
    """Read the findings: text, polarity, `issues` that it states and those `conceded`."""
    return [json.loads(line) for line in FINDINGS.read_text("utf-8").splitlines()]


def table_of(rows: list[dict[str, Any]]) -> pd.DataFrame:
    told = [
        {c.FINDING_ID: f"{n:03d}", c.TEXT: row["text"], c.POLARITY: row["polarity"]}
        for n, row in enumerate(rows)
    ]
    return frame("findings", told)


def measure(model: Model) -> dict[str, int]:
    """Count of what is stated and of what is conceded how much is given as stated."""
    read = rows()
    tags = tag_tables(table_of(read), model=model)["issue_tags"]
    given = pairs(tags[tags[c.ASSIGNED]])
    sure = pairs(tags[tags[c.CERTAINTY] == "sure"])
    stated = {(f"{n:03d}", slug) for n, row in enumerate(read) for slug in row["issues"]}
    conceded = {(f"{n:03d}", slug) for n, row in enumerate(read) for slug in row["conceded"]}
    return {
        "findings": len(read),
        "stated": len(stated),
        "stated given": len(stated & given),
        "conceded": len(conceded),
        "conceded given": len(conceded & given),
        "conceded given as sure": len(conceded & sure),
    }


def pairs(tags: pd.DataFrame) -> set[tuple[str, str]]:
    """Return finding and subject of each row."""
    return set(zip(tags[c.FINDING_ID], tags[c.SUBJECT], strict=True))


if __name__ == "__main__":
    model = load_model()
    found = {"model": model.label, **measure(model)}
    print(found)
    keep("conceded", found)
