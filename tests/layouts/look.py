"""How a report is laid out: everything a producer may choose, drawn at random."""

from __future__ import annotations

import random
from dataclasses import dataclass

PRODUCERS = ("weasyprint", "libreoffice", "reportlab", "chromium")
FONTS = {
    "weasyprint": [
        "Liberation Sans",
        "Liberation Serif",
        "Carlito, Liberation Sans",
        "DejaVu Sans",
        "DejaVu Serif",
        "Liberation Sans Narrow",
        "URW Bookman",
        "P052",
        "Nimbus Sans",
        "Noto Sans Mono",
        "C059",
    ],
    "chromium": [
        "Liberation Sans",
        "Liberation Serif",
        "DejaVu Sans",
        "DejaVu Serif",
        "Liberation Sans Narrow",
    ],
    "libreoffice": [
        "Liberation Sans",
        "Liberation Serif",
        "DejaVu Sans",
        "DejaVu Serif",
        "Arial",
        "Calibri",
        "Georgia",
        "Times New Roman",
    ],
    "reportlab": ["Helvetica", "Times-Roman"],
}
GLYPHS = ["•", "•", "•", "–", "‣", "▪", "■", "o", "◦", "→", "●", "-", "➢", "*", "✓", "»", "—"]


@dataclass
class Look:
    """One layout; lengths in points."""

    seed: int
    producer: str
    font: str
    size: float
    leading: float
    page: tuple[float, float]
    margins: tuple[float, float, float, float]  # top, right, bottom, left
    mirrored: bool
    justify: bool
    hyphenate: bool
    columns: int
    gutter: float
    column_rule: bool
    glyph: str
    glyph_size: float
    nested_glyph: str
    indent: float  # of the sign, from the column's edge
    hang: float  # from the sign to the text
    inside: bool  # wrapped lines return to the sign's edge
    item_gap: float
    gap: float  # between paragraphs
    first_line: float
    heading_scale: float
    body_heads: bool  # polarity headings (and subsections) at the size of the text
    head_style: str  # bold, underline, colour, caps, bar
    numbers: str  # "1.1.", "1.1", "P 1.1", ""
    colon: bool
    running_head: str
    running_foot: str
    page_number: str
    note_mark: str
    note_rule: bool
    box_style: str  # frame, fill, bar, title
    quote_style: str  # italic, indent, bar, both
    quote_marks: str
    rating_style: str  # banner, paragraph, table, box
    table_style: str  # ruled, level, zebra, none
    contents: str  # leaders, tab, none
    break_chapters: bool
    tagged: bool
    mutation: str  # none, words, cairo, ghostscript, rotated, blank, shuffled
    loose: bool  # letter-spaced headings


def draw_look(seed: int) -> Look:
    """Draw the layout of a seed."""
    rng = random.Random(seed * 7919 + 13)
    producer = rng.choices(PRODUCERS, weights=(5, 5, 2, 2))[0]
    size = rng.choice([8.5, 9, 9.5, 10, 10.5, 11, 11, 11, 12, 12, 13])
    columns = 2 if rng.random() < 0.22 else 1
    page = rng.choice([(595.3, 841.9)] * 5 + [(612, 792), (419.5, 595.3), (841.9, 595.3)])
    if columns == 2 and page[0] < 500:
        columns = 1
    margin = lambda: rng.choice([36, 45, 54, 64, 72, 72, 85, 99])  # noqa: E731
    side = margin() if page[0] > 500 else 40
    left = side if rng.random() < 0.7 else max(36, side + rng.choice([-14, 12, 25]))
    inside = rng.random() < 0.15
    running = rng.choice(["", "title", "title", "chapter", "long"])
    return Look(
        seed=seed,
        producer=producer,
        font=rng.choice(FONTS[producer]),
        size=size,
        leading=rng.choice([1.05, 1.15, 1.2, 1.25, 1.3, 1.4, 1.5, 1.65]),
        page=page,
        margins=(margin(), side, margin(), left),
        mirrored=rng.random() < 0.12,
        justify=rng.random() < 0.35,
        hyphenate=rng.random() < 0.2,
        columns=columns,
        gutter=rng.choice([14, 18, 22, 30]),
        column_rule=rng.random() < 0.3,
        glyph=rng.choice(GLYPHS),
        glyph_size=rng.choice([1, 1, 1, 0.8, 1.3]),
        nested_glyph=rng.choice(["–", "o", "◦", "•", "-", "▪"]),
        indent=rng.choice([0, 0, 8, 14, 18, 18, 24, 36]),
        hang=rng.choice([9, 12, 14, 18, 18, 18, 24, 30]),
        inside=inside,
        item_gap=rng.choice([0, 0, 2, 3, 4, 6, 8]),
        gap=rng.choice([2, 4, 6, 6, 8, 10, 12]),
        first_line=rng.choice([0, 0, 0, 0, 12, 18]),
        heading_scale=rng.choice([1.1, 1.2, 1.3, 1.5]),
        body_heads=rng.random() < 0.4,
        head_style=rng.choice(["bold", "bold", "bold", "underline", "colour", "caps", "bar"]),
        numbers=rng.choice(["1.1.", "1.1.", "1.1", "P 1.1", ""]),
        colon=rng.random() < 0.6,
        running_head=running if rng.random() < 0.5 else "",
        running_foot=running
        if running and rng.random() < 0.7
        else rng.choice(["", "title", "chapter"]),
        page_number=rng.choice(["foot", "foot", "foot", "of", "head", "outer", "dash", ""]),
        note_mark=rng.choice(["super", "super", "super", "bracket", "star", "unicode"]),
        note_rule=rng.random() < 0.7,
        box_style=rng.choice(["frame", "fill", "bar", "title", "frame"]),
        quote_style=rng.choice(["italic", "indent", "bar", "both", "both"]),
        quote_marks=rng.choice(["“”", "“”", '""', "‘’"]),
        rating_style=rng.choice(["banner", "banner", "paragraph", "table", "box"]),
        table_style=rng.choice(["ruled", "ruled", "level", "zebra", "none"]),
        contents=rng.choice(["leaders", "leaders", "tab", "none"]),
        break_chapters=rng.random() < 0.6,
        tagged=rng.random() < 0.35,
        mutation=rng.choice(
            ["none"] * 9
            + ["words", "words", "cairo", "ghostscript", "rotated", "blank", "shuffled"]
        ),
        loose=rng.random() < 0.05,
    )
