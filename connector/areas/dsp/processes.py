"""Processes as the protocol changes them: one record per process and transaction.

A record is read and written by prepared statements, not by the object mapper, which took a quarter
of a contract's time. It is the session's: whoever asks for the same process in the same session
gets the same record, and what was changed in it is written before a query over processes runs and
before the commit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, update

from connector.areas.dsp.rows import ProcessRow
from connector.store.core import before_commit
from connector.store.mapped import Mapped
from connector.store.prepared import Prepared

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlmodel import Session


@dataclass(slots=True, eq=False)
class ProcessRecord:
    """One negotiation or transfer; the columns of `ProcessRow`, in their order."""

    pid: str
    kind: str
    role: str
    counterparty: str
    peer_pid: str | None = None
    callback: str = ""
    opened_digest: str = ""
    state: str = ""
    paused_by: str = ""
    flying_event: str = ""
    flying_source: str = ""
    flying_target: str = ""
    flying_message: str = ""
    wanted: str = ""
    dataset: str = ""
    offer: str = ""
    agreement: str = ""
    format: str = ""
    data_address: str = ""
    ended_by: str = ""
    ended_code: str = ""
    ended_reason: str = ""
    trouble: str = ""
    created_ms: int = 0
    changed_ms: int = 0
    asked: str = ""
    peer_said: str = ""
    peer_said_ms: int = 0


_ROWS: Final = Mapped(ProcessRecord, ProcessRow)
PROCESS: Final = _ROWS.table
_UNIT: Final = "dsp processes"  # under which a session keeps its records
_GET: Final = Prepared(_ROWS.chosen(PROCESS.c.pid == bindparam("pid")))
_updates: Final[dict[tuple[str, ...], Prepared]] = {}  # by the columns that they change


@dataclass(slots=True, eq=False)
class _Held:
    """A record and what the database has of it."""

    record: ProcessRecord
    stored: tuple[Any, ...]


def get(session: Session, pid: str) -> ProcessRecord | None:
    """Find a process by our pid."""
    held = _unit(session).get(pid)
    if held is not None:
        return held.record
    found = _GET.first(session, pid=pid)
    return None if found is None else _hold(session, found)


def find(session: Session, query: Prepared | Select[Any], /, **values: Any) -> list[ProcessRecord]:
    """Run a query that `chosen` has made; what was changed before counts."""
    flush(session)
    if isinstance(query, Prepared):
        rows = query.rows(session, **values)
    else:
        rows = [tuple(row) for row in session.connection().execute(query, values)]
    unit = _unit(session)
    return [unit[row[0]].record if row[0] in unit else _hold(session, row) for row in rows]


def chosen(*conditions: Any) -> Select[Any]:
    """Begin a query over processes, for `find`."""
    return _ROWS.chosen(*conditions)


def add(session: Session, record: ProcessRecord) -> None:
    """Store a new process."""
    _ROWS.add(session, record)
    _unit(session)[record.pid] = _Held(record, _ROWS.values_of(record))


def flush(session: Session) -> None:
    """Write what was changed so far; at the end of a transaction it happens by itself."""
    for held in _unit(session).values():
        values = _ROWS.values_of(held.record)
        if values != held.stored:
            _write(session, held, values)


def _hold(session: Session, row: tuple[Any, ...]) -> ProcessRecord:
    record = _ROWS.of(row)
    _unit(session)[record.pid] = _Held(record, row)
    return record


def _unit(session: Session) -> dict[str, _Held]:
    found: dict[str, _Held] | None = session.info.get(_UNIT)
    if found is None:
        found = session.info[_UNIT] = {}
        before_commit(session, flush)
    return found


def _write(session: Session, held: _Held, values: tuple[Any, ...]) -> None:
    changed = {
        name: new
        for name, old, new in zip(_ROWS.names, held.stored, values, strict=True)
        if old != new
    }
    columns = tuple(changed)
    statement = _updates.get(columns)
    if statement is None:
        placed: dict[str, Any] = {name: bindparam(name) for name in columns}
        query = update(PROCESS).where(PROCESS.c.pid == bindparam("at")).values(placed)
        statement = _updates[columns] = Prepared(query)
    statement.run(session, at=held.record.pid, **changed)
    held.stored = values
