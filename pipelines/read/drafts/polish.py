"""Decide what drafts are by looking at their neighbours.

Bullets that a page break or a footnote cut in two are joined, nested bullets go into the bullet
they are nested in, quotations and footnotes are told from paragraphs, short lines become headings.
Shared by the readers of text and of HTML.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence, Set
from itertools import zip_longest
from typing import Final

from pipelines.read.drafts.assemble import BOLD_OFF, BOLD_ON, LONGEST_BLOCK, Draft
from pipelines.read.drafts.calls import without_calls
from pipelines.read.drafts.notes import settle_notes
from pipelines.read.drafts.repair import DIVIDER
from pipelines.read.drafts.wrapping import (
    NO_WORDS,
    Words,
    ends_openly,
    is_figure,
    join_lines,
    starts_lower,
    unfinished,
)
from pipelines.records import BlockKind

_PAIRS: Final = {"“": "”", '"': '"', "‘": "’", "'": "'"}
_LONGEST_HEADING: Final = 100
_MOST_WORDS: Final = 14
_MARKED: Final = 8  # headings with levels, in a source that has them
_GOING_ON: Final = (BlockKind.BULLET, BlockKind.NUMBERED, BlockKind.PARAGRAPH, BlockKind.QUOTE)
_MOST_NOTES: Final = 8  # in a row, at the foot of one page
_FIGURES: Final = re.compile(r"^[\d.,/%\s-]+$|\?\s*\d+(?:\.\d+)?\s*(?:%|per cent)$")
_RARE: Final = 0.15  # times the usual bullet: so few of another are of nested items
_DEEPER: Final = {"-": 1, "–": 1, "—": 1, "o": 2, "◦": 2, "○": 2, "▪": 2, "■": 2, "□": 2}


def polish(drafts: Sequence[Draft], *, words: Words = NO_WORDS) -> list[Draft]:
    """Return the drafts joined, nested and named; their order is kept.

    Args:
        drafts: As they stand in the source.
        words: Of the source, where it may divide words at the ends of lines.
    """
    out = [d for d in drafts if d.plain or d.rows]
    settle_notes(out)
    for draft in out:
        if draft.kind is not BlockKind.TABLE:
            draft.text = without_calls(draft.text)
    out = _nest(_join(out, words))
    levels = sum(1 for draft in out if draft.kind is BlockKind.HEADING and draft.level)
    for draft in out:
        draft.text = draft.text.replace(DIVIDER, "-")
        _name(draft, marked=levels >= _MARKED)
    return out


def is_quotation(text: str) -> bool:
    """Whether a text is a quotation as a whole: opened at its start and closed only at its end."""
    close = _PAIRS.get(text[:1])
    if close is None or len(text) < 2:
        return False
    if text[0] in "‘'" and not re.match(r"['‘][A-Z]", text):
        return False
    end = text.rfind(close)
    if end <= 0:
        return text[0] in '“"' and len(text.split()) > 3
    behind = text[end + 1 :].strip(" .,")
    if len(behind) > 60 or (behind and not re.match(r"[-–—(\[]", behind)):
        return False
    inside = text[1:end]
    # 'One' and 'two': words set in quotation marks, not a quotation.
    if text[0] in "“‘":
        return not re.search(rf"{close}[^{close}]*{text[0]}", inside) or inside.count(text[0]) <= 1
    return len(text.split()) > 3


def _join(drafts: list[Draft], words: Words) -> list[Draft]:
    """Join what a page break or a footnote split."""
    out: list[Draft] = []
    for draft, ahead in zip_longest(drafts, drafts[1:]):
        before = _before(out)
        rejoins = draft.severed and draft.kind is BlockKind.PARAGRAPH
        rejoins = rejoins or (before is not None and _is_broken_item(before, draft, ahead))
        if before is not None and (rejoins or _belongs(before, draft)):
            before.text = join_lines(before.text, draft.text, words)
            before.full, before.parted = draft.full, before.parted or draft.broken
        elif out and _is_rest_of_note(out[-1], draft):
            out[-1].text = join_lines(out[-1].text, draft.text, words)
        else:
            out.append(draft)
    return out


def _before(out: Sequence[Draft]) -> Draft | None:
    """The draft before, footnotes passed over."""
    for draft in reversed(out[-_MOST_NOTES:]):
        if draft.kind is not BlockKind.FOOTNOTE:
            return draft
    return None


def _belongs(before: Draft, draft: Draft) -> bool:
    if before.kind not in _GOING_ON or draft.kind is not BlockKind.PARAGRAPH:
        return False
    if before.boxed != draft.boxed or len(before.text) > LONGEST_BLOCK:
        return False
    text, more = before.tail, draft.plain
    if is_figure(text) or is_figure(more):
        return False
    if not unfinished(text):
        # An indented paragraph below a bullet is part of it.
        deep = before.kind is BlockKind.BULLET and draft.indent >= before.indent + 2
        return deep and not is_quotation(more) and not _is_short(more[:1].upper() + more[1:])
    if is_quotation(more):
        return False
    if before.full and draft.broken:  # cut by the end of a page, in the middle of a full line
        return starts_lower(more) or not _is_short(more)
    if starts_lower(more):
        heading = before.kind is BlockKind.PARAGRAPH and not before.full and _is_short(text)
        return not heading or ends_openly(text)
    return ends_openly(text) and not _is_short(more)


def _is_broken_item(before: Draft, draft: Draft, ahead: Draft | None) -> bool:
    """Whether a paragraph is the rest of the item above, which ended in a full line.

    So it is where a page ended between them, or where another item of the list follows.
    """
    if not before.full or draft.boxed != before.boxed or len(before.text) > LONGEST_BLOCK:
        return False
    if (before.kind, draft.kind) != (BlockKind.BULLET, BlockKind.PARAGRAPH):
        return False
    follows = ahead is not None and (ahead.kind, ahead.marker) == (before.kind, before.marker)
    prose = not _is_short(draft.plain) and not is_quotation(draft.plain)
    return prose and (draft.broken or follows)


def _is_rest_of_note(before: Draft, draft: Draft) -> bool:
    """Whether a paragraph continues the footnote right before it."""
    if before.kind is not BlockKind.FOOTNOTE or draft.kind is not BlockKind.PARAGRAPH:
        return False
    if len(before.text) > LONGEST_BLOCK:
        return False
    return unfinished(before.tail) and starts_lower(draft.plain)


def _nest(drafts: list[Draft]) -> list[Draft]:
    """Put nested bullets into the bullet they belong to."""
    out: list[Draft] = []
    parent: Draft | None = None
    bullets = Counter(draft.marker for draft in drafts if draft.kind is BlockKind.BULLET)
    usual = bullets.most_common(1)[0][0] if bullets else ""
    deeper = {bullet for bullet, count in bullets.items() if count <= _RARE * bullets[usual]} | set(
        _DEEPER
    )
    for draft in drafts:
        if draft.kind is BlockKind.FOOTNOTE or draft.kind is BlockKind.QUOTE:
            out.append(draft)
            continue
        if draft.kind is not BlockKind.BULLET:
            parent = draft if draft.kind is BlockKind.NUMBERED else None
        elif parent is not None and out[-1] is parent and _is_nested(draft, parent, usual, deeper):
            parent.text = f"{parent.text}\n{draft.text}"
            continue
        elif parent is None or not _is_nested(draft, parent, usual, deeper):
            parent = draft
        out.append(draft)
    return out


def _is_nested(draft: Draft, parent: Draft, usual: str, deeper: Set[str]) -> bool:
    if len(parent.text) > LONGEST_BLOCK or draft.boxed != parent.boxed:
        return False
    if draft.indent >= parent.indent + 2:  # pages may be indented differently
        return draft.marker != parent.marker or not (parent.parted or draft.broken)
    if parent.kind is not BlockKind.BULLET or draft.indent < parent.indent:
        return False
    if parent.marker == usual and draft.marker != usual and draft.marker in deeper:
        return True
    return _DEEPER.get(draft.marker, 0) > _DEEPER.get(parent.marker, 0)


def _name(draft: Draft, *, marked: bool) -> None:
    """Say what a paragraph is; where headings are `marked` as such, none is told by shortness."""
    if draft.kind is not BlockKind.PARAGRAPH:
        return
    text = draft.plain
    if is_quotation(text):
        draft.kind = BlockKind.QUOTE
    elif (not marked and _is_short(text) and "\n" not in draft.text.strip()) or (
        _is_bold(draft.text) and len(text) <= 2 * _LONGEST_HEADING
    ):
        draft.kind = BlockKind.HEADING


def _is_short(text: str) -> bool:
    """Whether a text is as short as a heading and does not end as a sentence does."""
    if len(text) > _LONGEST_HEADING or len(text.split()) > _MOST_WORDS:
        return False
    if not text[:1].isalnum() or text[:1].islower() or _FIGURES.search(text):
        return False
    return not text.rstrip('”"’').endswith((".", ";", ",", "!", "?", "-", "–"))


def _is_bold(text: str) -> bool:
    stripped = text.strip()
    return (
        stripped.startswith(BOLD_ON)
        and stripped.endswith(BOLD_OFF)
        and stripped.count(BOLD_ON) == 1
    )
