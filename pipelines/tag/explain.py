"""Why a finding was given its themes: what each word adds to a theme's log-odds.

The model is linear and its calibration too, so the contributions are exact: those of a theme's
parts and its base add up to the log-odds whose logistic is the probability shown. A theme's score
is that of the finding's best sentence; the parts stand in that sentence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pipelines import columns as c
from pipelines.lexis import Annotated, annotate
from pipelines.tag.contributions import Contributions, Span, contributions
from pipelines.tag.features import claims, transform_views, views
from pipelines.tag.model import Model
from pipelines.tag.predict import BATCH, uncollected
from pipelines.tag.registry import load_model

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

SHOWN: Final = 3  # themes beside the assigned ones


@dataclass(frozen=True, slots=True)
class Part:
    """What a word or phrase of the finding adds to a theme's log-odds."""

    start: int
    end: int
    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class ThemeReason:
    """Why a theme was given, or not.

    Attributes:
        log_odds: base + the weights of all parts.
        base: What the theme has before any word: intercept and calibration.
        claim: Where the sentence stands that decides.
        parts: By weight, the strongest for the theme first.
    """

    theme: str
    probability: float
    assigned: bool
    uncertain: bool
    log_odds: float
    base: float
    claim: Span
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A finding and why it was given its themes; shows itself in notebooks."""

    text: str
    model: str
    reasons: tuple[ThemeReason, ...]

    def reason(self, theme: str) -> ThemeReason:
        """Return the reason of a theme.

        Raises:
            KeyError: There is no such theme.
        """
        for reason in self.reasons:
            if reason.theme == theme:
                return reason
        raise KeyError(theme)

    @property
    def shown(self) -> tuple[ThemeReason, ...]:
        """Reasons of the themes that were given, and of the three that came nearest."""
        ranked = sorted(self.reasons, key=lambda r: (not r.assigned, -r.probability, r.theme))
        given = sum(r.assigned for r in ranked)
        return tuple(ranked[: given + SHOWN])

    def _repr_html_(self) -> str:
        """Render as HTML: words for a theme underlined twice, words against it dotted."""
        from pipelines.tag.marks import reason_html

        return "".join(reason_html(self.text, reason) for reason in self.shown)


def explain(text: str, *, model: Model | None = None) -> Explanation:
    """Explain the themes of a finding's text.

    Raises:
        ArtefactError: The model in use cannot be loaded.
    """
    used = model if model is not None else load_model()
    scored = _score([text], used)
    best, scores = scored.best[0], scored.scores[0]
    found = scored.contributions(np.unique(best), used)
    decision = used.decision
    probabilities = decision.probabilities(scores[None, :])
    assigned = decision.assigned(probabilities)[0]
    uncertain = decision.uncertain(probabilities)[0]
    log_odds = scores * np.asarray(decision.slopes) + np.asarray(decision.offsets)
    bases = _bases(used)
    at = np.searchsorted(np.unique(best), best)
    reasons = tuple(
        ThemeReason(
            theme,
            float(probabilities[0, n]),
            bool(assigned[n]),
            bool(uncertain[n]),
            float(log_odds[n]),
            float(bases[n]),
            _extent(scored.claims[best[n]], text),
            _parts(text, found, int(at[n]), n),
        )
        for n, theme in enumerate(used.themes)
    )
    return Explanation(text, used.label, reasons)


def explain_findings(
    findings: pd.DataFrame, tags: pd.DataFrame, *, model: Model | None = None, most: int = 8
) -> pd.DataFrame:
    """Return the table `explanations`: the strongest words of each theme that was given.

    Args:
        findings: The table `findings`.
        tags: The table `tags` of the same findings.
        model: The one in use where none is given.
        most: Parts a finding and theme.
    """
    import pandas as pd

    from pipelines.tables import conform

    used = model if model is not None else load_model()
    place = {theme: number for number, theme in enumerate(used.themes)}
    given: dict[str, set[int]] = defaultdict(set)
    rows = tags[tags[c.ASSIGNED]]
    for finding_id, theme in zip(rows[c.FINDING_ID], rows[c.THEME], strict=True):
        if theme in place:
            given[finding_id].add(place[theme])
    ids = findings[c.FINDING_ID].tolist()
    texts = [str(text) for text in findings[c.TEXT]]
    out: dict[str, list[Any]] = {
        name: [] for name in (c.FINDING_ID, c.THEME, c.START, c.END, c.TEXT, c.WEIGHT)
    }
    with uncollected():
        for first in range(0, len(texts), BATCH):
            batch = slice(first, first + BATCH)
            _strongest(ids[batch], texts[batch], given, out, used, most)
    return conform("explanations", pd.DataFrame(out))


def _strongest(
    ids: Sequence[str],
    texts: Sequence[str],
    given: Mapping[str, set[int]],
    out: dict[str, list[Any]],
    model: Model,
    most: int,
) -> None:
    """Add the strongest parts of a batch of findings' given themes to the columns of `out`."""
    pairs = [(n, theme) for n, name in enumerate(ids) for theme in sorted(given.get(name, ()))]
    if not pairs:
        return
    finding, theme = np.asarray(pairs).T
    scored = _score(texts, model)
    deciding = scored.best[finding, theme]
    chosen = np.unique(deciding)
    found = scored.contributions(chosen, model)
    claim = np.searchsorted(chosen, deciding)
    # Every place of the claim that decides, for each pair of finding and theme:
    sizes = found.bounds[claim + 1] - found.bounds[claim]
    pair = np.repeat(np.arange(len(pairs)), sizes)
    ends = np.cumsum(sizes)
    row = np.arange(ends[-1]) - np.repeat(ends - sizes - found.bounds[claim], sizes)
    weight = found.weights[row, theme[pair]]
    start, end = found.spans[row].T
    order = np.lexsort((end, -weight, start, -np.abs(weight), weight == 0.0, pair))
    rank = np.arange(len(order)) - (ends - sizes)[pair]  # the order keeps pairs together
    kept = order[(rank < most) & (weight[order] != 0.0)]
    starts, stops, owners = start[kept].tolist(), end[kept].tolist(), finding[pair[kept]].tolist()
    out[c.FINDING_ID] += [ids[n] for n in owners]
    out[c.THEME] += [model.themes[n] for n in theme[pair[kept]].tolist()]
    out[c.START] += starts
    out[c.END] += stops
    out[c.TEXT] += [texts[n][a:b] for n, a, b in zip(owners, starts, stops, strict=True)]
    out[c.WEIGHT] += np.round(weight[kept], 4).tolist()


@dataclass(frozen=True)
class _Scored:
    """Texts with the claim that decides each theme.

    Attributes:
        claims: Of all texts, one after the other.
        matrix: (claims, features).
        scores: (texts, themes): of the best claim, before calibration.
        best: (texts, themes): number of that claim.
    """

    claims: list[Annotated]
    matrix: csr_matrix
    scores: NDArray[np.float64]
    best: NDArray[np.int64]

    def contributions(self, chosen: NDArray[np.int64], model: Model) -> Contributions:
        """Take the scores of some claims apart."""
        parts = [self.claims[n] for n in chosen.tolist()]
        return contributions(parts, self.matrix[chosen], model=model)


def _score(texts: Sequence[str], model: Model) -> _Scored:
    parts = [claims(annotated) for annotated in annotate(texts)]
    flat = [claim for text in parts for claim in text]
    matrix = transform_views(model.pipeline[0], views(flat))
    scores = np.asarray(matrix @ model.weights) + model.intercepts
    starts = np.cumsum([0, *(len(text) for text in parts)])
    best = np.stack([scores[a:b].argmax(axis=0) + a for a, b in pairwise(starts)])
    return _Scored(flat, matrix, np.take_along_axis(scores, best, axis=0), best)


def _bases(model: Model) -> NDArray[np.float64]:
    slopes, offsets = np.asarray(model.decision.slopes), np.asarray(model.decision.offsets)
    out: NDArray[np.float64] = model.intercepts * slopes + offsets
    return out


def _extent(claim: Annotated, text: str) -> Span:
    sentences = claim.sentences or ((0, len(text)),)
    return sentences[0][0], sentences[-1][1]


def _parts(text: str, found: Contributions, claim: int, theme: int) -> tuple[Part, ...]:
    places = slice(found.bounds[claim], found.bounds[claim + 1])
    rows = zip(found.spans[places].tolist(), found.weights[places, theme].tolist(), strict=True)
    parts = [Part(start, end, text[start:end], weight) for (start, end), weight in rows if weight]
    return tuple(sorted(parts, key=lambda p: (-p.weight, p.start, p.end)))
