"""The profile put together: production's protocol with the kit's seeds, reactions and webhooks."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from connector.areas.dsp import api, management
from connector.areas.dsp.context import Dsp
from connector.areas.dsp.objections import Shares
from connector.compose import own_routes
from connector.compose.profiles.base import Profile
from connector.compose.profiles.plain import PlainStatus
from connector.party.area import Area
from connector.party.parts import Parts
from tests.tck.profile import outcome, seeds, shelf, webhooks
from tests.tck.profile.identity import KIT, KitPeers, door
from tests.tck.profile.reactions import Reactions
from tests.tck.profile.scheduler import Scheduler

if TYPE_CHECKING:
    from flask import Blueprint

    from connector.party.node import Node
    from connector.process.settings import Settings

SWEEP_SECONDS: Final = 5.0


def services(node: Node) -> tuple[object, ...]:
    """Production's protocol with the kit's shelf, gate, plane and reactions."""
    scheduler = Scheduler(node.log)
    reactions = Reactions(scheduler, seconds=node.settings.testing.reaction_ms / 1000)
    dsp = Dsp(
        node=node,
        shelf=shelf.SeedShelf(node.settings.public_url),
        gate=shelf.OpenGate(),
        react=reactions,
        plane=shelf.plane,
    )
    return scheduler, reactions, dsp, Shares()


def prepare(node: Node) -> None:
    """Sow, and leave unsent what an earlier run left."""
    dsp = node.services[Dsp]
    seeds.sow(dsp)
    outcome.give_up(dsp, older_than_ms=0)
    _sweep(dsp, node.services[Scheduler])


def protocol_routes(node: Node) -> Blueprint:
    """The protocol, and the kit's webhooks."""
    dsp = node.services[Dsp]
    routes = api.routes_of(dsp)
    webhooks.add_routes(routes, dsp)
    return routes


AREA: Final = Area(
    name="kit",
    services=services,
    prepare=prepare,
    protocol=protocol_routes,
    operations=management.OPERATIONS,
    handlers=lambda node: outcome.handlers(node.services[Dsp], node.services[Reactions]),
    jobs=lambda node: [node.services[Scheduler]],
)


def profile(settings: Settings) -> Profile:
    """Give the profile; `connector.compose.profiles.base.permit` has checked that it may be used."""
    del settings
    return Profile(
        name="tck",
        parts=Parts(
            peers=partial(KitPeers, plain={KIT.id: KIT}),
            status=partial(PlainStatus, plain=frozenset({KIT.id})),
            door=door,
        ),
        areas=(own_routes.AREA, AREA),
    )


def _sweep(dsp: Dsp, scheduler: Scheduler) -> None:
    outcome.give_up(dsp)
    scheduler.after(SWEEP_SECONDS, lambda: _sweep(dsp, scheduler))
