"""The figure of the one supplier who holds a brand, as the difference of two totals of one roster.

Who: two consumers who pool their totals.
Knows: that only acme holds brand C3.
Source: privacy.md 3.1; disclosure.md 8.2.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tests.attack.stocks import BRANDS, rows_of, stocks

if TYPE_CHECKING:
    from tests.attack.scene import Scene
    from tests.attack.told import Told


def attack(scene: Scene, told: Told) -> None:
    held = {
        name: rows_of(n, BRANDS if name == "acme" else BRANDS[:2])
        for n, name in enumerate(scene.suppliers, 1)
    }
    made = stocks(scene, "overlap", held=held)
    alone = sum(row[2][0] for row in held["acme"] if row[1] == ("C3",))
    sql = "SELECT SUM(held), COUNT(*) FROM held WHERE brand IN ({})"
    found: dict[str, Decimal] = {}
    for who, codes in (
        (scene.mallory, "'B2'"),
        (scene.eve, "'B2','C3'"),
        (scene.mallory, "'A1','B2','C3'"),
        (scene.eve, "'A1','B2'"),
        (scene.mallory, "'C3'"),
    ):
        status, body = made.ask(who, sql.format(codes))
        released = body["answer"]["cells"] if status == 200 else []
        told.tried.append(f"the total of {codes}")
        if released:
            found[codes] = Decimal(released[0]["values"]["held:sum"])
            told.came.append(f"{codes}: {found[codes]}")
    numbers = list(found.values())
    told.check(
        "no difference of two totals is acme's own figure",
        holds=all(abs(a - b) != alone for a in numbers for b in numbers) and alone not in numbers,
        came=found,
    )
    told.check("something is released at all", holds=bool(found))
