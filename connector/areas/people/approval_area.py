"""Four eyes as an area of every node: the gate, the requests, and who decides them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.areas.people.approval_api import OPERATIONS
from connector.areas.people.approval_doctored import examine
from connector.areas.people.approval_force import force_of
from connector.areas.people.approval_gate import gate
from connector.areas.people.approval_persons import enrolled
from connector.areas.people.approval_rows import ApprovalRow, ApprovalVoteRow
from connector.areas.people.approvals import Approvals
from connector.areas.people.pages.inbox import INBOX, REQUEST
from connector.party.area import Area

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlmodel import Session

    from crypto.words import Spoken


def _notes(session: Session) -> Mapping[str, Spoken]:
    """Say that four eyes are not in force, or hang on two, where there are people at all."""
    found = force_of(session, enrolled)
    said = found.why or found.heed
    return {"four-eyes": said} if said is not None and enrolled(session) else {}


APPROVALS = Area(
    name="approvals",
    tables=(ApprovalRow, ApprovalVoteRow),
    services=lambda _node: (Approvals(enrolled),),
    operations=OPERATIONS,
    gates=(gate,),
    pages=(INBOX, REQUEST),
    notes=_notes,
    checks=examine,
)
