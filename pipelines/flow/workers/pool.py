"""Work on many documents at once, in processes that may die without harm to the rest.

joblib spreads the documents over threads of this machine, or over the workers of a cluster; there
is one code path for both. Each thread hands its document to a guard: a process of its own that
is killed when it takes too long and restarted when it dies. A guard that is killed from outside
costs nothing: its document is tried once more, as where one does not begin in time. One that fails
again, or by itself, costs its document, with the reason.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Final, TypeVar

from pipelines.errors import MachineError
from pipelines.flow.settings import RunSettings
from pipelines.flow.workers.process import Answer, Call, Guard, Killed, Late

logger = logging.getLogger(__name__)

_MOMENT: Final = 0.1  # seconds

Task = TypeVar("Task")
Result = TypeVar("Result")


class GuardPool:
    """Guards of this process, lent to one thread at a time and kept warm between documents."""

    def __init__(self) -> None:
        self._idle: queue.LifoQueue[Guard] = queue.LifoQueue()
        self._all: set[Guard] = set()
        self._starting = 0
        self._lock = threading.Lock()

    def ask(self, call: Call, *, seconds: float, memory: int) -> Answer:
        """Have an idle guard, or a new one, do a call; the module docstring describes failures."""
        killed = ""
        for again in (False, True):
            guard = self._borrow(memory)
            try:
                answer = guard.ask(call, seconds)
            except Killed as error:
                if not self._holds(guard):
                    return Answer(reason="the run was stopped", remedy="", lasting=False)
                if killed and not guard.ready:
                    raise MachineError(
                        f"workers are ended by {error} before they begin: this machine has not the "
                        "memory for them; nothing was published; give --jobs 1, or free memory"
                    ) from error
                killed = str(error)
                logger.warning("a worker was ended by %s; its document is tried again", killed)
                continue
            except Late as error:
                if again:
                    raise MachineError(
                        f"this machine is too busy: a worker did not begin in {error}, after one "
                        "that was ended too; nothing was published; give fewer --jobs or a longer "
                        "--timeout, or try again when there is less to do"
                    ) from error
                logger.warning("a worker did not begin in %s; another is started", error)
                continue
            finally:
                self._give_back(guard)
            return answer
        return Answer(
            reason=f"its worker was ended by {killed}, twice",
            remedy="the document may crash the reader or fill the memory; open and save it anew "
            "with another program, or raise --memory",
            lasting=False,
        )

    def close(self) -> None:
        """End all guards, also those at work."""
        with self._lock:
            guards = list(self._all)
            self._all.clear()
            self._idle = queue.LifoQueue()
        for guard in guards:
            guard.close()

    def _borrow(self, memory: int) -> Guard:
        while True:
            try:
                return self._idle.get_nowait()
            except queue.Empty:
                pass
            with self._lock:
                self._starting += 1
            try:
                guard = Guard(memory)
            except OSError as error:
                with self._lock:
                    self._starting -= 1
                    others = self._all or self._starting
                if not others:
                    raise MachineError(
                        f"this machine can start no worker ({error.strerror or error}); nothing "
                        "was published; raise its limits (ulimit -n 1024, ulimit -u), free memory, "
                        "or give --jobs 1"
                    ) from error
                time.sleep(_MOMENT)  # another's document will be done
                continue
            with self._lock:
                self._starting -= 1
                self._all.add(guard)
            return guard

    def _holds(self, guard: Guard) -> bool:
        with self._lock:
            return guard in self._all

    def _give_back(self, guard: Guard) -> None:
        with self._lock:
            ours = guard in self._all
            if ours and guard.alive:
                self._idle.put(guard)
                return
            self._all.discard(guard)
        if ours:
            guard.close()


GUARDS: Final = GuardPool()
"""The guards of this process; a worker of a cluster has its own."""


def each(
    work: Callable[[Task], Result],
    tasks: Iterable[Task],
    *,
    settings: RunSettings,
    backend: Callable[[RunSettings], AbstractContextManager[object]],
) -> Iterator[tuple[Result, float]]:
    """Do the work on each task, many at once; results come as they are done, with their seconds.

    Args:
        work: A function of a module; it must not raise.
        tasks: Values that can be pickled.
        settings: Of the run.
        backend: Gives the context in which joblib finds where to work.
    """
    from joblib import Parallel, delayed

    with backend(settings):
        done = Parallel(return_as="generator_unordered", batch_size=1)(
            delayed(_timed)(work, task) for task in tasks
        )
        try:
            yield from done
        except RuntimeError as error:
            if "new thread" not in str(error):
                raise
            raise MachineError(
                f"this machine can start no more threads ({error}); nothing was published; raise "
                "its limits (ulimit -u), or give fewer --jobs"
            ) from error
        finally:
            GUARDS.close()  # first: a thread that waits for a guard must wake before joblib ends
            done.close()
            GUARDS.close()  # those that a thread started for its next task meanwhile


def _timed(work: Callable[[Task], Result], task: Task) -> tuple[Result, float]:
    begun = time.perf_counter()
    result = work(task)
    return result, time.perf_counter() - begun
