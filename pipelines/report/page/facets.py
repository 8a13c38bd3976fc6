"""What the page's script counts by: every finding's facets, in columns of small numbers.

A page of a thousand reports cannot carry every finding's text, but it carries these, so that what
is counted under a filter is counted over all findings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from pipelines.records import POLARITY_NAMES, Rating
from pipelines.report.content import Content
from pipelines.report.english import shorten
from pipelines.report.evidence import SAYS_LITTLE
from pipelines.report.finding import AREA, STRENGTH, Evidence, Weight
from pipelines.tables import FORMULA, UNSEEN

RATINGS: Final = [r.value for r in reversed(Rating) if r is not Rating.NOT_RATED]


class _Numbers:
    """Numbers given to names, in the order in which they are first asked for."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.of: dict[str, int] = {}
        for name in names:
            self(name)

    def __call__(self, name: str) -> int:
        return self.of.setdefault(name, len(self.of))


def script_data(
    content: Content,
    carried: Sequence[Evidence],
    words: Mapping[tuple[str, str], Sequence[Weight]],
) -> dict[str, Any]:
    """Return what the page's script filters, counts and explains by.

    Args:
        content: The report; all its findings are counted.
        carried: Those of its findings whose text the page holds, in the order of the page.
        words: That spoke for their themes, by finding and theme.

    Returns:
        Names of themes, units and so on; `documents` as numbers into them; `findings` as columns
        of numbers, one place per finding; `carried`, what is known of the findings with text. Text
        columns (`side`, `check`) have a digit a finding; a number in `sure` has a bit for each of
        the finding's themes, the lowest for the first; of its issues the first `sureIssues` are
        sure.
    """
    regions, ratings, years = _Numbers(), _Numbers(), _Numbers()
    units = _Numbers(unit.name for unit in content.units)
    standards = _Numbers(content.standards)
    documents, rows = _Numbers(), []
    for document_id, (unit, region, rating, published, named) in _inspected(content).items():
        documents(document_id)
        rows.append(
            [
                units(unit),
                regions(region),
                ratings(rating),
                years(published[:4]),
                sorted(standards(name) for name in sorted(named) if name),
            ]
        )
    themes = _Numbers(theme.slug for theme in content.themes)
    issues = _Numbers(issue.issue_id for issue in content.issues)
    sides = {i.issue_id: "1" if i.polarity == STRENGTH else "0" for i in content.issues}
    evidence = content.evidence
    for theme, *_ in evidence.tags.items:
        themes(theme)
    known = {theme.slug: theme.name for theme in content.themes}
    return {
        "themes": [[slug, known.get(slug, slug)] for slug in themes.of],
        "units": list(units.of),
        "regions": list(regions.of),
        "ratings": list(ratings.of),
        "years": list(years.of),
        "standards": list(standards.of),
        "issues": list(issues.of),
        "issueSides": "".join(sides.get(name, "-") for name in issues.of),
        "documents": rows,
        "documentIds": list(documents.of),
        "formula": FORMULA,
        "unseen": UNSEEN,
        "sides": "".join(str(int(side in content.sides)) for side in (AREA, STRENGTH)),
        "polarities": {side: POLARITY_NAMES[side].capitalize() for side in (AREA, STRENGTH)},
        "findings": {
            "document": [documents(name) for name in evidence.shared["document_id"]],
            "side": "".join(str(int(p == STRENGTH)) for p in evidence.shared["polarity"]),
            "standard": [standards(s) if s else -1 for s in evidence.shared["standard"]],
            "theme": _alike([themes(theme) for theme, *_ in given] for given in evidence.tags),
            "sure": [
                sum(sure << at for at, (*_, sure) in enumerate(given)) for given in evidence.tags
            ],
            "issue": _alike(map(issues, given) for given in evidence.issues),
            "sureIssues": evidence.issues.weighed.astype(int).tolist(),
            "check": "".join(str(int(unsure)) for unsure in evidence.review),
        },
        "carried": [
            {
                "place": f.at,
                "id": f.finding_id,
                "anchor": f.anchor,
                "published": f.published,
                "page": f.page,
                "boxes": [[b.page, *map(round, (b.x0, b.top, b.x1, b.bottom))] for b in f.boxes],
                "reasons": {
                    tag.theme: _reasons(found)
                    for tag in f.tags
                    if (found := words.get((f.finding_id, tag.theme)))
                },
            }
            for f in carried
        ],
    }


def _alike(rows: Iterable[Iterable[int]]) -> list[tuple[int, ...]]:
    """Return rows as tuples, equal ones as one: hundreds of thousands are of few kinds."""
    known: dict[tuple[int, ...], tuple[int, ...]] = {}
    return [known.setdefault(row, row) for row in map(tuple, rows)]


def _inspected(content: Content) -> dict[str, tuple[str, str, str, str, set[str]]]:
    """Return unit, region, rating, date and standards of each document, with findings or not."""
    out = {
        i.document_id: (
            unit.name,
            i.region,
            i.rating,
            i.published,
            {name for name, _ in i.standards},
        )
        for unit in content.units
        for i in unit.inspections
    }
    shared = content.evidence.shared
    names = ("document_id", "unit", "region", "rating", "published", "standard")
    for document_id, *about, standard in zip(*(shared[name] for name in names), strict=True):
        if document_id not in out:
            unit, region, rating, published = about
            out[document_id] = (unit, region, rating, published, set())
        out[document_id][-1].add(standard)
    return out


def filters(content: Content) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Return name, label and options (value and text) of each filter of the form."""

    def same(names: Iterable[str]) -> list[tuple[str, str]]:
        return [(name, name) for name in names]

    inspected = [inspection for unit in content.units for inspection in unit.inspections]
    years = sorted({i.published[:4] for i in inspected if i.published})
    return [
        ("region", "Region", same(content.regions)),
        ("unit", "Unit", same(sorted(unit.name for unit in content.units))),
        ("standard", "Standard", same(content.standards)),
        (
            "polarity",
            "Strength or area",
            [(AREA, "Areas for improvement"), (STRENGTH, "Strengths")],
        ),
        ("theme", "Theme", sorted(((t.slug, t.name) for t in content.themes), key=lambda t: t[1])),
        (
            "rating",
            "Overall rating",
            same(r for r in RATINGS if any(i.rating == r for i in inspected)),
        ),
        ("year", "Year published", same(years)),
        ("issue", "Recurring issue", [(i.issue_id, shorten(i.label, 60)) for i in content.issues]),
        ("check", "Review", [("yes", "To be checked by a person")]),
    ]


def _reasons(words: Sequence[Weight]) -> list[list[int]]:
    """Return where words speak for a tag: start, end and strength from 1 to 3.

    Of words and phrases that overlap the strongest is kept.
    """
    favourable = sorted(words, key=lambda w: (-w.value, w.start))
    kept: list[list[int]] = []
    for weight in favourable:
        part = weight.value / favourable[0].value
        apart = all(weight.end <= start or weight.start >= end for start, end, _ in kept)
        if part >= SAYS_LITTLE and weight.end > weight.start and apart:
            kept.append([weight.start, weight.end, 1 + min(2, int(3 * part))])
    return sorted(kept)
