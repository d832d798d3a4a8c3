"""Connections break: nothing is half done, what was committed counts, and the node recovers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from connector.evidence.log import head, node_reader
from connector.outbox import Outgoing
from connector.party.readiness import readiness
from connector.process.errors import SettingsError, StoreError
from connector.process.ports import SystemClock
from connector.store import postgres
from connector.store.database import Database
from connector.store.facts import fact, set_fact
from contracts.evidence import Entry
from crypto import merkle
from tests.connector.test_group_commit import Crowd, nothing
from tests.postgres import wire as faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.postgres.wire import Wire
    from tests.simulators import Party


def change(db: Database, value: str) -> None:
    """A state, a leaf and a message."""
    with db.transaction() as tx:
        set_fact(tx.session, "x", value)
        tx.append(Entry(kind="CONFIGURATION", to_state="TESTED"))
        tx.send(Outgoing(peer="did:web:b.example", url="https://b.example", body=b"", kind="t"))


def state(db: Database) -> tuple[str | None, int]:
    with db.reading() as session:
        return fact(session, "x"), head(session).size


def broken(db: Database) -> None:
    """End every session of this database's pools, as a restarted server does."""
    with db.reading() as session:
        session.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                " AND datname = current_database() AND backend_type = 'client backend'"
            )
        )


@pytest.fixture
def behind(party: Callable[..., Party], wire: Wire) -> Database:
    """A party's store, seen through the wire that breaks."""
    node = party("acme").node
    url = make_url(node.settings.database_url).update_query_dict({"host": str(wire.folder)})
    node.db.close()  # frees the writer's lock
    db = Database(url.render_as_string(hide_password=False), SystemClock())
    db.log = node.db.log
    yield db
    db.close()


def test_a_commit_that_never_arrived_changes_nothing(behind: Database, wire: Wire):
    """The connection breaks before the COMMIT: StoreError, nothing changed, the next one works."""
    before = state(behind)
    wire.cut(faults.BEFORE)
    with pytest.raises(StoreError) as caught:
        change(behind, "1")
    assert (caught.value.code, caught.value.status, wire.cuts) == ("store-lost", 503, 1)
    assert state(behind) == before
    change(behind, "2")
    assert state(behind) == ("2", before[1] + 1)


def test_a_commit_whose_answer_was_lost_counts(behind: Database, wire: Wire):
    """The server committed and its answer broke off: we ask it, and go on as after any commit."""
    before = state(behind)
    seen: list[str] = []
    wire.cut(faults.AFTER)
    with behind.transaction() as tx:
        tx.after_commit(lambda: seen.append("told"))
        set_fact(tx.session, "x", "1")
        tx.append(Entry(kind="CONFIGURATION", to_state="TESTED"))
    assert (wire.cuts, seen) == (1, ["told"])
    assert state(behind) == ("1", before[1] + 1)
    change(behind, "2")
    assert state(behind) == ("2", before[1] + 2)


def test_a_commit_that_nobody_can_tell_of_is_said_to_be_unknown(
    behind: Database, wire: Wire, monkeypatch: pytest.MonkeyPatch
):
    """Broken off, and the server stays away: the error does not pretend that nothing changed."""
    monkeypatch.setattr(postgres, "OUTCOME_SECONDS", 0.5)
    change(behind, "1")
    wire.cut(faults.SILENT)
    with pytest.raises(StoreError) as caught:
        change(behind, "2")
    assert caught.value.code == "commit-unknown"
    assert "nothing was changed" not in str(caught.value)


def test_a_session_lost_inside_a_transaction_changes_nothing(party: Callable[..., Party]):
    """A statement fails as the server goes: StoreError; the next transaction has a new session."""
    db = party("acme").node.db
    before = state(db)

    def lost() -> None:
        with db.transaction() as tx:
            set_fact(tx.session, "x", "1")
            broken(db)
            set_fact(tx.session, "x", "2")

    with pytest.raises(StoreError) as caught:
        lost()
    assert caught.value.code == "store-lost"
    assert state(db) == before
    change(db, "3")
    assert state(db) == ("3", before[1] + 1)


def test_changes_that_share_a_commit_are_lost_together(party: Callable[..., Party]):
    """The session breaks in the second of three: each that was in it is told, the log stays whole."""
    db = party("acme").node.db
    before = state(db)
    crowd = Crowd(db)
    crowd.run({"one": nothing, "two": lambda _: broken(db), "three": nothing})
    assert {"one", "two"} <= set(crowd.failed)
    assert [type(error) for error in crowd.failed.values()] == [StoreError] * len(crowd.failed)
    change(db, "1")
    with db.reading() as session:
        done = {name for name in ("one", "two", "three") if fact(session, name)}
        now, read = head(session), node_reader(session)
        assert merkle.root(now.size, read) == now.root
    assert done == set(crowd.done)
    assert state(db) == ("1", before[1] + 1 + len(done))


def test_idle_sessions_that_were_lost_are_not_noticed_by_anybody(party: Callable[..., Party]):
    """After a restart of the server, reads and writes go on: each session is tried before its use."""
    db = party("acme").node.db
    change(db, "1")
    broken(db)
    assert state(db)[0] == "1"
    broken(db)
    change(db, "2")
    assert state(db)[0] == "2"


def test_one_process_writes(party: Callable[..., Party]):
    """A second writer is refused by name while the first lives, and let in when it has ended."""
    node = party("acme").node
    change(node.db, "1")
    other = Database(node.settings.database_url, SystemClock())
    try:
        with pytest.raises(SettingsError, match=r"in use by `voile`, pid \d+ on") as caught:
            set_in(other, "2")
        assert caught.value.code == "data-locked"
        assert state(other)[0] == "1", "it may read"
        node.db.close()
        set_in(other, "2")
        assert state(other)[0] == "2"
    finally:
        other.close()


def set_in(db: Database, value: str) -> None:
    with db.transaction() as tx:
        set_fact(tx.session, "x", value)


def test_who_lost_its_session_to_another_writes_no_more(party: Callable[..., Party]):
    """Another process claimed the database meanwhile: what we know is old, so we stop for good."""
    node = party("acme").node
    node.db.claim()
    change(node.db, "1")
    broken(node.db)
    change(node.db, "2")  # nobody came between
    broken(node.db)
    other = Database(node.settings.database_url, SystemClock())
    try:
        other.claim()
        with pytest.raises(StoreError) as caught:
            change(node.db, "3")
        assert (caught.value.code, caught.value.status) == ("store-taken", 503)
    finally:
        other.close()
    with pytest.raises(StoreError, match="meanwhile"):
        change(node.db, "4")
    assert state(node.db)[0] == "2"
    found = readiness(node)
    assert found["ready"] is False
    assert "meanwhile" in found["checks"]["database"]["why"]


def test_a_ghost_of_our_own_session_is_ended(party: Callable[..., Party]):
    """The server still keeps the session of a connection that broke: we end it, and nobody else's."""
    node = party("acme").node
    node.db.claim()
    with node.db.engine.connect() as connection:
        connection.detach()  # from the pool: the session lives on, as behind a broken network
        change(node.db, "1")
        with pytest.raises(Exception, match=r"terminating|closed"):
            connection.execute(text("SELECT 1"))
    assert state(node.db)[0] == "1"
