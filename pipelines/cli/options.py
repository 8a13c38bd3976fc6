"""Options and arguments that several commands have, in the same words."""

from __future__ import annotations

from pathlib import Path

import typer

RUN = typer.Argument(..., metavar="DIR", help="Folder of a run.")
FOLDER = typer.Argument(Path(), metavar="[DIR]", help="Folder of a run; the current one.")
THEME = typer.Option("", "--theme", help="A theme: its slug or name, or a start of it.")
POLARITY = typer.Option("", "--polarity", help="`strength` or `area`.")
REGION = typer.Option("", "--region", help="A region, or a start of its name.")
UNIT = typer.Option("", "--unit", help="A unit, or a start of its name.")
REGIONS = typer.Option(None, "--region", help="A region, or a start of its name; repeatable.")
UNITS = typer.Option(None, "--unit", help="A unit, or a start of its name; repeatable.")
SINCE = typer.Option("", "--since", help="Only reports published since then, such as 2024-03.")
FORM = typer.Option("table", "--format", help="`table`, `csv` or `json`.")
CSV = typer.Option(False, "--csv", help="The same as --format csv.")

SOURCES = typer.Argument(..., metavar="SOURCE...", help="Files or folders of reports.")
JOBS = typer.Option(0, "--jobs", "-j", min=0, help="Documents at once; 0 for all cores.")
TIMEOUT = typer.Option(120.0, "--timeout", min=0.1, help="Seconds that one document may take.")
NO_CACHE = typer.Option(False, "--no-cache", help="Use and keep no results.")
TOLERANCE = typer.Option(
    0.02, "--tolerance", min=0, max=1, help="Share of text left over that is still well."
)
KEEP = typer.Option(2, "--keep", min=0, help="Earlier runs of the folder that are kept.")
ALLOW_EMPTY = typer.Option(
    False, "--allow-empty", help="Let a run that reads nothing replace one that did."
)
MIXED = typer.Option(False, "--mixed", help="Write into a folder that holds other files.")

ANSWERS = typer.Option(None, "--answers", metavar="DIR", help="Folder of the answers.")
MODELS = typer.Option(None, "--models", metavar="DIR", help="Folder of your models.")
