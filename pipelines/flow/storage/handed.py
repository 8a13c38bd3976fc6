"""Tables as they are handed to a stage: no longer in memory than it has use for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipelines.flow.storage.packing import take
from pipelines.flow.storage.taken import Taken
from pipelines.tables import file_of


class Given(Mapping[str, Any]):
    """What is taken of tables: frames, read each time that they are asked for, and files.

    Who asks has the only frame, and its memory is free again once it is used up.
    """

    def __init__(self, files: Mapping[str, Path], taken: Mapping[str, Taken]) -> None:
        """Take files, and what is taken of them, by table."""
        self._files, self._taken = files, taken

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - a frame, or a file
        path, taken = self._files[name], self._taken[name]
        return file_of(path) if taken.streamed else take(name, path, taken.columns, taken.rows)

    def __contains__(self, name: object) -> bool:
        return name in self._files  # without reading it, as Mapping would

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)
