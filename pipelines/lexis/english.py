"""The blank English tokenizer: the door by which spaCy comes in."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Final

from pipelines.lexis.forms import LONGEST

if TYPE_CHECKING:
    from spacy.language import Language

_COMMANDS: Final = ("spacy.cli", "spacy.cli.info")


def blank_english() -> Language:
    """Return a new tokenizer of English, for texts of any length that a document may have.

    spaCy loads the commands of its own that it offers in a terminal, and for these two clients of
    the web: four tenths of what it costs to load. They stay out, and load when asked for.
    """
    if "spacy" not in sys.modules:
        empty = {name: ModuleType(name) for name in _COMMANDS}
        empty["spacy.cli.info"].__dict__["info"] = None
        sys.modules.update(empty)
        try:
            import spacy
        finally:
            for name in _COMMANDS:
                sys.modules.pop(name, None)
    import spacy

    nlp = spacy.blank("en")
    nlp.max_length = LONGEST
    return nlp
