"""Values out of bounds: more than one in a hundred is the owner's decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from connector.areas.products.publish import publish
from connector.process.errors import Conflict
from tests.catalog.product_texts import DELIVERIES
from tests.connector.engines.files import Line, line, write_csv
from tests.connector.products.test_publish import AREAS, state

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from connector.party.node import Node
    from tests.simulators import Party


@pytest.fixture
def node(party: Callable[..., Party]) -> Node:
    return party("acme", areas=AREAS).node


def prices(high: int, of: int) -> list[Line]:
    """Lines of ten customers, the first of them with a price above the bound."""
    return [line(f"c{i % 10}", price="1500.00" if i < high else "10.00") for i in range(of)]


def test_too_many_clamped_values_are_refused(node: Node, tmp_path: Path) -> None:
    """Above 1 % the measure, the share and the bounds are named, and nothing changes."""
    before = state(node)
    with pytest.raises(Conflict) as caught:
        publish(node, DELIVERIES, write_csv(tmp_path / "a.csv", prices(3, 200)))
    for part in ("`price`", "3 of 200", "1.50 %", "[0, 1000]", "--accept-clamped"):
        assert part in f"{caught.value.message} {caught.value.next_step}"
    assert caught.value.code == "product.clamped"
    assert state(node) == before


def test_the_owner_may_accept_them(node: Node, tmp_path: Path) -> None:
    """With his word the same file is published; a later version needs it again."""
    report = publish(
        node, DELIVERIES, write_csv(tmp_path / "a.csv", prices(3, 200)), accept_clamped=True
    )
    assert report["clamped"] == {"price": 3, "late": 0, "delay": 0}
    with pytest.raises(Conflict):
        publish(node, DELIVERIES, write_csv(tmp_path / "b.csv", prices(4, 200)))


def test_a_few_are_counted_only(node: Node, tmp_path: Path) -> None:
    """One in a hundred needs no word."""
    report = publish(node, DELIVERIES, write_csv(tmp_path / "a.csv", prices(2, 200)))
    assert report["clamped"]["price"] == 2
