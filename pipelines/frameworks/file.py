"""A file of frameworks as checked tables: what is wrong is named with file and line."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from typing import Any, Final

from pipelines.errors import SettingsError
from pipelines.frameworks.entries import fold

DIMENSIONS: Final = ("outcomes", "safety", "desistance", "engagement")
_SHARED: Final = frozenset({"polarity", "sections", "boxes", "subsections"})
KEYS: Final[dict[str, frozenset[str]]] = {
    "registry": _SHARED | {"dimensions", "unit_kinds", "frameworks"},
    "project": frozenset({"unit_kinds", "frameworks"}),
    "polarity": frozenset({"strength", "area_for_improvement"}),
    "section": frozenset({"kind", "titles", "openings"}),
    "boxes": frozenset({"titles"}),
    "subsections": frozenset({"titles"}),
    "dimensions": frozenset(DIMENSIONS),
    "unit kind": frozenset({"kind", "named", "behind", "before"}),
    "framework": _SHARED
    | {
        "slug", "name", "unit_type", "prefix", "since", "until", "maxima", "sure", "rated",
        "titled", "titles", "told", "list_ends", "groups", "standards",
    },
    "group": frozenset({"number", "titles"}),
    "standard": frozenset({"code", "title", "also", "rated"}),
}  # fmt: skip


class RegistryFile:
    """A registry file: its tables, and the lines in which things stand."""

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self._lines = text.splitlines()
        try:
            self.raw: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise SettingsError(f"{name} is not TOML: {error}; correct the file") from error

    def wrong(self, said: str, *near: str) -> SettingsError:
        """Return the error; its line is that of the last of the words, each below the one before.

        A word that is nowhere below is passed over: what is missing has no line of its own.
        """
        at = 0
        for word in near:
            below = range(at, len(self._lines))
            at = next((i for i in below if word in self._lines[i]), at)
        line = f", line {at + 1}" if near and self._lines else ""
        return SettingsError(f"{self.name}{line}: {said}")

    def check(
        self, what: str, entry: object, *near: str, needed: Iterable[str] = ()
    ) -> dict[str, Any]:
        """Return a table whose keys are those of its kind.

        Raises:
            SettingsError: It is not a table, or a key of it is unknown or missing.
        """
        if not isinstance(entry, dict):
            raise self.wrong(f"{what} is {entry!r}; expected a table of keys and values", *near)
        label = f"{what} {entry['slug']}" if "slug" in entry else what
        if strange := sorted(set(entry) - KEYS[what]):
            raise self.wrong(
                f"{label}: unknown key {strange[0]!r}; known: {sorted(KEYS[what])}",
                *near,
                strange[0],
            )
        if missing := sorted(set(needed) - set(entry)):
            raise self.wrong(f"{label}: key {missing[0]!r} is missing; add it", *near)
        return entry

    def words(self, what: str, value: object, *near: str) -> tuple[str, ...]:
        """Return a list of texts.

        Raises:
            SettingsError: It is none, or one of them says nothing.
        """
        listed = value if isinstance(value, list) else [None]
        for word in listed:
            if not isinstance(word, str) or not fold(word):
                raise self.wrong(f"{what} is {value!r}; expected a list of texts in quotes", *near)
        return tuple(listed)

    def one_of(self, what: str, value: object, known: Iterable[str], *near: str) -> Any:  # noqa: ANN401
        """Return a value that is one of those known; else raise SettingsError."""
        if value not in set(known):
            raise self.wrong(f"{what} is {value!r}; expected one of {sorted(known)}", *near)
        return value

    def unique(self, what: str, values: list[str], *near: str) -> None:
        """Raise SettingsError where a value stands twice."""
        if twice := sorted({v for v in values if values.count(v) > 1}):
            raise self.wrong(f"{what} {twice[0]!r} stands twice; rename one", *near, twice[0])
