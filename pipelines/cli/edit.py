"""The commands that edit issues: a person's decisions, kept with the answers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from pipelines.cli.options import ANSWERS, RUN
from pipelines.cli.progress import say
from pipelines.cli.review import login_name

if TYPE_CHECKING:
    from pipelines.review.session import Session

_ISSUE = typer.Argument(..., metavar="ISSUE", help="Its id or name, as findings issues lists it.")
_NEW = typer.Argument(..., metavar="NAME", help="Its name from now on.")
_INTO = typer.Option(..., "--into", metavar="ISSUE", help="The issue that takes in the findings.")
_FINDINGS = typer.Argument(..., metavar="FINDING...", help="Ids of findings.")
_PART = typer.Option(..., "--name", metavar="NAME", help="Name of the new issue.")
_TO = typer.Option("", "--into", metavar="ISSUE", help="The issue that they are to be in.")
_FROM = typer.Option("", "--out-of", metavar="ISSUE", help="The issue that they are to leave.")
_CODER = typer.Option("", "--coder", metavar="NAME", help="Your name; that of your login if empty.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        help="Pin, rename, merge, split or drop issues, move findings.", no_args_is_help=True
    )
    for command in (pin, rename, merge, split, drop, move, undo):
        group.command()(command)
    group.command("list")(list_)
    app.add_typer(group, name="edit")


def pin(
    folder: Path = RUN, issue: str = _ISSUE, coder: str = _CODER, answers: Path = ANSWERS
) -> None:
    """Show an issue first, whatever its number."""
    _keep(folder, answers, coder, "pin", issue)


def rename(
    folder: Path = RUN,
    issue: str = _ISSUE,
    name: str = _NEW,
    coder: str = _CODER,
    answers: Path = ANSWERS,
) -> None:
    """Give an issue another name."""
    _keep(folder, answers, coder, "rename", issue, name=name)


def merge(
    folder: Path = RUN,
    issue: str = _ISSUE,
    into: str = _INTO,
    coder: str = _CODER,
    answers: Path = ANSWERS,
) -> None:
    """Put the findings of one issue into another."""
    _keep(folder, answers, coder, "merge", issue, into=into)


def split(
    folder: Path = RUN,
    issue: str = _ISSUE,
    findings: list[str] = _FINDINGS,
    name: str = _PART,
    coder: str = _CODER,
    answers: Path = ANSWERS,
) -> None:
    """Make a new issue of some findings of one."""
    _keep(folder, answers, coder, "split", issue, name=name, findings=findings)


def drop(
    folder: Path = RUN, issue: str = _ISSUE, coder: str = _CODER, answers: Path = ANSWERS
) -> None:
    """List an issue no longer."""
    _keep(folder, answers, coder, "drop", issue)


def move(
    folder: Path = RUN,
    findings: list[str] = _FINDINGS,
    into: str = _TO,
    out_of: str = _FROM,
    coder: str = _CODER,
    answers: Path = ANSWERS,
) -> None:
    """Move findings into an issue, out of one, or both."""
    from pipelines.review.edits import move_findings
    from pipelines.review.session import Session

    session = Session(folder, answers=answers)
    move_findings(session, coder or login_name(), findings, into=into, out_of=out_of)
    for do, issue in (("put", into), ("take", out_of)):
        if issue:
            _say_kept(session, do, issue)


def undo(folder: Path = RUN, coder: str = _CODER, answers: Path = ANSWERS) -> None:
    """Take back your last answer or edit."""
    from pipelines.review.session import Session

    undone = Session(folder, answers=answers).undo(coder or login_name())
    about = f"{undone.kind}: {undone.answer} {undone.slug}" if undone else "there is nothing"
    say(f"undone: {about}")


def list_(folder: Path = RUN, answers: Path = ANSWERS) -> None:
    """List the edits that stand, in order of time."""
    from pipelines.review.session import Session

    for event in Session(folder, answers=answers).standing.edits:
        into = f" into {event.slugs[0]}" if event.slugs else ""
        name = f" ‘{event.text}’" if event.text else ""
        typer.echo(f"{event.when[:10]} {event.who}: {event.answer} {event.slug}{into}{name}")


def _keep(
    folder: Path,
    answers: Path | None,
    coder: str,
    do: str,
    issue: str,
    **said: Any,  # noqa: ANN401 - as `edit_issue` takes it
) -> None:
    from pipelines.review.edits import edit_issue
    from pipelines.review.session import Session

    session = Session(folder, answers=answers)
    edit_issue(session, coder or login_name(), do, issue, **said)
    _say_kept(session, do, issue)


def _say_kept(session: Session, do: str, issue: str) -> None:
    say(f"{do} {issue}: kept in {session.store.folder}")
    say(f"to see it counted: findings recount {session.folder}")
