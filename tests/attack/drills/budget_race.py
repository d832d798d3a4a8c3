"""More answers than the contract grants, by asking fifty at once.

Who: a consumer whose agreement is good for five answers.
Knows: that the count is looked at before it is written.
Source: issue 9, 5: a budget race of 50; privacy.md 4.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from uuid import uuid4

from tests.attack.tables import Measure, Row, Table

if TYPE_CHECKING:
    from tests.attack.scene import Scene
    from tests.attack.told import Told


LIMIT = 5


def attack(scene: Scene, told: Told) -> None:
    codes = [f"k{n}" for n in range(50)]
    rows: list[Row] = [(f"c{i}", (code,), (100 + i,)) for code in codes for i in range(8)]
    table = Table(
        {"kind": codes}, [Measure("amount", 0, 900, "CNY")], rows, offer=f"count = {LIMIT}"
    )
    assert table.publish(scene, "race"), table.told
    agreement = scene.mallory.agree(scene.acme, table.id)
    asked = scene.mallory.question(agreement, "SELECT SUM(amount) FROM held")

    def one(code: str) -> int:
        sql = f"SELECT SUM(amount) FROM held WHERE kind = '{code}'"
        body = asked | {"questionId": f"urn:uuid:{uuid4()}", "sql": sql}
        return scene.mallory.call(scene.acme, "POST", "/voile/v1/questions", body).status

    told.tried.append("fifty different questions at the same time, of which five are paid for")
    with ThreadPoolExecutor(50) as pool:
        said = list(pool.map(one, codes))
    told.came.append(f"{said.count(200)} answered, {said.count(403)} refused")
    told.check("no more answers than granted", holds=said.count(200) <= LIMIT, came=said.count(200))
    told.check(
        "those that are granted are given", holds=said.count(200) == LIMIT, came=said.count(200)
    )
