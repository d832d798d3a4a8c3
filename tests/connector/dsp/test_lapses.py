"""A peer that answers 2xx and forgets: it is asked later, and told the same again, once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from connector.areas.dsp.lost_updates import STARTS
from connector.process.ports import Response
from contracts import messages as m
from contracts.agreements import message_offer
from contracts.messages import Pid
from tests.connector.dsp.area import OPEN, offer_of

if TYPE_CHECKING:
    from tests.connector.dsp.conftest import Pair, Puppet

C = Pid("urn:uuid:crow-1")


def _later(pair: Pair, rounds: int = 3) -> None:
    for _ in range(rounds):
        pair.clock.advance(1.1)
        pair.provider.deliver()


def _open(pair: Pair, puppet: Puppet) -> str:
    """Let the plain consumer ask for the open offer; give the provider's pid."""
    request = m.ContractRequestMessage(
        id="urn:m:1",
        consumer_pid=C,
        offer=message_offer(offer_of(OPEN), dataset_id=OPEN),
        callback_address=puppet.base,
    )
    pid: str = puppet.send(pair.provider, "/negotiations/request", request)[1]["providerPid"]
    return pid


def _verify(pair: Pair, puppet: Puppet, pid: str, number: int = 2) -> tuple[int, str]:
    """Let the consumer verify; give the status, and the state that the provider says it is in."""
    message = m.ContractAgreementVerificationMessage(
        id=f"urn:m:{number}", consumer_pid=C, provider_pid=Pid(pid)
    )
    path = f"/negotiations/{pid}/agreement/verification"
    status, body = puppet.send(pair.provider, path, message)
    return status, body["state"]


@pytest.fixture
def finalized(pair: Pair, puppet: Puppet) -> str:
    """A negotiation that a plain consumer opened and verified, taken late at first."""
    puppet.answers["/signatures"] = (404, b"")
    puppet.answers["/agreement"] = (409, b"{}")
    puppet.answers[f"/negotiations/{C}"] = (404, b"")
    pid = _open(pair, puppet)
    pair.provider.deliver()
    del puppet.answers["/agreement"]
    _later(pair)
    assert _verify(pair, puppet, pid) == (200, "VERIFIED")
    _later(pair, 1)
    return pid


@pytest.fixture
def lost(pair: Pair, puppet: Puppet) -> str:
    """A consumer known to be slow: it has verified, and then saved its request over that."""
    pair.provider.node.outbox.pace.slow(puppet.did)
    puppet.answers["/signatures"] = (410, b"")
    pid = _open(pair, puppet)
    pair.clock.advance(0.1)
    pair.provider.deliver()
    assert _verify(pair, puppet, pid) == (200, "VERIFIED")
    puppet.answers["/events"] = (409, b"{}")
    _say(puppet, pid, "REQUESTED")
    return pid


def _say(puppet: Puppet, pid: str, state: str) -> None:
    message = m.ContractNegotiation(consumer_pid=C, provider_pid=Pid(pid), state=state)
    puppet.answers[f"/negotiations/{C}"] = (200, m.encode(message))


def test_what_the_peer_forgot_is_said_again(pair: Pair, puppet: Puppet, finalized: str):
    """FINALIZED was taken, and the peer is VERIFIED a second later: the same message comes again."""
    _say(puppet, finalized, "VERIFIED")
    _later(pair, 3)
    _say(puppet, finalized, "FINALIZED")
    _later(pair)
    events = puppet.messages("ContractNegotiationEventMessage")
    assert len(events) == 2
    assert events[0] == events[1]
    found = pair.provider.manage("GET", f"/v1/negotiations/{finalized}")[1]
    assert (found["state"], found["inFlight"], found.get("trouble", "")) == ("FINALIZED", "", "")


def test_what_is_forgotten_again_is_said_again(pair: Pair, puppet: Puppet, finalized: str):
    """Taken and forgotten, refused as too early, taken at last: the same message each time."""
    _say(puppet, finalized, "VERIFIED")
    _later(pair, 3)
    puppet.answers["/events"] = (409, b"{}")
    _later(pair, 1)
    del puppet.answers["/events"]
    _later(pair, 1)
    _say(puppet, finalized, "FINALIZED")
    _later(pair)
    events = puppet.messages("ContractNegotiationEventMessage")
    assert len(events) == 4
    assert all(event == events[0] for event in events)


def test_who_forgot_two_steps_is_told_both(pair: Pair, puppet: Puppet, finalized: str):
    """FINALIZED here, REQUESTED there: the agreement again, then, once it is verified, the end."""
    told = len(puppet.messages("ContractAgreementMessage"))
    _say(puppet, finalized, "REQUESTED")
    _later(pair, 3)
    found = pair.provider.manage("GET", f"/v1/negotiations/{finalized}")[1]
    assert (found["state"], found["inFlight"]) == ("FINALIZED", "")
    assert len(puppet.messages("ContractNegotiationEventMessage")) == 1
    again = len(puppet.messages("ContractAgreementMessage"))
    assert again > told
    assert _verify(pair, puppet, finalized, 3) == (200, "FINALIZED")
    _say(puppet, finalized, "VERIFIED")
    _later(pair, 2)
    _say(puppet, finalized, "FINALIZED")
    _later(pair)
    events = puppet.messages("ContractNegotiationEventMessage")
    assert len(events) > 1
    assert all(event == events[0] for event in events)
    assert len(puppet.messages("ContractAgreementMessage")) == again


def test_who_forgets_for_ever_is_told_for_a_minute(pair: Pair, puppet: Puppet, finalized: str):
    """A peer that always claims the state before does not make us send for ever."""
    _say(puppet, finalized, "VERIFIED")
    _later(pair, 70)
    told = len(puppet.messages("ContractNegotiationEventMessage"))
    assert 40 < told < 62
    _later(pair, 20)
    assert len(puppet.messages("ContractNegotiationEventMessage")) == told


def test_what_came_before_ours_in_flight_is_said_again_before_it(
    pair: Pair, puppet: Puppet, lost: str
):
    """It takes the agreement again, verifies it again, and then FINALIZED means something to it."""
    _later(pair, 6)
    agreements = puppet.messages("ContractAgreementMessage")
    assert len(agreements) > 1
    assert all(agreement == agreements[0] for agreement in agreements)
    _say(puppet, lost, "VERIFIED")
    assert _verify(pair, puppet, lost, 3) == (200, "VERIFIED")
    before = len(puppet.messages("ContractAgreementMessage"))
    del puppet.answers["/events"]
    _later(pair, 6)
    _say(puppet, lost, "FINALIZED")
    _later(pair)
    assert len(puppet.messages("ContractAgreementMessage")) == before
    found = pair.provider.manage("GET", f"/v1/negotiations/{lost}")[1]
    assert (found["state"], found["inFlight"], found.get("trouble", "")) == ("FINALIZED", "", "")
    events = puppet.messages("ContractNegotiationEventMessage")
    assert all(event == events[0] for event in events)


def test_no_older_message_goes_out_while_ours_in_flight_is_not_refused(
    pair: Pair, puppet: Puppet, lost: str
):
    """The peer is slow to answer FINALIZED: what it says of its state may be long over."""
    puppet.answers["/events"] = (503, b"{}")
    _later(pair, 8)
    assert f"/negotiations/{C}" in [path for method, path, _ in puppet.got if method == "GET"]
    assert len(puppet.messages("ContractNegotiationEventMessage")) > 1
    assert len(puppet.messages("ContractAgreementMessage")) == 1


def test_who_never_comes_that_far_again_is_told_for_a_minute(pair: Pair, puppet: Puppet, lost: str):
    """The agreement is taken each time, and forgotten: then FINALIZED is parked, and explained."""
    _later(pair, 60)
    told = len(puppet.messages("ContractAgreementMessage"))
    assert told > 2
    _later(pair, 120)
    assert len(puppet.messages("ContractAgreementMessage")) <= told + 1
    found = pair.provider.manage("GET", f"/v1/negotiations/{lost}")[1]
    assert (found["state"], found["inFlight"]) == ("VERIFIED", "Event FINALIZED")
    assert "REQUESTED" in found["trouble"]
    events = len(puppet.messages("ContractNegotiationEventMessage"))
    _later(pair, 60)
    assert len(puppet.messages("ContractNegotiationEventMessage")) == events


def test_what_the_peer_remembers_is_not(pair: Pair, puppet: Puppet, finalized: str):
    """Its state is as ours: one event, and no trouble is noted."""
    _say(puppet, finalized, "FINALIZED")
    _later(pair)
    assert len(puppet.messages("ContractNegotiationEventMessage")) == 1
    found = pair.provider.manage("GET", f"/v1/negotiations/{finalized}")[1]
    assert found.get("trouble", "") == ""


def test_peers_that_save_in_time_are_not_asked(pair: Pair):
    """Nobody asks a peer that has never answered 409."""
    asked: list[str] = []

    def listen(method: str, url: str, _body: bytes) -> None:
        if method == "GET" and "/negotiations/" in url:
            asked.append(url)

    pair.net.fault = listen
    pid = pair.negotiate()
    pair.settle()
    pair.clock.advance(5)
    pair.settle()
    assert pair.both(pid)[0]["state"] == "FINALIZED"
    assert asked == []


def test_a_plain_peer_without_that_habit_is_asked_once_and_later(pair: Pair, puppet: Puppet):
    """It may have it all the same: one question five seconds after it took the last message."""
    document = puppet.get(puppet.party, "/.well-known/did.json")[1]
    plain = [item for item in document["service"] if item["type"] != "VoileConnector"]
    puppet.answers["/did.json"] = (200, json.dumps(document | {"service": plain}).encode())
    pid = _open(pair, puppet)
    _say(puppet, pid, "REQUESTED")  # it has taken the agreement, and forgot it
    pair.provider.deliver()
    _later(pair, 3)
    assert [path for method, path, _ in puppet.got if method == "GET"] == []
    _later(pair, 2)
    assert [path for method, path, _ in puppet.got if method == "GET"] == [f"/negotiations/{C}"]
    assert len(puppet.messages("ContractAgreementMessage")) == 2


def test_a_start_that_is_never_kept_is_not_said_for_ever(pair: Pair):
    """A peer that always claims to know of no Start gets a few in an hour."""
    pair.provider.node.outbox.pace.slow(pair.consumer.did)
    starts: list[bytes] = []

    def deny(method: str, url: str, body: bytes) -> Response | None:
        if "/transfers/" not in url or not url.startswith(pair.consumer.url):
            return None
        if method == "POST":
            starts.append(body)
            return Response(status=200, headers={}, body=b"")
        consumer, provider = Pid(url.rsplit("/", 1)[1]), Pid(json.loads(starts[0])["providerPid"])
        state = m.TransferProcess(consumer_pid=consumer, provider_pid=provider, state="REQUESTED")
        return Response(status=200, headers={}, body=m.encode(state))

    agreement = _agreement(pair)
    pair.net.fault = deny
    pair.consumer.manage("POST", "/v1/transfers", {"agreement": agreement})
    for _ in range(4 * STARTS):
        pair.settle()
        pair.clock.advance(1.1)
    assert len(starts) == STARTS
    assert all(json.loads(body)["@type"] == "TransferStartMessage" for body in starts)


def test_a_start_is_said_again_before_the_completion_that_is_refused_without_it(pair: Pair):
    """The peer took our Start and forgot it, so our completion means nothing to it."""
    pair.provider.node.outbox.pace.slow(pair.consumer.did)
    sent: list[dict[str, str]] = []

    def forget(method: str, url: str, body: bytes) -> Response | None:
        if "/transfers/" not in url or not url.startswith(pair.consumer.url):
            return None
        if method == "POST":
            sent.append(json.loads(body))
        starts = [message for message in sent if message["@type"] == "TransferStartMessage"]
        if method == "POST":
            early = sent[-1]["@type"] != "TransferStartMessage" and len(starts) < 2
            return Response(status=409 if early else 200, headers={}, body=b"{}")
        consumer, provider = Pid(url.rsplit("/", 1)[1]), Pid(starts[0]["providerPid"])
        state = "REQUESTED" if len(starts) < 2 else "COMPLETED"
        process = m.TransferProcess(consumer_pid=consumer, provider_pid=provider, state=state)
        return Response(status=200, headers={}, body=m.encode(process))

    agreement = _agreement(pair)
    _, asked = pair.consumer.manage("POST", "/v1/transfers", {"agreement": agreement})
    pair.net.fault = forget
    for _ in range(2):
        pair.settle()
        pair.clock.advance(0.1)
    (listed,) = pair.provider.manage("GET", "/v1/transfers")[1]["transfers"]
    assert listed["consumerPid"] == asked["pid"]
    pair.provider.manage("POST", f"/v1/transfers/{listed['pid']}/complete")
    _later(pair, 3)
    found = pair.provider.manage("GET", f"/v1/transfers/{listed['pid']}")[1]
    assert (found["state"], found["inFlight"]) == ("COMPLETED", "")
    kinds = [message["@type"].removeprefix("Transfer") for message in sent]
    assert kinds[0] == "StartMessage"
    assert kinds[-2:] == ["StartMessage", "CompletionMessage"]
    assert sent[-2] == sent[0]
    assert kinds.count("StartMessage") == 2


def _agreement(pair: Pair) -> str:
    pid = pair.negotiate()
    for _ in range(6):  # what goes to a peer that saves late is held back a little
        pair.settle()
        pair.clock.advance(0.1)
    found: str = pair.both(pid)[0]["agreement"]
    return found
