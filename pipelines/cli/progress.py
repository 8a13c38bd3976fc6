"""What commands say on stderr while they work: lines, and how far they are."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import typer

_LINES: Final = 10
"""Of progress for each stage, where there is no terminal to draw a bar on."""


def say(line: str) -> None:
    """Say a line on stderr, without what could act on a terminal."""
    if not line.isprintable():
        from pipelines.report.english import plain

        line = plain(line)
    typer.echo(line, err=True)


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """Show progress on stderr: a bar for each stage on a terminal, a few quiet lines elsewhere."""
    if not sys.stderr.isatty():
        yield _quietly
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:>9}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as bars:
        known: dict[str, Any] = {}

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in known:
                known[stage] = bars.add_task(stage, total=total)
            bars.update(known[stage], completed=done)

        yield tell


def _quietly(stage: str, done: int, total: int) -> None:
    if done and (done == total or done * _LINES // total != (done - 1) * _LINES // total):
        say(f"{stage}: {done} of {total}")
