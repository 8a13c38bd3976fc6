"""Tagging and training against the plain pipeline that a first attempt would be.

The other side of the ratio: word 1-2 and character 3-5 TF-IDF with balanced logistic regressions,
trained on the same written findings, tagging the same texts at a fixed threshold.
"""

import time

import pandas as pd
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline, make_union

from pipelines import columns as c
from pipelines.tag import load_model, tag_findings
from pipelines.tag.fitting.fit import Examples, fit, targets
from pipelines.tag.fitting.settings import FitSettings
from pipelines.tag.models.model import THEMES
from pipelines.tag.nearest import written_labels
from tests.bench.results import add

FINDINGS = 100_000
LENGTH = 260  # characters: the mean of the findings of two reports is 254
SLICE = 10_000  # of them for the baseline, which is then scaled up
SECONDS = 60.0  # without the encoder
READ = 1000  # of them with the encoder, too
MILLISECONDS = 15.0  # a finding, all of tagging with the encoder
TIMES_BASELINE = 2.0
LARGEST = 12_000_000  # bytes of a model's folder


def findings(number: int) -> pd.DataFrame:
    """Make distinct findings, as long as those of reports, out of pairs of written ones."""
    texts = [label.text for label in written_labels()]
    size = len(texts)
    made = [
        f"{texts[i % size]} In {i} cases, {texts[(i * 7 + i // size) % size]}"[:LENGTH]
        for i in range(number)
    ]
    return pd.DataFrame({c.FINDING_ID: [f"bench/{i}" for i in range(number)], c.TEXT: made})


@pytest.mark.bench
def test_tagging_a_hundred_thousand_findings(record_property):
    data = findings(FINDINGS)
    whole = load_model()
    model = whole.without_encoder()
    tag_findings(data.head(100), model=model)
    began = time.process_time()
    tags = tag_findings(data, model=model)
    seconds = time.process_time() - began
    began = time.process_time()
    tag_findings(data.head(READ), model=whole)
    each = 1000 * (time.process_time() - began) / READ
    assert len(tags) == FINDINGS * len(model.themes.slugs)

    labels = written_labels()
    baseline = make_pipeline(
        make_union(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True),
        ),
        OneVsRestClassifier(
            LogisticRegression(C=5, class_weight="balanced", solver="liblinear", dual=True)
        ),
    ).fit([x.text for x in labels], targets(labels, THEMES))
    began = time.process_time()
    baseline.predict_proba(list(data[c.TEXT][:SLICE]))
    other = (time.process_time() - began) * FINDINGS / SLICE
    record_property("seconds", round(seconds, 1))
    record_property("baseline_seconds", round(other, 1))
    add(
        "tag",
        {
            "findings": FINDINGS,
            "seconds": round(seconds, 1),
            "baseline_seconds": round(other, 1),
            "encoder_milliseconds_each": round(each, 1),
        },
    )
    print(f"\n{FINDINGS} findings: {seconds:.1f} s of CPU, baseline {other:.1f} s")
    print(f"with the encoder {each:.1f} ms a finding")
    assert each < MILLISECONDS
    assert seconds < SECONDS
    assert seconds < TIMES_BASELINE * other


@pytest.mark.bench
def test_training(record_property):
    examples = Examples.of(written_labels())
    began = time.process_time()
    fit(examples, settings=FitSettings())
    seconds = time.process_time() - began
    record_property("seconds", round(seconds, 1))
    add("tag", {"fit_seconds": round(seconds, 1)})
    print(f"\n{len(examples.labels)} labels: one fit {seconds:.1f} s of CPU")
    assert seconds < SECONDS / 4  # a training run fits four times, to measure what it makes


@pytest.mark.bench
def test_size_of_the_shipped_model():
    folder = load_model().folder
    assert sum(p.stat().st_size for p in folder.iterdir()) <= LARGEST
