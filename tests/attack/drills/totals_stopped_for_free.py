"""What is cleared, read again and again without a charge; and other consumers locked out meanwhile.

Who: a consumer who stops in the middle, at every point, and starts again.
Knows: which message ends what.
Source: disclosure.md 8; issue 9, 3.4: a failure charges once at most and locks nothing for others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.process.ports import Response
from tests.attack import sessions
from tests.attack.stocks import cells, stocks

if TYPE_CHECKING:
    from tests.attack.scene import Scene
    from tests.attack.told import Told


def attack(scene: Scene, told: Told) -> None:
    held = stocks(scene, "stopped")
    held.agreements(scene.mallory)
    held.agreements(scene.eve)
    for step in ("/roster", "/contribute", "/product"):
        for _ in range(2):
            scene.mallory.tap.fault = _stop(step)
            status, _ = held.ask(scene.mallory)
            scene.mallory.tap.fault = None
            told.came.append(f"stopped at {step}: {status}")
        told.tried.append(f"two sessions that end at {step}")
        used = held.used(scene.mallory)
        told.check(
            f"at most one charge each after two stops at {step}", holds=max(used) <= 1, came=used
        )
    told.check(
        "the cleared cells were not free",
        holds=min(held.used(scene.mallory)) == 1,
        came=held.used(scene.mallory),
    )
    told.tried.append("another consumer asks over the same cells, grouped otherwise, at once")
    status, body = held.ask(
        scene.eve, "SELECT SUM(held), COUNT(*) FROM held WHERE brand IN ('A1','B2')"
    )
    told.check("another consumer is not locked out", holds=status == 200, came=sessions.codes(body))
    status, body = held.ask(scene.eve)
    right = status == 200 and all(
        v["held:sum"] == str(held.truth(b)) for b, v in cells(body).items()
    )
    told.check("and gets the total by brand as well", holds=right, came=sessions.codes(body))


def _stop(step: str):
    def fault(_method: str, url: str, _body: bytes) -> Response | None:
        if url.endswith(step):
            return Response(
                status=404,
                headers={},
                body=b'{"error":{"code":"not-found","message":"x","next":""}}',
            )
        return None

    return fault
