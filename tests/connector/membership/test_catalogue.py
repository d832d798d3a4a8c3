"""The shared catalogue from a firm's side: told of what is on offer, believed only when signed."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from connector.areas.membership.announce import synchronise_now
from connector.areas.membership.rows import AnnouncementRow
from connector.areas.products.publish import publish as publish_now
from connector.areas.products.rows import ProductRow, ProductVersionRow
from connector.areas.products.shelf import ProductShelf
from connector.process.ports import Response
from tests.connector.space import membership, watch

PRODUCT = """
id = "visits"
table = "visits"
domain = "production"
level = 1
contributor = "customer"
keywords = ["logistics"]

[title]
zh = "{zh}"
en = "{en}"

[[column]]
name = "customer"
type = "integer"
disclosure = "never"

[[column]]
name = "mode"
type = "text"
disclosure = "group_key"

[[column]]
name = "amount"
type = "integer"
disclosure = "aggregate"

[[dimension]]
name = "mode"
codes = ["AIR", "SHIP"]

[[measure]]
name = "amount"
unit = "pcs"
bounds = [0, 100]

[[offer]]
name = "standard"
purposes = ["deliveryReliability"]
modes = ["masked"]
{terms}
"""


def publish(firm, tmp_path: Path, *, zh="来访记录", en="Visits", terms=""):
    """Publish a small product as `voile publish` does, in this thread."""
    data = tmp_path / f"{firm.did.split(':')[-1]}.csv"
    rows = [f"{i},{'AIR' if i % 2 else 'SHIP'},{i % 50}" for i in range(200)]
    data.write_text("customer,mode,amount\n" + "\n".join(rows) + "\n")
    return publish_now(firm.node, PRODUCT.format(zh=zh, en=en, terms=terms), data)


def search(firm, query=""):
    status, body = firm.manage("GET", f"/v1/search?{query}")
    assert status == 200, body
    return body


def announced(firm):
    return [(a["dataset"], a["state"]) for a in membership(firm)["announcements"]]


def test_what_is_published_is_found_by_others_in_both_languages(space, tmp_path):
    """Publishing sends the signed description; the buyer finds it and checks the signature."""
    alder, maple = space.firm("alder"), space.firm("maple")
    watch(alder)
    publish(alder, tmp_path)
    assert announced(alder) == [("visits", "sent")]
    alder.deliver()
    assert announced(alder) == [("visits", "listed")]
    watch(maple)
    for text in ("来访", "visit", "logistics", "alder"):
        (hit,) = search(maple, f"text={text}")["hits"]
        assert hit["provider"] == alder.did
        assert hit["providerName"] == {"zh": "alder公司", "en": "alder Ltd"}
        assert hit["title"] == {"zh": "来访记录", "en": "Visits"}
        assert hit["description"]["hasPolicy"][0]["@type"] == "Offer"


def test_nothing_is_sent_twice(space, tmp_path):
    """Looking again, and publishing the same again, sends nothing."""
    alder = space.firm("alder")
    publish(alder, tmp_path)
    alder.deliver()
    assert synchronise_now(alder.node) == 0
    publish(alder, tmp_path)
    assert synchronise_now(alder.node) == 0
    assert alder.deliver() == 0


def test_a_changed_product_replaces_its_description(space, tmp_path):
    """New words, a new version; the old title is not found any more."""
    alder = space.firm("alder")
    publish(alder, tmp_path)
    alder.deliver()
    publish(alder, tmp_path, en="Calls")
    alder.deliver()
    assert search(alder, "text=visits")["total"] == 1  # its id and table still say so
    assert [hit["title"]["en"] for hit in search(alder, "text=calls")["hits"]] == ["Calls"]


def test_withdrawal_reaches_the_catalogue(space, tmp_path):
    """A withdrawn product is not found; published again, it is."""
    alder = space.firm("alder")
    publish(alder, tmp_path)
    alder.deliver()
    assert alder.manage("DELETE", "/v1/products/visits")[0] == 200
    alder.deliver()
    assert announced(alder) == [("visits", "withdrawn")]
    assert search(alder)["total"] == 0
    publish(alder, tmp_path)
    alder.deliver()
    assert search(alder)["total"] == 1


def test_published_before_certified_is_announced_after(space, tmp_path):
    """A firm that is not certified yet tells the hub nothing; once certified, all at once."""
    alder = space.firm("alder", certify=False)
    publish(alder, tmp_path)
    assert announced(alder) == []
    space.apply(alder)
    space.approve(alder)
    assert announced(alder) == [("visits", "listed")]


def test_a_hub_that_is_away_gets_it_later(space, net, tmp_path, clock):
    """The description waits in the outbox."""
    alder = space.firm("alder")
    gone = net.apps.pop(space.hub.url)
    publish(alder, tmp_path)
    alder.deliver()
    assert announced(alder) == [("visits", "sent")]
    net.apps[space.hub.url] = gone
    clock.advance(300)
    alder.deliver()
    assert announced(alder) == [("visits", "listed")]


def test_a_refusal_is_shown_and_ends_with_the_next_certification(space, tmp_path):
    """Certified as a consumer only, publishing is refused with its reason; as provider, listed."""
    alder = space.firm("alder", roles=["consumer"])
    publish(alder, tmp_path)
    alder.deliver()
    alder.node.clock.advance(2)  # a first refusal is answered with a fresh token
    alder.deliver()
    (line,) = membership(alder)["announcements"]
    assert line["state"] == "refused"
    assert "provider" in line["reason"]
    space.apply(alder, roles=["provider"])
    space.approve(alder)
    watch(alder)
    assert announced(alder) == [("visits", "listed")]


def test_a_connector_restored_from_an_old_backup_catches_up(space, tmp_path):
    """Its version numbers lag behind the hub's: it signs anew above them."""
    alder = space.firm("alder")
    publish(alder, tmp_path)
    alder.deliver()
    with alder.node.db.transaction() as tx:
        row = tx.session.execute(select(AnnouncementRow)).scalar_one()
        tx.session.delete(row)
    watch(alder)
    alder.node.clock.advance(1)
    watch(alder)
    assert announced(alder) == [("visits", "listed")]


def hits_of(maple, net, change):
    """Search while somebody between hub and buyer changes the answer."""

    def fault(method, url, body):
        if "/catalog/search" not in url:
            return None
        net.fault = None
        answer = maple.node.peers.call(
            maple.node.settings.hub_did, method, url
        )  # the honest answer
        net.fault = fault
        value = json.loads(answer.body)
        change(value)
        return Response(status=200, headers={}, body=json.dumps(value).encode())

    net.fault = fault
    try:
        return search(maple)
    finally:
        net.fault = None


@pytest.fixture
def market(space, tmp_path):
    """Alder offers something, Birch is certified, Maple buys."""
    alder, birch, maple = (space.firm(name) for name in ("alder", "birch", "maple"))
    publish(alder, tmp_path)
    alder.deliver()
    for firm in (alder, birch, maple):
        watch(firm)
    return space, alder, birch, maple


def test_a_hub_that_alters_an_offer_is_not_believed(market, net):
    """One changed character: the hit is dropped, and the reason is told."""
    _, alder, _, maple = market

    def alter(value):
        head, middle, tail = value["hits"][0]["description"].split(".")
        swapped = "A" if middle[40] != "A" else "B"
        middle = middle[:40] + swapped + middle[41:]
        value["hits"][0]["description"] = f"{head}.{middle}.{tail}"

    found = hits_of(maple, net, alter)
    assert found["hits"] == []
    assert [line["provider"] for line in found["dropped"]] == [alder.did]


def test_a_hub_that_gives_an_offer_to_another_provider_is_not_believed(market, net):
    """Alder's description under Birch's name is dropped."""
    _, _, birch, maple = market
    found = hits_of(maple, net, lambda value: value["hits"][0].update(provider=birch.did))
    assert found["hits"] == []
    assert found["dropped"][0]["code"] == "description-key"


def test_a_provider_that_is_not_certified_here_is_not_shown(market, net):
    """The buyer's own status document decides, not the hub's search."""
    space, alder, _, maple = market
    honest = {}
    hits_of(maple, net, honest.update)
    assert honest["hits"]
    space.act("participants/suspend", alder)
    space.settle()
    found = hits_of(maple, net, lambda value: value.update(honest))
    assert found["hits"] == []
    assert found["dropped"][0]["code"] == "provider-uncertified"


def test_a_malformed_answer_is_one_clear_error(market, net):
    """Nothing half-read is shown."""
    _, _, _, maple = market
    changes = (
        lambda value: value.pop("hits"),
        lambda value: value.update(hits=value["hits"] * 21),
        lambda value: value.update(total=-1),
        lambda value: value.update(facets=[]),
        lambda value: value["facets"].update(level={"1": "many"}),
        lambda value: value["facets"].update(level={"": 1}),
        lambda value: value["facets"].update(provider={"x" * 2049: 1}),
    )
    for change in changes:
        value = {
            "total": 1,
            "page": 1,
            "pages": 1,
            "facets": {name: {} for name in ("provider", "domain", "level", "mode")},
            "hits": [{"provider": "did:web:alder.example", "description": "a.b.c"}],
        }
        change(value)
        answer = Response(status=200, headers={}, body=json.dumps(value).encode())
        net.fault = lambda method, url, body, answer=answer: answer  # noqa: ARG005
        status, body = maple.manage("GET", "/v1/search")
        assert (status, body["error"]["code"]) == (502, "hub-malformed")


def test_a_hit_that_is_none_hides_no_other(market, net):
    """An empty hit and one under a name that is no DID are dropped, each with its reason."""
    _, alder, _, maple = market

    def spoil(value):
        honest = value["hits"][0]
        value["hits"] = [{}, {**honest, "provider": "alder"}, honest]

    found = hits_of(maple, net, spoil)
    assert [hit["provider"] for hit in found["hits"]] == [alder.did]
    assert ["/hits/0" in line["reason"] for line in found["dropped"]] == [True, False]
    assert "/hits/1/provider" in found["dropped"][1]["reason"]


def test_a_product_that_cannot_be_read_hides_no_other(market, tmp_path):
    """What an older version wrote may not be read any more: it is off, and the others stay on."""
    _, alder, _, maple = market
    with alder.node.db.transaction() as tx:
        good = tx.session.execute(select(ProductRow)).scalar_one()
        version = tx.session.execute(select(ProductVersionRow)).scalar_one()
        kept = {**version.model_dump(), "product": "ancient"}
        tx.session.add(ProductVersionRow(**kept))
        tx.session.add(ProductRow(**{**good.model_dump(), "id": "ancient", "text": "level = 9"}))
    _, listed = alder.manage("GET", "/v1/products")
    assert [(row["id"], "unreadable" in row) for row in listed["products"]] == [
        ("ancient", True),
        ("visits", False),
    ]
    with alder.node.db.reading() as session:
        shelf = ProductShelf(alder.node)
        assert [found["@id"] for found in shelf.datasets(session)] == ["visits"]
        assert shelf.dataset(session, "ancient") is None
    assert synchronise_now(alder.node) == 0
    assert search(maple)["hits"][0]["dataset"] == "visits"


def test_publisher_and_catalogue_agree_on_the_bytes(market):
    """The shared catalogue shows exactly the dataset of the provider's own catalogue."""
    _, alder, _, maple = market
    with alder.node.db.reading() as session:
        (own,) = ProductShelf(alder.node).datasets(session)
    assert search(maple)["hits"][0]["description"] == json.loads(json.dumps(own))
