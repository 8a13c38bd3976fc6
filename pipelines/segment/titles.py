"""Where a report's title stands, which framework it names and which unit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from pipelines.frameworks import Framework, Registry
from pipelines.places import plain_name
from pipelines.records import Block, BlockKind, Document

_TITLE: Final = re.compile(
    r"^(?:report (?:on|of) )?(?:an?|the)?\s*(?:[\w-]+\s+){0,3}?inspection of\s+(?P<what>\S.*)$",
    re.IGNORECASE,
)
_IN: Final = re.compile(
    r"^(?P<what>.*?)\s+(?:in|of|by)(?:\s*:\s*|\s+)(?P<unit>\S.*)$", re.IGNORECASE
)
_LAST_IN: Final = re.compile(r"^.*\s(?i:in)(?:\s*:\s*|\s+)(?P<unit>(?:(?i:the)\s+)?[^\Wa-z_].*)$")
_FIRST_OF: Final = re.compile(
    r"^.*?\s(?i:of|by)(?:\s*:\s*|\s+)(?P<unit>(?:(?i:the)\s+)?[^\Wa-z_].*)$"
)
_PART_OF: Final = re.compile(
    r"^(?:the )?(?P<unit>\S.*?\s(?:region|division))\s+of\s+"
    r"(?:the )?(?:National )?Probation Service",
    re.IGNORECASE,
)
_REPORT_TITLE: Final = re.compile(
    r"^(?:[\w-]+\s+){0,2}inspection report\s*[:–—-]\s*(?P<unit>\S.*)$", re.IGNORECASE
)
_NPS: Final = re.compile(r"^(?P<name>\S.*?) National Probation Service division$", re.IGNORECASE)
_NATIONAL_TITLE: Final = re.compile(
    r"^(?:an?\s+|the\s+)?national inspection\b[^.]{0,100}$", re.IGNORECASE
)
_DASHED: Final = re.compile(r"^(?P<what>.*?services?)\s*[–—:-]\s*(?P<unit>\S.*)$", re.IGNORECASE)
SERVICE: Final = re.compile(
    r"probation service\s*[–—-]\s*(?P<region>[A-Z][^\n.;]{2,60}?)(?:\s+region\b.*)?$", re.IGNORECASE
)
_SITES: Final = re.compile(r"\s[|-]\s|\s[–—]\s(?=an? |the )", re.IGNORECASE)
_REST_OF_REGION: Final = re.compile(r"(?:[A-Z][\w’'-]*,? (?:and |of )*){0,3}region$")
_YEAR_ALONE: Final = re.compile(r"20\d\d$")
_LONGEST_COVER_LINE: Final = 110
FRONT: Final = 80  # blocks among which title and date are looked for
_LONGEST_TITLE: Final = 300
_OPEN: Final = re.compile(r"\b(?:in|of|by|for|to|and|the)\s*:?$|:$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Named:
    """A framework that a title names; `unit` as the framework's form of title gives it."""

    framework: Framework
    title: str
    unit: str | None


def name_framework(document: Document, registry: Registry) -> Named | None:
    """Return the framework that a document's title names; None where none does.

    A form of title says which part of it is the unit's name; without a form that fits, the
    framework is known and the unit is looked for as in any report.
    """
    for title, framework in product(_title_lines(document), registry.frameworks):
        for form in framework.titles:
            if match := form.match(title):
                return Named(framework, title.rstrip(" ."), match["unit"])
    said = find_title(document, document.blocks[:FRONT])[0]
    for line in (said, *_headings(document), document.title):
        named = registry.named(line) if line else None
        if line and named is not None:
            return Named(named, line, _told(document, named))
    return None


def _told(document: Document, framework: Framework) -> str | None:
    """The unit as a sentence names it."""
    for block, form in product(document.blocks[:FRONT], framework.told):
        if match := form.search(block.text):
            return match["unit"]
    return None


def _headings(document: Document) -> Iterator[str]:
    return (b.text for b in document.blocks[:FRONT] if b.kind is BlockKind.HEADING)


def _title_lines(document: Document) -> Iterator[str]:
    """What may be the title: short lines of the front, whole where a line's end cut them."""
    front = document.blocks[:FRONT]
    for index, block in enumerate(front):
        text = block.text
        if block.kind is BlockKind.CONTENTS or len(text) > _LONGEST_TITLE:
            continue
        if _OPEN.search(text):
            yield f"{text.rstrip(' :')} {_next_text(front, index)}".strip()
        else:
            yield text
    if document.title:
        yield from dict.fromkeys((_SITES.split(document.title)[0], document.title))


def find_title(document: Document, front: Sequence[Block]) -> tuple[str | None, str | None]:
    """Return a report's title and the unit that it names, each None where it has none."""
    for index, block in enumerate(front):
        if block.kind is BlockKind.CONTENTS or len(block.text) > 220:
            continue
        if _NATIONAL_TITLE.match(block.text):
            return block.text, None
        if report := _REPORT_TITLE.match(block.text):
            return block.text, report["unit"]
        match = _TITLE.match(block.text)
        if match is None or block.text.endswith("."):
            continue
        what = match["what"]
        if re.search(r"\b(?:in|of|by|for)\s*:?$", what) or what.endswith(":"):
            following = _next_text(front, index)
            return f"{block.text} {following}".strip(), following or None
        unit = _unit_in(what)
        return block.text, unit["unit"] if unit else _whole_service(what)
    for start in (0, *(gap.end() for gap in _SITES.finditer(document.title))):
        title = document.title[start:]  # a chapter's page, the report, its site
        if match := _TITLE.match(title):
            unit = _unit_in(_SITES.split(match["what"])[0]) or _unit_in(match["what"])
            named = _SITES.split(unit["unit"])[0] if unit else None
            return _SITES.split(title)[0] if unit else title, named
    return None, None


def _unit_in(what: str) -> re.Match[str] | None:
    return _PART_OF.match(what) or _unit_behind(what) or _DASHED.match(what)


def _unit_behind(what: str) -> re.Match[str] | None:
    """The unit after the last "in", or the first "of": "abuse in the family in Marlock".

    A name begins with a capital, unless a word such as "PDU" says that it is one.
    """
    for pattern in (_LAST_IN, _FIRST_OF):
        if match := pattern.match(what):
            return match
    match = _IN.match(what)
    return match if match and plain_name(match["unit"]) != match["unit"].strip() else None


def _whole_service(what: str) -> str | None:
    """The title names the unit outright: "An inspection of Marwick Youth Justice Service"."""
    if division := _NPS.match(what):
        return f"{division['name']} division"
    return what if plain_name(what) != what.strip() else None


def _next_text(front: Sequence[Block], index: int) -> str:
    following = front[index + 1] if index + 1 < len(front) else None
    return following.text if following is not None and len(following.text) < 120 else ""


def cover_lines(front: Sequence[Block]) -> list[str]:
    """The texts of a cover; a name or a date that a line's end cut in two is whole again."""
    lines: list[str] = []
    for block in front:
        before = lines[-1] if lines else ""
        region = "region" not in before and _REST_OF_REGION.match(block.text)
        year = 0 < len(before) < _LONGEST_COVER_LINE and _YEAR_ALONE.match(block.text)
        if (region and SERVICE.search(before)) or year:
            lines[-1] = f"{lines[-1]} {block.text}"
        else:
            lines.append(block.text)
    return lines
