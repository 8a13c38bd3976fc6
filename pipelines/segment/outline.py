"""Walk through a report and note for each block where it stands: part, standard, list.

A step takes a `Position`, a block and its landmark, and returns the position after it: where the
landmark stands decides what it is (`_reconsidered`), which decides what it opens and ends
(`_after`); a bullet below a practice example goes to the example or to the list (`_after_bullet`).
Nothing else changes. The other modules of this package read their facts off the entries; none walks
on its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from pipelines.frameworks import Registry, SectionKind, fold
from pipelines.read.drafts.repair import BULLET
from pipelines.read.drafts.wrapping import starts_lower
from pipelines.records import Block, BlockKind, Document
from pipelines.segment.entry import Entry
from pipelines.segment.headings import Landmark, LandmarkKind
from pipelines.segment.listnames import heads_other_list
from pipelines.segment.position import Example, Position
from pipelines.segment.recommendations import names_addressee
from pipelines.segment.standards import Place, Resolver
from pipelines.segment.surroundings import Surroundings

_TOPICAL: Final = frozenset({LandmarkKind.STANDARD, LandmarkKind.SUBSECTION, LandmarkKind.HEADING})
_BULLETS: Final = frozenset({BlockKind.BULLET})
_TEXT: Final = frozenset({BlockKind.BULLET, BlockKind.PARAGRAPH})
_NO_FINDINGS: Final[frozenset[SectionKind | None]] = frozenset({"end", "contents"})


def walk_report(
    document: Document, landmarks: Sequence[Landmark | None], registry: Registry, resolver: Resolver
) -> list[Entry]:
    """Return each block of a report with where it stands, in order.

    Args:
        document: The report.
        landmarks: What each of its blocks is.
        registry: Says whether headings of unknown wording end a list.
        resolver: Gives standards code and title; it follows the walk, so take a new one for each.
    """
    steps = _Steps(Surroundings(document.blocks, landmarks), registry, resolver)
    position, entries = Position(), []
    latest: Block | None = None  # bullet in a list, outside of examples that only a heading shows
    for index, (block, landmark) in enumerate(zip(document.blocks, landmarks, strict=True)):
        position, judged = steps.step(position, index, landmark, latest)
        if position.findings and not position.example and block.kind is BlockKind.BULLET:
            latest = block
        entries.append(_entry(position, block, judged))
    return entries


def _entry(position: Position, block: Block, landmark: Landmark | None) -> Entry:
    heads = (
        landmark is not None and landmark.kind is LandmarkKind.POLARITY
    )  # a list's heading is not in it
    findings = None if heads else position.findings
    return Entry(
        block,
        landmark,
        position.section,
        position.place,
        findings.polarity if findings else None,
        findings.number if findings else 0,
        block.boxed or position.example is not None,
        severed=position.severed,
    )


@dataclass(frozen=True, slots=True)
class _Steps:
    """What a block does to where the walk stands."""

    around: Surroundings
    registry: Registry
    resolver: Resolver

    def step(
        self, position: Position, index: int, landmark: Landmark | None, latest: Block | None
    ) -> tuple[Position, Landmark | None]:
        """Where the walk stands with a block, and which landmark the block is there."""
        block = self.around.blocks[index]
        if block.boxed and position.example:  # it has a frame: nothing outside belongs to it
            position = replace(position, example=None)
        if landmark is not None:
            landmark = self._reconsidered(position, index, landmark)
            position = self._after(position, index, landmark)
        elif block.kind is BlockKind.BULLET:
            position = self._after_bullet(position, index, latest)
        return position, landmark

    def _reconsidered(self, position: Position, index: int, landmark: Landmark) -> Landmark:
        """Judge by the framework what the wording alone leaves open."""
        if landmark.kind is LandmarkKind.STANDARD and landmark.code is None:
            framework = self.resolver.framework
            known = framework is not None and framework.standard(title=landmark.title) is not None
            below = position.base.standard or (
                position.findings and self.around.text_follows(index, _BULLETS)
            )
            if self._divides_by_topic(position, index, landmark) or (not known and below):
                low = landmark.title.casefold()
                subsection = {v.casefold() for v in self.registry.subsections.values()}
                kind = LandmarkKind.SUBSECTION if low in subsection else LandmarkKind.HEADING
                return replace(landmark, kind=kind)
        named = self.registry.list_ends == "known"  # then a part's title is always one
        if (
            landmark.kind is LandmarkKind.SECTION
            and not named
            and 0 < position.standard_level < landmark.level
        ):
            return replace(landmark, kind=LandmarkKind.HEADING)
        return landmark

    def _after(self, position: Position, index: int, landmark: Landmark) -> Position:
        """Where the walk stands below a landmark."""
        topical = landmark.kind in _TOPICAL
        if topical and self._divides_by_topic(position, index, landmark):
            return position.under_topic(landmark)
        after = self._entered(position, index, landmark)
        listed = position.findings or position.severed
        if topical and listed and not after.findings and landmark.code is None:
            # What ended the list and has bullets below it may have been a topic inside the list.
            severed = after.severed or self.around.heads_bullets(index)
            return replace(after, severed=severed)
        return after

    def _entered(self, position: Position, index: int, landmark: Landmark) -> Position:
        match landmark.kind:
            case LandmarkKind.SECTION:
                return position.opening(landmark.section, Place(None, landmark.title))
            case LandmarkKind.GROUP:
                return self._group(position, landmark)
            case LandmarkKind.STANDARD:
                section = position.section if position.section == "ratings" else None
                return position.opening(
                    section, self.resolver.place(landmark), level=landmark.level
                )
            case LandmarkKind.SUBSECTION:
                named = position.base.standard
                base = replace(position.base, subsection=landmark.title) if named else None
                return position.below(base or Place(None, landmark.title))
            case LandmarkKind.ADDRESSEE:
                return position.opening("recommendations", Place())
            case LandmarkKind.POLARITY:
                return self._list(position, landmark)
            case LandmarkKind.BOX:
                return position.in_example(landmark)
            case LandmarkKind.HEADING:
                return self._heading(position, index, landmark)
            case LandmarkKind.RATING:
                return position

    def _group(self, position: Position, landmark: Landmark) -> Position:
        if position.base.code and landmark.title == position.group:
            return position  # a group's title among its own standards is the page's
        self.resolver.enter_group(landmark)
        return replace(position.opening(None, Place(None, landmark.title)), group=landmark.title)

    def _list(self, position: Position, landmark: Landmark) -> Position:
        if position.section in _NO_FINDINGS:
            return position
        section = None if position.section == "recommendations" else position.section
        without_standards = self.registry.list_ends == "known" and not self.registry.titles
        placeless = section == "foreword" or without_standards  # a foreword is not a standard
        return position.in_list(landmark, section, Place() if placeless else position.base)

    def _heading(self, position: Position, index: int, landmark: Landmark) -> Position:
        """Some heading: of a subsection, a topic in a list, the end of a list, or just words."""
        findings = position.findings
        if findings and heads_other_list(landmark.title, findings.polarity, self.registry):
            return replace(position, findings=None, example=None, severed=True)
        topic = self.around.heads_bullets(index)
        if position.findings and position.findings.framed and not topic:
            position = replace(position, findings=None)
        known_ends = self.registry.list_ends == "known"
        if known_ends and position.findings and self.around.text_follows(index, _TEXT):
            example = None if topic else position.example
            return replace(position, topic=landmark.title, example=example)
        if self.around.leads_to_list(index, landmark):
            return self._heading_of_lists(position, landmark)
        if position.findings:
            return self._heading_in_list(position, position.findings.level, landmark)
        recommended = position.section == "recommendations"
        ended = recommended and not names_addressee(landmark) and self.around.ends_part(index)
        if ended or 0 < landmark.level <= position.standard_level:
            return position.opening(None, Place(None, landmark.title))
        return position

    def _heading_of_lists(self, position: Position, landmark: Landmark) -> Position:
        """A heading that lists stand under: a subsection of the standard, or a place of its own."""
        standard_level, base = position.standard_level, Place(None, landmark.title)
        above = 0 < landmark.level <= standard_level
        deeper = position.base.standard and standard_level and not above
        if not above and (position.base.code or deeper):
            base = replace(position.base, subsection=landmark.title)
        section = position.section if position.section in _NO_FINDINGS else None
        level = standard_level if base.subsection else landmark.level
        return position.opening(section, base, level=level)

    def _heading_in_list(self, position: Position, list_level: int, landmark: Landmark) -> Position:
        """A heading of unknown wording in a list: just words if deeper; else the list ends."""
        if landmark.level == 0 or landmark.level > list_level > 0:
            return position
        if landmark.level > position.standard_level:
            return replace(position, findings=None, example=None, severed=True)
        opened = position.opening(None, Place(None, landmark.title))
        # Where all headings are of one level, it may have been a topic of the list.
        return replace(opened, severed=landmark.level == list_level)

    def _divides_by_topic(self, position: Position, index: int, landmark: Landmark) -> bool:
        """Whether a heading over bullets divides the list that is open, and does not end it.

        It does right under the list's own heading; as high as one that did; and deeper.
        """
        findings = position.findings
        if findings is None:
            return False
        if heads_other_list(landmark.title, findings.polarity, self.registry):
            return False
        deeper = landmark.level > findings.level > 0
        bare = landmark.code is None and fold(landmark.title) in self.registry.titles
        if bare and deeper and self.around.coded:
            return True  # where standards carry codes, a title without one heads no standard
        if not self.around.heads_bullets(index):
            return False
        if (before := self.around.landmarks[index - 1]) and before.kind is LandmarkKind.POLARITY:
            return True
        if landmark.level == 0:  # of standards' titles not every one is the standard's heading
            begun = position.place != position.base or position.standard_level > 0
            return begun or landmark.kind is not LandmarkKind.STANDARD
        return deeper or landmark.level == findings.topic_level

    def _after_bullet(self, position: Position, index: int, latest: Block | None) -> Position:
        """Where the walk stands with a bullet: in the example still, or in the list again."""
        example = position.example
        if example is None or example.ends_list:
            return position
        if not self._belongs_to_example(example, latest, index):
            return replace(position, example=None)
        return replace(position, example=replace(example, itemised=True))

    def _belongs_to_example(self, example: Example, latest: Block | None, index: int) -> bool:
        """Whether a bullet under an example's heading is the example's, as those after it are.

        The first list does where it follows the heading at once, or is introduced, or has bullets
        or small letters of its own, or the heading names its matter; a later one where it is
        introduced.
        """
        before, landmark = self.around.blocks[index - 1], self.around.landmarks[index - 1]
        if before.kind is BlockKind.BULLET:
            return example.itemised
        block = self.around.blocks[index]
        bullet, lower = (latest.marker, starts_lower(latest.text)) if latest else ("", False)
        if before.text.endswith(":") or block.marker != (bullet or BULLET):
            return True
        small = starts_lower(block.text) and not lower
        headed = landmark is not None and landmark.kind is LandmarkKind.BOX
        return headed or ((example.named or small) and not example.itemised)
