"""The one new order among sixty that only moved.

Who: a consumer who asks the same total before and after a new version of the data.
Knows: when the supplier publishes; that orders move from one state to the next all the time.
Source: disclosure.md 1, last row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.attack.tables import Measure, Row, Table, combined

if TYPE_CHECKING:
    from tests.attack.scene import Scene
    from tests.attack.told import Told


def attack(scene: Scene, told: Told) -> None:
    def rows(moved: int, *, placed: bool) -> list[Row]:
        found: list[Row] = []
        for i in range(40):
            for j in range(4):
                state = "closed" if (i + 40 * j) < moved or j == 3 else "open"
                found.append((f"c{i}", (state,), (500 + 3 * i + j,)))
        return [*found, ("c8", ("open",), (6543,))] if placed else found

    table = Table(
        {"state": ["open", "closed"]}, [Measure("amount", 0, 9000, "CNY")], rows(0, placed=False)
    )
    assert table.publish(scene, "moving"), table.told
    asked = ("SELECT COUNT(*) FROM held", "SELECT SUM(amount) FROM held")
    before = [table.number(scene.mallory, sql) for sql in asked]
    table.rows = rows(60, placed=True)
    told.tried.append("totals before and after: sixty orders move, customer c8 places one")
    assert table.publish(scene, "moving"), table.told
    after = [table.number(scene.mallory, sql) for sql in asked]
    for what, one, two, of in zip(
        ("COUNT(*)", "SUM(amount)"),
        before,
        after,
        (lambda _: 1, lambda row: row[2][0]),
        strict=True,
    ):
        added = [row for row in table.rows if row[2] == (6543,)]
        nets = {row[0]: of(row) for row in added}
        told.judge(f"{what} after - before", combined([(1, two), (-1, one)]), nets, need=5)
