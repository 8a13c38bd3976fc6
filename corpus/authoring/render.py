"""Sets a source as text, as a web page of the 2025 form, and as a tagged PDF.

The same source gives the same bytes; a PDF does so for one version of its producer and fonts, so
it carries the digest of the page it was printed from (`pdf_digest`), which can always be compared.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import textwrap
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

import jinja2
from markupsafe import Markup, escape

from authoring.source import CALL, Finding, Part, Source, Standard, day, month

TEMPLATES: Final = Path(__file__).parent / "templates"
FICTION: Final = (
    "This document is fictional. It was written to test and demonstrate software. The unit, the "
    "region, the people and every figure in it are made up, and it is not a publication of "
    "HM Inspectorate of Probation."
)
_SUPERSCRIPT: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_MARK: Final = "source-sha256:"


class Setting:
    """What the formats share: wording that stands around the findings, numbered footnotes."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.core = source.framework == "pdu-2023"
        self.title = f"An inspection of probation services in {source.unit} PDU"
        self.month = month(source.published)
        self.day = day(source.published)
        self.fieldwork = month(source.fieldwork)
        self.fiction = FICTION
        self.colon = "" if self.core else ":"
        self._notes = {
            id(f): n for n, f in enumerate((f for f in source.findings if f.note), start=1)
        }

    def number(self, finding: Finding) -> int:
        """Number of the footnote that the finding calls."""
        return self._notes[id(finding)]

    def notes(self) -> list[tuple[int, str]]:
        """Every footnote with its number."""
        return [(self.number(f), f.note) for f in self.source.findings if f.note]

    def heading(self, standard: Standard) -> str:
        """Heading of a standard: `1.1. Leadership`, `P 1.1 Leadership`."""
        return f"{standard.code}{'' if self.core else '.'} {standard.title}"

    def basis(self, standard: Standard) -> str:
        """Sentence that leads to the table of key questions."""
        if not standard.rating:
            return "This standard carries no rating. The figure below is given for information."
        count = {1: "one question", 3: "three questions"}[len(standard.questions)]
        return (
            f"We rate {standard.title.lower()} by the share of inspected cases that satisfied "
            f"us on {count}:"
        )

    def verdict(self, standard: Standard) -> str:
        """Rating as printed."""
        return str(standard.rating or "Not rated")

    def points(self, standard: Standard) -> str:
        """Points of a standard, as the ratings page prints them."""
        points = standard.points
        return "not scored" if points is None else f"{points} of 3"

    def contents(self) -> list[tuple[str, int]]:
        """Lines of the contents page, with the pages that a printed copy would have."""
        lines = [("Foreword", 4), ("Ratings", 6), ("Recommendations", 7), ("Background", 9)]
        page = 10
        for number, title in self.source.chapters:
            lines.append((f"{number}. {title}", page))
            for standard in self.source.chapter(number):
                if self.core:
                    lines.append((self.heading(standard), page))
                page += 1 + sum(len(p.findings) for p in standard.parts) // 8
        return [*lines, ("Annexe one: About the data", page)]


def render_text(source: Source) -> str:
    """Set as plain text: a paragraph or bullet a line, or wrapped where the source says so."""
    return _Text(Setting(source)).document()


class _Text:
    def __init__(self, setting: Setting) -> None:
        self.set = setting
        self.out: list[str] = []
        self.due: list[Finding] = []

    def add(self, text: str, *, first: str = "", rest: str = "") -> None:
        width = self.set.source.wrap
        if width:
            text = textwrap.fill(
                text,
                width,
                initial_indent=first,
                subsequent_indent=rest,
                break_long_words=False,
                break_on_hyphens=False,
            )
        else:
            text = first + text
        self.out.append(text)

    def document(self) -> str:
        s, source = self.set, self.set.source
        self.add("An inspection of probation services in:")
        self.add(f"{source.unit} PDU")
        self.add(f"The Probation Service – {source.region} region")
        self.add(f"Published {s.month}")
        self.add(s.fiction)
        self.add("Contents")
        self.out.append("\n".join(f"{t} {'.' * max(3, 70 - len(t))} {n}" for t, n in s.contents()))
        self.add("Foreword")
        self.all(source.foreword)
        self.out.append(f"{source.chief}\nChief Inspector (fictional)")
        self.ratings()
        self.add("Recommendations")
        self.add("If these recommendations are acted on, we expect probation work here to improve.")
        number = 0
        for addressee in source.addressees:
            self.add(f"{addressee.name} should:")
            items = []
            for item in addressee.items:
                number += 1
                items.append(f"{number}. {item}")
            for item in items:
                self.add(item, rest="   ")
        self.add("Background")
        self.all(source.background)
        self.out.append("\n".join(f"{value}\t{what}" for value, what in source.context))
        for number_, title in source.chapters:
            self.add(f"{number_}. {title}")
            for standard in source.chapter(number_):
                self.standard(standard)
        self.add("Annexe one: About the data")
        self.add(_ANNEXE)
        return "\n\n".join(self.out) + "\n"

    def all(self, texts: Iterable[str]) -> None:
        for text in texts:
            self.add(text)

    def ratings(self) -> None:
        s, source = self.set, self.set.source
        self.add("Ratings")
        self.out.append(f"{source.unit} PDU\nFieldwork started {s.fieldwork}")
        self.add(f"Score {source.score}/{source.score_max}")
        self.add("Overall rating")
        self.add(source.overall_printed or str(source.overall))
        for number, title in source.chapters:
            self.add(f"{number}. {title}")
            rows = ["Standard\tRating\tPoints"]
            rows += [
                f"{standard.code} {standard.title}\t{s.verdict(standard)}\t{s.points(standard)}"
                for standard in source.chapter(number)
                if standard.code != "2.6"
            ]
            self.out.append("\n".join(rows))

    def standard(self, standard: Standard) -> None:
        s = self.set
        self.add(s.heading(standard))
        self.add(standard.description)
        if standard.code != "2.6":
            self.add(s.verdict(standard))
        if standard.questions:
            self.add(s.basis(standard))
            rows = ["Key question\tPercentage ‘Yes’"]
            rows += [f"{q.text}\t{q.percent}%" for q in standard.questions]
            self.out.append("\n".join(rows))
        self.all(standard.reason)
        for part in standard.parts:
            self.part(part)

    def part(self, part: Part) -> None:
        if part.title:
            self.add(part.title)
        self.all(part.intro)
        for name, findings in (
            ("Strengths", part.strengths),
            ("Areas for improvement", part.areas),
        ):
            if not findings:
                continue
            self.add(name + self.set.colon)
            for finding in findings:
                self.finding(finding)
            self.notes()
        if part.example:
            self.example(part)

    def finding(self, finding: Finding) -> None:
        call = str(self.set.number(finding)).translate(_SUPERSCRIPT) if finding.note else ""
        text = finding.text.replace(CALL, call)
        if finding.bulletless:
            self.add(text)
        else:
            self.add(text, first="- ", rest="  ")
        for nested in finding.nested:
            before = self.out.pop()
            self.add(nested, first="  - ", rest="    ")
            self.out.append(f"{before}\n{self.out.pop()}")
        for quote in finding.quotes:
            self.add(quote)
        self.notes()  # as at the foot of a page: after the bullet that follows the call
        if finding.note:
            self.due.append(finding)

    def notes(self) -> None:
        for finding in self.due:
            self.add(f"{str(self.set.number(finding)).translate(_SUPERSCRIPT)} {finding.note}")
        self.due = []

    def example(self, part: Part) -> None:
        assert part.example is not None  # noqa: S101 (the caller asked)
        lines = [f"Practice example: {part.example.title}"]
        for text in part.example.text:
            lines += ["", *textwrap.wrap(text, 84)]
        for bullet in part.example.bullets:
            lines += textwrap.wrap(bullet, 84, initial_indent="- ", subsequent_indent="  ")
        rule = "+" + "-" * 88 + "+"
        self.out.append("\n".join([rule, *(f"| {line:<86} |" for line in lines), rule]))


_ANNEXE: Final = (
    "The percentages in this document were made up. They agree with one another and with the "
    "ratings, so that software can be tested on them, and they describe no probation unit."
)


def render_html(source: Source) -> str:
    """Set as a web page in the form of 2025."""
    return _environment().get_template("web.html.j2").render(_context(source))


def render_print(source: Source) -> str:
    """Set as the page that the PDF is printed from."""
    return _environment().get_template("print.html.j2").render(_context(source))


def render_pdf(source: Source) -> bytes:
    """Print as a tagged PDF with bookmarks and footnotes (needs WeasyPrint)."""
    os.environ["SOURCE_DATE_EPOCH"] = "0"  # the font subsetter stamps its fonts
    from weasyprint import HTML

    for name in ("weasyprint", "fontTools"):
        logging.getLogger(name).setLevel(logging.ERROR)
    page = HTML(string=render_print(source))
    identifier = bytes.fromhex(pdf_digest(source)[:32])
    data: bytes = page.write_pdf(pdf_tags=True, pdf_identifier=identifier)
    return data


def pdf_digest(source: Source) -> str:
    """SHA-256 of the page that the PDF of the source is printed from."""
    page = _environment().get_template("print.html.j2").render(_context(source, digest=""))
    return hashlib.sha256(page.encode()).hexdigest()


def _context(source: Source, *, digest: str | None = None) -> dict[str, object]:
    keywords = _MARK + (pdf_digest(source) if digest is None else digest)
    return {"s": Setting(source), "source": source, "annexe": _ANNEXE, "keywords": keywords}


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["call"] = _call
    environment.filters["slug"] = lambda t: re.sub(r"[^a-z0-9]+", "-", t.lower()).strip("-")
    return environment


def _call(finding: Finding, markup: str) -> Markup:
    """Put markup where the finding calls its footnote; a macro has escaped what is in it."""
    return Markup(markup).join(  # noqa: S704
        escape(piece) for piece in finding.text.split(CALL)
    )
