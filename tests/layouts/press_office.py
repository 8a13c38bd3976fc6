"""A report's content as a Word file, with the laboratory's own writer of lists, notes and boxes."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt

from .contents import Content, Piece, fact_texts
from .look import Look
from .office import _Writer
from .press import Setting, heading, noted, stub
from .web import COLOURS


def write_word(content: Content, look: Look, setting: Setting, path: Path) -> None:
    writer = _Press(content, look, setting)
    writer.write()
    writer.doc.save(str(path))


class _Press(_Writer):
    def __init__(self, content: Content, look: Look, setting: Setting) -> None:
        super().__init__(stub(content), look)
        self.content, self.setting = content, setting

    def write(self) -> None:
        pieces = self.content.pieces
        for piece in pieces:
            if piece.kind == "cover":
                run = self.doc.add_paragraph().add_run(piece.text)
                run.bold, run.font.size = True, Pt(self.look.size * 1.8)
        self.doc.add_page_break()
        if self.look.contents != "none":
            self.contents([p.text for p in pieces if p.kind == "h1"])
        for piece in pieces:
            if piece.kind != "cover":
                self.add(piece)
        self._save_notes()

    def contents(self, heads: list[str]) -> None:
        look = self.look
        self.doc.add_heading("Contents", 1)
        for index, text in enumerate(heads):
            p = self.doc.add_paragraph(f"{text}\t{index + 3}")
            leader = "dot" if look.contents == "leaders" else "none"
            width = round((look.page[0] - look.margins[1] - look.margins[3]) * 20)
            p._p.get_or_add_pPr().append(
                parse_xml(
                    f'<w:tabs {nsdecls("w")}><w:tab w:val="right" w:leader="{leader}" '
                    f'w:pos="{width}"/></w:tabs>'
                )
            )

    def add(self, piece: Piece) -> None:
        look, setting = self.look, self.setting
        if piece.kind == "h1":
            self.columns_end()
            made = self.doc.add_heading(heading(piece, setting), 1)
            made.paragraph_format.page_break_before = look.break_chapters
            if piece.text[0].isdigit() and look.columns == 2:
                self.columns_begin()
        elif piece.kind in ("h2", "h3", "mark"):
            level = {"h2": 2, "h3": 3, "mark": 4}[piece.kind]
            self.doc.add_heading(heading(piece, setting), level)
        elif piece.kind == "p":
            made = self.paragraph("")
            for text, call in noted(piece):
                made.add_run(text)
                if call:
                    self.note(made, piece.note)
        elif piece.kind == "item":
            self.item(piece.item)
        elif piece.kind == "numbered":
            self.listed(piece.text, 91)
        elif piece.kind == "strong":
            self.paragraph(piece.text, bold=True, indent_first=False)
        elif piece.kind == "facts":
            for text in fact_texts(piece.rows[0], setting.facts):
                self.paragraph(text, bold=True, indent_first=False)
        elif piece.kind == "addressee" and setting.addressee == "h":
            self.doc.add_heading(piece.text, 3)
        elif piece.kind == "addressee":
            self.paragraph(piece.text, bold=setting.addressee == "strong", indent_first=False)
        elif piece.kind == "quote":
            self.paragraph(piece.text).paragraph_format.left_indent = Pt(24)
        elif piece.kind == "banner":
            self.banner(piece)
        elif piece.kind == "ratings":
            self.ratings(piece)
        elif piece.kind == "questions":
            self.table([list(r) for r in piece.rows], [0.7, 0.3], bold_first=True)
        elif piece.kind == "context":
            self.table([list(r) for r in piece.rows], [0.25, 0.75])
        elif piece.kind == "box":
            self.box(SimpleNamespace(box=piece.box))

    def banner(self, piece: Piece) -> None:
        rating, kind = piece.rows[0][0], self.setting.banner
        if kind in ("table", "box"):
            fills = [COLOURS.get(rating, "#ccc")]
            self.table([[piece.text, rating]], [0.65, 0.35], fills=fills, style="banner")
        elif kind == "bold":
            self.paragraph(piece.text, tail=rating, indent_first=False)
        else:
            self.paragraph(piece.text)
            self.paragraph(rating, bold=kind == "heading", indent_first=False)

    def ratings(self, piece: Piece) -> None:
        kind = self.setting.ratings
        fills = [COLOURS.get(row[2], "#ccc") for row in piece.rows]
        fills = fills if self.look.table_style == "ruled" else None
        if kind == "columns":
            self.table([list(row) for row in piece.rows], [0.12, 0.5, 0.38], fills=fills)
        elif kind == "pairs":
            rows = [[f"{code} {title}", rating] for code, title, rating in piece.rows]
            self.table(rows, [0.6, 0.4], fills=fills)
        else:
            for code, title, rating in piece.rows:
                if kind == "lines":
                    self.paragraph(f"{code} {title}", indent_first=False)
                    self.paragraph(rating, bold=True, indent_first=False)
                else:
                    self.paragraph(f"{code} {title}", tail=rating, indent_first=False)

    def columns_begin(self) -> None:
        self._columns(2)
        self.in_columns = True

    def columns_end(self) -> None:
        if self.in_columns:
            self._columns(1)
            self.in_columns = False

    def _columns(self, count: int) -> None:
        look = self.look
        section = self.doc.add_section(0)
        found = section._sectPr.xpath("./w:cols")
        columns = found[0] if found else parse_xml(f"<w:cols {nsdecls('w')}/>")
        if not found:
            section._sectPr.append(columns)
        columns.set(qn("w:num"), str(count))
        columns.set(qn("w:space"), str(round(look.gutter * 20)))
        if look.column_rule and count == 2:
            columns.set(qn("w:sep"), "1")
