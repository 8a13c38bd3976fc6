"""Values that a person types: in any case, by slug or name, or by a start that only one has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import typer

from pipelines.cli.progress import say
from pipelines.errors import SettingsError

POLARITIES: Final = {
    "strength": ("strengths",),
    "area_for_improvement": ("area for improvement", "areas for improvement"),
}
_FEWEST: Final = 2  # letters of a start
_LISTED: Final = 36  # values in a message


def meant(
    option: str, wanted: str, known: Mapping[str, Iterable[str]], *, there: str = "this run"
) -> str:
    """Return the value that is meant.

    Args:
        option: That it was given to, such as `--region`.
        wanted: As typed.
        known: Values, each with the other names that it has.
        there: What has them, for the message.

    Raises:
        SettingsError: No value begins so, or several do.
    """
    if wanted in known:
        return wanted
    typed = _plain(wanted)
    said = {value: {_plain(value), *map(_plain, names)} for value, names in known.items()}
    exact = [value for value, names in said.items() if typed in names]
    begun = [
        value
        for value, names in said.items()
        if len(typed) >= _FEWEST and any(_close(name).startswith(_close(typed)) for name in names)
    ]
    found = exact or begun
    if len(found) == 1:
        return found[0]
    if found:
        raise SettingsError(f"{option} {wanted!r}: may be {_listed(found)}; give more of it")
    raise SettingsError(f"{option} {wanted!r}: {there} has {_listed(known)}")


def plain_names(values: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return values that have no other name, as `meant` takes them."""
    return dict.fromkeys(sorted(values), ())


def theme_meant(option: str, wanted: str, slugs: Iterable[str]) -> str:
    """Return the theme that is meant, also by what it was called before; that is said.

    Args:
        option: That it was given to.
        wanted: A slug or name as typed, or a start of one.
        slugs: Of the themes that there are.

    Raises:
        SettingsError: No theme begins so, or several do.
    """
    from pipelines.codebook import load_codebook
    from pipelines.project.steps import THEME

    book = load_codebook()
    names = book.names
    known = {slug: (names[slug],) if slug in names else () for slug in sorted(slugs)}
    if _plain(wanted) not in {_plain(name) for slug in known for name in (slug, *known[slug])}:
        slugs_before = ((slug, slug) for step in book.changes.of(THEME) for slug in step.before)
        before = {
            now: (wanted,)
            for called, slug in (*book.former, *slugs_before)
            if _plain(called) == _plain(wanted)
            for now in book.changes.follow(THEME, slug)
            if now in known
        }
        if before:
            found = meant(option, wanted, before)
            say(f"{option} {wanted!r} is {found} today")
            return found
    return meant(option, wanted, known)


def parted(said: str) -> tuple[str, ...]:
    """Return what stands between commas."""
    return tuple(part.strip() for part in said.split(",") if part.strip())


def target(
    default: Any,  # noqa: ANN401
    *words: str,
    metavar: str,
    help: str,  # noqa: A002
) -> Any:  # noqa: ANN401
    """Return an option that names a place to write to: outside of this program and its source."""
    return typer.Option(default, *words, metavar=metavar, help=help, callback=_outside)


def _outside(place: Path | str | None) -> Path | str | None:
    if place:
        from pipelines.flow.storage.premises import check_program

        check_program(Path(place))
    return place


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold().replace("&", " and ")).split())


def _close(plain: str) -> str:
    """Write words as one: `northeast` is the north east."""
    return plain.replace(" ", "")


def _listed(values: Iterable[str]) -> str:
    listed = list(values)
    rest = len(listed) - _LISTED
    more = f" and {rest} more" if rest > 0 else ""
    return ", ".join(listed[:_LISTED] if rest > 0 else listed) + more
