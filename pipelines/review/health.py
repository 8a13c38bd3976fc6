"""The health of labels: what looks wrong, thin, overlapping, doubled or adrift."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import Final

import numpy as np

from pipelines import columns as c
from pipelines.answers.events import THEME, YES
from pipelines.answers.standing import Verdict
from pipelines.codebook import load_codebook
from pipelines.errors import ArtefactError
from pipelines.review.session import Session
from pipelines.tag import tag_tables
from pipelines.tag.models.registry import learned_by, load_model, model_folders

_WRONG: Final = 0.05  # probability under which a yes, or over 1 minus which a no, is suspected
_THIN: Final = 5  # findings under which a theme can hardly be learned
_BROAD: Final = 0.4  # share of findings over which a theme says little
_OVERLAP: Final = 0.6  # of two themes' findings that are the same
_ALIKE: Final = 0.9  # cosine of two texts that say the same
_LISTED: Final = 20
_DRIFT: Final = 0.1
_Verdicts = dict[tuple[str, str], Verdict]
_Thought = dict[tuple[str, str], float]
_ASKED: Final = (c.FINDING_ID, c.THEME, c.PROBABILITY)


def check_health(session: Session) -> list[str]:
    """Look through the answers on a run.

    Returns:
        Sentences for people, the worst first in each kind; one that all is well if there are none.
    """
    given = _given(session)
    verdicts = {
        (digest, slug): verdict
        for (digest, level, slug), verdict in session.standing.verdicts.items()
        if level == THEME and digest in session.rows
    }
    thought = _unlearned(session, {digest for digest, _ in verdicts})
    out = [
        *_suspected(session, verdicts, thought),
        *_sizes(given),
        *_overlaps(given),
        *_doubles(session, given),
        *_drift(session, verdicts, thought),
    ]
    return out or ["nothing stands out"]


def _given(session: Session) -> dict[str, frozenset[str]]:
    """Return the themes of the findings that were labelled whole."""
    out: dict[str, set[str]] = {
        digest: set() for digest, level in session.standing.whole if level == THEME
    }
    for (digest, level, slug), verdict in session.standing.verdicts.items():
        if level == THEME and digest in out and verdict.answer == YES:
            out[digest].add(slug)
    return {digest: frozenset(slugs) for digest, slugs in out.items()}


def _suspected(session: Session, verdicts: _Verdicts, thought: _Thought) -> list[str]:
    """List answers that a model which did not learn from them finds all but impossible."""
    found = []
    for (digest, slug), verdict in verdicts.items():
        likely = thought.get((digest, slug))
        if likely is None:
            continue
        against = 1 - likely if verdict.answer == YES else likely
        if against > 1 - _WRONG:
            found.append((against, session.ids[session.rows[digest][0]], slug, verdict.answer))
    found.sort(reverse=True)
    lines = [
        f"suspected: {name}: {answer} to {slug}, which the model gives {share:.0%} against"
        for share, name, slug, answer in found[:_LISTED]
    ]
    if len(found) > _LISTED:
        lines.append(f"suspected: {len(found) - _LISTED} more")
    if left := len({digest for digest, _ in verdicts} - {digest for digest, _ in thought}):
        lines.append(
            f"not suspected: every model at hand learned from the labels of {left} findings, so "
            "none can doubt them"
        )
    return lines


def _unlearned(session: Session, asked: set[str]) -> _Thought:
    """Return how probable themes are to models that were not trained on their finding.

    That is the run's model; where it was trained on a finding, the newest other that was not.

    Args:
        session: Of the run.
        asked: Digests of the findings.
    """
    out: dict[tuple[str, str], float] = {}
    findings = session.tables["findings"]
    left = {digest: session.rows[digest][0] for digest in sorted(asked)}
    for label in (session.model, *reversed(model_folders())):
        learned = learned_by(label)
        mine = {session.ids[row]: digest for digest, row in left.items() if digest not in learned}
        if not mine:
            continue
        if label == session.model:
            tags = session.tables["tags"]
        else:
            some = findings.loc[findings[c.FINDING_ID].isin(list(mine))]
            try:
                tags = tag_tables(some, model=load_model(label))["tags"]
            except ArtefactError:  # of another codebook, say
                continue
        chosen = tags.loc[tags[c.FINDING_ID].isin(list(mine))]
        for name, slug, likely in zip(*(chosen[n] for n in _ASKED), strict=True):
            out[mine[str(name)], str(slug)] = float(likely)
        left = {digest: row for digest, row in left.items() if digest in learned}
    return out


def _sizes(given: dict[str, frozenset[str]]) -> list[str]:
    counts = Counter(slug for slugs in given.values() for slug in slugs)
    if len(given) < 10 * _THIN:
        return []
    thin = [slug for slug in load_codebook().slugs if counts[slug] < _THIN]
    broad = [slug for slug, n in counts.items() if n > _BROAD * len(given)]
    return [
        *(f"thin: {slug} has {counts[slug]} labelled findings" for slug in thin),
        *(f"broad: {slug} is in {counts[slug]} of {len(given)} findings" for slug in broad),
    ]


def _overlaps(given: dict[str, frozenset[str]]) -> list[str]:
    counts = Counter(slug for slugs in given.values() for slug in slugs)
    both = Counter(pair for slugs in given.values() for pair in combinations(sorted(slugs), 2))
    return [
        f"overlap: {one} and {two} stand together in {n} findings, most of either's"
        for (one, two), n in both.most_common()
        if n >= _THIN and n > _OVERLAP * max(counts[one], counts[two])
    ]


def _doubles(session: Session, given: dict[str, frozenset[str]]) -> list[str]:
    """List findings that say nearly the same and were labelled otherwise."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    rows = {digest: row for row, digest in enumerate(session.digests)}
    known = [digest for digest in sorted(given) if digest in rows]
    if len(known) < 2:
        return []
    texts = [str(session.tables["findings"][c.TEXT].iloc[rows[digest]]) for digest in known]
    matrix = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4)).fit_transform(texts)
    out = []
    for at in range(len(known)):
        near = (matrix[at] @ matrix[at + 1 :].T).toarray()[0] if at + 1 < len(known) else []
        for other in np.flatnonzero(np.asarray(near) > _ALIKE):
            one, two = known[at], known[at + 1 + int(other)]
            if given[one] != given[two]:
                differ = ", ".join(sorted(given[one] ^ given[two]))
                names = f"{session.ids[rows[one]]} and {session.ids[rows[two]]}"
                out.append(f"doubled: {names} say nearly the same; they differ on {differ}")
    return out[:_LISTED]


def _drift(session: Session, verdicts: _Verdicts, thought: _Thought) -> list[str]:
    """Say where a model errs more on these findings than its probabilities allow for."""
    expected: dict[str, float] = {}
    found: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for (digest, slug), verdict in verdicts.items():
        likely = thought.get((digest, slug))
        if likely is not None and (digest, THEME) in session.standing.whole:
            expected[slug] = expected.get(slug, 0.0) + likely
            found[slug] += verdict.answer == YES
            asked[slug] += 1
    out = []
    for slug in sorted(asked):
        n = asked[slug]
        gap = (found[slug] - expected[slug]) / n
        spread = 2 * float(np.sqrt(max(expected[slug] / n * (1 - expected[slug] / n), 0.01) / n))
        if n >= 10 * _THIN and abs(gap) > max(spread, _DRIFT / 2):
            out.append(
                f"drift: {slug}: people give it to {found[slug]} of {n} findings, the model "
                f"expects {expected[slug]:.0f}; label more of it and train"
            )
    return out
