"""A report's content as nodes: what every dress has to set, whatever it is made of."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.layouts.contents import Content, Piece
from tests.layouts.model import Box, Item

LEVELS = {"h1": 1, "h2": 2, "h3": 3, "mark": 4}
_CALLS = re.compile("[¹²³⁴⁵⁶⁷⁸⁹]")


@dataclass
class Node:
    """A part of a report in printed order.

    `kind`: cover, heading, list, pair, recs, para, quote, strong, fact, addressee, banner,
    ratings, questions, context, box. A `pair` holds two lists and their heads.
    """

    kind: str
    text: str = ""
    level: int = 0
    items: list[Item] = field(default_factory=list)
    rows: list[tuple[str, ...]] = field(default_factory=list)
    box: Box | None = None
    note: str = ""
    lists: list[tuple[str, list[Item]]] = field(default_factory=list)


@dataclass
class Wording:
    """What the words themselves may look like, beside the form they are set in."""

    number: str  # behind the code of a standard
    colon: bool
    back: bool  # "(Back to top)" behind headings
    banner: str  # table, bold, lines, label, above
    ratings: str  # columns, pairs, lines, paragraphs, items
    facts: str  # line, colon, lines
    straight: bool  # quotation marks
    pairs: bool  # strengths beside areas for improvement
    contents: bool


def draw_wording(rng: random.Random) -> Wording:
    return Wording(
        number=rng.choice([".", ".", "", ":"]),
        colon=rng.random() < 0.5,
        back=rng.random() < 0.15,
        banner=rng.choice(["table", "bold", "lines", "label", "above"]),
        ratings=rng.choice(["columns", "columns", "pairs", "lines", "paragraphs", "items"]),
        facts=rng.choice(["line", "colon", "lines"]),
        straight=rng.random() < 0.25,
        pairs=rng.random() < 0.25,
        contents=rng.random() < 0.5,
    )


def nodes_of(content: Content, wording: Wording) -> list[Node]:
    nodes: list[Node] = []
    for piece in content.pieces:
        if piece.kind == "item" and nodes and nodes[-1].kind == "list":
            nodes[-1].items.append(piece.item)
        elif piece.kind == "numbered" and nodes and nodes[-1].kind == "recs":
            nodes[-1].rows.append((str(piece.number), piece.text))
        else:
            nodes.append(_node(piece, wording))
    return _paired(nodes) if wording.pairs else nodes


def _node(piece: Piece, wording: Wording) -> Node:
    if piece.kind in LEVELS:
        text = piece.text
        if piece.kind == "h2":
            text = f"{piece.rows[0][0]}{wording.number} {text}"
        if piece.kind == "mark" and wording.colon:
            text += ":"
        return Node("heading", text, level=LEVELS[piece.kind])
    if piece.kind == "item":
        return Node("list", items=[piece.item])
    if piece.kind == "numbered":
        return Node("recs", rows=[(str(piece.number), piece.text)])
    if piece.kind == "facts":
        return Node("fact", rows=piece.rows)
    kind = {"p": "para"}.get(piece.kind, piece.kind)
    return Node(kind, piece.text, rows=piece.rows, box=piece.box, note=piece.note)


def _paired(nodes: list[Node]) -> list[Node]:
    """Set two lists side by side where nothing but their heads stands between them."""
    out: list[Node] = []
    at = 0
    while at < len(nodes):
        four = nodes[at : at + 4]
        kinds = [(n.kind, n.level) for n in four]
        if kinds == [("heading", 4), ("list", 0)] * 2 and not any(
            i.quotes for n in four for i in n.items
        ):
            heads = [(four[i].text, four[i + 1].items) for i in (0, 2)]
            out.append(Node("pair", lists=heads))
            at += 4
        else:
            out.append(nodes[at])
            at += 1
    return out


def paragraph_parts(node: Node) -> list[str]:
    """A paragraph cut at the calls of its note; with a note only at the first."""
    return _CALLS.split(node.text)


def made_ratings(
    rows: Sequence[tuple[str, str, str]],
    way: str,
    *,
    table: Callable[[list[tuple[str, ...]]], str],
    line: Callable[[str], str],
    items: Callable[[list[str]], str],
    strong: Callable[[str], str],
    two: Callable[[str, str], list[str]],
) -> list[str]:
    """Set rows of code, title and rating in one of the ways of `Wording.ratings`.

    The callables say how a page or a program sets a table, a line, a list, a rating behind its
    title and a rating on a second line.
    """
    match way:
        case "columns":
            return [table([*rows])]
        case "pairs":
            return [table([(f"{code} {title}", rating) for code, title, rating in rows])]
        case "lines":
            return [x for code, title, rating in rows for x in two(f"{code} {title}", rating)]
        case "items":
            return [items([f"{code} {title}: {rating}" for code, title, rating in rows])]
        case _:
            return [line(f"{code} {title} {strong(rating)}") for code, title, rating in rows]


def straighten(text: str) -> str:
    return text.translate(str.maketrans("‘’“”", "''\"\""))


def chapters(nodes: Sequence[Node]) -> list[str]:
    return [n.text for n in nodes if n.kind == "heading" and n.level <= 2]
