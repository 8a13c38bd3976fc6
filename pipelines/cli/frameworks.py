"""The commands on frameworks: list what is known, check a file, draft one from reports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from pipelines.cli.options import CSV, FORM
from pipelines.cli.progress import progress, say
from pipelines.cli.show import chosen_form, show
from pipelines.errors import SettingsError, UnreadableDocument

if TYPE_CHECKING:
    from pipelines.frameworks import Registry

_FILES = typer.Argument(..., metavar="SOURCE...", help="Files or folders of reports.")
_OUT = typer.Option("", "--out", "-o", metavar="FILE", help="Write the draft; else it is printed.")
_OWN = typer.Option("", "--with", metavar="FILE", help="A file of frameworks of your own.")

frameworks = typer.Typer(help="List frameworks; draft one from reports.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    frameworks.command("list")(listed)
    frameworks.command("guess")(guess)
    app.add_typer(frameworks, name="frameworks")


def listed(own: str = _OWN, form: str = FORM, csv: bool = CSV) -> None:
    """List frameworks; check a file of your own.

    Those of your own file come first; what is wrong in it is named with its line.
    """
    import pandas as pd

    names = ["slug", "name", "unit_type", "since", "until", "standards", "rated", "list_ends"]
    rows = [
        [getattr(f, name) if name != "standards" else len(f.standards) for name in names]
        for f in _registry(own).frameworks
    ]
    show(pd.DataFrame(rows, columns=names), names, form=chosen_form(form, csv=csv))


def guess(sources: list[str] = _FILES, out: str = _OUT, own: str = _OWN) -> None:
    """Draft a framework from reports of it.

    Its title, headings, standards and what ends a list are what recurs in most of them.

    The draft loads as it is; read it through and correct what is marked with a question mark.
    """
    from pipelines.durable import write_text
    from pipelines.flow.alone import read_document
    from pipelines.flow.sources.find import find_sources
    from pipelines.segment.guess import draft_framework

    if out and Path(out).exists():
        raise SettingsError(f"{out}: is there already, and may be finished by hand; give another")
    documents, failed = [], 0
    found = find_sources(sources)
    with progress() as tell:
        for done, source in enumerate(found, start=1):
            try:
                documents.append(read_document(source.address))
            except UnreadableDocument as error:
                failed += 1
                say(f"failed: {source.path}: {error}")
            tell("read", done, len(found))
    if not documents:
        say("no document could be read, so nothing is drafted")
        raise typer.Exit(1)
    text = draft_framework(documents, _registry(own))
    if out:
        write_text(Path(out), text)
        say(f"{out}: a draft from {len(documents)} documents; read it through, then check it with")
        say(f"findings frameworks list --with {out}")
    else:
        typer.echo(text, nl=False)
    raise typer.Exit(1 if failed else 0)


def _registry(own: str) -> Registry:
    from pipelines.frameworks import load_registry

    return load_registry(extra=Path(own) if own else None)
