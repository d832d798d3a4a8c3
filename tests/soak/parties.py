"""A connector behind a door: its public address is the door's, its process listens elsewhere."""

from __future__ import annotations

import contextlib
import http.client
import random
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from tests.e2e.firm import publish
from tests.e2e.processes import Running, free_ports, voile
from tests.soak.proxy import Door

if TYPE_CHECKING:
    from pathlib import Path

    from tests.soak.faults import Plan, Tally

STEP_SECONDS = 0.02
PATIENCE = 180.0  # seconds until a process that was killed answers again
FILE_PRODUCT = """
id = "bulk"
kind = "file"
title = "Bulk"
domain = "production"
level = 1

[[offer]]
formats = ["HttpData-PULL"]
"""


class AwayError(Exception):
    """The process is not there, or died before it answered: what was asked may have happened."""


@dataclass
class Firm(Running):
    """One party: `port` is the process's, `public` the door's."""

    public: int = 0
    door: Door | None = None
    deaths: int = 0
    _alive: threading.Lock = field(default_factory=threading.Lock)

    @property
    def did(self) -> str:
        return f"did:web:localhost%3A{self.public}:{self.name}"

    @property
    def url(self) -> str:
        return f"http://localhost:{self.public}/{self.name}"

    def ask(self, method: str, path: str, value: object | None = None) -> tuple[int, Any]:
        """Call the management API of a process that may be killed at any moment.

        Raises:
            AwayError: there was no answer.
        """
        try:
            return self.manage(method, path, value)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise AwayError from error

    def get(self, path: str) -> Any:
        """Read something, as often as it takes."""
        deadline = time.monotonic() + PATIENCE
        while True:
            with contextlib.suppress(AwayError):
                status, body = self.ask("GET", path)
                if status == 200:
                    return body
            if time.monotonic() > deadline:
                raise AssertionError(f"{self.name} does not answer {path}")
            time.sleep(0.1)

    def restart_after(self, seconds: float) -> None:
        """SIGKILL, and start again after a while."""
        with self._alive:
            self.kill()
            self.deaths += 1
            time.sleep(seconds)
            self.start()


def make(name: str, folder: Path, tally: Tally) -> Firm:
    """Make a home whose public address is a door, and open the door."""
    base = free_ports(5)
    firm = Firm(name, folder / name, base, public=base + 4)
    firm.env = {
        "VOILE_LIMITS_REQUESTS_PER_SECOND": "100000",  # the load is ours, and meant
        "VOILE_LIMITS_REQUEST_BURST": "100000",
    }
    arguments = ["init", str(firm.home), "--did", firm.did, "--public-url", firm.url]
    arguments += ["--port", str(base), "--loopback-http", "--language", "en"]
    made = voile(*arguments, env=firm.env)
    assert made.returncode == 0, made.stderr
    firm.door = Door(name, firm.public, base, tally)
    return firm


def pair(folder: Path, tally: Tally) -> tuple[Firm, Firm]:
    """Start two parties that trust each other and offer the same kind of product."""
    firms = make("acme", folder, tally), make("bolt", folder, tally)
    for firm in firms:
        firm.env["VOILE_PINNED"] = ",".join(one.did for one in firms)
        firm.start()
        publish(firm, firm.home, counted=False)
        _publish_file(firm)
    return firms


def _publish_file(firm: Firm) -> None:
    product, data = firm.home / "bulk.toml", firm.home / "bulk.csv"
    product.write_text(FILE_PRODUCT)
    data.write_text("a,b\n" + "1,2\n" * 1000)
    done = firm.voile("publish", str(product), str(data), "--json")
    assert done.returncode == 0, done.stdout + done.stderr


class Killer:
    """Kills each process when its door has seen as many requests as the plan says."""

    def __init__(self, firms: tuple[Firm, ...], plan: Plan, tally: Tally) -> None:
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._watch, args=(firm, plan, tally), daemon=True)
            for firm in firms
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(60)

    def _watch(self, firm: Firm, plan: Plan, tally: Tally) -> None:
        assert firm.door is not None
        begun = firm.door.passed
        for at, seconds in plan.deaths(firm.name):
            while firm.door.passed - begun < at:
                if self._stop.wait(STEP_SECONDS):
                    return
            time.sleep(random.random() * STEP_SECONDS)
            tally.add("kill")
            firm.restart_after(seconds)
