"""Pages to blocks, batch by batch: the loop over the passes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipelines.read.pdf.batch import Batch, Pass, Whole
from pipelines.read.pdf.extract.ligatures import NamelessGlyphs
from pipelines.read.pdf.model.page import RawPage
from pipelines.read.pdf.passes import CLOSING, PASSES
from pipelines.records import Block

#: Is told of each pass that has acted, and of the batch as it left it.
Watch = Callable[[Pass | None, Batch], None]


class Layout:
    """Builds a document's blocks batch by batch, so that long documents do not fill memory."""

    def __init__(
        self, *, file: bytes = b"", glyphs: NamelessGlyphs | None = None, watch: Watch | None = None
    ) -> None:
        self._whole = Whole(file, glyphs)
        self._watch = watch

    @property
    def tagged(self) -> bool:
        """Whether the file's tags were heard."""
        return self._whole.composer.tagged

    @property
    def small(self) -> list[int]:
        """Sheets in so small a type that they may hold several pages."""
        return self._whole.sheets.small

    def take(self, pages: Sequence[RawPage]) -> None:
        """Lay out a batch of pages that follow each other."""
        batch = Batch(self._whole, list(pages))
        if self._watch is not None:
            self._watch(None, batch)
        self._run(PASSES, batch)

    def finish(self) -> tuple[tuple[Block, ...], str]:
        """Hand over the document's blocks and text."""
        self._run(CLOSING, Batch(self._whole, [], habits=self._whole.feeder.habits))
        composer = self._whole.composer
        return tuple(composer.blocks), "".join(composer.pieces)

    def _run(self, passes: Sequence[Pass], batch: Batch) -> None:
        for step in passes:
            step.run(batch)
            if self._watch is not None:
                self._watch(step, batch)
