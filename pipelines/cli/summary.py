"""What a run came to, in plain text to be mailed: how it ended, then what changed since before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from pipelines.durable import storing, write_text
from pipelines.errors import SettingsError

if TYPE_CHECKING:
    from pipelines.flow import Run

STDOUT: Final = "-"
_SHOWN: Final = 15  # of each kind
_BEGUN: Final = "findings: "  # every summary begins so


def check_summary(to: str) -> None:
    """Refuse to write a summary over what is none.

    Raises:
        SettingsError: Another file is there, or a folder.
    """
    if to in ("", STDOUT):
        return
    path = Path(to)
    if path.is_dir():
        raise SettingsError(f"{to}: is a folder; give --summary the name of a file in it")
    if not path.is_file():
        return
    with path.open("rb") as stream:
        begun = stream.read(len(_BEGUN))
    if begun and begun != _BEGUN.encode():
        raise SettingsError(
            f"{to}: is there already and is no summary of a run; nothing is overwritten: give "
            "another name as --summary, or move it away"
        )


def write_summary(done: Run, ended: list[str], status: int, to: str) -> None:
    """Write the summary of a run; its first line serves as a subject.

    Args:
        done: The run.
        ended: What was said of it, a line each.
        status: Its exit status.
        to: A file, or `-` for stdout.

    Raises:
        StorageError: The file cannot be written.
    """
    from pipelines.report.english import counted

    how = "some of it needs a look" if status else "all well"
    read = counted(done.summary.read, "document")
    found = counted(done.summary.findings, "finding")
    head = f"{_BEGUN}{how}: {read} read, {found}"
    text = "\n".join([head, "", *ended, "", *_changed(done.folder)]) + "\n"
    if to == STDOUT:
        typer.echo(text, nl=False)
        return
    path = Path(to)
    with storing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, text)


def _changed(folder: Path | None) -> Iterator[str]:
    """Say what changed since the run before, where there was one."""
    from pipelines.flow.changes import changes_since
    from pipelines.report.changed import changed
    from pipelines.report.english import day

    if folder is None:
        return
    try:
        earlier, found = changes_since(folder)
    except SettingsError:
        yield "This is the first run that the folder keeps: there is none to compare with."
        return
    before = f"since the run of {day(earlier.ended.date().isoformat())}"
    yield f"Nothing changed {before}." if found.empty else f"What changed {before}:"
    for head, lines in changed(found):
        yield f"{head}: {len(lines)}"
        yield from (f"  {line}" for line in lines[:_SHOWN])
        if len(lines) > _SHOWN:
            yield f"  and {len(lines) - _SHOWN} more: findings changes {folder} --csv"
