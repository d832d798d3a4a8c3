"""Records of processes: one per session, written before a query and before the commit."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import IntegrityError

from connector.areas.dsp import processes, store
from connector.areas.dsp.processes import ProcessRecord
from connector.areas.dsp.rows import ProcessRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlmodel import Session

    from connector.store.database import Database
    from tests.simulators import Party

PEER = "did:web:bolt.example"


@pytest.fixture
def db(party: Callable[..., Party]) -> Database:
    """A store with two transfers."""
    made = party("acme").node.db
    with made.transaction() as tx:
        processes.add(tx.session, record("one", created_ms=1))
        processes.add(tx.session, record("two", created_ms=2, peer_pid="theirs"))
    return made


def record(pid: str, **more: object) -> ProcessRecord:
    return ProcessRecord(pid, "transfer", "provider", PEER, state="REQUESTED", **more)  # type: ignore[arg-type]


def one(session: Session) -> ProcessRecord:
    """The first of the two."""
    found = processes.get(session, "one")
    assert found is not None
    return found


def state(db: Database, pid: str) -> str:
    with db.reading() as session:
        found = processes.get(session, pid)
        return found.state if found else ""


def test_a_record_has_the_columns_of_its_row_in_their_order():
    """It is made from a row by position, and a column that it lacks would be lost."""
    assert [field.name for field in fields(ProcessRecord)] == list(ProcessRow.model_fields)


def test_a_session_has_one_record_of_a_process(db: Database):
    """However it was found: what one place changes, every other sees."""
    with db.transaction() as tx:
        first = processes.get(tx.session, "two")
        assert first is not None
        first.trouble = "seen"
        found = store.by_peer_pid(tx.session, "transfer", "provider", peer=PEER, peer_pid="theirs")
        assert found is first
        assert [row for row in store.newest(tx.session, "transfer") if row.pid == "two"] == [first]


def test_what_was_changed_is_written_at_the_end(db: Database):
    """Nobody has to say so."""
    with db.transaction() as tx:
        row = one(tx.session)
        row.state, row.peer_pid = "STARTED", "theirs-too"
    assert state(db, "one") == "STARTED"
    assert state(db, "two") == "REQUESTED"
    with db.reading() as session:
        place = {"peer": PEER, "peer_pid": "theirs-too"}
        assert store.by_peer_pid(session, "transfer", "provider", **place) is not None


def test_a_query_sees_what_was_changed_before_it(db: Database):
    """In the same transaction, by whatever column."""
    with db.transaction() as tx:
        row = one(tx.session)
        row.state, row.agreement = "STARTED", "urn:a"
        assert store.started_transfer(tx.session, "urn:a", counterparty=PEER) is row
        row.wanted = '{"event": "Completion"}'
        assert store.started_transfer(tx.session, "urn:a", counterparty=PEER) is None


def test_an_exception_undoes_changed_and_new_records(db: Database):
    """As everything else in the transaction."""

    def fail() -> None:
        with db.transaction() as tx:
            row = one(tx.session)
            row.state = "STARTED"
            processes.flush(tx.session)
            row.state = "COMPLETED"
            processes.add(tx.session, record("three"))
            raise KeyError("mine")

    with pytest.raises(KeyError):
        fail()
    assert state(db, "one") == "REQUESTED"
    assert state(db, "three") == ""


def test_a_reader_changes_nothing(db: Database):
    """What it does to a record stays with it."""
    with db.reading() as session:
        row = one(session)
        row.state = "STARTED"
    assert state(db, "one") == "REQUESTED"


def test_a_pid_of_the_peer_is_not_taken_twice(db: Database):
    """The table's own rule holds for records too."""

    def take() -> None:
        with db.transaction() as tx:
            row = one(tx.session)
            row.peer_pid = "theirs"

    with pytest.raises(IntegrityError):
        take()
    assert state(db, "one") == "REQUESTED"
