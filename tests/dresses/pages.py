"""A report as the page of a web site, in a dress drawn at random."""

from __future__ import annotations

import html
import random
import re
from dataclasses import dataclass

from tests.layouts.contents import Content, fact_texts
from tests.layouts.model import Item

from .plan import (
    Node,
    Wording,
    chapters,
    draw_wording,
    made_ratings,
    nodes_of,
    paragraph_parts,
    straighten,
)

HEADINGS = (
    "levels", "levels", "shifted", "skipped", "flat", "strong", "divs", "roles", "mixed", "styled",
    "numbered spans", "font", "anchors",
)  # fmt: skip
MARKS = ("heading", "heading", "strong", "plain", "label", "em", "breaks")
LISTS = (
    "ul", "ul", "ul p", "div ul", "menu", "roles", "paragraphs", "breaks", "dl", "rows", "cards",
    "ol", "single", "letters", "rowspan",
)  # fmt: skip
NESTED = ("ul", "sibling", "breaks", "dashes")
PANELS = ("none", "none", "none", "details", "accordion", "tabs", "sections", "cards")
NOTES = ("sup end", "sup end", "brackets", "aside", "list", "tooltip")
QUOTES = ("blockquote", "class", "figure", "italic", "plain", "in item")
BOXES = ("aside", "callout", "bordered", "details", "table", "govuk inset")
RATINGS = ("text", "text", "badge", "image", "svg", "colour")
TABLES = ("table", "table", "thead", "dl", "divs", "th rows")
CASES = ("plain", "plain", "entities", "numbers", "nbsp", "soft", "zero", "spans")
ENCODINGS = ("utf-8", "utf-8", "utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16", "ascii")


@dataclass
class Dress:
    """The choices of a page."""

    headings: str
    mark: str
    lists: str
    nested: str
    panels: str
    notes: str
    quotes: str
    boxes: str
    rating: str
    table: str
    case: str
    shell: str  # govuk, wordpress, plain, xhtml, fragment
    furniture: bool
    hidden: bool
    comments: bool
    tags: str  # lower, upper, unclosed
    source: str  # lines, one, indented, wrapped
    encoding: str
    addressee: str


def draw_dress(rng: random.Random) -> Dress:
    return Dress(
        headings=rng.choice(HEADINGS),
        mark=rng.choice(MARKS),
        lists=rng.choice(LISTS),
        nested=rng.choice(NESTED),
        panels=rng.choice(PANELS),
        notes=rng.choice(NOTES),
        quotes=rng.choice(QUOTES),
        boxes=rng.choice(BOXES),
        rating=rng.choice(RATINGS),
        table=rng.choice(TABLES),
        case=rng.choice(CASES),
        shell=rng.choice(["govuk", "wordpress", "plain", "xhtml", "fragment"]),
        furniture=rng.random() < 0.6,
        hidden=rng.random() < 0.3,
        comments=rng.random() < 0.3,
        tags=rng.choice(["lower", "lower", "lower", "upper", "unclosed"]),
        source=rng.choice(["lines", "one", "indented", "wrapped"]),
        encoding=rng.choice(ENCODINGS),
        addressee=rng.choice(["p", "strong", "heading"]),
    )


class Page:
    """Sets nodes as elements; `body` is the result."""

    def __init__(self, content: Content, dress: Dress, wording: Wording, rng: random.Random):
        self.content, self.dress, self.wording, self.rng = content, dress, wording, rng
        self.notes: list[str] = []
        self.out: list[str] = []
        self.panel = 0
        self.nodes = nodes_of(content, wording)
        for node in self.nodes:
            getattr(self, "set_" + node.kind)(node)
        self.close_panel()

    # --- words

    def t(self, text: str) -> str:
        """Escape a text in the page's way."""
        if self.wording.straight:
            text = straighten(text)
        case, rng = self.dress.case, self.rng
        if case == "soft":
            text = re.sub(r"[a-z]{9,}", lambda m: m[0][:5] + "\u00ad" + m[0][5:], text)
        if case == "zero":
            text = re.sub(
                r"(?<=[a-z]) (?=[a-z])", lambda m: rng.choice([" ", " ", " \u200b"]), text
            )
        if case == "nbsp":
            text = re.sub(r"(?<=\w) (?=\w)", lambda m: rng.choice([" ", " ", "\u00a0"]), text)
        made = html.escape(text, quote=rng.random() < 0.5)
        if case == "entities":
            names = {"’": "&rsquo;", "‘": "&lsquo;", "“": "&ldquo;", "”": "&rdquo;", "–": "&ndash;"}
            made = "".join(names.get(c, c) for c in made)
        if case == "numbers" or self.dress.encoding == "ascii":
            made = "".join(c if ord(c) < 128 else f"&#{ord(c)};" for c in made)
        if case == "spans" and rng.random() < 0.5 and len(made.split(" ")) > 4:
            words = made.split(" ")
            at = rng.randrange(1, len(words) - 1)
            words[at] = f'<span lang="EN-GB">{words[at]}</span>'
            made = " ".join(words)
        return made

    def call(self, text: str) -> str:
        """The call of a note, whose text is kept for the end."""
        if self.dress.notes == "aside":
            return ""
        self.notes.append(text)
        n = len(self.notes)
        match self.dress.notes:
            case "sup end":
                return f'<sup><a href="#fn{n}" id="fnref{n}">{n}</a></sup>'
            case "brackets":
                return f'<a href="#_ftn{n}" name="_ftnref{n}">[{n}]</a>'
            case "list":
                return f'<sup id="ref-{n}" class="footnote-ref"><a href="#footnote-{n}">[{n}]</a></sup>'
            case _:
                return f'<sup><a href="#note-{n}" role="doc-noteref" aria-describedby="l">{n}</a></sup>'

    def item_text(self, item: Item) -> str:
        before, after = item.around_call()
        made = self.t(before)
        if item.note:
            made += self.call(item.note)
        return f"{made} {self.t(after)}" if after else made

    # --- headings

    def set_heading(self, node: Node) -> None:
        if node.level <= 2:
            self.open_panel(node)
        else:
            self.out.append(self.heading(node.level, node.text))

    def heading(self, level: int, text: str) -> str:
        back = " (Back to top)" if self.wording.back else ""
        made = self.t(text)
        if back:
            made += self.rng.choice([' <a href="#top">(Back to top)</a>', back])
        scheme = self.dress.headings
        if level == 4 and self.dress.mark != "heading":
            return {
                "strong": f"<p><strong>{made}</strong></p>",
                "plain": f"<p>{made}</p>",
                "label": f'<div class="finding-label">{made}</div>',
                "em": f"<p><em>{made}</em></p>",
                "breaks": f"<p><b>{made}</b><br></p>",
            }[self.dress.mark]
        match scheme:
            case "levels":
                return f"<h{level}>{made}</h{level}>"
            case "shifted":
                return f'<h{level + 1} class="h">{made}</h{level + 1}>'
            case "skipped":
                tag = {1: "h1", 2: "h3", 3: "h4", 4: "h6"}[level]
                return f"<{tag}>{made}</{tag}>"
            case "flat":
                return f'<h2 class="heading-{level}">{made}</h2>'
            case "strong":
                return f"<p><strong>{made}</strong></p>"
            case "divs":
                return f'<div class="title title--{level}">{made}</div>'
            case "roles":
                return f'<div role="heading" aria-level="{level + 1}">{made}</div>'
            case "mixed":
                return f"<h2>{made}</h2>" if level == 1 else f"<p><b>{made}</b></p>"
            case "styled":
                return (
                    f'<p><span style="font-size:{20 - level}pt; font-weight:700">{made}</span></p>'
                )
            case "numbered spans":
                code, _, rest = made.partition(" ") if made[:1].isdigit() else ("", "", made)
                number = f'<span class="number">{code}</span> ' if code else ""
                return f"<h{level}>{number}<span>{rest}</span></h{level}>"
            case "font":
                return f'<p><font size="{6 - level}"><b>{made}</b></font></p>'
            case _:
                return f'<h{level}><a name="s{len(self.out)}"></a>{made}<a class="anchor" href="#s{len(self.out)}" aria-hidden="true">#</a></h{level}>'

    def open_panel(self, node: Node) -> None:
        self.close_panel()
        panels, made = self.dress.panels, self.heading(node.level, node.text)
        n = len(self.out)
        if panels == "none":
            self.out.append(made)
            return
        self.panel = 1
        match panels:
            case "details":
                self.out.append(f"<details><summary>{self.t(node.text)}</summary><div>")
            case "accordion":
                self.out.append(
                    f'<div class="accordion__section"><h{node.level + 1} class="accordion__heading">'
                    f'<button type="button" aria-controls="c{n}" aria-expanded="false">{self.t(node.text)}'
                    f'<span class="visually-hidden">, Show this section</span></button></h{node.level + 1}>'
                    f'<div id="c{n}" class="accordion__content" hidden="until-found">'
                )
            case "tabs":
                self.out.append(
                    f'<section class="tabs__panel tabs__panel--hidden" role="tabpanel" id="t{n}" aria-labelledby="tab{n}"><div>{made}'
                )
            case "cards":
                self.out.append(f'<div class="card"><div class="card-body">{made}')
            case _:
                self.out.append(f'<section id="s{n}"><div class="container">{made}')

    def close_panel(self) -> None:
        if self.panel:
            end = {"details": "</details>", "tabs": "</section>", "sections": "</section>"}
            self.out.append("</div>" + end.get(self.dress.panels, "</div>"))
            self.panel = 0

    # --- lists

    def set_list(self, node: Node) -> None:
        self.out.append(self.listed(node.items))

    def listed(self, items: list[Item]) -> str:
        """The items in the page's way; a quotation parts the list, or stands in its item."""
        out, run = [], []
        for item in items:
            run.append(item)
            if item.quotes and self.dress.quotes != "in item":
                out.append(self.plain_list(run))
                out += [self.quote(q) for q in item.quotes]
                run = []
        if run:
            out.append(self.plain_list(run))
        return "".join(out)

    def plain_list(self, items: list[Item]) -> str:
        style = self.dress.lists
        if style in {"paragraphs", "breaks", "letters", "dl"}:
            return self.loose_list(items)
        texts = [self.item_text(i) + self.nested(i) + self.inner_quotes(i) for i in items]
        match style:
            case "ul":
                return "<ul>" + "".join(f"<li>{t}</li>" for t in texts) + "</ul>"
            case "ul p":
                return (
                    '<ul class="list">' + "".join(f"<li><p>{t}</p></li>" for t in texts) + "</ul>"
                )
            case "div ul":
                return (
                    "<div><ul>" + "".join(f"<li><div><span>{t}</span></div></li>" for t in texts) + "</ul></div>"
                )  # fmt: skip
            case "menu":
                return "<menu>" + "".join(f"<li>{t}</li>" for t in texts) + "</menu>"
            case "roles":
                return (
                    '<div role="list">' + "".join(f'<div role="listitem">{t}</div>' for t in texts) + "</div>"
                )  # fmt: skip
            case "rows":
                return (
                    "<table><tbody>"
                    + "".join(f"<tr><td>{t}</td></tr>" for t in texts)
                    + "</tbody></table>"
                )
            case "rowspan":
                rows = "".join(f"<tr><td>•</td><td>{t}</td></tr>" for n, t in enumerate(texts))
                return f"<table><tbody>{rows}</tbody></table>"
            case "cards":
                return "".join(f'<ul><li class="card">{t}</li></ul>' for t in texts)
            case "ol":
                return "<ol>" + "".join(f"<li>{t}</li>" for t in texts) + "</ol>"
            case _:
                return "".join(f"<ul><li>{t}</li></ul>" for t in texts)

    def loose_list(self, items: list[Item]) -> str:
        sign = {"letters": "o&nbsp;&nbsp; ", "dl": ""}.get(self.dress.lists, "• ")
        texts = []
        for item in items:
            texts.append(sign + self.item_text(item))
            texts += [f"– {self.t(n)}" for n in item.nested]
            texts += [f"“{self.t(q)}”" for q in item.quotes if self.dress.quotes == "in item"]
        if self.dress.lists == "breaks":
            return "<p>" + "<br>\n".join(texts) + "</p>"
        if self.dress.lists == "dl":
            return "<dl>" + "".join(f"<dd>{t}</dd>" for t in texts) + "</dl>"
        return "".join(f"<p>{t}</p>" for t in texts)

    def nested(self, item: Item) -> str:
        if not item.nested:
            return ""
        texts = [self.t(n) for n in item.nested]
        if self.dress.nested == "breaks" or self.dress.lists in {"rows", "rowspan"}:
            return "".join(f"<br>{t}" for t in texts)
        if self.dress.nested == "dashes":
            return "".join(f"<br>– {t}" for t in texts)
        return "<ul>" + "".join(f"<li>{t}</li>" for t in texts) + "</ul>"

    def inner_quotes(self, item: Item) -> str:
        if self.dress.quotes != "in item":
            return ""
        return "".join(f"<blockquote><p>“{self.t(q)}”</p></blockquote>" for q in item.quotes)

    def set_pair(self, node: Node) -> None:
        (a, first), (b, second) = node.lists
        style = self.dress.lists
        loose = "".join
        cells = [self.listed(first), self.listed(second)]
        if style in {"rows", "rowspan", "dl"}:
            longest = max(len(first), len(second))
            rows = "".join(
                f"<tr><td>{self.item_text(first[i]) + self.nested(first[i]) if i < len(first) else ''}</td>"
                f"<td>{self.item_text(second[i]) + self.nested(second[i]) if i < len(second) else ''}</td></tr>"
                for i in range(longest)
            )
            self.out.append(
                f"<table><thead><tr><th>{self.t(a)}</th><th>{self.t(b)}</th></tr></thead><tbody>{rows}</tbody></table>"
            )
        elif self.rng.random() < 0.5:
            self.out.append(
                f'<table class="two"><tr><th>{self.t(a)}</th><th>{self.t(b)}</th></tr>'
                f'<tr><td valign="top">{loose(cells[0])}</td><td valign="top">{loose(cells[1])}</td></tr></table>'
            )
        else:
            columns = "".join(
                f'<div class="col-md-6">{self.heading(4, head)}{cell}</div>'
                for head, cell in zip((a, b), cells, strict=True)
            )
            self.out.append(f'<div class="row">{columns}</div>')

    # --- the rest

    def set_cover(self, node: Node) -> None:
        tag = "h1" if "inspection of" in node.text else "p"
        self.out.append(f"<{tag}>{self.t(node.text)}</{tag}>")

    def set_para(self, node: Node) -> None:
        parts = [self.t(p) for p in paragraph_parts(node)]
        self.out.append("<p>" + (self.call(node.note) if node.note else "").join(parts) + "</p>")

    def set_strong(self, node: Node) -> None:
        self.out.append(f"<p><strong>{self.t(node.text)}</strong></p>")

    def set_fact(self, node: Node) -> None:
        lines = [self.t(line) for line in fact_texts(node.rows[0], self.wording.facts)]
        if self.dress.table == "dl" and self.wording.facts != "lines":
            name, value = node.rows[0]
            self.out.append(f"<dl><dt>{self.t(name)}</dt><dd>{self.t(value)}</dd></dl>")
        else:
            self.out += [f"<p>{line}</p>" for line in lines]

    def set_addressee(self, node: Node) -> None:
        made = self.t(node.text)
        forms = {"p": f"<p>{made}</p>", "strong": f"<p><strong>{made}</strong></p>"}
        self.out.append(forms.get(self.dress.addressee) or self.heading(3, node.text))

    def set_recs(self, node: Node) -> None:
        texts = [(n, self.t(text)) for n, text in node.rows]
        if self.dress.lists in {"paragraphs", "breaks", "letters"}:
            self.out += [f"<p>{n}. {t}</p>" for n, t in texts]
        elif self.dress.lists in {"rows", "rowspan"}:
            rows = "".join(f"<tr><td>{n}</td><td>{t}</td></tr>" for n, t in texts)
            self.out.append(f"<table><tr><th>Number</th><th>Recommendation</th></tr>{rows}</table>")
        elif self.dress.tags == "unclosed":
            items = "".join(f'<li value="{n}">{t}</li>' for n, t in texts)
            self.out.append(f"<ol>{items}</ol>")
        else:
            items = "".join(f"<li>{t}</li>" for _, t in texts)
            self.out.append(f'<ol start="{texts[0][0]}">{items}</ol>')

    def quote(self, text: str) -> str:
        bare = text.strip('“”"')
        marked = f"“{bare}”" if not self.wording.straight else f'"{bare}"'
        made = self.t(marked)
        match self.dress.quotes:
            case "blockquote":
                return f"<blockquote><p>{made}</p></blockquote>"
            case "class":
                return f'<p class="quote">{made}</p>'
            case "figure":
                return f'<figure class="wp-block-pullquote"><blockquote><p>{made}</p></blockquote></figure>'
            case "italic":
                return f"<p><em>{made}</em></p>"
            case _:
                return f"<p>{made}</p>"

    def set_quote(self, node: Node) -> None:
        self.out.append(self.quote(node.text))

    def rating(self, text: str) -> str:
        slug = text.lower().replace(" ", "-")
        match self.dress.rating:
            case "badge":
                return f'<span class="badge badge--{slug}">{text}</span>'
            case "image":
                return f'<img src="{slug}.png" alt="{self.rng.choice(["", "Rating: "])}{text}" width="90">'
            case "svg":
                return f'<svg role="img" width="9" height="9"><title>{text}</title><circle r="4"/></svg>'
            case "colour":
                return f'<span style="background:#c00; color:#fff"><b>{text}</b></span>'
            case _:
                return text

    def set_banner(self, node: Node) -> None:
        text, rating = self.t(node.text), self.rating(node.rows[0][0])
        match self.wording.banner:
            case "table":
                self.out.append(f"<table><tr><td>{text}</td><td>{rating}</td></tr></table>")
            case "bold":
                self.out.append(f"<p>{text} <strong>{rating}</strong></p>")
            case "label":
                self.out.append(f"<p>{text}</p><p>Rating: {rating}</p>")
            case "above":
                self.out.append(f'<p class="rating">{rating}</p><p>{text}</p>')
            case _:
                self.out.append(f"<p>{text}</p><div>{rating}</div>")

    def set_ratings(self, node: Node) -> None:
        self.out += made_ratings(
            [(code, self.t(title), self.rating(rating)) for code, title, rating in node.rows],
            self.wording.ratings,
            table=self.rows,
            line=lambda made: f"<p>{made}</p>",
            items=lambda made: f"<ul>{''.join(f'<li>{item}</li>' for item in made)}</ul>",
            strong=lambda made: f"<strong>{made}</strong>",
            two=lambda title, rating: [f"<p>{title}</p><p>{rating}</p>"],
        )

    def rows(self, rows: list[tuple[str, ...]], *, head: bool = False) -> str:
        style = self.dress.table
        if style == "dl" and all(len(r) == 2 for r in rows):
            return "<dl>" + "".join(f"<dt>{a}</dt><dd>{b}</dd>" for a, b in rows) + "</dl>"
        if style == "divs" and self.dress.headings != "divs":
            return (
                '<div class="table" role="table">'
                + "".join(
                    '<div class="tr" role="row">' + "".join(f'<div class="td" role="cell">{c}</div>' for c in r) + "</div>"
                    for r in rows
                )
                + "</div>"
            )  # fmt: skip
        out = []
        for n, row in enumerate(rows):
            first = "th" if (head and n == 0) or style == "th rows" else "td"
            rest = "th" if head and n == 0 else "td"
            cells = "".join(
                f"<{first if i == 0 else rest}>{c}</{first if i == 0 else rest}>"
                for i, c in enumerate(row)
            )
            out.append(f"<tr>{cells}</tr>")
        if style == "thead" and head:
            return f"<table><thead>{out[0]}</thead><tbody>{''.join(out[1:])}</tbody></table>"
        return f"<table>{''.join(out)}</table>"

    def set_questions(self, node: Node) -> None:
        rows = [tuple(self.t(c) for c in row) for row in node.rows]
        self.out.append(self.rows(rows, head=True))

    def set_context(self, node: Node) -> None:
        self.out.append(self.rows([tuple(self.t(c) for c in row) for row in node.rows]))

    def set_box(self, node: Node) -> None:
        box = node.box
        inner = "".join(f"<p>{self.t(p)}</p>" for p in box.paragraphs)
        if box.bullets:
            inner += "<ul>" + "".join(f"<li>{self.t(b)}</li>" for b in box.bullets) + "</ul>"
        title = self.t(box.title)
        match self.dress.boxes:
            case "aside":
                made = f"<aside><h4>{title}</h4>{inner}</aside>"
            case "callout":
                made = f'<div class="callout callout-info"><p><strong>{title}</strong></p>{inner}</div>'
            case "bordered":
                made = f'<div style="border: 1px solid #000; padding: 1em"><p><b>{title}</b></p>{inner}</div>'
            case "details":
                made = f'<details class="example"><summary>{title}</summary>{inner}</details>'
            case "table":
                made = f'<table class="box" border="1"><tr><td><p><b>{title}</b></p>{inner}</td></tr></table>'
            case _:
                made = f'<div class="govuk-inset-text"><h3>{title}</h3>{inner}</div>'
        self.out.append(made)

    def note_parts(self) -> str:
        if not self.notes:
            return ""
        match self.dress.notes:
            case "sup end":
                items = "".join(
                    f'<li id="fn{n}"><p>{self.t(t)} <a href="#fnref{n}">↩</a></p></li>'
                    for n, t in enumerate(self.notes, 1)
                )
                return f'<section class="footnotes"><hr><ol>{items}</ol></section>'
            case "brackets":
                return "<hr>" + "".join(
                    f'<p id="ftn{n}"><a href="#_ftnref{n}" name="_ftn{n}">[{n}]</a> {self.t(t)}</p>'
                    for n, t in enumerate(self.notes, 1)
                )
            case "list":
                items = "".join(
                    f'<li id="footnote-{n}">{self.t(t)}</li>' for n, t in enumerate(self.notes, 1)
                )
                return f'<h2>Footnotes</h2><ol class="wp-block-footnotes">{items}</ol>'
            case _:
                items = "".join(
                    f'<li id="note-{n}">{self.t(t)}</li>' for n, t in enumerate(self.notes, 1)
                )
                return f'<div role="doc-endnotes"><h2>Notes</h2><ol>{items}</ol></div>'


def make_page(content: Content, seed: int) -> tuple[str, bytes]:
    """Return a few words on the dress and the page's bytes."""
    rng = random.Random(seed * 7919 + 11)
    dress, wording = draw_dress(rng), draw_wording(rng)
    page = Page(content, dress, wording, rng)
    text = _shell(page, dress, wording, rng)
    words = (
        f"{dress.shell} h={dress.headings}/{dress.mark} list={dress.lists}/{dress.nested} panel={dress.panels} "
        f"note={dress.notes} quote={dress.quotes} box={dress.boxes} rate={wording.banner}/{wording.ratings}/{dress.rating} "
        f"table={dress.table} case={dress.case} tags={dress.tags} {dress.source} {dress.encoding} pairs={wording.pairs:d}"
    )
    return words, _encoded(text, dress.encoding)


def _shell(page: Page, dress: Dress, wording: Wording, rng: random.Random) -> str:
    parts = list(page.out)
    title = page.t(f"An inspection of probation services in {page.content.wanted.unit} PDU")
    if wording.contents:
        at = next(i for i, p in enumerate(parts) if "Foreword" in p)
        links = "".join(
            f'<li><a href="#x{i}">{page.t(c)}</a></li>' for i, c in enumerate(chapters(page.nodes))
        )
        parts.insert(
            at,
            f"<h2>{rng.choice(['Contents', 'Table of contents', 'On this page'])}</h2><ol>{links}</ol>",
        )
    hidden = [
        '<div style="display: none">Strengths</div>',
        "<template><h4>Areas for improvement</h4><ul><li>Not to be read at all.</li></ul></template>",
        "<p hidden>Strengths: none of this is seen.</p>",
        "<noscript><ul><li>Turn on scripts to see this list of things.</li></ul></noscript>",
        '<span class="sr-only">Opens in a new window</span>',
    ]
    for _ in range(12 if dress.hidden else 0):
        parts.insert(rng.randrange(3, len(parts)), rng.choice(hidden))
    for _ in range(12 if dress.comments else 0):
        parts.insert(
            rng.randrange(3, len(parts)),
            "<!-- <ul><li>An old finding that was struck.</li></ul> -->",
        )
    main = {"indented": "\n      ", "one": "", "lines": "\n", "wrapped": "\n"}[dress.source].join(
        [*parts, page.note_parts()]
    )
    if dress.source == "wrapped":
        main = re.sub(r"((?:[^\n<>]{60,75})) (?=[^<>]*<)", lambda m: m[1] + "\n", main)
    head, foot = _furniture(rng, page) if dress.furniture else ("", "")
    charset = {
        "utf-8-sig": "utf-8",
        "ascii": "us-ascii",
        "latin-1": "iso-8859-1",
        "cp1252": "windows-1252",
    }
    meta = f'<meta charset="{charset.get(dress.encoding, dress.encoding)}">'
    if dress.encoding == "latin-1":
        meta = '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">'
    match dress.shell:
        case "govuk":
            text = (
                f'<!DOCTYPE html><html lang="en"><head>{meta}<title>{title}</title></head><body class="govuk-template__body">{head}'
                f'<div class="govuk-width-container"><main id="main-content" role="main"><div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">{main}</div></div></main></div>{foot}</body></html>'
            )
        case "wordpress":
            text = (
                f'<!DOCTYPE html><html><head>{meta}<title>{title} - Site</title></head><body class="page-template">{head}'
                f'<div id="page"><div id="content"><article class="post hentry"><div class="entry-content">{main}</div></article></div></div>{foot}</body></html>'
            )
        case "xhtml":
            text = (
                '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">\n'
                f'<html xmlns="http://www.w3.org/1999/xhtml"><head>{meta[:-1]} /><title>{title}</title></head><body>{head}{main.replace("<br>", "<br />").replace("<hr>", "<hr />")}{foot}</body></html>'
            )
        case "fragment":
            text = f"{main}"
        case _:
            text = f"<html><head>{meta}<title>{title}</title></head><body>{head}{main}{foot}</body></html>"
    if dress.tags == "upper":
        text = re.sub(r"(</?)([a-z][a-z0-9]*)", lambda m: m[1] + m[2].upper(), text)
    if dress.tags == "unclosed":
        text = re.sub(r"</(?:li|dd|dt|td|tr|th)>", "", text)
        text = re.sub(r"</p>(?=\s*<(?:p|ul|ol|h\d|div|table|dl|blockquote)\b)", "", text)
    return text


def _furniture(rng: random.Random, page: Page) -> tuple[str, str]:
    parts = [
        '<div id="global-cookie-message" class="cookie-banner"><h2>Are you OK with cookies?</h2><p>We use small files called ‘cookies’.</p><button>Yes</button></div>',
        '<a href="#main-content" class="skip-link">Skip to main content</a>',
        '<header role="banner" class="site-header"><a href="/">HM Inspectorate</a><nav aria-label="Menu"><ul><li><a href="/">Home</a></li><li><a href="/about">About us</a></li></ul></nav></header>',
        '<div class="breadcrumbs"><ol><li><a href="/">Home</a></li><li>Inspections</li></ol></div>',
        '<form class="search" action="/s"><label>Search</label><input name="q"></form>',
        '<nav class="menu"><ul><li>Strengths</li><li>Our work</li></ul></nav>',
    ]
    feet = [
        '<div class="related"><h2>Related content</h2><ul><li><a href="/a">Other reports</a></li><li><a href="/b">Press release</a></li></ul></div>',
        '<div class="feedback"><h2>Is this page useful?</h2><button>Yes</button> <button>No</button></div>',
        '<footer class="site-footer"><h2>Support links</h2><ul><li><a href="/h">Help</a></li><li><a href="/c">Cookies</a></li></ul><p>© Crown copyright</p></footer>',
        '<div class="share"><p>Share this page</p><ul><li><a href="#">Facebook</a></li></ul></div>',
        '<p><a href="#top">Back to top</a></p>',
    ]
    head = [p for p in parts if rng.random() < 0.6]
    foot = [p for p in feet if rng.random() < 0.6]
    return page_plain("".join(head), page), page_plain("".join(foot), page)


def page_plain(text: str, page: Page) -> str:
    if page.dress.encoding == "ascii":
        return "".join(c if ord(c) < 128 else f"&#{ord(c)};" for c in text)
    return text


def _encoded(text: str, encoding: str) -> bytes:
    if encoding in {"ascii", "latin-1", "cp1252"}:
        # What the encoding lacks is written as a reference, as every editor does.
        return text.encode("latin-1" if encoding == "latin-1" else encoding, "xmlcharrefreplace")
    return text.encode(encoding)
