"""Tables and lists of terms of a page, as rows of cells; and tables that only lay out a page."""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborNode

from pipelines.read.drafts.lines import DASHES, SURE_GLYPHS
from pipelines.read.drafts.repair import repair_text
from pipelines.read.drafts.wrapping import ends_sentence
from pipelines.read.html.elements import BLOCKS, children, is_note_call, number_of
from pipelines.read.html.silence import is_silent

_LISTED: Final = "ul, ol, menu, dl, [role=list]"
_LONGEST_HEAD: Final = 60
_FEWEST_WORDS: Final = 4  # of a cell that is an item of a list
_SIGNS: Final = f" \t\n\xa0{SURE_GLYPHS}{DASHES}"
NESTED_BULLET: Final = re.compile(r"^[o–—-]\s+")  # below items with another bullet
_BULLETED: Final = re.compile(r"(^|\n)[o*–—-]\s+(?=\S)")  # bullets that might be words
_LINE: Final = "\x0b"  # a line break
_TALLEST: Final = 200  # rows that one cell spans
_LONG_CELL: Final = 600  # characters; no figure or key question is longer


def is_layout(table: LexborNode) -> bool:
    """Whether a table holds parts of the text: headings, lists, long paragraphs, other tables."""
    if table.css_first(f"{_LISTED}, h1, h2, h3, h4, h5, h6, blockquote") is not None:
        return True
    cells = table.css("td, th")
    if len(cells) <= 1 or any(cell.css_first("table") is not None for cell in cells):
        return True
    long = any(len(cell.text(deep=True)) > _LONG_CELL for cell in cells)
    return long and not _is_headed(cells_by_row(table))


def cells_by_row(table: LexborNode) -> list[list[LexborNode]]:
    """Return the cells of each row of a table; rows without any are left out."""
    rows = [[c for c in children(row) if c.tag in {"td", "th"}] for row in table.css("tr")]
    return [row for row in rows if row]


def _is_headed(rows: list[list[LexborNode]]) -> bool:
    """Whether short heads stand above each of several columns."""
    if len(rows) < 2 or len(rows[0]) < 2 or any(len(row) != len(rows[0]) for row in rows):
        return False
    return all(0 < len(cell.text(deep=True).strip()) <= _LONGEST_HEAD for cell in rows[0])


def columns_of(table: LexborNode) -> list[LexborNode]:
    """Return the cells of a table whose columns are to be read one after the other.

    So they are where short heads stand above lists; nothing for any other table.
    """
    rows = cells_by_row(table)
    if not _is_headed(rows):
        return []
    below = [cell for row in rows[1:] for cell in row]
    if not any(cell.css_first(f"{_LISTED}, p + p, div + div, br") is not None for cell in below):
        return []
    return [row[column] for column in range(len(rows[0])) for row in rows]


def items_of(table: LexborNode, *, fewest: int = 2) -> list[LexborNode]:
    """Return the cells of a table that is a list: one text a row, with or without a bullet.

    Nothing for any other table. A short first cell is the list's head.

    Args:
        table: The table.
        fewest: Items of a list without bullets; one only where other tables show that it is one.
    """
    rows = cells_by_row(table)
    cells: list[LexborNode] = []
    for row in rows:
        said = [cell for cell in row if cell.text(deep=True).strip(_SIGNS)]
        if len(said) > 1 or len(row) > 2 or not all(map(_is_item, said)):
            return []
        cells += said
    listed = cells[1:] if cells and is_head(cells[0]) else cells
    few = len(listed) < fewest and not any(len(row) > 1 for row in rows)
    if few or not listed or table.css_first("img") is not None:
        return []
    return [] if any(map(is_head, listed)) else cells


def is_head(cell: LexborNode) -> bool:
    """Whether a cell has too few words for an item of a list."""
    return len(cell.text(deep=True).split()) < _FEWEST_WORDS


def _is_item(cell: LexborNode) -> bool:
    """Whether a cell may hold one item of a list: no part of the page, no list of its own."""
    if cell.css_first("table, p + p, h1, h2, h3, h4, h5, h6") is not None:
        return False
    inner = cell.css_first("ul, ol, menu")
    opening = inner.text(deep=True).strip()[:40] if inner is not None else ""
    return not opening or not cell.text(deep=True).strip().startswith(opening)


def read_grid(table: LexborNode, panels: frozenset[int]) -> tuple[tuple[str, ...], ...]:
    """Return a table's rows; a cell that spans columns counts once, one that spans rows is first.

    Below a cell that spans rows the others have an empty one.
    """
    rows = []
    spans: dict[int, int] = {}  # rows that a cell above still fills, by column
    for row in table.css("tr"):
        cells: list[str] = []
        for cell in (c for c in children(row) if c.tag in {"td", "th"}):
            while spans.get(len(cells), 0):
                spans[len(cells)] -= 1
                cells.append("")
            span = number_of(cell, name="rowspan", default=1)
            spans[len(cells)] = span - 1 if 0 < span <= _TALLEST else 0
            cells.append(cell_text(cell, panels))
        if any(cells):
            rows.append(tuple(cells))
    caption = table.css_first("caption")
    if caption is not None and (text := cell_text(caption, panels)):
        rows.insert(0, (text,))
    return tuple(rows)


def read_list_of_terms(node: LexborNode, panels: frozenset[int]) -> tuple[tuple[str, ...], ...]:
    """Return terms and their descriptions as rows; nothing where descriptions are text."""
    rows: list[tuple[str, ...]] = []
    if is_layout_of_terms(node):
        return ()
    for child in node.css("dt, dd"):
        text = cell_text(child, panels)
        if child.tag == "dt":
            rows.append((text,))
        elif rows:
            rows[-1] = (*rows[-1], text)
    return tuple(rows)


def is_layout_of_terms(node: LexborNode) -> bool:
    """Whether a list of terms holds parts of the text."""
    if node.css_first("ul, ol, h1, h2, h3, h4, h5, h6, table, p + p") is not None:
        return True
    return any(len(d.text(deep=True)) > _LONG_CELL for d in node.css("dd"))


def cell_text(cell: LexborNode, panels: frozenset[int]) -> str:
    """Return the text of a cell; lines that end a sentence remain lines, pictures become words."""
    parts: list[str] = []
    stack: list[LexborNode] = []
    node = cell.child
    while node is not None or stack:
        if node is None:
            parent = stack.pop()
            if parent.tag in BLOCKS:
                parts.append(_LINE)
            node = parent.next
            continue
        tag = node.tag
        if tag == "-text":
            parts.append(node.text_content or "")
        elif tag == "br":
            parts.append(_LINE)
        elif tag == "img":
            parts.append(f" {node.attributes.get('alt') or ''} ")
        elif _has_text(node, panels):
            stack.append(node)
            node = node.child
            continue
        node = node.next
    text = ""
    for part in "".join(parts).split(_LINE):
        line = " ".join(repair_text(part).split())
        nested = NESTED_BULLET.match(line) if text and text[0] in SURE_GLYPHS else None
        gap = "\n" if ends_sentence(text) and nested is None else " "
        line = line[nested.end() :] if nested is not None else line
        text = f"{text}{gap}{line}" if text and line else text or line
    return _BULLETED.sub(r"\1• ", text) if _BULLETED.match(text) else text


def _has_text(node: LexborNode, panels: frozenset[int]) -> bool:
    """Whether an element is read: no comment, nothing hidden, no call of a footnote."""
    tag = node.tag or "-"
    if tag.startswith("-") or is_silent(node, panels):
        return False
    return not (tag in {"a", "sup"} and is_note_call(node))


def fewest_items(root: LexborNode) -> int:
    """Return how many rows make a table a list: one will do on a page that writes lists so."""
    return 1 if any(items_of(table) for table in root.css("table")) else 2
