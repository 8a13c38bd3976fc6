"""Structure tags of a file, heard where they are sane: they settle headings and their levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipelines.read.pdf.extract.roles import HEADING_ROLE
from pipelines.records import Block, BlockKind

Style = tuple[int, bool, bool]
"""Size in half points, whether it is bold, whether it is italic."""

_AGREE = 0.95
_COVERED = 0.9


def settle(
    blocks: Sequence[Block], roles: Sequence[Sequence[str]], styles: Sequence[Style | None]
) -> tuple[tuple[Block, ...], bool]:
    """Let sane tags settle headings.

    Args:
        blocks: As the layout found them.
        roles: For each block the roles of its pieces of text; empty where it has none.
        styles: For each block that is short enough for a heading how it is set.

    Returns:
        The blocks, and whether the tags were heard.
    """
    main = [max(found, key=found.count) if found else "" for found in roles]
    text = [i for i, b in enumerate(blocks) if b.kind is not BlockKind.TABLE and not b.boxed]
    if not text or sum(bool(main[i]) for i in text) < _COVERED * len(text):
        return tuple(blocks), False
    judged = [i for i in text if blocks[i].kind in (BlockKind.BULLET, BlockKind.HEADING)]
    agreed = sum(_agrees(blocks[i], main[i]) for i in judged)
    if not judged or agreed < _AGREE * len(judged):
        return tuple(blocks), False
    settled = []
    for block, role in zip(blocks, main, strict=True):
        heading = HEADING_ROLE.match(role)
        plain = block.kind is BlockKind.PARAGRAPH and not block.bold
        sentence = plain and block.text.endswith((".", ",", ";"))
        if heading and block.kind in (BlockKind.HEADING, BlockKind.PARAGRAPH) and not sentence:
            settled.append(replace(block, kind=BlockKind.HEADING, level=int(heading[1])))
        else:
            settled.append(block)
    _settle_boxed(settled, styles)
    return tuple(settled), True


def _settle_boxed(blocks: list[Block], styles: Sequence[Style | None]) -> None:
    """Let what styles like headings outside of boxes be headings inside: tags call all there cells.

    A style that text outside has too shows nothing.
    """
    levels: dict[Style | None, int] = {}
    outside = [x for x in zip(blocks, styles, strict=True) if x[1] and not x[0].boxed]
    for block, style in outside:
        if block.kind is BlockKind.HEADING:
            levels.setdefault(style, block.level)
    for block, style in outside:
        if block.kind is not BlockKind.HEADING:
            levels.pop(style, None)
    for index, (block, style) in enumerate(zip(blocks, styles, strict=True)):
        if style in levels and block.boxed and block.kind is BlockKind.PARAGRAPH:
            blocks[index] = replace(block, kind=BlockKind.HEADING, level=levels[style])


def _agrees(block: Block, role: str) -> bool:
    """Bullets are list items; headings are headings, or bold paragraphs nobody tagged as one."""
    if block.kind is BlockKind.BULLET:
        return role == "LI"
    return role not in ("LI", "TD", "Note")
