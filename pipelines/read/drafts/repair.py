"""Mend what file formats do to text, without changing what is written.

Used by every reader. Quotation marks, dashes and letters are kept as printed; only what is not
writing goes: odd spaces, soft hyphens, ligatures, glyphs of symbol fonts, marks of direction,
control characters. Repairing twice is the same as repairing once.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from pipelines.read.drafts.glyphs import with_letters

BULLET: Final = "•"

# Symbol and Wingdings glyphs reach us at U+F000 + code: these stand for a bullet.
_SYMBOL_BULLETS: Final = (
    "\uf0b7\uf0a7\uf0a8\uf0d8\uf0fc\uf076\uf077\uf06c\uf06e\uf071\uf075\uf09f\uf0e0\uf0de"
)
_LIGATURES: Final = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
}
_SPACES: Final = "\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_BREAKS: Final = "\r\u000b\u0085\u2028\u2029"
_HYPHENS: Final = "\u2010\u2011"
DIVIDER: Final = "\u2010"  # divides a word, where a text has it at the ends of lines only
_AT_END: Final = re.compile("\u2010(?=[ \t]*\n)")
_INVISIBLE: Final = "\u200b\u200c\u200d\u2060\ufeff\u180e\u2061\u2062\u2063\u2064"
_DIRECTION: Final = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"

_MENDED: Final = {
    **_LIGATURES,
    **dict.fromkeys(_SPACES, " "),
    **dict.fromkeys(_BREAKS, "\n"),
    **dict.fromkeys(_HYPHENS, "-"),
    **dict.fromkeys(_SYMBOL_BULLETS, BULLET),
    **dict.fromkeys(_INVISIBLE + _DIRECTION, ""),
}
_TO_MEND: Final = re.compile(f"[{''.join(_MENDED)}]")
# Control characters but tab, newline and form feed; lone surrogates; noncharacters.
_CONTROL: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f\x81\x8d\x8f\x90\x9d\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_NEVER_A_BYTE: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f]")  # of a letter encoded twice
# What stood where there is now a control character, or one that could not be decoded.
_LOST: Final = "[\x00-\x08\x0e-\x1f\x7f\ufffd]"
_APOSTROPHE: Final = re.compile(rf"(?<=[a-z][a-z]){_LOST}(?=(?:s|t|re|ve|ll)\b)")
_DASH: Final = re.compile(rf"(?<=[a-z,] ){_NEVER_A_BYTE.pattern}(?= [a-z])")  # � may be a ½
_DIRECTIONS: Final = re.compile(f"[{_DIRECTION}]")
# A soft hyphen shows only where the line breaks after it: the word continues on the next line.
_SOFT_BREAK: Final = re.compile("\u00ad+[ \t]*\n[ \t]*(?=\\w)")
_PRIVATE_MARK: Final = re.compile("(?m)^([ \t]*)[\ue000-\uf8ff](?=[ \t])")
# What may need it: not pounds, the usual dashes and quotation marks, bullets and ellipses.
_COUNTED: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\xa2\xa4-\u2012\u2015-\u2017\u201a\u201b\u201e-\u2021\u2023-\u2025"
    "\u2027-\uffff]"
)


def _read_as(page: str, leads: bytes, trails: bytes, *, raw: bool = False) -> str:
    """The letters that bytes of UTF-8 look like where they were read as an older encoding.

    Args:
        page: The encoding.
        leads: First bytes of pairs.
        trails: Bytes that follow.
        raw: Whether bytes that it lacks stand as they are, as Latin-1 has them.
    """

    def letters(data: bytes) -> str:
        said = data.decode(page, "ignore") + data.decode("latin-1") * raw
        return re.escape("".join(dict.fromkeys(said)))

    of_signs = f"[{letters(bytes([0xE2]))}][{letters(bytes([0x80, 0x82, 0x84]))}]"
    return f"(?P<{page}>(?:[{letters(leads)}]|{of_signs})[{letters(trails)}])"


# Windows and Latin-1, DOS and old Macs; on DOS, what draws lines stays what it is.
_TRAILS: Final = bytes(range(0x80, 0xC0))
_UNDRAWN: Final = bytes({*range(0x80, 0xB3), 0xB5, 0xB6, 0xB7, 0xB8, 0xBD, 0xBE})
_TWICE: Final = re.compile(
    "|".join(
        (
            _read_as("cp1252", bytes(range(0xC2, 0xC6)), _TRAILS, raw=True),
            _read_as("cp850", b"\xc2\xc3", _UNDRAWN),
            _read_as("cp437", b"\xc2\xc3", _UNDRAWN),
            _read_as("mac_roman", b"\xc2\xc3", _TRAILS),
        )
    )
)
# Windows-1252 taken for Latin-1; its ellipsis is taken for an end of a line, as it may be one.
_C1: Final = {
    byte: bytes([byte]).decode("cp1252")
    for byte in range(0x80, 0xA0)
    if byte not in {0x81, 0x85, 0x8D, 0x8F, 0x90, 0x9D}
}


def decoded_once(text: str) -> str:
    """Mend what was encoded twice or more, or taken for Latin-1: â€™ for an apostrophe."""
    while not text.isascii() and (mended := _TWICE.sub(_once, text)) != text:
        text = mended
    return text.translate(_C1)


def _once(match: re.Match[str]) -> str:
    page = match.lastgroup or "cp1252"
    raw = page == "cp1252"
    try:
        data = b"".join(
            bytes([ord(c)]) if raw and ord(c) < 0x100 else c.encode(page) for c in match[0]
        )
        return data.decode("utf-8")
    except UnicodeError:
        return match[0]


def repair_text(text: str) -> str:
    """Return the text mended; tabs, newlines and form feeds are kept."""
    if not _COUNTED.search(text):
        return text
    text = _DASH.sub("–", _APOSTROPHE.sub("’", text))
    text = decoded_once(_NEVER_A_BYTE.sub("", text))
    text = text.replace("\r\n", "\n")
    divides = text.count(DIVIDER) == len(_AT_END.findall(text))
    mended = {**_MENDED, DIVIDER: DIVIDER} if divides else _MENDED
    text = _TO_MEND.sub(lambda match: mended[match[0]], _CONTROL.sub("", text))
    text = _SOFT_BREAK.sub("", text).replace("\u00ad", "")
    text = with_letters(unicodedata.normalize("NFC", text))
    return _PRIVATE_MARK.sub(rf"\1{BULLET}", text)


def repair_warnings(text: str) -> tuple[str, ...]:
    """Say what was in a raw text that no honest text needs, a sentence each, with its count."""
    found = []
    if count := len(_CONTROL.findall(text)):
        found.append(f"{count} control character{'s' * (count > 1)} removed")
    if count := len(_DIRECTIONS.findall(text)):
        found.append(f"{count} mark{'s' * (count > 1)} of writing direction removed")
    if count := text.count("\ufffd"):
        found.append(f"{count} character{'s' * (count > 1)} could not be decoded")
    return tuple(found)
