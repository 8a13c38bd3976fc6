"""A brief: one or two pages for a person who reads nothing else, about a region, unit or theme.

What stands out is ranked by how clearly it differs from the rest, then by findings; never by the
alphabet, and never for a tie in which everyone has everything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from pipelines.errors import SettingsError
from pipelines.records import SCALE
from pipelines.report.brief.places import where_most
from pipelines.report.brief.quotes import (
    Quoted,
    latest_inspections,
    quote_issues,
    turned_since,
)
from pipelines.report.content import Content
from pipelines.report.contrast import ISSUE, Contrast, by_chance, plain, stand_out
from pipelines.report.counts import Count
from pipelines.report.english import counted, day, listing, opening, percent, shorten, span
from pipelines.report.english import plain as words
from pipelines.report.finding import AREA, STRENGTH
from pipelines.report.gather import gather
from pipelines.report.settings import ReportSettings

_STANDING_OUT: Final = 4
_ISSUES: Final = 3
_NAMED: Final = 3
_ADVICE: Final = 4


@dataclass(frozen=True, slots=True)
class Brief:
    """What a brief says, ready to be printed: sections of a head, paragraphs and points."""

    title: str
    basis: str
    sections: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]
    issues: tuple[Quoted, ...]
    strengths: tuple[Quoted, ...]
    uncertain: tuple[str, ...]
    written: str


def gather_brief(tables: Mapping[str, pd.DataFrame], settings: ReportSettings) -> Brief:
    """Build a brief.

    Args:
        tables: Of the whole run; the rest is what the brief compares with.
        settings: Say what it is about; at least one region, unit, theme, issue or date.

    Raises:
        SettingsError: They say nothing, or name what the run does not have.
    """
    if not settings.partial:
        raise SettingsError("a brief is about something: give --region, --unit, --theme or --issue")
    content = gather(tables, settings)
    about = content.title.partition(": ")[2] or content.title
    chosen = bool(settings.themes or settings.issues)  # findings; else all of some reports
    places = where_most(tables, content) if chosen and not content.rest else ()
    return Brief(
        title=settings.title or f"{opening(words(about))}: what inspectors found",
        basis=_basis(content, chosen=chosen),
        sections=tuple(
            section
            for section in (
                _standing_out(content, places, chosen=chosen),
                _since(content),
                _advised(content, settings.themes, chosen=chosen),
            )
            if section[1] or section[2]
        ),
        issues=quote_issues(content, AREA, _ISSUES),
        strengths=quote_issues(content, STRENGTH, 2),
        uncertain=_uncertain(content, chosen=chosen),
        written=day(content.written),
    )


def _basis(content: Content, *, chosen: bool) -> str:
    reports = sum(source.status == "read" for source in content.sources)
    when = span([i.published for unit in content.units for i in unit.inspections])
    sides = Counter(finding.polarity for finding in content.evidence)
    said = (
        f"From {counted(reports, 'inspection report')} on {counted(len(content.units), 'unit')}"
        f"{', published ' + when if when else ''}: "
        f"{counted(sides[STRENGTH], 'strength')} and "
        f"{counted(sides[AREA], 'area for improvement', 'areas for improvement')}"
    )
    if chosen and not content.rest:
        said += " are about this"
    ratings = Counter(u.inspections[-1].rating for u in content.units if u.inspections[-1].rating)
    worst = [r for r in SCALE if ratings[r]]
    if worst and (content.rest or not chosen):
        if len(content.units) == 1:
            said += f". At its latest inspection the unit was rated {worst[0]}"
        else:
            first, verb = ratings[worst[0]], "was" if ratings[worst[0]] == 1 else "were"
            named = [f"{counted(first, 'unit')} {verb} rated {worst[0]}"]
            named += [f"{ratings[r]} {r}" for r in worst[1:]]
            said += f". At the latest inspections {listing(named)}"
    return said + "."


def _standing_out(
    content: Content, places: Sequence[Contrast], *, chosen: bool
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    contrasts = content.contrasts or tuple(places)
    if not contrasts and not content.rest and not chosen:
        none = "No other report was read on units of the same kind: nothing is compared."
        return ("What stands out", (f"{none} {_most(content, chosen=chosen)}".strip(),), ())
    if not contrasts:
        return ("What stands out", (), ())
    sure = {issue.issue_id for issue in content.issues if issue.count.certain}
    latest = latest_inspections(content)
    sure &= {name for f in content.evidence if f.document_id in latest for name in f.issues}
    kept = tuple(o for o in contrasts if o.kind != ISSUE or not o.here or o.subject in sure)
    more = stand_out(kept, more=True, most=_STANDING_OUT)
    less = stand_out(kept, more=False, most=2)
    head = "What stands out against the rest" if content.rest else "Where it is found most"
    if not more and not less:
        few = "With so few units it cannot be said that"
        if content.rest:
            said = f"{few} anything differs from the rest. {_most(content, chosen=False)}"
        else:
            apart = "it is more common in one place than another."
            said = f"{_most(content, chosen=True)} {few} {apart}"
        return (head, (said.strip(),), ())
    caution = (
        f"{by_chance(tuple(contrasts))} Take these as pointers for where to "
        "look; with so few units the gaps are wide ranges."
    )
    return (
        head,
        (caution,),
        tuple(plain(o, turned_since(content, o.subject)) for o in (*more, *less)),
    )


def _most(content: Content, *, chosen: bool) -> str:
    """Name what most findings are about, or how widely it is found, where nothing stands out."""
    if chosen:
        return " ".join(
            f"It is an area for improvement in {_widely(t.areas)} and a strength in "
            f"{_widely(t.strengths)}."
            for t in content.themes[:1]
        )
    ranked = sorted(content.themes, key=lambda t: (-t.areas.findings, t.name))[:_NAMED]
    said = [f"{t.name} ({t.areas.findings})" for t in ranked if t.areas.findings]
    return f"Most areas for improvement concern {listing(said)}." if said else ""


def _widely(side: Count) -> str:
    return f"{side.said} units" if side.units_with or not side.units else "none"


def _since(content: Content) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    points = []
    for repeat in content.repeats:
        again = [pair for pair in repeat.repeated if pair.sure]
        perhaps = len(repeat.repeated) - len(again)
        said = f"{repeat.unit}, {repeat.later} after {repeat.earlier}: "
        found = [
            ("still a problem", again),
            ("was a problem, now a strength", repeat.turned),
            ("was a strength, now a problem", repeat.worsened),
            ("a new problem" if len(repeat.new) == 1 else "new problems", repeat.new),
        ]
        parts = [
            f"{head}: {'; '.join(pair.name for pair in pairs[:_NAMED])}"
            + (f" and {len(pairs) - _NAMED} more" if len(pairs) > _NAMED else "")
            for head, pairs in found
            if pairs
        ]
        if perhaps:
            more = "more " if again else "issue " if perhaps == 1 else "issues "
            parts.append(f"{perhaps} {more}may still be there, but that is not certain")
        if repeat.across_break:
            parts.append(
                "the two followed different frameworks, so what inspectors looked at changed too"
            )
        points.append(said + (". ".join(opening(p) for p in parts) or "no issue in common") + ".")
    if not points:
        return (
            "Since the last inspection",
            ("No unit here was inspected twice in the reports that were read.",),
            (),
        )
    return ("Since the last inspection", (), tuple(points))


def _advised(
    content: Content, themes: Sequence[str], *, chosen: bool
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    latest = latest_inspections(content)
    advice = [item for item in content.advice if item.document_id in latest]
    # Of those that findings on a theme are behind, some are about another: a last resort.
    advice = [a for a in advice if any(slug in themes for slug, _ in a.themes)] or advice
    if not advice:
        return ("What was recommended", (), ())
    named = Counter(name for item in advice for _, name in item.themes)
    common = sorted(named.items(), key=lambda pair: (-pair[1], pair[0]))[:_NAMED]
    several = [f"{name} ({number})" for name, number in common if number > 1]
    said = f"{counted(len(advice), 'recommendation')} {'was' if len(advice) == 1 else 'were'} made "
    said += "about this " if chosen else ""
    said += "at the latest inspections"
    said += f", most often on {listing(several)}" if several and not chosen else ""
    leading = [name for name, _ in common]
    ranked = sorted(
        advice,
        key=lambda a: (
            min((leading.index(n) for _, n in a.themes if n in leading), default=_NAMED),
            -max((score for _, score in a.evidence), default=0.0),
            a.unit,
            a.number,
        ),
    )
    words = {item.text.casefold(): item for item in reversed(ranked)}  # the first of the same
    several_of, turns = Counter[str](), []
    for item in ranked:
        if words[item.text.casefold()] is item:
            turns.append((several_of[item.unit], item))
            several_of[item.unit] += 1
    picked = [item for _, item in sorted(turns, key=lambda turn: turn[0])]  # a unit's first ones
    points = [
        f"{a.addressee + ' should ' if a.addressee else ''}{shorten(a.text, 220)} "
        f"({a.unit}, {a.date})"
        for a in picked[:_ADVICE]
    ]
    given = f"; {len(points)} of them {'is' if len(points) == 1 else 'are'} given above."
    said += given if len(advice) > len(points) else "."
    return ("What was recommended", (said,), tuple(points))


def _uncertain(content: Content, *, chosen: bool) -> tuple[str, ...]:
    doubtful = sum(finding.review for finding in content.evidence)
    share = percent(doubtful / len(content.evidence)) if content.evidence else "0%"
    said = [
        "A computer model, not a person, decided which theme and issue each finding is about. "
        f"It was not sure about {doubtful} of {counted(len(content.evidence), 'finding')} "
        f"({share}); where one of these is quoted here, it is marked “check”: have someone read "
        "it before you rely on it.",
    ]
    if len(content.units) < 10 and (content.rest or not chosen):
        one = "This is one unit: what was found in it says nothing of others."
        few = (
            f"{len(content.units)} units are few: trust the ranges more than the counts. Units are "
            "chosen for inspection, not picked at random."
        )
        said.append(one if len(content.units) == 1 else few)
    failed = sum(source.status == "failed" for source in content.sources)
    if failed:
        said.append(f"{counted(failed, 'file')} could not be read and may belong here.")
    unsure = sum(not issue.count.certain for issue in content.issues)
    if unsure:
        said.append(
            f"A further {counted(unsure, 'issue')} {'rests' if unsure == 1 else 'rest'} only on "
            "findings that the model was not sure about. Nothing is said of "
            f"{'it' if unsure == 1 else 'them'} here; the theme report lists "
            f"{'it' if unsure == 1 else 'them'}."
        )
    said.append("The words of the findings are the inspectors’; open the report before acting.")
    return tuple(said)
