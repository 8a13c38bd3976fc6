"""The command that opens the review page."""

from __future__ import annotations

import getpass
from pathlib import Path

import typer

from pipelines.cli.options import ANSWERS, RUN
from pipelines.cli.progress import say

_CODER = typer.Option("", "--coder", metavar="NAME", help="Your name; that of your login if empty.")
_ORDER = typer.Option("settle", "--order", help="Asked first: settle, theme:SLUG, unit:NAME, …")
_PORT = typer.Option(0, "--port", min=0, max=65535, help="Of this machine; 0 for a free one.")
_QUIET = typer.Option(False, "--no-browser", help="Print the address and open no browser.")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("review")(review)


def review(
    folder: Path = RUN,
    coder: str = _CODER,
    order: str = _ORDER,
    answers: Path = ANSWERS,
    port: int = _PORT,
    no_browser: bool = _QUIET,
) -> None:
    """Answer questions on a run in a page of this machine."""
    import webbrowser

    from pipelines.review.orders import Order
    from pipelines.review.server import Server
    from pipelines.review.session import Session

    session = Session(folder, answers=answers)
    Order.parse(order, session.tables["findings"])
    server = Server(session, who=coder or login_name(), order=order, port=port)
    say(f"answers are kept in {session.store.folder}")
    say("the page is for you alone; it is open until you press Ctrl+C:")
    typer.echo(server.address)
    if not no_browser:
        webbrowser.open(server.door.once())
    server.run()
    say(f"to put the answers into tables and report: findings recount {folder}")


def login_name() -> str:
    """Return the name that this person logged in with."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""
