"""The workers of the outbox, in their threads."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING

from connector.outbox import Outgoing
from connector.outbox.breaker import PER_PEER
from connector.ports import Response

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulators import Net, Party


def test_a_peer_that_has_answered_gets_several_messages_at_once(
    party: Callable[..., Party], net: Net
):
    """The first answer makes a new peer a known one: nobody has to wake the other workers."""
    acme, bolt = party("acme", pin=["bolt"]), party("bolt")
    together, met = threading.Barrier(PER_PEER), threading.Event()

    def answer(_method: str, url: str, body: bytes) -> Response | None:
        if not url.startswith(f"{bolt.url}/in"):
            return None
        if json.loads(body)["id"]:
            together.wait(3)  # less than the outbox takes to look around by itself
            met.set()
        return Response(status=200, headers={}, body=b"{}")

    net.fault = answer
    with acme.node.db.transaction() as tx:
        for number in range(PER_PEER + 1):
            body = json.dumps({"id": number}).encode()
            tx.send(
                Outgoing(
                    peer=bolt.did,
                    url=f"{bolt.url}/in",
                    body=body,
                    kind="trial",
                    process=str(number),
                )
            )
    acme.node.outbox.start()
    try:
        assert met.wait(5)
    finally:
        acme.node.outbox.stop()
