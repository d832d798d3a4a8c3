"""A connection: a connector, the agreement and the purpose under which its cursors ask."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final, Self

from connector.client.answer import WHY
from connector.client.catalogue import Agreement
from connector.client.connector import Connector
from connector.client.dbapi import errors, problems
from connector.client.dbapi.cursor import Cursor
from connector.client.dbapi.errors import InterfaceError, as_pep_249
from connector.client.tables import Opened, agreement_for, tables

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from connector.client.answer import Answer
    from connector.client.catalogue import Described

REMEMBERED_SECONDS: Final = 30.0


class Connection:
    """What PEP 249 calls a connection. It writes nothing: commit and rollback do nothing."""

    Warning = errors.Warning
    Error = errors.Error
    InterfaceError = errors.InterfaceError
    DatabaseError = errors.DatabaseError
    DataError = errors.DataError
    OperationalError = errors.OperationalError
    IntegrityError = errors.IntegrityError
    InternalError = errors.InternalError
    ProgrammingError = errors.ProgrammingError
    NotSupportedError = errors.NotSupportedError

    def __init__(
        self, connector: Connector, agreements: Sequence[str], purpose: str, why_column: str
    ) -> None:
        """Hold what questions need; see `connect`."""
        self.connector = connector
        self.agreements = tuple(agreements)
        self.purpose = purpose
        self.why_column = why_column
        self.closed = False
        self._tables: tuple[float, Opened] | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def cursor(self) -> Cursor:
        """Give a cursor."""
        if self.closed:
            raise InterfaceError(problems.CLOSED).speaking(self.connector.language)
        return Cursor(self)

    def commit(self) -> None:
        """Do nothing: nothing was written."""

    def rollback(self) -> None:
        """Do nothing: nothing was written, and what was asked is charged."""

    def close(self) -> None:
        """Let no cursor ask any more."""
        self.closed = True

    def tables(self) -> Opened:
        """Give the tables that may be asked; catalogues are read once in half a minute.

        What a catalogue that was not to be had leaves open is not remembered.
        """
        with as_pep_249():
            with self._lock:
                held = self._tables
            if held is not None and time.monotonic() - held[0] < REMEMBERED_SECONDS:
                return held[1]
            found = tables(self.connector, self.agreements)
            with self._lock:
                self._tables = None if found.unseen else (time.monotonic(), found)
            return found

    def columns(self, table: str) -> tuple[Described, ...]:
        """Give the columns of a table, from its product's description."""
        opened = self.tables()
        with as_pep_249():
            agreement_for(self.connector, opened, table)
        return opened.named(table)[0].product.columns

    def ask(self, sql: str) -> Answer:
        """Ask under the agreement of this connection, or under the one that opens the table."""
        if not self.purpose:
            raise InterfaceError(problems.NO_PURPOSE).speaking(self.connector.language)
        agreements = self.agreements or (self._agreement(sql),)
        return self.connector.ask(sql, agreement=agreements, purpose=self.purpose)

    def _agreement(self, sql: str) -> str:
        from policies.errors import QueryError
        from policies.sql import parse

        try:
            table = parse(sql).table.name
        except QueryError as error:
            refused = errors.ProgrammingError.of(error).speaking(self.connector.language)
            refused.reasons = [reason.to_json() for reason in error.reasons]
            raise refused from error
        return agreement_for(self.connector, self.tables(), table).id


def connect(
    home: str | os.PathLike[str] = "",
    *,
    agreement: str | Agreement | Sequence[str | Agreement] = (),
    purpose: str = "",
    url: str = "",
    token: str = "",
    language: str = "",
    why_column: str = WHY,
) -> Connection:
    """Open a connection; nothing is asked yet.

    Args:
        home: a home's folder, as for `connector.client.Connector`; or `url` and `token`.
        agreement: one, or several for a total; without, the one in force that opens the table.
        purpose: for what is asked: short name or IRI.
        url: of the management API.
        token: a management key.
        language: `zh` or `en`.
        why_column: name of the last column of each answer, which says why figures are NULL; empty
            leaves it out.

    Raises:
        ProgrammingError: no home, or an odd address, token or language.
        OperationalError: the home or its token is not as it must be.
    """
    with as_pep_249():
        connector = Connector(home, url=url, token=token, language=language)
    several = [agreement] if isinstance(agreement, str | Agreement) else list(agreement)
    ids = [one.id if isinstance(one, Agreement) else one for one in several if one]
    return Connection(connector, ids, purpose, why_column)
