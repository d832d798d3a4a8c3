"""Which databases the node knows: `databases.toml` in its home, for its owner's eyes only.

It is read for each publication and kept nowhere, so that a password is in no table, log or error.
"""

from __future__ import annotations

import stat
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from connector.engines import problems_databases as problems
from connector.engines.databases import Connection
from connector.engines.errors import DataError
from connector.party.private_files import DATABASES as FILE_NAME
from connector.party.private_files import check_public
from crypto import records
from crypto.errors import MalformedError
from crypto.records import Range, Text

if TYPE_CHECKING:
    from connector.process.settings import Settings

_SQLITE: Final = "sqlite:///"
_POSTGRES: Final = ("postgresql://", "postgres://")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Database:
    """One table of the file."""

    url: Annotated[str, Text(longest=2000)]
    seconds: Annotated[int, Range(least=1, most=86_400)] = 600


def find_database(settings: Settings, name: str) -> Connection:
    """Finds a database by the name that product files have for it.

    Raises:
        DataError: The node knows none of that name, or its file is wrong, or open to others.
        Forbidden: It is the connector's own.
    """
    path = settings.home / FILE_NAME
    try:
        text = path.read_bytes()
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError as error:
        raise DataError(problems.UNKNOWN, field="source", file=FILE_NAME, name=name) from error
    if mode & 0o077:
        raise DataError(problems.OPEN, field="source", file=FILE_NAME)
    try:
        found = tomllib.loads(text.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise _wrong("", problems.TOML) from None  # its words would quote the file
    if name not in found:
        raise DataError(problems.UNKNOWN, field="source", file=FILE_NAME, name=name)
    try:
        told = records.read(_Database, found[name], name)
    except MalformedError as error:  # what came is not told: it may be a password
        raise _wrong(str(error.params["pointer"]), error.params["expected"]) from None
    if told.url.startswith(_SQLITE):
        file = Path("/" + told.url.removeprefix(_SQLITE).lstrip("/"))
        public = check_public(settings, file, suffixes=(file.resolve().suffix.lower(),))
        return Connection(name, told.seconds, path=public)
    if not told.url.startswith(_POSTGRES):
        raise _wrong(f"{name}/url", problems.A_URL)
    return Connection(name, told.seconds, url=told.url)


def _wrong(field: str, expected: object) -> DataError:
    return DataError(problems.SETTINGS, field=field or FILE_NAME, file=FILE_NAME, expected=expected)
