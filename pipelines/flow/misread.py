"""Whether one text is another with letters misread, as a scan of a report has them.

Likeness alone says nothing: an inspector may write a sentence again with another figure or word.
"""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from typing import Final

from pipelines.read.drafts.words import known_words

_LIKE: Final = 0.5  # of two texts' groups of four letters
_WORD: Final = 0.6  # of two words' letters, from which one may be the other misread
_SHORTEST: Final = 3  # letters of a word that can be known to be misread
_SIGNS: Final = str.maketrans({"0": "o", "1": "l", "5": "s", "i": "l", "|": "l"})
_NUMBER: Final = re.compile(r"(?<![^\W_])\d+(?![^\W_])")


class Traits:
    """What of a text survives that letters are misread."""

    def __init__(self, text: str) -> None:
        self._words = text.casefold().split()
        plain = _plain("".join(self._words))
        self._groups = frozenset(plain[at : at + 4] for at in range(len(plain) - 3))
        self._numbers = Counter(_NUMBER.findall(text))

    def misread(self, other: Traits) -> bool:
        """Whether two texts are one but for letters: their figures agree, and their words.

        Where words differ, one of the two is not a word: "east" and "west" are what people wrote.
        """
        shared = len(self._groups & other._groups)
        if shared <= _LIKE * len(self._groups | other._groups) or self._numbers != other._numbers:
            return False
        matcher = SequenceMatcher(a=self._words, b=other._words, autojunk=False)
        return all(
            tag == "equal" or _misspelled("".join(self._words[a:b]), "".join(other._words[x:y]))
            for tag, a, b, x, y in matcher.get_opcodes()
        )


def _misspelled(one: str, other: str) -> bool:
    sides = [re.sub(r"[\W_]+", "", side) for side in (one, other)]
    first, second = map(_plain, sides)
    if first == second:
        return True
    written = all(side in known_words() or len(side) < _SHORTEST for side in sides)
    alike = SequenceMatcher(a=first, b=second, autojunk=False).ratio() >= _WORD
    return alike and not written


def _plain(text: str) -> str:
    """Letters and digits, those that look alike as one."""
    return re.sub(r"[\W_]+", "", text).translate(_SIGNS).replace("rn", "m")
