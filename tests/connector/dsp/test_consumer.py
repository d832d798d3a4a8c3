"""Our consumer against a provider that the test plays: what it takes, and what it ends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from contracts import messages as m
from contracts.agreements import message_offer
from contracts.messages import Pid
from tests.connector.dsp.area import OPEN, offer_of
from tests.connector.dsp.playing import P, agree, agreement, negotiate, serve

if TYPE_CHECKING:
    from tests.connector.dsp.conftest import Pair, Puppet


def test_a_request_carries_the_offer_verbatim(pair: Pair, puppet: Puppet):
    """The offer goes back as it stood in the catalogue, with its target; the callback has no slash."""
    serve(pair, puppet)
    negotiate(pair, puppet)
    (request,) = puppet.messages("ContractRequestMessage")
    assert request["offer"] == {**offer_of(OPEN), "@type": "Offer", "target": OPEN}
    assert request["callbackAddress"] == f"{pair.consumer.url}/dsp/2025-1"
    assert "providerPid" not in request


def test_a_plain_provider_gets_an_agreement_of_our_signature_only(pair: Pair, puppet: Puppet):
    """Unsigned by the provider, verified by us, finalized: in force, signatures `own`."""
    serve(pair, puppet)
    puppet.answers["/signatures"] = (200, b'{"stages": {}}')
    pid = negotiate(pair, puppet)
    assert agree(pair, puppet, pid)[0] == 200
    pair.consumer.deliver()
    assert len(puppet.messages("ContractAgreementVerificationMessage")) == 1
    event = m.ContractNegotiationEventMessage(
        id="urn:f", consumer_pid=Pid(pid), provider_pid=P, event_type="FINALIZED"
    )
    assert puppet.send(pair.consumer, f"/negotiations/{pid}/events", event)[0] == 200
    pair.consumer.deliver()
    _, found = pair.consumer.manage("GET", f"/v1/negotiations/{pid}")
    assert (found["state"], found["signatures"]) == ("FINALIZED", "own")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"assigner": "did:web:evil.example"}, "agreement.assigner-differs"),
        ({"assignee": "did:web:evil.example"}, "agreement.assignee-differs"),
        ({"target": "urn:other"}, "agreement.target-differs"),
        ({"permission": [{"action": "use"}]}, "agreement.terms-differs"),
    ],
)
def test_an_agreement_that_says_something_else_is_terminated(
    pair: Pair, puppet: Puppet, change: dict[str, Any], code: str
):
    """Another party, target or term: never verified, terminated with the clause."""
    serve(pair, puppet)
    puppet.answers["/signatures"] = (200, b'{"stages": {}}')
    pid = negotiate(pair, puppet)
    assert agree(pair, puppet, pid, **change)[0] == 200
    pair.consumer.deliver()
    (end,) = puppet.messages("ContractNegotiationTerminationMessage")
    assert end["code"] == code
    assert not puppet.messages("ContractAgreementVerificationMessage")
    assert pair.consumer.manage("GET", f"/v1/negotiations/{pid}")[1]["state"] == "TERMINATED"
    assert not pair.consumer.manage("GET", "/v1/agreements")[1]["agreements"][0]["inForce"]


def test_an_agreement_id_is_used_once(pair: Pair, puppet: Puppet):
    """A provider that gives two agreements one id is refused the second time."""
    serve(pair, puppet)
    puppet.answers["/signatures"] = (200, b'{"stages": {}}')
    first = negotiate(pair, puppet)
    assert agree(pair, puppet, first)[0] == 200
    other = Pid("urn:uuid:crow-provider-2")
    serve(pair, puppet, pid=other)
    second = negotiate(pair, puppet)
    message = m.ContractAgreementMessage(
        id="urn:second",
        consumer_pid=Pid(second),
        provider_pid=other,
        agreement=agreement(pair, puppet),
    )
    status, body = puppet.send(pair.consumer, f"/negotiations/{second}/agreement", message)
    assert (status, body["code"]) == (400, "agreement.id-reused")
    assert pair.consumer.manage("GET", f"/v1/negotiations/{second}")[1]["state"] == "REQUESTED"


def test_a_pid_of_the_peer_is_used_once(pair: Pair, puppet: Puppet):
    """A provider that answers two openings with one pid gets its second one wrong, not ours broken."""
    serve(pair, puppet)
    first, second = negotiate(pair, puppet), negotiate(pair, puppet)
    assert pair.consumer.manage("GET", f"/v1/negotiations/{first}")[1]["state"] == "REQUESTED"
    _, found = pair.consumer.manage("GET", f"/v1/negotiations/{second}")
    assert found["state"] == "OPENING"
    assert "cannot be read" in found["trouble"]
    status, body = agree(pair, puppet, second)
    assert (status, body["code"]) == (400, "message.pid-mismatch")


def test_an_offer_we_do_not_understand_is_not_asked_for(pair: Pair, puppet: Puppet):
    """An unknown operand refuses before anything is sent, with the place."""
    strange = offer_of(OPEN)
    strange = json.loads(json.dumps(strange))
    strange["permission"][0]["constraint"].append(
        {"leftOperand": "inForceDate", "operator": "gteq", "rightOperand": "contractAgreement+0s"}
    )
    serve(pair, puppet, strange)
    status, body = pair.consumer.manage(
        "POST", "/v1/negotiations", {"provider": puppet.did, "dataset": OPEN}
    )
    assert status == 403
    assert body["error"]["reasons"][0]["clause"].startswith("/permission/0/constraint/")
    assert not puppet.messages("ContractRequestMessage")


def test_an_offer_may_come_from_the_provider(pair: Pair, puppet: Puppet):
    """A counter-offer waits for the owner; accepted, it can be agreed to."""
    serve(pair, puppet)
    puppet.answers["/signatures"] = (200, b'{"stages": {}}')
    pid = negotiate(pair, puppet)
    offer = m.ContractOfferMessage(
        id="urn:o",
        consumer_pid=Pid(pid),
        provider_pid=P,
        offer=message_offer(offer_of(OPEN), dataset_id=OPEN),
    )
    assert puppet.send(pair.consumer, f"/negotiations/{pid}/offers", offer)[0] == 200
    _, why = pair.consumer.manage("GET", f"/v1/explain/{pid}")
    assert (why["state"], why["status"], why["turn"]) == ("OFFERED", "ours", "us")
    assert pair.consumer.manage("POST", f"/v1/negotiations/{pid}/accept", {})[0] == 200
    pair.consumer.deliver()
    (event,) = puppet.messages("ContractNegotiationEventMessage")
    assert event["eventType"] == "ACCEPTED"
    assert agree(pair, puppet, pid)[0] == 200


def test_a_provider_may_open_with_an_offer(pair: Pair, puppet: Puppet):
    """An offer to `/negotiations/offers` opens a negotiation that stands still until we answer."""
    offer = m.ContractOfferMessage(
        id="urn:o",
        provider_pid=P,
        offer=message_offer(offer_of(OPEN), dataset_id=OPEN),
        callback_address=puppet.base,
    )
    status, body = puppet.send(pair.consumer, "/negotiations/offers", offer)
    assert (status, body["state"], body["providerPid"]) == (201, "OFFERED", P)
    assert puppet.send(pair.consumer, "/negotiations/offers", offer) == (status, body)
    pair.consumer.deliver()
    assert puppet.got == []


def test_data_addresses_are_kept_and_renewed(pair: Pair, puppet: Puppet):
    """The provider's Start brings the address; a Start in STARTED replaces it (EDC's names too)."""
    serve(pair, puppet)
    puppet.answers["/signatures"] = (200, b'{"stages": {}}')
    pid = negotiate(pair, puppet)
    agree(pair, puppet, pid)
    pair.consumer.deliver()
    event = m.ContractNegotiationEventMessage(
        id="urn:f", consumer_pid=Pid(pid), provider_pid=P, event_type="FINALIZED"
    )
    puppet.send(pair.consumer, f"/negotiations/{pid}/events", event)
    _, body = pair.consumer.manage("POST", "/v1/transfers", {"agreement": "urn:agreement:crow"})
    pair.consumer.deliver()
    for number, value in enumerate(("one", "two")):
        address = {
            "@type": "DataAddress",
            "endpointType": "https://w3id.org/idsa/v4.1/HTTP",
            "endpointProperties": [
                {
                    "@type": "EndpointProperty",
                    "name": "https://w3id.org/edc/v0.0.1/ns/authorization",
                    "value": value,
                }
            ],
        }
        start = m.TransferStartMessage(
            id=f"urn:s:{number}",
            consumer_pid=Pid(body["pid"]),
            provider_pid=P,
            data_address=address,
        )
        assert puppet.send(pair.consumer, f"/transfers/{body['pid']}/start", start)[0] == 200
        _, found = pair.consumer.manage("GET", f"/v1/transfers/{body['pid']}")
        assert (found["state"], found["dataAddress"]) == ("STARTED", address)
