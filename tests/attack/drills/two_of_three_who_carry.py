"""The fine of a third firm, derived by two that pay fines themselves.

Who: two of three contributors who carry a figure, together with a consumer.
Knows: their own figures; that only three of thirty pay any fine; that k is 20.
Source: disclosure.md 1, sixth row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.attack.tables import Measure, Row, Table, combined

if TYPE_CHECKING:
    from tests.attack.scene import Scene
    from tests.attack.told import Told


def attack(scene: Scene, told: Told) -> None:
    fined = {3: 4000, 11: 5200, 19: 4800}
    rows: list[Row] = [(f"c{i}", ("all",), (fined.get(i, 0),)) for i in range(30)]
    rules = "minimum_contributors = 20\ndominance = [[1, 75], [2, 85]]\np_percent = 10"
    table = Table({"line": ["all"]}, [Measure("fine", 0, 9000, "CNY")], rows, rules=rules)
    told.tried.append("SUM(fine) minus the fines of two of the three who pay any, under k = 20")
    assert table.publish(scene, "fines"), table.told
    total = table.number(scene.mallory, "SELECT SUM(fine) FROM held")
    third = combined([(1, total), (-4000, 1), (-5200, 1)]) if total is not None else None
    nets = table.nets((1, lambda row: row[2][0] * (row[0] == "c19")))
    told.judge("SUM(fine) - 4000 - 5200", third, nets)
