"""What the provider's owner stops is stopped, whatever the consumer opens or ends meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import select

from connector.areas.dsp import Dsp, agreements, outbound, processes
from connector.areas.dsp.names import fresh_urn
from connector.areas.dsp.processes import ProcessRecord
from connector.process.ports import unix_ms
from connector.store.rows import LogEntryRow
from contracts import transfer
from contracts.evidence import parse_leaf
from tests.connector.questions.market import COUNT

if TYPE_CHECKING:
    from tests.connector.questions.market import Market

TOTAL = "SELECT SUM(qty) FROM deliveries"


def steer(market: Market, pid: str, verb: str, **body: Any) -> int:
    """Steer a transfer as the provider's owner, given the consumer's pid."""
    theirs = market.consumer.manage("GET", f"/v1/transfers/{pid}")[1]["providerPid"]
    status: int = market.provider.manage("POST", f"/v1/transfers/{theirs}/{verb}", body)[0]
    return status


def force(market: Market, agreement: str) -> dict[str, Any]:
    """Request another transfer past our own consumer's checks; give the consumer's view of it."""
    node = market.consumer.node
    market.clock.advance(0.001)  # the newest is the one that was opened last
    with node.db.transaction() as tx:
        found = agreements.find(tx.session, agreement, counterparty=market.provider.did)
        assert found is not None
        row = ProcessRecord(
            pid=fresh_urn(node.entropy),
            kind="transfer",
            role="consumer",
            counterparty=found.counterparty,
            callback=f"{market.provider.url}/dsp/2025-1",
            dataset=found.dataset_id,
            agreement=found.id,
            format="Voile-Question",
            created_ms=unix_ms(tx.now),
            changed_ms=unix_ms(tx.now),
        )
        processes.add(tx.session, row)
        outbound.propose(node.services[Dsp], tx, row, transfer.REQUEST)
        pid = row.pid
    market.settle()
    shown: dict[str, Any] = market.consumer.manage("GET", f"/v1/transfers/{pid}")[1]
    return shown


def in_force(market: Market) -> list[bool]:
    return [a["inForce"] for a in market.provider.manage("GET", "/v1/agreements")[1]["agreements"]]


def states(market: Market) -> list[str]:
    return [t["state"] for t in market.provider.manage("GET", "/v1/transfers")[1]["transfers"]]


def test_a_terminated_transfer_ends_the_agreement(market: Market) -> None:
    """A leaf, the list, a refused transfer, a refused question; `ask` opens no transfer by itself."""
    agreement = market.agreement(started=False)
    first, second = market.transfer(agreement), force(market, agreement)["pid"]
    market.answer(agreement, TOTAL)
    assert in_force(market) == [True]
    assert steer(market, first, "terminate", reason="the contract was cancelled") == 200
    market.settle()
    assert in_force(market) == [False]
    assert market.reasons(agreement, TOTAL) == ["agreement.ended"]  # through the second one
    market.consumer.manage("POST", f"/v1/transfers/{second}/terminate", {})
    market.settle()

    again = force(market, agreement)
    assert (again["state"], again["ended"]["code"]) == ("TERMINATED", "agreement.ended")
    assert states(market) == ["TERMINATED", "TERMINATED"]
    status, body = market.ask(agreement, TOTAL)
    assert status == 403
    reasons = body["error"]["reasons"]
    assert [r["code"] for r in reasons] == ["transfer.ended-by-provider", "agreement.ended"]
    assert len(market.consumer.manage("GET", "/v1/transfers")[1]["transfers"]) == 3

    with market.provider.node.db.reading() as session:
        rows = session.exec(select(LogEntryRow).where(LogEntryRow.kind == "AGREEMENT")).all()
    ended = [leaf for leaf in map(parse_leaf, (r.entry for r in rows)) if leaf.get("to") == "ended"]
    assert [leaf["agreement"] for leaf in ended] == [agreement]


def test_the_owners_words_reach_the_asker(market: Market) -> None:
    """After a termination `ask` says what the provider said, and opens nothing."""
    agreement = market.agreement(started=False)
    pid = market.transfer(agreement)
    steer(market, pid, "terminate", reason="the contract was cancelled")
    market.settle()
    status, body = market.ask(agreement, TOTAL)
    assert (status, body["error"]["code"]) == (403, "transfer.ended-by-provider")
    assert body["error"]["reasons"][0]["given"] == "the contract was cancelled"
    assert states(market) == ["TERMINATED"]


@pytest.mark.parametrize("acknowledged", [True, False])
def test_a_suspended_transfer_holds_the_agreement(market: Market, acknowledged: bool) -> None:
    """Neither a second transfer, nor ending the suspended one, lets a question through; the owner's
    resumption does, also where the consumer has ended the transfer.
    """
    agreement = market.agreement(started=False)
    pid = market.transfer(agreement)
    force(market, agreement)  # a second one, STARTED before
    market.answer(agreement, TOTAL)
    assert steer(market, pid, "suspend") == 200
    if acknowledged:
        market.settle()
    assert market.reasons(agreement, TOTAL) == ["transfer.held"]
    refused = force(market, agreement)
    assert (refused["state"], refused["ended"]["code"]) == ("TERMINATED", "transfer.held")
    market.consumer.manage("POST", f"/v1/transfers/{pid}/terminate", {})
    market.settle()
    assert market.reasons(agreement, TOTAL) == ["transfer.held"]
    assert force(market, agreement)["ended"]["code"] == "transfer.held"
    assert steer(market, pid, "resume") == 200
    assert market.answer(agreement, TOTAL)["repeated"] is True
    assert force(market, agreement)["state"] == "STARTED"
    assert steer(market, pid, "resume") == 409


def test_the_owner_ends_an_agreement_whose_transfer_the_consumer_ended(market: Market) -> None:
    """The consumer's end of the transfer takes nothing out of the owner's hands."""
    agreement = market.agreement(started=False)
    pid = market.transfer(agreement)
    market.consumer.manage("POST", f"/v1/transfers/{pid}/terminate", {})
    market.settle()
    assert in_force(market) == [True]
    assert steer(market, pid, "terminate") == 200
    assert in_force(market) == [False]
    assert force(market, agreement)["ended"]["code"] == "agreement.ended"
    assert steer(market, pid, "terminate") == 409


def negotiate_again(market: Market, offer: str = "standard") -> dict[str, Any]:
    """Negotiate an offer as far as it goes; give the consumer's view."""
    found = market.provider.manage("GET", "/v1/products/deliveries")[1]
    (wanted,) = [o["@id"] for o in found["offers"] if f":{offer}:" in o["@id"]]
    body = {"provider": market.provider.did, "dataset": "deliveries", "offer": wanted}
    pid = market.consumer.manage("POST", "/v1/negotiations", body)[1]["pid"]
    market.settle()
    shown: dict[str, Any] = market.consumer.manage("GET", f"/v1/negotiations/{pid}")[1]
    return shown


def test_a_count_does_not_begin_anew_by_negotiating_again(market: Market) -> None:
    """While an agreement on a counted offer has not ended, the offer is not agreed again, whether
    its count is used up or not; after the owner has ended it, it is.
    """
    agreement = market.agreement(started=False)
    pid = market.transfer(agreement)
    for asked in range(COUNT):
        market.answer(agreement, f"{TOTAL} WHERE year >= {1900 + asked}")
        if asked in (0, COUNT - 1):
            again = negotiate_again(market)
            assert (again["state"], again["ended"]["code"]) == ("TERMINATED", "negotiation.refused")
            (reason,) = again["ended"]["reason"]
            assert reason["code"] == "agreement.exists"
            assert reason["given"] == agreement
            assert reason["next"] == "next.use-agreement"
    steer(market, pid, "terminate")
    market.settle()
    assert negotiate_again(market)["state"] == "FINALIZED"


def test_two_negotiations_at_once_give_one_agreement(market: Market) -> None:
    """An agreement on its way to FINALIZED counts already."""
    found = market.provider.manage("GET", "/v1/products/deliveries")[1]
    (wanted,) = [o["@id"] for o in found["offers"] if ":standard:" in o["@id"]]
    body = {"provider": market.provider.did, "dataset": "deliveries", "offer": wanted}
    for _ in range(3):
        assert market.consumer.manage("POST", "/v1/negotiations", body)[0] == 201
    market.settle()
    shown = market.consumer.manage("GET", "/v1/negotiations")[1]["negotiations"]
    assert sorted(n["state"] for n in shown) == ["FINALIZED", "TERMINATED", "TERMINATED"]


def test_an_offer_without_a_count_may_be_agreed_again(market: Market) -> None:
    """Nothing is gained by it, so nothing stands in its way."""
    assert {negotiate_again(market, "strict")["state"] for _ in range(2)} == {"FINALIZED"}


def test_an_agreement_is_in_force_between_its_dates_only(market: Market) -> None:
    """Both sides show it expired when its own term is over, in the list and alone; ended when ended."""
    agreement = market.agreement(started=False)
    pid = market.transfer(agreement)

    def shown() -> set[tuple[bool, str]]:
        found = set()
        for party in (market.provider, market.consumer):
            listed = party.manage("GET", "/v1/agreements")[1]["agreements"]
            alone = party.manage("GET", f"/v1/agreements/{agreement}")[1]
            found |= {(one["inForce"], one["state"]) for one in (*listed, alone)}
        return found

    assert shown() == {(True, "in force")}
    market.clock.advance(500 * 86_400)  # the offer is good until the end of 2027
    assert shown() == {(False, "expired")}
    assert market.reasons(agreement, TOTAL) == ["policy.date-time"]
    steer(market, pid, "terminate")
    assert (False, "ended") in shown()
