"""Orders in which questions are asked."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

import pandas as pd

from pipelines import columns as c
from pipelines.answers.events import ISSUE, LEVELS, THEME
from pipelines.answers.standing import RANDOM, Standing
from pipelines.catalogue import load_catalogue
from pipelines.codebook import load_codebook
from pipelines.errors import SettingsError
from pipelines.review.cells import Settling
from pipelines.wordings import name_key

SETTLE: Final = "settle"
ERRORS: Final = "errors"
DISAGREEMENTS: Final = "disagreements"
UNIT: Final = "unit"
SAMPLE: Final = 60
"""Findings of the random sample."""

_AHEAD: Final = 20
"""Questions that are looked up at once: more than people who answer at the same time."""

ORDERS: Final = (SETTLE, THEME, UNIT, ISSUE, ERRORS, RANDOM, DISAGREEMENTS)


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked, and in which order.

    Attributes:
        name: One of `ORDERS`.
        values: Slugs of the theme or subject, or name of the unit, for those that need one; all
            parts of what was split.
    """

    name: str = SETTLE
    values: tuple[str, ...] = ()

    @classmethod
    def parse(cls, said: str, findings: pd.DataFrame) -> Order:
        """Read `settle`, `theme:outcomes`, `unit:NAME`, `issue:SLUG` or another of `ORDERS`.

        Raises:
            SettingsError: There is no such order, or nothing of that name.
        """
        name, _, value = said.strip().partition(":")
        name = name.strip().casefold() or SETTLE
        if name not in ORDERS:
            raise SettingsError(f"order: got {said!r}; expected one of {', '.join(ORDERS)}")
        given = value.strip()
        if name in LEVELS:
            book = load_codebook()
            known = book.slugs if name == THEME else load_catalogue().slugs
            slug = name_key(given.partition("/")[0])
            found = [one for one in book.changes.follow(name, slug) if one in known]
        elif name == UNIT:
            known = tuple(sorted({str(unit) for unit in findings[c.UNIT].dropna()}))
            found = [one for one in known if one.casefold() == given.casefold()][:1]
        else:
            return cls(name)
        if not found and (given or name != ISSUE):
            raise SettingsError(f"order {name}: got {given!r}; expected one of {', '.join(known)}")
        return cls(name, tuple(found))


@dataclass(frozen=True, slots=True)
class Question:
    """A question on a finding.

    Attributes:
        finding: Its row.
        level: `theme` or `issue`.
        slug: What is asked about; empty where all themes are asked for at once.
        resolves: Whether the answer settles a disagreement.
    """

    finding: int
    level: str
    slug: str = ""
    resolves: bool = False


class Queue:
    """The questions of an order that are still to be asked.

    Args:
        findings: The table of that name.
        cells: Settling by level.
        standing: What was answered already.
        order: What is asked.
        learned: Digests of the findings that the model was trained on: no sample of its work.
    """

    def __init__(
        self,
        findings: pd.DataFrame,
        cells: dict[str, Settling],
        standing: Standing,
        order: Order,
        learned: Collection[str] = (),
    ) -> None:
        self._findings = findings
        self._digests = [str(digest) for digest in findings[c.DIGEST]]
        self._cells = cells
        self._standing = standing
        self._learned = learned
        self.order = order

    def questions(self) -> Iterator[Question]:
        """Yield the questions that nobody has answered, the most urgent first."""
        name = self.order.name
        if name == SETTLE or (name == ISSUE and not self.order.values):
            yield from self._settling(THEME if name == SETTLE else ISSUE)
        elif name == RANDOM:
            for row in sample_rows(self._digests, without=self._learned):
                if (self._digests[row], THEME) not in self._standing.whole:
                    yield Question(row, THEME)
        elif name == DISAGREEMENTS:
            yield from self._disputed()
        else:
            yield from self._chosen()

    def _settling(self, level: str) -> Iterator[Question]:
        for row, slug in self._cells[level].ranked(_AHEAD):
            yield Question(row, level, slug)

    def _disputed(self) -> Iterator[Question]:
        rows = {digest: row for row, digest in enumerate(self._digests)}
        for digest, level, slug in sorted(self._standing.disputed):
            if digest in rows and level in LEVELS:
                yield Question(rows[digest], level, slug, resolves=True)

    def _chosen(self) -> Iterator[Question]:
        name, values = self.order.name, self.order.values
        level = ISSUE if name == ISSUE else THEME
        cells = self._cells[level]
        units = self._findings[c.UNIT].astype(str).to_numpy(dtype=object)
        found = [
            (row, slug)
            for row, slug in cells.open_questions()
            if (slug in values if name in LEVELS else name != UNIT or units[row] in values)
        ]
        weigh = cells.error if name == ERRORS else cells.worth
        for row, slug in sorted(found, key=lambda pair: (-weigh(*pair), -cells.error(*pair), pair)):
            yield Question(row, level, slug)

    def findings_in_order(self) -> list[int]:
        """Return rows of findings for a sheet: each once, the most urgent first."""
        if self.order.name in (SETTLE, ISSUE) and not self.order.values:
            level = THEME if self.order.name == SETTLE else ISSUE
            cells = self._cells[level]
            pairs = cells.open_questions()
            ranked = sorted(pairs, key=lambda p: (-cells.worth(*p), -cells.error(*p), p))
            return list(dict.fromkeys(row for row, _ in ranked))
        return list(dict.fromkeys(question.finding for question in self.questions()))


def sample_rows(
    digests: list[str], number: int = SAMPLE, *, without: Collection[str] = ()
) -> list[int]:
    """Draw findings at random: the same for the same findings, whatever their order.

    Args:
        digests: Of the findings.
        number: How many.
        without: Digests that are not drawn.
    """
    drawn = {digest: row for row, digest in enumerate(digests) if digest not in without}
    unique = sorted(drawn.items())
    seed = hashlib.sha256("".join(digest for digest, _ in unique).encode()).hexdigest()
    draw = random.Random(seed)  # noqa: S311 - a sample, no secret
    draw.shuffle(unique)
    return [row for _, row in unique[:number]]
