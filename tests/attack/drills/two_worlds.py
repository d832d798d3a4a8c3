"""Anything about the rows, from responses that should not depend on them.

Who: a consumer, the operator, an auditor, a stranger, each with the whole script of requests.
Knows: two sets of rows that the suppliers may hold, and asks itself which it is.
Source: disclosure.md 7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.worlds.compare import compare

if TYPE_CHECKING:
    from tests.attack.scene import Scene
    from tests.attack.told import Told

SHOWN = 20


def attack(scene: Scene, told: Told) -> None:
    found = compare(scene.folder / "worlds", say=lambda _line: None)
    told.tried.append(f"{found.responses} requests in each of two worlds")
    told.came.append(f"{len(found.differences)} responses differ but for released values")
    for line in found.differences[:SHOWN]:
        told.check(line, holds=False)
    told.check("nothing that is answered depends on the rows", holds=not found.differences)
