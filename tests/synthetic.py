"""Tables of a batch that never was: invented units and sentences, as large as a test wants them.

Rows are drawn from a seeded generator, so the same arguments give the same tables.
"""

from __future__ import annotations

import random

import pandas as pd

from pipelines import aggregate
from pipelines.codebook import load_codebook
from pipelines.intervals import wilson
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
    """Build every table of a run over `documents` invented reports of `each` findings.

    With three documents or more the first unit is inspected twice; with two or more one source
    could not be read and one line is left over.
    """
    batch = _Batch(random.Random(seed), each)
    for number in range(documents):
        again = documents >= 3 and number == documents - 1
        batch.add_document(
            unit_name(0 if again else number),
            "2025-03" if again else f"{2022 + number * 3 // documents}-{number % 12 + 1:02d}",
            paged=bool(number % 2),
        )
    if documents > 1:
        batch.add_failure()
    batch.add_issues(documents)
    tables = {name: frame(name, listed) for name, listed in batch.rows.items()}
    return {**tables, **aggregate.aggregate_tables(tables)}


class _Batch:
    """Rows of tables, document by document."""

    def __init__(self, draw: random.Random, each: int) -> None:
        self.draw, self.each = draw, each
        self.themes = load_codebook().themes
        self.grouped: dict[tuple[str, str], list[tuple[str, str]]] = {}
        self.rows: dict[str, list[dict[str, object]]] = {
            name: []
            for name in (
                "documents",
                "standards",
                "key_questions",
                "findings",
                "recommendations",
                "tags",
                "shares",
                "issues",
                "issue_findings",
                "links",
                "leftovers",
                "ledger",
            )
        }

    def add_document(self, unit: str, month: str, *, paged: bool) -> None:
        name = f"{unit.lower().replace(' ', '-')}-{month}"
        about = {
            "document_id": name,
            "unit": unit,
            "region": REGIONS[NAMES.index(unit.split()[0]) % len(REGIONS)],
            "published": month,
        }
        strengths = sum(
            self._add_finding(about, ordinal, paged=paged) == "strength"
            for ordinal in range(1, self.each + 1)
        )
        worst = self.draw.randrange(0, 3)
        self._add_ratings(name, worst)
        self._add_advice(name, unit)
        path = f"reports/{name}.{'pdf' if paged else 'html'}"
        self.rows["documents"].append(
            {
                **about,
                "path": path,
                "format": "pdf" if paged else "html",
                "sha256": digest(name) * 4,
                "pages": 28 if paged else None,
                "title": f"An inspection of probation services in {unit}",
                "unit_type": "pdu",
                "fieldwork": month,
                "framework": "pdu-2021" if month < "2023-10" else "pdu-2023",
                "overall_rating": RATINGS[worst],
                "overall_rating_source": "printed",
                "score": worst * 4,
                "score_max": 21,
                "cases_inspected": 44,
                "findings": self.each,
                "strengths": strengths,
                "areas_for_improvement": self.each - strengths,
                "recommendations": 2,
                "leftovers": 0,
                "warnings": [],
            }
        )
        self.rows["ledger"].append(
            {"path": path, "status": "read", "document_id": name, "reason": None, "seconds": 0.2}
        )

    def _add_finding(self, about: dict[str, object], ordinal: int, *, paged: bool) -> str:
        draw, finding_id = self.draw, f"{about['document_id']}/{ordinal:03d}"
        theme = self.themes[min(int(draw.expovariate(0.12)), len(self.themes) - 1)]
        weak = draw.random() < 0.35 + 0.4 * (self.themes.index(theme) % 3 == 0)
        polarity = "area_for_improvement" if weak else "strength"
        code, standard = STANDARDS[(ordinal - 1) * len(STANDARDS) // self.each]
        percent, whole = draw.randrange(12, 90), draw.randrange(9, 40)
        part = draw.randrange(1, whole)
        text = draw.choice(WEAK if weak else STRONG).format(
            subject=theme.name
            if theme.name[:2].isupper()
            else theme.name[0].lower() + theme.name[1:],
            Subject=theme.name,
            percent=percent,
            part=part,
            whole=whole,
        )
        page = 6 + ordinal // 4 if paged else None
        top = 90 + (ordinal % 4) * 150
        self.rows["findings"].append(
            {
                **about,
                "finding_id": finding_id,
                "ordinal": ordinal,
                "code": code,
                "standard": standard,
                "subsection": "Resettlement work" if ordinal % 17 == 0 else None,
                "polarity": polarity,
                "text": text,
                "quotes": []
                if ordinal % 13
                else ["They ask how the week went, and they remember."],
                "page": page,
                "page_end": page,
                "start": ordinal * 200,
                "end": ordinal * 200 + len(text),
                "digest": digest(text),
                "boxes": [f"{page} 72 {top} 520 {top + 42}"] if paged else [],
            }
        )
        self._add_tags(finding_id, {theme.slug, draw.choice(self.themes).slug})
        self.grouped.setdefault((theme.slug, polarity), []).append((finding_id, str(about["unit"])))
        if "per cent" in text:
            self._add_share(finding_id, f"{percent} per cent", percent / 100, weak=weak)
        elif "out of" in text:
            self._add_share(finding_id, f"{part} out of {whole}", part / whole, weak=weak)
        return polarity

    def _add_tags(self, finding_id: str, chosen: set[str]) -> None:
        for theme in self.themes:
            own = theme.slug in chosen
            sure = self.draw.uniform(0.55, 0.99) if own else self.draw.uniform(0.0, 0.3)
            self.rows["tags"].append(
                {
                    "finding_id": finding_id,
                    "theme": theme.slug,
                    "probability": round(sure, 4),
                    "assigned": own,
                    "certainty": ("sure" if sure >= 0.8 else "likely")
                    if own
                    else "suggested"
                    if sure >= 0.2
                    else None,
                    "source": "model",
                    "review": own and sure < 0.62,
                }
            )

    def _add_share(self, finding_id: str, text: str, value: float, *, weak: bool) -> None:
        self.rows["shares"].append(
            {
                "finding_id": finding_id,
                "text": text,
                "start": 0,
                "end": len(text),
                "value": value,
                "numerator": None,
                "denominator": None,
                "comparator": "eq",
                "benchmark": False,
                "direction": "poor" if weak else "good",
                "confidence": 0.9,
                "good_share": 1 - value if weak else value,
            }
        )

    def _add_ratings(self, name: str, worst: int) -> None:
        for code, standard in STANDARDS:
            rating = RATINGS[max(0, min(3, worst + self.draw.randrange(-1, 2)))]
            self.rows["standards"].append(
                {"document_id": name, "code": code, "standard": standard, "rating": rating}
            )
            for dimension in ("engagement", "desistance", "safety") if code > "2" else ():
                self.rows["key_questions"].append(
                    {
                        "document_id": name,
                        "code": code,
                        "question": f"Does {standard.lower()} attend to {dimension}?",
                        "dimension": dimension,
                        "percent": float(self.draw.randrange(15, 85)),
                    }
                )

    def _add_advice(self, name: str, unit: str) -> None:
        for number, kind, addressee, wish in (
            (1, "pdu", unit, "set out who answers for management oversight, and check it monthly"),
            (2, "hmpps", "HMPPS", "fill the posts that have stood empty for over half a year"),
        ):
            self.rows["recommendations"].append(
                {
                    "recommendation_id": f"{name}/r{number}",
                    "document_id": name,
                    "number": number,
                    "addressee": addressee,
                    "addressee_type": kind,
                    "text": wish,
                }
            )
        self.rows["links"].append(
            {"recommendation_id": f"{name}/r1", "finding_id": f"{name}/003", "score": 0.7}
        )

    def add_failure(self) -> None:
        self.rows["ledger"].append(
            {
                "path": "reports/scan.pdf",
                "status": "failed",
                "document_id": None,
                "reason": "the pages are pictures without a text layer; run OCR over it first",
                "seconds": 0.1,
            }
        )
        self.rows["leftovers"].append(
            {
                "document_id": self.rows["documents"][0]["document_id"],
                "page": 9,
                "text": "A line that stood between two lists.",
                "reason": "paragraph after a table",
            }
        )

    def add_issues(self, inspected: int) -> None:
        for (theme, polarity), members in sorted(self.grouped.items()):
            units = {unit for _, unit in members}
            if len(units) < 3:
                continue
            low, high = wilson(len(units), inspected)
            new = theme == "staffing-and-workload"
            issue_id = f"{'new-' if new else ''}{theme}/{polarity}"
            sure = {finding_id for finding_id, _ in members[::2]} if not new else set()
            self.rows["issues"].append(
                {
                    "issue_id": issue_id,
                    "subject": None if new else theme,
                    "theme": theme,
                    "polarity": polarity,
                    "label": f"{theme.replace('-', ' ')} told alike",
                    "terms": ["nobody owned it", "written down"],
                    "status": "new" if new else "catalogue",
                    "findings": len(members),
                    "units": len(units),
                    "units_sure": len({unit for name, unit in members if name in sure}),
                    "opposite_units": 0,
                    "units_inspected": inspected,
                    "share": len(units) / inspected,
                    "low": low,
                    "high": high,
                    "stability": 0.8 if new else None,
                }
            )
            self.rows["issue_findings"] += [
                {
                    "issue_id": issue_id,
                    "finding_id": finding_id,
                    "probability": None if new else 0.97 if finding_id in sure else 0.7,
                    "certainty": None if new else "sure" if finding_id in sure else "likely",
                    "source": "model",
                    "similarity": 0.9,
                    "representative": place < 2,
                }
                for place, (finding_id, _) in enumerate(members)
            ]
