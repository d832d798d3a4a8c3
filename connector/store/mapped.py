"""Rows as records: the columns that the fields of a record name, in the order of these.

Plain tuples of the driver become records, past the object mapper; the names stand once, in the
record. What a column holds in a text of its own, who reads the record knows.
"""

from __future__ import annotations

import dataclasses
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy import insert, select

from connector.store.core import table_of
from connector.store.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Select
    from sqlmodel import Session, SQLModel

R = TypeVar("R")


class Mapped(Generic[R]):
    """The rows of a table as records.

    Args:
        record: A dataclass of two fields or more, each named as a column.
        row: The row class of the table; it may have more columns.
    """

    __slots__ = ("_insert", "_record", "names", "table", "values_of")

    def __init__(self, record: type[R], row: type[SQLModel]) -> None:
        kind: Any = record
        self._record = record
        self.names = tuple(field.name for field in dataclasses.fields(kind))
        self.table = table_of(row)
        self.values_of = attrgetter(*self.names)  # a tuple, as a row has them
        self._insert: Prepared | None = None

    def chosen(self, *conditions: Any) -> Select[Any]:
        """Begin a query for its rows."""
        return select(*(self.table.c[name] for name in self.names)).where(*conditions)

    def of(self, row: Iterable[Any]) -> R:
        """Make the record of one row."""
        return self._record(*row)

    def all(self, session: Session, query: Prepared, /, **values: Any) -> list[R]:
        """Run a query that `chosen` began; give all records."""
        return [self.of(row) for row in query.rows(session, **values)]

    def first(self, session: Session, query: Prepared, /, **values: Any) -> R | None:
        """Run a query that `chosen` began; give the first record, or None."""
        row = query.first(session, **values)
        return None if row is None else self.of(row)

    def add(self, session: Session, record: R) -> None:
        """Store a record as a new row."""
        if self._insert is None:
            self._insert = Prepared(insert(self.table), self.names)
        self._insert.run(session, **dict(zip(self.names, self.values_of(record), strict=True)))
