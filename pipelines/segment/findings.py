"""The findings of a report: what stands in its lists of strengths and areas for improvement."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby

from pipelines.read.drafts.polish import is_quotation
from pipelines.read.drafts.repair import BULLET
from pipelines.read.drafts.wrapping import starts_lower, unfinished
from pipelines.records import (
    Block,
    BlockKind,
    Document,
    Finding,
    Leftover,
    Polarity,
    digest,
)
from pipelines.segment.entry import Entry
from pipelines.segment.headings import Landmark, LandmarkKind
from pipelines.segment.questions import is_figures

_ITEMS = frozenset({BlockKind.BULLET, BlockKind.NUMBERED})
_NONE = re.compile(  # "There are no areas for priority action."
    r"(?:none|(?:there (?:are|were) )?no (?:key )?(?:strengths?|areas? (?:for|of) \w+(?: \w+)?))"
    r"(?: (?:were |was |have been )?(?:identified|found|noted))?\s*\.?$",
    re.IGNORECASE,
)
SEVERED = "an item below a heading that ended a list of findings"
_QUOTED = re.compile(  # people whom reports quote; a list that grows by cases
    r"(?:(?:a|an|the|one|another|senior|new|young|former|male|female|probation|case|team|unit"
    r"|service|court|prison|police|partnership|strategic|middle|newly qualified) )*"
    r"(?:person|people|m[ae]n|wom[ae]n|child(?:ren)?|parents?|carers?|practitioners?|managers?"
    r"|officers?|leaders?|staff(?: members?)?|members? of staff|partners?|stakeholders?|victims?"
    r"|sentencers?|judges?|magistrates?|users?|volunteers?|mentors?|workers?|director|head"
    r"|PS?O|SPO|administrators?|providers?)"
    r"(?: (?:on|in|at|of|from|under) [\w’' -]{2,30})?(?:, [\w’' -]{1,30})?",
    re.IGNORECASE,
)
_LONGEST_CREDIT = 60
_FEWEST_WORDS = 5  # of a finding that no bullet marks as one


class Role(StrEnum):
    """What became of a block."""

    FINDING = "finding"
    CONTINUATION = "continuation"  # of the finding before
    QUOTE = "quote"  # of the finding before
    LEFTOVER = "leftover"
    OTHER = "other"  # outside the lists, or known to be no finding


@dataclass(frozen=True, slots=True)
class Placed:
    """A block, its role, and why it was left over."""

    entry: Entry
    role: Role
    reason: str = ""


def place_blocks(entries: Sequence[Entry]) -> list[Placed]:
    """Give every block of a report its role, each exactly once and in order."""
    placed: list[Placed] = []
    for run, group in groupby(entries, key=lambda e: e.run):
        found = list(group)
        placed += _place_list(found) if run else [_place_outside(e) for e in found]
    return placed


def _place_outside(entry: Entry) -> Placed:
    """An item that a heading of unknown wording cuts off from the list above may be a finding."""
    item = entry.block.kind is BlockKind.BULLET and not (entry.boxed or entry.landmark)
    if item and entry.severed:
        return Placed(entry, Role.LEFTOVER, SEVERED)
    return Placed(entry, Role.OTHER)


def build_findings(
    placed: Sequence[Placed], document: Document
) -> tuple[tuple[Finding, ...], tuple[Leftover, ...]]:
    """Make findings and leftovers of the placed blocks; the caller adds ids and unit."""
    findings: list[Finding] = []
    leftovers: list[Leftover] = []
    for item in placed:
        block = item.entry.block
        if item.role is Role.FINDING:
            findings.append(_finding(item.entry, len(findings) + 1, document))
        elif item.role is Role.CONTINUATION:
            findings[-1] = _continued(findings[-1], block)
        elif item.role is Role.QUOTE:
            findings[-1] = replace(findings[-1], quotes=_quotes(findings[-1].quotes, block.text))
        elif item.role is Role.LEFTOVER:
            leftovers.append(Leftover(block.page, block.text, item.reason))
    return tuple(findings), tuple(leftovers)


@dataclass(slots=True)
class _Seen:
    """What of a list has been seen so far; `bulleted` and its items' `own` marker hold for all."""

    bulleted: bool
    own: str
    bullet: bool = False
    finding: bool = False


def _place_list(entries: Sequence[Entry]) -> list[Placed]:
    markers = Counter(e.block.marker for e in entries if e.block.kind in _ITEMS and not e.boxed)
    seen = _Seen(bool(markers), next(iter(markers.most_common(1)), ("", 0))[0])
    placed: list[Placed] = []
    for index, entry in enumerate(entries):
        role, reason = _role(entry, placed[-1] if placed else None, seen)
        if role is Role.FINDING and entry.block.text.endswith(":") and _introduces(entries, index):
            role = Role.OTHER
        if role is Role.FINDING:
            seen.finding = True
            seen.bullet = seen.bullet or entry.block.kind in _ITEMS
        placed.append(Placed(entry, role, reason))
    return placed


def _role(entry: Entry, before: Placed | None, seen: _Seen) -> tuple[Role, str]:
    block = entry.block
    mute = block.kind in {BlockKind.FOOTNOTE, BlockKind.CONTENTS}
    if entry.boxed or mute or not block.text.strip(BULLET + " "):  # or a bullet without its text
        return Role.OTHER, ""
    if entry.landmark is not None:
        return _role_of_landmark(entry.landmark, entry)
    if block.kind is BlockKind.TABLE:
        reason = "" if is_figures(block) else "a table in a list of findings"
        return (Role.LEFTOVER if reason else Role.OTHER), reason
    if (credited := _role_of_credit(block, before, seen.own)) is not None:
        return credited
    if _NONE.match(block.text):
        return Role.OTHER, ""  # the list is empty, which is said of it as of any
    if block.kind in _ITEMS or block.text.startswith(BULLET):
        return Role.FINDING, ""
    if block.kind is BlockKind.QUOTE or is_quotation(block.text):
        reason = "" if seen.finding else "a quotation before any finding"
        return (Role.LEFTOVER if reason else Role.QUOTE), reason
    if before is not None and _continues(before, block):
        return Role.CONTINUATION, ""
    if before is not None and _closes_quotation(before, block):
        return Role.QUOTE, ""
    return _role_of_paragraph(block, seen)


def _role_of_paragraph(block: Block, seen: _Seen) -> tuple[Role, str]:
    """In a list without bullets a paragraph is a finding, as it is above the bullets of others."""
    if _is_short(block.text):
        return Role.LEFTOVER, "a short line in a list, no sentence"
    if seen.bullet and seen.bulleted:
        return Role.LEFTOVER, "a paragraph after the list, neither continuation nor quotation"
    return Role.FINDING, ""


def _is_short(text: str) -> bool:
    return len(text.split()) < _FEWEST_WORDS and unfinished(text)


def _role_of_landmark(landmark: Landmark, entry: Entry) -> tuple[Role, str]:
    """A heading of unknown wording and level that heads nothing is text we could not place."""
    unknown = landmark.kind is LandmarkKind.HEADING and landmark.level == 0
    if unknown and entry.place.subsection != landmark.title:
        return Role.LEFTOVER, "a short line in a list, no heading of a known part"
    return Role.OTHER, ""


def _introduces(entries: Sequence[Entry], index: int) -> bool:
    """Whether a paragraph that ends with a colon only introduces the bullets below it."""
    if entries[index].block.kind is not BlockKind.PARAGRAPH:
        return False
    after = entries[index + 1].block if index + 1 < len(entries) else None
    return after is not None and after.kind in _ITEMS


def _continues(before: Placed, block: Block) -> bool:
    """Whether a paragraph continues the finding right before it: the reader did not join them."""
    if before.role not in {Role.FINDING, Role.CONTINUATION}:
        return False
    return unfinished(before.entry.block.text) and starts_lower(block.text)


def _closes_quotation(before: Placed, block: Block) -> bool:
    """Whether a paragraph is the end of the quotation right before it: a page break split them."""
    opened = before.entry.block.text
    close = {"“": "”", '"': '"', "‘": "’"}.get(opened[:1])
    return (
        before.role is Role.QUOTE
        and close is not None
        and close not in opened[1:]
        and block.text.rstrip(".").endswith(close)
    )


def _role_of_credit(block: Block, before: Placed | None, own: str) -> tuple[Role, str] | None:
    """What a short line right after a quotation is, where it may name who is quoted.

    It does where it is a known role: "– person on probation". Else an item of the list is one
    like any other, and what is none, or is all dashed or bracketed and a few words that are no
    sentence, is left over; None where the line has no such form.

    Args:
        block: The line.
        before: What stands right before it.
        own: The marker of the list's items.
    """
    if before is None or before.role is not Role.QUOTE or len(block.text) > _LONGEST_CREDIT:
        return None
    dashed = block.marker in {"-", "–", "—"} and block.text[:1].islower()
    if not dashed and block.text[:1] not in "–—(-[":
        return None
    if _QUOTED.fullmatch(block.text.strip("–—-()[]., ")):
        return Role.OTHER, ""
    item = block.kind is BlockKind.NUMBERED or (block.kind in _ITEMS and block.marker == own)
    whole = block.text[:1] not in "([" or block.text[-1:] in ")]"
    if item and not (whole and _is_short(block.text)):
        return None
    return Role.LEFTOVER, "a short line after a quotation, which names nobody known"


def _finding(entry: Entry, ordinal: int, document: Document) -> Finding:
    block = entry.block
    start, text = block.start, block.text
    if text.startswith(BULLET):  # a glyph that the reader took for text
        bare = text.lstrip(BULLET + " ")
        start += document.text[block.start : block.end].index(bare.split(" ", 1)[0])
        text = bare
    polarity = entry.polarity or Polarity.STRENGTH
    return Finding(
        finding_id="",
        document_id="",
        ordinal=ordinal,
        polarity=polarity,
        text=text,
        code=entry.place.code,
        standard=entry.place.standard,
        subsection=entry.place.subsection,
        page=block.page,
        page_end=block.page_end if block.page_end is not None else block.page,
        start=start,
        end=block.end,
        digest=digest(text),
        path=document.path,
        boxes=block.boxes,
    )


def _quotes(quotes: tuple[str, ...], text: str) -> tuple[str, ...]:
    """Add a quotation; one that was not closed yet is continued instead."""
    close = {"“": "”", '"': '"', "‘": "’"}.get(quotes[-1][:1]) if quotes else None
    if close and close not in quotes[-1][1:] and text[:1] not in '“"‘':
        return (*quotes[:-1], f"{quotes[-1]} {text}")
    return (*quotes, text)


def _continued(finding: Finding, block: Block) -> Finding:
    text = f"{finding.text} {block.text}"
    return replace(
        finding,
        text=text,
        end=block.end,
        page_end=block.page_end if block.page_end is not None else block.page,
        digest=digest(text),
        boxes=(*finding.boxes, *block.boxes),
    )
