"""The distances and shares that more than one pass measures by, each with its unit and reason.

A size is that of the type beside it, in points; an em is as wide as the type is high. What only
one pass measures by stands at the head of its module.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Geometry:
    """Named distances.

    Attributes:
        edge: Points between two edges that are one: producers round, letters bear white.
        start: Points between the starts of two lines that are one place; less than `edge`, as
            starts in one column come from one setting.
        indent: Points that a line must be set in to be indented; less is how settings vary.
        bullet: Points between the indents of two bullets at one place; their glyphs bear white.
        rule: Points; a shape no thicker is a rule, a thicker one an area.
        word_gap: Ems of white that separate two words.
        space_gap: The same where a space is written, too: PDFium writes some inside of words.
        after_one: Ems of white that a one brings with it: all figures of a font are as wide.
        cell_gap: Ems of white that separate two cells; words of a justified line are closer.
        size: Share of a size by which type may differ and be of that size.
        type: Points between the sizes of two spans that one style set; for spans in one face.
        note: Of the text's size; smaller type is that of notes.
        head: Of the text's size; larger type is that of headings.
        large: Of the text's size; type so large is neither text nor running head.
        bold: Share of letters from which a line is bold: a stop may be set light.
        light: Share of bold letters up to which a line is not bold.
        styled: Share of letters from which a line has a style, bold or italic.
        apart: Of the usual distance of two lines; more of it separates paragraphs.
        ended: The same; more of it ends a paragraph whatever its lines say.
        full: Share of a column's width that its longest line fills at least.
    """

    edge: float = 3.0
    start: float = 1.5
    indent: float = 4.0
    bullet: float = 1.2
    rule: float = 3.5
    word_gap: float = 0.18
    space_gap: float = 0.11
    after_one: float = 0.15
    cell_gap: float = 1.25
    size: float = 0.06
    type: float = 0.5
    note: float = 0.94
    head: float = 1.08
    large: float = 1.25
    bold: float = 0.95
    light: float = 0.05
    styled: float = 0.85
    apart: float = 1.13
    ended: float = 1.36
    full: float = 0.85


GEOMETRY: Final = Geometry()
