"""Build the registry from its files: the shipped one, with your own frameworks before it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from pipelines.errors import SettingsError
from pipelines.frameworks.entries import (
    Framework,
    ListEnd,
    SectionKind,
    Standard,
    UnitKind,
    Wordings,
    fold,
    form_pattern,
)
from pipelines.frameworks.file import DIMENSIONS, KEYS, RegistryFile
from pipelines.frameworks.registry import Registry, build_registry
from pipelines.project import Layers, layers_in_use
from pipelines.project.layers import FRAMEWORKS
from pipelines.records import Polarity
from pipelines.regular import regular_text

_SECTION_KINDS: Final = frozenset(SectionKind.__args__)  # type: ignore[attr-defined]
_LIST_ENDS: Final = frozenset(ListEnd.__args__)  # type: ignore[attr-defined]
_MONTH: Final = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])$")
_CODE: Final = re.compile(r"\d{1,2}\.\d{1,2}$")
_POINTS: Final = 3  # of an Outstanding standard, the most it can have


def load_registry(path: Path | None = None, *, extra: Path | None = None) -> Registry:
    """Load and check a registry file; the shipped one where no path is given.

    Args:
        path: A whole registry; the shipped one with the frameworks of the project in use where
            none is given.
        extra: A file of frameworks of one's own, of `[[frameworks]]` and `[[unit_kinds]]` only;
            they stand before those of the registry, and one with the slug of another replaces it.

    Raises:
        SettingsError: A file cannot be read, or a key, code, kind or month in it is wrong.
    """
    registry = _in_use(layers_in_use()) if path is None else _whole(_read(path))
    return registry if extra is None else _extended(registry, _read(extra))


def _read(path: Path) -> RegistryFile:
    try:
        return RegistryFile(regular_text(path), str(path))
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}; check the path") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: is not UTF-8 text; save it as UTF-8") from error


@lru_cache(maxsize=4)
def _in_use(layers: Layers) -> Registry:
    own = layers.text(FRAMEWORKS)
    if own is None:
        return _shipped()
    return _extended(_shipped(), RegistryFile(own, layers.shown(FRAMEWORKS)))


@cache
def _shipped() -> Registry:
    source = files("pipelines") / "data" / "frameworks.toml"
    return _whole(RegistryFile(source.read_text(encoding="utf-8"), "frameworks.toml"))


def _whole(file: RegistryFile) -> Registry:
    needed = KEYS["registry"] - {"unit_kinds"}
    raw = file.check("registry", file.raw, needed=needed)
    dimensions = file.check("dimensions", raw["dimensions"], "[dimensions]", needed=DIMENSIONS)
    polarity = file.check("polarity", raw["polarity"], "[polarity]", needed=KEYS["polarity"])
    kinds = _unit_kinds(file, raw) or _shipped().unit_kinds
    frameworks = _frameworks(file, raw, kinds)
    return build_registry(
        frameworks,
        _wordings(file, {**raw, "polarity": polarity}),
        {key: file.words(key, dimensions[key], "[dimensions]", key) for key in DIMENSIONS},
        kinds,
    )


def _extended(registry: Registry, file: RegistryFile) -> Registry:
    raw = file.check("project", file.raw)
    own_kinds = _unit_kinds(file, raw)
    kinds = (*(k for k in registry.unit_kinds if k.kind not in {o.kind for o in own_kinds}),)
    own = _frameworks(file, raw, (*own_kinds, *kinds))
    slugs = {framework.slug for framework in own}
    shared = Wordings(
        registry.polarity,
        registry.sections,
        registry.openings,
        registry.boxes,
        registry.subsections,
    )
    return build_registry(
        (*own, *(f for f in registry.frameworks if f.slug not in slugs)),
        shared,
        registry.dimensions,
        (*own_kinds, *kinds),
    )


def _unit_kinds(file: RegistryFile, raw: Mapping[str, Any]) -> tuple[UnitKind, ...]:
    kinds = []
    for entry in raw.get("unit_kinds", []):
        checked = file.check("unit kind", entry, "[[unit_kinds]]", needed={"kind"})
        near = ("[[unit_kinds]]", f'"{checked["kind"]}"')
        words = {
            key: file.words(f"unit kind {checked['kind']}: {key}", checked.get(key, []), *near, key)
            for key in ("behind", "before", "named")
        }
        if len(words["named"]) not in (0, 2):
            raise file.wrong(
                f"unit kind {checked['kind']}: named is {checked['named']!r}; expected two texts: "
                "what one is called, and what several are",
                *near,
                "named",
            )
        kinds.append(UnitKind(str(checked["kind"]), **words))
    file.unique("unit kind", [kind.kind for kind in kinds], "[[unit_kinds]]")
    return tuple(kinds)


def _frameworks(
    file: RegistryFile, raw: Mapping[str, Any], kinds: tuple[UnitKind, ...]
) -> tuple[Framework, ...]:
    known = [kind.kind for kind in kinds]
    frameworks = tuple(_framework(file, entry, known) for entry in raw.get("frameworks", []))
    file.unique("framework slug", [f.slug for f in frameworks], "[[frameworks]]")
    return frameworks


def _framework(file: RegistryFile, entry: object, kinds: list[str]) -> Framework:
    slugged = f'"{entry["slug"]}"' if isinstance(entry, dict) and "slug" in entry else ""
    near = ("[[frameworks]]", slugged)
    raw = file.check("framework", entry, *near, needed={"slug", "name", "unit_type", "standards"})
    label = f"framework {raw['slug']}"
    file.one_of(f"{label}: unit_type", raw["unit_type"], kinds, *near, "unit_type")
    for key in ("since", "until"):
        if key in raw and not _MONTH.match(str(raw[key])):
            raise file.wrong(f"{label}: {key} is {raw[key]!r}; expected YYYY-MM", *near, key)
    if wrong := [m for m in raw.get("maxima", []) if m <= 0 or m % _POINTS]:
        raise file.wrong(
            f"{label}: maximum {wrong[0]}; expected a multiple of {_POINTS} points",
            *near,
            "maxima",
        )
    groups = [file.check("group", g, *near, needed=KEYS["group"]) for g in raw.get("groups", [])]
    return Framework(
        slug=raw["slug"],
        name=raw["name"],
        unit_type=raw["unit_type"],
        standards=_standards(file, raw, label, near),
        prefix=raw.get("prefix", ""),
        since=raw.get("since", ""),
        until=raw.get("until", ""),
        maxima=tuple(raw.get("maxima", [])),
        sure=raw.get("sure", True),
        rated=raw.get("rated", True),
        titled=file.words(f"{label}: titled", raw.get("titled", []), *near, "titled"),
        titles=_forms(file, raw, label, near, "titles"),
        told=_forms(file, raw, label, near, "told"),
        list_ends=file.one_of(
            f"{label}: list_ends", raw.get("list_ends", "any"), _LIST_ENDS, *near, "list_ends"
        ),
        groups=tuple((g["number"], tuple(g["titles"])) for g in groups),
        wordings=_wordings(file, raw, label, *near),
    )


def _standards(
    file: RegistryFile, raw: Mapping[str, Any], label: str, near: tuple[str, ...]
) -> tuple[Standard, ...]:
    standards = []
    for item in raw["standards"]:
        file.check("standard", item, *near, needed={"code", "title"})
        if not _CODE.match(item["code"]):
            said = f"{label}: code {item['code']!r}; expected as in '1.1'"
            raise file.wrong(said, *near, item["code"])
        also = file.words(f"{label}: also", item.get("also", []), *near, item["code"])
        standards.append(Standard(item["code"], item["title"], also, item.get("rated", True)))
    file.unique(f"{label}: code", [s.code for s in standards], *near)
    return tuple(standards)


def _forms(
    file: RegistryFile, raw: Mapping[str, Any], label: str, near: tuple[str, ...], key: str
) -> tuple[re.Pattern[str], ...]:
    patterns = []
    for form in file.words(f"{label}: {key}", raw.get(key, []), *near, key):
        try:
            patterns.append(form_pattern(form, whole=key == "titles"))
        except ValueError as error:
            said = f"{label}: {key}: {form!r}: {error}; expected words with {{unit}} and {{topic}}"
            raise file.wrong(said, *near, form) from error
    return tuple(patterns)


def _wordings(
    file: RegistryFile, raw: Mapping[str, Any], label: str = "the registry", *near: str
) -> Wordings:
    """Read the headings of a registry, or of a framework; no wording may mean two things."""
    polarity: dict[str, Polarity] = {}
    for key, words in file.check("polarity", raw.get("polarity", {}), *near).items():
        for wording in file.words(f"{label}: {key}", words, *near, key):
            if polarity.setdefault(fold(wording), Polarity(key)) is not Polarity(key):
                raise file.wrong(f"{label}: {wording!r} stands in both lists", *near, wording)
    sections: dict[str, SectionKind] = {}
    openings: dict[str, SectionKind] = {}
    for item in raw.get("sections", []):
        section = file.check("section", item, *near, "sections", needed={"kind", "titles"})
        kind = file.one_of("section kind", section["kind"], _SECTION_KINDS, *near, "sections")
        for key, held in (("titles", sections), ("openings", openings)):
            for wording in file.words(f"{label}: {key}", section.get(key, []), *near, "sections"):
                held[fold(wording)] = kind
    if both := sorted(set(sections) & set(polarity)):
        raise file.wrong(f"{label}: {both[0]!r} heads a list and a section", *near, both[0])
    boxes = file.check("boxes", raw.get("boxes", {}), *near).get("titles", [])
    below = file.check("subsections", raw.get("subsections", {}), *near).get("titles", [])
    return Wordings(
        polarity,
        sections,
        openings,
        frozenset(map(fold, file.words(f"{label}: boxes", boxes, *near, "boxes"))),
        {fold(t): t for t in file.words(f"{label}: subsections", below, *near, "subsections")},
    )
