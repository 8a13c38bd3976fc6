"""A batch of pages that follow each other, and the passes that act on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pipelines.read.pdf.blocks.compose import Composer
from pipelines.read.pdf.blocks.feed import Feeder
from pipelines.read.pdf.clean.sheets import Sheets
from pipelines.read.pdf.extract.ligatures import NamelessGlyphs
from pipelines.read.pdf.lines.learn import text_runs
from pipelines.read.pdf.model.habits import Habits
from pipelines.read.pdf.model.laid import LaidPage
from pipelines.read.pdf.model.line import Line
from pipelines.read.pdf.model.page import RawPage
from pipelines.read.pdf.regions.grounds import Fixtures


@dataclass(slots=True)
class Whole:
    """What the batches of a document share.

    `file`: Its bytes, of which pages are drawn whose text was recognised from pictures.
    """

    file: bytes = b""
    glyphs: NamelessGlyphs | None = None
    sheets: Sheets = field(default_factory=Sheets)
    feeder: Feeder = field(default_factory=Feeder)
    composer: Composer = field(init=False)

    def __post_init__(self) -> None:
        """Let blocks know which pages share a sheet."""
        self.composer = Composer(self.sheets.halves)


@dataclass(slots=True)
class Batch:
    """Pages that follow each other, as far as the passes have come with them.

    `raw`: As extracted. `pages`: Taken apart, from the folder `regions` on. `figures`: How far
    from their table's start percentages stand.
    """

    whole: Whole
    raw: list[RawPage]
    pages: list[LaidPage] = field(default_factory=list)
    fixtures: Fixtures = field(default_factory=Fixtures)
    body: float = 0.0
    figures: set[int] = field(default_factory=set)
    habits: Habits = field(default_factory=Habits)


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass: its name, its folder, what it reads and sets, when it does nothing."""

    name: str
    folder: str
    run: Callable[[Batch], None]
    reads: str
    sets: str
    idle: str


Act = Callable[[Batch], None]


def each_raw(act: Callable[[RawPage], None]) -> Act:
    """Act on each page as it was extracted."""

    def run(batch: Batch) -> None:
        for page in batch.raw:
            act(page)

    return run


def each(act: Callable[..., None], *given: str) -> Act:
    """Act on each page that is being taken apart, given what of the batch is named."""

    def run(batch: Batch) -> None:
        for page in batch.pages:
            act(page, *(getattr(batch, name) for name in given))

    return run


def learning(act: Callable[[list[list[Line]], Habits], None]) -> Act:
    """Let the lines of the document teach."""

    def run(batch: Batch) -> None:
        act(text_runs(batch.pages), batch.habits)

    return run
