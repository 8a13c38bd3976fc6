"""Guards: whatever a document does to its process, the rest goes on and the reason is named."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import invented
from pipelines.errors import MachineError
from pipelines.flow import read_into
from pipelines.flow.settings import RunSettings
from pipelines.flow.workers.cluster import backend
from pipelines.flow.workers.pool import GUARDS, GuardPool, each
from pipelines.flow.workers.process import Call, Guard

pytestmark = pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
PLAIN_GUARDS = True


@pytest.fixture
def pool(monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    guards = GuardPool()
    yield guards
    guards.close()


def ask(pool, function, seconds=30.0, memory=1024, **more):
    return pool.ask(
        Call(f"faults:{function}", {"number": 21, **more}), seconds=seconds, memory=memory
    )


def test_a_value_comes_back_and_the_process_is_used_again(pool):
    assert ask(pool, "double").value == 42
    assert ask(pool, "pid").value == ask(pool, "pid").value


def test_a_refusal_keeps_reason_and_remedy_and_the_process(pool):
    before = ask(pool, "pid").value
    answer = ask(pool, "refuse")
    assert (answer.reason, answer.remedy) == ("21 cannot be read", "give another number")
    assert answer.lasting
    assert ask(pool, "pid").value == before


def test_an_unforeseen_error_costs_the_call_and_says_which(pool):
    answer = ask(pool, "stumble")
    assert "ValueError: no idea about 21" in answer.reason
    assert not answer.lasting
    assert ask(pool, "double").value == 42


def test_a_process_killed_once_costs_nothing(pool, tmp_path, record_property):
    assert ask(pool, "die_once", mark=str(tmp_path / "died")).value == 21
    record_property("a worker killed once", 1)


def test_a_call_that_kills_every_process_fails_and_the_next_goes_on(pool):
    answer = ask(pool, "die")
    assert "signal 9, twice" in answer.reason
    assert not answer.lasting
    assert ask(pool, "double").value == 42


def test_a_call_that_hangs_is_stopped_in_time(pool):
    ask(pool, "double")
    answer = ask(pool, "hang", seconds=0.5)  # else it would hang for ten minutes
    assert "longer than 0.5 seconds" in answer.reason
    assert "--timeout" in answer.remedy
    assert ask(pool, "double").value == 42


def test_memory_is_bounded(pool):
    answer = ask(pool, "swell", memory=256)
    assert "memory" in answer.reason
    assert ask(pool, "double").value == 42


def test_what_a_library_prints_does_not_reach_the_answers(pool):
    assert ask(pool, "chatter").value == 21
    assert ask(pool, "double").value == 42


def test_preparation_is_done_once_a_process(pool, tmp_path):
    mark = tmp_path / "prepared"
    call = Call("faults:double", {"number": 1}, "faults:prepare", (("mark", str(mark)),))
    for _ in range(3):
        assert pool.ask(call, seconds=30, memory=1024).value == 2
    assert len(mark.read_text().splitlines()) == 1


def test_closing_ends_processes_at_work(pool):
    import threading

    answers = []
    thread = threading.Thread(target=lambda: answers.append(ask(pool, "hang", seconds=60)))
    thread.start()
    while not pool._all:
        time.sleep(0.01)
    time.sleep(0.5)
    pool.close()
    thread.join(timeout=50)  # less than the call would hang for
    assert not thread.is_alive()


def mixed(number):
    function = {3: "hang", 5: "die", 7: "stumble"}.get(number, "double")
    # Only the one that hangs is pressed for time: others must not fail on a slow machine.
    seconds = 1.0 if function == "hang" else 60.0
    call = Call(f"faults:{function}", {"number": number})
    return number, GUARDS.ask(call, seconds=seconds, memory=1024)


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_faults_among_many_cost_only_themselves(monkeypatch, jobs, record_property):
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    settings = RunSettings(jobs=jobs)
    done = {
        number: answer
        for (number, answer), _ in each(mixed, range(12), settings=settings, backend=backend)
    }
    assert sorted(done) == list(range(12))
    assert {n for n, answer in done.items() if answer.failed} == {3, 5, 7}
    assert all(done[n].value == 2 * n for n in done if n not in (3, 5, 7))
    record_property("a worker that hangs, dies or stumbles", 3)


def test_leaving_early_ends_the_processes(monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    results = each(mixed, range(12), settings=RunSettings(jobs=2), backend=backend)
    next(results)
    results.close()
    assert not GUARDS._all


def ended(pid, seconds=60.0):  # they end within one, if they get to run
    deadline = time.monotonic() + seconds
    while Path(f"/proc/{pid}").exists() and "Z" not in state(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def state(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


def wait_for(path):
    while not path.exists() or not path.read_text():
        time.sleep(0.05)
    return path.read_text().split()


linux = pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="looks for processes in /proc")


@linux
def test_what_a_call_started_ends_with_it_and_leaves_no_files(pool, tmp_path):
    answer = ask(pool, "hang_with_a_child", seconds=1.0, mark=str(tmp_path / "mark"))
    assert "longer than 1 seconds" in answer.reason
    child, folder = wait_for(tmp_path / "mark")
    assert ended(child)
    assert not Path(folder).exists()


@linux
def test_what_a_call_started_ends_where_its_worker_is_killed(pool, tmp_path):
    ask(pool, "die_with_a_child", mark=str(tmp_path / "mark"))
    for child in wait_for(tmp_path / "mark"):
        assert ended(child)


OWNER = """
import sys
from pipelines.flow.workers.process import Call
from pipelines.flow.workers.pool import GuardPool
call = Call("faults:hang_with_a_child", {"number": 1, "mark": sys.argv[1]})
GuardPool().ask(call, seconds=600, memory=1024)
"""


@linux
def test_what_a_call_started_ends_where_the_run_is_killed(tmp_path):
    paths = [str(Path(__file__).parent), str(Path(__file__).parents[1])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "TMPDIR": str(tmp_path)}
    owner = subprocess.Popen([sys.executable, "-c", OWNER, str(tmp_path / "mark")], env=environment)
    child, folder = wait_for(tmp_path / "mark")
    owner.kill()
    owner.wait()
    assert ended(child)
    deadline = time.monotonic() + 60
    while Path(folder).exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert not list(tmp_path.glob("findings-worker-*"))


IDLE = """
import pathlib, sys, time
from pipelines.flow.workers.process import Call
from pipelines.flow.workers.pool import GuardPool
GuardPool().ask(Call("faults:double", {"number": 1}), seconds=600, memory=1024)
pathlib.Path(sys.argv[1]).write_text("asked")
time.sleep(600)
"""


def test_a_worker_without_a_call_leaves_no_folder_where_its_run_is_killed(tmp_path):
    paths = [str(Path(__file__).parent), str(Path(__file__).parents[1])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "TMPDIR": str(tmp_path)}
    owner = subprocess.Popen([sys.executable, "-c", IDLE, str(tmp_path / "mark")], env=environment)
    wait_for(tmp_path / "mark")
    assert list(tmp_path.glob("findings-worker-*"))
    owner.kill()
    owner.wait()
    deadline = time.monotonic() + 60
    while list(tmp_path.glob("findings-worker-*")):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_worker_that_cannot_begin_is_the_machines_fault(pool):
    call = Call("faults:double", {"number": 1}, prepare="faults:cannot_begin")
    with pytest.raises(MachineError, match="a worker cannot begin on this machine"):
        pool.ask(call, seconds=5, memory=1024)


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize(("seconds", "limit"), [(5, 120), (300, 300)])
def test_a_worker_that_begins_late_is_tried_again_and_says_that_the_machine_is_busy(
    pool, monkeypatch, tmp_path, times, seconds, limit
):
    send, given = Guard._send, []

    def late(guard, function, arguments, allowed):
        if function == "faults:prepare":
            given.append(allowed)
            if len(given) <= times:
                guard._expire()
        return send(guard, function, arguments, allowed)

    monkeypatch.setattr(Guard, "_send", late)
    mark = str(tmp_path / "prepared")
    call = Call("faults:double", {"number": 1}, "faults:prepare", (("mark", mark),))
    if times == 1:
        assert pool.ask(call, seconds=seconds, memory=1024).value == 2
    else:
        with pytest.raises(MachineError, match=rf"too busy: .* in {limit} seconds") as raised:
            pool.ask(call, seconds=seconds, memory=1024)
        assert "memory" not in str(raised.value)
    assert given == [limit, limit]


def test_a_worker_that_cannot_be_started_is_the_machines_fault(pool, monkeypatch):
    def refused(*_, **__):
        raise OSError(24, "Too many open files")

    monkeypatch.setattr("subprocess.Popen", refused)
    with pytest.raises(MachineError, match=r"can start no worker \(Too many open files\)"):
        ask(pool, "double")


def test_where_no_more_workers_can_be_started_the_others_go_on(pool, monkeypatch):
    started = subprocess.Popen
    count = []

    def limited(*given, **more):
        if count:
            raise OSError(11, "Resource temporarily unavailable")
        count.append(1)
        return started(*given, **more)

    monkeypatch.setattr("subprocess.Popen", limited)
    got = []
    threads = [
        threading.Thread(target=lambda: got.append(ask(pool, "double").value)) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert got == [42] * 4


LIMITED = "ulimit {limit}; exec {python} -m pipelines.cli read {sources} --no-cache --out {out}"


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="limits as Linux has them")
@pytest.mark.parametrize("limit", ["-n 9", "-n 12"])
def test_a_machine_without_room_is_said_once_and_loses_nothing(tmp_path, limit):
    invented.write(tmp_path / "in", range(4), bullets=1)
    read_into(tmp_path / "in", tmp_path / "out", cache=None)
    before = (tmp_path / "out" / "manifest.json").read_bytes()
    line = LIMITED.format(
        limit=limit, python=sys.executable, sources=tmp_path / "in", out=tmp_path / "out"
    )
    done = subprocess.run(
        ["bash", "-c", line], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    # A slow machine also tells its progress ("read: 1 of 4"): what counts is what is said as ours.
    said = [line for line in done.stderr.splitlines() if line.startswith("findings: ")]
    assert len(said) == 1, done.stderr
    assert "failed" not in done.stderr
    assert (tmp_path / "out" / "manifest.json").read_bytes() == before


def test_any_number_of_jobs_is_borne():
    assert RunSettings(jobs=100_000).workers <= 8 * (os.cpu_count() or 1)
    assert RunSettings(jobs=2).workers == 2
    assert RunSettings().workers >= 1
