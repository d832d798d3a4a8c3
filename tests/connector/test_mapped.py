"""Rows as records: columns by the names of fields, in whatever order these stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import bindparam

from connector.store.mapped import Mapped
from connector.store.prepared import Prepared
from connector.store.rows import FactRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.store.database import Database
    from tests.simulators import Party


@dataclass(frozen=True, slots=True)
class Fact:
    value: str  # the other way round than in the table
    name: str


@dataclass(frozen=True, slots=True)
class Other:
    value: str
    colour: str


FACTS = Mapped(Fact, FactRow)
ONE = Prepared(FACTS.chosen(FACTS.table.c.name == bindparam("at")))
SOME = Prepared(
    FACTS.chosen(FACTS.table.c.name.like(bindparam("pattern"))).order_by(FACTS.table.c.name)
)


@pytest.fixture
def db(party: Callable[..., Party]) -> Database:
    """The store of a node."""
    return party("acme").node.db


def test_what_is_added_is_read_back(db: Database):
    """One, several, none; each value in its own field."""
    kept = [Fact("A", "t-a"), Fact("乙", "t-b")]
    with db.transaction() as tx:
        for one in kept:
            FACTS.add(tx.session, one)
    with db.reading() as session:
        assert FACTS.first(session, ONE, at="t-b") == kept[1]
        assert FACTS.first(session, ONE, at="t-z") is None
        assert FACTS.all(session, SOME, pattern="t-%") == kept
        assert FACTS.all(session, SOME, pattern="u-%") == []


def test_a_field_without_its_column_is_found_at_once():
    """When the query is made, not when it is run."""
    with pytest.raises(KeyError, match="colour"):
        Mapped(Other, FactRow).chosen()


def test_values_come_in_the_order_of_the_columns():
    """So that a row and a record can be laid side by side."""
    fact = Fact("A", "t-a")
    assert FACTS.names == ("value", "name")
    assert FACTS.values_of(fact) == ("A", "t-a")
    assert FACTS.of(FACTS.values_of(fact)) == fact
