"""Scale: whole runs over generated PDFs, cold and warm, on one and two cores.

    python tests/bench/bench_flow.py [--sizes 10 100 1000] [--out reports/bench]

Each run is the command itself in a process of its own. Its processor time is the system's count
for it and all its workers; its memory is the peak of its largest process, looked up while it runs.
The sources are reports of 20 pages (`tests/invented.py`) with six findings under each standard.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import invented

from pipelines.flow.settings import usable_cores

BULLETS, PARAGRAPHS = 3, 76


def pages(path: Path) -> int:
    """Return the number of pages of a PDF."""
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        return len(document)


class Watch(threading.Thread):
    """Look up the peak memory of a process and all below it, five times a second."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.peak, self.done = pid, 0, threading.Event()

    def run(self) -> None:
        """Look until told that the process has ended."""
        while not self.done.wait(0.2):
            for pid in self.family():
                try:
                    status = Path(f"/proc/{pid}/status").read_text()
                except OSError:
                    continue
                for line in status.splitlines():
                    if line.startswith("VmHWM:"):
                        self.peak = max(self.peak, int(line.split()[1]) // 1024)

    def family(self) -> list[int]:
        """Return the process and its descendants."""
        found, waiting = [], [self.pid]
        while waiting:
            pid = waiting.pop()
            found.append(pid)
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                try:
                    waiting += [int(child) for child in task.read_text().split()]
                except OSError:
                    continue
        return found


def measured(sources: Path, out: Path, cache: Path, jobs: int) -> dict[str, float]:
    """Run the command once and return seconds, processor seconds and peak megabytes."""
    command = [
        *(sys.executable, "-m", "pipelines.cli", "run", str(sources), "--out", str(out)),
        *("--cache", str(cache), "--jobs", str(jobs), "--timeout", "600", "--formats", "html,md"),
    ]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    watch = Watch(process.pid)
    watch.start()
    stages: dict[str, float] = {}
    last: list[str] = []
    for line in process.stderr or ():
        stages[line.partition(":")[0]] = time.monotonic() - begun
        last = [*last[-5:], line.rstrip()]
    status = process.wait()
    seconds = time.monotonic() - begun
    watch.done.set()
    watch.join()
    if status:
        raise SystemExit(f"the run failed: {last}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    ended = {name: stages[name] for name in ("read", "tag", "mine", "aggregate", "report")}
    steps, at = {}, 0.0
    for name, moment in ended.items():
        steps[name], at = round(moment - at, 2), moment
    return {
        "seconds": round(seconds, 2),
        "cpu_seconds": round(
            after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 2
        ),
        "peak_mb": watch.peak,
        "stages": steps,
        "load": round(os.getloadavg()[0], 1),
    }


def measure_size(size: int, jobs: list[int], folder: Path) -> dict[str, object]:
    """Generate as many reports and run over them cold with each number of jobs, then warm."""
    sources = folder / f"sources-{size}"
    begun = time.monotonic()
    paths = invented.write(
        sources, range(size), suffix="pdf", bullets=BULLETS, paragraphs=PARAGRAPHS
    )
    result: dict[str, object] = {
        "documents": size,
        "pages": pages(paths[0]),
        "bytes": sum(path.stat().st_size for path in paths),
        "findings": size * len(invented.invent(0, bullets=BULLETS).findings),
        "generated_in": round(time.monotonic() - begun, 1),
    }
    for number in jobs:
        cache = folder / f"cache-{size}-{number}"
        cold = measured(sources, folder / f"out-{size}-{number}", cache, number)
        warm = measured(sources, folder / f"out-{size}-{number}", cache, number)
        result[f"jobs_{number}"] = {"cold": cold, "warm": warm}
        sys.stderr.write(f"{size} documents, {number} jobs: cold {cold}, warm {warm}\n")
        shutil.rmtree(cache)
    shutil.rmtree(sources)
    return result


def main() -> None:
    """Run from the command line; see the module's text."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 100, 1000])
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--out", type=Path, default=Path("reports/bench"))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        # The first start compiles and loads what later starts find in memory: not measured.
        measure_size(1, [1], Path(folder))
        results = [measure_size(size, given.jobs, Path(folder)) for size in sorted(given.sizes)]
    given.out.mkdir(parents=True, exist_ok=True)
    (given.out / "flow.json").write_text(
        json.dumps({"cores": usable_cores(), "sizes": results}, indent=1) + "\n"
    )


if __name__ == "__main__":
    main()
