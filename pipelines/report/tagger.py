"""What the model that gave the tags says of itself and of its reasons."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from pipelines import columns as c
from pipelines.errors import ArtefactError
from pipelines.report.coded import taken
from pipelines.report.english import percent, plain
from pipelines.report.rows import number_of, rows_of

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.tag import Model

_PROBED: Final = 5  # findings whose tags are made again to tell whether the model made them
_PROBED_BY: Final = (c.FINDING_ID, c.TEXT, c.STANDARD, c.SUBSECTION)
_CLOSE: Final = 1e-3  # of a probability
_MEASURED: Final = {
    "reports": "findings of published reports, each report held out of training in its turn",
    "written findings": "written findings held out of training",
}
_log = logging.getLogger(__name__)

Facts = tuple[tuple[str, str], ...]


def account(tables: Mapping[str, pd.DataFrame]) -> tuple[Mapping[str, pd.DataFrame], Facts]:
    """Add the table `explanations` where it is missing, and say which model gave the tags.

    A run says which models it used. Where that is not said, the model in use is asked, and only
    believed if it gives the tags that the tables hold: reasons of another model would explain
    nothing.

    Returns:
        The tables, and facts about the model as label and value.
    """
    if not number_of(tables, "tags") or not number_of(tables, "findings"):
        return tables, ()
    used = rows_of(tables, "models")
    if used and "explanations" in tables:
        return tables, tuple(
            fact
            for row in used
            for fact in (*_facts(row[c.MODEL], row[c.SCORES]), _whose(row[c.SHA256]))
        )
    from pipelines.tag import load_model

    tags, findings = tables["tags"], taken(tables, "findings", _PROBED_BY).to_pandas()
    # As it will be shown: reasons are offsets in the text.
    findings = findings.assign(**{c.TEXT: [plain(text) for text in findings[c.TEXT]]})
    try:
        model = load_model()
    except ArtefactError as error:
        _log.warning("no explanations: %s", error)
        return tables, (("Model", "not at hand, so tags are not explained"),)
    if not _made_by(model, findings, tags):
        return tables, (("Model", f"not {model.label}, the one in use, so tags are not explained"),)
    if "explanations" not in tables:
        from pipelines.tag.explain.attribution import explain_findings

        explained = explain_findings(findings, tags, model=model)
        tables = {**tables, "explanations": explained}
    return tables, (*_facts(model.label, _scores(model)), *_own(model))


def _own(model: Model) -> Facts:
    from pipelines.tag.models.artefacts import describe_folder

    return (_whose(describe_folder(model.folder)[1]),) if model.folder else ()


def _whose(digest: str) -> tuple[str, str]:
    """Name a model by more than a label that two teams may both have given."""
    from pipelines.tag.models.registry import shipped_digests

    shipped = digest in shipped_digests()
    whose = "shipped with the program" if shipped else "not shipped with the program"
    return "Fingerprint of the model", f"{digest[:12]}, {whose}"


def _made_by(model: Model, findings: pd.DataFrame, tags: pd.DataFrame) -> bool:
    probed = findings.sort_values(c.FINDING_ID).head(_PROBED)
    given = tags[(tags[c.SOURCE] == "model") & tags[c.FINDING_ID].isin(probed[c.FINDING_ID])]
    from pipelines.tag.predict import tag_findings

    made = tag_findings(probed, model=model)
    again = made.set_index([c.FINDING_ID, c.THEME])[c.PROBABILITY].to_dict()
    return all(
        abs(again.get((finding_id, theme), float("inf")) - probability) < _CLOSE
        for finding_id, theme, probability in zip(
            given[c.FINDING_ID], given[c.THEME], given[c.PROBABILITY], strict=True
        )
    )


def _facts(label: str, scores: str | None) -> Facts:
    metrics: dict[str, Any] = json.loads(scores or "{}")
    words_alone = metrics.get("encoder") is False  # of a model that could read with it
    facts = [("Model", f"{label}, without its encoder" if words_alone else label)]
    if "micro" in metrics:
        facts += [
            ("Measured on", _MEASURED.get(str(metrics.get("measured_on")), "held-out findings")),
            ("Agreement with people (micro F1)", _score(metrics, "micro")),
            ("Mean over themes (macro F1)", _score(metrics, "macro")),
        ]
    if "calibration_error_assigned" in metrics:
        error = float(metrics["calibration_error_assigned"])
        facts.append(("Mean error of the confidence shown", percent(error)))
    band = metrics.get("review", {}).get("assigned", {})
    if "error_inside" in band:
        inside, outside = float(band["error_inside"]), float(band["error_outside"])
        facts.append(
            (
                "Themes given wrongly, as measured",
                f"{percent(inside)} of those marked “check”, {percent(outside)} of the others",
            )
        )
    return tuple(facts)


def _score(metrics: Mapping[str, Any], name: str) -> str:
    said = f"{float(metrics[name]):.2f}"
    interval = metrics.get(f"{name}_interval")
    if interval:
        said += f" (95% interval {float(interval[0]):.2f} to {float(interval[1]):.2f})"
    return f"{said}; 1 is perfect"


def _scores(model: Model) -> str | None:
    from pipelines.tag.models.meta import read_metrics

    return json.dumps(read_metrics(model.folder / "metrics.json")) if model.folder else None
