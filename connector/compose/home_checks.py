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
from connector.compose import doctor_words as words
from connector.identity.keyring import load_keys
from connector.outbox.table import counts
from connector.party.credentials import holder
from connector.party.node import open_node
from connector.party.readiness import LAG_SECONDS, oldest_waiting
from connector.party.readiness_words import WAITS
from connector.process import problems_home as problems
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
from crypto.words import NOTHING, verbatim

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlmodel import Session

    from connector.process.settings import Settings


def store(settings: Settings) -> Iterator[Check]:
    """Open the database for reading, and its secrets."""
    if settings.database_url.startswith("sqlite:") and not (settings.data / "voile.db").exists():
        raise SettingsError(problems.NO_EVIDENCE, data=settings.data)
    mode = stat.S_IMODE(settings.data.stat().st_mode)
    if mode & 0o077:
        fix = f"chmod 700 {settings.data}"
        yield Check("data folder", "note", words.MODE, words.RUN, mode=f"{mode:04o}", command=fix)
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
        yield Check("schema", state, words.REVISION, revision=revision, wanted=newest())
        if journal:
            yield Check("journal", "ok", words.JOURNAL, mode=journal)
        if settings.kek_file.exists():  # else `key_file` says so
            secrets = SecretStore(db, read_kek(settings.kek_file), system_entropy)
            load_keys(secrets, settings.did)
            yield Check("keys", "ok", words.KEYS_OPEN)
        yield _clock(db)
    finally:
        db.close()


def _clock(db: Database) -> Check:
    """Compare the clock with the newest leaf: time never runs backwards over our own evidence."""
    with db.reading() as session:
        newest_ms = session.execute(select(func.max(col(LogEntryRow.time_ms)))).scalar() or 0
    behind = newest_ms // 1000 - unix(SystemClock().now())
    if behind <= SKEW_NOTE_SECONDS:
        return Check("clock", "ok", words.NOT_BEHIND)
    state: State = "wrong" if behind > SKEW_WRONG_SECONDS else "note"
    return Check("clock", state, words.BEHIND, words.SET_CLOCK, seconds=behind)


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
        yield Check("lock", "ok", words.settled(error))
        return
    if not why:
        yield Check("log", "ok", words.LOG_AGREES)
        return
    step = words.RESTORE if anchor.exists() else words.ACCEPT_OR_RESTORE
    said = verbatim(why) if isinstance(why, str) else words.settled(why)
    yield Check("log", "wrong", said, step, home=settings.home)


def key_file(settings: Settings) -> Iterator[Check]:
    """See that the key file is there and nobody else's."""
    read_kek(settings.kek_file)
    yield Check("key file", "ok", words.KEY_FILE, file=settings.kek_file)


def token(settings: Settings) -> Iterator[Check]:
    """See that the management token is there, ours alone, and the one that is asked for."""
    file = settings.token_file
    facts = {"file": file, "command": f"voile token renew --home {settings.home}"}
    try:
        mode = stat.S_IMODE(settings.token_file.stat().st_mode)
        given = settings.token_file.read_text(encoding="ascii", errors="replace").strip()
    except FileNotFoundError:
        if settings.data.exists():  # else `store` says what is missing
            yield Check("token", "wrong", words.TOKEN_MISSING, words.RUN, **facts)
        return
    with _reading(settings) as session:
        known = session is not None and current(session.connection()) == newest()
        opens = session is not None and known and holder(session, given) is not None
    if known and not opens:
        yield Check("token", "wrong", words.TOKEN_OTHER, words.RUN, **facts)
        return
    state: State = "wrong" if mode & 0o077 else "ok"
    fix = words.RUN if state == "wrong" else NOTHING
    facts = {"file": file, "command": f"chmod 600 {file}"}
    yield Check("token", state, words.TOKEN_MODE, fix, mode=f"{mode:04o}", **facts)


def disk(settings: Settings) -> Iterator[Check]:
    """See that there is room to go on."""
    if not settings.data.exists():
        return
    if why := shortage(settings):
        yield Check("disk", "wrong", words.settled(why), NEXT)
        return
    left = [
        words.DISK_LEFT.of(at=at, size=f"{free >> 20:,}") for at, free in disks(settings).items()
    ]
    yield Check("disk", "ok", words.DISK_FREE, left=left)


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
        yield Check("products", "note", words.FIRST_EDITION, words.MAKE_ANEW, product=product)
    for product, name in files:
        path = settings.data / "products" / product / name
        if not path.is_file():
            step = words.RESTORE_FILE
            yield Check("products", "wrong", words.FILE_LOST, step, product=product, path=path)


def outbox(settings: Settings) -> Iterator[Check]:
    """Say what others have not taken: it is their absence, and worth knowing."""
    with _reading(settings) as session:
        if session is None or current(session.connection()) != newest():
            return
        lag, peer = oldest_waiting(session, unix_ms(SystemClock().now()))
        parked = counts(session).get(PARKED, 0)
    if lag > LAG_SECONDS:
        look = f"voile outbox list --home {settings.home}"
        yield Check("outbox", "note", WAITS, words.RUN, peer=peer, seconds=lag, command=look)
    if parked:
        look = f"voile outbox list --state parked --home {settings.home}"
        yield Check("outbox", "note", words.GIVEN_UP, words.RUN, count=parked, command=look)


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
