"""The shared catalogue: only providers' own signed words get in, and only the right eyes see them."""

import json

import pytest
from sqlalchemy import select

from catalog.description import sign_description
from connector.areas.hub.rows import ApplicationRow, ListingRow, PostingRow
from connector.process.ports import unix_ms
from connector.store.rows import LogEntryRow
from policies.offers import QuestionTerms
from tests.catalog.datasets import dataset
from tests.connector.space import call

DELIVERY = {"zh": "交付记录", "en": "Delivery records"}
STOCK = {"zh": "库存现有量", "en": "Stock on hand", "keywords": ("warehouse",)}


def described(firm, what, *, signer=None, version=None, **over):
    by = signer or firm
    values = {
        "provider": firm.did,
        "space": firm.node.settings.space,
        "version": version or unix_ms(firm.node.clock.now()),
        "now": int(firm.node.clock.now().timestamp()),
        "key": by.node.keys.agreements,
        "kid": by.node.keys.agreements_kid,
    }
    return sign_description(what, **(values | over))


def publish(space, firm, what=None, **over):
    jws = described(firm, what or dataset(), **over)
    return call(firm, space.hub, "POST", "catalog", json.dumps({"description": jws}).encode())


def search(space, firm, query=""):
    answer = call(firm, space.hub, "GET", f"catalog/search?{query}")
    assert answer.status == 200, answer.body
    return json.loads(answer.body)


def titles(found):
    import base64

    def dataset_of(jws):
        middle = jws.split(".")[1]
        return json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))["dataset"]

    return [dataset_of(hit["description"])["dct:title"][1]["@value"] for hit in found["hits"]]


@pytest.fixture
def market(space):
    """Two providers with three products, and a buyer."""
    alder, birch, maple = (space.firm(name) for name in ("alder", "birch", "maple"))
    homomorphic = QuestionTerms(
        purposes=("stockPlanning",),
        modes=("masked", "homomorphic"),
        aggregator=space.hub.did,
    )
    for firm, what in (
        (alder, dataset("urn:a:delivery", **DELIVERY, domain="maintenance")),
        (alder, dataset("urn:a:stock", **STOCK, domain="management", terms=homomorphic)),
        (birch, dataset("urn:b:stock", **STOCK, domain="management", level=2)),
    ):
        assert publish(space, firm, what).status == 201
    return space, alder, birch, maple


FOUND = {
    "交付": ["Delivery records"],
    "付记": ["Delivery records"],
    "库存": ["Stock on hand", "Stock on hand"],
    "stock": ["Stock on hand", "Stock on hand"],
    "DELIVERIES": ["Delivery records"],
    "warehouse": ["Stock on hand", "Stock on hand"],
    "库存 -birch": ["Stock on hand"],
    "birch公司": ["Stock on hand"],
    "-stock": ["Delivery records"],
    "stock delivery": [],
    "carbon": [],
}


def test_it_is_searched_in_both_languages(market):
    """Titles, keywords and the provider's name are found, in Chinese and in English."""
    space, _, _, maple = market
    for text, hits in FOUND.items():
        assert titles(search(space, maple, f"text={text}")) == hits, text


def test_facets_filter_and_count(market):
    """Each facet narrows; its counts say what another choice would give."""
    space, alder, birch, maple = market
    found = search(space, maple)
    assert found["total"] == 3
    assert found["facets"]["provider"] == {alder.did: 2, birch.did: 1}
    assert found["facets"]["domain"] == {"management": 2, "maintenance": 1}
    assert found["facets"]["level"] == {"1": 2, "2": 1}
    assert found["facets"]["mode"] == {"masked": 3, "homomorphic": 1}
    narrowed = search(space, maple, "domain=management&level=1")
    assert titles(narrowed) == ["Stock on hand"]
    assert narrowed["facets"]["level"] == {"1": 1, "2": 1}
    assert search(space, maple, "mode=homomorphic")["total"] == 1
    assert search(space, maple, f"provider={alder.did}&provider={birch.did}")["total"] == 3


def test_of_more_hits_than_are_named_one_by_one_only_hits_are_shown(market, monkeypatch):
    """Whether the database is asked for them by name or not is all the same."""
    space, _, _, maple = market
    for few in (0, 1, 500):
        monkeypatch.setattr("connector.areas.hub.visible.FEW", few)
        for text, hits in FOUND.items():
            found = search(space, maple, f"text={text}")
            assert (titles(found), found["total"]) == (hits, len(hits)), (few, text)


def test_pages_are_whole_and_do_not_overlap(market):
    """Every hit stands on exactly one page."""
    space, _, _, maple = market
    seen = []
    for page in (1, 2, 3):
        found = search(space, maple, f"size=1&page={page}")
        assert (found["pages"], len(found["hits"])) == (3, 1)
        seen.append(found["hits"][0]["description"])
    assert len(set(seen)) == 3
    assert search(space, maple, "size=1&page=4")["hits"] == []


WRONG = (
    "size=21",
    "size=0",
    "page=0",
    "page=x",
    "page=1&page=2",
    "colour=red",
    "text=" + "x" * 201,
)


def test_a_wrong_search_is_named(space):
    """One clear error, never a guess."""
    maple = space.firm("maple")
    for query in WRONG:
        answer = call(maple, space.hub, "GET", f"catalog/search?{query}")
        assert answer.status == 400, query
        assert json.loads(answer.body)["error"]["code"] == "search-wrong"


def test_each_hit_is_the_providers_own_signed_description(market):
    """The hub gives back byte for byte what the provider signed."""
    space, alder, _, maple = market
    signed = described(alder, dataset("urn:a:own", zh="独一", en="Unique"), version=7)
    body = json.dumps({"description": signed}).encode()
    assert call(alder, space.hub, "POST", "catalog", body).status == 201
    assert search(space, maple, "text=独一")["hits"] == [
        {"provider": alder.did, "description": signed}
    ]


def test_a_newer_description_replaces_and_an_older_one_is_refused(space):
    """Last year's offer cannot be listed again by whoever kept it; a repeat is harmless."""
    alder = space.firm("alder")
    old = json.dumps({"description": described(alder, dataset(en="Old"), version=5)}).encode()
    new = json.dumps({"description": described(alder, dataset(en="New"), version=6)}).encode()
    assert call(alder, space.hub, "POST", "catalog", old).status == 201
    assert call(alder, space.hub, "POST", "catalog", new).status == 201
    assert call(alder, space.hub, "POST", "catalog", new).status == 200
    refused = call(alder, space.hub, "POST", "catalog", old)
    assert refused.status == 409
    assert json.loads(refused.body)["error"]["params"] == {
        "version": 6,
        "given": 5,
        "dataset": "urn:product:delivery",
    }
    other = json.dumps({"description": described(alder, dataset(en="X"), version=6)}).encode()
    assert call(alder, space.hub, "POST", "catalog", other).status == 409
    assert titles(search(space, alder)) == ["New"]
    assert search(space, alder, "text=old")["total"] == 0


def test_withdrawn_is_gone_and_stays_gone(space):
    """No term finds it, its words are not kept, its old description does not come back."""
    alder = space.firm("alder")
    body = json.dumps({"description": described(alder, dataset(), version=5)}).encode()
    call(alder, space.hub, "POST", "catalog", body)
    path = "catalog/urn%3Aproduct%3Adelivery"
    assert call(alder, space.hub, "DELETE", path).status == 200
    assert call(alder, space.hub, "DELETE", path).status == 200
    assert search(space, alder, "text=交付")["total"] == 0
    for query in ("", "text=-nothing"):
        assert search(space, alder, query)["total"] == 0
    with space.hub.node.db.reading() as session:
        assert session.execute(select(PostingRow)).first() is None
        row = session.execute(select(ListingRow)).scalar_one()
        assert (row.description, row.offers, row.listed) == ("", "", False)
        kinds = session.execute(
            select(LogEntryRow.entry).where(LogEntryRow.kind == "PRODUCT")
        ).scalars()
        assert [json.loads(leaf)["to"] for leaf in kinds] == ["listed", "withdrawn"]
    assert call(alder, space.hub, "POST", "catalog", body).status == 409


def test_nobody_publishes_or_withdraws_for_another(space):
    """Birch can neither list in Alder's name, nor Alder's own words, nor take them down."""
    alder, birch = space.firm("alder"), space.firm("birch")
    copied = json.dumps({"description": described(alder, dataset())}).encode()
    assert call(birch, space.hub, "POST", "catalog", copied).status == 403
    assert publish(space, birch, provider=alder.did).status == 403
    forged = json.dumps({"description": described(alder, dataset(), signer=birch)}).encode()
    assert call(birch, space.hub, "POST", "catalog", forged).status == 403
    assert call(alder, space.hub, "POST", "catalog", forged).status == 403
    assert call(alder, space.hub, "POST", "catalog", copied).status == 201
    missing = call(birch, space.hub, "DELETE", "catalog/urn%3Aproduct%3Adelivery")
    unknown = call(birch, space.hub, "DELETE", "catalog/urn%3Aother")
    assert (missing.status, unknown.status) == (404, 404)
    assert search(space, birch)["total"] == 1


def test_a_wrong_shape_is_refused_and_nothing_is_listed(space):
    """An offer with a term that nobody knows would be shown to nobody: it is not taken in."""
    alder = space.firm("alder")
    strange = dataset()
    strange["hasPolicy"][0]["permission"][0]["constraint"].append(
        {"leftOperand": "phaseOfMoon", "operator": "eq", "rightOperand": "full"}
    )
    answer = publish(space, alder, strange)
    assert answer.status == 400
    assert "phaseOfMoon" in json.loads(answer.body)["error"]["message"]
    assert call(alder, space.hub, "POST", "catalog", b'{"description":5}').status == 400
    assert search(space, alder)["total"] == 0


def test_a_consumer_cannot_publish(space):
    """Only firms certified as providers list products."""
    maple = space.firm("maple", roles=["consumer"])
    assert publish(space, maple).status == 403


def test_suspended_providers_are_not_shown_and_return_when_reinstated(market):
    """The catalogue follows the standing, without anybody publishing again."""
    space, alder, _, maple = market
    space.act("participants/suspend", alder)
    assert titles(search(space, maple)) == ["Stock on hand"]
    assert list(search(space, maple)["facets"]["provider"]) == ["did:web:birch.example"]
    space.act("participants/reinstate", alder)
    assert search(space, maple)["total"] == 3


def test_an_offer_to_named_firms_is_seen_by_them_and_its_provider_only(space):
    """To another certified firm it does not exist: no hit, no facet, no count."""
    alder, birch, maple = (space.firm(name) for name in ("alder", "birch", "maple"))
    terms = QuestionTerms(purposes=("quality",), recipients=(maple.did,))
    assert publish(space, alder, dataset(terms=terms)).status == 201
    assert search(space, maple, "text=交付")["total"] == 1
    assert search(space, alder, "text=交付")["total"] == 1
    hidden = search(space, birch, "text=交付")
    assert (hidden["total"], hidden["hits"]) == (0, [])
    assert all(not counts for counts in hidden["facets"].values())


def test_an_offer_that_has_run_out_is_not_shown(space, clock):
    """What cannot be granted any more disappears by itself."""
    alder, maple = space.firm("alder"), space.firm("maple")
    terms = QuestionTerms(purposes=("quality",), not_after="2026-11-21T10:00:00Z")
    assert publish(space, alder, dataset(terms=terms)).status == 201
    assert search(space, maple)["total"] == 1
    clock.advance(3601)
    space.renew()
    assert search(space, maple)["total"] == 0


def test_titles_come_before_mentions(space):
    """A product that is called what was asked for stands before one that mentions it."""
    alder = space.firm("alder")
    publish(space, alder, dataset("urn:1", zh="质量", en="Quality", keywords=("Delivery",)))
    publish(space, alder, dataset("urn:2", **DELIVERY))
    publish(space, alder, dataset("urn:3", zh="质量", en="Quality", keywords=("delivery",)))
    assert titles(search(space, alder, "text=delivery"))[0] == "Delivery records"
    assert search(space, alder, "text=delivery")["total"] == 3


def test_a_listing_that_cannot_be_read_hides_no_other(market):
    """Offers in terms that this version does not know: shown to the operator, to nobody else."""
    space, alder, _, maple = market
    before = search(space, maple)["total"]
    with space.hub.node.db.transaction() as tx:
        row = tx.session.execute(
            select(ListingRow).where(ListingRow.dataset_id == "urn:a:stock")
        ).scalar_one()
        row.everybody, row.offers = False, json.dumps([{"@id": "o", "@type": "Offer", "novel": 1}])
        tx.session.add(row)
    found = search(space, maple)
    assert found["total"] == before - 1
    assert titles(found) == ["Stock on hand", "Delivery records"]
    (lost,) = space.hub.manage("GET", "/v1/hub/catalog")[1]["unreadable"]
    assert (lost["provider"], lost["dataset"]) == (alder.did, "urn:a:stock")
    assert "novel" in lost["unreadable"]


def test_an_application_that_cannot_be_read_hides_no_other(space):
    """The operator sees its id, its DID and that it cannot be read; the others as they are."""
    birch = space.firm("birch", certify=False)
    alder = space.firm("alder", certify=False)
    for firm in (birch, alder):
        space.apply(firm)
    with space.hub.node.db.transaction() as tx:
        row = tx.session.execute(
            select(ApplicationRow).where(ApplicationRow.did == birch.did)
        ).scalar_one()
        row.participant = '{"did": "did:web:birch.example"}'
        tx.session.add(row)
    _, found = space.hub.manage("GET", "/v1/hub/applications")
    lost, good = found["applications"]
    assert (lost["did"], lost["state"]) == (birch.did, "pending")
    assert "nameZh" in lost["unreadable"]
    assert good["participant"]["did"] == alder.did
