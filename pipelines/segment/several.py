"""Files that hold more than one report: the findings of the others would be the first unit's."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from pipelines.frameworks import Registry
from pipelines.places import plain_name
from pipelines.records import BlockKind, Document, Finding
from pipelines.segment.titles import find_title


def other_reports(
    document: Document, findings: Sequence[Finding], unit: str | None, registry: Registry
) -> list[str]:
    """Name each title of another unit's report that has findings before and behind it."""
    if unit is None or not findings:
        return []
    untitled, said = replace(document, title=""), []
    starts = sorted(finding.start for finding in findings)
    first, last = starts[0], starts[-1]
    for index, block in enumerate(document.blocks):
        if block.kind is not BlockKind.HEADING or not first < block.start < last:
            continue
        _, named = find_title(untitled, document.blocks[index : index + 2])
        other = plain_name(named, registry.unit_kinds) if named else unit
        if other.casefold() != unit.casefold():
            behind = len(starts) - bisect_right(starts, block.start)
            place = f" on page {block.page}" if block.page else ""
            said.append(
                f"another report, of {other}, begins{place}: {behind} findings behind its title "
                f"are given to {unit}; part the file, and give each report by itself"
            )
    return said
