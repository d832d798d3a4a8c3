"""The size of a withheld cell, read from what HAVING, ORDER BY and LIMIT do with it.

Who: a consumer with an ordinary agreement.
Knows: that customer c0 is alone in the west, and roughly what he may have ordered.
Source: issue 9, 5: HAVING, ORDER BY, LIMIT as oracles.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.attack.tables import Measure, Row, Table

if TYPE_CHECKING:
    from tests.attack.scene import Scene
    from tests.attack.told import Told


HIDDEN = 4321
BASE = "SELECT region, SUM(amount) AS total, COUNT(*) AS n, AVG(amount) FROM held GROUP BY region"


def attack(scene: Scene, told: Told) -> None:
    rows: list[Row] = [
        (f"c{i}", (region,), (100 * (2 + at) + i,))
        for at, region in enumerate(("N", "S", "E", "M"))
        for i in range(1, 25)
    ]
    rows.append(("c0", ("W",), (HIDDEN,)))
    table = Table({"region": ["N", "S", "E", "M", "W"]}, [Measure("amount", 0, 9000, "CNY")], rows)
    assert table.publish(scene, "order"), table.told
    told.tried.append("HAVING at thresholds around the truth, in a binary search")
    low, high, steps = 0, 9000, 0
    seen = set()
    while high - low > 1 and steps < 14:
        middle, steps = (low + high) // 2, steps + 1
        seen.add(_withheld(table, scene, f"{BASE} HAVING SUM(amount) > {middle}"))
        low, high = (middle, high) if middle < HIDDEN else (low, middle)
    told.came.append(f"{steps} thresholds gave {len(seen)} kinds of withheld cells")
    told.check("what is withheld is the same at every threshold", holds=len(seen) == 1, came=seen)
    for name in ("AVG(amount)", "COUNT(*)"):
        both = {
            _withheld(table, scene, f"{BASE} HAVING {name} {op} {at}")
            for op in ("<", ">", "=")
            for at in (1, HIDDEN)
        }
        told.check(f"and for HAVING {name}", holds=len(both) == 1, came=both)
    told.tried.append("ORDER BY both ways, with LIMIT 1 to 5: where does the withheld cell stand?")
    for by in ("total", "n", "region"):
        places = set()
        for way in ("ASC", "DESC"):
            for limit in range(1, 6):
                status, body = table.ask(scene.mallory, f"{BASE} ORDER BY {by} {way} LIMIT {limit}")
                assert status == 200, body
                answer = body["answer"]
                shown = [cell for cell in answer["cells"] if "W" in cell["key"].values()]
                places.add(any(v is not None for cell in shown for v in cell["values"].values()))
        told.check(f"no LIMIT under ORDER BY {by} shows the withheld cell", holds=places == {False})


def _withheld(table: Table, scene: Scene, sql: str) -> str:
    status, body = table.ask(scene.mallory, sql)
    assert status == 200, body
    answer = body["answer"]
    mine = [cell for cell in answer["cells"] if "W" in cell["key"].values()]
    return json.dumps([mine, answer["withheld"]], sort_keys=True)
