"""How fast PDFs are read: this reader and segmenter against pdfplumber's bare text.

    python -m tests.bench.bench_read [--rounds 5] [--pages 2000] [FILE...]

One process, alternating, medians of the ratios of each round; then the peak memory of a long
file, and the import time of the reader, each in a process of its own.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.results import FOLDER, ROOT, keep

REAL = ROOT.parent / "shared" / "pdf"
GOALS = {"lo": 10.0, "fn": 10.0, "wp": 7.0}


def ours(path: Path) -> int:
    from pipelines.read import read_document
    from pipelines.segment import segment_document

    return len(segment_document(read_document(path)).findings)


def theirs(path: Path) -> int:
    import pdfplumber

    with pdfplumber.open(path) as file:
        return sum(len(page.extract_text()) for page in file.pages)


def timed(function, path: Path) -> float:
    begun = time.perf_counter()
    function(path)
    return time.perf_counter() - begun


def ratios(paths: list[Path], rounds: int) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for path in paths:
        ours(path)  # imports and caches
    for _ in range(rounds):
        for path in paths:
            slow, fast = timed(theirs, path), timed(ours, path)
            family = path.stem.rpartition("_")[2]
            found.setdefault(family, []).append(slow / fast)
            print(
                f"{path.name}: pdfplumber {slow:.2f} s, read + segment {fast:.3f} s",
                file=sys.stderr,
            )
    return found


def child(code: str, *arguments: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()


PEAK = """
import re, sys, time
from pathlib import Path
from pipelines.read import read_document
from pipelines.read.limits import Limits
begun = time.perf_counter()
document = read_document(sys.argv[1], limits=Limits(seconds=1200))
# Not ru_maxrss: a child inherits that from the process that started it.
peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024
print(document.pages, round(time.perf_counter() - begun, 1), peak)
"""
IMPORT = """
import time
begun = time.perf_counter()
import pipelines.read
print(time.perf_counter() - begun)
"""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("files", nargs="*", type=Path)
    options = parser.parse_args(arguments)
    paths = options.files or sorted(REAL.glob("*.pdf"))
    missed = False
    families: dict[str, dict[str, float | None]] = {}
    if not paths:
        print("no PDFs to read: give some as arguments")
    for family, values in sorted(ratios(paths, options.rounds).items()):
        median = statistics.median(values)
        goal = GOALS.get(family)
        missed |= goal is not None and median < goal
        families[family] = {"ratio": round(median, 2), "goal": goal}
        print(
            f"{family}: {median:.1f} times as fast as pdfplumber's text"
            + (f" (goal {goal:g})" if goal else "")
        )
    from tests.test_pdf import long_pages

    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(long_pages(options.pages))
        file.flush()
        pages, seconds, peak = child(PEAK, file.name).split()
    print(f"{pages} pages: {seconds} s, peak {peak} MB (goal 100)")
    importing = float(statistics.median(float(child(IMPORT)) for _ in range(5)))
    print(f"import pipelines.read: {importing:.3f} s (goal 0.15)")
    values = {
        "families": families,
        "pages": int(pages),
        "seconds": float(seconds),
        "peak_mb": int(peak),
        "import_seconds": round(importing, 3),
    }
    keep("read", values, folder=options.out)
    return int(missed or int(peak) >= 100 or importing >= 0.15)


if __name__ == "__main__":
    raise SystemExit(main())
