"""Whether what a user gave as sources is there at all."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from os import PathLike
from pathlib import Path

from pipelines.errors import SettingsError, check_kind
from pipelines.flow.sources.addresses import readable


def check_given(given: str | Path | Iterable[str | Path]) -> None:
    """Refuse sources none of which is there: a mistyped name is not a batch without reports.

    Where some are there, the others are named in the ledger; addresses are asked for later.

    Raises:
        SettingsError: None is there, or one is no name.
    """
    check_kind("sources", given, (str, Iterable, PathLike), "files, folders or addresses")
    listed = [given] if isinstance(given, (str, PathLike)) else list(given)
    for entry in listed:
        check_kind("source", entry, (str, PathLike), "a file, a folder or an address")
        if not str(entry).strip():
            raise SettingsError("source: got an empty name; expected that of a file or folder")
    if not listed or any("://" in str(entry) or not _is_gone(Path(entry)) for entry in listed):
        return
    names = ", ".join(readable(str(entry)) for entry in listed)
    first = Path(listed[0])
    near = _near(first)
    hint = f"did you mean {readable(str(first.with_name(near)))}?" if near else "check the spelling"
    raise SettingsError(f"source {names}: no such file or folder; {hint}")


def _is_gone(path: Path) -> bool:
    try:
        path.lstat()
    except OSError as error:
        return error.errno in (errno.ENOENT, errno.ENOTDIR)
    except ValueError:  # a name that no file system has
        return True
    return False


def _near(path: Path) -> str:
    from difflib import get_close_matches  # which only a mistake needs

    try:
        names = sorted(entry.name for entry in path.parent.iterdir())
    except (OSError, ValueError):
        return ""
    return next(iter(get_close_matches(path.name, names, n=1)), "")
