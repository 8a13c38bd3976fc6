"""Know the landmarks a report is structured by: parts, standards, polarity, ratings, addressees.

Wording decides, not form: what one reader calls a heading another calls a paragraph. Only where
a wording is in no registry does the form of the block have a say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import Final

from pipelines.frameworks import Registry, SectionKind, fold
from pipelines.numbers import number_words
from pipelines.records import Block, BlockKind, Document, Polarity, Rating
from pipelines.segment.listnames import list_headed, list_named
from pipelines.welsh import english_heading

_RATINGS: Final = {fold(r.value): r for r in Rating}
_RATING_LABEL: Final = re.compile(
    r"^(?:this standard is |is )?(?:overall )?rat(?:ing|ed)\b[ :–—-]*(?:as |is )?", re.I
)
_TRAILING_RATING: Final = re.compile(
    # A blank may be lost before it: a small letter and a capital are two words.
    r"^(?P<title>.+?)(?:[\s:–—|-]+[‘'\"]?|(?-i:(?<=[a-z])(?=[A-Z])))"
    r"(?P<rating>inadequate|requires improvement|good|outstanding|not rated)[’'\"]?$",
    re.IGNORECASE,
)
_CODED: Final = re.compile(
    r"^(?:standard\s+)?(?:(?P<prefix>[A-Z])\s?)?(?P<code>\d{1,2}\.\d{1,2})(?:\.|:)?[\s:–—-]+(?P<title>\S.*)$",
    re.IGNORECASE,
)
_NEXT_ROW: Final = re.compile(r"(?<!\b[A-Z])\s+(?=(?:[A-Z]\s?)?\d{1,2}\.\d{1,2}\.?[\s:–—-]+[A-Z])")
_ADDRESSEE: Final = re.compile(
    r"^(?:we (?:\w+ )?recommend that (?:the )?)?"
    r"(?P<who>\S.{1,150}?),?\s+(?:should|must)(?:\s+also)?\s*:?$",
    re.IGNORECASE | re.DOTALL,
)
_RECOMMENDED: Final = re.compile(
    r"^we (?:\w+ )?recommend(?: that)? (?:the )?(?P<who>\S[^.;:]{1,100}?)(?: to)?\s*:$", re.I
)
_FIGURES: Final = re.compile(r"\d\s*(?:%|per cent)\)?$")  # a key question, whatever set as
_TABLE_HEAD: Final = re.compile(  # heads of a table that fell apart, whatever set as
    r"^(?:key questions?|standards?|ratings?|percentage|%|[‘’'“”\"]?yes[‘’'“”\"]?| )+$", re.I
)
_LONGEST: Final = 160
_MUTE: Final = frozenset({BlockKind.CONTENTS, BlockKind.TABLE, BlockKind.FOOTNOTE})


class LandmarkKind(StrEnum):
    """What a landmark does."""

    SECTION = "section"  # opens a part that is not a standard
    GROUP = "group"  # opens a numbered group of standards
    STANDARD = "standard"
    SUBSECTION = "subsection"  # a known unnumbered heading below a standard
    POLARITY = "polarity"
    RATING = "rating"
    ADDRESSEE = "addressee"  # "X should:"
    BOX = "box"  # heads a practice example
    HEADING = "heading"  # some other heading


@dataclass(frozen=True, slots=True)
class Landmark:
    """A block that structures the report; `title` is without number.

    Attributes:
        level: Of the heading, 1 for the highest; 0 where the reader does not know.
        framed: It heads a list that a frame holds, and the frame's end is the list's.
    """

    kind: LandmarkKind
    title: str = ""
    code: str | None = None
    prefix: str = ""
    section: SectionKind | None = None
    polarity: Polarity | None = None
    rating: Rating | None = None
    level: int = 0
    framed: bool = False


def find_landmarks(
    document: Document, registry: Registry
) -> tuple[Document, list[Landmark | None]]:
    """Return the landmark that each block is, and the document itself.

    Some pages set their lists in boxes, or in cells of tables. A box that a list's heading stands
    in, or right above a list without a title, is not a practice example: the document is returned
    without the box.
    """
    blocks = list(document.blocks)
    framed = set()  # the headings right above such boxes
    for first, last in _boxes(blocks):
        heads = blocks[first:last]
        if first and _is_list(heads, blocks[last : last + 1], registry):
            heads.append(blocks[first - 1])
            framed.add(first - 1)
        if any(list_named(block.text, registry) for block in heads):
            blocks[first:last] = [replace(block, boxed=False) for block in blocks[first:last]]
    opened = replace(document, blocks=tuple(blocks))
    landmarks = [read_landmark(block, registry) for block in opened.blocks]
    for index in framed:
        landmark = landmarks[index]
        landmarks[index] = landmark and replace(landmark, framed=True)
    return opened, landmarks


def _is_list(box: Sequence[Block], after: Sequence[Block], registry: Registry) -> bool:
    """Whether a box is a list without a title: items, or paragraphs that no items come after."""
    if box[0].kind is BlockKind.BULLET:
        return True
    landmark = read_landmark(replace(box[0], boxed=False), registry)
    plain = all(block.kind in (BlockKind.PARAGRAPH, BlockKind.FOOTNOTE) for block in box)
    items = any(block.kind is BlockKind.BULLET for block in after)
    return plain and landmark is None and not items


def _boxes(blocks: Sequence[Block]) -> Iterator[tuple[int, int]]:
    """Runs of boxed blocks, footnotes between them included."""
    first: int | None = None
    for index, block in enumerate(blocks):
        if block.boxed and first is None:
            first = index
        elif first is not None and not block.boxed and block.kind is not BlockKind.FOOTNOTE:
            yield first, index
            first = None
    if first is not None:
        yield first, len(blocks)


def read_landmark(block: Block, registry: Registry) -> Landmark | None:
    """Return the landmark that a block is; None where it is plain text."""
    if block.boxed or block.kind in _MUTE or len(block.text) > _LONGEST:
        return None
    text = english_heading(block.text.strip())
    if block.kind is BlockKind.NUMBERED:
        if polarity := list_named(text, registry):
            return Landmark(LandmarkKind.POLARITY, text, polarity=polarity, level=block.level)
        return _numbered(f"{block.marker} {text}", block, registry)
    if not fold(text):
        return None
    return (
        _worded(text, block, registry)
        or _coded(text, block, registry)
        or _numbered(text, block, registry)
        or _titled(text, block, registry)
        or _other(text, block)
    )


def read_rating(text: str) -> Rating | None:
    """Return the rating that a text is, with or without "Rating:" before it."""
    bare = _RATING_LABEL.sub("", english_heading(text.strip())).strip(" ‘’'\"“”.:*")
    return _RATINGS.get(fold(bare))


def trailing_rating(block: Block) -> Rating | None:
    """Return a rating set at the end of a paragraph: in bold, or after its last full stop."""
    for start, end in block.bold:
        if end >= len(block.text.rstrip(" .")) and (found := read_rating(block.text[start:end])):
            return found
    tail = re.search(r"[.!?:]\s+(\S+(?:\s\S+)?)$", block.text[-40:])
    return read_rating(tail[1]) if tail else None


def split_rating(text: str) -> tuple[str, Rating | None]:
    """Split a standard's title from the rating printed after it."""
    match = _TRAILING_RATING.match(text)
    return (match["title"].strip(), _RATINGS[fold(match["rating"])]) if match else (text, None)


def rated_together(text: str) -> list[str]:
    """The rows of a ratings table that run together in a text; empty where it is none."""
    rows = _NEXT_ROW.split(text)
    return rows if len(rows) > 1 and all(split_rating(row)[1] for row in rows) else []


def parse_standard(text: str) -> tuple[str, str | None, str]:
    """Split a standard's heading into title, code and the letter before the code."""
    match = _CODED.match(text)
    return (
        (match["title"], match["code"], (match["prefix"] or "").upper())
        if match
        else (text, None, "")
    )


def _worded(text: str, block: Block, registry: Registry) -> Landmark | None:
    """Landmarks whose whole wording is known."""
    folded = fold(text)
    level = block.level
    item = block.kind in {BlockKind.BULLET, BlockKind.QUOTE}
    heading = block.kind is BlockKind.HEADING
    listed = list_named(text, registry) if item else list_headed(text, registry, heading=heading)
    if listed:
        return Landmark(LandmarkKind.POLARITY, text, polarity=listed, level=level)
    if rating := read_rating(text):
        return Landmark(LandmarkKind.RATING, text, rating=rating)
    if match := _ADDRESSEE.match(text) or _RECOMMENDED.match(text):
        if block.kind is not BlockKind.BULLET and (
            text.endswith(":") or block.kind is BlockKind.HEADING
        ):
            return Landmark(LandmarkKind.ADDRESSEE, match["who"].strip(), level=level)
        return None
    if item:
        return None
    if registry.is_box(text, heading=heading):
        return Landmark(LandmarkKind.BOX, text, level=level)
    if (section := registry.section(text)) and _section_like(text, block):
        return Landmark(LandmarkKind.SECTION, text, section=section, level=level)
    if folded in registry.groups and folded not in registry.titles:
        return Landmark(LandmarkKind.GROUP, text, level=level)
    return None


def _section_like(text: str, block: Block) -> bool:
    """A part is opened by a heading; "Annexe 2 shows ..." opens none."""
    return block.kind is BlockKind.HEADING or not text.endswith((".", ","))


def _coded(text: str, block: Block, registry: Registry) -> Landmark | None:
    match = _CODED.match(text)
    if not match or rated_together(text):
        return None
    title, rating = match["title"].strip(), None
    if fold(title) not in registry.titles:
        title, rating = split_rating(title)
    known = registry.titles.get(fold(title))
    if known is None and not _titlelike(title, block):
        return None
    return Landmark(
        LandmarkKind.STANDARD,
        known or title.rstrip(" :"),
        code=match["code"],
        prefix=(match["prefix"] or "").upper(),
        rating=rating,
        level=block.level,
    )


def _titlelike(title: str, block: Block) -> bool:
    if (
        block.kind is BlockKind.BULLET
        or not title[:1].isupper()
        or title.endswith((".", ",", ";", "?"))
    ):
        return False
    return len(title.split()) <= 12


@cache
def _number_and_title() -> re.Pattern[str]:
    number = rf"(?P<number>\d{{1,2}}|{'|'.join(number_words().cardinals)})"
    before = r"(?:(?:part|domain|section|chapter)\s+)?"
    return re.compile(rf"^{before}{number}[.):]*[\s:–—-]+(?P<title>\S.*)$", re.I)


def _numbered(text: str, block: Block, registry: Registry) -> Landmark | None:
    match = _number_and_title().match(text)
    if not match:
        return None
    folded = fold(match["title"])
    if folded in registry.groups:
        return Landmark(
            LandmarkKind.GROUP, match["title"].rstrip(" :"), code=match["number"], level=block.level
        )
    if known := registry.titles.get(folded):
        return Landmark(LandmarkKind.STANDARD, known, level=block.level)
    if (section := registry.section(match["title"])) and block.kind is not BlockKind.BULLET:
        return Landmark(LandmarkKind.SECTION, match["title"], section=section, level=block.level)
    return None


def _titled(text: str, block: Block, registry: Registry) -> Landmark | None:
    """A standard or a subsection by its title alone."""
    if block.kind in {BlockKind.BULLET, BlockKind.QUOTE}:
        return None
    title, rating = text, None
    if fold(title) not in registry.titles:
        title, rating = split_rating(text)
    if known := registry.titles.get(fold(title)):
        return Landmark(LandmarkKind.STANDARD, known, rating=rating, level=block.level)
    if known := registry.subsections.get(fold(text)):
        return Landmark(LandmarkKind.SUBSECTION, known, level=block.level)
    return None


def _other(text: str, block: Block) -> Landmark | None:
    if block.kind is not BlockKind.HEADING or _FIGURES.search(text) or _TABLE_HEAD.match(text):
        return None
    return Landmark(LandmarkKind.HEADING, text.rstrip(" :"), level=block.level)
