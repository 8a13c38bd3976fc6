"""Word documents (.docx) are read as their writer sees them; deletions and bombs do not count."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

import invented
from pipelines import read_document, segment_document
from pipelines.errors import UnreadableDocument
from pipelines.flow.sources.find import find_sources
from pipelines.read import Limits
from pipelines.records import BlockKind

LEVELS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4}


def written(paper, folder, name="report.docx"):
    paper.save(folder / name)
    return folder / name


def kinds(document):
    return [(block.kind, block.text) for block in document.blocks]


def added(paragraph, inner):
    paragraph._p.append(parse_xml(f"<w:x {nsdecls('w')}>{inner}</w:x>")[0])


@pytest.fixture
def paper():
    return docx.Document()


@pytest.mark.parametrize("number", range(3))
def test_a_report_in_words_styles_gives_the_findings_of_the_same_report_as_text(tmp_path, number):
    report = invented.invent(number)
    text = tmp_path / "report.txt"
    text.write_bytes(invented.as_text(report))
    expected = segment_document(read_document(text))
    paper = docx.Document()
    for kind, words in invented._parts(report):
        if kind in LEVELS:
            paper.add_heading(words, LEVELS[kind])
        else:
            paper.add_paragraph(words, style="List Bullet" if kind == "li" else None)
    found = segment_document(read_document(written(paper, tmp_path)))
    assert [(f.text, f.polarity, f.standard) for f in found.findings] == [
        (f.text, f.polarity, f.standard) for f in expected.findings
    ]
    assert len(found.findings) > 3


def test_what_is_deleted_hidden_or_of_the_program_is_no_text(tmp_path, paper):
    paragraph = paper.add_paragraph("Plans were ")
    added(paragraph, "<w:ins><w:r><w:t>clear</w:t></w:r></w:ins>")
    added(paragraph, "<w:del><w:r><w:delText>muddled</w:delText></w:r></w:del>")
    added(paragraph, "<w:r><w:rPr><w:vanish/></w:rPr><w:t> (check this)</w:t></w:r>")
    added(paragraph, '<w:r><w:instrText> HYPERLINK "x" </w:instrText></w:r>')
    added(paragraph, "<w:hyperlink><w:r><w:t> and shared</w:t></w:r></w:hyperlink>")
    paper.sections[0].header.paragraphs[0].text = "Draft"
    document = read_document(written(paper, tmp_path))
    assert document.text == "Plans were clear and shared"
    assert any("tracked changes" in warning for warning in document.warnings)


@pytest.mark.parametrize(
    ("properties", "seen"),
    [
        ('<w:highlight w:val="black"/><w:color w:val="000000"/>', False),
        ('<w:highlight w:val="black"/>', False),  # automatic letters stay black there
        ('<w:highlight w:val="black"/><w:color w:val="FFFFFF"/>', True),
        ('<w:highlight w:val="yellow"/>', True),
        ('<w:shd w:val="clear" w:fill="000000"/>', True),  # automatic letters turn white there
        ('<w:shd w:val="clear" w:fill="000000"/><w:color w:val="000000"/>', False),
        ('<w:shd w:val="solid" w:color="808080"/><w:color w:val="808080"/>', False),
        ('<w:shd w:val="clear" w:fill="1F3864"/><w:color w:val="FFFFFF"/>', True),
        ('<w:shd w:val="clear" w:fill="auto"/><w:color w:val="auto"/>', True),
        ('<w:color w:val="FFFFFF"/>', False),  # dark letters stand beside them
        ('<w:color w:val="E7E6E6"/>', True),
        ('<w:color w:val="FFFFFF" w:themeColor="background1"/>', True),
        ('<w:highlight w:val="darkBlue"/><w:color w:val="000080"/>', False),
        ('<w:sz w:val="3"/>', True),
        ('<w:sz w:val="2"/>', False),
        ("<w:vanish/>", False),
        ('<w:vanish w:val="0"/>', True),
    ],
)
def test_words_that_nobody_sees_are_left_out_and_counted(tmp_path, paper, properties, seen):
    paragraph = paper.add_paragraph("Lifts worked.")
    added(paragraph, f"<w:r><w:rPr>{properties}</w:rPr><w:t> For Jane.</w:t></w:r>")
    document = read_document(written(paper, tmp_path))
    assert document.text == f"Lifts worked.{' For Jane.' * seen}"
    assert any("2 words that nobody sees" in warning for warning in document.warnings) is not seen


@pytest.mark.parametrize(
    "kind",
    [
        "vnd.ms-word.document.macroEnabled.main+xml",
        "vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
    ],
)
def test_templates_and_documents_with_macros_are_read_as_documents(tmp_path, paper, kind):
    paper.add_paragraph("Lifts worked.")
    usual = b"vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    target = tmp_path / "report.docm"
    with zipfile.ZipFile(written(paper, tmp_path)) as old, zipfile.ZipFile(target, "w") as new:
        for part in old.namelist():
            new.writestr(part, old.read(part).replace(usual, kind.encode()))
    assert read_document(target).text == "Lifts worked."
    assert target.name in {Path(source.path).name for source in find_sources(tmp_path)}


def test_raised_figures_are_calls_but_in_areas(tmp_path, paper):
    """As in PDFs: programs that convert documents write the calls of footnotes as raised text."""
    paragraph = paper.add_paragraph()
    for text in ("Plans were thin", "1", " in rooms of 40 m", "2", " and more."):
        paragraph.add_run(text).font.superscript = text.isdecimal()
    assert read_document(written(paper, tmp_path)).text == (
        "Plans were thin in rooms of 40 m² and more."
    )


def test_white_letters_stay_where_something_dark_may_be_behind_them(tmp_path, paper):
    white = '<w:r><w:rPr><w:color w:val="FFFFFF"/></w:rPr><w:t> For Jane.</w:t></w:r>'
    added(paper.add_paragraph(), white)  # a shape, as on covers
    shaded = paper.add_paragraph("Lifts worked.")
    shaded._p.get_or_add_pPr().append(parse_xml(f'<w:shd {nsdecls("w")} w:fill="1F3864"/>'))
    added(shaded, white)
    added(paper.add_table(1, 2).cell(0, 0).paragraphs[0], white)
    rating = paper.styles.add_style("Rating", WD_STYLE_TYPE.CHARACTER).element.get_or_add_rPr()
    rating.append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="00703C"/>'))
    styled = white.replace("<w:rPr>", '<w:rPr><w:rStyle w:val="Rating"/>')
    added(paper.add_paragraph("Lifts worked."), styled)
    document = read_document(written(paper, tmp_path))
    assert document.text.count("For Jane.") == 4
    assert document.warnings == ()


def test_white_letters_stay_where_a_document_has_shapes(tmp_path, paper):
    white = '<w:r><w:rPr><w:color w:val="FFFFFF"/></w:rPr><w:t>1</w:t></w:r>'
    for run in ("<w:r><w:pict/></w:r>", white, "<w:r><w:t> Lifts worked.</w:t></w:r>"):
        added(paper.paragraphs[-1] if paper.paragraphs else paper.add_paragraph(), run)
    assert "1 Lifts worked." in read_document(written(paper, tmp_path)).text


def test_lists_are_known_by_style_or_by_numbering_and_nest(tmp_path, paper):
    paper.add_paragraph("Cases were seen weekly.", style="List Bullet")
    paper.add_paragraph("most at home", style="List Bullet 2")
    paper.add_paragraph("Recruit to vacancies.", style="List Number")
    paper.add_paragraph("Review the estate.", style="List Number")
    blocks = read_document(written(paper, tmp_path)).blocks
    assert blocks[0].kind is BlockKind.BULLET
    assert blocks[0].text == "Cases were seen weekly. most at home"
    numbered = [b for b in blocks if b.kind is BlockKind.NUMBERED]
    assert [(b.marker.rstrip("."), b.text) for b in numbered] == [
        ("1", "Recruit to vacancies."),
        ("2", "Review the estate."),
    ]


def test_boxes_of_one_cell_text_boxes_and_content_controls_hold_text_in_their_place(
    tmp_path, paper
):
    cell = paper.add_table(1, 1).cell(0, 0)
    cell.paragraphs[0].text = "Strengths:"
    cell.add_paragraph("Staff felt supported.", style="List Bullet")
    anchor = paper.add_paragraph("Beside the box.")
    shape = (
        '<w:txbxContent xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        "<w:p><w:r><w:t>In the box.</w:t></w:r></w:p></w:txbxContent>"
    )
    compatible = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    anchor._p.append(
        parse_xml(
            f"<w:r {nsdecls('w')}><mc:AlternateContent xmlns:mc='{compatible}'>"
            f"<mc:Choice Requires='wps'>{shape}</mc:Choice>"
            f"<mc:Fallback>{shape}</mc:Fallback></mc:AlternateContent></w:r>"
        )
    )
    paper.element.body.insert(
        0,
        parse_xml(
            f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>Controlled.</w:t></w:r></w:p>"
            "</w:sdtContent></w:sdt>"
        ),
    )
    found = kinds(read_document(written(paper, tmp_path)))
    assert [text for _, text in found] == [
        "Controlled.",
        "Strengths:",
        "Staff felt supported.",
        "Beside the box.",
        "In the box.",
    ]
    assert found[2][0] is BlockKind.BULLET


def test_markup_in_the_text_is_text(tmp_path, paper):
    paper.add_paragraph("A <script>alert(1)</script> & more")
    assert read_document(written(paper, tmp_path)).text == "A <script>alert(1)</script> & more"


def repacked(path, change):
    """Write the file anew with `change(name, data)` for each part."""
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts.items():
            target.writestr(name, change(name, data))
    path.write_bytes(out.getvalue())
    return path


def test_a_file_that_unpacks_to_more_than_the_limit_is_refused_unopened(tmp_path, paper):
    paper.add_paragraph("Short.")
    path = repacked(
        written(paper, tmp_path),
        lambda name, data: data + b" " * 3_000_000 if name == "word/document.xml" else data,
    )
    assert path.stat().st_size < 100_000
    assert read_document(path).text == "Short."
    with pytest.raises(UnreadableDocument, match="unpacks to") as refused:
        read_document(path, limits=Limits(max_bytes=1_000_000))
    assert "max_bytes" in refused.value.remedy


def test_strict_open_xml_is_read_as_what_is_mostly_saved(tmp_path, paper):
    paper.add_heading("Strengths", 2)
    paper.add_paragraph("The hall was open every day.", style="List Bullet")

    def strict(name, data):
        usual = rb"http://schemas\.openxmlformats\.org/(\w+)/2006/(?!metadata)"
        return (
            re.sub(usual, rb"http://purl.oclc.org/ooxml/\1/", data) if "Types" not in name else data
        )

    expected = kinds(read_document(path := written(paper, tmp_path)))
    assert kinds(read_document(repacked(path, strict))) == expected


PAGE = "<html><head><style>p {color: red}</style></head><body>%s</div></table></body></html>"
MAIL = (
    "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n"
    "--x\r\nContent-Type: text/html\r\n\r\n%s\r\n--x--\r\n"
)


@pytest.mark.parametrize(
    ("blob", "said"),
    [
        (
            PAGE % "<h2>Strengths</h2><ul><li>Rooms were warm.</ul>",
            ["Strengths", "Rooms were warm."],
        ),
        (MAIL % PAGE % "<p>Rooms were warm.", ["Rooms were warm."]),
        ("Rooms were <warm>.\nAnd dry.", ["Rooms were <warm>.", "And dry."]),
        ("{\\rtf1 Rooms were warm.}", []),
    ],
    ids=["page", "mail", "text", "rich text"],
)
def test_files_taken_in_whole_are_read_in_their_place_or_counted(tmp_path, paper, blob, said):
    """As programs write them that make a Word document of a page (`altChunk`)."""
    part = Part(PackURI("/word/taken.bin"), "application/octet-stream", blob.encode())
    paper.add_paragraph("Before.")
    name = paper.part.relate_to(part, RT.A_F_CHUNK)
    chunk = parse_xml(f'<w:altChunk {nsdecls("w", "r")} r:id="{name}"/>')
    paper.element.body.insert(1, chunk)
    paper.add_paragraph("After.")
    document = read_document(written(paper, tmp_path))
    assert [block.text for block in document.blocks] == ["Before.", *said, "After."]
    told = [w for w in document.warnings if w.startswith("1 file taken into the Word document")]
    assert len(told) == (not said)


DRAWN = "http://schemas.openxmlformats.org/drawingml/2006"


def test_words_of_diagrams_and_formulas_are_read_and_objects_counted(tmp_path, paper):
    words = "".join(f"<a:p><a:r><a:t>{w}</a:t></a:r></a:p>" for w in ("Plan", "Do &amp; see", ""))
    data = (
        f'<dgm:dataModel xmlns:dgm="{DRAWN}/diagram" xmlns:a="{DRAWN}/main">{words}</dgm:dataModel>'
    )
    part = Part(PackURI("/word/diagrams/data1.xml"), "application/xml", data.encode())
    name = paper.part.relate_to(part, RT.DIAGRAM_DATA)
    formula = '<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math">'
    added(paper.add_paragraph("Half: "), f"{formula}<m:r><m:t>1/2</m:t></m:r></m:oMath>")
    relations = f'xmlns:dgm="{DRAWN}/diagram" {nsdecls("r")} r:dm="{name}"'
    added(
        paper.add_paragraph("Drawn:"),
        f"<w:r><w:drawing><dgm:relIds {relations}/></w:drawing></w:r>",
    )
    added(paper.add_paragraph("Sheet:"), "<w:r><w:object/></w:r>")
    document = read_document(written(paper, tmp_path))
    assert [b.text for b in document.blocks] == [
        "Half: 1/2",
        "Drawn:",
        "Plan",
        "Do & see",
        "Sheet:",
    ]
    assert document.warnings == ("1 object of other programs in the Word document left out",)


GROWING = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize("declared", ['<!ENTITY e9 "words">', f'<!ENTITY e0 "lol">{GROWING}'])
def test_entities_that_grow_or_would_be_lost_are_refused(tmp_path, paper, declared):
    paper.add_paragraph("MARK")
    bomb = f"<!DOCTYPE w [{declared}]>"

    def change(name, data):
        if name != "word/document.xml":
            return data
        head, _, body = data.partition(b"?>")
        return head + b"?>" + bomb.encode() + body.replace(b"MARK", b"plain &e9; text")

    path = repacked(written(paper, tmp_path), change)
    with pytest.raises(UnreadableDocument, match="damaged"):
        read_document(path)


@pytest.mark.parametrize("cut", [0.3, 0.7, 0.98])
def test_a_file_that_is_cut_is_refused_in_words(tmp_path, paper, cut):
    paper.add_paragraph("Short.")
    data = written(paper, tmp_path).read_bytes()
    path = tmp_path / "cut.docx"
    path.write_bytes(data[: int(len(data) * cut)])
    with pytest.raises(UnreadableDocument) as refused:
        read_document(path)
    assert refused.value.remedy


def test_fractions_and_powers_of_formulas_keep_their_numbers(tmp_path):
    word, path = docx.Document(), tmp_path / "report.docx"
    spaces = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    for inner in (
        "<m:f><m:num><m:r><m:t>2</m:t></m:r></m:num><m:den><m:r><m:t>3</m:t></m:r></m:den></m:f>",
        "<m:sSup><m:e><m:r><m:t>10</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup>",
    ):
        formula = parse_xml(f"<m:oMath {spaces}>{inner}</m:oMath>")
        word.add_paragraph("Cases in all: ")._p.append(formula)
    word.save(path)
    read = read_document(path)
    assert [block.text for block in read.blocks] == ["Cases in all: 2⁄3", "Cases in all: 10^2"]
