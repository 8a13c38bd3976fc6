"""What a finding concedes: the other pole of an issue than the finding's own.

"Although appointments were flexible, few plans were shared" is an area for improvement in which
flexible appointments are a strength. The issue is looked for in the clauses; where those that say
it speak as the other kind of finding does, and the rest of the finding speaks as its own kind, the
issue is conceded: suggested under its other pole, and not counted under either.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from pipelines.errors import SettingsError
from pipelines.records import Polarity
from pipelines.tag.follow import decided
from pipelines.tag.model import ISSUES, Model
from pipelines.tag.tone import clauses, load_tone

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CONCEDES: Final = re.compile(
    r"(?:although|though|while|whilst|whereas|despite|notwithstanding|albeit|even though|even if|"
    r"in spite of)\b",
    re.IGNORECASE,
)
_TURNS: Final = re.compile(
    r"(?:but|yet|however|nonetheless|nevertheless|even so|that said)\b", re.IGNORECASE
)
_ASKS: Final = re.compile(r"\b(?:should|must|ought to|needs? to|required to)\b", re.IGNORECASE)
_SMALLEST: Final = 1e-5  # probability that is told from 0


@dataclass(frozen=True, slots=True)
class ConcessionSettings:
    """When an issue is conceded. Tones are log-odds; below 0 is against the finding's polarity.

    Chosen on `corpus/conceded.jsonl` and on findings of reports: of what these state none is taken
    for conceded, of what written findings state 5 in 1,000. Others are measured by
    `make bench-conceded`.

    Attributes:
        said: Tone of what says the issue, at most, in an area for improvement; in a strength only
            what is said in turn is conceded.
        said_in_turn: The same where "although" opens what says it, or "but" what follows.
        rest: Tone of the rest of the finding, at least.
    """

    said: float = -2.0
    said_in_turn: float = -1.0
    rest: float = 1.0

    def __post_init__(self) -> None:
        """Refuse settings by which what is stated would be conceded."""
        if not self.said <= self.said_in_turn <= 0 <= self.rest:
            raise SettingsError(
                f"concession: got {self}; expected said <= said_in_turn <= 0 <= rest"
            )


def conceded(
    texts: Sequence[str],
    polarities: Sequence[str],
    listed: NDArray[np.bool_],
    *,
    slugs: Sequence[str],
    model: Model,
    settings: ConcessionSettings | None = None,
) -> NDArray[np.bool_]:
    """Return which of the issues that findings may state are conceded.

    Args:
        texts: n findings.
        polarities: Of each; what is neither strength nor area for improvement concedes nothing.
        listed: (n, slugs): issues that each may state.
        slugs: Of these issues; what the model does not know is never conceded.
        model: Says which clauses say an issue, by their words.
        settings: The defaults where none are given.

    Returns:
        (n, slugs).
    """
    chosen = settings or ConcessionSettings()
    tone, out = load_tone(), np.zeros_like(listed)
    signs = {str(Polarity.STRENGTH): 1.0, str(Polarity.AREA_FOR_IMPROVEMENT): -1.0}
    parts: list[str] = []
    turned: list[bool] = []
    found: list[tuple[int, slice, NDArray[np.float64]]] = []
    for n in np.flatnonzero(listed.any(axis=1)).tolist():
        sign, own = signs.get(str(polarities[n]), 0.0), clauses(texts[n])
        tones = sign * np.asarray([tone.of(clause) for clause in own])
        if sign < 0:  # what should be is not so
            tones[[bool(_ASKS.search(clause)) for clause in own]] = chosen.rest
        if len(own) > 1 and tones.min() < chosen.said_in_turn and tones.max() > chosen.rest:
            found.append((n, slice(len(parts), len(parts) + len(own)), tones))
            turned += turns(own)
            parts += own
    if not found:
        return out
    alone = model.without_encoder()
    by_words = decided(alone.issues, alone.probabilities(parts)[ISSUES], ISSUES)
    place = {slug: column for column, slug in enumerate(by_words.slugs)}
    known = np.asarray([slug in place for slug in slugs], dtype=bool)
    columns = [place.get(slug, 0) for slug in slugs]
    probable = by_words.probabilities[:, columns].clip(_SMALLEST, 1 - _SMALLEST)
    for n, rows, tones in found:
        odds = probable[rows] / (1 - probable[rows])
        share = odds / odds.sum(axis=0)  # how much each clause says of an issue: (clauses, slugs)
        said = tones @ share
        rest = tones @ (1 - share) / (1 - share).sum(axis=0).clip(_SMALLEST)
        in_turn = np.asarray(turned[rows], dtype=float) @ share > 0.5
        # "Vacancies were rare": a strength denies what is bad in the words of what is.
        unmarked = chosen.said if polarities[n] == Polarity.AREA_FOR_IMPROVEMENT else -np.inf
        most = np.where(in_turn, chosen.said_in_turn, unmarked)
        out[n] = listed[n] & known & (said < most) & (rest > chosen.rest)
    return out


def turns(parts: Sequence[str]) -> list[bool]:
    """Return which clauses of a text are conceded by a word such as "although" or "but"."""
    after = [*parts[1:], ""]
    return [
        bool(_CONCEDES.match(clause) or _TURNS.match(then))
        for clause, then in zip(parts, after, strict=True)
    ]
