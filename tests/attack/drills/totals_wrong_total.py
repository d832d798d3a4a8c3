"""A wrong total passed off as right.

Who: the operator of the aggregator, who has patched its own connector and no key.
Knows: every ciphertext; that ciphertexts can be added, left out, doubled, swapped and multiplied.
Source: disclosure.md 8.4; issue 9, purpose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.attack.patched import patched_hub
from tests.attack.patches import WAYS
from tests.attack.stocks import cells, stocks

if TYPE_CHECKING:
    from tests.attack.scene import Scene
    from tests.attack.told import Told


def attack(scene: Scene, told: Told) -> None:
    held = stocks(scene, "wrong")
    held.agreements(scene.mallory)
    truth = {brand: str(held.truth(brand)) for brand in ("A1", "B2")}
    with patched_hub(scene) as tell:
        for way in ("honest", *WAYS):
            tell(way)
            status, body = held.ask(scene.mallory)
            released = cells(body) if status == 200 else {}
            given = {key: released[key]["held:sum"] for key in truth if key in released}
            told.came.append(f"{way}: {status} {given or body['error']['code']}")
            if way == "honest":
                assert given == truth, body
                continue
            told.tried.append(f"a product with {way}")
            told.check(
                f"{way}: no wrong total is shown",
                holds=status != 200 or given == truth,
                came=f"{given} for {truth}",
            )
