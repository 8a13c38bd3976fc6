"""Tables of what the codes of a font stand for (`ToUnicode`): read, and written anew."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

PAIR = re.compile(rb"<([0-9A-Fa-f\s]+)>\s*<([0-9A-Fa-f\s]*)>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(<[0-9A-Fa-f\s]*>|\[[^\[\]]*\])")
#: Old-style figures and small capitals by the private codes that Adobe's list of glyphs has for
#: them, and the letters of Latin 1 that they are.
STYLED = {0xF700 + code: chr(code) for code in (*range(0x21, 0x7F), *range(0xA1, 0x100))}
_WIDEST, _MOST = 256, 100  # codes of a range, in their last byte; entries of a block


def width_of(stream: bytes) -> int:
    """How many digits the codes of a table have."""
    return next((len(pair[1].strip()) for pair in PAIR.finditer(stream)), 0)


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


def written(entries: Mapping[int, str], codes: bytes, width: int) -> bytes:
    """A table with these entries; `codes` are the ranges of codes, of `width` digits."""
    opened = b"begincmap\n%d begincodespacerange" % len(PAIR.findall(codes))
    lines, runs = [opened, codes, b"endcodespacerange"], list(_runs(entries))
    for kind, listed in (
        (b"char", [(first, text) for first, last, text in runs if first == last]),
        (b"range", [run for run in runs if run[0] < run[1]]),
    ):
        for at in range(0, len(listed), _MOST):
            some = [_entry(entry, width) for entry in listed[at : at + _MOST]]
            lines += [b"%d beginbf%b" % (len(some), kind), *some, b"endbf" + kind]
    return b"\n".join([*lines, b"endcmap"])


def _entry(entry: tuple[int | str, ...], width: int) -> bytes:
    """Codes, and what they stand for, as a table has them."""
    said = (f"{p:0{width}X}" if isinstance(p, int) else p.encode("utf-16-be").hex() for p in entry)
    return "".join(f"<{digits}>" for digits in said).encode()


def _runs(entries: Mapping[int, str]) -> Iterator[tuple[int, int, str]]:
    """Codes that follow each other and stand for letters that do: first, last, the first's text."""
    first, last, text = -1, -1, ""
    for code, said in [*sorted(entries.items()), (-1, "")]:
        follows = code == last + 1 and code % _WIDEST and len(text) == len(said) == 1
        if follows and ord(said) == ord(text) + code - first and ord(said) % _WIDEST:
            last = code
            continue
        if text:
            yield first, last, text
        first, last, text = code, code, said


def _text(digits: bytes) -> str:
    whole = b"".join(digits.split())
    if 0 < len(whole) < 4 + (whole[:1] not in b"Dd"):  # from D800 on stand halves
        return chr(int(whole, 16)).translate(STYLED)
    return bytes.fromhex(whole.decode()[: len(whole) // 4 * 4]).decode("utf-16-be", "replace")
