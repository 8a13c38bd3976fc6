"""The model card, written at save time from what was just measured."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from pipelines.catalogue import load_catalogue
from pipelines.codebook import load_codebook
from pipelines.tag.measure.making import making_of, use_of
from pipelines.tag.measure.plots import intervals_svg, reliability_svg
from pipelines.tag.models.meta import WITHOUT_ENCODER
from pipelines.tag.models.model import Model

CARD: Final = "README.md"

RELIABILITY: Final = "reliability.svg"
THEMES: Final = "themes.svg"


def card_files(model: Model, metrics: dict[str, Any]) -> dict[str, str]:
    """Return the card and its pictures, by file name."""
    return {
        CARD: write_card(model, metrics),
        RELIABILITY: reliability_svg(metrics["reliability"], metrics["reliability_assigned"]),
        THEMES: intervals_svg(metrics["themes"]),
    }


def write_card(model: Model, metrics: dict[str, Any]) -> str:
    """Return the card as Markdown; every figure in it is one of metrics.json or meta.json."""
    parts = [
        f"# Model {model.label}",
        "Gives findings of probation inspection reports the themes of the codebook and the issues "
        "of the catalogue. Written by `findings train` when the model was saved; every figure was "
        "measured then.",
        "## Use",
        use_of(),
        "## Data",
        _data(model, metrics),
        "## How good it is",
        _scores(metrics),
        "## Themes",
        f"![F1 a theme with its 95 % interval]({THEMES})",
        _themes(metrics),
        "## How sure it is",
        _sureness(metrics, model.themes.decision.band),
        f"![Reliability: stated probability against how often it was right]({RELIABILITY})",
        "## Issues",
        _issues(metrics),
        "## Confusions",
        _confusions(metrics),
        *_optional(metrics),
        "## How it is made",
        making_of(model),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _data(model: Model, metrics: dict[str, Any]) -> str:
    meta = model.meta
    counts = meta["label_counts"]
    lines = [
        f"- {counts['written']} findings written for training. Those of {counts['voices']} whole "
        "voices are tested on too, by models that saw no finding of the voice.",
        f"- {counts['issues']} of all have issues as well as themes.",
        f"- {counts['reports']} findings of published reports, as stand-off labels: id, digest and "
        "themes are kept, their text is not.",
    ]
    if lost := metrics.get("lost_labels"):
        lines.append(
            f"- **{lost} labels that the model before was trained on were not at hand for this "
            "one.** It knows less than that model, whatever the comparison below says."
        )
    lines += [
        f"- {number} labels of {document} could not be used: their text was not at hand."
        for document, number in counts["unresolved"].items()
    ]
    table = _table(("file", "SHA-256"), [(f["path"], f["sha256"]) for f in meta["label_files"]])
    return "\n".join(lines) + "\n\n" + table


def _scores(metrics: dict[str, Any]) -> str:
    how = (
        "Each report was left out in turn, and a quarter of the voices. The model that scored "
        "them, its calibration and its thresholds were learned without them; training findings "
        "that nearly repeat one of theirs were left out too. Figures are of reports where not said "
        "otherwise."
        if metrics["measured_on"] == "reports"
        else "Voices were left out in turn, a quarter at a time, as no report was at hand."
        if metrics["measured_on"] == "voices"
        else "**Measured on written findings in folds, as no two reports were at hand: the figures "
        "are better than those on reports would be.**"
    )
    rows = [
        (name, v["findings"], _f(v["micro"]), _f(v["macro"]))
        for name, v in metrics["documents"].items()
    ]
    rows.append(("mean", "", _f(metrics["mean_micro"]), _f(metrics["mean_macro"])))
    low, high = metrics["micro_interval"]
    under, over = metrics["macro_interval"]
    per = metrics["themes_per_finding"]
    return (
        f"{how}\n\n{_table(('left out', 'findings', 'micro F1', 'macro F1'), rows)}\n\n"
        f"All together: micro F1 {_f(metrics['micro'])} (95 % interval {_f(low)} to {_f(high)}), "
        f"macro F1 {_f(metrics['macro'])} ({_f(under)} to {_f(over)}), label ranking average "
        f"precision {_f(metrics['lrap'])}. Themes a finding: {per['labelled']} labelled, "
        f"{per['given']} given.\n\n{_levels(metrics)}{_without(metrics)}"
        f"{_comparison(metrics.get('comparison'))}"
    )


def _levels(metrics: dict[str, Any], *, said: bool = True) -> str:
    """Set what counts most side by side: reports and voices, themes and issues."""
    parts = [("themes, " + metrics["measured_on"], metrics)]
    if "voices" in metrics:
        parts.append(("themes, unseen voices", metrics["voices"]))
    parts += [(f"issues, {name}", level) for name, level in metrics.get("issues", {}).items()]
    rows = []
    for name, level in parts:
        low, high = level["micro_interval"]
        cells, pairs = level["cells"], level.get("pairs")
        rows.append(
            (
                name,
                level["findings"],
                f"{_f(level['micro'])} ({_f(low)} to {_f(high)})",
                f"{_o(level['precision'])} / {_o(level['recall'])}",
                _o(level["strongest_right"]),
                f"{_o(level['sure_precision'])} / {_o(level['sure_recall'])}",
                f"{_o(cells['precision'])} / {_o(cells['recall'])}",
                f"{_o(pairs['precision'])} / {_o(pairs['recall'])}" if pairs else "",
            )
        )
    head = (
        "",
        "findings",
        "micro F1 (95 % interval)",
        "precision / recall",
        "strongest right",
        "sure: precision / share of labelled",
        "cells: precision / recall",
        "pairs: precision / recall",
    )
    explained = (
        "Cells: is it found in a unit, with a polarity? Pairs: findings of two units that share an "
        "issue.\n\n"
    )
    return f"{explained if said else ''}{_table(head, rows)}"


def _without(metrics: dict[str, Any]) -> str:
    """Show how the words decide the same findings alone."""
    words = metrics.get(WITHOUT_ENCODER)
    if words is None:
        return ""
    return (
        "\n\nAll of this with the encoder, which reads a finding as a whole. It was trained once, "
        "on written findings of which none is among these. The same findings without it (the words "
        f"alone, ten times as fast: `--no-encoder`):\n\n{_levels(words, said=False)}"
    )


def _issues(metrics: dict[str, Any]) -> str:
    rows = metrics.get("subjects", ())
    names = {subject.slug: subject for subject in load_catalogue().subjects}
    listed = [
        (
            names[row["theme"]].area_for_improvement,
            names[row["theme"]].strength,
            row["support"],
            row["given"],
            "-" if row["f1"] is None else _f(row["f1"]),
        )
        for row in rows
        if row["theme"] in names
    ]
    if not listed:
        return "None: no labels of issues were given."
    return (
        "A subject is learned from both poles at once; a finding's polarity chooses the pole. What "
        "no subject covers is grouped by likeness and shown as new.\n\n"
        + _table(("area for improvement", "strength", "support", "given", "F1"), listed)
    )


def _comparison(comparison: dict[str, Any] | None) -> str:
    if comparison is None:
        return ""
    low, high = comparison["interval"]
    forced = (
        " It was put in use by force (`--force`), whatever the comparison said."
        if comparison["forced"]
        else ""
    )
    return (
        f"\n\nBeside {comparison['champion']} on the same folds: micro F1 "
        f"{_f(comparison['challenger_micro'])} against {_f(comparison['champion_micro'])}, "
        f"difference {comparison['difference']:+.3f} (paired bootstrap, 95 % interval {low:+.3f} "
        f"to {high:+.3f}).{forced}"
    )


def _themes(metrics: dict[str, Any]) -> str:
    names = load_codebook().names
    rows = [
        (
            names.get(row["theme"], row["theme"]),
            row["support"],
            row["given"],
            "-" if row["f1"] is None else _f(row["f1"]),
            f"{_f(row['interval'][0])} to {_f(row['interval'][1])}",
        )
        for row in metrics["themes"]
    ]
    return _table(("theme", "support", "given", "F1", "95 % interval"), rows)


def _sureness(metrics: dict[str, Any], band: float) -> str:
    review = metrics["review"]
    rows = [
        (
            name,
            f"{100 * review[key]['share']:.1f} %",
            f"{100 * review[key]['error_inside']:.1f} %",
            f"{100 * review[key]['error_outside']:.1f} %",
            "-" if review[key]["ratio"] is None else f"{review[key]['ratio']:.1f}",
        )
        for name, key in (
            ("themes given", "assigned"),
            ("all decisions, given or not", "decisions"),
            ("findings with any decision wrong", "findings"),
        )
    ]
    table = _table(("", "marked for review", "wrong among them", "wrong elsewhere", "ratio"), rows)
    return (
        "Expected calibration error of the themes given "
        f"{_f(metrics['calibration_error_assigned'])}, of all decisions "
        f"{_f(metrics['calibration_error_all'])}; Brier score {_f(metrics['brier'])}."
        "\n\nA theme of a finding is marked for review where its probability is less than "
        f"{band:.2f} from its threshold and it is not sure. A theme given is wrong "
        "where the labels do not have it; a finding is marked where any of its "
        f"{len(metrics['themes'])} decisions is, and wrong where any is.\n\n{table}"
    )


def _confusions(metrics: dict[str, Any]) -> str:
    rows = [(r["missed"], r["given"], r["findings"]) for r in metrics["confusions"][:12]]
    said = "Where a theme was missed and another given instead.\n\n"
    return said + _table(("missed", "given instead", "findings"), rows) if rows else "None."


def _optional(metrics: dict[str, Any]) -> Iterable[str]:
    for key, heading, first in (
        ("baselines", "Simpler ways on the same folds", "way"),
        ("ablations", "What each part is worth", "variant"),
    ):
        if rows := metrics.get(key):
            yield f"## {heading}"
            yield _table(
                (first, "micro F1", "macro F1"),
                [(row[first], _f(row["micro"]), _f(row["macro"])) for row in rows],
            )


def _f(value: float) -> str:
    return f"{value:.3f}"


def _o(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    lines += [f"| {' | '.join(str(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines)
