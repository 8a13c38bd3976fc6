"""From a finding's text to numbers: the views of it, and the unfitted scikit-learn pipeline.

`views` writes a text down in the ways below, without having learned anything; all that is
learned is inside the pipeline. Every view is text again, so that a saved pipeline holds nothing
but scikit-learn's own types.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pipelines.errors import SettingsError
from pipelines.lexis import Annotated, annotate

if TYPE_CHECKING:
    import pandas as pd
    from sklearn.compose import ColumnTransformer

WORDS: Final = "words"  # stems, the expansion after each abbreviation
LETTERS: Final = "letters"  # lower-case forms, for runs of letters inside words
ENTRIES: Final = "entries"  # entries of the lexicon that were found
HINTS: Final = "hints"  # theme of each entry that was found: one an entry
CONTEXT: Final = "context"  # polarity and standard, for the ablation
VIEWS: Final = (WORDS, LETTERS, ENTRIES, HINTS, CONTEXT)


@dataclass(frozen=True, slots=True)
class FeatureSettings:
    """How much each view weighs; 0 leaves it out.

    Attributes:
        words: Stems and pairs of them, TF-IDF.
        letters: Runs of three to five letters inside words, TF-IDF.
        entries: Entries of the lexicon, TF-IDF.
        hints: 1 + ln(number of entries) found for a theme.
        context: Polarity and standard.
    """

    words: float = 1.0
    letters: float = 1.0
    entries: float = 1.0
    hints: float = 0.4
    context: float = 0.0

    def __post_init__(self) -> None:
        """Refuse weights that mean nothing."""
        weights = {view: getattr(self, view) for view in VIEWS}
        for view, weight in weights.items():
            if not 0.0 <= weight <= 10.0:
                raise SettingsError(f"weight of {view}: got {weight}, expected 0 to 10")
        if not any(weights.values()):
            raise SettingsError("all views weigh 0; give at least one of them a weight")


def views(
    texts: Sequence[str], *, contexts: Sequence[str] | None = None
) -> tuple[pd.DataFrame, list[Annotated]]:
    """Write each text down in every view.

    Args:
        texts: n findings.
        contexts: n strings of context terms (`polarity=strength code=1.1`); none where absent.

    Returns:
        A frame of n rows and a column a view, and the n annotations it was made from.
    """
    import pandas as pd

    annotated = annotate(texts)
    frame = pd.DataFrame(
        {
            WORDS: [" ".join(t.stem for t in a.tokens) for a in annotated],
            LETTERS: [" ".join(t.lower for t in a.tokens) for a in annotated],
            ENTRIES: [" ".join(sorted({h.name for h in a.hits})) for a in annotated],
            HINTS: [
                " ".join(name.split("/")[0] for name in sorted({h.name for h in a.hits}))
                for a in annotated
            ],
            CONTEXT: list(contexts) if contexts is not None else [""] * len(annotated),
        },
        columns=list(VIEWS),
        dtype="object",
    )
    return frame, annotated


def unfitted_features(settings: FeatureSettings) -> ColumnTransformer:
    """Return the unfitted preparation: a frame of views to a sparse matrix."""
    from sklearn.compose import ColumnTransformer
    from sklearn.feature_extraction.text import TfidfVectorizer

    whole = r"\S+"
    vectorizers = {
        WORDS: TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=whole),
        LETTERS: TfidfVectorizer(
            analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, min_df=2
        ),
        ENTRIES: TfidfVectorizer(binary=True, lowercase=False, token_pattern=whole),
        HINTS: TfidfVectorizer(
            sublinear_tf=True, use_idf=False, norm=None, lowercase=False, token_pattern=whole
        ),
        CONTEXT: TfidfVectorizer(
            binary=True, use_idf=False, norm=None, lowercase=False, token_pattern=whole
        ),
    }
    used = [view for view in VIEWS if getattr(settings, view) > 0]
    return ColumnTransformer(
        [(view, vectorizers[view], view) for view in used],
        transformer_weights={view: getattr(settings, view) for view in used},
        sparse_threshold=1.0,
    )
