"""One row, where COUNT is released on a finer part than SUM.

Who: a consumer with an ordinary agreement.
Knows: that every row of the other part is late, from the business itself.
Source: disclosure.md 1, fifth row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.attack.tables import Measure, Row, Table, combined

if TYPE_CHECKING:
    from tests.attack.scene import Scene
    from tests.attack.told import Told


def attack(scene: Scene, told: Told) -> None:
    rows: list[Row] = []
    for i in range(20):
        rows.append((f"c{i}", ("new",), (int(i != 4),)))  # all late but one
        rows.append((f"c{i}", ("old",), (0,)))  # none late
    table = Table({"kind": ["new", "old"]}, [Measure("late", 0, 1)], rows)
    told.tried.append(
        "COUNT(new) - SUM(late) over both kinds: in the old kind nothing is ever late"
    )
    assert table.publish(scene, "finer"), table.told
    count = table.number(scene.mallory, "SELECT COUNT(*) FROM held WHERE kind = 'new'")
    late = table.number(scene.mallory, "SELECT SUM(late) FROM held")
    nets = table.nets((1, lambda row: int(row[1][0] == "new")), (-1, lambda row: row[2][0]))
    told.judge("COUNT(new) - SUM(late)", combined([(1, count), (-1, late)]), nets, need=3)
