"""The command `findings`: a Typer application over the stages.

Modules of commands are listed below and import at their top nothing heavier than Typer, so that
`findings --help` answers at once; what a command needs it imports when it is called.

Data goes to stdout, words to stderr. Exit status: 0 all well; 1 something failed or was left over
and all the rest was still done; 2 wrong usage.
"""

from __future__ import annotations

import io
import logging
import sys
from importlib import import_module
from typing import Final

import typer

from pipelines.errors import FindingsError, NoRunFolder, SettingsError

COMMAND_MODULES: Final = (
    "run",
    "read",
    "mine",
    "search",
    "themes",
    "report",
    "train",
    "explain",
    "cache",
)
"""Modules of this package, in the order of the help; each has `register(app)`."""

app = typer.Typer(
    name="findings",
    help="Read probation inspection reports; say which problems recur, where, on what evidence.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _settings(
    verbose: bool = typer.Option(
        False, "--verbose", "-v", help="Say on stderr what is being done."
    ),
) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    logger = logging.getLogger("pipelines")
    logger.handlers[:] = [handler]
    logger.setLevel(logging.INFO if verbose else logging.WARNING)


def _register() -> None:
    for name in COMMAND_MODULES:
        import_module(f"{__name__}.{name}").register(app)


def main() -> None:
    """Run the command line; an error of ours becomes one line on stderr.

    The exit status is then 2 where the command was used wrongly, else 1.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what it cannot write is escaped, never an error
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except FindingsError as error:
        sys.stderr.write(f"findings: {' '.join(str(error).split())}\n")
        sys.exit(2 if isinstance(error, (SettingsError, NoRunFolder)) else 1)


_register()
