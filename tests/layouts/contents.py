"""Whole reports as content without layout: real texts read at run time, and the sample's sources.

A report is a flow of pieces in printed order, with what should be found in it (`Wanted`). The real
texts lie beside the checkout (`../shared`) and never in it: where they are absent only the sample
is drawn. Their findings are found by their gold labels, whatever their headings are called.
"""

from __future__ import annotations

import json
import random
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

from .measure import norm
from .model import Box, Item, lower, prose

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
RATINGS = ("Inadequate", "Requires improvement", "Good", "Outstanding", "Not rated")
MARKS = {"strength": "Strengths", "area_for_improvement": "Areas for improvement"}


@dataclass
class Piece:
    """A block as printed.

    `kind`: cover, h1, h2, h3, mark, p, item, numbered, addressee, quote, banner, ratings,
    questions, facts, box, note.
    """

    kind: str
    text: str = ""
    item: Item | None = None
    box: Box | None = None
    rows: list[tuple[str, ...]] = field(default_factory=list)
    number: int = 0
    note: str = ""


def fact_texts(row: tuple[str, ...], how: str) -> list[str]:
    """A name and its value as lines: both, or one with a colon or without, as `how` says."""
    name, value = row
    if how == "lines" and name != "Score":
        return [name, value]
    return [f"{name}{':' if how == 'colon' else ''} {value}"]


@dataclass
class Wanted:
    """What reading and segmenting should find; findings as (text, polarity, code, place)."""

    findings: list[tuple[str, str, str, str]] = field(default_factory=list)
    ratings: dict[str, str] = field(default_factory=dict)
    questions: list[tuple[str, str, float]] = field(default_factory=list)
    recommendations: list[tuple[str, str]] = field(default_factory=list)
    unit: str = ""
    region: str = ""
    published: str = ""
    fieldwork: str = ""
    overall: str = ""
    score: str = ""


@dataclass
class Content:
    """A report: its name, what is printed, what should be found."""

    name: str
    pieces: list[Piece]
    wanted: Wanted


def real_texts() -> list[Path]:
    """The real texts beside the checkout; none where it stands alone."""
    if not (SHARED / "labels" / "gold.jsonl").exists():
        return []
    return sorted((SHARED / "reports").glob("*.txt"))


def sample_sources() -> list[Path]:
    return sorted((ROOT / "corpus" / "sources").glob("*.toml"))


def load(path: Path) -> Content:
    """Read a report's content from a real text or from a source of the sample."""
    return _from_source(path) if path.suffix == ".toml" else _from_text(path)


# --- real texts


def _plain(line: str) -> str:
    line = re.sub(r"\*\*(.+?)\*\*", r"\1", line)
    return re.sub(r"\[(.+?)\]\((.*?)\)", r"\1", line).replace("\\", "").strip()


def _from_text(path: Path) -> Content:
    with (SHARED / "labels" / "gold.jsonl").open(encoding="utf-8") as labels:
        gold = [r for r in map(json.loads, labels) if r["document"] == path.name]
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    lines = [line for line in lines if line]
    body = max(i for i, line in enumerate(lines) if line == "Foreword")
    cover = lines[: next(i for i, line in enumerate(lines) if line == "Contents")]
    wanted, pieces = Wanted(), [Piece("cover", line) for line in cover[2:]]
    wanted.unit = re.sub(r" PDU$", "", cover[3])
    wanted.region = re.search(r"– (.+) region", " ".join(cover))[1]
    wanted.published = _month(cover[-1])
    places = {r["section"] for r in gold}
    reader = _TextReader(lines[body:], gold, places, wanted)
    pieces += reader.read()
    if len(wanted.findings) != len(gold):
        raise ValueError(f"{path.name}: {len(wanted.findings)} of {len(gold)} findings placed")
    return Content(path.name[:3], pieces, wanted)


def _month(text: str) -> str:
    names = "January February March April May June July August September October November December"
    found = re.search(rf"({names.replace(' ', '|')}) (\d{{4}})", text)
    return f"{found[2]}-{names.split().index(found[1]) + 1:02}" if found else ""


class _TextReader:
    """Walks the lines of a real text after its cover and contents."""

    def __init__(
        self, lines: list[str], gold: list[dict], places: set[str], wanted: Wanted
    ) -> None:
        self.lines, self.gold, self.places, self.wanted = lines, gold, places, wanted
        self.pieces: list[Piece] = []
        self.at = self.found = 0
        self.part = self.place = self.code = self.addressee = ""

    def read(self) -> list[Piece]:
        while self.at < len(self.lines):
            self.step()
        notes = {
            line[0]: line[1:].strip() for line in map(_plain, self.lines) if line[0] in "¹²³⁴⁵⁶⁷⁸⁹"
        }
        for piece in self.pieces:
            called = re.search("[¹²³⁴⁵⁶⁷⁸⁹]", piece.text)
            if called and piece.kind == "p":
                piece.note = notes[called[0]]
        return self.pieces

    def step(self) -> None:
        raw = self.lines[self.at]
        line, following = _plain(raw), _plain(([*self.lines, ""])[self.at + 1])
        self.at += 1
        if self.finding(line.removeprefix("- ")):
            return
        numbered = re.match(r"(\d)\.(\d)\.? (.+)", line)
        if line[0] in "¹²³⁴⁵⁶⁷⁸⁹":
            return
        if line in ("Foreword", "Ratings", "Recommendations", "Background") or line.startswith(
            "Annexe"
        ):
            self.part = line
            self.pieces.append(Piece("h1", line))
        elif self.part == "Ratings":
            self.rating_line(line, numbered, following)
        elif re.match(r"\d\. [A-Z]", line):
            self.part = line
            self.pieces.append(Piece("h1", line))
        elif self.part == "Recommendations":
            self.recommendation(line)
        elif numbered or line in self.places:
            self.section(line, numbered)
        elif line.rstrip(":") in MARKS.values():
            self.pieces.append(Piece("mark", line.rstrip(":")))
        elif "\t" in self.lines[self.at - 1]:
            self.question(line)
        elif line in RATINGS and self.pieces[-1].kind == "p":
            self.pieces[-1] = Piece("banner", self.pieces[-1].text, rows=[(line,)])
        elif re.search(rf" \*\*({'|'.join(RATINGS)})\*\*$", raw):
            rating = raw.rsplit("**")[-2]
            self.pieces.append(Piece("banner", line.removesuffix(rating).strip(), rows=[(rating,)]))
        elif line[0] in '“"':
            self.quote(line)
        elif line:
            self.pieces.append(Piece("p", line))

    def finding(self, line: str) -> bool:
        """Take up the gold finding that opens with the line, though it runs over three lines."""
        if self.found == len(self.gold):
            return False
        row = self.gold[self.found]
        text, target = norm(line), norm(_plain(row["text"]))
        used = 0
        while text != target and used < 3 and target.startswith(text):
            text += " " + norm(_plain((self.lines + [""] * 4)[self.at + used]))
            used += 1
        if text != target:
            return False
        self.at += used
        self.found += 1
        plain = not self.lines[self.at - used - 1].startswith("- ")
        self.pieces.append(Piece("p" if plain else "item", text, item=Item(text)))
        place = re.sub(r"^[\d.]+ ", "", row["section"])
        self.wanted.findings.append((text, row["polarity"], self.code, place))
        return True

    def rating_line(self, line: str, numbered: re.Match | None, following: str) -> None:
        if numbered:
            code = f"{numbered[1]}.{numbered[2]}"
            self.wanted.ratings[code] = following
            if self.pieces[-1].kind != "ratings":
                self.pieces.append(Piece("ratings"))
            self.pieces[-1].rows.append((code, numbered[3], following))
            self.at += 1
        elif line == "Overall rating":
            self.wanted.overall = following if following in RATINGS else "Inadequate"
            self.pieces.append(Piece("facts", rows=[(line, self.wanted.overall)]))
            self.at += 1
        elif line.startswith("Score"):
            self.wanted.score = line.split()[-1]
            self.pieces.append(Piece("facts", rows=[("Score", self.wanted.score)]))
        else:
            if line.startswith("Fieldwork"):
                self.wanted.fieldwork = _month(line)
            self.pieces.append(Piece("strong", line))

    def recommendation(self, line: str) -> None:
        number = re.match(r"(\d+)\. (.+)", line)
        if number:
            self.pieces.append(Piece("numbered", number[2], number=int(number[1])))
            self.wanted.recommendations.append((self.addressee, norm(number[2])))
        elif line.endswith("should:"):
            self.addressee = line.removesuffix(" should:")
            self.pieces.append(Piece("addressee", line))
        else:
            self.pieces.append(Piece("p", line))

    def section(self, line: str, numbered: re.Match | None) -> None:
        if numbered:
            self.code, self.place = f"{numbered[1]}.{numbered[2]}", numbered[3]
            self.pieces.append(Piece("h2", numbered[3], rows=[(self.code,)]))
        else:
            self.pieces.append(Piece("h3", line))

    def question(self, line: str) -> None:
        cells = tuple(cell.strip() for cell in self.lines[self.at - 1].split("\t"))
        if self.pieces[-1].kind != "questions":
            self.pieces.append(Piece("questions"))
        self.pieces[-1].rows.append(cells)
        if cells[1].endswith("%"):
            self.wanted.questions.append((self.code, norm(cells[0]), float(cells[1][:-1])))

    def quote(self, line: str) -> None:
        if self.pieces[-1].kind == "item":
            self.pieces[-1].item.quotes.append(line.strip('“”"'))
        else:
            self.pieces.append(Piece("quote", line))


# --- the sample's sources


def _from_source(path: Path) -> Content:
    sys.path[:0] = [str(ROOT / "corpus")]
    from authoring.load import load_sources
    from authoring.source import curly, month

    source = next(s for s in load_sources(path.parent) if s.document_id == path.stem)
    wanted = Wanted(
        unit=source.unit,
        region=source.region,
        published=source.published[:7],
        fieldwork=source.fieldwork[:7],
        overall=str(source.overall),
        score=f"{source.score}/{source.score_max}",
    )
    pieces = [
        Piece("cover", "An inspection of probation services in:"),
        Piece("cover", f"{source.unit} PDU"),
        Piece("cover", f"The Probation Service – {source.region} region"),
        Piece("cover", f"HM Inspectorate of Probation, {month(source.published)}"),
        Piece("h1", "Foreword"),
        *(Piece("p", curly(text)) for text in source.foreword),
        Piece("h1", "Ratings"),
        Piece("strong", f"{source.unit} PDU"),
        Piece("strong", f"Fieldwork started {month(source.fieldwork)}"),
        Piece("facts", rows=[("Score", wanted.score)]),
        Piece("facts", rows=[("Overall rating", wanted.overall)]),
    ]
    chapters = [(n, title, source.chapter(n)) for n, title in source.chapters]
    for number, title, standards in chapters:
        rows = [(s.code, s.title, str(s.rating)) for s in standards if s.rating]
        pieces += [Piece("strong", f"{number}. {title}"), Piece("ratings", rows=rows)]
        wanted.ratings.update((code, rating) for code, _, rating in rows)
    pieces.append(Piece("h1", "Recommendations"))
    for number, addressee, text in source.recommendations:
        if not wanted.recommendations or wanted.recommendations[-1][0] != addressee.name:
            pieces.append(Piece("addressee", f"{addressee.name} should:"))
        pieces.append(Piece("numbered", curly(text), number=number))
        wanted.recommendations.append((addressee.name, norm(text)))
    pieces.append(Piece("h1", "Background"))
    pieces += [Piece("p", curly(text)) for text in source.background]
    pieces.append(Piece("context", rows=list(source.context)))
    for number, title, standards in chapters:
        pieces.append(Piece("h1", f"{number}. {title}"))
        for standard in standards:
            pieces += _standard(standard, wanted, curly)
    pieces += [Piece("h1", "Annexe one – Web links"), Piece("p", "More is on our website.")]
    return Content(path.stem, pieces, wanted)


def _standard(standard: object, wanted: Wanted, curly: object) -> list[Piece]:
    pieces = [Piece("h2", standard.title, rows=[(standard.code,)])]
    if standard.rating:
        pieces.append(Piece("banner", curly(standard.description), rows=[(str(standard.rating),)]))
    else:
        pieces.append(Piece("p", curly(standard.description)))
    if standard.questions:
        rows = [("Key question", "Percentage 'Yes'")]
        rows += [(curly(q.text), f"{q.percent}%") for q in standard.questions]
        pieces.append(Piece("questions", rows=rows))
        wanted.questions += [
            (standard.code, norm(curly(q.text)), float(q.percent)) for q in standard.questions
        ]
    pieces += [Piece("p", curly(text)) for text in standard.reason]
    for part in standard.parts:
        if part.title:
            pieces.append(Piece("h3", part.title))
        pieces += [Piece("p", curly(text)) for text in part.intro]
        for polarity, found in (
            ("strength", part.strengths),
            ("area_for_improvement", part.areas),
        ):
            if found:
                pieces.append(Piece("mark", MARKS[polarity]))
            for finding in found:
                pieces.append(_finding(finding, curly))
                wanted.findings.append(
                    (
                        norm(curly(finding.whole)),
                        polarity,
                        standard.code,
                        part.title or standard.title,
                    )
                )
        if part.example:
            example = part.example
            box = Box(
                curly(example.title),
                [curly(t) for t in example.text],
                [curly(t) for t in example.bullets],
            )
            pieces.append(Piece("box", box=box))
    return pieces


def _finding(finding: object, curly: object) -> Piece:
    text = curly(finding.lead)
    if finding.bulletless:
        return Piece("p", text)
    before = finding.text.split("{note}")[0] if "{note}" in finding.text else finding.lead
    item = Item(
        text,
        [curly(t) for t in finding.nested],
        curly(finding.note) if finding.note else None,
        len(before.split()),
        [curly(q).strip("“”‘’") for q in finding.quotes],
    )
    return Piece("item", text, item=item)


# --- what a layout adds


def dress(content: Content, rng: random.Random) -> Content:
    """Add notes called from bullets, boxes with bullets and paragraphs after lists: words of ours.

    None of it is a finding, so what should be found stays as it is.
    """
    notes = rng.choice([0, 0, 0.12, 0.25])
    boxes = rng.choice([0, 0, 0.15, 0.4])
    after = rng.choice([0, 0, 0.3])
    pieces: list[Piece] = []
    for index, piece in enumerate(content.pieces):
        item = piece.item
        if item is not None and piece.kind == "item" and not item.note and rng.random() < notes:
            item.note = prose(rng, 1, 2)
            item.note_at = rng.randint(2, len(item.text.split()))
        pieces.append(piece)
        following = content.pieces[index + 1].kind if index + 1 < len(content.pieces) else ""
        if piece.kind == "item" and following in ("item", "mark", "h2", "h3"):
            if rng.random() < boxes / 3:
                bullets = [prose(rng, 1, 2) for _ in range(rng.randint(0, 3))]
                pieces.append(
                    Piece("box", box=Box("Practice example", [prose(rng, 1, 3)], bullets))
                )
            elif following != "item" and rng.random() < after:
                pieces.append(Piece("p", lower(prose(rng, 2, 3)).capitalize()))
    return Content(content.name, pieces, content.wanted)
