"""Prepared statements: the driver's speed, the session's transaction, SQLAlchemy's errors."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import DateTime, bindparam, column, delete, insert, select, table, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

import connector
from connector.store.core import table_of
from connector.store.facts import fact, set_fact
from connector.store.outbox_rows import OutboxRow, Queued
from connector.store.prepared import Prepared
from connector.store.rows import FactRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.store.database import Database
    from tests.simulators import Party

FACTS = table_of(FactRow)
INSERT = Prepared(insert(FACTS), ("name", "value"))
VALUE = Prepared(select(col(FactRow.value)).where(col(FactRow.name) == bindparam("at")))
LIKE = Prepared(
    select(col(FactRow.name), col(FactRow.value))
    .where(col(FactRow.name).like(bindparam("pattern")))
    .order_by(col(FactRow.name))
    .limit(2)
)
CHANGE = Prepared(
    update(FACTS).where(FACTS.c.name == bindparam("at")).values(value=bindparam("to"))
)
REMOVE = Prepared(delete(FACTS).where(FACTS.c.name == bindparam("at")))


@pytest.fixture
def db(party: Callable[..., Party]) -> Database:
    """The store of a node."""
    return party("acme").node.db


def test_they_read_and_write_like_any_other_statement(db: Database):
    """One row, none, several with a limit, a change that meets a row and one that meets none."""
    with db.transaction() as tx:
        for name in ("t-a", "t-b", "t-c"):
            INSERT.run(tx.session, name=name, value=name.upper())
        assert CHANGE.run(tx.session, at="t-b", to="乙") == 1
        assert CHANGE.run(tx.session, at="t-z", to="x") == 0
    with db.reading() as session:
        assert VALUE.scalar(session, at="t-b") == "乙"
        assert VALUE.first(session, at="t-a") == ("T-A",)
        assert VALUE.first(session, at="t-z") is None
        assert VALUE.scalar(session, at="t-z") is None
        assert LIKE.rows(session, pattern="t-%") == [("t-a", "T-A"), ("t-b", "乙")]
        assert fact(session, "t-c") == "T-C"


def test_they_are_in_the_sessions_transaction(db: Database):
    """They see what it has written, and go with it when it is undone."""

    def change_and_fail() -> None:
        with db.transaction() as tx:
            set_fact(tx.session, "t", "1")
            assert VALUE.scalar(tx.session, at="t") == "1"
            CHANGE.run(tx.session, at="t", to="2")
            INSERT.many(tx.session, [{"name": f"m-{n}", "value": "x"} for n in range(3)])
            raise KeyError("mine")

    with pytest.raises(KeyError):
        change_and_fail()
    with db.reading() as session:
        assert VALUE.scalar(session, at="t") is None
        assert LIKE.rows(session, pattern="m-%") == []


def test_what_the_mapper_holds_counts(db: Database):
    """A row that was added or changed as an object, and not flushed yet."""
    with db.transaction() as tx:
        tx.session.add(FactRow(name="t", value="1"))
        assert VALUE.scalar(tx.session, at="t") == "1"
        row = tx.session.get(FactRow, "t")
        assert row is not None
        row.value = "2"
        assert VALUE.scalar(tx.session, at="t") == "2"
        row.value = "3"
        assert CHANGE.run(tx.session, at="t", to="4") == 1
    with db.reading() as session:
        assert VALUE.scalar(session, at="t") == "4"


def test_a_key_that_the_database_draws_comes_back(db: Database):
    """As the outbox needs it."""
    columns = ("peer", "process", "kind", "method", "url", "message_id", "headers", "body")
    rest = ("sealed", "state", "attempts", "next_ms", "created_ms", "reason")
    send = Prepared(insert(table_of(OutboxRow)), (*columns, *rest))
    values = dict.fromkeys(columns, "x") | dict.fromkeys(rest, "x")
    values |= {"body": b"\x00\xff", "attempts": 0, "next_ms": 0, "created_ms": 2**40}
    with db.transaction() as tx:
        first, second = (send.insert(tx.session, **values) for _ in range(2))
        row = tx.session.get(OutboxRow, second)
        assert row is not None
        assert second == first + 1
        assert (row.body, row.created_ms) == (b"\x00\xff", 2**40)


def test_errors_are_those_that_sqlalchemy_raises(db: Database):
    """Whoever inserts once looks for an IntegrityError, which undoes only its own change."""
    with db.transaction() as tx:
        INSERT.run(tx.session, name="once", value="1")

    def again() -> None:
        with db.transaction() as tx:
            INSERT.run(tx.session, name="other", value="1")
            INSERT.run(tx.session, name="once", value="2")

    with pytest.raises(IntegrityError):
        again()
    with db.reading() as session:
        assert VALUE.scalar(session, at="once") == "1"
        assert VALUE.scalar(session, at="other") is None


def test_nothing_is_written_through_a_reading_session(db: Database):
    """A reader's connection refuses, whoever uses it."""
    with pytest.raises(Exception, match=r"read.?only"), db.reading() as session:
        REMOVE.run(session, at="once")


def test_a_value_that_was_forgotten_is_an_error_and_no_null(db: Database):
    """Rather nothing than a row with a hole."""
    with pytest.raises(Exception, match="to"), db.transaction() as tx:
        CHANGE.run(tx.session, at="t")


def test_what_the_driver_would_take_otherwise_is_refused_when_it_is_made():
    """A moment needs SQLAlchemy's own conversion, a list its own expansion."""
    moments = table("moments", column("at", DateTime))
    with pytest.raises(TypeError):
        Prepared(insert(moments), ("at",))
    with pytest.raises(TypeError):
        Prepared(select(FACTS).where(FACTS.c.name.in_(["a", "b"])))


def test_a_queued_message_has_the_columns_of_its_row_in_their_order():
    """It is made from a row by position."""
    assert list(Queued.__slots__) == list(OutboxRow.model_fields)


def test_no_statement_is_planned_anew_for_a_limit_that_never_changes():
    """SQLite does so for each value that is bound to a limit; `FIRST` stands in the text."""
    found = 0
    for info in pkgutil.walk_packages(connector.__path__, "connector."):
        if info.name.split(".")[1] in ("__main__", "demo", "faces") or "migrations" in info.name:
            continue
        for name, made in vars(importlib.import_module(info.name)).items():
            if isinstance(made, Prepared) and "LIMIT ?" in made._text:
                bound = made._names[made._text[: made._text.index("LIMIT ?")].count("?")]
                assert bound not in made._fixed, f"{info.name}.{name}"
                found += 1
    assert found  # `asked` lists as many as the caller wants
