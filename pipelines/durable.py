"""Files that are there whole or not at all, whatever happens while they are written."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.errors import StorageError

_FULL = {errno.ENOSPC, errno.EDQUOT}
_CLOSED = {errno.EROFS, errno.ENAMETOOLONG, errno.ELOOP, errno.ENOENT, errno.EINVAL}
_TAKEN = {errno.EEXIST, errno.ENOTEMPTY}
_NAME = 40  # characters of a name that a draft of it carries


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file so that at any moment it holds the old bytes or the new ones.

    The bytes go to a file beside it, are forced to the disk and then take its name; folders that
    are missing are made.

    Raises:
        StorageError: The disk is full, the folder cannot be written, or what has the name is no
            file; what was there is as it was.
    """
    with storing(path):
        if path.exists() and not path.is_file():  # /dev/null, renamed over, would be one no longer
            raise StorageError(f"{path}: is a folder, pipe or device; give the name of a file")
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = _beside(path)
        try:
            with draft.open("xb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            if path.is_file():  # a file that its owner has closed to others stays closed
                draft.chmod(stat.S_IMODE(path.stat().st_mode))
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)


def write_text(path: Path, text: str) -> None:
    """Write a text file in UTF-8 as `write_bytes` does."""
    write_bytes(path, text.encode("utf-8"))


def unlinked(place: Path, name: str, instead: str) -> Path:
    """Return a path in a folder of a run or project, which may be from anybody, and no link.

    Args:
        place: The folder.
        name: In it; it need not be there.
        instead: What else can be done than to delete the link.

    Raises:
        StorageError: A link has that name: who follows it reads and writes elsewhere.
    """
    path = place / name
    if path.is_symlink():
        raise StorageError(
            f"{path}: is a link, as no run or project makes it, and is not followed; delete it, "
            f"or {instead}"
        )
    return path


def draft_folder(folder: Path, prefix: str) -> Path:
    """Make an empty folder of a new name inside another, open to whom the umask opens it.

    `tempfile` makes folders for one's own eyes only, and what is then renamed would stay so.
    """
    while True:
        place = folder / f"{prefix}{secrets.token_hex(4)}"
        try:
            place.mkdir()
        except FileExistsError:
            if not folder.is_dir():
                raise
            continue
        return place


def _beside(path: Path) -> Path:
    # Short: with the name of the file before it, a long name would become too long.
    return path.parent / f".findings-{secrets.token_hex(6)}"


def sync_folder(folder: Path) -> None:
    """Force the names in a folder to the disk; where a system cannot, its own order must do."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except (PermissionError, IsADirectoryError):  # Windows opens no folders
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(folder: Path) -> None:
    """Force every file and name below a folder to the disk."""
    for root, _, names in os.walk(folder):
        for name in names:
            handle = os.open(Path(root) / name, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        sync_folder(Path(root))


@contextmanager
def drafted(target: Path, *, replaces: bool = True) -> Iterator[Path]:
    """Give an empty folder to fill; on leaving it takes the place of `target` in one step.

    Whatever goes wrong inside, `target` stays as it was and the draft is removed. Where `target`
    is there already it is moved aside first, for the moment between two renames.

    Args:
        target: The folder.
        replaces: Whether one that is there, or that somebody else makes meanwhile, makes room.

    Raises:
        StorageError: The disk is full, the folder cannot be written, or its name is taken.
    """
    with storing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = draft_folder(target.parent, f".{target.name[:_NAME]}.")
        try:
            yield draft
            sync_tree(draft)
            if replaces and target.exists():
                aside = draft_folder(target.parent, f".{target.name[:_NAME]}.")
                target.replace(aside)
                draft.replace(target)
                shutil.rmtree(aside)
            else:
                _take(draft, target)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        sync_folder(target.parent)


def _take(draft: Path, target: Path) -> None:
    """Give a folder its name; the system lets nobody take that of a folder that holds something."""
    try:
        draft.replace(target)
    except OSError as error:
        if error.errno not in _TAKEN:
            raise
        raise StorageError(
            f"{target}: was made by another command meanwhile and is left as it is; give another "
            "name, or the command again"
        ) from error


@contextmanager
def locked(lock: Path, *, wait: float, busy: str) -> Iterator[None]:
    """Keep something to oneself as long as a lock on a file is held; who dies lets go of it.

    Args:
        lock: The file; its folder is there.
        wait: Seconds to wait for whoever holds it.
        busy: What to say where that was not enough.

    Raises:
        StorageError: Another command holds it, or the file cannot be written.
    """
    from filelock import FileLock, Timeout

    kept = FileLock(lock, timeout=wait)
    try:
        with storing(lock):
            kept.acquire()
    except Timeout as error:
        raise StorageError(busy) from error
    try:
        yield
    finally:
        kept.release()


def _number(error: Exception) -> int | None:
    """Return the system's number of an error; lxml, by which openpyxl writes sheets, names it."""
    if type(error).__name__ == "SerialisationError":
        return getattr(errno, str(error).removeprefix("IO_"), None)
    return error.errno if isinstance(error, OSError) else None


@contextmanager
def storing(path: Path) -> Iterator[None]:
    """Turn the system's error for a full disk or a closed folder into ours.

    Raises:
        StorageError: The disk is full or the folder cannot be written.
    """
    try:
        yield
    except Exception as error:
        number = _number(error)
        if number in _FULL:
            raise StorageError(
                f"{path}: the disk is full; nothing was left half-written, what was there before "
                "is unchanged; free some space and run again"
            ) from error
        if number == errno.EFBIG:
            raise StorageError(
                f"{path}: would be larger than a file may be here; nothing was left half-written, "
                "what was there before is unchanged; raise the limit (ulimit -f) and run again"
            ) from error
        closed = isinstance(error, (PermissionError, NotADirectoryError, FileExistsError))
        if isinstance(error, OSError) and (closed or number in _CLOSED):
            raise StorageError(
                f"{path}: cannot be written ({error.strerror}: {error.filename}); "
                "give a folder that you may write to"
            ) from error
        raise
