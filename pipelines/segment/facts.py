"""When a report was published, when its fieldwork began, how many cases it looked at."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from pipelines.records import Block, BlockKind, Document
from pipelines.segment.dates import MONTH_YEAR, find_first_month, find_month, parse_count
from pipelines.segment.headings import Landmark
from pipelines.segment.titles import FRONT, cover_lines

_PUBLISHED: Final = re.compile(
    r"^(?:HM Inspectorate of Probation|(?:First |Date )?published(?: on)?|publication date"
    r"|date of publication)\b[\s:,|–-]*",
    re.IGNORECASE,
)
_PUBLISHED_WITHIN: Final = re.compile(r"\bpublished(?: on)?\s*:\s*(?=\S)", re.IGNORECASE)
_DATED: Final = re.compile(  # a line that is a date, or ends with one after the publisher
    r"^20\d\d-\d\d(?:-\d\d)?$|\bHM Inspectorate of Probation\s*[,|–-]\s*\S.*$", re.IGNORECASE
)
_COPYRIGHT: Final = re.compile(r"crown copyright\s*,?\s*(20\d\d)", re.IGNORECASE)
_CORRECTED: Final = re.compile(
    r"\b(?:corrected|revised|amended|updated|re-?issued|republished)\b", re.IGNORECASE
)
# A published report may speak of its own check, or of draft plans: then it is no draft.
_DRAFT: Final = re.compile(
    r"(?i:^\W*draft(?:[\W\d]*$|\s*[–—:|-]|\s+(?:(?:inspection )?report|version|copy|for|not)\b)"
    r"|\b(?:is|draft) (?:a draft )?for (?:a |the )?factual accuracy check\b"
    r"|^\W*(?:for|subject to|pending) (?:a |the )?factual accuracy check\b)|\bDRAFT\b"
)
_MARKED: Final = 15  # blocks among which a report says that it is a draft
_LONGEST_MARK: Final = 80  # letters of a line that says so: what is longer speaks of other drafts
_LONGEST_NOTE: Final = 200
_FIELDWORK: Final = re.compile(r"\bfieldwork\b[^.]{0,160}", re.IGNORECASE)
_FIELDWORK_START: Final = re.compile(
    r"\bfieldwork (?:started|began|commenced|start(?:ing)? date|date)\b[^.]{0,40}", re.IGNORECASE
)
_TOOK_PLACE: Final = re.compile(
    r"\b(?:inspection|visits?) (?:took place|(?:was|were) (?:carried out|conducted|made))\b"
    r"[^.]{0,80}",
    re.IGNORECASE,
)
_COUNT: Final = r"\d{1,3}|[a-z]+\s+hundred(?:\s+and\s+[a-z]+(?:-[a-z]+)?)?|[a-z]+(?:-[a-z]+)?"
_CASES: Final = re.compile(
    r"\b(?:we|inspectors|team)\b[^.]{0,60}?"
    r"\b(?:inspected|examined|reviewed|assessed|looked at|read|sampled)\s+"
    rf"(?:a (?:total|sample) of\s+)?(?P<count>{_COUNT})\s+"
    r"(?P<sort>(?:\w+[ -]){0,4}?)cases\b",
    re.IGNORECASE,
)
_MORE_CASES: Final = re.compile(
    rf"^(?:,? and|,)\s+(?P<count>{_COUNT})\s+(?:\w+[ -]){{1,4}}?cases\b", re.I
)
_CASES_PLAIN: Final = re.compile(
    r"\ba total of (?P<total>\d{1,3}) cases were (?:inspected|examined|assessed)\b"
    r"|\bour sample (?:was|had|comprised|included|consisted of) (?P<sample>\d{1,3}) "
    r"(?:\w+ ){0,3}cases\b"
    r"|\b(?:cases inspected|number of cases(?: inspected)?)\W{1,4}(?P<count>\d{1,3})\b",
    re.I,
)
_COUNTS: Final = ("count", "total", "sample")


def find_published(document: Document, landmarks: Sequence[Landmark | None]) -> str | None:
    """Return when the report was published, `YYYY-MM` or `YYYY`; None where it does not say."""
    front = document.blocks[: _front_end(landmarks)]
    if month := _said_published(front):
        return month
    if document.published:
        return document.published[:7]
    for block in front:
        match = MONTH_YEAR.search(block.text)
        if match and len(block.text) <= len(match[0]) + 2 and (month := find_month(block.text)):
            return month
    for text in cover_lines(front):
        dated = _DATED.search(text) if len(text) < 120 else None
        if dated and (month := find_month(dated[0])):
            return month
    for block in document.blocks:
        if match := _COPYRIGHT.search(block.text):
            return match[1]
    return None


def _said_published(front: Sequence[Block]) -> str | None:
    """The month after "Published", at a block's start or in lines of a cover joined to one."""
    for block in front:
        match = _PUBLISHED.match(block.text)
        if match and len(block.text) < 120 and (month := find_month(block.text[match.end() - 1 :])):
            return month
    for block in front:
        match = _PUBLISHED_WITHIN.search(block.text) if len(block.text) < 160 else None
        if match and (month := find_month(block.text[match.end() :])):
            return month
    return None


def find_correction(document: Document) -> str:
    """Return when the report says that it was corrected, `YYYY-MM`; empty where it does not."""
    for block in document.blocks[:FRONT]:
        match = _CORRECTED.search(block.text) if len(block.text) < _LONGEST_NOTE else None
        if match and (month := find_month(block.text[match.start() :])):
            return month
    return ""


def is_draft(document: Document) -> bool:
    """Whether a line of the report's beginning says that it is a draft."""
    lines = (b.text for b in document.blocks[:_MARKED] if b.kind is not BlockKind.BULLET)
    return any(len(text) <= _LONGEST_MARK and _DRAFT.search(text) for text in lines)


def find_fieldwork(document: Document) -> str | None:
    """Return the month in which fieldwork started, `YYYY-MM`; None where it is not said."""
    for pattern in (_FIELDWORK_START, _FIELDWORK, _TOOK_PLACE):
        for block in document.blocks:
            for match in pattern.finditer(block.text):
                if month := find_first_month(match[0]):
                    return month
    for block, after in pairwise(document.blocks):  # a table of two cells that fell apart
        if _FIELDWORK_START.match(block.text) and len(block.text) + len(after.text) < 80:
            return find_first_month(after.text)
    return None


def find_cases(document: Document) -> int | None:
    """Return how many cases were inspected; None where it is not said."""
    for pattern in (_CASES, _CASES_PLAIN):
        for block in document.blocks:
            if block.kind in {BlockKind.BULLET, BlockKind.QUOTE, BlockKind.FOOTNOTE}:
                continue
            for match in pattern.finditer(block.text):
                said = match.groupdict()
                count = parse_count(next(said[k] for k in _COUNTS if said.get(k)))
                if count:
                    return count + _further(block.text, match)
    return None


def _further(text: str, match: re.Match[str]) -> int:
    """Cases of other sorts named in the same breath: "29 community cases and 15 resettlement"."""
    total, at = 0, match.end()
    while match.groupdict().get("sort") and (more := _MORE_CASES.match(text[at:])):
        total += parse_count(more["count"]) or 0
        at += more.end()
    return total


def _front_end(landmarks: Sequence[Landmark | None]) -> int:
    """Index of the first block after the front matter: a foreword, or a standard in full."""
    for index, landmark in enumerate(landmarks):
        opens = landmark is not None and landmark.section in {"foreword", "recommendations"}
        if opens and index + 1 < len(landmarks) and landmarks[index + 1] is None:
            return index
    return min(len(landmarks), FRONT)
