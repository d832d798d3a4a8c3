"""Noise averaged away, or another number, by repeating a question and by rewording it.

Who: a consumer with an ordinary agreement.
Knows: many ways to say the same.
Source: privacy.md 4: averaging by repetition and by syntactic variants.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.attack.tables import Measure, Row, Table

if TYPE_CHECKING:
    from tests.attack.scene import Scene
    from tests.attack.told import Told


VARIANTS = (
    "size > 4",
    "NOT size <= 4",
    "size >= 5",
    "4 < size",
    "NOT (size < 5)",
    "size > 4 AND size > 4",
    "size >= 5 OR size >= 5",
)


def attack(scene: Scene, told: Told) -> None:
    rows: list[Row] = [(f"c{i}", (str(i % 10),), (300 + 7 * i,)) for i in range(120)]
    dims = {"size": "bins = [0, 5, 10]\nwhole = true"}
    table = Table(dims, [Measure("amount", 0, 9000, "CNY")], rows)
    assert table.publish(scene, "again"), table.told
    told.tried.append(f"one total in {len(VARIANTS)} wordings, three times each, by two consumers")
    found = set()
    for where in VARIANTS:
        for who in (scene.mallory, scene.eve, scene.mallory):
            found.add(table.number(who, f"SELECT SUM(amount) FROM held WHERE {where}"))
    truth = sum(row[2][0] for row in rows if int(row[1][0]) > 4)
    told.came.append(f"the answers are {found}")
    told.check("every wording gets one and the same answer", holds=found == {truth})
