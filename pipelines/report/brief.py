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
from pipelines.records import Polarity
from pipelines.report.brief_places import where_most
from pipelines.report.content import Content, Issue
from pipelines.report.contrast import ISSUE, Contrast, by_chance, stand_out
from pipelines.report.english import counted, day, listing, opening, percent, shorten, span
from pipelines.report.finding import Evidence
from pipelines.report.gather import gather
from pipelines.report.settings import ReportSettings

AREA: Final = Polarity.AREA_FOR_IMPROVEMENT.value
STRENGTH: Final = Polarity.STRENGTH.value
_STANDING_OUT: Final = 4
_ISSUES: Final = 3
_NAMED: Final = 3
_ADVICE: Final = 4
_QUOTED: Final = 330  # characters


@dataclass(frozen=True, slots=True)
class Quoted:
    """An issue in a sentence, with the finding that says it best."""

    name: str
    reach: str
    quote: str
    source: str


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
    places = () if content.rest else where_most(tables, content)
    return Brief(
        title=settings.title or f"{opening(about)}: what inspectors found",
        basis=_basis(content),
        sections=tuple(
            section
            for section in (
                _standing_out(content, places),
                _since(content),
                _advised(content),
            )
            if section[1] or section[2]
        ),
        issues=_quoted(content, AREA, _ISSUES),
        strengths=_quoted(content, STRENGTH, 2),
        uncertain=_uncertain(content),
        written=day(content.written),
    )


def _basis(content: Content) -> str:
    reports = sum(source.status == "read" for source in content.sources)
    when = span([i.published for unit in content.units for i in unit.inspections])
    sides = Counter(finding.polarity for finding in content.evidence)
    said = (
        f"From {counted(reports, 'inspection report')} on {counted(len(content.units), 'unit')}"
        f"{', published ' + when if when else ''}: "
        f"{counted(sides[STRENGTH], 'strength')} and "
        f"{counted(sides[AREA], 'area for improvement', 'areas for improvement')}"
    )
    ratings = Counter(u.inspections[-1].rating for u in content.units if u.inspections[-1].rating)
    worst = [r for r in ("Inadequate", "Requires improvement", "Good", "Outstanding") if ratings[r]]
    if worst and content.rest:
        named = (
            f"rated {worst[0]}"
            if len(content.units) == 1
            else "rated " + listing([f"{r} ({ratings[r]})" for r in worst])
        )
        said += f". At the latest inspection {named}"
    return said + "."


def _standing_out(
    content: Content, places: Sequence[Contrast]
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    contrasts = content.contrasts or tuple(places)
    if not contrasts:
        return ("What stands out", (), ())
    more = stand_out(contrasts, more=True, most=_STANDING_OUT)
    less = stand_out(contrasts, more=False, most=2)
    head = "What stands out against the rest" if content.rest else "Where it is found most"
    if not more and not less:
        most = _most(content)
        return (
            head,
            (
                "Nothing here differs from the rest by more than chance could explain, given how "
                f"few units there are.{' ' + most if most else ''}",
            ),
            (),
        )
    points = [plain(one) for one in (*more, *less)]
    return (head, (by_chance(tuple(contrasts)),), tuple(points))


def plain(one: Contrast) -> str:
    """Say a contrast as one would to a person who has not seen the report."""
    side = "strength" if one.polarity == STRENGTH else "area for improvement"
    where = "elsewhere"
    if one.kind == ISSUE:
        told = f"found in {one.here} of {one.of} units here and in {one.other or 'none'} of the "
        told += f"{one.other_of} {where}"
    else:
        told = (
            f"{percent(one.here / one.of)} of all {one.noun} here concern it, "
            f"{percent(one.other / one.other_of)} {where} ({one.here} of {one.of} against "
            f"{one.other} of {one.other_of})"
        )
    small, large = sorted((abs(one.low), abs(one.high)))
    return (
        f"{opening(one.name)} ({side}): {told}. The true difference could be as small as "
        f"{round(100 * small)} percentage points or as large as {round(100 * large)}."
    )


def _most(content: Content) -> str:
    """Name what most findings are about, where nothing stands out."""
    ranked = sorted(content.themes, key=lambda t: (-t.areas.findings, t.name))[:_NAMED]
    said = [f"{t.name} ({t.areas.findings})" for t in ranked if t.areas.findings]
    return f"Most areas for improvement concern {listing(said)}." if said else ""


def _since(content: Content) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    points = []
    for repeat in content.repeats:
        again = [pair for pair in repeat.repeated if pair.sure]
        perhaps = len(repeat.repeated) - len(again)
        said = f"{repeat.unit}, {repeat.later} after {repeat.earlier}: "
        found = [
            ("still wanting: ", [p.name for p in again[:_NAMED]], len(again)),
            ("improved: ", [p.name for p in repeat.turned[:_NAMED]], len(repeat.turned)),
            ("worse: ", [p.name for p in repeat.worsened[:_NAMED]], len(repeat.worsened)),
            ("new: ", [p.name for p in repeat.new[:_NAMED]], len(repeat.new)),
        ]
        parts = [
            head + "; ".join(names) + (f" and {number - _NAMED} more" if number > _NAMED else "")
            for head, names, number in found
            if names
        ]
        if perhaps:
            parts.append(f"and {counted(perhaps, 'issue')} perhaps still wanting")
        if repeat.across_break:
            parts.append("the two used different frameworks, so what was looked at changed too")
        points.append(said + (". ".join(opening(p) for p in parts) or "no issue in common") + ".")
    if not points:
        return (
            "Since the last inspection",
            ("No unit here was inspected twice in the reports that were read.",),
            (),
        )
    return ("Since the last inspection", (), tuple(points))


def _advised(content: Content) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    if not content.advice:
        return ("What was recommended", (), ())
    themes = Counter(name for item in content.advice for _, name in item.themes)
    common = sorted(themes.items(), key=lambda pair: (-pair[1], pair[0]))[:_NAMED]
    several = [f"{name} ({number})" for name, number in common if number > 1]
    said = f"{counted(len(content.advice), 'recommendation')}"
    said += f", most often on {listing(several)}." if several else "."
    leading = [name for name, _ in common]
    ranked = sorted(
        content.advice,
        key=lambda a: (
            min((leading.index(n) for _, n in a.themes if n in leading), default=_NAMED),
            -max((score for _, score in a.evidence), default=0.0),
            a.unit,
            a.number,
        ),
    )
    chosen, seen = [], set[str]()
    for item in ranked:  # one a unit before any twice
        if item.unit not in seen or len({a.unit for a in content.advice}) <= len(seen):
            chosen.append(item)
            seen.add(item.unit)
    points = [
        f"{a.addressee + ' should ' if a.addressee else ''}{shorten(a.text, 220)} "
        f"({a.unit}, {a.date})"
        for a in chosen[:_ADVICE]
    ]
    return ("What was recommended", (said,), tuple(points))


def _quoted(content: Content, polarity: str, most: int) -> tuple[Quoted, ...]:
    """Choose issues by how clearly they differ, then by sure units and findings."""
    clear = {o.subject: o.beyond_chance for o in content.contrasts if o.kind == ISSUE and o.more}
    chosen = [i for i in content.issues if i.polarity == polarity and i.evidence and not i.new]
    ranked = sorted(
        chosen,
        key=lambda i: (
            -clear.get(i.issue_id, 0.0),
            -i.count.certain,
            -i.count.units_with,
            -i.count.findings,
            i.label,
        ),
    )
    out: list[Quoted] = []
    used: set[str] = set()
    for issue in ranked:
        finding = _best(issue, used)
        if finding is not None and len(out) < most:
            used.add(finding.finding_id)
            out.append(
                Quoted(
                    opening(issue.label),
                    _reach(issue),
                    shorten(finding.text, _QUOTED),
                    finding.cited,
                )
            )
    return tuple(out)


def _best(issue: Issue, used: set[str]) -> Evidence | None:
    """Return the finding that says an issue best and was not quoted: not uncertain, short."""
    free = [f for f in issue.evidence if f.finding_id not in used]
    return min(
        free,
        key=lambda f: (f.review, len(f.text) > _QUOTED, issue.evidence.index(f)),
        default=None,
    )


def _reach(issue: Issue) -> str:
    units = counted(issue.count.units, "unit")
    said = f"{issue.count.units_with} of {units}, {counted(issue.count.findings, 'finding')}"
    return "; ".join(filter(None, (said, issue.count.rests_on)))


def _uncertain(content: Content) -> tuple[str, ...]:
    doubtful = sum(finding.review for finding in content.evidence)
    share = percent(doubtful / len(content.evidence)) if content.evidence else "0%"
    said = [
        "Themes and issues were given by a statistical model, not by a person. "
        f"{doubtful} of {counted(len(content.evidence), 'finding')} ({share}) carry a decision "
        "that a person should look at; a quotation marked “check” is one of them.",
    ]
    if len(content.units) < 10 and content.rest:
        few = "One unit is" if len(content.units) == 1 else f"{len(content.units)} units are"
        said.append(
            f"{few} few: read the ranges, not only the shares. Units are chosen for inspection, "
            "not drawn at random."
        )
    failed = sum(source.status == "failed" for source in content.sources)
    if failed:
        said.append(f"{counted(failed, 'file')} could not be read and may belong here.")
    said.append("The words of the findings are the inspectors’; open the report before acting.")
    return tuple(said)
