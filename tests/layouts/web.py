"""The model as HTML with paged CSS, for WeasyPrint and Chromium."""

from __future__ import annotations

import html
import random

from .look import Look
from .model import GROUPS, Item, Report, Section
from .programs import chromium_pdf

COLOURS = {
    "Inadequate": "#d0021b",
    "Requires improvement": "#f5a623",
    "Good": "#8bc34a",
    "Outstanding": "#2e7d32",
    None: "#ccc",
}
NBSP = "\u00a0"
WEB = ("weasyprint", "chromium")


def number(look: Look, code: str) -> str:
    if not code or not look.numbers:
        return ""
    if look.numbers == "1.1.":
        return f"{code}. "
    return f"P {code} " if look.numbers == "P 1.1" else f"{code} "


def head_text(section: Section, look: Look) -> str:
    text = number(look, section.code) + section.title
    return text.upper() if look.head_style == "caps" and not section.code else text


def polarity_text(look: Look, polarity: str) -> str:
    text = {"strength": "Strengths", "area_for_improvement": "Areas for improvement"}[polarity]
    return text + (":" if look.colon else "")


def running_text(report: Report, kind: str) -> str:
    if kind == "title":
        return f"An inspection of probation services: {report.unit} PDU"
    if kind == "long":
        return (
            f"{report.unit} PDU, {report.region} region – report of an inspection in {report.year}"
        )
    return ""


def css(report: Report, look: Look, rng: random.Random) -> str:
    top, right, bottom, left = look.margins
    weasy = look.producer == "weasyprint"

    def margin_box(kind: str) -> str:
        if kind == "chapter":
            return "string(chapter)"
        return f'"{running_text(report, kind)}"' if kind else '""'

    boxes = []
    align = "center" if look.page_number in ("dash",) else "right"
    page_number = {
        "foot": "counter(page)",
        "of": '"Page " counter(page) " of " counter(pages)',
        "head": "counter(page)",
        "outer": "counter(page)",
        "dash": '"– " counter(page) " –"',
        "": "",
    }[look.page_number]
    if weasy or look.producer == "chromium":
        if look.running_head:
            boxes.append(
                f"@top-left {{ content: {margin_box(look.running_head)}; white-space: nowrap; width: 70% }}"
            )
        if look.running_foot:
            boxes.append(
                f"@bottom-left {{ content: {margin_box(look.running_foot)}; white-space: nowrap; width: 70% }}"
            )
        if page_number:
            where = "top" if look.page_number == "head" else "bottom"
            boxes.append(f"@{where}-{align} {{ content: {page_number} }}")
    if look.producer == "chromium":
        boxes = [b.replace("string(chapter)", '""') for b in boxes]
    mirrored = ""
    if look.mirrored:
        mirrored = f"@page :left {{ margin-left: {right + 22}pt; margin-right: {left}pt }}"
    bar = "border-bottom: .6pt solid #333;" if look.note_rule and rng.random() < 0.3 else ""
    fill = rng.choice(["balance", "auto"])
    body = f"""
@page {{ size: {look.page[0]}pt {look.page[1]}pt; margin: {top}pt {right}pt {bottom}pt {left}pt;
  {" ".join(boxes)}
  @footnote {{ {"border-top: .6pt solid #000; padding-top: 4pt;" if look.note_rule else ""} }} }}
@page :left {{ @bottom-center {{ content: "" }} }}
{mirrored}
@page :first {{ @top-left {{ content: "" }} @bottom-left {{ content: "" }} @bottom-right {{ content: "" }} @top-right {{ content: "" }} @bottom-center {{ content: "" }} }}
html {{ font: {look.size}pt/{look.leading} {look.font}; {"hyphens: auto;" if look.hyphenate else ""} }}
@page {{ font-size: {rng.choice([0.75, 0.8, 0.9, 1.0]) * look.size}pt; {bar} }}
body {{ margin: 0; {"text-align: justify;" if look.justify else ""} orphans: {rng.choice([1, 2])}; widows: {rng.choice([1, 2])} }}
p {{ margin: 0 0 {look.gap}pt; {f"text-indent: {look.first_line}pt;" if look.first_line else ""} }}
h1, h2, h3, h4 {{ text-align: left; hyphens: none; margin: {look.gap * 1.6 + 3}pt 0 {look.gap + 1}pt; line-height: 1.2; break-after: avoid }}
h1 {{ font-size: {look.size * look.heading_scale * 1.5}pt; string-set: chapter content() }}
h2 {{ font-size: {look.size * look.heading_scale * 1.15}pt }}
h3 {{ font-size: {look.size if look.body_heads else look.size * look.heading_scale}pt }}
h4 {{ font-size: {look.size if look.body_heads else look.size * max(1.05, look.heading_scale * 0.92)}pt; {polarity_css(look)} }}
{"h1 { break-before: page }" if look.break_chapters else ""}
.cols {{ {f"columns: 2; column-gap: {look.gutter}pt; column-fill: {fill};" if look.columns == 2 else ""} {"column-rule: .5pt solid #888;" if look.columns == 2 and look.column_rule else ""} }}
ul, ol {{ margin: 0 0 {look.gap}pt; padding: 0 }}
{list_css(look)}
ol.recs > li {{ margin-left: {max(14, look.indent) + 6}pt; margin-bottom: {look.item_gap}pt }}
.quote {{ {quote_css(look)} }}
.fn {{ float: footnote; font-size: {look.size * rng.choice([0.75, 0.8, 0.85])}pt; line-height: 1.2; text-align: left; font-style: normal; text-indent: 0; {note_css(look)} }}
.fn::footnote-call {{ {call_css(look, rng)} }}
.fn::footnote-marker {{ {marker_css(look)} }}
.box {{ {box_css(look)} margin: {look.gap}pt 0; text-indent: 0; break-inside: {rng.choice(["auto", "avoid"])} }}
.box p {{ text-indent: 0 }}
.box h5 {{ margin: 0 0 4pt; font-size: {look.size * rng.choice([1, 1.1])}pt; {"background: #35506b; color: white; padding: 4pt 8pt; margin: -8pt -8pt 6pt;" if look.box_style == "title" else ""} }}
table {{ border-collapse: collapse; width: {rng.choice(["100%", "100%", "85%"])}; margin: 0 0 {look.gap + 2}pt; text-align: left; hyphens: none; text-indent: 0 }}
td, th {{ padding: {rng.choice([3, 4, 6])}pt 6pt; vertical-align: {rng.choice(["top", "middle"])}; {table_css(look)} }}
td.pc {{ width: {rng.choice([18, 25, 30])}% }}
{"tr:nth-child(odd) td { background: #e8eef4 }" if look.table_style == "zebra" else ""}
.banner td {{ border: .8pt solid #444; font-weight: bold }} .banner td.r {{ width: {rng.choice([25, 32, 40])}% }}
.toc p {{ text-indent: 0; margin: 0 0 3pt }} .toc {{ text-align: left }}
.toc.leaders a::after {{ content: leader('.') attr(data-p) }}
.toc.tab a {{ display: block; overflow: hidden }} .toc.tab a b {{ float: right; font-weight: normal }}
.cover {{ text-align: left; break-after: page }} .cover p {{ font-size: {look.size * 1.8}pt; text-indent: 0; line-height: 1.25; margin-bottom: 20pt; font-weight: bold }}
.score {{ font-weight: bold; text-indent: 0 }}
{"h1, h2 { letter-spacing: .6pt }" if look.loose else ""}
"""
    if not weasy:
        body = body.replace("float: footnote;", "display: none;")
    return body


def polarity_css(look: Look) -> str:
    return {
        "bold": "font-weight: bold",
        "underline": "font-weight: normal; text-decoration: underline"
        if not look.body_heads
        else "text-decoration: underline",
        "colour": "color: #1d5a8a; font-weight: bold",
        "caps": "font-weight: bold",
        "bar": "background: #dbe6f0; padding: 3pt 5pt; font-weight: bold",
    }[look.head_style]


def list_css(look: Look) -> str:
    glyph = look.glyph.replace("\\", "\\\\").replace('"', '\\"')
    if look.inside:
        main = f"ul.f > li {{ list-style: none; margin: 0 0 {look.item_gap}pt {look.indent}pt }} ul.f > li::before {{ content: '{glyph}{NBSP}'; font-size: {look.glyph_size}em }}"
    elif look.seed % 3 == 0:
        pad = look.indent + look.hang
        main = f"ul.f > li {{ list-style: '{glyph}{' ' if look.seed % 2 else NBSP * 2}' outside; margin: 0 0 {look.item_gap}pt {max(pad, 16)}pt }}"
    elif look.seed % 7 == 1:
        main = f"ul.f > li {{ list-style: {['disc', 'square', 'circle'][look.seed % 5 % 3]} outside; margin: 0 0 {look.item_gap}pt {max(look.indent + look.hang, 18)}pt }}"
    else:
        main = (
            f"ul.f > li {{ list-style: none; margin: 0 0 {look.item_gap}pt {look.indent + look.hang}pt; text-indent: -{look.hang}pt }} "
            f"ul.f > li::before {{ content: '{glyph}'; display: inline-block; width: {look.hang}pt; text-indent: 0; text-align: left; font-size: {1 if look.hang < 14 else look.glyph_size}em }}"
        )
    nested = f"ul.n {{ margin: {look.item_gap}pt 0 0 0; text-indent: 0 }} ul.n > li {{ list-style: '{look.nested_glyph}  ' outside; margin: 0 0 {look.item_gap / 2}pt {max(14, look.hang) + (16 if look.inside else 0)}pt; text-indent: 0 }}"
    boxed = f"ul.b > li {{ list-style: '{glyph}  ' outside; margin: 0 0 2pt 16pt; text-indent: 0 }}"
    return f"{main}\n{nested}\n{boxed}"


def quote_css(look: Look) -> str:
    base = "text-indent: 0; "
    if look.quote_style in ("italic", "both"):
        base += "font-style: italic; "
    if look.quote_style in ("indent", "both"):
        base += f"margin: {look.gap}pt 24pt {look.gap}pt {look.indent + 24}pt; "
    if look.quote_style == "bar":
        base += "border-left: 2.5pt solid #7a9; padding-left: 9pt; margin-left: 12pt; "
    return base


def note_css(look: Look) -> str:
    return "footnote-display: block" if look.seed % 2 else ""


def call_css(look: Look, rng: random.Random) -> str:
    style = f"font-size: {rng.choice([0.6, 0.65, 0.75])}em; vertical-align: super; line-height: 0; font-style: normal"
    if look.note_mark == "bracket":
        return f"content: '[' counter(footnote) ']'; {style}"
    if look.note_mark == "star":
        return f"content: counter(footnote, symbols('*' '†' '‡')); {style}"
    return f"content: counter(footnote); {style}"


def marker_css(look: Look) -> str:
    if look.note_mark == "bracket":
        return "content: '[' counter(footnote) '] '"
    if look.note_mark == "star":
        return "content: counter(footnote, symbols('*' '†' '‡')) ' '"
    return [
        "content: counter(footnote) ' '",
        "content: counter(footnote) '. '",
        "content: counter(footnote) ' '; font-size: .65em; vertical-align: super; line-height: 0",
    ][look.seed % 3]


def box_css(look: Look) -> str:
    return {
        "frame": "border: 1pt solid #456; padding: 8pt;",
        "fill": "background: #eef3f7; padding: 8pt;",
        "bar": "border-left: 4pt solid #456; background: #f3f6f9; padding: 6pt 10pt;",
        "title": "border: 1pt solid #35506b; padding: 8pt; overflow: hidden;",
    }[look.box_style]


def table_css(look: Look) -> str:
    return {
        "ruled": "border: .7pt solid #333;",
        "level": "border-bottom: .5pt solid #555; border-top: .5pt solid #555;",
        "zebra": "",
        "none": "",
    }[look.table_style]


def esc(text: str) -> str:
    return html.escape(text, quote=False)


def item_html(item: Item, look: Look) -> str:
    text = esc(item.text)
    if item.note and look.producer == "weasyprint":
        before, rest = item.around_call()
        text = f'{esc(before)}<span class="fn">{esc(item.note)}</span>'
        text += f" {esc(rest)}" if rest else ""
    if item.nested:
        text += '<ul class="n">' + "".join(f"<li>{esc(n)}</li>" for n in item.nested) + "</ul>"
    return f"<li>{text}</li>"


def items_html(items: list[Item], look: Look, section: Section, with_box: bool) -> str:
    out, open_ = [], False
    for index, item in enumerate(items):
        if with_box and section.box and section.box_after == index:
            out.append("</ul>" if open_ else "")
            out.append(box_html(section))
            open_ = False
        if not open_:
            out.append('<ul class="f">')
            open_ = True
        out.append(item_html(item, look))
        if item.quotes:
            out.append("</ul>")
            open_ = False
            a, b = look.quote_marks
            out.extend(f'<p class="quote">{a}{esc(q)}{b}</p>' for q in item.quotes)
    out.append("</ul>" if open_ else "")
    if with_box and section.box and section.box_after >= len(items):
        out.append(box_html(section))
    return "".join(out)


def box_html(section: Section) -> str:
    box = section.box
    assert box is not None
    bullets = "".join(f"<li>{esc(b)}</li>" for b in box.bullets)
    return (
        f'<div class="box"><h5>{box.title}</h5>'
        + "".join(f"<p>{esc(p)}</p>" for p in box.paragraphs)
        + (f'<ul class="b">{bullets}</ul>' if bullets else "")
        + "</div>"
    )


def section_html(section: Section, look: Look) -> str:
    tag = "h2" if section.code else "h3"
    out = [f"<{tag}>{esc(head_text(section, look))}</{tag}>"]
    if section.rating:
        colour = COLOURS[section.rating]
        if look.rating_style in ("banner", "table"):
            out.append(
                f'<table class="banner"><tr><td>{esc(section.description)}</td><td class="r" style="background:{colour}">{section.rating}</td></tr></table>'
            )
        elif look.rating_style == "box":
            out.append(
                f'<p style="text-indent:0">{esc(section.description)}</p><p style="text-indent:0;border:1pt solid #333;background:{colour};padding:4pt"><b>{section.rating}</b></p>'
            )
        else:
            out.append(f"<p>{esc(section.description)} <b>{section.rating}</b></p>")
    out.extend(f"<p>{esc(p)}</p>" for p in section.intro)
    if section.key_questions:
        rows = "".join(
            f'<tr><td>{esc(q)}</td><td class="pc">{p}</td></tr>' for q, p in section.key_questions
        )
        out.append(f"<table><tr><th>Key question</th><th>Percentage 'Yes'</th></tr>{rows}</table>")
    out.append(f"<h4>{polarity_text(look, 'strength')}</h4>")
    out.append(items_html(section.strengths, look, section, True))
    out.append(f"<h4>{polarity_text(look, 'area_for_improvement')}</h4>")
    if section.plain_area:
        out.append(f"<p>{esc(section.areas[0].text)}</p>")
        a, b = look.quote_marks
        out.extend(f'<p class="quote">{a}{esc(q)}{b}</p>' for q in section.areas[0].quotes)
    else:
        out.append(items_html(section.areas, look, section, False))
    return "".join(out)


def page_html(report: Report, look: Look) -> str:
    rng = random.Random(look.seed + 5)
    parts = [
        f'<div class="cover"><p>An inspection of probation services in:</p><p>{report.unit} PDU</p><p>The Probation Service – {report.region} region</p><p>HM Inspectorate of Probation, June {report.year}</p></div>'
    ]
    if look.contents != "none":
        entries = [
            "Foreword",
            "Ratings",
            "Recommendations",
            "Background",
            *(f"{k}. {v}" for k, v in GROUPS.items()),
        ]
        rows = "".join(
            f'<p><a data-p="{3 + i}">{esc(e)}{f"<b>{3 + i}</b>" if look.contents == "tab" else ""}</a></p>'
            for i, e in enumerate(entries)
        )
        if look.producer == "chromium" and look.contents == "leaders":
            rows = "".join(f"<p>{esc(e)} {'.' * 60} {3 + i}</p>" for i, e in enumerate(entries))
        parts.append(f'<h1>Contents</h1><div class="toc {look.contents}">{rows}</div>')
    parts.append("<h1>Foreword</h1>" + "".join(f"<p>{esc(p)}</p>" for p in report.foreword))
    parts.append(
        "<h1>Ratings</h1>"
        + f'<p class="score">{report.unit} PDU</p><p class="score">Score {report.score}</p><p class="score">Overall rating {report.overall}</p>'
    )
    for group, title in GROUPS.items():
        rows = "".join(
            f'<tr><td style="width:10%">{s.code}</td><td>{s.title}</td><td style="{"background:" + COLOURS[s.rating] if look.table_style == "ruled" else ""}">{s.rating}</td></tr>'
            for s in report.sections
            if s.code.startswith(group)
        )
        if rows:
            parts.append(f'<p class="score">{group}. {title}</p><table>{rows}</table>')
    parts.append("<h1>Recommendations</h1>")
    start = 1
    for addressee, items in report.recommendations:
        parts.append(
            f'<p style="text-indent:0">{addressee}:</p><ol class="recs" start="{start}">'
            + "".join(f"<li>{esc(i)}</li>" for i in items)
            + "</ol>"
        )
        start += len(items)
    parts.append("<h1>Background</h1>" + "".join(f"<p>{esc(p)}</p>" for p in report.background))
    for group, title in GROUPS.items():
        own, inside = [], False
        for section in report.sections:
            if section.code:
                inside = section.code.startswith(group)
            if inside:
                own.append(section)
        if own:
            parts.append(
                f'<h1>{group}. {title}</h1><div class="cols">'
                + "".join(section_html(s, look) for s in own)
                + "</div>"
            )
    parts.append("<h1>Annexe one – Web links</h1><p>Further data are on our website.</p>")
    return f'<!doctype html><html lang="en-GB"><head><title>{report.unit}</title><style>{css(report, look, rng)}</style></head><body>{"".join(parts)}</body></html>'


def print_page(page: str, look: Look) -> bytes:
    """Print a page of HTML with the producer of a look."""
    if look.producer == "chromium":
        return chromium_pdf(page)
    from weasyprint import HTML

    options = {"pdf_tags": True} if look.tagged else {}
    return bytes(HTML(string=page).write_pdf(**options))
