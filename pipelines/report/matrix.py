"""Tables of themes by units and of ratings by standards, laid out for a page or a sheet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pipelines.report.content import Content, Inspection, UnitSection

STEPS: Final = 4  # shades of a heat map; more could not be told apart
_CODE: Final = re.compile(r"(?:[A-Z] )?\d+(?:\.\d+)*")
_WIDE = 14  # units that fit beside theme names; beyond it units become rows


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Findings by theme and unit, themes as rows, or as columns where there are many units.

    `columns` are anchor and name; `rows` are anchor, name and cells; a cell is the number of
    findings, its shade from 1 to `STEPS` (0 for none), theme and unit.
    """

    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, str, tuple[tuple[int, int, str, str], ...]], ...]


@dataclass(frozen=True, slots=True)
class RatingsMatrix:
    """Ratings of the inspections under one framework, by standard."""

    framework: str
    standards: tuple[str, ...]
    rows: tuple[tuple[UnitSection, Inspection, tuple[tuple[str, str], ...]], ...]


def heat_map(content: Content, polarity: str) -> HeatMap:
    """Lay out the findings of one polarity by theme and unit."""
    highest = max((n for (_, _, side), n in content.cells.items() if side == polarity), default=1)
    themes = [(theme.anchor, theme.name, theme.slug) for theme in content.themes]
    units = [(unit.anchor, unit.name, unit.name) for unit in content.units]
    down, across = (themes, units) if len(units) <= _WIDE else (units, themes)

    def cell(first: str, second: str) -> tuple[int, int, str, str]:
        theme, unit = (first, second) if down is themes else (second, first)
        number = content.cells.get((theme, unit, polarity), 0)
        return number, shade(number, highest), theme, unit

    return HeatMap(
        columns=tuple((anchor, name) for anchor, name, _ in across),
        rows=tuple(
            (anchor, name, tuple(cell(key, other) for _, _, other in across))
            for anchor, name, key in down
        ),
    )


def shade(number: int, highest: int) -> int:
    """Return 0 for none and 1 to `STEPS` in equal steps up to the highest number."""
    return 0 if not number else min(STEPS, 1 + (number - 1) * STEPS // max(highest, STEPS))


def standard_code(label: str) -> str:
    """Return the number that a standard's label begins with; the label where it has none."""
    found = _CODE.match(label)
    return found[0] if found else label


def ratings_matrices(content: Content) -> tuple[RatingsMatrix, ...]:
    """Lay out the ratings, a matrix for each framework, as standards differ between them."""
    found: dict[str, list[tuple[UnitSection, Inspection]]] = {}
    for unit in content.units:
        for inspection in unit.inspections:
            if inspection.rating or any(rating for _, rating in inspection.standards):
                found.setdefault(inspection.framework, []).append((unit, inspection))
    out = []
    for framework, rows in sorted(found.items()):
        standards = sorted({name for _, inspection in rows for name, _ in inspection.standards})
        out.append(
            RatingsMatrix(
                framework,
                tuple(standards),
                tuple(
                    (
                        unit,
                        inspection,
                        tuple((s, dict(inspection.standards).get(s, "")) for s in standards),
                    )
                    for unit, inspection in rows
                ),
            )
        )
    return tuple(out)
