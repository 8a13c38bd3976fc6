"""Letters that a text has as the numbers of their glyphs.

Word's usual font, Calibri, has its letters and ligatures at glyphs whose numbers are those of rare
letters. Where a PDF does not say what a glyph stands for, programs copy its number: "acƟon".
"""

from __future__ import annotations

import re
from typing import Final

from pipelines.read.drafts.words import known_words

_LETTERS: Final = {
    **dict(zip("ĂďĐĚĞĨŐŚŝŬůŵŶŽƉƋƌƐƚƵǀǁǆǇǌ", "abcdefghiklmnopqrstuvwxyz", strict=True)),
    "ī": "ff",
    "ĸ": "ffi",
    "Į": "fi",
    "Ň": "fl",
    "Ō": "ft",
    "Ɵ": "ti",
    "Ʃ": "tt",
    "ƫ": "tti",
}
_SURE: Final = re.compile("[ĸƌƋƟƫǁ]")  # letters of no language that names here are from
_LONG: Final = 5  # letters of a word with no such letter but its capital: "Žut" is a word elsewhere
_FEWEST: Final = 2  # letters beside such a sign: Ɵme
_TO_LETTERS: Final = str.maketrans(_LETTERS)
_SIGNS: Final = "".join(_LETTERS)
_LETTER: Final = r"[^\W\d_⁰¹²³⁴-⁹]"  # a raised figure is one to Python
_WORD: Final = re.compile(rf"(?<!{_LETTER}){_LETTER}*[{_SIGNS}]{_LETTER}*")
_BESIDE: Final = re.compile(rf"[a-z][{_SIGNS}]|[{_SIGNS}][a-z]")


def with_letters(text: str) -> str:
    """Put letters in place of glyphs' numbers, in words known with them or in no tongue."""
    return _WORD.sub(_lettered, text)


def _lettered(match: re.Match[str]) -> str:
    word = match[0]
    lettered = word.translate(_TO_LETTERS)
    if not (_BESIDE.search(word) and lettered.isascii() and lettered.isalpha()):
        return word
    sure = _SURE.search(word) and sum(map(str.isascii, word)) >= _FEWEST
    if not sure and len(word) < _LONG and word[0].isupper() and word[1:].isascii():
        return word
    return lettered if sure or lettered.lower() in known_words() else word
