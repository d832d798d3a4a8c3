"""Leaves and files of another party's evidence, made by pushing heads of one's own log.

Who: a certified consumer with its own log key, as quick as its connection.
Knows: that a head that is seen becomes evidence, and that bundles hold all of it.
Source: evidence.md: heads of peers are leaves; security.md 1: one noisy peer.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from crypto import notes

if TYPE_CHECKING:
    from tests.attack.insider import Insider
    from tests.attack.scene import Scene
    from tests.attack.told import Told

PUSHED = 300
FEW = 3  # leaves a day: one, and at most a split view


def attack(scene: Scene, told: Told) -> None:
    eve = scene.eve
    before = _leaves(scene)
    told.tried.append(f"{PUSHED} heads of its own log, each larger than the one before")
    answers = [_push(scene, eve, size, str(size)) for size in range(1, PUSHED + 1)]
    told.came.append(f"{answers.count(201)} taken, {answers.count(429)} told to wait")
    made = _leaves(scene) - before
    told.check(f"at most {FEW} leaves of them", holds=made <= FEW, came=made)
    told.check("most are told to wait", holds=answers.count(429) > PUSHED // 2, came=answers[-1])
    told.tried.append("two roots for one size, and sizes that no log can have")
    before = _leaves(scene)
    split = {_push(scene, eve, 1, str(one)) for one in range(50)}
    made = _leaves(scene) - before
    told.check("a split view is one more leaf, however often", holds=made <= 2, came=(made, split))
    for size in (2**40 + 1, 2**62):
        status = _push(scene, eve, size, "x")
        told.check(f"size {size} is refused", holds=status in {400, 403}, came=status)


def _push(scene: Scene, who: Insider, size: int, word: str) -> int:
    origin, key = who.node.checkpoints.origin, who.node.keys.log
    root = hashlib.sha256(word.encode()).digest()
    note = notes.sign_checkpoint(origin, size, root, key, origin)
    return who.call(scene.acme, "POST", "/voile/v1/log/checkpoints", note).status


def _leaves(scene: Scene) -> int:
    size: int = scene.acme.manage("GET", "/v1/node")[1]["log"]["size"]
    return size
