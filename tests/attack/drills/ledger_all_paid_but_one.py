"""The balance of the one customer who has not paid.

Who: a consumer with an ordinary agreement.
Knows: that in a ledger what is billed and what is paid cancel.
Source: disclosure.md 1, first row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.attack.tables import Measure, Table

if TYPE_CHECKING:
    from tests.attack.scene import Scene
    from tests.attack.told import Told


def attack(scene: Scene, told: Told) -> None:
    rows = []
    for i in range(20):
        amount = 1000 + 7 * i
        rows.append((f"c{i}", ("billed",), (amount,)))
        if i != 13:
            rows.append((f"c{i}", ("paid",), (-amount,)))
    table = Table({"kind": ["billed", "paid"]}, [Measure("amount", -5000, 5000, "CNY")], rows)
    told.tried.append("SUM(amount) over a ledger in which 19 of 20 customers have paid")
    assert table.publish(scene, "ledger"), table.told
    total = table.number(scene.mallory, "SELECT SUM(amount) FROM held")
    told.judge("SUM(amount)", total, table.nets((1, lambda row: row[2][0])))
