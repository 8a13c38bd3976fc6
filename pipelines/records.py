"""The values that stages pass to each other: document and block, finding and its neighbours.

All are frozen values without behaviour of their own beyond what a reader of one needs.
This module imports nothing heavy, so reading a document never pays for pandas.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from pipelines.boxes import Box as Box

if TYPE_CHECKING:
    from PIL.Image import Image

SOURCES_HASH: Final = "Fingerprint of the sources"
"""What stands before a SHA-256 in every report that we write; by it one is known when given."""

DRAFT: Final = "it is a draft by its own words: give the report as it was published"
"""What is said of a document that calls itself one; beside the published report it never counts."""

_SPACE = re.compile(r"\s+")
_STRAIGHT = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"'})


def digest(text: str) -> str:
    """Name a text by 16 hexadecimal digits, whatever its spacing, case, form of Unicode or quotes.

    The same finding read from PDF, HTML and text has one digest: stand-off labels rely on it.
    """
    composed = unicodedata.normalize("NFC", text).translate(_STRAIGHT)
    normal = _SPACE.sub(" ", composed).strip().casefold()
    return hashlib.sha256(normal.encode("utf-8", "surrogatepass")).hexdigest()[:16]


class Polarity(StrEnum):
    """Which of the two lists of a standard a finding stands in."""

    STRENGTH = "strength"
    AREA_FOR_IMPROVEMENT = "area_for_improvement"

    @property
    def other(self) -> Polarity:
        """The other of the two."""
        return Polarity.STRENGTH if self is not Polarity.STRENGTH else Polarity.AREA_FOR_IMPROVEMENT


POLARITY_NAMES: Final[dict[str, str]] = {
    Polarity.STRENGTH: "strength",
    Polarity.AREA_FOR_IMPROVEMENT: "area for improvement",
}
"""What a finding of each polarity is called, in the middle of a sentence."""


class Rating(StrEnum):
    """The inspectorate's four-point scale, worst first, and the mark for a standard left out."""

    INADEQUATE = "Inadequate"
    REQUIRES_IMPROVEMENT = "Requires improvement"
    GOOD = "Good"
    OUTSTANDING = "Outstanding"
    NOT_RATED = "Not rated"


SCALE: Final = tuple(rating for rating in Rating if rating is not Rating.NOT_RATED)
"""The four ratings, worst first."""


class BlockKind(StrEnum):
    """What a block is by its form alone; what it means is the segmenter's affair."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    BULLET = "bullet"
    NUMBERED = "numbered"  # an item of a numbered list; `marker` holds its number
    QUOTE = (
        "quote"  # set as a quotation (indented, italic, blockquote) or opening with a quote mark
    )
    FOOTNOTE = "footnote"
    TABLE = "table"  # `rows` holds the cells; `text` is the rows, cells parted by tabs
    CONTENTS = "contents"  # a line of a table of contents


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text that its document sets as one: a heading, a paragraph, a bullet.

    A reader hands over bullets whole: lines joined, continued over page breaks and footnotes,
    nested bullets joined to their parent, glyphs and footnote marks gone.

    Attributes:
        kind: What it is by form.
        text: Its text, lines joined by one space (table rows by a newline).
        start: Where it begins in `Document.text`.
        end: Where it ends: `" ".join(document.text[start:end].split()) == text` but for tables.
        page: First page, from 1; None where the format has no pages.
        page_end: Last page.
        level: Of a heading, 1 for the highest seen; 0 where it is unknown or no heading.
        marker: The bullet glyph or the number, as printed.
        boxed: Stands in a call-out box; it never changes the state of the segmenter.
        bold: Parts of `text` in bold, as (start, end) offsets.
        rows: The cells of a table.
        boxes: Where it stands on its pages (PDF only), one box per page or column.
    """

    kind: BlockKind
    text: str
    start: int
    end: int
    page: int | None = None
    page_end: int | None = None
    level: int = 0
    marker: str = ""
    boxed: bool = False
    bold: tuple[tuple[int, int], ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A source that has been read: its normalised text and the blocks it is made of.

    Attributes:
        path: Where it was read from.
        format: `pdf`, `docx`, `html` or `text`.
        sha256: Of the bytes read.
        text: Normalised text: the blocks' texts in reading order, a blank line between two.
        blocks: In reading order.
        pages: Number of pages; None where the format has none.
        reader: Which way of reading was used, for example `pdfium`, `pdfium+tags`.
        title: From the file's own metadata; empty where there is none.
        published: `YYYY-MM-DD` or `YYYY-MM` from the file's own metadata; empty where none.
        warnings: What the reader had to mend or could not read, a sentence each.
    """

    path: str
    format: str
    sha256: str
    text: str
    blocks: tuple[Block, ...]
    pages: int | None = None
    reader: str = ""
    title: str = ""
    published: str = ""
    warnings: tuple[str, ...] = ()

    def _repr_html_(self) -> str:
        from pipelines.display import document_html

        return document_html(
            self.title or PurePath(self.path).name,
            [f"{self.path} ({self.format}), read by {self.reader}"],
            [(str(block.kind), block.text) for block in self.blocks],
            self.warnings,
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """One bullet under Strengths or Areas for improvement.

    `start` and `end` are offsets in `Document.text`: collapsed to single spaces,
    `document.text[start:end]` is `text`. Attributes are the columns of the table `findings`.
    """

    finding_id: str
    document_id: str
    ordinal: int
    polarity: Polarity
    text: str
    code: str | None = None
    standard: str | None = None
    subsection: str | None = None
    unit: str | None = None
    region: str | None = None
    published: str | None = None
    quotes: tuple[str, ...] = ()
    page: int | None = None
    page_end: int | None = None
    start: int = 0
    end: int = 0
    digest: str = ""
    path: str = ""
    boxes: tuple[Box, ...] = ()

    def picture(self) -> Image:
        """Draw the finding on its page, framed and cropped; Jupyter shows the image.

        Raises:
            UnreadableDocument: Its source is not a PDF, or is no longer at `path`.
        """
        from pipelines.picture import draw_boxes

        return draw_boxes(self.path, boxes=self.boxes)

    def _repr_html_(self) -> str:
        from pipelines.display import finding_html

        place = [self.unit, self.published, self.code, self.standard, self.subsection, self.page]
        return finding_html(self.polarity, self.text, self.quotes, place, self.finding_id)


@dataclass(frozen=True, slots=True)
class StandardRating:
    """A standard of a document and the rating printed for it."""

    code: str | None
    standard: str
    rating: Rating | None


@dataclass(frozen=True, slots=True)
class KeyQuestion:
    """A key question or outcome of a standard with the share of cases judged sufficient."""

    code: str | None
    question: str
    dimension: str | None
    percent: float | None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A numbered recommendation and whom it is addressed to."""

    recommendation_id: str
    document_id: str
    number: int
    addressee: str | None
    addressee_type: str
    text: str


@dataclass(frozen=True, slots=True)
class Leftover:
    """Text inside a findings section that could not be placed, and why."""

    page: int | None
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What a document says about itself; None where it does not say.

    Attributes:
        framework: Slug in the framework registry; None where no framework fits.
        overall_rating_source: `printed`, `foreword` or `score`.
        published: `YYYY-MM`, or `YYYY` where no month is printed.
        fieldwork: Month in which fieldwork started, `YYYY-MM`.
    """

    title: str | None = None
    unit: str | None = None
    unit_type: str = "unknown"
    region: str | None = None
    published: str | None = None
    fieldwork: str | None = None
    framework: str | None = None
    overall_rating: Rating | None = None
    overall_rating_source: str | None = None
    score: int | None = None
    score_max: int | None = None
    cases_inspected: int | None = None


@dataclass(frozen=True, slots=True)
class Segmentation:
    """What the segmenter found in one document."""

    document_id: str
    facts: Facts
    findings: tuple[Finding, ...] = ()
    ratings: tuple[StandardRating, ...] = ()
    key_questions: tuple[KeyQuestion, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    leftovers: tuple[Leftover, ...] = ()
    warnings: tuple[str, ...] = field(default=())

    def _repr_html_(self) -> str:
        from pipelines.display import segmentation_html

        return segmentation_html(
            self.document_id,
            asdict(self.facts),
            [(f"{r.code or ''} {r.standard}".strip(), r.rating) for r in self.ratings],
            warnings=self.warnings,
            findings=[finding._repr_html_() for finding in self.findings],
        )
