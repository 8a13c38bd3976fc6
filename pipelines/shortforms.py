"""Short forms: what they stand for, here and elsewhere, and how they are spelled.

A document that says what a short form stands for is right inside itself. Else the shipped list
counts; a short form of several senses is marked, and never expanded as if it had one. Definitions
are found by matching letters from the end, as A. Schwartz and M. Hearst do (A simple algorithm for
identifying abbreviation definitions in biomedical text, Pacific Symposium on Biocomputing 2003).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pipelines import columns as c
from pipelines.lexis import Annotated, annotate
from pipelines.lexis.senses import JOINTS, core, distinct, folded, load_senses, oddness

if TYPE_CHECKING:
    import pandas as pd

DOCUMENT: Final = "document"
SHIPPED: Final = "shipped"
UNKNOWN: Final = "unknown"

_TOKEN: Final = re.compile(r"(?<![\w@/.])[A-Za-z][A-Za-z0-9&]*(?:[-+][A-Z0-9]+)?\+?(?![\w@])")
_CAPITALS: Final = re.compile(r"[A-Z]")
_ROMAN: Final = re.compile(r"^[IVX]+$")
_NAMES: Final = re.compile(r"^(?:Mac|Mc|O)[A-Z][a-z]+$")
_BEFORE: Final = re.compile(r"\(\s{0,3}([A-Za-z][\w&+-]{1,11})\s{0,3}\)")
_REACH: Final = 160  # characters before a bracket in which the long form stands
_BEHIND: Final = re.compile(r"(?<!\w)([A-Za-z][\w&+-]{1,11})\s{1,3}\(([^()\n]{4,120})\)")
_ROW: Final = re.compile(r"^([A-Za-z][\w&+-]{1,11})[\t:–—-]\s*([^\t\n]{4,120})", re.MULTILINE)
_LONGEST: Final = 12
_ORDINARY: Final = frozenset({"HM", "UK", "ISBN", "ISSN", "PDF", "OK"})
"""Short forms that need no explanation, in no report's sense of their own."""


@dataclass(frozen=True, slots=True)
class ShortForm:
    """A short form in a document.

    Attributes:
        short: In its usual spelling.
        expansion: What it stands for there; None where that is not known or not decided.
        source: `document`, `shipped` or `unknown`.
        senses: All that it may stand for, the likeliest first.
        spellings: Other spellings that stand in the document.
        times: How often it stands there.
    """

    short: str
    expansion: str | None
    source: str
    senses: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()
    times: int = 0

    @property
    def ambiguous(self) -> bool:
        """Whether it is used for several things; a document that defines it decides."""
        return len(self.senses) > 1 and self.source != DOCUMENT

    @property
    def title(self) -> str:
        """What to show a reader who points at it; empty where nothing is known."""
        if self.expansion is None:
            return " or ".join(self.senses)
        others = [sense for sense in self.senses if sense.casefold() != self.expansion.casefold()]
        if self.source == DOCUMENT or not others:
            return self.expansion
        return f"{self.expansion} (elsewhere also: {', '.join(others)})"


def _fits(short: str, words: str) -> str:
    """Return the end of `words` that a short form abbreviates; empty where none does.

    Each letter of it, from the last, is found in the words, the first at the start of a word.
    """
    letters = [letter for letter in short.casefold() if letter.isalnum()]
    text = words.casefold()
    at = len(text)
    for number in range(len(letters) - 1, -1, -1):
        at -= 1
        while at >= 0 and not (
            text[at] == letters[number] and (number or not (at and text[at - 1].isalnum()))
        ):
            at -= 1
        if at < 0:
            return ""
    found = words[at:].strip(" ,;:–—-")
    many = min(len(letters) + 5, 2 * len(letters))
    parts = found.split()
    return found if 1 < len(parts) <= many and parts[0].casefold() not in JOINTS else ""


def _shipped(short: str, words: str) -> str:
    """Return the end of `words` that is a shipped sense, in the document's own spelling."""
    parts = words.split()
    cores = {core(sense) for sense in load_senses().senses.get(folded(short), ())}
    for many in range(2, min(len(parts), 12) + 1):
        tail = " ".join(parts[-many:]).strip(" ,;:–—-")
        if parts[-many].casefold() not in JOINTS and core(tail) in cores:
            return tail
    return ""


def definitions(text: str) -> dict[str, str]:
    """Find what a document says that its short forms stand for; the first definition counts."""
    out: dict[str, str] = {}
    found = [
        (
            m.start(),
            m[1],
            re.split(r"[()\n]", text[max(0, m.start() - _REACH) : m.start()])[-1],
            True,
        )
        for m in _BEFORE.finditer(text)
    ]
    found += [(m.start(), m[1], m[2], False) for m in _BEHIND.finditer(text)]
    found += [(m.start(), m[1], m[2], False) for m in _ROW.finditer(text)]
    for _, token, words, before in sorted(found):
        short = _single(token)
        if not _is_short(short) or short in out:
            continue
        long = _shipped(short, words) or _fits(short, words)
        # Behind or beside a short form the whole of it must be the long form.
        if long and (before or len(long) == len(words.strip(" ,;:–—-."))):
            out[short] = _singular(long) if token != short else long
    return out


def _single(token: str) -> str:
    """Take a plural's s away: "PSOs" is "PSO"."""
    return token[:-1] if token.endswith("s") and token[:-1].isupper() else token


def _singular(long: str) -> str:
    long = re.sub(r"(?<=[^\W\d_]{2})ies$", "y", long)
    return re.sub(r"(?:(?<=ss|ch|sh)e|(?<=[xz])e|(?<![sui]))s$", "", long)


def _is_short(token: str) -> bool:
    if not 2 <= len(token) <= _LONGEST or token in _ORDINARY:
        return False
    if _ROMAN.match(token) or _NAMES.match(token):
        return False
    capitals = len(_CAPITALS.findall(token))
    if folded(token) in load_senses().usual:
        return capitals >= 2  # "com" and "Cas" are words
    return capitals >= 2 and 2 * capitals >= sum(letter.isalpha() for letter in token)


def find_short_forms(text: str) -> tuple[ShortForm, ...]:
    """Find the short forms of a document, with what each stands for in it.

    Words of headings in capitals are left out: they stand in small letters elsewhere.
    """
    own = {folded(short): (short, long) for short, long in definitions(text).items()}
    tokens = [_single(token) for token in _TOKEN.findall(text)]
    plain = {token for token in tokens if token.islower()}
    times: Counter[str] = Counter()
    ways: dict[str, set[str]] = {}
    for token in tokens:
        key = folded(token)
        if not _is_short(token) or (
            key not in own and key not in load_senses().usual and (key in plain or len(token) > 7)
        ):
            continue
        times[key] += 1
        ways.setdefault(key, set()).add(token)
    out = [_short_form(key, ways[key], number, own) for key, number in times.items()]
    return tuple(sorted(out, key=lambda form: (form.short.casefold(), form.short)))


def _short_form(
    key: str, ways: set[str], times: int, own: Mapping[str, tuple[str, str]]
) -> ShortForm:
    known = load_senses()
    senses = known.senses.get(key, ())
    usual = known.usual.get(key, own[key][0] if key in own else min(ways, key=oddness))
    others = tuple(sorted(ways - {usual}))
    if key in own:
        long = own[key][1]
        senses = distinct((long, *senses))
        return ShortForm(usual, long, DOCUMENT, senses, others, times)
    source = SHIPPED if senses else UNKNOWN
    return ShortForm(usual, known.likely.get(key), source, senses, others, times)


def own_by_document(abbreviations: pd.DataFrame | None) -> dict[str, dict[str, str]]:
    """Return what each document says itself, by folded short form.

    Args:
        abbreviations: The table; None where a run does not have it.
    """
    out: dict[str, dict[str, str]] = {}
    if abbreviations is not None:
        names = (c.DOCUMENT_ID, c.SHORT, c.EXPANSION, c.SOURCE)
        for document, *form in zip(*(abbreviations[name] for name in names), strict=True):
            out.setdefault(document, {}).update(own_forms([form]))
    return out


def own_forms(forms: Iterable[Sequence[str]]) -> dict[str, str]:
    """Return what a document says itself, by folded short form.

    Args:
        forms: Of the document: short form, expansion and source of each.
    """
    return {folded(short): long for short, long, source in forms if source == DOCUMENT}


def own_senses(text: str, own: Mapping[str, str]) -> list[tuple[int, int, str]]:
    """Return where short forms stand in a text that its document uses in a sense of its own.

    Where the shipped list has the same sense, and no other, there is nothing to tell.

    Args:
        text: Of a finding.
        own: What the document says, by folded short form.

    Returns:
        First and last place of each, and what it stands for.
    """
    likely = load_senses().likely
    found = (
        (match, folded(_single(match[0])))
        for match in (_TOKEN.finditer(text) if own else ())
        if _is_short(_single(match[0]))
    )
    return [
        (match.start(), match.end(), own[key])
        for match, key in found
        if key in own and core(likely.get(key, "")) != core(own[key])
    ]


def written_out(text: str, own: Mapping[str, str]) -> str:
    """Return a text in which the short forms that its document defines can be searched for.

    What the document says takes the place of another sense that the shipped list has; where the
    list has none, or several, it stands behind the short form.
    """
    likely = load_senses().likely
    for start, end, sense in reversed(own_senses(text, own)):
        kept = end if folded(_single(text[start:end])) not in likely else start
        text = f"{text[:kept]}{' ' * (kept == end)}{sense}{text[end:]}"
    return text


def annotate_in_context(
    texts: Sequence[str], contexts: Sequence[Mapping[str, str]] | None = None
) -> list[Annotated]:
    """Find words, sentences and lexicon hits, with short forms read as their documents do.

    Words and hits of what a short form stands for stand where it does, and nothing else there.

    Args:
        texts: n texts.
        contexts: For each what its document says, by folded short form; nothing where absent.
    """
    out = annotate(texts)
    for number, own in enumerate(contexts or ()):
        for start, end, sense in own_senses(texts[number], own):
            out[number] = _read_as(out[number], start, end, annotate([sense])[0])
    return out


def _read_as(text: Annotated, start: int, end: int, sense: Annotated) -> Annotated:
    before = [token for token in text.tokens if token.start < start]
    after = [token for token in text.tokens if token.start >= end]
    here = [token._replace(start=start, end=end) for token in sense.tokens]
    hits = [hit for hit in text.hits if hit.start < start or hit.end > end]
    hits += [hit._replace(start=start, end=end) for hit in sense.hits]
    placed = sorted(hits, key=lambda hit: (hit.start, hit.end, hit.name))
    return Annotated((*before, *here, *after), tuple(placed), text.sentences)


def hovers(text: str, titles: Mapping[str, str]) -> list[tuple[int, int, str]]:
    """Return where short forms stand in a text, each once, with what to show for it.

    Args:
        text: Of a finding.
        titles: By folded short form.
    """
    out = []
    seen = set()
    for match in _TOKEN.finditer(text):
        short = _single(match[0])
        key = folded(short)
        if key in titles and key not in seen and _is_short(short):
            seen.add(key)
            out.append((match.start(), match.end(), titles[key]))
    return out
