"""Ligatures whose letters a file forgot to name, or names wrongly.

The table that says which letters a font's glyphs stand for may lack those of a ligature, or have
nonsense there: U+0000, U+FFFD, a blank, its first letter alone. The words that such a glyph occurs
in show its letters: those of the document and of the word list. Fonts also keep their ligatures in
one order, so that a glyph's neighbours show them too. A sign that no table makes doubtful is so
where it stands in words as no letter does, and only where most of these words are known without.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from pipelines.read.pdf.extract.damage import amend_streams
from pipelines.read.pdf.extract.lettertables import NO_LETTERS, PAIR, doubtful_codes, table_of
from pipelines.read.pdf.model.page import RawPage, Span
from pipelines.read.words import known_words

_ORDER = ("ff", "fi", "fl", "ffi", "ffl")  # as Unicode has them, from U+FB00
_LETTERS = (*_ORDER, "ti", "tt", "tti", "ft", "’")  # what glyphs without letters have stood for
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_FIRST, _LAST = 0xEC00, 0xEFFF  # private-use characters; symbol fonts use those from U+F000
_STAND_IN = re.compile(f"[{chr(_FIRST)}-{chr(_LAST)}]")
_WORD = re.compile(rf"[A-Za-z{chr(_FIRST)}-{chr(_LAST)}’]+")
_SHORTEST = 2  # letters of a word; a glyph alone marks an item or stands for itself
_MOST = 100  # entries of a block, as the format has it
_ROUNDS = 2  # what one finds of a glyph, the next uses in words with two, and for its neighbours
_TOUCHING = 0.12  # ems between letters of one word, at most
_IN_PLACE = f"\\s!->A-Za-z\\\\-_{{-}}’‘“”–—…°©®™⁰-₉²³¹¼-¾{chr(_FIRST)}-\uf8ff"  # beside a letter
# In a word where no letter or stop stands: a figure between small letters, a sign; no capital,
# no question's mark, and not that of an address.
_OUT_OF_PLACE = re.compile(
    rf"(?<=[a-z])[0-9](?=[a-z])|(?<=[a-z])(?!\?(?![a-z])|@[\w.-]+\.[a-z])[^{_IN_PLACE}]"
    f"|(?<![a-z])[^{_IN_PLACE}•▪-◿](?=[a-z])"
)
_MOST_OF = 0.66  # of the words that a sign stands in, known with a ligature in its place
_SOME_OF = 0.3  # the same, where the table has no letters for it
_TELLING = 3  # known words, at least, that show such a ligature


@dataclass(slots=True)
class _Glyph:
    """A glyph of a font: its code, the font's table, what that calls it, the words it occurs in.

    Where no table makes it doubtful it has none, and is called what the text has for it.
    """

    code: int
    table: dict[int, str]
    named: str
    words: Counter[str] = field(default_factory=Counter)


class NamelessGlyphs:
    """The glyphs of a file for which its tables have no letters, or hardly the right ones."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._glyphs: list[_Glyph] = []
        self._words: Counter[str] = Counter()
        self._fonts: dict[tuple[str, str], str] = {}  # in place of control codes
        self.met = False  # whether a table has such glyphs
        self.lost = 0  # glyphs inside words whose letters nothing tells
        self.shifted = False  # whether figures stand for apostrophes: other signs are wrong, too
        self.inspect(data)

    def inspect(self, stream: bytes) -> None:
        """Note whether a stream is a table in which glyphs have no letters."""
        if not self.met and b"beginbf" in stream:
            self.met = any(doubtful_codes(table_of(part)) for part in stream.split(b"endcmap"))

    def named(self) -> bytes:
        """The file with its tables amended: each such glyph has its own private-use character."""
        return amend_streams(self._data, b"beginbf", self._amended)

    def _amended(self, stream: bytes) -> bytes:
        table = table_of(stream)
        doubtful = doubtful_codes(table)
        if not doubtful or len(self._glyphs) + len(doubtful) > _LAST - _FIRST:
            return stream
        width = len(next(iter(PAIR.finditer(stream)))[1].strip())
        entries = {code: text.encode("utf-16-be").hex() for code, text in table.items()}
        for code in doubtful:
            entries[code] = f"{_FIRST + len(self._glyphs):04X}"
            self._glyphs.append(_Glyph(code, table, table[code]))
            table[code] = ""
        codes = stream.partition(b"begincodespacerange")[2].partition(b"endcodespacerange")[0]
        lines = [b"begincmap\n%d begincodespacerange" % len(PAIR.findall(codes)), codes]
        lines.append(b"endcodespacerange")
        listed = [f"<{code:0{width}X}><{text}>".encode() for code, text in entries.items()]
        for at in range(0, len(listed), _MOST):
            some = listed[at : at + _MOST]
            lines += [b"%d beginbfchar" % len(some), *some, b"endbfchar"]
        return b"\n".join([*lines, b"endcmap"])

    def mend(self, pages: Sequence[RawPage]) -> None:
        """Put letters in place of the private-use characters of pages."""
        spans = [span for page in pages for span in page.spans]
        for span in spans:
            if _CONTROL.search(span.text):
                span.text = _CONTROL.sub(partial(self._unnamed, span.face.name), span.text)
            if _OUT_OF_PLACE.search(span.text):
                span.text = _OUT_OF_PLACE.sub(partial(self._doubted, span.face.name), span.text)
        if not self._glyphs:
            return
        whole = [text for page in pages for text in _joined(page.spans)]
        self._count_words(whole)
        letters = self._letters()
        for text in whole:
            if not text.isascii() and _STAND_IN.search(text):
                inside = "".join(w for w in _WORD.findall(text) if len(w) >= _SHORTEST)
                self.lost += sum(
                    self._put(glyph, letters) == "\ufffd" for glyph in _STAND_IN.findall(inside)
                )
        for span in spans:
            if not span.text.isascii():
                span.text = _STAND_IN.sub(lambda found: self._put(found[0], letters), span.text)
        told = {sign for (_, sign), own in self._fonts.items() if own in letters}
        self.shifted = any(map(str.isdecimal, told))
        for page in pages:
            page.spans = [span for span in page.spans if span.text and not span.text.isspace()]

    def _unnamed(self, font: str, glyph: re.Match[str]) -> str:
        """A private-use character in place of a control character: its font has no table at all."""
        return self._stand_in(font, glyph[0], "") or "\ufffd"

    def _doubted(self, font: str, glyph: re.Match[str]) -> str:
        """A private-use character in place of a sign that stands in a word as no letter does."""
        return self._stand_in(font, glyph[0], glyph[0]) or glyph[0]

    def _stand_in(self, font: str, sign: str, named: str) -> str:
        key = (font, sign)
        if key not in self._fonts and len(self._glyphs) <= _LAST - _FIRST:
            self._fonts[key] = chr(_FIRST + len(self._glyphs))
            self._glyphs.append(_Glyph(0, {}, named))
        return self._fonts.get(key, "")

    def _is_known(self, word: str) -> bool:
        owner = word.removesuffix("’s")
        return owner in known_words() or owner in self._words or word in self._words

    def _count_words(self, texts: Sequence[str]) -> None:
        for word in (word for text in texts for word in _WORD.findall(text)):
            if not _STAND_IN.search(word):
                self._words[word.casefold()] += 1
            said = word.casefold() if len(word) >= _SHORTEST else f" {word}"  # alone: in no word
            for glyph in set(_STAND_IN.findall(word)):
                if ord(glyph) - _FIRST < len(self._glyphs):
                    self._glyphs[ord(glyph) - _FIRST].words[said] += 1

    def _letters(self) -> dict[str, str]:
        """The letters of each glyph; none where nothing shows them."""
        letters: dict[str, str] = {}
        for _ in range(_ROUNDS):
            for index, glyph in enumerate(self._glyphs):
                own = chr(_FIRST + index)
                told = self._by_words(own, glyph, letters) or by_neighbours(glyph.code, glyph.table)
                if told:
                    letters[own] = glyph.table[glyph.code] = told
        return letters

    def _by_words(self, own: str, glyph: _Glyph, letters: Mapping[str, str]) -> str:
        """The letters with which most of the words that a glyph occurs in are known words."""
        sure = not glyph.table and bool(glyph.named)
        best, most, told = "", 0, 0
        for candidate in (glyph.named, *_LETTERS) if glyph.named.isalpha() else _LETTERS:
            known = {
                word: times
                for word, times in glyph.words.items()
                if self._is_known(
                    _STAND_IN.sub(lambda m: letters.get(m[0], m[0]), word.replace(own, candidate))
                )
            }
            if (count := sum(known.values())) > most:
                best, most, told = candidate, count, len(known)
        share = _MOST_OF if sure else 0.0 if glyph.named.isalpha() else _SOME_OF
        if most < share * glyph.words.total() or (sure and told < _TELLING):
            return ""
        return best

    def _put(self, own: str, letters: Mapping[str, str]) -> str:
        index = ord(own) - _FIRST
        if index >= len(self._glyphs):
            return own
        if own in letters:
            return letters[own]
        named = self._glyphs[index].named
        if not NO_LETTERS.fullmatch(named):
            return named
        return "\ufffd"


def _joined(spans: Sequence[Span]) -> Iterator[str]:
    """The texts of spans, joined where they touch: some glyphs are set in a font of their own."""
    text = ""
    row = sorted(spans, key=lambda span: (round(span.base), span.x0))
    for before, span in zip([None, *row], row, strict=False):
        if before is not None:
            near = _TOUCHING * max(span.size, before.size)
            if abs(span.x0 - before.x1) > near or abs(span.base - before.base) > near:
                yield text
                text = ""
        text += span.text
    yield text


def by_neighbours(number: int, table: Mapping[int, str]) -> str:
    """The ligature that a glyph without letters is, by its neighbours; empty where unknown."""
    best, most = "", 0
    for place, letters in enumerate(_ORDER):
        beside = [
            table.get(number + other - place) == name
            for other, name in enumerate(_ORDER)
            if other != place
        ]
        if sum(beside) > most:
            best, most = letters, sum(beside)
    return best
