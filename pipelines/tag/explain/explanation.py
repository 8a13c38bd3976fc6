"""An explanation of a finding's themes and issues, and its words marked by what they add."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from pipelines.lexis import annotate
from pipelines.tag.explain.reasons import Reason
from pipelines.tag.models.model import THEMES

SHOWN: Final = 3  # slugs beside those that were given


@dataclass(frozen=True, slots=True)
class Explanation:
    """A finding and why it was given its themes and issues; shows itself in notebooks."""

    text: str
    model: str
    reasons: tuple[Reason, ...]
    issues: tuple[Reason, ...]

    def reason(self, slug: str, *, level: str = THEMES) -> Reason:
        """Return the reason of a theme, or of an issue where `level` is `issues`.

        Raises:
            KeyError: There is no such theme or issue.
        """
        for reason in self.reasons if level == THEMES else self.issues:
            if reason.slug == slug:
                return reason
        raise KeyError(slug)

    @property
    def shown(self) -> tuple[Reason, ...]:
        """Reasons of the themes that were given, and of the three that came nearest."""
        return _nearest(self.reasons)

    @property
    def shown_issues(self) -> tuple[Reason, ...]:
        """Reasons of the issues that were given, and of the three that came nearest."""
        return _nearest(self.issues)

    def _repr_html_(self) -> str:
        """Render as HTML: words for a theme on a solid line, words against it on dots."""
        return "".join(_reason_html(self.text, r) for r in (*self.shown, *self.shown_issues))


def _nearest(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    ranked = sorted(reasons, key=lambda r: (not r.assigned, -r.probability, r.slug))
    return tuple(ranked[: sum(r.assigned for r in ranked) + SHOWN])


def _reason_html(text: str, reason: Reason) -> str:
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
    doubt = ", uncertain" if reason.uncertain else ""
    return (
        f'<figure style="margin:0 0 1em"><figcaption><strong>{name}</strong>: '
        f"{reason.verdict}{doubt}, "
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
