"""Letters that a text has as the numbers of their glyphs.

Word's usual font, Calibri, has its letters and ligatures at glyphs whose numbers are those of rare
letters. Where a PDF does not say what a glyph stands for, programs copy its number: "acƟon".
"""

from __future__ import annotations

import re
from typing import Final

from pipelines.read.words import known_words

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
_SURE: Final = re.compile("[ĸƌƋƐƟƩƫǁǆǇ]")  # letters of no language that names here are from
_FEWEST: Final = 2  # letters beside such a sign: Ɵme
_TO_LETTERS: Final = str.maketrans(_LETTERS)
_SIGNS: Final = "".join(_LETTERS)
_WORD: Final = re.compile(
    rf"(?<!\w)[A-Za-z{_SIGNS}]*(?:[a-z][{_SIGNS}]|[{_SIGNS}][a-z])[A-Za-z{_SIGNS}]*(?!\w)"
)


def with_letters(text: str) -> str:
    """Put letters in place of glyphs' numbers, in words known with them or in no tongue."""
    return _WORD.sub(_lettered, text)


def _lettered(match: re.Match[str]) -> str:
    word = match[0]
    lettered = word.translate(_TO_LETTERS)
    sure = _SURE.search(word) and sum(map(str.isascii, word)) >= _FEWEST
    return lettered if sure or lettered.lower() in known_words() else word
