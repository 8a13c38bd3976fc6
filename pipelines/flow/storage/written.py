"""What a run writes into its folder, and how it is recognised: tables, report, manifest.

The manifest lists every file with its SHA-256. That is the mark of what is ours: a file that is
not listed, or differs from what is listed, is somebody else's and is never deleted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow.parquet as pq

from pipelines.errors import ArtefactError, SettingsError
from pipelines.flow.storage.packing import check_columns, read_some, take
from pipelines.flow.storage.received import CHECKED, check_received
from pipelines.flow.storage.taken import Taken
from pipelines.regular import digest_of, regular_text
from pipelines.tables import harmless

if TYPE_CHECKING:
    import pandas as pd

FORMAT: Final = 1
"""Of the folder. Raise it when what `read_tables` expects changes, and keep reading older ones."""

MANIFEST: Final = "manifest.json"
"""What makes a folder that of a finished run."""

_LONGEST: Final = 50_000_000
"""Bytes of a manifest: a folder from elsewhere must not fill the memory before it is looked at."""

_TABLE: Final = re.compile(r"[a-z][a-z0-9_]{0,60}")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_AGAIN: Final = "run `findings run` into this folder again"


def write_csv(draft: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    """Write tables as CSV too: UTF-8, lists as JSON, no cell that a spreadsheet would execute.

    A text that begins as a formula does gets an apostrophe before it, as spreadsheets do.
    """
    import pandas as pd

    for name, data in tables.items():
        plain = data.copy()
        for column in plain.columns:
            if plain[column].dtype == "object":
                plain[column] = [json.dumps(list(v), ensure_ascii=False) for v in plain[column]]
            elif pd.api.types.is_string_dtype(plain[column].dtype):
                plain[column] = plain[column].map(harmless, na_action="ignore")
        path = draft / "tables" / f"{name}.csv"
        plain.to_csv(path, index=False, lineterminator="\n", encoding="utf-8-sig")


def write_manifest(draft: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest into a draft, last of all, with a digest of every file beside it."""
    files = {
        path.relative_to(draft).as_posix(): digest_of(path)
        for part in ("tables", "report")
        for path in sorted((draft / part).rglob("*"))
        if path.is_file()
    }
    said = {"format": FORMAT, "files": files, **manifest}
    text = json.dumps(said, indent=1, sort_keys=True, ensure_ascii=True)
    (draft / MANIFEST).write_text(text + "\n", encoding="utf-8")


def read_manifest(place: Path) -> dict[str, Any]:
    """Read a manifest and check all that is used of it: the folder may come from anywhere.

    Raises:
        ArtefactError: It is damaged, of another version, or names what no run writes.
        FileNotFoundError: There is none.
    """
    try:
        if place.stat().st_size > _LONGEST:
            raise ValueError(f"over {_LONGEST} bytes")
        manifest = json.loads(regular_text(place))
    except (ValueError, RecursionError) as error:
        raise ArtefactError(f"{place}: damaged ({error}); {_AGAIN}") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        got = manifest.get("format") if isinstance(manifest, dict) else manifest
        raise ArtefactError(f"{place}: format {str(got)[:60]!r}, expected {FORMAT}; {_AGAIN}")
    for name in ("tables", "owners", "places"):
        if not isinstance(manifest.get(name), dict):
            raise ArtefactError(f"{place}: {name} is no object; {_AGAIN}")
    for name, entry in manifest["tables"].items():
        digest = entry.get("sha256") if isinstance(entry, dict) else None
        if not _TABLE.fullmatch(name) or not isinstance(digest, str):
            raise ArtefactError(
                f"{place}: tables: got {name[:60]!r}, expected the name of a table such as "
                f"'findings' with its sha256; {_AGAIN}"
            )
    for name in ("owners", "places"):
        if not all(isinstance(value, str) for value in manifest[name].values()):
            raise ArtefactError(f"{place}: {name} holds what is no text; {_AGAIN}")
    return manifest


def files_of(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Return the digests of the files that a run wrote, by their paths below its folder.

    Folders of before this list existed tell those of the tables only.
    """
    listed = {
        f"tables/{name}.parquet": entry["sha256"] for name, entry in manifest["tables"].items()
    }
    files = manifest.get("files")
    if isinstance(files, dict):
        listed |= {k: v for k, v in files.items() if isinstance(v, str) and _DIGEST.fullmatch(v)}
    return listed


def load_tables(
    manifest: Mapping[str, Any], folder: Path, only: Mapping[str, Taken] | None = None
) -> dict[str, pd.DataFrame]:
    """Read the tables of a manifest from the folder that holds them, each against its digest.

    Args:
        manifest: What the run said of itself.
        folder: Of its tables.
        only: What is wanted, by table, as far as it is there; everything where nothing is said.

    Raises:
        ArtefactError: One is missing, damaged, or not as a run writes it.
    """
    tables = {}
    for name, path in check_tables(manifest, folder, only).items():
        taken = (only or {}).get(name, Taken())
        try:
            tables[name] = take(name, path, taken.columns, taken.rows)
        except (OSError, ValueError, KeyError) as error:
            raise _none_of_ours(path, error) from error
    return tables


def check_tables(
    manifest: Mapping[str, Any], folder: Path, only: Collection[str] | None = None
) -> dict[str, Path]:
    """Check the files of tables as `load_tables` does, and return where they are."""
    files = {}
    for name, entry in manifest["tables"].items():
        if only is not None and name not in only:
            continue
        path = folder / f"{name}.parquet"
        if not path.is_file():
            raise ArtefactError(f"{path}: is missing; {_AGAIN}")
        if digest_of(path) != entry["sha256"]:
            raise ArtefactError(f"{path}: is not what the run wrote (checksum); {_AGAIN}")
        try:
            check_columns(name, path)
        except SettingsError as error:
            raise ArtefactError(
                f"{path}: written by another version ({error}); {_AGAIN}"
            ) from error
        except (OSError, ValueError) as error:
            raise _none_of_ours(path, error) from error
        files[name] = path
    for name, columns in CHECKED.items():
        if name in files:
            try:
                check_received(folder, {name: read_some(pq.ParquetFile(files[name]), columns)})
            except (OSError, ValueError) as error:
                raise _none_of_ours(files[name], error) from error
    return files


def _none_of_ours(path: Path, error: Exception) -> ArtefactError:
    said = " ".join(str(error).split())[:120]
    return ArtefactError(f"{path}: holds no table of ours ({said}); {_AGAIN}")
