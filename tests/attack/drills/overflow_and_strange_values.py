"""A wrong total, or another's value, by figures that overflow or are no figures.

Who: a contributor who can write what it likes into the supplier's data, with a consumer.
Knows: the declared bounds and the width of the engine's integers.
Source: privacy.md 4: overflow at the bound, NaN, NULL, negative and huge values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.attack.tables import Measure, Row, Table

if TYPE_CHECKING:
    from tests.attack.scene import Scene
    from tests.attack.told import Told


TOP = 10**15


def attack(scene: Scene, told: Told) -> None:
    rows: list[Row] = [(f"c{i}", ("x",), (TOP - i % 2,)) for i in range(40)]
    table = Table({"line": ["x"]}, [Measure("amount", -TOP, TOP, "CNY")], rows)
    told.tried.append("forty contributors at the declared bound of 10^15")
    taken = table.publish(scene, "wide")
    told.came.append("published" if taken else str(table.told.get("error", table.told))[:200])
    if taken:
        number = table.number(scene.mallory, "SELECT SUM(amount) FROM held")
        told.check(
            "the total at the bound is exact",
            holds=number == sum(row[2][0] for row in rows),
            came=number,
        )
    else:
        told.check("bounds that do not fit are refused before anything is published", holds=True)
    for strange in ("NaN", "inf", "1e9", "", "-1e400", "9" * 30, "0x10", "1,5"):
        bad = [*rows, ("c3", ("x",), (strange,))]
        other = Table({"line": ["x"]}, [Measure("amount", -TOP, TOP, "CNY")], bad)
        told.check(
            f"a value of {strange[:12]!r} is refused", holds=not other.publish(scene, "strange")
        )
    told.tried.append("values that are no whole numbers, empty, or longer than 64 bits")
    _huge(scene, told)


def _huge(scene: Scene, told: Told) -> None:
    """One contributor far outside the bounds is clamped to them, and no answer tells it."""
    texts = []
    for most in (899, 10**12):
        rows: list[Row] = [(f"c{i}", ("x",), (300 + i,)) for i in range(200)]
        rows.append(("c7", ("x",), (most,)))
        table = Table({"line": ["x"]}, [Measure("amount", 0, 900, "CNY")], rows)
        assert table.publish(scene, "huge"), table.told
        status, body = table.ask(scene.mallory, "SELECT COUNT(*) FROM held")
        assert status == 200, body
        answer = body["answer"]
        texts.append([answer["measures"], answer["cells"][0]["values"], sorted(answer)])
    told.tried.append("one value beyond the bounds, and none: is it told?")
    told.check(
        "an answer does not tell whether a value was clamped",
        holds=texts[0] == texts[1],
        came=texts,
    )
