"""Recurring issues against groupings that people made by hand: `make bench-issues`.

Two pairs of independent groupings: of the sample corpus (A and B), and of three units in a voice
that nothing was trained on (C and D). Printed for each: pairs of findings of different units that
share an issue, precision against what either grouping says, recall of what both say; and issues of
five units or more (three, where there are but three) that are found: half of the members on both
sides. They are for measuring only and are not in this repository.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines import columns as c
from pipelines.tables import frame
from pipelines.tag import load_model, tag_tables
from tests.layouts.model import TITLES

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "labels"
STANDARDS = {**TITLES, "2.6": "Outcomes"}


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def sample() -> tuple[pd.DataFrame, Callable[[str], str]]:
    """The sample corpus's findings, and the unit of each."""
    rows = rows_of(ROOT / "corpus" / "sample" / "labels" / "findings.jsonl")
    told = (c.DOCUMENT_ID, c.ORDINAL, c.POLARITY, c.CODE, c.STANDARD, c.SUBSECTION, c.TEXT)
    table = frame(
        "findings",
        [
            {
                c.FINDING_ID: f"{row[c.DOCUMENT_ID]}/{row[c.ORDINAL]:03d}",
                **{name: row[name] for name in told},
            }
            for row in rows
        ],
    )
    return table, lambda name: re.sub(r"-\d{4}-\d{2}$", "", name.split("/")[0])


def units() -> tuple[pd.DataFrame, Callable[[str], str]]:
    """Three units in a voice of their own, and the unit of each finding."""
    rows = rows_of(SHARED / "units3.jsonl")
    table = frame(
        "findings",
        [
            {
                c.FINDING_ID: row["n"],
                c.DOCUMENT_ID: row["unit"],
                c.UNIT: row["unit"],
                c.TEXT: row["text"],
                c.POLARITY: "strength" if row["polarity"] == "strength" else "area_for_improvement",
                c.STANDARD: STANDARDS.get(row["code"]),
                c.SUBSECTION: row["subsection"],
            }
            for row in rows
        ],
    )
    unit = {row["n"]: row["unit"] for row in rows}
    return table, unit.__getitem__


def groups_of(tags: pd.DataFrame) -> list[list[str]]:
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    given = tags[tags[c.ASSIGNED]]
    for name, subject, pole in zip(
        given[c.FINDING_ID], given[c.SUBJECT], given[c.POLARITY], strict=True
    ):
        groups[subject, pole].append(name)
    return list(groups.values())


def pairs(groups: Iterable[Iterable[Any]], unit: Callable[[Any], str]) -> set[tuple[Any, Any]]:
    """Return the pairs of findings of different units that share a group."""
    return {
        (a, b)
        for group in groups
        for a, b in combinations(sorted(set(group)), 2)
        if unit(a) != unit(b)
    }


def compare(
    groups: list[list[str]],
    first: list[list[str]],
    second: list[list[str]],
    unit: Callable[[str], str],
    wide: int,
) -> dict[str, Any]:
    given, one, two = (pairs(g, unit) for g in (groups, first, second))
    precision = len(given & (one | two)) / max(len(given), 1)
    recall = len(given & one & two) / max(len(one & two), 1)
    large = [set(g) for g in first if len({unit(x) for x in g}) >= wide]
    found = sum(any(2 * len(g & set(h)) >= max(len(g), len(set(h))) for h in groups) for g in large)
    return {
        "precision": round(precision, 3),
        "recall": round(recall, 3),
        "f1": round(2 * precision * recall / max(precision + recall, 1e-9), 3),
        "wide": f"{found} of {len(large)}",
    }


def measure() -> dict[str, Any]:
    model = load_model()
    out: dict[str, Any] = {"model": model.label}
    for name, (findings, unit), (a, b), wide in (
        ("sample", sample(), ("issues_sample_A", "issues_sample_B"), 5),
        ("units", units(), ("issues_units3_C", "issues_units3_D"), 3),
    ):
        one, two = ([r["findings"] for r in rows_of(SHARED / f"{x}.jsonl")] for x in (a, b))
        known = set(findings[c.FINDING_ID])
        one, two = ([[x for x in g if x in known] for g in groups] for groups in (one, two))
        tags = tag_tables(findings, model=model)["issue_tags"]
        out[name] = compare(groups_of(tags), one, two, unit, wide)
        out[f"{name}, sure only"] = compare(
            groups_of(tags[tags[c.CERTAINTY] == "sure"]), one, two, unit, wide
        )
        out[f"{name}, the other grouping"] = compare(two, one, two, unit, wide)
    return out


if __name__ == "__main__":
    if not SHARED.is_dir():
        sys.exit(f"the groupings are not at {SHARED}: nothing to measure against")
    for key, value in measure().items():
        print(f"{key}: {value}")
