"""Where things stand on the pages of a PDF: facing pages, columns, boxes in them, rows, lines."""

from __future__ import annotations

import io

from reportlab.pdfgen import canvas

from pipelines.read.pdf import read_pdf
from pipelines.read.pdf.columns.margins import page_sides
from pipelines.records import BlockKind, Document

WIDTH, HEIGHT = 595.0, 842.0
LEFT, RIGHT, MEASURE = 60.0, 310.0, 225.0  # two columns; the gutter's middle is at 297.5


def read(*pages) -> Document:
    """Read a file of which each page is drawn by a function."""
    out = io.BytesIO()
    paper = canvas.Canvas(out, pagesize=(WIDTH, HEIGHT))
    for page in pages:
        page(paper)
        paper.showPage()
    paper.save()
    return read_pdf(out.getvalue(), path="made.pdf", sha256="0" * 64)


def lines(paper, rows, x, top, *, step=14.0, size=9, font="Helvetica"):
    """Write rows of text; `top` is the first baseline from the page's top."""
    paper.setFont(font, size)
    for index, row in enumerate(rows):
        paper.drawString(x, HEIGHT - top - index * step, row)


def filled(paper, words, x, top, *, count, size=9, step=12.0):
    """Write lines that fill a column's measure."""
    lines(
        paper,
        [f"{words} {i} set so as to fill the whole column" for i in range(count)],
        x,
        top,
        size=size,
    )


def texts(document: Document, *kinds: BlockKind) -> list[str]:
    return [b.text for b in document.blocks if b.kind in kinds]


def test_facing_pages_are_told_apart_though_the_longest_page_is_like_no_other():
    contents = [45.0] * 44
    left = [67.0] * 13 + [91.0] * 22
    right = [45.0] * 11 + [69.0] * 19
    starts = [contents, left, right, left, right, [], right, left]
    assert page_sides(starts) == [1, 0, 1, 0, 1, 0, 1, 0]
    assert page_sides([right, right, contents]) == [0, 0, 0]


def test_facing_pages_are_told_apart_where_their_margins_differ_as_much_as_items_hang():
    right = [
        {99: 30}, {99: 3, 109: 8, 129: 23}, {99: 4}, {108: 1, 121: 17, 130: 3, 151: 13},
        {108: 2, 121: 23, 151: 8}, {99: 10, 108: 2, 121: 18},
    ]  # fmt: skip
    left = [
        {121: 7}, {121: 6}, {121: 34}, {121: 15, 130: 2, 143: 11},
        {143: 12, 152: 3, 173: 19}, {130: 2, 143: 22},
    ]  # fmt: skip
    pages = [page for both in zip(right, left, strict=True) for page in both]
    starts = [[float(x) for x, n in page.items() for _ in range(n)] for page in pages]
    assert page_sides(starts) == [0, 1] * 6


def test_boxes_of_two_columns_that_touch_are_two():
    def columns(paper, last=40):
        filled(paper, "left words of line", LEFT, 60, count=last)
        filled(paper, "right words of line", RIGHT, 60, count=last)

    def page(paper):
        columns(paper, 10)
        paper.rect(54, HEIGHT - 300, 243, 60)
        lines(paper, ["Good practice", "in the left box of the page"], LEFT, 260)
        paper.rect(298, HEIGHT - 330, 243, 90)
        lines(paper, ["Another example", "in the right box of the page"], RIGHT, 260)
        filled(paper, "left words further", LEFT, 360, count=10)
        filled(paper, "right words further", RIGHT, 360, count=10)

    document = read(columns, page, columns)
    boxed = [b.text for b in document.blocks if b.boxed]
    assert "Good practice in the left box of the page" in " ".join(boxed)
    assert not [b for b in document.blocks if b.kind is BlockKind.TABLE]
    whole = document.text.replace("\n", " ")
    assert whole.index("left words further 9") < whole.index("right words of line 0", 4000)


def test_a_rule_between_columns_that_touches_a_banner_holds_nothing():
    def page(paper, low):
        filled(paper, "left words of line", LEFT, 60, count=12)
        filled(paper, "right words of line", RIGHT, 60, count=low)
        paper.setLineWidth(0.5)
        for x in (297, 297.6):  # some producers draw each rule twice
            paper.line(x, HEIGHT - 50, x, HEIGHT - 330)

    def short(paper):
        paper.setLineWidth(0.5)
        paper.line(297, HEIGHT - 50, 297, HEIGHT - 190)
        paper.setLineWidth(1)
        paper.rect(54, HEIGHT - 100, 243, 30)
        lines(paper, ["It was rated well."], LEFT, 90)
        filled(paper, "left words under it", LEFT, 120, count=5)
        filled(paper, "right words beside it", RIGHT, 60, count=10)

    document = read(lambda p: page(p, 12), lambda p: page(p, 18), short)
    assert not [b for b in document.blocks if b.boxed and "left words" in b.text]


def test_a_heading_at_the_foot_of_the_left_column_stays_in_it():
    def page(paper):
        filled(paper, "left words of line", LEFT, 60, count=48)
        filled(paper, "right words of line", RIGHT, 60, count=48)

    def mixed(paper):
        filled(paper, "left words above", LEFT, 60, count=30)
        filled(paper, "right words beside", RIGHT, 60, count=20)
        lines(paper, ["Services"], LEFT, 520, size=13, font="Helvetica-Bold")
        for y in (540, 735):
            paper.line(LEFT, HEIGHT - y, LEFT + MEASURE, HEIGHT - y)
        for x in (LEFT, 220, LEFT + MEASURE):
            paper.line(x, HEIGHT - 540, x, HEIGHT - 735)
        lines(paper, ["How good it is"], LEFT + 4, 640)
        lines(paper, ["Good"], 224, 640)

    whole = read(page, mixed, page).text
    assert whole.index("Services") < whole.index("right words beside 0")


def test_a_page_with_the_left_column_alone_is_still_a_column():
    def page(paper):
        filled(paper, "left words of line", LEFT, 60, count=40)
        filled(paper, "right words of line", RIGHT, 60, count=40)

    def last(paper):
        lines(paper, ["Strengths"], LEFT, 60, font="Helvetica-Bold")
        lines(paper, ["The hub met every week to follow up-"], LEFT + 18, 76)
        lines(paper, ["dates that courts had asked of it, and to see"], LEFT, 90)
        lines(paper, ["what came of it in the end."], LEFT, 104)

    document = read(page, page, last)
    wanted = (
        "The hub met every week to follow up-dates that courts had asked of it, and to see what"
        " came of it in the end."
    )
    assert wanted in texts(document, BlockKind.PARAGRAPH)


def test_words_driven_apart_by_justification_are_no_table():
    rows = [
        ("Within", "ten", "days,", "newly-qualified", "officers"),
        ("commissioned", "courses", "on", "trauma-informed"),
        ("practice and kept a record of them.",),
    ]

    def page(paper):
        paper.setFont("Helvetica", 10)
        for index, words in enumerate(rows):
            width = sum(paper.stringWidth(word) for word in words)
            gap = (MEASURE + 40 - width) / max(1, len(words) - 1)
            x = LEFT
            for word in words:
                paper.drawString(x, HEIGHT - 60 - 14 * index, word)
                x += paper.stringWidth(word) + (gap if len(words) > 1 else 0)

    document = read(page)
    assert not texts(document, BlockKind.TABLE)
    assert texts(document, BlockKind.PARAGRAPH) == [" ".join(w for row in rows for w in row)]


def test_a_striped_table_takes_its_plain_rows_along():
    questions = [
        ("Key question", "Share"),
        ("Does it engage the person?", "31%"),
        ("Does it support their progress?", "52%"),
        ("Does it keep others safe?", "55%"),
    ]

    def page(paper):
        lines(paper, ["A sentence that ends before the table."], LEFT, 60)
        paper.setFillGray(0.9)
        paper.rect(LEFT - 4, HEIGHT - 148, 260, 24, stroke=0, fill=1)
        paper.rect(LEFT + 256, HEIGHT - 148, 120, 24, stroke=0, fill=1)
        paper.setFillGray(0)
        for index, (one, two) in enumerate(questions):
            lines(paper, [one], LEFT, 92 + 24 * index)
            lines(paper, [two], LEFT + 260, 92 + 24 * index)
        lines(paper, ["Strengths"], LEFT, 210, font="Helvetica-Bold")

    document = read(page)
    tables = [b.rows for b in document.blocks if b.kind is BlockKind.TABLE]
    assert tables == [tuple(questions)]
    assert texts(document, BlockKind.HEADING) == ["Strengths"]


def test_a_wrapped_line_may_open_with_the_call_of_a_footnote():
    def page(paper):
        lines(paper, ["•", "", "•"], LEFT, 60)
        lines(
            paper, ["Partners went back to old appointments, but it varied widely."], LEFT + 18, 60
        )
        lines(paper, ["12"], LEFT + 18, 70, size=6)
        lines(paper, ["Before release the unit shared its tools with the courts."], LEFT + 25, 74)
        lines(paper, ["A second finding."], LEFT + 18, 88)
        lines(paper, ["12 The unit's own figures."], LEFT, 760, size=7)

    assert texts(read(page), BlockKind.BULLET)[0] == (
        "Partners went back to old appointments, but it varied widely. Before release the unit"
        " shared its tools with the courts."
    )


def test_calls_wrapped_off_their_word_are_no_text():
    def page(paper):
        lines(paper, ["•", "", "•", "", "•"], LEFT, 60)
        lines(
            paper,
            ["Partners went back to their old appointments, but it all varied", "a bit."],
            78,
            60,
        )
        lines(paper, ["12,13,14"], 97.5, 70, size=5)
        lines(paper, ["A second finding that is long enough to fill its line."], 78, 88)
        lines(paper, ["12"], 78, 98, size=5)
        lines(paper, ["A third finding."], 78, 116)

    assert texts(read(page), BlockKind.BULLET) == [
        "Partners went back to their old appointments, but it all varied a bit.",
        "A second finding that is long enough to fill its line.",
        "A third finding.",
    ]


def words(paper, sentence, x, top, measure, *, size=9):
    """Write words one by one, driven apart to fill a measure."""
    paper.setFont("Helvetica", size)
    parts = sentence.split()
    width = sum(paper.stringWidth(part) for part in parts)
    gap = (measure - width) / max(1, len(parts) - 1)
    for part in parts:
        paper.drawString(x, HEIGHT - top, part)
        x += paper.stringWidth(part) + gap


def test_white_that_stands_over_white_by_chance_parts_no_columns():
    rows = [
        "Managers in each of the county's offices met once in a while",
        "to talk about the hardest cases that they had been given and",
        "kept a short record of what was agreed with those at court",
    ]

    def page(paper):
        for index in range(36):
            words(paper, rows[index % 3], LEFT, 60 + 14 * index, 475)

    found = texts(read(page, page), BlockKind.PARAGRAPH)
    assert " ".join(found).startswith(" ".join(rows + rows))


def test_a_page_may_have_one_column_above_and_two_below():
    left, right = "one two three four five six seven", "eight nine ten eleven twelve more words"

    def columns(paper):
        for index in range(30):
            words(paper, left, LEFT, 60 + 14 * index, MEASURE)
            words(paper, right, RIGHT, 60 + 14 * index, MEASURE)

    def mixed(paper):
        for index in range(12):
            words(paper, f"{left} and all {right} again", LEFT, 60 + 14 * index, 475)
        for index in range(6):
            words(paper, left, LEFT, 260 + 14 * index, MEASURE)
            words(paper, right, RIGHT, 260 + 14 * index, MEASURE)

    whole = read(columns, mixed, columns).text.replace("\n", " ")
    assert whole.count(f"{left} {left}") >= 20
    assert whole.count(f"{left} {right}") == 3  # once a page, where the left column ends


def test_a_short_heading_between_two_parts_in_columns_parts_them():
    def columns(paper):
        filled(paper, "left words of line", LEFT, 60, count=40)
        filled(paper, "right words of line", RIGHT, 60, count=40)

    def page(paper):
        filled(paper, "left words above", LEFT, 60, count=9)
        filled(paper, "right words above", RIGHT, 60, count=8)
        lines(paper, ["Court work"], LEFT, 220, size=16, font="Helvetica-Bold")
        filled(paper, "left words below", LEFT, 250, count=9)
        filled(paper, "right words below", RIGHT, 250, count=9)

    whole = read(columns, page, columns).text
    assert whole.index("right words above 7") < whole.index("Court work")
    assert whole.index("Court work") < whole.index("left words below 0")
