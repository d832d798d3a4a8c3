"""The audit as an area of a participant and of a hub."""

from __future__ import annotations

from connector.areas.audit.api import OPERATIONS, protocol_routes
from connector.areas.audit.pages import verifying
from connector.party.area import Area

AREA = Area(name="audit", protocol=protocol_routes, operations=OPERATIONS, pages=(verifying.PAGE,))
