"""Promises of answers that we got: signed with our leaf, sent a moment later, many in one request.

Whoever asked does not answer the answer, so no header can carry its promise. `append` signs it in
the transaction of the leaf and keeps it; that is all that a question waits for. About a second
after the commit a thread puts what is owed to a peer into one message of the outbox, which delivers
it like any other: again while nobody answers, one at a time. A peer that has no such route (404) is
told no more for a day, and what is owed for longer than a week is dropped: a promise is for its
holder's good, and business goes on without.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from sqlalchemy import Integer, bindparam, delete, insert, select
from sqlmodel import col

from connector.evidence import promises
from connector.process.errors import VoileError
from connector.process.job import Every
from connector.process.ports import unix_ms
from connector.store.core import table_of
from connector.store.facts import fact, set_fact
from connector.store.outbox_rows import PARKED, WAITING, OutboxRow, Outgoing
from connector.store.prepared import FIRST, Prepared
from connector.store.rows import OwedAckRow
from crypto.canonical import canonical

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger

    from connector.identity.peers import Peers
    from connector.outbox import Outbox, Verdict
    from connector.party.node import Node
    from connector.process.ports import Response
    from connector.store.database import Database
    from connector.store.outbox_rows import Queued
    from connector.store.transaction import Transaction
    from contracts.evidence import Entry

KIND: Final = "log.acks"  # in the outbox
PROCESS: Final = "acks"  # its lane: one message of a peer's at a time
ROUTE: Final = "/acks"  # below a connector's endpoint
MOST: Final = 32  # promises in one request
SETTLE_SECONDS: Final = 1.0  # answers of this while share one request
IDLE_SECONDS: Final = 60.0
DAY_MS: Final = 24 * 3600 * 1000
KEEP_MS: Final = 7 * DAY_MS
_EVER: Final = 2**62  # later than whatever was made
_NO_ROUTE: Final = frozenset({404, 405})
_STRANGER: Final = frozenset({401, 403})  # we may be certified again

_IS_OWED: Final = Prepared(
    select(col(OwedAckRow.did)).where(
        col(OwedAckRow.did) == bindparam("did"), col(OwedAckRow.corr) == bindparam("corr")
    )
)
_OWE: Final = Prepared(
    insert(table_of(OwedAckRow)), ("did", "corr", "kind", "message", "ack", "made_ms")
)


_OWED_TO: Final = Prepared(select(col(OwedAckRow.did)).distinct().order_by(col(OwedAckRow.did)))
_FIRST: Final = Prepared(
    select(col(OwedAckRow.corr), col(OwedAckRow.ack), col(OwedAckRow.kind), col(OwedAckRow.message))
    .where(col(OwedAckRow.did) == bindparam("did"))
    .order_by(col(OwedAckRow.made_ms), col(OwedAckRow.corr))
    .limit(bindparam("most", type_=Integer))
)
_PAID: Final = Prepared(
    delete(table_of(OwedAckRow)).where(
        col(OwedAckRow.did) == bindparam("of"), col(OwedAckRow.corr) == bindparam("about")
    )
)
_OLD: Final = Prepared(
    delete(table_of(OwedAckRow)).where(
        col(OwedAckRow.did) == bindparam("of"), col(OwedAckRow.made_ms) < bindparam("before")
    )
)
_UNDER_WAY: Final = Prepared(
    select(col(OutboxRow.id))
    .where(
        (col(OutboxRow.state) == WAITING) | (col(OutboxRow.state) == PARKED),
        col(OutboxRow.peer) == bindparam("peer"),
        col(OutboxRow.process) == PROCESS,
    )
    .limit(FIRST)
)


def append(node: Node, tx: Transaction, entry: Entry) -> None:
    """Append the leaf of what a peer answered; promise it, to be sent once it is durable.

    Args:
        node: this node.
        tx: the transaction that takes the answer.
        entry: the leaf; its message is the answer, under the id that both sides know it by.
    """
    leaf = tx.append(entry)
    did, corr = entry.counterparty, entry.corr
    if not corr or _IS_OWED.first(tx.session, did=did, corr=corr) is not None:
        return
    row = {
        "did": did,
        "corr": corr,
        "kind": entry.kind,
        "message": (entry.msg or {})["id"],
        "ack": promises.sign(node, tx.now, corr, leaf.index, leaf.leaf_hash),
        "made_ms": unix_ms(tx.now),
    }
    _OWE.many(tx.session, [row])
    tx.after_commit(node.replies.wake)


class Replies(Every):
    """Sends what is owed, also what a process that was killed left, and hears what became of it."""

    def __init__(
        self, db: Database, peers: Peers, outbox: Outbox, log: FilteringBoundLogger
    ) -> None:
        super().__init__("replies", IDLE_SECONDS, self._settled, log, at_once=True, patience=10)
        self._db = db
        self._peers = peers
        self._outbox = outbox
        self._log = log
        self._looked: dict[str, float] = {}  # peers not found, until when, monotonic
        outbox.on(KIND, self)

    def flush(self) -> None:
        """Put what is owed into the outbox: one message a peer, if none of it is under way."""
        with self._db.reading() as session:
            peers = [str(did) for (did,) in _OWED_TO.rows(session)]
        for did in peers:
            if self.stopping:
                return
            if self._looked.get(did, 0.0) > time.monotonic():
                continue  # it could not be looked up a moment ago, and holds up nobody else
            try:
                url = self._peers.endpoint(did) + ROUTE
            except VoileError as error:  # it may be there later; after a week nothing is owed
                self._log.info("acks-wait", peer=did, code=error.code)
                self._looked[did] = time.monotonic() + IDLE_SECONDS
                url = ""
            with self._db.transaction() as tx:
                self._flush(tx, did, url)

    def _flush(self, tx: Transaction, did: str, url: str) -> None:
        now = unix_ms(tx.now)
        told = fact(tx.session, _name(did))
        if told is not None and 0 <= now - int(told) < DAY_MS:
            _drop(tx, did)
            return
        _drop(tx, did, before=now - KEEP_MS)
        if not url or self._under_way(tx, did):
            return
        rows = _FIRST.rows(tx.session, did=did, most=MOST)
        if not rows:
            return
        acks = [{"ack": ack, "kind": kind, "of": message} for _, ack, kind, message in rows]
        _PAID.many(tx.session, [{"of": did, "about": corr} for corr, *_ in rows])
        tx.send(
            Outgoing(
                peer=did,
                url=url,
                body=canonical({"acks": acks}),
                kind=KIND,
                process=PROCESS,
                headers={"Content-Type": "application/json"},
            )
        )

    def _under_way(self, tx: Transaction, did: str) -> bool:
        """Say whether a message of these waits; what was given up is tried again, once a day."""
        number = _UNDER_WAY.scalar(tx.session, peer=did)
        if number is None:
            return False
        row = tx.session.get(OutboxRow, number)
        assert row is not None, "it was just found"
        now = unix_ms(tx.now)
        if row.state == PARKED and row.created_ms < now - KEEP_MS:
            tx.session.delete(row)
            return False
        if row.state == PARKED and (row.ended_ms or 0) < now - DAY_MS:
            assert row.id is not None, "it is stored"
            self._outbox.resume(tx, row.id)
        return True

    def acknowledged(self, tx: Transaction, _row: Queued, _response: Response) -> None:
        """It has them: more may be owed meanwhile."""
        tx.after_commit(self.wake)

    def refused(self, tx: Transaction, row: Queued, response: Response) -> Verdict | None:
        """Wait for a peer that does not know us now; leave one alone that takes none."""
        if response.status in _STRANGER:
            return "retry"
        self._log.warning("acks-not-taken", peer=row.peer, status=response.status)
        if response.status in _NO_ROUTE:  # an older connector
            set_fact(tx.session, _name(row.peer), str(unix_ms(tx.now)))
            _drop(tx, row.peer)
        tx.after_commit(self.wake)
        return "done"

    def _settled(self) -> None:
        """Wait for a moment, in which more may be owed, and send."""
        self._stopping.wait(SETTLE_SECONDS)
        self._due.clear()
        if not self.stopping:
            self.flush()


def _name(did: str) -> str:
    """Name the fact that a peer has no route for promises: when it said so."""
    return f"acks/none/{did}"


def _drop(tx: Transaction, did: str, before: int = _EVER) -> None:
    _OLD.run(tx.session, of=did, before=before)
