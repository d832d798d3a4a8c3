"""The audit as an area: of a participant, and of a hub, which has no agreements of its own."""

from __future__ import annotations

from dataclasses import replace

from connector.areas.audit.api import OPERATIONS, protocol_routes
from connector.areas.audit.dossier_operations import DOSSIER, DOSSIER_FILE
from connector.areas.audit.pages import DOSSIERS, EVIDENCE, verifying
from connector.areas.audit.reads import Reads, note
from connector.party.area import Area

AREA = Area(
    name="audit",
    services=lambda _node: (Reads(),),
    protocol=protocol_routes,
    operations=OPERATIONS,
    pages=(*EVIDENCE, *DOSSIERS, verifying.PAGE),
    witness=note,
)
OPERATOR = replace(
    AREA,
    operations={one: run for one, run in OPERATIONS.items() if one not in (DOSSIER, DOSSIER_FILE)},
    pages=(*EVIDENCE, verifying.PAGE),
)
