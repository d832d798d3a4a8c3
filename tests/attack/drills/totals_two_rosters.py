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


def attack(scene: Scene, told: Told) -> None:
    scene.extra("dune")
    held = stocks(scene, "rosters")
    held.held = dict(held.held) | {"dune": rows_of(4)}
    held.publish("dune")
    status, body = held.ask(scene.mallory, sessions.SQL, "acme", "bolt", "cogs")
    assert status == 200, body
    first = cells(body)
    told.came.append(f"the first cohort: {sorted(first)} released")
    for who in (scene.mallory, scene.eve):
        for names in (("acme", "bolt", "dune"), ("acme", "bolt", "cogs", "dune")):
            told.tried.append(f"then the same cells of {', '.join(names)}")
            status, body = held.ask(who, sessions.SQL, *names)
            both = set(cells(body)) & set(first) if status == 200 else set()
            told.check("no cell is released of two rosters", holds=not both, came=both)
