"""One supplier's figure out of a cohort that the consumer has filled itself.

Who: a consumer with a daughter firm (certified, of its own legal group) that offers the same product.
Knows: that it takes three to make a cohort.
Source: privacy.md 3.1, 4; disclosure.md 8.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.attack import sessions
from tests.attack.stocks import rows_of, stocks

if TYPE_CHECKING:
    from tests.attack.scene import Scene
    from tests.attack.told import Told


def attack(scene: Scene, told: Told) -> None:
    puppet = scene.extra("puppet", group="ID-mallory")
    held = stocks(scene, "puppets")
    held.held = dict(held.held) | {"puppet": [(who, codes, (0,)) for who, codes, _ in rows_of(9)]}
    held.publish("puppet")
    told.tried.append("acme, bolt and a puppet of the consumer's own legal group that holds zeros")
    status, body = held.ask(scene.mallory, sessions.SQL, "acme", "bolt", "puppet")
    told.came.append(f"{status} {sessions.codes(body)[:2]}")
    told.check("a puppet does not fill a cohort", holds=status == 403, came=body)
    honest = held.drawn(scene.mallory, sessions.SQL, "acme", "bolt", "cogs")["acme"]
    roster = honest.session["roster"]
    for what, wrong in (
        ("two suppliers", roster[:2]),
        ("one supplier", [scene.acme.did]),
        ("one supplier twice", sorted([scene.acme.did, scene.acme.did, roster[1]])),
        ("the consumer itself", sorted([*roster[:2], scene.mallory.did])),
        ("the aggregator", sorted([*roster[:2], scene.hub.did])),
        ("a firm that nobody certified", sorted([*roster[:2], "did:web:localhost%3A9:ghost"])),
        ("one more that is related", sorted([*roster, puppet.did])),
    ):
        status, body = sessions.open_at(scene.mallory, scene.acme, honest.changed(roster=wrong))
        if status == 200:  # it decides on the roster when it sees everybody's acceptance
            path = f"/voile/v1/cohorts/{honest.session['session']}/roster"
            accepted = dict.fromkeys(wrong, body["acceptance"])
            answer = scene.mallory.call(scene.acme, "POST", path, {"acceptances": accepted})
            status = answer.status
        told.tried.append(f"a roster with {what}")
        told.check(f"a roster with {what} is refused", holds=status in {400, 403}, came=status)
