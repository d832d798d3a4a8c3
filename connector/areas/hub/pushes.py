"""Who has acknowledged which status document.

A push counts as acknowledged when the connector says that it holds this serial or a newer one: in
its answer, in its refusal of an older one, or when it next polls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select, update
from sqlmodel import col

from connector.areas.hub import problems
from connector.areas.hub.rows import PushRow
from connector.process.errors import NotFound, VoileError
from connector.process.ports import unix_ms
from crypto.strict_json import loads

if TYPE_CHECKING:
    from sqlmodel import Session

    from connector.outbox import Verdict
    from connector.process.ports import Response
    from connector.store.outbox_rows import Queued
    from connector.store.transaction import Transaction

KIND: Final = "hub.status"
SENT, ACKNOWLEDGED, REFUSED = "sent", "acknowledged", "refused"


def holds(tx: Transaction, did: str, serial: int) -> None:
    """Take note that a connector holds a serial: earlier ones are superseded by it."""
    tx.session.execute(
        update(PushRow)
        .where(
            col(PushRow.did) == did,
            col(PushRow.serial) <= serial,
            col(PushRow.state) != ACKNOWLEDGED,
        )
        .values(state=ACKNOWLEDGED, ended_ms=unix_ms(tx.now))
    )


def awaits(session: Session, did: str) -> bool:
    """Tell whether some push to a connector is not acknowledged yet."""
    found = session.execute(
        select(col(PushRow.serial))
        .where(col(PushRow.did) == did, col(PushRow.state) != ACKNOWLEDGED)
        .limit(1)
    )
    return found.first() is not None


def acknowledgements(session: Session, serial: int) -> dict[str, Any]:
    """Give who has acknowledged a serial and who has not.

    Raises:
        NotFound: no document of that serial was pushed.
    """
    rows = (
        session.execute(
            select(PushRow).where(col(PushRow.serial) == serial).order_by(col(PushRow.did))
        )
        .scalars()
        .all()
    )
    if not rows:
        raise NotFound(problems.NOT_PUSHED, serial=serial)
    return {
        "serial": serial,
        "complete": all(row.state == ACKNOWLEDGED for row in rows),
        "connectors": [
            {
                "did": row.did,
                "state": row.state,
                "seconds": None if row.ended_ms is None else (row.ended_ms - row.sent_ms) / 1000,
            }
            for row in rows
        ],
    }


class PushOutcome:
    """Hears what became of a pushed document."""

    def acknowledged(self, tx: Transaction, row: Queued, response: Response) -> None:
        """The connector took it; it says which serial it holds."""
        self._settle(tx, row, _held(response))

    def refused(self, tx: Transaction, row: Queued, response: Response) -> Verdict | None:
        """It holds a newer one, which is as good; anything else is parked and polled for."""
        if self._settle(tx, row, _held(response)):
            return "done"
        serial = int(row.message_id.removeprefix("status-"))
        tx.session.execute(
            update(PushRow)
            .where(
                col(PushRow.did) == row.peer,
                col(PushRow.serial) == serial,
                col(PushRow.state) == SENT,
            )
            .values(state=REFUSED, ended_ms=unix_ms(tx.now))
        )
        return "park"

    def _settle(self, tx: Transaction, row: Queued, held: int) -> bool:
        if held < int(row.message_id.removeprefix("status-")):
            return False
        holds(tx, row.peer, held)
        return True


def _held(response: Response) -> int:
    """Read which serial a connector says it holds, in an acknowledgement or a refusal."""
    try:
        value = loads(response.body)
    except VoileError:
        return 0
    if isinstance(value, dict) and isinstance(error := value.get("error"), dict):
        value = error.get("params")
    serial = value.get("serial") if isinstance(value, dict) else None
    return serial if isinstance(serial, int) and not isinstance(serial, bool) else 0
