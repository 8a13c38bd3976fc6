"""Small pages drawn from readable files: what stands where, and the blocks that should come of it.

A fixture is a Markdown file with a fenced `drawing` and a fenced `blocks`. A drawing has a line a
thing, on pages 595 points wide and 842 high unless they say otherwise:

    page [WIDTH HEIGHT]            begins the next page; `page x3` draws what follows three times
    X BASE [SIZE] [WORDS] | TEXT   a span; WORDS are bold, italic, symbolic, turned, to=X1, tag=N,
                                   stroke=EMS (how thick, of a face whose name says nothing)
    lines X BASE STEP COUNT ...    COUNT such spans below each other; `{n}` in a text counts them
    rule X0 TOP X1 BOTTOM          what is drawn without a fill
    fill X0 TOP X1 BOTTOM [COLOUR] what is filled; COLOUR is a number
    dots X TOP STEP COUNT DOWN     COUNT dots of half the step, beside each other or (1) downwards
    roles N=H2 M=P                 what the file's tags call the spans with these numbers

`{page}` in a text is the number of the page, `{word}` a word that changes from line to line and
from page to page: what recurs at one height is taken for a running head. A span is as wide as its
letters at half its size. Blocks are a line each: kind, text, and `[boxed]` or `(level N)`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import count
from pathlib import Path

from pipelines.read.pdf.model.page import Face, RawPage, Shape, Span
from pipelines.records import Block, BlockKind

FOLDER = Path(__file__).parent / "pdf"
_WORDS = ("homes", "courts", "plans", "visits", "meetings", "partners", "prisons", "skills", "work",
          "letters", "families", "health", "housing")  # fmt: skip
_FENCED = re.compile(r"```(drawing|blocks)\n(.*?)```", re.DOTALL)


def fixture(name: str) -> tuple[list[RawPage], list[str]]:
    """The pages of a fixture as they are extracted, and its blocks as lines."""
    parts = dict(_FENCED.findall((FOLDER / f"{name}.md").read_text(encoding="utf-8")))
    return draw(parts["drawing"]), [line for line in parts["blocks"].splitlines() if line]


def draw(text: str) -> list[RawPage]:
    """Draw pages."""
    pages: list[RawPage] = []
    sheets: list[tuple[int, float, float, list[str]]] = []
    for line in text.splitlines():
        if not line.strip():
            continue
        if line.startswith("page"):
            words = line.split()[1:]
            times = int(words.pop()[1:]) if words and words[-1].startswith("x") else 1
            width, height = map(float, words) if words else (595.0, 842.0)
            sheets.append((times, width, height, []))
        else:
            sheets[-1][3].append(line)
    for times, width, height, lines in sheets:
        for _ in range(times):
            page = RawPage(len(pages) + 1, width, height)
            for line in lines:
                _draw(line, page)
            pages.append(page)
    return pages


def _draw(line: str, page: RawPage) -> None:
    kind, *rest = line.split()
    if kind in ("rule", "fill"):
        x0, top, x1, bottom, *colour = map(float, rest)
        filled = int(colour[0]) if colour else 1
        page.shapes.append(Shape(x0, top, x1, bottom, filled if kind == "fill" else 0))
        return
    if kind == "lines":
        step, times = float(rest[2]), int(rest[3])
        place, _, text = line.partition("|")
        words = " ".join(place.split()[5:])
        for n in range(times):
            shown = text.replace("{n}", str(n + 1))
            _draw(f"{rest[0]} {float(rest[1]) + n * step:g} {words} |{shown}", page)
        return
    if kind == "dots":
        x, top, step = map(float, rest[:3])
        across, down = (0.0, step) if rest[4] == "1" else (step, 0.0)
        for n in range(int(rest[3])):
            x0, y0 = x + n * across, top + n * down
            page.shapes.append(Shape(x0, y0, x0 + step / 2, y0 + step / 2, 1))
        return
    if kind == "roles":
        page.roles = {int(n): role for n, _, role in (word.partition("=") for word in rest)}
        return
    place, _, text = line.partition("|")
    text = text.removeprefix(" ").replace("{page}", str(page.number))
    turns = count(7 * page.number + 3 * len(page.spans))
    text = re.sub("{word}", lambda _: _WORDS[next(turns) % len(_WORDS)], text)
    x, base, *words = place.split()
    size = float(words.pop(0)) if words and words[0].replace(".", "").isdigit() else 11.0
    options = dict(word.split("=") for word in words if "=" in word)
    stroke = float(options.get("stroke", 0))
    face = Face("Body", "bold" in words, "italic" in words, "symbolic" in words, stroke)
    end = float(options.get("to", float(x) + 0.5 * size * len(text)))
    span = Span(text, float(x), end, float(base), size, face, int(options.get("tag", -1)))
    page.spans.append(replace(span, angle=90) if "turned" in words else span)


def shown(blocks: tuple[Block, ...]) -> list[str]:
    """Blocks as the lines of a fixture."""
    return [_shown(block) for block in blocks]


def _shown(block: Block) -> str:
    if block.kind is BlockKind.TABLE:
        text = " / ".join(" | ".join(row) for row in block.rows)
    else:
        text = " ".join(block.text.split())
    text = f"{block.kind.value}: {text}"
    if block.level:
        text += f" (level {block.level})"
    return text + (" [boxed]" if block.boxed else "")
