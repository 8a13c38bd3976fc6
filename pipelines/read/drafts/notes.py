"""Footnotes of plain text: "1 The rating ...", "1. The rating ..." or "† The rating ...".

Their numbers are plain figures there, and so are their calls ("rating1"): a note is one only
where some word before it carries its number or symbol, and only such a call is taken out.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

from pipelines.read.drafts.assemble import Draft
from pipelines.read.drafts.calls import lowered, raised
from pipelines.read.drafts.wrapping import ends_sentence, starts_lower, unfinished
from pipelines.records import BlockKind

_SIGNS: Final = r"[*†‡§¶‖]{1,12}"
_NOTE: Final = re.compile(
    rf"(\d{{1,3}}|{_SIGNS})\s+(?=[“‘\"'(\[]?[A-Z]|\d|https?:|www\.)(.{{25,}})$", re.DOTALL
)
_NUMBER: Final = re.compile(rf"(\d{{1,3}}|{_SIGNS})\s+(?:[“‘\"'(\[]?[A-Z]|\d)")
_CALLED: Final = re.compile(
    r"(?:(?<=[a-z”’\"')])|(?<=[a-zA-Z”’\"')][.,;:]))(\d{1,3})(?=[\s.,;:)]|$)"
)
# After a small letter, or after the mark that ends its clause: never inside "7.1" or "1,350", nor
# after a word in capitals, where a figure is a part of the name: "CAS3", "FTR48". "ViSOR" is none.
_MIXED: Final = "|".join(rf"(?<=[a-z][A-Z]{{{n}}})" for n in (1, 2, 3, 4))
_CALL: Final = r"(?:(?<=[a-z”’\"')])|(?<=[a-zA-Z”’\"')][.,;:])|{mixed}){call}(?=[\s.,;:)]|$)"
_ANY_CALL: Final = re.compile(_CALL.format(call=rf"(\d{{1,3}}|{_SIGNS})", mixed=_MIXED))
_RAISED: Final = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_COUNT: Final = r"(?:(?<=[A-Za-z”’\"')][a-z.,;:)])|{mixed}){number}(?=[\s.,;:)]|$)"
_COUNTED: Final = re.compile(_COUNT.format(number=r"(\d{1,2})", mixed=_MIXED))
_STARRED: Final = re.compile(r"(?<=[a-zA-Z”’\"')][a-zA-Z.,;:)])\*(?=[\s.,;:)]|$)")
_PAGE: Final = 15  # drafts that the page of a note may hold above it
_FEWEST_COUNTED: Final = 3  # after one word, which may be a name that counts
_MOST_MISSED: Final = 2
_REACH: Final = 60  # drafts between a call and its note
_FOOT: Final = 5  # drafts between a note and the end of its page


def settle_notes(drafts: Sequence[Draft]) -> None:
    """Turn drafts that are footnotes into footnotes, and take their calls out of the text."""
    counted, calls = _counted(drafts), _Calls(drafts)
    bullets = Counter(d.marker for d in drafts if d.kind is BlockKind.BULLET)
    usual = bullets.most_common(1)[0][0] if bullets else ""
    last = _first_of_last(drafts)
    for index, draft in enumerate(drafts):
        listed = draft.kind is BlockKind.BULLET and draft.marker == usual
        if listed and not _is_starred(drafts, index):
            continue
        if (found := _candidate(drafts, index)) is None:
            continue
        number, text = found
        reach = _REACH if index < last else index  # notes at the end are called from anywhere
        if calls.take(number, range(max(0, index - reach), index)):
            draft.kind, draft.text = BlockKind.FOOTNOTE, text
    for draft, number in counted:  # calls whose notes were left behind
        call = re.compile(_COUNT.format(number=number, mixed=_MIXED))
        draft.text = call.sub("", draft.text, count=1)


class _Calls:
    """The calls of drafts by their number: a text of nothing but notes is not searched for each."""

    def __init__(self, drafts: Sequence[Draft]) -> None:
        self._drafts = drafts
        self._at: defaultdict[str, list[int]] = defaultdict(list)  # drafts with such a call
        for index in range(len(drafts)):
            self._note(index)

    def _note(self, index: int) -> None:
        draft = self._drafts[index]
        if draft.kind is BlockKind.TABLE:
            return
        for number in _numbers_called(draft.text):
            at = self._at[number]
            place = bisect_left(at, index)
            if at[place : place + 1] != [index]:
                at.insert(place, index)

    def take(self, number: str, within: range) -> bool:
        """Take the call of a number out of the last draft within a range that has one."""
        at = self._at.get(number, [])
        place = bisect_left(at, within.stop) - 1
        if place < 0 or at[place] < within.start:
            return False
        index = at.pop(place)
        call = re.compile(_CALL.format(call=re.escape(number), mixed=_MIXED) + _or_raised(number))
        self._drafts[index].text = call.sub("", self._drafts[index].text, count=1)
        self._note(index)  # the one behind it may now stand behind the word
        return True


def _numbers_called(text: str) -> set[str]:
    """Each number or symbol that stands where a call does; raised figures call by every part."""
    found = {match[1] for match in _ANY_CALL.finditer(text)}
    for run in () if text.isascii() else _RAISED.findall(text):
        figures = lowered(run)
        ends = range(1, 1 + len(figures))
        found |= {figures[begin:end] for end in ends for begin in range(max(0, end - 3), end)}
    return found


def _first_of_last(drafts: Sequence[Draft]) -> int:
    """Where the notes at the end of a text begin; its length where there are none."""
    index = len(drafts)
    while index and (found := _candidate(drafts, index - 1)) and found[0].isdigit():
        index -= 1
    return index


def _counted(drafts: Sequence[Draft]) -> list[tuple[Draft, str]]:
    """The figures right after words that count 1, 2, 3, and where each stands."""
    found: list[tuple[Draft, str]] = []
    words: set[str] = set()
    last = 0
    for draft in drafts:
        for match in _COUNTED.finditer(draft.text) if draft.kind is not BlockKind.TABLE else ():
            if last < int(match[1]) <= last + _MOST_MISSED:
                last = int(match[1])
                found.append((draft, match[1]))
                words.add(draft.text[: match.start()].rsplit(None, 1)[-1])
    return found if len(words) > 1 or len(found) >= _FEWEST_COUNTED else []


def called_numbers(text: str) -> frozenset[str]:
    """Return the numbers that stand right after a word, as the calls of footnotes do."""
    return frozenset(_CALLED.findall(text))


def may_begin_note(line: str) -> str:
    """Return the number or symbol that a line opens with as a footnote does; empty for none.

    A sentence may begin with a figure as well.
    """
    match = _NUMBER.match(line)
    return match[1] if match else ""


def _candidate(drafts: Sequence[Draft], index: int) -> tuple[str, str] | None:
    """Return number and text of what may be a footnote by its form."""
    draft = drafts[index]
    if draft.kind is BlockKind.PARAGRAPH:
        match = _NOTE.match(draft.text)
        if match and (ends_sentence(draft.tail) or "http" in draft.text):
            return match[1], match[2]
    if draft.kind is BlockKind.BULLET and draft.marker == "*":
        cut_in = _at_foot(drafts, index) or _severs(drafts, index)
        return ("*", draft.text) if cut_in else None
    if draft.kind is BlockKind.NUMBERED:
        number = draft.marker.strip("().")
        opens = draft.text[:1].isupper() or draft.text[:1].isdigit()
        prose = opens and ends_sentence(draft.tail) and len(draft.text) > 25
        if number.isdigit() and prose and _at_foot(drafts, index):
            return number, draft.text
    return None


def _or_raised(number: str) -> str:
    return f"|{raised(number)}" if number.isdigit() else ""


def _is_starred(drafts: Sequence[Draft], index: int) -> bool:
    """Whether an asterisk after a word calls what looks like an item of a list with asterisks."""
    near = drafts[max(0, index - _PAGE) : index]
    return drafts[index].marker == "*" and any(_STARRED.search(draft.text) for draft in near)


def _severs(drafts: Sequence[Draft], index: int) -> bool:
    """Whether a draft stands in the middle of a sentence."""
    if not 0 < index < len(drafts) - 1:
        return False
    before, after = drafts[index - 1], drafts[index + 1]
    return (
        after.kind is BlockKind.PARAGRAPH and unfinished(before.tail) and starts_lower(after.plain)
    )


def _at_foot(drafts: Sequence[Draft], index: int) -> bool:
    """Whether a page ends right after the draft, other notes apart."""
    for after in drafts[index + 1 : index + _FOOT]:
        if after.broken:
            return True
        opens_note = after.kind is BlockKind.PARAGRAPH and may_begin_note(after.text)
        if not opens_note and after.kind not in {BlockKind.NUMBERED, BlockKind.FOOTNOTE}:
            return False
    return False
