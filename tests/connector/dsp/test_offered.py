"""What a provider offers instead of what was asked for: shown, compared, accepted knowingly."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from contracts import messages as m
from contracts.agreements import message_offer
from contracts.messages import Pid
from tests.connector.dsp.area import OPEN, offer_of
from tests.connector.dsp.playing import P, agree, negotiate, serve

if TYPE_CHECKING:
    from tests.connector.dsp.conftest import Pair, Puppet


def _other_terms() -> dict[str, Any]:
    """The offer with a count of 5, and now with one of 500 for another purpose."""
    offer: dict[str, Any] = json.loads(json.dumps(offer_of(OPEN)))
    for clause in offer["permission"][0]["constraint"]:
        if clause["leftOperand"] == "odrl:count":
            clause["rightOperand"] = "500"
    return offer


def _counter(pair: Pair, puppet: Puppet, pid: str, offer: dict[str, Any], number: int = 1) -> None:
    message = m.ContractOfferMessage(
        id=f"urn:o:{number}",
        consumer_pid=Pid(pid),
        provider_pid=P,
        offer=message_offer(offer, dataset_id=OPEN),
    )
    answer = puppet.send(pair.consumer, f"/negotiations/{pid}/offers", message)
    assert answer[0] == 200, answer


def _asked(pair: Pair, puppet: Puppet) -> str:
    serve(pair, puppet)
    puppet.answers["/signatures"] = (200, b'{"stages": {}}')
    return negotiate(pair, puppet)


def _offer(pair: Pair, pid: str) -> dict[str, Any]:
    found: dict[str, Any] = pair.consumer.manage("GET", f"/v1/negotiations/{pid}")[1]["offer"]
    return found


def _accept(pair: Pair, pid: str, terms: str = "") -> tuple[int, Any]:
    return pair.consumer.manage("POST", f"/v1/negotiations/{pid}/accept", {"terms": terms})


def test_other_terms_are_shown_with_what_differs(pair: Pair, puppet: Puppet):
    """Both offers and the clauses in which they differ, in the negotiation, its list and explain."""
    pid = _asked(pair, puppet)
    before = _offer(pair, pid)
    assert (before["differs"], before["differences"], before["unreadable"]) == (False, [], "")
    _counter(pair, puppet, pid, _other_terms())
    found = _offer(pair, pid)
    assert found["differs"]
    assert found["asked"] == message_offer(offer_of(OPEN), dataset_id=OPEN)
    assert found["policy"] == message_offer(_other_terms(), dataset_id=OPEN)
    shown = [(item["change"], item["clause"]["rightOperand"]) for item in found["differences"]]
    assert shown == [("removed", "5"), ("added", "500")]
    (row,) = pair.consumer.manage("GET", "/v1/negotiations")[1]["negotiations"]
    assert row["offerDiffers"]
    assert pair.consumer.manage("GET", f"/v1/explain/{pid}")[1]["offer"] == found


def test_other_terms_are_accepted_only_by_who_has_seen_them(pair: Pair, puppet: Puppet):
    """Without their digest, or with that of others: refused, and nothing is sent."""
    pid = _asked(pair, puppet)
    asked = _offer(pair, pid)["digest"]
    _counter(pair, puppet, pid, _other_terms())
    for terms in ("", asked):
        status, answer = _accept(pair, pid, terms)
        assert (status, answer["error"]["code"]) == (409, "offer-differs")
        assert f"voile negotiation {pid}" in answer["error"]["next"]
    pair.consumer.deliver()
    assert not puppet.messages("ContractNegotiationEventMessage")
    assert _accept(pair, pid, _offer(pair, pid)["digest"])[0] == 200
    pair.consumer.deliver()
    (event,) = puppet.messages("ContractNegotiationEventMessage")
    assert event["eventType"] == "ACCEPTED"
    assert agree(pair, puppet, pid, permission=_other_terms()["permission"])[0] == 200
    pair.consumer.deliver()
    assert puppet.messages("ContractAgreementVerificationMessage")


def test_an_agreement_says_what_was_accepted(pair: Pair, puppet: Puppet):
    """Accepted the one, agreed the other, even the one that was asked for first: terminated."""
    pid = _asked(pair, puppet)
    _counter(pair, puppet, pid, _other_terms())
    _accept(pair, pid, _offer(pair, pid)["digest"])
    pair.consumer.deliver()
    assert agree(pair, puppet, pid)[0] == 200
    pair.consumer.deliver()
    (end,) = puppet.messages("ContractNegotiationTerminationMessage")
    assert end["code"] == "agreement.terms-differs"


def test_no_agreement_comes_of_an_offer_that_nobody_has_accepted(pair: Pair, puppet: Puppet):
    """A provider that offers other terms and agrees to them at once is refused; nothing changes."""
    pid = _asked(pair, puppet)
    _counter(pair, puppet, pid, _other_terms())
    status, body = agree(pair, puppet, pid, permission=_other_terms()["permission"])
    assert (status, body["code"]) == (400, "negotiation.illegal-message")
    _, found = pair.consumer.manage("GET", f"/v1/negotiations/{pid}")
    assert (found["state"], found["agreement"]) == ("OFFERED", "")


def test_an_offer_that_nobody_asked_for_is_other_terms(pair: Pair, puppet: Puppet):
    """A provider opens: all that it offers is new, and needs to be named."""
    offer = m.ContractOfferMessage(
        id="urn:o",
        provider_pid=P,
        offer=message_offer(offer_of(OPEN), dataset_id=OPEN),
        callback_address=puppet.base,
    )
    pid = puppet.send(pair.consumer, "/negotiations/offers", offer)[1]["consumerPid"]
    found = _offer(pair, pid)
    assert (found["differs"], found["asked"]) == (True, None)
    assert {item["change"] for item in found["differences"]} == {"added"}
    assert _accept(pair, pid)[0] == 409
    assert _accept(pair, pid, found["digest"])[0] == 200


NOVEL = {"leftOperand": "inForceDate", "operator": "gteq", "rightOperand": "now"}


@pytest.mark.parametrize(
    "change",
    [
        {"permission": [{"action": "use", "constraint": [NOVEL]}]},
        {"assigner": "did:web:evil.example"},
        {"assignee": "did:web:evil.example"},
        {"obligation": [{"action": "pay"}]},
    ],
)
def test_terms_that_cannot_be_kept_are_not_accepted(
    pair: Pair, puppet: Puppet, change: dict[str, Any]
):
    """Unknown terms, duties, other parties: refused before ACCEPTED goes out, digest or not."""
    pid = _asked(pair, puppet)
    _counter(pair, puppet, pid, _other_terms() | change)
    for terms in ("", _offer(pair, pid)["digest"]):
        status, answer = _accept(pair, pid, terms)
        assert status == 403, answer
        assert "cannot be accepted" in answer["error"]["message"]
    pair.consumer.deliver()
    assert not puppet.messages("ContractNegotiationEventMessage")
    assert pair.consumer.manage("GET", f"/v1/negotiations/{pid}")[1]["state"] == "OFFERED"
