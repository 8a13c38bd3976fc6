"""Tables of themes by units and of ratings by standards, laid out for a page or a sheet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Final, NamedTuple

from pipelines.naming import with_letters
from pipelines.records import Rating
from pipelines.report.content import Content, Inspection, UnitSection
from pipelines.report.sentence import Query

STEPS: Final = 4  # shades of a heat map; more could not be told apart
_CODE: Final = re.compile(r"(?:[A-Z] )?\d+(?:\.\d+)*")
RATING_COLOURS: Final = {
    Rating.OUTSTANDING: ("0B5C49", "FFFFFF"),
    Rating.GOOD: ("A9D8B8", "1C2326"),
    Rating.REQUIRES_IMPROVEMENT: ("F3C969", "1C2326"),
    Rating.INADEQUATE: ("9C2336", "FFFFFF"),
}
"""Fill and ink of a cell that holds a rating, in Word and Excel; the page's are in its style."""
_WIDE = 14  # units that fit beside theme names; beyond it units become rows


class Cell(NamedTuple):
    """Findings of one side on a theme in a unit or region.

    Attributes:
        number: Of findings.
        step: Its shade, from 1 to `STEPS`; 0 for none.
        share: Of all findings of that side in the unit or region.
        share_step: The shade of the share.
        address: Of the findings; empty where there are none.
    """

    number: int
    step: int
    share: float
    share_step: int
    address: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row or column of a heat map: a theme, a unit or a region."""

    key: str
    name: str
    anchor: str = ""
    region: str = ""
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Findings by theme and unit (or region), themes as rows, or as columns where there are many.

    `kind` is `unit` or `region`, `down` what the rows are: `theme` or `unit`. `groups` are the
    regions with the number of their units, in order; none where there is but one.
    """

    kind: str
    down: str
    groups: tuple[tuple[str, int], ...]
    columns: tuple[Line, ...]
    rows: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class RatingsMatrix:
    """Ratings of the inspections under one framework, by standard."""

    framework: str
    standards: tuple[str, ...]
    rows: tuple[tuple[UnitSection, Inspection, tuple[tuple[str, str], ...]], ...]


def heat_map(content: Content, polarity: str) -> HeatMap:
    """Lay out the findings of one polarity by theme and unit, the units of a region together."""
    units = [Line(unit.name, unit.counted_name, unit.anchor, unit.region) for unit in content.units]
    regions = Counter(line.region for line in units)
    return _heat(
        content,
        "unit",
        polarity,
        across=units,
        groups=tuple(regions.items()) if len(regions) > 1 else (),
        cells={
            (theme, unit): number
            for (theme, unit, side), number in content.cells.items()
            if side == polarity
        },
        wholes=_by_unit(content, polarity),
    )


def region_heat_map(content: Content, polarity: str) -> HeatMap:
    """Lay out the findings of one polarity by theme and region: for more units than fit a page.

    Each finding counts for the region that its own report names: a unit may have moved.
    """
    regions = [Line(region, region) for region in content.regions]
    wholes: Counter[str] = Counter()
    cells: Counter[tuple[str, str]] = Counter()
    found = content.evidence
    shared = (found.shared["polarity"], found.shared["region"])
    for side, region, given in zip(*shared, found.tags, strict=True):
        if side == polarity and region:
            wholes[region] += 1
            cells.update((theme, region) for theme, *_ in given)
    return _heat(content, "region", polarity, across=regions, groups=(), cells=cells, wholes=wholes)


def _by_unit(content: Content, polarity: str) -> Counter[str]:
    """Count the findings of one polarity in each unit."""
    units, sides = (content.evidence.shared[name] for name in ("unit", "polarity"))
    return Counter(unit for unit, side in zip(units, sides, strict=True) if side == polarity)


def _heat(
    content: Content,
    kind: str,
    polarity: str,
    *,
    across: Sequence[Line],
    groups: tuple[tuple[str, int], ...],
    cells: Mapping[tuple[str, str], int],
    wholes: Mapping[str, int],
) -> HeatMap:
    highest = max(cells.values(), default=1)
    shares = {key: number / max(wholes.get(key[1], 0), number) for key, number in cells.items()}
    largest = max(shares.values(), default=1.0)
    themes = [Line(theme.slug, theme.name, theme.anchor) for theme in content.themes]
    flat = len(across) <= _WIDE
    down, columns = (themes, across) if flat else (across, themes)

    def cell(first: str, second: str) -> Cell:
        theme, group = (first, second) if flat else (second, first)
        number = cells.get((theme, group), 0)
        query = Query(theme=theme, polarity=polarity)
        query = replace(query, unit=group) if kind == "unit" else replace(query, region=group)
        share = shares.get((theme, group), 0.0)
        address = query.address if number else ""
        return Cell(number, shade(number, highest), share, _share_shade(share, largest), address)

    rows = [replace(r, cells=tuple(cell(r.key, other.key) for other in columns)) for r in down]
    return HeatMap(kind, "theme" if flat else "unit", groups, tuple(columns), tuple(rows))


def shade(number: int, highest: int) -> int:
    """Return 0 for none and 1 to `STEPS` in equal steps up to the highest number."""
    return 0 if not number else min(STEPS, 1 + (number - 1) * STEPS // max(highest, STEPS))


def _share_shade(share: float, largest: float) -> int:
    """Return 0 for none and 1 to `STEPS` in equal steps up to the largest share."""
    return ceil(STEPS * share / largest - 1e-9)


def standard_code(label: str) -> str:
    """Return the number that a standard's label begins with; the label where it has none."""
    found = _CODE.match(label)
    return found[0] if found else label


def standard_columns(content: Content) -> dict[tuple[str, str], str]:
    """Return the column of each standard, by framework and by what a report calls it."""
    return with_letters(
        {
            (inspection.framework, label)
            for unit in content.units
            for inspection in unit.inspections
            for label, _ in inspection.standards
        }
    )


def ratings_matrices(content: Content) -> tuple[RatingsMatrix, ...]:
    """Lay out the ratings, a matrix for each framework, as standards differ between them."""
    found: dict[str, list[tuple[UnitSection, Inspection]]] = {}
    for unit in content.units:
        for inspection in unit.inspections:
            if inspection.rating or any(rating for _, rating in inspection.standards):
                found.setdefault(inspection.framework, []).append((unit, inspection))
    columns = standard_columns(content)
    out = []
    for framework, rows in sorted(found.items()):
        given = [own for _, inspection in rows for own in inspection.standards]
        standards = sorted({columns[framework, name] for name, rating in given if rating})
        out.append(
            RatingsMatrix(
                framework,
                tuple(standards),
                tuple(
                    (
                        unit,
                        inspection,
                        _in_columns(inspection, standards, columns),
                    )
                    for unit, inspection in rows
                ),
            )
        )
    return tuple(out)


def _in_columns(
    inspection: Inspection, standards: Sequence[str], columns: Mapping[tuple[str, str], str]
) -> tuple[tuple[str, str], ...]:
    """Return what a report calls each standard, and its rating; empty where it has none."""
    own = {columns[inspection.framework, given[0]]: given for given in inspection.standards}
    return tuple(own.get(name, (name, "")) for name in standards)
