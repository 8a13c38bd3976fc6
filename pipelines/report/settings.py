"""What a reader may choose about a report."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from numbers import Integral
from typing import Final, TypedDict

from pipelines.codebook import load_codebook
from pipelines.errors import SettingsError, check_kind
from pipelines.today import today

FORMATS: Final = ("html", "md", "xlsx", "docx")


_DATE: Final = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_LONGEST_TITLE: Final = 1_000  # characters


class Chosen(TypedDict, total=False):
    """The choices as keywords, for those that are not left as they are; see `ReportSettings`."""

    themes: tuple[str, ...]
    units: tuple[str, ...]
    regions: tuple[str, ...]
    since: str
    issues: tuple[str, ...]
    title: str
    written: str
    quotes: int
    model: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ReportSettings:
    """Choices of one report.

    Attributes:
        formats: Which of `html`, `md`, `xlsx`, `docx` are written.
        themes: Slugs of the themes it is about; empty for all.
        units: Names of the units it is about; empty for all.
        regions: Names of the regions it is about; empty for all.
        since: Month or day of publication, `2024-03`, from which on reports belong to it; empty
            for all.
        issues: Ids of issues, or slugs of subjects for both poles, it is about; empty for all.
        title: Printed at the top; empty for the usual one.
        written: The date it gives as its own; the only thing that differs between two reports
            of one run. Empty for today.
        quotes: Findings shown as evidence in a theme's section, for each polarity. All findings
            are in the list at the end of the page and in the workbook.
        model: Facts about the model as label and value, shown in the provenance.
    """

    formats: tuple[str, ...] = ("html", "md")
    themes: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    since: str = ""
    issues: tuple[str, ...] = ()
    title: str = ""
    written: str = field(default_factory=lambda: today().isoformat())
    quotes: int = 4
    model: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        self._check_lists()
        check_kind("since", self.since or "", str, "text, such as '2024-03'")
        check_kind("title", self.title, str, "text")
        check_kind("written", self.written, str, "text, such as '2025-03-31'")
        check_kind("quotes", self.quotes, Integral, "a whole number")
        for slug in self.themes:
            load_codebook().theme(slug)
        if self.since and not _DATE.fullmatch(self.since):
            raise SettingsError(
                f"since: got {self.since!r}; expected a year, month or day such as 2024-03"
            )
        if not self.title.isprintable():
            raise SettingsError(
                f"title: got {self.title[:60]!r}; expected one line without control characters"
            )
        if len(self.title) > _LONGEST_TITLE:
            raise SettingsError(
                f"title: {len(self.title)} characters; expected {_LONGEST_TITLE} at most"
            )
        if self.quotes < 1:
            raise SettingsError(f"quotes: got {self.quotes}, expected 1 or more")
        try:
            date.fromisoformat(self.written)
        except ValueError as error:
            raise SettingsError(
                f"written: got {self.written!r}, expected a date such as 2025-03-31"
            ) from error

    def _check_lists(self) -> None:
        for name in ("formats", "themes", "units", "regions", "issues"):
            check_kind(name, given := getattr(self, name), Collection, "several, as a tuple")
            if isinstance(given, str):  # else each letter would be one
                raise SettingsError(f"{name}: got {given!r}; expected several, as ({given!r},)")
        for name in self.formats:
            if name not in FORMATS:
                raise SettingsError(
                    f"formats: no format {name!r}; choose from {', '.join(FORMATS)}"
                )
        if not self.formats:
            raise SettingsError(f"formats: none given; choose from {', '.join(FORMATS)}")

    @property
    def partial(self) -> bool:
        """Whether it is about a part of the batch."""
        return any((self.themes, self.units, self.regions, self.since, self.issues))

    @property
    def names(self) -> tuple[str, ...]:
        """What it is about, for the names of its files."""
        since = (f"since {self.since}",) if self.since else ()
        return (*self.themes, *self.issues, *self.regions, *self.units, *since)
