"""The late deliveries of the one supplier customer who was late, where only `on time` is declared.

Who: a consumer with an ordinary agreement.
Knows: that what is not on time is late, and that a sum near its bound says what is missing.
Source: disclosure.md 1, second row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.attack.tables import Measure, Table, combined

if TYPE_CHECKING:
    from tests.attack.scene import Scene
    from tests.attack.told import Told


def attack(scene: Scene, told: Told) -> None:
    rows = [
        (f"c{i}", ("all",), (0 if i == 7 and j < 3 else 1,)) for i in range(25) for j in range(4)
    ]
    table = Table({"line": ["all"]}, [Measure("on_time", 0, 1)], rows)
    told.tried.append("COUNT(*) - SUM(on_time): three late lines, all of one customer")
    assert table.publish(scene, "ontime"), table.told
    count = table.number(scene.mallory, "SELECT COUNT(*) FROM held")
    on_time = table.number(scene.mallory, "SELECT SUM(on_time) FROM held")
    nets = table.nets((1, lambda row: 1 - row[2][0]))
    told.judge("COUNT(*) - SUM(on_time)", combined([(1, count), (-1, on_time)]), nets, need=3)
    _near_the_bound(scene, told)


def _near_the_bound(scene: Scene, told: Told) -> None:
    """Everybody's score is the highest there is but one customer's."""
    rows = [(f"c{i}", ("all",), (40 - 7 * (i == 11),)) for i in range(25)]
    table = Table({"line": ["all"]}, [Measure("score", 0, 40, "points")], rows)
    told.tried.append("40 * COUNT(*) - SUM(score): only one customer is below the bound")
    assert table.publish(scene, "score"), table.told
    count = table.number(scene.mallory, "SELECT COUNT(*) FROM held")
    score = table.number(scene.mallory, "SELECT SUM(score) FROM held")
    nets = table.nets((1, lambda row: 40 - row[2][0]))
    told.judge("40 * COUNT(*) - SUM(score)", combined([(40, count), (-1, score)]), nets)
