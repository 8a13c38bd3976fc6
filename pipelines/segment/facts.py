"""What a report says of itself: title, unit, region, dates, cases."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from pipelines.places import Places, plain_name
from pipelines.records import Block, BlockKind, Document
from pipelines.segment.dates import MONTH_YEAR, find_first_month, find_month, parse_count
from pipelines.segment.headings import Mark, MarkKind

_TITLE: Final = re.compile(
    r"^(?:report (?:on|of) )?(?:an?|the)?\s*(?:[\w-]+\s+){0,3}?inspection of\s+(?P<what>\S.*)$",
    re.IGNORECASE,
)
_IN: Final = re.compile(
    r"^(?P<what>.*?)\s+(?:in|of|by)(?:\s*:\s*|\s+)(?P<unit>\S.*)$", re.IGNORECASE
)
_PART_OF: Final = re.compile(
    r"^(?:the )?(?P<unit>\S.*?\s(?:region|division))\s+of\s+"
    r"(?:the )?(?:National )?Probation Service",
    re.IGNORECASE,
)
_REPORT_TITLE: Final = re.compile(
    r"^(?:[\w-]+\s+){0,2}inspection report\s*[:–—-]\s*(?P<unit>\S.*)$", re.IGNORECASE
)
_NPS: Final = re.compile(r"^(?P<name>\S.*?) National Probation Service division$", re.IGNORECASE)
_NATIONAL_TITLE: Final = re.compile(
    r"^(?:an?\s+|the\s+)?national inspection\b[^.]{0,100}$", re.IGNORECASE
)
_DASHED: Final = re.compile(r"^(?P<what>.*?services?)\s*[–—:-]\s*(?P<unit>\S.*)$", re.IGNORECASE)
_SERVICE: Final = re.compile(
    r"probation service\s*[–—-]\s*(?P<region>[A-Z][^\n.;]{2,60}?)(?:\s+region\b.*)?$", re.IGNORECASE
)
_BEHIND_UNIT: Final = re.compile(  # a date, the inspectorate, its site, on the title's line
    r"(?:,?\s+by\s+HM Inspectorate\b|(?<=\bPDU)\s+The Probation Service\b"
    r"|(?<=\bPDU)(?:\s*[,:|–—]|\s-)\s|\s[|–—-]\s(?:HM Inspectorate|GOV\.UK)\b"
    r"|,\s+(?=[A-Z][a-z]+ 20\d\d$)).*$"
)
_IN_REGION: Final = re.compile(
    r"\bin (?:the )?(?P<region>[A-Z][\w’'-]*(?:,? (?:and |of |the |upon )*[A-Z][\w’'-]*){0,5})"
    r" region\b"
)
_YOUTH: Final = re.compile(
    r"\byouth\b|\bchildren and victims\b|\bYOT\b|\bYJS\b|\bYOS\b", re.IGNORECASE
)
_PDU: Final = re.compile(r"\bPDUs?\b|\bprobation delivery unit", re.IGNORECASE)
_REGION: Final = re.compile(r"\bregion(?:al)?\b|\bdivision\b", re.IGNORECASE)
_NATIONAL: Final = re.compile(r"\bnational(?:ly)?\b(?! probation service)", re.IGNORECASE)
_PUBLISHED: Final = re.compile(
    r"^(?:HM Inspectorate of Probation|(?:First |Date )?published(?: on)?|publication date"
    r"|date of publication)\b[\s:,|–-]*",
    re.IGNORECASE,
)
_PUBLISHED_WITHIN: Final = re.compile(r"\bpublished(?: on)?\s*:\s*(?=\S)", re.IGNORECASE)
_DATED: Final = re.compile(  # a line that is a date, or ends with one behind the publisher
    r"^20\d\d-\d\d(?:-\d\d)?$|\bHM Inspectorate of Probation\s*[,|–-]\s*\S.*$", re.IGNORECASE
)
_COPYRIGHT: Final = re.compile(r"crown copyright\s*,?\s*(20\d\d)", re.IGNORECASE)
_FIELDWORK: Final = re.compile(r"\bfieldwork\b[^.]{0,160}", re.IGNORECASE)
_FIELDWORK_START: Final = re.compile(
    r"\bfieldwork (?:started|began|commenced|start(?:ing)? date|date)\b[^.]{0,40}", re.IGNORECASE
)
_TOOK_PLACE: Final = re.compile(
    r"\b(?:inspection|visits?) (?:took place|(?:was|were) (?:carried out|conducted|made))\b"
    r"[^.]{0,80}",
    re.IGNORECASE,
)
_CASES: Final = re.compile(
    r"\b(?:we|inspectors|team)\b[^.]{0,60}?"
    r"\b(?:inspected|examined|reviewed|assessed|looked at|read|sampled)\s+"
    r"(?:a (?:total|sample) of\s+)?(?P<count>\d{1,3}|[a-z]+(?:-[a-z]+)?)\s+"
    r"(?P<sort>(?:\w+[ -]){0,4}?)cases\b",
    re.IGNORECASE,
)
_MORE_CASES: Final = re.compile(
    r"^(?:,? and|,)\s+(?P<count>\d{1,3}|[a-z]+(?:-[a-z]+)?)\s+(?:\w+[ -]){1,4}?cases\b", re.I
)
_CASES_PLAIN: Final = re.compile(
    r"\ba total of (?P<total>\d{1,3}) cases were (?:inspected|examined|assessed)\b"
    r"|\bour sample (?:was|had|comprised|included|consisted of) (?P<sample>\d{1,3}) "
    r"(?:\w+ ){0,3}cases\b"
    r"|\b(?:cases inspected|number of cases(?: inspected)?)\W{1,4}(?P<count>\d{1,3})\b",
    re.I,
)
_COUNTS: Final = ("count", "total", "sample")
_SITES: Final = re.compile(r"\s[|-]\s|\s[–—]\s(?=an? |the )", re.IGNORECASE)
_REST_OF_REGION: Final = re.compile(r"(?:[A-Z][\w’'-]*,? (?:and |of )*){0,3}region$")
_YEAR_ALONE: Final = re.compile(r"20\d\d$")
_LONGEST_COVER_LINE: Final = 110
_FRONT: Final = 80  # blocks among which title and date are looked for


@dataclass(frozen=True, slots=True)
class Identity:
    """Which unit a report is about."""

    title: str | None = None
    unit: str | None = None
    unit_type: str = "unknown"
    region: str | None = None


def find_identity(document: Document, marks: Sequence[Mark | None], places: Places) -> Identity:
    """Find title, unit, its type and its region."""
    front = document.blocks[:_FRONT]
    title, unit = _title(document, front)
    unit = _BEHIND_UNIT.sub("", unit) if unit else _unit_elsewhere(document, marks)
    region = _region(document, front, marks)
    unit_type = _unit_type(title or "", unit or "", region, places)
    plain = plain_name(unit) if unit else None
    if unit_type == "national":
        return Identity(title, "National", unit_type, None)
    if unit_type == "region":
        return Identity(title, plain, unit_type, plain)
    known = places.region_of(plain) if plain else None
    return Identity(title, plain, unit_type, region or known)


def find_published(document: Document, marks: Sequence[Mark | None]) -> str | None:
    """Return when the report was published, `YYYY-MM` or `YYYY`; None where it does not say."""
    front = document.blocks[: _front_end(marks)]
    if month := _said_published(front):
        return month
    if document.published:
        return document.published[:7]
    for block in front:
        match = MONTH_YEAR.search(block.text)
        if match and len(block.text) <= len(match[0]) + 2 and (month := find_month(block.text)):
            return month
    for text in _cover_lines(front):
        dated = _DATED.search(text) if len(text) < 120 else None
        if dated and (month := find_month(dated[0])):
            return month
    for block in document.blocks:
        if match := _COPYRIGHT.search(block.text):
            return match[1]
    return None


def _said_published(front: Sequence[Block]) -> str | None:
    """The month behind "Published", at a block's start or in lines of a cover joined to one."""
    for block in front:
        match = _PUBLISHED.match(block.text)
        if match and len(block.text) < 120 and (month := find_month(block.text[match.end() - 1 :])):
            return month
    for block in front:
        match = _PUBLISHED_WITHIN.search(block.text) if len(block.text) < 160 else None
        if match and (month := find_month(block.text[match.end() :])):
            return month
    return None


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


def _front_end(marks: Sequence[Mark | None]) -> int:
    """Index of the first block behind the front matter: a foreword, or a standard in full."""
    for index, mark in enumerate(marks):
        opens = mark is not None and mark.section in {"foreword", "recommendations"}
        if opens and index + 1 < len(marks) and marks[index + 1] is None:
            return index
    return min(len(marks), _FRONT)


def _title(document: Document, front: Sequence[Block]) -> tuple[str | None, str | None]:
    for index, block in enumerate(front):
        if block.kind is BlockKind.CONTENTS or len(block.text) > 220:
            continue
        if _NATIONAL_TITLE.match(block.text):
            return block.text, None
        if report := _REPORT_TITLE.match(block.text):
            return block.text, report["unit"]
        match = _TITLE.match(block.text)
        if match is None or block.text.endswith("."):
            continue
        what = match["what"]
        if re.search(r"\b(?:in|of|by|for)\s*:?$", what) or what.endswith(":"):
            following = _next_text(front, index)
            return f"{block.text} {following}".strip(), following or None
        unit = _unit_in(what)
        return block.text, unit["unit"] if unit else _whole_service(what)
    for start in (0, *(gap.end() for gap in _SITES.finditer(document.title))):
        title = document.title[start:]  # a chapter's page, the report, its site
        if match := _TITLE.match(title):
            unit = _unit_in(_SITES.split(match["what"])[0]) or _unit_in(match["what"])
            named = _SITES.split(unit["unit"])[0] if unit else None
            return _SITES.split(title)[0] if unit else title, named
    return None, None


def _unit_in(what: str) -> re.Match[str] | None:
    return _PART_OF.match(what) or _IN.match(what) or _DASHED.match(what)


def _whole_service(what: str) -> str | None:
    """The title names the unit outright: "An inspection of Marwick Youth Justice Service"."""
    if division := _NPS.match(what):
        return f"{division['name']} division"
    return what if plain_name(what) != what.strip() else None


def _next_text(front: Sequence[Block], index: int) -> str:
    following = front[index + 1] if index + 1 < len(front) else None
    return following.text if following is not None and len(following.text) < 120 else ""


def _unit_elsewhere(document: Document, marks: Sequence[Mark | None]) -> str | None:
    """The unit as recommendations, ratings page or background name it."""
    for mark in marks:
        if mark and mark.kind is MarkKind.ADDRESSEE and _PDU.search(mark.title):
            return re.sub(r"^the\s+", "", mark.title, flags=re.IGNORECASE)
    for block in document.blocks:
        if len(block.text) < 80 and _PDU.search(block.text) and block.kind is BlockKind.HEADING:
            name = plain_name(block.text)
            if name and name[:1].isupper() and not _PDU.search(name):
                return block.text
    return None


def _cover_lines(front: Sequence[Block]) -> list[str]:
    """The texts of a cover; a name or a date that a line's end cut in two is whole again."""
    lines: list[str] = []
    for block in front:
        before = lines[-1] if lines else ""
        region = "region" not in before and _REST_OF_REGION.match(block.text)
        year = 0 < len(before) < _LONGEST_COVER_LINE and _YEAR_ALONE.match(block.text)
        if (region and _SERVICE.search(before)) or year:
            lines[-1] = f"{lines[-1]} {block.text}"
        else:
            lines.append(block.text)
    return lines


def _region(document: Document, front: Sequence[Block], marks: Sequence[Mark | None]) -> str | None:
    for text in _cover_lines(front):
        if match := _SERVICE.search(text):
            return plain_name(match["region"])
    for mark in marks:
        if mark and mark.kind is MarkKind.ADDRESSEE and _REGION.search(mark.title):
            name = plain_name(mark.title)
            if name and name.lower() not in {"probation", "regional"} and len(name) < 50:
                return name
    for block in document.blocks:
        if match := _IN_REGION.search(block.text):
            return plain_name(match["region"])
    return None


def _unit_type(title: str, unit: str, region: str | None, places: Places) -> str:
    if _YOUTH.search(title) or _YOUTH.search(unit):
        return "youth"
    if _PDU.search(unit) or _PDU.search(title):
        return "pdu"
    known = places.find(unit) if unit else None
    if _REGION.search(unit) or (known is not None and known.kind == "region"):
        return "region"
    if _NATIONAL.search(title) and known is None:
        return "national"
    if known is not None:
        return known.kind
    return "pdu" if region and unit and "probation" in title.lower() else "unknown"
