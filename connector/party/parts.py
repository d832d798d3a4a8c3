"""The parts of a node that a test profile may replace: how others are known, called, let in.

Production has one of each. The official test kit and an Eclipse EDC with mock identity know no DID
and no token, so the profiles under `connector.compose.profiles` bring their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from connector.identity.auth import Door, by_token
from connector.identity.peers import Peers
from connector.identity.status import StatusRegistry

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Makers of the replaceable parts.

    Attributes:
        peers: called like `Peers`.
        status: called like `StatusRegistry`.
        door: says who a request comes from, or raises.
    """

    peers: Callable[..., Peers] = Peers
    status: Callable[..., StatusRegistry] = StatusRegistry
    door: Door = by_token
