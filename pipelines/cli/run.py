"""The commands of the whole flow: `run`, and one for each later stage on an existing folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from pipelines.cli.options import (
    ALLOW_EMPTY,
    JOBS,
    KEEP,
    MIXED,
    NO_CACHE,
    RUN,
    SOURCES,
    TIMEOUT,
    TOLERANCE,
)
from pipelines.cli.progress import progress, say
from pipelines.cli.values import parted
from pipelines.read.limits import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:
    from pipelines.flow import Run

_OUT = typer.Option(..., "--out", "-o", metavar="DIR", help="Folder for the results.")
_MEMORY = typer.Option(2048, "--memory", min=256, help="Megabytes that one worker may hold.")
_CSV = typer.Option(False, "--csv", help="Write the tables as CSV too.")
_FORMATS = typer.Option("", "--formats", help="Of the report, for example: html,md,xlsx,docx.")
_TITLE = typer.Option("", "--title", help="Title of the report.")
_MODEL = typer.Option("", "--model", help="NAME-VERSION of a model or its folder.")
_ENCODER = typer.Option(
    True,
    "--encoder/--no-encoder",
    help="Read findings as a whole too, or by their words alone: ten times as fast, less exact.",
)
_SCHEDULER = typer.Option("", "--scheduler", help="Address of a Dask scheduler: tcp://host:8786.")
_CACHE = typer.Option("", "--cache", help="Folder for results to use again.")
_WAIT = typer.Option(0.0, "--wait", min=0, help="Seconds to wait for another run in the folder.")
_MAX_BYTES = typer.Option(DEFAULT_LIMITS.max_bytes, help="Largest file that is read.")
_MAX_PAGES = typer.Option(DEFAULT_LIMITS.max_pages, help="Longest PDF that is read.")
_MAX_CHARACTERS = typer.Option(DEFAULT_LIMITS.max_characters, help="Longest text that is read.")
_MAX_DEPTH = typer.Option(DEFAULT_LIMITS.max_depth, help="Deepest nesting that is read.")
_MAX_BLOCKS = typer.Option(DEFAULT_LIMITS.max_blocks, help="Most headings, paragraphs, bullets.")
_SUMMARY = typer.Option(
    "", "--summary", metavar="FILE", help="Write what to mail about the run; - for stdout."
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("run")(run)
    app.command("tag")(tag)
    app.command("mine")(mine)
    app.command("aggregate")(aggregate)
    app.command("stages")(stages)


def run(
    sources: list[str] = SOURCES,
    out: Path = _OUT,
    jobs: int = JOBS,
    timeout: float = TIMEOUT,
    memory: int = _MEMORY,
    csv: bool = _CSV,
    formats: str = _FORMATS,
    title: str = _TITLE,
    model: str = _MODEL,
    encoder: bool = _ENCODER,
    scheduler: str = _SCHEDULER,
    cache: str = _CACHE,
    no_cache: bool = NO_CACHE,
    tolerance: float = TOLERANCE,
    wait: float = _WAIT,
    max_bytes: int = _MAX_BYTES,
    max_pages: int = _MAX_PAGES,
    max_characters: int = _MAX_CHARACTERS,
    max_depth: int = _MAX_DEPTH,
    max_blocks: int = _MAX_BLOCKS,
    keep: int = KEEP,
    allow_empty: bool = ALLOW_EMPTY,
    mixed: bool = MIXED,
    summary: str = _SUMMARY,
) -> None:
    """Read reports, from their findings to the theme report."""
    from pipelines.cli.summary import check_summary, write_summary
    from pipelines.flow import run as conduct

    check_summary(summary)
    chosen = _choices(model=model, scheduler=scheduler, cache=cache, no_cache=no_cache)
    _say_model(model, encoder=encoder)
    with progress() as tell:
        done = conduct(
            sources,
            out,
            progress=tell,
            jobs=jobs,
            timeout=timeout,
            memory=memory,
            csv=csv,
            formats=parted(formats),
            title=title,
            tolerance=tolerance,
            wait=wait,
            keep=keep,
            allow_empty=allow_empty,
            mixed=mixed,
            encoder=encoder,
            limits=Limits(
                max_bytes=max_bytes,
                max_pages=max_pages,
                max_characters=max_characters,
                max_depth=max_depth,
                max_blocks=max_blocks,
                seconds=timeout,
            ),
            **chosen,
        )
    status = conclude(done, tolerance)
    if summary:
        write_summary(done, list(_ended(done)), status, summary)
    raise typer.Exit(status)


def tag(
    folder: Path = RUN,
    model: str = _MODEL,
    encoder: bool = _ENCODER,
    jobs: int = JOBS,
    timeout: float = TIMEOUT,
    memory: int = _MEMORY,
    csv: bool = _CSV,
    scheduler: str = _SCHEDULER,
    cache: str = _CACHE,
    no_cache: bool = NO_CACHE,
    wait: float = _WAIT,
) -> None:
    """Tag the findings of a folder again, with any model."""
    chosen = _choices(model=model, scheduler=scheduler, cache=cache, no_cache=no_cache)
    _say_model(model, encoder=encoder)
    stage_command(
        "tag",
        folder,
        jobs=jobs,
        timeout=timeout,
        memory=memory,
        csv=csv,
        wait=wait,
        encoder=encoder,
        **chosen,
    )


def mine(
    folder: Path = RUN,
    csv: bool = _CSV,
    cache: str = _CACHE,
    no_cache: bool = NO_CACHE,
    wait: float = _WAIT,
) -> None:
    """Find issues, proportions and links to recommendations again."""
    stage_command("mine", folder, csv=csv, wait=wait, **_choices(cache=cache, no_cache=no_cache))


def aggregate(
    folder: Path = RUN,
    csv: bool = _CSV,
    cache: str = _CACHE,
    no_cache: bool = NO_CACHE,
    wait: float = _WAIT,
) -> None:
    """Count themes and issues of a folder again."""
    stage_command(
        "aggregate", folder, csv=csv, wait=wait, **_choices(cache=cache, no_cache=no_cache)
    )


def stages() -> None:
    """List the stages: what each is for, needs and makes."""
    from pipelines.flow.stages import STAGES

    for entry in STAGES:
        typer.echo(f"{entry.name:<10} {entry.help}")
        typer.echo(f"{'':<10} {', '.join(entry.inputs)} -> {', '.join(entry.outputs)}")


def stage_command(name: str, folder: Path, **settings: Any) -> None:  # noqa: ANN401
    """Do one stage on a folder and say what is to be done next."""
    from pipelines.flow import run_stage
    from pipelines.flow.stages import stages_after

    with progress() as tell:
        run_stage(name, folder, progress=tell, **settings)
    say(f"{folder}: {name} done.")
    if later := [entry.name for entry in stages_after(name)]:
        made = [entry if entry != "report" else "the report" for entry in later]
        say(f"What is made of it was out of date and is removed: {', '.join(made)}.")
        say(f"The run as it was is kept: findings generations list {folder}")
        say("next: " + " && ".join(f"findings {entry} {folder}" for entry in later))


def conclude(done: Run, tolerance: float) -> int:
    """Say on stderr how a run ended, and return its exit status."""
    for line in _ended(done):
        say(line)
    s = done.summary
    return 1 if s.failed or s.severed or s.left_over > tolerance else 0


def _ended(done: Run) -> Iterator[str]:
    from pipelines import columns as c
    from pipelines.flow.attached import LEFT_OUT
    from pipelines.flow.ledger import ASIDE, FAILED, SECOND
    from pipelines.report.english import counted

    s = done.summary
    failed = done.ledger.loc[done.ledger[c.STATUS] == FAILED]
    for path, reason in zip(failed[c.PATH], failed[c.REASON], strict=True):
        yield f"failed: {path}: {reason}"
    twins = f", {s.duplicates} given twice and counted once" if s.duplicates else ""
    yield f"{counted(s.read, 'document')} read{twins}; {s.failed} failed"
    for path in done.documents.loc[done.documents[c.FINDINGS] == 0, c.PATH]:
        yield f"no finding was found in {path}, which counts as read: see its remarks in the report"
    left = counted(s.leftovers, "piece")
    yield f"{counted(s.findings, 'finding')}, {left} left over ({s.left_over:.1%})"
    if done.report is not None:
        yield f"report: {done.report}"
    if done.folder is not None:
        yield f"tables: {done.folder / 'tables'}"
    if s.aside:
        aside = done.ledger.loc[done.ledger[c.STATUS] == ASIDE, c.PATH]
        kinds = aside.map(lambda path: Path(path).suffix.lower() or "no suffix").value_counts()
        listed = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))
        files = counted(s.aside, "file")
        yield f"left aside: {files} ({listed}); the ledger says what each is and what to do"
    if s.severed:
        yield f"{s.severed} of them items below a heading that ended a list: see the leftovers"
    for document, warnings in zip(
        done.documents[c.DOCUMENT_ID], done.documents[c.WARNINGS], strict=True
    ):
        for warning in warnings:
            if warning.startswith((SECOND, LEFT_OUT)):
                yield f"warning: {document}: {warning}"


def _say_model(model: str, *, encoder: bool) -> None:
    """Say which model decides, and whose it is: another gives other themes."""
    from pipelines.flow.workers.model import choose_model
    from pipelines.project import project_in_use
    from pipelines.tag.models.artefacts import read_meta
    from pipelines.tag.models.follow import unknown_of
    from pipelines.tag.models.registry import origin_of

    folder = Path(choose_model(model or None).folder)
    if (project := project_in_use()) is not None:
        say(f"project: {project.name}, {project.folder}")
    alone = "" if encoder else ", by words alone"
    say(f"model: {folder.name}{alone}, {origin_of(folder)}, from {folder.parent}")
    for level, slugs in unknown_of(read_meta(folder)).items():
        if slugs:
            say(f"the model does not know these {level} yet, so none is given: {', '.join(slugs)}")
            say("label findings for them, then: findings train")


def _choices(
    *, model: str = "", scheduler: str = "", cache: str = "", no_cache: bool = False
) -> dict[str, Any]:
    """Leave out what was not given, so that the defaults of the run hold."""
    given: dict[str, Any] = {"model": model, "scheduler": scheduler, "cache": cache}
    chosen = {name: value for name, value in given.items() if value}
    if no_cache:
        chosen["cache"] = None
    return chosen
