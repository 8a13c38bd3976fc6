"""Work on many documents at once, in processes that may die without harm to the rest.

joblib spreads the documents over threads of this machine, or over the workers of a cluster; there
is one code path for both. Each thread hands its document to a guard: a process of its own that
is killed when it takes too long and started anew when it dies. A guard that is killed from outside
costs nothing: its document is tried once more. One that fails again, or by itself, costs its
document, with the reason.
"""

from __future__ import annotations

import json
import logging
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from pipelines.flow.settings import RunSettings

logger = logging.getLogger(__name__)

START_SECONDS: Final = 120.0
"""What starting a guard and loading its libraries may take; not part of a document's time."""

_THREADS: Final = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)

Task = TypeVar("Task")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Call:
    """What a guard is to do.

    Attributes:
        function: `module:name`; its arguments and its value must be JSON.
        arguments: By keyword.
        prepare: A function called once in a guard before, with `prepare_arguments`, outside the
            document's time: loading a model, say. Empty for none.
    """

    function: str
    arguments: dict[str, Any]
    prepare: str = ""
    prepare_arguments: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a call: a value, or a reason and remedy.

    `lasting` says whether the same call would end the same way: the function itself refused it.
    `prepared` is false where it was the preparation that refused.
    """

    value: Any = None
    reason: str = ""
    remedy: str = ""
    lasting: bool = True
    prepared: bool = True

    @property
    def failed(self) -> bool:
        """Whether there is no value."""
        return bool(self.reason)


class _Killed(Exception):
    """The guard was ended by a signal that we did not send; never leaves this module."""


class Guard:
    """A worker process and the pipe to it."""

    def __init__(self, memory: int) -> None:
        self._prepared: set[tuple[object, ...]] = set()
        self._late = False
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        paths = [entry or os.getcwd() for entry in sys.path]  # noqa: PTH109 - '' means this folder
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "pipelines.flow.guard", str(memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env={
                **os.environ,
                **dict.fromkeys(_THREADS, "1"),
                "PYTHONPATH": os.pathsep.join(paths),
                "PYTHONHASHSEED": "0",
            },
        )

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it can take another call."""
        return self._process.poll() is None

    def ask(self, call: Call, seconds: float) -> Answer:
        """Have the call done.

        Raises:
            _Killed: The process was killed from outside.
        """
        wanted = (call.prepare, call.prepare_arguments)
        if call.prepare and wanted not in self._prepared:
            answer = self._send(call.prepare, dict(call.prepare_arguments), START_SECONDS)
            if answer.failed:
                return replace(answer, prepared=False)
            self._prepared.add(wanted)
        return self._send(call.function, call.arguments, seconds)

    def _send(self, function: str, arguments: dict[str, Any], seconds: float) -> Answer:
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:  # pragma: no cover - both are pipes, see above
            raise _Killed
        message = json.dumps({"function": function, "arguments": arguments}).encode("ascii")
        timer = threading.Timer(seconds, self._expire)
        timer.daemon = True
        timer.start()
        try:
            stdin.write(message + b"\n")
            stdin.flush()
            line = stdout.readline()
        except BrokenPipeError:
            line = b""
        finally:
            timer.cancel()
        if not line.endswith(b"\n"):
            return self._obituary(seconds)
        answer = json.loads(line)
        if "value" in answer:
            return Answer(value=answer["value"])
        return Answer(reason=answer["reason"], remedy=answer["remedy"])

    def _expire(self) -> None:
        self._late = True
        self._process.kill()

    def _obituary(self, seconds: float) -> Answer:
        code = self._process.wait()
        if self._late:
            return Answer(
                reason=f"took longer than {seconds:g} seconds and was stopped",
                remedy="give it more time with --timeout, or split the document",
                lasting=False,
            )
        if code < 0:
            raise _Killed(f"signal {-code}")
        self._errors.seek(0)
        lines = self._errors.read().decode("utf-8", "replace").strip().splitlines()
        last = lines[-1] if lines else f"exit status {code}"
        if last.startswith("MemoryError"):
            return Answer(
                reason="needs more memory than a worker may hold",
                remedy="raise the limit with --memory, or split the document",
                lasting=False,
            )
        return Answer(
            reason=f"the worker stopped on an error of its own: {last[:300]}",
            remedy="please report this with the document",
            lasting=False,
        )

    def close(self) -> None:
        """End the process."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except BrokenPipeError:
                    logger.debug("guard %d left unsent bytes", self.pid)
        self._errors.close()


class GuardPool:
    """Guards of this process, lent to one thread at a time and kept warm between documents."""

    def __init__(self) -> None:
        self._idle: queue.LifoQueue[Guard] = queue.LifoQueue()
        self._all: set[Guard] = set()
        self._lock = threading.Lock()

    def ask(self, call: Call, *, seconds: float, memory: int) -> Answer:
        """Have a call done by an idle guard, or a new one; see the module's text for failures."""
        killed = ""
        for _ in range(2):
            guard = self._borrow(memory)
            try:
                answer = guard.ask(call, seconds)
            except _Killed as error:
                if not self._holds(guard):
                    return Answer(reason="the run was stopped", remedy="", lasting=False)
                killed = str(error)
                logger.warning("a worker was ended by %s; its document is tried again", killed)
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
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            guard = Guard(memory)
            with self._lock:
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
        finally:
            GUARDS.close()  # first: a thread that waits for a guard must wake before joblib ends


def _timed(work: Callable[[Task], Result], task: Task) -> tuple[Result, float]:
    begun = time.perf_counter()
    result = work(task)
    return result, time.perf_counter() - begun
