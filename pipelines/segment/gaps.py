"""Where findings may be missing: standards without any, empty lists, items outside of lists or cut.

Reading can go wrong unnoticed; what a report's own structure shows of it is said aloud.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from pipelines.read.drafts.wrapping import ends_openly, starts_lower, unfinished
from pipelines.records import BlockKind, Finding, Leftover, Rating, StandardRating
from pipelines.segment.entry import Entry
from pipelines.segment.headings import LandmarkKind

_ODD = 0.2  # share of findings without the end of a sentence, above which it is a habit


def find_gaps(
    entries: Sequence[Entry],
    findings: Sequence[Finding],
    leftovers: Sequence[Leftover],
    standards: Sequence[StandardRating],
) -> list[str]:
    """Return a sentence for each place where findings seem to be missing."""
    if not findings:
        return []  # which is said once for the whole report
    return [
        *_bare_standards(entries, findings, standards),
        *_empty_lists(entries, findings, leftovers),
        *_loose_items(entries),
        *_items_in_boxes(entries),
        *_items_of_examples(entries),
        *_cut_findings(entries, findings),
    ]


def _bare_standards(
    entries: Sequence[Entry], findings: Sequence[Finding], standards: Sequence[StandardRating]
) -> list[str]:
    """Name the rated standards without any finding, and what their sections hold in boxes."""
    having = {(finding.code, finding.standard) for finding in findings}
    boxed = Counter(
        (entry.place.code, entry.place.standard)
        for entry in entries
        if entry.boxed and entry.block.kind is BlockKind.BULLET and entry.section is None
    )
    bare = []
    for row in standards:
        key = (row.code, row.standard)
        if row.rating not in {None, Rating.NOT_RATED} and key not in having:
            items = f"; {boxed[key]} items of its section stand in boxes" if boxed[key] else ""
            bare.append(f"{row.code or ''} {row.standard} is rated and has no findings{items}")
    return [line.strip() for line in bare]


def _empty_lists(
    entries: Sequence[Entry], findings: Sequence[Finding], leftovers: Sequence[Leftover]
) -> list[str]:
    """Name the headings of lists under which nothing was found."""
    starts = sorted(finding.start for finding in findings)
    left = {leftover.text for leftover in leftovers}
    held: dict[int, bool] = {}
    heads: dict[int, str] = {}
    run = 0
    for entry in entries:
        if entry.landmark is not None and entry.landmark.kind is LandmarkKind.POLARITY:
            run += 1
            place = entry.place.subsection or entry.place.standard or "the report"
            title = entry.landmark.title.rstrip(" :").lower()
            heads[run] = f"{entry.place.code or ''} {place} has an empty list of {title}".strip()
        elif run and entry.run:
            block = entry.block
            first = bisect_left(starts, block.start)
            inside = first < len(starts) and starts[first] < block.end
            held[run] = held.get(run, False) or inside or block.text in left
    return [line for number, line in heads.items() if not held.get(number)]


def _loose_items(entries: Sequence[Entry]) -> list[str]:
    """Name the standards with bullets that no list of findings holds, nor a box."""
    loose = Counter(
        entry.place.code or entry.place.standard
        for entry in entries
        if entry.block.kind is BlockKind.BULLET
        and not (entry.run or entry.boxed or entry.landmark)
        and entry.section is None
        and (entry.place.code or entry.place.standard)
    )
    return [
        f"{count} {'item' if count == 1 else 'items'} of {name} in no list of findings: "
        "a heading may be missing, or the order of columns mistaken"
        for name, count in loose.items()
    ]


def _items_in_boxes(entries: Sequence[Entry]) -> list[str]:
    """Name the standards with bullets in boxes that begin with one: no example has no title."""
    boxed: Counter[str] = Counter()
    shown = [e for e in entries if e.block.kind is not BlockKind.FOOTNOTE]
    for framed, group in groupby(shown, key=lambda entry: entry.block.boxed):
        kinds = [(e.block.kind, e.section, e.place.code or e.place.standard) for e in group]
        if framed and kinds[0][:2] == (BlockKind.BULLET, None) and kinds[0][2]:
            boxed[kinds[0][2]] += sum(kind is BlockKind.BULLET for kind, _, _ in kinds)
    return [
        f"{count} item{'s' * (count > 1)} of {name} in boxes without a title: perhaps findings"
        for name, count in boxed.items()
    ]


def _items_of_examples(entries: Sequence[Entry]) -> list[str]:
    """Count the bullets below headings of practice examples, in lists that may continue there."""
    own = sum(
        1
        for entry in entries
        if entry.run
        and entry.boxed
        and not entry.block.boxed
        and entry.block.kind is BlockKind.BULLET
    )
    if not own:
        return []
    return [f"{own} item{'s' * (own > 1)} below the headings of practice examples count as theirs"]


def _cut_findings(entries: Sequence[Entry], findings: Sequence[Finding]) -> list[str]:
    """Name the findings that stop or begin in the middle of a sentence, where others do not.

    Authors leave out full stops: a finding stops early where none can, or something continues it.
    """
    blocks = [e.block for e in entries if e.block.kind is not BlockKind.FOOTNOTE and not e.boxed]
    starts = [block.start for block in blocks]

    def goes_on(finding: Finding) -> bool:
        after = blocks[bisect_left(starts, finding.end) :][:1]
        return any(starts_lower(block.text) for block in after)

    sides = {
        "stop": [f for f in findings if unfinished(f.text) and (ends_openly(f.text) or goes_on(f))],
        "begin": [finding for finding in findings if finding.text[:1].islower()],
    }
    lines = []
    for side, cut in sides.items():
        if len(cut) > _ODD * len(findings):
            continue  # so this report writes
        places = Counter(f"{f.code or ''} {f.subsection or f.standard or ''}".strip() for f in cut)
        lines += [
            f"{count} finding{'s' * (count > 1)} of {place or 'the report'} {side}"
            f"{'s' * (count == 1)} in the middle of a sentence: a part may be elsewhere"
            for place, count in places.items()
        ]
    return lines
