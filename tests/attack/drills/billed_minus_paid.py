"""One customer's debt, and one price, as the difference of two figures that are each released.

Who: a consumer with an ordinary agreement.
Knows: which declared figures are of one kind: two amounts, two caps on one column, one amount in
two scales, shares that add up to a hundred.
Source: disclosure.md 1, third row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.attack.tables import Measure, Row, Table, combined

if TYPE_CHECKING:
    from tests.attack.scene import Scene
    from tests.attack.told import Told


ALL = {"line": ["all"]}


def attack(scene: Scene, told: Told) -> None:
    _pair(
        scene,
        told,
        "billed - paid",
        "CNY",
        [(2000 + 31 * i, 2000 + 31 * i - 450 * (i == 5)) for i in range(25)],
    )
    _caps(scene, told)
    _scales(scene, told)
    _shares(scene, told)


def _pair(scene: Scene, told: Told, what: str, unit: str, values: list[tuple[int, int]]) -> None:
    rows: list[Row] = [(f"c{i}", ("all",), pair) for i, pair in enumerate(values)]
    measures = [Measure("billed", 0, 9000, unit), Measure("paid", 0, 9000, unit)]
    table = Table(ALL, measures, rows)
    told.tried.append(f"SUM of {what}: 24 of 25 customers are even")
    assert table.publish(scene, "debt"), table.told
    one, two = (
        table.number(scene.mallory, f"SELECT SUM({name}) FROM held") for name in ("billed", "paid")
    )
    nets = table.nets((1, lambda row: row[2][0] - row[2][1]))
    told.judge(what, combined([(1, one), (-1, two)]), nets)


def _caps(scene: Scene, told: Told) -> None:
    """One column declared twice, with two upper bounds: only one price lies between them."""
    rows: list[Row] = [(f"c{i}", ("all",), (100 + 3 * i + 600 * (i == 9),)) for i in range(25)]
    measures = [
        Measure("price", 0, 1000, "CNY"),
        Measure("capped", 0, 500, "CNY", column="price"),
    ]
    table = Table(ALL, measures, rows)
    told.tried.append("SUM(price) - SUM(capped): one column under two caps")
    if not table.publish(scene, "caps"):
        told.check("two caps on one column are published", holds=True)
        return
    one, two = (
        table.number(scene.mallory, f"SELECT SUM({name}) FROM held") for name in ("price", "capped")
    )
    nets = table.nets((1, lambda row: row[2][0] - min(row[2][0], 500)))
    told.judge("SUM(price) - SUM(capped)", combined([(1, one), (-1, two)]), nets)


def _scales(scene: Scene, told: Told) -> None:
    """The same amount in yuan and in thousandths of it, which one customer does not match."""
    rows: list[Row] = [
        (f"c{i}", ("all",), (300 + i, 1000 * (300 + i) - 77 * (i == 2))) for i in range(25)
    ]
    measures = [
        Measure("yuan", 0, 1000, "CNY"),
        Measure("fine", 0, 1000, "CNY", "scale = 3", "thousandths", "thousandths / 1000"),
    ]
    table = Table(ALL, measures, rows)
    told.tried.append("SUM(yuan) - SUM(fine): one amount in two scales")
    assert table.publish(scene, "scales"), table.told
    one, two = (
        table.number(scene.mallory, f"SELECT SUM({name}) FROM held") for name in ("yuan", "fine")
    )
    number = combined([(1000, one), (-1000, two)])
    nets = table.nets((1, lambda row: 1000 * row[2][0] - row[2][1]))
    told.judge("1000 * (SUM(yuan) - SUM(fine))", number, nets)


def _shares(scene: Scene, told: Told) -> None:
    """Road and rail are a hundred per cent of every row but one customer's."""
    rows: list[Row] = [
        (f"c{i}", ("all",), (40 + i % 20, 60 - i % 20 - 13 * (i == 17))) for i in range(25)
    ]
    table = Table(ALL, [Measure("road", 0, 100, "%"), Measure("rail", 0, 100, "%")], rows)
    told.tried.append("100 * COUNT(*) - SUM(road) - SUM(rail): one customer ships by air, too")
    assert table.publish(scene, "shares"), table.told
    count, road, rail = (
        table.number(scene.mallory, f"SELECT {what} FROM held")
        for what in ("COUNT(*)", "SUM(road)", "SUM(rail)")
    )
    nets = table.nets((1, lambda row: 100 - row[2][0] - row[2][1]))
    told.judge(
        "100 * COUNT(*) - road - rail", combined([(100, count), (-1, road), (-1, rail)]), nets
    )
