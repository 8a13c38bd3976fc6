"""What a page carries of a very large batch: it must open at once and fit into a mail."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.report.content import Advice, Content, StatedShare
from pipelines.report.finding import Evidence


def carried_findings(
    content: Content, advice: Sequence[Advice], *, limit: int
) -> tuple[Evidence, ...]:
    """Choose the findings whose text the page holds: all, or at most `limit` of them.

    Those shown as evidence come first (themes, issues and proposals wholly, then recommendations),
    then the first findings of each report in turn, so that every report is there.

    Returns:
        Findings in the order of the report.
    """
    if len(content.evidence) <= limit:
        return tuple(content.evidence)
    cited = [
        *(f for theme in content.themes for f in (*theme.area_quotes, *theme.strength_quotes)),
        *(f for issue in content.issues for f in issue.evidence),
        *(
            f
            for r in content.repeats
            for _, pairs in r.sections
            for p in pairs
            for f in p.then + p.now
        ),
        *(f for proposal in content.proposals for f in proposal.evidence),
    ]
    supporting = [found[0] for item in advice for found in item.evidence[:1]]
    in_turn = sorted(content.evidence, key=lambda f: f.ordinal)  # the sort keeps reports in order
    chosen: set[str] = {f.finding_id for f in cited}
    for finding in (*supporting, *in_turn):
        if len(chosen) >= limit:
            break
        chosen.add(finding.finding_id)
    return tuple(f for f in content.evidence if f.finding_id in chosen)


def thinned(figures: Sequence[StatedShare], *, limit: int) -> tuple[int, tuple[StatedShare, ...]]:
    """Keep every k-th figure, k the smallest that leaves no more than `limit`; return k and them.

    Figures are ordered by theme and value, so each theme's spread stays as it is.
    """
    step = max(1, -(-len(figures) // limit))
    return step, tuple(figures[::step])
