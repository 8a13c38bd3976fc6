"""House styles: what publishers do besides choosing fonts and margins.

A house style is a handful of touches drawn from a random stream of its own, so that the plain
layouts of a seed stay what they were. Some touch the page's CSS (frames, grounds, headings,
signs, things at the page's edge), some the text itself (ligatures, hard spaces), some the
finished file (`finish.py`).
"""

from __future__ import annotations

import copy
import random
import re
from dataclasses import replace

from .finish import FINISHES
from .look import Look, draw_look
from .model import Report

_SVG = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='{w}' height='{h}'%3E"
    "{body}%3C/svg%3E"
)
_DISC = _SVG.format(w=6, h=6, body="%3Ccircle cx='3' cy='3' r='2.4' fill='%2335506b'/%3E")
_ARROW = _SVG.format(w=7, h=7, body="%3Cpath d='M0 0 L6 3.5 L0 7 Z' fill='%23a33'/%3E")
_LOGO = _SVG.format(
    w=70,
    h=22,
    body="%3Crect width='22' height='22' fill='%23246'/%3E%3Ccircle cx='40' cy='11' r='9' "
    "fill='none' stroke='%23246'/%3E",
)
_ITEM = "ul.f > li {{ list-style: none !important; margin: 0 0 4pt {x}pt !important; text-indent: 0 !important }} "
_SIGN = _ITEM + "ul.f > li::before {{ content: '' !important; display: inline-block; {style} }}"

#: Touches of one group exclude each other: name of the group, name of the touch, CSS.
CSS: dict[str, dict[str, str]] = {
    "box": {
        "dashed box": ".box { border: 1.5pt dashed #456; padding: 8pt; background: none }",
        "dotted box": ".box { border: 2pt dotted #456; padding: 8pt; background: none }",
        "double box": ".box { border: 4pt double #456; padding: 8pt; background: none }",
        "round box": ".box { border: 1.2pt solid #456; border-radius: 10pt; padding: 8pt }",
        "shaded round box": ".box { border: 0; background: #e6eef6; border-radius: 9pt; padding: 8pt }",
        "tinted box": ".box { border: 0; background: linear-gradient(#dde8f2, #f4f8fb); padding: 8pt }",
    },
    "heads": {
        "centred heads": "h1, h2, h3, h4 { text-align: center }",
        "right heads": "h1, h2, h3 { text-align: right }",
        "small capitals": "h2, h3, h4 { font-variant: small-caps }",
        "spaced heads": "h1, h2, h3, h4 { letter-spacing: 2pt }",
        "ruled heads": "h2, h3, h4 { border-bottom: .8pt solid #246; border-top: .8pt solid #246 }",
        "white on bars": "h2, h3, h4 { background: #35506b; color: #fff; padding: 3pt 6pt }",
        "side bars": "h2, h3, h4 { border-left: 5pt solid #35506b; padding-left: 6pt }",
        "light heads": "h1, h2, h3 { font-weight: normal; color: #1d5a8a }",
    },
    "text": {
        "spaced text": "p, li { letter-spacing: .3pt }",
        "tight text": "p, li { letter-spacing: -.15pt }",
        "wide words": "p, li { word-spacing: 2.5pt }",
        "double spaced": "html { line-height: 2 }",
        "large print": "html { font-size: 16pt }",
        "ragged left": "html { line-height: 1.05 } p, li { text-align: justify; hyphens: auto }",
    },
    "signs": {
        "picture signs": _ITEM.format(x=24)
        + f'ul.f > li::before {{ content: url("{_DISC}") !important; display: inline-block; width: 14pt; margin-left: -14pt }}',
        "arrow pictures": _ITEM.format(x=24)
        + f'ul.f > li::before {{ content: url("{_ARROW}") !important; display: inline-block; width: 15pt; margin-left: -15pt }}',
        "drawn squares": _SIGN.format(
            x=22, style="width: 4.5pt; height: 4.5pt; background: #a33; margin: 0 8pt 1.5pt -12.5pt"
        ),
        "drawn rings": _SIGN.format(
            x=24,
            style="width: 4pt; height: 4pt; border: .8pt solid #222; border-radius: 50%; margin: 0 8pt 1pt -13.6pt",
        ),
        "drawn bars": _SIGN.format(
            x=22, style="width: 7pt; height: 1.2pt; background: #222; margin: 0 6pt 3pt -13pt"
        ),
        "counted": "ul.f { counter-reset: none } h4 { counter-reset: f } "
        + _ITEM.format(x=26)
        + "ul.f > li { counter-increment: f } ul.f > li::before { content: counter(f) '.' !important; display: inline-block; width: 20pt; margin-left: -20pt }",
        "lettered": "h4 { counter-reset: f } "
        + _ITEM.format(x=26)
        + "ul.f > li { counter-increment: f } ul.f > li::before { content: '(' counter(f, lower-alpha) ')' !important; display: inline-block; width: 20pt; margin-left: -20pt }",
        "odd sign": _ITEM.format(x=20)
        + "ul.f > li::before { content: '⇒' !important; display: inline-block; width: 14pt; margin-left: -14pt }",
        "heart sign": _ITEM.format(x=20)
        + "ul.f > li::before { content: '❥' !important; display: inline-block; width: 14pt; margin-left: -14pt }",
        "paired sign": _ITEM.format(x=24)
        + "ul.f > li::before { content: '>>' !important; display: inline-block; width: 18pt; margin-left: -18pt }",
        "coloured signs": "ul.f > li::before, ul.f > li::marker { color: #c30 !important }",
    },
    "items": {
        "ruled items": "ul.f > li { border-bottom: .5pt solid #bbb; padding-bottom: 3pt }",
        "bold starts": "ul.f > li::first-line { font-weight: bold }",
    },
    "edge": {
        "edge stripe": ".edge { position: fixed; left: -28pt; top: -20pt; width: 12pt; height: 600pt; background: #35506b }",
        "edge title": ".edge { position: fixed; left: -120pt; top: 240pt; width: 200pt; height: 12pt; transform: rotate(-90deg); font-size: 8pt; text-indent: 0 } .edge::before { content: 'Probation inspection report' }",
        "draft mark": ".edge { position: fixed; left: 40pt; top: 260pt; transform: rotate(-40deg); font-size: 90pt; color: #e4e4e4; z-index: -1; line-height: 1 } .edge::before { content: 'DRAFT' }",
        "logo": f'.edge {{ position: fixed; right: 0; top: -30pt }} .edge::before {{ content: url("{_LOGO}") }}',
        "page frame": ".edge { position: fixed; left: -12pt; right: -12pt; top: -12pt; bottom: -12pt; border: 1pt solid #35506b }",
    },
    "prose": {
        "drop capitals": "h1 + p::first-letter { float: left; font-size: 2.6em; line-height: .95; padding-right: 3pt }",
        "numbered prose": "p.n { position: relative } p.n::before { counter-increment: para; content: counter(para) '.'; display: inline-block; width: 24pt }",
        "links": "a.l { color: #1d70b8; text-decoration: underline }",
        "key facts": ".facts { float: right; width: 34%; background: #eef; padding: 8pt; margin: 0 0 8pt 12pt; font-size: .9em } .facts ul { margin: 0; padding: 0 } .facts li { margin-left: 14pt }",
        "wide annex": "@page wide { size: 842pt 595pt } .annex { page: wide; break-before: page }",
    },
    "run": {
        "margin heads": "body { padding-left: 96pt } h4 { float: left; clear: both; width: 90pt; margin: 0 0 0 -96pt } h1, h2, h3 { margin-left: -96pt !important; clear: both } .cover, .toc, .banner { margin-left: -96pt }",
        "side by side": ".pair { display: grid; gap: 18pt } .pair h4 { margin-top: 0 }",
    },
}
TEXT = ("ligatures", "soft hyphens", "hard spaces", "hard hyphens", "thin spaces")
_NOT_IN_STANDARD_FONTS = ("ligatures", "hard hyphens", "thin spaces")
_LIGATURES = {"ffi": "ﬃ", "ffl": "ﬄ", "ff": "ﬀ", "fi": "ﬁ", "fl": "ﬂ"}
# WeasyPrint sets a second column of plain 1fr beyond the page's edge, where nobody can read it.
_PAIRS = (
    *["minmax(0, 1fr) minmax(0, 1fr)"] * 2,
    "minmax(0, 3fr) minmax(0, 2fr)",
    "minmax(0, 2fr) minmax(0, 3fr)",
)
_WEB = ("weasyprint", "chromium")


def draw_house(seed: int) -> tuple[Look, tuple[str, ...]]:
    """Draw the plain look of a seed and the touches that a house style adds to it."""
    rng = random.Random(seed * 104_729 + 31)
    look = draw_look(seed)
    if look.producer not in _WEB and rng.random() < 0.5:
        look = replace(look, producer="weasyprint", font="Liberation Sans")
    touches: list[str] = []
    if look.producer in _WEB:
        odds = {"box": 0.5, "heads": 0.5, "text": 0.35, "signs": 0.6, "items": 0.15, "edge": 0.4}
        for group, styles in CSS.items():
            if rng.random() < odds.get(group, 0.25):
                touches.append(rng.choice(list(styles)))
    touches += [name for name in TEXT if rng.random() < 0.15]
    if look.producer == "reportlab":  # its fonts print black boxes in their place
        touches = [t for t in touches if t not in _NOT_IN_STANDARD_FONTS]
    finish = rng.choice(list(FINISHES)) if rng.random() < 0.7 else ""
    if finish:
        touches.append(finish)
    if look.columns == 2:  # neither has room for the other
        touches = [t for t in touches if t not in CSS["run"] and t not in ("large print",)]
    if look.producer == "chromium":  # which prints it over the text at the foot of the page before
        touches = [t for t in touches if t != "logo"]
    if "margin heads" in touches and look.page[0] < 500:
        touches.remove("margin heads")
    if finish or look.producer in _WEB:
        look = replace(look, mutation="none")
    return look, tuple(touches)


def set_text(report: Report, touches: tuple[str, ...], seed: int) -> Report:
    """The report with its text set as a careful typesetter would: what is read stays the same."""
    kinds = [t for t in touches if t in TEXT]
    if not kinds:
        return report
    rng = random.Random(seed * 7 + 1)
    made = copy.deepcopy(report)
    for section in made.sections:
        section.intro = [_set(t, kinds, rng) for t in section.intro]
        for item in [*section.strengths, *section.areas]:
            item.text = _set(item.text, kinds, rng)
            item.nested = [_set(t, kinds, rng) for t in item.nested]
    return made


def _set(text: str, kinds: list[str], rng: random.Random) -> str:
    if "soft hyphens" in kinds:
        text = re.sub(r"\b([a-z]{4})([a-z]{4,})\b", "\\1\u00ad\\2", text)
    if "ligatures" in kinds:
        text = re.sub("ffi|ffl|ff|fi|fl", lambda m: _LIGATURES[m[0]], text)
    if "hard spaces" in kinds:
        text = re.sub(r"(?<=\d) |(?<=\b[a-z]) |(?<=\bof) ", "\u00a0", text)
    if "hard hyphens" in kinds:
        text = re.sub(r"(?<=[a-z])-(?=[a-z])", lambda m: rng.choice("\u2011-"), text)
    if "thin spaces" in kinds:
        text = re.sub(r" (?=–)|(?<=–) ", "\u2009", text)
    return text


def dress(page: str, touches: tuple[str, ...], seed: int) -> str:
    """Add the touches to a page of HTML."""
    rng = random.Random(seed * 13 + 5)
    styles = {name: css for group in CSS.values() for name, css in group.items()}
    css = "\n".join(styles[t] for t in touches if t in styles)
    page = page.replace("</style>", f"\n{css}\n</style>", 1)
    if any(t in CSS["edge"] for t in touches):
        page = page.replace("<body>", '<body><div class="edge"></div>', 1)
    if "numbered prose" in touches:
        page = re.sub(r"<h1>(Foreword|Background)</h1>(.*?)(?=<h1)", _numbered, page, flags=re.S)
    if "links" in touches:
        page = re.sub(
            r"(?<=<li>)([^<]{30,}?)( \w{5,} )",
            lambda m: (
                f'{m[1]} <a class="l" href="https://example.org/">{m[2].strip()}</a> '
                if rng.random() < 0.3
                else m[0]
            ),
            page,
        )
    if "key facts" in touches:
        facts = '<div class="facts"><b>Key facts</b><ul><li>1,204 people on probation</li><li>57 posts, of which 9 vacant</li><li>14 relevant cases</li></ul></div>'
        page = page.replace("<h1>Background</h1>", f"<h1>Background</h1>{facts}", 1)
    if "wide annex" in touches:
        row = "<tr>" + "".join(f"<td>{n * 17 % 97}%</td>" for n in range(1, 8)) + "</tr>"
        page = page.replace(
            "</body>", f'<div class="annex"><h1>Data</h1><table>{row * 6}</table></div></body>', 1
        )
    if "side by side" in touches:
        page = re.sub(
            r"(<h4>Strengths.*?)(<h4>Areas.*?)(?=<h[123]|</div><h1|</div></body)",
            lambda m: (
                f'<div class="pair" style="grid-template-columns: {rng.choice(_PAIRS)}">'
                f"<div>{m[1]}</div><div>{m[2]}</div></div>"
            ),
            page,
            flags=re.S,
        )
    return page


def _numbered(found: re.Match[str]) -> str:
    return f"<h1>{found[1]}</h1>" + found[2].replace("<p>", '<p class="n">')
