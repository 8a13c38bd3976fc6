"""Ligatures whose letters a file forgot to name, or names wrongly.

The table that says which letters a font's glyphs stand for may lack those of a ligature, or have
nonsense there: U+0000, U+FFFD, a blank, its first letter alone, a rare letter. The words that such
a glyph occurs in show its letters: those of the document and of the word list. Fonts also keep
their ligatures in one order, so that a glyph's neighbours show them too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from pipelines.read.drafts.words import known_words
from pipelines.read.pdf.extract.damage import amend_streams
from pipelines.read.pdf.extract.lettering import table_of, width_of, written
from pipelines.read.pdf.model.page import RawPage, Span

_ORDER = ("ff", "fi", "fl", "ffi", "ffl")  # as Unicode has them, from U+FB00
_LETTERS = (*_ORDER, "ti", "tt", "tti", "ft", "’")  # what glyphs without letters have stood for
_NO_LETTERS = re.compile("[\x00-\x1f\x7f-\x9f\ufffd-\uffff]*")
_FOREIGN = r"[^\W\d_A-Za-z\xaa-\u017f\u02b0-\u02ff\u1e00-\u1eff\ufb00-\ufb06]"
_STRAY = (  # no letters, or beside those of a word what no English one has
    rf"[\x00-\x08\x0b-\x1f\x7f-\x9f]|(?<=[A-Za-z]){_FOREIGN}|{_FOREIGN}(?=[a-z])"
    r"|(?<=[a-z])[\[-`](?=[a-z])"
)
_UNUSUAL = re.compile(r"[^\t\n -Za-z{-~]")  # some such sign is in all that is stray or rare
_PRIVATE = re.compile("[\ue000-\uf8ff]$")
_FIRST, _LAST = 0xEC00, 0xEFFF  # private-use characters; symbol fonts use those from U+F000
_STAND_IN = re.compile(f"[{chr(_FIRST)}-{chr(_LAST)}]")
_WORD = re.compile(rf"[A-Za-z{chr(_FIRST)}-{chr(_LAST)}’]+")
_SHORTEST = 2  # letters of a word; a glyph alone marks an item or stands for itself
_FEWEST = 8  # small letters in a font that sets text
_ROUNDS = 2  # what one finds of a glyph, the next uses in words with two, and for its neighbours
_TOUCHING = 0.12  # ems between letters of one word, at most
# Ghostscript cuts U+2019 so: in "it9s", and behind "officers9".
_NINE = re.compile(r"(?<=[a-z][a-z])9(?=(?:s|t|re|ve|ll|d)\b)|(?<=[a-z]s)9(?= [A-Za-z])")
_QUOTED = re.compile(r"(?<![^\s(])8(?!am|pm|th)([A-Za-z][^89]+[a-z.,?!])9(?!\w)")  # U+2018, too
_DOT = re.compile(r'^\s*"(?=\s|$)')  # and U+2022 so; a quotation mark stands close to its words
_DASHED = re.compile("(?<=[\\w,’”){0}] )[{0}](?= [\\w‘“{0}])".format(_STAND_IN.pattern[1:-1]))
_GAPS = 10  # codes that a table of glyphs numbered anew leaves out, at most
_BEHIND = 4  # codes behind the last of such a table, of one byte
_SMALL = frozenset("abcdefghijklmnopqrstuvwxyz")
_TWICE = frozenset("ftil?\xa0\xad")  # what ligatures begin and end with; what they were lost to
_NO_WIDTH = frozenset("\xad\u200b\u200c\u200d\u2060")  # nor do these show
_SHIFTED = frozenset("Þß")  # where old fonts have fi and fl
_CUT = {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl"}  # what may be left of those of three
_BLANK = 0x20  # of fonts with codes of one byte


@dataclass(slots=True)
class _Glyph:
    """A glyph of a font: its code, the font's table, what that calls it, the words it occurs in."""

    code: int
    table: dict[int, str]
    named: str
    words: Counter[str] = field(default_factory=Counter)
    dashed: bool = False  # whether it stands between two words, as a rule


class NamelessGlyphs:
    """The glyphs of a file for which its tables have no letters, or hardly the right ones.

    Tables are amended where nothing else tells a glyph apart: read anew, PDFium may set what one
    font draws inside of another's word behind it. A rare letter tells itself apart.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._glyphs: list[_Glyph] = []
        self._words: Counter[str] = Counter()
        self._rare: dict[str, tuple[int, dict[int, str], str]] = {}  # of what glyphs, by letter
        self._fonts: dict[tuple[str, str], str] = {}  # in place of those, and of codes
        self._said: set[str] = set()  # by tables
        self._parts: set[bytes] = set()  # streams looked at: many fonts may have one table
        self._left: set[bytes] = set()  # those that are left as they are
        self.met = False  # whether a table must be amended
        self._short = False  # whether one calls two glyphs by a ligature
        self._cut = False  # whether quotation marks may be 8 and 9
        self.lost = 0  # glyphs inside words whose letters nothing tells
        self.inspect(data)

    def inspect(self, stream: bytes) -> None:
        """Note whether a stream is a table in which glyphs have no letters."""
        for part in stream.split(b"endcmap") if b"beginbf" in stream else ():
            if part in self._parts:
                continue
            self._parts.add(part)
            table = table_of(part)
            self._said.update(filter(str.isprintable, table.values()))
            doubtful, rare = _doubtful(table, width_of(part))
            said = Counter(_CUT.get(text, text) for text in table.values())
            self._short = self._short or any(said[letters] > 1 for letters in _CUT.values())
            self.met = self.met or self._short or bool(doubtful)
            self._rare = {table[code]: (code, table, table[code]) for code in rare} | self._rare
            signs = [t for _, t in sorted(table.items()) if t.isascii() and t.isalnum()]
            self._cut = self._cut or signs.count("9") > 1 or signs[-1:] == ["9"]  # behind letters

    def named(self) -> bytes:
        """The file with its tables amended: each such glyph has its own private-use character."""
        return amend_streams(self._data, b"beginbf", self._amended)

    def _amended(self, stream: bytes) -> bytes:
        if stream in self._left:
            return stream
        doubtful, _ = _doubtful(table := table_of(stream), width := width_of(stream))
        if self._short:
            doubtful += [code for code, text in table.items() if text in _CUT]
        if not doubtful or len(self._glyphs) + len(doubtful) > _LAST - _FIRST:
            self._left.add(stream)
            return stream
        entries = dict(table)
        for code in doubtful:
            entries[code] = chr(_FIRST + len(self._glyphs))
            self._glyphs.append(_Glyph(code, table, _CUT.get(named := table.get(code, ""), named)))
            table[code] = ""
        codes = stream.partition(b"begincodespacerange")[2].partition(b"endcodespacerange")[0]
        return written(entries, codes, width)

    def mend(self, pages: Sequence[RawPage]) -> None:
        """Put letters in place of the private-use characters of pages, and of rare letters."""
        spans = [span for page in pages for span in page.spans]
        unsure = re.compile("|".join([_STRAY, *map(re.escape, self._rare)]))
        for span in spans:
            if _UNUSUAL.search(span.text) and unsure.search(span.text):
                span.text = unsure.sub(partial(self._told_apart, span.face.name), span.text)
            if self._cut:
                span.text = _QUOTED.sub(r"‘\1’", _NINE.sub("’", span.text))
                span.text = _DOT.sub("•", span.text)
        if not self._glyphs:
            return
        whole = [text for page in pages for text in _joined(page.spans)]
        self._count_words(whole)
        letters = self._letters()
        for text in whole:
            if not text.isascii() and _STAND_IN.search(text):
                inside = "".join(w for w in _WORD.findall(text) if len(w) >= _SHORTEST)
                self.lost += sum(letters.get(glyph) == "\ufffd" for glyph in inside)
        put = str.maketrans(letters)
        for span in spans:
            span.text = span.text.translate(put)

    def _told_apart(self, font: str, glyph: re.Match[str]) -> str:
        """A private-use character in place of a rare letter of a font, or a code no table has."""
        key = (font, sign := glyph[0])
        if sign.isprintable() and sign not in self._rare and (sign in self._said or not self._said):
            return sign
        if key not in self._fonts and len(self._glyphs) <= _LAST - _FIRST:
            self._fonts[key] = chr(_FIRST + len(self._glyphs))
            self._glyphs.append(_Glyph(*self._rare.get(sign, (0, {}, sign * sign.isascii()))))
        return self._fonts.get(key, sign if sign in self._rare else "\ufffd")

    def _count_words(self, texts: Sequence[str]) -> None:
        for word, times in Counter(_WORD.findall("\n".join(texts))).items():
            found = set(_STAND_IN.findall(word))
            if not found:
                self._words[word.casefold()] += times
            for glyph in found if len(word) >= _SHORTEST else ():
                if ord(glyph) - _FIRST < len(self._glyphs):
                    self._glyphs[ord(glyph) - _FIRST].words[word.casefold()] += times
        seen, dashed = (Counter(r.findall("\n".join(texts))) for r in (_STAND_IN, _DASHED))
        for index, glyph in enumerate(self._glyphs):
            glyph.dashed = 2 * dashed[chr(_FIRST + index)] > seen[chr(_FIRST + index)]

    def _letters(self) -> dict[str, str]:
        """The letters of each glyph: where nothing shows them as its table has it, or U+FFFD."""
        letters: dict[str, str] = {}
        for _ in range(_ROUNDS):
            for index, glyph in enumerate(self._glyphs):
                own = chr(_FIRST + index)
                rare = _is_rare(glyph.named)
                told = self._by_words(own, glyph, letters)
                told = told or by_neighbours(glyph.code, glyph.table, 1 + rare)
                told = told or "-" * _is_hyphen(own, glyph)
                if told := told or "–" * (glyph.dashed and not rare):
                    letters[own] = glyph.table[glyph.code] = told
        for code, glyph in enumerate(self._glyphs, _FIRST):
            named = "\ufffd" if _NO_LETTERS.fullmatch(glyph.named) else glyph.named
            letters.setdefault(chr(code), named)
        return letters

    def _by_words(self, own: str, glyph: _Glyph, letters: Mapping[str, str]) -> str:
        """The letters with which most of the words that a glyph occurs in are known words."""
        words, best, most = known_words(), "", 0
        candidates = (glyph.named, *_LETTERS) if glyph.named.isalpha() else _LETTERS
        if _is_rare(glyph.named):  # as it may well be meant
            most = glyph.words.total() // 2
        for candidate in candidates:
            told = str.maketrans({**letters, own: candidate})
            count = 0
            for word, times in glyph.words.items():
                whole = word.translate(told)
                owner = whole.removesuffix("’s")
                count += times * (owner in words or owner in self._words or whole in self._words)
            if count > most:
                best, most = candidate, count
        return best


def _is_hyphen(own: str, glyph: _Glyph) -> bool:
    """Whether a soft hyphen is one that shows: most words that it stands in are two."""
    words = known_words()
    two = sum(n for w, n in glyph.words.items() if all(part in words for part in w.split(own)))
    return glyph.named == "\xad" and 2 * two > glyph.words.total()


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


def by_neighbours(number: int, table: Mapping[int, str], least: int = 1) -> str:
    """The ligature that a glyph is by its neighbours, `least` of them; empty where unknown."""
    beside = [
        sum(table.get(number + at - place) == name for at, name in enumerate(_ORDER) if at != place)
        for place in range(len(_ORDER))
    ]
    return _ORDER[beside.index(max(beside))] if max(beside) >= least else ""


def _doubtful(table: Mapping[int, str], width: int) -> tuple[list[int], list[int]]:
    """The codes that stand for no letters, or for those of another code, or are left out.

    And those whose letters may be wrong, but are theirs alone. What a table of codes of `width`
    two, one byte, leaves out has a name in the font's encoding, unless glyphs were numbered anew.
    """
    if len(_SMALL.intersection(table.values())) < _FEWEST:
        return [], []
    codes: dict[str, list[int]] = {}
    for code, text in table.items():
        codes.setdefault(text, []).append(code)
    blank = min(codes.get(" ", [0]), key=lambda code: (code != _BLANK, code))
    named = sum(len(text) == 1 and ord(text) == code for code, text in table.items())
    anew = 4 * named < len(table)
    end = max(table) + _BEHIND * (anew and width == 2)
    few = end - min(table) - len(table) <= _GAPS  # codes of four bytes leave billions out
    gaps = [code for code in range(min(table), end) if code not in table] if few else []
    unsure = {text for text in codes if text in _SHIFTED or _is_rare(text) or _PRIVATE.match(text)}
    alone = [codes[text][0] for text in unsure if len(codes[text]) == 1]
    return [
        code
        for code, text in table.items()
        if _NO_LETTERS.fullmatch(text)
        or (text == " " and code != blank)
        or ((text in _TWICE or len(text) > 1 or text in unsure) and len(codes[text]) > 1)
    ] + (gaps if len(gaps) <= _GAPS and (anew or width > 2) else []), alone


def _is_rare(text: str) -> bool:
    """Whether a text is a letter that few English words have, but some do; ligatures are two.

    So is a soft hyphen, which some fonts have for a hyphen, and what has no width.
    """
    single = len(text) == len(text.upper()) == 1 and (text.islower() or text.isupper())
    return text in _NO_WIDTH or (single and not text.isascii() and text not in _SHIFTED)
