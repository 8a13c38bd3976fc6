"""Find what is to be read: files, folders searched through, addresses of other file systems."""

from __future__ import annotations

import logging
import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Final

from pipelines.errors import SettingsError
from pipelines.fetch.folder import LEDGER, STORE
from pipelines.flow.aside import DOCUMENTS, OF_A_PAGE, PAGES, RUN_MARK, is_litter, left_aside
from pipelines.flow.sources.addresses import public, readable, shown
from pipelines.flow.sources.remote import list_address
from pipelines.flow.sources.zips import SUFFIX as ZIP
from pipelines.flow.sources.zips import list_zip, of_a_page, parts_of, without_litter
from pipelines.regular import regular_file

logger = logging.getLogger(__name__)

SUFFIXES: Final = PAGES | (DOCUMENTS - {".doc", ".odt", ".rtf", ".zip"})  # these are not read
_MAGIC: Final = (b"%pdf-", b"<!doctype html", b"<html")
_SNIFFED: Final = 1024


@dataclass(frozen=True, slots=True)
class Source:
    """A source of a run.

    Attributes:
        path: As the tables say it: below the folder that was given, so the same on every machine.
        address: Where it is: a path of this machine, or an address such as `s3://bucket/key`.
        root: The last part of the folder that was given; tells two sources of one path apart.
        problem: Why it cannot be tried at all; empty where it can.
        remedy: What to do about the problem; empty where that goes without saying.
        aside: Whether it is of a kind that is not read: `problem` says which.
        archive: Path of the zip archive that it is packed in; empty where it is not.
        packed: Its name in there.
    """

    path: str
    address: str
    root: str = ""
    problem: str = ""
    remedy: str = ""
    aside: bool = False
    archive: str = ""
    packed: str = ""

    @property
    def place(self) -> str:
        """Where it is, for tables and messages: without what opens an address."""
        return shown(self.address)

    @property
    def remote(self) -> bool:
        """Whether it must be fetched first."""
        return "://" in self.address


def find_sources(
    given: str | Path | Iterable[str | Path], *, leave_out: Path | None = None
) -> tuple[Source, ...]:
    """Find all sources below what is given, each once, sorted by path whatever the order given.

    A file given by name is always taken. In folders the known suffixes are taken, and files of
    another name that begin as a PDF or HTML page does; not the folder of pictures and frames that a
    browser saves beside a page: documents in it are left aside. Symbolic links are followed, but a
    folder is entered once only, so links that lead in circles end. Run folders are left alone.

    Args:
        given: Files, folders, zip archives or addresses.
        leave_out: The folder that the run will write to.

    Raises:
        SettingsError: Nothing is given, or there is nothing to read.
        MissingExtra: An address needs a library that is not installed.
    """
    return tuple(one for one in survey_sources(given, leave_out=leave_out) if not one.aside)


def survey_sources(
    given: str | Path | Iterable[str | Path], *, leave_out: Path | None = None
) -> tuple[Source, ...]:
    """Find all sources, and what lies beside them and is left aside: each once, sorted by path.

    Args:
        given: As for `find_sources`.
        leave_out: As for `find_sources`.

    Raises:
        SettingsError, MissingExtra: As for `find_sources`.
    """
    if not (listed := [given] if isinstance(given, (str, Path)) else list(given)):
        raise SettingsError("no source given; give files or folders of reports")
    if leave_out is not None and any(_is_folder(entry, leave_out) for entry in listed):
        raise SettingsError(
            f"{readable(str(leave_out))}: holds the sources; give another folder as --out"
        )
    found: dict[str, Source] = {}
    for entry in listed:
        for source in _below(entry, leave_out):
            found.setdefault(source.address, source)
    if all(source.aside for source in found.values()):
        names = ", ".join(sorted(shown(str(entry)) for entry in listed))
        kinds = Counter(Path(source.path).suffix or "no suffix" for source in found.values())
        others = ", ".join(f"{number} of {suffix}" for suffix, number in sorted(kinds.items()))
        raise SettingsError(
            f"nothing to read in {names}; expected files of {', '.join(sorted(SUFFIXES))}, or "
            f"{ZIP} archives of them{f'; there are {others}' if others else ''}"
        )
    return tuple(sorted(_told_apart(list(found.values())), key=lambda s: (s.path, s.address)))


def _is_folder(entry: str | Path, folder: Path) -> bool:
    try:
        return Path(entry).samefile(folder)
    except OSError:  # one of them is not there, or is an address
        return False


def _below(entry: str | Path, leave_out: Path | None) -> Iterator[Source]:
    if "://" in str(entry):
        yield from _remote(str(entry))
        return
    root = Path(entry)
    try:
        mode = root.stat().st_mode
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        yield Source(readable(root.name or str(root)), _absolute(root), problem=reason)
        return
    if stat.S_ISDIR(mode):
        yield from _folder(root, leave_out)
    elif stat.S_ISREG(mode) and root.suffix.lower() == ZIP:
        yield from _packed(root, readable(root.name), readable(_name(root.parent)))
    else:
        yield Source(readable(root.name), _absolute(root), readable(_name(root.parent)))


def _folder(root: Path, leave_out: Path | None) -> Iterator[Source]:
    ours = leave_out.resolve() if leave_out is not None else None
    entered: set[tuple[int, int]] = set()
    waiting = [(root, False)]
    while waiting:
        folder, of_page = waiting.pop()
        try:
            status = folder.stat()
            if (status.st_dev, status.st_ino) in entered or folder.resolve() == ours:
                continue
            entered.add((status.st_dev, status.st_ino))
            entries = sorted(os.scandir(folder), key=lambda e: e.name)
        except OSError as error:
            path = readable(folder.relative_to(root).as_posix())
            yield Source(path, _absolute(folder), _name(root), problem=str(error.strerror))
            continue
        if any(e.name == RUN_MARK for e in entries) and folder != root:
            logger.info("%s is the folder of a run; left alone", readable(str(folder)))
            continue
        beside = _beside(entries)
        for inner in entries:
            place = Path(inner.path)
            if is_litter(inner.name):
                continue
            name = readable(place.relative_to(root).as_posix())
            if _is_dir(inner):
                waiting.append((place, of_page or inner.name in beside))
            else:
                apart = of_page or inner.name in beside
                yield from _file(place, name, readable(_name(root)), apart=apart)


def _file(place: Path, name: str, root: str, *, apart: bool) -> Iterator[Source]:
    if apart:
        if place.suffix.lower() in DOCUMENTS:
            yield _aside(name, _absolute(place), root, OF_A_PAGE)
    elif _wanted(place):
        yield Source(name, _absolute(place), root)
    elif place.suffix.lower() == ZIP:
        yield from _packed(place, name, root)
    else:
        yield _aside(name, _absolute(place), root)


def _aside(path: str, address: str, root: str, said: tuple[str, str] | None = None) -> Source:
    problem, remedy = said or left_aside(path)
    return Source(path, address, root, problem, remedy, aside=True)


def _packed(archive: Path, path: str, root: str) -> Iterator[Source]:
    """Give the files in an archive, as if it were a folder of its name."""
    held = list_zip(archive)
    address = _absolute(archive)
    if held.problem:
        yield Source(path, address, root, held.problem, held.remedy)
    elif not held.names:
        yield Source(path, address, root, "an empty archive", "nothing", aside=True)
    names = frozenset(held.names)
    for name in held.names:
        inner = Source(
            "/".join((path, *map(readable, parts_of(name)))),
            f"zip://{name}::{address}",
            root,
            archive=address,
            packed=name,
        )
        apart = of_a_page(name, names)
        if apart or PurePosixPath(name).suffix.lower() not in SUFFIXES:
            problem, remedy = OF_A_PAGE if apart else left_aside(name)
            inner = replace(inner, problem=problem, remedy=remedy, aside=True)
        elif name in held.locked:
            remedy = "unpack it with its password and give what is inside"
            inner = replace(inner, problem="it is locked with a password", remedy=remedy)
        yield inner


def _beside(entries: Iterable[os.DirEntry[str]]) -> frozenset[str]:
    """Name what stands beside sources: pictures of saved pages, the ledger of what was fetched."""
    paths = [Path(entry.name) for entry in entries]
    pictures = {f"{path.stem}_files" for path in paths if path.suffix.lower() in PAGES}
    return frozenset(pictures | ({LEDGER} if Path(STORE) in paths else set()))


def _is_dir(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False


def _wanted(path: Path) -> bool:
    if path.suffix.lower() in SUFFIXES:
        return True
    try:
        with regular_file(path) as stream:
            head = stream.read(_SNIFFED)
    except OSError:  # no file, or one of a process that is looked at, or of a disk that fails
        return False
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MAGIC)


def _remote(address: str) -> Iterator[Source]:
    listing = list_address(address)
    if listing.folder is None:
        plain = public(address)
        name = readable(_last(plain.partition("::")[0].partition("://")[2]) or _last(plain))
        packed = PurePosixPath(name).suffix.lower() == ZIP and "::" not in address
        where = f"zip://::{address}"
        for one in _remote(where) if packed and not listing.problem else ():
            if one.address != where:  # as if it were a folder of its name
                yield replace(one, path=f"{name}/{one.path}")
            else:  # none, or one that cannot be looked into
                yield Source(name, address, problem=one.problem)
        if not packed or listing.problem:
            yield Source(name, address, problem=listing.problem)
        return
    base = listing.folder
    found = [(name.removeprefix(base).lstrip("/"), place) for name, place in listing.found]
    # A name that ends in a stroke, or is the folder's own, is a mark that consoles leave for it.
    kept = without_litter(name for name, _ in found if not name.endswith("/"))
    for name, place in found:
        if name not in kept:
            continue
        suffix = PurePosixPath(name).suffix.lower()
        path = "/".join(map(readable, parts_of(name))) if "::" in address else readable(name)
        if of_a_page(name, kept):
            yield _aside(path, place, _last(base), OF_A_PAGE)
        elif suffix in SUFFIXES:
            yield Source(path, place, _last(base))
        elif suffix == ZIP and "::" not in address:
            remedy = f"copy it here, or give {shown(place)} as a source"
            yield _aside(path, place, _last(base), ("an archive", remedy))
        else:
            yield _aside(path, place, _last(base))


def _told_apart(sources: list[Source]) -> list[Source]:
    """Put the root's name before paths that several roots share."""
    for by_root in (True, False):
        times = Counter(source.path for source in sources)
        names = [f"{s.root}/{s.path}" if by_root else shown(s.address) for s in sources]
        pairs = zip(sources, names, strict=True)
        sources = [replace(s, path=name) if times[s.path] > 1 else s for s, name in pairs]
    return sources


def _absolute(path: Path) -> str:
    return os.path.abspath(path)  # noqa: PTH100 - Path.absolute keeps `..`, resolve follows links


def _name(folder: Path) -> str:
    return folder.name or folder.resolve().name


def _last(path: str) -> str:
    return PurePosixPath(path.rstrip("/")).name
