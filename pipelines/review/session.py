"""A review of one run: what was answered, what to ask next, how far it is."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pipelines import columns as c
from pipelines.answers import FOLDER, AnswerStore, Event, Standing, about_finding, memo, standing_of
from pipelines.answers import undo as undoing
from pipelines.answers import whole as labelling
from pipelines.answers.applied import without_answers
from pipelines.answers.events import ANSWER, EDIT, ISSUE, THEME, UNDO, UNSURE, WHOLE
from pipelines.answers.standing import known_slugs
from pipelines.answers.store import Stamp
from pipelines.errors import SettingsError
from pipelines.flow import open_run
from pipelines.flow.batch import answer_store
from pipelines.flow.settings import RunSettings
from pipelines.review.agreement import share_wrong
from pipelines.review.cells import Settling
from pipelines.review.orders import Order, Question, Queue
from pipelines.review.plans import Progress
from pipelines.tables import frame
from pipelines.tag.models.registry import learned_by

_HANDED: Final = 90.0  # seconds for which a question is one person's
TARGET: Final = 0.97
_AT_ONCE: Final = re.compile(r"-(?:theme|issue|\d{5})$")
_SHOWN: Final = 60  # characters of what a request got wrong


class Session:
    """A run that is being reviewed; safe to use from several threads.

    Args:
        folder: Of the run.
        answers: Folder of the answers; that of the project, or of the run, if not given.

    Raises:
        ArtefactError: It is not a run.
        SettingsError: It has not been tagged.
    """

    def __init__(self, folder: Path, *, answers: Path | None = None) -> None:
        run = open_run(folder)
        if "tags" not in run.tables:
            raise SettingsError(f"{folder}: has not been tagged; run: findings tag {folder}")
        self.run = run
        self.folder = folder
        self.tables = without_answers(run.tables)
        store = answer_store(folder, RunSettings(answers=answers))
        self.store = store or AnswerStore(folder / FOLDER)
        findings = self.tables["findings"]
        self.learned = learned_by(self.model)
        self.digests = [str(digest) for digest in findings[c.DIGEST]]
        self.ids = [str(name) for name in findings[c.FINDING_ID]]
        self.rows: dict[str, list[int]] = {}
        for row, digest in enumerate(self.digests):
            self.rows.setdefault(digest, []).append(row)
        self._lock = threading.RLock()
        self._seen: Stamp | None = None
        self._handed: dict[Question, tuple[str, float]] = {}
        self.events: list[Event] = []
        self.standing: Standing = standing_of(())
        self.damaged: tuple[str, ...] = ()
        self.refresh()

    def refresh(self) -> None:
        """Take in what others wrote into the store meanwhile."""
        with self._lock:
            stamp = self.store.stamp()
            if stamp == self._seen:
                return
            self._seen = stamp
            reading = self.store.read()
            self.events, self.damaged = list(reading.events), reading.damaged
            self.standing = standing_of(self.events)
            self._fill_cells()

    def _fill_cells(self) -> None:
        self._wrong = share_wrong(self.standing)
        findings = self.tables["findings"]
        tags = {THEME: self.tables["tags"], ISSUE: self.tables.get("issue_tags")}
        self.cells = {
            level: Settling(
                findings,
                frame("issue_tags") if data is None else data,
                level=level,
                wrong=self._wrong,
            )
            for level, data in tags.items()
        }
        for digest, level, slug in self.standing.said:
            self._tell_cells(digest, level, slug)

    def _tell_cells(self, digest: str, level: str, slug: str) -> None:
        key = (digest, level, slug)
        verdict = self.standing.verdicts.get(key)
        said = verdict.answer if verdict else (UNSURE if key in self.standing.said else "")
        for row in self.rows.get(digest, ()):
            self.cells[level].answer(row, slug, said)

    def keep(self, events: Sequence[Event]) -> None:
        """Write events, all of them or none, then count them: only what is on the disk counts.

        Raises:
            StorageError: They could not be kept.
        """
        with self._lock:
            self.refresh()
            known = {event.event_id for event in self.events}
            new = [event for event in events if event.event_id not in known]
            if not new:
                return  # sent twice
            seen = dict(self._seen or {})
            for path, (start, end) in self.store.append(new).items():
                if seen.get(path, (0, 0))[0] == start:  # nobody else wrote since it was read
                    seen[path] = (end, Path(path).lstat().st_mtime_ns)
            self._seen = seen
            self.events += new
            self.standing = standing_of(self.events)
            if share_wrong(self.standing) != self._wrong:
                self._fill_cells()
                return
            touched = {event.event_id: event for event in self.events}
            for event in new:
                about = touched.get(event.slug, event) if event.kind == UNDO else event
                slugs = (
                    (about.slug,) if about.kind == ANSWER else known_slugs().get(about.level, ())
                )
                if about.kind in (ANSWER, WHOLE):
                    for slug in slugs:
                        self._tell_cells(about.finding, about.level, slug)

    def answer(
        self,
        who: str,
        question: Question,
        answer: str,
        *,
        order: str = "",
        event_id: str = "",
    ) -> None:
        """Keep an answer to a question; when this returns it is on the disk.

        Raises:
            SettingsError: It is not an answer to it.
            StorageError: It could not be kept.
        """
        row, level, slug = question.finding, question.level, question.slug
        self._check(row, level, slug)
        event = about_finding(
            who,
            self.digests[row],
            level,
            slug,
            answer,
            place=self.ids[row],
            shown=self._shown(question, order),
            resolves=question.resolves,
            event_id=event_id,
        )
        self.keep([event])

    def label(
        self,
        who: str,
        question: Question,
        slugs: Sequence[str],
        *,
        order: str = "",
        event_id: str = "",
    ) -> None:
        """Keep all themes (or subjects) of a finding: these and no others.

        Raises:
            SettingsError: One of them is not known, or there are too many.
            StorageError: It could not be kept.
        """
        self._check(question.finding, question.level, *slugs)
        event = labelling(
            who,
            self.digests[question.finding],
            question.level,
            tuple(dict.fromkeys(slugs)),
            place=self.ids[question.finding],
            shown=self._shown(question, order),
            resolves=question.resolves,
            event_id=event_id,
        )
        self.keep([event])

    def write_memo(
        self, who: str, level: str, subject: str, text: str, *, finding: int | None = None
    ) -> None:
        """Keep a memo.

        Raises:
            SettingsError: It is empty or too long.
            StorageError: It could not be kept.
        """
        digest = "" if finding is None else self.digests[finding]
        self.keep([memo(who, level, subject, text, finding=digest)])

    def undo(self, who: str) -> Event | None:
        """Take back a person's last answer or edit, and return it."""
        with self._lock:
            self.refresh()
            last = next(
                (
                    event
                    for event in reversed(self.events)
                    if event.who == who
                    and event.kind in (ANSWER, WHOLE, EDIT)
                    and event.event_id not in self.standing.undone
                ),
                None,
            )
            if last is None:
                return None
            stem = _stem(last)
            given = [one for one in self.events if one.who == who and _stem(one) == stem]
            self.keep([undoing(who, event.event_id) for event in given])
            return given[0]

    def question_of(self, event: Event) -> Question | None:
        """Return the question that an event answered; None if it is not of this run."""
        rows = self.rows.get(event.finding)
        if not rows:
            return None
        return Question(rows[0], event.level, event.slug, resolves=event.resolves)

    def queue(self, order: Order) -> Queue:
        """Return the questions of an order that are still to be asked."""
        return Queue(self.tables["findings"], self.cells, self.standing, order, self.learned)

    def next_question(self, who: str, order: Order) -> Question | None:
        """Return the next question for a person; two people are not asked the same at once."""
        with self._lock:
            self.refresh()
            now = time.monotonic()
            for question in self.queue(order).questions():
                key = (self.digests[question.finding], question.level, question.slug)
                if who in self.standing.skipped.get(key, ()):  # a dispute is left to others
                    if self._handed.get(question, ("", now))[0] == who:
                        del self._handed[question]
                    continue
                holder, since = self._handed.get(question, (who, now))
                if holder == who or now - since > _HANDED:
                    self._handed[question] = (who, now)
                    return question
            return None

    def progress(self, who: str, level: str = THEME) -> Progress:
        """Say where the review stands with themes, or with issues."""
        with self._lock:
            self.refresh()
            mine = sum(
                event.who == who
                and (event.kind == ANSWER or (event.kind == WHOLE and event.level == THEME))
                and event.event_id not in self.standing.undone
                for event in self.events
            )
            touched = {digest for digest, _, _ in self.standing.said if digest in self.rows}
            return Progress(self.cells[level].estimate(TARGET), len(touched), mine)

    def _check(self, row: int, level: str, *slugs: str) -> None:
        if not 0 <= row < len(self.ids):
            raise SettingsError(f"finding: got {row}; this run has {len(self.ids)}")
        for slug in slugs:
            if slug not in known_slugs().get(level, ()):
                raise SettingsError(f"{level}: got {slug[:_SHOWN]!r}, which is not known")

    def _shown(self, question: Question, order: str) -> dict[str, object]:
        cells = self.cells[question.level]
        shown: dict[str, object] = {"order": order, "model": self.model}
        if question.slug:
            shown["probability"] = round(cells.probability(question.finding, question.slug), 4)
            shown["given"] = cells.given(question.finding, question.slug)
        return {name: value for name, value in shown.items() if value not in ("", None)}

    @property
    def model(self) -> str:
        """Name and version of the model that gave the tags."""
        used = self.tables.get("models")
        return "" if used is None or used.empty else str(used[c.MODEL].iloc[0])


def _stem(event: Event) -> str:
    """Return what the ids of events said at once share, by which they are taken back at once."""
    return _AT_ONCE.sub("", event.event_id)
