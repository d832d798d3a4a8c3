"""The same rows cut another way, so that the two cuts give a cell away.

Who: a careless or bribed employee of the supplier who may publish, together with a consumer.
Knows: the data file; that another order of the dimensions merges other cells.
Source: issue 9, 5: re-cut under another id, after withdrawal, with one row more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.attack.tables import Measure, Row, Table

if TYPE_CHECKING:
    from tests.attack.scene import Scene
    from tests.attack.told import Told


def attack(scene: Scene, told: Told) -> None:
    rows: list[Row] = []
    for region in ("N", "S"):
        for kind in ("a", "b", "c"):
            people = range(2) if (region, kind) == ("S", "b") else range(30)
            rows += [(f"c{i}", (region, kind), (100 + 3 * i,)) for i in people]
    first = Table(
        {"region": ["N", "S"], "kind": ["a", "b", "c"]}, [Measure("amount", 0, 900, "CNY")], rows
    )
    assert first.publish(scene, "cut"), first.told
    turned: list[Row] = [(who, (kind, region), values) for who, (region, kind), values in rows]
    names = first.id
    for what, made, ident in (
        ("under another id", turned, ""),
        ("under another id, with one row more", [*turned, ("c3", ("a", "N"), (77,))], ""),
        ("under another id, with one contributor more", [*turned, ("c99", ("a", "N"), (77,))], ""),
        ("under its own id", turned, names),
    ):
        _again(scene, told, what, made, ident, names)
    scene.acme.manage("DELETE", f"/v1/products/{names}")
    for what, made, ident in (
        ("after withdrawal, under another id", turned, ""),
        ("after withdrawal, under its own id", turned, names),
    ):
        _again(scene, told, what, made, ident, names)


def _again(scene: Scene, told: Told, what: str, rows: list[Row], ident: str, first: str) -> None:
    dims = {"kind": ["a", "b", "c"], "region": ["N", "S"]}
    table = Table(dims, [Measure("amount", 0, 900, "CNY")], rows, id=ident)
    # the contributors are the same people, whatever the product is called
    table.prefix = first
    told.tried.append(f"the dimensions turned round, {what}")
    taken = table.publish(scene, "recut")
    told.came.append(f"{what}: {'published' if taken else _why(table.told)}")
    told.check(f"a second cut {what} is refused", holds=not taken)


def _why(told: dict) -> str:
    return str(told.get("error", {}).get("code", ""))
