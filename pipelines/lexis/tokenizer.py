"""The blank English tokenizer: the door by which spaCy comes in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.lexis.forms import LONGEST

if TYPE_CHECKING:
    from spacy.language import Language


def blank_english() -> Language:
    """Return a new tokenizer of English, for texts of any length that a document may have."""
    import spacy

    nlp = spacy.blank("en")
    nlp.max_length = LONGEST
    return nlp
