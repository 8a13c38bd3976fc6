"""What stands around a heading of a report: questions that look ahead or back."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pipelines.records import Block, BlockKind
from pipelines.segment.headings import Landmark, LandmarkKind

CLOSING: Final = frozenset(
    {
        LandmarkKind.SECTION,
        LandmarkKind.GROUP,
        LandmarkKind.STANDARD,
        LandmarkKind.SUBSECTION,
        LandmarkKind.ADDRESSEE,
    }
)
"""Landmarks that end any list of findings."""

_ITEMS: Final = frozenset({BlockKind.BULLET, BlockKind.NUMBERED})
_ARTICLES: Final = frozenset({"the", "a", "an"})
_BEGINNING: Final = 120  # characters of an item
_ASKS: Final = re.compile(r"\b(?:should|must)\b")
_OF_EARLIER: Final = re.compile(r"\b(?:previous|earlier|last|past|former|progress|follow)\b", re.I)


@dataclass(frozen=True)
class Surroundings:
    """The blocks of a report and their landmarks; a question names one by its index."""

    blocks: Sequence[Block]
    landmarks: Sequence[Landmark | None]

    def heads_bullets(self, index: int) -> bool:
        """Whether a bullet follows at once."""
        after = self.blocks[index + 1] if index + 1 < len(self.blocks) else None
        return after is not None and after.kind is BlockKind.BULLET

    @cached_property
    def coded(self) -> bool:
        """Whether the headings of standards carry codes."""
        return any(
            mark is not None and mark.kind is LandmarkKind.STANDARD and mark.code is not None
            for mark in self.landmarks
        )

    def text_follows(self, index: int, kinds: Set[BlockKind]) -> bool:
        """Whether text of some kinds, outside of frames, comes before the next part or list."""
        for at in range(index + 1, len(self.blocks)):
            block, landmark = self.blocks[at], self.landmarks[at]
            if landmark is not None and (
                landmark.kind in CLOSING or landmark.kind is LandmarkKind.POLARITY
            ):
                return False
            if block.kind in kinds and not block.boxed:
                return True
        return False

    def leads_to_list(self, index: int, landmark: Landmark) -> bool:
        """Whether the next list of findings stands under this heading."""
        if landmark.level == 0 and self.describes_standard(index):
            return False
        for at in range(index + 1, len(self.landmarks)):
            other, block = self.landmarks[at], self.blocks[at]
            if other is None:
                if landmark.level == 0 and not _is_prose(block):
                    return False
            elif other.kind is LandmarkKind.POLARITY:
                return landmark.level == 0 or other.level == 0 or landmark.level < other.level
            elif other.kind in CLOSING or (
                other.kind is LandmarkKind.HEADING and not 0 < landmark.level < other.level
            ):
                return False
        return False

    def ends_part(self, index: int) -> bool:
        """Whether a heading is set as high as that of the part, and heads nothing in it.

        One as high may head some of its items, where headings stand over them all, or where the
        part counts its own from one. Whatever its height, one over items that ask as items of the
        part do heads more of them, unless it names those of earlier inspections: lists of other
        things state.
        """
        here, at = self.landmarks[index], self._parts[index]
        part = self.landmarks[at] if at >= 0 else None
        if here is None or part is None or not 0 < here.level <= part.level:
            return False
        if not _OF_EARLIER.search(here.title) and self._asks_alike(at + 1, index):
            return False
        if here.level < part.level:
            return True
        for between in range(at + 1, index):
            first = self.blocks[between]
            if first.kind in _ITEMS:
                break
            if self.landmarks[between] is not None:
                return False
        else:
            return False
        after = self.blocks[index + 1] if index + 1 < len(self.blocks) else first
        counted = first.kind is after.kind is BlockKind.NUMBERED
        return not (counted and first.marker.strip("(). ") == "1")

    def _asks_alike(self, start: int, index: int) -> bool:
        """Whether an item below a heading asks in the way of one before it, from a start on."""
        below: set[str] = set()
        for at in range(index + 1, len(self.blocks)):
            if self.blocks[at].kind not in _ITEMS:
                break
            below.add(self._ways[at])
        below -= _ARTICLES
        return bool(below) and any(self._ways[at] in below for at in range(start, index))

    @cached_property
    def _parts(self) -> Sequence[int]:
        """Where the part begins that each block stands in; -1 before the first."""
        last, found = -1, []
        for at, landmark in enumerate(self.landmarks):
            found.append(last)
            if landmark is not None and landmark.kind is LandmarkKind.SECTION:
                last = at
        return found

    @cached_property
    def _ways(self) -> Sequence[str]:
        """How items ask: by "should" or "must", or by the word that they begin with."""
        return [_way(block.text) if block.kind in _ITEMS else "" for block in self.blocks]

    def describes_standard(self, index: int) -> bool:
        """Whether a line stands where a standard is described: right below its heading."""
        at = index - 1
        while (
            at >= 0
            and (landmark := self.landmarks[at]) is not None
            and landmark.kind is LandmarkKind.RATING
        ):
            at -= 1
        before = self.landmarks[at] if at >= 0 else None
        return before is not None and before.kind is LandmarkKind.STANDARD


def _is_prose(block: Block) -> bool:
    if block.kind in {BlockKind.FOOTNOTE, BlockKind.CONTENTS} or block.boxed:
        return True
    return block.kind is BlockKind.PARAGRAPH and block.text.endswith((".", ":", "”", '"', "’"))


def _way(text: str) -> str:
    """How an item asks; who should do something begins other sentences, too."""
    begins = text[:_BEGINNING].casefold()
    return "should" if _ASKS.search(begins) else begins.partition(" ")[0]
