"""How many answers of an agreement are used: reserved, committed or released, never twice.

A masked answer is charged in the transaction that makes it. A total over several providers is
reserved in its first phase and committed in its second; a session that ends before that is
released, and a reservation that nobody comes back for expires.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, func, or_, select
from sqlmodel import col

from connector.areas.questions.rows import ChargeRow
from connector.process.ports import unix_ms

if TYPE_CHECKING:
    from datetime import datetime

    from sqlmodel import Session

    from connector.store.transaction import Transaction

RESERVED_SECONDS: Final = 900


@dataclass(frozen=True, slots=True)
class Usage:
    """What is used of an agreement's count.

    Attributes:
        used: Answers given, and those being made.
        limit: How many there are; None when the agreement does not count.
    """

    used: int
    limit: int | None

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON, with what is left."""
        left = None if self.limit is None else max(0, self.limit - self.used)
        return {"used": self.used, "limit": self.limit, "left": left}


def used(
    session: Session, *, counterparty: str, agreement: str, now: datetime, besides: str = ""
) -> int:
    """Count the answers of an agreement that are charged or reserved.

    Args:
        session: Any session; inside a transaction the number cannot change before the commit.
        counterparty: The consumer.
        agreement: The agreement's id.
        now: Reservations that have expired by then do not count.
        besides: Key of one charge that is left out: that of the current request.
    """
    query = (
        select(func.count())
        .select_from(ChargeRow)
        .where(
            col(ChargeRow.counterparty) == counterparty,
            col(ChargeRow.agreement) == agreement,
            col(ChargeRow.key) != besides,
            or_(col(ChargeRow.committed).is_(True), col(ChargeRow.expires_ms) > unix_ms(now)),
        )
    )
    return int(session.execute(query).scalar_one())


def reserve(
    tx: Transaction, *, counterparty: str, agreement: str, key: str, seconds: int = RESERVED_SECONDS
) -> None:
    """Reserve one answer; a reservation or charge under the same key stays as it is."""
    row = tx.session.get(ChargeRow, (counterparty, agreement, key))
    now = unix_ms(tx.now)
    if row is None:
        row = ChargeRow(counterparty=counterparty, agreement=agreement, key=key, since_ms=now)
    if not row.committed:
        row.expires_ms = now + 1000 * seconds
    tx.session.add(row)
    tx.session.flush()


def commit(tx: Transaction, *, counterparty: str, agreement: str, key: str) -> bool:
    """Charge one answer, once per key.

    Returns:
        Whether this call charged it; False when it was charged before.
    """
    row = tx.session.get(ChargeRow, (counterparty, agreement, key))
    if row is not None and row.committed:
        return False
    if row is None:
        row = ChargeRow(
            counterparty=counterparty, agreement=agreement, key=key, since_ms=unix_ms(tx.now)
        )
    row.committed = True
    row.expires_ms = 0
    tx.session.add(row)
    tx.session.flush()
    return True


def release(tx: Transaction, *, counterparty: str, agreement: str, key: str) -> None:
    """Give a reservation back; what is charged stays charged."""
    tx.session.execute(
        delete(ChargeRow).where(
            col(ChargeRow.counterparty) == counterparty,
            col(ChargeRow.agreement) == agreement,
            col(ChargeRow.key) == key,
            col(ChargeRow.committed).is_(False),
        )
    )
