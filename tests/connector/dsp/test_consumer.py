"""Our consumer against a provider that the test plays: what it takes, and what it ends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from connector.ports import Response
from contracts import messages as m
from contracts.agreements import agreement_of, message_offer
from contracts.messages import Pid
from tests.connector.dsp.area import OPEN, offer_of

if TYPE_CHECKING:
    from tests.connector.dsp.conftest import Pair, Puppet

P = Pid("urn:uuid:crow-provider")
EDC_CONTEXT = [
    "https://w3id.org/dspace/2025/1/context.jsonld",
    "https://w3id.org/edc/dspace/v0.0.1",
]


def _serve(pair: Pair, puppet: Puppet, offer: dict[str, Any] | None = None, pid: Pid = P) -> None:
    """Let the puppet have a version document, one dataset, and an answer to openings."""
    version = {
        "protocolVersions": [{"version": "2025-1", "path": "/dsp/2025-1", "binding": "HTTPS"}]
    }
    dataset = m.Dataset(
        id=OPEN,
        has_policy=(offer or offer_of(OPEN),),
        distribution=({"format": "Voile-Question", "accessService": "urn:s"},),
    )

    def hear(method: str, url: str, body: bytes) -> Response | None:
        if url == f"{puppet.party.url}/.well-known/dspace-version":
            return Response(status=200, headers={}, body=json.dumps(version).encode())
        if method == "GET" and "/catalog/datasets/" in url:
            return Response(status=200, headers={}, body=m.encode(dataset))
        if url.endswith(("/negotiations/request", "/transfers/request")):
            asked = json.loads(body)
            cls = m.ContractNegotiation if "/negotiations/" in url else m.TransferProcess
            puppet.got.append((method, url.removeprefix(puppet.base), body))
            state = cls(consumer_pid=asked["consumerPid"], provider_pid=pid, state="REQUESTED")
            answer = m.to_object(state) | {"@context": EDC_CONTEXT}
            return Response(status=200, headers={}, body=json.dumps(answer).encode())
        return puppet.hear(method, url, body)

    pair.net.fault = hear


def _negotiate(pair: Pair, puppet: Puppet) -> str:
    status, body = pair.consumer.manage(
        "POST", "/v1/negotiations", {"provider": puppet.did, "dataset": OPEN}
    )
    assert status == 201, body
    pair.consumer.deliver()
    return body["pid"]


def _agreement(pair: Pair, puppet: Puppet, **change: Any) -> dict[str, Any]:
    made = agreement_of(
        message_offer(offer_of(OPEN), dataset_id=OPEN),
        agreement_id="urn:agreement:crow",
        assigner=puppet.did,
        assignee=pair.consumer.did,
        now=pair.clock.now(),
    )
    return made | change


def _agree(pair: Pair, puppet: Puppet, pid: str, **change: Any) -> tuple[int, dict[str, Any]]:
    message = m.ContractAgreementMessage(
        id=f"urn:m:{len(puppet.got)}",
        consumer_pid=Pid(pid),
        provider_pid=P,
        agreement=_agreement(pair, puppet, **change),
    )
    return puppet.send(pair.consumer, f"/negotiations/{pid}/agreement", message)


def test_a_request_carries_the_offer_verbatim(pair: Pair, puppet: Puppet):
    """The offer goes back as it stood in the catalogue, with its target; the callback has no slash."""
    _serve(pair, puppet)
    _negotiate(pair, puppet)
    (request,) = puppet.messages("ContractRequestMessage")
    assert request["offer"] == {**offer_of(OPEN), "@type": "Offer", "target": OPEN}
    assert request["callbackAddress"] == f"{pair.consumer.url}/dsp/2025-1"
    assert "providerPid" not in request


def test_a_plain_provider_gets_an_agreement_of_our_signature_only(pair: Pair, puppet: Puppet):
    """Unsigned by the provider, verified by us, finalized: in force, signatures `own`."""
    _serve(pair, puppet)
    puppet.answers["/signatures"] = (200, b'{"stages": {}}')
    pid = _negotiate(pair, puppet)
    assert _agree(pair, puppet, pid)[0] == 200
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
    _serve(pair, puppet)
    puppet.answers["/signatures"] = (200, b'{"stages": {}}')
    pid = _negotiate(pair, puppet)
    assert _agree(pair, puppet, pid, **change)[0] == 200
    pair.consumer.deliver()
    (end,) = puppet.messages("ContractNegotiationTerminationMessage")
    assert end["code"] == code
    assert not puppet.messages("ContractAgreementVerificationMessage")
    assert pair.consumer.manage("GET", f"/v1/negotiations/{pid}")[1]["state"] == "TERMINATED"
    assert not pair.consumer.manage("GET", "/v1/agreements")[1]["agreements"][0]["inForce"]


def test_an_agreement_id_is_used_once(pair: Pair, puppet: Puppet):
    """A provider that gives two agreements one id is refused the second time."""
    _serve(pair, puppet)
    puppet.answers["/signatures"] = (200, b'{"stages": {}}')
    first = _negotiate(pair, puppet)
    assert _agree(pair, puppet, first)[0] == 200
    other = Pid("urn:uuid:crow-provider-2")
    _serve(pair, puppet, pid=other)
    second = _negotiate(pair, puppet)
    message = m.ContractAgreementMessage(
        id="urn:second",
        consumer_pid=Pid(second),
        provider_pid=other,
        agreement=_agreement(pair, puppet),
    )
    status, body = puppet.send(pair.consumer, f"/negotiations/{second}/agreement", message)
    assert (status, body["code"]) == (400, "agreement.id-reused")
    assert pair.consumer.manage("GET", f"/v1/negotiations/{second}")[1]["state"] == "REQUESTED"


def test_a_pid_of_the_peer_is_used_once(pair: Pair, puppet: Puppet):
    """A provider that answers two openings with one pid gets its second one wrong, not ours broken."""
    _serve(pair, puppet)
    first, second = _negotiate(pair, puppet), _negotiate(pair, puppet)
    assert pair.consumer.manage("GET", f"/v1/negotiations/{first}")[1]["state"] == "REQUESTED"
    _, found = pair.consumer.manage("GET", f"/v1/negotiations/{second}")
    assert found["state"] == "OPENING"
    assert "cannot be read" in found["trouble"]
    status, body = _agree(pair, puppet, second)
    assert (status, body["code"]) == (400, "message.pid-mismatch")


def test_an_offer_we_do_not_understand_is_not_asked_for(pair: Pair, puppet: Puppet):
    """An unknown operand refuses before anything is sent, with the place."""
    strange = offer_of(OPEN)
    strange = json.loads(json.dumps(strange))
    strange["permission"][0]["constraint"].append(
        {"leftOperand": "inForceDate", "operator": "gteq", "rightOperand": "contractAgreement+0s"}
    )
    _serve(pair, puppet, strange)
    status, body = pair.consumer.manage(
        "POST", "/v1/negotiations", {"provider": puppet.did, "dataset": OPEN}
    )
    assert status == 403
    assert body["error"]["reasons"][0]["clause"].startswith("/permission/0/constraint/")
    assert not puppet.messages("ContractRequestMessage")


def test_an_offer_may_come_from_the_provider(pair: Pair, puppet: Puppet):
    """A counter-offer waits for the owner; accepted, it can be agreed to."""
    _serve(pair, puppet)
    puppet.answers["/signatures"] = (200, b'{"stages": {}}')
    pid = _negotiate(pair, puppet)
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
    assert _agree(pair, puppet, pid)[0] == 200


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
    _serve(pair, puppet)
    puppet.answers["/signatures"] = (200, b'{"stages": {}}')
    pid = _negotiate(pair, puppet)
    _agree(pair, puppet, pid)
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
