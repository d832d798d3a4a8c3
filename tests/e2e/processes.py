"""Real `voile` processes on free loopback ports, in folders of the test.

::

    with Space(tmp_path) as space:
        hub = space.party("hub", role="hub").start()
        acme = space.party("acme", hub=hub.did).start()
        acme.manage("GET", "/v1/node")          # (status, parsed body)
        acme.kill(); acme.start()               # SIGKILL and again
        acme.stop()                             # SIGTERM; gives the exit code

When a test fails, the end of each process's log is printed with it.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from connector.party.home import Plan, make_home
from connector.process.actor import Actor, acting
from tests.e2e.forking import FORKS, Forked, forked
from tests.ports import free_ports
from tests.postgres import databases
from tests.waiting import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

VOILE = [sys.executable, "-c", "from connector.__main__ import main; main()"]
READY_SECONDS = 120.0
INIT_SECONDS = 300.0  # patience with a home that is made on a busy machine


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give the environment without the developer's own settings.

    Nor may it keep an interpreter from the bytecode of its modules: to compile all of ours again
    takes a process two thirds of a second.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("VOILE_") and name != "PYTHONDONTWRITEBYTECODE"
    }
    own = {"PYTHONFAULTHANDLER": "1", "LC_ALL": "C.UTF-8"}  # and not in the developer's language
    return kept | own | dict(extra or {})


def voile(
    *arguments: str,
    env: Mapping[str, str] | None = None,
    timeout: float = PATIENCE,
    command: Sequence[str] = VOILE,
    fresh: bool = not FORKS,
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, forked or in a new interpreter; the caller looks at the exit code."""
    if _forks(command, env, fresh=fresh):
        return forked(arguments, environment(env), timeout)
    return subprocess.run(
        [*command, *arguments],
        env=environment(env),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def _forks(command: Sequence[str], env: Mapping[str, str] | None, *, fresh: bool) -> bool:
    """Whether a fork does: it is this version, and the interpreter is told nothing of its own."""
    told = any(not name.startswith("VOILE_") for name in env or {})
    return list(command) == VOILE and not told and not fresh


@dataclass
class Running:
    """One party's home, and its process while it runs."""

    name: str
    home: Path
    port: int
    env: dict[str, str] = field(default_factory=dict)
    command: Sequence[str] = tuple(VOILE)  # another version's, to make what the present one opens
    process: subprocess.Popen[bytes] | Forked | None = None
    patience: float = READY_SECONDS  # for a start
    fresh: bool = not FORKS  # a new interpreter for each process, as from a shell

    @property
    def did(self) -> str:
        return f"did:web:localhost%3A{self.port}:{self.name}"

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}/{self.name}"

    @property
    def log(self) -> str:
        """What the process wrote, over all its lives."""
        path = self.home / "process.log"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def watch_imports(self) -> None:
        """Have the interpreter itself write down every import of the next lives, see `late`."""
        self.env["PYTHONPROFILEIMPORTTIME"] = "1"

    @property
    def late(self) -> list[str]:
        """What the process imported after it had said that it was ready."""
        found, ready = [], False
        for line in self.log.splitlines():
            if line.startswith("import time:"):
                if ready:
                    found.append(line.split("|")[-1].strip())
            elif line.startswith("{"):
                event = json.loads(line).get("event")
                ready = (ready or event == "ready") and event != "stopping"
        return found

    def make(self, role: str, hub: str | None) -> None:
        """Make the home in this process."""
        plan = Plan(
            did=self.did,
            public_url=self.url,
            role=role,
            hub=hub,
            language="en",
            loopback_http=True,
        )
        env = {name: text for name, text in self.env.items() if name.startswith("VOILE_")}
        with acting(Actor("command", "init")), databases.migrated_once():
            make_home(self.home, plan, env)

    def make_by_command(self, role: str, hub: str | None) -> None:
        """Make the home by `voile init`."""
        arguments = ["init", str(self.home), "--did", self.did, "--public-url", self.url]
        arguments += ["--role", role, "--loopback-http", "--language", "en"]
        if hub is not None:
            arguments += ["--hub", hub]
        made = voile(*arguments, env=self.env, command=self.command, timeout=INIT_SECONDS)
        assert made.returncode == 0, made.stderr

    def start(self, *arguments: str) -> Self:
        """Start the process and wait until it is ready."""
        assert self.process is None, f"{self.name} runs already"
        log, ready = self.home / "process.log", self.home / "ready.json"
        ready.write_bytes(b"")
        serve = ["serve", "--home", str(self.home), "--json", *arguments]
        if _forks(self.command, self.env, fresh=self.fresh):
            self.process = Forked(serve, environment(self.env), ready, log)
        else:
            with log.open("ab") as err, ready.open("wb") as out:
                self.process = subprocess.Popen(
                    [*self.command, *serve], env=environment(self.env), stdout=out, stderr=err
                )
        deadline = time.monotonic() + self.patience
        while b"\n" not in ready.read_bytes():
            if self.process.poll() is not None or time.monotonic() > deadline:
                code = self.process.poll()
                self.kill()
                raise AssertionError(
                    f"{self.name} did not start (exit {code}):\n{self.log[-4000:]}"
                )
            time.sleep(0.02)
        return self

    def stop(self) -> int:
        """SIGTERM, wait, give the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGABRT)  # what each thread does goes to the log
            self.process.wait(PATIENCE)
            raise AssertionError(f"{self.name} did not stop:\n{self.log[-12000:]}") from None
        finally:
            self.process = None
        return code

    def kill(self) -> None:
        """SIGKILL, if it runs."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(PATIENCE)
            self.process = None

    def voile(self, *arguments: str, timeout: float = PATIENCE) -> subprocess.CompletedProcess[str]:
        """Run a command with this party's home."""
        env = {name: text for name, text in self.env.items() if name.startswith("VOILE_")}
        home = ("--home", str(self.home))
        return voile(
            *arguments, *home, env=env, timeout=timeout, command=self.command, fresh=self.fresh
        )

    def manage(self, method: str, path: str, value: object | None = None) -> tuple[int, Any]:
        """Call the management API with the token; give status and parsed body."""
        token = (self.home / "data" / "management.token").read_text().strip()
        body = None if value is None else json.dumps(value).encode()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        status, _, data = request(self.port + 1, method, path, body, headers)
        return status, json.loads(data) if data else None

    def metrics(self, path: str) -> tuple[int, str]:
        """Read the metrics listener."""
        status, _, data = request(self.port + 2, "GET", path)
        return status, data.decode()


def request(
    port: int,
    method: str,
    path: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    timeout: float = 60,
) -> tuple[int, dict[str, str], bytes]:
    """Send one request to this machine; give status, headers and body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(method, path, body=body, headers=dict(headers or {}))
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
    finally:
        connection.close()


@dataclass
class Space:
    """Parties of one test; their processes end with it."""

    folder: Path
    parties: list[Running] = field(default_factory=list)
    quiet: bool = False  # keep the logs to yourself at the end
    command: Sequence[str] = tuple(VOILE)
    fresh: bool = not FORKS  # the same for all

    def party(
        self,
        name: str,
        *,
        role: str = "participant",
        hub: str | None = None,
        pin: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
        port: int = 0,
        fresh: bool = False,
    ) -> Running:
        """Make a home: what `voile init` makes, in this process (`test_process.py` has the command).

        Args:
            name: a short name, the last segment of the DID.
            role: participant or hub.
            hub: DID of the hub.
            pin: DIDs trusted without a hub.
            env: more settings from the environment.
            port: the first of three; by default free ones.
            fresh: start its processes as a shell would.
        """
        port = port or free_ports()
        known = {**databases.settings(), **(env or {})}
        found = Running(name, self.folder / name, port, known, self.command)
        found.fresh = fresh or self.fresh
        if pin:
            found.env["VOILE_PINNED"] = ",".join(pin)
        if list(self.command) == VOILE:
            found.make(role, hub)
        else:
            found.make_by_command(role, hub)
        self.parties.append(found)
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for party in self.parties:
            party.kill()
            if not self.quiet:
                sys.stdout.write(f"--- log of {party.name}\n{party.log[-3000:]}\n")
