"""The connector that is judged: a process of its own, in a home that is thrown away."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from tests.e2e.forking import FORKS, Forked
from tests.e2e.processes import environment, free_ports, voile

if TYPE_CHECKING:
    from collections.abc import Sequence

PROGRAM: Final = "tests.tck.voile"
ROOT: Final = Path(__file__).resolve().parents[2]
READY_SECONDS: Final = 120.0
TESTING: Final = {
    "VOILE_TESTING_PROFILES": "true",
    "VOILE_TESTING_LOOPBACK_HTTP": "true",
}


@dataclass(slots=True)
class Connector:
    """`python -m tests.tck.voile`: `voile serve` under the kit's profile.

    Attributes:
        home: a folder that does not exist yet, or the home of an earlier run.
        port: protocol listener; 0 chooses.
        public_port: the port in its public URL, where something stands in front of it.
        reaction_ms: how long it waits before it reacts.
        command: what runs it; a control brings its own.
        fresh: start it in a new interpreter, as from a shell; else tests have it forked.
    """

    home: Path
    port: int = 0
    public_port: int = 0
    reaction_ms: int = 500
    command: Sequence[str] = (sys.executable, "-m", PROGRAM)
    fresh: bool = not FORKS
    process: subprocess.Popen[bytes] | Forked | None = None
    env: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Its public URL."""
        return f"http://localhost:{self.public_port or self.port}"

    @property
    def log(self) -> str:
        """What it wrote."""
        path = self.home / "process.log"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def start(self) -> Self:
        """Make the home if there is none, start, wait until it is ready.

        Raises:
            RuntimeError: it does not start.
        """
        self.port = self.port or free_ports()
        self.env = TESTING | {"VOILE_TESTING_REACTION_MS": str(self.reaction_ms)}
        if not (self.home / "voile.toml").exists():
            did = f"did:web:localhost%3A{self.public_port or self.port}"
            made = voile(
                *("init", str(self.home), "--did", did, "--public-url", self.url),
                *("--port", str(self.port), "--language", "en"),
                env=self.env,
            )
            if made.returncode:
                raise RuntimeError(f"voile init failed: {made.stderr}")
        ready = self.home / "ready.json"
        ready.write_bytes(b"")
        self.process = self._started(ready, self.home / "process.log")
        deadline = time.monotonic() + READY_SECONDS
        while not ready.read_bytes().endswith(b"\n"):
            if self.process.poll() is not None or time.monotonic() > deadline:
                code = self.process.poll()
                self.stop()
                raise RuntimeError(
                    f"the connector did not start (exit {code}):\n{self.log[-2000:]}"
                )
            time.sleep(0.02)
        assert json.loads(ready.read_bytes())["ready"]
        return self

    def _started(self, ready: Path, log: Path) -> subprocess.Popen[bytes] | Forked:
        arguments = ["--home", str(self.home), "--json"]
        env = environment(self.env)
        if not self.fresh and self.command[1:] == ("-m", PROGRAM):
            return Forked(arguments, env, ready, log, PROGRAM)
        with log.open("ab") as err, ready.open("wb") as out:
            return subprocess.Popen(
                [*self.command, *arguments], env=env, cwd=ROOT, stdout=out, stderr=err
            )

    def stop(self) -> None:
        """End the process."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(60)
        self.process = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
