"""How a document, a finding, a segmentation and a run are shown in a notebook.

HTML with its styles on the elements, as notebooks share one page, and in colours that hold on a
light and a dark ground. Everything that comes from a document is escaped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Sized
from html import escape
from typing import Final

_BOX: Final = "border-left:4px solid {};padding:.2em 0 .2em 1em;margin:.4em 0;max-width:52em"
_QUIET: Final = "opacity:.75;font-size:.9em"
_COLOURS: Final = {"strength": "#2a86ab", "area_for_improvement": "#c96a35"}
_SHOWN: Final = 12  # blocks of a document, findings of a segmentation
_LONGEST: Final = 400  # characters of a block


def document_html(
    title: str, lines: Iterable[str], blocks: Sequence[tuple[str, str]], warnings: Iterable[str]
) -> str:
    """Show a document: what it is, what its blocks are, how it begins.

    Args:
        title: Its title or path.
        lines: What there is to say of it.
        blocks: Kind and text of each.
        warnings: What the reader had to mend.
    """
    kinds = Counter(kind for kind, _ in blocks)
    counts = ", ".join(f"{number} {kind}" for kind, number in kinds.most_common())
    rest = len(blocks) - _SHOWN
    return _box(
        "#7a8a90",
        _strong(title),
        *map(_quiet, lines),
        _quiet(f"{len(blocks)} blocks: {counts}"),
        *(_quiet(f"Note: {warning}") for warning in warnings),
        *(_block(kind, text) for kind, text in blocks[:_SHOWN]),
        _quiet(f"and {rest} more") if rest > 0 else "",
    )


def finding_html(
    polarity: str, text: str, quotes: Iterable[str], place: Iterable[object], name: str
) -> str:
    """Show a finding with its polarity, quotes, place (a number is its page) and id."""
    side = polarity.replace("_", " ").capitalize()
    return _box(
        _COLOURS[polarity],
        f'<span style="color:{_COLOURS[polarity]};font-weight:600">{side}</span>',
        f'<div style="font-size:1.05em;margin:.2em 0">{escape(text)}</div>',
        *(f"<div><i>{escape(quote)}</i></div>" for quote in quotes),
        _quiet(", ".join(f"page {p}" if isinstance(p, int) else str(p) for p in place if p)),
        _quiet(name),
    )


def segmentation_html(
    title: str,
    facts: Mapping[str, object],
    ratings: Sequence[tuple[str, object]],
    *,
    warnings: Iterable[str],
    findings: Sequence[str],
) -> str:
    """Show what was found in a document.

    Args:
        title: Of the document.
        facts: Name and value; those without a value are left out.
        ratings: Standard and rating.
        warnings: A sentence each.
        findings: Each as `finding_html` shows it.
    """
    rest = len(findings) - _SHOWN
    return "".join(
        [
            _strong(title),
            _table(
                ("", ""),
                [
                    (name.replace("_", " ").capitalize(), value)
                    for name, value in {**facts, "findings": len(findings)}.items()
                    if value is not None
                ],
            ),
            _table(("Standard", "Rating"), ratings),
            *(_quiet(f"Note: {warning}") for warning in warnings),
            *findings[:_SHOWN],
            _quiet(f"and {rest} more findings") if rest > 0 else "",
        ]
    )


def run_html(lines: Iterable[str], tables: Mapping[str, Sized]) -> str:
    """Show a run: its description and how many rows its tables have."""
    head, *others = lines
    return "".join(
        [
            _strong(head),
            *(_quiet(line) for line in others),
            _quiet("Tables, with their rows:"),
            _columns([(name, len(data)) for name, data in sorted(tables.items())]),
        ]
    )


def _block(kind: str, text: str) -> str:
    cut = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    weight = "600" if kind == "heading" else "400"
    return (
        '<div style="display:grid;grid-template-columns:7em 1fr;gap:.8em;margin:.15em 0">'
        f'<span style="{_QUIET}">{escape(kind)}</span>'
        f'<span style="font-weight:{weight}">{escape(cut)}</span></div>'
    )


def _box(colour: str, *parts: str) -> str:
    return f'<div style="{_BOX.format(colour)}">{"".join(parts)}</div>'


def _strong(text: str) -> str:
    return f'<div style="font-weight:600;font-size:1.1em">{escape(text)}</div>'


def _quiet(text: str) -> str:
    return f'<div style="{_QUIET}">{escape(text)}</div>'


def _said(value: object) -> str:
    return "" if value is None else str(value)


def _columns(entries: Iterable[tuple[str, int]]) -> str:
    """Lay out many short entries beside each other, as wide as the notebook is."""
    parts = (
        f'<li style="display:flex;justify-content:space-between;gap:1em;break-inside:avoid">'
        f"<span>{escape(name)}</span><b>{number:,}</b></li>"
        for name, number in entries
    )
    style = "columns:13em;column-gap:2.5em;list-style:none;padding:0;margin:.3em 0;max-width:52em"
    return f'<ul style="{style}">{"".join(parts)}</ul>'


def _table(heads: tuple[str, str], rows: Sequence[tuple[str, object]]) -> str:
    if not rows:
        return ""
    head = "".join(f'<th style="text-align:left" scope="col">{escape(h)}</th>' for h in heads)
    body = "".join(
        f'<tr><th style="text-align:left;font-weight:400" scope="row">{escape(name)}</th>'
        f'<td style="text-align:left">{escape(_said(value))}</td></tr>'
        for name, value in rows
    )
    top = f"<thead><tr>{head}</tr></thead>" if any(heads) else ""
    return f"<table>{top}<tbody>{body}</tbody></table>"
