"""The program of a worker process: it takes one call a line from stdin and answers on stdout.

A document can crash the PDF library, fill the memory or never end. All that happens in here, and
costs this process and that document; see `workers.py` for the other side. Calls and answers are
JSON, so what a damaged document makes us send can never be code.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import threading
import time
from importlib import import_module
from typing import IO, Any, Final, NoReturn

from pipelines.errors import FindingsError, UnreadableDocument

FOLDER: Final = "FINDINGS_WORKER_FOLDER"
"""Names the folder for all that a worker leaves; it goes with the worker, or with its run."""

_LOOK_SECONDS: Final = 0.5


def main() -> None:
    """Answer calls until stdin ends."""
    # Libraries that print would talk into the answers: from here on stdout is stderr.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    # First the thread: one that has no memory to begin with is waited for without end.
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    _limit_memory(int(sys.argv[1]))
    serve(sys.stdin.buffer, answers)
    _leave()  # nobody asks any more: a run that was killed does not clear away what we hold


def serve(calls: IO[bytes], answers: IO[bytes]) -> None:
    """Answer each call; an error that is not ours ends the process, its traceback on stderr."""
    for line in calls:
        call = json.loads(line)
        answer = json.dumps(_answer(call["function"], call["arguments"]))
        try:
            answers.write(answer.encode("ascii") + b"\n")
            answers.flush()
        except BrokenPipeError:  # the run is gone: nobody waits for an answer
            return


def _answer(function: str, arguments: dict[str, Any]) -> dict[str, Any]:
    module, _, name = function.partition(":")
    try:
        return {"value": getattr(import_module(module), name)(**arguments)}
    except UnreadableDocument as error:
        return {"reason": error.reason, "remedy": error.remedy}
    except FindingsError as error:
        return {"reason": str(error), "remedy": ""}


def _limit_memory(megabytes: int) -> None:
    try:
        import resource
    except ImportError:  # Windows: the limits on size and length must do
        return
    # Data, not address space: numerical libraries reserve far more addresses than they use.
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    soft = megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_DATA, (soft if hard < 0 else min(soft, hard), hard))


def _end_with(parent: int) -> None:
    # A killed run closes our stdin, but a document that hangs never looks at it.
    while os.getppid() == parent:
        time.sleep(_LOOK_SECONDS)
    _leave()


def _leave() -> NoReturn:
    if folder := os.environ.get(FOLDER):
        shutil.rmtree(folder, ignore_errors=True)
    if hasattr(os, "killpg") and os.getpgid(0) == os.getpid():
        os.killpg(0, signal.SIGKILL)  # with what this process has started
    os._exit(1)


if __name__ == "__main__":
    main()
