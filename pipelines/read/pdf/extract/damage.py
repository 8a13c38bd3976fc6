"""What a damaged PDF no longer says: streams that do not unpack, pages that its tree has lost.

PDFium mends much of a damaged file without a word, and leaves out what it cannot mend. So the
bytes are looked at as well: every packed stream carries a checksum.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator, Sequence

_STREAM = re.compile(rb">>\s{0,9}stream\r?\n")  # fonts say the word, too
_SAID = re.compile(rb"/Length\s+(\d{1,12})\b(\s+\d+\s+R\b)?")
_LENGTH = re.compile(rb"obj\s+(\d{1,12})\s+endobj")  # an object that is but a number
_NUMBER = re.compile(rb"\b(\d{1,12})\s+\d+\s+\Z")  # of an object, before it
_PAGE = re.compile(rb"/Type\s*/Page\b")
_OWNER = re.compile(rb"(\d+)\s+\d+\s+obj\b[^>]*\Z")
_SHORT = 40  # bytes that an object's numbers and the white after them have at most
_NEAR = 240  # bytes before the type of a page's object within which the object opens
_OPENED = re.compile(rb"\d\s+\d+\s+obj\b")
_STRING = re.compile(rb"\((?:[^()\\\r\n]|\\.){0,400}\)")  # a title may say these words
_POINTER = re.compile(rb"startxref\s+(\d{1,12})")
_TABLE = re.compile(rb"\s*(?:xref\b|\d+\s+\d+\s+obj\b)")
_TAIL = 2048
_LOOKED_AT = 64_000_000  # bytes after unpacking: fonts and text, not a book of pictures
_UNPACKED = 8_000_000  # bytes of one stream
_Body = tuple[bytes, int, int | None]  # a stream's head, where its body begins, and its end
_STEP = 1 << 16  # bytes unpacked at a time: the rest of the file is not copied for each stream


def find_damage(
    data: bytes, pages: int, *, inspectors: Sequence[Callable[[bytes], None]] = ()
) -> list[str]:
    """Say what is wrong with a PDF's bytes, a sentence for each fault.

    Args:
        data: The whole file.
        pages: Number of pages that PDFium found in it.
        inspectors: Are shown each stream, unpacked.
    """
    found: list[str] = []
    if b"%%EOF" not in data[-_TAIL:]:
        found.append("the file breaks off before its end: pages or text may be missing")
    bodies = list(_bodies(data))
    bare = _without_bodies(data, bodies)  # texts and files inside it may say these words, too
    opened, closed = len(_OPENED.findall(bare)), bare.count(b"endobj")
    streams = len(_STREAM.findall(bare)) - bare.count(b"endstream")
    if opened == closed and streams:
        found.append(f"{abs(streams)} streams are broken: text may be missing")
    if opened != closed:
        found.append(f"{abs(opened - closed)} objects are broken: text may be missing")
    if not found and not _table_in_place(data):
        found.append("its table of objects is out of place: the file was cut or altered")
    if b"/Encrypt" in data:
        return found  # its streams do not unpack without the key
    bad = total = 0
    kept = set(_page_objects(bare))
    packed = 0
    for text in _streams(data, bodies, inspectors):
        total += 1
        bad += text is None
        if text is not None:
            packed += len(_PAGE.findall(text)) if b"/Page" in text else 0
    if bad:
        found.append(f"{bad} of {total} packed streams are damaged: text may be missing or wrong")
    if len(kept) + packed > pages and not _saved_in_steps(bare):
        found.append(
            f"the file holds {len(kept) + packed} pages but lists {pages}: pages may be missing"
        )
    return found


def _bodies(data: bytes) -> Iterator[_Body]:
    """The head of each stream, where its body begins, and its end; None where that is not said."""
    lengths: dict[bytes, bytes] = {}
    at = 0
    while match := _STREAM.search(data, at):
        head = data[max(0, match.start() - 1200) : match.start()]
        head = head[head.rfind(b" obj") + 1 :]
        said = _SAID.search(head)
        if said and said[2] and not lengths:
            lengths = dict(_lengths(data)) or {b"": b""}
        length = said and (lengths.get(said[1]) if said[2] else said[1])
        end = match.end() + int(length) if length else None
        if end is None or not data[end : end + 12].lstrip().startswith(b"endstream"):
            end = None
        yield head, match.end(), end
        at = match.end() if end is None else end


def _lengths(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The number of each object that is a number itself, and what it is."""
    for match in _LENGTH.finditer(data):
        owner = _NUMBER.search(data[max(0, match.start() - _SHORT) : match.start()])
        if owner:
            yield owner[1], match[1]


def _without_bodies(data: bytes, bodies: Sequence[_Body]) -> bytes:
    parts, at = [], 0
    for _, start, end in bodies:
        if end is not None:
            parts.append(data[at:start])
            at = end
    return _STRING.sub(b"()", b"".join([*parts, data[at:]]))


def _page_objects(data: bytes) -> Iterator[int]:
    """Numbers of the objects that say they are pages, where they are not packed."""
    for match in _PAGE.finditer(data):
        owner = _OWNER.search(data[max(0, match.start() - _NEAR) : match.start()])
        if owner:
            yield int(owner[1])


def _table_in_place(data: bytes) -> bool:
    """Whether the last pointer to the table of objects leads to one."""
    pointer = _POINTER.findall(data[-_TAIL:])
    if not pointer:
        return False
    at = int(pointer[-1]) + max(0, data[:1024].find(b"%PDF-"))  # some files start with other bytes
    return any(_TABLE.match(data, start) is not None for start in (at, int(pointer[-1])))


def _saved_in_steps(data: bytes) -> bool:
    """Whether the file was saved with changes appended, so that old pages are still in it."""
    return data.count(b"%%EOF") > 1 and b"/Prev" in data


def _streams(
    data: bytes, bodies: Sequence[_Body], inspectors: Sequence[Callable[[bytes], None]]
) -> Iterator[bytes | None]:
    """Unpack the packed streams of a file and show them; None for one that does not unpack."""
    looked_at = 0
    for head, start, end in bodies:
        if b"/FlateDecode" not in head or b"/DCTDecode" in head or start == end:
            continue
        if re.search(rb"/Filter\s*\[\s*/(?!FlateDecode)", head):
            continue  # packed once more on the outside
        try:
            text, whole = _unpack(data, start)
        except zlib.error:
            yield None
            continue
        for inspect in inspectors:
            inspect(text)
        looked_at += len(text)
        if looked_at > _LOOKED_AT:
            return
        yield text if whole else None


def _unpack(data: bytes, start: int) -> tuple[bytes, bool]:
    """Unpack the stream that starts there, and say whether it came to its end or to the limit."""
    unpacker = zlib.decompressobj()
    parts: list[bytes] = []
    room = _UNPACKED
    for at in range(start, len(data), _STEP):
        parts.append(unpacker.decompress(data[at : at + _STEP], room))
        room -= len(parts[-1])
        if unpacker.eof or room <= 0:
            break
    return b"".join(parts), unpacker.eof or room <= 0


def amend_streams(data: bytes, marker: bytes, amended: Callable[[bytes], bytes]) -> bytes:
    """Put other bytes in place of streams that hold a marker; one that would grow is left alone.

    Nothing moves, so that every place that the file's table of objects names still holds.
    """
    whole = bytearray(data)
    for head, start, told in _bodies(data):
        end = told or data.find(b"endstream", start)
        held = data[start:end]
        if end < 0 or ((packed := marker not in held) and b"/FlateDecode" not in head):
            continue
        try:
            text = _unpack(held, 0)[0] if packed else held
        except zlib.error:
            continue
        if marker not in text or (other := amended(text)) == text:
            continue
        if packed:
            other = zlib.compress(other, 9)
        if len(other) <= len(held):
            whole[start:end] = other + (b"\0" if packed else b" ") * (len(held) - len(other))
    return bytes(whole)
