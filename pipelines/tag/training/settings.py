"""What a training run is given, checked when built."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.errors import SettingsError
from pipelines.tag.fitting.settings import FitSettings
from pipelines.tag.models.meta import NAME


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """What a training run is given.

    Attributes:
        labels: Label files beside those of `base` and those of the model in use.
        base: Folder of label files that are always trained on; the shipped one if not given.
        reports: Documents, or folders of them, in which stand-off labels find their texts.
        models: Folder for models; see `registry.models_folder`.
        name: Of the model; its version is the next one.
        fit: How it is fitted.
        measure: `scores` alone, or `all`: baselines and ablations too, which take minutes.
        adopt: `better` puts it in use unless it is worse beyond noise; `always` forces it.
    """

    labels: tuple[Path, ...] = ()
    base: Path | None = None
    reports: tuple[Path, ...] = ()
    models: Path | None = None
    name: str = "themes"
    fit: FitSettings = field(default_factory=FitSettings)
    measure: str = "scores"
    adopt: str = "better"

    def __post_init__(self) -> None:
        """Take strings as paths, and refuse choices that do not exist."""
        for name in ("labels", "reports"):
            object.__setattr__(self, name, _paths(name, getattr(self, name)))
        for name in ("base", "models"):
            if (given := getattr(self, name)) is not None:
                object.__setattr__(self, name, _paths(name, (given,))[0])
        for name, value, choices in (
            ("measure", self.measure, ("scores", "all")),
            ("adopt", self.adopt, ("better", "always")),
        ):
            if value not in choices:
                raise SettingsError(f"{name}: got {value!r}, expected one of {choices}")
        if not NAME.fullmatch(self.name):
            raise SettingsError(
                f"name: got {self.name!r}, expected a letter, then letters, digits and hyphens, "
                "all of them small"
            )
        if self.fit.features.context:
            raise SettingsError(
                "context: polarity and standard are measured by the ablations but never decide; "
                "set its weight to 0"
            )


def _paths(name: str, given: object) -> tuple[Path, ...]:
    """Return one path or several, whether given as text or as paths.

    Raises:
        SettingsError: Something else was given.
    """
    listed = [given] if isinstance(given, (str, bytes, os.PathLike)) else given
    out = []
    for one in listed if isinstance(listed, Iterable) else [listed]:
        if not isinstance(one, (str, os.PathLike)) or one == "":
            raise SettingsError(f"{name}: got {one!r}, expected the path of a file or folder")
        out.append(Path(one))
    return tuple(out)
