"""Recommendations: numbered, and addressed to somebody."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pipelines.frameworks import fold
from pipelines.read.wrapping import starts_lower, unfinished
from pipelines.records import BlockKind, Recommendation
from pipelines.segment.headings import MarkKind
from pipelines.segment.outline import Entry

_NUMBER: Final = re.compile(r"^\(?(\d{1,3})[.)]?(?:\s+|$)")
_FOR: Final = re.compile(
    r"^(?:recommendations?\s+)?(?:for|to)\s+(?:the\s+)?(?P<who>\S.{1,100}?)\s*:?$", re.I
)
_INLINE: Final = re.compile(r"^(?P<who>(?:the\s+)?[A-Z][^.;]{2,90}?)\s+should\s+(?=[a-z])")


def find_recommendations(
    entries: Sequence[Entry], *, unit: str | None = None
) -> tuple[tuple[Recommendation, ...], tuple[str, ...]]:
    """Return the recommendations in order, and warnings about their numbering.

    Args:
        entries: The outline of the report.
        unit: Plain name of the unit, to know it as addressee.
    """
    found: list[Recommendation] = []
    addressee: str | None = None
    numbered = _is_numbered(entries)
    for entry in entries:
        if entry.section != "recommendations" or entry.boxed:
            addressee = None if entry.section != "recommendations" else addressee
            continue
        block = entry.block
        if entry.mark is not None:
            addressee = _addressee(entry) or addressee
        elif (item := _item(entry)) and (item[0] is not None or not numbered):
            number, text = item
            who = addressee or _inline(text)
            found.append(
                Recommendation(
                    "", "", number or len(found) + 1, who, addressee_type(who, unit), text
                )
            )
        elif found and addressee is not None and _goes_on(found[-1].text, entry):
            found[-1] = replace(found[-1], text=f"{found[-1].text} {block.text}")
    return _numbered_once(found)


def addressee_type(addressee: str | None, unit: str | None = None) -> str:
    """Say whom a recommendation is addressed to: `pdu`, `region`, `hmpps` or `other`."""
    folded = fold(addressee or "")
    if re.search(r"\bpdus?\b|\bprobation delivery units?\b", folded):
        return "pdu"
    if re.search(r"\bhm ?pps\b|\bhm prison and probation service\b|\bhis majesty's prison", folded):
        return "hmpps"
    if re.search(r"\bregion(?:al)?s?\b", folded):
        return "region"
    return "pdu" if unit and fold(unit) == folded else "other"


def _is_numbered(entries: Sequence[Entry]) -> bool:
    """Whether the report numbers its recommendations: then plain bullets are parts of one."""
    items = [e for e in entries if e.section == "recommendations" and e.mark is None]
    return sum(1 for e in items if (item := _item(e)) and item[0] is not None) >= 2


def _addressee(entry: Entry) -> str | None:
    mark = entry.mark
    if mark is None:
        return None
    if mark.kind is MarkKind.ADDRESSEE:
        return mark.title
    if mark.kind is MarkKind.HEADING and (match := _FOR.match(mark.title)):
        return match["who"]
    return None


def _item(entry: Entry) -> tuple[int | None, str] | None:
    """Return number and text of an item; None where the block is none."""
    block = entry.block
    if block.kind is BlockKind.NUMBERED:
        match = _NUMBER.match(block.marker)
        return (int(match[1]) if match else None, block.text)
    if block.kind is BlockKind.BULLET:
        match = _NUMBER.match(block.text)
        return (int(match[1]), block.text[match.end() :]) if match else (None, block.text)
    if block.kind is BlockKind.PARAGRAPH and (match := _NUMBER.match(block.text)):
        return int(match[1]), block.text[match.end() :]
    return None


def _inline(text: str) -> str | None:
    match = _INLINE.match(text)
    return match["who"] if match else None


def _goes_on(text: str, entry: Entry) -> bool:
    block = entry.block
    if block.kind is BlockKind.BULLET:
        return True
    return block.kind is BlockKind.PARAGRAPH and unfinished(text) and starts_lower(block.text)


def _numbered_once(
    found: list[Recommendation],
) -> tuple[tuple[Recommendation, ...], tuple[str, ...]]:
    """Number them through where a report begins anew for each addressee."""
    numbers = [r.number for r in found]
    if len(set(numbers)) == len(numbers):
        return tuple(found), ()
    again = tuple(replace(r, number=i) for i, r in enumerate(found, start=1))
    return again, (
        "recommendations are numbered anew for each addressee: numbered through instead",
    )
