"""Recommendations: numbered, and addressed to somebody."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pipelines.frameworks import fold
from pipelines.read.drafts.wrapping import starts_lower, unfinished
from pipelines.records import BlockKind, Recommendation
from pipelines.segment.entry import Entry
from pipelines.segment.headings import Landmark, LandmarkKind

_NUMBER: Final = re.compile(r"^(?:recommendation\s+)?\(?(\d{1,3})[.):]?(?:\s+|$)", re.IGNORECASE)
_FOR: Final = re.compile(
    r"^(?:recommendations?\s+)?(?:for|to)\s+(?:the\s+)?(?P<who>\S.{1,100}?)\s*:?$", re.I
)
_INLINE: Final = re.compile(r"^(?P<who>(?:the\s+)?[A-Z][^.;]{2,90}?)\s+(?:should|must)\s+(?=[a-z])")
_NUMBER_CELL: Final = re.compile(r"^(?:recommendation\s*)?\(?(\d{1,3})[.):]?$", re.IGNORECASE)
_TEXT_HEAD: Final = re.compile(r"^(?:the |our )?recommendations?$", re.IGNORECASE)
_WHO_HEAD: Final = re.compile(
    r"^(?:addressees?|addressed to|for|for whom|who|owner|lead|responsib\w+|organi[sz]ation)\b",
    re.I,
)
_NEXT: Final = re.compile(r"\s(?P<who>(?:The\s+)?[A-Z][\w’'&-]*(?:\s[\w’'&-]+){0,10}?)\s+should:$")
_NAME: Final = re.compile(r"[Tt]he\s|.*\s[A-Z]")  # as of an organisation; topics are in small
_LONGEST_NAME: Final = 80  # characters of an addressee set as a heading


def find_recommendations(
    entries: Sequence[Entry], *, unit: str | None = None
) -> tuple[tuple[Recommendation, ...], tuple[str, ...]]:
    """Return the recommendations in order, and warnings about their numbering.

    Args:
        entries: The outline of the report.
        unit: Plain name of the unit, to know it as addressee.
    """
    reading = _Reading(unit, numbered=_is_numbered(entries))
    for entry in entries:
        if entry.section != "recommendations":
            reading.addressee = None
        elif not entry.boxed:
            reading.take(entry)
    found, warnings = _numbered_once(reading.found)
    if reading.text and not found:
        warnings = ("none of the recommendations could be read from the part of that name",)
    return found, warnings


class _Reading:
    """What has been read of the recommendations; `text` is whether anything stands there."""

    def __init__(self, unit: str | None, *, numbered: bool) -> None:
        self.found: list[Recommendation] = []
        self.addressee: str | None = None
        self.text = False
        self._level = 0  # of the heading that named it; 0 where unknown
        self._unit = unit
        self._numbered = numbered
        self._awaits: int | None = None  # a number printed above its recommendation
        self._opens = False  # nothing numbered has come since the addressee changed

    def take(self, entry: Entry) -> None:
        block = entry.block
        item = _item(entry)
        if block.rows:
            self.text = True
            for number, who, text in recommendations_in(block.rows):
                self._add(number, who or self.addressee, text)
        elif item is not None and (item[0] is not None or not self._numbered):
            self.text, self._opens = True, False
            if item[1]:
                text, following = _parted(item[1], self._unit)
                self._add(item[0], self.addressee or _inline(text), text)
                self.addressee, self._opens = following or self.addressee, following is not None
            else:
                self._awaits = item[0]
        elif entry.landmark is not None:
            self._awaits = None  # a lone figure above a heading numbers nothing below it
            addressee, level = _addressee(entry, self._unit), entry.landmark.level
            beside = bool(self.addressee) and 0 < level == self._level
            if addressee is None and beside and _NAME.match(entry.landmark.title):
                addressee = entry.landmark.title
            if addressee:
                self._opens = addressee != self.addressee
                self.addressee, self._level = addressee, level
        else:
            self.text = True
            self._take_text(entry)

    def _take_text(self, entry: Entry) -> None:
        if self._awaits is not None:
            self._add(None, self.addressee or _inline(entry.block.text), entry.block.text)
        elif self._opens and entry.block.kind is BlockKind.BULLET:
            self._add(None, self.addressee, entry.block.text)
        elif self.found and self.addressee is not None and _goes_on(self.found[-1].text, entry):
            text = f"{self.found[-1].text} {entry.block.text}"
            self.found[-1] = replace(self.found[-1], text=text)

    def _add(self, number: int | None, who: str | None, text: str) -> None:
        number = number or self._awaits or len(self.found) + 1
        self._awaits = None
        kind = addressee_type(who, self._unit)
        self.found.append(Recommendation("", "", number, who, kind, text))


def recommendations_in(
    rows: Sequence[Sequence[str]],
) -> list[tuple[int | None, str | None, str]]:
    """Return number, addressee and text of each recommendation of a table.

    A head names the columns; without one, each row needs a number and its longest cell counts.
    """
    found: list[tuple[int | None, str | None, str]] = []
    column = whose = None
    group: str | None = None
    for row in rows:
        cells = [" ".join(cell.split()) for cell in row]
        if any(map(_TEXT_HEAD.match, cells)):
            column = next(i for i, cell in enumerate(cells) if _TEXT_HEAD.match(cell))
            whose = next((i for i, cell in enumerate(cells) if _WHO_HEAD.match(cell)), None)
            continue
        numbers = [int(match[1]) for cell in cells if (match := _NUMBER_CELL.match(cell))]
        said = [cell for cell in cells if cell and not _NUMBER_CELL.match(cell)]
        if len(said) == 1 and not numbers and len(said[0]) <= _LONGEST_NAME:
            group = said[0]  # a row that names whom the rows below are for
        elif said and (numbers or column is not None):
            known = cells[column] if column is not None and column < len(cells) else ""
            text = known or max(said, key=len)
            who = cells[whose] if whose is not None and whose < len(cells) else ""
            others = [cell for cell in said if cell != text and addressee_type(cell) != "other"]
            named = who or (others[0] if others else group)
            found.append((numbers[0] if numbers else None, named, text))
    return found


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


def names_addressee(landmark: Landmark, unit: str | None = None) -> str | None:
    """Return whom a heading among recommendations names, where its wording tells."""
    if match := _FOR.match(landmark.title):
        return match["who"]
    named = len(landmark.title) <= _LONGEST_NAME and addressee_type(landmark.title, unit) != "other"
    return landmark.title if named else None


def _is_numbered(entries: Sequence[Entry]) -> bool:
    """Whether the report numbers its recommendations: then plain bullets are parts of one."""
    items = [e for e in entries if e.section == "recommendations" and e.landmark is None]
    return sum(1 for e in items if (item := _item(e)) and item[0] is not None) >= 2


def _addressee(entry: Entry, unit: str | None) -> str | None:
    landmark = entry.landmark
    if landmark is None:
        return None
    if landmark.kind is LandmarkKind.ADDRESSEE:
        return landmark.title
    return names_addressee(landmark, unit) if landmark.kind is LandmarkKind.HEADING else None


def _item(entry: Entry) -> tuple[int | None, str] | None:
    """Return number and text of an item; None where the block is none.

    A short item without a full stop may come as a heading; that of a part or of an addressee is
    none.
    """
    block = entry.block
    if entry.landmark is not None and not _is_short_item(entry.landmark):
        return None
    if block.kind is BlockKind.NUMBERED:
        match = _NUMBER.match(block.marker)
        return (int(match[1]) if match else None, block.text)
    if block.kind is BlockKind.BULLET:
        match = _NUMBER.match(block.text)
        return (int(match[1]), block.text[match.end() :]) if match else (None, block.text)
    if block.kind not in {BlockKind.PARAGRAPH, BlockKind.HEADING}:
        return None
    if match := _NUMBER.match(block.text):
        return int(match[1]), block.text[match.end() :]
    return None


def _is_short_item(landmark: Landmark) -> bool:
    if (
        landmark.kind is not LandmarkKind.HEADING
        or (match := _NUMBER.match(landmark.title)) is None
    ):
        return False
    text = landmark.title[match.end() :]
    called = landmark.title[:1] in "Rr"  # "Recommendation 1"
    return called or (landmark.level == 0 and (text[:1].islower() or _inline(text) is not None))


def _inline(text: str) -> str | None:
    match = _INLINE.match(text)
    return match["who"] if match else None


def _parted(text: str, unit: str | None) -> tuple[str, str | None]:
    """Split an item from the addressee of the next, which a reader took for its last line."""
    match = _NEXT.search(text)
    if match is None or not match.start() or addressee_type(match["who"], unit) == "other":
        return text, None
    return text[: match.start()], match["who"]


def _goes_on(text: str, entry: Entry) -> bool:
    block = entry.block
    if block.kind is BlockKind.BULLET:
        return True
    return block.kind is BlockKind.PARAGRAPH and unfinished(text) and starts_lower(block.text)


def _numbered_once(
    found: list[Recommendation],
) -> tuple[tuple[Recommendation, ...], tuple[str, ...]]:
    """Number them consecutively where a report starts again for each addressee."""
    numbers = [r.number for r in found]
    if len(set(numbers)) == len(numbers):
        return tuple(found), ()
    again = tuple(replace(r, number=i) for i, r in enumerate(found, start=1))
    return again, (
        "recommendations are numbered anew for each addressee: numbered through instead",
    )
