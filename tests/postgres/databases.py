"""A database for each party of a test, made from a template that is migrated once."""

from __future__ import annotations

import os
import secrets
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from connector.process.ports import SystemClock
from connector.store.database import Database
from connector.store.migrate import migrate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection, Engine

VARIABLE = "VOILE_TEST_DATABASE"  # URL of a server where databases may be made
SERVER = os.environ.get(VARIABLE, "")  # read before a fixture clears the environment
sqlite_only = pytest.mark.skipif(bool(SERVER), reason="about SQLite; this run is on PostgreSQL")
_made: list[str] = []  # empty ones, dropped with their test
_lent: list[str] = []  # with a party in them, in the order of making
_free: list[str] = []  # emptied again: quicker than another copy, and its numbers have gaps
_migrated: list[str] = []
_schema: list[bytes] = []  # a SQLite file, migrated and otherwise empty
_admin: list[Engine] = []

EMPTY = """
DO $$
DECLARE name text;
BEGIN
  FOR name IN SELECT tablename FROM pg_tables
    WHERE schemaname = current_schema() AND tablename <> 'alembic_version'
  LOOP EXECUTE 'DELETE FROM ' || quote_ident(name); END LOOP;
END $$
"""


def mark() -> tuple[int, int]:
    """Remember where we are; see `give_back`."""
    return len(_made), len(_lent)


def give_back(since: tuple[int, int] = (0, 0)) -> None:
    """Take back what was made since a mark: copies are emptied for the next test."""
    while len(_made) > since[0]:
        _drop(_made.pop())
    while len(_lent) > since[1]:
        name = _lent.pop()
        if _emptied(name):
            _free.append(name)
        else:
            _drop(name)


def drop_all() -> None:
    """Drop everything that this process made."""
    give_back()
    for name in [*_free, *_migrated]:
        _drop(name)
    _free.clear()
    _migrated.clear()


def settings() -> Mapping[str, str]:
    """Give a new party's settings: a database with the schema and no node; nothing for SQLite."""
    if not SERVER:
        return {}
    name = _free.pop() if _free else _copy(_template())
    _lent.append(name)
    return {"VOILE_DATABASE": at(name)}


@contextmanager
def migrated_once() -> Iterator[None]:
    """Let homes made meanwhile on SQLite start with the file that the migrations made the first time.

    The migrations themselves are tested on files of their own.
    """

    def schema(db: Database) -> bool:
        place = db.engine.url.database
        if db.engine.dialect.name != "sqlite" or place is None or Path(place).exists():
            return migrate(db)
        if not _schema:
            with tempfile.TemporaryDirectory() as folder:
                made = Path(folder, "x.db")
                first = Database(f"sqlite:///{made}", db.clock)
                try:
                    migrate(first)
                finally:
                    first.close()
                _schema.append(made.read_bytes())
        Path(place).write_bytes(_schema[0])
        return True

    with patch("connector.party.home.migrate", schema):
        yield


def fresh() -> str:
    """Make an empty database; give its URL."""
    _made.append(_copy("template0"))
    return at(_made[-1])


def empty(folder: Path) -> str:
    """Give the URL of an empty store: a database of its own, or a file in a folder."""
    return fresh() if SERVER else f"sqlite:///{folder / 'x.db'}"


def at(name: str) -> str:
    """Give the URL of another database of the server."""
    from sqlalchemy.engine import make_url

    return make_url(SERVER).set(database=name).render_as_string(hide_password=False)


def _copy(template: str) -> str:
    name = f"voile_test_{secrets.token_hex(6)}"
    _execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return name


def _template() -> str:
    """Migrate once; copies of it are quicker than migrations."""
    if not _migrated:
        name = _copy("template0")
        db = Database(at(name), SystemClock())
        try:
            migrate(db)
        finally:
            db.close()
        _migrated.append(name)
    return _migrated[0]


def _drop(name: str) -> None:
    _execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _emptied(name: str) -> bool:
    """Empty a database, if nobody is left in it and its schema is the one it was lent with."""
    from sqlalchemy import create_engine
    from sqlalchemy.exc import OperationalError
    from sqlalchemy.pool import NullPool

    engine = create_engine(at(name), poolclass=NullPool)
    try:
        with engine.begin() as connection:
            if _in_use(connection) or _changed(connection):
                return False
            connection.exec_driver_sql(EMPTY)
            return True
    except OperationalError:  # somebody came back to it
        return False


def _in_use(connection: Connection) -> bool:
    for _ in range(20):  # a session that was closed is gone a moment later
        others = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
            " AND datname = current_database() AND pid <> pg_backend_pid()"
        ).scalar()
        if not others:
            return False
        time.sleep(0.02)
    return True


def _changed(connection: Connection) -> bool:
    from connector.compose.tables import metadata

    found = connection.exec_driver_sql(
        "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
    ).scalars()
    return set(found) != {*metadata().tables, "alembic_version"}


def _execute(statement: str) -> None:
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    if not _admin:
        _admin.append(create_engine(SERVER, isolation_level="AUTOCOMMIT", poolclass=NullPool))
    with _admin[0].connect() as connection:
        connection.exec_driver_sql(statement)
