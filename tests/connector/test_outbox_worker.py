"""The workers of the outbox, in their threads."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING

import pytest

from connector.errors import ReadOnly, Unreachable
from connector.outbox import Outgoing
from connector.outbox.breaker import PER_PEER
from connector.ports import Response

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulators import Net, Party, StandingClock


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


def test_a_peer_that_is_back_is_not_forgotten_while_the_store_is_busy(
    party: Callable[..., Party], net: Net, clock: StandingClock
):
    """What lets its messages out failed once: it is done the next time."""
    acme, bolt = party("acme", pin=["bolt"]), party("bolt")
    there: list[Response] = []

    def answer(_method: str, url: str, _body: bytes) -> Response | None:
        if not url.startswith(f"{bolt.url}/in"):
            return None
        if not there:
            raise Unreachable("gone", code="peer-unreachable")
        return there[0]

    net.fault = answer
    with acme.node.db.transaction() as tx:
        tx.send(Outgoing(peer=bolt.did, url=f"{bolt.url}/in", body=b"{}", kind="t", process="p"))
    for _ in range(9):
        acme.deliver(1)
        clock.advance(61)
    acme.deliver(1)
    there.append(Response(status=200, headers={}, body=b"{}"))
    outbox = acme.node.outbox
    outbox.heard(bolt.did)
    acme.node.db.read_only = "a test says so"
    with pytest.raises(ReadOnly):
        outbox._revive()
    acme.node.db.read_only = ""
    assert acme.deliver(1) == 0
    outbox._revive()
    assert acme.deliver(1) == 1
    assert outbox.counts() == {"delivered": 1}
