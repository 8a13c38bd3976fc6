"""A fitted model: features shared by two levels, themes and issues, and how each decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pipelines.catalogue import load_catalogue
from pipelines.codebook import load_codebook
from pipelines.errors import SettingsError
from pipelines.lexis import Annotated
from pipelines.shortforms import annotate_in_context, written_out
from pipelines.tag.features.encoder import load_encoder
from pipelines.tag.features.pipeline import Pieces, meanings_of, views
from pipelines.tag.features.terms import Terms, transform_views
from pipelines.tag.models.aid import Aid
from pipelines.tag.models.decide import Decision
from pipelines.tag.models.sections import SectionHints
from pipelines.tag.models.weights import Weights

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

THEMES: Final = "themes"
ISSUES: Final = "issues"
LEVELS: Final = (THEMES, ISSUES)
NEVER: Final = -1e3  # score of a slug that nothing was learned of


def slugs_of(level: str) -> tuple[str, ...]:
    """Return the slugs of a level: themes of the codebook, or subjects of the catalogue."""
    return load_codebook().slugs if level == THEMES else load_catalogue().slugs


@dataclass(frozen=True)
class Head:
    """A level of the codebook: a linear score for each of its slugs, and how scores decide.

    Attributes:
        slugs: Of themes, or of the subjects of issues.
        weights: (features, slugs).
        intercepts: (slugs,).
        decision: From scores to probabilities and decisions.
        hints: What the section that a finding stands in adds to log-odds.
        aid: What the encoder adds to the scores; None without it.
    """

    slugs: tuple[str, ...]
    weights: Weights
    intercepts: NDArray[np.float64]
    decision: Decision
    hints: SectionHints = field(default_factory=SectionHints)
    aid: Aid | None = None

    def __post_init__(self) -> None:
        """Refuse parts that are not all of the same slugs."""
        sizes = {
            "slugs": len(self.slugs),
            "slopes": len(self.decision.slopes),
            "columns of weights": self.weights.steps.shape[1],
            "intercepts": len(self.intercepts),
            **{f"hints of {name}": len(row) for name, row in self.hints.learned.items()},
            **({"columns of the encoder": len(self.aid.columns)} if self.aid else {}),
        }
        if wrong := [f"{n} {what}" for what, n in sizes.items() if n != len(self.slugs)]:
            raise SettingsError(f"{', '.join(wrong)} for {len(self.slugs)} slugs")

    @property
    def slopes(self) -> NDArray[np.float64]:
        """What a score counts for in log-odds: (slugs,)."""
        return np.asarray(self.decision.slopes)

    @property
    def words_share(self) -> NDArray[np.float64]:
        """What the words count for in each slug's score, the encoder the rest: (slugs,)."""
        return np.ones(len(self.slugs)) if self.aid is None else 1.0 - self.aid.shares

    def without_aid(self) -> Head:
        """Return the head as it decides by words alone."""
        return self if self.aid is None else replace(self, decision=self.aid.alone, aid=None)

    def scores(self, matrix: csr_matrix, meanings: NDArray[np.float32]) -> NDArray[np.float64]:
        """Score rows of features: (rows, slugs)."""
        return self.weights.score(matrix, meanings) + self.intercepts

    def probabilities(
        self, scores: NDArray[np.float64], sections: Sequence[str]
    ) -> NDArray[np.float64]:
        """Calibrate pooled scores of texts, the hints of their sections added: (texts, slugs)."""
        return self.decision.probabilities(scores, self.hints.rows(sections))


def empty_head() -> Head:
    """Return the head of a level that a project does without."""
    return Head((), Weights.none(0, 0), np.zeros(0), Decision((), (), (), 0.0))


@dataclass(frozen=True)
class Model:
    """A loaded model, and what its folder says of it.

    Attributes:
        features: The terms that it knows of each view; see `terms.transform_views`.
        themes: The first level.
        issues: The second.
        meta: What `meta.json` holds.
    """

    name: str
    version: int
    features: tuple[Terms, ...]
    themes: Head
    issues: Head
    meta: dict[str, Any]
    folder: Path | None = None

    @property
    def label(self) -> str:
        """Name and version, which is the folder's name."""
        return f"{self.name}-{self.version}"

    def head(self, level: str) -> Head:
        """Return the head of a level, `themes` or `issues`."""
        return self.themes if level == THEMES else self.issues

    def whole(self, level: str) -> float:
        """Return what the whole text counts for beside its best sentence, from 0 to 1."""
        name = "whole" if level == THEMES else "issue_whole"
        return float(self.meta.get("settings", {}).get(name, 0.0))

    @property
    def meanings(self) -> float:
        """Weight of the words' meanings among the features."""
        return float(self.meta.get("settings", {}).get("features", {}).get("meanings", 0.0))

    @property
    def aided(self) -> bool:
        """Whether the encoder reads with it."""
        return any(self.head(level).aid is not None for level in LEVELS)

    def without_encoder(self) -> Model:
        """Return the model as it decides by words alone: worse, and ten times as fast."""
        return replace(self, themes=self.themes.without_aid(), issues=self.issues.without_aid())

    def mixed(
        self,
        scores: Mapping[str, NDArray[np.float64]],
        texts: Sequence[str],
        contexts: Sequence[Mapping[str, str]] | None = None,
    ) -> dict[str, NDArray[np.float64]]:
        """Mix the encoder's scores of texts into those of their words: by level, (texts, slugs).

        Args:
            scores: By level, (texts, slugs), by the words.
            texts: n texts.
            contexts: As for `probabilities`; the encoder reads the short forms written out.
        """
        aids = {level: self.head(level).aid for level in scores}
        if not any(aids.values()):
            return dict(scores)
        if contexts is not None:
            texts = [written_out(text, own) for text, own in zip(texts, contexts, strict=True)]
        read = load_encoder().scores(texts)
        return {
            level: found if (aid := aids[level]) is None else aid.mix(found, read[level])
            for level, found in scores.items()
        }

    def matrix(self, annotated: Sequence[Annotated]) -> tuple[csr_matrix, NDArray[np.float32]]:
        """Return the features of claims or texts, a row each: their terms, and their meanings."""
        matrix = transform_views(self.features, views(annotated))
        return matrix, meanings_of(annotated, self.meanings)

    def probabilities(
        self,
        texts: Sequence[str],
        sections: Sequence[str] | None = None,
        contexts: Sequence[Mapping[str, str]] | None = None,
    ) -> dict[str, NDArray[np.float64]]:
        """Return calibrated probabilities by level, arrays of (texts, slugs).

        Args:
            texts: n texts.
            sections: Slugs of the sections that they stand in, empty where unknown; see
                `sections.section_of`.
            contexts: What the document of each says that its short forms stand for; see
                `shortforms.annotate_in_context`.
        """
        pieces = Pieces.of(annotate_in_context(texts, contexts))
        matrix, meanings = self.matrix(pieces.flat)
        where = sections if sections is not None else [""] * len(texts)
        pooled = {
            level: pieces.pool(self.head(level).scores(matrix, meanings), whole=self.whole(level))
            for level in LEVELS
        }
        mixed = self.mixed(pooled, texts, contexts)
        return {level: self.head(level).probabilities(mixed[level], where) for level in LEVELS}
