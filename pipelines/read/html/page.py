"""Walk the elements of a page and draft its blocks.

The walk keeps its own stack: markup nested a thousand deep costs memory, never the program.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from selectolax.lexbor import LexborNode

from pipelines.errors import UnreadableDocument
from pipelines.read.drafts.assemble import BOLD_OFF, BOLD_ON, Draft, plain
from pipelines.read.drafts.lines import LineKind
from pipelines.read.drafts.repair import repair_text
from pipelines.read.drafts.toplink import without_top_link
from pipelines.read.html.boxes import has_framed_lines, is_box, is_framed_line
from pipelines.read.html.breaks import part_lines, read_opening
from pipelines.read.html.elements import (
    BLOCKS,
    LISTS,
    NO_LEVEL,
    frames_blocks,
    has_items_of_text,
    heading_level,
    in_sentence,
    indent_of,
    is_bold,
    is_control,
    is_gloss,
    is_item,
    is_link,
    is_nested_list,
    is_note,
    is_note_call,
    is_quote,
    list_start,
    number_of,
    opens_panel,
    parts_behind,
    words_of_picture,
)
from pipelines.read.html.grid import (
    NESTED_BULLET,
    columns_of,
    fewest_items,
    is_head,
    is_layout,
    items_of,
    read_grid,
    read_list_of_terms,
)
from pipelines.read.html.markup import resolved
from pipelines.read.html.silence import is_silent
from pipelines.records import BlockKind

_LINE: Final = "\x0b"  # a line break; repair leaves none in the text
_CONTROL: Final = re.compile(r",[ ]*(?:show|hide)(?: this section)?[ ]*$", re.I)  # of its panel
_REJOINED: Final = re.compile(f"{BOLD_OFF}(\\s*){BOLD_ON}")
_KINDS: Final = {
    LineKind.BULLET: BlockKind.BULLET,
    LineKind.NUMBERED: BlockKind.NUMBERED,
    LineKind.FOOTNOTE: BlockKind.FOOTNOTE,
    LineKind.HEADING: BlockKind.HEADING,
}


@dataclass(frozen=True, slots=True)
class _Frame:
    """What an open element makes of the text inside it; `owner` numbers the list item it is in."""

    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    marker: str = ""
    boxed: bool = False
    note: bool = False
    quote: bool = False
    bold: bool = False
    owner: int = 0
    indent: int = 0
    among_text: bool = False  # in a list of which not every item is a link


class PageWalk:
    """Drafts of the blocks below an element, in `drafts`."""

    def __init__(self, root: LexborNode, *, panels: frozenset[int], max_depth: int) -> None:
        self.drafts: list[Draft] = []
        self._panels = panels
        self._total = len(root.text(deep=True))
        self._fewest = fewest_items(root)
        self._framed = has_framed_lines(root, self._total)
        self._buffer: list[str] = []
        self._frame = _Frame()
        self._items: dict[int, Draft] = {}  # list items by owner number
        self._owners = 0
        self._numbers: list[int] = []
        self._max_depth = max_depth
        self._walk(root)
        self._flush()

    def _walk(self, root: LexborNode) -> None:
        stack: list[tuple[LexborNode, _Frame]] = []
        node = root.child
        while node is not None or stack:
            if node is None:
                parent, frame = stack.pop()
                self._close(parent, frame)
                node = parent.next
                continue
            if self._enter(node):
                stack.append((node, self._frame))
                self._open(node)
                if len(stack) > self._max_depth:
                    raise UnreadableDocument(
                        f"HTML elements are nested more than {self._max_depth} deep",
                        remedy="save the page anew as plain HTML, or raise the limit max_depth",
                    )
                node = node.child
            else:
                node = node.next

    def _enter(self, node: LexborNode) -> bool:
        """Read a node that needs no descent; return whether to descend."""
        tag = node.tag or "-"
        if tag == "-text":
            # Repaired here and not before: only now are references to characters resolved.
            self._buffer.append(repair_text(resolved(node.text_content or "")))
        elif tag == "br":
            self._buffer.append(_LINE)
        elif tag == "img":
            self._picture(node)
        elif tag == "button" and in_sentence(node) and not is_control(node):
            self._buffer.append(repair_text(node.text(deep=True)))
        elif tag == "button":
            return opens_panel(node)
        elif tag == "rt":  # how the words before it are said, or what they mean
            self._buffer.append(f" ({plain(repair_text(node.text(deep=True))).strip()})")
        elif tag.startswith("-") or self._is_passed_over(node):
            return False
        elif tag == "table":
            return not self._read_table(node)
        elif tag == "dl" and (rows := read_list_of_terms(node, self._panels)):
            self._table(rows)
        else:
            return True
        return False

    def _is_passed_over(self, node: LexborNode) -> bool:
        called = node.tag in {"a", "sup"} and is_note_call(node)
        return called or is_silent(node, self._panels) or is_control(node)

    def _read_table(self, node: LexborNode) -> bool:
        """Read a table that is one; return False where it only lays out what is in it."""
        if items := items_of(node, fewest=self._fewest):
            self._read_items(items)
            return True
        if not is_layout(node):
            self._table(read_grid(node, self._panels))
            return True
        cells = columns_of(node)
        for cell in cells:
            self._flush()
            self._walk(cell)
        self._flush()
        return bool(cells)

    def _read_items(self, cells: list[LexborNode]) -> None:
        """Read cells as the items of a list, the first as its head where it is one."""
        around = self._frame
        for index, cell in enumerate(cells):
            self._flush()
            if index or not is_head(cell):
                self._owners += 1
                self._frame = replace(around, kind=BlockKind.BULLET, marker="•", owner=self._owners)
            self._walk(cell)
            self._flush()
            self._frame = around

    def _open(self, node: LexborNode) -> None:
        tag = node.tag
        if is_bold(node):
            self._buffer.append(BOLD_ON)
            self._frame = replace(self._frame, bold=True)
            return
        if tag not in BLOCKS and tag != "button":
            self._buffer.append(" " * is_gloss(node, plain("".join(self._buffer[-2:]))))
            return
        self._flush()
        frame = replace(self._frame, indent=indent_of(node)) if tag == "p" else self._frame
        if level := heading_level(node):
            frame = replace(frame, kind=BlockKind.HEADING, level=level % NO_LEVEL, owner=0)
        elif is_item(node):
            frame = self._open_item(node, frame)
        elif tag == "blockquote" or is_quote(node):
            frame = replace(frame, kind=BlockKind.QUOTE, quote=True, owner=0)
        elif tag in {"p", "div"} and frame.kind is BlockKind.PARAGRAPH and is_link(node):
            frame = replace(frame, kind=BlockKind.CONTENTS)
        elif tag in LISTS:
            self._numbers.append(list_start(node) - 1)
            frame = replace(frame, among_text=has_items_of_text(node))
        if is_note(node):
            frame = replace(frame, note=True)
        boxed = tag == "figcaption" or is_box(node, self._total)
        if (boxed or (self._framed and is_framed_line(node))) and not frame.quote:
            frame = replace(frame, boxed=True)
        self._frame = frame

    def _open_item(self, node: LexborNode, frame: _Frame) -> _Frame:
        ordered = node.parent is not None and node.parent.tag == "ol"
        if ordered and self._numbers:
            self._numbers[-1] = number_of(node, name="value", default=self._numbers[-1] + 1)
        if frames_blocks(node):
            return replace(frame, kind=BlockKind.PARAGRAPH, owner=0)
        if is_link(node, sentences=not frame.among_text):
            return replace(frame, kind=BlockKind.CONTENTS, owner=0)
        if frame.owner:
            return frame  # nested: its text goes into the item around it
        if is_nested_list(node.parent) and self._owners in self._items:
            return replace(frame, kind=BlockKind.BULLET, marker="•", owner=self._owners)
        self._owners += 1
        kind = BlockKind.NUMBERED if ordered else BlockKind.BULLET
        marker = f"{self._numbers[-1]}." if ordered and self._numbers else "•"
        return replace(frame, kind=kind, marker=marker, owner=self._owners)

    def _close(self, node: LexborNode, frame: _Frame) -> None:
        """Leave an element; `frame` is what held around it."""
        if self._frame.bold and not frame.bold:
            self._buffer.append(BOLD_OFF)
        elif node.tag in BLOCKS or node.tag == "button":
            self._flush()
            if node.tag in LISTS and self._numbers:
                self._numbers.pop()
        elif parts_behind(node):
            self._buffer.append(" ")
        self._frame = frame

    def _picture(self, node: LexborNode) -> None:
        listed = self._frame.kind is not BlockKind.PARAGRAPH
        words = words_of_picture(node, before=plain("".join(self._buffer)), listed=listed)
        self._buffer.append(f" {words} ")

    def _table(self, rows: tuple[tuple[str, ...], ...]) -> None:
        self._flush()
        if rows:
            self.drafts.append(Draft(BlockKind.TABLE, "", rows=list(rows), boxed=self._frame.boxed))

    def _flush(self) -> None:
        """Draft what has been gathered, by what the open elements make of it."""
        text = "".join(self._buffer)
        self._buffer = [BOLD_ON] if self._frame.bold else []
        lines = [line for part in text.split(_LINE) if plain(line := " ".join(part.split()))]
        if not lines:
            return
        if self._frame.kind is BlockKind.PARAGRAPH and not self._frame.note and len(lines) > 1:
            for line in part_lines(lines):
                self._draft(line)
        else:
            if self._frame.owner:
                lines = [lines[0], *(NESTED_BULLET.sub("", line) for line in lines[1:])]
            self._draft("\n".join(lines))

    def _draft(self, text: str) -> None:
        frame = self._frame
        text = _REJOINED.sub(r"\1", text)
        text = _CONTROL.sub("", text) if frame.kind is BlockKind.HEADING else text
        kind, marker, level = frame.kind, frame.marker, frame.level
        text, linked = without_top_link(text)
        if linked and not plain(text):
            return
        kind = BlockKind.HEADING if linked and kind is BlockKind.PARAGRAPH else kind
        if frame.note:
            kind = BlockKind.FOOTNOTE
        elif kind is BlockKind.PARAGRAPH:
            line = read_opening(text)
            if line is not None:
                kind, marker, text = _KINDS[line.kind], line.marker, line.text
        item = self._items.get(frame.owner)
        if item is not None and kind in {BlockKind.BULLET, BlockKind.NUMBERED}:
            item.text = f"{item.text}\n{text}"
            return
        draft = Draft(kind, text, marker=marker, level=level, boxed=frame.boxed)
        if frame.owner:
            self._items[frame.owner] = draft
        elif kind is BlockKind.BULLET:
            draft.indent = frame.indent
        if kind is BlockKind.QUOTE and self._same_quote():
            self.drafts[-1].text = f"{self.drafts[-1].text}\n{text}"
            return
        self.drafts.append(draft)

    def _same_quote(self) -> bool:
        """Whether the quotation before has not been closed yet: it goes on in a new paragraph."""
        if not self.drafts or self.drafts[-1].kind is not BlockKind.QUOTE:
            return False
        text = self.drafts[-1].plain
        return text[:1] in '“"' and text.rstrip(".")[-1:] not in '”"'
