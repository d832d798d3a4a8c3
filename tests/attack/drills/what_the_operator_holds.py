"""Figures, contributors and keys in what the operator keeps.

Who: the operator, reading its own disk after a total.
Knows: everything in its own home, and the form of everybody's files.
Source: privacy.md 1: the operator must never learn any figure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.attack.stocks import stocks

if TYPE_CHECKING:
    from tests.attack.scene import Scene
    from tests.attack.told import Told


def attack(scene: Scene, told: Told) -> None:
    held = stocks(scene, "operator")
    status, body = held.ask(scene.mallory)
    assert status == 200, body
    told.tried.append(
        "every file of the operator, for contributors, sums, question texts and secret keys"
    )
    wanted = {
        "a contributor": f"{held.id}-acme-p3",
        "the question": held.sql(),
        "a secret key": '"p":"',
    }
    for name, rows in held.held.items():
        for brand in ("A1", "B2"):
            wanted[f"{name}'s sum of {brand}"] = (
                f'"{sum(r[2][0] for r in rows if r[1] == (brand,))}"'
            )
    for brand in ("A1", "B2"):
        wanted[f"the total of {brand}"] = f'"{held.truth(brand)}"'
    data = [path.read_bytes() for path in scene.hub.home.rglob("*") if path.is_file()]
    told.came.append(f"{len(data)} files, {sum(map(len, data))} bytes")
    for what, text in wanted.items():
        told.check(
            f"{what} is in none of them",
            holds=not any(text.encode() in one for one in data),
            came=text,
        )
