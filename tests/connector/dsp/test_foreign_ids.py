"""An agreement's id is its provider's choice: it takes nothing from the firm that receives it."""

from __future__ import annotations

import json
from dataclasses import replace
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from connector.areas.dsp import agreements, processes
from connector.areas.dsp.store import own
from connector.store.rows import LogEntryRow
from contracts import messages as m
from contracts.agreements import message_offer
from contracts.messages import Pid
from tests.connector.dsp.area import OPEN, offer_of
from tests.connector.dsp.playing import P, agree, agreement, negotiate, serve

if TYPE_CHECKING:
    from tests.connector.dsp.conftest import Pair, Puppet
    from tests.simulators import Party

OTHER = Pid("urn:uuid:crow-provider-2")
REUSED = "agreement.id-reused"
NO_SIGNATURES = (200, b'{"stages": {}}')


def begun(pair: Pair, puppet: Puppet, pid: Pid = P) -> str:
    """A negotiation of the consumer with the puppet, whose agreement has not come."""
    serve(pair, puppet, pid=pid)
    puppet.answers["/signatures"] = NO_SIGNATURES
    return negotiate(pair, puppet)


def sends(pair: Pair, puppet: Puppet, to: str, name: str, number: str, pid: Pid = P) -> Any:
    """The puppet sends an agreement under an id of its choice."""
    message = m.ContractAgreementMessage(
        id=f"urn:m:{number}",
        consumer_pid=Pid(to),
        provider_pid=pid,
        agreement=agreement(pair, puppet, **{"@id": name}),
    )
    return puppet.send(pair.consumer, f"/negotiations/{to}/agreement", message)


def shown(party: Party, pid: str) -> dict[str, Any]:
    return party.manage("GET", f"/v1/negotiations/{pid}")[1]


def providing(pair: Pair, puppet: Puppet) -> str:
    """An agreement of which the consumer's firm is the provider: its id."""
    asked = m.ContractRequestMessage(
        id="urn:m:ask",
        consumer_pid=Pid("urn:uuid:crow-asks"),
        offer=message_offer(offer_of(OPEN), dataset_id=OPEN),
        callback_address=puppet.base,
    )
    assert puppet.send(pair.consumer, "/negotiations/request", asked)[0] == 201
    pair.consumer.deliver()
    (sent,) = puppet.messages("ContractAgreementMessage")
    return sent["agreement"]["@id"]


def held_id(pair: Pair, puppet: Puppet, holder: str) -> str:
    """An id that stands for something in the consumer's home."""
    if holder == "of another provider":
        return pair.agreement()
    if holder == "of which we are provider":
        return providing(pair, puppet)
    if holder == "ended":
        found = pair.agreement()
        assert pair.consumer.manage("POST", f"/v1/agreements/{found}/end", {})[0] == 200
        return found
    if holder == "never concluded":
        first = begun(pair, puppet, OTHER)
        assert sends(pair, puppet, first, "urn:a:open", "0", OTHER)[0] == 200
        pair.consumer.manage("POST", f"/v1/negotiations/{first}/terminate", {})
        return "urn:a:open"
    pid = pair.negotiate()  # one of ours of a process
    pair.settle()
    return pid


@pytest.mark.parametrize(
    "holder",
    [
        "of another provider",
        "of which we are provider",
        "ended",
        "never concluded",
        "of a process of ours",
    ],
)
def test_an_id_in_use_is_refused_and_its_negotiation_ends(pair: Pair, puppet: Puppet, holder: str):
    """Whoever holds it, in whatever state: what stood stays reachable, the owner reads why."""
    taken = held_id(pair, puppet, holder)
    before = pair.consumer.manage("GET", "/v1/agreements")[1]["agreements"]
    pid = begun(pair, puppet)
    status, body = sends(pair, puppet, pid, taken, "1")
    assert (status, body["code"]) == (400, REUSED)
    assert pair.consumer.manage("GET", "/v1/agreements")[1]["agreements"] == before
    pair.consumer.deliver()
    ends = puppet.messages("ContractNegotiationTerminationMessage")
    assert [end["code"] for end in ends if end["consumerPid"] == pid] == [REUSED]
    found = shown(pair.consumer, pid)
    assert (found["state"], found["agreement"]) == ("TERMINATED", "")
    assert found["ended"]["code"] == REUSED
    assert found["ended"]["reason"] == [{"code": REUSED, "clause": "@id", "given": taken}]
    told = pair.consumer.manage("GET", f"/v1/explain/{pid}?lang=zh")[1]
    assert [each["code"] for each in told["refused"]] == [REUSED]
    assert pair.consumer.manage("GET", f"/v1/agreements/{taken}")[0] == 200
    with pair.consumer.node.db.reading() as session:
        leaves = session.exec(select(LogEntryRow).where(LogEntryRow.process == pid)).all()
    assert all(leaf.agreement == "" for leaf in leaves), "its leaves are not the other contract's"
    assert json.loads(leaves[-1].entry)["to"] == "TERMINATED"


def test_the_same_words_whoever_holds_it_and_one_try_for_each_negotiation(
    pair: Pair, puppet: Puppet
):
    """Who tries ids learns nothing of whom one is with, and no second one is looked at."""
    foreign = pair.agreement()
    first = begun(pair, puppet)
    assert sends(pair, puppet, first, "urn:a:mine", "1")[0] == 200
    answers = []
    for name, number, pid in ((foreign, "2", OTHER), ("urn:a:mine", "3", Pid("urn:uuid:crow-3"))):
        to = begun(pair, puppet, pid)
        status, body = sends(pair, puppet, to, name, number, pid)
        answers.append((status, body["code"], body["reason"]))
        for again in ("urn:a:free", foreign, "urn:a:mine"):
            status, body = sends(pair, puppet, to, again, f"{number}{again}", pid)
            answers.append((status, body["code"], body["reason"]))
    assert len({json.dumps(each) for each in answers}) == 1, answers
    for end in (pair.consumer.deliver(), pair.consumer.deliver()):
        assert end is not None
    ends = puppet.messages("ContractNegotiationTerminationMessage")
    assert len(ends) == 2
    assert {end["code"] for end in ends} == {REUSED}


def test_a_voile_provider_brings_itself_in_line(
    pair: Pair, puppet: Puppet, monkeypatch: pytest.MonkeyPatch
):
    """Its negotiation ends too, with the reason; nothing is parked, and the next one succeeds."""
    first = begun(pair, puppet)
    assert sends(pair, puppet, first, "urn:a:crow", "1")[0] == 200
    pair.net.fault = puppet.hear  # the others answer for themselves again
    with monkeypatch.context() as patch:  # the provider is one that reads the other's ids
        patch.setattr("connector.areas.dsp.reactions.fresh_urn", lambda _entropy: "urn:a:crow")
        pid = pair.negotiate()
        pair.settle(rounds=2)
    for _ in range(8):
        pair.settle()
        pair.clock.advance(5)
    ours, theirs = pair.both(pid)
    assert (ours["state"], theirs["state"]) == ("TERMINATED", "TERMINATED")
    assert theirs["ended"]["code"] == REUSED
    counts = pair.provider.manage("GET", "/v1/outbox")[1]["counts"]
    assert not counts.get("parked"), counts
    assert pair.agreement()


def test_two_at_once_under_one_id(pair: Pair, puppet: Puppet):
    """One is taken, the other refused, whichever comes first."""
    first, second = begun(pair, puppet), begun(pair, puppet, OTHER)
    got: list[int] = []

    def send(to: str, number: str, pid: Pid) -> None:
        got.append(sends(pair, puppet, to, "urn:a:both", number, pid)[0])

    threads = [
        Thread(target=send, args=(first, "1", P)),
        Thread(target=send, args=(second, "2", OTHER)),
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(got) == [200, 400]
    with pair.consumer.node.db.reading() as session:
        assert len(agreements.bearing(session, "urn:a:both")) == 1


def test_the_database_itself_has_an_id_once(pair: Pair, puppet: Puppet):
    """Whatever is looked at before: a second row of an id is no row."""
    taken = pair.agreement()
    pid = begun(pair, puppet)
    body = agreement(pair, puppet, **{"@id": taken})

    def write() -> None:
        with pair.consumer.node.db.transaction() as tx:
            agreements.make(tx, own(tx.session, "negotiation", pid), body)

    with pytest.raises(IntegrityError):
        write()
    assert shown(pair.consumer, pid)["agreement"] == ""


def test_the_same_agreement_again_is_a_repeat(pair: Pair, puppet: Puppet):
    """In its own negotiation, under another message id: answered as before."""
    pid = begun(pair, puppet)
    assert agree(pair, puppet, pid)[0] == 200
    message = m.ContractAgreementMessage(
        id="urn:m:again", consumer_pid=Pid(pid), provider_pid=P, agreement=agreement(pair, puppet)
    )
    assert puppet.send(pair.consumer, f"/negotiations/{pid}/agreement", message)[0] == 200
    again = replace(message, id="urn:m:once-more")
    assert puppet.send(pair.consumer, f"/negotiations/{pid}/agreement", again)[0] == 200
    assert shown(pair.consumer, pid)["state"] == "AGREED"


def test_a_lapsed_provider_may_not_bring_an_id_in_use_either(pair: Pair, puppet: Puppet):
    """A new agreement takes the place of one that its provider lost, but not under such an id."""
    taken = pair.agreement()
    pid = begun(pair, puppet)
    assert agree(pair, puppet, pid)[0] == 200
    puppet.answers["/verification"] = (409, b"{}")
    pair.consumer.deliver()
    status, body = sends(pair, puppet, pid, taken, "lost")
    assert (status, body["code"]) == (400, REUSED)
    pair.clock.advance(10)  # it hears of us a little later since its 409
    pair.settle()
    (end,) = puppet.messages("ContractNegotiationTerminationMessage")
    assert end["code"] == REUSED
    assert shown(pair.consumer, pid)["state"] == "TERMINATED"
    assert pair.consumer.manage("GET", f"/v1/agreements/{taken}")[1]["inForce"]


def shared(pair: Pair, puppet: Puppet) -> tuple[str, str, str]:
    """A home of an earlier version that holds one id twice: the id, and our pid of each."""
    taken = pair.agreement()
    with pair.consumer.node.db.reading() as session:
        mine = agreements.bearing(session, taken)[0].negotiation
    pid = begun(pair, puppet)
    body = agreement(pair, puppet, **{"@id": taken})
    with pair.consumer.node.db.transaction() as tx:
        row = processes.get(tx.session, pid)
        assert row is not None
        agreements.make(tx, row, body, namesakes=agreements.before(tx.session, taken))
        row.state = "FINALIZED"
        agreements.conclude(tx, pid, "none")
    return taken, mine, pid


def test_of_two_under_one_id_each_is_reached_by_its_pid(pair: Pair, puppet: Puppet):
    """The id alone is refused, saying how; the pid shows, opens and ends one and not the other."""
    taken, mine, theirs = shared(pair, puppet)
    party = pair.consumer
    for method, path, body in (
        ("GET", f"/v1/agreements/{taken}", None),
        ("POST", f"/v1/agreements/{taken}/end", {}),
        ("POST", "/v1/transfers", {"agreement": taken}),
    ):
        status, told = party.manage(method, path, body)
        assert (status, told["error"]["code"]) == (409, "agreement-ambiguous"), path
        assert mine in told["error"]["next"]
        assert theirs in told["error"]["next"]
    for pid, did in ((mine, pair.provider.did), (theirs, puppet.did)):
        status, found = party.manage("GET", f"/v1/agreements/{pid}")
        assert (status, found["id"], found["counterparty"]) == (200, taken, did)
    status, ended = party.manage("POST", f"/v1/agreements/{theirs}/end", {})
    assert (status, ended["counterparty"], ended["state"]) == (200, puppet.did, "ended")
    assert party.manage("GET", f"/v1/agreements/{mine}")[1]["inForce"]
    status, opened = party.manage("POST", "/v1/transfers", {"agreement": mine})
    assert (status, opened["counterparty"]) == (201, pair.provider.did)


def test_a_pid_of_ours_counts_before_an_id_of_that_text(pair: Pair, puppet: Puppet):
    """A home of an earlier version took an id that is our pid of another contract."""
    taken = pair.agreement()
    with pair.consumer.node.db.reading() as session:
        mine = agreements.bearing(session, taken)[0].negotiation
    pid = begun(pair, puppet)
    with pair.consumer.node.db.transaction() as tx:
        row = own(tx.session, "negotiation", pid)
        agreements.make(tx, row, agreement(pair, puppet, **{"@id": mine}))
    found = pair.consumer.manage("GET", f"/v1/agreements/{mine}")[1]
    assert (found["id"], found["counterparty"]) == (taken, pair.provider.did)
    assert pair.consumer.manage("GET", f"/v1/agreements/{pid}")[1]["counterparty"] == puppet.did
