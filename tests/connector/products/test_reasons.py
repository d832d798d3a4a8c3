"""Why figures are withheld, from a data file to report and catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from catalog.dcat import TABLE
from connector.areas.products.publish import publish
from connector.areas.products.shelf import ProductShelf
from connector.process.errors import Conflict
from tests.areas import OWN, PRODUCTS
from tests.catalog.product_texts import DELIVERIES, changed
from tests.connector.engines.files import Line, line, write_csv

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from connector.party.node import Node
    from tests.simulators import Party

AREAS = (OWN, PRODUCTS)
WHO = "ABCDEFGHIJKL"


def swaps(days: int, price: str) -> list[Line]:
    """What was late by air was as early by rail, but for B's: only together they cancel."""
    by_air = [line(who, mode="AIR", late=days, price=price) for who in WHO]
    by_rail = [
        line(who, mode="RAIL", received=f"2025-03-{10 - (days if who != 'B' else 1):02d}")
        for who in WHO
    ]
    return by_air + by_rail


def table_of(node: Node) -> dict[str, Any]:
    """The table as the catalogue describes it, without its digest."""
    with node.db.reading() as session:
        shown = ProductShelf(node).dataset(session, "delivery-records")
    assert shown is not None
    found: dict[str, Any] = shown[TABLE]["@value"]
    return {**found, "version": {"number": found["version"]["number"]}}


def test_a_file_is_published_with_reasons(party: Callable[..., Party], tmp_path: Path) -> None:
    """The net delay of all has one carrier: the report says so, and counts what is left."""
    node = party("acme", areas=AREAS).node
    report = publish(node, DELIVERIES, write_csv(tmp_path / "d.csv", swaps(3, "10.00")))
    (one,) = report["withheld"]["some"]
    assert one["measure"] == "delay"
    assert one["lack"] == {"form": "delay", "rule": "carriers", "needed": 3, "had": 1}
    assert one["inside"] is False
    measures = {m["name"]: (m["cells"], m["withheld"], m["rows"]) for m in report["measures"]}
    assert measures["delay"] == (1, 1, 12)
    assert measures["price"] == (2, 0, 24)
    assert {"kind", "cells"} <= report["advice"][0].keys()
    (total,) = [m for m in table_of(node)["margins"] if not m["dimensions"]]
    assert total["measures"]["price"] == 1
    assert total["measures"]["delay"] == 0
    assert "rows" not in total


def test_the_catalogue_of_two_owners_differs_in_the_digest_alone(
    party: Callable[..., Party], tmp_path: Path
) -> None:
    """Other delays and prices, the same partition and the same that is withheld."""
    pages = []
    for name, days, price in (("acme", 3, "10.00"), ("bolt", 5, "25.50")):
        node = party(name, areas=AREAS).node
        publish(node, DELIVERIES, write_csv(tmp_path / f"{name}.csv", swaps(days, price)))
        pages.append(table_of(node))
    assert pages[0] == pages[1]


def test_a_conflict_stops_and_names_the_codes(party: Callable[..., Party], tmp_path: Path) -> None:
    """`on_conflict = "refuse"`: form, rule and what helps; nothing is published."""
    node = party("acme", areas=AREAS).node
    text = changed("minimum_contributors = 3", 'minimum_contributors = 3\non_conflict = "refuse"')
    with pytest.raises(Conflict, match=r"`delay` on .* concerns fewer than 3 contributors") as told:
        publish(node, text, write_csv(tmp_path / "d.csv", swaps(3, "10.00")))
    assert told.value.code == "product.conflict"
    assert "offer one measure less" in told.value.next_step
    with node.db.reading() as session:
        assert ProductShelf(node).dataset(session, "delivery-records") is None
