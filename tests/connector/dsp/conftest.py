"""Two connectors on a network in memory, a provider with a constant shelf and a consumer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.connector.dsp.area import AREAS, OPEN

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulators import Net, Party, StandingClock


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

    def agreement(self) -> str:
        """Negotiate to FINALIZED; give the agreement's id."""
        pid = self.negotiate()
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
