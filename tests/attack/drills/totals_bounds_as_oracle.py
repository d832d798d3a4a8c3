"""One supplier's figure behind an encrypted total, from sessions that are refused.

Who: a consumer alone; it charges nothing to refuse.
Knows: that a supplier must check that its figure fits into the width that the consumer proposes.
Source: issue 9, purpose and 3.1; disclosure.md 7, last sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.attack import sessions
from tests.attack.stocks import stocks

if TYPE_CHECKING:
    from tests.attack.scene import Scene
    from tests.attack.told import Told


def attack(scene: Scene, told: Told) -> None:
    held = stocks(scene, "oracle")
    opening = held.drawn(scene.mallory)["acme"]
    truth = sum(row[2][0] for row in held.held["acme"] if row[1] == ("A1",))
    told.tried.append("sessions whose upper bound lies below, at and above the supplier's own sum")
    said = set()
    for upper in (1, truth // 2, truth - 1, truth, truth + 1, 2 * truth, 4 * truth):
        for lower in (0, -1):
            columns = [
                column | {"lower": str(lower), "upper": str(upper)}
                for column in opening.session["columns"]
            ]
            status, body = sessions.open_at(
                scene.mallory, scene.acme, opening.changed(columns=columns)
            )
            said.add((status, str(body.get("error"))))
    told.came.append(f"{len(said)} kinds of answer, the first of status {min(said)[0]}")
    told.check(
        "every bound narrower than declared is refused alike",
        holds=len(said) == 1 and min(said)[0] == 403,
        came=said,
    )
    told.tried.append("one column narrow at a time, and one unit less than declared")
    for place in range(len(opening.session["columns"])):
        columns = [dict(column) for column in opening.session["columns"]]
        columns[place]["upper"] = str(int(columns[place]["upper"]) - 1)
        status, body = sessions.open_at(scene.mallory, scene.acme, opening.changed(columns=columns))
        told.check(f"one unit less in column {place} is refused", holds=status == 403, came=body)
    told.check("nothing was charged", holds=held.used(scene.mallory) == [0, 0, 0])
