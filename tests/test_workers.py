"""Guards: whatever a document does to its process, the rest goes on and the reason is named."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from pipelines.flow.cluster import backend
from pipelines.flow.settings import RunSettings
from pipelines.flow.workers import GUARDS, Call, GuardPool, each

pytestmark = pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")


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
