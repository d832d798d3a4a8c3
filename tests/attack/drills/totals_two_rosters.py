"""The fourth supplier, as the difference of the totals of {1,2,3} and {1,2,4}.

Who: two consumers who pool their totals.
Knows: who offers the same product.
Source: privacy.md 3.1 (7); disclosure.md 8.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.attack import sessions
from tests.attack.stocks import cells, rows_of, stocks

if TYPE_CHECKING:
    from tests.attack.scene import Scene
    from tests.attack.told import Told


ROSTERS = (
    ("acme", "bolt", "cogs"),
    ("acme", "bolt", "dune"),
    ("acme", "bolt", "cogs", "dune"),
    ("bolt", "cogs", "dune"),
)


def attack(scene: Scene, told: Told) -> None:
    scene.extra("dune")
    rows = {name: rows_of(n) for n, name in enumerate((*scene.suppliers, "dune"), 1)}
    held = stocks(scene, "rosters", held=rows)
    released: dict[str, set[tuple[str, ...]]] = {}
    for who in (scene.mallory, scene.eve):
        for names in ROSTERS:
            told.tried.append(f"a total of {', '.join(names)}")
            status, body = held.ask(who, sessions.SQL, *names)
            for cell in cells(body) if status == 200 else ():
                released.setdefault(cell, set()).add(names)
    told.came.append(f"released: {sorted(released)}")
    told.check("something is released", holds=bool(released))
    for cell, rosters in released.items():
        told.check(f"{cell} is released of one roster only", holds=len(rosters) == 1, came=rosters)
