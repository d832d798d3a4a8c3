"""To whom a description may be shown: to whoever some offer of it could still be granted.

The same decision as in the provider's own catalogue (`policies.evaluate`, stage `catalogue`), so
that the shared catalogue shows nobody what its provider would not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policies.evaluate import Request, World, compile_policy, evaluate
from policies.profile import DATE_TIME, MEMBERSHIP, RECIPIENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from policies.compiled import CompiledPolicy
    from policies.model import Policy

_DECIDED_BY: Final = frozenset({RECIPIENT, MEMBERSHIP, DATE_TIME})


def shown_to(asker: str, offers: Iterable[CompiledPolicy], *, space: str, now: datetime) -> bool:
    """Say whether a certified asker may see a description.

    Args:
        asker: its DID; that it is certified in the space was checked before.
        offers: the description's offers, compiled: a catalogue keeps them so.
        space: IRI of the data space.
        now: the time, aware.
    """
    world = World(values={RECIPIENT: frozenset({asker}), MEMBERSHIP: frozenset({space})})
    return any(_granted(asker, offer, world, now) for offer in offers)


def open_to_all(offers: Sequence[Policy]) -> bool:
    """Say whether who asks, and when, makes no difference: such a description needs no decision."""
    return any(
        offer.permissions
        and not offer.prohibitions
        and not offer.assignee
        and _DECIDED_BY.isdisjoint(operand.name for operand in compile_policy(offer).operands)
        for offer in offers
    )


def _granted(asker: str, offer: CompiledPolicy, world: World, now: datetime) -> bool:
    return any(
        evaluate(
            offer, Request(stage="catalogue", action=action, assignee=asker), world, now
        ).allowed
        for action in {rule.action: None for rule in offer.policy.permissions}
    )
