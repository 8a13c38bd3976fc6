"""A long run killed at random moments and begun again: what it ends with is what one run makes.

    python -m tests.bench.bench_kills [--size 2000] [--kills 20] [--out reports/bench]

Generated PDFs of six pages are run over by their words alone on two processes: once in peace, once
killed so many times. Moments are drawn by processor time, evenly over what is still to be done,
so that most kills fall where documents are read and some where all of them are mined or reported.
After each kill the folder must hold no run or a whole one; at the end every table (but for the
ledger's seconds) and every file of the report is compared byte by byte.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from kills import used
from pipelines.flow.storage.store import RunFolder
from tests.bench.bench_cluster import digests
from tests.bench.bench_flow import generate
from tests.bench.results import FOLDER, keep

PARAGRAPHS = 4
JOBS = 2


def spent() -> float:
    """Return the processor seconds of all children that have ended and were waited for."""
    times = os.times()
    return times.children_user + times.children_system


def kept(cache: Path) -> dict[str, int]:
    """Return how many documents a cache holds as read, and how many as tagged."""
    return {stage: sum(1 for _ in cache.glob(f"{stage}/*/*.entry")) for stage in ("read", "tag")}


def state(out: Path) -> dict[str, str | bytes]:
    """Return the digest of each table and the bytes of each file of the report.

    Raises:
        ArtefactError: A table is not what its manifest says.
    """
    RunFolder(out).read_tables()
    files = (path for path in (out / "report").rglob("*") if path.is_file())
    return {**digests(out), **{str(path.relative_to(out)): path.read_bytes() for path in files}}


def measure(size: int, kills: int, folder: Path) -> dict[str, Any]:
    """Run over generated reports in peace and under kills; compare."""
    os.environ.setdefault("SOURCE_DATE_EPOCH", str(int(time.time())))  # reports say their day
    generate(folder / "in", size, PARAGRAPHS)

    def words(name: str) -> list[str]:
        command = [sys.executable, "-m", "pipelines.cli", "run", str(folder / "in")]
        command += ["--no-encoder", "--jobs", str(JOBS), "--formats", "html,md"]
        command += ["--timeout", "600"]  # a machine that does much else is not what is tested
        return [*command, "--cache", str(folder / f"{name}-cache"), "--out", str(folder / name)]

    def whole(name: str) -> float:
        before = spent()
        subprocess.run(words(name), check=True, capture_output=True)
        return spent() - before

    cold, warm = whole("peace"), whole("peace")
    expected = state(folder / "peace")
    rng, out, cache = random.Random(20), folder / "killed", folder / "killed-cache"
    moments: list[dict[str, float]] = []
    lost = 0
    while len(moments) < kills:
        done = sum(kept(cache).values()) / (2 * size)
        left = warm + (cold - warm) * (1 - done)
        moment = rng.uniform(0.1, 2 * left / (kills - len(moments) + 1))
        process = subprocess.Popen(
            words("killed"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        while (alive := process.poll() is None) and used(process.pid) < moment:
            time.sleep(0.02)
        process.kill()
        process.wait()
        if alive:
            moments.append({"after": round(moment, 1), **kept(cache)})
            sys.stderr.write(f"killed: {moments[-1]}\n")
        if (out / "manifest.json").exists():
            lost += state(out) != expected
    last = whole("killed")
    drafts = len(list((out / ".generations").glob("draft-*")))
    return {
        "documents": size,
        "kills": kills,
        "moments": moments,
        "cold_cpu_seconds": round(cold, 1),
        "warm_cpu_seconds": round(warm, 1),
        "last_cpu_seconds": round(last, 1),
        "compared": len(expected),
        "lost": lost,
        "drafts": drafts,
        "equal": state(out) == expected,
    }


def main() -> None:
    """Run from the command line; see the module's text."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--out", type=Path, default=FOLDER)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="findings-bench-") as name:
        found = measure(given.size, given.kills, Path(name))
    keep("kills", found, folder=given.out)
    if found["lost"] or found["drafts"] or not found["equal"]:
        raise SystemExit(f"something was lost: {found}")


if __name__ == "__main__":
    main()
