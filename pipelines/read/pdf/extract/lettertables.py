"""What the tables of fonts say that their codes stand for, and what of that is doubtful."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

NO_LETTERS = re.compile("[\x00-\x1f\x7f-\x9f\ufffd-\uffff]*")
PAIR = re.compile(rb"<([0-9A-Fa-f\s]+)>\s*<([0-9A-Fa-f\s]*)>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(<[0-9A-Fa-f\s]*>|\[[^\[\]]*\])")
_WIDEST = 256  # codes in a range: as many as differ in their last byte
_FEWEST = 8  # small letters in a font that sets text
_TWINS = "ftil"  # the letters that ligatures begin and end with
_SHIFTED = "Þß"  # where old fonts have fi and fl
_BLANK = 0x20  # of fonts with codes of one byte
_OFTEN = "-'\"’‘“”.,–—…"  # signs that fonts have at more than one code


def doubtful_codes(table: Mapping[int, str]) -> list[int]:
    """The codes of a table that stand for no letters, or for those of another code."""
    small = {
        text for text in table.values() if len(text) == 1 and text.isascii() and text.islower()
    }
    if len(small) < _FEWEST:
        return []
    codes: dict[str, list[int]] = {}
    for code, text in table.items():
        codes.setdefault(text, []).append(code)
    blanks = codes.get(" ", [0])
    blank = _BLANK if _BLANK in blanks else min(blanks)
    return [
        code
        for code, text in table.items()
        if NO_LETTERS.fullmatch(text)
        or "\ue000" <= text <= "\uf8ff"
        or (text in " \xa0" and " " in codes and code != blank)
        or (len(codes[text]) > 1 and (text in _TWINS or not _is_shared(text)))
        or text in _SHIFTED
    ]


def _is_shared(text: str) -> bool:
    """Whether several codes of a font may rightly stand for a character."""
    return len(text) == 1 and ((text.isascii() and text != "?") or text in _OFTEN)


def table_of(stream: bytes) -> dict[int, str]:
    """What the codes of a font stand for, according to a table in a stream."""
    table: dict[int, str] = {}
    for block in stream.split(b"beginbf")[1:]:  # what is left open ends where the next begins
        body = block.partition(b"endbf")[0]
        if body.startswith(b"char"):
            table.update((int(code, 16), _text(text)) for code, text in PAIR.findall(body))
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


def _text(digits: bytes) -> str:
    whole = b"".join(digits.split())
    if 0 < len(whole) < 4:
        return chr(int(whole, 16))
    return bytes.fromhex(whole.decode()[: len(whole) // 4 * 4]).decode("utf-16-be", "replace")
