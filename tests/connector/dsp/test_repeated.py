"""A plain peer that saves its step after the exchange, loses it and says it again under a new id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from contracts import messages as m
from contracts.messages import Pid
from tests.connector.dsp.playing import P, agreement, negotiate, serve

if TYPE_CHECKING:
    from tests.connector.dsp.conftest import Pair, Puppet

SECOND = "urn:agreement:crow:2"


def _send_agreement(
    pair: Pair, puppet: Puppet, pid: str, message_id: str, **change: Any
) -> tuple[int, dict[str, Any]]:
    message = m.ContractAgreementMessage(
        id=message_id,
        consumer_pid=Pid(pid),
        provider_pid=P,
        agreement=agreement(pair, puppet, **change),
    )
    return puppet.send(pair.consumer, f"/negotiations/{pid}/agreement", message)


@pytest.fixture
def agreed(pair: Pair, puppet: Puppet) -> str:
    """A negotiation whose agreement came; our verification meets 409."""
    serve(pair, puppet)
    puppet.answers["/signatures"] = (200, b'{"stages": {}}')
    puppet.answers["/verification"] = (409, b"{}")
    pid = negotiate(pair, puppet)
    assert _send_agreement(pair, puppet, pid, "urn:m:1")[0] == 200
    pair.consumer.node.outbox.deliver_due(1)  # the question for signatures
    return pid


def test_the_same_agreement_under_a_new_id_is_taken_again(pair: Pair, puppet: Puppet, agreed: str):
    """It is answered with 200; there is one agreement and one verification, which goes on."""
    assert _send_agreement(pair, puppet, agreed, "urn:m:2")[0] == 200
    puppet.answers.pop("/verification")
    pair.clock.advance(1)
    pair.consumer.deliver()
    ids = {found["@id"] for found in puppet.messages("ContractAgreementVerificationMessage")}
    assert len(ids) == 1
    assert len(pair.consumer.manage("GET", "/v1/agreements")[1]["agreements"]) == 1
    assert pair.consumer.manage("GET", f"/v1/negotiations/{agreed}")[1]["state"] == "VERIFIED"


def test_another_agreement_waits_until_ours_was_answered(pair: Pair, puppet: Puppet, agreed: str):
    """Before the provider has said 409 to our verification it gets 503 and comes again."""
    status, body = _send_agreement(pair, puppet, agreed, "urn:m:2", **{"@id": SECOND})
    assert (status, body["code"]) == (503, "negotiation.not-yet")
    found = pair.consumer.manage("GET", f"/v1/negotiations/{agreed}")[1]
    assert (found["state"], found["agreement"]) == ("AGREED", "urn:agreement:crow")


def test_another_text_under_the_same_name_is_refused(pair: Pair, puppet: Puppet, agreed: str):
    """One `@id` names one text: even after its 409 a provider cannot put another under it."""
    pair.consumer.deliver()
    changed = {"timestamp": "2026-11-21T10:00:00Z"}
    status, body = _send_agreement(pair, puppet, agreed, "urn:m:2", **changed)
    assert (status, body["code"]) == (400, "negotiation.illegal-message")
    (found,) = pair.consumer.manage("GET", "/v1/agreements")[1]["agreements"]
    assert found["id"] == "urn:agreement:crow"


def test_another_agreement_replaces_the_one_that_was_not_saved(
    pair: Pair, puppet: Puppet, agreed: str
):
    """After its 409 the provider's second agreement is the one; it is verified anew, and in force."""
    pair.consumer.deliver()
    assert len(puppet.messages("ContractAgreementVerificationMessage")) == 1
    assert _send_agreement(pair, puppet, agreed, "urn:m:2", **{"@id": SECOND})[0] == 200
    puppet.answers.pop("/verification")
    pair.clock.advance(1)
    pair.consumer.deliver()
    event = m.ContractNegotiationEventMessage(
        id="urn:m:f", consumer_pid=Pid(agreed), provider_pid=P, event_type="FINALIZED"
    )
    assert puppet.send(pair.consumer, f"/negotiations/{agreed}/events", event)[0] == 200
    found = pair.consumer.manage("GET", f"/v1/negotiations/{agreed}")[1]
    assert (found["state"], found["agreement"], found["signatures"]) == ("FINALIZED", SECOND, "own")
    (agreement,) = pair.consumer.manage("GET", "/v1/agreements")[1]["agreements"]
    assert (agreement["id"], agreement["inForce"]) == (SECOND, True)


def test_a_replaced_agreement_with_other_terms_is_terminated(
    pair: Pair, puppet: Puppet, agreed: str
):
    """The second agreement is checked like the first."""
    pair.consumer.deliver()
    changed = {"@id": SECOND, "permission": [{"action": "use"}]}
    assert _send_agreement(pair, puppet, agreed, "urn:m:2", **changed)[0] == 200
    for _ in range(2):  # the question for signatures, then what follows from its answer
        pair.clock.advance(1)
        pair.consumer.deliver()
    (end,) = puppet.messages("ContractNegotiationTerminationMessage")
    assert end["code"] == "agreement.terms-differs"


def test_who_answered_409_once_gets_our_messages_a_little_later(
    pair: Pair, puppet: Puppet, agreed: str
):
    """From then on a message to that peer, and to no other, waits 20 ms."""
    pair.consumer.deliver()
    outbox = pair.consumer.node.outbox
    assert outbox.pace.hold_ms(puppet.did) == 20
    assert outbox.pace.hold_ms(pair.provider.did) == 0
    other = pair.consumer.manage(
        "POST", "/v1/negotiations", {"provider": puppet.did, "dataset": "urn:dataset:open"}
    )[1]["pid"]
    before = len(puppet.messages("ContractRequestMessage"))
    pair.consumer.deliver()
    assert len(puppet.messages("ContractRequestMessage")) == before
    pair.clock.advance(0.02)
    pair.consumer.deliver()
    assert puppet.messages("ContractRequestMessage")[-1]["consumerPid"] == other


def test_a_termination_that_comes_after_we_asked_brings_its_reason(
    pair: Pair, puppet: Puppet, agreed: str
):
    """The peer's state says TERMINATED first; its message then is taken, once, with the reason."""
    state = m.ContractNegotiation(consumer_pid=Pid(agreed), provider_pid=P, state="TERMINATED")
    puppet.answers[f"/negotiations/{P}"] = (200, m.encode(state))
    for _ in range(6):  # three times 409, then the question
        pair.clock.advance(1)
        pair.consumer.deliver()
    found = pair.consumer.manage("GET", f"/v1/negotiations/{agreed}")[1]
    assert (found["state"], found["ended"]["reason"]) == ("TERMINATED", [])
    message = m.ContractNegotiationTerminationMessage(
        id="urn:m:t", consumer_pid=Pid(agreed), provider_pid=P, code="x", reason=("sold out",)
    )
    path = f"/negotiations/{agreed}/termination"
    assert puppet.send(pair.consumer, path, message)[0] == 200
    found = pair.consumer.manage("GET", f"/v1/negotiations/{agreed}")[1]
    assert found["ended"] == {"by": puppet.did, "code": "x", "reason": ["sold out"]}
    again = m.ContractNegotiationTerminationMessage(
        id="urn:m:u", consumer_pid=Pid(agreed), provider_pid=P, code="y", reason=("other",)
    )
    assert puppet.send(pair.consumer, path, again)[0] == 400


def test_the_owner_ends_what_the_peer_refuses(pair: Pair, puppet: Puppet, agreed: str):
    """While our verification is refused and tried again, the owner's termination goes first."""
    pair.consumer.deliver()
    assert pair.consumer.manage("POST", f"/v1/negotiations/{agreed}/terminate", {})[0] == 200
    for _ in range(3):
        pair.clock.advance(1)
        pair.consumer.deliver()
    assert len(puppet.messages("ContractNegotiationTerminationMessage")) == 1
    assert len(puppet.messages("ContractAgreementVerificationMessage")) == 1
    found = pair.consumer.manage("GET", f"/v1/negotiations/{agreed}")[1]
    assert (found["state"], found["ended"]["by"]) == ("TERMINATED", pair.consumer.did)


@pytest.fixture
def finalized(pair: Pair, puppet: Puppet, agreed: str) -> str:
    """The same negotiation, after our verification was taken and FINALIZED has come."""
    puppet.answers.pop("/verification")
    pair.consumer.deliver()
    assert _send_event(pair, puppet, agreed, "urn:m:f")[0] == 200
    return agreed


def _send_event(pair: Pair, puppet: Puppet, pid: str, message_id: str) -> tuple[int, Any]:
    event = m.ContractNegotiationEventMessage(
        id=message_id, consumer_pid=Pid(pid), provider_pid=P, event_type="FINALIZED"
    )
    return puppet.send(pair.consumer, f"/negotiations/{pid}/events", event)


def _say(pair: Pair, puppet: Puppet, pid: str, state: str) -> None:
    """Let the provider stand in a state, and let the question for it come round."""
    shown = m.ContractNegotiation(consumer_pid=Pid(pid), provider_pid=P, state=state)
    puppet.answers[f"/negotiations/{P}"] = (200, m.encode(shown))
    for _ in range(3):
        pair.clock.advance(1.1)
        pair.consumer.deliver()


def test_what_ended_well_may_be_said_again(pair: Pair, puppet: Puppet, finalized: str):
    """FINALIZED under a new id: an error would make the provider end what is in force here."""
    before = pair.consumer.manage("GET", "/v1/agreements")[1]
    status, body = _send_event(pair, puppet, finalized, "urn:m:g")
    assert (status, body["state"]) == (200, "FINALIZED")
    _say(pair, puppet, finalized, "FINALIZED")
    assert pair.consumer.manage("GET", "/v1/agreements")[1] == before
    assert len(puppet.messages("ContractAgreementVerificationMessage")) == 1


def test_a_provider_that_lost_more_than_its_step_is_told_again(
    pair: Pair, puppet: Puppet, finalized: str
):
    """It agrees again, and stands in AGREED: the same verification goes out, and it finalizes."""
    assert _send_agreement(pair, puppet, finalized, "urn:m:2")[0] == 200
    _say(pair, puppet, finalized, "AGREED")
    first, *more = puppet.messages("ContractAgreementVerificationMessage")
    assert more
    assert all(found == first for found in more)
    assert _send_event(pair, puppet, finalized, "urn:m:g")[0] == 200
    _say(pair, puppet, finalized, "FINALIZED")
    assert len(puppet.messages("ContractAgreementVerificationMessage")) == 1 + len(more)
    found = pair.consumer.manage("GET", f"/v1/negotiations/{finalized}")[1]
    assert (found["state"], found["agreement"]) == ("FINALIZED", "urn:agreement:crow")


def test_another_agreement_comes_too_late(pair: Pair, puppet: Puppet, finalized: str):
    """The provider has taken our verification of the first: 503, and nothing changes here."""
    status, body = _send_agreement(pair, puppet, finalized, "urn:m:2", **{"@id": SECOND})
    assert (status, body["code"]) == (503, "negotiation.not-yet")
    (found,) = pair.consumer.manage("GET", "/v1/agreements")[1]["agreements"]
    assert (found["id"], found["inForce"]) == ("urn:agreement:crow", True)


def test_what_ends_a_contract_in_force_is_refused_as_ever(
    pair: Pair, puppet: Puppet, finalized: str
):
    """A termination is no repeat of anything."""
    message = m.ContractNegotiationTerminationMessage(
        id="urn:m:t", consumer_pid=Pid(finalized), provider_pid=P
    )
    status, body = puppet.send(pair.consumer, f"/negotiations/{finalized}/termination", message)
    assert (status, body["code"]) == (400, "negotiation.illegal-message")


def test_who_has_ended_it_is_told_nothing_again(pair: Pair, puppet: Puppet, agreed: str):
    """It terminates after our verification and says that it stands in AGREED: we are at the end."""
    puppet.answers.pop("/verification")
    pair.consumer.node.outbox.pace.slow(puppet.did)  # so that its state is asked for
    pair.consumer.deliver()
    before = len(puppet.messages("ContractAgreementVerificationMessage"))
    message = m.ContractNegotiationTerminationMessage(
        id="urn:m:t", consumer_pid=Pid(agreed), provider_pid=P
    )
    path = f"/negotiations/{agreed}/termination"
    assert puppet.send(pair.consumer, path, message)[0] == 200
    _say(pair, puppet, agreed, "AGREED")
    assert len(puppet.messages("ContractAgreementVerificationMessage")) == before == 1
    found = pair.consumer.manage("GET", f"/v1/negotiations/{agreed}")[1]
    assert found["state"] == "TERMINATED"
