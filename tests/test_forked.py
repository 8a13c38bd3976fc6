"""The process that forks guards for tests: whoever comes and goes, it is there for the next."""

from __future__ import annotations

import os
import select
import signal
import socket
import time
from contextlib import closing
from pathlib import Path

import pytest

import forked
from pipelines.flow import process
from pipelines.flow.process import Call, Guard

pytestmark = pytest.mark.skipif(
    not hasattr(os, "pidfd_open") or not Path("/proc/self/task").is_dir(), reason="Linux only"
)


def children(process: int) -> list[int]:
    return [
        int(pid) for pid in Path(f"/proc/{process}/task/{process}/children").read_text().split()
    ]


def answer(guard: Guard) -> object:
    return guard.ask(Call("json:dumps", {"obj": 1}), 300).value


def test_one_who_comes_while_another_leaves_is_not_taken_for_them():
    with closing(Guard(4096)) as first:
        assert answer(first) == "1"
        (nurse,) = children(forked._server().pid)
        guard = children(nurse)[-1]
        os.kill(nurse, signal.SIGSTOP)
        try:  # in this order: who knocked is gone, another knocks, the guard of the first ends
            first._kill()
            first._process.wait()
            second = Guard(4096)
            while Path(f"/proc/{second.pid}/fd/0").exists():
                time.sleep(0.01)  # it has not knocked
            os.kill(guard, signal.SIGKILL)
            select.select([ended := os.pidfd_open(guard)], [], [])
            os.close(ended)
        finally:
            os.kill(nurse, signal.SIGCONT)
    with closing(second), closing(Guard(4096)) as third:
        assert answer(second) == answer(third) == "1"
        assert children(forked._server().pid) == [nurse]


def test_one_who_is_killed_while_he_knocks_holds_nobody_up():
    with closing(Guard(4096)) as guard:
        assert answer(guard) == "1"
    with socket.socket(socket.AF_UNIX) as door:
        door.connect(forked._door())
        socket.send_fds(door, [b'{"argv"'], [0, 1, 2])
    with closing(Guard(4096)) as guard:
        assert answer(guard) == "1"


def test_a_guard_whom_nobody_forks_starts_by_itself(monkeypatch, tmp_path):
    monkeypatch.setattr(process, "program", lambda: forked._knocking(str(tmp_path / "door")))
    with closing(Guard(1024)) as guard:
        assert answer(guard) == "1"
