"""Products published when a measure without `scale` meant scale 0 keep their meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from connector.areas.products import store
from connector.areas.products.publish import publish
from connector.areas.products.rows import ProductRow
from connector.process.errors import BadRequest, Conflict
from tests.areas import OWN, PRODUCTS
from tests.catalog.product_texts import DELIVERIES, changed
from tests.connector.engines.files import line, write_csv

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from connector.party.node import Node
    from tests.simulators import Party

COLUMN = changed("scale = 2\n", "")
QUOTIENT = changed("scale = 2\n", 'expression = "price / 2"\n')


@pytest.fixture
def node(party: Callable[..., Party]) -> Node:
    return party("acme", areas=(OWN, PRODUCTS)).node


def publish_as_before(node: Node, folder: Path, text: str) -> None:
    """Leaves what a connector left that took a missing scale for 0: the text, and a shape of 0."""
    named = text.replace('unit = "CNY"', 'unit = "CNY"\nscale = 0')
    lines = [line(who, price="4.50") for who in "ABCDEF"]
    publish(node, named, write_csv(folder / "old.csv", lines))
    with node.db.transaction() as tx:
        row = tx.session.get(ProductRow, "delivery-records")
        assert row is not None
        row.text = text
        tx.session.add(row)


def scale_of(node: Node) -> set[int]:
    """The scale of the price, as questions are bound and as the catalogue describes it."""
    with node.db.reading() as session:
        declared = store.declared(session, "delivery-records")
        shown = store.product(session, "delivery-records")
    assert declared is not None
    assert shown is not None
    return {declared.schema.measures[0].scale, shown.product.schema.measures[0].scale}


@pytest.mark.parametrize("text", [COLUMN, QUOTIENT])
def test_a_stored_product_keeps_scale_0(node: Node, tmp_path: Path, text: str) -> None:
    """Its figures are read in the units they were published in."""
    publish_as_before(node, tmp_path, text)
    assert scale_of(node) == {0}


@pytest.mark.long
@pytest.mark.parametrize("text", [COLUMN, QUOTIENT])
@pytest.mark.parametrize("with_data", [True, False])
def test_its_scale_never_changes_silently(
    node: Node, tmp_path: Path, text: str, *, with_data: bool
) -> None:
    """The same file again is refused and says `scale = 0`; with that line it goes on."""
    publish_as_before(node, tmp_path, text)
    lines = [line(who, price="4.50") for who in "ABCDEFGHI"]
    more = write_csv(tmp_path / "more.csv", lines) if with_data else None
    with pytest.raises((Conflict, BadRequest)) as caught:
        publish(node, text, more)
    assert caught.value.code == "product.scale"
    assert "scale = 0" in caught.value.next_step
    report = publish(node, changed('unit = "CNY"', 'unit = "CNY"\nscale = 0', text=text), more)
    assert report["version"]["number"] == (2 if with_data else 1)
    assert scale_of(node) == {0}


def test_a_new_product_keeps_its_columns_places(node: Node, tmp_path: Path) -> None:
    """Without `scale` a new product stands at the column's, and the same file goes on with it."""
    publish(node, COLUMN, write_csv(tmp_path / "a.csv", [line(who) for who in "ABCDEF"]))
    publish(node, COLUMN, write_csv(tmp_path / "b.csv", [line(who) for who in "ABCDEFGHI"]))
    assert scale_of(node) == {2}
    assert changed("scale = 2\n", "", text=DELIVERIES) == COLUMN
