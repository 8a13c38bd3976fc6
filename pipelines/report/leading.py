"""The sentence of the summary on the themes found in most units."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.aggregate import phrase
from pipelines.intervals import wilson
from pipelines.report.content import ThemeSection
from pipelines.report.counts import Count
from pipelines.report.english import counted, interval
from pipelines.report.finding import AREA
from pipelines.report.sentence import Part, Query, Sentence

NAMED = 3
"""How many a sentence names of what leads."""

_KINDS = {True: ("area for improvement", "areas for improvement"), False: ("strength", "strengths")}
_Ranked = Sequence[tuple[ThemeSection, Count]]


def leading(themes: Sequence[ThemeSection], polarity: str) -> Sentence:
    """Say which themes lead one side, by the units that are sure; nothing where none is sure.

    What is level leads nothing, and is said together. Of one unit the findings are what counts.
    Where the chart, which counts the others too, has another order, the sentence says so.
    """
    sides = [(theme, theme.areas if polarity == AREA else theme.strengths) for theme in themes]
    ordered = sorted(
        ((theme, side) for theme, side in sides if side.certain),
        key=lambda one: (-one[1].certain, -one[1].findings, one[0].name),
    )
    if not ordered:
        return ()
    first = ordered[0][1]
    level = [one for one in ordered if one[1].certain == first.certain]
    if first.units == 1:
        return _frequent(ordered, polarity)
    if len(level) > 1:
        return _level(level, ordered, polarity)
    return _first(ordered, polarity, " by sure findings" if _otherwise(sides, ordered) else "")


def _otherwise(sides: _Ranked, ordered: _Ranked) -> bool:
    """Tell whether a theme that is not named is in more units than one that is."""
    named = [theme.slug for theme, _ in ordered[:NAMED]]
    fewest = min(side.units_with for _, side in ordered[:NAMED])
    return any(side.units_with > fewest for theme, side in sides if theme.slug not in named)


def _first(ordered: _Ranked, polarity: str, by: str) -> Sentence:
    theme, side = ordered[0]
    what, _ = _KINDS[polarity == AREA]
    said = phrase(side.certain, side.units)
    parts = [
        Part(f"The most widespread {what}{by} is "),
        Part(theme.name, f"#{theme.anchor}"),
        Part(f", found in {said.removesuffix(')')}"),
        Part(f"{'; ' if said.endswith(')') else ' ('}{_reach(side)}), in "),
        Part(counted(side.findings, "finding"), Query(theme=theme.slug, polarity=polarity).address),
    ]
    for place, (theme, side) in enumerate(ordered[1:NAMED]):
        parts += [
            Part(" and " if place else "; next "),
            Part(theme.name, f"#{theme.anchor}"),
            Part(" ("),
            Part(side.said, Query(theme=theme.slug, polarity=polarity).address),
            Part(f", {side.rests_on})" if side.rests_on else ")"),
        ]
    return (*parts, Part("."))


def _reach(side: Count) -> str:
    """Say the interval of the sure units, and how many there are with those that are not sure."""
    reach = f"95% interval {interval(*wilson(side.certain, side.units))}"
    if side.units_with == side.certain:
        return reach
    return f"{reach}; {side.units_with} with those that are less sure"


def _level(level: _Ranked, every: _Ranked, polarity: str) -> Sentence:
    """Name themes found in equally many units together: none of them leads `every` other."""
    side = level[0][1]
    _, what = _KINDS[polarity == AREA]
    reach = interval(*wilson(side.certain, side.units))
    doubted = any(side.rests_on for _, side in every)
    by = " by sure findings" if doubted else ""  # the chart counts the others too
    parts = [
        Part(f"The most widespread {what} are {len(level)} themes, each found in "),
        Part(f"{phrase(side.certain, side.units)}{by}"),
        Part(f" (95% interval {reach} for each): "),
        *_named(level[:NAMED], len(level), polarity),
    ]
    if len(level) > NAMED:
        parts += [Part(" and "), Part(f"{len(level) - NAMED} more", "#recurrence")]
    return (*parts, Part("."))


def _frequent(ordered: _Ranked, polarity: str) -> Sentence:
    """Name the themes of most findings: in one unit none is more widespread than another."""
    beyond = ordered[NAMED][1].findings if len(ordered) > NAMED else 0
    named = [one for one in ordered[:NAMED] if one[1].findings > beyond]
    if not named:
        return ()
    _, what = _KINDS[polarity == AREA]
    return (Part(f"The {what} are most often on "), *_named(named, len(named), polarity), Part("."))


def _named(shown: _Ranked, number: int, polarity: str) -> list[Part]:
    """Name themes with their findings, the first of so many."""
    parts = []
    for place, (theme, side) in enumerate(shown):
        parts += [
            Part((" and " if place == number - 1 else ", ") if place else ""),
            Part(theme.name, f"#{theme.anchor}"),
            Part(" ("),
            Part(
                counted(side.findings, "finding"),
                Query(theme=theme.slug, polarity=polarity).address,
            ),
            Part(")"),
        ]
    return parts
