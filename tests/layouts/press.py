"""A report's content as HTML with paged CSS, and as a Word file set by LibreOffice."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from types import SimpleNamespace

from .contents import Content, Piece, fact_texts
from .look import Look
from .model import Report
from .programs import chromium_pdf, libreoffice_pdf
from .web import COLOURS, box_html, css, esc, item_html

SOFT = "\u00ad"


@dataclass
class Setting:
    """What the content itself may look like, beside its `Look`."""

    number: str  # "1.1.", "1.1", "1.1:"
    colon: bool
    back: bool  # every heading ends "(Back to top)"
    banner: str  # table, bold, lines, box, heading
    ratings: str  # columns, pairs, lines, paragraphs
    facts: str  # line, lines, colon
    addressee: str  # p, strong, h
    soft: bool  # soft hyphens in long words
    wording: tuple[str, str]
    browser_foot: bool  # the browser's own head and foot on each page


def draw_setting(seed: int, look: Look) -> Setting:
    rng = random.Random(seed * 31 + 7)
    return Setting(
        number=rng.choice(["1.1.", "1.1.", "1.1"]),
        colon=look.colon,
        back=look.producer in ("weasyprint", "chromium") and rng.random() < 0.15,
        banner=rng.choice(["table", "table", "bold", "lines", "box", "heading"]),
        ratings=rng.choice(["columns", "columns", "pairs", "lines", "paragraphs"]),
        facts=rng.choice(["line", "line", "lines", "colon"]),
        addressee=rng.choice(["p", "strong", "h"]),
        soft=look.producer in ("weasyprint", "chromium") and rng.random() < 0.12,
        wording=("Strengths", "Areas for improvement"),
        browser_foot=look.producer == "chromium" and rng.random() < 0.4,
    )


def stub(content: Content) -> Report:
    """Give the laboratory's producers what running heads need."""
    wanted = content.wanted
    year = int(wanted.published[:4])
    return Report(wanted.unit, wanted.region, year, wanted.score, wanted.overall, [], [], [], [])


def heading(piece: Piece, setting: Setting) -> str:
    text = piece.text
    if piece.kind == "h2":
        code = piece.rows[0][0]
        text = f"{code}{'.' if setting.number == '1.1.' else ''} {text}"
    if piece.kind == "mark" and setting.colon:
        text += ":"
    return text + (" (Back to top)" if setting.back else "")


def noted(piece: Piece) -> list[tuple[str, bool]]:
    """Split a paragraph at its footnote's call: text, and whether the call follows."""
    parts = re.split("[¹²³⁴⁵⁶⁷⁸⁹]", piece.text)
    return [(part, index + 1 < len(parts)) for index, part in enumerate(parts)]


# --- HTML


def softened(text: str, rng: random.Random) -> str:
    def soft(match: re.Match) -> str:
        word = match[0]
        return word[:4] + SOFT + word[4:] if rng.random() < 0.5 else word

    return re.sub(r"[a-z]{8,}", soft, text)


class _Page:
    def __init__(self, content: Content, look: Look, setting: Setting) -> None:
        self.content, self.look, self.setting = content, look, setting
        self.rng = random.Random(look.seed + 5)
        self.out: list[str] = []
        self.open = ""
        self.cols = False

    def close(self) -> None:
        if self.open:
            self.out.append(f"</{self.open}>")
            self.open = ""

    def note(self, text: str) -> str:
        if self.look.producer != "weasyprint":
            return ""
        return f'<span class="fn">{esc(text)}</span>'

    def add(self, piece: Piece) -> None:
        look, setting = self.look, self.setting
        if piece.kind == "item":
            if self.open != "ul":
                self.close()
                self.out.append('<ul class="f">')
                self.open = "ul"
            self.out.append(item_html(piece.item, look))
            if piece.item.quotes:
                self.close()
            a, b = look.quote_marks
            self.out += [f'<p class="quote">{a}{esc(q)}{b}</p>' for q in piece.item.quotes]
            return
        if piece.kind == "numbered":
            if self.open != "ol":
                self.close()
                self.out.append(f'<ol class="recs" start="{piece.number}">')
                self.open = "ol"
            self.out.append(f"<li>{esc(piece.text)}</li>")
            return
        self.close()
        if piece.kind in ("h1", "h2", "h3", "mark"):
            tag = "h4" if piece.kind == "mark" else piece.kind
            chapter = piece.kind == "h1" and piece.text[0].isdigit()
            if piece.kind == "h1" and self.cols:
                self.out.append("</div>")
                self.cols = False
            self.out.append(f"<{tag}>{esc(heading(piece, setting))}</{tag}>")
            if chapter:
                self.out.append('<div class="cols">')
                self.cols = True
        elif piece.kind == "p":
            text = "".join(
                esc(part) + (self.note(piece.note) if call else "") for part, call in noted(piece)
            )
            self.out.append(f"<p>{text}</p>")
        elif piece.kind == "quote":
            self.out.append(f'<p class="quote">{esc(piece.text)}</p>')
        elif piece.kind == "strong":
            self.out.append(f'<p class="score">{esc(piece.text)}</p>')
        elif piece.kind == "facts":
            self.out += [
                f'<p class="score">{esc(t)}</p>' for t in fact_texts(piece.rows[0], setting.facts)
            ]
        elif piece.kind == "addressee":
            self.addressee(piece.text)
        elif piece.kind == "banner":
            self.banner(piece)
        elif piece.kind == "ratings":
            self.ratings(piece)
        elif piece.kind in ("questions", "context"):
            self.table(piece)
        elif piece.kind == "box":
            self.out.append(box_html(SimpleNamespace(box=piece.box)))

    def addressee(self, text: str) -> None:
        kind = self.setting.addressee
        if kind == "h":
            self.out.append(f"<h3>{esc(text)}</h3>")
        else:
            text = f"<b>{esc(text)}</b>" if kind == "strong" else esc(text)
            self.out.append(f'<p style="text-indent:0">{text}</p>')

    def banner(self, piece: Piece) -> None:
        rating = piece.rows[0][0]
        colour = COLOURS.get(rating, "#ccc")
        kind, text = self.setting.banner, esc(piece.text)
        if kind == "table":
            self.out.append(
                f'<table class="banner"><tr><td>{text}</td>'
                f'<td class="r" style="background:{colour}">{rating}</td></tr></table>'
            )
        elif kind == "bold":
            self.out.append(f"<p>{text} <b>{rating}</b></p>")
        elif kind == "lines":
            self.out.append(f"<p>{text}</p><p>{rating}</p>")
        elif kind == "heading":
            self.out.append(f"<p>{text}</p><h4>{rating}</h4>")
        else:
            self.out.append(
                f'<p style="text-indent:0">{text}</p><p style="text-indent:0;border:1pt solid '
                f'#333;background:{colour};padding:4pt"><b>{rating}</b></p>'
            )

    def ratings(self, piece: Piece) -> None:
        kind = self.setting.ratings
        fill = self.look.table_style == "ruled"
        rows = []
        for code, title, rating in piece.rows:
            colour = f' style="background:{COLOURS.get(rating, "#ccc")}"' if fill else ""
            if kind == "columns":
                rows.append(
                    f'<tr><td style="width:10%">{code}</td><td>{esc(title)}</td><td{colour}>{rating}</td></tr>'
                )
            elif kind == "pairs":
                rows.append(f"<tr><td>{code} {esc(title)}</td><td{colour}>{rating}</td></tr>")
            elif kind == "lines":
                self.out.append(
                    f'<p style="text-indent:0">{code} {esc(title)}</p><p style="text-indent:0"><b>{rating}</b></p>'
                )
            else:
                self.out.append(f'<p style="text-indent:0">{code} {esc(title)} <b>{rating}</b></p>')
        if rows:
            self.out.append(f"<table>{''.join(rows)}</table>")

    def table(self, piece: Piece) -> None:
        rows = []
        for index, row in enumerate(piece.rows):
            tag = "th" if index == 0 and piece.kind == "questions" else "td"
            cells = "".join(
                f"<{tag}{'' if n == 0 or tag == 'th' or piece.kind != 'questions' else ' class=pc'}>{esc(c)}</{tag}>"
                for n, c in enumerate(row)
            )
            rows.append(f"<tr>{cells}</tr>")
        self.out.append(f"<table>{''.join(rows)}</table>")

    def html(self) -> str:
        cover = [p for p in self.content.pieces if p.kind == "cover"]
        body = [p for p in self.content.pieces if p.kind != "cover"]
        self.out.append(
            '<div class="cover">' + "".join(f"<p>{esc(p.text)}</p>" for p in cover) + "</div>"
        )
        heads = [p.text for p in body if p.kind == "h1"]
        if self.look.contents != "none":
            rows = "".join(
                f'<p><a data-p="{3 + i}">{esc(e)}'
                f"{f'<b>{3 + i}</b>' if self.look.contents == 'tab' else ''}</a></p>"
                for i, e in enumerate(heads)
            )
            self.out.append(f'<h1>Contents</h1><div class="toc {self.look.contents}">{rows}</div>')
        for piece in body:
            self.add(piece)
        self.close()
        if self.cols:
            self.out.append("</div>")
        text = "".join(self.out)
        if self.setting.soft:
            text = re.sub(r">[^<]+<", lambda m: softened(m[0], self.rng), text)
        style = css(stub(self.content), self.look, self.rng)
        return (
            f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
            f"<title>{esc(self.content.wanted.unit)}</title><style>{style}</style></head>"
            f"<body>{text}</body></html>"
        )


def page_html(content: Content, look: Look, setting: Setting) -> str:
    return _Page(content, look, setting).html()


def print_weasyprint(content: Content, look: Look, setting: Setting) -> bytes:
    from weasyprint import HTML

    options = {"pdf_tags": True} if look.tagged else {}
    return bytes(HTML(string=page_html(content, look, setting)).write_pdf(**options))


def print_chromium(content: Content, look: Look, setting: Setting) -> bytes:
    return chromium_pdf(page_html(content, look, setting), foot=setting.browser_foot)


# --- Word file, LibreOffice


def print_libreoffice(content: Content, look: Look, setting: Setting) -> bytes:
    from .press_office import write_word

    return libreoffice_pdf(
        lambda path: write_word(content, look, setting, path), tagged=look.tagged
    )
