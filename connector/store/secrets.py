"""Secrets at rest: AES-256-GCM under a key that lies outside the data folder."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, insert, select, update
from sqlmodel import col

from connector.process.errors import NotFound, SettingsError
from connector.process.ports import unix_ms
from connector.process.system_words import system_words
from connector.store import problems
from connector.store.core import table_of
from connector.store.prepared import Prepared
from connector.store.rows import SecretRow
from crypto.b64 import b64url, unb64url
from crypto.errors import VoileError
from crypto.sealing import seal, unseal
from crypto.words import Words

if TYPE_CHECKING:
    from pathlib import Path

    from sqlmodel import Session

    from connector.process.ports import Entropy
    from connector.store.database import Database
    from connector.store.transaction import Transaction
    from crypto.words import Spoken

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
_MEMO: Final = "secret"  # opened in a transaction, and gone with it

_SEALED: Final = Prepared(
    select(col(SecretRow.sealed)).where(col(SecretRow.name) == bindparam("name"))
)
_INSERT: Final = Prepared(insert(table_of(SecretRow)), ("name", "sealed", "created_ms"))
_REPLACE: Final = Prepared(
    update(SecretRow)
    .where(col(SecretRow.name) == bindparam("at"))
    .values(sealed=bindparam("sealed"), created_ms=bindparam("created_ms"))
)


def make_kek(path: Path, entropy: Entropy) -> None:
    """Make the key file, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(b64url(entropy(KEY_BYTES)) + "\n")
        file.flush()
        os.fsync(file.fileno())


def read_kek(path: Path) -> bytes:
    """Read the key file.

    Raises:
        SettingsError: it is missing, open to others, or not a key.
    """
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(problems.KEK_MISSING, file=path, why=_why(error)) from error
    if stat.S_IMODE(mode) & 0o077:
        raise SettingsError(problems.KEK_OPEN, file=path, mode=f"{stat.S_IMODE(mode):04o}")
    try:
        key = unb64url(text)
    except VoileError as error:
        raise _not_a_key(path) from error
    if len(key) != KEY_BYTES:
        raise _not_a_key(path)
    return key


def _why(error: OSError | UnicodeDecodeError) -> str | Spoken:
    if isinstance(error, OSError):
        said = system_words(error)
        return Words(said.zh, said.en.lower())
    return problems.NOT_TEXT


def _not_a_key(path: Path) -> SettingsError:
    return SettingsError(problems.KEK_MALFORMED, file=path)


class SecretStore:
    """Named secrets of this node, sealed one by one."""

    def __init__(self, db: Database, kek: bytes, entropy: Entropy) -> None:
        self._db = db
        self._kek = kek
        self._entropy = entropy

    @property
    def kek(self) -> bytes:
        """The key that everything is sealed under."""
        return self._kek

    def put(self, tx: Transaction, name: str, value: bytes) -> None:
        """Store or replace a secret in the caller's transaction."""
        tx.memo.pop((_MEMO, name), None)
        sealed = seal(self._kek, value, context=_context(name), nonce=self._entropy(NONCE_BYTES))
        now = unix_ms(tx.now)
        if not _REPLACE.run(tx.session, at=name, sealed=sealed, created_ms=now):
            _INSERT.run(tx.session, name=name, sealed=sealed, created_ms=now)

    def get(self, name: str, *, tx: Transaction | None = None) -> bytes:
        """Open a secret.

        Args:
            name: its name.
            tx: the transaction that may have put it there, if it is not committed yet.

        Raises:
            NotFound: there is none of that name.
            VerificationError: the key file is not the one it was sealed under.
        """
        if tx is None:
            with self._db.reading() as session:
                return self._open(session, name)
        at = (_MEMO, name)
        if at not in tx.memo:
            tx.memo[at] = self._open(tx.session, name)
        opened: bytes = tx.memo[at]
        return opened

    def _open(self, session: Session, name: str) -> bytes:
        sealed = _SEALED.scalar(session, name=name)
        if sealed is None:
            raise NotFound(problems.SECRET_MISSING, name=name)
        return unseal(self._kek, sealed, context=_context(name))

    def delete(self, tx: Transaction, name: str) -> None:
        """Destroy a secret."""
        tx.memo.pop((_MEMO, name), None)
        row = tx.session.get(SecretRow, name)
        if row is not None:
            tx.session.delete(row)
            tx.session.flush()


def _context(name: str) -> bytes:
    return b"secret\x00" + name.encode()
