"""The blank English tokenizer: the door by which spaCy comes in."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Final

from pipelines.lexis.forms import LONGEST

if TYPE_CHECKING:
    from spacy.language import Language

_COMMANDS: Final = ("spacy.cli", "spacy.cli.info")


def blank_english() -> Language:
    """Return a new tokenizer of English, for texts of any length that a document may have."""
    with _commands_left_out():
        import spacy

    nlp = spacy.blank("en")
    nlp.max_length = LONGEST
    return nlp


@contextmanager
def _commands_left_out() -> Iterator[None]:
    """Have spaCy imported without its command line, which loads clients of the web: a quarter less.

    Its only use there is `spacy.info`; whoever asks for either afterwards gets the real one.
    """
    if "spacy" in sys.modules:
        yield
        return
    for name in _COMMANDS:
        sys.modules[name] = ModuleType(name)
    asked = {"info": lambda *given, **named: import_module(_COMMANDS[1]).info(*given, **named)}
    sys.modules[_COMMANDS[1]].__dict__.update(asked)
    try:
        yield
    finally:
        for name in _COMMANDS:
            del sys.modules[name]
