"""Walk through a report and note for each block where it stands: part, standard, list.

A step takes a `Standing`, the block and its mark, and gives the standing after it: the mark is
judged by where it stands (`_reconsidered`), then what it opens and ends is done (`_after`), and a
bullet below a practice example is given to the example or to the list (`_after_bullet`). Nothing
else changes. The other modules of this package read their facts off the entries; none walks on
its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from pipelines.frameworks import Registry, SectionKind
from pipelines.read.repair import BULLET
from pipelines.read.wrapping import starts_lower
from pipelines.records import Block, BlockKind, Document
from pipelines.segment.entry import Entry
from pipelines.segment.headings import Mark, MarkKind
from pipelines.segment.standards import Place, Resolver
from pipelines.segment.standing import Example, Standing
from pipelines.segment.surroundings import Surroundings

_TOPICAL: Final = frozenset({MarkKind.STANDARD, MarkKind.SUBSECTION, MarkKind.HEADING})
_BULLETS: Final = frozenset({BlockKind.BULLET})
_TEXT: Final = frozenset({BlockKind.BULLET, BlockKind.PARAGRAPH})
_NO_FINDINGS: Final[frozenset[SectionKind | None]] = frozenset({"end", "contents"})


def walk_report(
    document: Document, marks: Sequence[Mark | None], registry: Registry, resolver: Resolver
) -> list[Entry]:
    """Return each block of a report with where it stands, in order.

    Args:
        document: The report.
        marks: What each of its blocks marks.
        registry: Says whether headings of unknown wording end a list.
        resolver: Gives standards code and title; it follows the walk, so take a new one for each.
    """
    steps = _Steps(Surroundings(document.blocks, marks), registry, resolver)
    standing, entries = Standing(), []
    for index, (block, mark) in enumerate(zip(document.blocks, marks, strict=True)):
        standing, judged = steps.step(standing, index, block, mark)
        entries.append(_entry(standing, block, judged))
    return entries


def _entry(standing: Standing, block: Block, mark: Mark | None) -> Entry:
    heads = mark is not None and mark.kind is MarkKind.POLARITY  # a list's heading is not in it
    findings = None if heads else standing.findings
    return Entry(
        block,
        mark,
        standing.section,
        standing.place,
        findings.polarity if findings else None,
        findings.number if findings else 0,
        block.boxed or standing.example is not None,
        severed=standing.severed,
    )


@dataclass(frozen=True, slots=True)
class _Steps:
    """What a block does to where the walk stands."""

    around: Surroundings
    registry: Registry
    resolver: Resolver

    def step(
        self, standing: Standing, index: int, block: Block, mark: Mark | None
    ) -> tuple[Standing, Mark | None]:
        """Where the walk stands with a block, and what the block marks there."""
        if block.boxed:  # the example has a frame: what stands outside of it is none of it
            standing = replace(standing, example=None)
        if mark is not None:
            mark = self._reconsidered(standing, index, mark)
            standing = self._after(standing, index, mark)
        elif block.kind is BlockKind.BULLET:
            standing = self._after_bullet(standing, index)
        if standing.findings and not standing.example and block.kind is BlockKind.BULLET:
            standing = replace(standing, latest=block)
        return standing, mark

    def _reconsidered(self, standing: Standing, index: int, mark: Mark) -> Mark:
        """Judge by the framework what the wording alone leaves open."""
        if mark.kind is MarkKind.STANDARD and mark.code is None:
            framework = self.resolver.framework
            known = framework is not None and framework.standard(title=mark.title) is not None
            below = standing.base.standard or (
                standing.findings and self.around.goes_on(index, _BULLETS)
            )
            if self._parts_by_topic(standing, index, mark) or (not known and below):
                low = mark.title.casefold()
                subsection = {v.casefold() for v in self.registry.subsections.values()}
                kind = MarkKind.SUBSECTION if low in subsection else MarkKind.HEADING
                return replace(mark, kind=kind)
        named = self.registry.list_ends == "known"  # then a part's title is always one
        if mark.kind is MarkKind.SECTION and not named and 0 < standing.standard_level < mark.level:
            return replace(mark, kind=MarkKind.HEADING)
        return mark

    def _after(self, standing: Standing, index: int, mark: Mark) -> Standing:
        """Where the walk stands below a mark."""
        topical = mark.kind in _TOPICAL
        if topical and self._parts_by_topic(standing, index, mark):
            return standing.under_topic(mark)
        after = self._entered(standing, index, mark)
        listed = standing.findings or standing.severed
        if topical and listed and not after.findings and mark.code is None:
            # What ended the list and has bullets below it may have been a topic inside the list.
            severed = after.severed or self.around.heads_bullets(index)
            return replace(after, severed=severed)
        return after

    def _entered(self, standing: Standing, index: int, mark: Mark) -> Standing:
        match mark.kind:
            case MarkKind.SECTION:
                return standing.opening(mark.section, Place(None, mark.title))
            case MarkKind.GROUP:
                return self._group(standing, mark)
            case MarkKind.STANDARD:
                section = standing.section if standing.section == "ratings" else None
                return standing.opening(section, self.resolver.place(mark), level=mark.level)
            case MarkKind.SUBSECTION:
                named = standing.base.standard
                base = replace(standing.base, subsection=mark.title) if named else None
                return standing.below(base or Place(None, mark.title))
            case MarkKind.ADDRESSEE:
                return standing.opening("recommendations", Place())
            case MarkKind.POLARITY:
                return self._list(standing, mark)
            case MarkKind.BOX:
                return standing.in_example(mark)
            case MarkKind.HEADING:
                return self._heading(standing, index, mark)
            case MarkKind.RATING:
                return standing

    def _group(self, standing: Standing, mark: Mark) -> Standing:
        if standing.base.code and mark.title == standing.group:
            return standing  # a group's title among its own standards is the page's
        self.resolver.enter_group(mark)
        return replace(standing.opening(None, Place(None, mark.title)), group=mark.title)

    def _list(self, standing: Standing, mark: Mark) -> Standing:
        if standing.section in _NO_FINDINGS:
            return standing
        section = None if standing.section == "recommendations" else standing.section
        without_standards = self.registry.list_ends == "known" and not self.registry.titles
        placeless = section == "foreword" or without_standards  # a foreword is no standard
        return standing.in_list(mark, section, Place() if placeless else standing.base)

    def _heading(self, standing: Standing, index: int, mark: Mark) -> Standing:
        """Some heading: of a subsection, a topic in a list, the end of a list, or just words."""
        topic = self.around.heads_bullets(index)
        if standing.findings and standing.findings.framed and not topic:
            standing = replace(standing, findings=None)
        known_ends = self.registry.list_ends == "known"
        if known_ends and standing.findings and self.around.goes_on(index, _TEXT):
            example = None if topic else standing.example
            return replace(standing, topic=mark.title, example=example)
        if self.around.leads_to_list(index, mark):
            return self._heading_of_lists(standing, mark)
        if standing.findings:
            return self._heading_in_list(standing, standing.findings.level, mark)
        if 0 < mark.level <= standing.standard_level:
            return standing.opening(None, Place(None, mark.title))
        return standing

    def _heading_of_lists(self, standing: Standing, mark: Mark) -> Standing:
        """A heading that lists stand under: a subsection of the standard, or a place of its own."""
        standard_level, base = standing.standard_level, Place(None, mark.title)
        above = 0 < mark.level <= standard_level
        deeper = standing.base.standard and standard_level and not above
        if not above and (standing.base.code or deeper):
            base = replace(standing.base, subsection=mark.title)
        section = standing.section if standing.section in _NO_FINDINGS else None
        level = standard_level if base.subsection else mark.level
        return standing.opening(section, base, level=level)

    def _heading_in_list(self, standing: Standing, list_level: int, mark: Mark) -> Standing:
        """A heading of unknown wording in a list: just words if deeper; else the list ends."""
        if mark.level == 0 or mark.level > list_level > 0:
            return standing
        if mark.level > standing.standard_level:
            return replace(standing, findings=None, example=None, severed=True)
        opened = standing.opening(None, Place(None, mark.title))
        # Where all headings are of one level, it may have been a topic of the list.
        return replace(opened, severed=mark.level == list_level)

    def _parts_by_topic(self, standing: Standing, index: int, mark: Mark) -> bool:
        """Whether a heading over bullets parts the list that is open, and does not end it.

        It does right under the list's own heading; as high as one that did; and deeper.
        """
        findings = standing.findings
        if findings is None or not self.around.heads_bullets(index):
            return False
        if (before := self.around.marks[index - 1]) and before.kind is MarkKind.POLARITY:
            return True
        if mark.level == 0:  # of standards' titles not every one is the standard's heading
            begun = standing.place != standing.base or standing.standard_level > 0
            return begun or mark.kind is not MarkKind.STANDARD
        return mark.level > findings.level > 0 or mark.level == findings.topic_level

    def _after_bullet(self, standing: Standing, index: int) -> Standing:
        """Where the walk stands with a bullet: in the example still, or in the list again."""
        example = standing.example
        if example is None or example.ends_list:
            return standing
        if not self._belongs_to_example(example, standing.latest, index):
            return replace(standing, example=None)
        return replace(standing, example=replace(example, itemised=True))

    def _belongs_to_example(self, example: Example, latest: Block | None, index: int) -> bool:
        """Whether a bullet under an example's heading is the example's, as those after it are.

        The first list is where it follows the heading at once, or what leads into it, or has
        bullets or small letters of its own, or the heading names its matter; one after that where
        it is led into.
        """
        before, mark = self.around.blocks[index - 1], self.around.marks[index - 1]
        if before.kind is BlockKind.BULLET:
            return example.itemised
        block = self.around.blocks[index]
        bullet, lower = (latest.marker, starts_lower(latest.text)) if latest else ("", False)
        if before.text.endswith(":") or block.marker != (bullet or BULLET):
            return True
        small = starts_lower(block.text) and not lower
        headed = mark is not None and mark.kind is MarkKind.BOX
        return headed or ((example.named or small) and not example.itemised)
