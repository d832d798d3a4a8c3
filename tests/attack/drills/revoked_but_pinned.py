"""A revoked party comes back where somebody pinned it, by waiting until the hub's word has run out.

Who: a firm that was revoked or suspended, and can keep a supplier from hearing the hub.
Knows: that the supplier once pinned it, and how long a status document lives.
Source: identity.md 1: past its expiry a document certifies nobody; a pin is no way around a revocation.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connector.process.errors import Unreachable
from tests.connector.space import HUB_AREAS, Space, call
from tests.simulators import Net, Party, StandingClock

if TYPE_CHECKING:
    from tests.attack.scene import Scene
    from tests.attack.told import Told

DAY = 86_400
LATER = (901, DAY, 80 * DAY, 400 * DAY)


def attack(_scene: Scene, told: Told) -> None:
    """In a space of its own, whose clock can be advanced."""
    for word in ("suspend", "revoke"):
        with tempfile.TemporaryDirectory(prefix="voile-pinned-") as folder, ExitStack() as stack:
            _wait(Path(folder), stack, word, told)


def _wait(folder: Path, stack: ExitStack, word: str, told: Told) -> None:
    net, clock = Net(), StandingClock()

    def make(name: str, **options: Any) -> Party:
        found = Party.make(folder, name, net, clock, **options)
        stack.callback(found.close)
        return found

    space = Space(make("hub", areas=HUB_AREAS, role="hub"), make)
    space.renew()
    supplier = space.firm("supplier", pin=["crow"])
    crow = space.firm("crow")
    space.settle(supplier)
    assert call(crow, supplier, "GET", "standing").status == 200
    space.act(f"participants/{word}", crow)
    space.settle(supplier)

    def cut(_method: str, url: str, _body: bytes) -> None:
        if url.startswith(space.hub.url):
            raise Unreachable("the hub is kept away", code="peer-unreachable")

    net.fault = cut
    told.tried.append(f"{word}, then a call at once, and after {', '.join(map(str, LATER))} s")
    for seconds in (0, *LATER):
        clock.advance(seconds)
        status = call(crow, supplier, "GET", "standing").status
        told.check(
            f"{word}: refused after {seconds} s more without the hub",
            holds=status == 401,
            came=status,
        )
