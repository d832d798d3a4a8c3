"""One contributor isolated by dates, by bins, or by a code that identifies.

Who: a consumer with an ordinary agreement.
Knows: the day on which customer c0 ordered, how large his orders are, and his tax number.
Source: issue 9, 5: dates and bins that isolate one contributor; group keys that identify.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.attack.tables import Measure, Row, Table

if TYPE_CHECKING:
    from tests.attack.scene import Scene
    from tests.attack.told import Told


def attack(scene: Scene, told: Told) -> None:
    _days(scene, told)
    _bins(scene, told)
    _identifying(scene, told)
    _contributor(scene, told)


def _days(scene: Scene, told: Told) -> None:
    days = [f"2026-03-{n:02}" for n in range(1, 15)]
    rows: list[Row] = [
        (f"c{i}", (day,), (200 + i,))
        for day in days
        for i in ([0] if day == days[6] else range(1, 25))
    ]
    table = Table({"day": days}, [Measure("amount", 0, 900, "CNY")], rows)
    assert table.publish(scene, "days"), table.told
    told.tried.append("each single day, each pair of neighbours, and all up to each day")
    alone = {"c0": 200}
    for where in (f"day = '{days[6]}'", f"day IN ('{days[6]}')", f"NOT day <> '{days[6]}'"):
        number = table.number(scene.mallory, f"SELECT SUM(amount) FROM held WHERE {where}")
        told.judge(f"SUM where {where}", number, alone)
    upto = [
        table.number(
            scene.eve if n % 2 else scene.mallory,
            f"SELECT SUM(amount) FROM held WHERE day IN ({', '.join(repr(d) for d in days[:n])})",
        )
        for n in (6, 7)
    ]
    difference = None if None in upto else upto[1] - upto[0]
    told.judge("all up to day 7 - all up to day 6", difference, alone)


def _bins(scene: Scene, told: Told) -> None:
    """Sizes in declared bins; only c0 orders more than 500."""
    rows: list[Row] = [(f"c{i}", (f"{20 + i % 70}",), (300 + i,)) for i in range(1, 60)]
    rows += [("c0", ("700",), (777,))]
    table = Table(
        {"size": "bins = [0, 30, 60, 100, 500, 1000]\nwhole = true"},
        [Measure("amount", 0, 900, "CNY")],
        rows,
    )
    assert table.publish(scene, "bins"), table.told
    told.tried.append("sizes above an edge, and the same in other words")
    for where in ("size >= 500", "size > 499", "NOT size < 500", "size >= 500 AND size < 1000"):
        number = table.number(scene.mallory, f"SELECT SUM(amount) FROM held WHERE {where}")
        told.judge(f"SUM where {where}", number, {"c0": 777})
    for where in ("size > 650", "size = 700", "size BETWEEN 690 AND 710"):
        status, body = table.ask(scene.mallory, f"SELECT SUM(amount) FROM held WHERE {where}")
        told.check(f"a range between the edges is refused: {where}", holds=status == 403, came=body)
    low = table.number(scene.eve, "SELECT SUM(amount) FROM held WHERE size < 500")
    whole = table.number(scene.mallory, "SELECT SUM(amount) FROM held")
    rest = None if None in (low, whole) else whole - low
    told.judge("all - all below 500", rest, {"c0": 777})


def _identifying(scene: Scene, told: Told) -> None:
    """A group key that is another name of the contributor."""
    numbers = [f"TAX{i:03}" for i in range(20)]
    rows: list[Row] = [(f"c{i}", (numbers[i],), (300 + 11 * i,)) for i in range(20)]
    table = Table({"tax": numbers}, [Measure("amount", 0, 900, "CNY")], rows)
    told.tried.append("GROUP BY a tax number that each contributor has alone")
    assert table.publish(scene, "tax"), table.told
    answered = table.cells(
        scene.mallory, "SELECT tax, SUM(amount), COUNT(*) FROM held GROUP BY tax"
    )
    told.check("no cell of a single tax number is released", holds=not answered, came=answered)
    for code in numbers[:3]:
        number = table.number(scene.mallory, f"SELECT SUM(amount) FROM held WHERE tax = '{code}'")
        told.judge(f"SUM of {code}", number, {"c": 300 + 11 * int(code[3:])})


def _contributor(scene: Scene, told: Told) -> None:
    """The contributor itself as a dimension or in a question."""
    rows: list[Row] = [(f"c{i}", ("x",), (300 + i,)) for i in range(20)]
    table = Table({"line": ["x"]}, [Measure("amount", 0, 900, "CNY")], rows)
    assert table.publish(scene, "own"), table.told
    told.tried.append(
        "the contributor in GROUP BY, WHERE and HAVING; there or not, it must look alike"
    )
    said = set()
    for who in (f"{table.id}-c3", "nobody-at-all"):
        for sql in (
            "SELECT who, SUM(amount) FROM held GROUP BY who",
            f"SELECT SUM(amount) FROM held WHERE who = '{who}'",
        ):
            status, body = table.ask(scene.mallory, sql)
            told.check(
                "a question about the contributor is refused", holds=status == 403, came=body
            )
            if "WHERE" in sql:
                said.add(str(body["error"]["reasons"]).replace(who, "WHO"))
    told.check(
        "a contributor that is there and one that is not are refused alike",
        holds=len(said) == 1,
        came=said,
    )
