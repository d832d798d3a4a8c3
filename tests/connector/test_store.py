"""The store: one transaction for state, evidence and messages; secrets; migrations; journal mode."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import IntegrityError

from connector.compose.tables import metadata
from connector.evidence.log import head, node_reader
from connector.outbox import Outgoing
from connector.process.errors import NotFound, SettingsError, StoreError
from connector.process.ports import SystemClock
from connector.store import sqlite
from connector.store.database import Database
from connector.store.facts import fact, set_fact
from connector.store.migrate import migrate, newest
from connector.store.outbox_rows import OutboxRow
from connector.store.rows import LogEntryRow, LogHeadRow, SecretRow
from contracts.evidence import Entry, parse_leaf
from crypto import commitments, merkle
from crypto.canonical import digest_bytes
from crypto.errors import VerificationError
from tests.postgres import databases

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.simulators import Party


def entry(**changes: object) -> Entry:
    return Entry(kind="CONFIGURATION", to_state="TESTED", **changes)  # type: ignore[arg-type]


def outgoing(peer: str = "did:web:bolt.example") -> Outgoing:
    return Outgoing(peer=peer, url="https://bolt.example/in", body=b"{}", kind="test")


def test_state_leaf_and_message_commit_together(party: Callable[..., Party]):
    """All three are there after the commit, and the leaf opens to its detail."""
    db = party("acme").node.db
    with db.transaction() as tx:
        set_fact(tx.session, "x", "1")
        leaf = tx.append(entry(detail={"secret": "figure"}))
        tx.send(outgoing())
    with db.reading() as session:
        assert fact(session, "x") == "1"
        row = session.get(LogEntryRow, leaf.index)
        assert row is not None
        assert merkle.leaf_hash(row.entry) == row.leaf_hash == leaf.leaf_hash
        assert b"figure" not in row.entry
        parsed = parse_leaf(row.entry)
        assert db.log is not None
        opened = db.log.open_detail(session, leaf.entry_id)
        assert opened is not None
        salt, detail = opened
        assert detail == {"secret": "figure"}
        commitments.check(parsed["commit"], salt=salt, value=detail)
        assert session.execute(select(func.count()).select_from(OutboxRow)).scalar() == 1


@pytest.mark.parametrize("step", ["before", "leaf", "message"])
def test_nothing_happens_if_any_part_fails(party: Callable[..., Party], step: str):
    """An exception anywhere leaves state, log, nodes, head and outbox as they were."""
    node = party("acme").node

    def everything() -> object:
        with node.db.reading() as session:
            size = head(session).size
            return (
                size,
                head(session).root,
                fact(session, "x"),
                session.execute(select(func.count()).select_from(OutboxRow)).scalar(),
                session.execute(text("select count(*) from log_node")).scalar(),
                session.execute(text("select count(*) from log_detail")).scalar(),
            )

    def fail() -> None:
        with node.db.transaction() as tx:
            set_fact(tx.session, "x", "1")
            if step != "before":
                tx.append(entry(detail={"a": 1}))
            if step == "message":
                tx.send(outgoing())
            raise KeyError(step)

    before = everything()
    with pytest.raises(KeyError):
        fail()
    assert everything() == before


def test_a_leaf_that_cannot_be_written_undoes_the_change(party: Callable[..., Party]):
    """The log refuses (too large, or its table is gone): the state change is rolled back."""
    db = party("acme").node.db

    def too_large() -> None:
        with db.transaction() as tx:
            set_fact(tx.session, "x", "1")
            tx.append(entry(policy={"text": "y" * 5000}))

    def no_table() -> None:
        with db.transaction() as tx:
            set_fact(tx.session, "x", "1")
            tx.append(entry())

    with pytest.raises(Exception, match=r"4096|4 KiB|long|large"):
        too_large()
    with db.engine.begin() as connection:
        connection.execute(text("alter table log_entry rename to gone"))
    with pytest.raises(StoreError) as caught:
        no_table()
    assert caught.value.status == 503
    with db.reading() as session:
        assert fact(session, "x") is None


def test_many_leaves_give_the_tree_of_the_reference(party: Callable[..., Party]):
    """Appended one by one, in batches and by eight threads at once, the root is RFC 6962's."""
    db = party("acme").node.db

    def some(number: int) -> None:
        for _ in range(5):
            with db.transaction() as tx:
                for _ in range(number % 3 + 1):
                    tx.append(entry(process=str(number)))

    threads = [threading.Thread(target=some, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.reading() as session:
        now = head(session)
        leaves = session.execute(
            select(LogEntryRow.leaf_hash).order_by(LogEntryRow.index)  # type: ignore[call-overload, arg-type]
        ).scalars().all()  # fmt: skip
        assert len(leaves) == now.size == 1 + 5 * sum(n % 3 + 1 for n in range(8))
        assert merkle.root_of(leaves) == now.root
        assert merkle.root(now.size, node_reader(session)) == now.root


def test_a_head_that_moved_is_noticed(party: Callable[..., Party]):
    """If the head is not where it was read, nothing is written."""
    db = party("acme").node.db

    def meddle() -> None:
        with db.transaction() as tx:
            tx.append(entry())
            tx.session.execute(text("update log_head set size = size + 1"))

    with pytest.raises(StoreError, match="moved"):
        meddle()
    with db.reading() as session:
        row = session.get(LogHeadRow, 1)
        assert row is not None
        assert row.size == 1


def test_readers_cannot_write_and_hold_up_nobody(party: Callable[..., Party]):
    """Writing through a reading session fails; a writer commits while a reader is open."""
    db = party("acme").node.db
    with db.reading() as session:
        assert fact(session, "x") is None
        with db.transaction() as tx:
            set_fact(tx.session, "x", "1")
        session.expire_all()
        assert fact(session, "x") == "1", "each statement sees the newest commit"
    with pytest.raises(StoreError, match=r"read-?only"), db.reading() as session:
        session.execute(text("delete from fact"))


def test_a_transaction_inside_a_transaction_is_a_bug_that_shows(party: Callable[..., Party]):
    """It raises at once instead of waiting for itself."""
    db = party("acme").node.db
    with (
        db.transaction(),
        pytest.raises(RuntimeError, match="inside a transaction"),
        db.transaction(),
    ):
        pass
    with db.transaction() as tx:
        set_fact(tx.session, "x", "the lock is free again")


def test_actions_wait_for_the_commit(party: Callable[..., Party]):
    """`after_commit` runs once the change is durable, and never after a rollback."""
    db = party("acme").node.db
    seen: list[str | None] = []

    def look() -> None:
        with db.reading() as session:
            seen.append(fact(session, "x"))

    with db.transaction() as tx:
        tx.after_commit(look)
        set_fact(tx.session, "x", "1")
        assert seen == []
    assert seen == ["1"]

    def undone() -> None:
        with db.transaction() as tx:
            tx.after_commit(look)
            raise KeyError

    with pytest.raises(KeyError):
        undone()
    assert seen == ["1"]


def test_secrets_are_sealed_by_name(party: Callable[..., Party]):
    """A secret opens under its own name only, is replaced, and can be destroyed."""
    node = party("acme").node
    with node.db.transaction() as tx:
        node.secrets.put(tx, "paillier/1", b"canary-one")
        node.secrets.put(tx, "paillier/2", b"canary-two")
    assert node.secrets.get("paillier/1") == b"canary-one"
    with node.db.transaction() as tx:
        one, two = tx.session.get(SecretRow, "paillier/1"), tx.session.get(SecretRow, "paillier/2")
        assert one is not None
        assert two is not None
        assert b"canary" not in one.sealed
        one.sealed = two.sealed
        tx.session.add(one)
    with pytest.raises(VerificationError):
        node.secrets.get("paillier/1")
    with node.db.transaction() as tx:
        node.secrets.delete(tx, "paillier/2")
    with pytest.raises(NotFound):
        node.secrets.get("paillier/2")


def test_the_migration_makes_exactly_the_models(tmp_path: Path):
    """After migrating an empty database nothing is left to migrate; a second run does nothing."""
    db = Database(databases.empty(tmp_path), SystemClock())
    try:
        assert migrate(db) is True
        assert migrate(db) is False
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, metadata()) == []
    finally:
        db.close()


def test_a_newer_schema_is_refused(tmp_path: Path):
    """A database of a newer software is left alone."""
    db = Database(databases.empty(tmp_path), SystemClock())
    try:
        migrate(db)
        with db.engine.begin() as connection:
            connection.execute(text("update alembic_version set version_num = '9999'"))
        with pytest.raises(SettingsError, match=newest()):
            migrate(db)
    finally:
        db.close()


@pytest.mark.parametrize(
    ("version", "mode"),
    [
        ((3, 40, 1), "DELETE"), ((3, 44, 5), "DELETE"), ((3, 44, 6), "WAL"), ((3, 45, 0), "DELETE"),
        ((3, 50, 6), "DELETE"), ((3, 50, 7), "WAL"), ((3, 51, 2), "DELETE"), ((3, 51, 3), "WAL"),
        ((3, 52, 0), "WAL"), ((4, 0, 0), "WAL"),
    ],
)  # fmt: skip
def test_the_journal_mode_follows_the_version(version: tuple[int, int, int], mode: str):
    """WAL only where SQLite keeps acknowledged commits in it (evidence.md §3)."""
    chosen = sqlite.journal(version)
    assert (chosen.mode, chosen.synchronous) == (mode, "FULL" if mode == "WAL" else "EXTRA")


@databases.sqlite_only
def test_the_database_is_really_in_that_mode(party: Callable[..., Party]):
    """The file's journal mode and the writer's synchronous level are the chosen ones."""
    db = party("acme").node.db
    levels = {"FULL": 2, "EXTRA": 3}
    with db.engine.begin() as connection:
        assert (
            connection.execute(text("pragma journal_mode")).scalar()
            == sqlite.journal().mode.lower()
        )
        assert (
            connection.execute(text("pragma synchronous")).scalar()
            == levels[sqlite.journal().synchronous]
        )


def test_digest_of_the_sealed_detail_is_in_the_leaf(party: Callable[..., Party]):
    """The leaf names the ciphertext of its detail, so that it cannot be exchanged later."""
    db = party("acme").node.db
    with db.transaction() as tx:
        leaf = tx.append(entry(detail={"a": 1}))
    with db.reading() as session:
        row = session.get(LogEntryRow, leaf.index)
        sealed = session.execute(
            text("select sealed from log_detail where entry_id = :id"), {"id": leaf.entry_id}
        ).scalar()
        assert row is not None
        assert parse_leaf(row.entry)["blob"] == digest_bytes(sealed)


def test_a_drivers_error_does_not_repeat_the_row(party: Callable[..., Party]):
    """What is logged of a failed statement is the statement, not the values that it carried."""
    db = party("acme").node.db

    def twice() -> None:
        with db.transaction() as tx:
            for _ in range(2):
                row = SecretRow(name="n", sealed=b"canary-bytes", created_ms=1)
                tx.session.execute(insert(SecretRow).values(row.model_dump()))

    with pytest.raises(IntegrityError) as caught:
        twice()
    assert "INSERT INTO secret" in str(caught.value)
    assert "canary" not in str(caught.value)


@databases.sqlite_only
def test_a_full_disk_changes_nothing(party: Callable[..., Party]):
    """SQLite says the disk is full: 503, state and log as before; with room again it works."""
    db = party("acme").node.db
    with db.engine.connect() as connection:  # the pool has one writer, so the limit stays on it
        pages = connection.execute(text("pragma page_count")).scalar()
        connection.exec_driver_sql(f"pragma max_page_count = {pages}")
    with db.reading() as session:
        before = head(session)

    def fill() -> None:
        with db.transaction() as tx:
            for number in range(200):
                set_fact(tx.session, f"x{number}", "y" * 500)
                tx.append(entry(detail={"n": number}))

    with pytest.raises(StoreError, match="full") as caught:
        fill()
    assert caught.value.status == 503
    with db.reading() as session:
        assert head(session) == before
        assert fact(session, "x0") is None
    with db.engine.connect() as connection:
        connection.exec_driver_sql("pragma max_page_count = 1000000")
    fill()
    with db.reading() as session:
        assert head(session).size == before.size + 200
