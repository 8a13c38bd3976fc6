"""The product beside what a user would pick instead, in one run on one machine.

    python -m tests.bench.bench_others [--out reports/bench] [--extra SITE_PACKAGES] [--rounds 3]

Reading: pdfplumber, pdfminer, PyMuPDF, pymupdf4llm. Tagging: a plain scikit-learn pipeline and
spaCy's textcat_multilabel, trained on the same authored sentences and asked about the two real
reports. Mining: BERTopic in its light configuration. What is not installed is named and left out;
`--extra` adds a folder of packages that are not ours to install.
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
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import invented

from tests.bench.results import FOLDER, ROOT, keep

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


def authored() -> list[tuple[str, list[str]]]:
    """Return the authored training findings and their themes."""
    rows = []
    for path in sorted((ROOT / "corpus" / "labels").glob("authored*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            rows.append((row["text"], list(row["themes"])))
    return rows


def real() -> list[tuple[str, list[str]]]:
    """Return the findings of the two real reports and their labels, if they are there."""
    path = SHARED / "labels" / "gold.jsonl"
    if not path.is_file():
        return []
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [(row["text"], list(row["themes"])) for row in rows]


def micro(given: list[set[str]], wanted: list[list[str]]) -> float:
    """Return micro F1 of sets of themes."""
    hits = sum(len(one & set(two)) for one, two in zip(given, wanted, strict=True))
    total = sum(map(len, given)) + sum(map(len, wanted))
    return round(2 * hits / total, 3) if total else 0.0


def plain_scikit(
    training: list[tuple[str, list[str]]], themes: list[str]
) -> Callable[[list[str]], list[set[str]]]:
    """Train what a tutorial would: TF-IDF of words and pairs, one logistic regression a theme."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import MultiLabelBinarizer

    encoder = MultiLabelBinarizer(classes=themes)
    pipeline = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        OneVsRestClassifier(LogisticRegression(C=10, max_iter=1000)),
    )
    pipeline.fit([text for text, _ in training], encoder.fit_transform([t for _, t in training]))
    return lambda texts: [
        set(found) for found in encoder.inverse_transform(pipeline.predict(texts))
    ]


def spacy_textcat(
    training: list[tuple[str, list[str]]], themes: list[str]
) -> Callable[[list[str]], list[set[str]]]:
    """Train spaCy's own multilabel classifier in its default architecture."""
    import spacy
    from spacy.training import Example
    from spacy.util import fix_random_seed, minibatch

    fix_random_seed(0)
    nlp = spacy.blank("en")
    nlp.add_pipe("textcat_multilabel")
    examples = [
        Example.from_dict(
            nlp.make_doc(text), {"cats": {theme: float(theme in found) for theme in themes}}
        )
        for text, found in training
    ]
    nlp.initialize(lambda: examples)
    shuffle = random.Random(0)
    for _ in range(EPOCHS):
        shuffle.shuffle(examples)
        for batch in minibatch(examples, 64):
            nlp.update(batch)

    def predict(texts: list[str]) -> list[set[str]]:
        return [{t for t, p in doc.cats.items() if p >= 0.5} for doc in nlp.pipe(texts)]

    return predict


def ours_tagging(texts: list[str]) -> list[set[str]]:
    """Tag with the shipped model."""
    from pipelines import columns as c
    from pipelines.tables import frame
    from pipelines.tag import tag_findings

    rows = [{c.FINDING_ID: str(n), c.TEXT: text} for n, text in enumerate(texts)]
    tags = tag_findings(frame("findings", rows))
    held = tags.loc[tags[c.ASSIGNED]].groupby(c.FINDING_ID)[c.THEME].agg(set)
    return [held.get(str(n), set()) for n in range(len(texts))]


def measure_tagging() -> dict[str, Any]:
    """Train, tag and score each classifier; seconds are processor seconds."""
    from pipelines.codebook import load_codebook
    from pipelines.tag.registry import find_model, read_pointer

    themes = list(load_codebook().slugs)
    training, gold = authored(), real()
    texts = [text for text, _ in training][:2000]
    metrics = json.loads((find_model(read_pointer().current) / "metrics.json").read_text())
    result: dict[str, Any] = {"training": len(training), "real": len(gold)}
    ours_tagging(texts[:10])
    begun = time.process_time()
    ours_tagging(texts)
    result["shipped model (ours)"] = {
        "ms_a_finding": round(1000 * (time.process_time() - begun) / len(texts), 3),
        "micro_f1": metrics.get("mean_micro"),
        "note": "each real report held out in turn, the other one in training",
    }
    for name, train in (
        ("plain scikit-learn", plain_scikit),
        ("spaCy textcat_multilabel", spacy_textcat),
    ):
        begun = time.process_time()
        predict = train(training, themes)
        trained = time.process_time() - begun
        begun = time.process_time()
        predict(texts)
        took = time.process_time() - begun
        found = predict([text for text, _ in gold])
        result[name] = {
            "ms_a_finding": round(1000 * took / len(texts), 3),
            "trained_in_seconds": round(trained, 1),
            "micro_f1": micro(found, [labels for _, labels in gold]) if gold else None,
            "note": "trained on the authored findings, tested on both real reports",
        }
    return result


def measure_mining() -> dict[str, Any]:
    """Mine the authored findings with ours and with BERTopic's light configuration."""
    from pipelines import columns as c
    from pipelines.mine import mine_tables
    from pipelines.tables import frame
    from pipelines.tag import tag_findings

    rows = authored()
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
            for n, (text, _) in enumerate(rows)
        ],
    )
    tables = {
        "documents": frame("documents", documents),
        "findings": findings,
        "tags": tag_findings(findings),
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
    begun = time.process_time()
    topics = BERTopic(
        embedding_model=make_pipeline(TfidfVectorizer(), TruncatedSVD(100, random_state=0)),
        verbose=False,
    )
    found, _ = topics.fit_transform(findings[c.TEXT].tolist())
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
