"""The command that gets published reports, and says what is new."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from pipelines.cli.options import CSV, FORM
from pipelines.cli.progress import say
from pipelines.cli.show import chosen_form, show
from pipelines.cli.values import meant, plain_names, target
from pipelines.errors import SettingsError

if TYPE_CHECKING:
    from pipelines.fetch import FetchSettings, Outcome
    from pipelines.manifest import Published

_UNIT = typer.Option(
    None, "--unit", metavar="NAME", help="Only this unit, in any spelling; may be repeated."
)
_REGION = typer.Option(None, "--region", metavar="NAME", help="Only this region; may be repeated.")
_SINCE = typer.Option("", "--since", metavar="MONTH", help="Published since: 2024-03, or 2024.")
_TO = target(None, "--to", metavar="DIR", help="Folder for the reports and the ledger.")
_LIST = typer.Option(False, "--list", help="Only list the inspections; nothing is asked for.")
_CHECK = typer.Option(False, "--check", help="Only say what is new or changed; for a monthly job.")
_MANIFEST = typer.Option(
    None, "--manifest", metavar="FILE", help="CSV of inspections; else the project's, or ours."
)
_INDEX = typer.Option(
    None, "--index", metavar="ADDRESS", help="With --check: a list of publications; repeatable."
)
_HOST = typer.Option(
    None, "--host", metavar="NAME", help="A host to trust beside the manifest's; repeatable."
)
_DELAY = typer.Option(2.0, "--delay", min=0, help="Seconds between two requests.")
_TIMEOUT = typer.Option(30.0, "--timeout", min=0.1, help="Seconds to wait for a silent server.")
_SECONDS = typer.Option(600.0, "--seconds", min=0.1, help="Seconds that one document may take.")
_ATTEMPTS = typer.Option(4, "--attempts", min=1, help="Times that a busy server is asked.")
_BACKOFF = typer.Option(2.0, "--backoff", min=0, help="Seconds before the second of them.")
_PATIENCE = typer.Option(
    300.0, "--patience", min=0, help="Seconds that a server may ask us to wait."
)
_MAX_BYTES = typer.Option(100_000_000, "--max-bytes", min=1_000, help="Largest document.")
_CONTACT = typer.Option(
    "", "--contact", envvar="FINDINGS_CONTACT", help="Mail address that servers are told."
)

_SHOWN: Final = (
    "id",
    "unit",
    "region",
    "framework",
    "published",
    "overall_rating",
    "score",
    "status",
    "address",
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("fetch")(fetch)


def fetch(
    unit: list[str] | None = _UNIT,
    region: list[str] | None = _REGION,
    since: str = _SINCE,
    to: Path | None = _TO,
    list_only: bool = _LIST,
    check: bool = _CHECK,
    manifest: Path | None = _MANIFEST,
    index: list[str] | None = _INDEX,
    host: list[str] | None = _HOST,
    delay: float = _DELAY,
    timeout: float = _TIMEOUT,
    seconds: float = _SECONDS,
    attempts: int = _ATTEMPTS,
    backoff: float = _BACKOFF,
    patience: float = _PATIENCE,
    max_bytes: int = _MAX_BYTES,
    contact: str = _CONTACT,
    form: str = FORM,
    csv: bool = CSV,
) -> None:
    """Get published reports by the manifest (extra `fetch`).

    The folder is one that `findings run` takes as it is. What is there already is not asked for
    again. With --check, what is new or changed is printed and no report is written; the next fetch
    gets it. An earlier edition is never lost.
    """
    from pipelines.manifest import choose, load_manifest

    known = load_manifest(manifest)
    chosen = choose(
        known,
        units=_meant("--unit", unit or (), (entry.unit for entry in known)),
        regions=_meant("--region", region or (), (entry.region for entry in known)),
        since=since,
    )
    if undated := sum(1 for entry in chosen if since and not entry.published):
        say(f"{undated} of {len(chosen)} have no date in the manifest; their framework fits")
    if list_only:
        _list(chosen, to, form=chosen_form(form, csv=csv))
        return
    if to is None:
        raise SettingsError("--to is missing: give the folder for the reports, or --list")
    if index and not check:
        raise SettingsError("--index is for --check: give both, or neither")
    from pipelines.fetch import FetchFolder, FetchSettings, check_reports, fetch_reports
    from pipelines.fetch.addresses import check_hosts

    settings = FetchSettings(
        delay=delay,
        timeout=timeout,
        seconds=seconds,
        attempts=attempts,
        backoff=backoff,
        patience=patience,
        max_bytes=max_bytes,
        hosts=check_hosts(host or ()),
        contact=contact,
    )
    do = check_reports if check else fetch_reports
    outcomes = do(known, chosen, FetchFolder(to), settings, _tell)
    status = _conclude(outcomes, to, manifest, check=check)
    if index:
        status = max(status, _look_for_unlisted(index, known, to, settings))
    raise typer.Exit(status)


def _meant(option: str, asked: Iterable[str], there: Iterable[str]) -> list[str]:
    from pipelines.places import canonical_unit

    known = plain_names(canonical_unit(name) for name in there if name)
    return [meant(option, canonical_unit(name), known, there="the manifest") for name in asked]


def _look_for_unlisted(
    addresses: Sequence[str], manifest: Sequence[Published], to: Path, settings: FetchSettings
) -> int:
    """Print the publications that no manifest has, and return the exit status."""
    from pipelines.fetch import FetchFolder, find_unlisted

    found, failures = find_unlisted(addresses, manifest, FetchFolder(to), settings)
    for one in found:
        typer.echo(f"not in the manifest: {one.title}: {one.address}")
    for failure in failures:
        say(f"failed: list of publications: {failure}")
    if found:
        say("to get them, add a row for each to a copy of the manifest and give it as --manifest")
    return 1 if failures else 0


def _tell(outcome: Outcome, number: int, total: int) -> None:
    """Say each outcome as it comes; what a check found goes to stdout, for whoever reads on."""
    from pipelines.fetch import Fate

    line = f"{outcome.fate}: {outcome.entry.id}"
    line += f": {outcome.reason}" if outcome.reason else ""
    if outcome.fate in {Fate.NEW, Fate.CHANGED, Fate.GONE}:
        typer.echo(line)
    elif outcome.fate not in {Fate.THERE, Fate.SAME}:
        say(f"{number} of {total}: {line}")


def _conclude(
    outcomes: Sequence[Outcome], folder: Path, manifest: Path | None, *, check: bool
) -> int:
    """Say in figures how it ended, and return the exit status."""
    from pipelines.fetch import Fate

    counts = {fate: sum(o.fate == fate for o in outcomes) for fate in Fate}
    said = ", ".join(f"{number} {fate}" for fate, number in counts.items() if number)
    say(said or "no inspection chosen")
    say(f"ledger: {folder / 'ledger.csv'}")
    waiting = counts[Fate.NEW] + counts[Fate.CHANGED]
    if check and waiting:
        by = f" --manifest {manifest}" if manifest else ""
        say(f"to get them: findings fetch{by} --to {folder}")
    elif not check and counts[Fate.FETCHED] + counts[Fate.EDITION]:
        say(f"next: findings run {folder} --out runs/mine")
    return 1 if counts[Fate.FAILED] else 0


def _list(chosen: Sequence[Published], to: Path | None, *, form: str) -> None:
    import pandas as pd

    from pipelines.fetch.addresses import without_secrets
    from pipelines.fetch.folder import FetchFolder

    folder = FetchFolder(to or Path())
    if to is not None:
        folder.read()
    rows = []
    for entry in chosen:
        record = folder.records.get(entry.id)
        status = record.status if record else "" if entry.address else "no address"
        row = {name: getattr(entry, name, "") for name in _SHOWN}
        rows.append({**row, "status": status, "address": without_secrets(entry.address)})
    show(pd.DataFrame(rows, columns=list(_SHOWN)), list(_SHOWN), form=form)
