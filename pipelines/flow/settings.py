"""The settings of a run, checked when they are made."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from numbers import Integral, Number
from pathlib import Path
from typing import Final, TypedDict

from pipelines.errors import SettingsError, check_kind
from pipelines.project import Layers, layers_in_use
from pipelines.read.limits import DEFAULT_LIMITS, Limits

_EACH_CORE: Final = 8


def default_cache() -> Path | None:
    """Return the folder for cached results: `$FINDINGS_CACHE`, or the user's own cache folder.

    None where the user has no home, as in containers: a cache that others can write is none.
    """
    if named := os.environ.get("FINDINGS_CACHE"):
        return Path(named)
    if base := os.environ.get("XDG_CACHE_HOME"):
        return Path(base) / "probation-findings"
    try:
        return Path.home() / ".cache" / "probation-findings"
    except RuntimeError:  # no entry of that user, and no HOME
        return None


def usable_cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Choices(TypedDict, total=False):
    """The settings as keywords, for those that are not left as they are; see `RunSettings`."""

    jobs: int
    timeout: float
    memory: int
    csv: bool
    formats: tuple[str, ...]
    title: str
    model: str | Path | None
    encoder: bool
    scheduler: str | None
    cache: str | Path | None
    tolerance: float
    wait: float
    limits: Limits
    keep: int
    allow_empty: bool
    mixed: bool
    answers: str | Path | None


_WHOLE: Final = (Integral, "a whole number")
_ANY: Final = (Number, "a number")
_NUMBERS: Final[dict[str, tuple[type, str]]] = {
    "jobs": _WHOLE, "timeout": _ANY, "memory": _WHOLE, "wait": _ANY, "keep": _WHOLE
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSettings:
    """How a run is done.

    Nothing here but `model`, `encoder`, `answers`, `limits`, `title`, `formats` and `layers`
    changes results.

    Attributes:
        jobs: Documents worked on at once; 0 for as many as there are cores.
        timeout: Seconds that one document may take before it is given up.
        memory: Megabytes that one worker may hold before its document is given up.
        csv: Write every table as CSV too.
        formats: Formats of the report; empty for the report's own choice.
        title: Title of the report; empty for the report's own.
        model: Name and version of a model, or its folder; None for the one in use.
        encoder: Read findings as a whole too, not by their words alone, where the model can.
        scheduler: Address of a Dask scheduler; None to work on this machine.
        cache: Folder for results that can be used again; None to use none.
        tolerance: Share of pieces left over among findings and leftovers that is still well.
        wait: Seconds to wait for another run to leave the folder.
        limits: What a source may be at most.
        keep: Earlier runs of the folder that are kept.
        allow_empty: Publish a run that read nothing over one that did.
        mixed: Write into a folder that holds other files.
        answers: Folder of what people answered; None for that of the project, or of the run.
        layers: Data files of a project; those of the one in use where none are given.
    """

    jobs: int = 0
    timeout: float = 120.0
    memory: int = 2048
    csv: bool = False
    formats: tuple[str, ...] = ()
    title: str = ""
    model: str | Path | None = None
    encoder: bool = True
    scheduler: str | None = None
    cache: str | Path | None = field(default_factory=default_cache)
    tolerance: float = 0.02
    wait: float = 0.0
    limits: Limits = DEFAULT_LIMITS
    keep: int = 2
    allow_empty: bool = False
    mixed: bool = False
    answers: str | Path | None = None
    layers: Layers = field(default_factory=layers_in_use)

    def __post_init__(self) -> None:
        """Check every value.

        Raises:
            SettingsError: One is out of range.
        """
        for name, value, low in (
            ("jobs", self.jobs, 0),
            ("timeout", self.timeout, 0.1),
            ("memory", self.memory, 256),
            ("wait", self.wait, 0),
            ("keep", self.keep, 0),
        ):
            check_kind(f"setting {name}", value, *_NUMBERS[name])
            if not value >= low:
                raise SettingsError(f"setting {name}: got {value}; expected {low} or more")
        for name in ("model", "cache", "answers"):
            value = getattr(self, name)
            if value is not None:
                expected = "a name, or the name of a folder"
                check_kind(f"setting {name}", value, (str, os.PathLike), expected)
        check_kind("setting tolerance", self.tolerance, Number, "a share from 0 to 1")
        if not 0 <= self.tolerance <= 1:
            raise SettingsError(
                f"setting tolerance: got {self.tolerance}; expected a share from 0 to 1"
            )
        if self.scheduler is not None and "://" not in self.scheduler:
            raise SettingsError(
                f"setting scheduler: got {self.scheduler!r}; expected an address such as "
                "tcp://host:8786"
            )

    @property
    def cache_folder(self) -> Path | None:
        """The folder for results to use again, if any."""
        return None if self.cache is None else Path(self.cache).absolute()

    @property
    def workers(self) -> int:
        """Documents worked on at once, the cores counted; more than a few a core only wait."""
        return min(self.jobs, _EACH_CORE * usable_cores()) or usable_cores()
