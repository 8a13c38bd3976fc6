"""What stands after all answers: a person's last word, and where people do not agree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from pipelines.answers.events import (
    ANSWER,
    EDIT,
    ISSUE,
    MEMO,
    NO,
    PUT,
    SKIP,
    TAKE,
    THEME,
    UNDO,
    WHOLE,
    YES,
    Event,
)
from pipelines.catalogue import load_catalogue
from pipelines.codebook import load_codebook
from pipelines.project.steps import Changes

RANDOM: Final = "random"
"""The order in which a finding was shown whose answers count for the honest score."""

Key = tuple[str, str, str]
"""Digest of a finding, level, slug."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What people decided on one question.

    Attributes:
        answer: `yes` or `no`.
        who: Who said so, in the order of the alphabet.
        when: When the last of them did.
    """

    answer: str
    who: tuple[str, ...]
    when: str


@dataclass(slots=True)
class Standing:
    """What stands.

    Attributes:
        verdicts: By question.
        disputed: Answers by person where there are as many for as against and nobody resolved it.
        said: The answer that stands of every person, also `unsure`, by question; `skip` of those
            who never said anything else.
        skipped: Who skipped a question last, whatever they had said of it before.
        whole: Findings of which a person gave all of a level: digest and level.
        sampled: Findings of which a random sample gave all of a level: digest and level.
        edits: Of issues, that were not undone, in order of time. Findings moved into or out of one
            of the catalogue's are answers too, and stay moved as long as these stand.
        memos: That were not undone, in order of time.
        undone: Ids of events that were taken back.
        unknown: Answers about themes or subjects that are no longer there, by level and slug.
    """

    verdicts: dict[Key, Verdict] = field(default_factory=dict)
    disputed: dict[Key, dict[str, str]] = field(default_factory=dict)
    said: dict[Key, dict[str, Event]] = field(default_factory=dict)
    skipped: dict[Key, set[str]] = field(default_factory=dict)
    whole: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    sampled: set[tuple[str, str]] = field(default_factory=set)
    edits: list[Event] = field(default_factory=list)
    memos: list[Event] = field(default_factory=list)
    undone: set[str] = field(default_factory=set)
    unknown: dict[tuple[str, str], int] = field(default_factory=dict)

    def answered(self, finding: str, level: str, slug: str) -> bool:
        """Whether anybody has decided, or skipped, or is unsure about a question."""
        return (finding, level, slug) in self.said


def known_slugs() -> dict[str, tuple[str, ...]]:
    """Return the slugs that can be asked about, by level."""
    return {THEME: load_codebook().slugs, ISSUE: load_catalogue().slugs}


def standing_of(events: Iterable[Event]) -> Standing:
    """Work out what stands.

    Of one person the last word on a question counts; a skip is none. Of several people the answer
    of most; where as many say yes as no, the question is disputed until somebody resolves it.

    Args:
        events: In order of time, as a store gives them.
    """
    known = known_slugs()
    listed, changes = list(events), load_codebook().changes
    out = Standing(undone=_undone(listed))
    for event in listed:
        if event.event_id in out.undone:
            continue
        if event.kind == MEMO:
            out.memos.append(_on_today(event, changes))
        elif event.kind == EDIT:
            out.edits.append(_on_today(event, changes))
        elif event.kind == ANSWER:
            for slug in _asked_today(event, changes):
                _say(out, event, slug, event.answer, known)
        elif event.kind == WHOLE:
            _say_whole(out, event, known, changes)
            out.whole.setdefault((event.finding, event.level), set()).add(event.who)
            if event.shown.get("order") == RANDOM:
                out.sampled.add((event.finding, event.level))
    for key, by_person in out.said.items():
        _judge(out, key, by_person)
    out.edits = [kept for event in out.edits for kept in _borne_out(out, event, known[ISSUE])]
    return out


def _borne_out(out: Standing, event: Event, subjects: tuple[str, ...]) -> tuple[Event, ...]:
    """Return an edit, without the findings that answers since then put elsewhere."""
    subject = event.slug.partition("/")[0]
    said = {PUT: YES, TAKE: NO}.get(event.answer)
    if said is None or subject not in subjects:
        return (event,)
    asked = {one: out.verdicts.get((one, ISSUE, subject)) for one in event.findings}
    moved = tuple(one for one, verdict in asked.items() if verdict and verdict.answer == said)
    return (replace(event, findings=moved),) if moved else ()


def _say_whole(
    out: Standing, event: Event, known: Mapping[str, tuple[str, ...]], changes: Changes
) -> None:
    """Say yes to what a finding was given and no to all else, but nothing of parts of a split."""
    given = [changes.follow(event.level, slug) for slug in event.slugs]
    yes = {now[0] for now in given if len(now) == 1}
    unsettled = {slug for now in given if len(now) > 1 for slug in now}
    for slug in (*known[event.level], *(yes - set(known[event.level]))):
        if slug not in unsettled:
            _say(out, event, slug, YES if slug in yes else NO, known)


def _asked_today(event: Event, changes: Changes) -> tuple[str, ...]:
    """Return what an answer is about today: a no about what was split is one about each part.

    A yes says nothing of the parts: it stays with the old slug, which is counted as unknown.
    """
    now = changes.follow(event.level, event.slug)
    return now if len(now) == 1 or (now and event.answer == NO) else (event.slug,)


def _on_today(event: Event, changes: Changes) -> Event:
    if event.level not in (THEME, ISSUE):
        return event
    slug, *slugs = (
        now[0] if len(now := changes.follow(event.level, one)) == 1 else one
        for one in (event.slug, *event.slugs)
    )
    return replace(event, slug=slug, slugs=tuple(slugs))


def _undone(events: Iterable[Event]) -> set[str]:
    """Return the events taken back: an undo can be undone too, the latest first."""
    taken: set[str] = set()
    for event in reversed([event for event in events if event.kind == UNDO]):
        if event.event_id not in taken:
            taken.add(event.slug)
    return taken


def _say(
    out: Standing, event: Event, slug: str, answer: str, known: Mapping[str, tuple[str, ...]]
) -> None:
    if slug not in known[event.level]:
        out.unknown[event.level, slug] = out.unknown.get((event.level, slug), 0) + 1
        return
    plain = event.kind == ANSWER and event.slug == slug
    said = event if plain else _single(event, slug, answer)
    key = event.finding, event.level, slug
    by_person = out.said.setdefault(key, {})
    if answer == SKIP:
        out.skipped.setdefault(key, set()).add(event.who)
        by_person.setdefault(event.who, said)
        return
    out.skipped.get(key, set()).discard(event.who)
    by_person[event.who] = said


def _single(event: Event, slug: str, answer: str) -> Event:
    """Return what a whole labelling says of one slug, as an answer."""
    return Event(
        event.event_id,
        ANSWER,
        event.who,
        event.when,
        event.codebook,
        event.finding,
        event.place,
        event.level,
        slug,
        answer,
        resolves=event.resolves,
        shown=event.shown,
    )


def _judge(out: Standing, key: Key, by_person: Mapping[str, Event]) -> None:
    clear = [event for event in by_person.values() if event.answer in (YES, NO)]
    settled = [event for event in clear if event.resolves]
    if settled:
        clear = [max(settled, key=lambda event: (event.when, event.event_id))]
    sides = {answer: [event for event in clear if event.answer == answer] for answer in (YES, NO)}
    if len(sides[YES]) == len(sides[NO]):
        if clear:
            out.disputed[key] = {
                who: event.answer for who, event in by_person.items() if event.answer != SKIP
            }
        return
    side = max(sides.values(), key=len)
    out.verdicts[key] = Verdict(
        side[0].answer,
        tuple(sorted(event.who for event in side)),
        max(event.when for event in side),
    )
