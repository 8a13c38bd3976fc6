"""A report as HTML in the manner of programs: Word, Outlook, Google Docs, pandoc, a PDF viewer."""

from __future__ import annotations

import html
import random
import re
import textwrap

from tests.layouts.contents import Content, fact_texts
from tests.layouts.model import Item

from .plan import (
    Node,
    Wording,
    draw_wording,
    made_ratings,
    nodes_of,
    paragraph_parts,
)

esc = html.escape


class Program:
    """Sets nodes as a program does; subclasses say how a paragraph, a list and a table look."""

    def __init__(self, content: Content, wording: Wording, rng: random.Random) -> None:
        self.wording, self.rng = wording, rng
        self.notes: list[str] = []
        self.out: list[str] = []
        for node in nodes_of(content, wording):
            getattr(self, "set_" + node.kind)(node)

    def para(self, made: str, kind: str = "") -> str:
        raise NotImplementedError

    def head(self, level: int, made: str) -> str:
        raise NotImplementedError

    def listed(self, items: list[tuple[str, list[str]]], *, start: int = 0) -> str:
        raise NotImplementedError

    def call(self, text: str) -> str:
        raise NotImplementedError

    def bold(self, text: str) -> str:
        return f"<b>{text}</b>"

    def cell(self, made: str) -> str:
        return f"<td>{self.para(made)}</td>"

    def rows(self, rows: list[tuple[str, ...]]) -> str:
        return (
            "<table>"
            + "".join("<tr>" + "".join(map(self.cell, r)) + "</tr>" for r in rows)
            + "</table>"
        )

    def set_heading(self, node: Node) -> None:
        back = " (Back to top)" if self.wording.back else ""
        self.out.append(self.head(node.level, esc(node.text) + back))

    def item_text(self, item: Item) -> str:
        before, after = item.around_call()
        made = esc(before) + (self.call(item.note) if item.note else "")
        return f"{made} {esc(after)}" if after else made

    def set_list(self, node: Node) -> None:
        run = []
        for item in node.items:
            run.append((self.item_text(item), [esc(n) for n in item.nested]))
            if item.quotes:
                self.out.append(self.listed(run))
                self.out += [self.para(esc(f"“{q}”"), "quote") for q in item.quotes]
                run = []
        if run:
            self.out.append(self.listed(run))

    def set_pair(self, node: Node) -> None:
        heads = "".join(f"<td>{self.para(self.bold(esc(h)))}</td>" for h, _ in node.lists)
        cells = "".join(
            f"<td>{self.listed([(self.item_text(i), [esc(n) for n in i.nested]) for i in items])}</td>"
            for _, items in node.lists
        )
        self.out.append(f"<table><tr>{heads}</tr><tr>{cells}</tr></table>")

    def set_recs(self, node: Node) -> None:
        self.out.append(
            self.listed([(esc(t), []) for _, t in node.rows], start=int(node.rows[0][0]))
        )

    def set_cover(self, node: Node) -> None:
        self.out.append(self.para(esc(node.text), "title"))

    def set_para(self, node: Node) -> None:
        parts = [esc(p) for p in paragraph_parts(node)]
        self.out.append(self.para((self.call(node.note) if node.note else "").join(parts)))

    def set_quote(self, node: Node) -> None:
        self.out.append(self.para(esc(node.text), "quote"))

    def set_strong(self, node: Node) -> None:
        self.out.append(self.para(self.bold(esc(node.text))))

    set_addressee = set_strong

    def set_fact(self, node: Node) -> None:
        self.out += [
            self.para(self.bold(esc(line))) for line in fact_texts(node.rows[0], self.wording.facts)
        ]

    def set_banner(self, node: Node) -> None:
        text, rating = esc(node.text), node.rows[0][0]
        match self.wording.banner:
            case "table":
                self.out.append(self.rows([(text, self.bold(rating))]))
            case "bold":
                self.out.append(self.para(f"{text} {self.bold(rating)}"))
            case "label":
                self.out += [self.para(text), self.para(f"Rating: {rating}")]
            case "above":
                self.out += [self.para(self.bold(rating)), self.para(text)]
            case _:
                self.out += [self.para(text), self.para(self.bold(rating))]

    def set_ratings(self, node: Node) -> None:
        self.out += made_ratings(
            [(code, esc(title), rating) for code, title, rating in node.rows],
            self.wording.ratings,
            table=self.rows,
            line=self.para,
            items=lambda made: self.listed([(item, []) for item in made]),
            strong=self.bold,
            two=lambda title, rating: [self.para(title), self.para(self.bold(rating))],
        )

    def set_questions(self, node: Node) -> None:
        self.out.append(self.rows([tuple(map(esc, r)) for r in node.rows]))

    set_context = set_questions

    def set_box(self, node: Node) -> None:
        box = node.box
        inner = self.para(self.bold(esc(box.title))) + "".join(
            self.para(esc(p)) for p in box.paragraphs
        )
        if box.bullets:
            inner += self.listed([(esc(b), []) for b in box.bullets])
        self.out.append(self.boxed(inner))

    def boxed(self, inner: str) -> str:
        return f"<table><tr><td>{inner}</td></tr></table>"


class Word(Program):
    """Saved as a web page by Word, filtered or not, or sent by Outlook."""

    def __init__(self, content: Content, wording: Wording, rng: random.Random) -> None:
        self.full = rng.random() < 0.5
        self.styles = rng.random() < 0.7  # real heading styles
        self.glyph = rng.choice(["·", "·", "•", "\uf0b7", "o", "-"])
        self.supported = rng.random() < 0.5  # comments around list signs
        super().__init__(content, wording, rng)

    def para(self, made: str, kind: str = "") -> str:
        name = {"quote": "MsoQuote", "title": "MsoTitle"}.get(kind, "MsoNormal")
        lang = f"<span lang=EN-GB>{made}</span>" if self.full else made
        more = "<o:p></o:p>" if self.full else ""
        return f"<p class={name}>{lang}{more}</p>\n\n"

    def head(self, level: int, made: str) -> str:
        if self.styles and level < 4:
            return f"<h{level} style='margin-top:12.0pt'><span lang=EN-GB>{made}<o:p></o:p></span></h{level}>\n\n"
        return f"<p class=MsoNormal style='margin-top:6.0pt'><b><span style='font-size:{18 - 2 * level}.0pt'>{made}</span></b></p>\n\n"

    def listed(self, items: list[tuple[str, list[str]]], *, start: int = 0) -> str:
        out = []
        for n, (text, nested) in enumerate(items):
            place = "First" if n == 0 else "Last" if n == len(items) - 1 else "Middle"
            sign = f"{start + n}." if start else self.glyph
            out.append(self._item(f"MsoListParagraphCxSp{place}", sign, text, 1))
            out += [self._item("MsoListParagraphCxSpMiddle", "o", t, 2) for t in nested]
        return "".join(out)

    def _item(self, name: str, sign: str, text: str, level: int) -> str:
        font = (
            "font-family:Symbol"
            if sign == "·"
            else 'font-family:"Courier New"'
            if sign == "o"
            else ""
        )
        blanks = (
            "<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp;&nbsp;&nbsp;&nbsp; </span>"
        )
        mark = f"<span style='{font};mso-list:Ignore'>{sign}{blanks}</span>"
        if self.supported:
            mark = f"<![if !supportLists]><span style='{font}'>{mark}</span><![endif]>"
        return (
            f"<p class={name} style='margin-left:{36 * level}.0pt;text-indent:-18.0pt;mso-list:l0 level{level} lfo1'>"
            f"{mark}<span lang=EN-GB>{text}</span></p>\n\n"
        )

    def call(self, text: str) -> str:
        self.notes.append(text)
        n = len(self.notes)
        return (
            f'<a style=\'mso-footnote-id:ftn{n}\' href="#_ftn{n}" name="_ftnref{n}" title=""><span class=MsoFootnoteReference>'
            f"<span style='mso-special-character:footnote'>[{n}]</span></span></a>"
        )

    def page(self) -> str:
        notes = "".join(
            f'<div style=\'mso-element:footnote\' id=ftn{n}><p class=MsoFootnoteText><a href="#_ftnref{n}" name="_ftn{n}" title="">'
            f"<span class=MsoFootnoteReference>[{n}]</span></a> {esc(t)}</p></div>"
            for n, t in enumerate(self.notes, 1)
        )
        notes = f"<div style='mso-element:footnote-list'><br clear=all><hr align=left size=1 width=\"33%\">{notes}</div>"
        office = (
            "<!--[if gte mso 9]><xml><o:OfficeDocumentSettings><o:AllowPNG/></o:OfficeDocumentSettings></xml><![endif]-->"
            if self.full
            else ""
        )
        return (
            '<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns="http://www.w3.org/TR/REC-html40">'
            f'<head><meta http-equiv=Content-Type content="text/html; charset=windows-1252"><meta name=Generator content="Microsoft Word 15">{office}'
            "<style><!-- p.MsoNormal {margin:0cm;} --></style></head>"
            f"<body lang=EN-GB style='word-wrap:break-word'><div class=WordSection1>{''.join(self.out)}</div>{notes if self.notes else ''}</body></html>"
        )


class Docs(Program):
    """Published or exported by Google Docs: classes c0, c1 …, lists as runs of ul."""

    def para(self, made: str, kind: str = "") -> str:
        return f'<p class="c{self.rng.randrange(9)}"><span class="c3">{made}</span></p>'

    def head(self, level: int, made: str) -> str:
        return f'<h{level} class="c{level}" id="h.{self.rng.randrange(10**6)}"><span class="c7">{made}</span></h{level}>'

    def bold(self, text: str) -> str:
        return f'</span><span class="c5" style="font-weight:700">{text}</span><span>'

    def listed(self, items: list[tuple[str, list[str]]], *, start: int = 0) -> str:
        tag = "ol" if start else "ul"
        first = f' start="{start}"' if start else ""
        out = []
        for n, (text, nested) in enumerate(items):
            out.append(
                f'<{tag} class="c2 lst-kix_a-0{"" if n else " start"}"{first if n == 0 else f" start={chr(34)}{start + n}{chr(34)}" if start else ""}><li class="c1 li-bullet-0"><span>{text}</span></li></{tag}>'
            )
            if nested:
                inner = "".join(f'<li class="c4 li-bullet-0"><span>{t}</span></li>' for t in nested)
                out.append(f'<ul class="c2 lst-kix_a-1 start">{inner}</ul>')
        return "".join(out)

    def call(self, text: str) -> str:
        self.notes.append(text)
        n = len(self.notes)
        return f'</span><sup><a href="#ftnt{n}" id="ftnt_ref{n}">[{n}]</a></sup><span>'

    def page(self) -> str:
        notes = "".join(
            f'<div><p class="c0"><a href="#ftnt_ref{n}" id="ftnt{n}">[{n}]</a><span>&nbsp;{esc(t)}</span></p></div>'
            for n, t in enumerate(self.notes, 1)
        )
        return f'<html><head><meta content="text/html; charset=UTF-8" http-equiv="content-type"></head><body class="c10 doc-content">{"".join(self.out)}{"<hr class=c8>" + notes if notes else ""}</body></html>'


class Pandoc(Program):
    """Converted by pandoc."""

    def __init__(self, content: Content, wording: Wording, rng: random.Random) -> None:
        self.paragraphs = rng.random() < 0.5
        self.shift = rng.choice([0, 0, 1])
        super().__init__(content, wording, rng)

    def para(self, made: str, kind: str = "") -> str:
        made = "\n".join(textwrap.wrap(made, 72, break_long_words=False, break_on_hyphens=False))
        return (
            f"<blockquote>\n<p>{made}</p>\n</blockquote>\n"
            if kind == "quote"
            else f"<p>{made}</p>\n"
        )

    def bold(self, text: str) -> str:
        return f"<strong>{text}</strong>"

    def cell(self, made: str) -> str:
        return f'<td style="text-align: left;">{made}</td>'

    def head(self, level: int, made: str) -> str:
        slug = re.sub(r"[^a-z]+", "-", made.lower()).strip("-")
        tag = f"h{level + self.shift}"
        return f'<{tag} id="{slug}">{made}</{tag}>\n'

    def listed(self, items: list[tuple[str, list[str]]], *, start: int = 0) -> str:
        tag = f'ol start="{start}" type="1"' if start else "ul"
        out = []
        for text, nested in items:
            made = f"<p>{text}</p>" if self.paragraphs else text
            inner = "<ul>" + "".join(f"<li>{t}</li>" for t in nested) + "</ul>" if nested else ""
            out.append(f"<li>{made}{inner}</li>")
        return f"<{tag}>\n" + "\n".join(out) + f"\n</{tag.split()[0]}>\n"

    def call(self, text: str) -> str:
        self.notes.append(text)
        n = len(self.notes)
        return f'<a href="#fn{n}" class="footnote-ref" id="fnref{n}" role="doc-noteref"><sup>{n}</sup></a>'

    def page(self) -> str:
        notes = "".join(
            f'<li id="fn{n}"><p>{esc(t)}<a href="#fnref{n}" class="footnote-back" role="doc-backlink">↩︎</a></p></li>'
            for n, t in enumerate(self.notes, 1)
        )
        notes = f'<section id="footnotes" class="footnotes footnotes-end-of-document" role="doc-endnotes"><hr /><ol>{notes}</ol></section>'
        return f'<!DOCTYPE html><html><head><meta charset="utf-8" /><title>report</title></head><body>{"".join(self.out)}{notes if self.notes else ""}</body></html>'


class Mailed(Word):
    """An e-mail: nothing but div and br."""

    def para(self, made: str, kind: str = "") -> str:
        return f'<div style="font-family: Calibri; font-size: 11pt">{made}</div><div><br></div>'

    def head(self, level: int, made: str) -> str:
        return f'<div style="font-size: {16 - level}pt"><b>{made}</b></div><div><br></div>'

    def listed(self, items: list[tuple[str, list[str]]], *, start: int = 0) -> str:
        out = []
        for n, (text, nested) in enumerate(items):
            sign = f"{start + n}." if start else "•"
            out.append(f"<div>{sign}&nbsp; {text}</div>")
            out += [f"<div>&nbsp;&nbsp;&nbsp;&nbsp;–&nbsp; {t}</div>" for t in nested]
        return "".join(out) + "<div><br></div>"


class Positioned(Program):
    """Lines placed one by one on pages, as PDF viewers and converters to HTML do."""

    def __init__(self, content: Content, wording: Wording, rng: random.Random) -> None:
        self.width = rng.choice([70, 84, 96])
        self.style = rng.choice(["pf", "absolute"])
        wording.banner = rng.choice(["bold", "lines", "label"])
        wording.ratings = rng.choice(["lines", "paragraphs"])
        wording.pairs = False
        super().__init__(content, wording, rng)

    def lines(
        self, text: str, *, first: str = "", size: int = 0, gap: bool = True
    ) -> list[tuple[str, int, bool]]:
        wrapped = textwrap.wrap(
            html.unescape(re.sub(r"<[^>]+>", "", text)), self.width, break_long_words=False
        )
        made = [(esc(line), size, False) for line in wrapped]
        return [(first + made[0][0], size, gap), *made[1:]] if made else []

    def para(self, made: str, kind: str = "") -> list:
        return self.lines(made)

    def head(self, level: int, made: str) -> list:
        return self.lines(made, size=6 - level)

    def listed(self, items: list[tuple[str, list[str]]], *, start: int = 0) -> list:
        out = []
        for n, (text, nested) in enumerate(items):
            out += self.lines(text, first=f"{start + n}. " if start else "• ")
            for t in nested:
                out += self.lines(t, first="– ")
        return out

    def rows(self, rows: list[tuple[str, ...]]) -> list:
        return [(" &nbsp; ".join(row), 0, True) for row in rows]

    def boxed(self, inner: object) -> list:
        return []

    def set_box(self, node: Node) -> None:
        return

    def call(self, text: str) -> str:
        return ""

    def page(self) -> str:
        lines = [line for part in self.out for line in part]
        pages, room, sheet = [], 44, {}
        for at in range(0, len(lines), room):
            out, top = [], 80
            for text, size, gap in lines[at : at + room]:
                top += 18 + 8 * gap
                if self.style == "pf":
                    words = text.split(" ")
                    middle = len(words) // 2
                    text = (
                        " ".join(words[:middle])
                        + '<span class="_ _1"> </span>'
                        + " ".join(words[middle:])
                        if middle
                        else text
                    )
                    sheet[top] = f".y{top:x}{{bottom:{1200 - top}.5px;}}"
                    out.append(
                        f'<div class="t m0 x1 h{size} y{top:x} ff1 fs{size} fc0 sc0 ls0 ws0">{text}</div>'
                    )
                else:
                    left = 80
                    out.append(
                        f'<p style="position:absolute;top:{top}px;left:{left}px;white-space:nowrap" class="ft{size}">{text.replace(" ", "&#160;")}</p>'
                    )
            n = len(pages) + 1
            if self.style == "pf":
                out.append(f'<div class="t m0 x9 h0 y1 ff1 fs0">{n}</div>')
            else:
                out.append(
                    f'<p style="position:absolute;top:1500px;left:300px" class="ft0">{n}</p>'
                )
            pages.append(
                f'<div id="pf{n:x}" class="pf w0 h0" data-page-no="{n:x}"><div class="pc pc{n:x} w0 h0">{"".join(out)}</div></div>'
            )
        return f'<!DOCTYPE html><html><head><meta charset="utf-8"/><style>.t{{position:absolute}} .x1{{left:72.0px;}} .x9{{left:300.0px;}} .y1{{bottom:20.0px;}}{"".join(sheet.values())}</style></head><body><div id="page-container">{"".join(pages)}</div></body></html>'

    def set_heading(self, node: Node) -> None:
        self.out.append(self.head(node.level, esc(node.text)))


def make_program_page(content: Content, seed: int) -> tuple[str, bytes]:
    """Return the program's name and the page's bytes."""
    rng = random.Random(seed * 4001 + 7)
    wording = draw_wording(rng)
    maker = rng.choice([Word, Word, Word, Docs, Docs, Pandoc, Pandoc, Mailed, Positioned])
    made = maker(content, wording, rng)
    encoding = "cp1252" if isinstance(made, Word) else "utf-8"
    more = " ".join(f"{k}={v}" for k, v in vars(made).items() if isinstance(v, (bool, str, int)))
    words = f"{maker.__name__} {more} rate={wording.banner}/{wording.ratings} pairs={wording.pairs:d} facts={wording.facts}"
    return words, made.page().encode(encoding, "xmlcharrefreplace")
