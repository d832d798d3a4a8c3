"""Rows of the outbox, read and written by statements made once: they run all the time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, func, select, update

from connector.outbox.rows import WAITING, OutboxRow

if TYPE_CHECKING:
    from sqlmodel import Session

    from connector.outbox.lanes import Lane

SCAN: Final = 512  # lanes looked at in one pass

_TABLE: Final = OutboxRow.__table__  # type: ignore[attr-defined]
_HEADS: Final = (
    select(_TABLE.c.id, _TABLE.c.peer, _TABLE.c.process, _TABLE.c.next_ms)
    .where(
        _TABLE.c.id.in_(
            select(func.min(_TABLE.c.id))
            .where(_TABLE.c.state == WAITING)
            .group_by(_TABLE.c.peer, _TABLE.c.process)
        )
    )
    .order_by(_TABLE.c.next_ms, _TABLE.c.id)
    .limit(SCAN)
)
_FIRST_TWO: Final = (
    select(_TABLE.c.id, _TABLE.c.next_ms)
    .where(
        _TABLE.c.state == WAITING,
        _TABLE.c.peer == bindparam("peer"),
        _TABLE.c.process == bindparam("process"),
    )
    .order_by(_TABLE.c.id)
    .limit(2)
)
_ONE: Final = select(_TABLE).where(_TABLE.c.id == bindparam("at"), _TABLE.c.state == WAITING)
_OUTCOME_FIELDS: Final = ("state", "attempts", "next_ms", "ended_ms", "last_status", "reason")
_OUTCOME: Final = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("at"))
    .values({name: bindparam(name) for name in _OUTCOME_FIELDS})
)


def heads(session: Session) -> list[tuple[int, str, str, int]]:
    """Give id, peer, process and due time of the first waiting message of each lane."""
    rows = session.connection().execute(_HEADS).all()
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def first_two(session: Session, lane: Lane) -> list[tuple[int, int]]:
    """Give id and due time of the first message that waits in a lane, and of the one after it."""
    place = {"peer": lane[0], "process": lane[1]}
    rows = session.connection().execute(_FIRST_TWO, place).all()
    return [(row[0], row[1]) for row in rows]


def waiting(session: Session, row_id: int) -> OutboxRow | None:
    """Read a message that still waits, outside the session: `keep` writes its outcome."""
    found = session.connection().execute(_ONE, {"at": row_id}).mappings().one_or_none()
    return OutboxRow(**found) if found is not None else None


def keep(session: Session, row: OutboxRow) -> None:
    """Write down how far the delivery of a message is; nothing else of it changes."""
    outcome = {name: getattr(row, name) for name in _OUTCOME_FIELDS}
    session.connection().execute(_OUTCOME, {"at": row.id, **outcome})
