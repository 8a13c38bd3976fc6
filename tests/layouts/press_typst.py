"""Whole reports set by Typst: a typesetter that shares no code with the laboratory's others.

Typst breaks lines over whole paragraphs, hangs punctuation, sets its own footnotes, outlines,
lists and columns, and tags what it writes. Skipped where the package `typst` is absent.
"""

from __future__ import annotations

import json
import random

from .contents import Content, Piece, fact_texts
from .look import Look
from .model import Box, Item
from .press import Setting, heading, noted
from .web import COLOURS

FONTS = (
    "Libertinus Serif",
    "New Computer Modern",
    "Liberation Sans",
    "Liberation Serif",
    "DejaVu Sans",
    "Nimbus Sans",
    "P052",
    "URW Bookman",
)
_HEADS = ("plain", "plain", "rule", "bar", "colour", "caps", "small", "number")
_BOXES = ("frame", "fill", "bar", "round", "titled", "float")
_TABLES = ("grid", "rows", "zebra", "bare", "outer")


def print_typst(content: Content, look: Look, setting: Setting) -> bytes:
    """Set a report; every choice that `look` does not make is drawn from its seed."""
    import typst

    source = _Sheet(content, look, setting).source()
    return bytes(typst.compile(source.encode()))


def _said(text: str) -> str:
    """Text as code, so that nothing in it is taken for markup."""
    return f"#{json.dumps(text, ensure_ascii=False)}"


class _Sheet:
    def __init__(self, content: Content, look: Look, setting: Setting) -> None:
        self.content, self.look, self.setting = content, look, setting
        rng = self.rng = random.Random(look.seed * 613 + 1)
        self.font = rng.choice(FONTS)
        self.heads = rng.choice(_HEADS)
        self.boxes = rng.choice(_BOXES)
        self.tables = rng.choice(_TABLES)
        self.foot = rng.choice(["1", "1 / 1", "— 1 —", "", "Page 1"])
        self.raised = rng.random() < 0.5  # marks of notes as raised figures or letters
        self.out: list[str] = []
        self.columns = False

    def source(self) -> str:
        """The whole report as Typst markup."""
        self.out += self.rules()
        covers = [p for p in self.content.pieces if p.kind == "cover"]
        self.out += [f"#text(size: 1.8em, weight: 700)[{_said(p.text)}]\n" for p in covers]
        self.out.append("#pagebreak()")
        if self.look.contents != "none":
            fill = "repeat[.]" if self.look.contents == "leaders" else "none"
            self.out.append(f"#[#set outline.entry(fill: {fill})")
            self.out.append(f"#outline(depth: {self.rng.choice([1, 2])})]\n#pagebreak(weak: true)")
        body = [p for p in self.content.pieces if p.kind != "cover"]
        for before, piece in zip([None, *body], body, strict=False):
            if piece.kind != "item" or before is None or before.kind != "item":
                self.out.append("")
            self.add(piece)
        self.end_columns()
        return "\n".join(self.out)

    def rules(self) -> list[str]:
        look, rng = self.look, self.rng
        top, right, bottom, left = look.margins
        sides = (
            f"inside: {max(left, right)}pt, outside: {min(left, right)}pt"
            if look.mirrored
            else f"left: {left}pt, right: {right}pt"
        )
        wanted = self.content.wanted
        running = {"": "none", "chapter": "context _chapter()"}.get(
            look.running_head, f"[{_said(f'An inspection of {wanted.unit}')}]"
        )
        number = f'"{self.foot}"' if self.foot else "none"
        if self.foot == "Page 1":  # in a pattern its letters would count as well
            number = '(..n) => "Page " + str(n.pos().first())'
        leading = max(0.35, look.leading - 0.72)
        marker = look.glyph if look.glyph not in ("*", "-") else f"#{json.dumps(look.glyph)}"
        made = [
            "#let _chapter() = { let seen = query(heading.where(level: 1).before(here()));"
            " if seen.len() > 0 { emph(seen.last().body) } }",
            f"#set page(width: {look.page[0]}pt, height: {look.page[1]}pt, margin: "
            f"(top: {top}pt, bottom: {bottom}pt, {sides}), header: {running}, numbering: {number},"
            f" number-align: {rng.choice(['center', 'right', 'left'])})",
            f'#set text(font: "{self.font}", size: {look.size}pt, lang: "en", region: "GB",'
            f" hyphenate: {str(look.hyphenate).lower()})",
            f"#set par(leading: {leading:.2f}em, spacing: {leading * 12 + look.gap:.1f}pt,"
            f" justify: {str(look.justify).lower()}, first-line-indent: {look.first_line}pt)",
            f"#set list(marker: ([{marker}], [{look.nested_glyph}]), indent: {look.indent}pt,"
            f" body-indent: {max(4, look.hang / 2):.1f}pt,"
            f" spacing: {leading * 12 + look.item_gap:.1f}pt)",
            f"#set enum(body-indent: {max(4, look.hang / 2):.1f}pt)",
            f'#set footnote(numbering: "{"1" if self.raised else rng.choice(["1", "*", "a"])}")',
        ]
        for level, scale in ((1, look.heading_scale**2), (2, look.heading_scale), (3, 1.0)):
            made.append(self.heading_rule(level, scale))
        weight = "bold" if look.body_heads else rng.choice(["semibold", "bold"])
        size = 1.0 if look.body_heads else max(1.05, look.heading_scale**0.5)
        made.append(
            f'#show heading.where(level: 4): set text(size: {look.size * size:.1f}pt, weight: "{weight}")'
        )
        return made

    def heading_rule(self, level: int, scale: float) -> str:
        size = f"{self.look.size * max(scale, 1.0):.1f}pt"
        chosen = f"#show heading.where(level: {level}): set text(size: {size})"
        shown = {
            "rule": "it => block(width: 100%, stroke: (bottom: 0.7pt), inset: (bottom: 3pt), it)",
            "bar": "it => block(width: 100%, fill: rgb(20, 60, 90), inset: 5pt,"
            " text(fill: white, it))",
            "colour": "set text(fill: rgb(120, 20, 90))",
            "caps": "it => upper(it)",
            "small": 'set text(weight: "regular", style: "italic")',
        }.get(self.heads)
        where = f"#show heading.where(level: {level}): "
        if shown is not None and level < 3:
            chosen += f"\n{where}{shown}"
        if level == 1 and self.look.break_chapters:
            chosen += f"\n{where}it => {{ pagebreak(weak: true); it }}"
        return chosen

    def add(self, piece: Piece) -> None:
        kind = piece.kind
        if kind in ("h1", "h2", "h3", "mark"):
            self.head(piece)
        elif kind == "item" and piece.item is not None:
            self.item(piece.item)
        elif kind == "numbered":
            self.out.append(f"#enum(start: {piece.number}, [{_said(piece.text)}])")
        elif kind == "p":
            self.out.append(
                "".join(
                    _said(part) + (f"#footnote[{_said(piece.note)}]" if call else "")
                    for part, call in noted(piece)
                    if part
                )
            )
        elif kind == "quote":
            self.out.append(f"#quote(block: true)[{_said(piece.text)}]")
        elif kind == "strong":
            self.out.append(f"#strong[{_said(piece.text)}]")
        elif kind == "facts":
            self.out += [
                f"#strong[{_said(text)}]\n"
                for text in fact_texts(piece.rows[0], self.setting.facts)
            ]
        elif kind == "addressee":
            said = _said(piece.text)
            how = {"h": f"#heading(level: 3)[{said}]", "strong": f"#strong[{said}]"}
            self.out.append(how.get(self.setting.addressee, said))
        elif kind == "banner":
            self.banner(piece)
        elif kind == "ratings":
            self.ratings(piece)
        elif kind in ("questions", "context"):
            self.table(piece.rows, (7, 3) if kind == "questions" else (1, 3), kind == "questions")
        elif kind == "box" and piece.box is not None:
            self.box(piece.box)

    def head(self, piece: Piece) -> None:
        level = {"h1": 1, "h2": 2, "h3": 3, "mark": 4}[piece.kind]
        if level == 1:
            self.end_columns()
        self.out.append(f"#heading(level: {level})[{_said(heading(piece, self.setting))}]")
        if level == 1 and piece.text[0].isdigit() and self.look.columns == 2:
            self.out.append(f"#columns(2, gutter: {self.look.gutter}pt)[")
            self.columns = True

    def end_columns(self) -> None:
        if self.columns:
            self.out.append("]")
            self.columns = False

    def item(self, item: Item) -> None:
        before, rest = item.around_call()
        text = _said(before) + (f"#footnote[{_said(item.note)}]" if item.note else "")
        text += f" {_said(rest)}" if rest else ""
        if self.look.inside:
            self.out.append(f"#par(first-line-indent: 0pt)[{_said(self.look.glyph)} {text}]")
            inner = "\n".join(f"- {_said(nested)}" for nested in item.nested)
            if inner:
                self.out.append(f"#[#set list(marker: [{self.look.nested_glyph}])\n{inner}]")
        else:
            self.out.append(f"- {text}")
            self.out += [f"  - {_said(nested)}" for nested in item.nested]
        a, b = self.look.quote_marks
        self.out += [f"\n#quote(block: true)[{_said(a + q + b)}]\n" for q in item.quotes]

    def banner(self, piece: Piece) -> None:
        rating, how = piece.rows[0][0], self.setting.banner
        text, colour = _said(piece.text), COLOURS.get(rating, "#cccccc")
        if how == "table":
            self.out.append(
                f"#table(columns: (2fr, 1fr), [{text}],"
                f' table.cell(fill: rgb("{_long(colour)}"))[{_said(rating)}])'
            )
        elif how == "bold":
            self.out.append(f"{text} #strong[{_said(rating)}]")
        elif how == "heading":
            self.out.append(f"{text}\n\n#heading(level: 4)[{_said(rating)}]")
        elif how == "lines":
            self.out.append(f"{text}\n\n{_said(rating)}")
        else:
            self.out.append(
                f"{text}\n\n#block(width: 100%, inset: 4pt, stroke: 1pt,"
                f' fill: rgb("{_long(colour)}"))[#strong[{_said(rating)}]]'
            )

    def ratings(self, piece: Piece) -> None:
        how = self.setting.ratings
        if how == "columns":
            self.table(piece.rows, (1, 5, 4), head=False)
        elif how == "pairs":
            rows = [(f"{code} {title}", rating) for code, title, rating in piece.rows]
            self.table(rows, (6, 4), head=False)
        else:
            between = "\n\n" if how == "lines" else " "
            self.out += [
                f"{_said(f'{code} {title}')}{between}#strong[{_said(rating)}]\n"
                for code, title, rating in piece.rows
            ]

    def table(self, rows: list[tuple[str, ...]], widths: tuple[int, ...], head: bool) -> None:
        how = {
            "grid": "stroke: 0.5pt",
            "rows": "stroke: (x, y) => (bottom: 0.5pt)",
            "zebra": "stroke: none, fill: (x, y) => if calc.odd(y) { luma(235) }",
            "bare": "stroke: none",
            "outer": "stroke: (x, y) => if y == 0 { (bottom: 1pt) }",
        }[self.tables]
        cells = [", ".join(f"[{_said(str(cell))}]" for cell in row) for row in rows]
        if head and cells:
            cells[0] = f"table.header({cells[0]})"
        width = ", ".join(f"{share}fr" for share in widths)
        align = "left" if not head else "(x, y) => if x == 0 { left } else { right }"
        self.out.append(
            f"#table(columns: ({width}), align: {align}, {how}, inset: 5pt, {', '.join(cells)})"
        )

    def box(self, box: Box) -> None:
        style = {
            "frame": "stroke: 0.8pt, inset: 8pt",
            "fill": "fill: luma(230), inset: 8pt",
            "bar": "stroke: (left: 3pt + rgb(20, 90, 60)), inset: (left: 10pt, rest: 4pt)",
            "round": "stroke: 1pt, radius: 6pt, inset: 9pt",
            "titled": "stroke: 0.8pt, inset: 8pt",
            "float": "fill: rgb(225, 235, 245), stroke: 0.4pt, inset: 8pt",
        }[self.boxes]
        title = f"#strong[{_said(box.title)}]"
        if self.boxes == "titled":
            title = f"#block(width: 100%, fill: luma(60), inset: 4pt, text(fill: white)[{title}])"
        parts = [
            title,
            *map(_said, box.paragraphs),
            "\n".join(f"- {_said(b)}" for b in box.bullets),
        ]
        inside = "\n\n".join(part for part in parts if part)
        made = f"block(width: 100%, breakable: {str(self.rng.random() < 0.5).lower()}, {style})[\n{inside}\n]"
        if self.boxes == "float" and not self.columns:
            made = f"place(auto, float: true, {made})"
        self.out.append(f"#{made}")


def _long(colour: str) -> str:
    return "#" + "".join(c * 2 for c in colour[1:]) if len(colour) == 4 else colour
