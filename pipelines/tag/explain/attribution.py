"""Why a finding was given its themes and issues: what each word adds to their log-odds.

What words score is linear and so is the calibration, so the contributions are exact: a slug's
parts, what the encoder says of the whole, the hint of the section, what rivals take off and the
base add up to the log-odds whose logistic is the probability shown. A slug's score by its words is
a mix of that of the finding's best sentence and that of the whole finding, and so are the parts.
Themes and issues are explained alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines import columns as c
from pipelines.catalogue import load_catalogue
from pipelines.codebook import load_codebook
from pipelines.errors import check_kind
from pipelines.lexis import Annotated
from pipelines.records import Polarity
from pipelines.shortforms import annotate_in_context
from pipelines.tag.concession import conceded
from pipelines.tag.explain.contributions import Span, Weighed, contributions
from pipelines.tag.explain.explanation import Explanation
from pipelines.tag.explain.reasons import Part, Reason
from pipelines.tag.features.pipeline import Pieces
from pipelines.tag.models.decide import SUGGESTED
from pipelines.tag.models.follow import UNUSED, Decided
from pipelines.tag.models.model import ISSUES, LEVELS, THEMES, Model
from pipelines.tag.models.registry import load_model
from pipelines.tag.models.sections import sections_of
from pipelines.tag.predict import BATCH, texts_of, uncollected

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix


def explain(
    text: str,
    *,
    model: Model | None = None,
    polarity: str = "",
    section: str = "",
    context: Mapping[str, str] | None = None,
) -> Explanation:
    """Explain the themes and issues of a finding's text.

    Args:
        text: The finding.
        model: The one in use where none is given.
        polarity: `strength` or `area_for_improvement`; chooses the names of the issues, which have
            both where it is not known. An issue that a finding of this polarity only concedes has
            its other name.
        section: Title of the standard or heading that it stands under.
        context: What its document says that short forms stand for; see
            `shortforms.own_by_document`.

    Raises:
        ArtefactError: The model in use cannot be loaded.
        SettingsError: It is no text.
    """
    check_kind("text", text, str, "the text of one finding, as finding.text")
    text = str(text)  # numpy's text is text too, but not to the tokenizer
    used = model if model is not None else load_model()
    scored = _Scored.of([text], used, [context or {}])
    where = sections_of([section], [None])
    names = {
        THEMES: load_codebook().names,
        ISSUES: {s.slug: s.named(polarity) for s in load_catalogue().subjects},
    }
    words = {
        level: scored.pieces.pool(scored.scores[level], whole=used.whole(level)) for level in LEVELS
    }
    mixed = used.mixed(words, [text], [context or {}])
    found = {
        level: _reasons(text, scored, (words[level], mixed[level]), level, names[level], where)
        for level in LEVELS
    }
    issues = found[ISSUES]
    if polarity in set(Polarity):
        issues = _with_concessions(text, polarity, issues, used)
    return Explanation(text, used.label, found[THEMES], issues)


def _with_concessions(
    text: str, polarity: str, issues: tuple[Reason, ...], model: Model
) -> tuple[Reason, ...]:
    """Suggest what is conceded under its other pole, as `predict.tag_tables` does."""
    said = Decided(
        tuple(reason.slug for reason in issues),
        np.asarray([[reason.probability for reason in issues]], dtype=float),
        np.asarray([[reason.assigned for reason in issues]], dtype=bool),
        np.asarray([[reason.certainty for reason in issues]], dtype=object),
        np.asarray([[reason.uncertain for reason in issues]], dtype=bool),
    )
    found = conceded([text], [polarity], said, model=model)[0]
    other = str(Polarity(polarity).other)
    return tuple(
        replace(
            reason,
            name=load_catalogue().subject(reason.slug).name(other),
            assigned=False,
            certainty=SUGGESTED,
            conceded=True,
        )
        if given_up
        else reason
        for reason, given_up in zip(issues, found.tolist(), strict=True)
    )


def _reasons(
    text: str,
    scored: _Scored,
    scores_of: tuple[NDArray[np.float64], NDArray[np.float64]],
    level: str,
    names: Mapping[str, str],
    sections: Sequence[str],
) -> tuple[Reason, ...]:
    head = scored.model.head(level)
    decision = head.decision
    every = np.arange(len(head.slugs))
    weighed = scored.weigh(np.zeros_like(every), every, level)
    words, scores = scores_of
    probabilities = head.probabilities(scores, sections)
    assigned = decision.assigned(probabilities)[0]
    certainty = decision.certainty(probabilities)[0]
    uncertain = decision.uncertain(probabilities)[0]
    hints = np.broadcast_to(np.asarray(head.hints.rows(sections)), probabilities.shape)[0]
    slopes, offsets = head.slopes, np.asarray(decision.offsets)
    rivals = -decision.rivals(scores)[0] * slopes
    log_odds = scores[0] * slopes + offsets + hints + rivals
    bases = head.words_share * head.intercepts * slopes + offsets
    encoder = (scores[0] - head.words_share * words[0]) * slopes
    reasons = tuple(
        Reason(
            slug=slug,
            name=names.get(slug, slug),
            probability=float(probabilities[0, n]),
            assigned=bool(assigned[n]),
            certainty=certainty[n],
            uncertain=bool(uncertain[n]),
            log_odds=float(log_odds[n]),
            base=float(bases[n]),
            section=float(hints[n]),
            rivals=float(rivals[n]),
            encoder=float(encoder[n]),
            claim=_extent(scored.pieces.flat[scored.best[level][0, n]], text),
            parts=_parts(text, weighed, n),
        )
        for n, slug in enumerate(head.slugs)
        if slug != UNUSED
    )
    best: dict[str, Reason] = {}  # of slugs that were merged, the more probable
    for reason in reasons:
        held = best.get(reason.slug)
        if held is None or reason.probability > held.probability:
            best[reason.slug] = reason
    return tuple(best.values())


def explain_findings(
    findings: pd.DataFrame,
    tags: pd.DataFrame,
    *,
    model: Model | None = None,
    contexts: Sequence[Mapping[str, str]] | None = None,
    most: int = 8,
) -> pd.DataFrame:
    """Return the table `explanations`: the strongest words of each theme that was given.

    Args:
        findings: The table `findings`.
        tags: The table `tags` of the same findings.
        model: The one in use where none is given.
        contexts: As `predict.tag_tables` was given them.
        most: Parts a finding and theme.
    """
    import pandas as pd

    from pipelines.tables import conform

    used = model if model is not None else load_model()
    places: dict[str, list[int]] = defaultdict(list)
    for number, theme in enumerate(used.themes.slugs):
        places[theme].append(number)
    given: dict[str, set[int]] = defaultdict(set)
    rows = tags[tags[c.ASSIGNED]]
    for finding_id, theme in zip(rows[c.FINDING_ID], rows[c.THEME], strict=True):
        given[finding_id].update(places.get(theme, ()))
    texts = texts_of(findings)
    ids = findings[c.FINDING_ID].tolist()
    own = contexts if contexts is not None else [{}] * len(texts)
    out: dict[str, list[Any]] = {
        name: [] for name in (c.FINDING_ID, c.THEME, c.START, c.END, c.TEXT, c.WEIGHT)
    }
    with uncollected():
        for first in range(0, len(texts), BATCH):
            batch = slice(first, first + BATCH)
            _strongest(ids[batch], texts[batch], own[batch], given, out, used, most)
    return conform("explanations", pd.DataFrame(out))


def _strongest(
    ids: Sequence[str],
    texts: Sequence[str],
    contexts: Sequence[Mapping[str, str]],
    given: Mapping[str, set[int]],
    out: dict[str, list[Any]],
    model: Model,
    most: int,
) -> None:
    """Add the strongest parts of a batch of findings' given themes to the columns of `out`."""
    pairs = [(n, theme) for n, name in enumerate(ids) for theme in sorted(given.get(name, ()))]
    if not pairs:
        return
    finding, theme = np.asarray(pairs).T
    found = _Scored.of(texts, model, contexts).weigh(finding, theme, THEMES)
    size = np.abs(found.weight)
    nothing = found.weight == 0.0
    order = np.lexsort((found.end, -found.weight, found.start, -size, nothing, found.pair))
    firsts = np.searchsorted(found.pair, found.pair)  # sorted by pair before and after
    kept = order[(np.arange(len(order)) - firsts < most) & ~nothing[order]]
    starts, ends = found.start[kept].tolist(), found.end[kept].tolist()
    owners = finding[found.pair[kept]].tolist()
    out[c.FINDING_ID] += [ids[n] for n in owners]
    out[c.THEME] += [model.themes.slugs[n] for n in theme[found.pair[kept]].tolist()]
    out[c.START] += starts
    out[c.END] += ends
    out[c.TEXT] += [texts[n][a:b] for n, a, b in zip(owners, starts, ends, strict=True)]
    out[c.WEIGHT] += np.round(found.weight[kept], 4).tolist()


@dataclass(frozen=True)
class _Scored:
    """Texts with the scores of their pieces.

    Attributes:
        scores: By level, (pieces, slugs), before calibration.
        best: By level, (texts, slugs): the piece that is the best claim.
    """

    model: Model
    pieces: Pieces
    matrix: csr_matrix
    scores: dict[str, NDArray[np.float64]]
    best: dict[str, NDArray[np.int64]]

    @classmethod
    def of(
        cls, texts: Sequence[str], model: Model, contexts: Sequence[Mapping[str, str]]
    ) -> _Scored:
        """Score the pieces of texts."""
        pieces = Pieces.of(annotate_in_context(texts, contexts))
        matrix, meanings = model.matrix(pieces.flat)
        scores = {level: model.head(level).scores(matrix, meanings) for level in LEVELS}
        best = {level: pieces.best(found) for level, found in scores.items()}
        return cls(model, pieces, matrix, scores, best)

    def weigh(self, finding: NDArray[np.int64], theme: NDArray[np.int64], level: str) -> Weighed:
        """Weigh the places of texts for slugs of a level; n pairs are given as two arrays.

        A text's score mixes that of its best claim and of the whole: so do its places' weights.
        """
        pair = np.arange(len(finding))
        pieces = np.concatenate([self.best[level][finding, theme], self.pieces.wholes[finding]])
        chosen, at = np.unique(pieces, return_inverse=True)
        parts = [self.pieces.flat[n] for n in chosen.tolist()]
        head = self.model.head(level)
        found = contributions(parts, self.matrix[chosen], model=self.model, head=head)
        whole = self.model.whole(level)
        return found.weigh(
            pair=np.concatenate([pair, pair]),
            claim=at,
            theme=np.concatenate([theme, theme]),
            factor=np.repeat([1.0 - whole, whole], len(pair)),
        )


def _extent(claim: Annotated, text: str) -> Span:
    sentences = claim.sentences or ((0, len(text)),)
    return sentences[0][0], sentences[-1][1]


def _parts(text: str, found: Weighed, pair: int) -> tuple[Part, ...]:
    rows = slice(*np.searchsorted(found.pair, [pair, pair + 1]).tolist())
    values = (found.start[rows], found.end[rows], found.weight[rows])
    parts = [
        Part(start, end, text[start:end], weight)
        for start, end, weight in zip(*(v.tolist() for v in values), strict=True)
        if weight
    ]
    return tuple(sorted(parts, key=lambda p: (-p.weight, p.start, p.end)))
