"""Who the kit is: a participant without a DID, known by one fixed Authorization header."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Final

from flask import request

from connector.identity.auth import by_token
from connector.profiles.plain import PlainPeer, plain_caller

if TYPE_CHECKING:
    from connector.identity.auth import Caller
    from connector.node import Node

HEADER: Final = "tck-fixed-token"  # `…connector.http.headers.authorization` of the kit's properties
KIT: Final = PlainPeer(id="TCK_PARTICIPANT", base=None, authorization=lambda _url: HEADER)


def door(node: Node, uncertified: bool) -> Caller:
    """Let the kit in by its header; everybody else by a token, as in production.

    Raises:
        Unauthenticated: neither the one nor the other.
    """
    given = request.headers.getlist("Authorization")
    if len(given) == 1 and hmac.compare_digest(given[0].encode(), HEADER.encode()):
        return plain_caller(node, KIT)
    return by_token(node, uncertified)
