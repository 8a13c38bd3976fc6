import json
import math
from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipelines import columns as c
from pipelines.lexis import annotate
from pipelines.tag import load_model, tag_findings
from pipelines.tag.explain import explain, explain_findings
from pipelines.tag.features import claims, transform_views, views
from pipelines.tag.marks import word_weights

TEXTS = [
    "Domestic abuse enquiries were not made with the police in a third of cases.",
    "Staff were proud of their work. The Wi-Fi in the Larkhampton office was slow, and MAPPA "
    "meetings were missed. SPOs had no oversight of this.",
    "Victims’ safety was not considered – “nobody asked”, we were told; UPW began late.",
    "Ok.",
    "",
]


@pytest.mark.parametrize("text", TEXTS)
def test_contributions_sum_to_the_log_odds_and_these_give_the_probability(text):
    found = explain(text)
    model = load_model()
    probabilities = model.probabilities([text])[0]
    assert [r.theme for r in found.reasons] == list(model.themes)
    for reason, probability in zip(found.reasons, probabilities, strict=True):
        total = reason.base + sum(p.weight for p in reason.parts)
        assert total == pytest.approx(reason.log_odds, abs=1e-9)
        assert 1 / (1 + math.exp(-reason.log_odds)) == pytest.approx(probability, abs=1e-9)


@pytest.mark.parametrize("text", TEXTS)
def test_parts_are_spans_of_the_text(text):
    for reason in explain(text).reasons:
        assert 0 <= reason.claim[0] <= reason.claim[1] <= len(text)
        for part in reason.parts:
            assert part.text == text[part.start : part.end]
            assert part.text


def test_weights_of_words_keep_the_sum():
    text = TEXTS[1]
    for reason in explain(text).reasons:
        words = word_weights(text, reason)
        assert sum(w for _, _, w in words) == pytest.approx(sum(p.weight for p in reason.parts))


def test_the_words_that_decide_are_those_of_the_theme():
    reason = explain(TEXTS[0]).reason("domestic-abuse-checks")
    assert reason.assigned
    assert "abuse" in reason.parts[0].text.lower() or "enquir" in reason.parts[0].text.lower()


def test_one_sentence_counts_most_for_a_theme():
    text = TEXTS[1]
    start, end = explain(text).reason("ict-and-recording").claim
    assert "Wi-Fi" in text[start:end]
    assert "proud" not in text[start:end]


def test_html_escapes_the_text_and_says_in_words_what_colours_say():
    html = explain("Staff <b>lacked</b> training & supervision.")._repr_html_()
    assert "<b>" not in html
    assert "&lt;" in html
    assert "&amp;" in html
    assert "given" in html
    assert " for Training" in html


def test_table_of_explanations_has_the_given_themes_only():
    findings = pd.DataFrame({c.FINDING_ID: ["a/001", "a/002"], c.TEXT: TEXTS[:2]})
    tags = tag_findings(findings)
    table = explain_findings(findings, tags, most=5)
    given = tags[tags[c.ASSIGNED]]
    assert set(zip(table[c.FINDING_ID], table[c.THEME], strict=True)) == set(
        zip(given[c.FINDING_ID], given[c.THEME], strict=True)
    )
    assert table.groupby([c.FINDING_ID, c.THEME]).size().max() <= 5


def plain_places(claim):
    """Say where each feature of a claim stands."""
    places = defaultdict(list)
    for token, after in zip(claim.tokens, (*claim.tokens, None)[1:], strict=True):
        places["words", token.stem].append((token.start, token.end))
        if after is not None:
            both = (min(token.start, after.start), max(token.end, after.end))
            places["words", f"{token.stem} {after.stem}"].append(both)
        padded = f" {token.lower} "
        sizes = [size for size in (3, 4, 5) if size < len(padded)]
        runs = [padded[at : at + n] for n in sizes for at in range(len(padded) - n + 1)]
        for run in runs if len(sizes) == 3 else [*runs, padded]:
            places["letters", run].append((token.start, token.end))
    for hit in claim.hits:
        places["entries", hit.name].append((hit.start, hit.end))
        places["hints", hit.name.split("/")[0]].append((hit.start, hit.end))
    return places


def plain_weights(text, model):
    """Take scores apart feature by feature: slow, but plain to see."""
    names = []
    for view, vectorizer, _ in model.pipeline[0].transformers_:
        if view != "remainder":
            names += [(view, str(term)) for term in vectorizer.get_feature_names_out()]
    whole = annotate([text])[0]
    parts = [*claims(whole), whole]
    matrix = transform_views(model.pipeline[0], views(parts))
    best = (np.asarray(matrix @ model.weights) + model.intercepts)[:-1].argmax(axis=0)
    out = {}
    for number, theme in enumerate(model.themes):
        out[theme] = defaultdict(float)
        for piece, factor in ((best[number], 1 - model.whole), (-1, model.whole)):
            row, places = matrix[[piece]], plain_places(parts[piece])
            for feature, value in zip(row.indices, row.data, strict=True):
                weight = value * model.weights[feature, number] * model.decision.slopes[number]
                for span in (found := places[names[feature]]):
                    out[theme][span] += factor * weight / len(found)
    return out


def test_batches_and_the_plain_way_give_the_same_weights():
    source = Path(__file__).parents[1] / "corpus" / "sample" / "labels" / "findings.jsonl"
    lines = source.read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines[:60:4]] + TEXTS
    model = load_model()
    findings = pd.DataFrame({c.FINDING_ID: [f"a/{n}" for n in range(len(texts))], c.TEXT: texts})
    tags = tag_findings(findings)
    table = explain_findings(findings, tags, most=5)
    for finding_id, text in zip(findings[c.FINDING_ID], texts, strict=True):
        plain = plain_weights(text, model)
        reasons = {reason.theme: reason for reason in explain(text).reasons}
        rows = table[table[c.FINDING_ID] == finding_id]
        for theme, spans in plain.items():
            parts = {(p.start, p.end): p.weight for p in reasons[theme].parts}
            assert parts == pytest.approx({s: w for s, w in spans.items() if w}, abs=1e-9)
            shown = rows[rows[c.THEME] == theme]
            if len(shown):
                heard = [(span, weight) for span, weight in spans.items() if weight]
                by_size = sorted(heard, key=lambda item: (-abs(item[1]), item[0][0]))[:5]
                assert shown[c.WEIGHT].tolist() == [round(w, 4) for _, w in by_size]
                assert list(zip(shown[c.START], shown[c.END], strict=True)) == [
                    span for span, _ in by_size
                ]


def test_nothing_given_is_nothing_explained():
    findings = pd.DataFrame({c.FINDING_ID: ["a/001"], c.TEXT: TEXTS[:1]})
    tags = tag_findings(findings)
    assert explain_findings(findings, tags.assign(**{c.ASSIGNED: False})).empty
    assert explain_findings(findings[:0], tags[:0]).empty
