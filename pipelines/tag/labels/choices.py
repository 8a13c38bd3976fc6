"""What people chose, in whatever form a tool keeps it, as a flat list of names."""

from __future__ import annotations

from typing import Any, Final

HOLDERS: Final = ("choices", "labels", "taxonomy", "value", "values", "selected", "label")
"""Keys under which tools put a list of what was chosen."""

DEEPEST: Final = 6
"""How deep lists and objects may lie in each other."""

_GIVEN: Final = 0.5  # of a score beside a category


MOST_VOTES: Final = 10
"""Of people who gave a finding one name; larger numbers are percentages, places or weights."""


class Voted(str):
    """A name that somebody or several gave, by a count beside it that is above one."""

    __slots__ = ()


class Unread(str):
    """Why something among what was chosen cannot be read, in its place."""

    __slots__ = ()


def chosen(raw: object, depth: int = 0) -> list[Any]:
    """Return what was chosen as a flat list, from a list, a text, or an object that holds one."""
    if raw is None:
        return [""]  # says nothing, where an empty list says none
    if depth > DEEPEST:
        return [Unread(f"is nested more than {DEEPEST} deep; give names in one list")]
    if isinstance(raw, dict):
        held = next((key for key in HOLDERS if key in raw), None)
        if held == "taxonomy" and isinstance(raw[held], list):  # paths: the last is what is meant
            return [path[-1] for path in raw[held] if isinstance(path, list) and path]
        if held is not None:
            return chosen(raw[held], depth + 1)
        if all(isinstance(value, int) for value in raw.values()):  # yes and no, or votes
            return [_counted(key, int(value)) for key, value in raw.items() if value]
        scored = all(isinstance(value, (int, float)) for value in raw.values())
        given = [pair for pair in raw.items() if not 0 <= pair[1] < _GIVEN] if scored else []
        return [key if _GIVEN <= v <= 1 else _odd(key, v) for key, v in given]
    if isinstance(raw, (list, tuple)):
        if len(raw) == 3 and all(isinstance(place, int) for place in raw[:2]):  # from, to, label
            return [str(raw[2])]
        return [slug for entry in raw for slug in chosen(entry, depth + 1)]
    return [raw if isinstance(raw, (Unread, Voted)) else str(raw)]


def _counted(key: object, votes: int) -> str:
    if not 0 < votes <= MOST_VOTES:
        return _odd(key, votes)
    return str(key) if votes == 1 else Voted(key)


def _odd(key: object, score: float) -> Unread:
    got = f"{str(key)[:40]!r} has the score {str(score)[:20]}"
    return Unread(f"{got}; expected 0 to 1, or votes in whole numbers up to {MOST_VOTES}")
