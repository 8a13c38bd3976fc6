"""The encoder: how it cuts and reads a text, and how far a model trusts it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pipelines import columns as c
from pipelines.changes import change
from pipelines.errors import SettingsError
from pipelines.records import digest
from pipelines.tag import load_model
from pipelines.tag.features.encoder import MOST_PIECES, load_encoder
from pipelines.tag.features.pieces import END, LONGEST_WORD, START, UNKNOWN, WordPieces, words
from pipelines.tag.fitting.fit import Examples
from pipelines.tag.fitting.settings import FitSettings
from pipelines.tag.labels.files import WRITTEN, read_rows, shipped_labels
from pipelines.tag.labels.reading import check_labels
from pipelines.tag.measure.evaluate import evaluate_held_out
from pipelines.tag.models.aid import UNREAD, Aid, mix
from pipelines.tag.models.artefacts import load_folder, save_model
from pipelines.tag.models.decide import Decision
from pipelines.tag.models.model import LEVELS, NEVER, THEMES, slugs_of
from pipelines.tag.training.aided import aided, aided_head, columns_of, measured, unseen

TEXTS = (
    "Police were asked about domestic abuse in every case, but the answers were not used.",
    "Practitioners used what police had told them of domestic abuse in every plan.",
    "Nobody had asked the police.",
    "",
)


def plain_decision(size: int) -> Decision:
    return Decision((1.0,) * size, (0.0,) * size, (0.5,) * size, 0.2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Plans were late.", ["plans", "were", "late", "."]),
        ("Café  “naïve”\u00a0x\u200by", ["cafe", "“", "naive", "”", "xy"]),
        ("25%–30%, £5 (MAPPA)", ["25", "%", "–", "30", "%", ",", "£5", "(", "mappa", ")"]),
        ("a\x00b\tc\r\nd", ["ab", "c", "d"]),
        ("", []),
    ],
)
def test_words_are_small_and_without_accents_and_signs_stand_alone(text, expected):
    assert words(text) == expected


def test_a_word_is_cut_into_the_longest_pieces_from_its_start():
    cut = WordPieces(["[CLS]", "[SEP]", "[UNK]", "un", "unpaid", "##pa", "##id", "work", "##s"])
    assert cut.numbers("unpaid works unpas worked", most=20) == [0, 4, 7, 8, 3, 5, 8, 2, 1]
    assert cut.numbers("work " * 10, most=4) == [0, 7, 7, 1]
    assert cut.numbers("works" + "s" * 100, most=9) == [0, 2, 1]


def test_a_text_is_read_alike_alone_and_in_any_company():
    encoder = load_encoder()
    together = encoder.scores(TEXTS)
    backwards = encoder.scores(TEXTS[::-1])
    for level, found in together.items():
        assert found.shape == (len(TEXTS), len(encoder.slugs[level]))
        assert np.isfinite(found).all()
        assert (found == backwards[level][::-1]).all()
        alone = np.vstack([encoder.scores([text])[level] for text in TEXTS])
        assert (found == alone).all()
    assert all(len(found) == 0 for found in encoder.scores([]).values())


def test_what_stands_beyond_its_pieces_is_not_read():
    encoder = load_encoder()
    long = "Plans were late. " * MOST_PIECES
    first, second = (encoder.scores([long + end])[THEMES] for end in ("", "Buildings were cold."))
    assert (first == second).all()


def test_it_tells_what_words_alone_cannot():
    """The same words, asked and answered the other way round."""
    asked = "Practitioners had the answers from children's services but never made enquiries of us."
    model = load_model()
    assert model.aided
    both = [asked, "The home was never visited although plans said that it would be."]
    with_it, alone = model.probabilities(both), model.without_encoder().probabilities(both)
    assert all((with_it[level] != alone[level]).any() for level in LEVELS)
    assert not model.without_encoder().aided


def test_scores_are_mixed_where_both_know_the_slug():
    found = mix(
        np.asarray([[2.0, 2.0, NEVER]]),
        np.asarray([[4.0, 8.0]]),
        share=0.25,
        columns=(1, UNREAD, 0),
    )
    assert found.tolist() == [[3.5, 2.0, NEVER]]


@pytest.mark.parametrize(
    "change", [{"share": 0.0}, {"share": 1.5}, {"columns": (0,)}], ids=lambda x: str(x)
)
def test_an_aid_that_does_not_fit_is_refused(change):
    aid = Aid(0.5, (0, 1), plain_decision(2))
    assert Aid.from_dict(aid.to_dict()) == aid
    with pytest.raises(SettingsError):
        replace(aid, **change)
    with pytest.raises(SettingsError, match="keys"):
        Aid.from_dict({**aid.to_dict(), "more": 1})


def test_nothing_that_it_was_trained_on_is_measured():
    """Whole voices and all reports are unseen; of the other written findings all were seen."""
    rows = {
        path.stem: load_encoder().has_read(
            [digest(row.values[c.TEXT]) for row in read_rows(path, origin=WRITTEN)]
        )
        for path in sorted(shipped_labels().glob("voice_*.jsonl"))
    }
    mixed = {name: share for name, found in rows.items() if 0 < (share := np.mean(found)) < 1}
    assert not mixed  # a voice that was seen in part would teach what its other part is tested on
    assert sum(not found.any() for found in rows.values()) >= 12


@pytest.mark.usefixtures("project")
def test_a_renamed_theme_keeps_its_column():
    before = columns_of(THEMES)
    first, second = slugs_of(THEMES)[:2]
    change("rename", "theme", [first], {"a-name-of-ours": "A name of ours"})
    after = dict(zip(slugs_of(THEMES), columns_of(THEMES), strict=True))
    assert before.index(0) == 0
    assert after["a-name-of-ours"] == 0
    assert after[second] == 1


@pytest.fixture(scope="module")
def held():
    """Findings of two voices that the encoder has not seen, held out in turn."""
    rows = [
        row
        for name in ("voice_01", "voice_05")
        for row in read_rows(shipped_labels() / f"{name}.jsonl", origin=WRITTEN)
    ]
    labels = check_labels(rows).labels
    examples = Examples.of((*labels[:120], *labels[-120:]))
    return evaluate_held_out(examples, settings=FitSettings(), levels=(THEMES,), jobs=1)


@pytest.fixture(scope="module")
def read(held):
    """The same, read by the encoder too."""
    return aided(held, settings=FitSettings(), jobs=1)


def test_a_model_is_measured_with_the_encoder_and_without_on_the_same(held, read):
    assert read is not None
    assert len(read.groups) == unseen(held).sum() == len(held.groups)
    figures = measured(held, read)
    assert figures["findings"] == figures["without_encoder"]["findings"]
    assert figures["micro"] > figures["without_encoder"]["micro"]
    assert aided(held, settings=FitSettings(encoder=0.0, issue_encoder=0.0), jobs=1) is None
    assert "without_encoder" not in measured(held, None)


def test_a_model_made_beside_another_encoder_decides_by_words(read, tmp_path, monkeypatch, caplog):
    from small import small_model

    model = small_model()
    head = aided_head(model.themes, read, THEMES, settings=FitSettings())
    assert head.aid is not None
    assert head.without_aid() == model.themes
    made = replace(model, themes=head)
    saved = save_model(
        tmp_path / "small-1", model=made, metrics={}, probe_texts=[TEXTS[0]], texts={}
    )
    assert saved.aided
    assert load_folder(tmp_path / "small-1").themes.aid == head.aid
    monkeypatch.setattr("pipelines.tag.models.artefacts.data_digest", lambda *names: "another")
    monkeypatch.setattr("pipelines.tag.models.artefacts.recheck", lambda model: None)
    assert not load_folder(tmp_path / "small-1").aided
    assert "decides by words alone" in caplog.text


def test_a_word_that_is_too_long_is_not_looked_into():
    asked = []

    class Pieces(dict):
        def get(self, piece, default=None):
            asked.append(piece)
            return super().get(piece, default)

    pieces = WordPieces([START, END, UNKNOWN, "a", "##a"])
    pieces._numbers = Pieces(pieces._numbers)
    assert pieces.numbers("a" * LONGEST_WORD, most=200)[1:-1] == [3, *[4] * (LONGEST_WORD - 1)]
    asked.clear()
    assert pieces.numbers("a" * 5000, most=200) == [0, 2, 1]
    assert asked == []
