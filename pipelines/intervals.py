"""Intervals for proportions: what a share of a few units can and cannot tell."""

from __future__ import annotations

import math
from statistics import NormalDist

from pipelines.errors import SettingsError


def wilson(successes: int, total: int, *, confidence: float = 0.95) -> tuple[float, float]:
    """Return Wilson's score interval for a proportion.

    Unlike the normal approximation it stays inside 0 to 1 and keeps its coverage when the
    total is small or the share is 0 or 1, which is the rule with a handful of inspected units.

    Args:
        successes: Units with the property.
        total: Units looked at; with 0 nothing is known and the interval is (0, 1).
        confidence: Between 0 and 1, both excluded.

    Returns:
        Lower and upper end, both from 0 to 1.

    Raises:
        SettingsError: `successes` is not within 0 to `total`, or `confidence` not within 0 to 1.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference,
    Journal of the American Statistical Association 22 (1927); R. G. Newcombe, Two-sided
    confidence intervals for the single proportion, Statistics in Medicine 17 (1998), method 3.
    """
    if not 0 <= successes <= total:
        raise SettingsError(
            f"wilson: {successes} successes of {total}; expected 0 <= successes <= total"
        )
    if not 0 < confidence < 1:
        raise SettingsError(f"wilson: confidence is {confidence}; expected between 0 and 1")
    if total == 0:
        return 0.0, 1.0
    z2 = NormalDist().inv_cdf((1 + confidence) / 2) ** 2
    share = successes / total
    centre = share + z2 / (2 * total)
    reach = math.sqrt(z2 * (share * (1 - share) / total + z2 / (4 * total * total)))
    low = 0.0 if successes == 0 else max(0.0, (centre - reach) / (1 + z2 / total))
    high = 1.0 if successes == total else min(1.0, (centre + reach) / (1 + z2 / total))
    return low, high


def newcombe(
    successes: int, total: int, other_successes: int, other_total: int, *, confidence: float = 0.95
) -> tuple[float, float]:
    """Give the interval of the difference between two independent proportions.

    Args:
        successes: Of the first sample.
        total: Size of the first sample; at least one.
        other_successes: Of the second sample.
        other_total: Size of the second sample; at least one.
        confidence: Between 0 and 1, both excluded.

    Returns:
        Lower and upper end of first minus second, between -1 and 1.

    Raises:
        SettingsError: A count or the confidence is out of range.

    Source: R. G. Newcombe (1998), Interval estimation for the difference between independent
    proportions: comparison of eleven methods, Statistics in Medicine 17, 873-890, method 10
    (hybrid score interval without continuity correction).
    """
    if total == 0 or other_total == 0:
        raise SettingsError(
            f"newcombe: samples of {total} and {other_total}; expected at least one in each"
        )
    low, high = wilson(successes, total, confidence=confidence)
    other_low, other_high = wilson(other_successes, other_total, confidence=confidence)
    first, second = successes / total, other_successes / other_total
    down = math.hypot(first - low, other_high - second)
    up = math.hypot(high - first, second - other_low)
    return first - second - down, first - second + up


def fisher(successes: int, total: int, other_successes: int, other_total: int) -> float:
    """Give the chance of a split at least as uneven, were the same successes dealt out at random.

    Of a handful the interval of the difference is too narrow: what one unit has, and one of eight
    others, is so split in two of nine deals.

    Args:
        successes: Of the first sample.
        total: Size of the first sample.
        other_successes: Of the second sample.
        other_total: Size of the second sample.

    Source: R. A. Fisher, The logic of inductive inference, Journal of the Royal Statistical
    Society 98 (1935): the exact test, with two sides.
    """
    both = successes + other_successes

    def weight(k: int) -> float:
        parts = ((total, k), (other_total, both - k))
        return sum(
            math.lgamma(n + 1) - math.lgamma(x + 1) - math.lgamma(n - x + 1) for n, x in parts
        )

    own = weight(successes)
    deals = [weight(k) - own for k in range(max(0, both - other_total), min(total, both) + 1)]
    rarer = sum(math.exp(deal) for deal in deals if deal < 1e-9)  # equal but for rounding counts
    return rarer / (rarer + sum(math.exp(min(deal, 700.0)) for deal in deals if deal >= 1e-9))
