"""What was measured of a model, as the terminal shows it."""

from __future__ import annotations

from typing import Any

import typer


def print_measured(metrics: dict[str, Any]) -> None:
    """Print scores of reports and voices, of themes and issues, and how sure they are."""
    typer.echo(f"Measured on {metrics['measured_on']}, each left out in turn")
    for name, row in metrics["documents"].items():
        typer.echo(f"  {name:<36} micro {row['micro']:.3f}  macro {row['macro']:.3f}")
    typer.echo(
        f"  {'mean':<36} micro {metrics['mean_micro']:.3f}  macro {metrics['mean_macro']:.3f}"
    )
    typer.echo(
        f"LRAP {metrics['lrap']:.3f}  Brier {metrics['brier']:.4f}  calibration error of themes "
        f"given {metrics['calibration_error_assigned']:.3f}"
    )
    _print_levels(metrics)
    typer.echo("Probability stated, and how often it was right, of themes given:")
    for row in metrics["reliability_assigned"]:
        bar = "#" * round(20 * row["observed"])
        typer.echo(f"  {row['probability']:.2f}  {row['observed']:.2f} {bar:<20} of {row['count']}")
    for key, what in (("assigned", "themes given"), ("findings", "findings")):
        review = metrics["review"][key]
        typer.echo(
            f"Review band: {100 * review['share']:.0f} % of {what}, wrong "
            f"{100 * review['error_inside']:.0f} % there, "
            f"{100 * review['error_outside']:.0f} % elsewhere"
        )
    for row in metrics["themes"]:
        score = "    -" if row["f1"] is None else f"{row['f1']:.3f}"
        low, high = row["interval"]
        typer.echo(
            f"  {row['theme']:<32} support {row['support']:>3}  F1 {score}  {low:.2f} to {high:.2f}"
        )
    for key in ("baselines", "ablations"):
        for row in metrics.get(key, ()):
            label = row.get("way", row.get("variant"))
            typer.echo(f"  {label:<56} micro {row['micro']:.3f}  macro {row['macro']:.3f}")
    for row in metrics["confusions"][:10]:
        typer.echo(f"  {row['findings']:>3} x {row['missed']} missed, {row['given']} given")


def _print_levels(metrics: dict[str, Any]) -> None:
    """Print reports and voices, themes and issues, a line each."""
    parts = [(f"themes, {metrics['measured_on']}", metrics)]
    if "voices" in metrics:
        parts.append(("themes, unseen voices", metrics["voices"]))
    parts += [(f"issues, {name}", level) for name, level in metrics.get("issues", {}).items()]
    for name, level in parts:
        typer.echo(
            f"  {name:<24} micro {level['micro']:.3f}  precision {level['precision'] or 0:.3f}  "
            f"recall {level['recall'] or 0:.3f}  sure: right {level['sure_precision'] or 0:.3f}, "
            f"share {level['sure_recall'] or 0:.3f}  cells "
            f"{level['cells']['precision'] or 0:.3f} / {level['cells']['recall'] or 0:.3f}"
        )
        if pairs := level.get("pairs"):
            typer.echo(
                f"  {'':<24} pairs of two units that share an issue: precision "
                f"{pairs['precision'] or 0:.3f}, recall {pairs['recall'] or 0:.3f}"
            )
