"""Names of themes and issues as people write them, and phrases with their alternatives."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Final

from pipelines.errors import SettingsError
from pipelines.project.entries import SHIPPED
from pipelines.records import Polarity

NONE: Final = "none"
_NONES: Final = re.compile(
    r"(?:n/?a|nil|not-applicable|no-(?:theme|issue)s?|"
    r"none(?:-of-(?:them|these|those|the-(?:above|themes|issues)))?)(?:-(?:fits?|appl(?:y|ies)))?"
)
_DASHES: Final = re.compile(r"'?[-‐‑‒–—―−]+")
PARTS: Final = re.compile(r"[;；、\n\r|#]+|\s[/+]\s")
POLES: Final = {
    "": "",
    "strength": str(Polarity.STRENGTH),
    "strengths": str(Polarity.STRENGTH),
    **dict.fromkeys(
        ("area-for-improvement", "areas-for-improvement", "improvement", "area", "afi"),
        str(Polarity.AREA_FOR_IMPROVEMENT),
    ),
}
GAP: Final = "..."  # of a pattern: up to five words between
MOST_VARIANTS: Final = 10_000  # of a phrase; the shipped ones have up to 9,075
_CHOICES: Final = re.compile(r"\(([^()]*)\)")  # innermost
_DROPPED: Final = re.compile(r"['’‘ʼ`´]")
_BETWEEN: Final = re.compile(r"[^\w/]+|_+")


@lru_cache(maxsize=4096)
def name_key(said: str) -> str:
    """Fold a name or slug: its case, blanks, hyphens, apostrophes and ampersands."""
    plain = unicodedata.normalize("NFKC", said).casefold().replace("&", " and ")
    return _BETWEEN.sub("-", _DROPPED.sub("", plain)).strip("-")


def says_none(said: str) -> bool:
    """Whether a label says that nothing fits: `none`, `n/a`, `None of these apply`, a dash."""
    return bool(_NONES.fullmatch(name_key(said)) or _DASHES.fullmatch(said.strip()))


def parted_key(said: str) -> str:
    """Fold what labels may say as several names, its parts one by one; of one name its key."""
    return ";".join(name_key(part) for part in PARTS.split(said.strip()))


def check_names(named: Iterable[tuple[str, str, Sequence[str]]]) -> None:
    """Refuse names that a label cannot say, and those that would say two things.

    A name with signs that part names is read, alone or among others, as written.

    Args:
        named: Of each entry the file and line, for messages, its slug and its names.

    Raises:
        SettingsError: A name or slug is another entry's too, is read as none or as several
            others, or ends as if it named a pole.
    """
    taken: dict[str, str] = {}
    listed = sorted(named, key=lambda one: one[0] != SHIPPED)
    known = {name_key(name) for _, slug, names in listed for name in (slug, *names)}
    for where, slug, names in listed:
        for name in (slug, *names):
            key = name_key(name)
            other = taken.setdefault(key, slug)
            wrong = (
                f"is a name or slug of {other!r} too"
                if other != slug
                else _unsayable(name, key, known)
            )
            if wrong:
                raise SettingsError(
                    f"{where}: {slug}: {name!r} {wrong}, so no label could say it; rename one"
                )


def _unsayable(name: str, key: str, known: Collection[str]) -> str:
    if not key or says_none(name):
        return "is what labels say for none"
    parts = parted_key(name).split(";")
    if len(parts) > 1 and all(part in known for part in parts):
        return "is read as several names or slugs"
    base, stroke, pole = name.partition("/")
    if base and stroke and name_key(pole) in POLES:
        return "ends in a stroke and a pole, as labels write an issue"
    return ""


def count_variants(phrase: str) -> int:
    """Return how many phrases `variants` writes out; 0 where brackets do not match."""
    ways, choices = 1, [1]
    for sign in phrase:
        if sign == "(":
            choices.append(1)
        elif sign == "|":
            choices[-1] += 1
        elif sign == ")":
            ways *= choices.pop()
            if not choices:
                return 0
    return ways if len(choices) == 1 else 0


def shortest_variant(phrase: str) -> str:
    """Return the one of `variants` with the fewest words, without writing out the others."""
    while found := _CHOICES.search(phrase):
        choice = min(found[1].split("|"), key=lambda words: len(words.split()))
        phrase = phrase[: found.start()] + choice + phrase[found.end() :]
    return " ".join(phrase.split())


def variants(phrase: str) -> list[str]:
    """Write out the alternatives of a phrase: `(a|b) c` is `a c` and `b c`; `(a|) c` may lack a."""
    found = _CHOICES.search(phrase)
    if not found:
        return [" ".join(phrase.split())]
    out: list[str] = []
    for choice in found.group(1).split("|"):
        out.extend(variants(phrase[: found.start()] + choice + phrase[found.end() :]))
    return out
