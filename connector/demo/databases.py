"""The demonstration on PostgreSQL: a database for each party, on the server that a URL names.

Databases of an earlier demonstration are made anew; one that is not marked as such is left alone.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from connector.demo import problems
from connector.process import database_url as store_url
from connector.process.errors import SettingsError
from connector.store.failures import why

MARK = "made by voile demo"


def make(address: str, slugs: Iterable[str]) -> dict[str, str]:
    """Make an empty database for each party.

    Args:
        address: URL of a database of the server, by a role that may make others.
        slugs: The parties.

    Returns:
        The URL of each party's database.

    Raises:
        SettingsError: The server does not let us, or a name is taken by something else.
    """
    server = make_url(store_url.read(address, "database"))
    engine = create_engine(
        server, isolation_level="AUTOCOMMIT", poolclass=NullPool, hide_parameters=True
    )
    made = {}
    try:
        with engine.connect() as connection:
            for slug in slugs:
                name = f"voile_demo_{slug}"
                _make_anew(connection, name)
                made[slug] = server.set(database=name).render_as_string(hide_password=False)
    except DBAPIError as error:
        raise SettingsError(
            problems.NO_DATABASES, server=store_url.shown(str(server)), why=why(error)
        ) from error
    return made


def _make_anew(connection: Connection, name: str) -> None:
    marks = connection.execute(
        text("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = :name"),
        {"name": name},
    ).all()
    if marks and marks[0][0] != MARK:
        raise SettingsError(problems.DATABASE_TAKEN, name=name)
    for statement in (
        f'DROP DATABASE IF EXISTS "{name}"',
        f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'",
        f"COMMENT ON DATABASE \"{name}\" IS '{MARK}'",
    ):
        connection.exec_driver_sql(statement)
