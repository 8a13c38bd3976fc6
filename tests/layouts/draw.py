"""Draw a layout: a report, a look, a producer, and what was done to the file afterwards.

python -m tests.layouts.draw --seeds 100-160        measure a draw
python -m tests.layouts.draw --seeds 117 --keep DIR  keep the PDF of a layout
python -m tests.layouts.draw --seeds 100-160 --house  the same in house styles
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

from .finish import finish
from .house import draw_house, dress, set_text
from .look import Look, draw_look
from .measure import naive_findings, score, segmented_findings
from .model import Report, draw_report
from .mutate import mutate
from .web import WEB, page_html, print_page

# A program is missing, or fails; WeasyPrint asserts things of itself that do not always hold.
NOT_DRAWN = (FileNotFoundError, subprocess.SubprocessError, AssertionError)


def render(seed: int) -> tuple[Report, Look, bytes]:
    """Render the layout of a seed."""
    look = draw_look(seed)
    report = draw_report(random.Random(seed))
    return report, look, mutate(_print(report, look), look)


def render_house(seed: int) -> tuple[Report, Look, bytes]:
    """Render the layout of a seed in a house style."""
    look, touches = draw_house(seed)
    report = draw_report(random.Random(seed))
    printed = set_text(report, touches, seed)
    if look.producer in WEB:
        page = dress(page_html(printed, look), touches, seed)
        data = print_page(page, look)
    else:
        data = _print(printed, look)
    return report, look, finish(mutate(data, look), touches)


def _print(report: Report, look: Look) -> bytes:
    if look.producer in WEB:
        return print_page(page_html(report, look), look)
    if look.producer == "libreoffice":
        from .office import render_libreoffice as producer
    else:
        from .platypus import render_reportlab as producer
    return producer(report, look)


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
    parser.add_argument("--house", action="store_true")
    parser.add_argument("--quiet", action="store_true")
    options = parser.parse_args(arguments)
    first, _, last = options.seeds.partition("-")
    totals: dict[str, list[float]] = {}
    for seed in range(int(first), int(last or first) + 1):
        look, touches = draw_house(seed) if options.house else (draw_look(seed), ())
        begun = time.time()
        try:
            report, data = _cached(seed, options.cache, house=options.house)
        except NOT_DRAWN as error:
            print(f"{seed}: not drawn, {error!r}", file=sys.stderr)
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
        for name in (*_groups(look), *(f"with: {t}" for t in touches)):
            row = totals.setdefault(name, [0, 0, 0, 0, 0, 0])
            for index, value in enumerate(
                (1, result.perfect, result.wanted, result.got, result.text, result.full)
            ):
                row[index] += value
        if not options.quiet or not result.perfect:
            print(
                f"{'ok ' if result.perfect else 'BAD'} {seed} {look.producer[:4]} {look.mutation[:5]:5} {look.columns}col {look.glyph} in={look.inside:d} {reader} wanted {result.wanted} got {result.got} text {result.text} full {result.full} ({made:.1f}s, {time.time() - begun:.2f}s) {', '.join(touches)}"
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


def _cached(seed: int, folder: Path | None, *, house: bool) -> tuple[Report, bytes]:
    path = folder / f"{'house-' * house}{seed}.pdf" if folder is not None else None
    if path is not None and path.exists():
        return draw_report(random.Random(seed)), path.read_bytes()
    report, _, data = render_house(seed) if house else render(seed)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return report, data


if __name__ == "__main__":
    raise SystemExit(main())
