"""Rows of the outbox, read and written by statements made once: they run all the time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, case, func, or_, select, update

from connector.outbox import problems
from connector.process.errors import NotFound
from connector.store.mapped import Mapped
from connector.store.outbox_rows import DELIVERED, OVERTAKEN, PARKED, WAITING, OutboxRow, Queued
from connector.store.prepared import FIRST_TWO, Prepared

if TYPE_CHECKING:
    from sqlmodel import Session

    from connector.outbox.lanes import Lane

_ROWS: Final = Mapped(Queued, OutboxRow)
_TABLE: Final = _ROWS.table
_HEADS: Final = Prepared(
    select(_TABLE.c.id, _TABLE.c.peer, _TABLE.c.process, _TABLE.c.next_ms)
    .where(
        _TABLE.c.id.in_(
            select(func.min(_TABLE.c.id))
            .where(_TABLE.c.state == WAITING)
            .group_by(_TABLE.c.peer, _TABLE.c.process)
        )
    )
    .order_by(_TABLE.c.next_ms, _TABLE.c.id)
)
_COUNTS: Final = select(_TABLE.c.state, func.count()).group_by(_TABLE.c.state)
_FIRST_TWO: Final = Prepared(
    _ROWS.chosen(
        _TABLE.c.state == WAITING,
        _TABLE.c.peer == bindparam("peer"),
        _TABLE.c.process == bindparam("process"),
    )
    .order_by(_TABLE.c.id)
    .limit(FIRST_TWO)
)
_ONE: Final = Prepared(_ROWS.chosen(_TABLE.c.id == bindparam("at"), _TABLE.c.state == WAITING))
_OVERTAKEN: Final = Prepared(
    _ROWS.chosen(
        _TABLE.c.id == bindparam("at"),
        _TABLE.c.state == DELIVERED,
        _TABLE.c.reason == OVERTAKEN,
    )
)
# what no answer came to: put off, or given up, because the peer could not be reached
_UNANSWERED: Final = (
    _TABLE.c.last_status.is_(None),
    _TABLE.c.attempts > 0,
    or_(_TABLE.c.reason.like("peer-%"), _TABLE.c.reason.like("did-un%")),
)
_AWAY: Final = (
    select(_TABLE.c.id, _TABLE.c.process)
    .where(_TABLE.c.peer == bindparam("of"), _TABLE.c.state.in_((WAITING, PARKED)), *_UNANSWERED)
    .order_by(_TABLE.c.id)
)
_GIVEN_UP: Final = select(_TABLE.c.peer).where(_TABLE.c.state == PARKED, *_UNANSWERED).distinct()
_NOW: Final = Prepared(
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("at"))
    .values(
        state=WAITING,
        next_ms=0,
        attempts=case((_TABLE.c.state == PARKED, 0), else_=_TABLE.c.attempts),
        ended_ms=None,
    )
)
_OUTCOME_FIELDS: Final = ("state", "attempts", "next_ms", "ended_ms", "last_status", "reason")
_OUTCOME: Final = Prepared(
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("at"))
    .values({name: bindparam(name) for name in _OUTCOME_FIELDS})
)


def heads(session: Session) -> list[tuple[int, str, str, int]]:
    """Give id, peer, process and due time of the first waiting message of each lane."""
    return [(row[0], row[1], row[2], row[3]) for row in _HEADS.rows(session)]


def counts(session: Session) -> dict[str, int]:
    """Count messages by state."""
    return {row[0]: row[1] for row in session.connection().execute(_COUNTS)}


def first_two(session: Session, lane: Lane) -> list[Queued]:
    """Give the first message that waits in a lane, and the one after it."""
    return _ROWS.all(session, _FIRST_TWO, peer=lane[0], process=lane[1])


def waiting(session: Session, row_id: int | None) -> Queued | None:
    """Read a message that still waits, outside the session: `keep` writes its outcome."""
    return _ROWS.first(session, _ONE, at=row_id)


def overtaken(session: Session, row_id: int | None) -> Queued | None:
    """Read a message that was taken back while an attempt was under way."""
    return _ROWS.first(session, _OVERTAKEN, at=row_id)


def keep(session: Session, row: Queued) -> None:
    """Write down how far the delivery of a message is; nothing else of it changes."""
    outcome = {name: getattr(row, name) for name in _OUTCOME_FIELDS}
    _OUTCOME.run(session, at=row.id, **outcome)


def resume(session: Session, row_id: int) -> None:
    """Let a parked message go out again.

    Raises:
        NotFound: There is none of this number.
    """
    row = session.get(OutboxRow, row_id)
    if row is None or row.state != PARKED:
        raise NotFound(problems.PARKED_MISSING, name=row_id)
    row.state, row.attempts, row.next_ms, row.reason, row.ended_ms = WAITING, 0, 0, "", None
    session.add(row)


def revive(session: Session, peer: str, *, one: bool = False) -> list[Lane]:
    """Let what waits, or was given up, because a peer was away go out now; or the first of it."""
    away = _AWAY.limit(1) if one else _AWAY
    rows = session.connection().execute(away, {"of": peer}).all()
    if rows:
        _NOW.many(session, [{"at": row[0]} for row in rows])
    return [(peer, row[1]) for row in rows]


def given_up(session: Session) -> list[str]:
    """List the peers that messages were given up for, because they were away."""
    return list(session.connection().execute(_GIVEN_UP).scalars())
