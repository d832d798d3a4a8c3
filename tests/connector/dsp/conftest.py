"""Two connectors on a network in memory, a provider with a constant shelf and a consumer."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from connector.process.ports import Response
from contracts.messages import encode
from tests.connector.dsp.area import AREAS, OPEN
from tests.simulators import Net, Party, StandingClock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from contracts.messages import Message


@dataclass
class Pair:
    """A provider and a consumer that know each other."""

    provider: Party
    consumer: Party
    net: Net
    clock: StandingClock

    def settle(self, rounds: int = 12) -> None:
        """Deliver on both sides until nothing is due."""
        for _ in range(rounds):
            if not self.consumer.deliver() + self.provider.deliver():
                return

    def negotiate(self, dataset: str = OPEN) -> str:
        """Ask for an offer; give the consumer's pid."""
        status, body = self.consumer.manage(
            "POST", "/v1/negotiations", {"provider": self.provider.did, "dataset": dataset}
        )
        assert status == 201, body
        return body["pid"]

    def both(self, pid: str, kind: str = "negotiations") -> tuple[dict[str, Any], dict[str, Any]]:
        """What consumer and provider say of one process."""
        ours = self.consumer.manage("GET", f"/v1/{kind}/{pid}")[1]
        theirs = self.provider.manage("GET", f"/v1/{kind}/{ours['providerPid']}")[1]
        return ours, theirs

    def negotiate_and_settle(self, dataset: str = OPEN) -> str:
        """Negotiate as far as it goes; give the consumer's pid."""
        pid = self.negotiate(dataset)
        self.settle()
        return pid

    def agreement(self) -> str:
        """Negotiate to FINALIZED; give the agreement's id."""
        return self.agreement_of(OPEN)

    def agreement_of(self, dataset: str) -> str:
        """Negotiate about a dataset to FINALIZED; give the agreement's id."""
        pid = self.negotiate(dataset)
        self.settle()
        ours, _ = self.both(pid)
        assert ours["state"] == "FINALIZED", ours
        return ours["agreement"]

    def started(self) -> str:
        """Open a transfer of a fresh agreement; give the consumer's pid."""
        _, body = self.consumer.manage("POST", "/v1/transfers", {"agreement": self.agreement()})
        self.settle()
        return body["pid"]


@pytest.fixture
def pair(party: Callable[..., Party], net: Net, clock: StandingClock) -> Pair:
    """Two parties that pin each other."""
    provider = party("acme", areas=AREAS, pin=["bolt", "crow"])
    consumer = party("bolt", areas=AREAS, pin=["acme", "crow"])
    return Pair(provider, consumer, net, clock)


@dataclass
class Puppet:
    """A peer whose messages and answers the test writes by hand; its identity is real."""

    party: Party
    net: Net
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)  # path suffix -> answer
    got: list[tuple[str, str, bytes]] = field(default_factory=list)

    @property
    def did(self) -> str:
        return self.party.did

    @property
    def base(self) -> str:
        return f"{self.party.url}/dsp/2025-1"

    def send(
        self,
        peer: Party,
        path: str,
        message: Message | bytes,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, dict[str, Any]]:
        """POST a message to a peer's endpoint; give status and parsed answer."""
        body = message if isinstance(message, bytes) else encode(message)
        url = f"{peer.url}/dsp/2025-1{path}"
        response = self.party.node.peers.call(peer.did, "POST", url, body=body, headers=headers)
        return response.status, json.loads(response.body)

    def get(self, peer: Party, path: str) -> tuple[int, dict[str, Any]]:
        """GET something of a peer."""
        response = self.party.node.peers.call(peer.did, "GET", peer.url + path)
        return response.status, json.loads(response.body)

    def messages(self, name: str) -> list[dict[str, Any]]:
        """The messages of one type that came in, oldest first."""
        found = [json.loads(body) for _, _, body in self.got if body]
        return [body for body in found if body.get("@type") == name]

    def hear(self, method: str, url: str, body: bytes) -> Response | None:
        """Answer for the puppet; other parties answer for themselves."""
        protocol = url.startswith(self.base)
        if protocol:
            self.got.append((method, url.removeprefix(self.base), body))
        for suffix, (status, data) in self.answers.items():
            if url.startswith(self.party.url) and url.endswith(suffix):
                return Response(status=status, headers={}, body=data)
        return Response(status=200, headers={}, body=b"") if protocol else None


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Pair, Puppet]]:
    """A pair and a puppet for the tests of one module that change nothing: refusals and readings."""
    net, clock, folder = Net(), StandingClock(), tmp_path_factory.mktemp("shared")
    made = [
        Party.make(folder, name, net, clock, areas=areas, pin=["acme", "bolt", "crow"])
        for name, areas in (("acme", AREAS), ("bolt", AREAS), ("crow", AREAS[:1]))
    ]
    found = Puppet(made[2], net)
    net.fault = found.hear
    yield Pair(made[0], made[1], net, clock), found
    for party in made:
        party.close()


@pytest.fixture
def puppet(party: Callable[..., Party], net: Net) -> Puppet:
    """A hand-driven third party that provider and consumer pin."""
    found = Puppet(party("crow", pin=["acme", "bolt"]), net)
    net.fault = found.hear
    return found
