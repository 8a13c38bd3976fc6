"""Bold faces whose names do not say so: files that went through PostScript call them f-0-0."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipelines.read.pdf.model.page import RawPage

_BOLD = 1.35  # times as thick as the strokes of the text: bold is 1.4 to 1.7, sans beside serif 1.3


def weigh_faces(pages: Sequence[RawPage]) -> None:
    """Take faces without a telling name for bold where their strokes are thick beside the text's.

    What such fonts say of their weight may be reckoned from the box of their letters: then all
    are bold.
    """
    spans = [span for page in pages for span in page.spans if span.face.stroke]
    letters = Counter[float]()
    for span in spans:
        letters[span.face.stroke] += len(span.text)
    if len(letters) < 2:
        return
    thick = _BOLD * letters.most_common(1)[0][0]
    told = not all(span.face.bold for span in spans)
    for span in spans:
        bold = span.face.stroke >= thick or (told and span.face.bold)
        span.face = span.face._replace(bold=bold)
