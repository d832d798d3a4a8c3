"""Products published when an empty list of an offer was everybody keep their meaning, and say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from connector.areas.products import store
from connector.areas.products.doctored import examine
from connector.areas.products.publication_weight import weigh_publication
from connector.areas.products.publish import publish
from connector.areas.products.records import Publication
from connector.areas.products.rows import ProductRow
from connector.party.operation import Call
from connector.process.actor import ROLES, Actor
from connector.process.errors import BadRequest
from policies.odrl import to_wire
from tests.areas import OWN, PRODUCTS
from tests.catalog.product_texts import DELIVERIES
from tests.connector.engines.files import line, write_csv

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from connector.party.node import Node
    from tests.simulators import Party

ID = "delivery-records"
OWNER = Actor("command", "test", frozenset(ROLES))
OFFER = '\n[[offer]]\nname = "open"\npurposes = ["planning"]\nmodes = ["masked"]\n'
EMPTY = DELIVERIES + OFFER + "recipients = []\nmeasures = []\n"
LEFT_OUT = DELIVERIES + OFFER


@pytest.fixture
def node(party: Callable[..., Party]) -> Node:
    return party("acme", areas=(OWN, PRODUCTS)).node


def publish_as_before(node: Node, folder: Path) -> None:
    """Leaves what a connector left that took an empty list for none."""
    publish(node, LEFT_OUT, write_csv(folder / "old.csv", [line(who) for who in "ABCDEF"]))
    with node.db.transaction() as tx:
        row = tx.session.get_one(ProductRow, ID)
        row.text = EMPTY
        tx.session.add(row)


def offered(node: Node) -> list[object]:
    with node.db.reading() as session:
        found = store.product(session, ID)
    assert found is not None
    return [to_wire(offer) for offer in found.offers]


def test_a_stored_product_is_on_offer_as_it_was(node: Node, tmp_path: Path):
    """Same offers under the same ids: what was asked for yesterday can be asked for today."""
    publish(node, LEFT_OUT, write_csv(tmp_path / "old.csv", [line(who) for who in "ABCDEF"]))
    before = offered(node)
    with node.db.transaction() as tx:
        row = tx.session.get_one(ProductRow, ID)
        row.text = EMPTY
        tx.session.add(row)
    assert offered(node) == before


def test_it_is_published_again_only_with_a_word_for_it(node: Node, tmp_path: Path):
    publish_as_before(node, tmp_path)
    with pytest.raises(BadRequest) as caught:
        publish(node, EMPTY, None)
    assert caught.value.code == "product.empty-list"
    assert "recipients" in str(caught.value)
    before = offered(node)
    publish(node, LEFT_OUT, None)
    assert offered(node) == before


def test_to_leave_the_key_out_is_no_looser_than_it_was(node: Node, tmp_path: Path):
    """So no second person is asked; whoever may take the offer is the same."""
    publish_as_before(node, tmp_path)
    call = Call(actor=OWNER, body=Publication(product=LEFT_OUT))
    assert not weigh_publication(node, call).needed


def test_the_doctor_says_what_it_means(node: Node, tmp_path: Path):
    assert examine(node.settings) == []
    publish_as_before(node, tmp_path)
    found = examine(node.settings)
    assert [check.state for check in found] == ["note", "note"]
    for check, key in zip(found, ("recipients", "measures"), strict=True):
        for language in ("zh", "en"):
            assert f"`{key}`" in check.said(language)
            assert ID in check.said(language)
            assert check.following(language)
