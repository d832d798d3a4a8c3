"""Weights that copy single figures, joins of ids, single values, by naming a mode or a function.

Who: a consumer with an ordinary agreement.
Knows: the design papers, which describe more modes than are built.
Source: privacy.md 3, 4: packed-weight exfiltration; MIN, MAX, MEDIAN.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.attack.tables import Measure, Row, Table

if TYPE_CHECKING:
    from tests.attack.scene import Scene
    from tests.attack.told import Told


def attack(scene: Scene, told: Told) -> None:
    rows: list[Row] = [(f"c{i}", ("x",), (300 + i,)) for i in range(30)]
    table = Table({"line": ["x"]}, [Measure("amount", 0, 900, "CNY")], rows)
    assert table.publish(scene, "modes"), table.told
    table.number(scene.mallory, "SELECT SUM(amount) FROM held")
    agreement = table.agreements[scene.mallory.did]
    told.tried.append("modes that the contract does not grant, and functions of single values")
    for mode in (
        "private_weights",
        "intersection_sum",
        "secure_sum",
        "homomorphic",
        "plaintext",
        "MASKED",
        "noise",
    ):
        status, body = scene.mallory.ask(agreement, "SELECT SUM(amount) FROM held", mode=mode)
        told.check(f"mode {mode} is refused", holds=status in {400, 403}, came=body)
    for function in ("MIN", "MAX", "MEDIAN", "MODE", "VAR_POP", "STDDEV_POP", "ANY_VALUE"):
        status, body = scene.mallory.ask(agreement, f"SELECT {function}(amount) FROM held")
        told.check(f"{function} is refused", holds=status in {400, 403}, came=body)
