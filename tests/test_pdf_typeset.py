"""What another typesetter's files taught: a document model set by Typst, in small."""

from __future__ import annotations

import pytest

from pipelines.read.pdf import read_pdf
from pipelines.records import BlockKind, Document

typst = pytest.importorskip("typst", reason="typst is not installed")

PAGE = '#set page(width: 400pt, height: 560pt)\n#set text(font: "Libertinus Serif", size: 11pt)\n'


def set_pdf(source: str) -> Document:
    return read_pdf(typst.compile((PAGE + source).encode()), path="set.pdf", sha256="0" * 64)


def texts(document: Document, kind: BlockKind) -> list[str]:
    return [" ".join(block.text.split()) for block in document.blocks if block.kind is kind]


def test_figures_that_the_font_draws_raised_are_calls_of_footnotes():
    # Libertinus has raised figures of its own: on the line, and as large as the text.
    document = set_pdf("- Rotas were drawn up late#footnote[In two of 14 weeks.] and often changed.\n")
    assert texts(document, BlockKind.BULLET) == ["Rotas were drawn up late and often changed."]
    assert texts(document, BlockKind.FOOTNOTE) == ["In two of 14 weeks."]


@pytest.mark.parametrize("calls", range(1, 7))
def test_every_sign_that_calls_a_footnote_is_known(calls):
    said = [f"Desk {n} stood empty#footnote[Note {n}.] all week." for n in range(1, calls + 1)]
    document = set_pdf('#set footnote(numbering: "*")\n' + "".join(f"- {line}\n" for line in said))
    assert texts(document, BlockKind.BULLET) == [
        f"Desk {n} stood empty all week." for n in range(1, calls + 1)
    ]


DIVIDED = """#set page(width: 210pt, margin: 40pt)
#set text(lang: "en", hyphenate: true)
#set par(justify: true)
"""
LONG = (
    "Practitioners appreciated straightforward arrangements. "
    "Administrators recommended straightforward accommodation. "
    "Straightforward accommodation arrangements satisfied practitioners. "
    "Administrators appreciated recommendations. "
)


def test_a_word_that_stands_nowhere_else_is_put_together_where_words_are_divided():
    document = set_pdf(DIVIDED + LONG * 3 + "\n\nSomebody misunderstandingly photographed it.")
    whole = " ".join(document.text.split())
    assert "-" not in whole
    assert whole.endswith("Somebody misunderstandingly photographed it.")


def test_divided_words_of_cells_are_put_together_as_those_of_the_text_are():
    rows = "[Are straightforward recommendations appreciated by administrators?], [61], " * 2
    table = f"#table(columns: (90pt, 30pt), stroke: 0.5pt, {rows})"
    document = set_pdf(DIVIDED + LONG * 3 + "\n\n" + table)
    cells = [block.rows for block in document.blocks if block.kind is BlockKind.TABLE][0]
    assert [row[0] for row in cells] == [
        "Are straightforward recommendations appreciated by administrators?"
    ] * 2
