"""Work killed while it is done, at random or at a chosen line: what it leaves is then looked at."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FrameType
from typing import Any


def in_a_child(work: Callable[[], object]) -> int:
    """Begin some work in a child that shares nothing but files; return its number."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            work()
            status = 0
        except BaseException:  # noqa: BLE001 - the child must not go on as the tests' process
            traceback.print_exc()
        finally:
            os._exit(status)
    return pid


def killed_at(work: Callable[[], object], modules: Iterable[str], at: int) -> bool:
    """Do some work in a child that is killed at the nth line run in these modules.

    Returns:
        Whether it was killed; false where it ended before.
    """
    places = {sys.modules[name].__file__ for name in modules}

    def traced() -> None:
        count = 0

        def trace(frame: FrameType, event: str, _: object) -> Any:
            nonlocal count
            if frame.f_code.co_filename not in places:
                return None
            if event == "line":
                count += 1
                if count == at:
                    os.kill(os.getpid(), signal.SIGKILL)
            return trace

        os.fsync = lambda fd: None  # the order of steps is tested; the disk would only slow it
        sys.settrace(trace)
        work()

    return os.WIFSIGNALED(os.waitpid(in_a_child(traced), 0)[1])


def used(pid: int) -> float:
    """Return the processor seconds of a process, of all below it and of those that it waited for.

    A process that has ended meanwhile has used none.
    """
    total, waiting = 0, [str(pid)]
    while waiting:
        place = Path("/proc", waiting.pop())
        try:
            total += sum(map(int, (place / "stat").read_text().rpartition(")")[2].split()[11:15]))
            tasks = [(task / "children").read_text() for task in (place / "task").iterdir()]
        except OSError:
            continue
        waiting += [child for children in tasks for child in children.split()]
    return total / os.sysconf("SC_CLK_TCK")
