"""Which unit a report is about: its name, its kind, its region."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipelines.frameworks import Registry
from pipelines.places import Places, plain_name
from pipelines.records import Block, BlockKind, Document
from pipelines.segment.headings import Landmark, LandmarkKind
from pipelines.segment.titles import FRONT, SERVICE, Named, cover_lines, find_title
from pipelines.welsh import english_name

_BEHIND_UNIT: Final = re.compile(  # a date, the inspectorate, its site, on the title's line
    r"(?:,?\s+by\s+HM Inspectorate\b|(?<=\bPDU)\s+The Probation Service\b"
    r"|(?<=\bPDU)(?:\s*[,:|–—]|\s-)\s|\s[|–—-]\s(?:HM Inspectorate|GOV\.UK)\b"
    r"|,\s+(?=[A-Z][a-z]+ 20\d\d$)).*$"
)
_NAME: Final = (  # words with small letters; "HMPPS", "PDU" and "Our" are none of a region's name
    r"(?!(?:The|Our|This|That|These|Each|Every|All|Both|Other|Probation|Regional)\b)"
    r"[A-Z][a-z’'-][\w’'-]*(?:,? (?:and |of |the |upon )*[A-Z][a-z’'-][\w’'-]*){0,5}"
)
_LONGEST_NAME: Final = 60  # characters, of a region
_IN_REGION: Final = re.compile(rf"\bin (?:the )?(?P<region>{_NAME}) region\b")
_ADDRESSED: Final = re.compile(rf"(?:^|\b[Tt]he )(?P<region>{_NAME}) (?:region(?:al)?|division)\b")
_YOUTH: Final = re.compile(
    r"\byouth\b|\bchildren and victims\b|\bYOT\b|\bYJS\b|\bYOS\b", re.IGNORECASE
)
_PDU: Final = re.compile(r"\bPDUs?\b|\bprobation delivery unit", re.IGNORECASE)
_REGION: Final = re.compile(r"\bregion(?:al)?\b|\bdivision\b", re.IGNORECASE)
_NATIONAL: Final = re.compile(r"\bnational(?:ly)?\b(?! probation service)", re.IGNORECASE)
_OF_PROBATION: Final = frozenset({"pdu", "region", "national"})  # told apart by a title's words


@dataclass(frozen=True, slots=True)
class Identity:
    """Which unit a report is about."""

    title: str | None = None
    unit: str | None = None
    unit_type: str = "unknown"
    region: str | None = None


def find_identity(
    document: Document,
    landmarks: Sequence[Landmark | None],
    places: Places,
    registry: Registry,
    named: Named | None = None,
) -> Identity:
    """Find title, unit, its type and its region.

    Args:
        document: The report.
        landmarks: What its blocks are.
        places: Regions and units known.
        registry: Knows the kinds of units.
        named: The framework that the title names, and what its form of title says.
    """
    front = document.blocks[:FRONT]
    title, unit = (named.title, named.unit) if named and named.unit else find_title(document, front)
    unit = _BEHIND_UNIT.sub("", unit) if unit else _unit_elsewhere(document, landmarks)
    unit = english_name(unit) if unit else None
    plain = plain_name(unit, registry.unit_kinds) if unit else None
    cover, known = _region_on_cover(front), places.region_of(plain) if plain else None
    said = _region_in_text(document, landmarks, places)
    if (
        named is not None
        and named.unit
        and (kind := named.framework.unit_type) not in _OF_PROBATION
    ):
        # One name may be that of a unit of another kind, which lies in another region.
        listed = places.find(plain) if plain else None
        known = listed.region if listed is not None and listed.kind == kind else None
        return Identity(title, plain, kind, cover or known or said)
    region = cover or known or said or _region_alone(front, places)
    unit_type = _unit_type(title or "", unit or "", region, places)
    if unit_type == "national":
        return Identity(title, "National", unit_type, None)
    if unit_type == "region":
        return Identity(title, plain, unit_type, plain)
    return Identity(title, plain, unit_type, region)


def _unit_elsewhere(document: Document, landmarks: Sequence[Landmark | None]) -> str | None:
    """The unit as recommendations, ratings page or background name it."""
    for landmark in landmarks:
        if landmark and landmark.kind is LandmarkKind.ADDRESSEE and _PDU.search(landmark.title):
            return re.sub(r"^the\s+", "", landmark.title, flags=re.IGNORECASE)
    for block in document.blocks:
        if len(block.text) < 80 and _PDU.search(block.text) and block.kind is BlockKind.HEADING:
            name = plain_name(block.text)
            if name and name[:1].isupper() and not _PDU.search(name):
                return block.text
    return None


def _region_on_cover(front: Sequence[Block]) -> str | None:
    for text in cover_lines(front):
        if match := SERVICE.search(text):
            return plain_name(match["region"])
    return None


def _region_alone(front: Sequence[Block], places: Places) -> str | None:
    """The region that a line of the cover is the name of, and no more."""
    for text in cover_lines(front):
        known = places.find(text) if len(text) <= _LONGEST_NAME else None
        if known is not None and known.kind == "region":
            return known.name
    return None


def _region_in_text(
    document: Document, landmarks: Sequence[Landmark | None], places: Places
) -> str | None:
    """The region that is addressed, else the first that is spoken of: known, or a plain name."""
    for landmark in landmarks:
        if landmark and landmark.kind is LandmarkKind.ADDRESSEE and _REGION.search(landmark.title):
            name = plain_name(landmark.title)
            if (known := places.find(name)) is not None and known.kind == "region":
                return name
            if match := _ADDRESSED.search(landmark.title):
                return plain_name(match["region"])
    for block in document.blocks:
        if match := _IN_REGION.search(block.text):
            return plain_name(match["region"])
    return None


def _unit_type(title: str, unit: str, region: str | None, places: Places) -> str:
    if _YOUTH.search(title) or _YOUTH.search(unit):
        return "youth"
    if _PDU.search(unit) or _PDU.search(title):
        return "pdu"
    known = places.find(unit) if unit else None
    if _REGION.search(unit) or (known is not None and known.kind == "region"):
        return "region"
    if _NATIONAL.search(title) and known is None:
        return "national"
    if known is not None:
        return known.kind
    return "pdu" if region and unit and "probation" in title.lower() else "unknown"
