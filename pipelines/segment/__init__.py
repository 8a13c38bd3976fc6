"""Segment a document: its facts, ratings, recommendations, key questions, findings, leftovers.

Blocks are walked once (`outline`), and once before to find the score where only that says which
framework a report follows; each module then reads its own part off the walk.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from pipelines.errors import UnreadableDocument, check_kind
from pipelines.frameworks import Framework, Registry, load_registry
from pipelines.naming import slug
from pipelines.places import load_places
from pipelines.records import DRAFT, SOURCES_HASH, Document, Facts, Finding, Segmentation
from pipelines.segment.entry import Entry
from pipelines.segment.facts import find_cases, find_fieldwork, find_published, is_draft
from pipelines.segment.findings import build_findings, place_blocks
from pipelines.segment.gaps import find_gaps
from pipelines.segment.headings import Landmark, LandmarkKind, find_landmarks
from pipelines.segment.identity import Identity, find_identity
from pipelines.segment.listnames import list_named
from pipelines.segment.outline import walk_report
from pipelines.segment.overall import find_overall, find_score
from pipelines.segment.questions import find_key_questions
from pipelines.segment.ratings import Ratings
from pipelines.segment.recommendations import find_recommendations
from pipelines.segment.several import other_reports
from pipelines.segment.standards import Resolver, choose_framework, printed_prefix
from pipelines.segment.tables import open_tables
from pipelines.segment.titles import name_framework
from pipelines.welsh import is_welsh, welsh_run

__all__ = ["segment_document", "slug"]

_OURS: Final = re.compile(rf"{SOURCES_HASH}\W+[0-9a-f]{{64}}\b")


def segment_document(document: Document, *, registry: Registry | None = None) -> Segmentation:
    """Find in a document what an inspection report says.

    Args:
        document: As `read_document` returns it.
        registry: Wordings and frameworks; the shipped one where none is given.

    Raises:
        UnreadableDocument: It has neither the title of an inspection report nor any finding.
        SettingsError: It is no document.
    """
    check_kind("document", document, Document, "a document, as read_document returns it")
    registry = registry or load_registry()
    _check_ours(document)
    given = document = _in_english(document, registry)
    named = name_framework(document, registry)
    framework = named.framework if named else None
    registry = registry.under(framework)
    document, landmarks = find_landmarks(open_tables(given, registry), registry)
    identity = find_identity(document, landmarks, load_places(), registry, named)
    published = find_published(document, landmarks)
    if framework is None:
        framework = _framework(document, landmarks, registry, identity, published)
        if framework is not None and framework.has_own_words:
            registry = registry.under(framework)
            document, landmarks = find_landmarks(open_tables(given, registry), registry)
    resolver = Resolver(framework, registry, printed_prefix(landmarks, framework))
    entries = walk_report(document, landmarks, registry, resolver)
    findings, leftovers = build_findings(place_blocks(entries), document)
    _check_language(document, findings)
    if not findings and identity.title is None:
        raise UnreadableDocument(
            "no inspection report: it has no such title and no list of strengths or areas for "
            "improvement",
            remedy="give the report itself, not a summary, press release or data annexe",
        )
    ratings = Ratings(entries, resolver)
    standards = ratings.table()
    overall = find_overall(entries, registry, standards=[s.standard for s in standards])
    recommendations, numbering = find_recommendations(entries, unit=identity.unit)
    facts = Facts(
        title=identity.title,
        unit=identity.unit,
        unit_type=_unit_type(identity, framework),
        region=identity.region,
        published=published,
        fieldwork=find_fieldwork(document),
        framework=framework.slug if framework else None,
        overall_rating=overall.rating,
        overall_rating_source=overall.source,
        score=overall.score,
        score_max=overall.score_max,
        cases_inspected=find_cases(document),
    )
    own_id = document_id(facts, document.path)
    return Segmentation(
        document_id=own_id,
        facts=facts,
        findings=tuple(_placed(f, facts, own_id) for f in findings),
        ratings=standards,
        key_questions=find_key_questions(entries, registry),
        recommendations=tuple(
            replace(r, document_id=own_id, recommendation_id=f"{own_id}/r{r.number}")
            for r in recommendations
        ),
        leftovers=leftovers,
        warnings=(
            *document.warnings,
            *((DRAFT,) if is_draft(document) else ()),
            *overall.warnings,
            *ratings.disagreements(),
            *numbering,
            *_doubts(facts, findings, resolver),
            *other_reports(document, findings, identity.unit, registry),
            *_lists_twice(entries),
            *find_gaps(entries, findings, leftovers, standards),
        ),
    )


def _check_ours(document: Document) -> None:
    """Refuse a theme report of ours that lies among the sources: its evidence counts already."""
    if any(_OURS.search(block.text) for block in document.blocks):
        raise UnreadableDocument(
            "a theme report made from inspection reports, not one of them",
            remedy="keep it in a folder that is not read",
        )


def _in_english(document: Document, registry: Registry) -> Document:
    """Leave out the Welsh half of a document in which lists of findings stand in English, too.

    Not where the languages take turns: an English list within the run would be lost.
    """
    run = welsh_run([block.text for block in document.blocks])
    lists = [n for n, block in enumerate(document.blocks) if list_named(block.text, registry)]
    if not run or not lists or any(n in run for n in lists):
        return document
    rest = document.blocks[: run.start] + document.blocks[run.stop :]
    said = f"{len(run)} of {len(document.blocks)} headings, paragraphs and items are in Welsh"
    told = f"{said}: not read, as the English edition stands beside them"
    return replace(document, blocks=rest, warnings=(*document.warnings, told))


def _check_language(document: Document, findings: tuple[Finding, ...]) -> None:
    texts = [finding.text for finding in findings] or [block.text for block in document.blocks]
    if is_welsh(texts):
        raise UnreadableDocument(
            "the report is in Welsh, and only English is read",
            remedy="give the English edition, which is published beside it",
        )


def document_id(facts: Facts, path: str) -> str:
    """Name a document by its unit and month; by its file where they are unknown."""
    if facts.unit and facts.published and len(facts.published) == len("2023-06"):
        return f"{slug(facts.unit)}-{facts.published}"
    return Path(path).stem or "document"


def _framework(
    document: Document,
    landmarks: list[Landmark | None],
    registry: Registry,
    identity: Identity,
    published: str | None,
) -> Framework | None:
    # The score helps to choose the framework, which the outline needs: a walk without one finds it.
    first = walk_report(document, landmarks, registry, Resolver(None, registry))
    score = find_score(first, registry)
    return choose_framework(
        landmarks,
        registry,
        unit_type=identity.unit_type,
        published=published,
        score_max=score[1] if score else None,
    )


def _unit_type(identity: Identity, framework: Framework | None) -> str:
    if identity.unit_type == "unknown" and framework is not None:
        return framework.unit_type
    return identity.unit_type


def _placed(finding: Finding, facts: Facts, document_id: str) -> Finding:
    return replace(
        finding,
        document_id=document_id,
        finding_id=f"{document_id}/{finding.ordinal:03d}",
        unit=facts.unit,
        region=facts.region,
        published=facts.published,
    )


def _doubts(facts: Facts, findings: tuple[Finding, ...], resolver: Resolver) -> list[str]:
    """Sentences on what a reader of the tables should know."""
    doubts = []
    if resolver.inferred:
        doubts.append(
            "standards are printed without numbers: theirs are the registry's, unconfirmed"
        )
    if facts.framework is None:
        doubts.append(
            "no framework of the registry fits: findings stand under the headings printed"
        )
    if facts.unit is None:
        doubts.append("the unit is not named where it was looked for")
    if facts.published is None:
        doubts.append("no date of publication was found")
    if not findings:
        doubts.append("no list of strengths or areas for improvement was found")
    return doubts


def _lists_twice(entries: Sequence[Entry]) -> list[str]:
    """Name the places with two lists of one polarity: a heading between them may be missing."""
    lists = Counter(
        (entry.place, entry.landmark.title.rstrip(" :"))
        for entry in entries
        if entry.landmark is not None and entry.landmark.kind is LandmarkKind.POLARITY
    )
    return [
        f"{place.code or ''} {place.subsection or place.standard or 'the report'} has {count} "
        f"lists of {title.lower()}: a heading may be missing between them".strip()
        for (place, title), count in lists.items()
        if count > 1
    ]
