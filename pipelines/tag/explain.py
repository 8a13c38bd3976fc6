"""Why a finding was given its themes: what each word adds to a theme's log-odds.

The model is linear and its calibration too, so the contributions are exact: those of a theme's
parts and its base add up to the log-odds whose logistic is the probability shown. A theme's score
is that of the finding's best sentence; the parts stand in that sentence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from pipelines import columns as c
from pipelines.lexis import Annotated, annotate
from pipelines.tag.features import (
    ENTRIES,
    HINTS,
    LETTERS,
    VIEWS,
    WORDS,
    claims,
    transform_views,
    views,
)
from pipelines.tag.model import Model
from pipelines.tag.registry import load_model

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

SHORTEST_RUN: Final = 3  # of letters, as the vectorizer's
LONGEST_RUN: Final = 5
SHOWN: Final = 3  # themes beside the assigned ones

Span = tuple[int, int]


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
    return next(_explanations([text], used))


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
    from pipelines.tables import frame

    used = model if model is not None else load_model()
    given: dict[str, set[str]] = defaultdict(set)
    rows = tags[tags[c.ASSIGNED]]
    for finding_id, theme in zip(rows[c.FINDING_ID], rows[c.THEME], strict=True):
        given[finding_id].add(theme)
    out: list[dict[str, object]] = []
    texts = [str(t) for t in findings[c.TEXT]]
    for finding_id, found in zip(findings[c.FINDING_ID], _explanations(texts, used), strict=True):
        for reason in found.reasons:
            if reason.theme not in given[finding_id]:
                continue
            strongest = sorted(reason.parts, key=lambda p: (-abs(p.weight), p.start))[:most]
            out += [
                {
                    c.FINDING_ID: finding_id,
                    c.THEME: reason.theme,
                    c.START: part.start,
                    c.END: part.end,
                    c.TEXT: part.text,
                    c.WEIGHT: round(part.weight, 4),
                }
                for part in strongest
            ]
    return frame("explanations", out)


def _explanations(texts: Sequence[str], model: Model) -> Iterator[Explanation]:
    names = _feature_names(model)
    slopes = np.asarray(model.decision.slopes)
    bases = model.intercepts * slopes + np.asarray(model.decision.offsets)
    for text, annotated in zip(texts, annotate(texts), strict=True):
        parts = claims(annotated)
        matrix = transform_views(model.pipeline[0], views(parts))
        scores = np.asarray(matrix @ model.weights) + model.intercepts
        best = scores.argmax(axis=0)
        probabilities = model.decision.probabilities(scores.max(axis=0)[None, :])
        assigned = model.decision.assigned(probabilities)[0]
        uncertain = model.decision.uncertain(probabilities)[0]
        weighed: dict[int, dict[Span, NDArray[np.float64]]] = {}
        for number in sorted(set(best.tolist())):
            row = matrix[number]
            values = row.data[:, None] * model.weights[row.indices] * slopes
            weighed[number] = _spread(parts[number], [names[j] for j in row.indices], values)
        yield Explanation(
            text,
            model.label,
            tuple(
                ThemeReason(
                    theme,
                    float(probabilities[0, n]),
                    bool(assigned[n]),
                    bool(uncertain[n]),
                    float(scores[best[n], n] * slopes[n] + model.decision.offsets[n]),
                    float(bases[n]),
                    _extent(parts[best[n]], text),
                    _parts(text, weighed[int(best[n])], n),
                )
                for n, theme in enumerate(model.themes)
            ),
        )


def _extent(claim: Annotated, text: str) -> Span:
    sentences = claim.sentences or ((0, len(text)),)
    return sentences[0][0], sentences[-1][1]


def _parts(text: str, weighed: dict[Span, NDArray[np.float64]], theme: int) -> tuple[Part, ...]:
    found = [
        Part(start, end, text[start:end], float(values[theme]))
        for (start, end), values in weighed.items()
        if values[theme] != 0.0
    ]
    return tuple(sorted(found, key=lambda p: (-p.weight, p.start, p.end)))


def _feature_names(model: Model) -> list[tuple[str, str]]:
    """Return (view, term) of every feature, in the order of the weights."""
    out: list[tuple[str, str]] = []
    for view, vectorizer, _ in model.pipeline[0].transformers_:
        if view in VIEWS:  # scikit-learn lists what it drops, too
            out += [(view, str(term)) for term in vectorizer.get_feature_names_out()]
    return out


def _spread(
    claim: Annotated, names: list[tuple[str, str]], values: NDArray[np.float64]
) -> dict[Span, NDArray[np.float64]]:
    """Share each feature's contributions among the places of the text that made it."""
    places = _places(claim)
    out: dict[Span, NDArray[np.float64]] = {}
    for name, value in zip(names, values, strict=True):
        spans = places.get(name) or [(0, 0)]  # context terms stand nowhere in the text
        for span in spans:
            share = value / len(spans)
            out[span] = out[span] + share if span in out else share
    return out


def _places(claim: Annotated) -> dict[tuple[str, str], list[Span]]:
    places: dict[tuple[str, str], list[Span]] = defaultdict(list)
    tokens = claim.tokens
    for i, token in enumerate(tokens):
        span = (token.start, token.end)
        places[WORDS, token.stem].append(span)
        if i + 1 < len(tokens):
            pair = f"{token.stem} {tokens[i + 1].stem}"
            after = tokens[i + 1]
            places[WORDS, pair].append((min(token.start, after.start), max(token.end, after.end)))
        for run in _runs(token.lower):
            places[LETTERS, run].append(span)
    for hit in claim.hits:
        places[ENTRIES, hit.name].append((hit.start, hit.end))
        places[HINTS, hit.name.split("/")[0]].append((hit.start, hit.end))
    return places


def _runs(word: str) -> Iterator[str]:
    """Cut a word into runs of letters, as scikit-learn's `char_wb` does."""
    padded = f" {word} "
    for size in range(SHORTEST_RUN, LONGEST_RUN + 1):
        if size >= len(padded):
            yield padded
            return
        for at in range(len(padded) - size + 1):
            yield padded[at : at + size]
