"""The summary: what a reader in a hurry must know, in sentences whose numbers can be followed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipelines.frameworks import load_registry
from pipelines.records import SCALE
from pipelines.report.content import Advice, Content, Issue, Source, UnitSection
from pipelines.report.contrast import Contrast, stand_out
from pipelines.report.english import counted, listing, span
from pipelines.report.finding import AREA, STRENGTH
from pipelines.report.leading import NAMED, leading
from pipelines.report.repeats import Pair, Repeat
from pipelines.report.sentence import Part, Query, Sentence

_NATIONAL = "national"  # of all regions, so of none


def summarise(content: Content, about: Sequence[str] = ()) -> tuple[Sentence, ...]:
    """Write the summary; a sentence whose table is empty is left out or says that it is.

    Args:
        content: All else that the report says.
        about: Names of the themes and issues that its findings were chosen by, if they were.
    """
    sentences = [
        _read(content.sources, content.units, about),
        _kinds(content.units),
        _balance(content, about),
        _issues(content.issues, AREA, content.rest),
        _issues(content.issues, STRENGTH, content.rest),
        _repeats(content.repeats),
        leading(content.themes, AREA),
        leading(content.themes, STRENGTH),
        _ratings(content.units),
        _advice(content.advice, about),
        _stands_out(content.rest, content.contrasts),
    ]
    return tuple(sentence for sentence in sentences if sentence)


def _read(
    sources: Sequence[Source], units: Sequence[UnitSection], about: Sequence[str]
) -> Sentence:
    read = sum(source.status == "read" for source in sources)
    failed = sum(source.status == "failed" for source in sources)
    bare = sum(source.status == "read" and not source.findings for source in sources)
    twice = sum(source.status == "duplicate" for source in sources)
    regions = {i.region for unit in units for i in unit.inspections} - {""}
    nowhere = sum(not any(i.region for i in u.inspections) for u in units if u.kind != _NATIONAL)
    where = f" on {counted(len(units), 'unit')}" if units else ""
    where += f" in {counted(len(regions), 'region')}" if regions else ""
    if regions and nowhere:
        where += f" ({nowhere} of no known region)"
    when = span([each.published for unit in units for each in unit.inspections])
    parts = [
        Part(counted(read, "report"), "#read"),
        Part(f"{where}{', published ' + when + ',' if when else ''} "),
        Part("was read" if read == 1 else "were read"),
    ]
    if bare and read > 1 and not about:  # else it may have findings on other matters
        parts += [Part("; "), Part(f"no finding was found in {bare} of them", "#read")]
        parts.append(Part(f", though {'its unit is' if bare == 1 else 'their units are'} counted"))
    if failed:
        parts += [Part("; "), Part(f"{failed} could not be read", "#read")]
    if twice:
        parts += [Part("; "), Part(f"{twice} repeated another and counted once", "#read")]
    return (*parts, Part("."))


def _kinds(units: Sequence[UnitSection]) -> Sentence:
    """Say what a count of units holds, where that is not one sort of thing."""
    number = Counter(unit.kind for unit in units)
    if len(number) < 2:
        return ()
    known = {kind.kind: kind for kind in load_registry().unit_kinds}
    each = [
        known[kind].counted(many) if kind in known else f"{many} of a kind that is not known"
        for kind, many in sorted(number.items(), key=lambda item: (-item[1], item[0]))
    ]
    return (
        Part(
            f"The {len(units)} units are {listing(each)}; every count of units takes them together."
        ),
    )


def _balance(content: Content, about: Sequence[str]) -> Sentence:
    evidence, sides = content.evidence, content.sides
    many = sum(source.status == "read" for source in content.sources) != 1
    on = f" on {listing(about)}" if about else ""
    if not evidence:
        return (Part(f"No findings{on} were found in {'them' if many else 'it'}."),)
    kinds = Counter(finding.polarity for finding in evidence)
    number = {
        STRENGTH: counted(kinds[STRENGTH], "strength"),
        AREA: counted(kinds[AREA], "area for improvement", "areas for improvement"),
    }
    each = [Part(number[side], Query(polarity=side).address) for side in number if side in sides]
    held = Part("They hold " if many else "It holds ")
    bare = sum(not finding.tags for finding in evidence)
    end = Part(f"; {bare:,} {'has' if bare == 1 else 'have'} no theme." if bare else ".")
    if len(each) == 1:
        return (held, *each, *([Part(on)] if on else []), end)
    whole = Part(counted(len(evidence), "finding"), Query().address)
    return (held, whole, Part(f"{on}: "), each[0], Part(" and "), each[1], end)


def _issues(issues: Sequence[Issue], polarity: str, rest: str) -> Sentence:
    """Say how many issues of one side come back, and which in most units by sure findings."""
    fewest = 1 if rest else 2  # one unit inspected twice is not several units
    found = [i for i in issues if i.polarity == polarity and i.count.units_with >= fewest]
    if not found:
        return ()
    found.sort(key=lambda i: (i.new, -i.count.certain, -i.count.units_with))  # else as listed
    one = len(found) == 1
    if polarity == AREA:
        which = f" that {'needs' if one else 'need'} improvement"
    else:
        which = f" that {'is a strength' if one else 'are strengths'}"
    if rest:
        which += f" and {'recurs' if one else 'recur'} in the batch {'is' if one else 'are'} found"
        which += " here"
    else:
        which += f" {'comes' if one else 'come'} back across units"
    opened = Part(counted(len(found), "issue"), "#issues")
    if found[0].count.units == 1:  # none is wider than another
        return (opened, Part(f"{which}."))
    parts = [opened, Part(f"{which}; the widest by sure findings {'is' if one else 'are'} “")]
    widest = found[:NAMED]
    for place, issue in enumerate(widest, start=1):
        if place > 1:
            parts.append(Part(" and “" if place == len(widest) else ", “"))
        parts += [
            Part(issue.label, f"#{issue.anchor}"),
            Part("” ("),
            Part(f"{issue.count.said} units", Query(issue=issue.issue_id).address),
            Part(f"{', ' + issue.count.rests_on if issue.count.rests_on else ''}{_when(issue)})"),
        ]
    return (*parts, Part("."))


def _when(issue: Issue) -> str:
    """From when to when a problem was found, which is asked of it first; nothing of a strength."""
    return f", {issue.found}" if issue.polarity == AREA and issue.found else ""


def _ratings(units: Sequence[UnitSection]) -> Sentence:
    latest = Counter(unit.inspections[-1].rating for unit in units if unit.inspections)
    rated = [name for name in SCALE if latest[name]]
    if not rated:
        return ()
    parts = [
        Part(
            f"At their latest inspection, of {len(units)} units "
            if len(units) > 1
            else "At the latest inspection the unit was rated "
            if len(units[0].inspections) > 1
            else "It was rated "
        )
    ]
    for place, name in enumerate(rated):
        said = f"{latest[name]:,}" if len(units) > 1 else ""
        joint = "" if not place else " and " if place == len(rated) - 1 else ", "
        verb = (" was rated " if latest[name] == 1 else " were rated ") if said else ""
        parts += [
            Part(joint + said + (verb if not place else " " if said else "")),
            Part(name, "#ratings"),
        ]
    unrated = len(units) - sum(latest[name] for name in rated)
    if unrated:
        parts.append(Part(f"; {unrated} had no overall rating"))
    return (*parts, Part("."))


def _repeats(repeats: Sequence[Repeat]) -> Sentence:
    if not repeats:
        return ()
    found: dict[str, list[Pair]] = {}
    for repeat in repeats:
        for pair in repeat.repeated:
            if pair.sure:
                found.setdefault(pair.name, []).append(pair)
    parts = [
        Part(
            f"{repeats[0].unit} was inspected twice"
            if len(repeats) == 1
            else f"{counted(len(repeats), 'pair')} of inspections of one unit can be compared"
        ),
        Part(": "),
        Part(counted(len(found), "issue") if found else "no issue", "#repeats"),
        Part(" that needed improvement came up again, counting sure findings only"),
    ]
    ordered = sorted(
        found, key=lambda name: (-len(found[name]), -sum(p.weight for p in found[name]), name)
    )
    if named := [f"“{name}”" for name in ordered[:NAMED]]:
        parts.append(Part((", among them " if len(found) > NAMED else ": ") + listing(named)))
    perhaps = {pair.name for r in repeats for pair in r.repeated} - set(found)
    if perhaps:
        parts += [Part("; "), Part(f"{len(perhaps)}{' more' * bool(found)} perhaps", "#repeats")]
    return (*parts, Part("."))


def _advice(advice: Sequence[Advice], about: Sequence[str]) -> Sentence:
    if not advice:
        return ()
    bare = sum(not (item.evidence or item.matched) for item in advice)
    parts = [
        Part(counted(len(advice), "recommendation"), "#recommendations"),
        Part((" was made" if len(advice) == 1 else " were made") + (" on it" if about else "")),
    ]
    if bare:
        parts.append(Part(f"; for {bare} no finding was matched as evidence"))
    return (*parts, Part("."))


def _stands_out(rest: str, contrasts: tuple[Contrast, ...]) -> Sentence:
    if not contrasts:
        return ()
    found = stand_out(contrasts, more=True, most=NAMED)
    opened = (Part("Against "), Part(rest, "#rest"))
    if not found:
        return (*opened, Part(", nothing is more frequent here beyond chance."))
    parts = [*opened, Part(", more frequent here beyond chance: ")]
    for place, one in enumerate(found):
        chosen = {one.kind: one.subject, "polarity": one.polarity}
        parts += [
            Part("; " if place else ""),
            Part(f"{one.name}", Query(**chosen).address),
            Part(f" ({one.said})"),
        ]
    return (*parts, Part("."))
