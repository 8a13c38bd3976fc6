"""The section of a report as a hint: what findings of such a section are more often about.

A section is the codebook's word for what a standard, or a heading below it, is about: assessment,
planning, staffing … Titles tell it, so that frameworks with other numbers profit too. The hint
for a slug is

    weight x (logit P(slug | section) - logit P(slug))

counted over labelled findings of reports and voices, and shrunk towards no hint by `SHRINKAGE`
findings. It is a term of its own in the log-odds; a section that is not known adds nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pipelines.codebook import Codebook, load_codebook
from pipelines.errors import SettingsError

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHRINKAGE: Final = 20.0  # findings of no section that each section's shares are mixed with
FEWEST: Final = 30  # findings of a section below which nothing is learned of it


def section_of(standard: str | None, subsection: str | None, codebook: Codebook) -> str:
    """Return the slug of a finding's section: of the heading below its standard, else of that."""
    for title in (subsection, standard):
        said = (title or "").casefold()
        for section in codebook.sections:
            if said and any(word in said for word in section.words):
                return section.slug
    return ""


def sections_of(
    standards: Sequence[str | None],
    subsections: Sequence[str | None],
    *,
    codebook: Codebook | None = None,
) -> list[str]:
    """Return the slug of each finding's section; empty where its titles tell none."""
    book = codebook or load_codebook()
    seen: dict[tuple[str | None, str | None], str] = {}
    for titles in zip(standards, subsections, strict=True):
        if titles not in seen:
            seen[titles] = section_of(*titles, book)
    return [seen[titles] for titles in zip(standards, subsections, strict=True)]


@dataclass(frozen=True)
class SectionHints:
    """What sections add to log-odds.

    Attributes:
        weight: Of all of them; 0 for none.
        learned: By section, one number per slug.
    """

    weight: float = 0.0
    learned: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    def rows(self, sections: Sequence[str]) -> NDArray[np.float64] | float:
        """Return what to add to the log-odds of findings: (findings, slugs), or 0 for nothing."""
        if not self.weight or not self.learned:
            return 0.0
        nothing = (0.0,) * len(next(iter(self.learned.values())))
        return self.weight * np.asarray([self.learned.get(s, nothing) for s in sections])

    def to_dict(self) -> dict[str, Any]:
        """Return the hints as JSON can hold them."""
        learned = {name: [round(v, 4) for v in row] for name, row in sorted(self.learned.items())}
        return {"weight": self.weight, "learned": learned}

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> SectionHints:
        """Read the hints from what `to_dict` gave.

        Raises:
            SettingsError: They are not of that form.
        """
        try:
            learned = {str(k): tuple(float(v) for v in row) for k, row in raw["learned"].items()}
            found = cls(float(raw["weight"]), learned)
            if not np.isfinite([found.weight, *(v for row in learned.values() for v in row)]).all():
                raise ValueError("a hint is no number")
            return found
        except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
            raise SettingsError(f"section hints: {error!r}; train the model again") from error


def learn_hints(sections: Sequence[str], y: NDArray[np.int8], *, weight: float) -> SectionHints:
    """Count how much more often each slug is given in each section than elsewhere.

    Args:
        sections: n slugs of sections; empty where unknown, which teach nothing.
        y: (n, slugs): 1 given, 0 not, below 0 unknown.
        weight: Of the hints.
    """
    named = np.asarray(sections, dtype=str)
    known = (named != "") & (y >= 0).all(axis=1)
    if not weight or not known.any():
        return SectionHints(weight)
    base = (y[known].sum(axis=0) + 0.5) / (known.sum() + 1.0)
    learned: dict[str, tuple[float, ...]] = {}
    for section in sorted(set(named[known])):
        own = known & (named == section)
        if own.sum() < FEWEST:
            continue
        share = (y[own].sum(axis=0) + SHRINKAGE * base) / (own.sum() + SHRINKAGE)
        hint = np.log(share / (1 - share)) - np.log(base / (1 - base))
        learned[section] = tuple(float(v) for v in hint)
    return SectionHints(weight, learned)
