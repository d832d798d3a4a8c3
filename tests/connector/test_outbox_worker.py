"""The workers of the outbox, in their threads."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import update

from connector.outbox import OutboxRow, Outgoing, worker
from connector.outbox.breaker import PER_PEER
from connector.outbox.outcome import MAX_ATTEMPTS
from connector.process.errors import ReadOnly, Unreachable
from connector.process.ports import Response
from tests.waiting import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulators import Net, Party, StandingClock


def test_a_peer_that_has_answered_gets_several_messages_at_once(
    party: Callable[..., Party], net: Net, monkeypatch: pytest.MonkeyPatch
):
    """The first answer makes a new peer a known one: nobody has to wake the other workers."""
    monkeypatch.setattr(worker, "IDLE_SECONDS", 10 * PATIENCE)  # it does not look around by itself
    acme, bolt = party("acme", pin=["bolt"]), party("bolt")
    together, met = threading.Barrier(PER_PEER), threading.Event()

    def answer(_method: str, url: str, body: bytes) -> Response | None:
        if not url.startswith(f"{bolt.url}/in"):
            return None
        if json.loads(body)["id"]:
            together.wait(PATIENCE)
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
        assert met.wait(PATIENCE)
    finally:
        acme.node.outbox.stop()


def test_an_attempt_that_fails_in_our_own_code_is_an_attempt(
    party: Callable[..., Party], net: Net, clock: StandingClock
):
    """It is counted, its reason replaces the one before, it is tried less and less, then parked.

    The fault is a real one: a header that was kept and that no HTTP library can write.
    """
    acme, bolt = party("acme", pin=["bolt"]), party("bolt")
    net.fault = lambda _m, url, _b: (
        Response(status=502, headers={}, body=b"") if url.startswith(f"{bolt.url}/in") else None
    )
    with acme.node.db.transaction() as tx:
        row = tx.send(Outgoing(peer=bolt.did, url=f"{bolt.url}/in", body=b"{}", kind="t"))

    def message() -> dict[str, Any]:
        found = acme.manage("GET", "/v1/outbox")[1]["messages"]
        return next(item for item in found if item["id"] == row)

    acme.deliver(1)
    assert (message()["attempts"], message()["reason"]) == (1, "answered 502")
    with acme.node.db.transaction() as tx:
        tx.session.exec(update(OutboxRow).values(headers='["no object"]'))  # type: ignore[call-overload]
    for attempt in range(2, MAX_ATTEMPTS + 1):
        clock.advance(61)
        assert acme.deliver(1) == 1
        assert message()["attempts"] == attempt
        assert message()["reason"].startswith("our attempt failed: ")
        assert message()["lastStatus"] is None
    assert message()["state"] == "parked"
    clock.advance(61)
    assert acme.deliver(1) == 0


def test_a_worker_goes_on_after_an_attempt_that_failed_in_our_own_code(
    party: Callable[..., Party], net: Net
):
    """The next lane of the same peer is delivered: the fault was ours, it is not left alone."""
    acme, bolt = party("acme", pin=["bolt"]), party("bolt")
    taken = threading.Event()

    def answer(_method: str, url: str, _body: bytes) -> Response | None:
        if not url.startswith(f"{bolt.url}/in"):
            return None
        taken.set()
        return Response(status=200, headers={}, body=b"{}")

    net.fault = answer
    with acme.node.db.transaction() as tx:
        tx.send(Outgoing(peer=bolt.did, url=f"{bolt.url}/in", body=b"{}", kind="t", process="a"))
        tx.session.exec(update(OutboxRow).values(headers='["no object"]'))  # type: ignore[call-overload]
    with acme.node.db.transaction() as tx:
        tx.send(Outgoing(peer=bolt.did, url=f"{bolt.url}/in", body=b"{}", kind="t", process="b"))
    acme.node.outbox.start()
    try:
        assert taken.wait(PATIENCE)
    finally:
        acme.node.outbox.stop()
    assert acme.node.outbox.counts() == {"waiting": 1, "delivered": 1}


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
