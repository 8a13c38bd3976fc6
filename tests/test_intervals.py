"""Wilson's interval against published values and its own properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import SettingsError
from pipelines.intervals import fisher, newcombe, wilson


@pytest.mark.parametrize(
    ("successes", "total", "low", "high"),
    [
        # Newcombe 1998, table I, method 3 (score without continuity correction)
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_agrees_with_published_intervals(successes, total, low, high):
    assert wilson(successes, total) == pytest.approx((low, high), abs=5e-5)


def test_nothing_looked_at_tells_nothing():
    assert wilson(0, 0) == (0.0, 1.0)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_holds_the_share_and_mirrors(pair):
    successes, total = pair
    low, high = wilson(successes, total)
    assert 0 <= low <= successes / total <= high <= 1
    mirrored = wilson(total - successes, total)
    assert (1 - high, 1 - low) == pytest.approx(mirrored, abs=1e-12)


def test_more_confidence_is_wider():
    low90, high90 = wilson(7, 21, confidence=0.90)
    low99, high99 = wilson(7, 21, confidence=0.99)
    assert low99 < low90 < high90 < high99


@pytest.mark.parametrize(("successes", "total"), [(-1, 3), (4, 3)])
def test_impossible_counts_are_refused(successes, total):
    with pytest.raises(SettingsError, match="expected 0 <= successes <= total"):
        wilson(successes, total)


@pytest.mark.parametrize("counts", [(0, 0, 1, 2), (1, 2, 0, 0)])
def test_a_difference_from_nothing_is_refused(counts):
    with pytest.raises(SettingsError, match="expected at least one in each"):
        newcombe(*counts)


def test_impossible_confidence_is_refused():
    with pytest.raises(SettingsError, match="confidence is 95"):
        wilson(1, 3, confidence=95)


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        # Newcombe 1998, table II, method 10 (contrasts a, b and c)
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.0582, 0.8062),
    ],
)
def test_difference_agrees_with_published_intervals(counts, low, high):
    assert newcombe(*counts) == pytest.approx((low, high), abs=5e-5)


def test_chance_of_a_split_is_that_of_all_deals_at_least_as_uneven():
    """Of nine units with four that have it, 4 of 84 groups of three have nothing but such."""
    assert fisher(1, 1, 1, 8) == pytest.approx(2 / 9)
    assert fisher(3, 3, 1, 6) == pytest.approx(4 / 84)
    assert fisher(2, 3, 0, 6) == pytest.approx(3 / 36)
    assert fisher(0, 5, 0, 5) == 1
    assert fisher(0, 9, 90_000, 200_000) < fisher(2, 9, 90_000, 200_000)
