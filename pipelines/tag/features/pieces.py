"""Word pieces: how a text is cut for the encoder, which reads numbers of pieces, not words.

Lower case without accents; words and single signs; then, of each word, the longest pieces that are
known, from its start. Devlin and others, BERT (2019), after Wu and others, Google's neural machine
translation system (2016).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Final

START: Final = "[CLS]"
END: Final = "[SEP]"
UNKNOWN: Final = "[UNK]"
INSIDE: Final = "##"  # begins a piece that goes on with a word
LONGEST_WORD: Final = 100  # letters; a longer one is not looked into


class WordPieces:
    """Cuts texts into known pieces.

    Args:
        pieces: Their names; the number of each is its place.
    """

    def __init__(self, pieces: Sequence[str]) -> None:
        self._numbers: Mapping[str, int] = {piece: number for number, piece in enumerate(pieces)}
        self._word = lru_cache(maxsize=100_000)(self._cut)

    def numbers(self, text: str, *, most: int) -> list[int]:
        """Return the numbers of a text's pieces between those of start and end, `most` in all."""
        found = list(chain.from_iterable(map(self._word, words(text))))
        return [self._numbers[START], *found[: most - 2], self._numbers[END]]

    def _cut(self, word: str) -> tuple[int, ...]:
        if len(word) > LONGEST_WORD:
            return (self._numbers[UNKNOWN],)
        out: list[int] = []
        first = 0
        while first < len(word):
            before = INSIDE if first else ""
            for end in range(len(word), first, -1):
                number = self._numbers.get(before + word[first:end])
                if number is not None:
                    break
            else:
                return (self._numbers[UNKNOWN],)
            out.append(number)
            first = end
        return tuple(out)


def words(text: str) -> list[str]:
    """Cut a text into lower-case words without accents, and single signs."""
    out: list[list[str]] = []  # of letters: to add to a long word would copy it each time
    open_word = False
    for letter in unicodedata.normalize("NFD", "".join(map(_clean, text)).lower()):
        if letter.isspace():
            open_word = False
        elif _is_sign(letter):
            out.append([letter])
            open_word = False
        elif unicodedata.category(letter) != "Mn":
            if open_word:
                out[-1].append(letter)
            else:
                out.append([letter])
            open_word = True
    return ["".join(word) for word in out]


def _clean(letter: str) -> str:
    """Return a blank for what separates, nothing for what cannot be seen, else the letter."""
    if letter in "\t\n\r":
        return " "
    if letter in "\0\ufffd":
        return ""
    category = unicodedata.category(letter)
    return " " if category == "Zs" else "" if category[0] == "C" else letter


def _is_sign(letter: str) -> bool:
    if letter.isascii():
        return not letter.isalnum()
    return unicodedata.category(letter)[0] == "P" or "\u4e00" <= letter <= "\u9fff"
