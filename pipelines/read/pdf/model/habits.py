"""What a document teaches about itself before its blocks are built."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipelines.read.drafts.wrapping import NO_WORDS, Words


@dataclass(slots=True)
class Habits:
    """The habits of a document.

    Attributes:
        body: Size of its running text, in points.
        leading: Distance of lines inside a paragraph, in sizes.
        leadings: The same for type of another size, where there is much of it, by half points.
        spaced: Whether white sets paragraphs apart, so that lines without any belong together.
        head_step: Least distance of two lines of a heading, in sizes, by size in half points.
        weak: Glyphs such as dashes that are bullets here, with the indents they stand at.
        follow: Indent of the lines after a bullet's first, by (bullet, indent).
        first_step: Distance of an item's second line from its first, in sizes, by bullet.
        bold_starts: Whether the first lines of items are set in bold, the others not.
        edges: Right end of lines by the indent they start at, from the column's left edge.
        words: Of the text, to tell words that a line's end divides from compounds.
    """

    body: float = 11.0
    leading: float = 1.2
    leadings: dict[int, float] = field(default_factory=dict)
    spaced: bool = False
    head_step: dict[int, float] = field(default_factory=dict)
    weak: dict[str, list[float]] = field(default_factory=dict)
    edges: dict[tuple[int, int], float] = field(default_factory=dict)
    follow: dict[tuple[str, int], float] = field(default_factory=dict)
    first_step: dict[str, float] = field(default_factory=dict)
    bold_starts: bool = False
    words: Words = NO_WORDS

    def leading_of(self, size: float) -> float:
        """Distance of lines of a size inside a paragraph, in sizes."""
        return self.leadings.get(round(size * 2), self.leading)
