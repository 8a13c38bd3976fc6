"""Tables of a batch that never was: invented units and sentences, as large as a test wants them.

Rows are drawn from a seeded generator, so the same arguments give the same tables.
"""

from __future__ import annotations

import random

import pandas as pd

from pipelines import aggregate
from pipelines.codebook import load_codebook
from pipelines.records import digest
from pipelines.tables import frame

REGIONS = ("Northmoor", "Eastvale", "Southhythe")
NAMES = (
    "Alder",
    "Birch",
    "Cedar",
    "Elder",
    "Fir",
    "Hazel",
    "Hornbeam",
    "Juniper",
    "Larch",
    "Maple",
)
PLACES = ("Bridge", "Cross", "Dale", "Ford", "Gate", "Haven", "Mere", "Reach", "Wick", "Wold")
RATINGS = ("Inadequate", "Requires improvement", "Good", "Outstanding")
STANDARDS = (
    ("1.1", "Leadership"),
    ("1.2", "Staffing"),
    ("1.3", "Services"),
    ("2.1", "Assessment"),
    ("2.2", "Planning"),
    ("2.3", "Implementation and delivery"),
    ("2.4", "Reviewing"),
)
STRONG = (
    "Work on {subject} stood out here; colleagues told us what had changed and why it held.",
    "The unit knew where it was with {subject} and had acted on what it learnt last winter.",
    "{Subject} was sound in {percent} per cent of the cases we looked at.",
    "Partners spoke well of {subject}, and the paperwork bore them out.",
)
WEAK = (
    "Too little was done about {subject}; a plan had been drafted but nobody owned it.",
    "We found {subject} lacking in {percent} per cent of cases, with long gaps between steps.",
    "{Subject} depended on single people and came to a halt whenever they were away.",
    "In {part} out of {whole} cases nothing on {subject} had been written down at all.",
)


def unit_name(number: int) -> str:
    """Name the unit of that number; a hundred different ones before a numeral is needed."""
    first, second = NAMES[number % 10], PLACES[(number // 10 + number) % 10]
    return f"{first} {second}" + (f" {number // 100 + 1}" if number >= 100 else "")


def make_tables(documents: int = 12, *, each: int = 40, seed: int = 7) -> dict[str, pd.DataFrame]:
    """Build every table of a run over `documents` invented reports of `each` findings."""
    draw = random.Random(seed)
    themes = load_codebook().themes
    rows: dict[str, list[dict[str, object]]] = {
        name: []
        for name in (
            "documents standards key_questions findings recommendations tags shares issues "
            "issue_findings links leftovers ledger"
        ).split()
    }
    grouped: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for number in range(documents):
        unit = unit_name(number if number < documents - 1 or documents < 3 else 0)
        month = f"{2022 + number * 3 // max(documents, 1)}-{number % 12 + 1:02d}"
        if documents >= 3 and number == documents - 1:
            month = "2025-03"
        name = f"{unit.lower().replace(' ', '-')}-{month}"
        region = REGIONS[NAMES.index(unit.split()[0]) % 3]
        path = f"reports/{name}.{'pdf' if number % 2 else 'html'}"
        paged = bool(number % 2)
        strengths = 0
        for ordinal in range(1, each + 1):
            finding_id = f"{name}/{ordinal:03d}"
            theme = themes[min(int(draw.expovariate(0.12)), len(themes) - 1)]
            second = themes[draw.randrange(len(themes))]
            weak = draw.random() < 0.35 + 0.4 * (themes.index(theme) % 3 == 0)
            strengths += not weak
            polarity = "area_for_improvement" if weak else "strength"
            code, standard = STANDARDS[(ordinal - 1) * len(STANDARDS) // each]
            percent, whole = draw.randrange(12, 90), draw.randrange(9, 40)
            part = draw.randrange(1, whole)
            subject = (
                theme.name if theme.name[:2].isupper() else theme.name[0].lower() + theme.name[1:]
            )
            template = draw.choice(WEAK if weak else STRONG)
            text = template.format(
                subject=subject,
                Subject=theme.name,
                percent=percent,
                part=part,
                whole=whole,
            )
            page = 6 + ordinal // 4 if paged else None
            top = 90 + (ordinal % 4) * 150
            boxes = [f"{page} 72 {top} 520 {top + 42}"] if paged else []
            rows["findings"].append(
                {
                    "finding_id": finding_id,
                    "document_id": name,
                    "ordinal": ordinal,
                    "unit": unit,
                    "region": region,
                    "published": month,
                    "code": code,
                    "standard": standard,
                    "subsection": "Resettlement work" if ordinal % 17 == 0 else None,
                    "polarity": polarity,
                    "text": text,
                    "quotes": ["They ask me how the week went, and they remember."]
                    if ordinal % 13 == 0
                    else [],
                    "page": page,
                    "page_end": page,
                    "start": ordinal * 200,
                    "end": ordinal * 200 + len(text),
                    "digest": digest(text),
                    "boxes": boxes,
                }
            )
            for candidate in themes:
                chosen = candidate in (theme, second)
                sure = draw.uniform(0.55, 0.99) if chosen else draw.uniform(0.0, 0.3)
                rows["tags"].append(
                    {
                        "finding_id": finding_id,
                        "theme": candidate.slug,
                        "probability": round(sure, 4),
                        "assigned": chosen,
                        "source": "model",
                        "review": chosen and sure < 0.62,
                    }
                )
            grouped.setdefault((theme.slug, polarity), []).append((finding_id, unit))
            if "per cent" in text or "out of" in text:
                rows["shares"].append(
                    {
                        "finding_id": finding_id,
                        "text": f"{percent} per cent"
                        if "per cent" in text
                        else f"{part} out of {whole}",
                        "start": 0,
                        "end": 12,
                        "value": percent / 100 if "per cent" in text else part / whole,
                        "numerator": None if "per cent" in text else part,
                        "denominator": None if "per cent" in text else whole,
                        "comparator": "eq",
                    }
                )
        worst = draw.randrange(0, 3)
        for code, standard in STANDARDS:
            rows["standards"].append(
                {
                    "document_id": name,
                    "code": code,
                    "standard": standard,
                    "rating": RATINGS[max(0, min(3, worst + draw.randrange(-1, 2)))],
                }
            )
            if code >= "2.1":
                for dimension in ("engagement", "desistance", "safety"):
                    rows["key_questions"].append(
                        {
                            "document_id": name,
                            "code": code,
                            "question": f"Does {standard.lower()} attend to {dimension}?",
                            "dimension": dimension,
                            "percent": float(draw.randrange(15, 85)),
                        }
                    )
        recommended = [
            (
                "pdu",
                f"{unit} should",
                "set out who is answerable for management oversight and check it each month",
            ),
            (
                "hmpps",
                "HMPPS should",
                "fill the posts that have stood empty for longer than half a year",
            ),
        ]
        for count, (kind, addressee, wish) in enumerate(recommended, 1):
            rows["recommendations"].append(
                {
                    "recommendation_id": f"{name}/r{count}",
                    "document_id": name,
                    "number": count,
                    "addressee": addressee.removesuffix(" should"),
                    "addressee_type": kind,
                    "text": wish,
                }
            )
            if count == 1:
                rows["links"].append(
                    {
                        "recommendation_id": f"{name}/r{count}",
                        "finding_id": f"{name}/{count * 3:03d}",
                        "score": 0.7,
                    }
                )
        rows["documents"].append(
            {
                "document_id": name,
                "path": path,
                "format": "pdf" if paged else "html",
                "sha256": f"{number:064x}",
                "pages": 28 if paged else None,
                "title": f"An inspection of probation services in {unit}",
                "unit": unit,
                "unit_type": "pdu",
                "region": region,
                "published": month,
                "fieldwork": month,
                "framework": "pdu-2021" if month < "2023-10" else "pdu-2023",
                "overall_rating": RATINGS[worst],
                "overall_rating_source": "printed",
                "score": worst * 4,
                "score_max": 21,
                "cases_inspected": 40 + number,
                "findings": each,
                "strengths": strengths,
                "areas_for_improvement": each - strengths,
                "recommendations": 2,
                "leftovers": 0,
                "warnings": [],
            }
        )
        rows["ledger"].append(
            {"path": path, "status": "read", "document_id": name, "reason": None, "seconds": 0.2}
        )
    if documents > 1:
        rows["ledger"].append(
            {
                "path": "reports/scan.pdf",
                "status": "failed",
                "document_id": None,
                "reason": "the pages are pictures without a text layer; run OCR over it first",
                "seconds": 0.1,
            }
        )
        rows["leftovers"].append(
            {
                "document_id": rows["documents"][0]["document_id"],
                "page": 9,
                "text": "A line that stood between two lists.",
                "reason": "paragraph after a table",
            }
        )
    for (theme_slug, polarity), members in sorted(grouped.items()):
        units = sorted({unit for _, unit in members})
        if len(units) < 3:
            continue
        issue_id = f"{theme_slug}/{polarity}/1"
        rows["issues"].append(
            {
                "issue_id": issue_id,
                "theme": theme_slug,
                "polarity": polarity,
                "label": f"{theme_slug.replace('-', ' ')} without an owner",
                "terms": ["nobody owned it", "written down"],
                "findings": len(members),
                "units": len(units),
                "units_inspected": documents,
                "share": len(units) / documents,
                "low": max(0.0, len(units) / documents - 0.2),
                "high": min(1.0, len(units) / documents + 0.2),
                "stability": 0.8,
            }
        )
        rows["issue_findings"] += [
            {
                "issue_id": issue_id,
                "finding_id": finding_id,
                "similarity": 0.9,
                "representative": place < 2,
            }
            for place, (finding_id, _) in enumerate(members)
        ]
    tables = {name: frame(name, listed) for name, listed in rows.items()}
    return {**tables, **aggregate.aggregate_tables(tables)}
