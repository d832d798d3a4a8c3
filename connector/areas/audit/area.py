"""The audit as an area of a participant and of a hub."""

from __future__ import annotations

from connector.areas.audit.api import management_routes, protocol_routes
from connector.party.area import Area

AREA = Area(name="audit", protocol=protocol_routes, management=management_routes)
