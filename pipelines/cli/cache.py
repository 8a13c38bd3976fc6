"""The commands `cache info` and `cache clear`."""

from __future__ import annotations

from pathlib import Path

import typer

_FOLDER = typer.Option("", "--cache", metavar="DIR", help="Folder of the cache.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="Results kept to be used again.", no_args_is_help=True)
    group.command("info")(info)
    group.command("clear")(clear)
    app.add_typer(group, name="cache")


def info(folder: str = _FOLDER) -> None:
    """Say where the cache is and what it holds."""
    from pipelines.flow.settings import default_cache
    from pipelines.flow.storage.cache import Cache

    place = Path(folder) if folder else default_cache()
    held = Cache(place).info()
    typer.echo(f"folder   {place or 'none: this user has no home; name one with --cache'}")
    for stage, entries in sorted(held.entries.items()):
        typer.echo(f"{stage:<8} {entries} entries, {_size(held.sizes[stage])}")
    typer.echo(f"all      {sum(held.entries.values())} entries, {_size(held.size)}")


def clear(folder: str = _FOLDER) -> None:
    """Delete all that the cache holds; results can always be made again."""
    from pipelines.flow.settings import default_cache
    from pipelines.flow.storage.cache import Cache

    held = Cache(Path(folder) if folder else default_cache()).clear()
    typer.echo(f"{sum(held.entries.values())} entries deleted, {_size(held.size)}", err=True)


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB"
