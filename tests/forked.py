"""`findings` in a process of its own, forked from one that has its libraries loaded already.

A new interpreter needs two seconds to load them; where a test is not about that, it need not wait.
What is forked has no threads and has opened nothing, so each command begins as in a new process.
So do the guards of runs: what `program` starts sends its pipes to a process that has the model
loaded, which forks the guard; both end together.
"""

from __future__ import annotations

import atexit
import functools
import gc
import importlib
import json
import os
import pkgutil
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

_KNOCK = """
import json, os, signal, socket, sys
with socket.socket(socket.AF_UNIX) as door:
    try:
        door.connect(sys.argv[1])
    except OSError:  # nobody is there to fork it: a guard is started as users start one
        guard = [sys.executable, "-P", "-m", "pipelines.flow.workers.guard", sys.argv[2]]
        os.execv(sys.executable, guard)
    asked = {"argv": sys.argv[1:], "env": dict(os.environ), "cwd": os.getcwd()}
    asked["umask"] = os.umask(0)
    socket.send_fds(door, [json.dumps(asked).encode() + b"\\n"], [0, 1, 2])
    for number in (0, 1):
        os.close(number)
    status = int(door.recv(16) or -signal.SIGKILL)
os.kill(os.getpid(), -status) if status < 0 else os._exit(status)
"""

_STARTING = threading.Lock()
_HEAVY = ("altair", "docx", "duckdb", "openpyxl", "sklearn.linear_model", "spacy")


def called(
    *words: object,
    cwd=None,
    env: Mapping[str, str] | None = None,
    umask: int | None = None,
    err: str | None = None,
):
    """Do a command; return it as `subprocess.run` does, with what it said as text.

    What it says on standard error goes to a device, and is not returned, where `err` names one.
    """
    with tempfile.TemporaryDirectory() as paper:
        if err is not None:
            Path(paper, "err").symlink_to(err)
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
        answer = server.stdout.readline()
        if not answer:  # the machine has killed it: this test fails, the next gets another
            _server.cache_clear()
            _door.cache_clear()
            raise OSError(f"who forks commands for tests ended with {server.wait()}")
        status = int(answer)
        out, said = (
            Path(paper, name).read_text("utf-8") if name == "out" or err is None else ""
            for name in ("out", "err")
        )
    return subprocess.CompletedProcess(asked["words"], status, out, said)


def program() -> list[str]:
    """Return the words that have a guard forked, as `workers.process.program` starts one."""
    with _STARTING:
        _server()
    return _knocking(_door())


def _knocking(door: str) -> list[str]:
    return [sys.executable, "-I", "-S", "-c", _KNOCK, door]


@functools.cache
def _door() -> str:
    """Return the name of the socket for those who want a guard: of 100 characters at most."""
    short = len(tempfile.gettempdir()) < 60 or not Path("/tmp").is_dir()
    folder = tempfile.TemporaryDirectory(prefix="findings-tests-", dir=None if short else "/tmp")
    atexit.register(folder.cleanup)
    return str(Path(folder.name) / "door")


@functools.cache
def _server() -> subprocess.Popen[str]:
    server = subprocess.Popen(
        [sys.executable, "-c", "import forked; forked.serve()", _door()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        # Whatever project or models the first test that asks has in use: they are not all tests'.
        cwd=Path(_door()).parent,
        env={
            **{name: said for name, said in os.environ.items() if not name.startswith("FINDINGS_")},
            "XDG_DATA_HOME": str(Path(_door()).parent),
            "PYTHONPATH": os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path),
            # What has no threads can be forked.
            **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1"),
        },
    )
    atexit.register(server.communicate)
    server.stdout.readline()  # the door is there
    return server


def serve() -> None:
    """Fork a command for each line of stdin; answer with its exit status."""
    load()
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(sys.argv[1])
        door.listen()
        if os.fork() == 0:
            try:
                nurse(door, os.getppid())
            finally:
                os._exit(1)
    process = importlib.import_module("pipelines.flow.workers.process")
    process.program = functools.partial(_knocking, sys.argv[1])
    print("ready", flush=True)
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


def nurse(door: socket.socket, parent: int) -> None:
    """Fork a guard for each that knocks; tell how it ended, or end it when who knocked is gone."""
    from pipelines.flow.rows import prepare_reading, prepare_tagging
    from pipelines.flow.workers.model import choose_model

    os.pidfd_open(parent)  # where the system has none (old kernels, some containers), end here
    prepare_reading()
    prepare_tagging(choose_model(None).folder, True)
    gc.freeze()
    waiting = selectors.DefaultSelector()
    waiting.register(door, selectors.EVENT_READ)
    while os.getppid() == parent:
        ready = [key for key, _ in waiting.select(timeout=1)]
        # Those who part go first, and once: a newcomer's files take the numbers of theirs.
        for known, ended, guard in {key.data for key in ready if key.data}:
            _part(known, ended, guard, waiting, gone=any(key.fileobj is known for key in ready))
        if any(key.fileobj is door for key in ready):
            _admit(door, waiting)
    os._exit(0)


def _admit(door: socket.socket, waiting: selectors.BaseSelector) -> None:
    known, _ = door.accept()
    said, pipes, _, _ = socket.recv_fds(known, 1_000_000, 3)
    while not said.endswith(b"\n") and (more := known.recv(1_000_000)):
        said += more
    if said.endswith(b"\n"):  # else who knocked was killed
        guard = os.fork()
        if guard == 0:
            guarding(json.loads(said), pipes)
        ended = os.pidfd_open(guard)
        for one in (known, ended):
            waiting.register(one, selectors.EVENT_READ, (known, ended, guard))
    for number in pipes:
        os.close(number)


def _part(
    known: socket.socket, ended: int, guard: int, waiting: selectors.BaseSelector, *, gone: bool
) -> None:
    with suppress(OSError):  # it has no group yet, or is gone; nobody waits any longer
        if gone:
            os.kill(guard, signal.SIGKILL)
            os.killpg(guard, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(guard, 0)[1])
    with suppress(OSError):
        known.send(str(status).encode())
    for one in (known, ended):
        waiting.unregister(one)
    known.close()
    os.close(ended)


def guarding(asked: dict, pipes: list[int]) -> None:
    """Be a guard, with the pipes, folder and environment of who knocked."""
    os.setsid()
    os.environ.clear()
    os.environ.update(asked["env"])
    os.chdir(asked["cwd"])
    os.umask(asked["umask"])
    tempfile.tempdir = None
    for number, pipe in enumerate(pipes):
        os.dup2(pipe, number)
    os.closerange(3, 256)
    # What the process that forks it holds already is none of the memory that it may take.
    held = int(Path("/proc/self/statm").read_text().split()[5]) * os.sysconf("SC_PAGESIZE")
    door, memory = asked["argv"]
    sys.argv = [door, str(int(memory) + held // 2**20)]
    sys.stdin = os.fdopen(0)
    try:
        importlib.import_module("pipelines.flow.workers.guard").main()
        os._exit(0)
    except BaseException:  # noqa: BLE001 - as the interpreter would say it
        sys.excepthook(*sys.exc_info())
        sys.stderr.flush()
        os._exit(1)


def load() -> None:
    """Load what commands load when they are called."""
    package = importlib.import_module("pipelines")
    names = [m.name for m in pkgutil.walk_packages(package.__path__, "pipelines.")]
    for name in (*names, *_HEAVY):
        if not name.endswith("__main__"):
            importlib.import_module(name)
    gc.freeze()  # what is forked neither looks through these objects nor copies their pages


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
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except OSError:
                status = 120  # as the interpreter ends
        os._exit(status)
