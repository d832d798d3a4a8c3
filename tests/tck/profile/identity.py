"""Who the kit is: a participant without a DID, known by one fixed Authorization header."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any, Final

from flask import request

from connector.compose.profiles.plain import PlainPeer, PlainPeers, plain_caller
from connector.identity.auth import by_token
from connector.process.errors import Unreachable
from connector.process.ports import Response

if TYPE_CHECKING:
    from connector.identity.auth import Admits, Caller
    from connector.party.node import Node

HEADER: Final = "tck-fixed-token"  # `…connector.http.headers.authorization` of the kit's properties
KIT: Final = PlainPeer(id="TCK_PARTICIPANT", base=None, authorization=lambda _url: HEADER)
NOT_THERE: Final = Response(status=404, headers={}, body=b"")


class KitPeers(PlainPeers):
    """Peers, of which the kit drops connections where one of its cases goes wrong.

    In production that is a peer in trouble, and everything for it waits. Here it says nothing of
    the next case, so it counts as a message that nobody listens to.
    """

    def call(self, did: str, method: str, url: str, **more: Any) -> Response:
        """Call as `Peers` does; no answer of the kit, or a 5xx, is a 404."""
        try:
            response = super().call(did, method, url, **more)
        except Unreachable:
            if did != KIT.id:
                raise
            return NOT_THERE
        return NOT_THERE if did == KIT.id and response.status >= 500 else response


def door(node: Node, admits: Admits) -> Caller:
    """Let the kit in by its header; everybody else by a token, as in production.

    Raises:
        Unauthenticated: neither the one nor the other.
    """
    given = request.headers.getlist("Authorization")
    if len(given) == 1 and hmac.compare_digest(given[0].encode(), HEADER.encode()):
        return plain_caller(node, KIT)
    return by_token(node, admits)
