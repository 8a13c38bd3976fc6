"""The commands on labels: out to a sheet, in from any file, agreement, health, counting again."""

from __future__ import annotations

from pathlib import Path

import typer

from pipelines.cli.options import ANSWERS, RUN
from pipelines.cli.progress import progress, say
from pipelines.cli.review import login_name
from pipelines.cli.values import target

_FILE = typer.Argument(..., metavar="FILE", help="Labels: a sheet, CSV, JSON, a tool's export.")
_OUT = target(..., "--out", "-o", metavar="FILE", help="Workbook to write.")
_QDA = target(..., "--out", "-o", metavar="FILE", help="NAME.qdpx, or NAME.qdc.")
_GOLD = target(..., "--out", "-o", metavar="FILE", help="Labels to write: NAME.jsonl.")
_NUMBER = typer.Option(60, "--n", min=1, max=2000, help="Findings at most.")
_ORDER = typer.Option("settle", "--order", help="settle, theme:SLUG, unit:NAME, issue:SLUG, …")
_INTO = typer.Option(..., "--into", metavar="DIR", help="Folder of the run that they are on.")
_CODER = typer.Option("", "--coder", metavar="NAME", help="Who labelled, unless the file says so.")
_SAMPLE = typer.Option(False, "--random", help="The findings were drawn at random.")
_CHECK = typer.Option(False, "--check", help="Say what would change, and stop.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="Labels and answers: sheets, import, agreement.", no_args_is_help=True)
    group.command("export")(export)
    group.command("import")(import_)
    group.command("agreement")(agreement)
    group.command("health")(health)
    group.command("gold")(gold)
    group.command("exchange")(exchange)
    app.add_typer(group, name="labels")
    app.command("recount")(recount)


def export(
    folder: Path = RUN,
    out: Path = _OUT,
    n: int = _NUMBER,
    order: str = _ORDER,
    answers: Path = ANSWERS,
) -> None:
    """Write findings to label into a workbook, with suggestions."""
    from pipelines.review.orders import Order
    from pipelines.review.session import Session
    from pipelines.review.sheets import write_sheet

    session = Session(folder, answers=answers)
    chosen = Order.parse(order, session.tables["findings"])
    written = write_sheet(session, out, order=chosen, number=n)
    every = len(session.tables["findings"])
    more = f"; the order {order!r} asks for no more" if written < min(n, every) else ""
    say(f"{out}: {written} of {every:,} findings to label{more}")
    say(f"then: findings labels import {out} --into {folder} --coder NAME")


def import_(
    file: Path = _FILE,
    into: Path = _INTO,
    coder: str = _CODER,
    random: bool = _SAMPLE,
    check: bool = _CHECK,
    answers: Path = ANSWERS,
) -> None:
    """Take labels over as answers on a run: every row, or none."""
    from pipelines.answers.standing import RANDOM
    from pipelines.review.imports import read_import, take_over
    from pipelines.review.session import Session
    from pipelines.review.sheets import order_of_sheet

    session = Session(into, answers=answers)
    order = RANDOM if random else order_of_sheet(file)
    found = read_import(session, file, coder=coder or login_name(), order=order)
    for note in found.notes:
        say(note)
    changed = [change for change in found.changes if change.added or change.removed]
    for change in changed:
        typer.echo(change.line)
    if kept := len(found.changes) - len(changed):
        say(f"{kept} of {len(found.changes)} rows leave themes and issues as they were")
    for line in found.elsewhere_lines:
        say(line)
    if check:
        say("nothing was taken over, as --check asks")
        return
    taken = take_over(session, found)
    say(f"{taken} findings taken over into {session.store.folder}")
    if same := len(found.changes) - taken:
        say(f"{same} unchanged: their last word there says the same")
    if not taken:
        return
    say(f"to count them: findings recount {into}")


def recount(folder: Path = RUN, answers: Path = ANSWERS) -> None:
    """Put answers into tables and report; nothing is read again."""
    from pipelines.answers.applied import count_answers
    from pipelines.flow import recount as conduct

    with progress() as tell:
        run = conduct(folder, progress=tell, answers=answers)
    answered = run.tables.get("answered")
    if "edits" in run.tables:
        say(f"{len(run.tables['edits'])} edits of issues")
    elif answered is None:
        say(f"{folder}: no answers on its findings")
    if answered is not None:
        done = count_answers(answered)
        say(
            f"{done['confirmed']} tags confirmed, {done['removed']} taken away, "
            f"{done['added']} added, {done['disputed']} disputed"
        )
    if run.report is not None:
        say(f"report: {run.report}")


def agreement(folder: Path = RUN, answers: Path = ANSWERS) -> None:
    """Compare the people who labelled: by theme and issue, and over all."""
    from pipelines.answers.events import LEVELS
    from pipelines.review.agreement import agree_on, coded_whole, masi_alpha
    from pipelines.review.session import Session

    session = Session(folder, answers=answers)
    for level in LEVELS:
        rows = agree_on(session.standing, level)
        if not rows:
            say(f"{level}s: nothing that two people answered")
            continue
        typer.echo(f"{level:<32} {'answers':>8} {'same':>7} {'kappa':>6}")
        for row in rows:
            kappa = "-" if row.kappa is None else f"{row.kappa:.2f}"
            typer.echo(
                f"{row.slug:<32} {row.questions:>8} {row.same / row.questions:>6.0%} {kappa:>6}"
            )
        alpha = masi_alpha(coded_whole(session.standing, level))
        said = "not defined: fewer than two findings labelled whole by two" if alpha is None else ""
        typer.echo(f"Krippendorff's alpha (MASI): {said or f'{alpha:.2f}'}")
    if left := len(session.standing.disputed):
        say(f"{left} questions are disputed; to settle them:")
        say(f"findings review {folder} --order disagreements")


def gold(folder: Path = RUN, out: Path = _GOLD, answers: Path = ANSWERS) -> None:
    """Write the findings that two people or more labelled as labels, disputes settled."""
    import json

    from pipelines.durable import write_text
    from pipelines.errors import SettingsError
    from pipelines.review.session import Session
    from pipelines.review.training import gold_of

    if out.exists():
        raise SettingsError(f"{out}: is there already; give another")
    rows = gold_of(Session(folder, answers=answers))
    if not rows:
        raise SettingsError(f"{folder}: two people labelled no finding whole without a dispute")
    lines = [json.dumps(row, ensure_ascii=False, sort_keys=True) for row in rows]
    write_text(out, "".join(f"{line}\n" for line in lines))
    say(f"{out}: {len(rows)} findings; it holds their texts, so mind where it goes")


def health(folder: Path = RUN, answers: Path = ANSWERS) -> None:
    """List labels that look wrong, themes that are thin or overlap, drift."""
    from pipelines.review.health import check_health
    from pipelines.review.session import Session

    for line in check_health(Session(folder, answers=answers)):
        typer.echo(line)


def exchange(folder: Path = RUN, out: Path = _QDA) -> None:
    """Write coded findings (.qdpx) or the codebook (.qdc) for NVivo, MAXQDA, QualCoder."""
    from pipelines.flow import open_run
    from pipelines.review.exchange import write_exchange

    say(f"written: {write_exchange(open_run(folder).tables, out)}")
