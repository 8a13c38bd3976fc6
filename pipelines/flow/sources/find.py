"""Find what is to be read: files, folders searched through, addresses of other file systems."""

from __future__ import annotations

import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from pipelines.errors import SettingsError
from pipelines.flow.aside import OF_A_PAGE, SUFFIXES, left_aside
from pipelines.flow.sources.addresses import public, readable, shown
from pipelines.flow.sources.folders import Walk, absolute, really
from pipelines.flow.sources.remote import list_address
from pipelines.flow.sources.source import Source
from pipelines.flow.sources.zips import SUFFIX as ZIP
from pipelines.flow.sources.zips import of_a_page, parts_of, without_litter


def find_sources(
    given: str | Path | Iterable[str | Path], *, leave_out: Path | None = None
) -> tuple[Source, ...]:
    """Find all sources below what is given, each once, sorted by path whatever the order given.

    A file given by name is always taken. In folders the known suffixes are taken, and files of
    another name that begin as a PDF or HTML page does; not the folder of pictures and frames that a
    browser saves beside a page: documents in it are left aside. Symbolic links are followed to what
    has no other name below what is given, and no further. Run folders are left alone.

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
    walk = Walk(
        frozenset(really(Path(entry)) for entry in listed if "://" not in str(entry)),
        really(leave_out) if leave_out is not None else None,
    )
    for source in (*(one for entry in listed for one in _below(entry, walk)), *walk.followed()):
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


def _below(entry: str | Path, walk: Walk) -> Iterator[Source]:
    if "://" in str(entry):
        yield from _remote(str(entry))
        return
    root = Path(entry)
    try:
        is_folder = stat.S_ISDIR(root.stat().st_mode)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        yield Source(readable(root.name or str(root)), absolute(root), problem=reason)
        return
    yield from walk.folder(root) if is_folder else walk.file(root)


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
            yield _aside(path, place, _last(base), left_aside(path))


def _aside(path: str, address: str, root: str, said: tuple[str, str]) -> Source:
    return Source(path, address, root, *said, aside=True)


def _told_apart(sources: list[Source]) -> list[Source]:
    """Put the root's name before paths that several roots share."""
    for by_root in (True, False):
        times = Counter(source.path for source in sources)
        names = [f"{s.root}/{s.path}" if by_root else shown(s.address) for s in sources]
        pairs = zip(sources, names, strict=True)
        sources = [replace(s, path=name) if times[s.path] > 1 else s for s, name in pairs]
    return sources


def _last(path: str) -> str:
    return PurePosixPath(path.rstrip("/")).name
