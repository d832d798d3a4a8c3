"""Deliveries under way: what may not go on is cut, by event and by the clock."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import select

from connector.areas.delivery.api import open_flow
from connector.areas.delivery.live import MOST, MOST_OF_ONE, Deliveries, Live
from connector.areas.delivery.may_flow import look
from connector.areas.dsp.rows import AgreementRow
from connector.areas.products.delivered import path_of, published_file
from connector.process.errors import StoreError, TooMany
from tests.connector.delivery.shop import CONTENT, OFFER
from tests.waiting import until

if TYPE_CHECKING:
    from connector.areas.delivery.flowing import Flow
    from tests.connector.delivery.shop import Shop


def begin(shop: Shop, pid: str, peer: str = "") -> tuple[Deliveries, Live, Flow]:
    """Begin to send the file of a transfer, as the route does."""
    node = shop.provider.node
    with node.db.reading() as session:
        file = published_file(session, "parts")
    assert file is not None
    live = Live(
        transfer=shop.theirs(pid),
        peer=peer or shop.consumer.did,
        way="pull",
        file=file,
        start=0,
        length=file.version.size,
    )
    deliveries = node.services[Deliveries]
    flow = open_flow(deliveries, live, path_of(node, file))
    shop.flows.append(flow)
    return deliveries, live, flow


def broken(flow: Flow) -> bool:
    """Whether the server that reads would break the connection now."""
    try:
        flow.read(10)
    except ConnectionAbortedError:
        return True
    return False


@pytest.mark.parametrize("verb", ["suspend", "complete", "terminate"])
def test_what_the_owner_decides_bites_with_its_commit(shop: Shop, verb: str):
    """Before the consumer has heard of it, and without a look."""
    pid = shop.pull()
    deliveries, _, flow = begin(shop, pid)
    assert flow.read(10) == CONTENT[:10]
    shop.steer(pid, verb)
    assert broken(flow)
    flow.close()
    deliveries.settle()
    ended = shop.leaves(shop.provider)[-1]["query"]
    assert (ended["outcome"], ended["bytes"], ended["why"]) == ("cut", 10, "transfer.stopping")


def test_what_the_consumer_decides_bites_when_it_is_known(shop: Shop):
    """Its own suspension stops its own fetch."""
    pid = shop.pull()
    _, _, flow = begin(shop, pid)
    shop.steer(pid, "suspend", by="consumer")
    assert not broken(flow)
    shop.settle()
    assert broken(flow)


def test_a_delivery_does_not_outlive_a_quick_resumption(shop: Shop):
    """Suspended and resumed at once: what was cut stays cut."""
    pid = shop.pull()
    _, _, flow = begin(shop, pid)
    shop.steer(pid, "suspend")
    shop.settle()
    shop.steer(pid, "resume")
    shop.settle()
    assert shop.state(pid) == "STARTED"
    assert broken(flow)


def test_validity_is_watched_by_the_clock(shop: Shop):
    """No message comes when a term ends: the watch finds it."""
    shop.publish(offer=OFFER + 'valid_until = "2026-11-21T09:30:00Z"\n')
    deliveries, live, flow = begin(shop, shop.pull())
    deliveries.look()
    assert not broken(flow)
    shop.clock.advance(1801)
    deliveries.look()
    assert broken(flow)
    assert live.cut.startswith("policy.")


def test_a_revocation_is_watched(shop: Shop):
    """A consumer that nobody certifies any more gets no further byte."""
    deliveries, live, flow = begin(shop, shop.pull())
    node = shop.provider.node
    object.__setattr__(node.status, "_settings", replace(node.settings, pinned=frozenset()))
    deliveries.look()
    assert broken(flow)
    assert live.cut == "peer.uncertified"


def test_an_ended_agreement_stops_all_its_deliveries(shop: Shop):
    """Those of other transfers of the same agreement too."""
    agreement = shop.agreement()
    first = shop.pull(agreement)
    deliveries, live, flow = begin(shop, first)
    with shop.provider.node.db.transaction() as tx:
        row = tx.session.exec(select(AgreementRow)).one()
        row.ended_ms = 1
        tx.session.add(row)
    deliveries.look()
    assert broken(flow)
    assert live.cut == "agreement.ended"


def test_a_look_that_fails_lets_nothing_go_on(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    """Unknown means refused: a database that does not answer stops deliveries."""
    deliveries, _, flow = begin(shop, shop.pull())

    def fails(*_: Any) -> Any:
        raise StoreError("the disk is gone", code="store-lost")

    monkeypatch.setattr("connector.areas.delivery.live.look", fails)
    deliveries.start()
    deliveries.wake()
    try:
        until(lambda: broken(flow))
    finally:
        monkeypatch.undo()
        deliveries.stop()


@pytest.mark.long
def test_there_are_never_too_many_at_once(shop: Shop):
    """Beyond the limit a reader is told to come again; nothing of it stays open."""
    pid = shop.pull()
    flows = [begin(shop, pid, f"did:web:p{i % 8}.example")[2] for i in range(MOST)]
    with pytest.raises(TooMany):
        begin(shop, pid)
    flows[0].close()
    begin(shop, pid)[2].close()
    for flow in flows:
        flow.close()


def test_one_party_does_not_keep_out_the_others(shop: Shop):
    """However many connections it opens with its tokens, there is room for somebody else."""
    pid = shop.pull()
    url, token = shop.token()
    flows = [begin(shop, pid)[2] for _ in range(MOST_OF_ONE)]
    assert shop.get(url, token).status == 429
    begin(shop, pid, "did:web:other.example")[2].close()
    flows[0].close()
    assert shop.get(url, token).status == 200


def test_the_watch_writes_down_what_was_open_when_the_process_stops(shop: Shop):
    """A stop cuts, and the leaf says that it was ours."""
    deliveries, _, flow = begin(shop, shop.pull())
    flow.read(100)
    deliveries.start()
    deliveries.stop()
    assert broken(flow)
    ended = shop.leaves(shop.provider)[-1]["query"]
    assert (ended["outcome"], ended["why"]) == ("cut", "provider.stopping")


def test_only_a_providers_transfer_is_looked_at_as_one(shop: Shop):
    """The consumer's own row, and one that is none, open nothing."""
    pid = shop.pull()
    for party, one in ((shop.consumer, pid), (shop.provider, "urn:none")):
        with party.node.db.reading() as session:
            assert look(party.node, session, one).code == "transfer.unknown"


@pytest.mark.parametrize("signatures", ["none", "own", "mutual"])
def test_a_plain_peer_gets_files_but_no_answers(shop: Shop, signatures: str):
    """Who signs nothing can be delivered to; private questions need both signatures."""
    agreement = shop.agreement()
    with shop.provider.node.db.transaction() as tx:
        row = tx.session.exec(select(AgreementRow)).one()
        row.signatures = signatures
        tx.session.add(row)
    pid = shop.pull(agreement)
    url, token = shop.token()
    assert shop.get(url, token).body == CONTENT
    _, body = shop.ask(agreement, "Voile-Question")
    assert shop.state(body["pid"]) == "TERMINATED"
    assert shop.state(pid) == "STARTED"
