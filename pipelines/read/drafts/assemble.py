"""From drafts of blocks to a document: normalised text, offsets, bold parts.

A reader writes drafts, whose text may hold the two markers below around bold text and footnote
calls; here they go, and each block learns where it stands in the document's text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from pipelines.errors import UnreadableDocument
from pipelines.read.limits import Limits
from pipelines.records import Block, BlockKind, Document

# Noncharacters: repair removes them from what is read, so they can only be ours.
BOLD_ON: Final = "\ufdd0"
BOLD_OFF: Final = "\ufdd1"

# Characters; nothing that a person wrote as one paragraph is longer, and joining stops there.
LONGEST_BLOCK: Final = 20_000

_TAIL: Final = 600
_MARKS: Final = re.compile(f"[{BOLD_ON}{BOLD_OFF}]")


@dataclass(slots=True)
class Draft:
    """A block in the making; a newline in `text` is a line of the source.

    Attributes:
        full: Its last line had no room for another word.
        broken: A page ended right before it.
        parted: A page ended inside it.
        severed: It was split off the draft before, which it continues unless it is a footnote.
    """

    kind: BlockKind
    text: str
    marker: str = ""
    level: int = 0
    boxed: bool = False
    rows: list[tuple[str, ...]] = field(default_factory=list)
    indent: int = 0
    full: bool = False
    broken: bool = False
    parted: bool = False
    severed: bool = False

    @property
    def plain(self) -> str:
        """Its text as a reader of it would see it: one line, no markers."""
        return plain(self.text)

    @property
    def tail(self) -> str:
        """The end of its text, enough to see how it ends; whole where it is short."""
        return plain(self.text[-_TAIL:])


def plain(text: str) -> str:
    """Take out the markers and join the lines."""
    return " ".join(_MARKS.sub("", text).split())


def table_text(rows: Sequence[Sequence[str]]) -> str:
    """Write a table's cells as text: a line for each row, cells separated by tabs."""
    return "\n".join("\t".join(row) for row in rows)


def assemble(
    drafts: Sequence[Draft],
    *,
    path: str,
    form: str,
    sha256: str,
    limits: Limits,
    title: str = "",
    published: str = "",
    warnings: tuple[str, ...] = (),
    reader: str = "",
) -> Document:
    """Build the document from its drafts, in their order.

    Raises:
        UnreadableDocument: There is no text in them, or there are more than the limit.
    """
    blocks: list[Block] = []
    parts: list[str] = []
    at = 0
    for draft in drafts:
        kept, bold = _settle(draft)
        if not kept.strip():
            continue
        if blocks:
            parts.append("\n\n")
            at += 2
        text = kept if draft.kind is BlockKind.TABLE else " ".join(kept.split())
        blocks.append(
            Block(
                draft.kind,
                text,
                at,
                at + len(kept),
                level=draft.level,
                marker=draft.marker,
                boxed=draft.boxed,
                bold=bold,
                rows=tuple(draft.rows),
            )
        )
        parts.append(kept)
        at += len(kept)
    if not blocks:
        raise UnreadableDocument(
            "the file holds no text", remedy="fetch it again, or save the report in another form"
        )
    if len(blocks) > limits.max_blocks:
        raise UnreadableDocument(
            f"{len(blocks):,} blocks of text, more than the limit of {limits.max_blocks:,}",
            remedy="split the file, or raise the limit max_blocks",
        )
    return Document(
        path, form, sha256, "".join(parts), tuple(blocks), None, reader, title, published, warnings
    )


def _settle(draft: Draft) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return the draft's text without markers, and its bold parts as offsets in its joined text."""
    if draft.kind is BlockKind.TABLE:
        return _MARKS.sub("", table_text(draft.rows)), ()
    lines = [" ".join(line.split()) for line in draft.text.split("\n")]
    marked = "\n".join(line for line in lines if _MARKS.sub("", line).strip())
    kept = "\n".join(
        line for line in (" ".join(x.split()) for x in _MARKS.sub("", marked).split("\n")) if line
    )
    if BOLD_ON not in marked:
        return kept, ()
    return kept, _bold_parts(marked)


def _bold_parts(marked: str) -> tuple[tuple[int, int], ...]:
    parts: list[tuple[int, int]] = []
    out = ""
    begun: int | None = None
    for char in " ".join(marked.split()):
        if char == BOLD_ON:
            begun = len(out) if begun is None else begun
        elif char == BOLD_OFF:
            if begun is not None and len(out.rstrip()) > begun:
                parts.append((begun, len(out.rstrip())))
            begun = None
        elif not (char == " " and (not out or out.endswith(" "))):
            if begun is not None and begun > len(out):
                begun = len(out)
            out += char
    return tuple(parts)
