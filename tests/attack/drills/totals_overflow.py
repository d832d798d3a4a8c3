"""One supplier's figure carried into another's slot, by totals at the declared bound.

Who: a consumer, with suppliers whose figures all lie at the bound.
Knows: how wide a slot of a ciphertext is.
Source: privacy.md 3.2, 4: overflow at the bound, layout lies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.attack import sessions
from tests.attack.stocks import BRANDS, cells, stocks

if TYPE_CHECKING:
    from tests.attack.scene import Scene
    from tests.attack.told import Told


MOST = 10**12


def attack(scene: Scene, told: Told) -> None:
    held = {
        name: [(f"p{i}", (brand,), (MOST,)) for i in range(20) for brand in BRANDS[:2]]
        for name in scene.suppliers
    }
    made = stocks(scene, "overflow", held=held, most=MOST)
    status, body = made.ask(scene.mallory)
    told.tried.append("every figure at the declared bound of 10^12")
    got = (
        {key: values["held:sum"] for key, values in cells(body).items()} if status == 200 else body
    )
    told.came.append(str(got)[:200])
    truth = {brand: str(made.truth(brand)) for brand in BRANDS[:2]}
    told.check(
        "the total at the bound is exact",
        holds={brand: got.get(brand) for brand in truth} == truth,
        came=got,
    )
    opening = made.drawn(scene.mallory)["acme"]
    told.tried.append(
        "layouts that lie: scales, lower bounds above nought, slots of one bit, columns twice"
    )
    first, *rest = opening.session["columns"]
    for what, columns in (
        ("another scale", [first | {"scale": first["scale"] + 1}, *rest]),
        ("a bound of one", [first | {"lower": "0", "upper": "1"}, *rest]),
        (
            "no room below",
            [first | {"lower": "0"}, *[c | {"lower": "0", "upper": "2"} for c in rest]],
        ),
        ("a column twice", [first, first]),
        ("one column less", [first]),
        ("a bound that is none", [first | {"upper": "0"}, *rest]),
    ):
        status, body = sessions.open_at(scene.mallory, scene.acme, opening.changed(columns=columns))
        told.check(f"{what} is refused", holds=status in {400, 403}, came=body)
