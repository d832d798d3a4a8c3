"""The outbox against peers that fail, over real HTTP, across SIGKILL."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest

from connector.http.egress import Egress
from connector.outbox import Outgoing, worker
from connector.party.node import open_node
from connector.process.errors import Unreachable
from connector.process.ports import SystemClock
from connector.process.settings import load
from tests.e2e.stranger import HANG_SECONDS
from tests.waiting import PATIENCE, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from connector.party.node import Node
    from tests.e2e.processes import Space
    from tests.e2e.stranger import Stranger


@pytest.fixture
def node(space: Space) -> Iterator[Node]:
    """A node in this process, with its real way out and its worker running."""
    party = space.party("acme")
    found = open_node(load(party.home, party.env), clock=SystemClock())
    found.outbox.start()
    yield found
    found.outbox.stop()
    found.close()


def send(node: Node, peer: Stranger, text: str, process: str = "p") -> None:
    with node.db.transaction() as tx:
        tx.send(
            Outgoing(
                peer=peer.did,
                url=f"{peer.url}/in",
                body=json.dumps({"text": text}).encode(),
                kind="test",
                process=process,
                message_id=text,
            )
        )


def received(peer: Stranger) -> list[str]:
    return [json.loads(body)["text"] for _, path, _, body in peer.requests if path.endswith("/in")]


@pytest.mark.long
@pytest.mark.parametrize("fault", ["500", "half", "close", "redirect_then"])
def test_a_message_reaches_a_peer_that_failed_first(
    node: Node, stranger: Callable[..., Stranger], fault: str
):
    """Answers of 500, half answers and cut lines are tried again, each time with a fresh token."""
    peer = stranger("bolt")
    peer.behave("500" if fault == "redirect_then" else fault)
    send(node, peer, "one")
    until(lambda: len(received(peer)) >= 2)
    peer.behave("ok")
    until(lambda: node.outbox.counts().get("delivered") == 1)
    assert set(received(peer)) == {"one"}
    tokens = [headers["authorization"] for _, _, headers, _ in peer.requests]
    assert len(set(tokens)) == len(tokens)


def test_order_holds_within_a_process_while_a_peer_fails(
    node: Node, stranger: Callable[..., Stranger]
):
    """Ten messages of one process arrive in order although the first attempts fail."""
    peer = stranger("bolt")
    peer.behave("500")
    for number in range(10):
        send(node, peer, str(number))
    until(lambda: len(received(peer)) >= 2)
    assert set(received(peer)) == {"0"}
    peer.behave("ok")
    until(lambda: node.outbox.counts().get("delivered") == 10)
    firsts = list(dict.fromkeys(received(peer)))
    assert firsts == [str(number) for number in range(10)]


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> None:
    """No call ends because it takes too long, and nothing is found by looking through the table:
    what would wait for either would wait in vain.
    """
    monkeypatch.setattr(worker, "CALL_SECONDS", HANG_SECONDS)
    monkeypatch.setattr(worker, "IDLE_SECONDS", HANG_SECONDS)


@pytest.mark.usefixtures("endless")
def test_a_hanging_peer_does_not_hold_up_another(node: Node, stranger: Callable[..., Stranger]):
    """While one peer hangs with twenty messages under way, another gets its own."""
    slow, quick = stranger("slow"), stranger("quick")
    slow.behave("hang")
    for number in range(20):
        send(node, slow, str(number), process=f"p{number}")
    until(lambda: len(received(slow)) >= 1)
    send(node, quick, "hello")
    until(lambda: received(quick) == ["hello"])
    slow.behave("ok")


class Counted:
    """A party that notes which messages came; ``pause`` is gone through before each answer."""

    def __init__(self, peer: Stranger, pause: Callable[[], object] = lambda: None) -> None:
        self.peer, self.came = peer, set[str]()
        self._pause = pause
        peer.hook = self

    def __call__(self, body: bytes) -> None:
        self.came.add(json.loads(body)["text"])
        self._pause()

    def send(self, node: Node, text: str, process: str) -> None:
        send(node, self.peer, text, process)


@pytest.mark.long
def test_one_slow_peer_does_not_slow_another(node: Node, stranger: Callable[..., Stranger]):
    """Three hundred messages to each of two peers. The slow one takes for each half a second, and
    until the quick one has got a hundred more: all of the quick one's arrive, and the slow one has
    most of its own still before it.
    """
    quick = Counted(stranger("quick"))

    def pause() -> None:
        since = len(quick.came)
        time.sleep(0.5)
        until(lambda: len(quick.came) >= min(300, since + 100))

    slow = Counted(stranger("slow"), pause)
    for number in range(300):
        slow.send(node, f"s{number}", f"p{number}")
    for number in range(300):
        quick.send(node, f"q{number}", f"p{number}")
    until(lambda: len(quick.came) == 300)
    assert len(slow.came) < 300
    slow.peer.hook = None


@pytest.mark.long
@pytest.mark.usefixtures("endless")
def test_fifty_dead_peers_do_not_hold_up_a_quick_or_a_new_one(
    node: Node, stranger: Callable[..., Stranger]
):
    """Each dead peer takes the whole time of a call, over and over: a peer that answers, and one
    that nobody has heard of yet, get their messages before any of those calls has ended.
    """
    quick = Counted(stranger("quick"))
    quick.send(node, "first", "p")
    until(lambda: "first" in quick.came)
    dead = stranger("dead", names=50)
    dead.behave("hang")
    for name in dead.dids:
        for number in range(4):
            with node.db.transaction() as tx:
                tx.send(
                    Outgoing(
                        peer=name, url=f"{dead.url}/in", body=b"{}", kind="test",
                        process=f"p{number}", message_id=f"{name}{number}",
                    )
                )  # fmt: skip
    until(lambda: len(dead.requests) >= 50)
    time.sleep(2.5)  # those that hang are given more, while their share of the workers lasts
    new = Counted(stranger("new"))
    for number in range(20):
        quick.send(node, f"q{number}", f"p{number}")
        new.send(node, f"n{number}", f"p{number}")
    until(lambda: len(new.came) == 20 and len(quick.came) == 21)
    assert len(dead.requests) >= 50
    dead.behave("ok")


def test_a_refusal_is_parked_with_its_reason_and_can_be_tried_again(
    node: Node, stranger: Callable[..., Stranger]
):
    """A 4xx without a handler parks the message; the ones behind it go on; retry sends it."""
    peer = stranger("bolt")
    peer.answer = (409, b"{}")
    send(node, peer, "one", process="a")
    until(lambda: node.outbox.counts().get("parked") == 1)
    peer.answer = (200, b"{}")
    send(node, peer, "two", process="a")
    until(lambda: node.outbox.counts().get("delivered") == 1)
    with node.db.transaction() as tx:
        node.outbox.resume(tx, 1)
    until(lambda: node.outbox.counts().get("delivered") == 2)
    assert received(peer) == ["one", "two", "one"]


def test_what_was_committed_survives_sigkill(space: Space, stranger: Callable[..., Stranger]):
    """A message committed while the peer was down is delivered after SIGKILL and restart."""
    peer = stranger("bolt")
    peer.behave("close")
    party = space.party("acme", pin=[peer.did])
    node = open_node(load(party.home, party.env))
    send(node, peer, "kept")
    node.close()
    party.start()
    until(lambda: len(received(peer)) >= 1)
    party.kill()
    peer.behave("ok")
    tries = len(received(peer))
    party.start()
    until(lambda: len(received(peer)) > tries)
    until(lambda: party.manage("GET", "/v1/outbox")[1]["counts"].get("delivered") == 1)
    assert party.manage("GET", "/v1/outbox")[1]["messages"][0]["messageId"] == "kept"
    assert set(received(peer)) == {"kept"}


def test_two_nodes_keep_each_others_checkpoints(space: Space, stranger: Callable[..., Stranger]):
    """`exchange` fetches the peer's newest checkpoint after the commit and makes it a leaf."""
    bolt = space.party("bolt")
    acme = space.party("acme", pin=[bolt.did])
    bolt.start()
    node = open_node(load(acme.home, acme.env))
    node.outbox.start()
    try:
        node.peers.document(bolt.did)
        with node.db.transaction() as tx:
            node.checkpoints.exchange(tx, bolt.did)
        until(lambda: node.outbox.counts().get("delivered") == 1)
        with node.db.reading() as session:
            from connector.evidence.log import head

            assert head(session).size == 2, "one leaf from init, one for the peer's checkpoint"
    finally:
        node.outbox.stop()
        node.close()


@pytest.mark.long
def test_the_way_out_limits_what_a_peer_can_do(stranger: Callable[..., Stranger]):
    """Hangs, drips and bombs end at their caps; a redirect is an answer, not a journey."""
    peer = stranger("bolt")
    egress = Egress(loopback_http=True)
    try:
        for fault, code in (("hang", "peer-unreachable"), ("drip", "peer-unreachable"),
                            ("half", "peer-unreachable"), ("close", "peer-unreachable"),
                            ("bomb", "answer-too-long")):  # fmt: skip
            peer.behave(fault)
            began = time.monotonic()
            with pytest.raises(Exception) as caught:  # noqa: PT011 -- the code is compared below
                egress.request("GET", f"{peer.url}/x", timeout=1.0)
            assert getattr(caught.value, "code", "") == code, fault
            assert time.monotonic() - began < PATIENCE < HANG_SECONDS, fault
        peer.behave("redirect")
        assert egress.request("GET", f"{peer.url}/x").status == 302
    finally:
        egress.close()


def test_connections_are_reused_and_a_closed_one_is_noticed(stranger: Callable[..., Stranger]):
    """Two requests share one connection; after the peer closed it the next one opens another."""
    peer = stranger("bolt")
    egress = Egress(loopback_http=True)
    try:
        for _ in range(3):
            assert egress.request("GET", f"{peer.url}/x").status == 200
        assert egress._plain.poolmanager.connection_from_url(peer.url).num_connections == 1
        for behaviour, code in (("close", "peer-closed-idle"), ("close", "peer-unreachable")):
            peer.behave(behaviour)  # first over the kept connection, then over a new one
            with pytest.raises(Unreachable) as caught:
                egress.request("GET", f"{peer.url}/x")
            assert caught.value.code == code
        peer.behave("ok")
        assert egress.request("GET", f"{peer.url}/x").status == 200
        peer.behave("half")  # an answer that began is not asked for again
        with pytest.raises(Unreachable) as caught:
            egress.request("GET", f"{peer.url}/x")
        assert caught.value.code == "peer-unreachable"
        peer.behave("ok")
        assert egress.request("GET", f"{peer.url}/x").status == 200
    finally:
        egress.close()
