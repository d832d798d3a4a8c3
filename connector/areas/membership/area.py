"""Membership as an area of a participant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.areas.membership import announce
from connector.areas.membership.api import OPERATIONS, protocol_routes
from connector.areas.membership.pages import PAGES
from connector.areas.membership.rows import AnnouncementRow, MembershipRow
from connector.areas.membership.standing import Watch
from connector.party.area import Area

if TYPE_CHECKING:
    from connector.party.node import Node


def jobs(node: Node) -> list[Watch]:
    """The thread that keeps certification, status and announcements up to date."""
    return [Watch(node)] if node.settings.hub_did is not None else []


AREA = Area(
    name="membership",
    tables=(MembershipRow, AnnouncementRow),
    protocol=protocol_routes,
    operations=OPERATIONS,
    handlers=lambda _node: {announce.KIND: announce.Outcome()},
    jobs=jobs,
    pages=PAGES,
)
