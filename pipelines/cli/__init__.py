"""The command `findings`: a Typer application over the stages.

Modules of commands are listed below and import at their top nothing heavier than Typer, so that
`findings --help` answers at once; what a command needs it imports when it is called.

Data goes to stdout, words to stderr. Exit status: 0 all well; 1 something failed or was left over
and all the rest was still done; 2 wrong usage; 128 + n stopped by signal n.
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
import re
import signal
import sys
import threading
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import Final

import typer

from pipelines.errors import FindingsError, NoRunFolder, SettingsError

COMMAND_MODULES: Final = (
    "run",
    "read",
    "mine",
    "search",
    "units",
    "frameworks",
    "themes",
    "codebook",
    "report",
    "brief",
    "review",
    "labels",
    "edit",
    "train",
    "explain",
    "fetch",
    "questions",
    "cache",
    "generations",
    "changes",
)
"""Modules of this package, in the order of the help; each has `register(app)`."""

_SIGNALS: Final = ("SIGINT", "SIGTERM", "SIGHUP")
_MOMENT: Final = 0.05  # seconds
_PLACES: Final = {"--out", "-o", "--to", "--into", "--cache", "--project", "--model"}
_SURROGATE: Final = re.compile("[\ud800-\udfff]")  # stands for a byte that is not UTF-8

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
    project: str = typer.Option(
        "", "--project", metavar="DIR", help="Your project; else the one that you are in, if any."
    ),
) -> None:
    if project:
        from pipelines.project import open_project

        open_project(project)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    logger = logging.getLogger("pipelines")
    logger.handlers[:] = [handler]
    logger.setLevel(logging.INFO if verbose else logging.WARNING)


def _project_first(words: list[str]) -> list[str]:
    """Move `--project DIR` before the command, for those who give it behind, as is natural."""
    for at, word in enumerate(words):
        if word == "--":
            break
        taken = 2 if word == "--project" else 1 if word.startswith("--project=") else 0
        if taken:
            return [*words[at : at + taken], *words[:at], *words[at + taken :]]
    return words


def _register() -> None:
    for name in COMMAND_MODULES:
        import_module(f"{__name__}.{name}").register(app)


def main() -> None:
    """Run the command line; an error of ours becomes one line on stderr.

    The exit status is then 2 where the command was used wrongly, else 1.
    """
    _keep_texts()
    _open_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what it cannot write is escaped, never an error
            stream.reconfigure(errors="backslashreplace")
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr = _Words(sys.stderr)
    logging.raiseExceptions = False
    for name in _SIGNALS:
        number = getattr(signal, name, None)  # Windows has not all of them
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
            signal.signal(number, _stop)
    sys.unraisablehook = _stop_later
    try:
        _check_place()
        _check_words(sys.argv[1:])
        app(_project_first(sys.argv[1:]))
    except FindingsError as error:
        said = " ".join(str(error).split())  # of a received folder's words, too
        sys.stderr.write(f"findings: {''.join(filter(str.isprintable, said))}\n")
        sys.exit(2 if isinstance(error, (SettingsError, NoRunFolder)) else 1)
    except _Stopped as stopped:
        sys.stderr.write(
            f"findings: stopped ({stopped.signal.name}); nothing is half-written, what was there "
            "before is unchanged; to go on, give the same command again\n"
        )
        sys.exit(128 + stopped.signal)
    except (OSError, MemoryError, RuntimeError, UnicodeEncodeError) as error:
        logging.getLogger(__name__).info("where it happened", exc_info=True)
        of_the_machine = _of_the_machine(error)
        if of_the_machine is None:
            raise
        sys.stderr.write(f"findings: {of_the_machine}\n")
        sys.exit(1)


def _of_the_machine(error: Exception) -> str | None:
    """Say what stood in the way that no stage answers for: a model, a cache, a place, memory."""
    if isinstance(error, OSError):
        return (
            f"{error.filename or 'this machine'}: {error.strerror or error}; see that it is there, "
            "that you may read and write it and that the disk has room, or give another place"
        )
    if isinstance(error, MemoryError):
        return (
            "the memory of this machine is full; nothing is half-written; give fewer documents or "
            "--jobs 1"
        )
    if isinstance(error, UnicodeEncodeError):
        words = [word for word in sys.argv if _SURROGATE.search(word)]
        given = words and _SURROGATE.search(str(error.object))
        return f"{words[0]!a}: is no text in UTF-8, as names of results are" if given else None
    loop = "Symlink loop" in str(error)  # pathlib's, until Python 3.13
    return f"{error}: delete the link that leads to itself, or give another place" if loop else None


class _Words(io.TextIOWrapper):
    """Standard error that may be closed or full: words that nobody can read cost no results."""

    def __init__(self, stream: io.TextIOWrapper) -> None:
        super().__init__(
            stream.detach(),
            encoding=stream.encoding,
            errors=stream.errors,
            line_buffering=True,
        )

    def write(self, text: str, /) -> int:
        try:
            return super().write(text)
        except (OSError, ValueError):
            return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            super().flush()


def _keep_texts() -> None:
    """Begin again where `python -OO` has thrown the docstrings away: libraries build on theirs."""
    if sys.flags.optimize > 1 and "FINDINGS_TEXTS" not in os.environ:
        environment = {**os.environ, "PYTHONOPTIMIZE": "1", "FINDINGS_TEXTS": "kept"}
        words = [sys.executable, "-O", "-m", "pipelines.cli", *sys.argv[1:]]
        os.execve(sys.executable, words, environment)  # noqa: S606 - this program itself


class _Stopped(BaseException):
    """A signal asked the command to end; drafts are removed and workers ended on the way out."""

    def __init__(self, number: signal.Signals) -> None:
        super().__init__(number.name)
        self.signal = number


def _stop(number: int, _frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_DFL)  # asked twice, it ends at once
    raise _Stopped(signal.Signals(number))


def _stop_later(swallowed: sys.UnraisableHookArgs) -> None:
    """Stop a moment later where the signal came while nothing could be raised.

    So it is in a finalizer, or in compiled code that hands no exception on.
    """
    stopped = swallowed.exc_value
    if not isinstance(stopped, _Stopped):
        sys.__unraisablehook__(swallowed)
        return
    signal.signal(stopped.signal, _stop)
    again = threading.Timer(_MOMENT, os.kill, [os.getpid(), stopped.signal])
    again.daemon = True
    again.start()


def _open_streams() -> None:
    """Open what a shell closed (`>&-`): the next file opened would take its number and be hit."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number: this one
    sys.stdout = sys.stdout or os.fdopen(1, "w")
    sys.stderr = sys.stderr or os.fdopen(2, "w")


def _check_words(words: list[str]) -> None:
    """Refuse a place of no letters: what a shell has not set is not the folder one is in."""
    for before, word in pairwise(["", *words]):
        if not word and (before in _PLACES or not before.startswith("-")):
            raise SettingsError(
                f"what stands behind {before or 'findings'} is empty; give a name (a variable of "
                "the shell that is not set?)"
            )


def _check_place() -> None:
    try:
        Path.cwd()
    except FileNotFoundError as error:
        raise SettingsError(
            "the folder that this command was started in is gone; change to another folder"
        ) from error


_register()
