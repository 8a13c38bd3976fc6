"""What stands around a heading of a report: questions that look ahead or back."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Final

from pipelines.records import Block, BlockKind
from pipelines.segment.headings import Mark, MarkKind

CLOSING: Final = frozenset(
    {
        MarkKind.SECTION,
        MarkKind.GROUP,
        MarkKind.STANDARD,
        MarkKind.SUBSECTION,
        MarkKind.ADDRESSEE,
    }
)
"""Marks that end any list of findings."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The blocks of a report and what each marks; a question names one by its index."""

    blocks: Sequence[Block]
    marks: Sequence[Mark | None]

    def heads_bullets(self, index: int) -> bool:
        """Whether a bullet follows at once."""
        after = self.blocks[index + 1] if index + 1 < len(self.blocks) else None
        return after is not None and after.kind is BlockKind.BULLET

    def goes_on(self, index: int, kinds: Set[BlockKind]) -> bool:
        """Whether text of some kinds, outside of frames, comes before the next part or list."""
        for block, mark in zip(self.blocks[index + 1 :], self.marks[index + 1 :], strict=True):
            if mark is not None and (mark.kind in CLOSING or mark.kind is MarkKind.POLARITY):
                return False
            if block.kind in kinds and not block.boxed:
                return True
        return False

    def leads_to_list(self, index: int, mark: Mark) -> bool:
        """Whether the next list of findings stands under this heading."""
        if mark.level == 0 and self.describes_standard(index):
            return False
        for at in range(index + 1, len(self.marks)):
            other, block = self.marks[at], self.blocks[at]
            if other is None:
                if mark.level == 0 and not _is_prose(block):
                    return False
            elif other.kind is MarkKind.POLARITY:
                return mark.level == 0 or other.level == 0 or mark.level < other.level
            elif other.kind in CLOSING or (
                other.kind is MarkKind.HEADING and not 0 < mark.level < other.level
            ):
                return False
        return False

    def describes_standard(self, index: int) -> bool:
        """Whether a line stands where a standard is described: right below its heading."""
        at = index - 1
        while at >= 0 and (mark := self.marks[at]) is not None and mark.kind is MarkKind.RATING:
            at -= 1
        before = self.marks[at] if at >= 0 else None
        return before is not None and before.kind is MarkKind.STANDARD


def _is_prose(block: Block) -> bool:
    if block.kind in {BlockKind.FOOTNOTE, BlockKind.CONTENTS} or block.boxed:
        return True
    return block.kind is BlockKind.PARAGRAPH and block.text.endswith((".", ":", "”", '"', "’"))
