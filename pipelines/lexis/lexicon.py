"""The codebook's lexicon in a text: phrases, abbreviations and patterns."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from pipelines.catalogue import Catalogue, load_catalogue
from pipelines.codebook import Codebook, load_codebook
from pipelines.errors import SettingsError
from pipelines.lexis.forms import (
    Annotated,
    Hit,
    Token,
    load_abbreviations,
    load_spellings,
    stem,
)
from pipelines.lexis.phrases import Phrases
from pipelines.lexis.tokenizer import blank_english
from pipelines.project import Layers, layers_in_use
from pipelines.wordings import GAP, variants

if TYPE_CHECKING:
    from spacy.tokens import Doc

_SENTENCE_END = frozenset(".!?")
_UNSEEN = re.compile("[\u00ad\u200b\ufeff]")  # a soft hyphen, or nothing, inside words
_PART = "part/"
WIDEST_GAP = 5
_MOST_FORMS = 300_000

METHOD = "2"
"""Version of how phrases are found: words that the tokenizer knows are met in all their forms."""


class _Form(NamedTuple):
    """A spelling, worked out once however often it stands in texts."""

    text: str
    lower: str
    stem: str
    spelled: bool
    ends: bool


class Lexis:
    """The tokenizer with the phrases of one codebook's lexicon, and of its catalogue's."""

    def __init__(self, codebook: Codebook, catalogue: Catalogue) -> None:
        nlp: Any = blank_english()
        nlp.vocab.lex_attr_getters = {}  # norms, shapes, flags and affixes are not used
        nlp.tokenizer.rules = {}  # exceptions such as "can't" are cut as other words are
        self._nlp = nlp
        self._phrases = Phrases()  # of stems
        self._shorts = Phrases()  # of words as they are written
        self._expansions: dict[str, tuple[Token, ...]] = {}
        self._patterns: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        self._parts: set[str] = set()
        self._hints: dict[str, list[str]] = {}
        self._words: dict[int, _Form] = {}
        self._stems: dict[str, list[str]] = {}
        self._add_abbreviations()
        known = {entry.short for entry in load_abbreviations()}
        for key, lexicon in codebook.wordings:
            if strange := sorted(set(lexicon.abbreviations) - known):
                raise SettingsError(
                    f"codebook: {key}: abbreviation {strange[0]!r} has no expansion; "
                    "add it to abbreviations.csv"
                )
            for short in lexicon.abbreviations:
                own = self._hints.setdefault(f"abbr/{short}", [])
                own.append(f"{key}/{short}")
            for phrase in lexicon.phrases:
                self._add_phrase(f"{key}/{phrase.replace(' ', '_')}", phrase)
            for pattern in lexicon.patterns:
                self._add_pattern(f"{key}/{pattern.replace(' ', '_')}", pattern)
        for key, phrases in catalogue.wordings:
            for phrase in phrases:
                self._add_phrase(f"{key}/{phrase.replace(' ', '_')}", phrase)

    def _add_phrase(self, name: str, phrase: str) -> None:
        for words in variants(phrase):
            self._phrases.add(name, self._stems_of(words))

    def _stems_of(self, words: str) -> list[str]:
        """Cut words at their blanks, and each of these once: the same few stand in all phrases."""
        out: list[str] = []
        for word in words.split():
            if word not in self._stems:
                self._stems[word] = [stem(part.text) for part in self._nlp.make_doc(word)]
            out += self._stems[word]
        return out

    def _add_pattern(self, name: str, pattern: str) -> None:
        keys = tuple(f"{_PART}{part.strip()}" for part in pattern.split(GAP))
        for key in keys:
            self._add_phrase(key, key.removeprefix(_PART))
        self._parts.update(keys)
        self._patterns.setdefault(keys[0], []).append((name, keys))

    def _add_abbreviations(self) -> None:
        by_short: dict[str, list[str]] = {}
        for entry in load_abbreviations():
            by_short.setdefault(entry.short, []).append(entry.expansion)
        for short, expansions in by_short.items():
            name = f"abbr/{short}"
            ways = [short, *load_spellings().get(short, ())]
            forms = (
                ways if short.endswith("s") else [f"{way}{s}" for way in ways for s in ("", "s")]
            )
            for form in forms:
                self._shorts.add(name, [part.text for part in self._nlp.make_doc(form)])
            for words in expansions:
                self._phrases.add(name, self._stems_of(words))
            if len(expansions) == 1 and short.lower() not in expansions[0].lower():
                parts = [part.text for part in self._nlp.make_doc(expansions[0])]
                self._expansions[name] = tuple(
                    Token(stem(part), part.lower(), 0, 0) for part in parts if part.isalnum()
                )

    def annotate(self, texts: Iterable[str]) -> list[Annotated]:
        """Find words, sentences and lexicon hits, a result a text."""
        return [
            self._seen(text) if _UNSEEN.search(text) else self._annotated(text) for text in texts
        ]

    def _seen(self, text: str) -> Annotated:
        """Annotate a text without what has no width; places are those in the text with it."""
        places = [number for number, letter in enumerate(text) if not _UNSEEN.match(letter)]
        found = self._annotated("".join(text[number] for number in places))
        ends = [place + 1 for place in places]
        tokens = tuple(
            one._replace(start=places[one.start], end=ends[one.end - 1]) for one in found.tokens
        )
        hits = tuple(
            one._replace(start=places[one.start], end=ends[one.end - 1]) for one in found.hits
        )
        sentences = tuple((places[start], ends[end - 1]) for start, end in found.sentences)
        return Annotated(tokens, hits, sentences)

    def _annotated(self, text: str) -> Annotated:
        doc: Doc = self._nlp.make_doc(text)
        words = [self._words.get(key) or self._word(key) for key in doc.to_array("ORTH").tolist()]
        starts: list[int] = doc.to_array("IDX").tolist()
        spaced = doc.to_array("SPACY").tolist()
        ends = [start + len(word.text) for start, word in zip(starts, words, strict=True)]
        hits: list[Hit] = []
        expanded: dict[int, tuple[Token, ...]] = {}
        for name, first, last in self._shorts.found([word.text for word in words]):
            hits.append(Hit(name, starts[first], ends[last - 1]))
            expanded[last - 1] = self._expansions.get(name, ())
        parts: dict[str, list[tuple[int, int]]] = {}
        for name, first, last in self._phrases.found([word.stem for word in words]):
            if name in self._parts:
                parts.setdefault(name, []).append((first, last))
            else:
                hits.append(Hit(name, starts[first], ends[last - 1]))
        hits += [
            Hit(name, hit.start, hit.end) for hit in hits for name in self._hints.get(hit.name, ())
        ]
        hits.extend(
            Hit(name, starts[first], ends[last - 1])
            for key in parts
            for name, keys in self._patterns.get(key, ())
            if all(k in parts for k in keys)
            for first, last in _chains([parts[k] for k in keys])
        )
        tokens: list[Token] = []
        sentences: list[tuple[int, int]] = []
        opened = 0
        for number, word in enumerate(words):
            if word.ends and spaced[number]:
                sentences.append((opened, ends[number]))
                opened = ends[number] + 1
            if word.spelled:
                tokens.append(Token(word.stem, word.lower, starts[number], ends[number]))
            if number in expanded:
                tokens += [
                    Token(w.stem, w.lower, starts[number], ends[number]) for w in expanded[number]
                ]
        if opened < len(text):
            sentences.append((opened, len(text)))
        return Annotated(tuple(tokens), tuple(sorted(hits, key=_place)), tuple(sentences))

    def _word(self, key: int) -> _Form:
        text: str = self._nlp.vocab.strings[key]
        spelled = any(ch.isalnum() for ch in text)
        form = _Form(text, text.lower(), stem(text), spelled, text in _SENTENCE_END)
        if len(self._words) < _MOST_FORMS:
            self._words[key] = form
        return form


def _chains(places: list[list[tuple[int, int]]]) -> list[tuple[int, int]]:
    """Join parts that follow each other with up to five words between: (first, last) tokens."""
    chains = places[0]
    for following in places[1:]:
        chains = [
            (first, end)
            for first, last in chains
            for start, end in following
            if last <= start <= last + WIDEST_GAP
        ]
    return chains


def _place(hit: Hit) -> tuple[int, int, str]:
    return (hit.start, hit.end, hit.name)


def lexis_in_use() -> Lexis:
    """Return the lexis of the codebook and catalogue in use, made once for each."""
    return _in_use(layers_in_use())


@lru_cache(maxsize=2)
def _in_use(_layers: Layers) -> Lexis:
    return Lexis(load_codebook(), load_catalogue())


def lexicon_digest() -> str:
    """Return how the lexis in use looks for things, and the SHA-256 of all that it looks for.

    No name or claim is among these.
    """
    return _digest(layers_in_use())


@lru_cache(maxsize=4)
def _digest(_layers: Layers) -> str:
    sought = (
        load_codebook().wordings,
        load_catalogue().wordings,
        load_abbreviations(),
        load_spellings(),
    )
    return f"{METHOD}:{hashlib.sha256(repr(sought).encode()).hexdigest()}"


def annotate(texts: Sequence[str]) -> list[Annotated]:
    """Find words, sentences and hits of the lexicon in use, a result a text."""
    return lexis_in_use().annotate(texts)
