"""Whole reports that never were, in any number: for tests of the flow and for measuring it.

Sentences are put together from invented parts by a seeded generator: the same number gives the
same report on every machine. `as_text`, `as_html` and `as_pdf` write one report in three formats.
"""

from __future__ import annotations

import html
import io
import random
from dataclasses import dataclass
from pathlib import Path

REGIONS = ("Northmoor", "Eastvale", "Southhythe")
_FIRST = ("Alder", "Birch", "Cedar", "Elder", "Fen", "Hazel", "Iron", "Kestrel", "Larch", "Mill")
_LAST = ("bridge", "combe", "dale", "ford", "gate", "haven", "mere", "port", "stow", "wick")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
STANDARDS = (
    ("1.1", "Leadership"),
    ("1.2", "Staffing"),
    ("1.3", "Services"),
    ("2.1", "Assessment"),
    ("2.2", "Planning"),
    ("2.3", "Implementation and delivery"),
    ("2.4", "Reviewing"),
)
_WHO = (
    "Leaders",
    "Middle managers",
    "Practitioners",
    "Probation services officers",
    "Case administrators",
    "Court staff",
    "Senior probation officers",
    "Partners in health",
)
_WELL = (
    "were proud of",
    "had rebuilt",
    "understood",
    "kept a close watch on",
    "made good use of",
    "had found time for",
)
_POORLY = (
    "had lost sight of",
    "rarely checked",
    "did not know enough about",
    "had too little time for",
    "left gaps in",
    "were slow to act on",
)
_WHAT = (
    "the training of new colleagues",
    "enquiries about domestic abuse",
    "safeguarding checks with children’s services",
    "oversight of cases by managers",
    "the workload of the teams",
    "unpaid work placements",
    "services for women",
    "links with accommodation providers",
    "the recording of contacts",
    "home visits",
    "referrals for mental health treatment",
    "the views of people on probation",
)
_DO = ("improve", "review and strengthen", "give more time to", "report each month on")
_WHERE = (
    "in every office",
    "in the northern teams",
    "across the unit",
    "since the merger",
    "in most of the cases that we saw",
    "at the point of sentence",
    "after release from custody",
)
_END = (
    "and this showed in the records",
    "although the picture was uneven",
    "as staff told us in meetings",
    "which the region had noticed",
    "so that risks were seen {} days later than they should be",
    "in {} of the {} cases inspected",
)


@dataclass(frozen=True)
class Report:
    """What one invented report says."""

    unit: str
    region: str
    month: int
    year: int
    standards: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...]
    recommendations: tuple[str, ...]
    prose: tuple[str, ...]

    @property
    def findings(self) -> list[str]:
        """All findings in order."""
        return [text for _, _, good, bad in self.standards for text in (*good, *bad)]


def invent(number: int, *, bullets: int = 3, paragraphs: int = 6) -> Report:
    """Invent a report: `bullets` strengths and areas for improvement a standard."""
    rng = random.Random(f"report {number}")
    unit = f"{rng.choice(_FIRST)}{rng.choice(_LAST)} and {rng.choice(_FIRST)}{rng.choice(_LAST)}"

    def sentence(verbs: tuple[str, ...]) -> str:
        end = rng.choice(_END).format(*sorted(rng.sample(range(2, 90), 2)))
        parts = (rng.choice(_WHO), rng.choice(verbs), rng.choice(_WHAT), rng.choice(_WHERE), end)
        return " ".join(parts) + "."

    standards = tuple(
        (
            code,
            name,
            tuple(f"{sentence(_WELL)} {sentence(_WELL)}" for _ in range(bullets)),
            tuple(f"{sentence(_POORLY)} {sentence(_POORLY)}" for _ in range(bullets)),
        )
        for code, name in STANDARDS
    )
    prose = tuple(
        " ".join(sentence(rng.choice((_WELL, _POORLY))) for _ in range(6))
        for _ in range(paragraphs)
    )
    return Report(
        f"{unit} {number}",
        rng.choice(REGIONS),
        rng.randint(1, 12),
        rng.choice((2022, 2023, 2024)),
        standards,
        tuple(f"{rng.choice(_DO)} {rng.choice(_WHAT)} {rng.choice(_WHERE)}" for _ in range(4)),
        prose,
    )


def _parts(report: Report) -> list[tuple[str, str]]:
    """Return kind and text of every part, in order."""
    out = [
        ("title", "An inspection of probation services in:"),
        ("title", f"{report.unit} PDU"),
        ("text", f"The Probation Service – {report.region} region"),
        ("text", f"Published: {MONTHS[report.month - 1]} {report.year}"),
        ("text", "This document is fictional and was made to test software."),
        ("h1", "Foreword"),
        ("text", "Overall we rate the unit as ‘Requires improvement’."),
    ]
    half = len(report.prose) // 2
    out += [("text", text) for text in report.prose[:half]]
    out += [("h1", "Recommendations"), ("text", f"{report.unit} PDU should:")]
    out += [("number", f"{text}.") for text in report.recommendations]
    for code, name, good, bad in report.standards:
        if code.endswith(".1"):
            chapter = {"1": "Organisational arrangements and activity", "2": "Service delivery"}
            out.append(("h1", f"{code[0]}. {chapter[code[0]]}"))
        out.append(("h2", f"{code}. {name}"))
        out += [("h3", "Strengths:"), *(("bullet", text) for text in good)]
        out += [("h3", "Areas for improvement:"), *(("bullet", text) for text in bad)]
    out.append(("h1", "Annexe one: About the work"))
    out += [("text", text) for text in report.prose[half:]]
    return out


def as_text(report: Report) -> bytes:
    """Write a report as plain text."""
    lines, count = [], 0
    for kind, text in _parts(report):
        count = count + 1 if kind == "number" else 0
        mark = {"bullet": "- ", "number": f"{count}. "}.get(kind, "")
        lines.append(f"{mark}{text}")
    return ("\n\n".join(lines) + "\n").encode()


def as_html(report: Report) -> bytes:
    """Write a report as a web page."""
    tags = {"title": "h1", "h1": "h2", "h2": "h3", "h3": "h4", "text": "p"}
    lists = {"bullet": "ul", "number": "ol"}
    out, before = [], ""
    for kind, text in _parts(report):
        if kind != before:
            out += [f"</{lists[before]}>"] if before in lists else []
            out += [f"<{lists[kind]}>"] if kind in lists else []
        tag = tags.get(kind, "li")
        out.append(f"<{tag}>{html.escape(text)}</{tag}>")
        before = kind
    page = "\n".join(out)
    return f"<!DOCTYPE html><html><body><main>\n{page}\n</main></body></html>\n".encode()


def as_pdf(report: Report) -> bytes:
    """Write a report as a PDF with headings, bullets and page numbers."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import ListFlowable, ListItem, Paragraph, SimpleDocTemplate

    sizes = {"title": 22, "h1": 18, "h2": 14, "h3": 12, "text": 11, "bullet": 11, "number": 11}
    styles = {
        kind: ParagraphStyle(
            kind,
            fontName="Helvetica-Bold" if kind in ("title", "h1", "h2", "h3") else "Helvetica",
            fontSize=size,
            leading=size * 1.3,
            spaceBefore=size * 0.6,
            spaceAfter=size * 0.4,
        )
        for kind, size in sizes.items()
    }
    flow, count = [], 0
    for kind, text in _parts(report):
        count = count + 1 if kind == "number" else 0
        paragraph = Paragraph(html.escape(text), styles[kind])
        if kind == "bullet":
            item = ListItem(paragraph, bulletColor="black")
            flow.append(ListFlowable([item], bulletType="bullet", start="•", leftIndent=18))
        elif kind == "number":
            item = ListItem(paragraph, value=count)
            flow.append(ListFlowable([item], bulletType="1", start=count, leftIndent=18))
        else:
            flow.append(paragraph)

    def foot(canvas: Canvas, document: SimpleDocTemplate) -> None:
        canvas.setFont("Helvetica", 9)
        canvas.drawCentredString(A4[0] / 2, 30, str(document.page))

    stream = io.BytesIO()
    SimpleDocTemplate(stream, pagesize=A4, invariant=1).build(
        flow, onFirstPage=foot, onLaterPages=foot
    )
    return stream.getvalue()


FORMATS = {"txt": as_text, "html": as_html, "pdf": as_pdf}


def write(folder: Path, numbers: range, *, suffix: str = "txt", **more: int) -> list[Path]:
    """Write reports of these numbers into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in numbers:
        path = folder / f"report-{number:04d}.{suffix}"
        path.write_bytes(FORMATS[suffix](invent(number, **more)))
        paths.append(path)
    return paths
