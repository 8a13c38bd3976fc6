"""Train a challenger on all labels, compare it with the champion on the same folds, save it.

All labels every time: shipped, the project's, those of the model in use, new. It is judged on the
fixed reports and voices, never on the sheet handed in: what is hard enough to be corrected would
lower the score of the model that learned from it. A model is a new folder; none is overwritten.
"""

from __future__ import annotations

import logging
import os
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pipelines.codebook import load_codebook
from pipelines.errors import ArtefactError, CorpusError, StorageError, check_kind
from pipelines.project import layers_in_use, project_held, project_in_use
from pipelines.project.layers import OWN
from pipelines.read import read_document
from pipelines.tag.fitting.calibrate import told
from pipelines.tag.fitting.fit import Examples, fit
from pipelines.tag.labels.files import WRITTEN, Row, read_rows, shipped_labels
from pipelines.tag.labels.reading import LabelSet, check_labels
from pipelines.tag.labels.texts import Reader, texts_by_digest
from pipelines.tag.measure.baselines import measure_ablations, measure_baselines
from pipelines.tag.measure.card import card_files
from pipelines.tag.measure.compare import carried_metrics, compare, held_lines
from pipelines.tag.measure.evaluate import MANY, Held, decide_from, evaluate_held_out
from pipelines.tag.models.artefacts import HELD, head_without_weights, read_meta, save_model
from pipelines.tag.models.follow import today
from pipelines.tag.models.model import ISSUES, THEMES, Model, empty_head, slugs_of
from pipelines.tag.models.registry import (
    find_model,
    models_folder,
    next_version,
    read_pointer,
    use_model,
)
from pipelines.tag.training.aided import aided, aided_head, measured
from pipelines.tag.training.described import DESCRIBED, examples_of
from pipelines.tag.training.earlier import count_missing, earlier_files, file_entry
from pipelines.tag.training.levels import issues_digest, levels_to_measure
from pipelines.tag.training.settings import TrainSettings
from pipelines.wordings import NONE

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "Outcome",
    "TrainSettings",
    "issues_digest",
    "judged",
    "label_files",
    "read_labels",
    "shipped_labels",
    "train_model",
]

PROBES: Final = 40
# Of a project's labels, what nobody keeps beside them for another end, as .json and .txt are.
_IN_FOLDER: Final = (".csv", ".tsv", ".xlsx", ".xlsm", ".ods", ".jsonl", ".ndjson")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a training run.

    Attributes:
        comparison: With the model in use; None where there was none to compare with.
        lost: Labels that the model in use was trained on and this one could not be.
        dropped: Labels that it was trained on and that their files hold no more.
        adopted: Whether the new model is in use now.
    """

    model: Model
    labels: LabelSet
    metrics: dict[str, Any]
    comparison: dict[str, Any] | None
    lost: int
    dropped: int
    adopted: bool


def label_files(settings: TrainSettings) -> list[Path]:
    """Return the label files of a training run, those that correct the others last.

    First those always used, then those of the model in use, the project's, and the new ones.
    """
    return _listed(settings)[0]


def _listed(settings: TrainSettings) -> tuple[list[Path], list[Path]]:
    """Return the label files, and what else lies in the project's folder of them."""
    base, project = _base(settings), project_in_use()
    always = sorted(base.iterdir()) if base is not None else []
    used = [path for path in always if path.suffix in (".csv", ".jsonl")]
    own, others = project.label_files(_IN_FOLDER) if project is not None else ([], [])
    new = [*dict.fromkeys(path.resolve() for path in (*own, *settings.labels))]
    champion = _champion(settings)
    earlier = [] if champion is None else earlier_files(champion[1])
    return [*used, *(path for path in earlier if path not in {*used, *new}), *new], others


def read_labels(settings: TrainSettings, *, read: Reader = read_document) -> LabelSet:
    """Read and check all labels of a training run; find the texts of stand-off labels.

    Args:
        settings: Of the run.
        read: Reads a report that labels stand in.

    Raises:
        CorpusError: A file cannot be read.
    """
    always = _base(settings)
    rows: list[Row] = []
    listed, others = _listed(settings)
    for path in listed:
        inside = path.parent == always and path.suffix == ".jsonl"
        rows += read_rows(path, **({"origin": WRITTEN} if inside else {}))
    project = project_in_use()
    runs = project.run_folders() if project is not None else []
    found = check_labels(rows, texts=texts_by_digest([*runs, *settings.reports], read=read))
    passed = [f"{path}: is no label file ({', '.join(_IN_FOLDER)}); passed over" for path in others]
    return replace(found, notes=(*passed, *found.notes))


@project_held()
def train_model(
    settings: TrainSettings, *, labels: LabelSet | None = None, read: Reader = read_document
) -> Outcome:
    """Train, measure, compare and save a model; put it in use unless it is worse.

    Args:
        settings: Of the run.
        labels: As `read_labels` gave them for these settings; read where not given.
        read: Reads a report that labels stand in.

    Raises:
        CorpusError: Labels must be corrected first, or a theme has too few.
        ArtefactError: The model in use is damaged.
        SettingsError: They are no settings.
    """
    check_kind("settings", settings, TrainSettings, "TrainSettings(labels=...)")
    labels = read_labels(settings, read=read) if labels is None else labels
    examples = examples_of(labels)
    champion = _champion(settings)
    made = None if champion is None else champion[1]
    levels = levels_to_measure(examples, made, settings=settings, judged=judged(examples, settings))
    held = evaluate_held_out(
        examples, settings=settings.fit, judged=judged(examples, settings), levels=levels
    )
    _require_both(held)
    helped = aided(held, settings=settings.fit)
    metrics = measured(held, helped)
    if champion is not None and ISSUES not in levels and slugs_of(ISSUES):
        metrics |= carried_metrics(champion[0])
    forced = settings.adopt == "always"
    comparison = compare(helped or held, *champion, forced=forced) if champion else None
    if settings.measure == "all":
        metrics["baselines"] = measure_baselines(examples)
        metrics["ablations"] = measure_ablations(examples, settings=settings.fit)
    lost, dropped, few = count_missing(made or {}, labels, _base(settings))
    not_worse = comparison is None or comparison["interval"][1] >= 0
    adopt = forced or (not_worse and few)
    metrics["lost_labels"] = lost
    model = _save(examples, held, helped, labels, metrics, comparison, champion, settings)
    if adopt:
        use_model(model.label, models=settings.models)
    return Outcome(model, labels, metrics, comparison, lost, dropped, adopt)


def _require_both(held: Held) -> None:
    """Check that there is a score where a theme is given, and one where it is not."""
    y, scored = held.themes.y, told(held.themes.scores, held.themes.y)
    with_it, without = bool((scored == 1).any()), bool((scored == 0).any())
    if (with_it and without) or not y.any():
        return
    why = (
        f"all labels of each theme stand in one of the {held.measured_on} that are held out in "
        "turn; label findings of the same theme in a second one"
    )
    if not without and (with_it or not (y == 0).any()):
        why = f"each finding to judge it by has the theme; label findings without it ({NONE!r})"
    raise CorpusError(f"nothing can be learned of how certain themes are: {why}")


def judged(examples: Examples, settings: TrainSettings) -> NDArray[np.bool_]:
    """Mark the labels that models are judged on: those always used, not the new ones."""
    base = _base(settings)
    return np.asarray([bool(x.file) and Path(x.file).parent == base for x in examples.labels])


def _champion(settings: TrainSettings) -> tuple[Path, dict[str, Any]] | None:
    """Return folder and meta.json of the model in use; None where none fits the codebook."""
    try:
        folder = find_model(read_pointer(settings.models).current, models=settings.models)
    except ArtefactError:  # there is none
        return None
    try:
        meta = read_meta(folder)
    except ArtefactError as error:
        _log.warning("not compared with the model in use, and without its own labels: %s", error)
        return None
    known = set(today(tuple(meta[THEMES]["slugs"]), THEMES)) & set(slugs_of(THEMES))
    return (folder, meta) if known else None


def _save(
    examples: Examples,
    held: Held,
    read: Held | None,
    labels: LabelSet,
    metrics: dict[str, Any],
    comparison: dict[str, Any] | None,
    champion: tuple[Path, dict[str, Any]] | None,
    settings: TrainSettings,
) -> Model:
    meta = {
        "settings": settings.fit.to_dict(),
        "label_files": [
            file_entry(path, examples.labels, _base(settings)) for path in label_files(settings)
        ],
        "labels": sorted(x.digest for x in examples.labels if x.source != DESCRIBED),
        "issue_labels": issues_digest(examples),
        "label_counts": {
            "written": sum(not x.real and x.source != DESCRIBED for x in examples.labels),
            "voices": len(set(examples.voices) - {""}),
            "reports": sum(label.real for label in examples.labels),
            "issues": sum(label.subjects is not None for label in examples.labels),
            "unresolved": dict(sorted(labels.unresolved.items())),
        },
        "codebook": load_codebook().version,
        "commit": _commit(),
    }
    fitted = fit(examples, settings=settings.fit, jobs=-1 if len(examples.labels) >= MANY else 1)
    decided = {
        level: decide_from(held.examples, found.scores, level=level, settings=settings.fit)
        for level, found in held.levels.items()
    }
    if not slugs_of(ISSUES):
        decided[ISSUES] = empty_head()
    elif champion is not None and ISSUES not in decided:
        decided[ISSUES] = head_without_weights(champion[1][ISSUES])
    heads = {
        level: replace(head, weights=fitted.weights[level], intercepts=fitted.intercepts[level])
        for level, head in decided.items()
    }
    if read is not None:
        heads |= {
            level: aided_head(heads[level], read, level, settings=settings.fit)
            for level in read.levels
        }
    figures = {**metrics, "comparison": comparison}
    written = sorted((x for x in examples.labels if not x.real), key=lambda x: x.digest)
    probes, lines = [label.text for label in written[:PROBES]], held_lines(read or held)
    own = Model(settings.name, 0, fitted.features, heads[THEMES], heads[ISSUES], meta)
    while True:
        # Whoever trains beside this may take the version: then it is the one after that.
        version = max(own.version + 1, next_version(settings.name, settings.models))
        own = replace(own, version=version)
        folder = models_folder(settings.models) / own.label
        texts = {HELD: lines, **card_files(own, figures)}
        try:
            return save_model(folder, model=own, metrics=figures, probe_texts=probes, texts=texts)
        except (ArtefactError, StorageError):
            if not folder.exists():
                raise


def _base(settings: TrainSettings) -> Path | None:
    """Return the folder of labels always used; None where a project has themes of its own alone."""
    if settings.base is None and layers_in_use().settings.themes == OWN:
        return None
    return (settings.base if settings.base is not None else shipped_labels()).resolve()


def _commit() -> str | None:
    """Return the commit of the checkout that trains; None outside of one."""
    root = Path(__file__).parents[3]
    if not (root / ".git").exists():
        return None
    try:
        done = subprocess.run(
            ["git", "rev-parse", "HEAD"],
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
            env={"PATH": os.environ.get("PATH", "")},
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()
