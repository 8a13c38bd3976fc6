"""What stands around a heading of a report: questions that look ahead or back."""

from __future__ import annotations

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
        for block, landmark in zip(
            self.blocks[index + 1 :], self.landmarks[index + 1 :], strict=True
        ):
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
        part counts its own from one. Whatever its height, one over items that begin with a word
        that items of the part begin with heads more of them: recommendations ask, and lists of
        other things state.
        """
        here = self.landmarks[index]
        for at in range(index - 1, -1, -1):
            part = self.landmarks[at]
            if part is not None and part.kind is LandmarkKind.SECTION:
                break
        else:
            return False
        if here is None or not 0 < here.level <= part.level:
            return False
        if self._first_words(at + 1, index) & self._first_words(index + 1, None):
            return False
        if here.level < part.level:
            return True
        between = zip(self.blocks[at + 1 : index], self.landmarks[at + 1 : index], strict=True)
        first = next(
            (block for block, mark in between if mark is not None or block.kind in _ITEMS), None
        )
        if first is None or first.kind not in _ITEMS:
            return False
        after = self.blocks[index + 1] if index + 1 < len(self.blocks) else first
        counted = first.kind is after.kind is BlockKind.NUMBERED
        return not (counted and first.marker.strip("(). ") == "1")

    def _first_words(self, start: int, end: int | None) -> set[str]:
        """The words that items begin with, articles apart; up to an end, or to what is no item."""
        found: set[str] = set()
        for block in self.blocks[start:end]:
            if block.kind in _ITEMS:
                found.update(block.text.casefold().split(maxsplit=1)[:1])
            elif end is None:
                break
        return found - _ARTICLES

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
