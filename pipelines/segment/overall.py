"""Score and overall rating: as printed, else from the foreword, else from the score."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipelines.frameworks import Registry, rating_of_score
from pipelines.records import BlockKind, Rating
from pipelines.segment.entry import Entry
from pipelines.segment.headings import LandmarkKind, read_rating, split_rating

_SCORE: Final = re.compile(
    r"\b(?:scor(?:e|ed|ing)|points|overall rating)\b[^\d.]{0,40}?(\d{1,2})\s*(?:/|(?:out )?of)\s*"
    r"(?:a (?:possible|maximum)(?: of)?\s*)?(\d{1,2})\b(?!\s+(?:\w+\s+)?(?:cases|people|staff))",
    re.IGNORECASE,
)
_BARE_SCORE: Final = re.compile(r"^(\d{1,2})\s*/\s*(\d{1,2})$")
# What follows may be glued to it, where a PDF has a large gap for a space.
_OVERALL: Final = re.compile(
    r"^(?:the )?overall(?: rating| judge?ment)?(?=[\s:–—-]|(?-i:[A-Z])|$)[\s:–—-]*(?:is\s+)?",
    re.IGNORECASE,
)
_ASIDE: Final = re.compile(r"\s*\([^()]*\)$")
_RATED: Final = re.compile(
    r"[‘'“\"]?\b(inadequate|requires improvement|requiring improvement|good|outstanding)\b[’'”\"]?",
    re.IGNORECASE,
)
_SAYS_RATED: Final = re.compile(
    r"\b(?:rat(?:ed|ing|e)|judged|judge?ment|assessed)\b", re.IGNORECASE
)
_EARLIER: Final = re.compile(
    r"\b(?:previous(?:ly)?|last inspect\w+|former(?:ly)?|other pdus|in 20\d\d|neighbouring"
    r"|up from|down from)\b",
    re.IGNORECASE,
)
_WHOLE: Final = re.compile(r"\boverall\b", re.IGNORECASE)
_UNIT: Final = re.compile(
    r"\b(?:PDU|delivery unit|region|service|this inspection)\b", re.IGNORECASE
)
_CLAUSE: Final = re.compile(
    r";|\b(?:but|while|whilst|whereas|although|though)\b|(?=\b(?:up|down) from\b)", re.IGNORECASE
)
_SENTENCE: Final = re.compile(r"(?<=[.!?])[’'”\"]?\s+(?=[A-Z‘“])")
_RATING_OF_ALL: Final = re.compile(
    r"^(?:(?=rating\b)|(?=[^:]*\boverall$))(.+?)(?:\s+overall)?$", re.IGNORECASE
)
_SMALLEST_MAXIMUM: Final = 6


@dataclass(frozen=True, slots=True)
class Overall:
    """Overall rating, where it was found, and the score."""

    rating: Rating | None = None
    source: str | None = None
    score: int | None = None
    score_max: int | None = None
    warnings: tuple[str, ...] = ()


def find_score(entries: Sequence[Entry], registry: Registry) -> tuple[int, int] | None:
    """Return points and maximum: "Score 7/24", never a date or "51 out of 223"."""
    maxima = {m for f in registry.frameworks for m in f.maxima}
    for entry in entries:
        if entry.run or entry.block.kind in {BlockKind.FOOTNOTE, BlockKind.CONTENTS}:
            continue
        texts = [" ".join(row) for row in entry.block.rows] or [entry.block.text]
        for text in texts:
            match = _SCORE.search(text)
            if match is None and entry.section == "ratings":
                match = _BARE_SCORE.match(text.strip(" *:"))
            if match and (found := _valid(int(match[1]), int(match[2]), maxima)):
                return found
    return None


def find_overall(
    entries: Sequence[Entry], registry: Registry, *, standards: Sequence[str]
) -> Overall:
    """Find the overall rating and the score, and say where the rating comes from.

    Args:
        entries: The outline of the report.
        registry: Knows which maxima there are.
        standards: Titles of the report's standards: a sentence about one is not about the whole.
    """
    score = find_score(entries, registry)
    points, maximum = score if score else (None, None)
    by_score = rating_of_score(*score) if score else None
    warnings: list[str] = []
    printed = _printed(entries)
    told = _told(entries, standards)
    rating, source = (printed, "printed") if printed else (told, "foreword" if told else None)
    if rating is None and by_score is not None:
        rating, source = by_score, "score"
    if source in {"foreword", "score"}:
        place = "the foreword" if source == "foreword" else f"the score {points}/{maximum}"
        warnings.append(f"no overall rating is printed on a ratings page: taken from {place}")
    if rating and by_score and rating is not by_score:
        warnings.append(
            f"overall rating {rating.value} does not follow from the score {points}/{maximum} "
            f"({by_score.value}): possible discretion of the inspectorate, kept as found"
        )
    if printed and told and printed is not told:
        warnings.append(
            f"the ratings page says {printed.value}, the foreword {told.value}; the page is used"
        )
    return Overall(rating, source, points, maximum, tuple(warnings))


def _valid(points: int, maximum: int, maxima: set[int]) -> tuple[int, int] | None:
    fits = maximum in maxima or (maximum % 3 == 0 and maximum >= _SMALLEST_MAXIMUM)
    return (points, maximum) if fits and points <= maximum else None


def _printed(entries: Sequence[Entry]) -> Rating | None:
    """The rating beside or right below the words "Overall rating"."""
    for index, entry in enumerate(entries):
        block = entry.block
        if entry.run or block.kind in {BlockKind.CONTENTS, BlockKind.FOOTNOTE}:
            continue
        for row in block.rows:
            cells = [c for c in row if c.strip()]
            if (
                cells
                and _OVERALL.match(cells[0])
                and (rating := read_rating(_behind(" ".join(cells))))
            ):
                return rating
        if block.rows or len(block.text) > 80 or not _OVERALL.match(block.text):
            continue
        if rating := read_rating(_behind(block.text)) or split_rating(block.text)[1]:
            return rating
        if not _behind(block.text) and (rating := _below(entries, index)):
            return rating
    return _unnamed(entries)


def _unnamed(entries: Sequence[Entry]) -> Rating | None:
    """A rating on the ratings page before any standard: "Good overall", "Rating: Good"."""
    for entry in entries:
        if entry.section != "ratings" or entry.block.rows:
            continue
        if entry.landmark is not None and entry.landmark.kind is LandmarkKind.STANDARD:
            return None
        match = _RATING_OF_ALL.match(entry.block.text)
        if match and (rating := read_rating(match[1])):
            return rating
    return None


def _below(entries: Sequence[Entry], index: int) -> Rating | None:
    for entry in entries[index + 1 : index + 3]:
        if entry.landmark is not None and entry.landmark.kind is LandmarkKind.RATING:
            return entry.landmark.rating
        if entry.landmark is not None and entry.landmark.kind is not LandmarkKind.HEADING:
            return None
    return None


def _behind(text: str) -> str:
    return _ASIDE.sub("", _OVERALL.sub("", text).strip())


def _told(entries: Sequence[Entry], standards: Sequence[str]) -> Rating | None:
    """The rating that the foreword gives the whole service, in one of many wordings."""
    best: dict[Rating, int] = {}
    names = [re.compile(rf"\b{re.escape(s)}\b", re.IGNORECASE) for s in standards]
    for entry in entries:
        if entry.section != "foreword" or entry.run or entry.landmark is not None:
            continue
        for sentence in _SENTENCE.split(entry.block.text):
            found = list(_RATED.finditer(sentence))
            for index, match in enumerate(found):
                clause = sentence if len(found) == 1 else _clause(sentence, found, index)
                points = _weigh(sentence, clause, match, names)
                rating = read_rating(match[1].replace("requiring", "requires"))
                if points > 0 and rating is not None:
                    best[rating] = max(best.get(rating, 0), points)
    if not best:
        return None
    top = max(best.values())
    told = [rating for rating, points in best.items() if points == top]
    return told[0] if len(told) == 1 else None


def _clause(sentence: str, found: Sequence[re.Match[str]], index: int) -> str:
    """The part of a sentence that speaks of one of its several ratings."""
    match = found[index]
    start = found[index - 1].end() if index else 0
    end = found[index + 1].start() if index + 1 < len(found) else len(sentence)
    for cut in _CLAUSE.finditer(sentence, start, end):
        if cut.end() <= match.start():
            start = cut.end()
        elif cut.start() >= match.end():
            end = cut.start()
            break
    behind = sentence[match.end() : end].partition(",")[0]
    return sentence[start : match.end()] + behind


def _weigh(
    sentence: str, clause: str, match: re.Match[str], names: Sequence[re.Pattern[str]]
) -> int:
    """Points that the clause speaks of the overall rating of the service inspected."""
    quoted = match[0][0] in "‘'“\"" or match[0][-1] in "’'”\""
    if not _SAYS_RATED.search(sentence) or not (quoted or match[1][0].isupper()):
        return 0
    whole, unit = bool(_WHOLE.search(clause)), bool(_UNIT.search(clause))
    points = 1 + 3 * whole + unit + quoted
    if _EARLIER.search(clause):
        points -= 4
    # A sentence that lists standards continues with them: "leadership was ‘Good’ and staff ‘Good’".
    at = clause.find(match[0])
    listing = clause != sentence and not whole and not unit
    near = sentence if listing else clause[max(0, at - 70) : at + len(match[0]) + 30]
    return points - 2 * any(name.search(near) for name in names)
