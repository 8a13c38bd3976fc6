"""Results that can be used again, kept under a name made of all that they depend on.

The name is a hash of the source's bytes, the version of the stage's code and the settings, so an
entry is never wrong, only unused. Each entry carries a checksum: a damaged one counts as absent
and is written again. An entry is plain JSON or a zip of tables, never a pickle: a cache folder from
somewhere else can mislead, but it cannot run code.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import json
import logging
import os
import secrets
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pipelines.damage import PACKED
from pipelines.regular import regular_bytes

logger = logging.getLogger(__name__)

_MAGIC: Final = b"findings-cache-1 "
_MARK: Final = "CACHEDIR.TAG"
_DRAFT: Final = ".draft-"
_STAGES: Final = frozenset({"read", "segment", "tag", "mine", "aggregate", "report"})
_MARK_TEXT: Final = (
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# Results of `findings run`, kept to be used again; safe to delete: findings cache clear\n"
)


def _is_entry(path: Path) -> bool:
    """Whether a file is an entry: not a link, nor a file of another program with such a name."""
    if path.is_symlink() or path.parent.is_symlink() or path.parent.parent.is_symlink():
        return False
    try:
        with path.open("rb") as stream:
            return stream.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False


def key_of(*parts: object) -> str:
    """Return one hash for all that a result depends on; parts must be JSON."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class CacheInfo:
    """What a cache holds: entries and bytes by stage."""

    folder: Path
    entries: dict[str, int]
    sizes: dict[str, int]

    @property
    def size(self) -> int:
        """Bytes of all entries."""
        return sum(self.sizes.values())


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of entries; with `folder` None it keeps nothing and finds nothing."""

    folder: Path | None

    def get(self, stage: str, key: str) -> bytes | None:
        """Return the entry, or None where there is none or it is damaged."""
        if self.folder is None:
            return None
        path = self._path(self.folder, stage, key)
        try:
            raw = regular_bytes(path)
        except OSError:
            return None
        head, _, body = raw.partition(b"\n")
        if head == _MAGIC + hashlib.sha256(body).hexdigest().encode():
            try:
                return zlib.decompress(body)
            except zlib.error:
                pass  # written wrong under a right checksum: as damaged as any
        logger.warning("cache entry %s is damaged; it is made anew", path)
        return None

    def get_json(self, stage: str, key: str) -> dict[str, Any] | None:
        """Return an entry that holds a JSON object, or None where there is no such thing."""
        raw = self.get(stage, key)
        if raw is None:
            return None
        try:
            value = json.loads(raw)
        except ValueError:  # a right checksum over what we did not write
            value = None
        if isinstance(value, dict):
            return value
        logger.warning("cache entry %s of %s holds no object; it is made anew", key, stage)
        return None

    def get_files(self, stage: str, key: str) -> dict[str, bytes] | None:
        """Return an entry that holds files by plain name, or None where there is no such thing."""
        raw = self.get(stage, key)
        if raw is None:
            return None
        try:
            with zipfile.ZipFile(io.BytesIO(raw)) as archive:
                files = {name: archive.read(name) for name in archive.namelist()}
        except PACKED:
            files = {}
        # A name that leads elsewhere would be written there.
        if files and all(name == Path(name).name and name != ".." for name in files):
            return files
        logger.warning("cache entry %s of %s holds no files; it is made anew", key, stage)
        return None

    def put_files(self, stage: str, key: str, files: Mapping[str, bytes]) -> None:
        """Keep files by plain name as `put` does."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
            for name, data in files.items():
                archive.writestr(zipfile.ZipInfo(name), data)
        self.put(stage, key, stream.getvalue())

    def put_json(self, stage: str, key: str, value: dict[str, Any]) -> None:
        """Keep a JSON object as `put` does."""
        self.put(stage, key, json.dumps(value).encode("ascii"))

    def put(self, stage: str, key: str, data: bytes) -> None:
        """Keep an entry; a cache that cannot be written costs a warning, never the run."""
        if self.folder is None:
            return
        path = self._path(self.folder, stage, key)
        body = zlib.compress(data, 1)
        name = ""
        try:
            if not self._is_ours(self.folder):
                self.folder.mkdir(parents=True, exist_ok=True)
                self._claim(self.folder)
            path.parent.mkdir(parents=True, exist_ok=True)
            # No fsync: an entry lost or torn by a power cut is noticed by its checksum.
            draft = path.parent / f"{_DRAFT}{secrets.token_hex(6)}"
            # For the owner's eyes whatever the umask: it holds what reports say.
            handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            name = str(draft)
            with os.fdopen(handle, "wb") as stream:
                stream.write(_MAGIC + hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
            Path(name).replace(path)
        except OSError as error:
            if name:
                Path(name).unlink(missing_ok=True)
            logger.warning("cache %s cannot be written (%s); going on without", path, error)

    @staticmethod
    def _claim(folder: Path) -> None:
        """Mark a folder as a cache: programs for backups leave such folders out.

        Raises:
            FileExistsError: It holds other files, which no backup should leave out.
        """
        mark = folder / _MARK
        others = {path.name for path in folder.iterdir()} - _STAGES - {_MARK}
        if others or (mark.exists() and not _MARK_TEXT.startswith(mark.read_text("utf-8"))):
            raise FileExistsError(
                errno.EEXIST, "the folder holds other files: give a new one as --cache"
            )
        mark.write_text(_MARK_TEXT, encoding="utf-8")

    def info(self) -> CacheInfo:
        """Count entries and bytes by stage."""
        entries: dict[str, int] = {}
        sizes: dict[str, int] = {}
        for path in self._entries():
            try:
                size = path.stat().st_size
            except FileNotFoundError:  # another process is clearing the cache
                continue
            stage = path.parent.parent.name
            entries[stage] = entries.get(stage, 0) + 1
            sizes[stage] = sizes.get(stage, 0) + size
        return CacheInfo(self.folder or Path(), entries, sizes)

    def clear(self) -> CacheInfo:
        """Delete every entry, nothing else in the folder, and return what was deleted."""
        held = self.info()
        for path in self._entries():
            path.unlink(missing_ok=True)
            for left in path.parent.glob(f"{_DRAFT}*"):  # of a run that was killed
                left.unlink(missing_ok=True)
            for folder in (path.parent, path.parent.parent):
                with contextlib.suppress(OSError):  # it holds something else
                    folder.rmdir()
        return held

    def _entries(self) -> list[Path]:
        if self.folder is None or not self._is_ours(self.folder):
            return []  # not a cache of ours: nothing in it is ours to count or delete
        found = self.folder.glob("*/[0-9a-f][0-9a-f]/*.entry")
        return sorted(path for path in found if _is_entry(path))

    @staticmethod
    def _is_ours(folder: Path) -> bool:
        try:
            return (folder / _MARK).read_text(encoding="utf-8") == _MARK_TEXT
        except (OSError, ValueError):
            return False

    @staticmethod
    def _path(folder: Path, stage: str, key: str) -> Path:
        return folder / stage / key[:2] / f"{key}.entry"
