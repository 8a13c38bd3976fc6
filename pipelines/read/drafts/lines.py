"""The forms a line of plain text or Markdown can have.

A line is judged by itself here; what depends on its neighbours (wrapping, quotations, footnotes,
short lines that are headings) is decided in `text.py`.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from pipelines.read.drafts.assemble import BOLD_OFF, BOLD_ON, plain
from pipelines.read.drafts.calls import raised
from pipelines.read.drafts.repair import BULLET
from pipelines.read.drafts.toplink import without_top_link

SURE_GLYPHS: Final = "•●▪◦‣○◆◇■□➢➤►▸▶▷➔➜→⇒»✓✔✦★☆❖·∙⁃※§"
DASHES: Final = "-–—*+"
_BULLET: Final = re.compile(
    rf"(?P<indent>[ ]*)(?:(?P<sure>[{SURE_GLYPHS}])[ \t]*"
    rf"|(?P<dash>[{re.escape(DASHES)}]|o)[ \t]+)(?P<text>\S.*)$"
)
_LONE_GLYPH: Final = re.compile(
    rf"(?P<indent>[ ]*)(?P<glyph>[{SURE_GLYPHS}{re.escape(DASHES)}]|o)[ ]*$"
)
_NUMBERED: Final = re.compile(
    r"(?P<indent>[ ]*)(?P<marker>\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)])"
    r"(?:[ \t]+|(?<=\d[.)])(?=[a-z]{3}))(?P<text>\S.*)$"  # "10.support": the white was too narrow
)
_LONE_NUMBER: Final = re.compile(r"(?P<indent>[ ]*)(?P<marker>\(?\d{1,3}[.)])[ ]*$")
_CODED: Final = re.compile(r"[ ]*(?:[A-Z][ ]?)?\d{1,2}(?:\.\d{1,2})+\.?:?[ \t]+[A-Z][^\t]{0,90}$")
_HASHES: Final = re.compile(r"[ ]{0,3}(#{1,6})[ \t]+(.*)$")
_UNDERLINE: Final = re.compile(r"[ ]{0,3}(=+|-{3,})[ ]*$")
_DRAWN_UNDER: Final = re.compile(r"([~^\"'`#*+.:_=-])\1{2,}[ ]*$")
_RULE: Final = re.compile(r"[ ]*(?:[-*_=~–—][ ]*){3,}$")
_BLOCKQUOTE: Final = re.compile(r"[ ]{0,3}>[ ]?(.*)$")
_STRONG_END: Final = re.compile(r"(?<=[^\s*_])(?:\*{1,3}|_{1,3})[ \t]*$")
_FOOTNOTE: Final = re.compile(r"[ ]*(?:[⁰¹²³⁴-⁹]+|\[\^?\d{1,3}\]:?)[ \t]*(?P<text>\S.*)$")
_PIPES: Final = re.compile(r"[ ]*\|.*\|[ ]*$")
_PIPE_RULE: Final = re.compile(r"[ ]*(?:\|?[ :]*-{2,}[-| :]*|\+(?:[-=]+\+){2,}[ ]*)$")
_TRAILING_PERCENT: Final = re.compile(r"[ ]*(\S.*\S)[ ]{3,}(\d{1,3}(?:\.\d+)?[ ]?%)[ ]*$")
_LINK: Final = re.compile(r"!?\[([^\]\n]{0,400})\]\((?:https?:|mailto:|www\.|#|/)[^)\n]{0,600}\)")
_NOTE_LINK: Final = re.compile(r"\[{1,2}\^?(\d{1,3})\]{1,2}\(#[^)\n]{0,80}\)")
_ESCAPE: Final = re.compile(r"\\([\\`*_{}\[\]()#+\-.!>|~])")
_STRONG: Final = re.compile(  # four asterisks in a row are a call or a bullet, three may be both
    r"(?<!\*)\*{2,3}(?=[^\s*])(.{1,600}?)(?<=[^\s*])\*{2,3}(?!\*)"
    r"|\b__(?=\S)(.{1,600}?)(?<=\S)__\b"
)
_CLOSES_STRONG: Final = re.compile(r"\S(?:\*\*|__)")
_EMPHASIS: Final = re.compile(r"(?<![*\w])\*(?=[^\s*])([^*\n]+?)(?<=[^\s*])\*(?![*\w])")
_UNDERSCORED: Final = re.compile(r"(?<![_\w])_(?=[^\s_])([^_\n]+?)(?<=[^\s_])_(?![_\w])")
_SUP: Final = re.compile(r"<sup>\s*(\d{1,3})\s*</sup>", re.IGNORECASE)
_BREAK: Final = re.compile(r"<br\s*/?>", re.IGNORECASE)
_CLOSING: Final = '”"’)'
_ITEM: Final = re.compile(r"^[-–*]\s+(?=\S)")
_LISTED_CELL: Final = re.compile(r"([*+-])\s+(?=\S)")
_INLINE: Final = re.compile(r"</?(?:b|i|u|em|strong|span|br|sup|sub)\s*/?>", re.IGNORECASE)
_ENTITY: Final = re.compile(r"&(?:[a-z]{2,8}|#\d{2,5}|#x[0-9a-f]{2,4});", re.IGNORECASE)


_LONGEST: Final = 20_000  # characters; no heading, bullet or table row is longer


class LineKind(StrEnum):
    """The form of a line."""

    BLANK = "blank"
    BREAK = "break"  # a page ends, or page furniture stood here
    HEADING = "heading"
    BULLET = "bullet"
    NUMBERED = "numbered"
    QUOTE = "quote"
    FOOTNOTE = "footnote"
    TABLE = "table"
    CONTENTS = "contents"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Line:
    """A line and its form; `text` is without glyph, number, hashes or Markdown emphasis.

    Attributes:
        length: Characters of the line as it stood, its indent included.
        level: Of a heading; 0 where unknown.
        boxed: Stands in a box drawn with characters.
    """

    kind: LineKind
    text: str = ""
    indent: int = 0
    length: int = 0
    marker: str = ""
    level: int = 0
    cells: tuple[str, ...] = ()
    boxed: bool = False

    @property
    def plain(self) -> str:
        """The text without markers of bold."""
        return plain(self.text)


def parse_line(raw: str) -> Line:
    """Judge one line, without its neighbours."""
    # Tabs part cells; before the first word they are indent.
    lead = len(raw) - len(raw.lstrip(" \t"))
    raw = raw[:lead].expandtabs(4) + raw[lead:].rstrip()
    if not raw.strip():
        return Line(LineKind.BLANK)
    line = _parse(raw)
    return replace(line, length=len(raw.expandtabs(4)))


def _parse(raw: str) -> Line:  # noqa: C901 - one return a form, in order of precedence
    if len(raw) > _LONGEST:
        return Line(LineKind.TEXT, raw.strip())
    raw, marked = _strip_back_to_top(raw)
    if match := _HASHES.match(raw):
        text = inline(match[2].rstrip("# \t"))
        return Line(LineKind.HEADING, text, level=len(match[1]))
    if marked:
        numbered = raw.strip().isdigit()  # a page's number, with the link of its head
        return Line(LineKind.BREAK if numbered else LineKind.HEADING, inline(raw.strip()))
    if _RULE.match(raw):
        return Line(LineKind.BREAK, raw.strip())
    if match := _BLOCKQUOTE.match(raw):
        return Line(LineKind.QUOTE, inline(match[1]))
    if _PIPES.match(raw) or raw.lstrip().startswith("+-"):
        cells = [] if _PIPE_RULE.match(raw) else re.split(r"(?<!\\)\|", raw.strip().strip("|"))
        return table_line([c.strip() for c in cells])
    if match := _LONE_GLYPH.match(raw):
        return Line(LineKind.BULLET, "", len(match["indent"]), marker=match["glyph"])
    if match := _LONE_NUMBER.match(raw):
        return Line(LineKind.NUMBERED, "", len(match["indent"]), marker=match["marker"])
    if (match := _BULLET.match(raw)) and not raw.lstrip().startswith("**"):
        glyph = match["sure"] or match["dash"] or "o"
        return Line(LineKind.BULLET, inline(match["text"]), len(match["indent"]), marker=glyph)
    if match := _FOOTNOTE.match(raw):
        return Line(LineKind.FOOTNOTE, inline(match["text"]))
    if _CODED.match(raw):
        return Line(LineKind.HEADING, inline(raw.strip()))
    if match := _NUMBERED.match(raw):
        text = inline(match["text"])
        return Line(LineKind.NUMBERED, text, len(match["indent"]), marker=match["marker"])
    if match := _TRAILING_PERCENT.match(raw):
        return table_line([match[1], match[2]])
    if "\t" in raw.strip():
        return table_line([cell.strip() for cell in re.split(r"\t+", raw.strip())])
    return Line(LineKind.TEXT, inline(raw.strip()), len(raw) - len(raw.lstrip()))


def parse_plain(text: str) -> Line | None:
    """Judge a paragraph by its opening alone: bullet, number, footnote or coded heading.

    For text that is not Markdown; None where its opening says nothing.
    """
    if len(text) > _LONGEST:
        return None
    if (match := _FOOTNOTE.match(text)) and not text.startswith(BOLD_ON):
        return Line(LineKind.FOOTNOTE, match["text"])
    if match := _BULLET.match(text):
        glyph = match["sure"] or match["dash"] or "o"
        return Line(LineKind.BULLET, match["text"], marker=glyph)
    if _CODED.match(plain(text)):
        return Line(LineKind.HEADING, text)
    if match := _NUMBERED.match(text):
        return Line(LineKind.NUMBERED, match["text"], marker=match["marker"])
    return None


def is_underline(raw: str) -> int:
    """Level of the heading that this line underlines in Markdown; 0 where it is none."""
    if match := _UNDERLINE.match(raw):
        return 1 if match[1].startswith("=") else 2
    return 0


def is_coded(line: Line) -> bool:
    """Whether a line is a heading for its code alone: a figure of a text may stand there."""
    return line.kind is LineKind.HEADING and not line.level and bool(_CODED.match(line.plain))


def is_drawn_under(raw: str) -> bool:
    """Whether this line is a row of one character, as reStructuredText draws under its headings."""
    return bool(_DRAWN_UNDER.match(raw))


def _strip_back_to_top(raw: str) -> tuple[str, bool]:
    """Return the line without '(Back to top)', and whether it had it: only headings do."""
    if "back to" not in raw[-120:].lower():
        return raw, False
    unlinked = _LINK.sub(r"\1", raw)
    if unlinked.startswith("#"):
        unlinked = unlinked.rstrip("# \t")
    strong = _STRONG_END.search(unlinked)  # the whole heading was in bold
    end = strong.start() if strong else len(unlinked)
    title, linked = without_top_link(unlinked[:end])
    return (title + unlinked[end:], True) if linked else (raw, False)


def _lines_of(cell: str) -> str:
    """The text of a cell; lines split by <br> remain lines after a sentence or before an item."""
    parts = [plain(inline(part)).strip() for part in _BREAK.split(cell)]
    text = parts[0]
    if len(parts) > 1:
        parts = [_ITEM.sub(f"{BULLET} ", part) for part in parts if part]
        text = parts[0] if parts else ""
    for line in parts[1:]:
        ended = text.rstrip(_CLOSING).endswith((".", "!", "?")) or line.startswith(BULLET)
        text = f"{text}\n{line}" if ended else f"{text} {line}"
    listed = _LISTED_CELL.match(text)
    if listed is None:
        return text
    bullet = re.escape(listed[1])
    return re.sub(rf"(?:^|(?<=[.!?”\"’)])\s){bullet}\s+", f"\n{BULLET} ", text).strip()


def table_line(cells: list[str]) -> Line:
    """Make a row of a table of its cells."""
    done = tuple(_lines_of(cell) for cell in cells)
    return Line(LineKind.TABLE, "\t".join(done), cells=done)


def inline(text: str) -> str:
    """Resolve what Markdown does inside a line: bold is marked, links keep their words."""
    if _ENTITY.search(text):
        text = _ENTITY.sub(lambda m: html.unescape(m[0]), text)
    if "<" in text:
        text = _SUP.sub(lambda m: raised(m[1]), text)
        text = _INLINE.sub(" ", text)
    # Looked for before the patterns are tried: a line of nothing but brackets would cost minutes.
    if "](" in text:
        text = _NOTE_LINK.sub(r"[\1]", text)
        text = _LINK.sub(r"\1", text)
    if _CLOSES_STRONG.search(text):
        text = _STRONG.sub(lambda m: f"{BOLD_ON}{m[1] or m[2]}{BOLD_OFF}", text)
    if "*" in text or "_" in text:
        text = _EMPHASIS.sub(r"\1", text)
        text = _UNDERSCORED.sub(r"\1", text)
    return _ESCAPE.sub(r"\1", text)
