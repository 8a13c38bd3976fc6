"""Words within a sentence of a page that its own markup surely hides; all others are read.

What sheets paint, move or hide is unknown, as one rule may undo another. So only the style that an
element of a sentence has itself is looked at, beside words that are seen, and what the page's own
sheet says of the ground of its class and no other rule names, as of a name that is blacked out.
White words stay unless the same element says that its ground is white.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipelines.read.html.elements import BLOCKS, NO_LEVEL, above, heading_level
from pipelines.read.html.silence import SILENT, is_hidden

_INLINE: Final = frozenset(
    {"span", "font", "b", "strong", "i", "em", "u", "small", "big", "a", "mark", "sub", "sup"}
    | {"abbr", "ins"}
)
_SENTENCES: Final = frozenset({"li", "p", "td", "dd"})
_DISPLAYS: Final = frozenset({"inline", "inline-block", "none"})
_OTHERWISE: Final = "[style], [class], [id], [color], [size]"
_PAINTS: Final = ("-webkit-", "background")
_MOVES: Final = ("transition", "animation", "transform")
_WORD: Final = re.compile(r"[^\W\d_]{2}")
_AMOUNT: Final = re.compile(r"(\d+\.?\d*|\.\d+)([a-z%]*)")
_TINY: Final = {"px": 1.34, "pt": 1.0}
_FAR: Final = re.compile(r"-(?:[1-9]\d{3,}(?:\.\d+)?(?:px|pt)|[1-9]\d\d+(?:\.\d+)?r?em)")
_NIL: Final = r"[01](?:px)?"
_CLIPPED: Final = re.compile(
    rf"rect\(\s*(?:{_NIL}[\s,]+){{3}}{_NIL}\s*\)|inset\(\s*(?:50|100)%\s*\)"
)
_NONE: Final = r"\s*0?\.?0+%?\s*\)"
_CLEAR: Final = re.compile(rf"transparent|(?:rgb|hsl)a?\((?:(?:[^(),]+,){{3}}|[^()/]+/){_NONE}")
_HEX: Final = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})")
_RGB: Final = re.compile(r"rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)")
_SHEET: Final = re.compile(r"<style\b", re.IGNORECASE)
_LINKED: Final = re.compile(r"\bstylesheet\b", re.IGNORECASE)
_COMMENT: Final = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_CLASS: Final = re.compile(r"\.([A-Za-z_][\w-]*)")
_ALONE: Final = re.compile(r"\s*[a-z]*\.([A-Za-z_][\w-]*)\s*")
_BLACKS_OUT: Final = re.compile(
    r"(?<![\w-])color\s*:.*background|background.*[\s;]color\s*:", re.DOTALL
)
# What a sheet says of pages of paper and of typefaces is of no element.
_OF_NO_ELEMENT: Final = re.compile(
    r"@(?:page|font-face|charset)\b[^{};@]{0,200}(?:;|\{(?:[^{}]|\{[^{}]*\})*\})", re.IGNORECASE
)
_MOST_CLASSES: Final = 200
_SET: Final = re.compile(r"(?<![\w-])(--[\w-]+)\s*:([^;{}]*)")
_ASKED: Final = re.compile(r"var\(\s*(--[\w-]+)\s*\)")
_NAMED: Final = {"black": "#000000", "white": "#ffffff"}


def leave_out_unseen(tree: LexborHTMLParser, markup: str) -> int:
    """Take the words of sentences that nobody sees off a page; return how many they were.

    Args:
        tree: The page, its sheets maybe taken out.
        markup: The same with its sheets.
    """
    if tree.body is None:
        return 0
    given = _variables(markup)
    classes = _classes(markup)
    named = ", ".join(["[style]", *(f".{name}" for name in classes)])
    styles = {node.mem_id: _style(node, classes, given) for node in tree.body.css(named)}
    beside: dict[int, bool] = {}  # whether a block has words that are seen
    found = {n.mem_id: n for n in tree.body.css(named) if _is_unseen(n, styles, beside)}
    outer = [n for n in found.values() if not any(a.mem_id in found for a in above(n))]
    words = sum(len(node.text(deep=True, separator=" ").split()) for node in outer)
    for node in outer:
        node.decompose()
    return words


def unseen_warning(words: int) -> tuple[str, ...]:
    """Say how many words of a document were left out as nobody sees them, if any."""
    if not words:
        return ()
    counted = "1 word" if words == 1 else f"{words:,} words"
    return (
        f"{counted} that nobody sees (not painted, in the colour of the page, too small, or off "
        "the page) left out",
    )


def _classes(markup: str) -> dict[str, str]:
    """What the sheets in a page say of classes that one rule names, alone, and no other does.

    What is hidden in other ways than by its ground may be opened, or be hidden in print alone.
    """
    parts = (part.partition(">")[2].partition("</")[0] for part in _SHEET.split(markup)[1:])
    sheets = _OF_NO_ELEMENT.sub("", _COMMENT.sub("", "\n".join(parts)))
    if _LINKED.search(markup) or "@" in sheets:  # when those hold, and what they say, is unknown
        return {}
    rules = [rule.rpartition("{")[::2] for rule in sheets.split("}")]
    named = Counter(name for selectors, _ in rules for name in _CLASS.findall(selectors))
    alone = ((_ALONE.fullmatch(selectors), said) for selectors, said in rules)
    found = {
        match[1]: said
        for match, said in alone
        if match and named[match[1]] == 1 and _BLACKS_OUT.match(said)
    }
    return found if len(found) <= _MOST_CLASSES else {}


def _variables(markup: str) -> dict[str, str]:
    """What names of a page's own stand for, as far as each is given one value alone."""
    values: dict[str, set[str]] = {}
    for name, said in _SET.findall(_COMMENT.sub("", markup)) if "var(" in markup else ():
        values.setdefault(name, set()).add(said.strip())
    return {name: said.pop() for name, said in values.items() if len(said) == 1}


def _style(
    node: LexborNode, classes: Mapping[str, str], given: Mapping[str, str]
) -> dict[str, str]:
    """What is declared of an element: by its classes, then by itself."""
    names = (node.attributes.get("class") or "").split()
    own = node.attributes.get("style") or ""
    style = ";".join([*(classes.get(name, "") for name in names), own])
    return _declarations(_ASKED.sub(lambda name: given.get(name[1], ""), style))


def _is_unseen(
    node: LexborNode, styles: Mapping[int, dict[str, str]], beside: dict[int, bool]
) -> bool:
    if node.tag not in _INLINE or "id" in node.attributes or not _hides(node, styles):
        return False
    around = list(above(node))
    block = next((a for a in around if a.tag in BLOCKS), None)
    if block is None or block.tag not in _SENTENCES:
        return False
    if any(a.tag in SILENT or 0 < heading_level(a) < NO_LEVEL for a in (node, *around)):
        return False
    if any(part.tag in BLOCKS for part in node.css("*") if part.mem_id != node.mem_id):
        return False
    if block.mem_id not in beside:
        beside[block.mem_id] = _has_seen_words(block, styles)
    return beside[block.mem_id]


def _has_seen_words(block: LexborNode, styles: Mapping[int, dict[str, str]]) -> bool:
    """Whether a block has words of its own that no style or attribute in it hides."""
    stack = [block]
    while stack:
        child = stack.pop().child
        while child is not None:
            if child.tag == "-text":
                if _WORD.search(child.text_content or ""):
                    return True
            elif child.tag not in BLOCKS | SILENT and not (
                is_hidden(child) or _hides(child, styles)
            ):
                stack.append(child)
            child = child.next
    return False


def _hides(node: LexborNode, styles: Mapping[int, dict[str, str]]) -> bool:
    """Whether what is declared of an element hides all that is in it."""
    said = styles.get(node.mem_id, {})
    if said.get("display", "inline") not in _DISPLAYS:
        return False
    if said.get("display") == "none" or said.get("visibility") == "hidden":
        return True
    if _amount(said.get("opacity", ""))[0] == 0:
        return not any(name.startswith(_MOVES) for name in said)
    return _is_off_the_page(said) or _is_unpainted(node, said)


def _is_off_the_page(said: dict[str, str]) -> bool:
    if said.get("position") not in {"absolute", "fixed", "relative"}:
        return False
    far = any(_FAR.fullmatch(said.get(side, "")) for side in ("left", "top"))
    return far or any(_CLIPPED.fullmatch(said.get(name, "")) for name in ("clip", "clip-path"))


def _is_unpainted(node: LexborNode, said: dict[str, str]) -> bool:
    """Whether a style makes letters dots, clear, or of the colour that it sets behind them."""
    if any(part.mem_id != node.mem_id for part in node.css(_OTHERWISE)):
        return False  # these may have a size and a colour of their own
    if "font" not in said and _is_tiny(said.get("font-size", "")):
        return True
    grounds = [name for name in said if name.startswith(_PAINTS)]
    colour = said.get("color", "")
    if not colour or "text-shadow" in said or len(grounds) > 1:
        return False
    if _CLEAR.fullmatch(colour):
        return not grounds
    return any(_opaque(colour) == _opaque(said[name]) != "" for name in grounds)


def _amount(value: str) -> tuple[float, str]:
    """A number and its unit; -1 for what is none."""
    found = _AMOUNT.fullmatch(value)
    return (float(found[1]), found[2]) if found else (-1.0, "")


def _is_tiny(size: str) -> bool:
    number, unit = _amount(size)
    return 0 <= number <= _TINY.get(unit, 0.0)


def _declarations(style: str) -> dict[str, str]:
    parts = (part.partition(":") for part in style.lower().split(";"))
    return {name.strip(): said.replace("!important", "").strip() for name, _, said in parts}


def _opaque(colour: str) -> str:
    """A colour as six figures; empty where it may let the ground through, or is unknown."""
    if _HEX.fullmatch(colour):
        return colour if len(colour) > 4 else "#" + "".join(2 * figure for figure in colour[1:])
    if found := _RGB.fullmatch(colour):
        return "#" + "".join(f"{min(255, int(part)):02x}" for part in found.groups())
    return _NAMED.get(colour, "")
