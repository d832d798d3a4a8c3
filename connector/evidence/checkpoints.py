"""Signed heads of our own log, and the anchor outside the database; of others: `peer_heads`.

A checkpoint is signed only from a committed head, at most a second after the commit, and stored
before anybody sees it. The anchor file beside the data folder keeps the newest: if it knows a
larger log than the database does, an old copy was restored, and signing on would fork our history.
"""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, desc, insert, select
from sqlmodel import col

from connector.evidence import problems
from connector.evidence.log import head, node_reader
from connector.evidence.peer_heads import PeerHeads
from connector.identity.keyring import log_origin
from connector.process.errors import ReadOnly, StoreError, VoileError
from connector.process.job import Every
from connector.process.ports import unix_ms
from connector.process.system_words import system_words
from connector.store.core import table_of
from connector.store.prepared import Prepared
from connector.store.rows import CheckpointRow, LogEntryRow
from contracts.audit.promised import ACCEPTED
from contracts.evidence import Entry, parse_leaf
from crypto import merkle, notes

if TYPE_CHECKING:
    from pathlib import Path

    from sqlmodel import Session
    from structlog.typing import FilteringBoundLogger

    from connector.identity.keyring import KeyRing
    from connector.identity.peers import Peers
    from connector.process.settings import Settings
    from connector.store.database import Database
    from crypto.words import Spoken

_NOTE: Final = Prepared(
    select(col(CheckpointRow.note)).where(col(CheckpointRow.size) == bindparam("size"))
)
_KEEP: Final = Prepared(insert(table_of(CheckpointRow)), ("size", "root", "note", "time_ms"))
CHUNK: Final = 100  # rows read at a time
SETTLE_SECONDS: Final = 0.5  # commits of this while share one signature


class Checkpoints(PeerHeads):
    """Signs heads of our log and keeps those of others."""

    def __init__(
        self,
        db: Database,
        *,
        settings: Settings,
        keys: KeyRing,
        peers: Peers,
        log: FilteringBoundLogger,
    ) -> None:
        super().__init__(peers, log)
        self._db = db
        self._keys = keys
        self.origin = log_origin(settings)
        self.anchor: Path = settings.home / "log.anchor"
        self._due = threading.Event()
        self._signing = threading.Lock()
        self._unwritten = False  # the newest checkpoint is stored, but not in the anchor
        self.trouble: VoileError | None = None  # why the last signing failed
        self.accepted = ""  # hash of our newest leaf HEAD_ACCEPTED: each promise names it
        self._pause: float | None = None  # seconds until the next attempt, if the last one failed
        self._job = Every(
            "checkpoints", lambda: self._pause, self._attempt, log,
            due=self._due, here=True, at_last=True, settle=SETTLE_SECONDS, patience=10,
        )  # fmt: skip

    # our own log

    def check_anchor(self, *, accept: bool = False) -> None:
        """Compare the database with the anchor; set the database read-only if it is behind.

        Args:
            accept: the operator says that the database is the newest there is, although the anchor
                is lost, or was restored with it. It does not help against an anchor that knows
                more. A leaf says so.
        """
        with self._db.reading() as session:
            now, read = head(session), node_reader(session)
            self.accepted = _newest_accepted(session)
            stored = session.execute(
                select(col(CheckpointRow.note)).order_by(desc(col(CheckpointRow.size))).limit(1)
            ).scalar()
            try:
                # (1) the stored nodes give the stored head
                if merkle.root(now.size, read) != now.root:
                    self._refuse(problems.NODES_DIFFER)
                    return
                # (2) a log that was ever signed has its anchor
                anchor = self._read_anchor()
                if anchor is None and stored is not None and not accept:
                    self._refuse(problems.ANCHOR_LOST.of(file=self.anchor))
                    return
                # (3) nothing that was signed is missing or different now
                for note in (anchor, stored):
                    seen = self._own(note) if note is not None else None
                    if seen is not None and seen.size > now.size:
                        self._refuse(problems.SIGNED_MORE.of(size=now.size, signed=seen.size))
                        return
                    if seen is not None and merkle.root(seen.size, read) != seen.root:
                        self._refuse(problems.LOG_DIFFERS.of(size=seen.size))
                        return
            except VoileError as error:
                self._refuse(error.kept())
                return
        if anchor is None and stored is not None:
            _write_durably(self.anchor, stored)
        if accept and stored is not None:
            self._say_accepted()

    def _say_accepted(self) -> None:
        """Leave a leaf: from here on the log may go on from an older copy of itself.

        It answers for promises that were given after that copy was made: see `contracts.audit`.
        """
        kind, state = ACCEPTED
        with self._db.transaction() as tx:
            leaf = tx.append(Entry(kind=kind, to_state=state))
        self.accepted = leaf.leaf_hash.hex()
        self.sign()  # the last head may be old: without this we would begin as overdue

    def _own(self, note: bytes) -> notes.Checkpoint:
        return notes.verify_checkpoint(
            note,
            notes.vkey(self.origin, self._keys.log.public),
            expected_origin=self.origin,
        )

    def _refuse(self, why: Spoken) -> None:
        self._db.read_only = why
        self._log.error("read-only", reason=why.said("en"))

    def _read_anchor(self) -> bytes | None:
        try:
            return self.anchor.read_bytes()
        except FileNotFoundError:
            return None

    def sign(self) -> bytes:
        """Give the signed checkpoint of the committed head, signing it if it is new.

        Raises:
            ReadOnly: the database is behind its anchor.
            StoreError: the checkpoint could not be stored, or its anchor not be written.
        """
        with self._signing:
            with self._db.reading() as session:
                known = _note(session, head(session).size)
            if known is not None:
                self._keep_anchor(known)
                return known
            with self._db.transaction() as tx:
                now = head(tx.session)
                known = _note(tx.session, now.size)
                if known is not None:
                    return known
                note = notes.sign_checkpoint(
                    self.origin, now.size, now.root, self._keys.log, self.origin
                )
                _KEEP.run(
                    tx.session, size=now.size, root=now.root, note=note, time_ms=unix_ms(tx.now)
                )
            self._unwritten = True
            self._keep_anchor(note)
            return note

    def _keep_anchor(self, note: bytes) -> None:
        if not self._unwritten and self.anchor.exists():  # lost while we run: we know the head
            return
        try:
            _write_durably(self.anchor, note)
        except OSError as error:
            raise StoreError(
                problems.ANCHOR_UNWRITTEN, file=self.anchor, why=system_words(error)
            ) from error
        self._unwritten = False

    def wake(self) -> None:
        """A commit appended leaves: sign soon."""
        self._due.set()

    def start(self) -> None:
        """Sign what a process that was killed left unsigned, then start signing after commits."""
        self._job.start()
        self.wake()

    def stop(self) -> None:
        """Sign the last head and stop."""
        self._job.stop()

    def _attempt(self) -> None:
        """Sign, or note why not, and when to try again."""
        try:
            self.sign()
        except ReadOnly as error:
            self.trouble, self._pause = error.kept(), 60.0
        except VoileError as error:
            self.trouble, self._pause = error.kept(), 1.0
            self._log.error("checkpoint-failed", code=error.code, error=error.message)
        else:
            self.trouble, self._pause = None, None


def _note(session: Session, size: int) -> bytes | None:
    """Give the checkpoint of a size, if there is one."""
    found: bytes | None = _NOTE.scalar(session, size=size)
    return found


def _newest_accepted(session: Session) -> str:
    """Give the hash of the newest leaf HEAD_ACCEPTED of our log, hexadecimal; empty: none."""
    kind, state = ACCEPTED
    below = 2**53
    while True:  # a page at a time: a reader has no transaction that could hold a cursor
        rows = session.execute(
            select(col(LogEntryRow.index), col(LogEntryRow.entry), col(LogEntryRow.leaf_hash))
            .where(col(LogEntryRow.kind) == kind, col(LogEntryRow.index) < below)
            .order_by(desc(col(LogEntryRow.index)))
            .limit(CHUNK)
        ).all()
        for index, entry, leaf_hash in rows:
            below = index
            if state.encode() in bytes(entry) and parse_leaf(bytes(entry)).get("to") == state:
                return bytes(leaf_hash).hex()
        if len(rows) < CHUNK:
            return ""


def _write_durably(path: Path, data: bytes) -> None:
    """Write, flush to the disk, rename, flush the folder."""
    fresh = path.with_suffix(".new")
    with fresh.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
