"""Words and the codebook's lexicon in a text: the only module that imports spaCy.

A blank English tokenizer cuts a text into tokens; each token's norm is its stem, so that the
codebook's phrases meet plural and past tense. Abbreviations are matched as written (`MAPPA`,
`PSOs`) and meet their expansions: either gives the same hit.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from pipelines.codebook import Codebook, load_codebook
from pipelines.errors import SettingsError

if TYPE_CHECKING:
    from spacy.tokens import Doc

_VOWEL = re.compile(r"[aeiouy]")
_DOUBLE = re.compile(r"([^aeioulsz])\1$")
_KEEP = frozenset({"probation", "housing", "training", "during", "willing", "evening", "need"})
_SENTENCE_END = frozenset(".!?")
_GAP = "..."
_PART = "part/"
WIDEST_GAP = 5


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: its stem, its lower-case form, and where it stands.

    A word of an abbreviation's expansion stands where the abbreviation does.
    """

    stem: str
    lower: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where an entry of the codebook's lexicon, or an abbreviation, was found."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Annotated:
    """The words and lexicon hits of a text; `sentences` are (start, end) offsets."""

    tokens: tuple[Token, ...]
    hits: tuple[Hit, ...]
    sentences: tuple[tuple[int, int], ...]


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Return the word without plural, -ed and -ing, in lower case (Porter's first step)."""
    w = word.lower().replace("’", "'")
    if w.endswith("'s"):
        w = w[:-2]
    if len(w) < 4 or w in _KEEP or not w.isalpha():
        return w
    w = _singular(w)
    for ending in ("ing", "ed"):
        body = w[: -len(ending)]
        if w.endswith(ending) and len(body) > 2 and _VOWEL.search(body) and w not in _KEEP:
            w = _mended(body)
            break
    return w[:-1] if len(w) > 3 and w.endswith("e") else w


def _singular(w: str) -> str:
    if w.endswith(("sses", "shes", "ches", "xes")):
        return w[:-2]
    if w.endswith("ies"):
        return w[:-3] + "y"
    if w.endswith("s") and not w.endswith(("ss", "us", "is")):
        return w[:-1]
    return w


def _mended(body: str) -> str:
    if body.endswith("i"):
        return body[:-1] + "y"
    return body[:-1] if _DOUBLE.search(body) else body


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A short form and one thing it stands for."""

    short: str
    expansion: str


@cache
def load_abbreviations() -> tuple[Abbreviation, ...]:
    """Load and check the shipped abbreviations, one expansion a row.

    Raises:
        SettingsError: A row lacks a value or stands twice.
    """
    source = files("pipelines") / "data" / "abbreviations.csv"
    rows = list(csv.DictReader(source.read_text(encoding="utf-8").splitlines()))
    seen: set[tuple[str, str]] = set()
    for number, row in enumerate(rows, start=2):
        if set(row) != {"short", "expansion"} or not all(row.values()):
            raise SettingsError(
                f"abbreviations.csv row {number}: got {row}; expected a short form and an expansion"
            )
        key = (row["short"], row["expansion"].casefold())
        if key in seen:
            raise SettingsError(f"abbreviations.csv row {number}: {key} stands twice; remove one")
        seen.add(key)
    return tuple(Abbreviation(row["short"], row["expansion"]) for row in rows)


class Lexis:
    """The tokenizer with the matchers of one codebook's lexicon."""

    def __init__(self, codebook: Codebook) -> None:
        import spacy
        from spacy.attrs import NORM
        from spacy.matcher import PhraseMatcher

        nlp: Any = spacy.blank("en")
        nlp.vocab.lex_attr_getters[NORM] = stem
        nlp.tokenizer.rules = {}  # exceptions such as "can't" would override the norm
        self._nlp = nlp
        self._strings = nlp.vocab.strings
        self._phrases: Any = PhraseMatcher(nlp.vocab, attr="NORM")
        self._shorts: Any = PhraseMatcher(nlp.vocab, attr="ORTH")
        self._expansions: dict[int, tuple[Token, ...]] = {}
        self._patterns: dict[int, list[tuple[str, tuple[int, ...]]]] = {}
        self._parts: set[int] = set()
        self._add_abbreviations()
        for theme in codebook.themes:
            for phrase in theme.lexicon.phrases:
                self._add_phrase(f"{theme.slug}/{phrase.replace(' ', '_')}", phrase)
            for pattern in theme.lexicon.patterns:
                self._add_pattern(f"{theme.slug}/{pattern.replace(' ', '_')}", pattern)

    def _add_phrase(self, name: str, phrase: str) -> None:
        self._phrases.add(name, [self._nlp.make_doc(words) for words in variants(phrase)])

    def _add_pattern(self, name: str, pattern: str) -> None:
        keys: list[int] = []
        for part in pattern.split(_GAP):
            self._add_phrase(f"{_PART}{part.strip()}", part.strip())
            keys.append(self._strings.add(f"{_PART}{part.strip()}"))
        self._parts.update(keys)
        self._patterns.setdefault(keys[0], []).append((name, tuple(keys)))

    def _add_abbreviations(self) -> None:
        by_short: dict[str, list[str]] = {}
        for entry in load_abbreviations():
            by_short.setdefault(entry.short, []).append(entry.expansion)
        for short, expansions in by_short.items():
            name = f"abbr/{short}"
            forms = [short] if short.endswith("s") else [short, f"{short}s"]
            self._shorts.add(name, [self._nlp.make_doc(form) for form in forms])
            self._phrases.add(name, [self._nlp.make_doc(words) for words in expansions])
            if len(expansions) == 1 and short.lower() not in expansions[0].lower():
                words = [w for w in self._nlp.make_doc(expansions[0]) if w.text.isalnum()]
                self._expansions[self._strings.add(name)] = tuple(
                    Token(w.norm_, w.text.lower(), 0, 0) for w in words
                )

    def annotate(self, texts: Iterable[str]) -> list[Annotated]:
        """Find words, sentences and lexicon hits, a result a text."""
        return [self._annotated(self._nlp.make_doc(text)) for text in texts]

    def _annotated(self, doc: Doc) -> Annotated:
        hits: list[Hit] = []
        expanded: dict[int, tuple[Token, ...]] = {}
        for key, first, last in self._shorts(doc):
            hits.append(self._hit(doc, self._strings[key], first, last))
            expanded[last - 1] = self._expansions.get(key, ())
        parts: dict[int, list[tuple[int, int]]] = {}
        for key, first, last in self._phrases(doc):
            if key in self._parts:
                parts.setdefault(key, []).append((first, last))
            else:
                hits.append(self._hit(doc, self._strings[key], first, last))
        hits.extend(
            self._hit(doc, name, first, last)
            for key in parts
            for name, keys in self._patterns.get(key, ())
            for first, last in _chains([parts.get(k, []) for k in keys])
        )
        tokens: list[Token] = []
        sentences: list[tuple[int, int]] = []
        opened = 0
        for number, token in enumerate(doc):
            text = token.text
            start = token.idx
            end = start + len(text)
            if text in _SENTENCE_END and token.whitespace_:
                sentences.append((opened, end))
                opened = end + 1
            if text.isalnum() or any(ch.isalnum() for ch in text):
                tokens.append(Token(token.norm_, text.lower(), start, end))
            if number in expanded:
                tokens += [Token(w.stem, w.lower, start, end) for w in expanded[number]]
        if opened < len(doc.text):
            sentences.append((opened, len(doc.text)))
        return Annotated(tuple(tokens), tuple(sorted(hits, key=_place)), tuple(sentences))

    @staticmethod
    def _hit(doc: Doc, name: str, first: int, last: int) -> Hit:
        return Hit(name, doc[first].idx, doc[last - 1].idx + len(doc[last - 1]))


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


def variants(phrase: str) -> list[str]:
    """Write out the alternatives of a phrase: `(a|b) c` is `a c` and `b c`; `(a|) c` may lack a."""
    found = re.search(r"\(([^()]*)\)", phrase)
    if not found:
        return [" ".join(phrase.split())]
    out: list[str] = []
    for choice in found.group(1).split("|"):
        out.extend(variants(phrase[: found.start()] + choice + phrase[found.end() :]))
    return out


@cache
def shipped_lexis() -> Lexis:
    """Return the lexis of the shipped codebook, made once."""
    return Lexis(load_codebook())


def annotate(texts: Sequence[str]) -> list[Annotated]:
    """Find words, sentences and the shipped codebook's lexicon hits, a result a text."""
    return shipped_lexis().annotate(texts)


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
        import spacy
        from spacy.matcher import Matcher

        self._nlp = spacy.blank("en")
        self._matcher = Matcher(self._nlp.vocab, validate=False)
        keys = {name: self._nlp.vocab.add_flag(test) for name, test in flags.items()}
        for name, alternatives in patterns(keys).items():
            self._matcher.add(name, alternatives, greedy="LONGEST")

    def match(self, text: str) -> Matched:
        """Cut a text into words and find the rules' places in it, in the order of the text."""
        doc = self._nlp.make_doc(text)
        name = self._nlp.vocab.strings
        found = sorted((first, last, name[key]) for key, first, last in self._matcher(doc))
        words = tuple(Token("", t.lower_, t.idx, t.idx + len(t)) for t in doc)
        return Matched(words, tuple((name, first, last) for first, last, name in found))
