"""One participant: its entry, its applications, and what a change of its standing would stop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select
from sqlmodel import col

from connector.areas.hub import problems, status
from connector.areas.hub.api import OPERATIONS
from connector.areas.hub.certifying import ACTS, entry_digest
from connector.areas.hub.operations import READERS, REINSTATE, REVOKE, SUSPEND
from connector.areas.hub.pages import participant_words as w
from connector.areas.hub.pages.rows import firm_of, line_of
from connector.areas.hub.rows import ApplicationRow, ContactRow, ListingRow, ParticipantRow
from connector.console.forms import call_of
from connector.console.page import Form, Page
from connector.process.errors import BadRequest, NotFound
from connector.process.ports import unix

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlmodel import Session

    from connector.console.page import Visit
    from connector.party.node import Node
    from connector.party.operation import Call, Operation
    from crypto.words import Spoken, Words

MOST_APPLICATIONS: Final = 20


def _view(node: Node, visit: Visit) -> Mapping[str, Any]:
    did = visit.path["did"][:2048]
    with node.db.reading() as session:
        row = session.get(ParticipantRow, did)
        if row is None:
            raise NotFound(problems.NO_PARTICIPANT, did=did[:200])
        contact = session.get(ContactRow, did)
        applied = session.execute(
            select(ApplicationRow)
            .where(col(ApplicationRow.did) == did)
            .order_by(col(ApplicationRow.number).desc())
            .limit(MOST_APPLICATIONS)
        ).scalars()
        return {
            "it": firm_of(row, contact, visit.language, unix(node.clock.now())),
            "row": row,
            "seen": visit.shown("seen", entry_digest(row), problems.OUTDATED),
            "acts": {name for name, act in ACTS.items() if row.status in act.possible},
            "stops": _stops(node, session, row),
            "applied": [line_of(one, visit.language) for one in applied],
        }


def _stops(node: Node, session: Session, row: ParticipantRow) -> list[Spoken]:
    """Say what stops when the firm is suspended or revoked; of what the operator can see."""
    listed = (col(ListingRow.provider) == row.did, col(ListingRow.listed).is_(True))
    offers = session.execute(select(func.count()).select_from(ListingRow).where(*listed))
    told = status.audience(session, row.did)
    return [
        w.STOPS_CALLS,
        w.STOPS_OFFERS.of(count=offers.scalar_one()),
        w.STOPS_TOLD.of(count=len(told), seconds=node.settings.status_seconds),
        w.STOPS_UNKNOWN,
    ]


def _read(operation: Operation) -> Callable[[Visit], Call]:
    def read(visit: Visit) -> Call:
        if operation is REVOKE and visit.sent("understood") != "yes":
            raise BadRequest(problems.NOT_UNDERSTOOD)
        return call_of(operation, visit)

    return read


def _form(name: str, operation: Operation, done: Words) -> Form:
    return Form(
        name=name,
        operation=operation,
        run=OPERATIONS[operation],
        read=_read(operation),
        then=lambda _visit, _made: "/participants",
        done=done,
    )


PARTICIPANT: Final = Page(
    name="hub.participant",
    path="/participants/{did}",
    slashes=frozenset({"did"}),
    title=w.TITLE,
    may=READERS,
    view=_view,
    template="hub/participant.html",
    words=w,
    forms=(
        _form("suspend", SUSPEND, w.SUSPENDED_NOW),
        _form("reinstate", REINSTATE, w.REINSTATED_NOW),
        _form("revoke", REVOKE, w.REVOKED_NOW),
    ),
)
