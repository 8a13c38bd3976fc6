"""The same run on a Dask cluster: two workers on this machine beside two local processes.

    python -m tests.bench.bench_cluster [--size 100] [--paragraphs 76] [--out reports/bench]

What a cluster costs where it brings nothing: both sides have the same cores, so the ratio is the
price of scheduling and sending. All tables are compared, byte by byte.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.bench.bench_flow import PARAGRAPHS, generate
from tests.bench.processes import measured_run
from tests.bench.results import FOLDER, keep

WORKERS = 2
START_SECONDS = 60


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[str]:
    """Start a scheduler and workers as processes on loopback; give the scheduler's address."""
    note = folder / "scheduler.json"
    with ExitStack() as stack:

        def start(*words: str) -> None:
            process = subprocess.Popen(
                [sys.executable, "-m", "distributed.cli." + words[0], *words[1:]],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            stack.callback(process.wait)
            stack.callback(process.kill)

        place = ("--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(note))
        start("dask_scheduler", "--port", "0", *place)
        for name in range(workers):
            start(
                *("dask_worker", "--nthreads", "1", "--no-nanny", *place),
                *("--local-directory", str(folder / f"worker-{name}")),
            )
        deadline = time.monotonic() + START_SECONDS
        while not note.exists() or not note.read_text().strip():
            if time.monotonic() > deadline:
                raise SystemExit("the scheduler did not start")
            time.sleep(0.1)
        address = str(json.loads(note.read_text())["address"])
        from distributed import Client

        with Client(address, timeout=START_SECONDS, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=START_SECONDS)
        yield address


def digests(out: Path) -> dict[str, str]:
    """Return the hash of every table of a run; the ledger's seconds differ, so not of that."""
    tables = json.loads((out / "manifest.json").read_text())["tables"]
    return {name: entry["sha256"] for name, entry in tables.items() if name != "ledger"}


def main() -> None:
    """Run from the command line; see the module's text."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, default=100)
    parser.add_argument("--paragraphs", type=int, default=PARAGRAPHS, help="of a report")
    parser.add_argument("--no-encoder", action="store_true", help="findings by words alone")
    parser.add_argument("--out", type=Path, default=FOLDER)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="findings-bench-") as name:
        folder = Path(name)
        sources = folder / "sources"
        generate(sources, given.size, given.paragraphs)
        words = ["--no-cache", "--jobs", str(WORKERS), *["--no-encoder"] * given.no_encoder]
        local = measured_run(sources, folder / "local", *words)
        with cluster(folder, WORKERS) as address:
            words += ["--scheduler", address]
            first = measured_run(sources, folder / "first", *words)
            second = measured_run(sources, folder / "second", *words)
        here = digests(folder / "local")
        equal = here == digests(folder / "first") == digests(folder / "second")
        values = {
            "documents": given.size,
            "workers": WORKERS,
            "encoder": not given.no_encoder,
            "local": local,
            "cluster": first,
            "cluster_again": second,  # workers hold model and libraries from the run before
            "tables": len(here),
            "equal": equal,
        }
        keep("cluster", values, folder=given.out)
    sys.stdout.write(json.dumps(values, indent=1) + "\n")
    if not equal:
        raise SystemExit("the cluster's tables differ from the local ones")


if __name__ == "__main__":
    main()
