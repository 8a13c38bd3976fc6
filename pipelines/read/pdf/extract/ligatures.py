"""Ligatures whose letters a file forgot to name, or names wrongly.

The table that says which letters a font's glyphs stand for may lack those of a ligature, or have
nonsense there: U+0000, U+FFFD, a blank, its first letter alone. The words that such a glyph occurs
in show its letters: those of the document and of the word list. Fonts also keep their ligatures in
one order, so that a glyph's neighbours show them too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from pipelines.read.drafts.words import known_words
from pipelines.read.pdf.extract.damage import amend_streams
from pipelines.read.pdf.model.page import RawPage, Span

_ORDER = ("ff", "fi", "fl", "ffi", "ffl")  # as Unicode has them, from U+FB00
_LETTERS = (*_ORDER, "ti", "tt", "tti", "ft", "’")  # what glyphs without letters have stood for
_NO_LETTERS = re.compile("[\x00-\x1f\x7f-\x9f\ufffd-\uffff]*")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_FIRST, _LAST = 0xEC00, 0xEFFF  # private-use characters; symbol fonts use those from U+F000
_STAND_IN = re.compile(f"[{chr(_FIRST)}-{chr(_LAST)}]")
_WORD = re.compile(rf"[A-Za-z{chr(_FIRST)}-{chr(_LAST)}’]+")
_PAIR = re.compile(rb"<([0-9A-Fa-f\s]+)>\s*<([0-9A-Fa-f\s]*)>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(<[0-9A-Fa-f\s]*>|\[[^\[\]]*\])")
_SHORTEST = 2  # letters of a word; a glyph alone marks an item or stands for itself
_WIDEST = 256  # codes in a range: as many as differ in their last byte
_MOST = 100  # entries of a block, as the format has it
_FEWEST = 8  # small letters in a font that sets text
_ROUNDS = 2  # what one finds of a glyph, the next uses in words with two, and for its neighbours
_TOUCHING = 0.12  # ems between letters of one word, at most
_TWINS = "ftil"  # the letters that ligatures begin and end with
_SHIFTED = "Þß"  # where old fonts have fi and fl
_BLANK = 0x20  # of fonts with codes of one byte


@dataclass(slots=True)
class _Glyph:
    """A glyph of a font: its code, the font's table, what that calls it, the words it occurs in."""

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
        self.inspect(data)

    def inspect(self, stream: bytes) -> None:
        """Note whether a stream is a table in which glyphs have no letters."""
        if not self.met and b"beginbf" in stream:
            self.met = any(_doubtful(_table(part)) for part in stream.split(b"endcmap"))

    def named(self) -> bytes:
        """The file with its tables amended: each such glyph has its own private-use character."""
        return amend_streams(self._data, b"beginbf", self._amended)

    def _amended(self, stream: bytes) -> bytes:
        table = _table(stream)
        doubtful = _doubtful(table)
        if not doubtful or len(self._glyphs) + len(doubtful) > _LAST - _FIRST:
            return stream
        width = len(next(iter(_PAIR.finditer(stream)))[1].strip())
        entries = {code: text.encode("utf-16-be").hex() for code, text in table.items()}
        for code in doubtful:
            entries[code] = f"{_FIRST + len(self._glyphs):04X}"
            self._glyphs.append(_Glyph(code, table, table[code]))
            table[code] = ""
        codes = stream.partition(b"begincodespacerange")[2].partition(b"endcodespacerange")[0]
        lines = [b"begincmap\n%d begincodespacerange" % len(_PAIR.findall(codes)), codes]
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

    def _unnamed(self, font: str, glyph: re.Match[str]) -> str:
        """A private-use character in place of a control character: its font has no table at all."""
        key = (font, glyph[0])
        if key not in self._fonts and len(self._glyphs) <= _LAST - _FIRST:
            self._fonts[key] = chr(_FIRST + len(self._glyphs))
            self._glyphs.append(_Glyph(0, {}, ""))
        return self._fonts.get(key, "\ufffd")

    def _count_words(self, texts: Sequence[str]) -> None:
        for word in (word for text in texts for word in _WORD.findall(text)):
            found = set(_STAND_IN.findall(word)) if len(word) >= _SHORTEST else set()
            if not _STAND_IN.search(word):
                self._words[word.casefold()] += 1
            for glyph in found:
                if ord(glyph) - _FIRST < len(self._glyphs):
                    self._glyphs[ord(glyph) - _FIRST].words[word.casefold()] += 1

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
        words = known_words()
        best, most = "", 0
        for candidate in (glyph.named, *_LETTERS) if glyph.named.isalpha() else _LETTERS:
            count = 0
            for word, times in glyph.words.items():
                whole = _STAND_IN.sub(
                    lambda m: letters.get(m[0], m[0]), word.replace(own, candidate)
                )
                owner = whole.removesuffix("’s")
                count += times * (owner in words or owner in self._words or whole in self._words)
            if count > most:
                best, most = candidate, count
        return best

    def _put(self, own: str, letters: Mapping[str, str]) -> str:
        index = ord(own) - _FIRST
        if index >= len(self._glyphs):
            return own
        if own in letters:
            return letters[own]
        named = self._glyphs[index].named
        if not _NO_LETTERS.fullmatch(named):
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


def _doubtful(table: Mapping[int, str]) -> list[int]:
    """The codes of a table that stand for no letters, or for those of another code."""
    small = {
        text for text in table.values() if len(text) == 1 and text.isascii() and text.islower()
    }
    if len(small) < _FEWEST:
        return []
    codes: dict[str, list[int]] = {}
    for code, text in table.items():
        codes.setdefault(text, []).append(code)
    blanks = codes.get(" ", [0])
    blank = _BLANK if _BLANK in blanks else min(blanks)
    return [
        code
        for code, text in table.items()
        if _NO_LETTERS.fullmatch(text)
        or "\ue000" <= text <= "\uf8ff"
        or (text == " " and code != blank)
        or (text in _TWINS and len(codes[text]) > 1)
        or text in _SHIFTED
    ]


def _table(stream: bytes) -> dict[int, str]:
    """What the codes of a font stand for, according to a table in a stream."""
    table: dict[int, str] = {}
    for block in stream.split(b"beginbf")[1:]:  # what is left open ends where the next begins
        body = block.partition(b"endbf")[0]
        if body.startswith(b"char"):
            table.update((int(code, 16), _text(text)) for code, text in _PAIR.findall(body))
        else:
            for first, last, texts in _RANGE.findall(body):
                table.update(_ranged(int(first, 16), int(last, 16), texts))
    return table


def _ranged(first: int, last: int, texts: bytes) -> Iterator[tuple[int, str]]:
    """The codes of a range: texts in a list, or the first one, from which the others count up."""
    if texts.startswith(b"["):
        listed = re.findall(rb"<([0-9A-Fa-f\s]*)>", texts)
        yield from zip(range(first, last + 1), map(_text, listed), strict=False)
        return
    begin = _text(texts.strip(b"<>"))
    for code in range(first, min(last + 1, first + _WIDEST)):
        yield code, begin[:-1] + chr(ord(begin[-1]) + code - first) if begin else ""


def _text(digits: bytes) -> str:
    whole = b"".join(digits.split())
    if 0 < len(whole) < 4:
        return chr(int(whole, 16))
    return bytes.fromhex(whole.decode()[: len(whole) // 4 * 4]).decode("utf-16-be", "replace")
