"""A command measured from outside: seconds, processor seconds, and the peak of any process."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

STAGES = ("read", "tag", "mine", "aggregate", "report")


class Watch(threading.Thread):
    """Look up the peak memory of a process and all below it, five times a second."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.done = pid, threading.Event()
        self.peak = self.together = 0

    def run(self) -> None:
        """Look until told that the process has ended."""
        while not self.done.wait(0.2):
            now = 0
            for pid in self.family():
                try:
                    status = Path(f"/proc/{pid}/status").read_text()
                except OSError:
                    continue
                for line in status.splitlines():
                    if line.startswith("VmHWM:"):
                        self.peak = max(self.peak, int(line.split()[1]) // 1024)
                    elif line.startswith("VmRSS:"):
                        now += int(line.split()[1]) // 1024
            self.together = max(self.together, now)

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


def measured_run(sources: Path, out: Path, *options: str, cores: int = 0) -> dict[str, Any]:
    """Run `findings run` once in a process of its own and measure it and all its workers.

    Args:
        sources: Folder of reports.
        out: Folder of the run.
        options: More words of the command.
        cores: So many the command and its workers may use; 0 for all.

    Returns:
        Seconds, processor seconds, `peak_mb` of the largest process and `together_mb` of all at
        once, seconds by stage, and the load of the machine before.
    """
    command = [
        *(sys.executable, "-m", "pipelines.cli", "run", str(sources), "--out", str(out)),
        *("--timeout", "600", "--formats", "html,md", *options),
    ]
    load = round(os.getloadavg()[0], 1)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    if cores:  # workers, which it has not started yet, may use what it may use
        os.sched_setaffinity(process.pid, sorted(os.sched_getaffinity(0))[:cores])
    watch = Watch(process.pid)
    watch.start()
    ended: dict[str, float] = {}
    last: list[str] = []
    for line in process.stderr or ():
        ended[line.partition(":")[0]] = time.monotonic() - begun
        last = [*last[-5:], line.rstrip()]
    status = process.wait()
    seconds = time.monotonic() - begun
    watch.done.set()
    watch.join()
    if status:
        raise SystemExit(f"the run failed: {last}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    steps, at = {}, 0.0
    for name in STAGES:
        steps[name], at = round(ended[name] - at, 2), ended[name]
    return {
        "seconds": round(seconds, 2),
        "cpu_seconds": round(
            after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 2
        ),
        "peak_mb": watch.peak,
        "together_mb": watch.together,
        "stages": steps,
        "report_mb": round((out / "report" / "report.html").stat().st_size / 1e6, 1),
        "load": load,
    }
