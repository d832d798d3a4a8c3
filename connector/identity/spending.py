"""Tokens of refused requests, written together where one party causes many of them.

A token that was refused is used up, and that is a durable write. Beyond a rate such writes would
hold up everybody else's: then they are kept in memory, where they count at once, and are written
together within a second. What a crash in that second forgets is a token that was refused.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, insert, select
from sqlmodel import col

from connector.identity.rows import ReplayRow
from connector.process.errors import StoreError
from connector.process.rate import Buckets
from connector.store.core import table_of
from connector.store.prepared import Prepared

if TYPE_CHECKING:
    from sqlmodel import Session

    from connector.store.database import Database

AT_ONCE_PER_SECOND: Final = 5.0  # refusals of one party that are written one by one
AT_ONCE_BURST: Final = 20.0
WITHIN_SECONDS: Final = 1.0
MOST_WAITING: Final = 20_000

Name = tuple[str, str, str]  # audience, issuer, jti

# run at every call: made once
_SPEND: Final = Prepared(insert(table_of(ReplayRow)), ("audience", "issuer", "jti", "expires"))
_SPENT: Final = Prepared(
    select(col(ReplayRow.expires)).where(
        col(ReplayRow.audience) == bindparam("audience"),
        col(ReplayRow.issuer) == bindparam("issuer"),
        col(ReplayRow.jti) == bindparam("jti"),
    )
)


def spend(session: Session, name: Name, expires: int) -> None:
    """Write that a token was used; the database refuses a second time."""
    audience, issuer, jti = name
    _SPEND.run(session, audience=audience, issuer=issuer, jti=jti, expires=expires)


def is_spent(session: Session, name: Name) -> bool:
    """Say whether it is written that a token was used."""
    audience, issuer, jti = name
    return _SPENT.first(session, audience=audience, issuer=issuer, jti=jti) is not None


class Spending:
    """Tokens that were used and are not written yet."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._at_once = Buckets(rate=AT_ONCE_PER_SECOND, burst=AT_ONCE_BURST)
        self._lock = threading.Lock()
        self._waiting: dict[Name, int] = {}  # until when each must be known
        self._timer: threading.Timer | None = None

    def waits(self, name: Name) -> bool:
        """Say whether a token was used and waits to be written."""
        with self._lock:
            return name in self._waiting

    def later(self, name: Name, expires: int) -> bool:
        """Take a token that was refused.

        Args:
            name: Of the token.
            expires: Until when it must be known.

        Returns:
            Whether it counts as used from here on; False: write it at once.
        """
        if self._at_once.take(name[1]):
            return False
        with self._lock:
            if len(self._waiting) >= MOST_WAITING:  # the database takes nothing: let it say so
                return False
            self._waiting[name] = expires
            if self._timer is None:
                self._timer = threading.Timer(WITHIN_SECONDS, self.flush)
                self._timer.daemon = True
                self._timer.start()
        return True

    def flush(self) -> None:
        """Write what waits, in one transaction; what cannot be written waits on."""
        with self._lock:
            self._timer = None
            waiting = dict(self._waiting)
        if not waiting:
            return
        try:
            with self._db.transaction() as tx:
                for name, expires in waiting.items():
                    if not is_spent(tx.session, name):
                        spend(tx.session, name, expires)
        except StoreError:
            return  # they count in memory; the next refusal tries again
        with self._lock:
            for name in waiting:
                self._waiting.pop(name, None)

    def close(self) -> None:
        """Write what waits; nothing comes afterwards."""
        with self._lock:
            timer = self._timer
        if timer is not None:
            timer.cancel()
            timer.join()
        self.flush()
