"""Gold labels of the sample corpus: what reading, segmenting, tagging and mining should find.

Everything is derived from the sources; a document is told by its id, a finding by its place in it.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping

from authoring.source import Source
from pipelines.records import Polarity, digest

SUFFIX = {"pdf": ".pdf", "html": ".html", "text": ".txt"}


def labels(sources: Iterable[Source]) -> dict[str, str]:
    """Return the label files: name to content."""
    sources = tuple(sources)
    return {
        "findings.jsonl": "".join(
            json.dumps(row, ensure_ascii=False) + "\n" for s in sources for row in findings(s)
        ),
        "documents.csv": _csv([facts(s) for s in sources]),
        "standards.csv": _csv([row for s in sources for row in standards(s)]),
        "key_questions.csv": _csv([row for s in sources for row in key_questions(s)]),
        "recommendations.csv": _csv([row for s in sources for row in recommendations(s)]),
        "shares.csv": _csv([row for s in sources for row in shares(s)]),
    }


def findings(source: Source) -> list[dict[str, object]]:
    """Return the findings with their themes."""
    return [
        {
            "document_id": source.document_id,
            "ordinal": ordinal,
            "polarity": str(f.polarity),
            "code": f.code,
            "standard": f.standard,
            "subsection": f.subsection,
            "text": f.whole,
            "quotes": list(f.quotes),
            "themes": list(f.themes),
            "digest": digest(f.whole),
        }
        for ordinal, f in enumerate(source.findings, start=1)
    ]


def facts(source: Source) -> dict[str, object]:
    """Return the document's row."""
    strengths = sum(f.polarity == Polarity.STRENGTH for f in source.findings)
    colon = "" if source.ship == "html" else ":"  # as each form prints it
    return {
        "document_id": source.document_id,
        "file": source.document_id + SUFFIX[source.ship],
        "format": source.ship,
        "title": f"An inspection of probation services in{colon} {source.unit} PDU",
        "unit": source.unit,
        "unit_type": "pdu",
        "region": source.region,
        "published": source.published[:7],
        "fieldwork": source.fieldwork[:7],
        "framework": source.framework,
        "overall_rating": str(source.overall),
        "overall_rating_source": "foreword" if source.overall_printed else "printed",
        "score": source.score,
        "score_max": source.score_max,
        "cases_inspected": source.cases,
        "findings": len(source.findings),
        "strengths": strengths,
        "areas_for_improvement": len(source.findings) - strengths,
        "recommendations": sum(len(a.items) for a in source.addressees),
    }


def standards(source: Source) -> list[dict[str, object]]:
    """Return the standards; one that the framework never rates has no rating."""
    return [
        {
            "document_id": source.document_id,
            "code": s.code,
            "standard": s.title,
            "rating": s.rating and str(s.rating),
        }
        for s in source.standards
    ]


def key_questions(source: Source) -> list[dict[str, object]]:
    """Return the key questions with their percentages."""
    return [
        {
            "document_id": source.document_id,
            "code": s.code,
            "question": q.text,
            "dimension": q.dimension,
            "percent": q.percent,
        }
        for s in source.standards
        for q in s.questions
    ]


def recommendations(source: Source) -> list[dict[str, object]]:
    """Return the recommendations with their addressees."""
    return [
        {
            "document_id": source.document_id,
            "number": number,
            "addressee": addressee.name,
            "addressee_type": addressee.kind,
            "text": text,
        }
        for number, addressee, text in source.recommendations
    ]


def shares(source: Source) -> list[dict[str, object]]:
    """Return the shares that findings state; start and end are offsets in the finding's text."""
    rows: list[dict[str, object]] = []
    for ordinal, finding in enumerate(source.findings, start=1):
        at = 0
        for share in finding.shares:
            start = finding.whole.index(share.text, at)
            at = start + len(share.text)
            rows.append(
                {
                    "document_id": source.document_id,
                    "ordinal": ordinal,
                    "text": share.text,
                    "start": start,
                    "end": at,
                    "value": share.value,
                    "numerator": share.numerator,
                    "denominator": share.denominator,
                    "comparator": share.comparator,
                    "direction": share.direction,
                }
            )
    return rows


def _csv(rows: list[dict[str, object]]) -> str:
    out = io.StringIO()
    if rows:
        writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return out.getvalue()


def table(rows: Iterable[Mapping[str, object]]) -> str:
    """Write rows as a Markdown table."""
    listed = list(rows)
    heads = list(listed[0])
    lines = [" | ".join(heads), " | ".join("---" for _ in heads)]
    lines += [" | ".join(str(row[h]) for h in heads) for row in listed]
    return "".join(f"| {line} |\n" for line in lines)
