"""Search: ranking for words, likeness to a finding, and the index kept on disk."""

import numpy as np
import pandas as pd
import pytest

from pipelines import columns as c
from pipelines.errors import SettingsError
from pipelines.mine.search import build_index, search, similar, stored_index
from pipelines.records import digest
from pipelines.tables import frame

TEXTS = (
    "Police replies on domestic abuse were delayed by up to 12 weeks.",
    "The unpaid work backlog had grown to 300 people.",
    "Home visits were rarely made.",
    "Delays at the police front desk had been mended.",
    "Visits to the home took place in four cases.",
    "Choirs sang.",
)


@pytest.fixture
def findings():
    return frame(
        "findings",
        [
            {c.FINDING_ID: f"d/{n:03d}", c.DOCUMENT_ID: "d", c.TEXT: t, c.DIGEST: digest(t)}
            for n, t in enumerate(TEXTS, start=1)
        ],
    )


def ids(found):
    return found[c.FINDING_ID].tolist()


def test_the_finding_with_most_of_the_words_comes_first(findings):
    found = search("police delay domestic abuse", findings)
    assert ids(found)[:2] == ["d/001", "d/004"]
    assert found[c.SCORE].is_monotonic_decreasing
    assert found[c.TEXT].iloc[0] == TEXTS[0]


def test_an_abbreviation_finds_its_expansion(findings):
    assert ids(search("UPW", findings))[0] == "d/002"


def test_words_that_no_finding_has_find_nothing(findings):
    assert search("quaternion", findings).empty
    assert search("the of and", findings).empty


def test_only_the_findings_asked_for_are_ranked(findings):
    assert ids(search("police", findings, within=["d/004"])) == ["d/004"]
    assert search("police", findings, within=[]).empty


def test_like_findings_come_first_and_the_finding_itself_never(findings):
    found = ids(similar("d/003", findings))
    assert found[0] == "d/005"
    assert "d/003" not in found


def test_an_unknown_finding_is_an_error_that_shows_an_id(findings):
    with pytest.raises(SettingsError, match="d/001"):
        similar("nowhere/001", findings)


def test_no_findings_no_index(findings):
    assert search("police", findings.iloc[:0]).empty


def test_the_order_of_rows_decides_nothing(findings):
    turned = search("police visits", findings.iloc[::-1])
    pd.testing.assert_frame_equal(turned, search("police visits", findings))


def test_the_index_is_kept_and_made_anew_when_findings_change_or_it_is_damaged(findings, tmp_path):
    path = tmp_path / "index.npz"
    first = stored_index(findings, path)
    kept = path.read_bytes()
    again = stored_index(findings, path)
    assert path.read_bytes() == kept
    pd.testing.assert_frame_equal(
        search("police", findings, index=again), search("police", findings, index=first)
    )
    fewer = findings.iloc[:3]
    assert stored_index(fewer, path).ids == tuple(fewer[c.FINDING_ID])
    path.write_bytes(b"PK\x03\x04 not an archive")
    assert stored_index(findings, path).ids == build_index(findings).ids


@pytest.mark.parametrize(
    "wrong",
    [
        {"indices": lambda places: np.full_like(places, 10**9)},  # scipy would write there
        {"indptr": lambda ends: ends[::-1]},
        {"senses": lambda senses: senses[:, :1]},
        {"axes": lambda axes: axes.astype(float)[:, ::-1]},
        {"data": lambda data: np.full_like(data, np.nan)},
        {"head": lambda head: np.frombuffer(b"[]", np.uint8)},
        {"head": lambda head: np.frombuffer(head.tobytes().replace(b'["', b'["x', 1), np.uint8)},
    ],
)  # fmt: skip
def test_an_index_that_is_not_sound_is_made_again(findings, tmp_path, wrong):
    path = tmp_path / "index.npz"
    sound = stored_index(findings, path).like(findings[c.FINDING_ID][0])
    with np.load(path) as held:
        kept = {key: wrong.get(key, np.asarray)(held[key]) for key in held}
    np.savez(path, **kept)
    assert np.array_equal(stored_index(findings, path).like(findings[c.FINDING_ID][0]), sound)
    with np.load(path) as held:
        assert not np.array_equal(held[next(iter(wrong))], kept[next(iter(wrong))])
