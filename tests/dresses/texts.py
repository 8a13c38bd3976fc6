"""A report as plain text, Markdown or reStructuredText, in a dress drawn at random."""

from __future__ import annotations

import random
import re
import textwrap
from dataclasses import dataclass, replace

from tests.layouts.contents import Content, fact_texts
from tests.layouts.model import Box, Item

from .plan import (
    Node,
    Wording,
    chapters,
    draw_wording,
    nodes_of,
    paragraph_parts,
    straighten,
)

KINDS = ("plain", "plain", "plain", "markdown", "markdown", "rst", "word", "mail", "dump")
BULLETS = (
    "• ",
    "•\t",
    "- ",
    "* ",
    "– ",
    "o ",
    "· ",
    "  * ",
    "    - ",
    "\uf0b7 ",
    "§ ",
    "■ ",
    "> ",
    "a",
)
HEADS = (
    "plain",
    "plain",
    "upper",
    "underlined",
    "starred",
    "numbered",
    "marked",
    "tight",
    "centred",
)
TABLES = ("tabs", "pipes", "aligned", "lines", "grid")
BOXES = ("head", "frame", "indent", "rules")
NOTES = ("brackets end", "brackets foot", "superscript", "glued", "caret")
_SUPER = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LIGATURES = {"ffi": "ﬃ", "fi": "ﬁ", "fl": "ﬂ"}


@dataclass
class Dress:
    """The choices of a text."""

    kind: str
    width: int  # 0: a paragraph a line
    bullet: str
    hanging: bool
    spaced: bool  # blank lines between items
    head: str
    table: str
    box: str
    note: str
    pages: str  # none, feed, foot, both
    hyphens: bool
    eol: str
    encoding: str
    case: str  # plain, ligatures, nbsp, zero, soft, nul
    nested: str
    quote: str


def draw_dress(rng: random.Random) -> Dress:
    kind = rng.choice(KINDS)
    dress = Dress(
        kind=kind,
        width=rng.choice([0, 0, 60, 72, 80, 100, 120]),
        bullet=rng.choice(BULLETS[:-2]),
        hanging=rng.random() < 0.5,
        spaced=rng.random() < 0.5,
        head=rng.choice(HEADS),
        table=rng.choice(TABLES),
        box=rng.choice(BOXES),
        note=rng.choice(NOTES),
        pages=rng.choice(["none", "none", "none", "feed", "foot", "both"]),
        hyphens=rng.random() < 0.15,
        eol=rng.choice(["\n", "\n", "\r\n", "\r"]),
        encoding=rng.choice(["utf-8", "utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"]),
        case=rng.choice(["plain", "plain", "ligatures", "nbsp", "zero", "soft", "nul"]),
        nested=rng.choice(["dash", "o", "same", "deeper"]),
        quote=rng.choice(["plain", "indent", "sign"]),
    )
    if kind == "markdown":
        dress = replace(
            dress,
            bullet=rng.choice(["- ", "* ", "+ ", "-   ", "*   "]),
            head=rng.choice(["atx", "atx", "closed", "setext", "bold"]),
            table=rng.choice(["pipes", "pipes", "bare pipes", "html"]),
            box=rng.choice(["sign", "head", "indent"]),
            note="reference",
            pages="none",
            hanging=True,
            nested=rng.choice(["deeper", "deeper4"]),
            quote="sign",
            hyphens=False,
        )
    if kind == "rst":
        dress = replace(
            dress,
            bullet=rng.choice(["- ", "* ", "•  "]),
            head="rst",
            table=rng.choice(["grid", "simple"]),
            box="directive",
            note="rst",
            pages="none",
            hanging=True,
            nested="rst",
            quote="indent",
            hyphens=False,
        )
    if kind == "word":
        dress = replace(
            dress, width=0, bullet=rng.choice(["•\t", "·\t", "o\t", "§\t", "-\t", "\uf0b7\t"]), spaced=False,
            head=rng.choice(["tight", "plain"]), table=rng.choice(["tabs", "lines"]), box="head", eol="\r\n",
            encoding=rng.choice(["cp1252", "utf-8-sig", "utf-16"]), note=rng.choice(["brackets end", "glued"]), pages="none",
        )  # fmt: skip
        if dress.encoding == "cp1252" and dress.bullet.startswith("\uf0b7"):
            dress = replace(dress, bullet="•\t")
    if kind == "mail":
        dress = replace(
            dress,
            width=rng.choice([68, 72, 76]),
            pages="none",
            head=rng.choice(["plain", "upper", "starred"]),
        )
    if kind == "dump":  # as text browsers write a page
        dress = replace(
            dress, width=rng.choice([76, 80]), bullet=rng.choice(["  * ", "     • ", "     * "]), hanging=True,
            head=rng.choice(["plain", "underlined"]), pages="none", note="brackets end",
        )  # fmt: skip
    if dress.encoding == "cp1252":
        dress = replace(dress, case="plain" if dress.case in {"ligatures", "zero"} else dress.case)
        if dress.bullet.strip() in {"\uf0b7", "■"}:
            dress = replace(dress, bullet="• ")
    if dress.pages != "none" and dress.width == 0:
        dress = replace(dress, pages="none")
    if dress.table in {"aligned", "grid", "simple"} and dress.width == 0:
        dress = replace(dress, table="tabs" if kind != "rst" else "grid")
    if dress.note == "brackets foot" and dress.pages == "none":
        dress = replace(dress, note="brackets end")
    return dress


class Text:
    """Sets nodes as paragraphs of lines; `paragraphs` is the result."""

    def __init__(self, content: Content, dress: Dress, wording: Wording, rng: random.Random):
        self.dress, self.wording, self.rng = dress, wording, rng
        self.notes: list[str] = []
        self.paragraphs: list[list[str]] = []
        self.joined: set[int] = set()  # paragraphs with no blank line before
        self.room = dress.width or 10**9
        self.nodes = nodes_of(content, wording)
        for node in self.nodes:
            getattr(self, "set_" + node.kind)(node)
        if self.notes and self.dress.note not in {"brackets foot"}:
            for n, text in enumerate(self.notes, 1):
                self.wrap(text, first=self.note_sign(n))

    # --- words and lines

    def t(self, text: str) -> str:
        if self.wording.straight:
            text = straighten(text)
        rng = self.rng
        match self.dress.case:
            case "ligatures":
                for plain, made in _LIGATURES.items():
                    text = text.replace(plain, made)
            case "nbsp":
                text = re.sub(r"(?<=\w) (?=\w)", lambda m: rng.choice(" " * 6 + "\u00a0"), text)
            case "zero":
                text = re.sub(
                    r"(?<=[a-z]) (?=[a-z])", lambda m: rng.choice([" ", " ", " \u200b"]), text
                )
            case "soft":
                text = re.sub(r"[a-z]{9,}", lambda m: m[0][:5] + "\u00ad" + m[0][5:], text)
            case "nul":
                text = re.sub(r" ", lambda m: " " + "\0" * (rng.random() < 0.004), text)
        if self.dress.kind == "markdown":
            text = re.sub(r"([*_\[\]])", r"\\\1", text)
        return text

    def add(self, lines: list[str], *, joined: bool = False) -> None:
        if joined:
            self.joined.add(len(self.paragraphs))
        self.paragraphs.append(lines)

    def wrap(self, text: str, *, first: str = "", rest: str = "", joined: bool = False) -> None:
        """Set a text behind `first`, its further lines behind `rest`."""
        self.add(self.wrapped(text, first=first, rest=rest), joined=joined)

    def wrapped(self, text: str, *, first: str = "", rest: str = "", width: int = 0) -> list[str]:
        room = width or self.room
        if room > 10**6:
            return [first + text]
        lines = textwrap.wrap(
            text, room, initial_indent=first.expandtabs(4) if "\t" in first else first, subsequent_indent=rest,
            break_long_words=False, break_on_hyphens=True,
        )  # fmt: skip
        return self.hyphenated(lines, rest) if self.dress.hyphens else lines

    def hyphenated(self, lines: list[str], rest: str) -> list[str]:
        """Divide some words at line ends with the sign of a soft hyphen that shows."""
        for n in range(len(lines) - 1):
            word, _, more = lines[n + 1].removeprefix(rest).partition(" ")
            if re.fullmatch("[a-z]{10,}", word) and self.rng.random() < 0.5:
                lines[n] += f" {word[:5]}\u00ad"
                lines[n + 1] = rest + f"{word[5:]} {more}".strip()
        return lines

    # --- notes

    def call(self, text: str) -> str:
        self.notes.append(text)
        n = len(self.notes)
        return {
            "brackets end": f"[{n}]",
            "brackets foot": f"[{n}]",
            "superscript": str(n).translate(_SUPER),
            "glued": str(n),
            "caret": f"[^{n}]",
            "reference": f"[^{n}]",
            "rst": " [#]_",
        }[self.dress.note]

    def note_sign(self, n: int) -> str:
        return {
            "brackets end": f"[{n}] ",
            "superscript": f"{str(n).translate(_SUPER)} ",
            "glued": f"{n} ",
            "caret": f"[^{n}]: ",
            "reference": f"[^{n}]: ",
            "rst": ".. [#] ",
        }[self.dress.note]

    # --- nodes

    def set_heading(self, node: Node) -> None:
        text = self.t(node.text)
        if self.wording.back and self.dress.head != "starred":
            text += " (Back to top)"
        head, level = self.dress.head, node.level
        match head:
            case "atx":
                self.add([f"{'#' * level} {text}"])
            case "closed":
                self.add([f"{'#' * level} {text} {'#' * level}"])
            case "setext" if level <= 2:
                self.add([text, "=-"[level - 1] * len(text)])
            case "setext":
                self.add([f"{'#' * level} {text}"])
            case "bold":
                self.add([f"**{text}**"])
            case "rst":
                self.add([text, "=-~^'"[level - 1] * len(text)])
            case "upper":
                self.add([text.upper() if level != 3 else text])
            case "underlined":
                self.add([text, "=-"[level > 1] * len(text)] if level <= 3 else [text])
            case "starred":
                self.add([f"*{text}*"])
            case "marked":
                self.add([f"{'=' * level} {text} {'=' * level}"])
            case "centred":
                self.add([text.center(self.dress.width or 60).rstrip()])
            case "tight":
                self.add([text], joined=True)
            case _:
                self.add([text])

    def set_list(self, node: Node) -> None:
        for n, item in enumerate(node.items):
            self.item(item, first=n == 0)

    def item_text(self, item: Item) -> str:
        before, after = item.around_call()
        made = self.t(before)
        if item.note and not (before[-1].isdigit() and self.dress.note == "glued"):
            made += self.call(item.note)
        return f"{made} {self.t(after)}" if after else made

    def item(self, item: Item, *, first: bool) -> None:
        sign = self.dress.bullet
        indent = " " * len(sign.expandtabs(4)) if self.dress.hanging else ""
        joined = not self.dress.spaced and (not first or self.dress.head == "tight")
        self.wrap(self.item_text(item), first=sign, rest=indent, joined=joined)
        lead = " " * (len(sign) - len(sign.lstrip()))
        deep = {
            "dash": lead + "  – ", "o": lead + "  o ", "same": lead + "   " + sign.strip() + " ", "deeper": lead + "    - ",
            "deeper4": "    * ", "rst": "  * " if sign[0] == "-" else "   - ",
        }[self.dress.nested]  # fmt: skip
        for n, text in enumerate(item.nested):
            rest = " " * len(deep) if self.dress.hanging else ""
            self.wrap(
                self.t(text),
                first=deep,
                rest=rest,
                joined=self.dress.kind != "rst" and (not self.dress.spaced or n > 0),
            )
        for quote in item.quotes:
            self.quote(quote)

    def quote(self, text: str) -> None:
        bare = text.strip('“”"')
        made = self.t(f"“{bare}”")
        indent = {"plain": "", "indent": "    ", "sign": "> "}[self.dress.quote]
        self.wrap(made, first=indent, rest=indent)

    def set_quote(self, node: Node) -> None:
        self.quote(node.text)

    def set_pair(self, node: Node) -> None:
        """Two lists beside each other: a table, or two columns of lines."""
        (a, first), (b, second) = node.lists
        left = [self.t(i.whole) for i in first]
        right = [self.t(i.whole) for i in second]
        for item in (*first, *second):
            if item.note and self.dress.note == "reference":
                item.note = None
        longest = max(len(left), len(right))
        left += [""] * (longest - len(left))
        right += [""] * (longest - len(right))
        rows = [(a, b), *zip(left, right, strict=True)]
        if self.dress.kind == "markdown":
            self.pipes(rows)
        elif self.dress.kind == "rst" or self.dress.table == "grid":
            self.grid(rows)
        elif self.dress.table in {"tabs", "lines"} or self.dress.width == 0:
            self.add(["\t".join(r) for r in rows])
        elif self.dress.table == "pipes":
            self.pipes(rows)
        else:
            self.columns(rows)

    def columns(self, rows: list[tuple[str, str]]) -> None:
        """Two columns of lines, as text copied with its layout has them."""
        half = max(34, (self.dress.width - 4) // 2)
        lines: list[str] = []
        heads, below = rows[0], rows[1:]
        lines.append(f"{heads[0]:<{half}}    {heads[1]}".rstrip())
        sides = []
        for side in (0, 1):
            made: list[str] = []
            for row in below:
                if row[side]:
                    made += textwrap.wrap(
                        row[side],
                        half,
                        initial_indent="• ",
                        subsequent_indent="  ",
                        break_long_words=False,
                    )
            sides.append(made)
        longest = max(map(len, sides))
        for side in sides:
            side += [""] * (longest - len(side))
        lines += [f"{x:<{half}}    {y}".rstrip() for x, y in zip(*sides, strict=True)]
        self.add(lines)

    def set_cover(self, node: Node) -> None:
        self.wrap(self.t(node.text))

    def set_para(self, node: Node) -> None:
        parts = [self.t(p) for p in paragraph_parts(node)]
        self.wrap((self.call(node.note) if node.note else "").join(parts))

    def set_strong(self, node: Node) -> None:
        text = self.t(node.text)
        self.add([f"**{text}**" if self.dress.kind in {"markdown", "rst"} else text])

    def set_fact(self, node: Node) -> None:
        for line in fact_texts(node.rows[0], self.wording.facts):
            self.add([line])

    def set_addressee(self, node: Node) -> None:
        text = self.t(node.text)
        self.add([f"**{text}**" if self.dress.head == "bold" else text])

    def set_recs(self, node: Node) -> None:
        for n, text in node.rows:
            sign = f"{n}. "
            joined = not self.dress.spaced and n != node.rows[0][0]
            rest = " " * len(sign) if self.dress.hanging else ""
            self.wrap(self.t(text), first=sign, rest=rest, joined=joined)

    def set_banner(self, node: Node) -> None:
        text, rating = self.t(node.text), node.rows[0][0]
        strong = f"**{rating}**" if self.dress.kind in {"markdown", "rst"} else rating
        match self.wording.banner:
            case "table":
                self.table([(text, rating)])
            case "bold":
                self.wrap(f"{text} {strong}")
            case "label":
                self.wrap(text)
                self.add([f"Rating: {rating}"])
            case "above":
                self.add([strong])
                self.wrap(text)
            case _:
                self.wrap(text)
                self.add([strong])

    def set_ratings(self, node: Node) -> None:
        match self.wording.ratings:
            case "columns":
                self.table([(c, self.t(t), r) for c, t, r in node.rows])
            case "pairs":
                self.table([(f"{c} {self.t(t)}", r) for c, t, r in node.rows])
            case "lines":
                for c, t, r in node.rows:
                    self.add([f"{c} {self.t(t)}"])
                    self.add([r])
            case "items":
                for c, t, r in node.rows:
                    self.add([f"{self.dress.bullet}{c} {self.t(t)}: {r}"])
            case _:
                for c, t, r in node.rows:
                    self.add([f"{c} {self.t(t)} {r}"])

    def set_questions(self, node: Node) -> None:
        self.table([tuple(self.t(c) for c in row) for row in node.rows])

    def set_context(self, node: Node) -> None:
        self.table([tuple(self.t(c) for c in row) for row in node.rows])

    # --- tables

    def table(self, rows: list[tuple[str, ...]]) -> None:
        match self.dress.table:
            case "tabs":
                self.add(["\t".join(r) for r in rows])
            case "pipes":
                self.pipes(rows)
            case "bare pipes":
                self.pipes(rows, bare=True)
            case "html":
                cells = "\n".join(
                    "<tr>" + "".join(f"<td>{c}</td>" for c in r) + "</tr>" for r in rows
                )
                self.add([*f"<table>\n{cells}\n</table>".split("\n")])
            case "aligned" | "simple":
                self.aligned(rows, ruled=self.dress.table == "simple")
            case "grid":
                self.grid(rows)
            case _:
                for row in rows:
                    for cell in row:
                        self.wrap(cell)

    def pipes(self, rows: list[tuple[str, ...]], *, bare: bool = False) -> None:
        width = max(map(len, rows))
        made = [[*r, *[""] * (width - len(r))] for r in rows]
        if bare:
            lines = [" | ".join(r) for r in made]
            self.add([lines[0], "|".join(["---"] * width), *lines[1:]])
            return
        lines = [f"| {' | '.join(r)} |" for r in made]
        self.add([lines[0], "|" + "---|" * width, *lines[1:]])

    def _widths(self, rows: list[tuple[str, ...]]) -> list[int]:
        count = max(map(len, rows))
        longest = [max(len(r[i]) if i < len(r) else 0 for r in rows) for i in range(count)]
        total = (self.dress.width or 90) - 3 * count
        if sum(longest) <= total:
            return longest
        big = max(range(count), key=lambda i: longest[i])
        others = [min(v, total // (count + 1)) for v in longest]
        others[big] = 0
        others[big] = total - sum(others)
        return others

    def _cells(self, row: tuple[str, ...], widths: list[int]) -> list[list[str]]:
        return [
            textwrap.wrap(c, w, break_long_words=False) or [""]
            for c, w in zip(row, widths, strict=False)
        ]

    def aligned(self, rows: list[tuple[str, ...]], *, ruled: bool) -> None:
        widths = self._widths(rows)
        bar = "  ".join("=" * w for w in widths)
        lines = [bar] if ruled else []
        for row in rows:
            cells = self._cells(row, widths)
            tall = max(map(len, cells))
            for n in range(tall):
                parts = [
                    (c[n] if n < len(c) else "").ljust(w)
                    for c, w in zip(cells, widths, strict=False)
                ]
                lines.append(("  " if ruled else "    ").join(parts).rstrip())
        self.add([*lines, bar] if ruled else lines)

    def grid(self, rows: list[tuple[str, ...]]) -> None:
        widths = self._widths(rows)
        bar = "+" + "+".join("-" * (w + 2) for w in widths) + "+"
        lines = [bar]
        for row in rows:
            cells = self._cells((*row, *[""] * (len(widths) - len(row))), widths)
            for n in range(max(map(len, cells))):
                parts = [
                    (c[n] if n < len(c) else "").ljust(w)
                    for c, w in zip(cells, widths, strict=True)
                ]
                lines.append("| " + " | ".join(parts) + " |")
            lines.append(bar)
        self.add(lines)

    # --- boxes

    def set_box(self, node: Node) -> None:
        box: Box = node.box
        match self.dress.box:
            case "frame":
                width = min(self.room, 90) - 4
                inside: list[str] = [box.title]
                for p in box.paragraphs:
                    inside += textwrap.wrap(p, width, break_long_words=False)
                for b in box.bullets:
                    inside += textwrap.wrap(f"• {b}", width, break_long_words=False)
                bar = "+" + "-" * (width + 2) + "+"
                self.add([bar, *[f"| {line:<{width}} |" for line in inside], bar])
            case "sign":
                lines = [f"> **{box.title}**", ">"]
                for p in box.paragraphs:
                    lines += [*self.wrapped(p, first="> ", rest="> "), ">"]
                for b in box.bullets:
                    lines += self.wrapped(b, first="> - ", rest=">   ")
                self.add(lines)
            case "directive":
                self.add([f".. admonition:: {box.title}"])
                for p in box.paragraphs:
                    self.wrap(self.t(p), first="   ", rest="   ")
                for b in box.bullets:
                    self.wrap(self.t(b), first="   - ", rest="     ")
            case kind:
                indent = "    " if kind == "indent" else ""
                if kind == "rules":
                    self.add(["-" * 40])
                self.set_box_head(box.title)
                for p in box.paragraphs:
                    self.wrap(self.t(p), first=indent, rest=indent)
                if kind == "rules":
                    self.add(["-" * 40])

    def set_box_head(self, text: str) -> None:
        self.set_heading(Node("heading", text, level=5))


def make_text(content: Content, seed: int) -> tuple[str, bytes]:
    """Return a few words on the dress and the text's bytes."""
    rng = random.Random(seed * 6007 + 23)
    dress, wording = draw_dress(rng), draw_wording(rng)
    text = Text(content, dress, wording, rng)
    made = (
        _paged(text, dress, rng, content)
        if dress.pages != "none"
        else _joined(text, wording, dress, rng)
    )
    if dress.kind == "mail":
        head = "From: A Person <a@example.org>\nSent: Monday\nTo: B Person\nSubject: report\n\nPlease see below.\n\n"
        made = head + "\n".join(f"> {line}".rstrip() for line in made.split("\n"))
    made = made.replace("\n", dress.eol)
    words = (
        f"{dress.kind} w={dress.width} b={dress.bullet!r} hang={dress.hanging:d} spaced={dress.spaced:d} head={dress.head} table={dress.table} "
        f"box={dress.box} note={dress.note} pages={dress.pages} hyph={dress.hyphens:d} case={dress.case} nested={dress.nested} quote={dress.quote} "
        f"rate={wording.banner}/{wording.ratings} facts={wording.facts} {dress.encoding} pairs={wording.pairs:d} back={wording.back:d}"
    )
    data = made.encode(
        "utf-16-le" if dress.encoding == "utf-16-le" else dress.encoding,
        "replace" if dress.encoding == "cp1252" else "strict",
    )
    return words, data


def _contents(text: Text, rng: random.Random) -> list[list[str]]:
    style = rng.choice(["dots", "tab", "plain dots"])
    lines = []
    for n, title in enumerate(chapters(text.nodes)):
        page = 3 + n
        lines.append(
            {"dots": f"{title} {'.' * 30} {page}", "tab": f"{title}\t{page}"}.get(
                style, f"{title}.....{page}"
            )
        )
    return [["Contents"], lines]


def _with_contents(text: Text, wording: Wording, rng: random.Random) -> list[list[str]]:
    paragraphs = list(text.paragraphs)
    if not wording.contents or text.dress.kind in {"rst", "markdown"}:
        return paragraphs
    at = next(i for i, p in enumerate(paragraphs) if "foreword" in p[0].lower())
    text.joined = {i if i < at else i + 2 for i in text.joined}
    return [*paragraphs[:at], *_contents(text, rng), *paragraphs[at:]]


def _joined(text: Text, wording: Wording, dress: Dress, rng: random.Random) -> str:
    out: list[str] = []
    for n, lines in enumerate(_with_contents(text, wording, rng)):
        if n and n not in text.joined:
            out.append("")
        out += lines
    return "\n".join(out) + "\n"


def _paged(text: Text, dress: Dress, rng: random.Random, content: Content) -> str:
    """Lines on pages, with what stands at the head and foot of each."""
    head = f"An inspection of probation services in {content.wanted.unit}"
    lines: list[str] = []
    for n, paragraph in enumerate(_with_contents(text, text.wording, rng)):
        lines += [*([""] if n and n not in text.joined else []), *paragraph]
    pages, at, number = [], 0, 0
    waiting: list[int] = []
    while at < len(lines):
        room = rng.randint(38, 50)
        page = lines[at : at + room]
        at += room
        number += 1
        if dress.note == "brackets foot":
            called = [int(x) for line in page for x in re.findall(r"\[(\d+)\]", line)]
            waiting = [c for c in called if c <= len(text.notes)]
            if waiting:
                page = [*page, ""]
            for c in waiting:
                page += text.wrapped(text.notes[c - 1], first=f"[{c}] ")
        top = [head, ""] if dress.pages == "both" else []
        foot = ["", f"{number}"] if dress.pages != "feed" else []
        pages.append("\n".join([*top, *page, *foot]))
    return ("\n\f" if dress.pages in {"feed", "both"} else "\n\n").join(pages) + "\n"
