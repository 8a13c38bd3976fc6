"""Direction: whether a share speaks for good or for poor practice.

`Oversight was insufficient in 62 per cent of cases` and `sufficient in 38 per cent` say the same.
The clause around the figure is searched for cue words; the list that the finding stands in is the
prior. Where the two disagree or no cue stands, the confidence is low and no share of good practice
is offered: a wrong comparison is worse than none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipelines.mine.cues import cues, holds
from pipelines.mine.proportions.figure import Figure
from pipelines.numbers import number_words
from pipelines.records import Polarity

CONFIDENT: Final = 0.8
"""From here on a share of good practice is offered for comparison."""

NEUTRAL: Final = "neutral"

_BREAKS: Final = frozenset(
    {";", ":", ".", "!", "?", "however", "although", "but", "whilst", "while"}
)
_RELATIVES: Final = frozenset({"where", "who", "which", "when", "whose", "that"})
_SAYING: Final = frozenset(
    {"said", "told", "us", "felt", "thought", "reported", "agreed", "believed", "knew", "stated"}
)
_LOW: Final = frozenset({"only", "just", "few", "mere"})
_JOINTS: Final = frozenset({"and", ",", ";", "or", "against", "while", "with"})
_NEEDS: Final = ("problem", "difficult", "issue", "barrier", "unmet")
_SCOPED: Final = frozenset({"in", "for", "among", "with", "where"})
_PASSIVE: Final = frozenset({"in", "by", "with"})  # practitioners involved in it
_SCOPE: Final = 4
_REACH: Final = 8  # so many words further away, a firm cue still beats a weak one


@dataclass(frozen=True, slots=True)
class Direction:
    """What a share speaks for.

    Attributes:
        name: `good`, `poor`, `neutral` where it is not practice, or None where nothing tells.
        confidence: 0 to 1.
        benchmark: The share is of something else, given to compare with.
    """

    name: str | None
    confidence: float
    benchmark: bool = False

    def good_share(self, value: float) -> float | None:
        """Return the share of good practice, or None where it is not known with confidence."""
        if self.name not in ("good", "poor") or self.confidence < CONFIDENT or self.benchmark:
            return None
        return value if self.name == "good" else 1 - value


def direction(
    words: list[str],
    figure: Figure,
    others: list[Figure],
    spans: list[tuple[int, int]],
    polarity: str,
) -> Direction:
    """Decide what a figure speaks for.

    Args:
        words: Lower-case words of the finding.
        figure: The claim.
        others: All claims of the finding: a clause ends where the next one's begins.
        spans: Sentences of the finding.
        polarity: Of the finding.
    """
    first, last = _own(words, figure, others, *_clause(words, figure, spans))
    benchmark = _is_benchmark(words, figure, first)
    firm, weak = _cues(words, figure, first, last)
    if (place := _neutral(words, figure, first, last)) is not None and not any(
        distance < place for distance, _ in firm
    ):
        return Direction(NEUTRAL, CONFIDENT, benchmark)
    prior = 1 if polarity == Polarity.STRENGTH else -1
    nearest = [min(found) for found in (firm, weak) if found]
    if not nearest:
        return Direction(None, 0.0, benchmark)
    near_firm = bool(firm) and nearest[0][0] <= nearest[-1][0] + _REACH
    side = (nearest[0] if near_firm else nearest[-1])[1]
    confidence = _confidence(words, figure, side, prior)
    if any(other != side for _, other in firm):
        confidence -= 0.3
    return Direction("good" if side > 0 else "poor", round(confidence, 2), benchmark)


def carried_on(
    words: list[str], earlier: Figure, said: Direction, figure: Figure
) -> Direction | None:
    """Return what a figure speaks for that only goes on: `51 per cent, and planning in 44`.

    Args:
        words: Lower-case words of the finding.
        earlier: The claim before it.
        said: What that one speaks for.
        figure: The claim whose own clause has no cue.

    Returns:
        None where it does not go on in the same way at once.
    """
    between = words[earlier.last : figure.lead]
    joined = bool(between) and between[-1] in ("in", "for") and len(between) <= _REACH
    if said.name is None or said.benchmark or not joined or _BREAKS & set(between):
        return None
    return said


def _clause(words: list[str], figure: Figure, spans: list[tuple[int, int]]) -> tuple[int, int]:
    """Return the words that the figure speaks of.

    A figure that opens its clause (`In 62 per cent of cases, oversight was ...`) speaks of what
    follows the comma; any other stops at the comma or the relative clause after it.
    """
    first, last = next(span for span in spans if span[0] <= figure.first < span[1])
    for at in range(figure.lead - 1, first - 1, -1):
        if words[at] in _BREAKS or words[at - 1 : at + 1] in (["of", "whom"], ["of", "which"]):
            first = at + 1
            break
    opens = words[max(first, figure.lead - 1)] in ("in", "for", "among") and (
        figure.lead - first <= 3 or words[figure.lead - 2] in (",", "and", "that")
    )
    if words[figure.lead - 1] == "(" and "," not in words[first : figure.lead]:
        opens = words[first] == "in"  # in over a third of cases (35 per cent), reviews did not
    # `Most posts, 62 per cent, were vacant`: the clause goes on behind the figure's own commas.
    apposed = figure.lead > first and words[figure.lead - 1] == ","
    commas = 1 + (opens or apposed)
    for at in range(figure.last, last):
        commas -= words[at] == ","
        relative = words[at] in _RELATIVES and words[at - 1] not in _SAYING
        if words[at] in _BREAKS or not commas or (relative and not opens):
            return first, at
    return first, last


def _own(
    words: list[str], figure: Figure, others: list[Figure], first: int, last: int
) -> tuple[int, int]:
    """Shorten a clause to what lies between the joints towards the claims beside it."""
    for other in others:
        between = range(other.last, figure.lead)
        if first <= other.first < figure.first:
            first = next((at + 1 for at in between if words[at] in _JOINTS), first)
        between = range(other.lead - 1, figure.last - 1, -1)
        if figure.last <= other.first < last:
            last = next((at for at in between if words[at] in _JOINTS), last)
    return first, last


def _cues(
    words: list[str], figure: Figure, first: int, last: int
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return the firm and the weak cues of a clause, each as (distance, side).

    A cue that only says that something was done is weak: `services delivered were not aimed at`.
    """
    known = cues()
    firm: list[tuple[int, int]] = []
    weak: list[tuple[int, int]] = []
    turned: set[int] = set()
    own = range(figure.lead, figure.last)
    for at in range(first, last):
        side = known.side(words[at], words[at - 1] if at else "")
        if not side or at in own or _describes(words, at):
            continue
        distance = figure.lead - at if at < figure.lead else at - figure.last + 1
        near = range(max(first, at - _SCOPE), at)
        scope = [i for i in near if words[i] in known.negations and i not in own]
        if scope or words[max(first, at - 2) : at] == ["non", "-"]:
            turned.update(scope)
            firm.append((distance, -side))
        elif holds(known.done, words[at]):
            if words[at + 1 : at + 2] == ["up"] or "before" in words[at + 1 : at + 2 + _SCOPE]:
                continue  # the staff group was made up of; completed before replies had come
            weak.append((distance, side))
        else:
            firm.append((distance, side))
    for at in range(first, last):
        spoken_for = at in turned or at in own or words[max(0, at - 1)] == "too"
        if words[at] in known.negations and not spoken_for:
            distance = figure.lead - at if at < figure.lead else at - figure.last + 1
            firm.append((distance, -1))
    return firm, weak


def _neutral(words: list[str], figure: Figure, first: int, last: int) -> int | None:
    """Return how far from the figure it is said that it is not practice; None where it is not.

    It is where it tells what people are or asked for, or how a whole is made up.
    """
    known = cues().neutral
    before = words[max(first, figure.lead - 2) : figure.lead]
    if any(before[-len(run) :] == list(run) for run in known.composed):
        return 1
    if words[max(0, figure.lead - 1)] in _SCOPED:
        return None  # in 40 per cent of cases, practitioners asked: the cases are not people
    for at in range(figure.last, min(last, figure.last + _REACH)):
        word, earlier = words[at], words[at - 1]
        distance = at - figure.last + 1
        if word in _SCOPED and at > figure.last + 1:
            return None
        after = words[at + 1 : at + 2]
        wished = word in known.wishes and not set(after) & known.wishes_not
        if (wished or (word in known.wishes_to and after == ["to"])) and earlier not in known.be:
            return distance
        of_cases = at == figure.last or earlier == ")" or earlier in known.cases
        if of_cases and word in known.contain and not set(after) & _PASSIVE:
            return None if _judges(words, at + 1, last) else distance
        if word in known.be:
            told = words[at + 1 : min(last, at + 4)]
            trait = next((i for i, w in enumerate(told) if w in known.traits), None)
            if trait is not None and not any(cues().side(w, "") for w in told[:trait]):
                return distance
    return None


def _judges(words: list[str], first: int, last: int) -> bool:
    """Whether words tell how well something was done: `involved other agencies sufficiently`."""
    known = cues()
    return any(
        known.side(words[at], words[at - 1])
        and not holds(known.done, words[at])
        and not _describes(words, at)
        for at in range(first, last)
    )


def _describes(words: list[str], at: int) -> bool:
    """Whether a cue tells who the share is of: `those with a drug problem`."""
    return "with" in words[max(0, at - _SCOPE) : at] and words[at].startswith(_NEEDS)


def _confidence(words: list[str], figure: Figure, side: int, prior: int) -> float:
    """Rate how sure the side is, from cue, list and the size of the share.

    A share that a list of strengths states of good practice, or a list of areas for improvement
    of poor practice, is as expected. A share of good practice among areas for improvement is
    believed where it is called low (`only`, `just`, `less than`) or is; one of poor practice
    among strengths where it is small.
    """
    if side == prior:
        return 0.95
    low = bool(_LOW & set(words[max(0, figure.lead - 3) : figure.lead])) or (
        figure.comparator == "lt"
    )
    if side > 0:
        return 0.9 if low or figure.value <= 0.5 else 0.8
    return 0.85 if low or figure.value <= 0.35 else 0.5


def _is_benchmark(words: list[str], figure: Figure, first: int) -> bool:
    known = number_words()
    before = words[max(first, figure.lead - 5) : figure.lead]
    after = words[figure.last : figure.last + 1]
    named = any(word in known.benchmarks for word in before)
    compared = "target" in before or any(word in known.compared for word in before)
    return (named and compared) or after in (["target"], ["benchmark"], ["nationally"])
