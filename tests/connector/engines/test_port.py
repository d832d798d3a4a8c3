"""The port of engines: what is published does not depend on which of them read the file."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from connector.areas.products import area as products_area
from connector.areas.products import store
from connector.areas.products.publish import publish
from connector.areas.products.rows import ProductVersionRow
from connector.engines.duckdb.engine import DUCKDB
from connector.engines.port import Engine
from tests.areas import OWN, PRODUCTS
from tests.connector.engines.lists import LISTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from connector.party.node import Node
    from tests.simulators import Party

PRODUCT = """
id = "one"
table = "t"
domain = "production"
level = 1
contributor = "who"
title = { zh = "一", en = "One" }
description = { zh = "一", en = "One" }
column = [
  { name = "who", type = "text", disclosure = "never" },
  { name = "part", type = "integer", disclosure = "group_key" },
  { name = "x", type = "integer", disclosure = "aggregate" },
]
dimension = [{ name = "part", codes = [1, 2, 3] }]
measure = [{ name = "m", expression = "x", bounds = [0, 1000] }]
[rules]
minimum_contributors = 3
[[offer]]
name = "totals"
purposes = ["stockPlanning"]
modes = ["masked"]
valid_until = "2027-12-31Z"
"""
FIRST = [("A", 1, 5), ("B", 1, 7), ("C", 1, 6), ("A", 1, 2), ("D", 2, 9), ("E", 2, 8), ("F", 2, 9)]
FIRST += [("A", 3, 4), ("B", 3, 4), ("C", 3, 5), ("G", 3, 4)]
SECOND = [*FIRST, ("G", 1, 6), ("H", 1, 7), ("I", 1, 6), ("J", 1, 7)]


def areas(engine: Engine) -> tuple[Any, ...]:
    """A participant with products that are read by an engine."""

    def services(node: Node) -> tuple[object, ...]:
        return tuple(
            engine if isinstance(one, Engine) else one for one in products_area.services(node)
        )

    return OWN, replace(PRODUCTS, services=services)


def written(path: Path, rows: list[tuple[str, int, int]]) -> Path:
    lines = ["who,part,x", *(",".join(map(str, row)) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def shown(node: Node) -> tuple[Any, ...]:
    """What the newest version shows: base cells and what is released of each."""
    with node.db.reading() as session:
        table = store.protected_table(session, "one")
        row = session.get(ProductVersionRow, ("one", table.number))
        assert row is not None
        report = json.loads(row.report)
    return table.table, report["rows"], report["cells"]


def test_two_engines_make_the_same_table(party: Callable[..., Party], tmp_path: Path) -> None:
    """What one wrote of a first version, the other reads for the next."""
    first = written(tmp_path / "first.csv", FIRST)
    second = written(tmp_path / "second.csv", SECOND)
    usual = party("acme", areas=areas(DUCKDB)).node
    other = party("beta", areas=areas(LISTS)).node
    assert other.services[Engine] is LISTS
    for node in (usual, other):
        publish(node, PRODUCT, first)
    assert shown(usual) == shown(other)
    bases = [next((n.settings.data / "products").rglob("*.parquet")) for n in (usual, other)]
    kept = [bases[0].read_bytes(), bases[1].read_bytes()]
    assert kept[0] != kept[1], "each wrote its own"
    bases[0].write_bytes(kept[1])
    publish(usual, PRODUCT, second)
    mixed = shown(usual)
    straight = party("gamma", areas=areas(DUCKDB)).node
    for path in (first, second):
        publish(straight, PRODUCT, path)
    assert shown(straight) == mixed
