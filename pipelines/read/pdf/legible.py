"""Whether the text of a PDF can be read at all: its fonts may not say which letters they show."""

from __future__ import annotations

import re
import string
from collections import Counter

from pipelines.errors import UnreadableDocument
from pipelines.read.drafts.words import known_words

_LEGIBLE = 0.3  # of a text's characters are letters and figures, at least
_KNOWN = 0.005  # of a text's words are in the word list, at least; of Welsh ones a hundredth
_NAMELESS = 0.3  # of its words hold glyphs without letters, at most
_ENGLISH = (string.ascii_letters + string.digits).encode()
_LATIN = "\u036f"  # the last before those of Greek, Cyrillic, Hebrew and all others


def refuse_illegible(text: str) -> None:
    """Refuse a text of which nearly nothing is English.

    Raises:
        UnreadableDocument: It is in another script, or its letters are not the ones drawn.
    """
    if _is_plain(text):
        return
    written = Counter(re.split(r"[\s.,:;()‘’“”]+", text))
    words = {word: n for word, n in written.items() if any(map(str.isalpha, word))}
    count = sum(words.values())
    known = sum(n for word, n in words.items() if word.casefold() in known_words())
    nameless = sum(n for word, n in words.items() if "\ufffd" in word)
    letters = sum(n for letter, n in Counter(text).items() if letter.isalnum())
    if letters < _LEGIBLE * len(text) or known < _KNOWN * count or nameless > _NAMELESS * count:
        foreign = sum(
            n for letter, n in Counter(text).items() if letter > _LATIN and letter.isalpha()
        )
        if 2 * foreign > letters:
            raise UnreadableDocument(
                "the PDF is not in English: its letters are those of another script",
                remedy="give the English edition; if it looks English, print it to PDF anew",
            )
        raise UnreadableDocument(
            "the PDF shows letters and does not say which: its fonts have no table of them",
            remedy="print it to PDF anew from where it comes from, or run OCR over it "
            "(ocrmypdf --force-ocr)",
        )


def _is_plain(text: str) -> bool:
    """Whether its English letters and a tenth of it show that it is legible, as with nearly all."""
    signs = text.encode("ascii", "ignore")
    letters = len(signs) - len(signs.translate(None, _ENGLISH))
    some = filter(str.isalpha, text[: len(text) // 10].split())
    known = sum(map(known_words().__contains__, some))
    # Of its words there are half as many as of its characters, at most.
    legible = letters >= _LEGIBLE * len(text) and known >= _KNOWN * len(text)
    return legible and "\ufffd" not in text
