"""What a finding concedes: the other pole of an issue than the finding's own.

"Although appointments were flexible, few plans were shared" is an area for improvement in which
flexible appointments are a strength. The issue is looked for in the clauses. What tells whether it
is conceded (`SIGNS`) is weighed as `data/concession.csv` says, a logistic regression that
`corpus/concession.py` fits; such an issue is suggested under its other pole, and not counted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from pipelines.errors import SettingsError
from pipelines.records import Polarity
from pipelines.tag.features.tone import ADVERSATIVES, CONCESSIVES, clauses, load_tone, read_weights
from pipelines.tag.models.follow import Decided, decided
from pipelines.tag.models.model import ISSUES, Model

if TYPE_CHECKING:
    from numpy.typing import NDArray

FILE: Final = "concession.csv"
CONCEDED: Final = 0.7
"""Least probability of what is conceded: rather counted than lost.

Of 41 issues of our labelled findings over it 26 are not stated by the labels (held out).
"""
SIGNS: Final = (
    "said",  # tone of the clauses that say the issue; below 0 against the finding's polarity
    "rest",  # tone of the rest of the finding
    "turned",  # share of it that is said behind "although", or before "but"
    "same",  # whether the next clause begins with "it", "these": it goes on about the same
    "given",  # log-odds of the issue
    "other",  # log of the best probability of another given issue, in other clauses
    "again",  # log of the best probability of this one, in other clauses
    "alone",  # whether no other issue is given
)
_SIDES: Final = {str(Polarity.STRENGTH): 1.0, str(Polarity.AREA_FOR_IMPROVEMENT): -1.0}
_AGAINST: Final = -1.0  # tone of a clause that may concede, at most
_OWN: Final = 1.0  # tone of a clause that speaks as the finding does, at least
_CONCEDES: Final = re.compile(rf"(?:{CONCESSIVES})\b", re.IGNORECASE)
_TURNS: Final = re.compile(rf"(?:{ADVERSATIVES}|even so|that said)\b", re.IGNORECASE)
_SAME: Final = re.compile(
    r"(?:\S+ ){0,4}?(?:it|its|they|their|them|these|those|this|that|such|some|most|few|others?)\b",
    re.IGNORECASE,
)
_ASKS: Final = re.compile(r"\b(?:should|must|ought to|needs? to|required to)\b", re.IGNORECASE)
_SMALLEST: Final = 1e-5  # probability that is told from 0


def conceded(
    texts: Sequence[str], polarities: Sequence[str], found: Decided, *, model: Model
) -> NDArray[np.bool_]:
    """Return which of the issues given to findings are only conceded.

    Args:
        texts: n findings.
        polarities: Of each; what is neither strength nor area for improvement concedes nothing.
        found: Issues that each was given; what the model does not know is never conceded.
        model: Says which clauses say an issue, by their words.

    Returns:
        (n, slugs).

    Raises:
        SettingsError: The shipped weights are damaged.
    """
    out = np.zeros_like(found.assigned)
    places, signs, shared = weigh(texts, polarities, found, model=model)
    if len(places):
        weights = load_weights()
        log_odds = weights[0] + signs @ weights[1:]
        out[tuple(places.T)] = (log_odds > np.log(CONCEDED / (1 - CONCEDED))) & ~shared
    return out


def weigh(
    texts: Sequence[str], polarities: Sequence[str], found: Decided, *, model: Model
) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.bool_]]:
    """Return the issues that may be conceded, and what tells whether they are.

    It is asked as `conceded` is.

    Returns:
        (m, 2) places, finding and slug, of issues in findings that have a clause of either tone;
        (m, signs), in the order of `SIGNS`; and (m,), which are not conceded whatever these say.
    """
    parts: list[str] = []
    mixed: list[tuple[int, slice, NDArray[np.float64]]] = []
    for n in np.flatnonzero(found.assigned.any(axis=1)).tolist():
        own = clauses(texts[n])
        tones = _tones(own, polarities[n])
        if _are_mixed(tones):
            mixed.append((n, slice(len(parts), len(parts) + len(own)), tones))
            parts += own
    places: list[tuple[int, int]] = []
    signs: list[tuple[float, ...]] = []
    shared: list[bool] = []
    if mixed:
        alone = model.without_encoder()
        by_words = decided(alone.issues, alone.probabilities(parts)[ISSUES], ISSUES)
        place = {slug: column for column, slug in enumerate(by_words.slugs)}
        columns = np.asarray([place.get(slug, -1) for slug in found.slugs])
        asked = found.assigned & (columns >= 0)
        for n, rows, tones in mixed:
            issues = np.flatnonzero(asked[n])
            places += [(n, issue) for issue in issues.tolist()]
            said = by_words.probabilities[rows][:, columns[issues]]
            signs += _signs(parts[rows], tones, said, found.probabilities[n, issues])
            enough = by_words.assigned[rows][:, columns[issues]]
            shared += _shared(parts[rows], tones, said, enough)
    return (
        np.asarray(places, dtype=np.intp).reshape(-1, 2),
        np.asarray(signs, dtype=np.float64).reshape(-1, len(SIGNS)),
        np.asarray(shared, dtype=bool),
    )


def may_concede(text: str, polarity: str) -> bool:
    """Whether a finding has a clause that speaks as it does, and one that does not."""
    return _are_mixed(_tones(clauses(text), polarity))


def _are_mixed(tones: NDArray[np.float64]) -> bool:
    return bool(tones.min() < _AGAINST and tones.max() > _OWN)


def _tones(parts: Sequence[str], polarity: str) -> NDArray[np.float64]:
    """Return the tone of each clause, below 0 where it speaks against the polarity."""
    tone, side = load_tone(), _SIDES.get(str(polarity), 0.0)
    tones = side * np.asarray([tone.of(clause) for clause in parts])
    if side < 0:  # what should be is not so
        tones[[bool(_ASKS.search(clause)) for clause in parts]] = _OWN
    return tones


def _signs(
    parts: Sequence[str],
    tones: NDArray[np.float64],
    said: NDArray[np.float64],
    probabilities: NDArray[np.float64],
) -> list[tuple[float, ...]]:
    """Return the signs of each issue given to a finding.

    Args:
        parts: k clauses.
        tones: Of each.
        said: (k, issues): probability of each issue by the words of each clause.
        probabilities: (issues,): of the whole finding.
    """
    said = said.clip(_SMALLEST, 1 - _SMALLEST)
    odds = said / (1 - said)
    share = odds / odds.sum(axis=0)  # how much each clause says of an issue
    rest = tones @ (1 - share) / (1 - share).sum(axis=0).clip(_SMALLEST)
    turned = np.asarray(turns(parts), dtype=float) @ share
    whole = probabilities.clip(_SMALLEST, 1 - _SMALLEST)
    out: list[tuple[float, ...]] = []
    for issue in range(said.shape[1]):
        most = int(said[:, issue].argmax())
        elsewhere = np.delete(said, most, axis=0)
        others = np.delete(elsewhere, issue, axis=1)
        following = parts[most + 1] if most + 1 < len(parts) else ""
        out.append(
            (
                float(tones @ share[:, issue]),
                float(rest[issue]),
                float(turned[issue]),
                float(bool(_SAME.match(following))),
                float(np.log(whole[issue] / (1 - whole[issue]))),
                float(np.log(others.max(initial=_SMALLEST))),
                float(np.log(elsewhere[:, issue].max(initial=_SMALLEST))),
                float(said.shape[1] == 1),
            )
        )
    return out


def _shared(
    parts: Sequence[str],
    tones: NDArray[np.float64],
    said: NDArray[np.float64],
    enough: NDArray[np.bool_],
) -> list[bool]:
    """Return which issues are said by a conceding clause and the one behind it only together.

    "Although trainees were well supported, they had too many cases": what "they" did not have is
    said of trainees, whom the clause that concedes names and of whom it says something else. A
    clause behind that is enough for an issue by itself speaks of that one.

    Args:
        parts: k clauses.
        tones: Of each.
        said: (k, issues): probability of each issue by the words of each clause.
        enough: (k, issues): whether it would be given to the clause by itself.
    """
    same = np.asarray([bool(_SAME.match(clause)) for clause in parts])
    follows = same & (tones > _OWN) & ~enough.any(axis=1)
    goes_on = np.asarray(turns(parts)) & np.append(follows[1:], False)
    most = said.argmax(axis=0)
    together: list[bool] = (goes_on[most] & ~enough[most, np.arange(len(most))]).tolist()
    return together


def turns(parts: Sequence[str]) -> list[bool]:
    """Return which clauses of a text are conceded by a word such as "although" or "but"."""
    after = [*parts[1:], ""]
    return [
        bool(_CONCEDES.match(clause) or _TURNS.match(then))
        for clause, then in zip(parts, after, strict=True)
    ]


@cache
def load_weights() -> NDArray[np.float64]:
    """Load what each sign weighs, behind the base: (1 + signs,).

    Raises:
        SettingsError: The file has other signs.
    """
    weights = read_weights(FILE)
    if set(weights) != {"", *SIGNS}:
        raise SettingsError(f"{FILE}: got {sorted(weights)}; expected {sorted(('', *SIGNS))}")
    return np.asarray([weights[name] for name in ("", *SIGNS)])
