"""A worker process and the pipe to it: calls go in, answers or an obituary come out.

See `guard.py` for the other side and `workers.py` for who is lent which.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, replace
from typing import Any, Final

from pipelines.errors import MachineError
from pipelines.flow.workers.guard import FOLDER

logger = logging.getLogger(__name__)

START_SECONDS: Final = 120.0
"""What starting a guard and loading its libraries may take; not part of a document's time."""

_THREADS: Final = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)


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


def program() -> list[str]:
    """Return the words that start a guard."""
    return [sys.executable, "-P", "-m", "pipelines.flow.workers.guard"]


class Killed(Exception):
    """The guard was ended by a signal that we did not send; never leaves the pool."""


class Late(Exception):
    """The preparation took too long; never leaves the pool."""


class Guard:
    """A worker process and the pipe to it."""

    def __init__(self, memory: int) -> None:
        self._prepared: set[tuple[object, ...]] = set()
        self._late = self._asked = False
        self.ready = False  # whether it has begun to work
        # All that it and its children leave is in there, and goes with it.
        self._folder = tempfile.mkdtemp(prefix="findings-worker-")
        try:
            self._start(memory)
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise

    def _start(self, memory: int) -> None:
        self._errors = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 - lives as long
        paths = [entry or os.getcwd() for entry in sys.path]  # noqa: PTH109 - '' means this folder
        self._process = subprocess.Popen(
            [*program(), str(memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env={
                **os.environ,
                **dict.fromkeys(_THREADS, "1"),
                "PYTHONPATH": os.pathsep.join(paths),
                "PYTHONHASHSEED": "0",
                "TMPDIR": self._folder,
                FOLDER: self._folder,
            },
            # A group of its own: what it starts, such as text recognition, ends with it.
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it can take another call; its answer to one that was broken off is to come."""
        return not self._asked and self._process.poll() is None

    def ask(self, call: Call, seconds: float) -> Answer:
        """Have the call done.

        Raises:
            Killed: The process was killed from outside.
            Late: It did not begin in the time for that, or the document's where that is longer.
            MachineError: It cannot begin.
        """
        wanted = (call.prepare, call.prepare_arguments)
        if call.prepare and wanted not in self._prepared:
            limit = max(START_SECONDS, seconds)
            answer = self._send(call.prepare, dict(call.prepare_arguments), limit)
            if self._late:
                raise Late(f"{limit:g} seconds")
            if answer.failed and not answer.lasting:
                raise MachineError(
                    f"a worker cannot begin on this machine: {answer.reason}; nothing was "
                    "published; raise its limits of memory (ulimit -v, ulimit -d, --memory)"
                )
            if answer.failed:
                return replace(answer, prepared=False)
            self._prepared.add(wanted)
        self.ready = True
        return self._send(call.function, call.arguments, seconds)

    def _send(self, function: str, arguments: dict[str, Any], seconds: float) -> Answer:
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:  # pragma: no cover - both are pipes, see above
            raise Killed
        message = json.dumps({"function": function, "arguments": arguments}).encode("ascii")
        timer = threading.Timer(seconds, self._expire)
        timer.daemon = True
        timer.start()
        self._asked = True
        try:
            stdin.write(message + b"\n")
            stdin.flush()
            line = stdout.readline()
        except BrokenPipeError:
            line = b""
        finally:
            timer.cancel()
        self._asked = False
        if not line.endswith(b"\n"):
            return self._obituary(seconds)
        answer = json.loads(line)
        if "value" in answer:
            return Answer(value=answer["value"])
        return Answer(reason=answer["reason"], remedy=answer["remedy"])

    def _expire(self) -> None:
        self._late = True
        self._kill()

    def _kill(self) -> None:
        """End the process and all that it started."""
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except (AttributeError, OSError):  # Windows has no groups; or all of it is gone
            self._process.kill()

    def _obituary(self, seconds: float) -> Answer:
        code = self._process.wait()
        self._kill()  # what it had started is left
        if self._late:
            return Answer(
                reason=f"took longer than {seconds:g} seconds and was stopped",
                remedy="give it more time with --timeout, or split the document",
                lasting=False,
            )
        if code < 0:
            raise Killed(f"signal {-code}")
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
        self._kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except BrokenPipeError:
                    logger.debug("guard %d left unsent bytes", self.pid)
        self._errors.close()
        shutil.rmtree(self._folder, ignore_errors=True)
