"""Sets a source as plain text: a line a paragraph, or wrapped where the source says so."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Final

from authoring.setting import ANNEXE, Setting
from authoring.source import CALL, Finding, Part, Source, Standard

_SUPERSCRIPT: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def render_text(source: Source) -> str:
    """Set as plain text."""
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
        self.add(ANNEXE)
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
