"""Plain delivery as an area of a participant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.areas.delivery.api import OPERATIONS, protocol_routes
from connector.areas.delivery.jobs import Fetcher
from connector.areas.delivery.live import Deliveries
from connector.areas.delivery.pages import PAGES
from connector.areas.delivery.plane import PLANES
from connector.areas.delivery.push import Pusher
from connector.areas.delivery.rows import GrantRow, PushRow
from connector.party.area import Area

if TYPE_CHECKING:
    from connector.party.node import Node
    from connector.process.job import Worker


def jobs(node: Node) -> list[Worker]:
    """What watches deliveries, what sends files, what fetches them."""
    return [node.services[Deliveries], Pusher(node), node.services[Fetcher]]


AREA = Area(
    name="delivery",
    tables=(GrantRow, PushRow),
    services=lambda node: (Deliveries(node), Fetcher(node)),
    protocol=protocol_routes,
    operations=OPERATIONS,
    jobs=jobs,
    planes=PLANES,
    pages=PAGES,
)
