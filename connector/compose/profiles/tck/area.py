"""The profile put together: production's protocol with the kit's seeds, reactions and webhooks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from connector.areas.dsp import api, management
from connector.areas.dsp.context import Dsp
from connector.compose import own_routes as identity
from connector.compose.assembly import Apps
from connector.compose.profiles.base import Profile
from connector.compose.profiles.plain import PlainStatus
from connector.compose.profiles.tck import outcome, seeds, shelf, webhooks
from connector.compose.profiles.tck.identity import KIT, KitPeers, door
from connector.compose.profiles.tck.reactions import Reactions
from connector.compose.profiles.tck.scheduler import Scheduler
from connector.party.management import management_app
from connector.party.parts import Parts
from connector.party.web import protocol_app

if TYPE_CHECKING:
    from connector.party.node import Node
    from connector.process.settings import Settings

SWEEP_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TckProfile(Profile):
    """The profile `tck`; its routes, its outbox handlers and its worker share one scheduler."""

    def apps(self, node: Node) -> Apps:
        """Sow, leave unsent what an earlier run left, and make the applications."""
        scheduler = Scheduler(node.log)
        reactions = Reactions(scheduler, seconds=node.settings.testing.reaction_ms / 1000)
        dsp = Dsp(
            node=node,
            shelf=shelf.SeedShelf(node.settings.public_url),
            gate=shelf.OpenGate(),
            react=reactions,
            plane=shelf.plane,
        )
        seeds.sow(dsp)
        outcome.give_up(dsp, older_than_ms=0)
        outcome.register(dsp, node.outbox, reactions)
        _sweep(dsp, scheduler)
        routes = api.routes_of(dsp)
        webhooks.add_routes(routes, dsp)
        return Apps(
            protocol_app(node, [identity.protocol_routes(node), routes]),
            management_app(node, [management.routes_of(dsp)]),
            (*identity.background(node), scheduler),
        )


def profile(settings: Settings) -> TckProfile:
    """Give the profile; `connector.compose.profiles.base.choose` has checked that it may be used."""
    del settings
    return TckProfile(
        name="tck",
        parts=Parts(
            peers=partial(KitPeers, plain={KIT.id: KIT}),
            status=partial(PlainStatus, plain=frozenset({KIT.id})),
            door=door,
        ),
        areas=(),
    )


def _sweep(dsp: Dsp, scheduler: Scheduler) -> None:
    outcome.give_up(dsp)
    scheduler.after(SWEEP_SECONDS, lambda: _sweep(dsp, scheduler))
