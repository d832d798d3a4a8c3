"""A single value by binary search on the literals of a filter.

Who: a consumer with an ordinary agreement.
Knows: the names of all columns and a contributor's id.
Source: issue 9, 5: binary search on filter literals; privacy.md 2: WHERE speaks of dimensions only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.attack.tables import Measure, Row, Table

if TYPE_CHECKING:
    from tests.attack.scene import Scene
    from tests.attack.told import Told


def attack(scene: Scene, told: Told) -> None:
    rows: list[Row] = [(f"c{i}", ("x",), (300 + 7 * i,)) for i in range(30)]
    table = Table({"line": ["x"]}, [Measure("amount", 0, 900, "CNY")], rows)
    assert table.publish(scene, "literal"), table.told
    said: dict[str, set[str]] = {}
    patterns = (
        "SELECT COUNT(*) FROM held WHERE amount > {}",
        "SELECT SUM(amount) FROM held WHERE amount = {}",
        "SELECT SUM(amount) FROM held WHERE line = 'x' AND amount <= {}",
        "SELECT SUM(amount) FROM held WHERE amount / {} > 1",
        "SELECT line, COUNT(*) FROM held GROUP BY line HAVING MAX(amount) > {}",
        "SELECT COUNT(*) FROM held WHERE EXISTS (SELECT 1 FROM held WHERE amount > {})",
    )
    told.tried.append("conditions on a measure, at literals from 1 to 899")
    for pattern in patterns:
        for literal in (199, 299, 300, 301, 450, 503, 899):
            status, body = table.ask(scene.mallory, pattern.format(literal))
            told.check(f"refused: {pattern}", holds=status == 403, came=body)
            error = body.get("error", {})
            text = str(error.get("reasons")).replace(str(literal), "LITERAL")
            said.setdefault(pattern, set()).add(text)
    for pattern, texts in said.items():
        told.check(
            f"refused in the same words at every literal: {pattern}",
            holds=len(texts) == 1,
            came=texts,
        )
    told.held = sorted(set(told.held))
