"""Why a process stands where it stands: each situation has its own words and a way on."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import select

from connector.areas.dsp.explain_words import MEANINGS, STEPS
from connector.areas.dsp.objections import KEPT
from connector.areas.dsp.rows import ObjectionRow
from connector.faces.cli.explained import say_explained
from connector.faces.cli.tongue import speaking
from connector.process.ports import Response, unix_ms
from contracts import messages as m
from contracts.messages import Pid
from tests.connector.dsp.playing import P, agree, negotiate, serve

if TYPE_CHECKING:
    from crypto.words import Language
    from tests.connector.dsp.conftest import Pair, Puppet
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
    found = _explained(pair.consumer, pid)
    assert "state unreadable" in found["peerState"]["said"]
    assert found["trouble"] == "400"
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


def test_a_transfer_that_runs_is_nobodys_turn(pair: Pair):
    """STARTED on both sides: nothing is amiss, nobody is waited for, and no objection is named."""
    pid = pair.started()
    theirs = pair.both(pid, "transfers")[0]["providerPid"]
    for party, own in ((pair.consumer, pid), (pair.provider, theirs)):
        found = _explained(party, own)
        assert (found["status"], found["turn"], found["trouble"]) == ("running", "", "")


def test_a_pause_is_the_turn_of_who_can_lift_it(pair: Pair):
    """Ours is ours to lift; the provider's is the provider's, also where both have paused."""
    pid = pair.started()
    theirs = pair.both(pid, "transfers")[0]["providerPid"]

    def seen() -> list[tuple[str, str]]:
        pair.settle()
        both = _explained(pair.consumer, pid), _explained(pair.provider, theirs)
        return [(found["status"], found["turn"]) for found in both]

    pair.consumer.manage("POST", f"/v1/transfers/{pid}/suspend", {})
    assert seen() == [("paused", "us"), ("held", pair.consumer.did)]
    pair.consumer.manage("POST", f"/v1/transfers/{pid}/resume", {})
    assert seen() == [("running", ""), ("running", "")]
    pair.provider.manage("POST", f"/v1/transfers/{theirs}/suspend", {})
    assert seen() == [("held", pair.provider.did), ("paused", "us")]


def test_a_peer_that_does_not_tell_its_state_objects_to_nothing(pair: Pair, puppet: Puppet):
    """One that saves late, and has no state to ask for (404): noted as such, all is well."""
    serve(pair, puppet)
    pair.consumer.node.outbox.pace.slow(puppet.did)
    puppet.answers["/signatures"] = (200, b'{"stages": {}}')
    pid = negotiate(pair, puppet)
    agree(pair, puppet, pid)
    puppet.answers[f"/negotiations/{P}"] = (404, b"{}")
    for _ in range(4):
        pair.clock.advance(6)
        pair.consumer.deliver()
    found = _explained(pair.consumer, pid)
    assert (found["state"], found["trouble"]) == ("VERIFIED", "")
    assert found["peerState"]["said"] == "answered 404"
    assert found["peerState"]["askedMs"] > 0


def _state(pid: str, state: str) -> bytes:
    return m.encode(m.ContractNegotiation(consumer_pid=Pid(pid), provider_pid=P, state=state))


def test_what_the_peer_said_of_its_state_is_kept(pair: Pair, puppet: Puppet):
    """Asked after it took our message: the state it named, and when."""
    serve(pair, puppet)
    pair.consumer.node.outbox.pace.slow(puppet.did)
    puppet.answers["/signatures"] = (200, b'{"stages": {}}')
    pid = negotiate(pair, puppet)
    agree(pair, puppet, pid)
    puppet.answers[f"/negotiations/{P}"] = (200, _state(pid, "VERIFIED"))
    for _ in range(3):
        pair.clock.advance(6)
        pair.consumer.deliver()
    assert _explained(pair.consumer, pid)["peerState"]["said"] == "VERIFIED"


def test_what_we_refuse_leaves_a_trace(pair: Pair, puppet: Puppet):
    """A message of the counterparty's that is refused: type, state, code, reason and time; nothing
    else has changed, whoever else calls leaves none, and a process keeps the newest few.
    """
    serve(pair, puppet)
    pid = negotiate(pair, puppet)
    event = m.ContractNegotiationEventMessage(
        id="urn:early", consumer_pid=Pid(pid), provider_pid=P, event_type="FINALIZED"
    )
    assert puppet.send(pair.consumer, f"/negotiations/{pid}/events", event)[0] == 400
    (refused,) = _explained(pair.consumer, pid)["refused"]
    assert refused["type"] == "ContractNegotiationEventMessage"
    assert (refused["id"], refused["state"], refused["status"]) == ("urn:early", "REQUESTED", 400)
    assert refused["code"] == "negotiation.illegal-message"
    assert "Event FINALIZED" in refused["reason"]
    assert refused["atMs"] == unix_ms(pair.clock.now())

    assert puppet.send(pair.consumer, f"/negotiations/{pid}/events", b"{")[0] == 400
    assert _explained(pair.consumer, pid)["refused"][0]["code"] == "message.not-json"
    foreign = pair.provider.node.peers.call(
        pair.consumer.did,
        "POST",
        f"{pair.consumer.url}/dsp/2025-1/negotiations/{pid}/events",
        body=m.encode(event),
    )
    assert foreign.status == 404
    assert len(_explained(pair.consumer, pid)["refused"]) == 2

    for _ in range(30):
        puppet.send(pair.consumer, f"/negotiations/{pid}/events", event)
    with pair.consumer.node.db.reading() as session:
        kept = session.exec(select(ObjectionRow)).all()
    assert len(kept) == KEPT
    assert pair.consumer.manage("GET", f"/v1/negotiations/{pid}")[1]["state"] == "REQUESTED"


@pytest.mark.parametrize("tongue", ["zh", "en"])
def test_it_is_said_in_one_language(
    pair: Pair, capsys: pytest.CaptureFixture[str], tongue: Language
):
    """Every line in the reader's language: no code where there are words, no object of Python's."""
    answer = {"code": "x", "reason": ["sold out", {"code": "agreement.not-mutual"}, {"k": [1]}]}
    pair.net.fault = lambda _m, url, _b: (
        Response(status=400, headers={}, body=json.dumps(answer).encode())
        if url.endswith("/negotiations/request")
        else None
    )
    pid = pair.negotiate()
    pair.settle()
    _, found = pair.consumer.manage("GET", f"/v1/explain/{pid}?lang={tongue}")
    assert found["ended"]["reason"]
    with speaking(tongue):
        say_explained(found)
    said = capsys.readouterr().out
    assert "{'" not in said
    assert "agreement.not-mutual" not in said
    assert '{"k": [1]}' in said
    chinese = [line for line in said.splitlines() if re.search("[\u4e00-\u9fff]", line)]
    assert bool(chinese) == (tongue == "zh")
    assert ("nothing more happens here" in said) == (tongue == "en")


def test_every_sentence_stands_in_both_languages():
    """Meanings and steps: Chinese in the first, none of it in the second."""
    for zh, en in (*MEANINGS.values(), *STEPS.values()):
        assert re.search("[\u4e00-\u9fff]", zh)
        assert not re.search("[\u4e00-\u9fff]", en)
