"""What is shown with a question: the finding, its neighbours, what was asked, and why."""

from __future__ import annotations

import base64
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pipelines import columns as c
from pipelines.answers.events import ISSUE, LEVELS, THEME
from pipelines.catalogue import issue_id, load_catalogue
from pipelines.codebook import load_codebook
from pipelines.flow.pictures import pictured_sources
from pipelines.flow.settings import RunSettings
from pipelines.flow.workers.pool import GUARDS
from pipelines.flow.workers.process import Call
from pipelines.records import POLARITY_NAMES
from pipelines.review.orders import Question
from pipelines.review.session import Session
from pipelines.review.why import MOST, joined
from pipelines.tables import records

_LISTED: Final = 4  # themes shown to be ticked before all others
_SUBJECTS: Final = 12  # issues shown to be ticked before all others


@dataclass
class Cards:
    """Makes cards of a session; keeps pictures that were taken."""

    session: Session
    _pictures: dict[int, bytes] = field(default_factory=dict)
    _explaining: threading.Lock = field(default_factory=threading.Lock)

    def card(self, question: Question) -> dict[str, Any]:
        """Return what the page shows, as JSON can hold it; texts are plain and not escaped."""
        row = question.finding
        findings = self.session.tables["findings"]
        found = records(findings.iloc[[row]])[0]
        place = [found[c.UNIT], found[c.PUBLISHED], found[c.CODE], found[c.STANDARD]]
        place += [found[c.SUBSECTION], f"page {found[c.PAGE]}" if found[c.PAGE] else None]
        return {
            "row": row,
            "level": question.level,
            "slug": question.slug,
            "resolves": question.resolves,
            "finding": self.session.ids[row],
            "text": str(found[c.TEXT]),
            "side": POLARITY_NAMES.get(str(found[c.POLARITY]), "").capitalize(),
            "unit": str(found[c.UNIT] or ""),
            "place": [str(value) for value in place if value],
            "before": self._neighbour(row, -1),
            "after": self._neighbour(row, 1),
            "issue": _issue(question, str(found[c.POLARITY])),
            "asked": self._asked(question, str(found[c.POLARITY])),
            "marks": self._marks(row, question) if question.slug else [],
            "options": self._options(row, str(found[c.POLARITY])),
            "said": self._said(question),
            "picture": self._has_picture(row),
            "memos": self._memos(row),
        }

    def _neighbour(self, row: int, step: int) -> str:
        findings = self.session.tables["findings"]
        at = row + step
        if not 0 <= at < len(findings):
            return ""
        here, there = findings.iloc[row], findings.iloc[at]
        same = all(str(here[name]) == str(there[name]) for name in (c.DOCUMENT_ID, c.POLARITY))
        return str(there[c.TEXT]) if same else ""

    def _asked(self, question: Question, polarity: str) -> dict[str, str]:
        if not question.slug:
            return {"name": "", "claim": "", "excludes": ""}
        if question.level == THEME:
            theme = load_codebook().theme(question.slug)
            return {"name": theme.name, "claim": theme.claim, "excludes": theme.excludes}
        subject = load_catalogue().subject(question.slug)
        name, claim = subject.name(polarity), subject.claim
        return {"name": name, "claim": claim, "excludes": subject.excludes}

    def _options(self, row: int, polarity: str) -> list[dict[str, Any]]:
        """Return the themes, the likeliest first, then the issues, first what the model thought of.

        All of them: who says *these and no others* must have seen the others.
        """
        themes = [
            {**self._option(row, THEME, theme.slug), "name": theme.name, "claim": theme.claim}
            for theme in load_codebook().themes
        ]
        themes.sort(key=lambda option: (-option["probability"], option["name"]))
        for place, option in enumerate(themes):
            option["likely"] = place < _LISTED
        catalogue = load_catalogue()

        def subject_name(slug: str) -> str:
            return catalogue.subject(slug).name(polarity)

        thought = self.session.tables.get("issue_tags")
        slugs: list[str] = []
        if thought is not None:
            mine = thought.loc[thought[c.FINDING_ID] == self.session.ids[row]]
            slugs = [str(s) for s in mine.sort_values(c.PROBABILITY, ascending=False)[c.SUBJECT]]
        slugs = [slug for slug in slugs if slug in catalogue][:_SUBJECTS]
        others = sorted(set(catalogue.slugs) - set(slugs), key=lambda s: subject_name(s).casefold())
        issues = [
            {
                **self._option(row, ISSUE, slug),
                "name": subject_name(slug),
                "claim": catalogue.subject(slug).claim,
                "likely": slug in slugs,
            }
            for slug in (*slugs, *others)
        ]
        return [*themes, *issues]

    def _option(self, row: int, level: str, slug: str) -> dict[str, Any]:
        cells = self.session.cells[level]
        return {
            "level": level,
            "slug": slug,
            "probability": round(cells.probability(row, slug), 3),
            "given": cells.given(row, slug),
        }

    def _marks(self, row: int, question: Question) -> list[list[int]]:
        """Return the parts of the text that spoke for what is asked, as the run knows them."""
        finding = self.session.ids[row]
        known = self.session.tables.get("explanations")
        if known is not None and question.level == THEME:
            mine = known.loc[(known[c.FINDING_ID] == finding) & (known[c.THEME] == question.slug)]
            if len(mine):
                mine = mine.loc[mine[c.WEIGHT] > 0].nlargest(MOST, c.WEIGHT)
                return joined(
                    [
                        (int(start), int(end))
                        for start, end in zip(mine[c.START], mine[c.END], strict=True)
                    ]
                )
        return []

    def explain(self, row: int, level: str, slug: str) -> list[list[int]]:
        """Ask the model, where it is at hand, what spoke for a tag that it did not give.

        It takes a moment to load, so the page asks for it when the question is there already.
        """
        found = records(self.session.tables["findings"].iloc[[row]])[0]
        given = {
            "text": str(found[c.TEXT]),
            "polarity": str(found[c.POLARITY]),
            "section": str(found[c.SUBSECTION] or found[c.STANDARD] or ""),
            "level": level,
            "slug": slug,
            "model": self.session.model,
        }
        if not self._explaining.acquire(blocking=False):
            return []  # the model is being loaded for another question
        try:
            return self._ask("pipelines.review.why:spoken_for", given) or []
        finally:
            self._explaining.release()

    def _ask(self, function: str, given: dict[str, Any]) -> Any:  # noqa: ANN401
        """Do something in a process of its own; None where it fails, as nothing depends on it."""
        settings = RunSettings()
        call = Call(function, given)
        answer = GUARDS.ask(call, seconds=settings.timeout, memory=settings.memory)
        return None if answer.failed else answer.value

    def _said(self, question: Question) -> list[str]:
        """Say what others answered, where a disagreement is to be settled."""
        if not question.resolves:
            return []
        key = (self.session.digests[question.finding], question.level, question.slug)
        return [
            f"{who} said {answer}"
            for who, answer in sorted(self.session.standing.disputed.get(key, {}).items())
        ]

    def _memos(self, row: int) -> list[str]:
        digest = self.session.digests[row]
        return [
            f"{event.text} ({event.who}, {event.when[:10]})"
            for event in self.session.standing.memos
            if event.finding == digest
        ]

    def _source(self, row: int) -> tuple[str, str, list[str]] | None:
        found = self.session.tables["findings"].iloc[row]
        boxes = [str(box) for box in found[c.BOXES]]
        documents = self.session.tables["documents"]
        mine = documents.loc[documents[c.DOCUMENT_ID] == found[c.DOCUMENT_ID]]
        places = {str(p): str(self.session.run.locate(str(p)) or "") for p in mine[c.PATH]}
        sources = pictured_sources({"documents": mine}, places)
        place = sources.get(found[c.DOCUMENT_ID])
        if not boxes or not place:
            return None
        return place, str(mine[c.SHA256].iloc[0]), boxes

    def _has_picture(self, row: int) -> bool:
        return self._source(row) is not None

    def picture(self, row: int) -> bytes | None:
        """Return the finding on its page as PNG, drawn in a guard; None where it cannot be."""
        source = self._source(row)
        if row in self._pictures or source is None:
            return self._pictures.get(row)
        path, sha256, boxes = source
        name = self.session.ids[row]
        given = {"path": str(Path(path)), "sha256": sha256, "places": {name: boxes}}
        taken = self._ask("pipelines.flow.rows:picture_rows", given) or {}
        if name in taken:
            self._pictures[row] = base64.b64decode(taken[name])
        return self._pictures.get(row)


def _issue(question: Question, polarity: str) -> str:
    return issue_id(question.slug, polarity) if question.level == ISSUE and question.slug else ""


def question_of(raw: dict[str, Any]) -> Question:
    """Read the question that a page answers.

    Raises:
        SettingsError: It is none.
    """
    from pipelines.errors import SettingsError

    row, level, slug = raw.get("row"), raw.get("level"), raw.get("slug", "")
    if not isinstance(row, int) or level not in LEVELS or not isinstance(slug, str):
        raise SettingsError("question: expected row, level and slug")
    return Question(row, level, slug, resolves=raw.get("resolves") is True)
