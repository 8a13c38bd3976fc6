"""What discovery finds of issues that the catalogue lacks: `make bench-discovery`.

A fifth of the catalogue's subjects is taken away at a time, as though nobody had written them yet.
What findings written in voices say of these alone is then left over, as it would be in a run; so is
every fourth of the other findings, as though tagging had missed what they say; and so are those
that state no subject. Discovery groups what is left over. Printed, over all five: pairs of findings
of different units that share a new issue, how many of them share a subject, and how many of such
pairs share a new issue; new issues that are mainly one subject; and the subjects taken away that
five units or more state, of which one new issue holds half. What states no subject at all may
recur all the same, so pairs with it count neither way.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pandas as pd

from pipelines import columns as c
from pipelines.catalogue import load_catalogue
from pipelines.codebook import load_codebook
from pipelines.mine.groups.discovery import Group, discover
from pipelines.mine.likeness.space import Space, build_space
from pipelines.tables import frame
from pipelines.tag.labels.label import Label
from pipelines.tag.training.train import TrainSettings, read_labels
from tests.bench.bench_issues import pairs
from tests.bench.results import keep

PARTS = 5
WIDE = 5
MISSED = 4  # of so many findings that state a subject still there, one is left over


def written() -> list[Label]:
    """Findings written in voices, each of an invented unit, with themes and subjects; by unit."""
    every = read_labels(TrainSettings()).require()
    own = [x for x in every if x.voice and x.unit and x.polarity and x.subjects is not None]
    return sorted(own, key=lambda x: f"{unit_of(x)}/")


def unit_of(label: Label) -> str:
    """Name the unit of a voice: two voices may have invented the same one."""
    return f"{label.voice}-{label.unit}"


def tables_of(labels: list[Label]) -> dict[str, pd.DataFrame]:
    """A run's tables: a unit of a voice is a document, its themes are as they were coded."""
    names = [unit_of(x) for x in labels]
    ids = [f"{name}/{n:05d}" for n, name in enumerate(names)]
    findings = [
        {c.FINDING_ID: i, c.DOCUMENT_ID: name, c.UNIT: name, c.POLARITY: x.polarity, c.TEXT: x.text}
        for i, name, x in zip(ids, names, labels, strict=True)
    ]
    tags = [
        {c.FINDING_ID: i, c.THEME: theme, c.PROBABILITY: 1.0, c.ASSIGNED: True}
        for i, x in zip(ids, labels, strict=True)
        for theme in x.themes
    ]
    return {
        "documents": frame("documents", [{c.DOCUMENT_ID: n, c.UNIT: n} for n in sorted({*names})]),
        "findings": frame("findings", findings),
        "tags": frame("tags", tags),
    }


def count(
    groups: list[Group], truth: list[list[int]], hidden: list[list[int]], units: list[str]
) -> Counter[str]:
    """Count one part: rows that state each subject and pole, and those of subjects taken away."""
    known = {row for rows in truth for row in rows}
    found = [[int(r) for r in group.rows] for group in groups]
    judged = [[r for r in g if r in known] for g in found]
    given, wanted = pairs(judged, units.__getitem__), pairs(truth, units.__getitem__)
    wide = [rows for rows in hidden if len({units[r] for r in rows}) >= WIDE]
    mainly = [max((len({*g} & {*t}) for t in truth), default=0) for g in judged]
    return Counter(
        {
            "pairs": len(given),
            "right": len(given & wanted),
            "wanted": len(wanted),
            "new issues": len(found),
            "mainly one subject": sum(2 * m > len(g) for m, g in zip(mainly, judged, strict=True)),
            "wide subjects": len(wide),
            "wide found": sum(
                any(2 * len({*t} & {*g}) >= max(len(t), len(g)) for g in judged) for t in wide
            ),
        }
    )


def hide(
    part: list[str], labels: list[Label], tables: dict[str, pd.DataFrame], space: Space
) -> Counter[str]:
    """Take these subjects out of the catalogue, and let discovery group what is left over."""
    gone = set(part)
    left = np.asarray(
        [gone.issuperset(x.subjects or ()) or int(x.digest, 16) % MISSED == 0 for x in labels]
    )
    stating: dict[str, list[int]] = {}
    for row in np.flatnonzero(left):
        for subject in labels[row].subjects or ():
            stating.setdefault(f"{subject} {labels[row].polarity}", []).append(int(row))
    hidden = [rows for key, rows in stating.items() if key.split()[0] in gone]
    groups = discover(tables, space, codebook=load_codebook(), left=left)
    return count(groups, list(stating.values()), hidden, [unit_of(x) for x in labels])


def main() -> None:
    """Measure, print and keep."""
    labels = written()
    tables = tables_of(labels)
    space = build_space(tables["findings"][c.TEXT])
    slugs = [subject.slug for subject in load_catalogue().subjects]
    total: Counter[str] = Counter()
    for number in range(PARTS):
        found = hide(slugs[number::PARTS], labels, tables, space)
        print(number + 1, dict(found), flush=True)
        total += found
    precision = total["right"] / max(total["pairs"], 1)
    recall = total["right"] / max(total["wanted"], 1)
    scores: dict[str, Any] = {
        "findings": len(labels),
        "units": len(tables["documents"]),
        "precision": round(precision, 3),
        "recall": round(recall, 3),
        **dict(total),
    }
    print(scores)
    keep("discovery", scores)


if __name__ == "__main__":
    main()
