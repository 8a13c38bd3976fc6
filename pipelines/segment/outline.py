"""Walk a report once and note for each block where it stands: part, standard, list.

The other modules of this package read their facts off the outline; none walks on its own.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace

from pipelines.frameworks import Registry, SectionKind
from pipelines.read.repair import BULLET
from pipelines.read.wrapping import starts_lower
from pipelines.records import Block, BlockKind, Document, Polarity
from pipelines.segment.entry import Entry
from pipelines.segment.headings import Mark, MarkKind
from pipelines.segment.standards import Place, Resolver

_CLOSING = frozenset(
    {
        MarkKind.SECTION,
        MarkKind.GROUP,
        MarkKind.STANDARD,
        MarkKind.SUBSECTION,
        MarkKind.ADDRESSEE,
    }
)
_PARTS = _CLOSING | {MarkKind.POLARITY}
_TOPICAL = frozenset({MarkKind.STANDARD, MarkKind.SUBSECTION, MarkKind.HEADING})
_TEXT = frozenset({BlockKind.BULLET, BlockKind.PARAGRAPH})
_NO_FINDINGS: frozenset[SectionKind | None] = frozenset({"end", "contents"})


class Outline:
    """The state of the walk; `entries` is its result."""

    def __init__(
        self,
        document: Document,
        marks: Sequence[Mark | None],
        registry: Registry,
        resolver: Resolver,
    ) -> None:
        self.entries: list[Entry] = []
        self._blocks = document.blocks
        self._marks = marks
        self._registry = registry
        self._resolver = resolver
        self._without_standards = registry.list_ends == "known" and not registry.titles
        self._section: SectionKind | None = "front"
        self._group = ""
        self._place = Place()
        self._base = Place()  # the place without the topic that a heading inside a list gave it
        self._polarity: Polarity | None = None
        self._polarity_level = 0
        self._standard_level = 0
        self._run = 0
        self._runs = 0
        self._framed = False  # the list
        self._box = self._box_ends_list = False
        self._severed = False
        self._topic_level = self._box_level = 0  # of headings of topics, of the latest example
        self._named = False  # the example's heading says what it is of
        self._own_items = False  # of the example: the latest bullet is one
        self._latest: Block | None = None  # finding
        for index, block in enumerate(self._blocks):
            self._step(index, block, marks[index])

    def _step(self, index: int, block: Block, mark: Mark | None) -> None:
        if block.boxed:
            self._box = False  # the example has a frame: what stands outside of it is none of it
        if mark is not None:
            mark = self._reconsider(index, mark)
            listed = self._run > 0 or self._severed
            if mark.kind in _TOPICAL and self._parts_by_topic(index, mark):
                self._topic_level = self._topic_level or mark.level
                self._place = replace(self._base, subsection=mark.title)
                self._box = self._box and not 0 < mark.level <= self._box_level
            else:
                self._enter(index, mark)
            if listed and not self._run and mark.kind in _TOPICAL and mark.code is None:
                self._severed |= self._is_topic(index)  # it may be one inside the list over it
        elif self._box and not self._box_ends_list and block.kind is BlockKind.BULLET:
            self._own_items = self._belongs_to_example(index)
            self._box = self._own_items  # else the list goes on below the example
        if not self._box and self._run and block.kind is BlockKind.BULLET:
            self._latest = block
        run = self._run if mark is None or mark.kind is not MarkKind.POLARITY else 0
        self.entries.append(
            Entry(
                block,
                mark,
                self._section,
                self._place,
                self._polarity if run else None,
                run,
                block.boxed or self._box,
                severed=self._severed,
            )
        )

    def _reconsider(self, index: int, mark: Mark) -> Mark:
        """Judge by the framework what the wording alone leaves open."""
        if mark.kind is MarkKind.STANDARD and mark.code is None:
            framework = self._resolver.framework
            known = framework is not None and framework.standard(title=mark.title) is not None
            below = self._place.standard or self._parts_list(index, {BlockKind.BULLET})
            if self._parts_by_topic(index, mark) or (not known and below):
                low = mark.title.casefold()
                subsection = {v.casefold() for v in self._registry.subsections.values()}
                kind = MarkKind.SUBSECTION if low in subsection else MarkKind.HEADING
                return replace(mark, kind=kind)
        named = self._registry.list_ends == "known"  # then a part's title is always one
        if mark.kind is MarkKind.SECTION and not named and 0 < self._standard_level < mark.level:
            return replace(mark, kind=MarkKind.HEADING)
        return mark

    def _enter(self, index: int, mark: Mark) -> None:
        match mark.kind:
            case MarkKind.SECTION:
                self._close(mark.section, Place(None, mark.title))
            case MarkKind.GROUP:
                self._enter_group(mark)
            case MarkKind.STANDARD:
                section = self._section if self._section == "ratings" else None
                self._close(section, self._resolver.place(mark))
                self._standard_level = mark.level
            case MarkKind.SUBSECTION:
                self._enter_subsection(mark)
            case MarkKind.ADDRESSEE:
                self._close("recommendations", Place())
            case MarkKind.POLARITY:
                self._enter_list(mark)
            case MarkKind.BOX:
                self._box, self._own_items, self._box_level = True, False, mark.level
                self._named = ":" in mark.title or " – " in mark.title
                # A heading as high as that of the list ends it; what follows is the example's.
                # Where all headings are of one level, levels say nothing.
                levelled = self._standard_level < self._polarity_level
                self._box_ends_list = levelled and 0 < mark.level <= self._polarity_level
            case MarkKind.HEADING:
                self._enter_heading(index, mark)
            case MarkKind.RATING:
                pass

    def _enter_group(self, mark: Mark) -> None:
        if self._place.code and mark.title == self._group:
            return  # a group's title among its own standards is the page's
        self._group = mark.title
        self._resolver.enter_group(mark)
        self._close(None, Place(None, mark.title))

    def _close(self, section: SectionKind | None, place: Place) -> None:
        """End the list of findings and open a part or a standard."""
        self._section, self._place, self._base = section, place, place
        self._polarity, self._run = None, 0
        self._standard_level = 0
        self._box = self._severed = False

    def _enter_list(self, mark: Mark) -> None:
        if self._section in _NO_FINDINGS:
            return
        if self._section == "recommendations":
            self._section = None
        if self._section == "foreword" or self._without_standards:
            self._base = Place()  # reports without standards: a foreword is none
        self._place = self._base
        self._polarity, self._polarity_level = mark.polarity, mark.level
        self._framed = mark.framed
        self._runs += 1
        self._run = self._runs
        self._topic_level = 0
        self._box = self._severed = False

    def _enter_subsection(self, mark: Mark) -> None:
        if self._base.standard:
            self._place = replace(self._base, subsection=mark.title)
        else:
            self._place = Place(None, mark.title)
        self._base = self._place
        self._polarity, self._run = None, 0
        self._box = self._severed = False

    def _enter_heading(self, index: int, mark: Mark) -> None:
        """Some heading: of a subsection, a topic in a list, the end of a list, or just words."""
        if self._framed and not self._is_topic(index):
            self._polarity, self._run, self._framed = None, 0, False
        if self._registry.list_ends == "known" and self._parts_list(index, _TEXT):
            self._place = replace(self._base, subsection=mark.title)
            self._box = self._box and not self._is_topic(index)
        elif self._leads_to_list(index, mark):
            deeper = mark.level == 0 or mark.level > self._standard_level
            if self._place.code or (self._place.standard and self._standard_level and deeper):
                above = 0 < mark.level <= self._standard_level
                place = (
                    Place(None, mark.title)
                    if above
                    else replace(self._place, subsection=mark.title)
                )
            else:
                place = Place(None, mark.title)
            level = self._standard_level if place.subsection else mark.level
            section = self._section if self._section in _NO_FINDINGS else None
            self._close(section, place)
            self._standard_level = level
        elif self._run:
            self._enter_heading_in_list(mark)
        elif 0 < mark.level <= self._standard_level:
            self._close(None, Place(None, mark.title))

    def _enter_heading_in_list(self, mark: Mark) -> None:
        if mark.level == 0 or mark.level > self._polarity_level > 0:
            return
        if mark.level <= self._standard_level:
            self._close(None, Place(None, mark.title))
            # Where all headings are of one level, it may have been a topic of the list.
            self._severed = mark.level == self._polarity_level
        else:
            self._polarity, self._run, self._box = None, 0, False
            self._severed = True

    def _parts_by_topic(self, index: int, mark: Mark) -> bool:
        """Whether a heading over bullets parts the list that is open, and does not end it.

        It does right under the list's own heading; as high as one that did; and deeper.
        """
        if not (self._run and self._is_topic(index)):
            return False
        if (before := self._marks[index - 1]) and before.kind is MarkKind.POLARITY:
            return True
        if mark.level == 0:  # of standards' titles not every one is the standard's heading
            begun = self._place != self._base or self._standard_level > 0
            return begun or mark.kind is not MarkKind.STANDARD
        return mark.level > self._polarity_level > 0 or mark.level == self._topic_level

    def _parts_list(self, index: int, kinds: Set[BlockKind]) -> bool:
        """Whether text of the list that is open comes below a heading, before any known part."""
        if not self._run:
            return False
        for block, mark in zip(self._blocks[index + 1 :], self._marks[index + 1 :], strict=True):
            if mark is not None and mark.kind in _PARTS:
                return False
            if block.kind in kinds and not block.boxed:
                return True
        return False

    def _is_topic(self, index: int) -> bool:
        """Whether a heading inside a list is followed by bullets at once."""
        after = self._blocks[index + 1] if index + 1 < len(self._blocks) else None
        return after is not None and after.kind is BlockKind.BULLET

    def _leads_to_list(self, index: int, mark: Mark) -> bool:
        """Whether the next list of findings stands under this heading."""
        if mark.level == 0 and self._describes(index):
            return False
        for at in range(index + 1, len(self._marks)):
            other, block = self._marks[at], self._blocks[at]
            if other is None:
                if mark.level == 0 and not _is_prose(block):
                    return False
            elif other.kind is MarkKind.POLARITY:
                return mark.level == 0 or other.level == 0 or mark.level < other.level
            elif other.kind in _CLOSING or (
                other.kind is MarkKind.HEADING and not 0 < mark.level < other.level
            ):
                return False
        return False

    def _describes(self, index: int) -> bool:
        """Whether a short line stands where a standard is described: right below its heading."""
        at = index - 1
        while at >= 0 and (m := self._marks[at]) is not None and m.kind is MarkKind.RATING:
            at -= 1
        before = self._marks[at] if at >= 0 else None
        return before is not None and before.kind is MarkKind.STANDARD

    def _belongs_to_example(self, index: int) -> bool:
        """Whether a bullet under an example's heading is the example's, as those after it are.

        The first list is where it follows the heading at once, or what leads into it, or has
        signs or small letters of its own, or the heading names its matter; one after that where
        it is led into.
        """
        before, mark = self._blocks[index - 1], self._marks[index - 1]
        if before.kind is BlockKind.BULLET:
            return self._own_items
        block, latest = self._blocks[index], self._latest
        sign, lower = (latest.marker, starts_lower(latest.text)) if latest else ("", False)
        if before.text.endswith(":") or block.marker != (sign or BULLET):
            return True
        small = starts_lower(block.text) and not lower
        headed = mark is not None and mark.kind is MarkKind.BOX
        return headed or ((self._named or small) and not self._own_items)


def _is_prose(block: Block) -> bool:
    if block.kind in {BlockKind.FOOTNOTE, BlockKind.CONTENTS} or block.boxed:
        return True
    return block.kind is BlockKind.PARAGRAPH and block.text.endswith((".", ":", "”", '"', "’"))
