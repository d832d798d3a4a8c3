"""Sessions of readers and the writing connection are kept between uses, and nothing else of a use."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, UnboundExecutionError
from sqlmodel import col

from connector.process.errors import NotFound, StoreError
from connector.store.core import memo_of
from connector.store.facts import fact, set_fact
from connector.store.rows import FactRow
from tests.postgres import databases

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.store.database import Database
    from tests.simulators import Party

VALUE = select(col(FactRow.value)).where(col(FactRow.name) == "x")


@databases.sqlite_only
def test_a_reader_leaves_nothing_to_the_next(party: Callable[..., Party]):
    """Objects, what areas put beside them, and the state of the database are of one use."""
    db = party("acme").node.db
    with db.transaction() as tx:
        set_fact(tx.session, "x", "1")
    with db.reading() as first:
        row = first.get(FactRow, "x")
        assert row is not None
        first.info["area"] = "mine"
    with db.transaction() as tx:
        set_fact(tx.session, "x", "2")
    with db.reading() as second:
        assert second is first, "the session is kept"
        assert "area" not in second.info
        again = second.get(FactRow, "x")
        assert again is not None
        assert (row.value, again.value) == ("1", "2")
        assert again is not row
        assert memo_of(second) is None


@databases.sqlite_only
def test_readers_within_each_other_and_beside_each_other_share_nothing(party: Callable[..., Party]):
    """Each has a session and a connection of its own."""
    db = party("acme").node.db
    found: list[object] = []
    with db.reading() as outer, db.reading() as inner:
        assert outer is not inner
        assert outer.info["sqlite"] is not inner.info["sqlite"]
        thread = threading.Thread(target=lambda: found.extend(_one(db)))
        thread.start()
        thread.join()
    assert found
    assert found[0] not in (outer, inner)


def _one(db: Database) -> list[object]:
    with db.reading() as session:
        return [session]


@databases.sqlite_only
def test_a_session_in_whose_use_something_was_raised_is_not_used_again(
    party: Callable[..., Party],
):
    """A driver's error becomes ours, others pass; either way the next reader has a clean one."""
    db = party("acme").node.db
    with db.reading() as sound:
        pass
    with pytest.raises(StoreError), db.reading() as broken:
        broken.execute(text("select nothing from nowhere"))
    with pytest.raises(NotFound), db.reading() as left:
        raise NotFound("gone")
    with db.reading() as session:
        assert session not in (broken, left)
        assert session.execute(VALUE).scalar() is None
    assert broken is sound, "it was kept until then"
    with pytest.raises(StoreError, match=r"read-?only"), db.reading() as session:
        session.execute(text("delete from fact"))


@databases.sqlite_only
def test_the_writing_connection_is_kept_and_a_failed_change_leaves_nothing_in_it(
    party: Callable[..., Party],
):
    """Changes follow each other on one connection, also after one of them was undone."""
    db = party("acme").node.db
    used = []
    for value in ("1", "2"):
        with db.transaction() as tx:
            used.append(tx.session.info["sqlite"])
            set_fact(tx.session, "x", value)
        with pytest.raises(IntegrityError):
            _twice(db)
        assert not used[-1].in_transaction
        with db.reading() as session:
            assert fact(session, "x") == value
    assert used[0] is used[1]


def _twice(db: Database) -> None:
    with db.transaction() as tx:
        set_fact(tx.session, "x", "never")
        tx.session.execute(text("insert into fact (name, value) values ('x', 'twice')"))


def test_migrations_get_the_one_connection(party: Callable[..., Party]):
    """The engine's pool has one connection, which a kept one would keep from it."""
    db = party("acme").node.db
    with db.transaction() as tx:
        set_fact(tx.session, "x", "1")
    with db.engine.begin() as connection:
        connection.execute(text("update fact set value = '2' where name = 'x'"))
    with db.transaction() as tx:
        assert fact(tx.session, "x") == "2"


def test_what_a_transaction_has_read_is_of_that_transaction(party: Callable[..., Party]):
    """A secret that is replaced or destroyed in it is read anew; none is left for the next."""
    node = party("acme").node
    with node.db.transaction() as tx:
        node.secrets.put(tx, "s", b"1" * 32)
        assert node.secrets.get("s", tx=tx) == b"1" * 32
        node.secrets.put(tx, "s", b"2" * 32)
        assert node.secrets.get("s", tx=tx) == b"2" * 32
    with node.db.transaction() as tx:
        assert not tx.memo
        assert node.secrets.get("s", tx=tx) == b"2" * 32
        node.secrets.delete(tx, "s")
        with pytest.raises(NotFound):
            node.secrets.get("s", tx=tx)


def test_a_session_that_outlives_its_change_reaches_nobody_elses(party: Callable[..., Party]):
    """Neither writes into the change of another thread, nor undoes it."""
    db = party("acme").node.db
    with db.transaction() as tx:
        set_fact(tx.session, "x", "1")
        late = tx.session
    inside, go = threading.Event(), threading.Event()

    def other() -> None:
        with db.transaction() as tx:
            set_fact(tx.session, "mine", "1")
            inside.set()
            go.wait(60)

    thread = threading.Thread(target=other)
    thread.start()
    assert inside.wait(60)
    with pytest.raises(UnboundExecutionError):
        late.execute(text("INSERT INTO fact (name, value) VALUES ('stray', '1')"))
    late.rollback()
    go.set()
    thread.join()
    with db.reading() as session:
        assert (fact(session, "mine"), fact(session, "stray")) == ("1", None)
    with db.transaction() as tx:
        set_fact(tx.session, "x", "2")


@databases.sqlite_only
def test_a_change_that_ends_after_the_database_is_closed_keeps_nothing_open(
    party: Callable[..., Party],
):
    """Its connection is closed with it: files that stay open hold a home that is copied."""
    db = party("acme").node.db
    with db.transaction() as tx:
        set_fact(tx.session, "x", "1")
        db.close()
    assert not db._idle
