"""Why a finding was given its themes: what each word adds to a theme's log-odds.

The model is linear and its calibration too, so the contributions are exact: those of a theme's
parts and its base add up to the log-odds whose logistic is the probability shown. A theme's score
is a mix of that of the finding's best sentence and that of the whole finding, and so are the parts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pipelines import columns as c
from pipelines.lexis import Annotated, annotate
from pipelines.tag.contributions import Span, Weighed, contributions
from pipelines.tag.features import Pieces, transform_views, views
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
        claim: Where the sentence stands that counts most.
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
    scored = _Scored.of([text], used)
    every = np.arange(len(used.themes))
    weighed = scored.weigh(np.zeros_like(every), every)
    decision = used.decision
    scores = scored.pieces.pool(scored.scores, whole=used.whole)
    probabilities = decision.probabilities(scores)
    assigned = decision.assigned(probabilities)[0]
    uncertain = decision.uncertain(probabilities)[0]
    slopes, offsets = np.asarray(decision.slopes), np.asarray(decision.offsets)
    log_odds, bases = scores[0] * slopes + offsets, used.intercepts * slopes + offsets
    reasons = tuple(
        ThemeReason(
            theme,
            float(probabilities[0, n]),
            bool(assigned[n]),
            bool(uncertain[n]),
            float(log_odds[n]),
            float(bases[n]),
            _extent(scored.pieces.flat[scored.best[0, n]], text),
            _parts(text, weighed, n),
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
    found = _Scored.of(texts, model).weigh(finding, theme)
    size = np.abs(found.weight)
    nothing = found.weight == 0.0
    order = np.lexsort((found.end, -found.weight, found.start, -size, nothing, found.pair))
    firsts = np.searchsorted(found.pair, found.pair)  # sorted by pair before and after
    kept = order[(np.arange(len(order)) - firsts < most) & ~nothing[order]]
    starts, ends = found.start[kept].tolist(), found.end[kept].tolist()
    owners = finding[found.pair[kept]].tolist()
    out[c.FINDING_ID] += [ids[n] for n in owners]
    out[c.THEME] += [model.themes[n] for n in theme[found.pair[kept]].tolist()]
    out[c.START] += starts
    out[c.END] += ends
    out[c.TEXT] += [texts[n][a:b] for n, a, b in zip(owners, starts, ends, strict=True)]
    out[c.WEIGHT] += np.round(found.weight[kept], 4).tolist()


@dataclass(frozen=True)
class _Scored:
    """Texts with the scores of their pieces.

    Attributes:
        scores: (pieces, themes), before calibration.
        best: (texts, themes): the piece that is the best claim.
    """

    model: Model
    pieces: Pieces
    matrix: csr_matrix
    scores: NDArray[np.float64]
    best: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[str], model: Model) -> _Scored:
        """Score the pieces of texts."""
        pieces = Pieces.of(annotate(texts))
        matrix = transform_views(model.pipeline[0], views(pieces.flat))
        scores = np.asarray(matrix @ model.weights) + model.intercepts
        return cls(model, pieces, matrix, scores, pieces.best(scores))

    def weigh(self, finding: NDArray[np.int64], theme: NDArray[np.int64]) -> Weighed:
        """Weigh the places of texts for themes; n pairs of them are given as two arrays.

        A text's score mixes that of its best claim and of the whole: so do its places' weights.
        """
        pair = np.arange(len(finding))
        pieces = np.concatenate([self.best[finding, theme], self.pieces.wholes[finding]])
        chosen, at = np.unique(pieces, return_inverse=True)
        parts = [self.pieces.flat[n] for n in chosen.tolist()]
        found = contributions(parts, self.matrix[chosen], model=self.model)
        whole = self.model.whole
        return found.weigh(
            pair=np.concatenate([pair, pair]),
            claim=at,
            theme=np.concatenate([theme, theme]),
            factor=np.repeat([1.0 - whole, whole], len(pair)),
        )


def _extent(claim: Annotated, text: str) -> Span:
    sentences = claim.sentences or ((0, len(text)),)
    return sentences[0][0], sentences[-1][1]


def _parts(text: str, found: Weighed, pair: int) -> tuple[Part, ...]:
    rows = slice(*np.searchsorted(found.pair, [pair, pair + 1]).tolist())
    values = (found.start[rows], found.end[rows], found.weight[rows])
    parts = [
        Part(start, end, text[start:end], weight)
        for start, end, weight in zip(*(v.tolist() for v in values), strict=True)
        if weight
    ]
    return tuple(sorted(parts, key=lambda p: (-p.weight, p.start, p.end)))
