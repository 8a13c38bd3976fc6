import math

import pandas as pd
import pytest

from pipelines import columns as c
from pipelines.tag import load_model, tag_findings
from pipelines.tag.explain import explain, explain_findings
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
        low, high = reason.claim
        for part in reason.parts:
            assert part.text == text[part.start : part.end]
            assert part.text
            assert low <= part.start < part.end <= high


def test_weights_of_words_keep_the_sum():
    text = TEXTS[1]
    for reason in explain(text).reasons:
        words = word_weights(text, reason)
        assert sum(w for _, _, w in words) == pytest.approx(sum(p.weight for p in reason.parts))


def test_the_words_that_decide_are_those_of_the_theme():
    reason = explain(TEXTS[0]).reason("domestic-abuse-checks")
    assert reason.assigned
    assert "abuse" in reason.parts[0].text.lower() or "enquir" in reason.parts[0].text.lower()


def test_a_theme_is_decided_by_one_sentence():
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
