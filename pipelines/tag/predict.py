"""Themes and issues for findings: the stage's own function."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import numpy as np

from pipelines import columns as c
from pipelines.errors import SettingsError, check_kind
from pipelines.records import Polarity
from pipelines.tag.concession import conceded
from pipelines.tag.models.decide import SUGGESTED
from pipelines.tag.models.follow import Decided, decided
from pipelines.tag.models.model import ISSUES, LEVELS, THEMES, Model
from pipelines.tag.models.registry import load_model
from pipelines.tag.models.sections import sections_of

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

BATCH: Final = 4000  # findings held as features at once
KEPT: Final = 0.005
"""Probability from which an issue is listed, given or not.

What is missed is missed here: a review that knew suggestions alone would think itself done.
"""


def tag_findings(findings: pd.DataFrame, *, model: Model | None = None) -> pd.DataFrame:
    """Give findings their themes.

    Args:
        findings: The table `findings`, n rows; only its finding ids, texts and, where there, the
            titles of standard and subsection are used.
        model: The one in use where none is given.

    Returns:
        The table `tags`: a row for each finding and theme, in the findings' order and the
        codebook's.

    Raises:
        ArtefactError: The model in use cannot be loaded.
        SettingsError: The table has no texts or no ids, or an id twice.
    """
    texts_of(findings)  # that it is a table, with ids
    if (twice := findings[c.FINDING_ID].duplicated()).any():
        one = findings.loc[twice, c.FINDING_ID].iloc[0]
        raise SettingsError(
            f"findings: {one!r} stands twice, so that its tags could not be told apart; of two "
            "runs, tag each or make the ids differ"
        )
    return tag_tables(findings, model=model)["tags"]


def tag_tables(
    findings: pd.DataFrame,
    *,
    model: Model | None = None,
    contexts: Sequence[Mapping[str, str]] | None = None,
) -> dict[str, pd.DataFrame]:
    """Give findings their themes, and the issues that they state.

    Args:
        findings: As for `tag_findings`; the issues' pole is the finding's polarity where known. An
            issue that the finding only concedes is suggested under the other pole.
        model: The one in use where none is given.
        contexts: For each finding what its document says that its short forms stand for; see
            `shortforms.own_by_document`.

    Returns:
        The tables `tags`, a row for each finding and theme, and `issue_tags`, a row for each
        finding and subject that may be stated: given, suggested, or not all but ruled out.

    Raises:
        ArtefactError: The model in use cannot be loaded.
        SettingsError: The table has no texts or no ids.
    """
    texts = texts_of(findings)
    used = model if model is not None else load_model()
    probabilities = score_texts(texts, model=used, sections=_sections(findings), contexts=contexts)
    return {
        "tags": _theme_rows(findings, decided(used.themes, probabilities[THEMES], THEMES)),
        "issue_tags": _issue_rows(
            findings, decided(used.issues, probabilities[ISSUES], ISSUES), texts, used
        ),
    }


def texts_of(findings: pd.DataFrame) -> list[str]:
    """Return the texts of findings; one that is missing is empty, not the word for that.

    Raises:
        SettingsError: It is no table, or has no texts or no ids.
    """
    import pandas as pd

    check_kind("findings", findings, pd.DataFrame, "the table findings, as run(...).findings")
    from pipelines.tables import require_columns

    require_columns((c.FINDING_ID, c.TEXT), "findings", findings.columns)
    return ["" if pd.isna(text) else str(text) for text in findings[c.TEXT]]


def _sections(findings: pd.DataFrame) -> list[str]:
    import pandas as pd

    if c.STANDARD not in findings.columns:
        return [""] * len(findings)
    titles = [
        [None if pd.isna(value) else str(value) for value in findings[name]]
        if name in findings.columns
        else [None] * len(findings)
        for name in (c.STANDARD, c.SUBSECTION)
    ]
    return sections_of(*titles)


def _theme_rows(findings: pd.DataFrame, found: Decided) -> pd.DataFrame:
    import pandas as pd

    from pipelines.tables import conform

    size = len(found.slugs)
    return conform(
        "tags",
        pd.DataFrame(
            {
                c.FINDING_ID: findings[c.FINDING_ID].repeat(size).to_numpy(),
                c.THEME: np.tile(np.asarray(found.slugs, dtype=object), len(findings)),
                c.PROBABILITY: found.probabilities.ravel(),
                c.ASSIGNED: found.assigned.ravel(),
                c.CERTAINTY: found.certainty.ravel(),
                c.SOURCE: "model",
                c.REVIEW: found.uncertain.ravel(),
            }
        ),
    )


def _issue_rows(
    findings: pd.DataFrame, found: Decided, texts: Sequence[str], model: Model
) -> pd.DataFrame:
    import pandas as pd

    from pipelines.tables import conform

    assigned, certainty = found.assigned, found.certainty
    listed = certainty != None  # noqa: E711 - element by element
    if c.POLARITY in findings.columns:
        polarity = findings[c.POLARITY].to_numpy(dtype=object)
        given_up = conceded(texts, polarity.tolist(), found, model=model)
        assigned, certainty = assigned & ~given_up, np.where(given_up, SUGGESTED, certainty)
    else:
        polarity = np.full(len(findings), str(Polarity.AREA_FOR_IMPROVEMENT), dtype=object)
        given_up = np.zeros_like(assigned)
    rows, columns = np.nonzero(listed | (found.probabilities >= KEPT))
    poles = polarity[rows]
    for at in np.flatnonzero(given_up[rows, columns]):
        poles[at] = str(Polarity(poles[at]).other)
    return conform(
        "issue_tags",
        pd.DataFrame(
            {
                c.FINDING_ID: findings[c.FINDING_ID].to_numpy(dtype=object)[rows],
                c.SUBJECT: np.asarray(found.slugs, dtype=object)[columns],
                c.POLARITY: poles,
                c.PROBABILITY: found.probabilities[rows, columns],
                c.ASSIGNED: assigned[rows, columns],
                c.CERTAINTY: certainty[rows, columns],
                c.SOURCE: "model",
            }
        ),
    )


def score_texts(
    texts: list[str],
    *,
    model: Model,
    sections: list[str] | None = None,
    contexts: Sequence[Mapping[str, str]] | None = None,
) -> dict[str, NDArray[np.float64]]:
    """Return calibrated probabilities of any number of texts by level: (texts, slugs)."""
    if not texts:
        return {level: np.zeros((0, len(model.head(level).slugs))) for level in LEVELS}
    where = sections if sections is not None else [""] * len(texts)
    own = contexts if contexts is not None else [{}] * len(texts)
    with uncollected():
        parts = [
            model.probabilities(texts[batch], where[batch], own[batch])
            for batch in (slice(at, at + BATCH) for at in range(0, len(texts), BATCH))
        ]
    return {level: np.vstack([part[level] for part in parts]) for level in LEVELS}


@contextmanager
def uncollected() -> Iterator[None]:
    """Hold the garbage collector off: words are small values without cycles, in great number.

    It would walk all of a batch's again and again, which takes a third of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
