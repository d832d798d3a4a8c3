"""A firm's name, contracts and answers, taken over with its web host and nothing else.

Who: whoever can publish a document under a certified firm's DID, with keys of its own.
Knows: the firm's ids, contracts and messages; none of its keys.
Source: identity.md 1 and 2; evidence.md 2: a contract is what both certified keys have signed.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.connector.membership.bazaar import Bazaar
from tests.connector.space import HUB_AREAS, Space, call, forget, usurped
from tests.simulators import Net, Party, StandingClock

if TYPE_CHECKING:
    from tests.attack.scene import Scene
    from tests.attack.told import Told


def attack(_scene: Scene, told: Told) -> None:
    """In a space of its own: an honest supplier and a buyer, of which one loses its web host."""
    for taken in ("buyer", "supplier"):
        with tempfile.TemporaryDirectory(prefix="voile-host-") as folder, ExitStack() as stack:
            _take(Path(folder), stack, taken, told)


def _take(folder: Path, stack: ExitStack, taken: str, told: Told) -> None:
    net, clock = Net(), StandingClock()

    def make(name: str, **options: Any) -> Party:
        found = Party.make(folder, name, net, clock, **options)
        stack.callback(found.close)
        return found

    space = Space(make("hub", areas=HUB_AREAS, role="hub"), make)
    space.renew()
    bazaar = Bazaar.make(space, net, folder)
    agreement = bazaar.agreement("deliveries")
    bazaar.transfer(agreement)
    assert bazaar.ask(agreement, questionId="urn:uuid:first")[0] == 200
    before = _finalized(bazaar)
    lost, other = bazaar.party(taken), bazaar.party("supplier" if taken == "buyer" else "buyer")
    usurped(lost)
    forget(other, space.hub)
    told.tried.append(f"the {taken}'s document names other keys: calls, an old contract, a new one")
    for party, path in ((other, "standing"), (space.hub, "standing"), (space.hub, "status")):
        status = call(lost, party, "GET", path).status
        told.check(
            f"the {taken}'s host is not let in by {party.did}", holds=status == 401, came=status
        )
    status, body = bazaar.ask(agreement, questionId="urn:uuid:second")
    told.check(f"the old contract of the {taken} gives no answer", holds=status != 200, came=body)
    bazaar.negotiate("parts")
    bazaar.settle()
    made = _finalized(bazaar) - before
    told.check(f"no new contract of the {taken} comes about", holds=made == 0, came=made)


def _finalized(bazaar: Bazaar) -> int:
    return sum(
        one["state"] == "FINALIZED"
        for party in (bazaar.buyer, bazaar.supplier)
        for one in party.manage("GET", "/v1/negotiations")[1]["negotiations"]
    )
