"""A request on its way when its product is taken back is never an agreement about the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import select

from catalog.dcat import offers
from catalog.file_product import use_offers
from connector.areas.dsp import AgreementRow
from connector.areas.products import ProductShelf
from connector.areas.products.publish import publish, read_declared
from tests.connector.questions.market import PRODUCT, publish_deliveries
from tests.connector.questions.test_unpublish import FILE, PATH, as_csv, request, unpublish

if TYPE_CHECKING:
    from pathlib import Path

    from tests.connector.questions.market import Market


def ids(market: Market) -> list[str]:
    """The offers of our product, as its owner sees them, as the shelf and as a peer does."""
    shown: Any = market.provider.manage("GET", PATH)[1]["offers"]
    node = market.provider.node
    with node.db.reading() as session:
        listed = node.services[ProductShelf].dataset(session, "deliveries")
    assert listed is not None
    found = [offer["@id"] for offer in shown]
    assert [offer["@id"] for offer in listed["hasPolicy"]] == found
    status, page = market.consumer.manage(
        "GET", f"/v1/product-pages/deliveries?provider={market.provider.did}"
    )
    assert status == 200
    assert sorted(offer["id"] for offer in page["offers"]) == sorted(found)
    return found


@pytest.mark.long
@pytest.mark.parametrize("other", [True, False], ids=["other bounds", "the same terms"])
def test_a_request_on_its_way_is_refused(market: Market, tmp_path: Path, *, other: bool) -> None:
    """Whatever stands under the id then; who asks anew gets it, in each life."""
    before = ids(market)
    pid = request(market)  # waits in the consumer's outbox
    assert unpublish(market)[0] == 200
    if other:
        wider = PRODUCT.replace("bounds = [0, 50]", "bounds = [0, 5]").replace("pcs", "boxes")
        publish(market.provider.node, wider, as_csv(tmp_path, skip=100), accept_clamped=True)
    else:
        publish_deliveries(market.provider, tmp_path)
    after = ids(market)
    assert not {*before} & {*after}
    market.settle()
    state = market.consumer.manage("GET", f"/v1/negotiations/{pid}")[1]["state"]
    assert state not in ("AGREED", "VERIFIED", "FINALIZED")
    for party in (market.provider, market.consumer):
        with party.node.db.reading() as session:
            assert session.exec(select(AgreementRow)).all() == []
    assert unpublish(market)[0] == 200
    publish_deliveries(market.provider, tmp_path)
    assert not {*before, *after} & {*ids(market)}
    assert market.agreement()


def test_a_file_has_others_in_each_life(market: Market, tmp_path: Path) -> None:
    """Its offers count, too; a version more changes none."""
    seen: set[str] = set()
    for life in range(3):
        assert unpublish(market)[0] == 200
        publish(market.provider.node, FILE, as_csv(tmp_path, skip=life))
        (one,) = ids(market)
        publish(market.provider.node, FILE, as_csv(tmp_path, skip=10 + life))
        assert ids(market) == [one]
        assert one not in seen
        seen.add(one)


def test_what_was_never_taken_back_keeps_its_ids() -> None:
    """Those that agreements and catalogues name already."""
    table, file = read_declared(PRODUCT), read_declared(FILE)
    assert [offer.uid for offer in offers(table)] == [  # type: ignore[arg-type]
        "deliveries:standard:38c24790542b",
        "deliveries:strict:2403a7440706",
        "deliveries:narrow:1aa0e9f39263",
    ]
    (offer,) = use_offers(file)  # type: ignore[arg-type]
    assert offer.uid == "deliveries:file:e0145496fceb"
