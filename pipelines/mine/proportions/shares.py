"""Shares: every proportion that a finding states, one row a claim.

What counts: percentages; `N out of M`, `N of the M`, `N/M` in brackets; `one in five`; halves,
thirds, quarters and the like of something; a count after `Of the 14 cases, ...` or `of these`.
Rates of a whole count too (vacancies, attrition, a national average given to compare with).

What does not: dates, ages, durations, money, scores, counts without a whole, words without a
figure (`most`), and changes (`a 12 per cent rise in referrals`, `fell by 5 per cent`), which are no
part of a whole. The exception is the inspectorate's way of stating an outcome judged case by case
(`a 40 per cent reduction in factors linked to harm`): that is the share of cases with the outcome.

A proportion said twice over in one breath (`less than half (47 per cent)`, `73 per cent (eight out
of 11)`) is one claim, with the more exact value as printed.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

import pandas as pd

from pipelines import columns as c
from pipelines.lexis import Matched
from pipelines.mine.parts import spread
from pipelines.mine.proportions.direction import Direction, carried_on, direction
from pipelines.mine.proportions.figure import Figure
from pipelines.mine.proportions.figures import figures
from pipelines.mine.proportions.patterns import match_shares, words_of
from pipelines.mine.proportions.wholes import add_wholes, sentences
from pipelines.numbers import number_words
from pipelines.tables import frame

_COUNTED: Final = frozenset({"out of", "of", "slash", "in"})
_EXACT: Final = ("percent", "counted", "range", "fraction")
_APPOSED: Final = frozenset({",", "or", "-", "–", "—", ":", "("})
_AT_ONCE: Final = 1_000  # findings of a part
_NUMBER = r"(?:\d|" + "|".join(sorted(number_words().cardinals)) + r")"
_SIGNS = "".join(number_words().signs)
_HINT = re.compile(
    rf"[%％﹪]|cent\b|\d ?p\.?ct?\b|[{_SIGNS}]"
    r"|\b(?:hal(?:f|ves)|thirds?|quarters?|fifths?|sixths?|eighths?|tenths?)\b|\d[/⁄∕]\d"
    rf"|\bof (?:these|those|them|which|whom)\b|\b(?:of|in)[\s-]+(?:\w+\s+){{0,4}}{_NUMBER}",
    re.IGNORECASE,
)  # nearly all findings without a share are told by it, at a hundredth of the cost


def shares(findings: pd.DataFrame, *, jobs: int = 1) -> pd.DataFrame:
    """Find the proportions that findings state.

    Args:
        findings: Needs finding_id, text and polarity.
        jobs: Processes that the findings are spread over.

    Returns:
        The table shares, ordered by finding and place; `start` and `end` are offsets in the
        finding's text.
    """
    ordered = findings.sort_values(c.FINDING_ID)
    listed = list(zip(ordered[c.FINDING_ID], ordered[c.TEXT], ordered[c.POLARITY], strict=True))
    parts = (listed[at : at + _AT_ONCE] for at in range(0, len(listed), _AT_ONCE))
    return frame("shares", [row for rows in spread(_rows, parts, jobs=jobs) for row in rows])


def _rows(findings: list[tuple[str, str, str]]) -> list[dict[str, object]]:
    """Return one row per claim of findings, which come as id, text and polarity."""
    return [
        {
            c.FINDING_ID: finding_id,
            c.TEXT: text[start:end],
            c.START: start,
            c.END: end,
            c.VALUE: figure.value,
            c.NUMERATOR: figure.numerator,
            c.DENOMINATOR: figure.denominator,
            c.COMPARATOR: figure.comparator,
            c.BENCHMARK: said.benchmark,
            c.DIRECTION: said.name,
            c.CONFIDENCE: said.confidence,
            c.GOOD_SHARE: said.good_share(figure.value),
        }
        for finding_id, text, polarity in findings
        for start, end, figure, said in claims(text, polarity)
    ]


def claims(text: str, polarity: str) -> list[tuple[int, int, Figure, Direction]]:
    """Return a text's claims: start and end offset, the figure, and what it speaks for."""
    if not _HINT.search(text):
        return []
    matched = match_shares(text)
    words = [word.lower for word in matched.words]
    spans = sentences(words)
    found = _merged(add_wholes(words, figures(matched), spans), words, spans)
    out: list[tuple[int, int, Figure, Direction]] = []
    for figure in found:
        said = direction(words, figure, found, spans, polarity)
        if said.name is None and not said.benchmark and out:
            said = carried_on(words, out[-1][2], out[-1][3], figure) or said
        out.append((*_offsets(matched, figure), figure, said))
    return out


def _offsets(matched: Matched, figure: Figure) -> tuple[int, int]:
    return matched.words[figure.lead].start, matched.words[figure.last - 1].end


def _merged(found: list[Figure], words: list[str], spans: list[tuple[int, int]]) -> list[Figure]:
    """Make one claim of what is said twice in one breath."""
    out: list[Figure] = []
    absorbed: set[int] = set()
    for at, figure in enumerate(found):
        earlier = _said_before(found[:at], figure, words, spans)
        if earlier is None:
            out.append(figure)
            continue
        position = found.index(earlier)
        joined = _join(earlier, figure, words, first=position not in absorbed)
        absorbed.add(position)
        if earlier in out:
            out[out.index(earlier)] = joined
        else:
            out.append(joined)
    return sorted(out, key=lambda f: f.first)


def _said_before(
    before: list[Figure], figure: Figure, words: list[str], spans: list[tuple[int, int]]
) -> Figure | None:
    """Return the figure of the same sentence that this one only says again."""
    mark = words[figure.lead - 1] if figure.lead else ""
    if mark not in _APPOSED and mark != ";":
        return None
    sentence = next(span for span in spans if span[0] <= figure.first < span[1])
    for earlier in reversed(before):
        if earlier.first < sentence[0]:
            return None
        if mark == ";" and (earlier.last != figure.lead - 1 or words[earlier.lead - 1] != "("):
            return None  # only in one pair of brackets
        if _kind(earlier) == _kind(figure):
            if _kind(figure) == "percent" and mark == "(":
                continue  # `over two-thirds of cases ... (79 per cent) or ... (71 per cent)`
            return None
        agree = _agree(earlier, figure)
        if mark == "(" or earlier.last + 6 > figure.lead:
            return earlier if agree else None
    return None


def _kind(figure: Figure) -> str:
    return "counted" if figure.kind in _COUNTED else figure.kind


def _agree(loose: Figure, exact: Figure) -> bool:
    """Whether the second figure can be what the first one says."""
    distance = exact.value - loose.value
    if loose.comparator == "lt":
        return -0.25 <= distance <= 0.001
    if loose.comparator == "gt":
        return -0.001 <= distance <= 0.25
    if loose.comparator == "approx":
        return abs(distance) <= 0.08
    return abs(distance) <= (0.04 if "fraction" in (loose.kind, exact.kind) else 0.0075)


def _join(loose: Figure, exact: Figure, words: list[str], *, first: bool) -> Figure:
    """Return the claim of two figures that agree: a percentage's value, a count's parts."""
    counts = exact if exact.denominator and exact.numerator is not None else loose
    valued = min((exact, loose), key=lambda figure: _EXACT.index(_kind(figure)))
    near = first and exact.lead - loose.last <= 3
    closing = (
        exact.last < len(words)
        and words[exact.last] == ")"
        and "(" in words[loose.last : exact.lead]
    )
    return replace(
        valued,
        first=loose.first if near else exact.first,
        lead=loose.lead if near else exact.lead,
        last=exact.last + 1 if near and closing else exact.last,
        numerator=counts.numerator,
        denominator=counts.denominator,
        comparator=exact.comparator if valued is exact else loose.comparator,
    )


def sentence_of(text: str, start: int) -> str:
    """Return the sentence of the text that the offset stands in."""
    words = words_of(text)
    for first, last in sentences([word.lower for word in words]):
        if words[last - 1].end > start:
            return text[words[first].start : words[last - 1].end]
    return text
