"""The commands that train, measure and choose models."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from pipelines.cli.options import MODELS
from pipelines.cli.progress import say
from pipelines.cli.values import target

if TYPE_CHECKING:
    from pipelines.tag.labels.reading import LabelSet

_LABELS = typer.Option(
    [], "--labels", metavar="FILE", help="New labels: CSV, XLSX or JSONL; may be repeated."
)
_FILES = typer.Argument(None, metavar="[FILE]...", help="More files of new labels.")
_REPORTS = typer.Option(
    [], "--reports", metavar="PATH", help="Reports in which stand-off labels find their texts."
)
_NAME = typer.Option("themes", "--name", help="Name of the model; its version is the next one.")
_FORCE = typer.Option(False, "--force", help="Put it in use even if it is worse; the card says so.")
_FULL = typer.Option(False, "--full", help="Measure baselines and ablations too: minutes.")
_MORE = typer.Option(False, "--full", help="Measure ablations too: minutes.")
_CHECK = typer.Option(False, "--check", help="Check the labels and stop.")
_OUT = target(None, "--out", "-o", metavar="DIR", help="Folder for figures and errors.")
_ERRORS = typer.Option(0, "--errors", min=0, help="List so many wrongly decided findings.")
_LABEL = typer.Argument(..., metavar="NAME-VERSION", help="A model; see `findings models list`.")
_ANY = typer.Argument("", metavar="[NAME-VERSION]", help="A model; the one in use if left out.")

_ANSWERS = typer.Option(
    [], "--answers", metavar="DIR", help="A run whose answers are labels too; may be repeated."
)

_DEFAULT_REPORTS = Path("../shared/reports")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("train")(train)
    app.command("evaluate")(evaluate)
    models = typer.Typer(help="List, show, choose and check models.", no_args_is_help=True)
    models.command("list")(list_models)
    models.command("show")(show)
    models.command("use")(use)
    models.command("rollback")(rollback)
    models.command("verify")(verify)
    app.add_typer(models, name="models")


def train(
    files: list[Path] = _FILES,
    labels: list[Path] = _LABELS,
    reports: list[Path] = _REPORTS,
    models: Path = MODELS,
    name: str = _NAME,
    force: bool = _FORCE,
    full: bool = _FULL,
    check: bool = _CHECK,
    answers: list[Path] = _ANSWERS,
) -> None:
    """Train on all labels; use the model if it is not worse."""
    from dataclasses import replace

    from pipelines.flow.training import read_labels, train_model
    from pipelines.tag.training.train import TrainSettings

    settings = TrainSettings(
        labels=(*labels, *(files or ())),
        reports=_reports(reports),
        models=models,
        name=name,
        measure="all" if full else "scores",
        adopt="always" if force else "better",
    )
    if answers:
        own = tuple(_labels_of_answers(folder) for folder in answers)
        settings = replace(settings, labels=(*settings.labels, *own))
    checked = read_labels(settings)
    _report_labels(checked)
    if check:
        return
    outcome = train_model(settings, labels=checked)
    _say_scores(outcome.metrics)
    if outcome.comparison is not None:
        found = outcome.comparison
        low, high = found["interval"]
        say(
            f"beside {found['champion']} on the same folds: micro F1 "
            f"{found['challenger_micro']:.3f} against {found['champion_micro']:.3f}, difference "
            f"{found['difference']:+.3f} (95 % interval {low:+.3f} to {high:+.3f})"
        )
    if outcome.lost:
        say(
            f"{outcome.lost} labels that the model in use was trained on were not at hand: give "
            "the reports they stand in with --reports, or put the label file back that is gone"
        )
    if outcome.dropped:
        say(
            f"{outcome.dropped} labels that the model in use was trained on no longer stand in "
            "their files: this one was trained without them"
        )
    if outcome.adopted:
        say(f"{outcome.model.label} is in {outcome.model.folder}, in use now")
        return
    worse = outcome.comparison is not None and outcome.comparison["interval"][1] < 0
    without = outcome.lost or not worse
    why = "it was trained without those labels" if without else "it is worse beyond noise"
    say(f"{outcome.model.label} is in {outcome.model.folder}, NOT in use: {why}")
    say(f"to use it all the same: findings models use {outcome.model.label}")


def _labels_of_answers(folder: Path) -> Path:
    """Write what people answered on a run as a label file, and say what of it could be used."""
    from pipelines.errors import CorpusError
    from pipelines.review.session import Session
    from pipelines.review.training import labels_of, write_labels

    session = Session(folder)
    given = labels_of(session)
    if not given.rows:
        raise CorpusError(f"{folder}: nobody has answered a question yet: findings review {folder}")
    path = write_labels(session, given)
    left = f"; left out, with too many themes or issues: {given.many}" if given.many else ""
    say(
        f"{path}: people's answers as labels: {given.whole} findings with all themes, "
        f"{len(given.rows) - given.whole} with those that were asked about{left}"
    )
    return path


def evaluate(
    files: list[Path] = _FILES,
    labels: list[Path] = _LABELS,
    reports: list[Path] = _REPORTS,
    models: Path = MODELS,
    full: bool = _MORE,
    errors: int = _ERRORS,
    out: Path = _OUT,
) -> None:
    """Score each labelled report with a model that never saw it."""
    import json

    from pipelines.cli.measured import print_measured
    from pipelines.flow.training import read_labels
    from pipelines.tag.measure.baselines import measure_ablations, measure_baselines
    from pipelines.tag.measure.evaluate import evaluate_held_out
    from pipelines.tag.measure.scores import errors as wrongly_decided
    from pipelines.tag.training.aided import aided, measured
    from pipelines.tag.training.described import examples_of
    from pipelines.tag.training.train import TrainSettings, judged

    settings = TrainSettings(
        labels=(*labels, *(files or ())), reports=_reports(reports), models=models
    )
    checked = read_labels(settings)
    _report_labels(checked)
    examples = examples_of(checked)
    held = evaluate_held_out(examples, settings=settings.fit, judged=judged(examples, settings))
    read = aided(held, settings=settings.fit)
    metrics = measured(held, read)
    metrics["baselines"] = measure_baselines(examples)
    if full:
        metrics["ablations"] = measure_ablations(examples, settings=settings.fit)
    print_measured(metrics)
    wrong = wrongly_decided(read or held)
    for row in wrong[:errors]:
        _print_error(row)
    if out is not None:
        from pipelines.durable import write_text
        from pipelines.tag.measure.plots import intervals_svg, reliability_svg

        out.mkdir(parents=True, exist_ok=True)
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in wrong)
        write_text(out / "errors.jsonl", lines)
        text = json.dumps(metrics, indent=1, ensure_ascii=False) + "\n"
        write_text(out / "metrics.json", text)
        drawn = reliability_svg(metrics["reliability"], metrics["reliability_assigned"])
        write_text(out / "reliability.svg", drawn)
        write_text(out / "themes.svg", intervals_svg(metrics["themes"]))
        say(f"figures, pictures and {len(wrong)} wrongly decided findings are in {out}")


def list_models(models: Path = MODELS) -> None:
    """List all models; a star marks the one in use."""
    from pipelines.errors import ArtefactError
    from pipelines.tag.models.artefacts import METRICS
    from pipelines.tag.models.meta import read_metrics
    from pipelines.tag.models.registry import model_folders, read_pointer

    current = read_pointer(models).current
    for label, folder in model_folders(models).items():
        star = "*" if label == current else " "
        try:
            micro = read_metrics(folder / METRICS).get("micro")
        except ArtefactError:
            micro = None
        score = f"micro F1 {micro:.3f}" if isinstance(micro, float) else "unmeasured"
        typer.echo(f"{star} {label:<16} {score}  {folder}")


def show(label: str = _ANY, models: Path = MODELS) -> None:
    """Print a model's card."""
    from pipelines.errors import ArtefactError
    from pipelines.regular import regular_bytes
    from pipelines.tag.measure.card import CARD
    from pipelines.tag.models.registry import find_model, read_pointer

    folder = find_model(label or read_pointer(models).current, models=models)
    try:
        card = regular_bytes(folder / CARD).decode("utf-8", "replace")
    except OSError as error:
        raise ArtefactError(
            f"{folder / CARD}: no card to show ({error.strerror}); restore the folder, or see the "
            "figures in metrics.json"
        ) from error
    text = "\n".join(card.splitlines())
    # A card is a file from anywhere: it must not steer the terminal.
    typer.echo("".join(c if c in "\n\t" or c.isprintable() else "\ufffd" for c in text))


def use(label: str = _LABEL, models: Path = MODELS) -> None:
    """Put a model in use."""
    from pipelines.tag.models.registry import use_model

    say(f"{use_model(label, models=models).current} is in use now")


def rollback(models: Path = MODELS) -> None:
    """Go back to the model that was in use before."""
    from pipelines.tag.models.registry import roll_back

    say(f"{roll_back(models=models).current} is in use again")


def verify(label: str = _ANY, models: Path = MODELS) -> None:
    """Check a model's files and predict its probes again."""
    from pipelines.tag.models.artefacts import load_folder, read_meta
    from pipelines.tag.models.probes import TOLERANCE, probe_difference
    from pipelines.tag.models.registry import find_model, read_pointer

    folder = find_model(label or read_pointer(models).current, models=models)
    difference = probe_difference(load_folder(folder))
    if difference > TOLERANCE:
        say(f"{folder.name}: probes differ by {difference:.2g}, more than {TOLERANCE:g}")
        raise typer.Exit(1)
    if "settled" not in read_meta(folder):
        typer.echo(f"{folder.name}: saved before thresholds were hashed: they cannot be checked")
    typer.echo(f"{folder.name}: files as saved, types scikit-learn's own, probes as saved")


def _reports(given: list[Path]) -> tuple[Path, ...]:
    if given:
        return tuple(given)
    return (_DEFAULT_REPORTS,) if _DEFAULT_REPORTS.is_dir() else ()


def _report_labels(checked: LabelSet) -> None:
    for problem in checked.problems:
        say(problem)
    for note in checked.notes:
        say(note)
    for document, number in checked.unresolved.items():
        say(
            f"{number} labels of {document} could not be used: their text was not found; "
            "give its report with --reports"
        )
    if checked.unsettled:
        say(
            f"{len(checked.unsettled)} labels say what was split and are not trained on before "
            "somebody says which part they mean: findings codebook unsettled"
        )
    real = sum(label.real for label in checked.labels)
    say(f"{len(checked.labels)} labels: {len(checked.labels) - real} written, {real} of reports")
    if checked.problems:
        rows = "1 row" if len(checked.problems) == 1 else f"{len(checked.problems)} rows"
        say(f"to be corrected before training: {rows}")
        raise typer.Exit(1)


def _say_scores(metrics: dict[str, Any]) -> None:
    # All findings together: a mean over documents would weigh ten new labels like a whole report.
    say(
        f"measured on {metrics['measured_on']} left out in turn: micro F1 "
        f"{metrics['micro']:.3f}, macro F1 {metrics['macro']:.3f}"
    )


def _print_error(row: dict[str, Any]) -> None:
    typer.echo(f"{row['finding']}: {row['text']}")
    for name in ("missed", "wrongly_given", "right"):
        if row[name]:
            typer.echo(f"  {name.replace('_', ' ')}: {', '.join(row[name])}")
