"""`findings` in a process of its own, forked from one that has its libraries loaded already.

A new interpreter needs two seconds to load them; where a test is not about that, it need not wait.
What is forked has no threads and has opened nothing, so each command begins as in a new process.
"""

from __future__ import annotations

import atexit
import functools
import importlib
import json
import os
import pkgutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

_HEAVY = ("altair", "docx", "duckdb", "openpyxl", "sklearn.linear_model", "spacy")


def called(
    *words: object, cwd=None, env: Mapping[str, str] | None = None, umask: int | None = None
):
    """Do a command; return it as `subprocess.run` does, with what it said as text."""
    with tempfile.TemporaryDirectory() as paper:
        asked = {
            "words": [str(word) for word in words],
            "cwd": str(cwd or Path.cwd()),
            "env": dict(os.environ if env is None else env),
            "umask": umask,
            "paper": paper,
        }
        server = _server()
        server.stdin.write(json.dumps(asked) + "\n")
        server.stdin.flush()
        status = int(server.stdout.readline())
        out, err = (Path(paper, name).read_text("utf-8") for name in ("out", "err"))
    return subprocess.CompletedProcess(asked["words"], status, out, err)


@functools.cache
def _server() -> subprocess.Popen[str]:
    server = subprocess.Popen(
        [sys.executable, "-c", "import forked; forked.serve()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    atexit.register(server.communicate)
    return server


def serve() -> None:
    """Fork a command for each line of stdin; answer with its exit status."""
    load()
    answers = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            os.environ.clear()
            os.environ.update(asked["env"])
            if asked["umask"] is not None:
                os.umask(asked["umask"])
            speak(asked["words"], Path(asked["cwd"]), Path(asked["paper"]))
        answers.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
        answers.flush()


def load() -> None:
    """Load what commands load when they are called."""
    package = importlib.import_module("pipelines")
    names = [m.name for m in pkgutil.walk_packages(package.__path__, "pipelines.")]
    for name in (*names, *_HEAVY):
        if not name.endswith("__main__"):
            importlib.import_module(name)


def speak(words: list[str], cwd: Path, paper: Path) -> None:
    """Be a command: in a folder, its words in the files `out` and `err`; end with its status."""
    os.chdir(cwd)
    tempfile.tempdir = None
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    for number, name in ((1, "out"), (2, "err")):
        file = os.open(paper / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(file, number)
        os.close(file)
    sys.argv = ["findings", *words]
    sys.stdin = os.fdopen(0)
    sys.stdout, sys.stderr = (os.fdopen(n, "w", encoding="utf-8") for n in (1, 2))
    status = 70
    try:
        importlib.import_module("pipelines.cli").main()
        status = 0
    except SystemExit as left:
        status = left.code if isinstance(left.code, int) else int(left.code is not None)
    except BaseException:  # noqa: BLE001 - as the interpreter would say it
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
