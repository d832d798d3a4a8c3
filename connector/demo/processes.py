"""The five processes: made by `voile init`, run by `voile serve`, stopped by their own pid.

Each party has a home under `parties/`, as a firm would have it. All of them listen on loopback
only, and keep every body that they receive under `wire/`, for the table *what each party saw*.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from connector.demo import altered, bound, problems
from connector.demo.parties import BUYER, OPERATOR, PARTIES, Party
from connector.faces.cli.client import Management
from connector.process.errors import SettingsError
from connector.process.lock import FolderLock, holder
from connector.process.settings import load

if TYPE_CHECKING:
    from crypto.words import Spoken

VOILE: Final = (sys.executable, "-c", "from connector.__main__ import main; main()")
READY_SECONDS: Final = 180.0  # until a process stands: the machine may be busy
STOP_SECONDS: Final = 30.0
_PORTS: Final = range(19_100, 29_000, 10)
WIRE: Final = "wire"
ATTACKERS: Final = (OPERATOR, BUYER)  # who may alter its own program, see `altered`
GATE: Final = "gate"  # while this file lies in a home, totals wait between their phases


@dataclass(slots=True)
class Running:
    """One party: its home, where it listens, and its process while it runs."""

    party: Party
    home: Path
    port: int
    client: Management | None = None
    process: subprocess.Popen[bytes] | None = None
    held: list[socket.socket] = field(default_factory=list)  # its ports, until it takes them

    def let_ports_go(self) -> None:
        """Free the ports that are held for it."""
        while self.held:
            self.held.pop().close()

    @property
    def did(self) -> str:
        """The party's DID, on loopback."""
        return f"did:web:localhost%3A{self.port}:{self.party.slug}"

    @property
    def url(self) -> str:
        """Where the others reach it."""
        return f"http://localhost:{self.port}/{self.party.slug}"

    @property
    def wire(self) -> Path:
        """The folder of the bodies that it received."""
        return self.home / WIRE

    @property
    def manage(self) -> Management:
        """The client of its management API."""
        assert self.client is not None, "it was started"
        return self.client


@dataclass(slots=True)
class Processes:
    """All parties of one run."""

    folder: Path
    running: dict[str, Running] = field(default_factory=dict)
    databases: dict[str, str] = field(default_factory=dict, repr=False)  # URLs; none: SQLite

    def make(self) -> None:
        """Make five homes by `voile init`, all at once."""
        for party in PARTIES:
            held = _free_ports()
            port = held[0].getsockname()[1]
            self.running[party.slug] = Running(party, self.folder / party.slug, port, held=held)
        hub = self.running[OPERATOR.slug].did
        started = [self._init(running, hub) for running in self.running.values()]
        said: str | Spoken
        for running, process in zip(self.running.values(), started, strict=True):
            try:
                _, told = process.communicate(timeout=READY_SECONDS)
                said = told.strip()[-400:]
            except subprocess.TimeoutExpired:
                _kill(started)
                said = problems.NOT_IN_TIME.of(seconds=f"{READY_SECONDS:.0f}")
            except BaseException:  # the demonstration is ended
                _kill(started)
                raise
            if process.returncode != 0:
                raise SettingsError(problems.HOME_NOT_MADE, party=running.party.slug, said=said)

    def _init(self, running: Running, hub: str) -> "subprocess.Popen[str]":
        arguments = ["init", str(running.home), "--did", running.did, "--public-url", running.url]
        arguments += ["--port", str(running.port), "--loopback-http", "--language", "en"]
        if running.party == OPERATOR:
            arguments += ["--role", "hub"]
        else:
            arguments += ["--hub", hub]
        if running.party.slug in self.databases:
            arguments += ["--database", self.databases[running.party.slug]]
        return subprocess.Popen(  # noqa: S603 - our own program
            [*VOILE, *arguments],
            env=_environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def start(self) -> None:
        """Start all five and wait until each says that it is ready."""
        for running in self.running.values():
            self._start(running)
        for running in self.running.values():
            _wait_ready(running)
            settings = load(running.home, _environment())
            running.client = Management(settings)

    def _start(self, running: Running) -> None:
        running.let_ports_go()
        with (
            (running.home / "process.log").open("ab") as log,
            (running.home / "ready.json").open("wb") as out,
        ):
            program = altered.PROGRAM if running.party in ATTACKERS else bound.PROGRAM
            running.process = subprocess.Popen(  # noqa: S603 - our own program
                [*program, "serve", "--home", str(running.home), "--json"],
                env=_environment(),
                stdin=subprocess.PIPE,  # open as long as we live: see `bound`
                stdout=out,
                stderr=log,
                start_new_session=True,  # so that Ctrl-C reaches us, and we stop them in order
            )

    def leave_running(self) -> None:
        """Let all go on when the demonstration has ended."""
        for process in self._alive():
            assert process.stdin is not None
            with suppress(BrokenPipeError):  # it has just ended by itself
                process.stdin.write(bound.GO_ON)
                process.stdin.close()

    def end(self) -> None:
        """Send SIGTERM to all, by their own pids, and wait for none."""
        for process in self._alive():
            process.send_signal(signal.SIGTERM)

    def _alive(self) -> list["subprocess.Popen[bytes]"]:
        every = (running.process for running in self.running.values())
        return [process for process in every if process is not None and process.poll() is None]

    def stop(self) -> list[str]:
        """Stop all by SIGTERM to their own pids; return those that did not end cleanly."""
        for running in self.running.values():
            running.let_ports_go()
        alive = [r for r in self.running.values() if r.process and r.process.poll() is None]
        self.end()
        unclean = []
        for running in alive:
            assert running.process is not None
            try:
                code = running.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                running.process.kill()
                code = running.process.wait(10)
            if code != 0:
                unclean.append(f"{running.party.slug} ended with {code}")
        return unclean

    @property
    def pids(self) -> tuple[int, ...]:
        """The pids of the running processes."""
        return tuple(process.pid for process in self._alive())


def _kill(started: "list[subprocess.Popen[str]]") -> None:
    for one in started:
        one.kill()


def refuse_if_in_use(folder: Path) -> None:
    """See that no process of an earlier run still works in `folder`.

    Raises:
        SettingsError: One does; the message says how to stop all of them.
    """
    held = [one for data in sorted(folder.glob("*/data")) if (one := holder(data)) is not None]
    pids = [str(one.pid) for one in held if one.pid]
    if held and len(pids) == len(held):
        raise SettingsError(problems.RUNNING, folder=folder.parent, pids=" ".join(pids))
    now = datetime.now(UTC)
    with ExitStack() as stack:
        for data in sorted(folder.glob("*/data")):
            stack.enter_context(FolderLock(data, what="voile demo", now=now))


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VOILE_")}
    return kept | {"VOILE_TESTING_RECORD_WIRE": WIRE, "VOILE_TESTING_COHORT_GATE": GATE}


def _free_ports() -> list[socket.socket]:
    """Take four free ports in a row: another demonstration that begins meanwhile gets others."""
    for base in _PORTS:
        held: list[socket.socket] = []
        try:
            for port in range(base, base + 4):
                held.append(socket.socket())
                held[-1].bind(("127.0.0.1", port))
        except OSError:
            for one in held:
                one.close()
        else:
            return held
    raise SettingsError(problems.NO_PORTS)


def _wait_ready(running: Running) -> None:
    assert running.process is not None
    ready = running.home / "ready.json"
    until = time.monotonic() + READY_SECONDS
    while b"\n" not in ready.read_bytes():
        if running.process.poll() is not None or time.monotonic() > until:
            log = (running.home / "process.log").read_text(encoding="utf-8", errors="replace")
            raise SettingsError(
                problems.NOT_STARTED,
                party=running.party.slug,
                said=log.strip()[-600:],
                home=running.home,
            )
        time.sleep(0.02)
    found = json.loads(ready.read_bytes())
    if not found.get("ready"):  # with --json its error stands there
        said = found.get("error", {}).get("message", "")
        raise SettingsError(
            problems.NOT_STARTED, party=running.party.slug, said=said, home=running.home
        )


def command(running: Running, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run one `voile` command with a party's home, to its end."""
    return voile(*arguments, "--home", str(running.home))


def voile(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run one `voile` command to its end; the caller looks at the exit code."""
    return subprocess.run(  # noqa: S603 - our own program
        [*VOILE, *arguments],
        env=_environment(),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
