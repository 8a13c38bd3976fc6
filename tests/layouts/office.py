"""The model as a Word file with real lists, footnotes, fields and tables, set by LibreOffice."""

from __future__ import annotations

import random

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt, RGBColor

from .look import Look
from .model import GROUPS, Item, Report, Section
from .programs import libreoffice_pdf
from .web import COLOURS, head_text, polarity_text, running_text

SYMBOL = {
    "•": ("Symbol", "\uf0b7"),
    "▪": ("Wingdings", "\uf0a7"),
    "➢": ("Wingdings", "\uf0d8"),
    "✓": ("Wingdings", "\uf0fc"),
    "o": ("Courier New", "o"),
}


class _Writer:
    def __init__(self, report: Report, look: Look) -> None:
        self.report, self.look = report, look
        self.rng = random.Random(look.seed + 7)
        self.doc = Document()
        self.notes: list[str] = []
        self._settings()
        self._styles()
        self._numbering()

    def _settings(self) -> None:
        look = self.look
        section = self.doc.sections[0]
        section.page_width, section.page_height = Pt(look.page[0]), Pt(look.page[1])
        top, right, bottom, left = look.margins
        section.top_margin, section.bottom_margin = Pt(max(top, 50)), Pt(max(bottom, 50))
        section.left_margin, section.right_margin = Pt(left), Pt(right)
        section.header_distance = section.footer_distance = Pt(26)
        settings = self.doc.settings.element
        if look.mirrored:
            settings.append(OxmlElement("w:mirrorMargins"))
        if look.hyphenate:
            settings.append(OxmlElement("w:autoHyphenation"))
        self._running(section)

    def _running(self, section: object) -> None:
        look = self.look
        section.different_first_page_header_footer = True
        small = Pt(look.size * self.rng.choice([0.75, 0.85, 1.0]))
        for kind, holder in (
            (look.running_head, section.header),
            (look.running_foot, section.footer),
        ):
            paragraph = holder.paragraphs[0]
            text = running_text(self.report, kind if kind != "chapter" else "title") if kind else ""
            head = holder is section.header
            page = look.page_number and (look.page_number == "head") == head
            if text:
                paragraph.add_run(text).font.size = small
            if page:
                if text:
                    paragraph.add_run(
                        "\t\t" if self.rng.random() < 0.6 else "  |  "
                    ).font.size = small
                else:
                    paragraph.alignment = self.rng.choice(
                        [WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT]
                    )
                if look.page_number == "of":
                    paragraph.add_run("Page ").font.size = small
                self._field(paragraph, "PAGE", small)
                if look.page_number == "of":
                    paragraph.add_run(" of ").font.size = small
                    self._field(paragraph, "NUMPAGES", small)

    def _field(self, paragraph: object, code: str, size: Pt) -> None:
        for kind in ("begin", None, "end"):
            run = paragraph.add_run()
            run.font.size = size
            if kind:
                char = OxmlElement("w:fldChar")
                char.set(qn("w:fldCharType"), kind)
                run._r.append(char)
            else:
                text = OxmlElement("w:instrText")
                text.text = code
                run._r.append(text)

    def _styles(self) -> None:
        look = self.look
        normal = self.doc.styles["Normal"]
        normal.font.name, normal.font.size = look.font, Pt(look.size)
        normal.element.rPr.rFonts.set(qn("w:eastAsia"), look.font)
        normal.paragraph_format.space_after = Pt(look.gap)
        normal.paragraph_format.space_before = Pt(0)
        normal.paragraph_format.line_spacing = (
            look.leading if look.leading < 1.35 else Pt(look.size * look.leading)
        )
        if look.justify:
            normal.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        body = look.size if look.body_heads else None
        sizes = [
            look.size * look.heading_scale * 1.5,
            look.size * look.heading_scale * 1.15,
            body or look.size * look.heading_scale,
            body or look.size * max(1.05, look.heading_scale * 0.92),
        ]
        for level, size in enumerate(sizes, start=1):
            style = self.doc.styles[f"Heading {level}"]
            style.font.name, style.font.size, style.font.bold, style.font.italic = (
                look.font,
                Pt(round(size * 2) / 2),
                True,
                False,
            )
            style.element.rPr.rFonts.attrib.clear()
            style.element.rPr.rFonts.set(qn("w:ascii"), look.font)
            style.element.rPr.rFonts.set(qn("w:hAnsi"), look.font)
            style.font.color.rgb = (
                RGBColor(0x1D, 0x3D, 0x6A)
                if look.head_style != "bold" or level < 3
                else RGBColor(0, 0, 0)
            )
            style.font.underline = look.head_style == "underline" and level == 4
            style.paragraph_format.space_before = Pt(look.gap * 1.4 + 3)
            style.paragraph_format.space_after = Pt(self.rng.choice([0, 2, look.gap]))
            style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
            style.paragraph_format.line_spacing = 1.0
            if look.head_style == "bar" and level == 4:
                style.element.get_or_add_pPr().append(
                    parse_xml(
                        f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="DBE6F0"/>'
                    )
                )

    def _numbering(self) -> None:
        look = self.look
        numbering = self.doc.part.numbering_part.element
        font, char = SYMBOL.get(look.glyph, (look.font, look.glyph))
        nested_font, nested = SYMBOL.get(look.nested_glyph, (look.font, look.nested_glyph))
        text_x = look.indent if look.inside else look.indent + look.hang
        hanging = 0 if look.inside else look.hang
        levels = ""
        for level, (glyph, face) in enumerate(((char, font), (nested, nested_font))):
            left = text_x + level * max(14, look.hang)
            suffix = '<w:suff w:val="space"/>' if look.inside else ""
            hang = hanging if level == 0 or look.inside else max(10, look.hang * 0.8)
            size = (
                f'<w:sz w:val="{round(look.size * 2 * look.glyph_size)}"/>'
                if look.glyph_size != 1
                else ""
            )
            levels += f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="bullet"/>{suffix}<w:lvlText w:val="{glyph}"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{round(left * 20)}" w:hanging="{round(hang * 20)}"/></w:pPr><w:rPr><w:rFonts w:ascii="{face}" w:hAnsi="{face}" w:hint="default"/>{size}</w:rPr></w:lvl>'
        numbers = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="720" w:hanging="360"/></w:pPr></w:lvl>'
        first = numbering.find(qn("w:num"))
        for ident, content in ((90, levels), (91, numbers)):
            abstract = parse_xml(
                f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{ident}"><w:multiLevelType w:val="multilevel"/>{content}</w:abstractNum>'
            )
            if first is not None:
                first.addprevious(abstract)
            else:
                numbering.append(abstract)
        for ident in (90, 91):
            numbering.append(
                parse_xml(
                    f'<w:num {nsdecls("w")} w:numId="{ident}"><w:abstractNumId w:val="{ident}"/></w:num>'
                )
            )

    def paragraph(
        self, text: str, *, bold: bool = False, tail: str = "", indent_first: bool = True
    ) -> object:
        p = self.doc.add_paragraph()
        p.add_run(text).bold = bold
        if tail:
            p.add_run(" " + tail).bold = True
        if self.look.first_line and indent_first:
            p.paragraph_format.first_line_indent = Pt(self.look.first_line)
        return p

    def listed(self, text: str, number: int, level: int = 0) -> object:
        p = self.doc.add_paragraph()
        props = p._p.get_or_add_pPr()
        props.append(
            parse_xml(
                f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
            )
        )
        p.paragraph_format.space_after = Pt(self.look.item_gap)
        p.add_run(text)
        return p

    def item(self, item: Item, number: int = 90) -> None:
        before, rest = item.around_call()
        p = self.listed(before, number)
        if item.note:
            self.note(p, item.note)
        if rest:
            p.add_run(" " + rest)
        for nested in item.nested:
            self.listed(nested, number, 1)
        a, b = self.look.quote_marks
        for quote in item.quotes:
            p = self.doc.add_paragraph()
            run = p.add_run(f"{a}{quote}{b}")
            run.italic = self.look.quote_style in ("italic", "both", "bar")
            if self.look.quote_style in ("indent", "both", "bar"):
                p.paragraph_format.left_indent = Pt(self.look.indent + 24)
                p.paragraph_format.right_indent = Pt(24)

    def note(self, paragraph: object, text: str) -> None:
        self.notes.append(text)
        ident = len(self.notes) + 1
        run = paragraph.add_run()
        run.font.superscript = True
        run._r.append(parse_xml(f'<w:footnoteReference {nsdecls("w")} w:id="{ident}"/>'))

    def box(self, section: Section) -> None:
        box, look = section.box, self.look
        assert box is not None
        if look.box_style in ("frame", "title", "fill") and self.rng.random() < 0.5:
            cell = self.doc.add_table(1, 1)
            cell.style = "Table Grid"
            place = cell.rows[0].cells[0]
            cell.autofit = False
            total = look.page[0] - look.margins[1] - look.margins[3]
            place.width = Pt((total - look.gutter) / 2 if self.in_columns else total)
            cell.columns[0].width = place.width  # LibreOffice goes by the grid
            if look.box_style == "fill":
                place._tc.get_or_add_tcPr().append(
                    parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="EEF3F7"/>')
                )
            place.paragraphs[0].add_run(box.title).bold = True
            for text in box.paragraphs:
                place.add_paragraph(text)
            for text in box.bullets:
                p = place.add_paragraph()
                p._p.get_or_add_pPr().append(
                    parse_xml(
                        f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="90"/></w:numPr>'
                    )
                )
                p.add_run(text)
            self.doc.add_paragraph()
            return
        for text, kind in [
            (box.title, "title"),
            *((t, "") for t in box.paragraphs),
            *((t, "item") for t in box.bullets),
        ]:
            p = (
                self.listed(text, 90)
                if kind == "item"
                else self.paragraph(text, bold=kind == "title", indent_first=False)
            )
            p.paragraph_format.space_after = Pt(2)
            props = p._p.get_or_add_pPr()
            sides = ("left",) if look.box_style == "bar" else ("top", "left", "bottom", "right")
            lines = "".join(
                f'<w:{s} w:val="single" w:sz="8" w:space="4" w:color="445566"/>' for s in sides
            )
            if look.box_style != "fill":
                props.append(parse_xml(f"<w:pBdr {nsdecls('w')}>{lines}</w:pBdr>"))
            if look.box_style in ("fill", "bar"):
                props.append(
                    parse_xml(
                        f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="EEF3F7"/>'
                    )
                )
            if kind == "item" and look.box_style != "fill":
                # Word parts boxes of different indents; keep the box whole.
                p.paragraph_format.left_indent = Pt(0)
                p.paragraph_format.first_line_indent = Pt(0)
        self.doc.add_paragraph()

    def table(
        self,
        rows: list[list[str]],
        widths: list[float],
        bold_first: bool = False,
        fills: list[str | None] | None = None,
        style: str | None = None,
    ) -> None:
        look = self.look
        table = self.doc.add_table(len(rows), len(rows[0]))
        kind = style or look.table_style
        if kind in ("ruled", "banner"):
            table.style = "Table Grid"
        table.autofit = False
        total = look.page[0] - look.margins[1] - look.margins[3]
        if look.columns == 2 and self.in_columns:
            total = (total - look.gutter) / 2
        for column, share in zip(table.columns, widths, strict=True):
            column.width = Pt(total * share)  # LibreOffice goes by the grid
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                cell = table.rows[r].cells[c]
                cell.width = Pt(total * widths[c])
                cell.paragraphs[0].paragraph_format.space_after = Pt(2)
                cell.paragraphs[0].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
                cell.paragraphs[0].add_run(text).bold = (bold_first and r == 0) or kind == "banner"
                props = cell._tc.get_or_add_tcPr()
                if kind == "level":
                    props.append(
                        parse_xml(
                            f'<w:tcBorders {nsdecls("w")}><w:top w:val="single" w:sz="4"/><w:bottom w:val="single" w:sz="4"/></w:tcBorders>'
                        )
                    )
                fill = (
                    "E8EEF4"
                    if kind == "zebra" and r % 2 == 0
                    else (fills[r] if fills and c == len(row) - 1 else None)
                )
                if fill:
                    props.append(
                        parse_xml(
                            f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{fill.strip("#").upper().ljust(6, "C")}"/>'
                        )
                    )
        self.doc.add_paragraph().paragraph_format.space_after = Pt(0)

    in_columns = False

    def section(self, section: Section) -> None:
        look = self.look
        self.doc.add_heading(head_text(section, look), 2 if section.code else 3)
        if section.rating:
            if look.rating_style in ("banner", "table"):
                self.table(
                    [[section.description, section.rating]],
                    [0.65, 0.35],
                    fills=[COLOURS[section.rating]],
                    style="banner",
                )
            else:
                self.paragraph(section.description, tail=section.rating, indent_first=False)
        for text in section.intro:
            self.paragraph(text)
        if section.key_questions:
            self.table(
                [["Key question", "Percentage 'Yes'"], *([q, p] for q, p in section.key_questions)],
                [0.7, 0.3],
                bold_first=True,
            )
        self.doc.add_heading(polarity_text(look, "strength"), 4)
        for index, item in enumerate(section.strengths):
            if section.box and section.box_after == index:
                self.box(section)
            self.item(item)
        if section.box and section.box_after >= len(section.strengths):
            self.box(section)
        self.doc.add_heading(polarity_text(look, "area_for_improvement"), 4)
        if section.plain_area:
            self.paragraph(section.areas[0].text)
        else:
            for item in section.areas:
                self.item(item)

    def write(self) -> None:
        report, look, doc = self.report, self.look, self.doc
        for text in (
            "An inspection of probation services in:",
            f"{report.unit} PDU",
            f"The Probation Service – {report.region} region",
            f"HM Inspectorate of Probation, June {report.year}",
        ):
            run = doc.add_paragraph().add_run(text)
            run.bold, run.font.size = True, Pt(look.size * 1.8)
        doc.add_page_break()
        if look.contents != "none":
            doc.add_heading("Contents", 1)
            for index, text in enumerate(
                [
                    "Foreword",
                    "Ratings",
                    "Recommendations",
                    *(f"{k}. {v}" for k, v in GROUPS.items()),
                ]
            ):
                p = doc.add_paragraph(f"{text}\t{index + 3}")
                leader = "dot" if look.contents == "leaders" else "none"
                p._p.get_or_add_pPr().append(
                    parse_xml(
                        f'<w:tabs {nsdecls("w")}><w:tab w:val="right" w:leader="{leader}" w:pos="{round((look.page[0] - look.margins[1] - look.margins[3]) * 20)}"/></w:tabs>'
                    )
                )
        doc.add_heading("Foreword", 1)
        for text in report.foreword:
            self.paragraph(text)
        doc.add_heading("Ratings", 1)
        for text in (
            f"{report.unit} PDU",
            f"Score {report.score}",
            f"Overall rating {report.overall}",
        ):
            self.paragraph(text, bold=True, indent_first=False)
        for group, title in GROUPS.items():
            rows = [
                [s.code, s.title, s.rating or ""]
                for s in report.sections
                if s.code.startswith(group)
            ]
            if rows:
                self.paragraph(f"{group}. {title}", bold=True, indent_first=False)
                self.table(
                    rows,
                    [0.12, 0.5, 0.38],
                    fills=[COLOURS.get(r[2], "#ccc") for r in rows]
                    if look.table_style == "ruled"
                    else None,
                )
        doc.add_heading("Recommendations", 1)
        for addressee, items in report.recommendations:
            self.paragraph(f"{addressee}:", indent_first=False)
            for text in items:
                self.listed(text, 91)
        doc.add_heading("Background", 1)
        for text in report.background:
            self.paragraph(text)
        self._chapters()
        self._save_notes()

    def _chapters(self) -> None:
        report, look, doc = self.report, self.look, self.doc
        for group, title in GROUPS.items():
            own, inside = [], False
            for section in report.sections:
                if section.code:
                    inside = section.code.startswith(group)
                if inside:
                    own.append(section)
            if not own:
                continue
            heading = doc.add_heading(f"{group}. {title}", 1)
            heading.paragraph_format.page_break_before = look.break_chapters
            if look.columns == 2:
                new = doc.add_section(0)
                new._sectPr.xpath("./w:cols")[0].set(qn("w:num"), "2") if new._sectPr.xpath(
                    "./w:cols"
                ) else new._sectPr.append(
                    parse_xml(
                        f'<w:cols {nsdecls("w")} w:num="2" w:space="{round(look.gutter * 20)}"/>'
                    )
                )
                columns = new._sectPr.xpath("./w:cols")[0]
                columns.set(qn("w:space"), str(round(look.gutter * 20)))
                if look.column_rule:
                    columns.set(qn("w:sep"), "1")
                self.in_columns = True
            for section in own:
                self.section(section)
            if look.columns == 2:
                plain = doc.add_section(0)
                plain._sectPr.xpath("./w:cols")[0].set(qn("w:num"), "1")
                self.in_columns = False
        heading = doc.add_heading("Annexe one – Web links", 1)
        heading.paragraph_format.page_break_before = look.break_chapters
        self.paragraph("Further data are on our website.")

    def _save_notes(self) -> None:
        if not self.notes:
            return
        size = round(self.look.size * 0.8 * 2)
        body = '<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:separator/></w:r></w:p></w:footnote><w:footnote w:type="continuationSeparator" w:id="1"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
        from xml.sax.saxutils import escape

        for index, text in enumerate(self.notes):
            raised = '<w:vertAlign w:val="superscript"/>' if self.look.seed % 2 else ""
            body += f'<w:footnote w:id="{index + 2}"><w:p><w:pPr><w:spacing w:after="0" w:line="240" w:lineRule="auto"/></w:pPr><w:r><w:rPr>{raised}<w:sz w:val="{size}"/></w:rPr><w:footnoteRef/></w:r><w:r><w:rPr><w:sz w:val="{size}"/></w:rPr><w:t xml:space="preserve"> {escape(text)}</w:t></w:r></w:p></w:footnote>'
        xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:footnotes {nsdecls("w")}>{body}</w:footnotes>'
        part = Part(
            PackURI("/word/footnotes.xml"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml",
            xml.encode(),
            self.doc.part.package,
        )
        self.doc.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def render_libreoffice(report: Report, look: Look) -> bytes:
    writer = _Writer(report, look)
    writer.write()
    return libreoffice_pdf(lambda path: writer.doc.save(str(path)), tagged=look.tagged)
