"""The commands on a project: make one, show its codebook, change it by recorded steps."""

from __future__ import annotations

from pathlib import Path

import typer

from pipelines.cli.options import CSV, FORM
from pipelines.cli.progress import say
from pipelines.cli.show import chosen_form, show
from pipelines.cli.values import target

_FOLDER = typer.Argument(..., metavar="DIR", help="Folder of the project.")
_NAME = typer.Option("", "--name", help="Name for people.")
_OWN = typer.Option(False, "--own-themes", help="Begin a codebook of your own themes alone.")
_ISSUE = typer.Option(False, "--issue", help="An issue of the catalogue instead of a theme.")
_SLUG = typer.Argument(..., metavar="SLUG", help="Its slug.")
_SLUGS = typer.Argument(..., metavar="SLUG...", help="Their slugs.")
_NEW = typer.Argument(..., metavar="NEW", help="The slug from now on.")
_INTO = typer.Option(..., "--into", metavar="SLUG", help="The slug from now on.")
_PARTS = typer.Option(
    ...,
    "--into",
    metavar="SLUG=NAME",
    help="A part; give two or more. Of an issue SLUG='AREA|STRENGTH': what its poles claim.",
)
_CHANGED = typer.Option(False, "--changed", help="Only what is not as shipped.")
_OUT = target("", "--out", "-o", metavar="FILE", help="Write a sheet to fill in (CSV).")
_REPORTS = typer.Option([], "--reports", metavar="PATH", help="Reports, for texts of labels.")

codebook = typer.Typer(help="Show or change themes and issues.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("init")(init)
    codebook.command("show")(shown)
    codebook.command("rename")(rename)
    codebook.command("merge")(merge)
    codebook.command("split")(split)
    codebook.command("retire")(retire)
    codebook.command("unsettled")(unsettled)
    app.add_typer(codebook, name="codebook")


def init(folder: Path = _FOLDER, name: str = _NAME, own: bool = _OWN) -> None:
    """Make a project, or take over one from elsewhere.

    Its models count from then on. Nothing that is there is overwritten.
    """
    from pipelines.changes import make_project

    written = make_project(folder, name=name, own=own)
    for path in written:
        say(f"written: {path}")
    if not written:
        say(f"{folder}: is a project already; its models count on this machine")
    say(f"next: cd {folder}, and any command goes by it (or give --project {folder})")


def shown(changed: bool = _CHANGED, form: str = FORM, csv: bool = CSV) -> None:
    """List themes and issues with where each comes from."""
    import pandas as pd

    from pipelines.catalogue import load_catalogue
    from pipelines.codebook import load_codebook

    book, catalogue = load_codebook(), load_catalogue()
    rows = [["theme", t.slug, t.name, t.status, t.origin] for t in book.themes]
    rows += [
        ["issue", s.slug, s.area_for_improvement, s.status, s.origin] for s in catalogue.subjects
    ]
    names = ["what", "slug", "name", "status", "from"]
    kept = [row for row in rows if not changed or row[4] != "shipped"]
    show(pd.DataFrame(kept, columns=names), names, form=chosen_form(form, csv=csv))
    for step in book.changes.steps:
        say(f"{step.where}: {step.do} {step.what} {', '.join(step.before)}{_to(step.after)}")


def rename(slug: str = _SLUG, new: str = _NEW, name: str = _NAME, issue: bool = _ISSUE) -> None:
    """Give a theme another slug; the old one stays understood."""
    _change("rename", issue, [slug], {new: name})


def merge(
    slugs: list[str] = _SLUGS, into: str = _INTO, name: str = _NAME, issue: bool = _ISSUE
) -> None:
    """Make several themes one, new or there."""
    _change("merge", issue, slugs, {into: name})


def split(slug: str = _SLUG, into: list[str] = _PARTS, issue: bool = _ISSUE) -> None:
    """Part a theme; its labels ask to be settled."""
    parts = {new.strip(): name.strip() for new, _, name in (p.partition("=") for p in into)}
    _change("split", issue, [slug], parts)
    say("labels that say it are not trained on before somebody says which part they mean:")
    say("findings codebook unsettled --out sheet.csv, or answer question by question:")
    say(f"findings review DIR --order {'issue' if issue else 'theme'}:{next(iter(parts))}")


def retire(slugs: list[str] = _SLUGS, issue: bool = _ISSUE) -> None:
    """Use themes no longer."""
    _change("retire", issue, slugs, {})


def unsettled(out: str = _OUT, reports: list[Path] = _REPORTS) -> None:
    """List labels that a split left open.

    Fill in the themes or issues of the sheet and put it among the project's labels.
    """
    import pandas as pd

    from pipelines import columns as c
    from pipelines.durable import write_text
    from pipelines.errors import SettingsError
    from pipelines.flow.training import read_labels
    from pipelines.report.export.files import to_csv
    from pipelines.tag.training.train import TrainSettings

    found = read_labels(TrainSettings(reports=tuple(reports))).unsettled
    rows = [
        {
            c.TEXT: x.text,
            c.DIGEST: x.digest,
            "themes": _listed(x.row.values.get("themes")),
            "issues": _listed(x.row.values.get("issues")),
            "split": f"{x.slug}: {' or '.join(x.parts)}",
            "stands_in": x.row.source,
        }
        for x in found
    ]
    names = [c.TEXT, c.DIGEST, "themes", "issues", "split", "stands_in"]
    table = pd.DataFrame(rows, columns=names)
    if not out:
        show(table, names[1:], form="table")
        return
    if Path(out).exists():
        raise SettingsError(f"{out}: is there already, perhaps filled in; give another")
    write_text(Path(out), to_csv(table))
    say(f"{out}: {len(rows)} labels; put the slugs of today in place, then move it to labels/")


def _listed(value: object) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _change(do: str, issue: bool, before: list[str], after: dict[str, str]) -> None:
    from pipelines.changes import change

    what = "issue" if issue else "theme"
    path = change(do, what, before, after)
    say(f"{path}: {do} {what} {', '.join(before)}{_to(after)}")


def _to(after: object) -> str:
    names = list(after) if isinstance(after, (dict, tuple)) else []
    return f" to {', '.join(names)}" if names else ""
