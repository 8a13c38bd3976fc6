"""The model through reportlab, whose stream has its own order, fonts and way with bullets."""

from __future__ import annotations

import io
import random
from xml.sax.saxutils import escape as esc

from reportlab.lib import colors
from reportlab.lib.enums import TA_JUSTIFY, TA_LEFT
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import (
    BaseDocTemplate,
    Frame,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from .look import Look
from .model import GROUPS, Item, Report, Section
from .web import COLOURS, head_text, polarity_text, running_text

STANDARD = set("•–-*—»")  # signs that the standard fonts hold


def render_reportlab(report: Report, look: Look) -> bytes:
    rng = random.Random(look.seed + 3)
    regular = look.font
    family = {
        "Helvetica": ("Helvetica-Bold", "Helvetica-Oblique"),
        "Times-Roman": ("Times-Bold", "Times-Italic"),
    }[regular]
    bold, italic = family
    top, right, bottom, left = look.margins
    lead = look.size * max(1.1, look.leading)
    align = TA_JUSTIFY if look.justify else TA_LEFT
    body = ParagraphStyle(
        "body",
        fontName=regular,
        fontSize=look.size,
        leading=lead,
        spaceAfter=look.gap,
        alignment=align,
        firstLineIndent=look.first_line,
    )
    plain = ParagraphStyle("plain", parent=body, firstLineIndent=0)
    strong = ParagraphStyle("strong", parent=plain, fontName=bold)
    small = look.size if look.body_heads else look.size * look.heading_scale
    heads = [
        ParagraphStyle(
            f"h{i}",
            fontName=bold,
            fontSize=s,
            leading=s * 1.2,
            spaceBefore=look.gap + 4,
            spaceAfter=look.gap,
            keepWithNext=1,
        )
        for i, s in enumerate(
            (
                look.size * look.heading_scale * 1.5,
                look.size * look.heading_scale * 1.15,
                small,
                small,
            )
        )
    ]
    text_x = look.indent if look.inside else look.indent + look.hang
    glyph = look.glyph if look.glyph in STANDARD else "•"
    bullet = ParagraphStyle(
        "bullet",
        parent=plain,
        leftIndent=text_x,
        bulletIndent=look.indent,
        bulletFontName=regular,
        bulletFontSize=look.size,
        spaceAfter=look.item_gap,
    )
    inner = ParagraphStyle(
        "inner",
        parent=bullet,
        leftIndent=text_x + max(14, look.hang) + (14 if look.inside else 0),
        bulletIndent=text_x + (14 if look.inside else 2),
    )
    quote = ParagraphStyle(
        "quote",
        parent=plain,
        fontName=italic if look.quote_style in ("italic", "both") else regular,
        leftIndent=look.indent + 24 if look.quote_style != "italic" else 0,
        rightIndent=24,
    )
    cell = ParagraphStyle("cell", parent=plain, spaceAfter=0, alignment=TA_LEFT)
    width = look.page[0] - left - right
    column = (width - look.gutter) / 2 if look.columns == 2 else width
    story: list[object] = [Spacer(1, 80)]

    def add_items(items: list[Item], section: Section | None) -> None:
        for index, item in enumerate(items):
            if section and section.box and section.box_after == index:
                add_box(section)
            text = esc(item.text)
            if item.note:
                before, rest = item.around_call()
                text = (
                    esc(before)
                    + f'<super size="{look.size * 0.6:.1f}">{rng.randint(1, 40)}</super>'
                    + esc(f" {rest}").rstrip()
                )
            if look.inside:
                style = ParagraphStyle(
                    "inside", parent=bullet, leftIndent=look.indent, firstLineIndent=0
                )
                story.append(Paragraph(f"{glyph} {text}", style))
            else:
                story.append(Paragraph(text, bullet, bulletText=glyph))
            story.extend(
                Paragraph(esc(n), inner, bulletText="–" if glyph != "–" else "•")
                for n in item.nested
            )
            a, b = look.quote_marks
            story.extend(Paragraph(esc(f"{a}{q}{b}"), quote) for q in item.quotes)
        if section and section.box and section.box_after >= len(items):
            add_box(section)

    def add_box(section: Section) -> None:
        box = section.box
        assert box is not None
        content = [
            Paragraph(f"<b>{box.title}</b>", cell),
            *(Paragraph(esc(p), cell) for p in box.paragraphs),
            *(Paragraph(esc(t), bullet, bulletText=glyph) for t in box.bullets),
        ]
        style = (
            [("BOX", (0, 0), (-1, -1), 0.8, colors.black)]
            if look.box_style != "fill"
            else [("BACKGROUND", (0, 0), (-1, -1), colors.HexColor("#eef3f7"))]
        )
        story.append(Table([[content]], colWidths=[here()], style=TableStyle(style)))
        story.append(Spacer(1, look.gap))

    state = {"columns": False}

    def here() -> float:
        return column - 12 if state["columns"] else width - 12

    def add_table(rows: list[list[str]], widths: list[float], fills: bool = False) -> None:
        style = {
            "ruled": [("GRID", (0, 0), (-1, -1), 0.6, colors.black)],
            "level": [
                ("LINEBELOW", (0, 0), (-1, -1), 0.5, colors.grey),
                ("LINEABOVE", (0, 0), (-1, 0), 0.5, colors.grey),
            ],
            "zebra": [
                ("ROWBACKGROUNDS", (0, 0), (-1, -1), [colors.HexColor("#e8eef4"), colors.white])
            ],
            "none": [],
        }[look.table_style]
        style = [*style, ("VALIGN", (0, 0), (-1, -1), rng.choice(["TOP", "MIDDLE"]))]
        if fills:
            style = [
                ("BOX", (0, 0), (-1, -1), 0.6, colors.black),
                ("INNERGRID", (0, 0), (-1, -1), 0.6, colors.black),
                (
                    "BACKGROUND",
                    (-1, 0),
                    (-1, -1),
                    colors.HexColor(
                        COLOURS.get(rows[0][-1], "#cccccc").replace("#ccc", "#cccccc")
                        if len(COLOURS.get(rows[0][-1], "#cccccc")) == 4
                        else COLOURS.get(rows[0][-1], "#cccccc")
                    ),
                ),
            ]
        story.append(
            Table(
                [[Paragraph(esc(t), cell) for t in row] for row in rows],
                colWidths=[w * here() for w in widths],
                style=TableStyle(style),
            )
        )
        story.append(Spacer(1, look.gap))

    story += [
        Paragraph(esc(text), heads[0])
        for text in (
            "An inspection of probation services in:",
            f"{report.unit} PDU",
            f"The Probation Service – {report.region} region",
            f"HM Inspectorate of Probation, June {report.year}",
        )
    ]
    story += [
        NextPageTemplate("one"),
        PageBreak(),
        Paragraph("Foreword", heads[0]),
        *(Paragraph(esc(p), body) for p in report.foreword),
    ]
    story.append(Paragraph("Ratings", heads[0]))
    story += [
        Paragraph(t, strong)
        for t in (f"{report.unit} PDU", f"Score {report.score}", f"Overall rating {report.overall}")
    ]
    for group, title in GROUPS.items():
        rows = [
            [s.code, s.title, s.rating or ""] for s in report.sections if s.code.startswith(group)
        ]
        if rows:
            story.append(Paragraph(f"{group}. {title}", strong))
            add_table(rows, [0.12, 0.5, 0.38])
    story.append(Paragraph("Recommendations", heads[0]))
    start = 1
    for addressee, items in report.recommendations:
        story.append(Paragraph(f"{addressee}:", plain))
        for text in items:
            story.append(
                Paragraph(
                    esc(text),
                    ParagraphStyle("rec", parent=plain, leftIndent=30, bulletIndent=12),
                    bulletText=f"{start}.",
                )
            )
            start += 1
    story.append(Paragraph("Background", heads[0]))
    story += [Paragraph(esc(p), body) for p in report.background]
    for group, title in GROUPS.items():
        own, inside = [], False
        for section in report.sections:
            if section.code:
                inside = section.code.startswith(group)
            if inside:
                own.append(section)
        if not own:
            continue
        if look.columns == 2:
            story += [NextPageTemplate("two"), PageBreak()]
            state["columns"] = True
        elif look.break_chapters:
            story.append(PageBreak())
        story.append(Paragraph(f"{group}. {title}", heads[0]))
        for section in own:
            story.append(
                Paragraph(esc(head_text(section, look)), heads[1] if section.code else heads[2])
            )
            if section.rating:
                if look.rating_style in ("banner", "table"):
                    add_table([[section.description, section.rating]], [0.65, 0.35], fills=True)
                else:
                    story.append(
                        Paragraph(f"{esc(section.description)} <b>{section.rating}</b>", plain)
                    )
            story += [Paragraph(esc(p), body) for p in section.intro]
            if section.key_questions:
                add_table(
                    [
                        ["Key question", "Percentage 'Yes'"],
                        *([q, p] for q, p in section.key_questions),
                    ],
                    [0.7, 0.3],
                )
            story.append(Paragraph(polarity_text(look, "strength"), heads[3]))
            add_items(section.strengths, section)
            story.append(Paragraph(polarity_text(look, "area_for_improvement"), heads[3]))
            if section.plain_area:
                story.append(Paragraph(esc(section.areas[0].text), body))
            else:
                add_items(section.areas, None)
        if look.columns == 2:
            story += [NextPageTemplate("one"), PageBreak()]
            state["columns"] = False
    story.append(Paragraph("Annexe one – Web links", heads[0]))
    story.append(Paragraph("Further data are on our website.", body))

    def decorate(sheet: object, document: object) -> None:
        sheet.setFont(regular, look.size * 0.8)
        if look.running_head:
            sheet.drawString(
                left, look.page[1] - 24, running_text(report, look.running_head) or report.unit
            )
        if look.running_foot:
            sheet.drawString(left, 20, running_text(report, look.running_foot) or report.unit)
        if look.page_number:
            text = {"of": f"Page {document.page} of 30", "dash": f"– {document.page} –"}.get(
                look.page_number, str(document.page)
            )
            if look.page_number == "outer" and document.page % 2 == 0 and not look.running_foot:
                sheet.drawString(left, 20, text)
            else:
                sheet.drawRightString(look.page[0] - right, 20, text)

    out = io.BytesIO()
    file = BaseDocTemplate(out, pagesize=look.page, title=report.unit)
    high = look.page[1] - max(top, 44) - max(bottom, 44)
    base = max(bottom, 44)
    whole = Frame(left, base, width, high, 0, 0, 0, 0)
    pair = [
        Frame(left, base, column, high, 0, 0, 0, 0),
        Frame(left + column + look.gutter, base, column, high, 0, 0, 0, 0),
    ]
    file.addPageTemplates(
        [
            PageTemplate("cover", [whole]),
            PageTemplate("one", [whole], onPage=decorate),
            PageTemplate("two", pair, onPage=decorate),
        ]
    )
    file.build(story)
    return out.getvalue()
