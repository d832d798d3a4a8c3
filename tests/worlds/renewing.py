"""A cohort table is renewed: the consumer asks before, in the middle, and afterwards."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.attack import sessions
from tests.attack.insider import wait
from tests.worlds import holdings
from tests.worlds.caller import call

if TYPE_CHECKING:
    from tests.worlds.space import World

PATH = f"/v1/products/{holdings.STOCK}/renewal"
EVERY = ("", " WHERE brand = 'A1'", " WHERE brand IN ('A1', 'B2')")


def renewing(world: World) -> None:
    """All suppliers publish; their owners ask, one after the other; somebody else tries to."""
    world.publish_stock(2)
    _ask(world, "newer data")
    for name, supplier in world.suppliers.items():
        status, _ = supplier.manage("POST", PATH)
        assert status == 200
        _ask(world, f"{name} has asked", times=1)
    for who in (world.eve, world.mallory):
        for step, field in (("renew", "asked"), ("changes", "changes")):
            for value in (None, "", "x.y.z", {}, []):
                path = f"/voile/v1/aggregations/tables/{step}"
                label = f"{step} {str(value)[:20]}"
                call(world.book, label, world.hub, "POST", path, {field: value}, who=who)
    wait(
        lambda: [one.manage("POST", PATH)[1]["state"] for one in world.suppliers.values()],
        lambda states: set(states) == {"renewed"},
        120,
    )
    _ask(world, "renewed")


def _ask(world: World, label: str, times: int = len(EVERY)) -> None:
    agreements = world.notes["stock"]
    for who in (world.mallory, world.eve):
        body = {"agreement": agreements[0]}
        path = "/voile/v1/cohorts/tables/ready"
        call(world.book, f"{label}: ready", world.acme, "POST", path, body, who=who)
    for where in EVERY[:times]:
        sql = f"SELECT SUM(held), COUNT(*) FROM held{where}"
        status, found = sessions.ask(world.mallory, agreements, sql)
        found.pop("seconds", None)
        data = json.dumps(found).encode()
        world.book.note(f"{label}: total{where}", status, [], data, length=False)
