"""The figure of a contributor who leaves, or comes, between two versions of the data.

Who: a consumer who asks the same before and after.
Knows: that customer c8 left the supplier in between, and nobody else changed.
Source: privacy.md 4: N against N-1; data versions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.attack.tables import Measure, Row, Table, combined

if TYPE_CHECKING:
    from tests.attack.scene import Scene
    from tests.attack.told import Told


ASKED = (
    "SELECT COUNT(*) FROM held",
    "SELECT SUM(amount) FROM held",
    "SELECT SUM(amount) FROM held WHERE kind = 'a'",
    "SELECT AVG(amount) FROM held",
)


def attack(scene: Scene, told: Told) -> None:
    everybody: list[Row] = [
        (f"c{i}", (kind,), (400 + 13 * i + at,)) for at, kind in enumerate("ab") for i in range(30)
    ]
    without = [row for row in everybody if row[0] != "c8"]
    for what, first, second in (("leaves", everybody, without), ("comes", without, everybody)):
        table = Table({"kind": ["a", "b"]}, [Measure("amount", 0, 9000, "CNY")], first)
        assert table.publish(scene, "leaves"), table.told
        before = [table.number(scene.mallory, sql) for sql in ASKED]
        table.rows = second
        assert table.publish(scene, "leaves"), table.told
        after = [table.number(scene.eve, sql) for sql in ASKED]
        told.tried.append(f"the same totals before and after customer c8 {what}")
        truths = (2, 1008 + 1, 504, None)
        for sql, one, two, truth in zip(ASKED, before, after, truths, strict=True):
            difference = combined([(1, two), (-1, one)])
            if truth is None:
                told.check(f"{sql}: the average did not move", holds=difference in (None, 0))
            else:
                sign = -1 if what == "leaves" else 1
                told.judge(f"after - before, {sql}", difference, {"c8": sign * truth})
