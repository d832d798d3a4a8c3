"""The operator's hub as an area."""

from __future__ import annotations

from connector.areas.hub import pushes
from connector.areas.hub.api import OPERATIONS, protocol_routes
from connector.areas.hub.numbers import Numbers
from connector.areas.hub.pages import PAGES
from connector.areas.hub.pages.finding import finds
from connector.areas.hub.rows import (
    ApplicationRow,
    ContactRow,
    ListingRow,
    ParticipantRow,
    PostingRow,
    PushRow,
)
from connector.areas.hub.status import Renewal
from connector.party.area import Area

AREA = Area(
    name="hub",
    tables=(ApplicationRow, ParticipantRow, ContactRow, PushRow, ListingRow, PostingRow),
    services=lambda _node: (Numbers(),),
    protocol=protocol_routes,
    operations=OPERATIONS,
    pages=PAGES,
    finds=finds,
    handlers=lambda _node: {pushes.KIND: pushes.PushOutcome()},
    jobs=lambda node: [Renewal(node)],
)
