"""Reports in zip archives: listed without unpacking, and unpacked one at a time, within limits.

An archive can say that it holds gigabytes, millions of files, or other names than its own. Its
list is looked at before it is loaded; a file is unpacked no further than what a reader takes on,
into a place that its name has no part in.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from pipelines.damage import PACKED
from pipelines.errors import UnreadableDocument
from pipelines.flow.aside import DOCUMENTS, PAGES, is_litter

SUFFIX: Final = ".zip"

_MOST_FILES: Final = 10_000
_LARGEST_LIST: Final = 10_000_000  # bytes of an archive's list of its files
_MOST_UNPACKED: Final = 20_000_000_000  # bytes that all files together say they are
_END: Final = b"PK\x05\x06"
_WITHIN: Final = 65_557  # bytes at the end of an archive in which its end record stands
_RECORD: Final = 22
_LOCKED: Final = 0x1
_CHUNK: Final = 2**20
_MACS: Final = "__MACOSX"
_WORD: Final = "word/document.xml"


@dataclass(frozen=True, slots=True)
class Packed:
    """What an archive holds.

    Attributes:
        names: Of its files, as the archive says them, sorted.
        locked: Those of them that need a password.
        problem: Why the archive cannot be read; empty where it can.
        remedy: What to do about that.
    """

    names: tuple[str, ...] = ()
    locked: frozenset[str] = frozenset()
    problem: str = ""
    remedy: str = ""


def list_zip(path: Path) -> Packed:
    """List the files of an archive, without what systems and browsers put beside them."""
    try:
        if problem := _oversized(path):
            return Packed(problem=problem, remedy="unpack it and give the reports inside")
        with zipfile.ZipFile(path) as archive:
            named = _by_name(archive)
    except (OSError, *PACKED) as error:
        said = error.strerror if isinstance(error, OSError) else ""
        return Packed(
            problem=said or "the archive is damaged, or no zip archive",
            remedy="fetch it again, or unpack it and give the reports inside",
        )
    entries = named.values()
    if len(entries) > _MOST_FILES or sum(e.file_size for e in entries) > _MOST_UNPACKED:
        return Packed(
            problem=f"the archive says it holds {len(entries):,} files of "
            f"{sum(e.file_size for e in entries):,} bytes, more than the limits of "
            f"{_MOST_FILES:,} files and {_MOST_UNPACKED:,} bytes",
            remedy="unpack it and give the reports inside",
        )
    if _WORD in (e.filename for e in entries):
        return Packed(problem="it is a Word document (.docx)", remedy="name it .docx")
    names = without_litter(named)
    locked = {name for name, e in named.items() if e.flag_bits & _LOCKED}
    return Packed(tuple(sorted(names)), frozenset(locked & names))


def _by_name(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Give each file of an archive a name of its own: two may stand there under one.

    A program that unpacks them would write the second over the first.
    """
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    taken = {entry.filename for entry in entries}
    named: dict[str, zipfile.ZipInfo] = {}
    times: Counter[str] = Counter()
    for entry in entries:
        name, (stem, suffix) = entry.filename, posixpath.splitext(entry.filename)
        while times[entry.filename] and name in taken:
            times[entry.filename] += 1
            name = f"{stem} ({times[entry.filename]}){suffix}"
        times[entry.filename] += not times[entry.filename]
        taken.add(name)
        named[name] = entry
    return named


def without_litter(names: Iterable[str]) -> frozenset[str]:
    """Return paths of files without what systems and browsers put beside them.

    Documents stay: where they are `of_a_page`, somebody may have put them there.

    Args:
        names: Below the archive or folder that is listed.
    """
    wanted = {name for name in names if _wanted(name)}
    return frozenset(
        name
        for name in wanted
        if PurePosixPath(name).suffix.lower() in DOCUMENTS or not of_a_page(name, wanted)
    )


def unpack(archive: str, name: str, path: Path, *, most: int) -> None:
    """Write one file of an archive to a path.

    Args:
        archive: Path of the archive.
        name: Of the file in it.
        path: Where to.
        most: Bytes; what is longer is cut off one byte after, so that the reader refuses it.

    Raises:
        UnreadableDocument: It is damaged, or packed in a way that cannot be read.
    """
    try:
        with (
            zipfile.ZipFile(archive) as source,
            source.open(_by_name(source)[name]) as packed,
            path.open("wb") as unpacked,
        ):
            left = most + 1
            while left > 0 and (chunk := packed.read(min(_CHUNK, left))):
                unpacked.write(chunk)
                left -= len(chunk)
    except PACKED as error:
        raise UnreadableDocument(
            "it cannot be taken out of its archive, which is damaged or packed in an unusual way",
            remedy="fetch the archive again, or unpack it and give the reports inside",
        ) from error


def _oversized(path: Path) -> str:
    """Say why an archive's list of files is not even loaded; nothing where it may be."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(max(0, size - _WITHIN))
        tail = stream.read(_WITHIN)
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _RECORD:
        return ""  # no archive: said when it is opened
    files = int.from_bytes(tail[at + 10 : at + 12], "little")
    length = int.from_bytes(tail[at + 12 : at + 16], "little")
    if files > _MOST_FILES or length > _LARGEST_LIST:
        return f"the archive holds more than {_MOST_FILES:,} files"
    return ""


def _wanted(name: str) -> bool:
    parts = parts_of(name)
    return bool(parts) and parts[0] != _MACS and not any(is_litter(part) for part in parts)


def parts_of(name: str) -> tuple[str, ...]:
    """Return the parts of a packed file's name, without those that lead out of the archive.

    Archives of `../reports` have such names, and their reports are reports.
    """
    return tuple(part for part in PurePosixPath(name).parts if part not in ("..", "/"))


def of_a_page(name: str, names: Collection[str]) -> bool:
    """Whether a file is in the folder that a browser keeps beside a page for its pictures.

    Args:
        name: Of the file.
        names: Of all files, the pages among them.
    """
    for folder in PurePosixPath(name).parents:
        if folder.name.endswith("_files"):
            page = folder.with_name(folder.name.removesuffix("_files"))
            if any(str(page) + suffix in names for suffix in PAGES):
                return True
    return False
