"""What dialects of plain text add to it, brought to the forms that lines have everywhere.

Quoted mail, tables of HTML inside Markdown, tables drawn with characters, headings between
equals signs, reStructuredText's notes and boxes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from pipelines.read.drafts.wrapping import join_lines, starts_lower, unfinished

_LINK_BEGUN: Final = re.compile(r"\(\[?back(?: to(?: the)?)?[ ]*$", re.IGNORECASE)
_REST_OF_LINK: Final = re.compile(r"[ ]*(?:to )?(?:the )?top\]?\)[ ]*$", re.IGNORECASE)
_HASHED: Final = re.compile(r"[ ]{0,3}#{1,6}[ ]+\S")
_FEWEST_HASHED: Final = 3
_ITEM: Final = re.compile(r"[ ]{0,6}(?:[*+-]|\d{1,3}\.)[ ]+\S")
_BELOW_BREAK: Final = re.compile(r"[ ]*(?:[–—][ ]+)?[^\W_]")
_FAR_FIGURE: Final = re.compile(r"[ ]{20,}\d{1,3}(?:\.\d)?[ ]?%[ ]*$")
_SHORTEST: Final = 25  # characters of a line of running text
_SHORT_HEAD: Final = 40
_FEWEST_ACROSS: Final = 10
_QUOTED: Final = re.compile(r"[ ]{0,3}>[ ]?")
_MOSTLY: Final = 0.6  # share of lines that are quoted where all of a text is
_CELL: Final = re.compile(r"<t[dh]\b[^<>]*>(.*?)(?=</?t[dhr]\b|$)", re.IGNORECASE | re.DOTALL)
_ROW: Final = re.compile(r"<tr\b[^<>]*>", re.IGNORECASE)
_TAG: Final = re.compile(r"</?(?!br\b)[a-z][^<>]*>", re.IGNORECASE)
_BAR: Final = re.compile(r"[ ]*\+(?:[-=]{2,}\+)+[ ]*$")
_UNBARRED_RULE: Final = re.compile(r"[ ]{0,3}:?-{2,}:?[ ]*(?:\|[ ]*:?-{2,}:?[ ]*)+$")
_LONGEST: Final = 400  # characters of a heading's line
_WIKI: Final = re.compile(r"[ ]{0,3}(={1,6})[ ]+(\S.*?)[ ]+\1[ ]*$")
_DIRECTIVE: Final = re.compile(r"\.\.[ ]+[a-z-]+::[ ]*(.*)$")
_NOTE: Final = re.compile(r"\.\.[ ]+\[(#?\w*)\][ ]+(.*)$")
_NOTE_CALL: Final = re.compile(r"[ ]?\[#\w*\]_(?!\w)")
_INDENTED: Final = re.compile(r"[ ]{2,}\S")


def plain_forms(lines: Sequence[str]) -> list[str]:
    """Return the lines with what these dialects add rewritten as other texts have it."""
    lines = _raised_figures(_barred(list(_gridded(_unquoted(lines)))))
    lines = _single_spaced(_unbroken_links(lines))
    if sum(bool(_HASHED.match(line)) for line in lines) >= _FEWEST_HASHED:
        lines = _unbroken_items(lines)
    if any(_DIRECTIVE.match(line) or _NOTE.match(line) for line in lines):
        lines = list(_without_directives(lines))
    return [
        f"{'#' * len(m[1])} {m[2]}" if (m := _WIKI.match(line[:_LONGEST])) else line
        for line in lines
    ]


def _unbroken_items(lines: Sequence[str]) -> list[str]:
    """Put Markdown's hard breaks inside items back: what is below two blanks is of the item."""
    out: list[str] = []
    inside = False  # of an item whose last line ends with a hard break
    for line in lines:
        if inside and _BELOW_BREAK.match(line):
            out[-1] = f"{out[-1].rstrip()} {line.strip().lstrip('–— ')}"
        else:
            inside = bool(_ITEM.match(line))
            out.append(line)
        inside = inside and line.endswith("  ")
    return out


def _raised_figures(lines: list[str]) -> list[str]:
    """Put a percentage that is set in the middle of the rows of its question after the first."""
    out: list[str] = []
    for index, line in enumerate(lines):
        after = lines[index + 1].strip() if index + 1 < len(lines) else ""
        before = out[-1].strip() if out else ""
        fits = len(before) > _SHORTEST and unfinished(before) and starts_lower(after)
        if fits and _FAR_FIGURE.match(line) and after.endswith("?") and "%" not in before:
            out[-1] = f"{out[-1].rstrip()}   {line.strip()}"
        else:
            out.append(line)
    return out


def _unbroken_links(lines: Sequence[str]) -> list[str]:
    """Put "(Back to top)" after a heading in one line where it was wrapped."""
    out: list[str] = []
    for line in lines:
        if _REST_OF_LINK.match(line) and out and _LINK_BEGUN.search(out[-1][-_SHORTEST:]):
            out[-1] = f"{out[-1].rstrip()} {line.strip()}"
        else:
            out.append(line)
    return out


def _single_spaced(lines: Sequence[str]) -> Sequence[str]:
    """Take out the blank line between each two of a text that was spaced twice as wide.

    It was where more sentences continue across a blank line than in the next line.
    """
    goes_on = [
        len(line) >= _SHORTEST and unfinished(line.rstrip()) for line in lines[: len(lines) - 1]
    ]
    beside = sum(on and starts_lower(b) for on, b in zip(goes_on, lines[1:], strict=False))
    across = sum(
        on and not gap.strip(" \t") and starts_lower(b)
        for on, gap, b in zip(goes_on, lines[1:], lines[2:], strict=False)
    )
    if across < _FEWEST_ACROSS or across <= beside:
        return lines
    written = [bool(line.strip(" \t")) for line in lines]
    return [
        line
        for i, line in enumerate(lines)
        if written[i]
        or not (0 < i < len(lines) - 1 and written[i - 1] and written[i + 1])
        or _may_head(lines[i + 1])
    ]


def _may_head(line: str) -> bool:
    """Whether a line is as short as a heading and no sentence ends in it."""
    bare = line.strip()
    return len(bare) <= _SHORT_HEAD and not starts_lower(bare) and unfinished(bare)


def without_embedded_tables(text: str) -> str:
    """Write tables of HTML inside a text as rows between bars."""
    low = text.lower()
    if len(low) != len(text) or "</table" not in low:
        return text
    parts: list[str] = []
    at = 0
    while (start := low.find("<table", at)) >= 0 and (end := low.find("</table", start)) >= 0:
        parts += [text[at:start], _piped(text[start:end])]
        close = low.find(">", end)
        at = close + 1 if close >= 0 else len(text)
    return "".join([*parts, text[at:]])


def _piped(table: str) -> str:
    rows = []
    for row in _ROW.split(table)[1:]:
        cells = [" ".join(_TAG.sub(" ", cell).split()) for cell in _CELL.findall(row)]
        if any(cells):
            rows.append(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |")
    return "\n" + "\n".join(rows) + "\n"


def _unquoted(lines: Sequence[str]) -> list[str]:
    """Take off the ">" before each line of a text that was quoted as a whole."""
    written = [line for line in lines if line.strip()]
    quoted = sum(bool(_QUOTED.match(line)) for line in written)
    if not written or quoted < _MOSTLY * len(written):
        return list(lines)
    return [_QUOTED.sub("", line, count=1) for line in lines]


def _barred(lines: list[str]) -> list[str]:
    """Add the outer bars that were left out of the rows of a table."""
    out = list(lines)
    for index, line in enumerate(lines):
        if not _UNBARRED_RULE.match(line) or index == 0 or "|" not in lines[index - 1]:
            continue
        if heads := _heads_of_lists(lines, index):
            for place, head in heads.items():
                out[place] = f"\n{head}\n"
            out[index] = ""
            continue
        at = index - 1
        while at < len(lines) and "|" in lines[at]:
            out[at] = f"| {lines[at].strip().strip('|')} |"
            at += 1
    return "\n".join(out).split("\n")


def _heads_of_lists(lines: Sequence[str], rule: int) -> dict[int, str]:
    """Where the heads of a table belong whose cells are lists, with a line of one bar between."""
    heads = [head.strip() for head in lines[rule - 1].strip().strip("|").split("|")]
    places = [rule - 1]
    for at in range(rule + 1, len(lines)):
        line = lines[at].strip()
        if line == "|":
            places.append(at)
        elif "|" in line or _HASHED.match(line) or len(places) == len(heads):
            break
    return dict(zip(places, heads, strict=True)) if 1 < len(heads) == len(places) else {}


def _gridded(lines: Sequence[str]) -> Iterator[str]:
    """Write the rows of a table drawn with + and - in one line each, between bars.

    A frame of one column is a box and is kept as it is.
    """
    held: list[str] = []  # the lines of a table so far
    for line in [*lines, ""]:
        inside = bool(held) and line.strip().startswith(("|", "+"))
        if inside or (_BAR.match(line) and line.count("+") > 2):
            held.append(line)
            continue
        yield from _grid_rows(held)
        held = []
        yield line


def _grid_rows(held: Sequence[str]) -> Iterator[str]:
    cells: list[list[str]] = []
    for line in held:
        if _BAR.match(line):
            if cells:
                yield f"| {' | '.join(_joined(cell) for cell in cells)} |"
            cells = []
            continue
        parts = [part.strip() for part in line.strip().strip("|").split("|")]
        cells = cells or [[] for _ in parts]
        for cell, part in zip(cells, parts, strict=False):
            cell.append(part)
    if cells:
        yield f"| {' | '.join(_joined(cell) for cell in cells)} |"


def _joined(parts: Sequence[str]) -> str:
    """The lines of a cell; a blank line in it becomes a line end."""
    text = ""
    for part in parts:
        text = join_lines(text, part) if text and part else text + (part or "<br>")
    return re.sub(r"(?:<br>)+$", "", text.replace("\n", " "))


def _without_directives(lines: Sequence[str]) -> Iterator[str]:
    """Write a directive's text as quoted, under its title, and notes as notes are elsewhere."""
    within = False
    count = 0
    for line in lines:
        bare = _NOTE_CALL.sub("", line)
        if match := _NOTE.match(bare):
            count += 1
            yield f"[{count}] {match[2]}"
        elif match := _DIRECTIVE.match(bare):
            within = True
            yield f"> **{match[1]}**" if match[1] else ">"
        elif within and (_INDENTED.match(bare) or not bare.strip()):
            yield f"> {bare.strip()}".rstrip()
        else:
            within = False
            yield bare
