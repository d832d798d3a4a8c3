"""A cursor: one question at a time, its answer as tuples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from connector.client.dbapi import problems
from connector.client.dbapi.binding import bound
from connector.client.dbapi.errors import (
    DatabaseError,
    InterfaceError,
    NotSupportedError,
    as_pep_249,
)
from connector.client.dbapi.flat import flattened
from connector.client.dbapi.kinds import NUMBER, STRING, type_of
from connector.client.dbapi.local import constants, probed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from connector.client.answer import Answer
    from connector.client.catalogue import Described
    from connector.client.dbapi.connection import Connection
    from connector.client.dbapi.kinds import Type

About = tuple[str, "Type", None, None, int | None, int | None, bool]


class Cursor:
    """What PEP 249 calls a cursor, and the answer behind it.

    Attributes:
        arraysize: how many rows `fetchmany` gives without a size.
        answer: the answer with units, bounds, versions and reasons; None before the first
            question, and of constants.
        why_column: the name of the last column, which says why a figure is NULL; empty for none.
        with_keys: whether a dimension that is grouped by and not selected comes after what is.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.arraysize = 1
        self.answer: Answer | None = None
        self.why_column = connection.why_column
        self.with_keys = True
        self.lastrowid = None
        self._described: tuple[About, ...] | None = None
        self._rows: list[tuple[Any, ...]] = []
        self._next = 0
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        while (row := self.fetchone()) is not None:
            yield row

    @property
    def description(self) -> tuple[About, ...] | None:
        """Name, type, and where it is a figure its digits and scale; a figure may be NULL."""
        return self._described

    @property
    def rowcount(self) -> int:
        """How many rows the last question has; -1 before one."""
        return len(self._rows) if self._described is not None else -1

    def execute(self, operation: str, parameters: Sequence[object] = ()) -> Cursor:
        """Ask a question; `?` in it are the parameters, as literals.

        Raises:
            ProgrammingError: refused, with reasons; or the parameters do not fit.
            NotSupportedError: it is nested (the error says the flat form), or no question.
            OperationalError: the connector or its peer cannot answer now.
            DatabaseError: the answer is in `answer`, and its columns are not those of the question.
        """
        self._open()
        self._described, self._rows, self._next, self.answer = None, [], 0, None
        language = self.connection.connector.language
        sql = bound(operation, parameters, language)
        if found := constants(sql):
            self._rows = [tuple(value for _, value in found)]
            self._described = tuple(_constant(name, value) for name, value in found)
            return self
        if table := probed(sql):
            with as_pep_249():
                self._described = _columns(self.connection.columns(table))
            return self
        word = (sql.split(None, 1) or [""])[0]
        if word.upper() not in {"SELECT", "WITH"}:
            raise NotSupportedError(problems.READ_ONLY, word=word[:40]).speaking(language)
        flat = flattened(sql)
        if flat:
            raise NotSupportedError(problems.NESTED, flat=flat).speaking(language)
        if flat is not None:
            raise NotSupportedError(problems.NESTED_DEEPLY).speaking(language)
        with as_pep_249():
            self._take(self.connection.ask(sql))
        return self

    def executemany(self, _operation: str, _parameters: Sequence[Sequence[object]]) -> None:
        """Refuse: questions are charged one by one."""
        self._open()
        refused = NotSupportedError(problems.MANY)
        raise refused.speaking(self.connection.connector.language)

    def fetchone(self) -> tuple[Any, ...] | None:
        """Give the next row, None after the last."""
        found = self.fetchmany(1)
        return found[0] if found else None

    def fetchmany(self, size: int | None = None) -> list[tuple[Any, ...]]:
        """Give the next rows, `arraysize` of them without a size."""
        self._asked()
        begin = self._next
        self._next = min(len(self._rows), begin + max(0, self.arraysize if size is None else size))
        return self._rows[begin : self._next]

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Give the rows that are left."""
        return self.fetchmany(len(self._rows))

    def setinputsizes(self, sizes: object) -> None:
        """Do nothing, as PEP 249 allows."""

    def setoutputsize(self, size: object, column: object = None) -> None:
        """Do nothing, as PEP 249 allows."""

    def close(self) -> None:
        """Give up the rows."""
        self._closed, self._rows, self._described = True, [], None

    def _take(self, answer: Answer) -> None:
        self.answer = answer
        if any(column.selected is None for column in answer.columns):
            unmatched = DatabaseError(problems.COLUMNS_UNMATCHED, question=answer.question_id)
            raise unmatched.speaking(answer.language)
        given = [place for place, c in enumerate(answer.columns) if c.selected or self.with_keys]
        figures = [
            (c.name, type_of(c.kind), None, None, None, c.scale, c.role == "aggregate")
            for c in (answer.columns[place] for place in given)
        ]
        self._rows = [tuple(row[place] for place in given) for row in answer.rows]
        self._described = tuple(figures)
        name = self.why_column
        while name and name in answer.names:
            name += "_"
        if name:
            told = zip(self._rows, answer.rows, strict=True)
            self._rows = [(*figures_of, row.why or None) for figures_of, row in told]
            self._described = (*figures, (name, STRING, None, None, None, None, True))

    def _open(self) -> None:
        if self._closed or self.connection.closed:
            closed = InterfaceError(problems.CLOSED)
            raise closed.speaking(self.connection.connector.language)

    def _asked(self) -> None:
        self._open()
        if self._described is None:
            nothing = InterfaceError(problems.NOTHING_ASKED)
            raise nothing.speaking(self.connection.connector.language)


def _columns(columns: Sequence[Described]) -> tuple[About, ...]:
    return tuple(
        (one.name, type_of(one.kind), None, None, None, one.scale, one.role == "measure")
        for one in columns
    )


def _constant(name: str, value: object) -> About:
    kind = STRING if isinstance(value, str) else NUMBER
    return (name, kind, None, None, None, None, False)
