import json
import math
import subprocess
import sys
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipelines import columns as c
from pipelines.catalogue import load_catalogue
from pipelines.codebook import load_codebook
from pipelines.lexis import annotate
from pipelines.records import Polarity
from pipelines.tag import load_model, tag_findings
from pipelines.tag.explain.attribution import explain, explain_findings
from pipelines.tag.explain.explanation import SHOWN, word_weights
from pipelines.tag.features.meanings import load_meanings
from pipelines.tag.features.pipeline import claims, views, with_meanings
from pipelines.tag.features.terms import transform_views
from pipelines.tag.models.decide import SUGGESTED
from pipelines.tag.models.model import ISSUES, LEVELS, THEMES
from pipelines.tag.models.sections import SectionHints, sections_of
from pipelines.tag.nearest import nearest_labels
from pipelines.tag.predict import tag_tables
from small import written_texts

NEAR = 1e-5  # vectors of words have single precision

TEXTS = [
    "Domestic abuse enquiries were not made with the police in a third of cases.",
    "Staff were proud of their work. The Wi-Fi in the Larkhampton office was slow, and MAPPA "
    "meetings were missed. SPOs had no oversight of this.",
    "Victims’ safety was not considered – “nobody asked”, we were told; UPW began late.",
    "Ok.",
    "",
]


def logistic(log_odds):
    return 1 / (1 + math.exp(-log_odds)) if log_odds > -500 else 0.0


@pytest.mark.parametrize("text", TEXTS)
def test_contributions_sum_to_the_log_odds_and_these_give_the_probability(text):
    model = load_model()
    for section in ("", "Staff", "Of no kind"):
        found = explain(text, section=section)
        told = sections_of([section], [None])
        probabilities = model.probabilities([text], told)
        for level, reasons in ((THEMES, found.reasons), (ISSUES, found.issues)):
            assert [r.slug for r in reasons] == list(model.head(level).slugs)
            for reason, probability in zip(reasons, probabilities[level][0], strict=True):
                total = reason.base + reason.section + reason.rivals + reason.encoder
                total += sum(p.weight for p in reason.parts)
                assert total == pytest.approx(reason.log_odds, abs=NEAR)
                assert logistic(reason.log_odds) == pytest.approx(probability, abs=NEAR)
                assert reason.probability == pytest.approx(probability, abs=1e-12)


def test_a_section_adds_exactly_its_hint_and_changes_no_word():
    text = "Staff were not confident in this work. Plans were late."
    plain, hinted = explain(text), explain(text, section="Staff")
    model = load_model()
    for level in LEVELS:
        hints = model.head(level).hints
        expected = hints.weight * np.asarray(hints.learned["staffing"])
        assert (expected != 0).any()
        for slug, term in zip(model.head(level).slugs, expected, strict=True):
            before, after = plain.reason(slug, level=level), hinted.reason(slug, level=level)
            assert (before.section, after.section) == (0.0, pytest.approx(term))
            assert after.log_odds - before.log_odds == pytest.approx(term)
            assert (after.base, after.parts) == (before.base, before.parts)


def test_hints_of_a_model_are_what_it_learned_times_their_weight():
    model = load_model()
    rows = {"court": (1.5, *(0.0,) * (len(model.themes.slugs) - 1))}
    made = replace(model, themes=replace(model.themes, hints=SectionHints(0.5, rows)))
    found = explain("The court was told late.", model=made, section="Court work")
    assert [r.section for r in found.reasons] == [0.75, *[0.0] * (len(rows["court"]) - 1)]
    known = model.issues.hints.rows(["court"])
    assert [r.section for r in found.issues] == pytest.approx(known[0])


def test_what_is_about_no_theme_has_no_reason_that_is_given():
    for text in ("Asdf qwer zxcv poiu.", "Nid oedd y staff yn hyderus yn y gwaith hwn."):
        found = explain(text)
        assert not any(r.assigned for r in (*found.reasons, *found.issues))
        assert {r.certainty for r in found.reasons} <= {None, SUGGESTED}
        assert len(found.shown) == SHOWN
        assert "not given" in found._repr_html_()


def test_reasons_decide_as_tags_do_and_say_how_certain():
    findings = pd.DataFrame({c.FINDING_ID: ["a/001"], c.TEXT: TEXTS[1:2], c.STANDARD: ["Staff"]})
    made = tag_tables(findings)
    found = explain(TEXTS[1], section="Staff")
    tags = made["tags"].set_index(c.THEME)
    for reason in found.reasons:
        assert reason.assigned == tags.loc[reason.slug, c.ASSIGNED]
        assert reason.uncertain == tags.loc[reason.slug, c.REVIEW]
        said = tags.loc[reason.slug, c.CERTAINTY]
        assert reason.certainty == (None if pd.isna(said) else said)
    stated = made["issue_tags"].dropna(subset=[c.CERTAINTY])
    assert {r.slug: r.certainty for r in found.issues if r.certainty} == dict(
        zip(stated[c.SUBJECT], stated[c.CERTAINTY], strict=True)
    )


def test_issues_have_the_name_of_the_finding_s_pole():
    subject = load_catalogue().subjects[0]
    for pole in Polarity:
        found = explain(TEXTS[0], polarity=str(pole)).reason(subject.slug, level=ISSUES)
        assert found.name == subject.name(pole)
    either = explain(TEXTS[0]).reason(subject.slug, level=ISSUES).name
    assert set(either.split(" / ")) == {subject.name(pole) for pole in Polarity}
    theme = load_codebook().themes[0]
    assert explain(TEXTS[0]).reason(theme.slug).name == theme.name
    with pytest.raises(KeyError):
        explain(TEXTS[0]).reason(subject.slug)


def test_what_is_shown_is_what_was_given_and_the_three_that_came_nearest():
    found = explain(TEXTS[1])
    for shown, reasons in ((found.shown, found.reasons), (found.shown_issues, found.issues)):
        given = [r for r in reasons if r.assigned]
        assert {r.slug for r in shown[: len(given)]} == {r.slug for r in given}
        assert len(shown) == len(given) + SHOWN
        rest = [r.probability for r in shown[len(given) :]]
        assert rest == sorted((r.probability for r in reasons if not r.assigned), reverse=True)[:3]


@pytest.mark.parametrize("text", TEXTS)
def test_parts_are_spans_of_the_text(text):
    found = explain(text)
    for reason in (*found.reasons, *found.issues):
        assert 0 <= reason.claim[0] <= reason.claim[1] <= len(text)
        for part in reason.parts:
            assert part.text == text[part.start : part.end]
            assert part.text


def test_weights_of_words_keep_the_sum():
    text = TEXTS[1]
    found = explain(text)
    for reason in (*found.reasons, *found.issues):
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
        for term in (token.stem, f"={token.lower}"):
            places["words", term].append((token.start, token.end))
        if after is not None:
            both = (min(token.start, after.start), max(token.end, after.end))
            places["words", f"{token.stem}+{after.stem}"].append(both)
        padded = f" {token.lower} "
        sizes = [size for size in (3, 4, 5) if size < len(padded)]
        runs = [padded[at : at + n] for n in sizes for at in range(len(padded) - n + 1)]
        for run in runs if len(sizes) == 3 else [*runs, padded]:
            places["letters", run].append((token.start, token.end))
    for hit in claim.hits:
        places["words", hit.name].append((hit.start, hit.end))
    return places


def plain_weights(text, model, level):
    """Take scores apart feature by feature: slow, but plain to see.

    What a word adds by its meaning is its vector's product with what the slug weighs meanings by,
    over the length of the sum of all words' vectors.
    """
    head, known, whole_weight = model.head(level), load_meanings(), model.whole(level)
    names = []
    for terms in model.features:
        names += [(terms.view, term) for term in terms.names]
    size = len(names)
    all_weights = head.weights.of(slice(None))
    assert len(all_weights) == size + known.dimensions
    whole = annotate([text])[0]
    parts = [*claims(whole), whole]
    matrix = with_meanings(transform_views(model.features, views(parts)), parts, model.meanings)
    best = (np.asarray(matrix @ all_weights) + head.intercepts)[:-1].argmax(axis=0)
    out = {}
    for number, slug in enumerate(head.slugs):
        out[slug] = defaultdict(float)
        slope = head.slopes[number] * head.words_share[number]
        for piece, factor in ((best[number], 1 - whole_weight), (-1, whole_weight)):
            row, places = matrix[[piece]], plain_places(parts[piece])
            for feature, value in zip(row.indices, row.data, strict=True):
                if feature >= size:
                    continue
                weight = value * all_weights[feature, number] * slope
                for span in (found := places[names[feature]]):
                    out[slug][span] += factor * weight / len(found)
            tokens = [t for t in parts[piece].tokens if t.lower in known.places]
            vectors = np.asarray([known.vectors[known.places[t.lower]] for t in tokens])
            length = np.linalg.norm(vectors.sum(axis=0)) if tokens else 1.0
            for token, vector in zip(tokens, vectors, strict=True):
                product = float(vector @ all_weights[size:, number]) / length
                span = (token.start, token.end)
                out[slug][span] += factor * model.meanings * product * slope
    return out


def sample_texts():
    source = Path(__file__).parents[1] / "corpus" / "sample" / "labels" / "findings.jsonl"
    lines = source.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines[:60:4]] + TEXTS


@pytest.mark.parametrize("level", LEVELS)
def test_the_plain_way_gives_the_same_weights(level):
    model = load_model()
    texts = sample_texts()
    for text in texts[::2] if level == THEMES else texts[:1] + TEXTS:  # six times as many of issues
        found = explain(text)
        reasons = {r.slug: r for r in (found.reasons if level == THEMES else found.issues)}
        for slug, spans in plain_weights(text, model, level).items():
            parts = {(p.start, p.end): p.weight for p in reasons[slug].parts}
            for span in {*parts, *spans}:
                assert parts.get(span, 0.0) == pytest.approx(spans.get(span, 0.0), abs=NEAR)


def test_the_table_holds_the_strongest_parts_of_each_theme_given():
    texts = sample_texts()
    findings = pd.DataFrame({c.FINDING_ID: [f"a/{n}" for n in range(len(texts))], c.TEXT: texts})
    tags = tag_findings(findings)
    table = explain_findings(findings, tags, most=5)
    for finding_id, text in zip(findings[c.FINDING_ID], texts, strict=True):
        rows = table[table[c.FINDING_ID] == finding_id]
        for reason in explain(text).reasons:
            shown = rows[rows[c.THEME] == reason.slug]
            if not reason.assigned:
                assert shown.empty
                continue
            by_size = sorted(reason.parts, key=lambda p: (-abs(p.weight), p.start))[:5]
            assert shown[c.WEIGHT].tolist() == [round(p.weight, 4) for p in by_size]
            assert list(zip(shown[c.START], shown[c.END], strict=True)) == [
                (p.start, p.end) for p in by_size
            ]


def test_nothing_given_is_nothing_explained():
    findings = pd.DataFrame({c.FINDING_ID: ["a/001"], c.TEXT: TEXTS[:1]})
    tags = tag_findings(findings)
    assert explain_findings(findings, tags.assign(**{c.ASSIGNED: False})).empty
    assert explain_findings(findings[:0], tags[:0]).empty


def test_the_nearest_label_is_that_of_a_comparison_with_every_label():
    """Only labels that share rare words are compared: seconds of every `explain` went there."""
    model = load_model()
    for text in written_texts()[7::6000]:
        (first, likeness), *_ = nearest_labels(text, model=model)
        assert first.text == text
        assert likeness == pytest.approx(1.0)
    assert nearest_labels("", model=model) == []


def test_explaining_a_sentence_needs_neither_frames_nor_the_trainer():
    """Nor does loading a model, which comes first."""
    code = (
        "import sys; from pipelines.cli import app; "
        "app(['explain', 'Wi-Fi kept failing.'], standalone_mode=False); "
        "print([m for m in ('pandas', 'sklearn', 'joblib', 'openpyxl', 'altair', 'pdfplumber') "
        "if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"
