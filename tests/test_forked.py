"""The process that forks guards for tests: whoever comes and goes, it is there for the next."""

from __future__ import annotations

import functools
import os
import select
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import closing
from pathlib import Path

import pytest

import forked
from pipelines.flow.workers import process
from pipelines.flow.workers.process import Call, Guard

pytestmark = pytest.mark.skipif(
    not hasattr(os, "pidfd_open") or not Path(f"/proc/self/task/{os.getpid()}/children").exists(),
    reason="this system does not tell the children of a process",
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


def test_what_is_forked_has_no_threads():
    with closing(Guard(4096)) as guard:
        assert answer(guard) == "1"
        server = forked._server().pid
        for one in (server, *children(server)):
            threads = [path.read_text() for path in Path(f"/proc/{one}/task").glob("*/comm")]
            assert len([name for name in threads if "jemalloc" not in name]) == 1  # it knows forks


def test_a_guard_may_take_the_least_memory_that_a_run_may_give_it():
    with closing(Guard(256)) as guard:
        assert answer(guard) == "1"


def test_one_who_forks_no_longer_fails_one_test_and_not_all_that_follow(monkeypatch):
    @functools.cache
    def gone():
        words, pipe = ["sh", "-c", "read asked; exit 9"], subprocess.PIPE
        return subprocess.Popen(words, stdin=pipe, stdout=pipe, text=True)

    gone()
    monkeypatch.setattr(forked, "_server", gone)
    monkeypatch.setattr(forked, "_door", door := functools.cache(forked._door.__wrapped__))
    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(Path("/tmp") / ("long" * 30)))
        assert len(door()) < 100
    with pytest.raises(OSError, match="ended with 9"):
        forked.called("-h")
    assert gone.cache_info().currsize == door.cache_info().currsize == 0
