"""The product beside what a user would pick instead, in one run on one machine.

    python -m tests.bench.bench_others [--out reports/bench] [--extra SITE_PACKAGES] [--rounds 3]

Reading: pdfplumber, pdfminer, PyMuPDF, pymupdf4llm. Tagging: a plain scikit-learn pipeline and
spaCy's textcat_multilabel, trained on the labels that ours is trained on and asked, as ours is,
about real reports that were left out in turn. Mining: BERTopic in its light configuration, over
TF-IDF and SVD. What is not installed is named and left out; `--extra` adds a folder of packages
that are not ours to install:

    uv pip install --target SITE pymupdf pymupdf4llm
    uv pip install --target SITE --no-deps bertopic hdbscan umap-learn pynndescent numba llvmlite \\
        plotly narwhals tqdm
"""

from __future__ import annotations

import argparse
import importlib
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

import invented
from pipelines.codebook import load_codebook
from pipelines.tag.models.model import THEMES
from tests.bench.results import FOLDER, ROOT, keep

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipelines.tag.fitting.fit import Examples

SHARED = ROOT.parent / "shared"
EPOCHS = 12


def by_ours(path: Path) -> int:
    from pipelines.read import read_document
    from pipelines.segment import segment_document

    return len(segment_document(read_document(path)).findings)


def by_pdfplumber(path: Path) -> int:
    import pdfplumber

    with pdfplumber.open(path) as file:
        return sum(len(page.extract_text()) for page in file.pages)


def by_pdfminer(path: Path) -> int:
    from pdfminer.high_level import extract_text

    return len(extract_text(path))


def by_pymupdf(path: Path) -> int:
    pymupdf = importlib.import_module("pymupdf")
    with pymupdf.open(path) as file:
        return sum(len(page.get_text()) for page in file)


def by_pymupdf4llm(path: Path) -> int:
    return len(importlib.import_module("pymupdf4llm").to_markdown(str(path)))


READERS: dict[str, Callable[[Path], int]] = {
    "read + segment (ours)": by_ours,
    "pdfplumber extract_text": by_pdfplumber,
    "pdfminer extract_text": by_pdfminer,
    "PyMuPDF get_text": by_pymupdf,
    "pymupdf4llm to_markdown": by_pymupdf4llm,
}


def measure_reading(rounds: int) -> dict[str, Any]:
    """Read the same PDFs with each tool by turns; processor seconds of the median round."""
    import pypdfium2

    with tempfile.TemporaryDirectory() as folder:
        paths = invented.write(Path(folder), range(3), suffix="pdf", bullets=5, paragraphs=62)
        paths += sorted(SHARED.glob("pdf/*.pdf"))[:3]
        pages = 0
        for path in paths:
            with pypdfium2.PdfDocument(path) as document:
                pages += len(document)
        tools, left_out = {}, {}
        for name, read in READERS.items():
            try:
                read(paths[0])  # imports, too
                tools[name] = read
            except (ImportError, OSError) as error:
                left_out[name] = str(error)
        taken: dict[str, list[float]] = {name: [] for name in tools}
        for _ in range(rounds):
            for name, read in tools.items():
                begun = time.process_time()
                for path in paths:
                    read(path)
                taken[name].append(time.process_time() - begun)
    ours = statistics.median(taken["read + segment (ours)"])
    return {
        "pages": pages,
        "real_pdfs": len(paths) - 3,
        "milliseconds_a_page": {
            name: round(1000 * statistics.median(times) / pages, 2) for name, times in taken.items()
        },
        "times_ours": {
            name: round(statistics.median(times) / ours, 2) for name, times in taken.items()
        },
        "left_out": left_out,
    }


def labelled() -> Examples:
    """Return all labelled findings: written ones, and those of the real reports where they are."""
    from pipelines.tag.fitting.fit import Examples
    from pipelines.tag.training.train import TrainSettings, read_labels

    reports = SHARED / "reports"
    found = read_labels(TrainSettings(reports=(reports,) if reports.is_dir() else ()))
    return Examples.of(found.require())


Ranker = Callable[[list[str]], "NDArray[np.float64]"]
"""Gives texts the probability of each theme."""


def plain_scikit(training: Examples) -> Ranker:
    """Train what a tutorial would: TF-IDF of words and pairs, one logistic regression a theme."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import make_pipeline

    pipeline = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        OneVsRestClassifier(LogisticRegression(C=10, max_iter=1000)),
    )
    pipeline.fit([label.text for label in training.labels], training.y[THEMES])
    return lambda texts: np.asarray(pipeline.predict_proba(texts))


def spacy_textcat(training: Examples) -> Ranker:
    """Train spaCy's own multilabel classifier in its default architecture."""
    import spacy
    from spacy.training import Example
    from spacy.util import fix_random_seed, minibatch

    fix_random_seed(0)
    themes = load_codebook().slugs
    nlp = spacy.blank("en")
    nlp.add_pipe("textcat_multilabel")
    examples = [
        Example.from_dict(
            nlp.make_doc(label.text),
            {"cats": {theme: float(theme in label.themes) for theme in themes}},
        )
        for label in training.labels
    ]
    nlp.initialize(lambda: examples)
    shuffle = random.Random(0)
    for _ in range(EPOCHS):
        shuffle.shuffle(examples)
        for batch in minibatch(examples, 64):
            nlp.update(batch)
    return lambda texts: np.array([[doc.cats[t] for t in themes] for doc in nlp.pipe(texts)])


def ours_tagging(texts: list[str]) -> None:
    """Tag with the shipped model."""
    from pipelines import columns as c
    from pipelines.tables import frame
    from pipelines.tag import tag_findings

    rows = [{c.FINDING_ID: str(n), c.TEXT: text} for n, text in enumerate(texts)]
    tag_findings(frame("findings", rows))


def scored(
    examples: Examples, given: NDArray[np.bool_], p: NDArray[np.float64]
) -> dict[str, float]:
    """Return micro F1, as the mean over the reports left out, and how well themes are ranked."""
    from sklearn.metrics import label_ranking_average_precision_score

    from pipelines.tag.measure.metrics import f1

    y = examples.y[THEMES]
    some = y.any(axis=1)
    parts = [examples.documents == name for name in sorted(set(examples.documents))]
    return {
        "micro_f1": round(float(np.mean([f1(y[m], given[m]) for m in parts])), 3),
        "ranking": round(float(label_ranking_average_precision_score(y[some], p[some])), 3),
    }


def left_out_in_turn(examples: Examples, train: Callable[[Examples], Ranker]) -> dict[str, float]:
    """Score another classifier on the folds that ours is scored on: each report left out in turn.

    All other labels train it, those of the other reports too, but for near-repeats of what is left
    out. A theme is given from a probability of one half.
    """
    from pipelines.tag.measure.evaluate import near_duplicates

    real = examples.documents != ""
    p = np.zeros(examples.y[THEMES].shape)
    for name in sorted(set(examples.documents[real])):
        out = examples.documents == name
        test, rest = examples.where(out), examples.where(~out)
        rank = train(rest.where(~near_duplicates(rest, test)))
        p[out] = rank([label.text for label in test.labels])
    return scored(examples.where(real), p[real] >= 0.5, p[real])


def measure_tagging() -> dict[str, Any]:
    """Train, tag and score each classifier on the same folds; seconds are processor seconds."""
    from pipelines.tag.fitting.fit import fit
    from pipelines.tag.fitting.settings import FitSettings
    from pipelines.tag.measure.evaluate import evaluate_held_out

    examples = labelled()
    real = sorted(set(examples.documents) - {""})
    texts = [label.text for label in examples.labels][:2000]
    result: dict[str, Any] = {
        "training": len(examples.labels),
        "real": int((examples.documents != "").sum()),
        "reports": len(real),
    }
    judged = len(real) >= 2
    ours_tagging(texts[:10])
    taken = _seconds(lambda: ours_tagging(texts))
    trained = _seconds(lambda: fit(examples, settings=FitSettings()))
    result["findings (ours)"] = _cost(taken / len(texts), trained)
    if judged:
        held = evaluate_held_out(examples, settings=FitSettings(), levels=(THEMES,))
        held = held.where(held.examples.documents != "")
        result["findings (ours)"] |= scored(
            held.examples, held.themes.assigned, held.themes.probabilities
        )
    for name, train in (
        ("plain scikit-learn", plain_scikit),
        ("spaCy textcat_multilabel", spacy_textcat),
    ):
        begun = time.process_time()
        rank = train(examples)
        trained = time.process_time() - begun
        result[name] = _cost(_seconds(lambda rank=rank: rank(texts)) / len(texts), trained)
        if judged:
            result[name] |= left_out_in_turn(examples, train)
    return result


def _seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _cost(seconds: float, trained: float) -> dict[str, float]:
    return {"ms_a_finding": round(1000 * seconds, 3), "trained_in_seconds": round(trained, 1)}


def measure_mining() -> dict[str, Any]:
    """Mine the written findings with ours and with BERTopic's light configuration."""
    from pipelines import columns as c
    from pipelines.mine import mine_tables
    from pipelines.tables import frame
    from pipelines.tag import tag_tables

    rows = [label.text for label in labelled().labels if not label.document]
    documents = [{c.DOCUMENT_ID: f"d{n}", c.UNIT: f"Unit {n}"} for n in range(len(rows) // 40 + 1)]
    findings = frame(
        "findings",
        [
            {
                c.FINDING_ID: f"d{n // 40}/{n % 40 + 1:03d}",
                c.DOCUMENT_ID: f"d{n // 40}",
                c.UNIT: f"Unit {n // 40}",
                c.POLARITY: "strength" if n % 2 else "area_for_improvement",
                c.TEXT: text,
            }
            for n, text in enumerate(rows)
        ],
    )
    tables = {
        "documents": frame("documents", documents),
        "findings": findings,
        **tag_tables(findings),
    }
    mine_tables(tables)  # loads what later runs have in memory
    begun = time.process_time()
    issues = mine_tables(tables)["issues"]
    result: dict[str, Any] = {
        "findings": len(findings),
        "mine (ours)": {"seconds": round(time.process_time() - begun, 1), "groups": len(issues)},
    }
    try:
        from bertopic import BERTopic
        from sklearn.decomposition import TruncatedSVD
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.pipeline import make_pipeline
    except ImportError as error:
        result["BERTopic, light"] = {"left_out": str(error)}
        return result

    def fit(texts: list[str]) -> list[int]:
        topics = BERTopic(
            embedding_model=make_pipeline(TfidfVectorizer(), TruncatedSVD(100, random_state=0)),
            verbose=False,
        )
        return list(topics.fit_transform(texts)[0])

    texts = findings[c.TEXT].tolist()
    fit(texts[:500])  # compiles what later runs have compiled
    begun = time.process_time()
    found = fit(texts)
    result["BERTopic, light"] = {
        "seconds": round(time.process_time() - begun, 1),
        "groups": len(set(found) - {-1}),
        "left_alone": sum(topic == -1 for topic in found),
    }
    return result


def main() -> None:
    """Run from the command line; see the module's text."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("--extra", type=Path, action="append", default=[])
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    sys.path += [str(folder) for folder in given.extra]
    result = {
        "reading": measure_reading(given.rounds),
        "tagging": measure_tagging(),
        "mining": measure_mining(),
    }
    keep("others", result, folder=given.out)
    sys.stdout.write(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
