"""The outbox: order, back-off, handlers in the transaction of the outcome, parking."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from connector.outbox import OutboxRow, Outgoing, Verdict
from connector.outbox.outcome import CAP_MS, MAX_ATTEMPTS
from connector.process.errors import Conflict, Unreachable
from connector.process.ports import Response, unix_ms
from connector.store.facts import fact, set_fact

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.store.transaction import Transaction
    from tests.simulators import Net, Party, StandingClock


class Trial:
    """A handler that writes down what it hears."""

    def __init__(self, verdict: Verdict | None = None) -> None:
        self.heard: list[tuple[str, str, int]] = []
        self.verdict = verdict
        self.failure: Exception | None = None

    def acknowledged(self, tx: Transaction, row: OutboxRow, response: Response) -> None:
        self.heard.append(("acknowledged", row.message_id, response.status))
        set_fact(tx.session, "heard", row.message_id)
        if self.failure is not None:
            raise self.failure

    def refused(self, _tx: Transaction, row: OutboxRow, response: Response) -> Verdict | None:
        self.heard.append(("refused", row.message_id, response.status))
        return self.verdict


class Peer:
    """Stands in the network for a party and answers as told."""

    def __init__(self, net: Net, url: str) -> None:
        self.received: list[str] = []
        self.status: int | None = 200
        self.headers: dict[str, str] = {}
        self._url = url
        net.fault = self

    def __call__(self, _method: str, url: str, body: bytes) -> Response | None:
        if not url.startswith(self._url + "/in"):
            return None
        self.received.append(json.loads(body)["id"])
        if self.status is None:
            raise Unreachable("gone", code="peer-unreachable")
        return Response(status=self.status, headers=self.headers, body=b"{}")


@pytest.fixture
def acme(party: Callable[..., Party]) -> Party:
    return party("acme", pin=["bolt"])


@pytest.fixture
def peer(party: Callable[..., Party], net: Net) -> Peer:
    return Peer(net, party("bolt").url)


def send(acme: Party, message: str, process: str = "p", kind: str = "trial") -> int:
    with acme.node.db.transaction() as tx:
        return tx.send(
            Outgoing(
                peer="did:web:bolt.example",
                url="https://bolt.example/in",
                body=json.dumps({"id": message}).encode(),
                kind=kind,
                process=process,
                message_id=message,
            )
        )


def row(acme: Party, number: int) -> OutboxRow:
    with acme.node.db.reading() as session:
        found = session.get(OutboxRow, number)
    assert found is not None
    return found


def test_delivered_once_and_the_handler_hears_in_the_same_transaction(acme: Party, peer: Peer):
    """The outcome and what the handler wrote commit together; nothing is sent again."""
    trial = Trial()
    acme.node.outbox.on("trial", trial)
    number = send(acme, "m1")
    assert acme.deliver() == 1
    assert acme.deliver() == 0
    assert peer.received == ["m1"]
    assert trial.heard == [("acknowledged", "m1", 200)]
    assert row(acme, number).state == "delivered"
    with acme.node.db.reading() as session:
        assert fact(session, "heard") == "m1"


def test_a_rolled_back_message_is_never_sent(acme: Party, peer: Peer):
    """What did not commit did not happen."""

    def undone() -> None:
        with acme.node.db.transaction() as tx:
            tx.send(Outgoing(peer="did:web:bolt.example", url="https://bolt.example/in",
                             body=b'{"id":"x"}', kind="trial"))  # fmt: skip
            raise KeyError

    with pytest.raises(KeyError):
        undone()
    assert acme.deliver() == 0
    assert peer.received == []


def test_failures_back_off_and_order_holds(acme: Party, peer: Peer, clock: StandingClock):
    """5xx and silence are tried again later and later; the second message waits for the first."""
    peer.status = 503
    first, second = send(acme, "m1"), send(acme, "m2")
    waits = []
    for _ in range(12):
        acme.deliver()
        now = unix_ms(clock.now())
        waits.append(row(acme, first).next_ms - now)
        clock.advance(waits[-1] / 1000 + 120)
    assert set(peer.received) == {"m1"}
    assert all(0 < wait <= CAP_MS for wait in waits)
    assert waits[-1] > 8 * waits[0]
    peer.status = None
    acme.deliver()
    assert row(acme, first).reason == "peer-unreachable"
    clock.advance(120)
    peer.status = 200
    acme.deliver()
    assert list(dict.fromkeys(peer.received)) == ["m1", "m2"]
    assert row(acme, second).state == "delivered"


def test_retry_after_is_heeded_and_bounded(acme: Party, peer: Peer, clock: StandingClock):
    """429 with Retry-After waits as asked, at most a minute."""
    peer.status, peer.headers = 429, {"retry-after": "30"}
    number = send(acme, "m1")
    acme.deliver()
    assert row(acme, number).next_ms - unix_ms(clock.now()) == 30_000
    clock.advance(31)
    peer.headers = {"retry-after": "99999"}
    acme.deliver()
    assert row(acme, number).next_ms - unix_ms(clock.now()) == 60_000


@pytest.mark.parametrize(("verdict", "state"), [(None, "parked"), ("park", "parked"),
                                                ("done", "delivered"), ("retry", "waiting")])  # fmt: skip
def test_the_handler_decides_on_a_refusal(
    acme: Party, peer: Peer, verdict: Verdict | None, state: str
):
    """4xx goes to the handler, whose verdict is the row's state; a parked row blocks nothing."""
    peer.status = 409
    trial = Trial(verdict)
    acme.node.outbox.on("trial", trial)
    number = send(acme, "m1")
    acme.deliver(1)
    assert trial.heard == [("refused", "m1", 409)]
    assert row(acme, number).state == state
    assert row(acme, number).last_status == 409
    if state == "parked":
        peer.status = 200
        send(acme, "m2")
        acme.deliver()
        assert peer.received == ["m1", "m2"]
        status, _ = acme.manage("POST", f"/v1/outbox/{number}/retry", {})
        assert status == 200
        acme.deliver()
        assert peer.received == ["m1", "m2", "m1"]


@pytest.mark.parametrize("failure", [Conflict("no", code="no"), ZeroDivisionError()])
def test_a_handler_that_fails_undoes_its_writing_and_is_tried_again(
    acme: Party, peer: Peer, clock: StandingClock, failure: Exception
):
    """The outcome is not lost and not half kept: the message goes out again, later."""
    trial = Trial()
    trial.failure = failure
    acme.node.outbox.on("trial", trial)
    number = send(acme, "m1")
    assert acme.deliver() == 1
    with acme.node.db.reading() as session:
        assert fact(session, "heard") is None
    assert row(acme, number).state == "waiting"
    assert row(acme, number).attempts == 1
    assert "handler failed" in row(acme, number).reason
    trial.failure = None
    clock.advance(60)
    acme.deliver()
    assert peer.received == ["m1", "m1"]
    assert row(acme, number).state == "delivered"


def test_one_bad_process_does_not_block_another_of_the_same_peer(acme: Party, net: Net, peer: Peer):
    """A message that the peer answers 500 holds up its own process only."""

    def answer(method: str, url: str, body: bytes) -> Response | None:
        found = peer(method, url, body)
        if found is not None and b"poison" in body:
            return Response(status=500, headers={}, body=b"")
        return found

    net.fault = answer
    send(acme, "poison", process="a")
    send(acme, "behind", process="a")
    send(acme, "other", process="b")
    acme.deliver()
    assert peer.received == ["poison", "other"]


def test_after_many_attempts_a_message_is_parked_with_its_reason(
    acme: Party, peer: Peer, clock: StandingClock
):
    """Nothing is tried for ever; the reason says how often."""
    peer.status = None
    number = send(acme, "m1")
    for _ in range(MAX_ATTEMPTS):
        acme.deliver(1)
        clock.advance(120)
    assert row(acme, number).state == "parked"
    assert f"{MAX_ATTEMPTS} attempts" in row(acme, number).reason
    assert acme.deliver() == 0


def test_the_token_is_fresh_and_the_message_the_same(
    acme: Party, net: Net, peer: Peer, clock: StandingClock
):
    """Each attempt carries its own token and the same bytes."""
    peer.status = 500
    send(acme, "m1")
    for _ in range(3):
        acme.deliver(1)
        clock.advance(60)
    sent = [one for one in net.sent if one.url.endswith("/in")]
    assert len(sent) == 3
    assert len({one.headers["Authorization"] for one in sent}) == 3
    assert len({one.body for one in sent}) == 1


def test_what_waited_for_a_peer_goes_out_when_it_is_back(
    acme: Party, peer: Peer, clock: StandingClock
):
    """Put off for long or parked while the peer was away: one answer of it, and all of it goes."""
    peer.status = None
    parked = send(acme, "m1", process="a")
    for _ in range(MAX_ATTEMPTS):
        acme.deliver(1)
        clock.advance(120)
    assert row(acme, parked).state == "parked"
    waits = send(acme, "m2", process="b")
    for _ in range(8):
        acme.deliver(1)
        clock.advance(61)
    assert row(acme, waits).next_ms > 0
    peer.status = 200
    send(acme, "m3", process="c")
    acme.node.outbox._look()  # as the worker does now and then
    acme.deliver()
    assert {row(acme, number).state for number in (parked, waits)} == {"delivered"}


def test_a_peer_that_calls_us_is_tried_at_once(
    acme: Party, net: Net, peer: Peer, clock: StandingClock, party: Callable[..., Party]
):
    """Its own call shows that it is there: nobody waits for the next try."""
    peer.status = None
    first, second = send(acme, "m1", process="a"), send(acme, "m2", process="b")
    for _ in range(9):
        acme.deliver(1)
        clock.advance(61)
    acme.deliver(1)
    peer.status = 200
    assert acme.deliver() == 0
    acme.node.outbox.heard("did:web:bolt.example")
    acme.node.outbox._revive()
    assert acme.deliver() == 2
    assert row(acme, first).state == row(acme, second).state == "delivered"


def test_a_message_that_cannot_be_sent_holds_up_no_other(acme: Party, peer: Peer):
    """An address that the peer does not name is not called, and the peer is not to blame for it."""
    with acme.node.db.transaction() as tx:
        tx.send(Outgoing(peer="did:web:bolt.example", url="https://elsewhere.example/in",
                         body=b"{}", kind="trial", process="a"))  # fmt: skip
    good = send(acme, "m1", process="b")
    acme.deliver(2)
    assert row(acme, good).state == "delivered"
    assert acme.node.outbox._breaker.admit("did:web:bolt.example").kind == "quick"


@pytest.mark.parametrize("status", [401, 403, 404])
def test_what_a_stranger_is_told_is_believed_the_second_time(
    acme: Party, peer: Peer, clock: StandingClock, status: int
):
    """The peer may not have had our newest key, or a proxy sent our token twice: a fresh one asks
    again, also where other trouble came first; the same answer twice in a row is a refusal.
    """
    number = send(acme, "m1")
    for answer in (503, status):
        peer.status = answer
        acme.deliver(1)
        assert row(acme, number).state == "waiting"
        clock.advance(2)
    acme.deliver(1)
    assert row(acme, number).state == "parked"
    assert peer.received == ["m1"] * 3
