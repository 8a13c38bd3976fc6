"""Which documents are one inspection, published or given more than once, and which of them counts.

What counts is how much of the smaller document is in the larger one (containment), not how alike
they are: a copy that was cut is wholly in the whole, and two inspections of one unit share next to
nothing however alike they are written.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from itertools import combinations, product
from typing import Final

from pipelines import columns as c
from pipelines.flow.documents import Reading
from pipelines.flow.editions import draft, edition_of, preference, published_form
from pipelines.flow.misread import Traits

_SAME: Final = {c.SHA256: "bytes", "text_digest": "text"}  # two that share one of these are one

_ONE_TIME: Final = 0.5
"""Share of the smaller document's findings in the other, where a month or the fieldwork is one."""

_ANY_TIME: Final = 0.8
"""The same share where they are of two months and the fieldwork is not known of both."""

_FEWEST: Final = 3  # findings of the smaller one that tell, where unit or month do not
_MONTHS: Final = 12  # between two publications of one inspection, where the fieldwork is unknown
_BEGINNING: Final = 25  # letters of a finding's beginning that identify it
_MISREAD_NAME: Final = 0.8  # of the letters of a unit's name
_WHOLE: Final = 0.9  # share of the most findings from which a document is not a part of another


@dataclass(frozen=True, slots=True)
class Twin:
    """The document that another repeats, how that is known, and why it counts."""

    original: Reading
    how: str
    why: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two documents kept, that may be one inspection."""

    reading: Reading
    other: Reading
    shared: int
    of: int


def plain_text(text: str) -> str:
    """Reduce a text to its letters and digits."""
    return re.sub(r"[\W_]+", "", text.casefold())


class Edition:
    """What of a document shows whether another is of the same inspection."""

    def __init__(self, reading: Reading, unit: str | None) -> None:
        self.reading = reading
        self.unit = unit
        row = reading.document
        self.published = str(row.get(c.PUBLISHED) or "")
        self.fieldwork = str(row.get(c.FIELDWORK) or "")
        self.recognised = any("OCR" in warning for warning in row.get(c.WARNINGS) or ())
        self.order = reading.digests
        self.draft = bool(draft(reading))

    @cached_property
    def digests(self) -> frozenset[str]:
        """Those of its findings."""
        return frozenset(self.order.split())

    @property
    def times(self) -> set[str]:
        """Its month and the month of its fieldwork, where they are known."""
        return {t for t in (self.published, f"fieldwork {self.fieldwork}") if t[-1:].isdigit()}

    def plain(self) -> frozenset[str]:
        """Its findings by letters and digits alone: what two readings of one text share."""
        return frozenset(map(plain_text, _texts(self).values()))


@lru_cache(maxsize=64)  # of a few documents at a time: an archive's would fill the memory
def _texts(edition: Edition) -> dict[str, str]:
    """Read a document's findings, by their digests."""
    findings = edition.reading.tables()["findings"]
    texts = (text or "" for text in findings[c.TEXT].to_pylist())
    return dict(zip(findings[c.DIGEST].to_pylist(), texts, strict=True))


def find_twins(
    readings: Sequence[Reading], units: dict[str, str | None]
) -> tuple[dict[str, Twin], list[Doubt]]:
    """Return, by address, the documents that repeat another; and the pairs that are in doubt.

    The result does not depend on the order of the readings.

    Args:
        readings: Those that were read.
        units: The one name of each reading's unit, by address.
    """
    ordered = sorted(readings, key=lambda r: (r.source.path, r.source.address))
    editions = [Edition(reading, units.get(reading.source.address)) for reading in ordered]
    owner = {id(edition): [edition] for edition in editions}
    how: dict[frozenset[int], str] = {}
    doubts: list[tuple[Edition, Edition, int, int]] = []
    for one, other in _candidates(editions):
        said, shared, of = _same(one, other)
        if said:
            how[frozenset((id(one), id(other)))] = said
            mine, theirs = owner[id(one)], owner[id(other)]
            # A copy without a cover may repeat two reports; it makes no one of them.
            if mine is not theirs and not any(_clash(a, b) for a, b in product(mine, theirs)):
                mine += theirs
                owner.update((id(edition), mine) for edition in theirs)
        elif shared and shared >= _ONE_TIME * of:
            doubts.append((one, other, shared, of))
    twins: dict[str, Twin] = {}
    for group in {id(group): group for group in owner.values()}.values():
        best = _best(group)
        for edition in group:
            if edition is not best:
                said = how.get(frozenset((id(edition), id(best))), "the same inspection")
                twins[edition.reading.source.address] = Twin(
                    best.reading, said, _why(best, edition)
                )
    kept = [d for d in doubts if not {e.reading.source.address for e in d[:2]} & twins.keys()]
    return twins, [Doubt(a.reading, b.reading, n, of) for a, b, n, of in kept]


def _candidates(editions: Sequence[Edition]) -> Iterator[tuple[Edition, Edition]]:
    """Pairs that may be one: of one unit; equal; alike, where a unit is not known or misread."""
    marked: dict[str, list[int]] = defaultdict(list)
    for index, edition in enumerate(editions):
        for name in _SAME:
            marked[f"{name} {edition.reading.head[name]}"].append(index)
        if edition.unit:
            marked[f"unit {edition.unit}"].append(index)
    pairs = {pair for group in marked.values() for pair in combinations(group, 2)}
    seeking = {
        index: edition.digests | (edition.times if edition.recognised else set())
        for index, edition in enumerate(editions)
        if edition.recognised or not edition.unit
    }
    wanted = set().union(*seeking.values())
    holders: dict[str, list[int]] = defaultdict(list)
    for index, edition in enumerate(editions) if wanted else ():
        for mark in wanted & {*edition.digests, *edition.times}:
            holders[mark].append(index)
    for index, marks in seeking.items():
        pairs |= {(min(index, o), max(index, o)) for m in marks for o in holders[m] if o != index}
    for first, second in sorted(pairs):
        yield editions[first], editions[second]


def _same(one: Edition, other: Edition) -> tuple[str, int, int]:
    """How two documents are known to be one inspection, empty where they are not.

    With it, how many findings of the smaller are in the other, and of how many.
    """
    for name, what in _SAME.items():
        if one.reading.head[name] == other.reading.head[name]:
            return f"same {what}", 0, 0
    same_unit = bool(one.unit) and one.unit == other.unit
    if one.unit and other.unit and not same_unit and not _misread(one, other):
        return "", 0, 0
    of = min(len(one.digests), len(other.digests))
    fieldwork = _agree(one.fieldwork, other.fieldwork)
    month = _agree(one.published, other.published)
    if not of:
        bare = same_unit and month is True and len(one.published) > len("2024")
        fuller = max(len(one.digests), len(other.digests))
        return ("same unit and month, and no findings of its own" if bare and fuller else ""), 0, 0
    shared = _contained(one, other)
    known = [word for word, agrees in (("fieldwork", fieldwork), ("month", month)) if agrees]
    recognised = one.recognised or other.recognised
    # Without a date in common two reports that are alike may be two inspections.
    if shared < _ANY_TIME * of and (recognised or (known and same_unit)):
        shared = _alike(one, other)
    if one.order == other.order and fieldwork is not False and month is not False:
        return "same findings", shared, of
    needed = _ONE_TIME if known and same_unit else _ANY_TIME
    enough = of >= _FEWEST or bool(known and same_unit)
    if fieldwork is None and month is False:
        enough = enough and _months(one.published, other.published) <= _MONTHS
    # Two visits are two inspections, however alike the reports.
    if not enough or _clash(one, other) or shared < needed * of:
        return "", shared, of
    what = " and ".join([*(["unit"] if same_unit else []), *known])
    said = f"{shared} of {of} findings the same"
    return (f"same {what}, {said}" if what else said), shared, of


def _clash(one: Edition, other: Edition) -> bool:
    """Whether two documents name two units, or two visits."""
    units = bool(one.unit and other.unit and one.unit != other.unit and not _misread(one, other))
    visits = _agree(one.fieldwork, other.fieldwork) is False
    return units or (visits and _agree(one.published, other.published) is not True)


def _misread(one: Edition, other: Edition) -> bool:
    """Whether two names of units may be one that was recognised from a picture."""
    names = (str(one.unit).casefold(), str(other.unit).casefold())
    alike = SequenceMatcher(None, *names, autojunk=False).ratio() >= _MISREAD_NAME
    return alike and (one.recognised or other.recognised)


def _agree(one: str, other: str) -> bool | None:
    """Whether two months are one; None where one is not known, or known as a year only."""
    size = min(len(one), len(other))
    if not size or one[:size] != other[:size]:
        return False if size else None
    return True if len(one) == len(other) else None


def _months(one: str, other: str) -> int:
    def count(month: str) -> int:
        return 12 * int(month[:4]) + int(month[5:7] or 6)

    return abs(count(one) - count(other))


def _contained(one: Edition, other: Edition) -> int:
    """Findings of the smaller that are in the other, whole or their beginning alone."""
    small, large = sorted((one, other), key=lambda edition: len(edition.digests))
    whole = sorted(plain_text(_texts(large)[digest]) for digest in large.digests)
    found = len(small.digests & large.digests)
    for digest in small.digests - large.digests:
        text = plain_text(_texts(small)[digest])
        at = bisect_left(whole, text)
        found += len(text) >= _BEGINNING and at < len(whole) and whole[at].startswith(text)
    return found


def _alike(one: Edition, other: Edition) -> int:
    """Findings of the smaller that are in the other, as they are or with letters misread."""
    small, large = sorted((one, other), key=lambda edition: len(edition.digests))
    rest = {d: Traits(_texts(large)[d]) for d in sorted(large.digests - small.digests)}
    found = len(small.digests & large.digests)
    for digest in sorted(small.digests - large.digests):
        mine = Traits(_texts(small)[digest])
        if (
            match := next((d for d, traits in rest.items() if mine.misread(traits)), None)
        ) is not None:
            found += 1
            del rest[match]
    return found


def _best(group: Sequence[Edition]) -> Edition:
    """The document that counts: not recognised, whole, no draft, the later edition, with pages."""
    read = [edition for edition in group if not edition.recognised] or list(group)
    most = max(len(edition.digests) for edition in read)
    whole = [edition for edition in read if len(edition.digests) >= _WHOLE * most]
    whole = [edition for edition in whole if not edition.draft] or whole
    if len(whole) > 1 and len({edition.plain() for edition in whole}) > 1:
        said = _editions(whole)
        whole = [one for one in whole if said[id(one)] == max(said.values())]
    return min(whole, key=lambda one: preference(one.reading))


def _editions(group: Sequence[Edition]) -> dict[int, tuple[str, int]]:
    """Which edition each says it is, as far as that tells among them."""
    published = [published_form(one.reading) for one in group]
    return {
        id(one): edition_of(one.reading, named=is_published or not any(published))
        for one, is_published in zip(group, published, strict=True)
    }


def _why(best: Edition, twin: Edition) -> str:
    """Why a document counts and not another."""
    if twin.recognised and not best.recognised:
        return "its text was read and not recognised from pictures"
    if len(twin.digests) < _WHOLE * len(best.digests):
        return f"it has {len(best.digests)} findings, this one {len(twin.digests)}"
    if twin.draft and not best.draft:
        return "this one is a draft"
    said = _editions([best, twin])
    if best.plain() != twin.plain() and said[id(best)] > said[id(twin)]:
        return "it is the later edition"
    formats = [one.reading.head[c.FORMAT] for one in (best, twin)]
    if formats[0] != formats[1]:
        return f"{formats[0]} comes before {formats[1]}"
    return "its name comes first"
