"""Results that can be used again, kept under a name made of all that they depend on.

The name is a hash of the source's bytes, the version of the stage's code and the settings, so an
entry is never wrong, only unused. Each entry carries a checksum: a damaged one counts as absent
and is written anew. An entry is plain JSON or a zip of tables, never a pickle: a cache folder from
somewhere else can mislead, but it cannot run code.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

logger = logging.getLogger(__name__)

_MAGIC: Final = b"findings-cache-1 "
_MARK: Final = "CACHEDIR.TAG"
_MARK_TEXT: Final = (
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# Results of `findings run`, kept to be used again; safe to delete: findings cache clear\n"
)


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
            raw = path.read_bytes()
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
        except zipfile.BadZipFile:
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
            path.parent.mkdir(parents=True, exist_ok=True)
            mark = self.folder / _MARK
            if not mark.exists():
                mark.write_text(_MARK_TEXT, encoding="utf-8")
            # No fsync: an entry lost or torn by a power cut is noticed by its checksum.
            handle, name = tempfile.mkstemp(prefix=".", dir=path.parent)
            with os.fdopen(handle, "wb") as stream:
                stream.write(_MAGIC + hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
            Path(name).replace(path)
        except OSError as error:
            if name:
                Path(name).unlink(missing_ok=True)
            logger.warning("cache %s cannot be written (%s); going on without", path, error)

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
        for stage in held.entries:
            if self.folder is not None:
                shutil.rmtree(self.folder / stage, ignore_errors=True)
        return held

    def _entries(self) -> list[Path]:
        if self.folder is None or not (self.folder / _MARK).is_file():
            return []  # not a cache of ours: nothing in it is ours to count or delete
        return sorted(self.folder.glob("*/[0-9a-f][0-9a-f]/*.entry"))

    @staticmethod
    def _path(folder: Path, stage: str, key: str) -> Path:
        return folder / stage / key[:2] / f"{key}.entry"
