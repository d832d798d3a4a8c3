"""An approval of something else than the operator looked at.

Who: a firm that applies under a good name, and replaces its application when the operator has looked.
Knows: when the operator looks, and that decisions name a DID.
Source: identity.md 4: a request waits for the operator's approval; security.md 1: high-value acts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.attack.scene import certify, seen

if TYPE_CHECKING:
    from tests.attack.scene import Scene
    from tests.attack.told import Told


def attack(scene: Scene, told: Told) -> None:
    firm = scene.extra(scene.fresh("mask"))
    form = {"nameEn": "Good", "nameZh": "好公司", "legalId": "GOOD-1", "roles": ["consumer"]}
    worse = form | {"legalId": "ID-acme", "legalGroup": "ID-acme", "roles": ["provider"]}
    for what in ("approve", "reject"):
        assert firm.manage("POST", "/v1/membership/apply", form)[0] == 201
        terms = {"did": firm.did, "seen": seen(scene.hub, firm.did)}
        terms |= {"reason": "r"} if what == "reject" else {}
        assert firm.manage("POST", "/v1/membership/apply", worse)[0] == 201
        told.tried.append(f"{what} what was seen, after another application has replaced it")
        status, body = scene.hub.manage("POST", f"/v1/hub/applications/{what}", terms)
        told.check(f"{what} of the replaced one is refused", holds=status == 409, came=body)
    entry = _entry(scene, firm.did)
    told.check("the register is as before", holds=entry["legalId"] != "ID-acme", came=entry)
    told.tried.append("revoke the entry that was seen, after it was certified anew")
    certify(scene.hub, {firm.node.settings.public_url.rsplit("/", 1)[1]: firm})
    terms = {"did": firm.did, "seen": entry["digest"], "reason": "r"}
    for what in ("suspend", "reinstate", "revoke"):
        status, body = scene.hub.manage("POST", f"/v1/hub/participants/{what}", terms)
        told.check(f"{what} of the earlier entry is refused", holds=status == 409, came=body)


def _entry(scene: Scene, did: str) -> dict[str, str]:
    firms = scene.hub.manage("GET", "/v1/hub/participants")[1]["participants"]
    found: dict[str, str] = next(one for one in firms if one["did"] == did)
    return found
