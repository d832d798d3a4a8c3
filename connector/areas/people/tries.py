"""Lock-out: failed tries are counted under the name that was typed, whoever has it, and durably.

A name that nobody has is counted and locked like any other: what is seen from outside, and what it
costs, does not tell which names there are.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete
from sqlmodel import col

from connector.areas.people.rows import SignInTryRow
from connector.process.ports import unix_ms

if TYPE_CHECKING:
    from sqlmodel import Session

    from connector.store.transaction import Transaction

FAILURES: Final = 5
LOCK_MS: Final = 15 * 60_000
DAY_MS: Final = 24 * 60 * 60_000


def digest_of(kek: bytes, folded: str) -> str:
    """Give that under which a name is counted: keyed, for people type passwords into wrong fields.

    Args:
        kek: the key that secrets are sealed under.
        folded: the name as it is compared.
    """
    said = b"sign-in try\x00" + folded.encode("utf-8", "surrogatepass")
    return hmac.new(kek, said, hashlib.sha256).hexdigest()


def locked_until(session: Session, digest: str, now_ms: int) -> int | None:
    """Say until when nobody is let in under a name; None if it is not locked."""
    row = session.get(SignInTryRow, digest)
    return row.locked_ms if row is not None and row.locked_ms > now_ms else None


def failed(tx: Transaction, digest: str) -> int:
    """Count a failure.

    Returns:
        For how many milliseconds the name is locked by it; 0 if it is not.
    """
    now = unix_ms(tx.now)
    old = tx.session.get(SignInTryRow, digest)
    forgotten = old is None or max(old.failed_ms, old.locked_ms) < now - DAY_MS
    row = old or SignInTryRow(digest=digest, failures=0, locks=0, failed_ms=now)
    if forgotten:
        row.failures, row.locks = 0, 0
    row.failures, row.failed_ms = row.failures + 1, now
    lock = 0
    if row.failures >= FAILURES:
        lock = min(LOCK_MS << min(row.locks, 10), DAY_MS)
        row.failures, row.locks, row.locked_ms = 0, row.locks + 1, now + lock
    tx.session.add(row)
    tx.session.flush()
    old_ones = delete(SignInTryRow).where(
        col(SignInTryRow.failed_ms) < now - 2 * DAY_MS, col(SignInTryRow.locked_ms) < now
    )
    tx.session.execute(old_ones)
    return lock


def forget(tx: Transaction, digest: str) -> None:
    """Forget the failures of a name: somebody has proved to be its person."""
    row = tx.session.get(SignInTryRow, digest)
    if row is not None:
        tx.session.delete(row)
        tx.session.flush()
