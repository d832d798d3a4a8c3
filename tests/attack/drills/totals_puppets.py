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
    zeros = {"puppet": [(who, codes, (0,)) for who, codes, _ in rows_of(9)]}
    honest = {name: rows_of(n) for n, name in enumerate(scene.suppliers, 1)}
    held = stocks(scene, "puppets", held=honest | zeros)
    told.tried.append("cohorts with a puppet of the consumer's own legal group that holds zeros")
    for names in (("acme", "bolt", "puppet"), ("acme", "bolt", "cogs", "puppet")):
        status, body = held.ask(scene.mallory, sessions.SQL, *names)
        told.came.append(f"{len(names)} suppliers: {status} {sessions.codes(body)[:2]}")
        told.check(
            f"a puppet does not fill a cohort of {len(names)}", holds=status == 403, came=body
        )
    _rosters(scene, told, puppet.did)


def _rosters(scene: Scene, told: Told, puppet: str) -> None:
    """Rosters that are none, in sessions that are signed."""
    held = stocks(scene, "rosters")
    honest = held.drawn(scene.mallory)["acme"]
    roster = honest.session["roster"]
    for what, wrong in (
        ("two suppliers", roster[:2]),
        ("one supplier", [scene.acme.did]),
        ("one supplier twice", sorted([scene.acme.did, scene.acme.did, roster[1]])),
        ("the consumer itself", sorted([*roster[:2], scene.mallory.did])),
        ("the aggregator", sorted([*roster[:2], scene.hub.did])),
        ("a firm that nobody certified", sorted([*roster[:2], "did:web:localhost%3A9:ghost"])),
        ("one more that is related", sorted([*roster, puppet])),
    ):
        status, body = sessions.open_at(scene.mallory, scene.acme, honest.changed(roster=wrong))
        if status == 200:  # it decides on the roster when it sees everybody's acceptance
            path = f"/voile/v1/cohorts/{honest.session['session']}/roster"
            accepted = dict.fromkeys(wrong, body["acceptance"])
            answer = scene.mallory.call(scene.acme, "POST", path, {"acceptances": accepted})
            status = answer.status
        told.tried.append(f"a roster with {what}")
        told.check(f"a roster with {what} is refused", holds=status in {400, 403}, came=status)
