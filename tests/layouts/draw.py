"""Draw a layout: a report, a look, a producer, and what was done to the file afterwards.

python -m tests.layouts.draw --seeds 100-160        measure a draw
python -m tests.layouts.draw --seeds 117 --keep DIR  keep the PDF of a layout
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import time
from pathlib import Path

from pipelines.errors import UnreadableDocument
from pipelines.read.pdf import read_pdf

from .look import Look, draw_look
from .measure import naive_findings, score, segmented_findings
from .model import Report, draw_report
from .mutate import mutate


def render(seed: int) -> tuple[Report, Look, bytes]:
    """Render the layout of a seed."""
    look = draw_look(seed)
    report = draw_report(random.Random(seed))
    if look.producer == "weasyprint":
        from .web import render_weasyprint as producer
    elif look.producer == "chromium":
        from .web import render_chromium as producer
    elif look.producer == "libreoffice":
        from .office import render_libreoffice as producer
    else:
        from .platypus import render_reportlab as producer
    return report, look, mutate(producer(report, look), look)


def titles(report: Report) -> set[str]:
    return {s.title for s in report.sections}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", default="1-20")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--cache", type=Path, help="keep PDFs here and use them again")
    parser.add_argument("--naive", action="store_true")
    parser.add_argument("--quiet", action="store_true")
    options = parser.parse_args(arguments)
    first, _, last = options.seeds.partition("-")
    totals: dict[str, list[float]] = {}
    for seed in range(int(first), int(last or first) + 1):
        look = draw_look(seed)
        begun = time.time()
        try:
            report, data = _cached(seed, options.cache)
        except (FileNotFoundError, subprocess.SubprocessError) as error:
            print(f"{seed}: skipped, {error}", file=sys.stderr)
            continue
        if options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
            (options.keep / f"{seed}.pdf").write_bytes(data)
        made = time.time() - begun
        begun = time.time()
        try:
            document = read_pdf(data, path=f"{seed}.pdf", sha256="0" * 64)
            got = (
                naive_findings(document, titles(report))
                if options.naive
                else segmented_findings(document)
            )
            reader = document.reader
        except UnreadableDocument as error:
            got, reader = [], str(error)
        result = score(report.findings(), got)
        for name in _groups(look):
            row = totals.setdefault(name, [0, 0, 0, 0, 0, 0])
            for index, value in enumerate(
                (1, result.perfect, result.wanted, result.got, result.text, result.full)
            ):
                row[index] += value
        if not options.quiet or not result.perfect:
            print(
                f"{'ok ' if result.perfect else 'BAD'} {seed} {look.producer[:4]} {look.mutation[:5]:5} {look.columns}col {look.glyph} in={look.inside:d} {reader} wanted {result.wanted} got {result.got} text {result.text} full {result.full} ({made:.1f}s, {time.time() - begun:.2f}s)"
            )
            if not result.perfect and not options.quiet:
                for kind, rows in (("-", result.missed), ("+", result.extra)):
                    for text, polarity, place in rows[:3]:
                        print(f"    {kind} [{place}|{polarity[:5]}] {text[:100]} … {text[-80:]}")
    for name, row in sorted(totals.items(), reverse=True):
        documents, perfect, wanted, got, text, full = row
        print(
            f"{name:22} documents {documents:.0f} perfect {perfect:.0f} findings {wanted:.0f} text {text / wanted:.4f} precision {text / max(got, 1):.4f} full {full / wanted:.4f}"
        )
    return 0


def _groups(look: Look) -> tuple[str, ...]:
    """What a layout is counted under: everything, its producer, its columns, what was done to it."""
    return (
        "all",
        look.producer,
        f"{look.columns} column{'s' * (look.columns > 1)}",
        f"after: {look.mutation}",
    )


def _cached(seed: int, folder: Path | None) -> tuple[Report, bytes]:
    if folder is not None and (folder / f"{seed}.pdf").exists():
        return draw_report(random.Random(seed)), (folder / f"{seed}.pdf").read_bytes()
    report, _, data = render(seed)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{seed}.pdf").write_bytes(data)
    return report, data


if __name__ == "__main__":
    raise SystemExit(main())
