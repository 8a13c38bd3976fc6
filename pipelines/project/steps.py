"""Recorded steps: what became of themes and issues, so that earlier answers are still understood.

`changes.toml` holds them in the order in which they were taken:

    [[steps]]
    do = "rename"           # or merge, split, retire
    what = "theme"          # or issue
    from = ["premises-and-travel"]
    to = ["offices"]
    on = "2026-11-28"
    named = { "premises-and-travel" = "Premises and travel" }  # what they were called until then

Labels, answers, runs and models keep the slugs that they were written with; whoever reads them
asks `follow` where a slug leads today. An old slug is never given to anything else. Sheets say
names, and somebody may hold one that was made before a step: `former` knows what each had.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from pipelines.errors import SettingsError
from pipelines.project.layers import CHANGES, Layers, place_of

THEME: Final = "theme"
ISSUE: Final = "issue"
RENAME: Final = "rename"
MERGE: Final = "merge"
SPLIT: Final = "split"
RETIRE: Final = "retire"
SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
MOST_STEPS: Final = 5_000

_SIZES: Final = {  # how many slugs a step is from and to: least and most
    RENAME: ((1, 1), (1, 1)),
    MERGE: ((1, 99), (1, 1)),
    SPLIT: ((1, 1), (2, 99)),
    RETIRE: ((1, 99), (0, 0)),
}
_NEEDED: Final = {"do", "what", "from"}
_KNOWN: Final = _NEEDED | {"to", "on", "why", "named"}


@dataclass(frozen=True, slots=True)
class Step:
    """One change of the codebook or the catalogue.

    Attributes:
        do: `rename`, `merge`, `split` or `retire`.
        what: `theme` or `issue`.
        before: Slugs that it is about.
        after: Slugs that stand for them from then on.
        where: File and line, for messages.
        on: The day, as written; empty where not.
        why: In the words of whoever decided it.
        named: Slugs of `before`, of issues with each pole, and what they were called until then.
    """

    do: str
    what: str
    before: tuple[str, ...]
    after: tuple[str, ...] = ()
    where: str = ""
    on: str = ""
    why: str = ""
    named: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """The steps of a project, in order."""

    steps: tuple[Step, ...] = ()

    def of(self, what: str) -> tuple[Step, ...]:
        """Return the steps about themes, or about issues."""
        return tuple(step for step in self.steps if step.what == what)

    def follow(self, what: str, slug: str) -> tuple[str, ...]:
        """Return what a slug is called today.

        Itself where nothing changed, another one where it was renamed or merged, several where it
        was split and a person must say which, none where it was retired. A pole behind a slash
        stays behind each.
        """
        plain, slash, pole = slug.partition("/")
        slugs = [plain]
        for step in self.of(what):
            if not set(slugs) & set(step.before):
                continue
            moved = [t for s in slugs for t in (step.after if s in step.before else (s,))]
            slugs = list(dict.fromkeys(moved))
        return tuple(f"{found}{slash}{pole}" for found in slugs)

    def former(self, what: str, shipped: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """Return names that are or were, each with the slug that it was the name of.

        A name that two had which are not one today is left out: nobody knows which is meant.

        Args:
            what: `theme` or `issue`.
            shipped: Slugs, of issues with each pole, and the names that they came with.
        """
        found: dict[str, str] = {}
        several = set()
        for slug, name in (*shipped, *(pair for step in self.of(what) for pair in step.named)):
            if self.follow(what, found.setdefault(name, slug)) != self.follow(what, slug):
                several.add(name)
        return tuple((name, slug) for name, slug in found.items() if name not in several)

    def renamed(self, what: str) -> dict[str, str]:
        """Return today's slug of each that was renamed or merged into one: what links follow."""
        olds = dict.fromkeys(slug for step in self.of(what) for slug in step.before)
        found = {slug: self.follow(what, slug) for slug in olds}
        return {old: now[0] for old, now in found.items() if len(now) == 1 and now[0] != old}


def changes_of(layers: Layers) -> Changes:
    """Return the steps of a project's `changes.toml`.

    Raises:
        SettingsError: One is not what it must be; the message names file and line.
    """
    return _read(layers) if layers else Changes()


@lru_cache(maxsize=8)
def _read(layers: Layers) -> Changes:
    raw, text, shown = layers.table(CHANGES), layers.text(CHANGES) or "", layers.shown(CHANGES)
    if strange := sorted(set(raw) - {"steps"}):
        raise SettingsError(
            f"{place_of(shown, text, strange[0])}: unknown key {strange[0]!r}; expected [[steps]]"
        )
    entries = raw.get("steps", [])
    if not isinstance(entries, list) or len(entries) > MOST_STEPS:
        raise SettingsError(f"{shown}: expected [[steps]], {MOST_STEPS} at most")
    starts = [n for n, line in enumerate(text.splitlines(), 1) if line.strip() == "[[steps]]"]
    places = [f"{shown}, line {n}" for n in starts]
    if len(places) != len(entries):  # written otherwise than we write it
        places = [f"{shown}, step {n}" for n in range(1, len(entries) + 1)]
    return Changes(tuple(_step(e, where) for e, where in zip(entries, places, strict=True)))


def _step(entry: object, where: str) -> Step:
    if not isinstance(entry, dict):
        raise SettingsError(f"{where}: expected a table of keys and values")
    if strange := sorted(set(entry) - _KNOWN):
        raise SettingsError(f"{where}: unknown key {strange[0]!r}; known: {sorted(_KNOWN)}")
    if missing := sorted(_NEEDED - set(entry)):
        raise SettingsError(f"{where}: key {missing[0]!r} is missing; add it")
    do, what = entry["do"], entry["what"]
    if do not in _SIZES:
        raise SettingsError(f"{where}: do is {do!r}; expected one of {sorted(_SIZES)}")
    if what not in (THEME, ISSUE):
        raise SettingsError(f"{where}: what is {what!r}; expected 'theme' or 'issue'")
    step = Step(
        str(do),
        str(what),
        _slugs(entry["from"], where, "from"),
        _slugs(entry.get("to", []), where, "to"),
        where,
        str(entry.get("on", "")),
        str(entry.get("why", "")),
        _named(entry.get("named", {}), where),
    )
    for key, slugs, (least, most) in zip(
        ("from", "to"), (step.before, step.after), _SIZES[step.do], strict=True
    ):
        if not least <= len(slugs) <= most:
            said = str(least) if least == most else f"{least} or more"
            raise SettingsError(f"{where}: {key} has {len(slugs)} slugs; {do} expects {said}")
    return step


def _named(value: object, where: str) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, dict) or not all(isinstance(name, str) for name in value.values()):
        raise SettingsError(f'{where}: named: got {value!r}; expected {{ "SLUG" = "NAME" }}')
    return tuple(value.items())


def _slugs(value: object, where: str, key: str) -> tuple[str, ...]:
    slugs = value if isinstance(value, list) else [value]
    for slug in slugs:
        if not isinstance(slug, str) or not SLUG.match(slug):
            raise SettingsError(
                f"{where}: {key}: got {slug!r}; expected small letters, digits and hyphens, of an "
                "issue without a pole"
            )
    return tuple(dict.fromkeys(slugs))


def check_steps(steps: Iterable[Step], shipped: Iterable[str], own: Iterable[str]) -> None:
    """Check that each step is about what existed at its time, and reuses no old slug.

    Args:
        steps: About themes, or about issues.
        shipped: Slugs that come with the program and are in use.
        own: Slugs of the project's own entries: those of new parts are among them.

    Raises:
        SettingsError: One is not; the message names file and line.
    """
    known, written, gone = set(shipped), set(own), set[str]()
    listed, made, used = list(steps), set[str](), set(known)
    for step in listed:  # what a step makes is not there before it
        used |= set(step.before)
        made |= set(step.after) - used
    here = known | (written - made)
    for step in listed:
        if missing := [slug for slug in step.before if slug not in here]:
            now = "it is an old name" if missing[0] in gone else "there is none"
            raise SettingsError(f"{step.where}: {step.do} {step.what} {missing[0]!r}: {now}")
        for slug in step.after:
            new = slug not in here
            if slug in gone or (not new and step.do != MERGE):
                raise SettingsError(
                    f"{step.where}: {step.do} to {slug!r}: that is taken, or was before; give "
                    "another slug: what was said with an old one must stay understood"
                )
            if new and step.do != RENAME and slug not in written:
                raise SettingsError(
                    f"{step.where}: {step.do} to {slug!r}: nothing says what it is; add its entry"
                )
        here = (here - set(step.before)) | set(step.after)
        gone |= set(step.before) - set(step.after)
    if back := sorted(gone & (written - known) & here):
        raise SettingsError(f"{back[0]!r} is an old name and cannot be used again; rename it")


def step_lines(
    do: str,
    what: str,
    before: Iterable[str],
    after: Iterable[str],
    on: str,
    named: Mapping[str, str],
) -> str:
    """Write a step as `changes.toml` has it."""

    def listed(slugs: Iterable[str]) -> str:
        return "[" + ", ".join(f'"{slug}"' for slug in slugs) + "]"

    lines: dict[str, Any] = {"do": f'"{do}"', "what": f'"{what}"', "from": listed(before)}
    if targets := list(after):
        lines["to"] = listed(targets)
    lines["on"] = f'"{on}"'
    if named:
        pairs = (f"{json.dumps(slug)} = {json.dumps(name)}" for slug, name in named.items())
        lines["named"] = f"{{ {', '.join(pairs)} }}"
    return "[[steps]]\n" + "".join(f"{key} = {value}\n" for key, value in lines.items())
