"""Pictures of a model card: small SVG drawings, the same bytes for the same figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

SIDE: Final = 320  # of the square that is drawn in, in pixels
MARGIN: Final = 48
ROW: Final = 18
NAMES: Final = 210  # width for the names of themes
_STYLE: Final = (
    "<style>text{font:12px sans-serif;fill:#222}"
    "@media (prefers-color-scheme:dark){text{fill:#ddd}}</style>"
)


def reliability_svg(
    everything: Sequence[Mapping[str, float]], assigned: Sequence[Mapping[str, float]]
) -> str:
    """Draw stated probability against observed frequency, one point per bin.

    Args:
        everything: Bins of all decisions: probability, observed, count.
        assigned: Bins of the themes given.
    """
    body = [
        f'<rect x="{MARGIN}" y="10" width="{SIDE}" height="{SIDE}" fill="none" stroke="#888"/>',
        f'<line x1="{MARGIN}" y1="{10 + SIDE}" x2="{MARGIN + SIDE}" y2="10" stroke="#888" '
        'stroke-dasharray="4 4"/>',
    ]
    for tenth in range(0, 11, 2):
        x, y = _x(tenth / 10), _y(tenth / 10)
        body.append(f'<text x="{x}" y="{SIDE + 26}" text-anchor="middle">{tenth / 10}</text>')
        body.append(f'<text x="{MARGIN - 6}" y="{y + 4}" text-anchor="end">{tenth / 10}</text>')
    middle = MARGIN + SIDE / 2
    body.append(
        f'<text x="{middle}" y="{SIDE + 44}" text-anchor="middle">stated probability</text>'
    )
    body.append(
        f'<text x="14" y="{10 + SIDE / 2}" text-anchor="middle" '
        f'transform="rotate(-90 14 {10 + SIDE / 2})">share that was right</text>'
    )
    body += _points(everything, colour="#005f73", label="all decisions")
    body += _points(assigned, colour="#ae2012", label="themes given")
    for at, (colour, label) in enumerate(
        (("#005f73", "all decisions"), ("#ae2012", "themes given"))
    ):
        y = 28 + 18 * at
        body.append(f'<circle cx="{MARGIN + 14}" cy="{y}" r="5" fill="{colour}"/>')
        body.append(f'<text x="{MARGIN + 24}" y="{y + 4}">{label}</text>')
    return _svg(SIDE + MARGIN + 20, SIDE + 56, "Reliability of the probabilities", body)


def _points(bins: Sequence[Mapping[str, float]], *, colour: str, label: str) -> list[str]:
    line = " ".join(f"{_x(b['probability'])},{_y(b['observed'])}" for b in bins)
    out = [f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-opacity="0.6"/>']
    out += [
        f'<circle cx="{_x(b["probability"])}" cy="{_y(b["observed"])}" r="5" fill="{colour}">'
        f"<title>{label}: {b['count']} of probability {b['probability']:.2f}, "
        f"{b['observed']:.2f} right</title></circle>"
        for b in bins
    ]
    return out


def _x(value: float) -> float:
    return round(MARGIN + SIDE * value, 1)


def _y(value: float) -> float:
    return round(10 + SIDE * (1 - value), 1)


def intervals_svg(themes: Sequence[Mapping[str, Any]]) -> str:
    """Draw the F1 of each theme with its interval, one row per theme; support beside the name."""
    body: list[str] = []
    for tenth in range(0, 11, 2):
        x = _along(tenth / 10)
        bottom = 24 + ROW * len(themes)
        body.append(f'<line x1="{x}" y1="20" x2="{x}" y2="{bottom}" stroke="#bbb"/>')
        body.append(f'<text x="{x}" y="14" text-anchor="middle">{tenth / 10}</text>')
    for number, row in enumerate(themes):
        y = 34 + ROW * number
        name = f"{row['theme']} ({row['support']})"
        body.append(f'<text x="{NAMES - 8}" y="{y + 4}" text-anchor="end">{escape(name)}</text>')
        if row["f1"] is None:
            continue
        low, high = row["interval"]
        body.append(
            f'<line x1="{_along(low)}" y1="{y}" x2="{_along(high)}" y2="{y}" stroke="#005f73" '
            'stroke-width="3" stroke-opacity="0.5"/>'
        )
        body.append(f'<circle cx="{_along(row["f1"])}" cy="{y}" r="5" fill="#005f73"/>')
    return _svg(NAMES + SIDE + 30, 36 + ROW * len(themes), "F1 a theme, support in brackets", body)


def _along(value: float) -> float:
    return round(NAMES + SIDE * value, 1)


def _svg(width: int, height: int, title: str, body: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" aria-label="{escape(title)}">{_STYLE}'
        f"<title>{escape(title)}</title>{''.join(body)}</svg>\n"
    )
