"""Footnotes of plain text: "1 The rating ..." or "1. The rating ..." at the foot of a page.

Their numbers are plain figures there, and so are their calls ("rating1"): a note is one only
where some word before it carries its number, and only such a number is taken out of the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from pipelines.read.assemble import Draft
from pipelines.read.wrapping import ends_sentence
from pipelines.records import BlockKind

_NOTE: Final = re.compile(r"(\d{1,3})\s+(?=[“‘\"'(\[]?[A-Z]|https?:|www\.)(.{25,})$", re.DOTALL)
_NUMBER: Final = re.compile(r"(\d{1,3})\s+[“‘\"'(\[]?[A-Z]")
# Behind a letter, or behind the mark that ends its clause: never inside "7.1" or "1,350".
_CALL: Final = r"(?:(?<=[a-z”’\"')])|(?<=[a-zA-Z”’\"')][.,;:])){number}(?=[\s.,;:)]|$)"
_RAISED: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_REACH: Final = 60  # drafts between a call and its note
_FOOT: Final = 5  # drafts between a note and the end of its page


def settle_notes(drafts: Sequence[Draft]) -> None:
    """Make footnotes of the drafts that are some, and take their calls out of the text."""
    for index, draft in enumerate(drafts):
        if (found := _candidate(drafts, index)) is None:
            continue
        number, text = found
        call = re.compile(_CALL.format(number=number) + "|" + number.translate(_RAISED))
        near = [d for d in drafts[max(0, index - _REACH) : index] if d.kind is not BlockKind.TABLE]
        called = next((d for d in reversed(near) if call.search(d.text)), None)
        if called is not None:
            draft.kind, draft.text = BlockKind.FOOTNOTE, text
            called.text = call.sub("", called.text, count=1)


def may_begin_note(line: str) -> bool:
    """Whether a line opens as a footnote does, or as a sentence that begins with a figure."""
    return bool(_NUMBER.match(line))


def _candidate(drafts: Sequence[Draft], index: int) -> tuple[str, str] | None:
    """Return number and text of what may be a footnote by its form."""
    draft = drafts[index]
    if draft.kind is BlockKind.PARAGRAPH:
        match = _NOTE.match(draft.text)
        if match and (ends_sentence(draft.tail) or "http" in draft.text):
            return match[1], match[2]
    if draft.kind is BlockKind.NUMBERED:
        number = draft.marker.strip("().")
        prose = draft.text[:1].isupper() and ends_sentence(draft.tail) and len(draft.text) > 25
        if number.isdigit() and prose and _at_foot(drafts, index):
            return number, draft.text
    return None


def _at_foot(drafts: Sequence[Draft], index: int) -> bool:
    """Whether a page ends right after the draft, other notes apart."""
    for after in drafts[index + 1 : index + _FOOT]:
        if after.broken:
            return True
        if after.kind not in {BlockKind.NUMBERED, BlockKind.FOOTNOTE}:
            return False
    return False
