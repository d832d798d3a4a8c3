"""What `voile doctor` looks at on a PostgreSQL server: does it keep what it acknowledged?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import text

from connector.process.ports import SystemClock
from connector.store import check_words as words
from connector.store.database import Database
from crypto.words import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import RowMapping

    from crypto.words import Spoken, Words

    Found = tuple[Literal["ok", "note", "wrong"], Spoken, Words]

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
        yield "wrong", words.STANDBY, words.NAME_PRIMARY
    if found["remote"] and not found["ssl"]:
        yield "note", words.PLAIN, words.ADD_SSLMODE
    if found["superuser"]:
        yield "note", words.SUPERUSER, words.OWN_ROLE


def _durability(found: RowMapping) -> Iterator[Found]:
    for name in ("fsync", "full_page_writes"):
        if found[name] != "on":
            yield "wrong", words.OFF.of(name=name), words.SET_ON[name]
    mode = found["synchronous_commit"]
    how = words.OVER_OFF if mode == "off" else mode
    yield "ok", words.SERVER.of(version=found["version"], mode=how), NOTHING
