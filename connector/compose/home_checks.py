"""What `voile doctor` looks at in a home: each file that can be lost alone, and what mends it.

A next step either mends the thing or says that only a backup does.
"""

from __future__ import annotations

import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import func, select, text
from sqlmodel import col

from connector.areas.products import (
    FILE,
    PUBLISHED,
    FileVersionRow,
    ProductRow,
    ProductVersionRow,
    first_editions,
)
from connector.identity.keyring import load_keys
from connector.outbox.table import counts
from connector.party.credentials import holder
from connector.party.node import open_node
from connector.party.readiness import LAG_SECONDS, oldest_waiting
from connector.process.checks import SKEW_NOTE_SECONDS, SKEW_WRONG_SECONDS, Check, State
from connector.process.errors import SettingsError
from connector.process.lock import FolderLock
from connector.process.logs import silent
from connector.process.ports import SystemClock, system_entropy, unix, unix_ms
from connector.process.room import NEXT, disks, shortage
from connector.store.database import Database
from connector.store.migrate import current, newest
from connector.store.outbox_rows import PARKED
from connector.store.rows import LogEntryRow
from connector.store.secrets import SecretStore, read_kek

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlmodel import Session

    from connector.process.settings import Settings


def store(settings: Settings) -> Iterator[Check]:
    """Open the database for reading, and its secrets."""
    if settings.database_url.startswith("sqlite:") and not (settings.data / "voile.db").exists():
        raise SettingsError(
            f"no database in `{settings.data}`",
            code="home-missing",
            next_step="restore the data folder from a backup: its keys and its evidence are nowhere"
            " else. Without one, make a new home in another folder: `voile init`",
        )
    mode = stat.S_IMODE(settings.data.stat().st_mode)
    if mode & 0o077:
        yield Check("data folder", "note", f"mode {mode:04o}", f"chmod 700 {settings.data}")
    db = Database(settings.database_url, SystemClock())
    try:
        with db.reading() as session:
            revision = current(session.connection())
            journal = (
                str(session.execute(text("PRAGMA journal_mode")).scalar()).upper()
                if settings.database_url.startswith("sqlite:")
                else ""
            )
        state: State = "ok" if revision == newest() else "note"
        yield Check("schema", state, f"revision {revision}, software wants {newest()}")
        if journal:
            yield Check("journal", "ok", f"the database is in journal mode {journal}")
        if settings.kek_file.exists():  # else `key_file` says so
            secrets = SecretStore(db, read_kek(settings.kek_file), system_entropy)
            load_keys(secrets, settings.did)
            yield Check("keys", "ok", "token (P-256), agreements and log (Ed25519) open")
        yield _clock(db)
    finally:
        db.close()


def _clock(db: Database) -> Check:
    """Compare the clock with the newest leaf: time never runs backwards over our own evidence."""
    with db.reading() as session:
        newest_ms = session.execute(select(func.max(col(LogEntryRow.time_ms)))).scalar() or 0
    behind = newest_ms // 1000 - unix(SystemClock().now())
    if behind <= SKEW_NOTE_SECONDS:
        return Check("clock", "ok", "not behind the newest leaf of the log")
    state: State = "wrong" if behind > SKEW_WRONG_SECONDS else "note"
    return Check("clock", state, f"{behind} s behind the newest leaf", "set the clock by NTP")


def log(settings: Settings) -> Iterator[Check]:
    """Compare log and anchor as the node does when it starts; a running one holds the lock."""
    with _reading(settings) as session:
        if session is None or current(session.connection()) != newest():
            return  # opening it would migrate it
    if not settings.kek_file.exists():
        return
    try:
        with FolderLock(settings.data, what="voile doctor", now=SystemClock().now()):
            node = open_node(settings, log=silent())
            why, anchor = node.db.read_only, node.checkpoints.anchor
            node.close()
    except SettingsError as error:
        if error.code != "data-locked":
            raise
        yield Check("lock", "ok", error.message)
        return
    if not why:
        yield Check("log", "ok", "nodes, head, checkpoint and anchor agree")
    elif anchor.exists():
        yield Check("log", "wrong", why, "restore the newest backup of the data folder")
    else:
        step = (
            f"if this database is the newest there is: voile serve --home {settings.home} "
            "--accept-head; else restore the newest backup of the data folder"
        )
        yield Check("log", "wrong", why, step)


def key_file(settings: Settings) -> Iterator[Check]:
    """See that the key file is there and nobody else's."""
    read_kek(settings.kek_file)
    yield Check("key file", "ok", f"{settings.kek_file} is 0600 and outside the data folder")


def token(settings: Settings) -> Iterator[Check]:
    """See that the management token is there, ours alone, and the one that is asked for."""
    renew = f"voile token renew --home {settings.home}"
    try:
        mode = stat.S_IMODE(settings.token_file.stat().st_mode)
        given = settings.token_file.read_text(encoding="ascii", errors="replace").strip()
    except FileNotFoundError:
        if settings.data.exists():  # else `store` says what is missing
            yield Check("token", "wrong", f"{settings.token_file} is missing", renew)
        return
    with _reading(settings) as session:
        known = session is not None and current(session.connection()) == newest()
        opens = session is not None and known and holder(session, given) is not None
    if known and not opens:
        words = f"{settings.token_file} does not hold the token of this home"
        yield Check("token", "wrong", words, renew)
        return
    state: State = "wrong" if mode & 0o077 else "ok"
    fix = f"chmod 600 {settings.token_file}" if state == "wrong" else ""
    yield Check("token", state, f"{settings.token_file} has mode {mode:04o}", fix)


def disk(settings: Settings) -> Iterator[Check]:
    """See that there is room to go on."""
    if not settings.data.exists():
        return
    if why := shortage(settings):
        yield Check("disk", "wrong", why, NEXT)
        return
    left = ", ".join(f"{free >> 20:,} MiB at {at}" for at, free in disks(settings).items())
    yield Check("disk", "ok", f"free: {left}")


def products(settings: Settings) -> Iterator[Check]:
    """See that the private files of products are there; `voile withdraw` takes a copy away."""
    with _reading(settings) as session:
        if session is None or current(session.connection()) != newest():
            return
        files = [
            *session.execute(select(col(ProductVersionRow.product), col(ProductVersionRow.basis))),
            *session.execute(
                select(col(FileVersionRow.product), col(FileVersionRow.name)).join(
                    ProductRow,
                    (col(ProductRow.id) == col(FileVersionRow.product))
                    & (col(ProductRow.number) == col(FileVersionRow.number))
                    & (col(ProductRow.kind) == FILE)
                    & (col(ProductRow.state) == PUBLISHED),
                )
            ),
        ]
        waiting = first_editions(session)
    for product in waiting:
        words = f"the table of product `{product}` is of the first edition: it answers nothing"
        step = "start the connector, which makes it anew, or see in its log why it cannot; "
        step += "then `voile publish` its product file, corrected"
        yield Check("products", "note", words, step)
    for product, name in files:
        path = settings.data / "products" / product / name
        if not path.is_file():
            step = f"restore {path} from a backup: nothing else holds what was published"
            yield Check("products", "wrong", f"a file of product `{product}` is lost", step)


def outbox(settings: Settings) -> Iterator[Check]:
    """Say what others have not taken: it is their absence, and worth knowing."""
    with _reading(settings) as session:
        if session is None or current(session.connection()) != newest():
            return
        lag, peer = oldest_waiting(session, unix_ms(SystemClock().now()))
        parked = counts(session).get(PARKED, 0)
    if lag > LAG_SECONDS:
        words = f"the oldest message, to `{peer}`, waits for {lag} s"
        yield Check("outbox", "note", words, f"voile outbox list --home {settings.home}")
    if parked:
        step = f"voile outbox list --state parked --home {settings.home}"
        yield Check("outbox", "note", f"{parked} message(s) were given up", step)


@contextmanager
def _reading(settings: Settings) -> Iterator[Session | None]:
    """Read the database, if there is one; what is wrong with it, `store` says."""
    at = settings.data / "voile.db"
    if settings.database_url.startswith("sqlite:") and not at.exists():
        yield None
        return
    db = Database(settings.database_url, SystemClock())
    try:
        with db.reading() as session:
            yield session
    finally:
        db.close()
