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


def is_legible(text: str) -> bool:
    """Whether a document's text is one, as far as it is long enough to tell."""
    if len(text) <= _SHORT or _is_plain(text):
        return True
    written = Counter(re.split(r"[\s.,:;()‘’“”]+", text))
    words = {word: n for word, n in written.items() if any(map(str.isalpha, word))}
    count = sum(words.values())
    known = sum(n for word, n in words.items() if word.casefold() in known_words())
    nameless = sum(n for word, n in words.items() if "\ufffd" in word)
    letters = sum(n for letter, n in Counter(text).items() if letter.isalnum())
    if len(_LOST.findall(text)) > _MOST_LOST:
        return False  # one of its fonts has no table, often that of the headings
    enough = letters >= _LEGIBLE * len(text) and known >= _KNOWN * count
    return enough and nameless <= _NAMELESS * count


def illegible() -> UnreadableDocument:
    """The refusal of a document whose letters nothing tells."""
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
