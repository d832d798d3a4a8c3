"""What the suppliers hold in either world: the same contributors in the same cells, other figures.

The figures differ in everything that must not show: sizes, signs, extremes, how many values are
clamped or empty, who is late. They are far from the edge of every rule, so that the partition and
every flag are equal.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.attack.tables import Measure, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.attack.tables import Row

WORLDS = ("one", "other")
REGIONS, KINDS = ("N", "S", "E", "W"), ("new", "old")
PEOPLE = 30
LEDGER, STOCK, FILE = "ledger", "stock", "parts"


def cells() -> Iterator[tuple[str, str, int]]:
    """Give each cell with how many contributors it has; one is too small, one empty."""
    for region in REGIONS:
        for kind in KINDS:
            few = {("W", "old"): 2, ("E", "old"): 0}.get((region, kind), PEOPLE)
            yield region, kind, few


def ledger(world: str, version: int) -> Table:
    """One supplier's ledger for masked questions.

    Version 2 changes every figure in the north, which may be shown, and one in the south, which must
    not: the same ones in both worlds, by other amounts.
    """
    rows: list[Row] = []
    for region, kind, count in cells():
        for i in range(count):
            amount = 100 + i * 7 % 50 if world == "one" else 2600 + i * 13 % 170
            late = (i % 3 == 0) if world == "one" else (i % 2 == 0)
            if version > 1 and region == "N":
                amount += 40 + i % 9 if world == "one" else 600 + i % 31
            if version > 1 and (region, kind, i) == ("S", "new", 3):
                amount += 11 if world == "one" else 777
            if world == "other" and (region, kind, i) in {("N", "new", 4), ("S", "old", 9)}:
                amount = 999_999  # clamped
            rows.append((f"c{i}", (region, kind), (amount, int(late))))
    return Table(
        {"region": REGIONS, "kind": KINDS},
        [Measure("amount", 0, 5000, "CNY", 'empty = "zero"'), Measure("late", 0, 1)],
        rows,
        offer="count = 400",
        id=LEDGER,
    )


def stock(world: str, supplier: int, version: int = 1) -> Table:
    """One supplier's stock, for totals; one code is held by one supplier only.

    Version 2 changes A1 everywhere, by other amounts in either world, and B2 at the first supplier.
    """
    rows: list[Row] = []
    for brand in ("A1", "B2", "C3"):
        for plant in range(PEOPLE):
            if brand == "C3" and supplier:
                continue
            many = 50 + plant * (3 + supplier) % 40
            if version > 1 and (brand == "A1" or (brand == "B2" and not supplier)):
                many += 60 + plant % 5 if world == "one" else 300 + plant % 7
            rows.append((f"p{plant}", (brand,), (many if world == "one" else 9000 - many * 11,)))
    return Table({"brand": ("A1", "B2", "C3")}, [Measure("held", 0, 10_000, "pcs")], rows, id=STOCK)


def stock_text(table: Table, hub: str, roster: Sequence[str]) -> str:
    """Write the product file of the stock: totals only, of this roster, through this aggregator."""
    masked = 'modes = ["masked"]'
    assert masked in table.text()
    total = f'modes = ["homomorphic"]\naggregator = "{hub}"\ncohort = {json.dumps(sorted(roster))}\ncount = 400'
    return table.text().replace(masked, total)
