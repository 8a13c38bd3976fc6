"""Letters that a converter lost with the glyphs that stood for several of them.

"significant" becomes "signi cant", "signicant" or "signi\ufffdcant" in all of a text, where a font
does not say what its ligatures are. Where hardly a word has such letters left, they are given back
to what is no word without them and is one of our word list with them, in one way only.
"""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import Final

from pipelines.read.drafts.words import known_words

_ENGLISH: Final = 150  # times "the", in thousands of words
_RARE: Final = 0.03  # times as often as "the"; "fi" is met a tenth to a fifth as often
_LIGATED: Final = {  # letters that one glyph may stand for, and that no long text is without
    "fi": re.compile("(?<![fF])[fF]i|\ufb01"),
    "ff": re.compile("[fF]f|[\ufb00\ufb03\ufb04]"),
}
_OF: Final = {"fi": ("fi", "fl"), "ff": ("ff", "ffi", "ffl")}
"""Letters that are looked for where some are lost: a font that lacks one sign lacks its like."""
_SIGN: Final = "[\ufffd\ue000-\uf8ff]"
_PART: Final = "[\\w'’\ufffd\ue000-\uf8ff-]"
_TOKEN: Final = re.compile(  # no half of "re-assess" or "we're"
    rf"(?<!{_PART})(?:[a-z]+(?:{_SIGN}[a-z]*)+|{_SIGN}[a-z]+|[a-z]+)(?!{_PART})", re.IGNORECASE
)
_SHORTEST: Final = 3  # letters of what is no word by itself


def lost_ligatures(text: str) -> tuple[str, ...]:
    """Return the letters that hardly a word of a long English text has: `fi`, `ff`, or neither."""
    usual = text.count(" the ")
    if usual < _ENGLISH:
        return ()
    return tuple(name for name, form in _LIGATED.items() if len(form.findall(text)) < _RARE * usual)


def with_ligatures(text: str) -> tuple[str, tuple[str, ...]]:
    """Give lost letters back; return the text, and warnings that say how often and what may remain.

    Args:
        text: Repaired, not yet split into lines.
    """
    lost = lost_ligatures(text)
    if not lost:
        return text, ()
    letters = [form for name in lost for form in _OF[name]]
    out: list[str] = []
    given = end = 0
    for token, after in zip_longest(found := [*_TOKEN.finditer(text)], found[1:]):
        if token.start() < end:
            continue  # the rest of the word before
        beside = after is not None and text[token.end() : after.start()] == " "
        whole = _joined(token[0], after[0], letters) if beside else None
        word = whole or _completed(token[0], letters)
        if word is not None:
            out += (text[end : token.start()], word)
            given, end = given + 1, (after if whole else token).end()
    names = ", ".join(lost)
    warning = (
        f"hardly a word has the letters {names}: what made this text of a file lost them; "
        f"{given} words have them back by the word list, and others may lack them still"
    )
    return "".join([*out, text[end:]]), (warning,)


def _joined(head: str, tail: str, letters: list[str]) -> str | None:
    """The word that two tokens are with lost letters for the blank between them."""
    words = known_words()
    if head.lower() in words and tail.lower() in words:
        return None
    found = {f"{head}{form}{tail}" for form in letters}
    return _only(found)


def _completed(token: str, letters: list[str]) -> str | None:
    """The word that a token is with lost letters for its signs, or put in where there is none."""
    if token.lower() in known_words() or len(token) < _SHORTEST:
        return None
    if parts := re.findall(_SIGN, token):
        return _only({token.replace(parts[0], form, 1) for form in letters})
    return _only({token[:n] + form + token[n:] for n in range(len(token) + 1) for form in letters})


def _only(found: set[str]) -> str | None:
    known = [word for word in found if word.lower() in known_words()]
    return known[0] if len(known) == 1 else None
