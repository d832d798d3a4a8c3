"""Whole conversations between two connectors, over the real applications."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import select

from connector.store.rows import LogEntryRow, PeerCheckpointRow
from tests.connector.dsp.area import CLOSED, OPEN

if TYPE_CHECKING:
    from tests.connector.dsp.conftest import Pair
    from tests.simulators import Party


def _leaves(party: Party) -> list[dict[str, Any]]:
    with party.node.db.reading() as session:
        rows = session.exec(select(LogEntryRow).order_by(LogEntryRow.index)).all()
    return [json.loads(row.entry) for row in rows]


def test_a_negotiation_is_finalized_with_both_signatures(pair: Pair):
    """A request for a published offer ends FINALIZED on both sides, with a whole chain."""
    pid = pair.negotiate()
    pair.settle()
    ours, theirs = pair.both(pid)
    assert ours["state"] == theirs["state"] == "FINALIZED"
    assert ours["signatures"] == theirs["signatures"] == "mutual"
    assert ours["agreement"] == theirs["agreement"]
    sides = [
        party.manage("GET", f"/v1/agreements/{ours['agreement']}")[1]
        for party in (pair.consumer, pair.provider)
    ]
    assert sides[0]["body"] == sides[1]["body"]
    assert [s["jws"] for s in sides[0]["stages"]] == [s["jws"] for s in sides[1]["stages"]]
    assert [s["stage"] for s in sides[0]["stages"]] == ["AGREED", "VERIFIED", "FINALIZED"]


def test_state_changes_on_acknowledgement_only(pair: Pair):
    """Until the provider has answered, the consumer's negotiation has not begun."""
    pid = pair.negotiate()
    status, body = pair.consumer.manage("GET", f"/v1/negotiations/{pid}")
    assert (status, body["state"], body["inFlight"]) == (200, "OPENING", "ContractRequest")
    pair.settle()
    assert pair.both(pid)[0]["inFlight"] == ""


def test_both_logs_carry_the_same_correlations(pair: Pair):
    """Each message that was taken has one leaf on either side with the same `corr`."""
    pid = pair.started()
    pair.consumer.manage("POST", f"/v1/transfers/{pid}/complete", {})
    pair.settle()
    marks = [
        sorted(leaf["corr"] for leaf in _leaves(party) if "corr" in leaf)
        for party in (pair.consumer, pair.provider)
    ]
    assert marks[0] == marks[1]
    assert len(marks[0]) == len(set(marks[0])) == 7  # 4 of the negotiation, 3 of the transfer


def test_log_heads_are_exchanged_at_finalized(pair: Pair):
    """Soon after FINALIZED each side keeps a signed head of the other's log as a leaf."""
    pair.agreement()
    pair.clock.advance(1)
    pair.settle()
    for party, other in ((pair.consumer, pair.provider), (pair.provider, pair.consumer)):
        with party.node.db.reading() as session:
            seen = session.exec(select(PeerCheckpointRow.did)).all()
        assert seen == [other.did]
        assert any(leaf["kind"] == "PEER_CHECKPOINT" for leaf in _leaves(party))


def test_contracts_concluded_together_share_one_exchange_of_heads(pair: Pair):
    """Five contracts within a moment: each side asks the other's head once, after the last."""
    for number in range(5):
        pair.negotiate(f"urn:dataset:{number}")
    pair.settle()
    asked = [sent.url for sent in pair.net.sent if sent.url.endswith("/checkpoint")]
    assert asked == []
    pair.clock.advance(1)
    pair.settle()
    asked = [sent.url for sent in pair.net.sent if sent.url.endswith("/checkpoint")]
    assert len(asked) == 2
    for party in (pair.consumer, pair.provider):
        leaves = _leaves(party)
        final = [at for at, leaf in enumerate(leaves) if leaf.get("to") == "FINALIZED"]
        seen = [at for at, leaf in enumerate(leaves) if leaf["kind"] == "PEER_CHECKPOINT"]
        assert len(final) >= 5
        assert [at for at in seen if at > max(final)]


def test_an_offer_out_of_the_catalogue_is_not_asked_for_again(pair: Pair):
    """The first request to the provider is the contract request; changed terms end it."""
    name = "urn:dataset:0"
    catalogue = pair.consumer.manage("POST", "/v1/catalog", {"provider": pair.provider.did})[1]
    offer = next(d for d in catalogue["dataset"] if d["@id"] == name)["hasPolicy"][0]
    ask = {"provider": pair.provider.did, "dataset": name, "policy": offer}
    before = len(pair.net.sent)
    status, made = pair.consumer.manage("POST", "/v1/negotiations", ask)
    assert (status, len(pair.net.sent)) == (201, before)
    pair.settle()
    assert pair.net.sent[before].url.endswith("/negotiations/request")
    assert pair.both(made["pid"])[0]["state"] == "FINALIZED"
    ask["policy"] = {**offer, "permission": [{"action": "use"}]}
    made = pair.consumer.manage("POST", "/v1/negotiations", ask)[1]
    pair.settle()
    assert pair.both(made["pid"])[0]["state"] == "TERMINATED"
    for wrong in ("offer", {"permission": []}, []):
        ask["policy"] = wrong
        status, body = pair.consumer.manage("POST", "/v1/negotiations", ask)
        assert (status, body["error"]["code"]) == (400, "field-wrong")


def test_an_offer_that_is_hidden_is_as_unknown_as_one_that_is_not_there(pair: Pair):
    """The catalogue hides it, and a request for it ends like one for an unknown offer."""
    ask = {"provider": pair.provider.did, "dataset": CLOSED}
    assert pair.consumer.manage("POST", "/v1/negotiations", ask)[0] == 404
    ask["dataset"] = "urn:dataset:none"
    assert pair.consumer.manage("POST", "/v1/negotiations", ask)[0] == 404


@pytest.mark.parametrize("side", ["consumer", "provider"])
def test_either_side_terminates_a_transfer(pair: Pair, side: str):
    """A termination reaches the other side with its code and reason, and is final."""
    pid = pair.started()
    ours, _ = pair.both(pid, "transfers")
    assert ours["state"] == "STARTED"
    party = getattr(pair, side)
    own = pid if side == "consumer" else ours["providerPid"]
    status, _ = party.manage(
        "POST", f"/v1/transfers/{own}/terminate", {"code": "enough", "reason": "done"}
    )
    assert status == 200
    pair.settle()
    ours, theirs = pair.both(pid, "transfers")
    assert ours["state"] == theirs["state"] == "TERMINATED"
    assert (
        ours["ended"] == theirs["ended"] == {"by": party.did, "code": "enough", "reason": ["done"]}
    )
    status, body = party.manage("POST", f"/v1/transfers/{own}/terminate", {})
    assert (status, body["error"]["code"]) == (409, "transfer-ended")


def test_suspension_and_resumption(pair: Pair):
    """Both sides pause; the consumer resumes its own pause and cannot lift the provider's."""
    pid = pair.started()
    consumer, provider = pair.consumer, pair.provider
    theirs = pair.both(pid, "transfers")[0]["providerPid"]
    assert pair.both(pid, "transfers")[0]["dataAddress"]["endpoint"].endswith("/voile/v1/questions")

    consumer.manage("POST", f"/v1/transfers/{pid}/suspend", {})
    pair.settle()
    assert {side["state"] for side in pair.both(pid, "transfers")} == {"SUSPENDED"}
    consumer.manage("POST", f"/v1/transfers/{pid}/resume", {})
    pair.settle()
    assert {side["state"] for side in pair.both(pid, "transfers")} == {"STARTED"}

    provider.manage("POST", f"/v1/transfers/{theirs}/suspend", {"code": "maintenance"})
    pair.settle()
    assert {side["state"] for side in pair.both(pid, "transfers")} == {"SUSPENDED"}
    status, body = consumer.manage("POST", f"/v1/transfers/{pid}/resume", {})
    assert (status, body["error"]["code"]) == (409, "transfer.illegal-message")
    provider.manage("POST", f"/v1/transfers/{theirs}/resume", {})
    pair.settle()
    assert {side["state"] for side in pair.both(pid, "transfers")} == {"STARTED"}

    provider.manage("POST", f"/v1/transfers/{theirs}/complete", {})
    pair.settle()
    assert {side["state"] for side in pair.both(pid, "transfers")} == {"COMPLETED"}


def test_an_open_transfer_is_used_again(pair: Pair):
    """Asking for a transfer of an agreement that has an open one gives that one."""
    agreement = pair.agreement()
    first = pair.consumer.manage("POST", "/v1/transfers", {"agreement": agreement})[1]["pid"]
    assert (
        pair.consumer.manage("POST", "/v1/transfers", {"agreement": agreement})[1]["pid"] == first
    )
    pair.settle()
    pair.consumer.manage("POST", f"/v1/transfers/{first}/complete", {})
    pair.settle()
    second = pair.consumer.manage("POST", "/v1/transfers", {"agreement": agreement})[1]["pid"]
    assert second != first


def test_a_format_that_nobody_speaks_is_not_asked_for(pair: Pair):
    """It is refused where the owner asks, before anything is sent."""
    status, body = pair.consumer.manage(
        "POST", "/v1/transfers", {"agreement": pair.agreement(), "format": "Pigeon"}
    )
    assert (status, body["error"]["code"]) == (400, "transfer-format")
    assert pair.consumer.manage("GET", "/v1/transfers")[1]["transfers"] == []


def test_a_consumer_may_give_up_before_the_first_answer(pair: Pair):
    """A termination wanted while the opening is in flight follows it and ends both sides."""
    pid = pair.negotiate()
    status, body = pair.consumer.manage("POST", f"/v1/negotiations/{pid}/terminate", {"code": "x"})
    assert (status, body["state"]) == (200, "OPENING")
    pair.settle()
    ours, theirs = pair.both(pid)
    assert ours["state"] == theirs["state"] == "TERMINATED"


def test_a_concluded_negotiation_cannot_be_terminated(pair: Pair):
    """FINALIZED is final for both sides."""
    pair.agreement()
    pid = pair.consumer.manage("GET", "/v1/negotiations")[1]["negotiations"][0]["pid"]
    status, body = pair.consumer.manage("POST", f"/v1/negotiations/{pid}/terminate", {})
    assert (status, body["error"]["code"]) == (409, "negotiation-ended")


def test_wrong_use_of_the_owners_api_names_the_field(pair: Pair):
    """Missing fields, unknown ids and agreements that cannot carry a transfer say what to do."""
    manage = pair.consumer.manage
    assert manage("POST", "/v1/negotiations", {"provider": "x"})[0] == 400
    assert manage("POST", "/v1/transfers", {"agreement": "urn:none"})[0] == 404
    assert manage("GET", "/v1/explain/urn:none")[0] == 404
    assert manage("GET", "/v1/negotiations/urn:none")[0] == 404
    status, body = pair.provider.manage("POST", "/v1/transfers", {"agreement": pair.agreement()})
    assert (status, body["error"]["code"]) == (409, "agreement-unusable")
    wrong = {"provider": pair.provider.did, "dataset": OPEN, "offer": "urn:none"}
    assert manage("POST", "/v1/negotiations", wrong)[1]["error"]["code"] == "offer-missing"
