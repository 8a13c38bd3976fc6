"""Named token patterns over the blank English tokenizer, for whoever looks for wordings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.lexis.forms import Token
from pipelines.lexis.tokenizer import blank_english

if TYPE_CHECKING:
    from spacy.tokens import Doc


@dataclass(frozen=True, slots=True)
class Matched:
    """The words of a text, and where rules matched: name, first word, word after."""

    words: tuple[Token, ...]
    found: tuple[tuple[str, int, int], ...]


Patterns = dict[str, list[list[dict[Any, Any]]]]


class Rules:
    """Named token patterns over the blank English tokenizer; the longest match of a name wins.

    `flags` are tests of words, decided once for each word of the language; `patterns` is given
    the key under which a pattern asks for each.
    """

    def __init__(
        self,
        patterns: Callable[[Mapping[str, int]], Patterns],
        flags: Mapping[str, Callable[[str], bool]],
    ) -> None:
        self._nlp = blank_english()
        from spacy.matcher import Matcher

        self._matcher = Matcher(self._nlp.vocab, validate=False)
        keys = {name: self._nlp.vocab.add_flag(test) for name, test in flags.items()}
        for name, alternatives in patterns(keys).items():
            self._matcher.add(name, alternatives, greedy="LONGEST")

    def match(self, text: str) -> Matched:
        """Cut a text into words and find the rules' places in it, in the order of the text."""
        doc = self._cut(text)
        name = self._nlp.vocab.strings
        found = sorted((first, last, name[key]) for key, first, last in self._matcher(doc))
        return Matched(_words(doc), tuple((name, first, last) for first, last, name in found))

    def words(self, text: str) -> Matched:
        """Cut a text into words as `match` does, and look for nothing in it."""
        return Matched(_words(self._cut(text)), ())

    def _cut(self, text: str) -> Doc:
        cut: Doc = self._nlp.make_doc(text)
        return cut


def _words(doc: Doc) -> tuple[Token, ...]:
    return tuple(Token("", t.lower_, t.idx, t.idx + len(t)) for t in doc)
