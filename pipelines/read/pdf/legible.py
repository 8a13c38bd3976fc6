"""Whether what a PDF's fonts say makes words: some have no table of letters, or a wrong one."""

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
_LOST = re.compile("\ufffd{6,}")  # a word of nothing else; signs of fewer are stars, rules
_MOST_LOST = 5
_SHORT = 1500  # characters up to which a text is not judged
_LATIN = "\u036f"  # the last before those of Greek, Cyrillic, Hebrew and all others


def why_illegible(text: str) -> UnreadableDocument | None:
    """Return the refusal of a text of which nearly nothing is English; None of any other.

    It is in another script, or its letters are not the ones drawn. A short one is not judged.
    """
    if len(text) <= _SHORT or _is_plain(text):
        return None
    written = Counter(re.split(r"[\s.,:;()‘’“”]+", text))
    words = {word: n for word, n in written.items() if any(map(str.isalpha, word))}
    count = sum(words.values())
    known = sum(n for word, n in words.items() if word.casefold() in known_words())
    nameless = sum(n for word, n in words.items() if "\ufffd" in word)
    letters = [letter for letter in text if letter.isalnum()]
    lost = len(_LOST.findall(text)) > _MOST_LOST  # one font has no table, often that of headings
    enough = len(letters) >= _LEGIBLE * len(text) and known >= _KNOWN * count
    if enough and not lost and nameless <= _NAMELESS * count:
        return None
    if 2 * sum(letter > _LATIN and letter.isalpha() for letter in letters) > len(letters):
        return UnreadableDocument(
            "the PDF is not in English: its letters are those of another script",
            remedy="give the English edition; if it looks English, print it to PDF anew",
        )
    return UnreadableDocument(
        "the PDF shows letters and does not say which: its fonts have no table of them",
        remedy="print it to PDF anew from where it comes from, run OCR over it (ocrmypdf "
        "--force-ocr), or install the extra [ocr] and Tesseract, and read it again",
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
