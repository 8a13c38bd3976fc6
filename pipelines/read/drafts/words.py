"""Whether a hyphen at a line's end divides a word: what the document says, then the word list.

The list, `pipelines/data/words.txt`, holds the words of the findings that were written for
training (`python corpus/words.py` makes it); it knows the field's vocabulary, not all of English.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Final

from pipelines.errors import SettingsError

HANGING: Final = frozenset({"and", "or", "to", "nor"})
"""Words before which a hyphen stands for the rest of a word: long- and short-term."""

# What no word is by itself, but keeps its hyphen before one: ex-partner, co-located.
_PREFIXES: Final = frozenset({"anti", "co", "ex", "mid", "multi", "non", "post", "pre", "semi"})


def is_divided(head: str, tail: str, counts: Mapping[str, int]) -> bool:
    """Whether `head` and `tail`, with a hyphen between them at a line's end, are one word.

    Args:
        head: What stands before the hyphen, in lower case.
        tail: What the next line starts with, in lower case.
        counts: The document's own words and how often each stands undivided.
    """
    hyphened, solid = known(head, tail, counts)
    if hyphened or solid:
        return solid > hyphened
    words = known_words()
    two_words = tail in counts or tail in words
    return not (two_words and (head in counts or head in words or head in _PREFIXES))


def known(head: str, tail: str, counts: Mapping[str, int]) -> tuple[int, int]:
    """How often the two stand with a hyphen, and as one word; in the list counts where neither."""
    hyphened, solid = counts.get(f"{head}-{tail}", 0), counts.get(head + tail, 0)
    if hyphened or solid:
        return hyphened, solid
    words = known_words()
    return int(f"{head}-{tail}" in words), int(head + tail in words)


@lru_cache(maxsize=1)
def known_words() -> frozenset[str]:
    """The words of the list, in lower case.

    Raises:
        SettingsError: The list is not one word a line, sorted, in lower case.
    """
    lines = (files("pipelines") / "data" / "words.txt").read_text(encoding="utf-8").splitlines()
    for number, (word, after) in enumerate(zip(lines, [*lines[1:], "\uffff"], strict=True), 1):
        if not word or word != word.strip().lower() or word >= after:
            raise SettingsError(
                f"words.txt line {number}: got {word!r}, expected words in lower case, sorted, "
                "each once; make the list anew with python corpus/words.py"
            )
    return frozenset(lines)
