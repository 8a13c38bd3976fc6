"""The sample corpus as tables, from its hand-made labels: what mining is tried on."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pandas as pd

from pipelines import columns as c
from pipelines.tables import frame

LABELS = Path(__file__).parents[1] / "corpus" / "sample" / "labels"


def rows_of(name: str) -> list[dict[str, str]]:
    with (LABELS / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def sample_findings() -> list[dict]:
    """Return the labelled findings; `ordinal` counts within the document."""
    out, counts = [], {}
    for line in (LABELS / "findings.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        counts[row["document_id"]] = row["ordinal"] = counts.get(row["document_id"], 0) + 1
        out.append(row)
    return out


def sample_tables() -> dict[str, pd.DataFrame]:
    """Return documents, findings, tags and recommendations of the sample corpus."""
    documents = {row[c.DOCUMENT_ID]: row for row in rows_of("documents.csv")}
    findings, tags = [], []
    for row in sample_findings():
        finding_id = f"{row['document_id']}/{row['ordinal']:03d}"
        document = documents[row["document_id"]]
        findings.append(
            {
                c.FINDING_ID: finding_id,
                **{k: row[k] for k in (c.DOCUMENT_ID, c.ORDINAL, c.POLARITY, c.TEXT, c.DIGEST)},
                **{k: document[k] for k in (c.UNIT, c.REGION, c.PUBLISHED)},
                c.STANDARD: row[c.STANDARD],
            }
        )
        tags.extend(
            {
                c.FINDING_ID: finding_id,
                c.THEME: theme,
                c.PROBABILITY: 1.0,
                c.ASSIGNED: True,
                c.SOURCE: "label",
            }
            for theme in row["themes"]
        )
    return {
        "documents": frame(
            "documents",
            ({k: d[k] for k in (c.DOCUMENT_ID, c.UNIT, c.REGION)} for d in documents.values()),
        ),
        "findings": frame("findings", findings),
        "tags": frame("tags", tags),
        "recommendations": frame(
            "recommendations",
            (
                {
                    **{k: r[k] for k in (c.DOCUMENT_ID, c.ADDRESSEE, c.ADDRESSEE_TYPE, c.TEXT)},
                    c.NUMBER: int(r[c.NUMBER]),
                    c.RECOMMENDATION_ID: f"{r[c.DOCUMENT_ID]}/r{r[c.NUMBER]}",
                }
                for r in rows_of("recommendations.csv")
            ),
        ),
    }
