"""What docs/interop.md says of EDC, shown by messages that it really sent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from urllib3 import HTTPHeaderDict

from connector.areas.delivery.addresses import read as read_address
from connector.areas.dsp.peer_catalog import _next
from connector.process.ports import Response
from contracts import messages as m
from contracts import negotiation
from contracts.agreements import check_agreement, check_request
from contracts.machine import InFlight, Process
from contracts.repeats import is_repeat
from crypto.url import read_url
from policies.errors import PolicyError
from policies.odrl import parse_policy, same_terms
from tests.contracts.dsp_vectors import VECTORS, needs_vectors, read

HERE = Path(__file__).parent / "recorded"
EDC = VECTORS / "edc"


def _recorded(name: str) -> Any:
    return json.loads((HERE / name).read_text(encoding="utf-8"))


def _bytes(body: Any) -> bytes:
    return json.dumps(body).encode()


def test_two_links_come_in_two_headers():
    """The neighbours of a page stand in a `Link` header each; together they name the next page."""
    pairs = [(name, value) for name, value in _recorded("two-links.json")["headers"]]
    assert len(pairs) == 2
    headers = {k.lower(): v for k, v in HTTPHeaderDict(pairs).itermerged()}
    urls = {value.rpartition("rel=")[2]: value[1:].partition(">")[0] for _, value in pairs}
    answer = Response(status=200, headers=headers, body=b"")
    assert _next(answer, read_url(urls['"prev"'])) == (read_url(urls['"next"']), None)
    relations = [value.rpartition("rel=")[2] for _, value in pairs]
    assert sorted(relations) == ['"next"', '"prev"']


def test_an_agreement_comes_twice_with_two_ids():
    """Both are of one negotiation; while our verification is in flight the second is a repeat."""
    first, second, end = (
        m.parse_any(_bytes(body)) for body in _recorded("agreement-twice.json")["messages"]
    )
    assert isinstance(first, m.ContractAgreementMessage)
    assert isinstance(second, m.ContractAgreementMessage)
    assert isinstance(end, m.ContractNegotiationTerminationMessage)
    assert first.provider_pid == second.provider_pid == end.provider_pid
    assert first.id != second.id
    assert first.agreement["@id"] != second.agreement["@id"]
    flying = InFlight(negotiation.VERIFICATION, negotiation.AGREED, negotiation.VERIFIED)
    process = Process(role="consumer", state=negotiation.AGREED, in_flight=flying)
    assert is_repeat(negotiation.TABLE, process, negotiation.event_of(second))


def test_edc_drops_profile_and_conflict_and_keeps_the_terms():
    """Its request for an offer of ours says the same as the offer, so it is granted as published."""
    found = _recorded("terms-of-ours.json")
    offer, request = found["offer"], m.parse_any(_bytes(found["request"]))
    assert isinstance(request, m.ContractRequestMessage)
    assert {"profile", "odrl:conflict"} <= set(offer)
    assert not {"profile", "odrl:conflict"} & set(request.offer)
    assert same_terms(parse_policy(request.offer, kind="Offer"), parse_policy(offer, kind="Offer"))
    check_request(request.offer, offer, dataset_id="deliveries")
    agreement = found["agreement"]
    assert found["answered"] == 200
    assert {key: agreement[key] for key in ("profile", "odrl:conflict", "permission")} == {
        key: offer[key] for key in ("profile", "odrl:conflict", "permission")
    }


def test_errors_have_a_status_for_a_code_and_no_pids():
    """A refusal of our agreement, read as an answer."""
    body = _recorded("agreement-refused.json")["answer"]
    error = m.parse(_bytes(body), m.ContractNegotiationError, answer=True)
    assert (error.code, error.consumer_pid) == ("400", None)


@needs_vectors
def test_an_agreement_of_edc_passes_our_check():
    """Recorded offer and agreement: parties, target, timestamp and terms hold; one more does not."""
    wanted = m.parse_any(
        _bytes(read(EDC / "push" / "03-consumer-request-ContractRequestMessage.json")["body"])
    )
    given = m.parse_any(
        _bytes(read(EDC / "push" / "05-provider-request-ContractAgreementMessage.json")["body"])
    )
    assert isinstance(wanted, m.ContractRequestMessage)
    assert isinstance(given, m.ContractAgreementMessage)
    check_agreement(given.agreement, offer=wanted.offer, assigner="provider", assignee="consumer")


@needs_vectors
def test_terms_of_edc_are_not_understood():
    """`inForceDate` means nothing to us: the offer is refused with its place."""
    path = next((EDC / "constraint").glob("*-request-ContractRequestMessage.json"))
    with pytest.raises(PolicyError) as caught:
        parse_policy(read(path)["body"]["offer"], kind="Offer")
    assert caught.value.reasons[0].clause.startswith("/permission/0/constraint/0/and/0/leftOperand")


@needs_vectors
def test_the_address_of_a_start_is_read_by_its_long_names():
    """No `endpoint` key, only property names in EDC's namespace: URL and bearer token come out."""
    path = next((EDC / "pull").glob("03-*TransferStartMessage.json"))
    start = m.parse_any(_bytes(read(path)["body"]))
    assert isinstance(start, m.TransferStartMessage)
    assert start.data_address is not None
    assert "endpoint" not in start.data_address
    found = read_address(start.data_address)
    assert found.url == "http://localhost:19291/public"
    assert found.authorization.startswith("Bearer eyJ")


@needs_vectors
def test_a_resumed_transfer_gets_a_second_start():
    """The consumer's Start is followed by the provider's own, with a fresh token."""
    starts = sorted((EDC / "pull").glob("*-request-TransferStartMessage.json"))
    senders = [path.name.split("-")[1] for path in starts]
    assert senders == ["provider", "provider", "consumer", "provider"]
    tokens = {
        read_address(body["dataAddress"]).authorization
        for body in (read(path)["body"] for path in starts)
        if "dataAddress" in body
    }
    assert len(tokens) == 3


@needs_vectors
def test_a_crossing_is_answered_with_409():
    """EDC's own agreement crossed its termination: the state answer is an error without pids."""
    path = next((EDC / "terminated-by-consumer").glob("04-*ContractNegotiationError.json"))
    found = read(path)
    assert found["meta"]["status"] == 409
    error = m.parse(_bytes(found["body"]), m.ContractNegotiationError, answer=True)
    assert (error.code, error.consumer_pid, error.provider_pid) == ("409", None, None)
