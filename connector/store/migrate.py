"""Migrations at start: run when the schema is older, refused when it is newer.

Alembic is imported only when there is something to migrate; the usual start reads one number.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import inspect, text

from connector.process.errors import SettingsError
from connector.store import problems

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection

    from connector.store.database import Database

FOLDER: Final = Path(__file__).parent / "migrations"


def newest() -> str:
    """Give the revision that this software wants: the last file of `versions`, by its number."""
    names = sorted(path.stem for path in (FOLDER / "versions").glob("[0-9]*.py"))
    return names[-1].split("_", 1)[0]


def current(connection: Connection) -> str | None:
    """Give the revision of the schema, or None if there is none yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    row = connection.execute(text("SELECT version_num FROM alembic_version")).first()
    return str(row[0]) if row else None


def configuration(connection: Connection) -> Config:
    """Make Alembic's configuration for a connection."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config


def migrate(db: Database) -> bool:
    """Bring the schema to the newest revision; one transaction for all steps.

    Returns:
        Whether anything was migrated.

    Raises:
        SettingsError: the schema is newer than this software.
    """
    wanted = newest()
    with db.engine.begin() as connection:
        found = current(connection)
        if found == wanted:
            return False
        if found is not None and found > wanted:
            raise SettingsError(problems.SCHEMA_NEWER, found=found, wanted=wanted)
        from alembic import command

        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL statement_timeout = 0"))  # tables may be large
        config = configuration(connection)
        command.upgrade(config, "head")
        found = current(connection)
        if found != wanted:
            raise SettingsError(problems.SCHEMA_WRONG, found=found, wanted=wanted)
    return True
