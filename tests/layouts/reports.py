"""Whole reports in random layouts, judged with the product's own reading and segmenting.

    python -m tests.layouts.reports --seeds 1-60
    python -m tests.layouts.reports --seeds 17 --keep /tmp/lab
    python -m tests.layouts.reports --seeds 2001-2040 --printer typst

Real texts where `../shared` is beside the checkout, the sample's sources always; a seed chooses
the report, its look, its producer, and what is added to it (`contents.dress`).
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipelines.errors import UnreadableDocument
from pipelines.read.pdf import read_pdf
from pipelines.records import Document, Segmentation
from pipelines.segment import segment_document

from .contents import Content, Wanted, dress, load, real_texts, sample_sources
from .draw import NOT_DRAWN
from .look import Look, draw_look
from .measure import norm
from .mutate import mutate
from .press import draw_setting, print_chromium, print_libreoffice, print_weasyprint
from .press_typst import print_typst

PRINTERS = {
    "weasyprint": print_weasyprint,
    "chromium": print_chromium,
    "libreoffice": print_libreoffice,
    "typst": print_typst,
}


@dataclass
class Verdict:
    """What is wrong with a document that was read: by part, in words."""

    findings: int
    text: int
    full: int
    extra: int
    wrong: dict[str, list[str]] = field(default_factory=dict)

    @property
    def perfect(self) -> bool:
        return not self.wrong


def render(seed: int, real: bool, printer: str = "") -> tuple[Content, Look, bytes]:
    """Render a seed's report in its look, by the look's own printer if no other is asked for."""
    rng = random.Random(seed * 101 + 3)
    paths = real_texts() if real else sample_sources()
    if not paths:
        raise FileNotFoundError("the real texts are not beside this checkout (../shared)")
    look = draw_look(seed)
    if look.producer == "reportlab":
        look = replace(look, producer="weasyprint", font="Liberation Sans")
    if printer:
        look = replace(look, producer=printer, mutation="none")
    if look.page[0] < 500:
        look = replace(look, size=min(look.size, 10))
    content = dress(load(paths[rng.randrange(len(paths))]), rng)
    setting = draw_setting(seed, look)
    data = PRINTERS[look.producer](content, look, setting)
    return content, look, mutate(data, look)


def judge(wanted: Wanted, document: Document, got: Segmentation) -> Verdict:
    """Compare findings, ratings, questions, recommendations and facts with what was printed."""
    want = [(norm(t), p, _code(c), s) for t, p, c, s in wanted.findings]
    found = [
        (norm(f.text), f.polarity.value, _code(f.code), f.subsection or f.standard or "")
        for f in got.findings
    ]
    texts = Counter(w[0] for w in want) & Counter(g[0] for g in found)
    full = Counter(want) & Counter(found)
    verdict = Verdict(len(want), texts.total(), full.total(), len(found) - texts.total())
    wrong = verdict.wrong
    for row in (Counter(want) - Counter(found)).elements():
        wrong.setdefault("findings", []).append(f"missed {_short(row)}")
    for row in (Counter(found) - Counter(want)).elements():
        wrong.setdefault("findings", []).append(f"extra  {_short(row)}")
    if want != found and "findings" not in wrong:
        wrong["order"] = ["findings are out of order"]
    for finding in got.findings:
        if " ".join(document.text[finding.start : finding.end].split()) != finding.text:
            wrong.setdefault("offsets", []).append(finding.text[:60])
    ratings = {_code(r.code): str(r.rating) for r in got.ratings if r.rating}
    _differ(wrong, "ratings", {_code(k): v for k, v in wanted.ratings.items()}, ratings)
    questions = {
        (_code(k.code), norm(k.question)): k.percent
        for k in got.key_questions
        if k.percent is not None
    }
    _differ(wrong, "questions", {(_code(c), q): p for c, q, p in wanted.questions}, questions)
    _differ(
        wrong,
        "recommendations",
        {norm(t): _name(a) for a, t in wanted.recommendations},
        {norm(r.text): _name(r.addressee or "") for r in got.recommendations},
    )
    facts = got.facts
    _differ(
        wrong,
        "facts",
        {
            "unit": wanted.unit,
            "region": wanted.region,
            "published": wanted.published,
            "fieldwork": wanted.fieldwork,
            "overall": wanted.overall,
            "score": wanted.score,
        },
        {
            "unit": facts.unit,
            "region": facts.region,
            "published": facts.published,
            "fieldwork": facts.fieldwork,
            "overall": facts.overall_rating and str(facts.overall_rating),
            "score": f"{facts.score}/{facts.score_max}",
        },
    )
    return verdict


def _code(code: str | None) -> str:
    return re.sub(r"^[A-Z] ", "", code or "")


def _name(text: str) -> str:
    return re.sub(r"^the | should:?$", "", norm(text), flags=re.IGNORECASE)


def _short(row: tuple[str, str, str, str]) -> str:
    text, polarity, code, place = row
    return f"[{code} {place}|{polarity[:5]}] {text[:90]} … {text[-70:]}"


def _differ(wrong: dict[str, list[str]], part: str, want: dict, got: dict) -> None:
    lines = [f"missed {k}: {v}, got {got.get(k)}" for k, v in want.items() if got.get(k) != v]
    lines += [f"extra  {k}: {v}" for k, v in got.items() if k not in want]
    if lines:
        wrong[part] = lines


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", default="1-20")
    parser.add_argument("--content", choices=("real", "sample", "both"), default="both")
    parser.add_argument("--printer", default="", choices=("", *PRINTERS))
    parser.add_argument("--keep", type=Path, help="keep PDFs here and use them again")
    parser.add_argument("--quiet", action="store_true")
    parser.add_argument("--lines", type=int, default=4)
    options = parser.parse_args(arguments)
    first, _, last = options.seeds.partition("-")
    totals: dict[str, Counter[str]] = {}
    for seed in range(int(first), int(last or first) + 1):
        real = options.content == "real" or (options.content == "both" and seed % 2 == 0)
        began = time.process_time()
        try:
            content, look, data = _kept(seed, real, options.keep, options.printer)
        except NOT_DRAWN as error:
            print(f"{seed}: not drawn, {error!r}", file=sys.stderr)
            continue
        row = totals.setdefault(f"{'real' if real else 'sample'} {look.producer}", Counter())
        try:
            document = read_pdf(data, path=f"{seed}.pdf", sha256="0" * 64)
            verdict = judge(content.wanted, document, segment_document(document))
            reader = document.reader
        except UnreadableDocument as error:
            verdict = Verdict(len(content.wanted.findings), 0, 0, 0, {"unread": [str(error)]})
            reader = "-"
        row["documents"] += 1
        row["perfect"] += verdict.perfect
        row["findings"] += verdict.findings
        row["text"] += verdict.text
        row["full"] += verdict.full
        row["extra"] += verdict.extra
        row["findings perfect"] += verdict.full == verdict.findings and not verdict.extra
        row.update({f"wrong {part}": 1 for part in verdict.wrong})
        if not options.quiet or not verdict.perfect:
            setting = draw_setting(seed, look)
            print(
                f"{'ok ' if verdict.perfect else 'BAD'} {seed} {content.name[:12]} {look.producer[:4]} {look.mutation[:5]:5} {look.columns}col {look.glyph} in={look.inside:d} {look.table_style} {setting.banner}/{setting.ratings} {reader} findings {verdict.findings} text {verdict.text} full {verdict.full} extra {verdict.extra} { ({k: len(v) for k, v in verdict.wrong.items()}) } ({time.process_time() - began:.1f}s)"
            )
            for part, lines in verdict.wrong.items():
                for line in lines[: options.lines]:
                    print(f"      {part}: {line}")
    whole: Counter[str] = sum(totals.values(), Counter())
    for name, row in [*sorted(totals.items()), ("all", whole)]:
        wrong = {k[6:]: v for k, v in sorted(row.items()) if k.startswith("wrong")}
        print(
            f"{name:20} documents {row['documents']} perfect {row['perfect']} (findings perfect {row['findings perfect']}) findings {row['findings']} text {row['text'] / max(1, row['findings']):.4f} full {row['full'] / max(1, row['findings']):.4f} extra {row['extra']} documents wrong in {wrong}"
        )
    return 0


def _kept(seed: int, real: bool, folder: Path | None, printer: str) -> tuple[Content, Look, bytes]:
    """Render, or take the PDF that an earlier draw kept."""
    if folder is None:
        return render(seed, real, printer)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{'real' if real else 'sample'}-{seed}{printer}.pdf"
    if not path.exists():
        path.write_bytes(render(seed, real, printer)[2])
    paths = real_texts() if real else sample_sources()
    rng = random.Random(seed * 101 + 3)
    content = load(paths[rng.randrange(len(paths))])
    look = draw_look(seed)
    if printer:
        look = replace(look, producer=printer, mutation="none")
    return content, look, path.read_bytes()


if __name__ == "__main__":
    raise SystemExit(main())
