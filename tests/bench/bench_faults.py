"""Faults provoked on purpose: how often, and what was lost.

    python -m tests.bench.bench_faults [--fuzz 1000] [--out reports/bench]

Runs the tests that kill, fill, damage and lie, the slow ones too, and counts what they say they
did; then feeds changed documents to the three readers (`tests/fuzz/readers.py`). About fifteen
minutes on two cores.
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

TESTS = ("durable", "faults", "store", "workers", "hostile", "cluster", "s3")
READERS = ("text", "html", "pdf")


def provoke(report: Path) -> tuple[Counter[str], Counter[str]]:
    """Run the tests; return what was done how often, and in how many of them something was lost."""
    files = [f"tests/test_{name}.py" for name in TESTS]
    subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-m", "slow or not slow"),
            *("-p", "no:cacheprovider", f"--junitxml={report}", *files),
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
    with tempfile.TemporaryDirectory(prefix="findings-bench-") as folder:
        tried, lost = provoke(Path(folder) / "tests.xml")
    faults = [
        {"what": what, "tried": number, "lost": lost[what]}
        for what, number in sorted(tried.items())
    ]
    keep("faults", {"faults": faults}, folder=given.out)
    for kind in READERS:
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
