"""How many answers of an agreement are used: reserved, committed or released, never twice.

A masked answer is charged in the transaction that makes it. A total over several providers is
reserved in its first phase and committed in its second; a session that ends before that is
released, and a reservation that nobody comes back for expires.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, delete, func, insert, or_, select, update
from sqlmodel import col

from connector.areas.questions.rows import ChargeRow
from connector.process.ports import unix_ms
from connector.store.core import table_of
from connector.store.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlmodel import Session

    from connector.store.transaction import Transaction

RESERVED_SECONDS: Final = 900

# run at every question: made once
_OF_AGREEMENT: Final = (
    col(ChargeRow.counterparty) == bindparam("of"),
    col(ChargeRow.agreement) == bindparam("under"),
)
_CHARGE: Final = (*_OF_AGREEMENT, col(ChargeRow.key) == bindparam("at"))
_USED: Final = Prepared(
    select(func.count())
    .select_from(ChargeRow)
    .where(
        *_OF_AGREEMENT,
        col(ChargeRow.key) != bindparam("besides"),
        or_(col(ChargeRow.committed).is_(True), col(ChargeRow.expires_ms) > bindparam("now")),
    )
)
_COMMITTED: Final = Prepared(select(col(ChargeRow.committed)).where(*_CHARGE))
_INSERT: Final = Prepared(
    insert(table_of(ChargeRow)),
    ("counterparty", "agreement", "key", "committed", "expires_ms", "since_ms"),
)
_CHANGE: Final = Prepared(
    update(table_of(ChargeRow))
    .where(*_CHARGE)
    .values(committed=bindparam("done"), expires_ms=bindparam("until"))
)
_RELEASE: Final = Prepared(
    delete(table_of(ChargeRow)).where(*_CHARGE, col(ChargeRow.committed).is_(False))
)


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
    return int(
        _USED.scalar(session, of=counterparty, under=agreement, besides=besides, now=unix_ms(now))
    )


def used_of_each(
    session: Session, agreements: Iterable[tuple[str, str]], now: datetime
) -> Counter[tuple[str, str]]:
    """Count as `used` does, for several agreements at once.

    Args:
        session: Any session.
        agreements: Consumer and agreement's id of each; no more than a page has.
        now: Reservations that have expired by then do not count.

    Returns:
        Answers of each; 0 for those that are not in it.
    """
    asked = frozenset(agreements)
    of, under = col(ChargeRow.counterparty), col(ChargeRow.agreement)
    rows = session.execute(
        select(of, under, func.count())
        .where(
            of.in_(sorted({counterparty for counterparty, _ in asked})),
            under.in_(sorted({agreement for _, agreement in asked})),
            or_(col(ChargeRow.committed).is_(True), col(ChargeRow.expires_ms) > unix_ms(now)),
        )
        .group_by(of, under)
    )
    counted = {(counterparty, agreement): int(count) for counterparty, agreement, count in rows}
    return Counter({each: counted[each] for each in asked & counted.keys()})


def reserve(
    tx: Transaction, *, counterparty: str, agreement: str, key: str, seconds: int = RESERVED_SECONDS
) -> None:
    """Reserve one answer; a reservation or charge under the same key stays as it is."""
    known = _committed(tx, counterparty, agreement, key)
    if not known:
        until = unix_ms(tx.now) + 1000 * seconds
        fresh = known is None
        _put(tx, counterparty, agreement, key, fresh=fresh, committed=False, until=until)


def commit(tx: Transaction, *, counterparty: str, agreement: str, key: str) -> bool:
    """Charge one answer, once per key.

    Returns:
        Whether this call charged it; False when it was charged before.
    """
    known = _committed(tx, counterparty, agreement, key)
    if known:
        return False
    _put(tx, counterparty, agreement, key, fresh=known is None, committed=True, until=0)
    return True


def release(tx: Transaction, *, counterparty: str, agreement: str, key: str) -> None:
    """Give a reservation back; what is charged stays charged."""
    _RELEASE.run(tx.session, of=counterparty, under=agreement, at=key)


def _committed(tx: Transaction, counterparty: str, agreement: str, key: str) -> bool | None:
    """Say whether it is charged; None where it is not even reserved."""
    found = _COMMITTED.scalar(tx.session, of=counterparty, under=agreement, at=key)
    return None if found is None else bool(found)


def _put(
    tx: Transaction,
    counterparty: str,
    agreement: str,
    key: str,
    *,
    fresh: bool,
    committed: bool,
    until: int,
) -> None:
    """Write a charge or reservation that is not committed yet: anew, or over the reservation."""
    place = {"of": counterparty, "under": agreement, "at": key}
    if fresh or not _CHANGE.run(tx.session, **place, done=committed, until=until):
        _INSERT.run(
            tx.session,
            counterparty=counterparty,
            agreement=agreement,
            key=key,
            committed=committed,
            expires_ms=until,
            since_ms=unix_ms(tx.now),
        )
