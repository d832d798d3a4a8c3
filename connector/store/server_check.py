"""What `voile doctor` looks at on a PostgreSQL server: does it keep what it acknowledged?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import text

from connector.process.ports import SystemClock
from connector.store.database import Database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import RowMapping

    Found = tuple[Literal["ok", "note", "wrong"], str, str]

_ASK: Final = text("""
SELECT current_setting('server_version') AS version,
       current_setting('fsync') AS fsync,
       current_setting('full_page_writes') AS full_page_writes,
       current_setting('synchronous_commit') AS synchronous_commit,
       pg_is_in_recovery() AS standby,
       (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser,
       coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS ssl,
       coalesce(NOT inet_server_addr() <<= ANY (ARRAY['127.0.0.0/8', '::1/128']::inet[]), false)
         AS remote
""")


def examine(url: str) -> Iterator[Found]:
    """Look at the server of a store: a state, words and what to do, for each finding.

    Raises:
        StoreError: it does not answer; `reason` says why.
    """
    db = Database(url, SystemClock())
    try:
        with db.reading() as session:
            found = session.execute(_ASK).mappings().one()
    finally:
        db.close()
    yield from _durability(found)
    if found["standby"]:
        yield "wrong", "the server is a standby: nothing can be written", "name the primary"
    if found["remote"] and not found["ssl"]:
        yield "note", "the connection is not encrypted", "add `?sslmode=verify-full` to the URL"
    if found["superuser"]:
        yield "note", "the role is a superuser", "use a role that owns this database only"


def _durability(found: RowMapping) -> Iterator[Found]:
    for name in ("fsync", "full_page_writes"):
        if found[name] != "on":
            words = f"{name} is off: a crash of the machine can lose acknowledged commits"
            yield "wrong", words, f"set `{name} = on` in postgresql.conf"
    mode = found["synchronous_commit"]
    how = "on, over the server's `off`" if mode == "off" else mode
    yield "ok", f"PostgreSQL {found['version']}, synchronous_commit={how}", ""
