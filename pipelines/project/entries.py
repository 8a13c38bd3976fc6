"""Entries of a codebook or catalogue in layers: what is shipped, what a project adds or changes.

An entry of the project with the slug of a shipped one changes the keys that it gives, and adds to
its wordings; all others are new. Then the recorded steps are taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from pipelines.errors import SettingsError
from pipelines.project.layers import Layers, line_of, place_of
from pipelines.project.steps import RENAME, SLUG, Step, check_steps

SHIPPED: Final = "shipped"
_WORDINGS: Final = ("lexicon", "phrases")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as its files have it.

    Attributes:
        values: Its keys.
        key: The slug that it was first written with: its wordings are known to models by it.
        origin: Where it comes from, for people.
        where: File and line, for messages.
    """

    values: Mapping[str, Any]
    key: str
    origin: str
    where: str

    @property
    def slug(self) -> str:
        """Its slug today."""
        return str(self.values.get("slug", ""))


@dataclass(frozen=True, slots=True)
class Layered:
    """Entries in use, and retired ones whose wordings models may still know."""

    entries: tuple[Entry, ...]
    gone: tuple[Entry, ...] = ()

    @property
    def ever(self) -> tuple[Entry, ...]:
        """All of them, in the order of the slugs that they were first written with."""
        return tuple(sorted((*self.entries, *self.gone), key=lambda entry: entry.key))


def plain_entries(raw: Iterable[Any], shown: str) -> Layered:
    """Return the entries of one file on its own."""
    return Layered(tuple(_entry(values, shown, shown) for values in raw))


def layered_entries(
    shipped: Iterable[Mapping[str, Any]],
    layers: Layers,
    *,
    file: str,
    kind: str,
    known: set[str],
    steps: tuple[Step, ...] = (),
) -> Layered:
    """Lay a project's entries over those shipped, and take its steps.

    Args:
        shipped: Entries; none where a project has only its own.
        layers: Of the project.
        file: Name of its file.
        kind: Name of the list in it: `themes`, `groups`, `subjects`.
        known: Keys that an entry may have.
        steps: About this kind.

    Raises:
        SettingsError: An entry or a step is wrong; the message names file and line.
    """
    entries = {str(v["slug"]): _entry(v, SHIPPED, SHIPPED) for v in shipped}
    own = _own(layers, file, kind, known)
    check_steps(steps, entries, own)
    renamed = {slug for step in steps if step.do == RENAME for slug in step.after}
    new = []
    for slug, entry in own.items():
        if slug in entries:
            entries[slug] = _over(entries[slug], entry)
        elif slug not in renamed:
            new.append(entry)
    entries = _put(entries, new)
    gone: list[Entry] = []
    for step in steps:
        if step.do == RENAME:
            entries = _renamed(entries, step, own)
        else:
            gone += [entries.pop(slug) for slug in step.before if slug not in step.after]
    return Layered(tuple(entries.values()), tuple(gone))


def _own(layers: Layers, file: str, kind: str, known: set[str]) -> dict[str, Entry]:
    text, shown = layers.text(file) or "", layers.shown(file)
    places = _places(text, kind)
    listed = layers.table(file).get(kind, [])
    if not isinstance(listed, list):
        raise SettingsError(f"{place_of(shown, text, kind)}: expected [[{kind}]] entries")
    out: dict[str, Entry] = {}
    for number, values in enumerate(listed, start=1):
        slug = values.get("slug") if isinstance(values, dict) else None
        if not isinstance(slug, str) or not SLUG.match(slug):
            raise SettingsError(
                f"{shown}: [[{kind}]] number {number}: slug is {slug!r}; expected small letters, "
                "digits and hyphens"
            )
        line = places.get(slug) or line_of(text, slug)
        where = f"{shown}, line {line}" if line else shown
        if strange := sorted(set(values) - known):
            raise SettingsError(
                f"{where}: {slug}: unknown key {strange[0]!r}; known: {sorted(known)}"
            )
        if slug in out:
            raise SettingsError(f"{where}: {slug!r} stands twice; rename one")
        out[slug] = _entry(values, where, where)
    return out


def _places(text: str, kind: str) -> dict[str, int]:
    """Return the line of each slug of a kind, the first where it stands twice, however quoted."""
    found: dict[str, int] = {}
    head = f"[[{kind}]]"
    at = head
    for number, line in enumerate(text.splitlines(), start=1):
        if (bare := line.strip()).startswith("[["):
            at = bare
        key, _, value = line.partition("=")
        if key.strip() == "slug" and at == head:
            found.setdefault(value.split("#")[0].strip().strip("\"'"), number)
    return found


def _entry(values: Any, origin: str, where: str) -> Entry:  # noqa: ANN401 - TOML gives anything
    if not isinstance(values, dict) or not isinstance(values.get("slug", ""), str):
        raise SettingsError(f"{where}: got {values!r}; expected a table with a slug")
    return Entry(values, str(values.get("slug", "")), origin, where)


def _over(below: Entry, above: Entry) -> Entry:
    """Return an entry with what another says of it; wordings are added."""
    values = dict(below.values)
    for key, value in above.values.items():
        values[key] = _added(values[key], value) if key in _WORDINGS and key in values else value
    return replace(
        below, values=values, origin=f"shipped, changed in {above.where}", where=above.where
    )


def _added(below: Any, above: Any) -> Any:  # noqa: ANN401 - TOML gives anything
    if isinstance(below, dict) and isinstance(above, dict):
        both = {k: _added(below[k], v) if k in below else v for k, v in above.items()}
        return {**below, **both}
    if isinstance(below, list) and isinstance(above, list):
        return [*below, *(word for word in above if word not in below)]
    return above


def _put(entries: Mapping[str, Entry], new: Iterable[Entry]) -> dict[str, Entry]:
    """Return entries with new ones, each behind the last of its group."""
    places: list[list[Entry]] = []
    last: dict[str, list[Entry]] = {}
    for entry in entries.values():
        places.append([entry])
        last[str(entry.values.get("group", ""))] = places[-1]
    for entry in new:
        group = str(entry.values.get("group", ""))
        if group and group in last:
            last[group].append(entry)
        else:
            places.append([entry])
            last[group] = places[-1]
    return {entry.slug: entry for place in places for entry in place}


def _renamed(entries: dict[str, Entry], step: Step, own: Mapping[str, Entry]) -> dict[str, Entry]:
    """Return entries with one under its new slug, in its old place."""
    before, after = step.before[0], step.after[0]
    held = entries[before]
    changed = replace(
        held,
        values={**held.values, "slug": after},
        origin=f"{held.origin}, renamed from {before} in {step.where}",
    )
    if after in own:
        changed = replace(_over(changed, own[after]), origin=changed.origin)
    return {
        after if slug == before else slug: changed if slug == before else e
        for slug, e in entries.items()
    }
