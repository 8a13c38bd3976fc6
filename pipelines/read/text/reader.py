"""Read plain text and Markdown into blocks.

The same report reaches us with a paragraph a line or with lines cut at eighty columns, with
"-", "•" or a lone glyph, from a PDF copy with page numbers or from a web page with
"(Back to top)" after each heading. No line is lost: page furniture apart, each ends up in a block.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pipelines.read.drafts.assemble import LONGEST_BLOCK, Draft, assemble
from pipelines.read.drafts.lines import (
    DASHES,
    Line,
    LineKind,
    is_coded,
    is_drawn_under,
    is_underline,
    parse_line,
    table_line,
)
from pipelines.read.drafts.notes import called_numbers, may_begin_note
from pipelines.read.drafts.polish import polish
from pipelines.read.drafts.repair import repair_text, repair_warnings
from pipelines.read.drafts.wrapping import (
    Words,
    Wrap,
    count_words,
    ends_sentence,
    join_lines,
    measure_wrap,
    starts_lower,
    unfinished,
)
from pipelines.read.limits import Limits
from pipelines.read.text import furniture
from pipelines.read.text.bullets import join_lone_bullets
from pipelines.read.text.columns import side_by_side
from pipelines.read.text.dialects import plain_forms, without_embedded_tables
from pipelines.read.text.joined import lost_hyphens, part_joined
from pipelines.read.text.ligated import with_ligatures
from pipelines.records import BlockKind, Document

_KINDS: Final = {
    LineKind.HEADING: BlockKind.HEADING,
    LineKind.BULLET: BlockKind.BULLET,
    LineKind.NUMBERED: BlockKind.NUMBERED,
    LineKind.QUOTE: BlockKind.QUOTE,
    LineKind.FOOTNOTE: BlockKind.FOOTNOTE,
    LineKind.CONTENTS: BlockKind.CONTENTS,
    LineKind.TEXT: BlockKind.PARAGRAPH,
}
_TAKES_LINES: Final = frozenset(
    {BlockKind.BULLET, BlockKind.NUMBERED, BlockKind.PARAGRAPH, BlockKind.QUOTE, BlockKind.FOOTNOTE}
)


def read_text(text: str, *, path: str, sha256: str, limits: Limits) -> Document:
    """Read a text into a document.

    Args:
        text: Decoded, not yet repaired.
        path: Names the document.
        sha256: Of the bytes it came from.
        limits: Only the number of blocks matters here.

    Raises:
        UnreadableDocument: There is no text in it, or too many blocks.
    """
    mended, ligatures = with_ligatures(repair_text(text))
    parted = part_joined(mended)
    warnings = (
        *repair_warnings(text),
        *ligatures,
        *lost_hyphens(mended, parted),
    )
    return assemble(
        _draft(parted),
        path=path,
        form="text",
        sha256=sha256,
        limits=limits,
        warnings=warnings,
        reader="lines",
    )


def draft_lines(text: str) -> list[Draft]:
    """Draft the blocks of a repaired text."""
    return _draft(part_joined(text))


def _draft(text: str) -> list[Draft]:
    lines, words = parse_lines(text), count_words(text)
    drafts = _group(lines, measure_wrap(lines), words, called_numbers(text))
    return polish(drafts, words=words)


def parse_lines(text: str) -> list[Line]:
    """Split repaired text into lines and judge the form of each."""
    raw = re.sub("\f", "\n\f\n", without_embedded_tables(text)).split("\n")
    raw = side_by_side(furniture.drop_furniture(plain_forms(raw)))
    contents = furniture.contents_lines(raw)
    framed = furniture.framed_lines(raw)
    lines: list[Line] = []
    for index, line in enumerate(raw):
        if index in framed:
            inside = framed[index]
            bare = Line(LineKind.BREAK) if inside is None else parse_line(inside)
            lines.append(replace(bare, boxed=True))
        elif line == furniture.PAGE_BREAK:
            lines.append(Line(LineKind.BREAK))
        elif index in contents:
            lines.append(Line(LineKind.CONTENTS, " ".join(line.split()), length=len(line)))
        elif (level := is_underline(line)) and _underlines(lines):
            lines[-1] = replace(lines[-1], kind=LineKind.HEADING, level=level)
        elif is_drawn_under(line) and _underlines(lines, width=len(line.strip())):
            lines[-1] = replace(lines[-1], kind=LineKind.HEADING)
        elif "\t" in line and _goes_on_table(lines, line):
            lines.append(table_line(line.split("\t")))
        else:
            lines.append(parse_line(line))
    return join_lone_bullets(lines, called_numbers(text))


def _underlines(lines: Sequence[Line], *, width: int = 0) -> bool:
    """Whether a row of one character, `width` long, makes the line above it a heading."""
    if not lines or lines[-1].length > 90:
        return False
    coded = lines[-1].kind is LineKind.HEADING and not lines[-1].level
    fits = not width or abs(lines[-1].length - width) <= 2
    return fits and (coded or lines[-1].kind is LineKind.TEXT)


def _goes_on_table(lines: Sequence[Line], line: str) -> bool:
    """Whether a line has an empty cell at its start or end, of a table whose rows stand above."""
    last = lines[-1] if lines else None
    return last is not None and len(last.cells) == line.count("\t") + 1


def _group(lines: Sequence[Line], wrap: Wrap, words: Words, called: frozenset[str]) -> list[Draft]:
    """Gather lines into drafts; a blank line or a page break ends one."""
    drafts: list[Draft] = []
    last: Line | None = None  # the line before, where nothing separates it from this one
    broken = False
    for index, line in enumerate(lines):
        if line.kind in {LineKind.BLANK, LineKind.BREAK}:
            last = None
            broken = broken or line.kind is LineKind.BREAK
            continue
        if line.kind is LineKind.TABLE:
            _add_row(drafts, line, fresh=last is None or last.kind is not LineKind.TABLE)
            last, broken = line, False
            continue
        ahead = lines[index + 1] if index + 1 < len(lines) else None
        joined = last is not None and _continues(drafts[-1], last, line, wrap, ahead)
        joined = joined and not (
            line.kind is LineKind.NUMBERED and line.marker.strip("().") in called
        )
        sign = may_begin_note(line.text) if joined and line.kind is LineKind.TEXT else ""
        noted = bool(sign) and (sign in called or not sign.isdigit())
        severed = noted or (bool(sign) and ends_sentence(drafts[-1].tail))
        if joined and not severed:
            text = _as_written(line)
            drafts[-1].text = join_lines(drafts[-1].text, text, words)
            if drafts[-1].kind is BlockKind.PARAGRAPH:  # its first line alone may be indented
                drafts[-1].indent = min(drafts[-1].indent, line.indent)
        else:
            drafts.append(_begin(line))
            drafts[-1].broken = broken
            drafts[-1].severed = severed
        drafts[-1].full = wrap.is_full(line)
        last, broken = line, False
    return drafts


def _continues(draft: Draft, last: Line, line: Line, wrap: Wrap, ahead: Line | None) -> bool:
    if draft.kind not in _TAKES_LINES or draft.boxed != line.boxed:
        return False
    if len(draft.text) > LONGEST_BLOCK:
        return False
    if line.kind is LineKind.TEXT:
        listed = draft.kind in {BlockKind.BULLET, BlockKind.NUMBERED}
        return wrap.continues(last, line, ahead=ahead, listed=listed)
    if line.kind is LineKind.QUOTE:
        return draft.kind is BlockKind.QUOTE and bool(line.text)
    first = line.marker or line.text.split(" ", 1)[0]
    full = wrap.width and last.length + 1 + len(first) > wrap.width * 0.82
    if not full or not unfinished(last.plain):
        return False
    if line.kind is LineKind.HEADING:
        # "... with each team\n4.5 SPOs in post, where": a figure, or a code that is spoken of.
        listed = draft.kind in {BlockKind.BULLET, BlockKind.NUMBERED}
        return listed and is_coded(line) and _runs_on(line, wrap, ahead)
    if line.kind is LineKind.BULLET:
        # A dash of the running text that came to stand at the start of a line.
        return line.marker in DASHES and line.marker != draft.marker and not _capital(line.plain)
    if line.kind is LineKind.NUMBERED:
        # "... by 31 December\n12. However": a figure that ends a sentence.
        return draft.kind is not BlockKind.NUMBERED and draft.kind is not BlockKind.PARAGRAPH
    return False


def _runs_on(line: Line, wrap: Wrap, ahead: Line | None) -> bool:
    """Whether a line is one of a text: its sentence ends in it, or goes on in the next."""
    if ends_sentence(line.plain) or wrap.is_full(line):
        return True
    return ahead is not None and ahead.kind is LineKind.TEXT and starts_lower(ahead.plain)


def _capital(text: str) -> bool:
    return text[:1].isupper()


def _as_written(line: Line) -> str:
    return f"{line.marker} {line.text}" if line.marker else line.text


def _begin(line: Line) -> Draft:
    marker = line.marker
    return Draft(
        _KINDS[line.kind],
        line.text,
        marker=marker,
        level=line.level,
        indent=line.indent,
        boxed=line.boxed,
    )


def _add_row(drafts: list[Draft], line: Line, *, fresh: bool) -> None:
    if fresh:
        drafts.append(Draft(BlockKind.TABLE, ""))
    if any(line.cells):
        drafts[-1].rows.append(line.cells)
