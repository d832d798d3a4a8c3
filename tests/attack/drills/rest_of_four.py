"""One order, and one amount, as what is left of a total when all its parts are taken away.

Who: a consumer with an ordinary agreement.
Knows: that orders are open, shipped, closed or cancelled, and that a gross is made of its parts.
Source: disclosure.md 1, fourth row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.attack.tables import Measure, Row, Table, combined

if TYPE_CHECKING:
    from tests.attack.scene import Scene
    from tests.attack.told import Told


STATES = ("opened", "shipped", "closed", "cancelled")
PARTS = ("net", "tax", "freight", "packing")


def attack(scene: Scene, told: Told) -> None:
    rows: list[Row] = []
    for i in range(30):
        for j in range(4):
            lost = i == 12 and j == 0
            rows.append(
                (f"c{i}", ("all",), tuple(int(k == (i + j) % 4 and not lost) for k in range(4)))
            )
    table = Table({"line": ["all"]}, [Measure(name, 0, 1) for name in STATES], rows)
    told.tried.append(
        "COUNT(*) - open - shipped - closed - cancelled: one order is in none of them"
    )
    assert table.publish(scene, "orders"), table.told
    numbers = [(1, table.number(scene.mallory, "SELECT COUNT(*) FROM held"))]
    numbers += [(-1, table.number(scene.mallory, f"SELECT SUM({s}) FROM held")) for s in STATES]
    nets = table.nets((1, lambda row: 1 - sum(row[2])))
    told.judge("COUNT(*) - its four states", combined(numbers), nets, need=3)
    _gross(scene, told)


def _gross(scene: Scene, told: Told) -> None:
    """One invoice has a rebate that no part shows."""
    rows: list[Row] = []
    for i in range(30):
        parts = (1000 + 13 * i, 190 + i, 40 + i % 7, 5 + i % 3)
        rows.append((f"c{i}", ("all",), (sum(parts) + 4711 * (i == 21), *parts)))
    names = ("gross", *PARTS)
    table = Table({"line": ["all"]}, [Measure(n, 0, 20_000, "CNY") for n in names], rows)
    told.tried.append("SUM(gross) minus its four parts: one invoice has 4711 more")
    assert table.publish(scene, "gross"), table.told
    numbers = [
        (1 if name == "gross" else -1, table.number(scene.mallory, f"SELECT SUM({name}) FROM held"))
        for name in names
    ]
    nets = table.nets((1, lambda row: row[2][0] - sum(row[2][1:])))
    told.judge("SUM(gross) - its four parts", combined(numbers), nets)
