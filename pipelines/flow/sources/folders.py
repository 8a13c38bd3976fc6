"""What lies in folders and archives: each thing once, whatever links lead to it.

A link inside a folder is another name of what it leads to. What has a name of its own below what
was given is read under that name, and the link is set aside, so that nothing is read twice and
links in circles end. What lies elsewhere was not given: a folder that somebody sent must not have
files read that its receiver would never have named. It is not read, and the ledger says where the
link leads, so that it can be given too.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from pathlib import Path, PurePosixPath
from typing import Final

from pipelines.fetch.folder import LEDGER, STORE
from pipelines.flow.aside import (
    DOCUMENTS,
    OF_A_PAGE,
    PAGES,
    RUN_MARK,
    SUFFIXES,
    is_litter,
    left_aside,
)
from pipelines.flow.sources.addresses import readable
from pipelines.flow.sources.source import Source
from pipelines.flow.sources.zips import SUFFIX as ZIP
from pipelines.flow.sources.zips import list_zip, of_a_page, parts_of
from pipelines.regular import regular_file

logger = logging.getLogger(__name__)

_MAGIC: Final = (b"%pdf-", b"<!doctype html", b"<html")
_SNIFFED: Final = 1024


@dataclass(frozen=True, slots=True, order=True)
class _Entry:
    """Something in a folder.

    Attributes:
        place: Where it is.
        root: The folder that was given.
        apart: Whether it is in the folder that a browser saves beside a page.
    """

    place: Path
    root: Path
    apart: bool = False

    @property
    def name(self) -> str:
        """As the tables say it."""
        return readable(self.place.relative_to(self.root).as_posix())

    @property
    def root_name(self) -> str:
        """The last part of the folder that was given."""
        return readable(last_name(self.root))


@dataclass(slots=True)
class Walk:
    """A walk through all that was given.

    Attributes:
        roots: Files and folders that were given, where they really are.
        leave_out: The folder that the run will write to, where it really is.
        met: Files by where they really are, as they were met first.
        entered: Folders, in the same way.
        links: Links that are still to be followed, as a heap: they come last.
    """

    roots: frozenset[Path]
    leave_out: Path | None = None
    met: dict[Path, _Entry] = field(default_factory=dict)
    entered: dict[Path, _Entry] = field(default_factory=dict)
    links: list[_Entry] = field(default_factory=list)

    def file(self, place: Path) -> Iterator[Source]:
        """Give a file that was given by name, or what is in an archive."""
        named, real = _Entry(place, place.parent), really(place)
        if self._is_new(real, named):
            if place.suffix.lower() == ZIP and place.is_file():
                yield from in_archive(place, named.name, named.root_name)
            else:
                yield Source(named.name, absolute(place), named.root_name)
        elif place.is_symlink():
            yield _known(named, self.met[real])

    def folder(self, root: Path) -> Iterator[Source]:
        """Give what is in a folder, links left for `followed`."""
        yield from self._below(_Entry(root, root))

    def followed(self) -> Iterator[Source]:
        """Give what links lead to, once all else is known."""
        while self.links:
            link = heappop(self.links)
            real = really(link.place)
            if not self._was_given(real):
                yield _leads_out(link)
            elif link.place.is_dir() and real not in self.entered:
                yield from self._below(link)
            elif link.place.is_dir() or real in self.met:
                yield _known(link, self.entered.get(real) or self.met[real])
            else:
                self.met[real] = link
                yield from _file(link)

    def _below(self, top: _Entry) -> Iterator[Source]:
        waiting = [top]
        while waiting:
            folder = waiting.pop()
            real = really(folder.place)
            if real in self.entered or real == self.leave_out:
                continue
            self.entered[real] = folder
            try:
                inside = sorted(os.scandir(folder.place), key=lambda e: e.name)
            except OSError as error:
                problem = str(error.strerror)
                yield Source(folder.name, absolute(folder.place), folder.root_name, problem=problem)
                continue
            if any(e.name == RUN_MARK for e in inside) and folder.place != folder.root:
                logger.info("%s is the folder of a run; left alone", readable(str(folder.place)))
                continue
            beside = _beside(inside)
            for inner in inside:
                if is_litter(inner.name):
                    continue
                entry = _Entry(Path(inner.path), folder.root, folder.apart or inner.name in beside)
                if inner.is_symlink() and _leads_anywhere(entry.place):
                    heappush(self.links, entry)
                elif inner.is_dir(follow_symlinks=False):
                    waiting.append(entry)
                elif self._is_new(real / inner.name, entry):
                    yield from _file(entry)

    def _is_new(self, real: Path, entry: _Entry) -> bool:
        """Note where a file really is; return whether that is met for the first time."""
        new = real not in self.met
        self.met.setdefault(real, entry)
        return new

    def _was_given(self, real: Path) -> bool:
        return not self.roots.isdisjoint((real, *real.parents))


def _file(entry: _Entry) -> Iterator[Source]:
    suffix = entry.place.suffix.lower()
    if entry.apart:
        if suffix in DOCUMENTS:
            yield _aside(entry, OF_A_PAGE)
    elif _wanted(entry.place):
        yield Source(entry.name, absolute(entry.place), entry.root_name)
    elif suffix == ZIP:
        yield from in_archive(entry.place, entry.name, entry.root_name)
    else:
        yield _aside(entry, left_aside(entry.name))


def _leads_anywhere(link: Path) -> bool:
    try:
        return link.exists()
    except OSError:  # through a folder that is closed to us
        return False


def _known(link: _Entry, first: _Entry) -> Source:
    there = first.name if first.root == link.root else f"{first.root_name}/{first.name}"
    there = there if first.place != first.root else first.root_name
    return _aside(link, (f"a link to {there}, which is listed by that name", "nothing to do"))


def _leads_out(link: _Entry) -> Source:
    there = readable(str(link.place.readlink()))
    remedy = "if it is meant, give that, or the link by its name, as a source too"
    said = (f"a link out of the folder, to {there}", remedy)
    source = _aside(link, said)
    read = link.place.is_dir() or link.place.suffix.lower() in {*SUFFIXES, ZIP}
    return replace(source, aside=not read)


def _aside(entry: _Entry, said: tuple[str, str]) -> Source:
    return Source(entry.name, absolute(entry.place), entry.root_name, *said, aside=True)


def in_archive(archive: Path, path: str, root: str) -> Iterator[Source]:
    """Give the files in an archive, as if it were a folder of its name."""
    held = list_zip(archive)
    address = absolute(archive)
    if held.problem:
        yield Source(path, address, root, held.problem, held.remedy)
    elif not held.names:
        yield Source(path, address, root, "an empty archive", "nothing to do", aside=True)
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


def _wanted(path: Path) -> bool:
    if path.suffix.lower() in SUFFIXES:
        return True
    try:
        with regular_file(path) as stream:
            head = stream.read(_SNIFFED)
    except OSError:  # no file, or one of a process that is looked at, or of a disk that fails
        return False
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MAGIC)


def absolute(path: Path) -> str:
    """Return a path from the root of the file system, links as they are."""
    return os.path.abspath(path)  # noqa: PTH100 - Path.absolute keeps `..`, resolve follows links


def really(path: Path) -> Path:
    """Return where a path leads to, however far it leads."""
    try:
        return Path(os.path.realpath(path))  # Path.resolve fails where links lead in circles
    except ValueError:  # a name that no file system has
        return path


def last_name(folder: Path) -> str:
    """Return the name of a folder, however it was given."""
    return folder.name or folder.resolve().name
