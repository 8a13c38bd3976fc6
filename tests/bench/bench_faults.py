"""Faults provoked on purpose: how often, and what was lost.

    python -m tests.bench.bench_faults [--fuzz 1000] [--out reports/bench]

Runs the tests that kill, fill, damage and lie, the slow ones too, and counts what they say they
did; then feeds changed documents to the three readers (`tests/fuzz/readers.py`). About half an
hour on two cores; `--fuzz 0` leaves the readers out.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

from tests.bench.results import FOLDER, ROOT, keep

TESTS = (
    *("store", "workers", "cluster", "s3", "durable", "hostile", "faults"),
    *("killed", "traps", "misfortune"),
)
READERS = ("text", "html", "pdf")


def provoke(name: str, report: Path) -> tuple[Counter[str], Counter[str]]:
    """Run a test file; return what was done how often, and how often something was lost."""
    subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-m", "slow or not slow"),
            *("-p", "no:cacheprovider", f"--junitxml={report}", f"tests/test_{name}.py"),
        ],
        cwd=ROOT,
        stdout=sys.stderr,
        check=False,
    )
    tried: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    for case in ET.parse(report).iter("testcase"):
        for entry in case.iter("property"):
            tried[str(entry.get("name"))] += int(str(entry.get("value")))
        if case.find("failure") is not None or case.find("error") is not None:
            # What a test did is recorded at its end: one that fails is named as it is.
            name = str(case.get("name"))
            tried[name], lost[name] = 1, 1
    return tried, lost


def main() -> int:
    """Run from the command line; see the module's text."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--fuzz", type=int, default=1000, help="Documents for each reader.")
    parser.add_argument("--out", type=Path, default=FOLDER)
    given = parser.parse_args()
    tried: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="findings-bench-") as folder:
        for name in TESTS:
            done, failed = provoke(name, Path(folder) / f"{name}.xml")
            tried.update(done)
            lost.update(failed)
            # Written after each file: a bench that is stopped loses what it was at, no more.
            faults = [
                {"what": what, "tried": number, "lost": lost[what]}
                for what, number in sorted(tried.items())
            ]
            keep("faults", {"faults": faults}, folder=given.out)
    for kind in READERS if given.fuzz else ():
        subprocess.run(
            [
                *(sys.executable, "-m", "tests.fuzz.readers", kind, "--runs", str(given.fuzz)),
                *("--out", str(given.out / f"fuzz-{kind}.json")),
            ],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            check=False,
        )
    return int(bool(lost))


if __name__ == "__main__":
    raise SystemExit(main())
