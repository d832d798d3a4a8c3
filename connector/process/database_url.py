"""The address of the store: SQLite in the data folder, or a PostgreSQL URL; never its password.

Everything after the database's name goes to libpq as it stands (``?host=``, ``service=``,
``sslmode=`` …), and so do its own ways to a password: PGPASSFILE, a service file, a socket's peer
authentication. They are better places for it than a settings file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from connector.process import problems_settings as problems
from connector.process.errors import SettingsError

if TYPE_CHECKING:
    from crypto.words import Spoken

DRIVER: Final = "postgresql+psycopg"
HIDDEN: Final = frozenset({"password", "sslpassword", "scram_client_key", "oauth_client_secret"})
_EXAMPLE: Final = f"{DRIVER}:///voile?host=/run/postgresql"


def is_postgres(url: str) -> bool:
    """Whether a URL that was read names a PostgreSQL server."""
    return url.startswith("postgresql")


def read(value: object, name: str) -> str:
    """Read the setting: a PostgreSQL URL, given back with its driver's name.

    Raises:
        SettingsError: it is not one. The message never holds the whole URL.
    """
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    if not isinstance(value, str) or any(ord(c) < 0x20 for c in value):
        raise _wrong(name, problems.NO_LINE)
    scheme, mark, _ = value.partition("://")
    if not mark:
        raise _wrong(name, problems.WITHOUT_MARK)
    if scheme.startswith("sqlite"):
        raise SettingsError(problems.SQLITE_ADDRESS, setting=name)
    if scheme not in {"postgresql", "postgres", DRIVER}:
        raise SettingsError(problems.DIALECT, setting=name, driver=DRIVER, got=_named(scheme))
    try:
        url = make_url(DRIVER + value.removeprefix(scheme))
    except (ArgumentError, ValueError) as error:
        raise _wrong(name, problems.NO_URL) from error
    return url.render_as_string(hide_password=False)


def shown(url: str) -> str:
    """Give a URL without its secrets, for `voile doctor`, logs and errors."""
    if not is_postgres(url):
        return url
    from sqlalchemy.engine import make_url

    parts = make_url(url)
    secret = [name for name in parts.query if name.lower() in HIDDEN]
    parts = parts.update_query_dict(dict.fromkeys(secret, "***"))
    return parts.render_as_string(hide_password=True).replace("%2A", "*")


def holds_secret(url: str) -> bool:
    """Whether a password stands in the URL itself."""
    from sqlalchemy.engine import make_url

    parts = make_url(url)
    return parts.password is not None or any(name.lower() in HIDDEN for name in parts.query)


def _named(scheme: str) -> str | Spoken:
    known = re.fullmatch(r"[a-z0-9_+]{1,40}", scheme)
    return f"`{scheme}`" if known else problems.SOMETHING_ELSE


def _wrong(name: str, got: Spoken) -> SettingsError:
    return SettingsError(problems.DATABASE_MALFORMED, setting=name, example=_EXAMPLE, got=got)
