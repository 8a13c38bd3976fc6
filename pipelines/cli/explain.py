"""The command that says why a finding was given its themes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from pipelines.cli.options import MODELS

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from pipelines.tag.explain.explanation import Explanation
    from pipelines.tag.explain.reasons import Reason

_WHAT = typer.Argument(..., metavar="TEXT|FINDING_ID", help="A finding's text, or its id in a run.")
_RUN = typer.Option(None, "--run", metavar="DIR", help="Folder of the run that has the finding.")
_MODEL = typer.Option("", "--model", help="NAME-VERSION of a model; the one in use if left out.")
_NEAREST = typer.Option(3, "--nearest", min=0, help="Labelled findings to show beside it.")
_PARTS = 6  # words and phrases listed a theme


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("explain")(explain)


def explain(
    what: str = _WHAT,
    run: Path = _RUN,
    model: str = _MODEL,
    models: Path = MODELS,
    nearest: int = _NEAREST,
) -> None:
    """Show which words gave a finding its themes."""
    from rich.console import Console

    from pipelines.tag.explain.attribution import explain as explanation_of
    from pipelines.tag.models.registry import load_model
    from pipelines.tag.nearest import nearest_labels

    text, polarity, section, own = (what, "", "", {}) if run is None else _stated(what, run)
    loaded = load_model(model or None, models=models)
    found = explanation_of(text, model=loaded, polarity=polarity, section=section, context=own)
    console = Console()
    for title, reasons in (("Themes", found.shown), ("Issues", found.shown_issues)):
        console.print(f"[bold]{title}[/bold]")
        for reason in reasons:
            _print_reason(console, found, reason)
    for label, likeness in nearest_labels(text, model=loaded, number=nearest):
        console.print(
            f"nearest {likeness:.2f}: {label.text} [{', '.join(label.themes)}]", markup=False
        )


def _stated(finding_id: str, folder: Path) -> tuple[str, str, str, dict[str, str]]:
    """Return a finding's text, polarity and heading, and its document's own short forms."""
    from pipelines import columns as c
    from pipelines.errors import SettingsError
    from pipelines.flow import open_run
    from pipelines.shortforms import own_by_document

    opened = open_run(folder)
    findings = opened.findings
    found = findings.loc[findings[c.FINDING_ID] == finding_id].fillna({c.SUBSECTION: ""})
    if found.empty:
        raise SettingsError(
            f"{folder} has no finding {finding_id!r}; its ids look like "
            f"{findings[c.FINDING_ID].iloc[0] if len(findings) else 'DOCUMENT/001'}"
        )
    row = found.iloc[0]
    own = own_by_document(opened.tables.get("abbreviations")).get(row[c.DOCUMENT_ID], {})
    section = str(row[c.SUBSECTION] or row[c.STANDARD] or "")
    return str(row[c.TEXT]), str(row[c.POLARITY]), section, own


def _print_reason(console: Console, found: Explanation, reason: Reason) -> None:
    doubt = ", uncertain: for review" if reason.uncertain else ""
    section = f", {reason.section:+.2f} from its section" if reason.section else ""
    rivals = f", {reason.rivals:+.2f} for what else it may be" if reason.rivals else ""
    whole = f", {reason.encoder:+.2f} from the whole as the encoder reads it"
    console.print(
        f"[bold]{reason.name}[/bold] ({reason.slug}): {reason.verdict}{doubt}, "
        f"probability {reason.probability:.2f} "
        f"(log-odds {reason.log_odds:+.2f}, of which {reason.base:+.2f} before any word"
        f"{whole if reason.encoder else ''}{section}{rivals})"
    )
    console.print(_coloured(found.text, reason))
    strongest = sorted(reason.parts, key=lambda p: (-abs(p.weight), p.start))[:_PARTS]
    console.print("  " + ", ".join(f"{p.text} {p.weight:+.2f}" for p in strongest), markup=False)


def _coloured(text: str, reason: Reason) -> Text:
    from rich.text import Text

    from pipelines.tag.explain.explanation import word_weights

    out = Text(text)
    weights = word_weights(text, reason)
    peak = max((abs(w) for _, _, w in weights), default=0.0) or 1.0
    for start, end, weight in weights:
        if abs(weight) < 0.15 * peak:
            continue
        colour = "green" if weight > 0 else "red"
        strong = "bold " if abs(weight) > 0.5 * peak else ""
        line = " underline" if weight > 0 else ""  # not by colour alone
        out.stylize(f"{strong}{colour}{line}", start, end)
    return out
