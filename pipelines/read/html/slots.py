"""Set what an element holds where its own layout shows it: the slots of declared shadow roots."""

from __future__ import annotations

from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipelines.read.html.elements import above

#: Marks the block that stands for what an element shows of its own.
SHADOW: Final = "data-shadow-root"


def fill_slots(tree: LexborHTMLParser) -> None:
    """Move the content of elements into the slots of their shadow roots, outer ones first.

    A slot that nothing was given keeps its own words; what no slot takes stays where it is.
    """
    while (shadow := tree.css_first(f"[{SHADOW}]")) is not None:
        host = shadow.parent
        for slot in shadow.css("slot"):
            around = next(a for a in above(slot) if SHADOW in a.attributes)
            if host is not None and around.mem_id == shadow.mem_id:
                _fill(slot, host, shadow)
        del shadow.attrs[SHADOW]


def _fill(slot: LexborNode, host: LexborNode, shadow: LexborNode) -> None:
    name = slot.attributes.get("name") or ""
    given = [
        node
        for node in host.iter(include_text=True)
        if node.mem_id != shadow.mem_id and (node.attributes.get("slot") or "") == name
    ]
    if not any(node.text(deep=True).strip() for node in given):
        return
    for node in given:
        slot.insert_before(node)
        node.decompose()
    slot.decompose()
