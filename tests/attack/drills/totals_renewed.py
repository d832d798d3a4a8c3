"""What one supplier's figures changed by, as the difference of totals before and after a renewal.

Who: two consumers who pool their totals, and try to have tables renewed themselves.
Knows: that all suppliers' stock of A1 and C3 changed, and of B2 acme's alone.
Source: disclosure.md 8.3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.attack.insider import wait
from tests.attack.stocks import BRANDS, Stocks, cells, rows_of, stocks

if TYPE_CHECKING:
    from tests.attack.scene import Scene
    from tests.attack.told import Told

ASKED = ("'A1'", "'B2'", "'C3'", "'A1','B2'", "'A1','C3'", "'B2','C3'", "'A1','B2','C3'")
SQL = "SELECT SUM(held), COUNT(*) FROM held WHERE brand IN ({})"


def attack(scene: Scene, told: Told) -> None:
    held = {name: rows_of(n, BRANDS) for n, name in enumerate(scene.suppliers, 1)}
    made = stocks(scene, "renewed", held=held)
    before = totals(made, told)
    for who in (scene.mallory, scene.eve):
        status, _ = who.manage("POST", f"/v1/products/{made.id}/renewal")
        told.check("no consumer has a table renewed", holds=status == 404, came=status)
    changes = {"A1": (3, 5, 9), "B2": (7, 0, 0), "C3": (-3, -5, -9)}
    for at, name in enumerate(scene.suppliers):
        made.held[name][:] = [  # type: ignore[index]
            (plant, brand, (value + 20 + changes[brand[0]][at],))
            if changes[brand[0]][at]
            else (plant, brand, (value,))
            for plant, brand, (value,) in made.held[name]
        ]
    made.publish()
    again = totals(made, told)
    told.check("newer data alone are in no total", holds=again == before, came=again)
    found = [renewed(made, name) for name in (*scene.suppliers, *scene.suppliers)]
    told.came.append(f"renewed: {found[-1].get('classes')}")
    after = totals(made, told)
    told.check("something is renewed", holds=after != before, came=after)
    alone = sum(v for _, b, (v,) in made.held["acme"] if b == ("B2",))
    told.check("what acme alone changed stays", holds=after.get("'B2'") == before.get("'B2'"))
    moved = {key: after[key] - before[key] for key in before if key in after}
    own = 27 * 20  # what acme's stock of B2 grew by
    told.check(
        "no difference, and no difference of two, is what acme alone changed",
        holds=all(abs(a - b) != own for a in (0, *moved.values()) for b in (0, *moved.values())),
        came=moved,
    )
    told.check(
        "acme's own stock is no total", holds=alone not in {*before.values(), *after.values()}
    )


def totals(made: Stocks, told: Told) -> dict[str, int]:
    """Ask for every total that there is, by both."""
    found: dict[str, int] = {}
    for at, codes in enumerate(ASKED):
        who = (made.scene.mallory, made.scene.eve)[at % 2]
        told.tried.append(f"the total of {codes}")
        status, body = made.ask(who, SQL.format(codes))
        if status == 200 and (values := cells(body).get("")):
            found[codes] = int(values["held:sum"])
    return found


def renewed(made: Stocks, name: str) -> Any:
    """Ask as a supplier's owner; from the second time on until it is done."""
    path = f"/v1/products/{made.id}/renewal"
    status, found = made.supplier(name).manage("POST", path)
    assert status == 200, found
    if found["missing"]:
        return found
    names = list(made.scene.suppliers)
    return wait(
        lambda: [made.supplier(n).manage("POST", path)[1] for n in names][names.index(name)],
        lambda one: one["state"] == "renewed",
        120,
    )
