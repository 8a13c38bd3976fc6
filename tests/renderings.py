"""Write one report in many forms, so that each form must give the same findings.

A rendering takes the blocks of a document that is read right (checked against labels elsewhere)
and writes them as other people and programs would: wrapped, as Markdown, as web pages of several
makes, with page furniture in the way.
"""

from __future__ import annotations

import html
import random
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pipelines.frameworks import load_registry
from pipelines.records import Block, BlockKind, Document
from pipelines.segment.headings import Landmark, LandmarkKind, read_landmark

_LEVELS = {
    LandmarkKind.SECTION: 2,
    LandmarkKind.GROUP: 2,
    LandmarkKind.STANDARD: 3,
    LandmarkKind.SUBSECTION: 4,
    LandmarkKind.ADDRESSEE: 3,
    LandmarkKind.POLARITY: 5,
}


@dataclass(frozen=True)
class Part:
    """A block and its landmark."""

    block: Block
    landmark: Landmark | None

    @property
    def text(self) -> str:
        block = self.block
        number = block.kind is BlockKind.NUMBERED and self.landmark is not None
        return f"{block.marker} {block.text}" if number else block.text

    @property
    def level(self) -> int:
        return _LEVELS.get(self.landmark.kind, 0) if self.landmark else 0

    @property
    def is_bullet(self) -> bool:
        return self.block.kind is BlockKind.BULLET

    @property
    def is_item(self) -> bool:
        return self.block.kind is BlockKind.NUMBERED and self.landmark is None


def parts_of(document: Document) -> list[Part]:
    registry = load_registry()
    parts = [Part(b, read_landmark(b, registry)) for b in document.blocks]
    # Contents and boxes have forms of their own: no rendering here draws them.
    return [p for p in parts if p.block.kind is not BlockKind.CONTENTS and not p.block.boxed]


# Plain text


def plain(parts: Sequence[Part], *, bullet: str = "- ", colon: bool | None = None) -> str:
    return "\n\n".join(_paragraph(p, bullet, colon) for p in parts) + "\n"


def _paragraph(part: Part, bullet: str, colon: bool | None) -> str:
    if part.is_bullet:
        return bullet + part.text
    if part.is_item:
        return f"{part.block.marker} {part.text}"
    if part.landmark and part.landmark.kind is LandmarkKind.POLARITY and colon is not None:
        return part.text.rstrip(":") + ":" * colon
    if part.block.kind is BlockKind.FOOTNOTE:
        return f"[1] {part.text}"
    return part.text


def tight(parts: Sequence[Part]) -> str:
    """No blank line but above headings; bullets with a tab."""
    lines = []
    for part in parts:
        if part.level in {2, 3}:
            lines.append("")
        lines.append(_paragraph(part, "•\t", None))
    return "\n".join(lines)


def lone_glyphs(parts: Sequence[Part]) -> str:
    return plain(parts, bullet="•\n")


def wrapped(parts: Sequence[Part], *, width: int, bullet: str, hanging: bool) -> str:
    return "\n\n".join("\n".join(_lines(p, width, bullet, hanging=hanging)) for p in parts)


def _lines(part: Part, width: int, bullet: str, *, hanging: bool) -> list[str]:
    if part.block.kind is BlockKind.TABLE or not part.text:
        return part.text.split("\n")
    text = _paragraph(part, bullet, None)
    head = len(bullet) if part.is_bullet else len(part.block.marker) + 1 if part.is_item else 0
    indent = " " * head if hanging else ""
    return textwrap.wrap(
        text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=True
    )


def paged(parts: Sequence[Part], *, width: int, feed: bool, seed: int) -> str:
    """Wrapped, with a running head and a page number wherever a page is full."""
    rng = random.Random(seed)
    pages: list[list[str]] = [[]]
    room = 40
    for part in parts:
        for line in [*_lines(part, width, "• ", hanging=True), ""]:
            if len(pages[-1]) >= room:
                pages.append([])
                room = rng.randint(30, 46)
            pages[-1].append(line)
    out = []
    for number, lines in enumerate(pages, start=1):
        foot = [f"Inspection of probation services: a report            {number}"]
        if not feed:
            foot = ["Inspection of probation services: a report", "", str(number)]
        out.append("\n".join([*lines, "", *foot]))
    return ("\n\f" if feed else "\n\n").join(out)


def upper(parts: Sequence[Part]) -> str:
    shouted = {2, 3, 4, 5}
    return "\n\n".join(
        _paragraph(p, "* ", None).upper()
        if p.level in shouted and p.landmark and p.landmark.kind is not LandmarkKind.ADDRESSEE
        else _paragraph(p, "* ", None)
        for p in parts
    )


def back_to_top(parts: Sequence[Part]) -> str:
    """A copy of a web page as text: every heading marked, bullets indented."""
    lines = []
    for part in parts:
        text = _paragraph(part, "  • ", False)
        lines.append(f"{text} (Back to top)" if part.level else text)
    return "\n\n".join(lines)


def fallen_tables(parts: Sequence[Part]) -> str:
    """Tables fallen apart into lines, as when text is copied from a PDF."""
    out = []
    for part in parts:
        if part.block.rows:
            out += [cell for row in part.block.rows for cell in row if cell]
        else:
            out.append(_paragraph(part, "- ", None))
    return "\n\n".join(out)


# Markdown


def markdown(parts: Sequence[Part]) -> str:
    out = []
    for part in parts:
        block = part.block
        if part.level:
            out.append(f"{'#' * min(part.level, 6)} {part.text}")
        elif part.is_bullet:
            out.append(f"* {block.text}")
        elif part.is_item:
            out.append(f"{block.marker} {block.text}")
        elif block.rows:
            width = max(len(r) for r in block.rows)
            rows = [f"| {' | '.join((*r, *[''] * (width - len(r))))} |" for r in block.rows]
            out.append("\n".join([rows[0], f"|{'---|' * width}", *rows[1:]]))
        elif block.kind is BlockKind.QUOTE:
            out.append(f"> {block.text}")
        elif block.kind is BlockKind.FOOTNOTE:
            out.append(f"[^1]: {block.text}")
        else:
            out.append(block.text)
    return "\n\n".join(out)


def bold_markdown(parts: Sequence[Part]) -> str:
    return "\n\n".join(f"**{p.text}**" if p.level else _paragraph(p, "- ", None) for p in parts)


# Web pages


def page(parts: Sequence[Part], *, polarity: Callable[[str], str] | None = None) -> str:
    """Headings by level, lists, tables, block quotations, notes at the end."""
    body = "\n".join(_elements(parts, polarity or (lambda t: f"<h5>{t}</h5>")))
    return (
        f"<!doctype html><html><head><title>x</title></head><body><main>{body}</main></body></html>"
    )


def strong_page(parts: Sequence[Part]) -> str:
    return page(parts, polarity=lambda t: f"<p><strong>{t}</strong></p>")


def furnished_page(parts: Sequence[Part]) -> str:
    """Cookie banner, skip link, navigation, contents, hidden text, links to the top."""
    back = ' <a href="#top">(Back to top)</a>'
    body = "\n".join(
        line.replace("</h", f"{back}</h") if line.startswith("<h") else line
        for line in _elements(parts, lambda t: f"<h5>{t}</h5>")
    )
    links = "".join(
        f'<li><a href="#s{i}">{html.escape(p.text)}</a></li>'
        for i, p in enumerate(parts)
        if p.level in {2, 3}
    )
    return (
        "<html><body><div id='cookie-banner'><h2>Strengths of cookies</h2><p>Are you OK?</p></div>"
        "<a class='skip-link' href='#main'>Skip to content</a>"
        "<nav><ul><li>Strengths</li><li>Home</li></ul></nav>"
        f"<h2>Contents</h2><ul>{links}</ul>"
        f"{body}<p hidden>Not to be seen.</p><div style='display: none'>Nor this.</div>"
        "<script>var strengths = '<h5>Strengths</h5>';</script>"
        "<footer role='contentinfo'><ul><li>Accessibility</li></ul></footer></body></html>"
    )


def accordion_page(parts: Sequence[Part]) -> str:
    """Each standard in a panel that a button opens; panels are hidden until then."""
    out, opened = [], 0
    for part, lines in _grouped(parts):
        if part is not None and part.level in {2, 3}:
            out.append("</div>" if opened else "")
            opened += 1
            out.append(
                f'<h3><button aria-controls="panel{opened}" aria-expanded="false">'
                f'{html.escape(part.text)}</button></h3><div id="panel{opened}" hidden>'
            )
        elif part is not None:
            out.append(f"<h{part.level}>{html.escape(part.text)}</h{part.level}>")
        out += lines
    return f"<html><body>{''.join(out)}</div></body></html>"


def details_page(parts: Sequence[Part]) -> str:
    out, opened = [], False
    for part, lines in _grouped(parts):
        if part is not None and part.level in {2, 3}:
            out.append("</details>" if opened else "")
            out.append(f"<details><summary>{html.escape(part.text)}</summary>")
            opened = True
        elif part is not None:
            out.append(f"<h{part.level}>{html.escape(part.text)}</h{part.level}>")
        out += lines
    return f"<html><body>{''.join(out)}</details></body></html>"


def word_page(parts: Sequence[Part]) -> str:
    """As a word processor saves it: paragraphs only, glyphs as text, bold for headings."""
    out = []
    for part in parts:
        block, text = part.block, html.escape(part.text)
        if part.level:
            out.append(f"<p class=MsoNormal><b><span lang=EN-GB>{text}</span></b></p>")
        elif part.is_bullet:
            out.append(
                "<p class=MsoListParagraph><span style='mso-list:Ignore'>·<span>&nbsp;&nbsp; "
                f"</span></span>{text}</p>"
            )
        elif part.is_item:
            out.append(f"<p class=MsoListParagraph>{part.block.marker}&nbsp; {text}</p>")
        elif part.block.rows:
            out.append(_table(part.block))
        elif block.kind is BlockKind.FOOTNOTE:
            call = "<a href='#_ftnref1' name='_ftn1'><span>[1]</span></a>"
            out.append(f"<div id=ftn1><p class=MsoFootnoteText>{call} {text}</p></div>")
        else:
            out.append(f"<p class=MsoNormal>{text}</p>")
    return f"<html xmlns:o='urn:x'><body><div class=WordSection1>{''.join(out)}</div></body></html>"


def bare_page(parts: Sequence[Part]) -> str:
    """Bullets as plain paragraphs."""
    out = []
    listed = False
    for line in _elements(parts, lambda t: f"<h5>{t}</h5>"):
        listed = line == "<ul>" or (listed and line != "</ul>")
        if line not in {"<ul>", "</ul>"}:
            out.append(f"<p>{line[4:-5]}</p>" if listed else line)
    return f"<html><body>{''.join(out)}</body></html>"


def div_page(parts: Sequence[Part]) -> str:
    """Nothing but div and span, two levels around each."""
    out = []
    for part in parts:
        text = html.escape(_paragraph(part, "• ", None))
        bold = "font-weight: bold" if part.level else ""
        body = _table(part.block) if part.block.rows else f"<span style='{bold}'>{text}</span>"
        out.append(f"<div><div>{body}</div></div>")
    return f"<div class='page'>{''.join(out)}</div>"


def _elements(parts: Sequence[Part], polarity: Callable[[str], str]) -> Iterator[str]:
    for part, lines in _grouped(parts):
        if part is not None and part.level == 5:
            yield polarity(html.escape(part.text))
        elif part is not None and part.level:
            yield f"<h{part.level}>{html.escape(part.text)}</h{part.level}>"
        yield from lines


def _grouped(parts: Sequence[Part]) -> Iterator[tuple[Part | None, list[str]]]:
    """Headings with the elements below them; runs of bullets in one list."""
    heading: Part | None = None
    lines: list[str] = []
    open_list = ""
    for part in parts:
        block = part.block
        wanted = "ul" if part.is_bullet else "ol" if part.is_item else ""
        if open_list and wanted != open_list:
            lines.append(f"</{open_list}>")
            open_list = ""
        if part.level:
            yield heading, lines
            heading, lines = part, []
            continue
        text = html.escape(block.text)
        if wanted:
            if not open_list:
                start = f' start="{block.marker.rstrip(".")}"' if wanted == "ol" else ""
                lines.append(f"<{wanted}{start}>")
                open_list = wanted
            lines.append(f"<li>{text}</li>")
        elif block.rows:
            lines.append(_table(block))
        elif block.kind is BlockKind.QUOTE:
            lines.append(f"<blockquote><p>{text}</p></blockquote>")
        elif block.kind is BlockKind.FOOTNOTE:
            lines.append(f'<p class="footnote"><a href="#fnref1">[1]</a> {text}</p>')
        else:
            lines.append(f"<p>{text}</p>")
    if open_list:
        lines.append(f"</{open_list}>")
    yield heading, lines


def _table(block: Block) -> str:
    rows = "".join(
        f"<tr>{''.join(f'<td>{html.escape(c)}</td>' for c in row)}</tr>" for row in block.rows
    )
    return f"<table><tbody>{rows}</tbody></table>"


TEXT_FORMS: dict[str, Callable[[Sequence[Part]], str]] = {
    "plain": plain,
    "bullets with a dot": lambda p: plain(p, bullet="• "),
    "bullets glued to the text": lambda p: plain(p, bullet="•"),
    "bullets with an en dash, no colon": lambda p: plain(p, bullet="– ", colon=False),
    "bullets with a letter o": lambda p: plain(p, bullet="o   "),
    "bullets of a symbol font": lambda p: plain(p, bullet="\uf0b7\t"),
    "bullets indented": lambda p: plain(p, bullet="    -   ", colon=True),
    "glyph on its own line": lone_glyphs,
    "no blank lines": tight,
    "windows line ends": lambda p: plain(p).replace("\n", "\r\n"),
    "no-break spaces": lambda p: plain(p).replace(" per cent", "\u00a0per cent"),
    "wrapped at 80, hanging": lambda p: wrapped(p, width=80, bullet="- ", hanging=True),
    "wrapped at 72, flush": lambda p: wrapped(p, width=72, bullet="• ", hanging=False),
    "wrapped at 60, dashes": lambda p: wrapped(p, width=60, bullet="- ", hanging=False),
    "wrapped at 110": lambda p: wrapped(p, width=110, bullet="* ", hanging=True),
    "pages with form feeds": lambda p: paged(p, width=84, feed=True, seed=1),
    "pages with numbers": lambda p: paged(p, width=96, feed=False, seed=2),
    "upper-case headings": upper,
    "copied from a web page": back_to_top,
    "tables fallen apart": fallen_tables,
    "markdown": markdown,
    "bold markdown": bold_markdown,
}
PAGE_FORMS: dict[str, Callable[[Sequence[Part]], str]] = {
    "headings": page,
    "strong paragraphs": strong_page,
    "furniture": furnished_page,
    "accordion": accordion_page,
    "details": details_page,
    "word processor": word_page,
    "bare paragraphs": bare_page,
    "divs": div_page,
}
