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
from pipelines.read.pdf.model.page import RawPage, Span

_ORDER = ("ff", "fi", "fl", "ffi", "ffl")  # as Unicode has them, from U+FB00
_LETTERS = (*_ORDER, "ti", "tt", "tti", "ft", "’")  # what glyphs without letters have stood for
_NO_LETTERS = re.compile("[\x00-\x1f\x7f-\x9f\ufffd-\uffff]*")
_FOREIGN = r"[^\W\d_A-Za-z\xaa-\u017f\u02b0-\u02ff\u1e00-\u1eff\ufb00-\ufb06]"
_STRAY = re.compile(  # no letters, or beside those of a word what no English one has
    rf"[\x00-\x08\x0b-\x1f\x7f-\x9f]|(?<=[A-Za-z]){_FOREIGN}|{_FOREIGN}(?=[a-z])"
    r"|(?<=[a-z])[\[-`](?=[a-z])"
)
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
_NINE = re.compile(r"(?<=[a-z][a-z])9(?=(?:s|t|re|ve|ll|d)\b)")  # Ghostscript cuts U+2019 so
_QUOTED = re.compile(r"(?<![^\s(])8(?!am|pm|th)([A-Za-z][^89]+[a-z.,?!])9(?!\w)")  # U+2018, too
_DASHED = re.compile("(?<=[\\w,’”){0}] )[{0}](?= [\\w‘“{0}])".format(_STAND_IN.pattern[1:-1]))
_GAPS = 10  # codes that a table of glyphs numbered anew leaves out, at most
_TWICE = frozenset("ftil?\xa0\xad")  # what ligatures begin and end with; what they were lost to
_SHIFTED = "Þß"  # where old fonts have fi and fl
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
    """The glyphs of a file for which its tables have no letters, or hardly the right ones."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._glyphs: list[_Glyph] = []
        self._words: Counter[str] = Counter()
        self._fonts: dict[tuple[str, str], str] = {}  # in place of control codes
        self._said: set[str] = set()  # by tables
        self.met = False  # whether a table has such glyphs
        self._cut = False  # whether quotation marks may be 8 and 9
        self.lost = 0  # glyphs inside words whose letters nothing tells
        self.inspect(data)

    def inspect(self, stream: bytes) -> None:
        """Note whether a stream is a table in which glyphs have no letters."""
        for part in stream.split(b"endcmap") if b"beginbf" in stream else ():
            table = _table(part)
            self._said.update(filter(str.isprintable, table.values()))
            self.met = self.met or bool(_doubtful(table, _width(part)))
            signs = [text for _, text in sorted(table.items()) if text.isascii() and text.isalnum()]
            self._cut = self._cut or signs.count("9") > 1 or signs[-1:] == ["9"]  # behind letters

    def named(self) -> bytes:
        """The file with its tables amended: each such glyph has its own private-use character."""
        return amend_streams(self._data, b"beginbf", self._amended)

    def _amended(self, stream: bytes) -> bytes:
        doubtful = _doubtful(table := _table(stream), width := _width(stream))
        if not doubtful or len(self._glyphs) + len(doubtful) > _LAST - _FIRST:
            return stream
        entries = dict(table)
        for code in doubtful:
            entries[code] = chr(_FIRST + len(self._glyphs))
            self._glyphs.append(_Glyph(code, table, table.get(code, "")))
            table[code] = ""
        codes = stream.partition(b"begincodespacerange")[2].partition(b"endcodespacerange")[0]
        opened = b"begincmap\n%d begincodespacerange" % len(_PAIR.findall(codes))
        lines, runs = [opened, codes, b"endcodespacerange"], list(_runs(entries))
        for kind, listed in (
            (b"char", [(first, text) for first, last, text in runs if first == last]),
            (b"range", [run for run in runs if run[0] < run[1]]),
        ):
            for at in range(0, len(listed), _MOST):
                some = [_entry(entry, width) for entry in listed[at : at + _MOST]]
                lines += [b"%d beginbf%b" % (len(some), kind), *some, b"endbf" + kind]
        return b"\n".join([*lines, b"endcmap"])

    def mend(self, pages: Sequence[RawPage]) -> None:
        """Put letters in place of the private-use characters of pages."""
        spans = [span for page in pages for span in page.spans]
        for span in spans:
            if _STRAY.search(span.text):
                span.text = _STRAY.sub(partial(self._unnamed, span.face.name), span.text)
            if self._cut:
                span.text = _QUOTED.sub(r"‘\1’", _NINE.sub("’", span.text))
        if not self._glyphs:
            return
        whole = [text for page in pages for text in _joined(page.spans)]
        self._count_words(whole)
        letters = self._letters()
        for text in whole:
            if not text.isascii() and _STAND_IN.search(text):
                inside = "".join(w for w in _WORD.findall(text) if len(w) >= _SHORTEST)
                put = [self._put(glyph, letters) for glyph in _STAND_IN.findall(inside)]
                self.lost += put.count("\ufffd")
        for span in spans:
            if not span.text.isascii():
                span.text = _STAND_IN.sub(lambda found: self._put(found[0], letters), span.text)

    def _unnamed(self, font: str, glyph: re.Match[str]) -> str:
        """A private-use character in place of a glyph's code, which no table has."""
        key = (font, sign := glyph[0])
        if sign.isprintable() and (sign in self._said or not self._said):
            return sign
        if key not in self._fonts and len(self._glyphs) <= _LAST - _FIRST:
            self._fonts[key] = chr(_FIRST + len(self._glyphs))
            self._glyphs.append(_Glyph(0, {}, sign if sign.isascii() else ""))
        return self._fonts.get(key, "\ufffd")

    def _count_words(self, texts: Sequence[str]) -> None:
        for word in (word for text in texts for word in _WORD.findall(text)):
            found = set(_STAND_IN.findall(word)) if len(word) >= _SHORTEST else set()
            if not _STAND_IN.search(word):
                self._words[word.casefold()] += 1
            for glyph in found:
                if ord(glyph) - _FIRST < len(self._glyphs):
                    self._glyphs[ord(glyph) - _FIRST].words[word.casefold()] += 1
        seen, dashed = (Counter(r.findall("\n".join(texts))) for r in (_STAND_IN, _DASHED))
        for index, glyph in enumerate(self._glyphs):
            glyph.dashed = 2 * dashed[chr(_FIRST + index)] > seen[chr(_FIRST + index)]

    def _letters(self) -> dict[str, str]:
        """The letters of each glyph; none where nothing shows them."""
        letters: dict[str, str] = {}
        for _ in range(_ROUNDS):
            for index, glyph in enumerate(self._glyphs):
                own = chr(_FIRST + index)
                told = self._by_words(own, glyph, letters)
                rare = _is_rare(glyph.named)
                told = told or by_neighbours(glyph.code, glyph.table, 1 + rare)
                told = told or "–" * (glyph.dashed and not rare)
                if told:
                    letters[own] = glyph.table[glyph.code] = told
        return letters

    def _by_words(self, own: str, glyph: _Glyph, letters: Mapping[str, str]) -> str:
        """The letters with which most of the words that a glyph occurs in are known words."""
        words, best, most = known_words(), "", 0
        candidates = (glyph.named, *_LETTERS) if glyph.named.isalpha() else _LETTERS
        if _is_rare(glyph.named):  # as it may well be meant
            most = glyph.words.total() // 2
        for candidate in candidates:
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
        if (index := ord(own) - _FIRST) >= len(self._glyphs):
            return own
        named = self._glyphs[index].named
        return letters.get(own) or ("\ufffd" if _NO_LETTERS.fullmatch(named) else named)


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
    best, most = "", least - 1
    for place, letters in enumerate(_ORDER):
        others = ((at, name) for at, name in enumerate(_ORDER) if at != place)
        beside = sum(table.get(number + at - place) == name for at, name in others)
        if beside > most:
            best, most = letters, beside
    return best


def _doubtful(table: Mapping[int, str], width: int) -> list[int]:
    """The codes that stand for no letters, or for those of another code, or are left out.

    What a table of codes of `width` two, one byte, leaves out has a name in the font's encoding.
    """
    small = {t for t in table.values() if len(t) == 1 and t.isascii() and t.islower()}
    if len(small) < _FEWEST:
        return []
    codes: dict[str, list[int]] = {}
    for code, text in table.items():
        codes.setdefault(text, []).append(code)
    blank = min(codes.get(" ", [0]), key=lambda code: (code != _BLANK, code))
    gaps = [code for code in range(min(table), max(table)) if code not in table]
    return [
        code
        for code, text in table.items()
        if _NO_LETTERS.fullmatch(text)
        or "\ue000" <= text <= "\uf8ff"
        or (text == " " and code != blank)
        or ((text in _TWICE or len(text) > 1) and len(codes[text]) > 1)
        or text in _SHIFTED
        or _is_rare(text)
    ] + (gaps if len(gaps) <= _GAPS and width > 2 else [])


def _is_rare(text: str) -> bool:
    """Whether a text is a letter that few English words have, but some do; ligatures are two."""
    single = len(text) == len(text.upper()) == 1 and (text.islower() or text.isupper())
    return single and not text.isascii() and text not in _SHIFTED


def _width(stream: bytes) -> int:
    return next((len(pair[1].strip()) for pair in _PAIR.finditer(stream)), 0)  # digits of a code


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


def _entry(entry: tuple[int | str, ...], width: int) -> bytes:
    """Codes, and what they stand for, as a table has them."""
    said = (f"{p:0{width}X}" if isinstance(p, int) else p.encode("utf-16-be").hex() for p in entry)
    return "".join(f"<{digits}>" for digits in said).encode()


def _runs(entries: Mapping[int, str]) -> Iterator[tuple[int, int, str]]:
    """Codes that follow each other and stand for letters that do: first, last, the first's text."""
    first, last, text = -1, -1, ""
    for code, said in [*sorted(entries.items()), (-1, "")]:
        follows = code == last + 1 and code % _WIDEST and len(text) == len(said) == 1
        if follows and ord(said) == ord(text) + code - first and ord(said) % _WIDEST:
            last = code
            continue
        if text:
            yield first, last, text
        first, last, text = code, code, said


def _text(digits: bytes) -> str:
    whole = b"".join(digits.split())
    if 0 < len(whole) < 4:
        return chr(int(whole, 16))
    return bytes.fromhex(whole.decode()[: len(whole) // 4 * 4]).decode("utf-16-be", "replace")
