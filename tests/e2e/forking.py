"""Processes of `voile` that need not import it again: forked from one that has, and does nothing else.

To import the connector takes a process one and a half seconds of processor time, to fork a tenth;
the tests start hundreds of processes. What is forked runs the same `main` with arguments,
environment, folder and files of its own, and is ended by the same signals. It does not take the
interpreter down piece by piece at the end, which would copy all that it shares with its parent.
What a new interpreter does is proven by those that are started as such: `Space.fresh`, the
demonstration, the wheel.

The parent has one thread and has opened nothing. It takes a request per line of JSON: start this,
or say how that one ended.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

VOILE = "connector.__main__"  # a module with a `main`; another is imported by the child
COMMAND = [sys.executable, "-c", "from tests.e2e.forking import serve; serve()"]
ROOT = Path(__file__).parents[2]
FORKS = "PYTEST_VERSION" in os.environ  # measurements and drills start what a shell would start
LOOK_SECONDS = 0.01
_lock = threading.Lock()
_parent: list[subprocess.Popen[bytes]] = []


class Forked:
    """One process; used as a `subprocess.Popen`."""

    def __init__(
        self,
        arguments: Sequence[str],
        env: Mapping[str, str],
        out: Path,
        err: Path,
        program: str = VOILE,
    ) -> None:
        self.args = list(arguments)
        self.returncode: int | None = None
        asked = {"arguments": self.args, "env": dict(env), "folder": str(Path.cwd())}
        asked |= {"program": program}
        self.pid: int = _ask(asked | {"out": str(out), "err": str(err)})["pid"]

    def poll(self) -> int | None:
        """Give the exit code, or minus the signal that ended it; None while it runs."""
        if self.returncode is None:
            self.returncode = _ask({"pid": self.pid})["ended"]
        return self.returncode

    def wait(self, timeout: float) -> int:
        """Wait until it has ended; give the exit code.

        Raises:
            subprocess.TimeoutExpired: it has not.
        """
        deadline = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(self.args, timeout)
            time.sleep(LOOK_SECONDS)
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal, if it has not ended; the parent does, who knows whose the pid is."""
        self.returncode = _ask({"pid": self.pid, "signal": number})["ended"]

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def forked(
    arguments: Sequence[str], env: Mapping[str, str], timeout: float, program: str = VOILE
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; as `subprocess.run`, with its output captured as text."""
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        process = Forked(arguments, env, out, err, program)
        try:
            code = process.wait(timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        return subprocess.CompletedProcess(
            process.args, code, out.read_text("utf-8"), err.read_text("utf-8")
        )


def _ask(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Ask this test process's parent of forks; it is started when it is first needed."""
    with _lock:
        if not _parent:
            _parent.append(_started())
        found = _parent[0]
        assert found.stdin is not None
        assert found.stdout is not None
        found.stdin.write(json.dumps(asked).encode() + b"\n")
        found.stdin.flush()
        line = found.stdout.readline()
    assert line, f"the parent of forks has ended: {found.poll()}"
    answer: dict[str, Any] = json.loads(line)
    return answer


def _started() -> subprocess.Popen[bytes]:
    from tests.e2e.processes import environment

    found = subprocess.Popen(
        COMMAND, env=environment(), cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    atexit.register(_end, found)
    return found


def _end(parent: subprocess.Popen[bytes]) -> None:
    """End the parent, and with it what nobody has ended."""
    parent.communicate()


def serve() -> None:
    """Be the parent: until nobody asks any more, then end the children that are left."""
    from connector.__main__ import build
    from connector.compose import server
    from connector.party import home

    build()
    server.preload()
    assert home
    gc.collect()
    gc.freeze()  # a child looks through its own objects only
    ended: dict[int, int | None] = {}  # exit codes; None: it runs
    while line := sys.stdin.readline():
        asked = json.loads(line)
        if "pid" in asked:
            answer: dict[str, Any] = {"ended": _ended(asked, ended)}
        else:
            assert _threads() == 1, "a fork has only the thread that forks"
            pid = os.fork()
            if not pid:
                _leave(_code(partial(_become, asked), partial(_run, asked["program"])))
            ended[pid] = None
            answer = {"pid": pid}
        os.write(1, json.dumps(answer).encode() + b"\n")
    for pid in [pid for pid, code in ended.items() if code is None]:
        _ended({"pid": pid, "signal": signal.SIGKILL}, ended)
    gc.unfreeze()


def _code(*steps: Callable[[], None]) -> int:
    """Run them; give the exit code that the interpreter would end with."""
    try:
        for step in steps:
            step()
    except SystemExit as left:
        if left.code is None or isinstance(left.code, int):
            return left.code or 0
        sys.stderr.write(f"{left.code}\n")
        return 1
    except BaseException:  # noqa: BLE001 -- whatever it is, it is printed and the process ends
        traceback.print_exc()
        return 1
    return 0


def _run(program: str) -> None:
    raise SystemExit(importlib.import_module(program).main())


def _leave(code: int) -> NoReturn:
    """End as an interpreter does: wait for threads, run what is to run at the end, write all out."""
    for thread in threading.enumerate():
        if thread is not threading.main_thread() and not thread.daemon:
            thread.join()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _threads() -> int:
    """Count the threads of this process, those of libraries too where the system tells."""
    tasks = Path("/proc/self/task")
    return len([*tasks.iterdir()]) if tasks.is_dir() else threading.active_count()


def _ended(asked: Mapping[str, Any], ended: dict[int, int | None]) -> int | None:
    """Say how a child ended, None while it runs; send it a signal if it does."""
    pid: int = asked["pid"]
    if ended[pid] is None:
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            ended[pid] = os.waitstatus_to_exitcode(status)
        elif "signal" in asked:
            os.kill(pid, asked["signal"])
    return ended[pid]


def _become(asked: Mapping[str, Any]) -> None:
    """Take files, folder, environment and arguments of one's own, in the child."""
    for number, path, how in (
        (0, os.devnull, os.O_RDONLY),
        (1, asked["out"], os.O_WRONLY | os.O_CREAT | os.O_APPEND),
        (2, asked["err"], os.O_WRONLY | os.O_CREAT | os.O_APPEND),
    ):
        opened = os.open(path, how, 0o666)
        os.dup2(opened, number)
        os.close(opened)
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["env"])
    sys.argv[1:] = asked["arguments"]
