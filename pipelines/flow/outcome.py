"""What a run gives back: its tables as attributes, and what to say of it in a few lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final, Unpack

from pipelines import columns as c
from pipelines.columns import TABLES, Table
from pipelines.durable import storing, write_text

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.flow.storage.stored import Stored
    from pipelines.report.settings import Chosen

_DATES: Final = {c.PUBLISHED}
_CATEGORIES: Final = {c.POLARITY, c.THEME, c.CERTAINTY, c.REGION, c.UNIT, c.STATUS, c.SUBJECT}


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures a run ends with."""

    read: int
    duplicates: int
    failed: int
    findings: int
    leftovers: int
    severed: int = 0  # leftovers that are items and would be findings but for a heading over them
    aside: int = 0  # files of kinds that are not read

    @property
    def left_over(self) -> float:
        """Share of pieces left over among findings and leftovers."""
        pieces = self.findings + self.leftovers
        return self.leftovers / pieces if pieces else 0.0


@dataclass(frozen=True, slots=True)
class Page:
    """A theme report as one page of HTML, which a notebook shows in a frame of its own."""

    html: str

    def _repr_html_(self) -> str:
        """Show it in a notebook; its scripts have no access to the notebook's page."""
        return (
            f'<iframe srcdoc="{escape(self.html)}" sandbox="allow-scripts allow-downloads" '
            'style="width:100%;height:40em;border:1px solid #8888" title="Theme report"></iframe>'
        )

    def __repr__(self) -> str:
        return f"<Page of {len(self.html):,} characters; save(path) writes it>"

    def save(self, path: str | Path) -> Path:
        """Write the page to a file.

        Raises:
            StorageError: It cannot be written.
        """
        with storing(Path(path)):
            write_text(Path(path), self.html)
        return Path(path)


class Held(Mapping[str, "pd.DataFrame"]):
    """Tables of a run that has ended: each is read when it is first asked for, and kept."""

    def __init__(self, stored: Stored) -> None:
        self._stored = stored
        self._read: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._read:
            self._read[name] = self._stored[name]
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._stored)

    def __len__(self) -> int:
        return len(self._stored)

    def rows(self, name: str) -> int:
        """Return how many rows a table has, without reading it."""
        return self._stored.rows(name)


class Run:
    """The tables of a run as attributes: `run.findings`, `run.tags`, `run.recurrence`.

    Attributes:
        tables: All tables by name.
        folder: Where they were written; None if they were not.
    """

    def __init__(
        self,
        tables: Mapping[str, pd.DataFrame],
        *,
        folder: Path | None = None,
        places: Mapping[str, str] | None = None,
    ) -> None:
        self.tables = tables if isinstance(tables, Held) else dict(tables)
        self.folder = folder
        self._places = dict(places or {})

    def __getattr__(self, name: str) -> pd.DataFrame:
        """Return the table of that name."""
        tables: Mapping[str, pd.DataFrame] = self.__dict__.get("tables", {})
        if name not in tables:
            raise AttributeError(f"this run has no table {name!r}; it has {sorted(tables)}")
        return tables[name]

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self.tables})

    def __repr__(self) -> str:
        s = self.summary
        where = f" in {self.folder}" if self.folder else ""
        return f"<Run{where}: {s.read} documents, {s.findings} findings, {s.failed} failed>"

    def _repr_html_(self) -> str:
        """Show it in a notebook."""
        from pipelines.display import run_html

        lines = [repr(self).strip("<>")]
        if self.report is not None:
            lines.append(f"Report: {self.report}")
        return run_html(lines, self.tables)

    @property
    def summary(self) -> Summary:
        """Documents, findings, failures and leftovers in figures."""
        from pipelines.flow.ledger import ASIDE, DUPLICATE, FAILED, READ
        from pipelines.segment.findings import SEVERED

        status = self.ledger[c.STATUS].value_counts()
        return Summary(
            read=int(status.get(READ, 0)),
            duplicates=int(status.get(DUPLICATE, 0)),
            failed=int(status.get(FAILED, 0)),
            aside=int(status.get(ASIDE, 0)),
            findings=self._rows("findings"),
            leftovers=self._rows("leftovers"),
            severed=int((self.leftovers[c.REASON] == SEVERED).sum()),
        )

    def _rows(self, name: str) -> int:
        return self.tables.rows(name) if isinstance(self.tables, Held) else len(self.tables[name])

    @property
    def report(self) -> Path | None:
        """The page of the report, or its folder where no page was asked for."""
        if self.folder is None or not (self.folder / "report").is_dir():
            return None
        page = self.folder / "report" / "report.html"
        return page if page.is_file() else page.parent

    def typed(self, name: str) -> pd.DataFrame:
        """Return a table with dates as dates and names that repeat as categories, for analysis.

        The tables themselves keep a date as the report gives it, `2024-03` or `2024`; of a month
        or year this is its first day.

        Args:
            name: Of the table.
        """
        import pandas as pd

        out: pd.DataFrame = getattr(self, name).copy()
        for column in out.columns:
            if column in _DATES:
                out[column] = pd.to_datetime(out[column], format="ISO8601", errors="coerce")
            elif column in _CATEGORIES:
                out[column] = out[column].astype("category")
        return out

    def page(self, **choices: Unpack[Chosen]) -> Page:
        """Return the theme report, or an extract of it, as an object that a notebook shows.

        Args:
            **choices: As in `ReportSettings`: `regions=("Wales",)`, `themes=("unpaid-work",)`.

        Raises:
            SettingsError: A choice is wrong, or fits no report.
        """
        from tempfile import TemporaryDirectory

        from pipelines.report import ReportSettings, write_report

        settings = replace(ReportSettings(**choices), formats=("html",))
        with TemporaryDirectory() as place:
            (path,) = write_report(self.tables, Path(place), settings=settings, beside=False)
            return Page(path.read_text(encoding="utf-8"))

    def pictures(self) -> dict[str, bytes]:
        """Take pictures of findings on their pages, for `write_report`: PNG by finding.

        Evidence comes first, up to 400 findings of PDFs that are still where they were read from.
        """
        from pipelines.flow.pictures import pictured_sources, take_pictures
        from pipelines.flow.settings import RunSettings

        return take_pictures(
            self.tables, pictured_sources(self.tables, self._places), RunSettings()
        )

    def locate(self, path: str) -> Path | None:
        """Return where the source that the tables call `path` is on this machine, if it still is.

        Tables name sources below the folder that was given, so as to be the same everywhere.
        """
        place = self._places.get(path)
        if place is None or "://" in place or not Path(place).is_file():
            return None
        return Path(place)


def _told(table: Table) -> property:
    """Return the attribute of a table, whose docstring says its columns."""

    def of(run: Run) -> pd.DataFrame:
        found: pd.DataFrame = run.__getattr__(table.name)
        return found

    columns = "\n".join(f"    {k.name} ({k.kind}): {k.meaning}" for k in table.columns)
    return property(of, doc=f"A row is {table.row}.\n\n{columns}")


for _table in TABLES.values():
    setattr(Run, _table.name, _told(_table))
