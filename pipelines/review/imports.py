"""Labels of a file taken over as answers on the findings of a run: all of them, or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines import columns as c
from pipelines.answers import Event, about_finding, memo, whole
from pipelines.answers.events import ANSWER, FINDING, ISSUE, NO, THEME, WHOLE, YES
from pipelines.answers.standing import known_slugs
from pipelines.errors import CorpusError, SettingsError
from pipelines.review.session import Session
from pipelines.tag.labels.files import Row, read_rows
from pipelines.tag.labels.heads import DONE, MEMO
from pipelines.tag.labels.label import Label
from pipelines.tag.labels.reading import check_labels
from pipelines.tag.labels.texts import texts_by_digest
from pipelines.tag.labels.wording import alike


@dataclass(frozen=True, slots=True)
class Change:
    """What a row of a file changes.

    Attributes:
        source: File and row.
        finding: Id of the finding.
        added: Slugs that it did not have.
        removed: Slugs that it had.
        coder: Who says so.
    """

    source: str
    finding: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    coder: str

    @property
    def line(self) -> str:
        """A line for people."""
        signs = [*(f"+{slug}" for slug in self.added), *(f"-{slug}" for slug in self.removed)]
        return f"{self.source}: {self.finding} ({self.coder}): {' '.join(signs)}"


@dataclass(frozen=True, slots=True)
class Import:
    """What a file gives.

    Attributes:
        changes: A row each.
        events: To be kept.
        notes: What is to be known.
        elsewhere: Rows on findings that the run does not have.
    """

    changes: tuple[Change, ...]
    events: tuple[Event, ...]
    notes: tuple[str, ...]
    elsewhere: tuple[str, ...]

    @property
    def elsewhere_lines(self) -> list[str]:
        """A line for people on each file or sheet with such rows: `l.csv rows 3-302, 310`."""
        places: dict[str, list[int]] = {}
        for source in dict.fromkeys(self.elsewhere):
            place, _, number = source.rpartition(" row ")
            places.setdefault(place, []).append(int(number))
        return [
            f"{place} {_named(numbers)} that this run does not have; not taken over"
            for place, numbers in places.items()
        ]


def _named(numbers: Sequence[int]) -> str:
    """Name rows by their numbers, those without a gap between by the first and the last."""
    if len(numbers) == 1:
        return f"row {numbers[0]}: on a finding"
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1] = [runs[-1][0], number]
        else:
            runs.append([number])
    listed = ", ".join("-".join(map(str, run)) for run in runs)
    return f"rows {listed}: on {len(numbers)} findings"


def read_import(session: Session, path: Path, *, coder: str, order: str = "") -> Import:
    """Read a file of labels for a run, and say what it would change; nothing is written.

    Args:
        session: Of the run.
        path: Any file that `read_rows` reads; the Findings sheet of our own workbook too.
        coder: Who labelled, for rows that do not say so.
        order: In which the findings were chosen: `random` makes them count for the honest score.

    Raises:
        CorpusError: A row is wrong, or none is about a finding of the run.
        SettingsError: Nobody says who labelled.
    """
    rows = read_rows(path)
    problems: list[str] = []
    notes: list[str] = []
    labels: list[tuple[Row, Label]] = []
    texts = texts_by_digest([session.folder])
    elsewhere: list[str] = []
    for row in rows:  # one by one: two coders of a file may disagree
        digest = str(row.values.get(c.DIGEST) or "")
        found = check_labels([row], texts={digest: texts[digest]} if digest in texts else {})
        elsewhere += [row.source] * len(found.unresolved)
        problems += found.problems
        problems += [
            f"{row.source}: {one.slug} was split into {', '.join(one.parts)}; say which"
            for one in found.unsettled
        ]
        notes += [note for note in found.notes if note not in notes]
        labels += [(row, label) for label in found.labels]
    if problems:
        raise CorpusError(f"nothing was taken over; {'; '.join(problems)}")
    places = {alike(str(text)): n for n, text in enumerate(session.tables["findings"]["text"])}
    changes: list[Change] = []
    events: list[Event] = []
    seen: dict[tuple[str, ...], str] = {}
    names: dict[str, str] = {}
    for row, label in labels:
        at = places.get(alike(label.text))
        if at is None:
            elsewhere.append(row.source)
            continue
        same = session.rows[session.digests[at]]  # the row names one of those that have the text
        at = next((n for n in same if session.ids[n] == row.values.get(c.FINDING_ID)), at)
        who = label.coder or coder
        who = names.setdefault(who.casefold(), who)  # "ann" is Ann
        if not who:
            raise SettingsError(f"{row.source}: nobody says who labelled; give --coder NAME")
        keys = [(who, session.digests[at], *asked) for asked in _asked(label)]
        if again := next((seen[key] for key in keys if key in seen), ""):
            two = "" if label.coder else "; if two people labelled, name them in a column coder"
            notes.append(
                f"{row.source}: labels the finding of {again} again; the later counts{two}"
            )
        seen |= dict.fromkeys(keys, row.source)
        changes.append(_change(session, at, label, who))
        events += _events(session, at, row, label, who, order)
    if not order and any(DONE in row.values for row in rows):
        notes.append(
            f"{path.name}: does not say in which order its findings were chosen, so it does not "
            "count for the honest score; if they are the random sample, give --random"
        )
    if not changes:
        raise CorpusError(
            f"{path}: none of its {len(elsewhere)} labels is on a finding of {session.folder}; "
            "give the run that they were made for with --into"
        )
    return Import(tuple(changes), tuple(events), tuple(notes), tuple(elsewhere))


_Said = tuple[str, tuple[str, ...], tuple[str, ...] | None]
"""A level, what a label gives of it, and what it speaks of; None for all."""


def _said(label: Label) -> list[_Said]:
    """Return what a label says, by level; nothing of issues where it says nothing of them."""
    themes = (THEME, label.themes, label.themes if label.adds else label.decided)
    if label.subjects is None:
        return [themes]
    return [themes, (ISSUE, label.subjects, label.decided_issues)]


def _asked(label: Label) -> list[tuple[str, str]]:
    """Return the questions that a label answers: levels and slugs, of a whole one no slug."""
    return [
        (level, slug)
        for level, _, decided in _said(label)
        for slug in (("",) if decided is None else decided)
    ]


def _change(session: Session, at: int, label: Label, who: str) -> Change:
    had: set[str] = set()
    said: set[str] = set()
    for level, slugs, decided in _said(label):
        asked = known_slugs()[level] if decided is None else decided
        had |= {slug for slug in asked if session.cells[level].given(at, slug)}
        said |= set(slugs)
    added, removed = tuple(sorted(said - had)), tuple(sorted(had - said))
    return Change(label.source, session.ids[at], added, removed, who)


def _events(
    session: Session, at: int, row: Row, label: Label, who: str, order: str
) -> Sequence[Event]:
    """Return what a row says: of a whole label its themes, else an answer to each question."""
    finding, place = session.digests[at], session.ids[at]
    shown = {"order": order or "sheet", "model": session.model}
    out: list[Event] = []
    for level, slugs, decided in _said(label):
        if decided is None:
            out.append(whole(who, finding, level, slugs, place=place, shown=shown))
            continue
        for slug in decided:
            said = YES if slug in slugs else NO
            out.append(about_finding(who, finding, level, slug, said, place=place, shown=shown))
    if note := str(row.values.get(MEMO) or "").strip():
        out.append(memo(who, FINDING, place, note, finding=finding))
    return out


def take_over(session: Session, found: Import) -> int:
    """Keep what a file gives: every row or, if anything goes wrong, none.

    What a person's last word says already is not said again: a command that was killed after it
    had kept the rows can be given once more.

    Returns:
        How many rows said what was not said before.

    Raises:
        StorageError: It could not be kept.
    """
    session.refresh()
    said: dict[tuple[str, ...], dict[str, Event]] = {}
    for event in session.events:
        if event.event_id not in session.standing.undone:
            _is_news(event, said)
    news = [event for event in found.events if _is_news(event, said)]
    session.keep(news)
    told = {(event.who, event.finding) for event in news}
    digests = dict(zip(session.ids, session.digests, strict=True))
    return sum((change.coder, digests[change.finding]) in told for change in found.changes)


def _is_news(event: Event, said: dict[tuple[str, ...], dict[str, Event]]) -> bool:
    """Put an event among the last words by person, finding and level; whether it is a new one.

    Who labels a finding whole answers all its questions anew, and who answers one of them after
    that has not said the whole last.
    """
    last = said.setdefault((event.who, event.finding, event.level), {})
    slug = "" if event.kind == WHOLE else event.slug
    before = last.get(slug)
    if event.kind == WHOLE:
        last.clear()
    elif event.kind == ANSWER:
        last.pop("", None)
    last[slug] = event
    if before is None:
        return True
    of_it, of_before = ((e.kind, e.slugs, e.answer, e.text) for e in (event, before))
    return of_it != of_before
