"""The mock identity of Eclipse EDC, for tests against a live one: says who it is, proves nothing.

EDC's `iam-mock` sends raw JSON in the Authorization header, without a scheme:
``{"region": …, "audience": "<base of the receiver>", "clientId": "<participant id>"}``. Up to 0.15
it sends a `region` and wants one of us, later ones do neither; we send it, and ask for the
`clientId` alone. Peers stand in the setting `testing.plain_peers`; all others go on as in
production, and so do catalogue, negotiation, transfer and delivery.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Final

from flask import request

from connector.compose import participant
from connector.compose.profiles.base import Profile
from connector.compose.profiles.plain import PlainPeer, PlainPeers, PlainStatus, plain_caller
from connector.identity.auth import Caller, by_token
from connector.party.parts import Parts
from connector.process.errors import Unauthenticated
from crypto.strict_json import loads

if TYPE_CHECKING:
    from connector.identity.auth import Admits
    from connector.party.node import Node
    from connector.process.settings import Settings

REGION: Final = "eu"
MAX_BYTES: Final = 4096  # of a header
_FIRST: Final = "{"


def profile(settings: Settings) -> Profile:
    """Give a participant with production's areas whose plain peers are EDCs with mock identity.

    Args:
        settings: `testing.plain_peers` names the peers, our DID is our `clientId`.
    """
    peers = {
        name: PlainPeer(id=name, base=base, authorization=partial(header, settings.did, base))
        for name, base in settings.testing.plain_peers
    }

    def door(node: Node, admits: Admits) -> Caller:
        """Let a plain peer in by the name it says; others by their token."""
        said = request.headers.get("Authorization", "")
        if not said.lstrip().startswith(_FIRST):
            return by_token(node, admits)
        client = client_of(said)
        if client not in peers:
            raise Unauthenticated("no plain peer of the settings", did=client)
        return plain_caller(node, peers[client])

    return Profile(
        name="edc",
        parts=Parts(
            peers=partial(PlainPeers, plain=peers),
            status=partial(PlainStatus, plain=frozenset(peers)),
            door=door,
        ),
        areas=participant.AREAS,
    )


def header(client: str, base: str, _url: str) -> str:
    """Write our header for a call to a peer.

    Args:
        client: who we are.
        base: the peer's DSP base, whichever of its URLs is called.
    """
    return json.dumps({"region": REGION, "audience": base, "clientId": client})


def client_of(said: str) -> str:
    """Read who a header says its sender is.

    Raises:
        Unauthenticated: it is no object with a `clientId` that is a text.
    """
    value = loads(said.encode("latin-1"), max_bytes=MAX_BYTES)
    if isinstance(value, dict):
        client = value.get("clientId")
        if isinstance(client, str) and client:
            return client
    raise Unauthenticated("mock identity without `clientId`")
