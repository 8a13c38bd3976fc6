"""Texts of labels: mended where a program spoilt them, refused where they are not findings."""

from __future__ import annotations

import re
import unicodedata
from html import unescape
from typing import Final

from pipelines import columns as c
from pipelines.read.drafts.repair import decoded_once
from pipelines.read.html.markup import resolved
from pipelines.tables import as_written
from pipelines.tag.labels.sheets import Number

_FOLDED: Final = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′´`ʼ＇", "'"),
        **dict.fromkeys("“”„‟″«»＂", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "…": "...",
        "\u00ad": "",
        "\u200b": "",
        "\ufeff": "",
    }
)
_NOTHING: Final = frozenset(  # letters alone, whatever signs stand among them
    {"nan", "none", "null", "na", "nat", "true", "false", "blank"}
)
_DIGEST: Final = re.compile(r"[0-9a-f]{16}")
_HALF: Final = re.compile(r"[\ud800-\udfff]")
_NAME: Final = re.compile(r"[^\W\d_]+")
_MONTHS: Final = (
    "january february march april may june july august september october november december"
)
_DAYS: Final = "monday tuesday wednesday thursday friday saturday sunday"
_OF_NUMBERS: Final = (
    frozenset(  # words of what is a number or a date and nothing else
        part for name in f"{_MONTHS} {_DAYS}".split() for part in (name, name[:3], name[:4])
    )
    | {*("st", "nd", "rd", "th", "am", "pm", "e", "inf", "infinity", "per", "cent", "pct", "gmt")}
)


def alike(text: str) -> str:
    """Fold what differs when a text is typed, copied or saved: quotes, dashes, spacing, case.

    A sign written as HTML writes it, `&amp;`, is that sign. Quotes around a text, or the one
    apostrophe by which spreadsheets guard it, are none of it. Two texts that are alike are one
    finding. The digest of a text is kept with stand-off labels
    and folds less, so that it stays what it is.
    """
    plain = unicodedata.normalize("NFKC", unescape(text).translate(_FOLDED))
    return " ".join(plain.split()).strip("'\"").casefold()


def read_digest(raw: object) -> tuple[str, str]:
    """Read the digest of a text out of a cell; and what is wrong with it.

    Some consist of digits, or of an e among digits: where a spreadsheet opens a CSV, they become
    numbers, and nobody finds their texts again.
    """
    named = str(raw or "").strip()
    if not named or (_DIGEST.fullmatch(named) and not isinstance(raw, Number)):
        return named, ""
    return "", (
        f"{c.DIGEST} {named[:40]!r} is none, of 16 digits and letters a to f; a spreadsheet that "
        f"took it for a number has spoilt it, perhaps: give the {c.TEXT} instead"
    )


def read_text(raw: object) -> tuple[str, str, str]:
    """Read a finding's text out of a cell.

    Returns:
        The text (empty where there is none), what is wrong with it, and what was mended.
    """
    if raw is None or raw == "":
        return "", "", ""
    if isinstance(raw, Number):
        return "", f"{raw.cell} holds the number {raw}; expected the finding's text", ""
    if not isinstance(raw, str):
        return "", f"{c.TEXT} is {str(raw)[:60]!r}; expected the finding's text", ""
    said = " ".join(as_written(raw).split())
    if not said:
        return "", "", ""
    if "\ufffd" in said or _HALF.search(said):
        return said, "letters of its text are lost (\ufffd); save the file as UTF-8 again", ""
    letters = "".join(_NAME.findall(said.casefold()))
    if letters in _NOTHING or set(_NAME.findall(said.casefold())) <= _OF_NUMBERS:
        return said, f"{c.TEXT} is {said[:60]!r}, which is no finding; give its words", ""
    mended = unicodedata.normalize("NFC", decoded_once(resolved(said)))
    if mended == unicodedata.normalize("NFC", said):
        return mended, "", ""
    return (
        mended,
        "",
        "its letters had been spoilt (as â€™ or &rsquo; for ’) by a program that took UTF-8 for "
        "older text, or text for a page, and were mended",
    )
