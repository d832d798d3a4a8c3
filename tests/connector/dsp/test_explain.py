"""Why a process stands where it stands: each situation has its own words and a way on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector.ports import Response

if TYPE_CHECKING:
    from tests.connector.dsp.conftest import Pair
    from tests.simulators import Party


def _explained(party: Party, pid: str) -> dict[str, Any]:
    status, found = party.manage("GET", f"/v1/explain/{pid}")
    assert status == 200
    assert found["meaning"]
    assert found["next"]
    return found


def test_each_situation_is_told_apart(pair: Pair):
    """On its way, retrying, waiting for the peer, concluded: status, turn and next step differ."""
    pid = pair.negotiate()
    found = _explained(pair.consumer, pid)
    assert (found["status"], found["state"]) == ("sending", "OPENING")
    assert found["message"]["type"] == "ContractRequestMessage"

    pair.net.fault = lambda *_: Response(status=502, headers={}, body=b"")
    pair.consumer.deliver()
    found = _explained(pair.consumer, pid)
    assert (found["status"], found["turn"]) == ("retrying", pair.provider.did)
    assert found["message"]["lastStatus"] == 502
    assert found["message"]["nextTryMs"] > 0

    pair.net.fault = None
    pair.clock.advance(20)
    pair.consumer.deliver(1)
    found = _explained(pair.consumer, pid)
    assert (found["status"], found["state"]) == ("peer", "REQUESTED")
    assert "ContractAgreement" in found["mayArrive"]
    assert found["maySend"] == ["Termination"]

    pair.settle()
    found = _explained(pair.consumer, pid)
    assert (found["status"], found["turn"], found["ended"]) == ("ended", "", None)


def test_a_peers_turn_says_that_it_may_not_find_us(pair: Pair):
    """Where our own document does not come through our public address, and only then."""
    pid = pair.negotiate_and_settle()
    pair.consumer.node.presence.look()
    assert _explained(pair.consumer, pid)["reach"] == ""
    pair.net.fault = lambda _method, url, _body: (
        Response(status=502, headers={}, body=b"") if url.endswith("/did.json") else None
    )
    pair.consumer.node.presence.look()
    assert "answers 502" in _explained(pair.consumer, pid)["reach"]


def test_a_pause_says_who_can_lift_it(pair: Pair):
    """A suspended transfer: both sides see it, and the way on is named."""
    pid = pair.started()
    theirs = pair.both(pid, "transfers")[0]["providerPid"]
    pair.consumer.manage("POST", f"/v1/transfers/{pid}/suspend", {"reason": "a pause"})
    pair.settle()
    assert "Start" in _explained(pair.consumer, pid)["maySend"]
    assert "Start" in _explained(pair.provider, theirs)["mayArrive"]


def test_an_end_says_by_whom_and_why(pair: Pair):
    """A terminated transfer names who ended it, its code and its reasons on both sides."""
    pid = pair.started()
    theirs = pair.both(pid, "transfers")[0]["providerPid"]
    pair.provider.manage(
        "POST", f"/v1/transfers/{theirs}/terminate", {"code": "enough", "reason": ["a", "b"]}
    )
    pair.settle()
    for party, own in ((pair.consumer, pid), (pair.provider, theirs)):
        ended = _explained(party, own)["ended"]
        assert ended == {"by": pair.provider.did, "code": "enough", "reason": ["a", "b"]}


def test_a_peer_without_a_readable_state_or_head_holds_nothing_up(pair: Pair):
    """Rubbish in answer to our question for its state, or for its log head, is noted and survived."""

    def rubbish(method: str, url: str, _body: bytes) -> Response | None:
        if url.endswith("/agreement/verification"):
            return Response(status=400, headers={}, body=b"not json")
        if method == "GET" and ("/negotiations/" in url or url.endswith("/checkpoint")):
            return Response(status=200, headers={}, body=b"rubbish")
        return None

    pair.net.fault = rubbish
    pid = pair.negotiate()
    pair.settle()
    assert "state unreadable" in _explained(pair.consumer, pid)["trouble"]
    pair.net.fault = lambda method, url, _body: (
        Response(status=404, headers={}, body=b"") if method == "GET" and "/negot" in url else None
    )
    pair.clock.advance(20)
    pair.settle()
    pair.net.fault = lambda _m, url, _b: (
        Response(status=200, headers={}, body=b"rubbish") if url.endswith("/checkpoint") else None
    )
    for _ in range(3):
        pair.clock.advance(20)
        pair.settle()
    assert pair.both(pid)[0]["state"] == pair.both(pid)[1]["state"] == "FINALIZED"
