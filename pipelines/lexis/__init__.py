"""Words and the codebook's lexicon in a text: the only package that imports spaCy.

A blank English tokenizer cuts a text into tokens; phrases are looked for by their stems, so that
the codebook's meet plural and past tense. Abbreviations are matched as written (`MAPPA`,
`PSOs`) and meet their expansions: either gives the same hit.
"""

from pipelines.lexis.forms import (
    Abbreviation,
    Annotated,
    Hit,
    Token,
    load_abbreviations,
    load_spellings,
    stem,
)
from pipelines.lexis.lexicon import METHOD, Lexis, annotate, lexicon_digest, lexis_in_use
from pipelines.lexis.rules import Matched, Patterns, Rules
from pipelines.wordings import variants

__all__ = [
    "METHOD",
    "Abbreviation",
    "Annotated",
    "Hit",
    "Lexis",
    "Matched",
    "Patterns",
    "Rules",
    "Token",
    "annotate",
    "lexicon_digest",
    "lexis_in_use",
    "load_abbreviations",
    "load_spellings",
    "stem",
    "variants",
]
