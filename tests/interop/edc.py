"""Eclipse EDC connectors out of Maven Central: built once, started on free ports, stopped by pid.

::

    runtime = build()                                    # jars and one class; the network, once
    with connectors(runtime, folder, {"provider": {}, "consumer": FAST}) as found:
        found["provider"].management.asset("a-1", url)   # management API
        found["consumer"].dsp                            # http://localhost:…/protocol/2025-1

Each connector has a control plane, a data plane for HTTP, stores in memory and the mock identity.
It listens on all interfaces (no setting changes that): see `tests.interop.namespace`.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tests.e2e.processes import free_ports
from tests.interop.management import CONTEXT, Management
from tests.interop.toolchain import Runtime, build

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["DEFAULT", "FAST", "Edc", "Runtime", "build", "connectors"]

MAIN: Final = "org.eclipse.edc.boot.system.runtime.BaseRuntime"
JVM: Final = ("-Xmx256m", "-XX:+UseSerialGC")
READY_SECONDS: Final = 120.0
PORTS: Final = 5

# the state machines, by the prefix of their settings
MACHINES: Final = (
    "edc.negotiation.consumer",
    "edc.negotiation.provider",
    "edc.transfer",
    "edc.dataplane",
    "edc.policy.monitor",
)


def loops(milliseconds: int) -> dict[str, str]:
    """Give the options that make every state machine look for work this often."""
    return {f"{name}.state-machine.iteration-wait-millis": str(milliseconds) for name in MACHINES}


DEFAULT: Final[Mapping[str, str]] = {}  # as EDC comes: 1,000 ms
FAST: Final[Mapping[str, str]] = loops(1)


@dataclass
class Edc:
    """One connector: its addresses, its process, its log.

    Attributes:
        name: participant id.
        port: the first of `PORTS` ports.
        folder: properties and log.
        options: further settings of EDC; they win over ours.
        callback: where it says that its protocol endpoints are, without the version.
    """

    name: str
    port: int
    folder: Path
    options: Mapping[str, str] = field(default_factory=dict)
    callback: str = ""
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.management = Management(self.port + 2, self.name)

    @property
    def dsp(self) -> str:
        """The base URL of its protocol endpoints, past any proxy."""
        return f"http://localhost:{self.port + 3}/protocol/2025-1"

    @property
    def log(self) -> str:
        """What it wrote."""
        path = self.folder / f"{self.name}.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def settings(self) -> dict[str, str]:
        """Give its properties."""
        port = self.port
        web = {"port": str(port), "path": "/api"}
        for offset, name in enumerate(("control", "management", "protocol"), start=1):
            web |= {f"{name}.port": str(port + offset), f"{name}.path": f"/{name}"}
        return {
            "edc.participant.id": self.name,
            "edc.participant.context.id": self.name,
            "edc.hostname": "localhost",
            "edc.dsp.callback.address": self.callback or self.dsp.removesuffix("/2025-1"),
            **{f"web.http.{key}": value for key, value in web.items()},
            "edc.transfer.proxy.token.signer.privatekey.alias": "pull-private",
            "edc.transfer.proxy.token.verifier.publickey.alias": "pull-public",
            "interop.pull.port": str(port + 4),
            **self.options,
        }

    def start(self, runtime: Runtime, jvm: tuple[str, ...] = JVM) -> None:
        """Start the process; `wait` says when it is ready."""
        properties = self.folder / f"{self.name}.properties"
        lines = [f"{key}={value}" for key, value in self.settings().items()]
        properties.write_text("\n".join(lines) + "\n", encoding="utf-8")
        with (self.folder / f"{self.name}.log").open("wb") as log:
            self.process = subprocess.Popen(
                ["java", *jvm, f"-Dedc.fs.config={properties}", "-cp", runtime.class_path, MAIN],
                stdout=log,
                stderr=subprocess.STDOUT,
                env={key: value for key, value in os.environ.items() if not key.startswith("EDC_")},
            )

    def wait(self) -> None:
        """Wait until it is ready.

        Raises:
            RuntimeError: it died, or takes too long; with the end of its log.
        """
        assert self.process is not None
        deadline = time.monotonic() + READY_SECONDS
        while not self._is_ready():
            code = self.process.poll()
            if code is not None or time.monotonic() > deadline:
                raise RuntimeError(f"EDC `{self.name}` did not start ({code}):\n{self.log[-4000:]}")
            time.sleep(0.05)

    def _is_ready(self) -> bool:
        """Ask each listener: its readiness check answers before the other paths are served.

        A request that meets a half started server may never be answered: a short limit.
        """
        query = json.dumps({"@context": CONTEXT, "@type": "QuerySpec"})
        asked = (
            ("GET", 0, "/api/check/readiness", None),
            ("GET", 3, "/protocol/.well-known/dspace-version", None),
            ("POST", 2, "/management/v3/assets/request", query),
        )
        for method, offset, path, body in asked:
            connection = http.client.HTTPConnection("127.0.0.1", self.port + offset, timeout=2)
            try:
                connection.request(method, path, body, {"Content-Type": "application/json"})
                if connection.getresponse().status != 200:
                    return False
            except (OSError, http.client.HTTPException):
                return False
            finally:
                connection.close()
        return True

    def stop(self) -> None:
        """End the process: SIGTERM, then SIGKILL after ten seconds."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


@contextmanager
def connectors(
    runtime: Runtime,
    folder: Path,
    options: Mapping[str, Mapping[str, str]],
    *,
    callbacks: Mapping[str, str] | None = None,
    jvm: tuple[str, ...] = JVM,
) -> Iterator[dict[str, Edc]]:
    """Start connectors side by side and stop them at the end.

    Args:
        runtime: what `build` gave.
        folder: for properties and logs.
        options: participant id -> further EDC settings, `FAST` for instance.
        callbacks: participant id -> protocol address in front of it (a proxy), without version.
        jvm: options of the virtual machine.
    """
    folder.mkdir(parents=True, exist_ok=True)
    given = callbacks or {}
    first = free_ports(PORTS * len(options))
    found = {
        name: Edc(name, first + PORTS * place, folder, extra, given.get(name, ""))
        for place, (name, extra) in enumerate(options.items())
    }
    try:
        for edc in found.values():
            edc.start(runtime, jvm)
        for edc in found.values():
            edc.wait()
        yield found
    finally:
        for edc in found.values():
            edc.stop()
