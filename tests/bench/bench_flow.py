"""Scale: whole runs over generated PDFs, cold and warm and with ten reports added.

    python -m tests.bench.bench_flow [--sizes 10 100 1000] [--jobs 1 2] [--out reports/bench]
    python -m tests.bench.bench_flow --sizes 100 1000 10000 --jobs 2 --paragraphs 4
    python -m tests.bench.bench_flow --sizes 100 300 1000 --jobs 1 --paragraphs 4 --no-encoder
    python -m tests.bench.bench_flow --again --sizes 1000

Each run is the command itself in a process of its own. Its processor time is the system's count
for it and all its workers; its memory is the peak of its largest process, looked up while it runs.
A run with one job is held to one core: its own process would else work on the other one.
The sources are reports of 20 pages (`tests/invented.py`), or of fewer paragraphs where more of them
must fit into an hour, with three strengths and three areas for improvement under each of seven
standards. What is measured is written after each size, the smallest first, so that a bench that is
stopped has lost the size it was at, no more. Give it an idle machine: about fifteen minutes on two
cores. Measured again, sizes stand beside what was measured first and never in its place; what
shorter reports cost has a file of its own, and so has what they cost by their words alone.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from multiprocessing import Pool
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import invented
from pipelines.flow.settings import usable_cores
from tests.bench.processes import measured_run
from tests.bench.results import FOLDER, add, keep

BULLETS, PARAGRAPHS = 3, 76
"""So many that a report has twenty pages."""

ADDED = 10  # documents that come to a run later

_SHARE = 25  # documents that one process generates at a time


def pages(path: Path) -> int:
    """Return the number of pages of a PDF."""
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        return len(document)


def generate(folder: Path, size: int, paragraphs: int = PARAGRAPHS) -> list[Path]:
    """Generate as many reports, on all cores."""
    numbers = (range(at, min(at + _SHARE, size)) for at in range(0, size, _SHARE))
    shares = [(folder, some, paragraphs) for some in numbers]
    with Pool(min(usable_cores(), len(shares))) as crew:
        return [path for paths in crew.starmap(_generated, shares) for path in paths]


def _generated(folder: Path, numbers: range, paragraphs: int) -> list[Path]:
    return invented.write(folder, numbers, suffix="pdf", bullets=BULLETS, paragraphs=paragraphs)


def measure_size(
    size: int, jobs: list[int], folder: Path, paragraphs: int = PARAGRAPHS, *words: str
) -> dict[str, Any]:
    """Generate as many reports; run over them with each number of jobs: cold, warm, ten more."""
    sources = folder / f"sources-{size}"
    begun = time.monotonic()
    paths = generate(sources, size, paragraphs)
    result: dict[str, Any] = {
        "documents": size,
        "pages": pages(paths[0]),
        "bytes": sum(path.stat().st_size for path in paths),
        "findings": size * len(invented.invent(0, bullets=BULLETS).findings),
        "generated_in": round(time.monotonic() - begun, 1),
    }
    for number in jobs:
        cache, out = folder / f"cache-{size}-{number}", folder / f"out-{size}-{number}"
        options = ("--cache", str(cache), "--jobs", str(number), *words)
        cold = measured_run(sources, out, *options, cores=number)
        warm = measured_run(sources, out, *options, cores=number)
        more = _generated(sources, range(size, size + ADDED), paragraphs)
        added = measured_run(sources, out, *options, cores=number)
        for path in more:
            path.unlink()
        result[f"jobs_{number}"] = {"cold": cold, "warm": warm, "added": added}
        sys.stderr.write(
            f"{size} documents, {number} jobs: cold {cold}, warm {warm}, ten added {added}\n"
        )
        shutil.rmtree(cache)
        shutil.rmtree(out)
    shutil.rmtree(sources)
    return result


def main() -> None:
    """Run from the command line; see the module's text."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 100, 1000])
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--paragraphs", type=int, default=PARAGRAPHS, help="of a report")
    parser.add_argument("--no-encoder", action="store_true", help="findings by words alone")
    parser.add_argument("--again", action="store_true", help="beside what was measured before")
    parser.add_argument("--out", type=Path, default=FOLDER)
    given = parser.parse_args()
    words = ("--no-encoder",) if given.no_encoder else ()
    name = "flow-words" if words else "flow" if given.paragraphs == PARAGRAPHS else "flow-short"
    results: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="findings-bench-") as folder:
        # The first start compiles and loads what later starts find in memory: not measured.
        measure_size(1, [1], Path(folder), PARAGRAPHS, *words)
        for size in sorted(given.sizes):
            results.append(measure_size(size, given.jobs, Path(folder), given.paragraphs, *words))
            if given.again:
                add(name, {"again": results}, folder=given.out)
            else:
                keep(name, {"sizes": results}, folder=given.out)


if __name__ == "__main__":
    main()
