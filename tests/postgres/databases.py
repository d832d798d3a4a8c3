"""A database for each party of a test, made from a template that is migrated once."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Engine

VARIABLE = "VOILE_TEST_DATABASE"  # URL of a server where databases may be made
SERVER = os.environ.get(VARIABLE, "")  # read before a fixture clears the environment
_made: list[str] = []
_migrated: list[str] = []
_admin: list[Engine] = []


def in_use() -> bool:
    """Whether tests run on PostgreSQL."""
    return bool(SERVER)


def mark() -> int:
    """Remember where we are; see `drop`."""
    return len(_made)


def drop(since: int = 0) -> None:
    """Drop the databases that were made since a mark."""
    while len(_made) > since:
        _execute(f'DROP DATABASE IF EXISTS "{_made.pop()}" WITH (FORCE)')


def settings() -> Mapping[str, str]:
    """Give a new party's settings: a database with the schema and no node; nothing for SQLite."""
    return {"VOILE_DATABASE": fresh(_template())} if SERVER else {}


def fresh(template: str = "template0") -> str:
    """Make a database, empty if no template is named; give its URL."""
    name = f"voile_test_{secrets.token_hex(6)}"
    _execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    _made.append(name)
    return at(name)


def _template() -> str:
    """Migrate once; copies of it are quicker than migrations."""
    if not _migrated:
        from connector.ports import SystemClock
        from connector.store.database import Database
        from connector.store.migrate import migrate

        name = f"voile_test_{secrets.token_hex(6)}"
        _execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        db = Database(at(name), SystemClock())
        try:
            migrate(db)
        finally:
            db.close()
        _migrated.append(name)
    return _migrated[0]


def drop_all() -> None:
    """Drop everything that this process made."""
    drop()
    while _migrated:
        _made.append(_migrated.pop())
    drop()


def at(name: str) -> str:
    """Give the URL of another database of the server."""
    from sqlalchemy.engine import make_url

    return make_url(SERVER).set(database=name).render_as_string(hide_password=False)


def _execute(statement: str) -> None:
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    if not _admin:
        _admin.append(create_engine(SERVER, isolation_level="AUTOCOMMIT", poolclass=NullPool))
    with _admin[0].connect() as connection:
        connection.exec_driver_sql(statement)
