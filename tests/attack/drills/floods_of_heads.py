"""Leaves and files of another party's evidence, made by pushing heads of one's own log.

Who: a certified consumer with its own log key, as quick as its connection.
Knows: that a head that is seen becomes evidence, and that bundles hold all of it.
Source: evidence.md: heads of peers are leaves; security.md 1: one noisy peer.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from typing import TYPE_CHECKING

from crypto import notes
from tests.e2e.processes import request

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
    assert before + made, "a head that is seen is a leaf"
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
    """Count the leaves about heads of the attacker's log; other leaves come when they come."""
    token = (scene.acme.home / "data" / "management.token").read_text().strip()
    headers = {"Authorization": f"Bearer {token}"}
    port = scene.acme.port + 1
    status, _, data = request(port, "POST", "/v1/audit/bundle?opened=none", b"", headers)
    assert status == 200, data[:500]
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        name = next(one for one in tar.getnames() if one.endswith("log/entries.jsonl"))
        file = tar.extractfile(name)
        assert file is not None
        lines = [json.loads(line) for line in file.read().splitlines()]
    return sum(
        (line["kind"], line.get("counterparty")) == ("PEER_CHECKPOINT", scene.eve.did)
        for line in lines
    )
