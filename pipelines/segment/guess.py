"""Draft a framework from reports that follow one nobody wrote down: a person finishes it.

What recurs in most of the reports is the framework's; what stands in one of them only is its own.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from pipelines.changes import quoted
from pipelines.frameworks import Registry, fold
from pipelines.naming import slug
from pipelines.records import Block, BlockKind, Document
from pipelines.segment.facts import find_published
from pipelines.segment.headings import parse_standard, read_rating
from pipelines.segment.titles import FRONT

_TITLE: Final = re.compile(r"\b(?:inspection|review|audit|visit)\b", re.IGNORECASE)
_LONGEST_TITLE: Final = 220
_LONGEST_RATING: Final = 60
_LONGEST_SLUG: Final = 40
_SHARE: Final = 0.5  # of the documents in which a heading stands that is the framework's
_WORDS: Final = (  # by which a list is known; the first that fits
    (
        "area_for_improvement",
        re.compile(
            r"improv|weak|concern|develop|better|action|poor|challenge|gap|shortfall|not\b", re.I
        ),
    ),
    (
        "strength",
        re.compile(r"strength|strong|well\b|good|positive|effective|success|working", re.I),
    ),
)
_EXAMPLE: Final = re.compile(r"\b(?:case stud|example|practice)", re.IGNORECASE)


@dataclass(slots=True)
class _Heading:
    """A wording that heads something in several documents."""

    spelled: Counter[str] = field(default_factory=Counter)
    documents: int = 0
    listed: int = 0  # documents in which bullets stand right under it
    last: int = 0  # documents in which no list comes below it
    boxed: int = 0


def draft_framework(documents: Sequence[Document], registry: Registry) -> str:
    """Return a file with one framework, as TOML with comments on what a person has to decide.

    It loads as it is with `load_registry(extra=…)`; headings that the registry knows already are
    not repeated.

    Args:
        documents: Reports of the framework, as many and as different as there are.
        registry: What is known.
    """
    headings = _headings(documents)
    common = {k: h for k, h in headings.items() if h.documents >= _SHARE * len(documents)}
    titles = [title for document in documents if (title := _title(document))]
    forms, start = _title_forms(titles)
    months = sorted(filter(None, (_month(document) for document in documents)))
    standards = _standards(common)
    lists, undecided = _lists(common, registry)
    undecided += [
        k for k in _lists(headings, registry)[0] if k not in common and _twice(headings[k])
    ]
    sections, boxes = _parts(common, registry, {*standards, *lists})
    known = any(_topics(document, registry, {*common}) for document in documents)
    name = slug(start) if start else "mine"
    if len(name) > _LONGEST_SLUG:
        name = name[: _LONGEST_SLUG + 1].rpartition("-")[0] or name[:_LONGEST_SLUG]
    kind = _unit_kind(titles, registry)
    out = [
        f"# Drafted from {len(documents)} documents. Read it through: what is marked '?' was",
        "# guessed, and figures say in how many documents a heading stands.",
        "",
    ]
    if kind is None:
        kind = "unit"
        out += ["# ? Words that stand behind or before a unit's name and are no part of it.",
                "[[unit_kinds]]", 'kind = "unit"', "behind = []", "before = []", ""]  # fmt: skip
    out += ["[[frameworks]]", f"slug = {quoted(name)} # ?"]
    out += [
        f"name = {quoted(start or 'To be named')} # ?",
        f"unit_type = {quoted(kind)} # ?",
    ]
    out += [f'since = "{months[0]}"'] if months else []
    out += [f"titled = {_listed([start.lower()])}"] if start else []
    out += [f"titles = {_listed(forms)} # ?"] if forms else []
    if not any(map(_rated, documents)):
        out += ["rated = false # ?"]
    out += ["# Only headings named here end a list; all others part it by topic."] * known
    out += [f'list_ends = "{"known" if known else "any"}" # ?', "standards = ["]
    out += [
        f"    {{ code = {quoted(code)}, title = {quoted(title)} }}, # {_count(common[key])}"
        for key, (code, title) in standards.items()
    ]
    out += ["]", ""]
    out += _polarity(lists, undecided, headings)
    for section in ("front", "end"):
        if mine := [key for key, where in sections.items() if where == section]:
            out += ["[[frameworks.sections]]", f'kind = "{section}" # ?']
            out += ["titles = [", *(_line(common[key]) for key in mine), "]", ""]
    if boxes:
        out += ["[frameworks.boxes]", "titles = [", *(_line(common[k]) for k in boxes), "]", ""]
    return "\n".join(out).rstrip() + "\n"


def _headings(documents: Sequence[Document]) -> dict[str, _Heading]:
    found: dict[str, _Heading] = defaultdict(_Heading)
    for document in documents:
        seen: set[str] = set()
        items = [i for i, b in enumerate(document.blocks) if _item(b)]
        for index, block in enumerate(document.blocks):
            key = fold(block.text.split(":")[0] if _EXAMPLE.match(block.text) else block.text)
            if block.kind is not BlockKind.HEADING or not key or key in seen:
                continue
            seen.add(key)
            heading = found[key]
            heading.spelled[block.text.strip(" :")] += 1
            heading.documents += 1
            heading.listed += _item(_next(document.blocks, index))
            heading.last += not items or index > items[-1]
            heading.boxed += block.boxed or bool(_EXAMPLE.match(block.text))
    return found


def _item(block: Block | None) -> bool:
    return block is not None and block.kind is BlockKind.BULLET and not block.boxed


def _next(blocks: Sequence[Block], index: int) -> Block | None:
    return blocks[index + 1] if index + 1 < len(blocks) else None


def _title(document: Document) -> str:
    for block in document.blocks[:FRONT]:
        if len(block.text) <= _LONGEST_TITLE and _TITLE.search(block.text):
            return block.text.strip(" .:")
    return ""


def _title_forms(titles: Sequence[str]) -> tuple[list[str], str]:
    """Forms of title, and the words that most begin with."""
    starts: Counter[str] = Counter()
    for title in titles:
        words = title.split()
        starts.update(" ".join(words[:n]) for n in range(2, len(words)))
    common = [s for s, n in starts.items() if n > 1 and n >= _SHARE * len(titles)]
    if not common:
        return [], ""
    most = max(starts[s] for s in common)
    start = max((s for s in common if starts[s] == most), key=len)
    rests = [title[len(start) :].strip() for title in titles if title.startswith(start)]
    middle = [rest for rest in rests if re.search(r"\S\s+in\s+\S", rest)]
    forms = [f"{start} {{topic}} in {{unit}}"] if middle else []
    forms += [f"{start} {{unit}}"] if len(middle) < len(rests) else []
    bare = re.sub(r"\s+(?:in|of|on|into|at|for|the|to)$", "", re.sub(r"^(?:An?|The)\s+", "", start))
    return forms, re.sub(r"\s+(?:of|on|into|in)$", "", bare)


def _month(document: Document) -> str:
    published = find_published(document, [None] * len(document.blocks)) or ""
    return published if len(published) == len("2024-05") else ""


def _rated(document: Document) -> bool:
    return any(
        read_rating(block.text) for block in document.blocks if len(block.text) < _LONGEST_RATING
    )


def _standards(common: dict[str, _Heading]) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for key, heading in common.items():
        title, code, _ = parse_standard(_spelling(heading))
        if code and code not in {c for c, _ in found.values()}:
            found[key] = (code, title)
    return dict(sorted(found.items(), key=lambda item: tuple(map(int, item[1][0].split(".")))))


def _lists(common: dict[str, _Heading], registry: Registry) -> tuple[dict[str, str], list[str]]:
    """Headings of lists with their polarity, and those that only a person can tell."""
    lists: dict[str, str] = {}
    undecided = []
    for key, heading in common.items():
        if key in registry.polarity or heading.boxed or parse_standard(_spelling(heading))[1]:
            continue
        told = next((name for name, words in _WORDS if words.search(key)), None)
        # The list may be divided by topic, so that a heading stands under the heading.
        if heading.listed >= _SHARE * heading.documents and told:
            lists[key] = told
        elif heading.listed >= _SHARE * heading.documents and heading.listed > 1:
            undecided.append(key)
    return lists, undecided


def _parts(
    common: dict[str, _Heading], registry: Registry, taken: set[str]
) -> tuple[dict[str, str], list[str]]:
    sections: dict[str, str] = {}
    boxes = []
    for key, heading in common.items():
        known = key in registry.polarity or registry.is_box(key) or registry.section(key)
        if key in taken or known or _TITLE.search(key):
            continue
        if heading.boxed >= _SHARE * heading.documents:
            boxes.append(key)
        elif not heading.listed:
            sections[key] = "end" if heading.last >= _SHARE * heading.documents else "front"
    return sections, boxes


def _topics(document: Document, registry: Registry, common: set[str]) -> bool:
    """Whether a heading as high as that of a list, and this document's own, divides the list."""
    level = 0
    for index, block in enumerate(document.blocks):
        if block.kind is not BlockKind.HEADING:
            continue
        if fold(block.text) in registry.polarity:
            level = block.level
        elif fold(block.text) in common:
            level = 0
        elif 0 < block.level <= level and _item(_next(document.blocks, index)):
            return True
    return False


def _unit_kind(titles: Sequence[str], registry: Registry) -> str | None:
    """The kind whose words stand in most titles; None where no word tells."""
    told: Counter[str] = Counter()
    for title in titles:
        for kind in registry.unit_kinds:
            words = (*kind.behind, *kind.before)
            told[kind.kind] += any(re.search(rf"\b{re.escape(w)}\b", title, re.I) for w in words)
    best = told.most_common(1)
    return best[0][0] if best and best[0][1] else None


def _polarity(
    lists: dict[str, str], undecided: Sequence[str], headings: dict[str, _Heading]
) -> Iterator[str]:
    if lists or undecided:
        yield "[frameworks.polarity]"
    for key in undecided:
        yield f"# ? {quoted(_spelling(headings[key]))} heads bullets ({_count(headings[key])})."
    for name in ("strength", "area_for_improvement"):
        if mine := [key for key, told in lists.items() if told == name]:
            yield from (f"{name} = [ # ?", *(_line(headings[key]) for key in mine), "]")
    if lists or undecided:
        yield ""


def _twice(heading: _Heading) -> bool:
    return heading.documents > 1


def _spelling(heading: _Heading) -> str:
    return min(heading.spelled, key=lambda text: (-heading.spelled[text], text))


def _line(heading: _Heading) -> str:
    title = _spelling(heading)
    named = title.split(":")[0] if heading.boxed else title
    return f"    {quoted(named)}, # {_count(heading)}"


def _count(heading: _Heading) -> str:
    return f"in {heading.documents}"


def _listed(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(quoted, texts))}]"
