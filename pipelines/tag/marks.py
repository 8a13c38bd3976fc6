"""The words of a finding marked by what they add to a theme."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from pipelines.lexis import annotate

if TYPE_CHECKING:
    from pipelines.tag.reasons import Reason


def reason_html(text: str, reason: Reason) -> str:
    """Mark the words of a text for and against a theme, as HTML."""
    name = escape(reason.name)
    weights = word_weights(text, reason)
    peak = max((abs(w) for _, _, w in weights), default=1.0) or 1.0
    out: list[str] = []
    at = 0
    for start, end, weight in weights:
        out.append(escape(text[at:start]))
        strength = round(min(abs(weight) / peak, 1.0), 2)
        for_it = weight > 0
        colour = (
            f"rgba(0,95,115,{0.45 * strength})" if for_it else f"rgba(174,32,18,{0.4 * strength})"
        )
        line = "solid" if for_it else "dotted"
        word = "for" if for_it else "against"
        mark = (
            f'<mark style="background:{colour};color:inherit;border-bottom:2px {line}" '
            f'title="{weight:+.2f} {word} {name}">{escape(text[start:end])}</mark>'
        )
        out.append(mark if strength >= 0.1 else escape(text[start:end]))
        at = end
    out.append(escape(text[at:]))
    verdict = f"given, {reason.certainty}" if reason.assigned else "not given"
    doubt = ", uncertain" if reason.uncertain else ""
    return (
        f'<figure style="margin:0 0 1em"><figcaption><strong>{name}</strong>: {verdict}{doubt}, '
        f"probability {reason.probability:.2f}</figcaption>"
        f'<p style="line-height:1.8;margin:.3em 0">{"".join(out)}</p></figure>'
    )


def word_weights(text: str, reason: Reason) -> list[tuple[int, int, float]]:
    """Share a reason's parts among the words of the text: (start, end, weight), in order.

    The weight of a phrase is shared among its words by their length, so that the words' weights
    still add up to those of the parts that stand in the text.
    """
    spans = sorted({(t.start, t.end) for t in annotate([text])[0].tokens})
    totals = dict.fromkeys(spans, 0.0)
    for part in reason.parts:
        inside = [s for s in spans if s[0] < part.end and s[1] > part.start]
        length = sum(end - start for start, end in inside)
        for start, end in inside:
            totals[start, end] += part.weight * (end - start) / length
    return [(start, end, totals[start, end]) for start, end in spans]
