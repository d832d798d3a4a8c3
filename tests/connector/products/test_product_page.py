"""What everybody may read of a product follows from its declaration and partition, not from figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from catalog.dcat import dataset
from connector.areas.products import store
from connector.areas.products.publish import publish
from tests.areas import OWN, PRODUCTS
from tests.catalog.product_texts import DELIVERIES, changed
from tests.connector.engines.files import line, write_csv

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from connector.party.node import Node
    from tests.simulators import Party

PEOPLE = "ABCDEFGHIJ"
SKIP = changed("bounds = [0, 1000]", 'bounds = [0, 1000]\nempty = "skip"')


def page(node: Node, text: str, path: Path) -> dict[str, Any]:
    """The product page, without what names the data version."""
    publish(node, text, path, accept_clamped=True)
    with node.db.reading() as session:
        found = store.product(session, "delivery-records")
    assert found is not None
    shown = dataset(found.product, found.publication, service={})
    assert shown.pop("dct:issued")
    (literal,) = [part for part in shown.values() if isinstance(part, dict) and "@value" in part]
    assert literal["@value"].pop("version")["digest"].startswith("sha-256:")
    return shown


@pytest.mark.parametrize("text", [DELIVERIES, SKIP])
def test_other_figures_give_the_same_page(
    party: Callable[..., Party], tmp_path: Path, text: str
) -> None:
    """Two owners with equal declarations, cells and contributors, whose rows differ in all else."""
    pages = []
    for name, factor in (("acme", 1), ("bolt", 7)):
        lines = [
            line(
                who,
                mode=mode,
                late=(i * factor) % 4,
                price=f"{factor * (i + 3)}.{factor}0",
            )
            for mode in ("AIR", "RAIL")
            for i, who in enumerate(PEOPLE)
            for _ in range(2)
        ]
        lines += [line(who, mode="ROAD", price=f"{5000 * (factor - 1)}.00") for who in "AB"]
        if text is SKIP:
            lines += [line(who, price=None) for who in PEOPLE[:factor]]
        node = party(name, areas=(OWN, PRODUCTS)).node
        pages.append(page(node, text, write_csv(tmp_path / f"{name}.csv", lines)))
    assert pages[0] == pages[1]
    assert "clamped" not in str(pages[0])
