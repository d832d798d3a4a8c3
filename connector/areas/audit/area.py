"""The audit as an area of a participant and of a hub."""

from __future__ import annotations

from connector.areas.audit.api import OPERATIONS, protocol_routes
from connector.areas.audit.reads import Reads
from connector.party.area import Area

AREA = Area(
    name="audit",
    services=lambda _node: (Reads(),),
    protocol=protocol_routes,
    operations=OPERATIONS,
)
