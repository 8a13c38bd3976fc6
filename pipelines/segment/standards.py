"""Which framework a report follows, and which of its standards a heading names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipelines.frameworks import Framework, Registry, Standard, fold
from pipelines.segment.headings import Landmark, LandmarkKind

_LOST: Final = ".{0,3}"  # letters of a ligature
_TELLING: Final = 8  # letters of a title's beginning that say which it is


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a report a finding stands."""

    code: str | None = None
    standard: str | None = None
    subsection: str | None = None


def choose_framework(
    landmarks: Sequence[Landmark | None],
    registry: Registry,
    *,
    unit_type: str = "unknown",
    published: str | None = None,
    score_max: int | None = None,
) -> Framework | None:
    """Choose the framework that fits a report's standards best; None where none fits.

    A framework must know at least two standards of the report, three where neither numbers nor the
    kind of unit speak for it (any report may speak of leadership and staff), and half of those it
    has.
    """
    standards = [m for m in landmarks if m is not None and m.kind is LandmarkKind.STANDARD]
    # Where standards are numbered, a title without a number may head anything.
    coded = [m for m in standards if m.code]
    seen = {(m.code, fold(m.title)): m for m in coded or standards}
    best: tuple[int, Framework] | None = None
    for framework in registry.frameworks:
        known = [m for m in seen.values() if framework.standard(title=m.title)]
        exact = [m for m in known if m.code and framework.standard(code=m.code, title=m.title)]
        fewest = 2 if coded or unit_type == framework.unit_type else 3
        if len(known) < fewest or 2 * len(known) < len(seen):
            continue
        points = 2 * len(exact) + len(known) - (len(seen) - len(known))
        points -= sum(1 for m in known if m.code and m not in exact)
        points += 3 * any(m.prefix and m.prefix == framework.prefix for m in known)
        points += _agrees(unit_type, framework.unit_type, "unknown")
        points += _dated(published, framework)
        points += 2 * (score_max in framework.maxima)
        if best is None or points > best[0]:
            best = (points, framework)
    return best[1] if best else None


def printed_prefix(landmarks: Sequence[Landmark | None], framework: Framework | None) -> str:
    """Return the letter before a report's codes: as printed; as known where it prints no code."""
    coded = [m for m in landmarks if m is not None and m.kind is LandmarkKind.STANDARD and m.code]
    if coded or framework is None:
        return next((m.prefix for m in coded if m.prefix), "")
    return framework.prefix


def _mended(title: str, titles: Sequence[str]) -> str:
    """A standard's title whose end is on the next line, or that is followed by a page's words.

    Its code must have said which standard it is: "Implementation and" of 2.4. So it may where a
    font lost some letters inside: "Sta ing" of 1.2.
    """
    printed = fold(title)
    kept = re.compile(_LOST.join(re.findall(r"[^\W\d_]+", title)), re.IGNORECASE)
    for known in titles:
        if printed != fold(known) and kept.fullmatch(known):
            return known
    if len(printed) >= _TELLING:
        for known in titles:
            whole = fold(known)
            if whole.startswith(f"{printed} ") or printed.startswith(f"{whole} ("):
                return known
    return title


def _agrees(value: str, expected: str, unknown: str) -> int:
    if value == unknown:
        return 0
    return 2 if value == expected else -3


def _dated(published: str | None, framework: Framework) -> int:
    if not published:
        return 0
    # A year alone is compared as a year.
    size = len(published)
    since, until = framework.since[:size], (framework.until or "9999-12")[:size]
    return 2 if since <= published <= until else -3


@dataclass(slots=True)
class Resolver:
    """Gives standards their code and title as a report is walked through, heading by heading.

    A title alone is enough where its framework has it once; where it stands twice, the group it
    is in decides, then the order. Codes as printed are never corrected; a letter printed before
    some of them (`P 1.1`) belongs to all.

    Attributes:
        inferred: Codes given by title from a framework whose numbers were never seen in print.
    """

    framework: Framework | None
    registry: Registry
    prefix: str = ""
    inferred: bool = False
    _group: str = ""
    _last: int = -1

    def title(self, wording: str) -> str | None:
        """Return how a known standard's title is spelled; None where no framework has it."""
        return self.registry.titles.get(fold(wording))

    def enter_group(self, landmark: Landmark) -> None:
        """Note the group of standards that a heading opens."""
        self._group = ""
        if self.framework is None:
            return
        for number, titles in self.framework.groups:
            if fold(landmark.title) in {fold(t) for t in titles}:
                self._group = landmark.code if landmark.code and landmark.code.isdigit() else number

    def place(self, landmark: Landmark) -> Place:
        """Return code and title of the standard that a landmark names."""
        if landmark.code:
            known = self.framework.standard(code=landmark.code) if self.framework else None
            if self.framework and known:
                self._last = self.framework.standards.index(known)
            title = _mended(landmark.title, known.titles) if known else landmark.title
            return Place(self._full(landmark.code, landmark.prefix), title)
        if self.framework is None:
            return Place(None, landmark.title)
        wanted = fold(landmark.title)
        found = [
            (i, s)
            for i, s in enumerate(self.framework.standards)
            if wanted in {fold(t) for t in s.titles}
        ]
        if not found:
            return Place(None, landmark.title)
        index, standard = self._pick(found)
        self._last = index
        self.inferred = self.inferred or not self.framework.sure
        return Place(self._full(standard.code, ""), landmark.title)

    def _full(self, code: str, prefix: str) -> str:
        letter = prefix or self.prefix
        return f"{letter} {code}" if letter else code

    def _pick(self, found: Sequence[tuple[int, Standard]]) -> tuple[int, Standard]:
        if len(found) == 1 or self.framework is None:
            return found[0]
        codes = [self.framework.standards[i].code for i, _ in found]
        for code, item in zip(codes, found, strict=True):
            if self._group and code.split(".")[0] == self._group:
                return item
        return next((item for item in found if item[0] > self._last), found[0])
