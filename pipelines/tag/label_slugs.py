"""The slugs that a row of labels gives: read, checked, and followed to what they are today."""

from __future__ import annotations

import difflib
from typing import Final

from pipelines.catalogue import load_catalogue
from pipelines.codebook import load_codebook
from pipelines.project.steps import ISSUE, THEME

NONE: Final = "none"
MOST_THEMES: Final = 4
MOST_ISSUES: Final = 3


def read_themes(raw: object) -> tuple[str, ...] | str:
    """Read the themes of a row: slugs in the codebook's order, or what is wrong."""
    given = _slugs(raw, load_codebook().slugs, THEME, MOST_THEMES)
    if given is None:
        return f"no theme; give it one to four, or {NONE!r} where none fits"
    return given


def read_subjects(raw: object) -> tuple[str, ...] | str | None:
    """Read the subjects of a row's issues; a slug with a pole after it counts as the slug."""
    known = load_catalogue().slugs
    if not known:  # a project without the level
        return None
    return _slugs(raw, known, ISSUE, MOST_ISSUES)


def split_slug(kind: str, raw: object) -> tuple[str, tuple[str, ...]] | None:
    """Return the first slug of a cell that was split, and its parts; None where there is none."""
    changes = load_codebook().changes
    if not changes.steps:
        return None
    for slug in _given(raw):
        now = changes.follow(kind, slug)
        if len(now) > 1:
            return slug, now
    return None


def _given(raw: object) -> list[str]:
    listed = raw if isinstance(raw, list) else str(raw or "").replace(",", ";").split(";")
    return [str(entry).strip().partition("/")[0] for entry in listed if str(entry).strip()]


def _slugs(
    raw: object, known: tuple[str, ...], what: str, most: int
) -> tuple[str, ...] | str | None:
    """Read the slugs of a cell or list: them in the order of those known, or what is wrong.

    None where nothing stands there; no slug where it says that none fits.
    """
    given = _given(raw)
    if isinstance(raw, list) and not raw:
        return ()
    if not given:
        return None
    if given == [NONE]:
        return ()
    changes = load_codebook().changes
    given = [now for entry in given for now in changes.follow(what, entry)]
    for entry in given:
        if entry not in known:
            inside = [slug for slug in known if entry.casefold() in slug]
            near = inside or difflib.get_close_matches(entry.casefold(), known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"expected one of {', '.join(known)}"
            return f"unknown {what} {entry!r}; {hint}"
    if len(set(given)) > most:
        return f"{len(set(given))} {what}s; a finding has {most} at most"
    return tuple(slug for slug in known if slug in given)
