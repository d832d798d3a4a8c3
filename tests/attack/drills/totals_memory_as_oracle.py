"""Who holds what, from what suppliers refuse because of totals they answered before.

Who: a consumer who asks for explanations, which are free.
Knows: that a supplier contributes to a cell only where it holds something.
Source: limitations.md until the second edition; disclosure.md 7, 8.2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.attack import sessions
from tests.attack.stocks import BRANDS, rows_of, stocks

if TYPE_CHECKING:
    from tests.attack.scene import Scene
    from tests.attack.told import Told


def attack(scene: Scene, told: Told) -> None:
    """Bolt, cogs and dune hold brand C3, acme does not: is it told?"""
    scene.extra("dune")
    said = {}
    for holds in (True, False):
        held = {n: rows_of(i, BRANDS) for i, n in enumerate(scene.suppliers, 1)}
        if not holds:
            held["acme"] = rows_of(1, BRANDS[:2])
        made = stocks(scene, "memory", held=held | {"dune": rows_of(4, BRANDS)})
        names = ("acme", "bolt", "cogs", "dune")
        status, body = made.ask(scene.mallory, sessions.SQL, *names)
        assert status == 200, body
        told.tried.append(
            f"a total of four, then what acme says to three of them (acme holds C3: {holds})"
        )
        answers = []
        for sql in (
            sessions.SQL,
            "SELECT SUM(held) FROM held WHERE brand = 'C3'",
            "SELECT SUM(held) FROM held WHERE brand IN ('B2','C3')",
        ):
            question = {
                "agreements": made.agreements(scene.mallory, *names[:3]),
                "sql": made.sql(sql),
            }
            body = question | {"purpose": sessions.PURPOSE, "explain": True}
            _, found = scene.mallory.manage("POST", "/v1/questions", body)
            explained = found.get("explain", found)
            word = (explained.get("providers") or {}).get(scene.acme.did, {})
            answers.append(
                (word.get("allowed"), [reason["code"] for reason in word.get("reasons", [])])
            )
        said[holds] = answers
        told.came.append(f"acme says {answers}")
    told.check(
        "what acme says does not depend on what it holds",
        holds=said[True] == said[False],
        came=said,
    )
