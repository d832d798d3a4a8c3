"""One change of state, with its evidence and its messages: they commit together or not at all.

Whoever changes state appends the leaf and enqueues the message on the same object. If any of it
cannot be written, nothing of it happened.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import insert

from connector.process.actor import actor
from connector.process.errors import StoreError
from connector.process.ports import unix_ms
from connector.store import problems
from connector.store.core import hold_memo, table_of
from connector.store.outbox_rows import SENT, OutboxRow, Outgoing
from connector.store.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlmodel import Session

    from connector.evidence.log import Leaf, Log, PendingLog
    from connector.outbox.lanes import Lane
    from contracts.evidence import Entry

Memo = dict[tuple[str, str], Any]

_SEND: Final = Prepared(insert(table_of(OutboxRow)), SENT)


class Transaction:
    """One change of state, with its evidence and its messages.

    Attributes:
        session: the SQLModel session; flushes as it goes, commits once at the end.
        now: the moment at which the transaction began.
        actor: who makes the change; each of its leaves names it.
        memo: what areas have read in it, by a name of theirs; who writes such a row renews it.
    """

    __slots__ = (
        "_after",
        "_lanes",
        "_log",
        "_pending",
        "_sent",
        "actor",
        "memo",
        "now",
        "session",
    )

    def __init__(
        self, session: Session, now: datetime, log: Log | None, sent: Callable[[list[Lane]], None]
    ) -> None:
        self.session = session
        self.now = now
        self.actor = actor()
        self._log = log
        self._sent = sent
        self._lanes: list[Lane] = []
        self.memo: Memo = {}
        hold_memo(session, self.memo)
        self._pending: PendingLog | None = None
        self._after: list[Callable[[], None]] = []

    def append(self, entry: Entry) -> Leaf:
        """Append one leaf to the evidence log, in this transaction.

        Raises:
            StoreError: if it cannot be written; let it pass, so that nothing happens.
        """
        if self._log is None:
            raise StoreError(problems.LOG_CLOSED)
        if self._pending is None:
            self._pending = self._log.begin(self.session)
            self._after.append(self._log.appended)
        who = self.actor.said(entry.counterparty)
        return self._pending.append(replace(entry, actor=entry.actor or who), self.now)

    def send(self, outgoing: Outgoing) -> int:
        """Enqueue a message to another party; the worker delivers it after the commit.

        Returns:
            The number of the outbox row.
        """
        values = OutboxRow.values(outgoing, unix_ms(self.now))
        number = _SEND.insert(self.session, **values)
        if not self._lanes:
            self._after.append(lambda: self._sent(self._lanes))
        self._lanes.append((outgoing.peer, outgoing.process))
        return number

    def after_commit(self, action: Callable[[], None]) -> None:
        """Run ``action`` once the commit is durable; never on a rollback."""
        self._after.append(action)

    def finish(self) -> None:
        """Write what is still pending. Called by `Database` just before the commit."""
        if self._pending is not None:
            self._pending.finish()

    def committed(self) -> None:
        """Run what waited for the commit. Called by `Database`."""
        for action in self._after:
            action()
