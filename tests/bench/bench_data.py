"""The engine on other people's data, beside what is usual: TF-IDF and a linear SVC.

    python -m tests.bench.bench_data DATA.csv --text TEXT [--labels COLUMN...] [--group COLUMN]
        [--least 20] [--most-rows 2000]

Not part of CI: it takes any CSV of texts with labels. Labels are either one column of names parted
by `;`, or several columns, each a label, with 1 or 0 in it. Each label becomes a theme of a project
of its own in a temporary folder, known by its name alone; the same five folds serve both, or those
of `--group` (say the author, or the document), so that nothing is tested on its own neighbours.
Prints micro and macro F1 of both.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np

from pipelines.changes import make_project
from pipelines.project import open_project
from pipelines.records import digest

FOLDS = 5
CERTAIN = {"1", "1.0", "true", "yes"}


def slug_of(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or "label"


def labels_of(row: dict[str, str], columns: list[str]) -> list[str]:
    if len(columns) == 1:
        return [part.strip() for part in row[columns[0]].split(";") if part.strip()]
    return [name for name in columns if row[name].strip().casefold() in CERTAIN]


def read(arguments: argparse.Namespace) -> list[tuple[str, list[str], str]]:
    """Return text, slugs of labels and group of each row; each text once."""
    with Path(arguments.data).open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    others = {arguments.text, arguments.group}
    columns = arguments.labels or [name for name in rows[0] if name not in others]
    seen: dict[str, tuple[str, list[str], str]] = {}
    for row in rows:
        text = " ".join(row[arguments.text].split())
        if text:
            group = row[arguments.group] if arguments.group else ""
            named = [slug_of(name) for name in labels_of(row, columns)]
            seen.setdefault(digest(text), (text, named, group))
    found = [seen[name] for name in sorted(seen)][: arguments.most_rows]
    count = Counter(slug for _, slugs, _ in found for slug in set(slugs))
    kept = {slug for slug, times in count.items() if times >= arguments.least}
    return [(text, [s for s in slugs if s in kept], group) for text, slugs, group in found]


def write_project(folder: Path, slugs: list[str]) -> None:
    make_project(folder, own=True)
    entries = [
        f'[[themes]]\nslug = "{slug}"\ngroup = "all"\nname = "{slug.replace("-", " ")}"\n'
        f'claim = "{slug.replace("-", " ")}"\n'
        for slug in slugs
    ]
    text = '[[groups]]\nslug = "all"\nname = "All"\n\n' + "\n".join(entries)
    (folder / "codebook.toml").write_text(text, encoding="utf-8")


def f1(truth: np.ndarray, given: np.ndarray) -> tuple[float, float]:
    hits, sums = (truth & given).sum(axis=0), truth.sum(axis=0) + given.sum(axis=0)
    each = 2 * hits / np.maximum(sums, 1)
    return float(2 * hits.sum() / max(sums.sum(), 1)), float(each.mean())


def scores(truth: np.ndarray, given: np.ndarray) -> dict[str, float]:
    micro, macro = f1(truth, given)
    return {"micro_f1": round(micro, 3), "macro_f1": round(macro, 3)}


def ours(rows: list[tuple[str, list[str], str]], folds: list[str], slugs: list[str]) -> np.ndarray:
    from pipelines.tag.fitting.fit import Examples
    from pipelines.tag.fitting.settings import FitSettings
    from pipelines.tag.labels.label import Label
    from pipelines.tag.measure.evaluate import evaluate_held_out
    from pipelines.tag.models.model import THEMES, slugs_of

    order = [slugs_of(THEMES).index(slug) for slug in slugs]
    labels = [
        Label(text, tuple(s for s in slugs_of(THEMES) if s in given), fold, f"row {n}")
        for n, ((text, given, _), fold) in enumerate(zip(rows, folds, strict=True))
    ]
    held = evaluate_held_out(Examples.of(labels), settings=FitSettings(), levels=(THEMES,))
    place = {label.source: n for n, label in enumerate(held.examples.labels)}
    return held.themes.assigned[[place[f"row {n}"] for n in range(len(rows))]][:, order]


def plain(texts: list[str], truth: np.ndarray, folds: np.ndarray, weight: str | None) -> np.ndarray:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    out = np.zeros_like(truth)
    listed = np.asarray(texts, dtype=object)
    for fold in sorted(set(folds)):
        test = folds == fold
        svc = make_pipeline(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
            OneVsRestClassifier(LinearSVC(random_state=0, class_weight=weight)),
        )
        svc.fit(listed[~test], truth[~test])
        out[test] = svc.predict(listed[test]) > 0
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data")
    parser.add_argument("--text", required=True, help="Column of texts.")
    parser.add_argument("--labels", nargs="+", help="One column of names, or one a label.")
    parser.add_argument("--group", default="", help="Column that folds must not cut through.")
    parser.add_argument("--least", type=int, default=20, help="Texts that a label must have.")
    parser.add_argument("--most-rows", type=int, default=2000)
    arguments = parser.parse_args()
    rows = read(arguments)
    slugs = sorted({slug for _, given, _ in rows for slug in given})
    if not slugs:
        sys.exit(f"no label has {arguments.least} texts; give --least or other --labels")
    truth = np.asarray([[slug in given for slug in slugs] for _, given, _ in rows], dtype=bool)
    folds = [f"fold {int(digest(g or text)[:8], 16) % FOLDS}" for text, _, g in rows]
    with tempfile.TemporaryDirectory() as place:
        os.environ["XDG_DATA_HOME"] = place  # the project is not to be remembered
        write_project(Path(place) / "project", slugs)
        open_project(Path(place) / "project")
        found = ours(rows, folds, slugs)
    texts, cut = [text for text, _, _ in rows], np.asarray(folds)
    result = {
        "texts": len(rows),
        "labels": len(slugs),
        "labels_a_text": round(float(truth.sum(axis=1).mean()), 2),
        "ours": scores(truth, found),
        "tfidf_svc": scores(truth, plain(texts, truth, cut, None)),
        "tfidf_svc_balanced": scores(truth, plain(texts, truth, cut, "balanced")),
    }
    sys.stdout.write(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
