"""Score what was read against the model: text, polarity and place of every finding."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.records import BlockKind, Document

_STRAIGHT = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"'})


def norm(text: str) -> str:
    return " ".join(text.translate(_STRAIGHT).split())


@dataclass
class Score:
    wanted: int
    got: int
    text: int
    full: int
    perfect: bool
    missed: list[tuple[str, str, str]]
    extra: list[tuple[str, str, str]]


def naive_findings(document: Document, titles: set[str]) -> list[tuple[str, str, str]]:
    """Findings by the plainest possible segmenter, so that only the reader is judged.

    Block form comes from the reader; headings are recognised by the model's own titles.
    """
    plain = {re.sub(r"[^a-z]", "", t.lower()): t for t in titles}
    found: list[tuple[str, str, str]] = []
    place, polarity, fresh = "", "", False
    for block in document.blocks:
        if block.boxed or block.kind in (BlockKind.CONTENTS, BlockKind.TABLE, BlockKind.FOOTNOTE):
            continue
        key = re.sub(r"[^a-z]", "", re.sub(r"^(P )?[\d.]+", "", block.text.strip()).lower())
        if key in ("strengths", "areasforimprovement"):
            polarity = "strength" if key == "strengths" else "area_for_improvement"
            fresh = True
        elif key in plain:
            place, polarity = plain[key], ""
        elif block.kind is BlockKind.HEADING:
            polarity = ""
        elif (block.kind in (BlockKind.BULLET, BlockKind.NUMBERED) and polarity) or (
            block.kind is BlockKind.PARAGRAPH and polarity and fresh
        ):
            found.append((norm(block.text), polarity, place))
            fresh = False
    return found


def segmented_findings(document: Document) -> list[tuple[str, str, str]]:
    """Findings by the product's segmenter."""
    from pipelines.segment import segment_document

    return [
        (norm(f.text), f.polarity.value, f.subsection or f.standard or "")
        for f in segment_document(document).findings
    ]


def score(wanted: list[tuple[str, str, str]], got: list[tuple[str, str, str]]) -> Score:
    wanted = [(norm(t), p, s) for t, p, s in wanted]
    texts = {w[0] for w in wanted} & {g[0] for g in got}
    full = set(wanted) & set(got)
    return Score(
        len(wanted),
        len(got),
        len(texts),
        len(full),
        wanted == got,
        [w for w in wanted if w not in full],
        [g for g in got if g not in full],
    )
