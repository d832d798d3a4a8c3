"""A dialect of SQLAlchemy: `voile://HOME/AGREEMENT?purpose=…`, for notebooks and pandas.

The host is a home's folder below the working folder; `?home=` names any other. Tables are those
that agreements open, columns come from their products' descriptions. A statement that is written
as text gets, at its end, dimensions that it groups by alone and the column of reasons; one that
SQLAlchemy makes has exactly the columns that it selects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from sqlalchemy import types
from sqlalchemy.engine.default import DefaultDialect, DefaultExecutionContext
from sqlalchemy.exc import NoSuchTableError
from sqlalchemy.sql.elements import TextClause

from connector.client import dbapi
from connector.client.answer import WHY
from connector.client.dbapi import problems
from connector.client.dbapi.errors import as_pep_249
from connector.client.tables import unseen

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

    from sqlalchemy.engine import ConnectArgsType, Connection
    from sqlalchemy.engine.interfaces import ReflectedColumn
    from sqlalchemy.engine.url import URL

    from connector.client.catalogue import Described
    from connector.client.tables import Table

_TYPES: Mapping[str, Any] = {
    "text": types.Text,
    "integer": types.Integer,
    "date": types.Date,
}
_OPTIONS = ("purpose", "language", "home", "url", "why")


class VoileExecutionContext(DefaultExecutionContext):
    """Gives exactly what is selected where SQLAlchemy knows the columns: it takes them by place."""

    def pre_exec(self) -> None:
        """Choose before the statement goes out."""
        compiled = self.compiled
        if compiled is not None and not isinstance(compiled.statement, TextClause):
            cursor: Any = self.cursor
            cursor.why_column, cursor.with_keys = "", False


class VoileDialect(DefaultDialect):
    """Asks questions; reflects what agreements open."""

    name = "voile"
    driver = "connector"
    default_paramstyle = dbapi.paramstyle
    execution_ctx_cls = VoileExecutionContext
    supports_statement_cache = True
    supports_native_decimal = True
    supports_alter = False
    supports_default_values = False
    supports_empty_insert = False
    supports_sane_rowcount = False
    supports_sane_multi_rowcount = False
    postfetch_lastrowid = False
    max_identifier_length = 255
    returns_native_bytes = True

    @classmethod
    def import_dbapi(cls) -> ModuleType:
        """Give the module of PEP 249."""
        return dbapi

    def create_connect_args(self, url: URL) -> ConnectArgsType:
        """Read a URL; a token is no part of one: `create_engine(…, connect_args={"token": …})`.

        Raises:
            ProgrammingError: an option that there is none of, or a password in it.
        """
        given = {
            name: text if isinstance(text, str) else text[-1] for name, text in url.query.items()
        }
        unknown = sorted(given.keys() - set(_OPTIONS))
        if unknown or url.username or url.password or url.port:
            named = ", ".join(unknown) or "user, password, port"
            raise dbapi.ProgrammingError(problems.URL_OPTION, given=named, known=list(_OPTIONS))
        options: dict[str, Any] = {
            "agreement": unquote(url.database or ""),
            "purpose": given.get("purpose", ""),
            "language": given.get("language", ""),
            "url": given.get("url", ""),
            "why_column": given.get("why", WHY),
        }
        home = given.get("home") or url.host or ""
        return ((home,) if home else ()), options

    def initialize(self, connection: Connection) -> None:
        """Ask nothing: there is no version or isolation to learn."""

    def do_ping(self, dbapi_connection: Any) -> bool:
        """Say that the connection is fine: it is no socket."""
        return not dbapi_connection.closed

    def _nothing(self, *_: Any, **__: Any) -> list[Any]:
        """Give none: rows are never seen, and a table stands under its own name."""
        return []

    get_schema_names = get_view_names = get_foreign_keys = get_indexes = _nothing
    get_unique_constraints = get_check_constraints = _nothing

    def get_pk_constraint(self, *_: Any, **__: Any) -> Any:
        """Give none, too."""
        return {"constrained_columns": [], "name": None}

    def get_table_names(
        self, connection: Connection, schema: str | None = None, **_: Any
    ) -> list[str]:
        """Give the tables that agreements in force open, as far as catalogues can be had now."""
        if schema:
            return []
        return sorted({one.name for one in _held(connection).tables().tables})

    def has_table(
        self, connection: Connection, table_name: str, schema: str | None = None, **_: Any
    ) -> bool:
        """Say whether an agreement opens a table; of what is no name without asking anybody.

        Raises:
            OperationalError: it cannot be seen now.
        """
        if not table_name.isidentifier() or schema:
            return False
        return bool(_tables(connection, table_name))

    def get_columns(
        self, connection: Connection, table_name: str, schema: str | None = None, **_: Any
    ) -> list[ReflectedColumn]:
        """Give dimensions and measures; a comment has the title, the unit, what it is for.

        Raises:
            NoSuchTableError: no agreement opens it.
            OperationalError: it cannot be seen now, or several open it and differ in its columns.
        """
        found = _tables(connection, table_name) if not schema else []
        if not found:
            raise NoSuchTableError(table_name)
        if any(one.product.columns != found[0].product.columns for one in found):
            _held(connection).columns(table_name)  # the error names the agreements
        return [_column(column) for column in found[0].product.columns]

    def get_table_comment(
        self, connection: Connection, table_name: str, schema: str | None = None, **_: Any
    ) -> Any:
        """Give the product's title, and whose it is; of each, where several open the table."""
        found = _tables(connection, table_name) if not schema else []
        if not found:
            raise NoSuchTableError(table_name)
        said = (f"{one.product.title} ({one.product.provider})" for one in found)
        return {"text": "; ".join(dict.fromkeys(said))}


def _held(connection: Connection) -> dbapi.Connection:
    held: Any = connection.connection.dbapi_connection
    return held  # type: ignore[no-any-return]


def _tables(connection: Connection, name: str) -> list[Table]:
    """Give the tables of a name; with none, that there is none must be certain."""
    held = _held(connection)
    opened = held.tables()
    found = [one for one in opened.tables if one.name == name]
    if not found and opened.unseen:
        with as_pep_249():
            raise unseen(held.connector, opened, name)
    return found


def _column(column: Described) -> ReflectedColumn:
    figure = types.Numeric(38, column.scale, asdecimal=True)
    kind = figure if column.kind == "decimal" else _TYPES[column.kind]()
    unit = f" [{column.unit}]" if column.unit else ""
    return {
        "name": column.name,
        "type": kind,
        "nullable": column.role == "measure",
        "default": None,
        "comment": f"{column.title}{unit}, {column.role}",
    }
