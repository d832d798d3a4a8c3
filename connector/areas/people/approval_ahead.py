"""What agreeing to a request would lead to: so that a page promises no more than happens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from connector.areas.people.approval_voting import votes
from connector.areas.people.approvals import Approvals, asked_of, found

if TYPE_CHECKING:
    from connector.party.node import Node

Ahead = Literal["counts", "hands-over", "does"]


def agreeing_leads_to(node: Node, approval_id: str) -> Ahead:
    """Say what one more agreement leads to.

    Returns:
        ``counts``: others must agree besides; ``hands-over``: who asked may have it done, since
        the answer holds a secret; ``does``: it is done at once.
    """
    with node.db.reading() as session:
        row = found(session, approval_id)
        operation = asked_of(node, row).operation
        persons = node.services[Approvals].enrolled(session)
        agreed = votes(session, row, operation, persons)
    if agreed + 1 < row.needs:
        return "counts"
    return "hands-over" if operation.hands_over else "does"
