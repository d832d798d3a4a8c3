"""A node under the profile `tck` in memory, and the kit as a transport that answers as it is told."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from werkzeug.test import Client

from connector.compose.profiles.base import permit
from connector.party.home import Plan, make_home
from connector.party.node import open_node
from connector.process.errors import Unreachable
from connector.process.ports import Response
from tests.postgres import databases
from tests.simulators import SeededEntropy
from tests.tck.profile import profile as profile_of
from tests.tck.profile.identity import HEADER, KIT
from tests.tck.profile.scheduler import Scheduler

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from connector.compose.assembly import Apps
    from connector.party.node import Node
    from connector.process.settings import Settings
    from tests.simulators import StandingClock

URL = "http://localhost:18080"
CALLBACK = "http://localhost:8083"
HUNG_UP = 0  # in the place of a status
CONTEXT = ["https://w3id.org/dspace/2025/1/context.jsonld"]
ENV = {
    "VOILE_TESTING_PROFILES": "true",
    "VOILE_TESTING_LOOPBACK_HTTP": "true",
    "VOILE_TESTING_REACTION_MS": "0",
}


@dataclass
class Kit:
    """Implements `connector.process.ports.Transport`: what the connector sends, and what it gets for it."""

    statuses: list[int] = field(default_factory=list)  # of the next answers; then 200
    sent: list[tuple[str, dict[str, Any]]] = field(default_factory=list)  # path, body

    def request(
        self,
        method: str,
        url: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = 10.0,
        max_bytes: int = 1 << 20,
    ) -> Response:
        del method, headers, timeout, max_bytes
        message = json.loads(body) if body else {}
        self.sent.append((url.removeprefix(CALLBACK), message))
        status = self.statuses.pop(0) if self.statuses else 200
        if status == HUNG_UP:
            raise Unreachable("no whole answer", code="peer-unreachable")
        answer: dict[str, Any] = {}
        if url.endswith("s/request") and "providerPid" not in message:
            kind = "ContractNegotiation" if "/negotiations/" in url else "TransferProcess"
            answer = {
                "@context": CONTEXT,
                "@type": kind,
                "@id": "urn:kit:answer",
                "consumerPid": message["consumerPid"],
                "providerPid": f"kit-{uuid.uuid4()}",
                "state": "REQUESTED",
            }
        return Response(status=status, headers={}, body=json.dumps(answer).encode())


@dataclass
class Judged:
    """A node under the profile."""

    node: Node
    apps: Apps
    kit: Kit

    @property
    def scheduler(self) -> Scheduler:
        """Its scheduler, which no thread runs."""
        return next(one for one in self.apps.workers if isinstance(one, Scheduler))

    def settle(self) -> None:
        """React and deliver until nothing is due."""
        while self.scheduler.run_due() + self.node.outbox.deliver_due(1):
            pass

    def call(
        self, method: str, path: str, value: Any = None, header: str | None = HEADER
    ) -> tuple[int, Any]:
        """Call it as the kit does; give status and parsed answer."""
        answer = Client(self.apps.protocol).open(
            path,
            method=method,
            base_url=URL,
            data=None if value is None else json.dumps(value).encode(),
            headers={"Authorization": header} if header is not None else {},
        )
        data = answer.get_data()
        answer.close()
        return answer.status_code, json.loads(data) if data else None

    def post(self, path: str, type_: str, **keys: Any) -> tuple[int, Any]:
        """Send a DSP message."""
        head = {"@context": CONTEXT, "@type": type_, "@id": f"urn:uuid:{uuid.uuid4()}"}
        return self.call("POST", "/dsp/2025-1" + path, head | keys)

    def ask(self, dataset: str) -> tuple[str, str]:
        """Ask for the offer of a dataset; give both pids, consumer's first."""
        pid = str(uuid.uuid4())
        offer = {"@type": "Offer", "@id": f"CD123:{dataset}:456", "target": dataset}
        status, answer = self.post(
            "/negotiations/request",
            "ContractRequestMessage",
            consumerPid=pid,
            callbackAddress=CALLBACK,
            offer=offer | {"permission": [{"action": "use"}]},
        )
        assert status == 201, answer
        return pid, answer["providerPid"]

    def state(self, pid: str, kind: str = "negotiations") -> str:
        """Ask where a process stands."""
        status, answer = self.call("GET", f"/dsp/2025-1/{kind}/{pid}")
        assert status == 200, answer
        return str(answer["state"])


def settings_of(folder: Path, clock: StandingClock, **more: str) -> Settings:
    """Make a home with the test settings; `more` overrules them, without the prefix `VOILE_`."""
    plan = Plan(did="did:web:localhost%3A18080", public_url=URL, language="en", loopback_http=True)
    env = databases.settings() | ENV | {f"VOILE_{key}": value for key, value in more.items()}
    return make_home(folder / "home", plan, env, clock=clock, entropy=SeededEntropy("kit"))


def judged(settings: Settings, clock: StandingClock, kit: Kit, *, again: str = "") -> Judged:
    """Open a node under the profile."""
    permit("tck", settings)
    profile = profile_of(settings)
    node = open_node(
        settings,
        clock=clock,
        entropy=SeededEntropy("node" + again),
        transport=kit,
        parts=profile.parts,
    )
    return Judged(node, profile.apps(node), kit)


__all__ = ["CALLBACK", "HUNG_UP", "KIT", "Judged", "Kit", "judged", "settings_of"]
