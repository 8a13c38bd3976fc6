"""Load the sources of the sample corpus: a TOML file a document, every key checked.

A finding is written as

    [[standards.areas]]
    text = "Home visits were made in 12 of 30 cases{note}, and seldom twice."
    themes = ["risk-of-harm"]
    note = "The footnote, called where the text says so."
    nested = ["A bullet within the bullet."]
    quotes = ["A pull quote that follows it."]
    shares = [["12 of 30", "12/30", "good"]]

A share is the words that state it, its value and what it counts: good practice, poor practice, or
nothing that is clearly either. `form.toml` holds what documents of one framework have in common.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Final

from authoring.source import (
    CALL,
    Addressee,
    Example,
    Finding,
    Part,
    Question,
    Share,
    Source,
    Standard,
    curly,
    overall_of,
)
from pipelines.codebook import load_codebook
from pipelines.errors import CorpusError
from pipelines.records import Polarity, Rating

HERE: Final = Path(__file__).parent
SOURCES: Final = HERE.parent / "sources"
FORM: Final = HERE / "form.toml"

_COMPARATORS: Final = {">": "gt", "<": "lt", "~": "approx"}
_DIRECTIONS: Final = ("good", "poor", "")


def load_sources(folder: Path = SOURCES) -> tuple[Source, ...]:
    """Load every source, ordered by region, unit and date.

    Raises:
        CorpusError: A source is not what it must be.
    """
    sources = [load_source(path) for path in sorted(folder.glob("*.toml"))]
    return tuple(sorted(sources, key=lambda s: (s.region, s.unit, s.published)))


def load_source(path: Path) -> Source:
    """Load and check one source.

    Raises:
        CorpusError: A key, theme, share, rating or percentage in it is wrong.
    """
    try:
        source = _Reader(path).source()
    except (tomllib.TOMLDecodeError, KeyError, ValueError, TypeError) as error:
        raise CorpusError(f"{path.name}: {error!r}; correct the source") from error
    if source.document_id != path.stem:
        raise CorpusError(f"{path.name}: its document is {source.document_id}; rename the file")
    due = overall_of(source.score, source.score_max)
    if source.overall != due:
        raise CorpusError(
            f"{path.name}: overall rating {source.overall}, but {source.score} of "
            f"{source.score_max} points is {due}; correct one"
        )
    return source


@cache
def _form() -> Mapping[str, Any]:
    return tomllib.loads(FORM.read_text(encoding="utf-8"))


class _Reader:
    """Turns the tables of a TOML file into a `Source`; every key must be used."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.raw = tomllib.loads(path.read_text(encoding="utf-8"))
        self.form = _form()[self.raw["framework"]]
        self.themes = set(load_codebook().slugs)

    def source(self) -> Source:
        raw = self.raw
        out = Source(
            unit=raw.pop("unit"),
            region=raw.pop("region"),
            framework=raw.pop("framework"),
            published=raw.pop("published"),
            fieldwork=raw.pop("fieldwork"),
            cases=raw.pop("cases"),
            overall=Rating(raw.pop("overall")),
            overall_printed=raw.pop("overall_printed", ""),
            ship=raw.pop("ship"),
            layout=raw.pop("layout", "plain"),
            wrap=raw.pop("wrap", 0),
            inspector=raw.pop("inspector"),
            chief=raw.pop("chief"),
            foreword=_lines(raw.pop("foreword")),
            background=_lines(raw.pop("background")),
            context=tuple((a, curly(b)) for a, b in raw.pop("context")),
            addressees=tuple(
                Addressee(a["name"], a["kind"], _lines(a["items"])) for a in raw.pop("addressees")
            ),
            chapters=tuple((a, b) for a, b in raw.pop("chapters", self.form["chapters"])),
            standards=tuple(self.standard(s) for s in raw.pop("standards")),
        )
        self.spent(raw, "the document")
        return out

    def standard(self, raw: dict[str, Any]) -> Standard:
        code = raw.pop("code")
        form = self.form["standards"][code]
        title = form["title"]
        percents = raw.pop("percents", [])
        questions = form.get("questions", [])
        if percents and len(percents) != len(questions):
            raise ValueError(f"{code}: {len(percents)} percents for {len(questions)} questions")
        rating = raw.pop("rating", None)
        parts = [self.part(raw, code, title, None)]
        for sub in raw.pop("subsections", []):
            name = sub.pop("title")
            parts.append(self.part(sub, code, title, name))
            self.spent(sub, f"{code} {name}")
        out = Standard(
            code=code,
            title=title,
            description=curly(form["description"]),
            rating=None if rating is None else Rating(rating),
            reason=_lines(raw.pop("reason", [])),
            questions=tuple(
                Question(curly(q["text"]), q["dimension"], p)
                for q, p in zip(questions, percents, strict=False)
            ),
            parts=tuple(parts),
        )
        self.spent(raw, code)
        return out

    def part(self, raw: dict[str, Any], code: str, title: str, name: str | None) -> Part:
        example = raw.pop("example", None)
        return Part(
            title=name,
            intro=_lines(raw.pop("intro", [])),
            strengths=tuple(
                self.finding(f, Polarity.STRENGTH, code, title, name)
                for f in raw.pop("strengths", [])
            ),
            areas=tuple(
                self.finding(f, Polarity.AREA_FOR_IMPROVEMENT, code, title, name)
                for f in raw.pop("areas", [])
            ),
            example=example
            and Example(
                curly(example["title"]),
                _lines(example.get("text", [])),
                _lines(example.get("bullets", [])),
            ),
        )

    def finding(
        self, raw: dict[str, Any], polarity: Polarity, code: str, title: str, name: str | None
    ) -> Finding:
        text = curly(raw.pop("text"))
        note = curly(raw.pop("note", ""))
        if note and CALL not in text:
            text += CALL
        out = Finding(
            polarity=polarity,
            code=code,
            standard=title,
            subsection=name,
            text=text,
            nested=_lines(raw.pop("nested", [])),
            note=note,
            quotes=tuple(f"“{curly(q)}”" for q in raw.pop("quotes", [])),
            themes=tuple(raw.pop("themes")),
            shares=tuple(_share(*share) for share in raw.pop("shares", [])),
            bulletless=raw.pop("bulletless", False),
        )
        place = f"{code}: {out.lead[:50]!r}"
        self.spent(raw, place)
        if strange := sorted(set(out.themes) - self.themes):
            raise ValueError(f"{place}: no theme {strange[0]!r}")
        if not 1 <= len(out.themes) <= 4 or len(set(out.themes)) != len(out.themes):
            raise ValueError(f"{place}: one to four different themes are due, got {out.themes}")
        at = 0
        for share in out.shares:
            at = out.whole.find(share.text, at)
            if at < 0:
                raise ValueError(f"{place}: share {share.text!r} is not in the text, in order")
            at += len(share.text)
        return out

    def spent(self, raw: Mapping[str, object], place: str) -> None:
        if raw:
            raise ValueError(f"{place}: unknown key {sorted(raw)[0]!r}")


def _lines(texts: list[str]) -> tuple[str, ...]:
    return tuple(curly(text) for text in texts)


def _share(text: str, value: str, direction: str = "") -> Share:
    """Read a share as a source writes it.

    `62%`; `13/28`, counts as printed; `=1/3`, a fraction or rate in words, which has no counts;
    `62% 8/13`, a percentage with its counts. `<`, `>` or `~` before it is the comparator.
    """
    if direction not in _DIRECTIONS:
        raise ValueError(f"direction {direction!r} of {text!r}; expected one of {_DIRECTIONS}")
    comparator = _COMPARATORS.get(value[:1], "eq")
    numerator = denominator = None
    amount: Fraction | None = None
    try:
        for figure in value.lstrip("".join(_COMPARATORS)).split():
            if figure.endswith("%"):
                amount = Fraction(figure[:-1]) / 100
            elif figure.startswith("="):
                amount = Fraction(figure[1:])
            else:
                numerator, denominator = (int(n) for n in figure.split("/"))
                amount = amount if amount is not None else Fraction(numerator, denominator)
    except (ValueError, ZeroDivisionError):
        amount = None
    if amount is None or not 0 <= amount <= 1:
        raise ValueError(f"share {text!r}: value {value!r} is no proportion")
    return Share(
        curly(text), round(float(amount), 6), numerator, denominator, comparator, direction
    )
