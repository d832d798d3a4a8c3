"""The status document of this hub: a new serial at each change, pushed at once; renewed in between.

`issue` runs in the transaction that changes somebody's standing, so that the change, its evidence,
the new serial and the messages that carry it commit together. What becomes of them: `hub.pushes`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import select
from sqlmodel import col

from catalog.status import StatusEntry, sign_status
from connector.areas.hub import pushes
from connector.areas.hub.certified_keys import certified
from connector.areas.hub.rows import ParticipantRow, PushRow
from connector.outbox import Outgoing
from connector.process.job import Every
from connector.process.ports import unix, unix_ms
from contracts.evidence import Entry
from crypto.canonical import digest_bytes
from crypto.did import Did

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlmodel import Session

    from catalog.status_records import Certified
    from connector.party.node import Node
    from connector.store.transaction import Transaction
    from crypto.vouched import Vouched

RENEW_SECONDS: Final = 60


def issue(tx: Transaction, node: Node, *, tell: Iterable[str] = ()) -> int:
    """Sign the standing of everybody under the next serial, and put it in force here.

    Args:
        tx: the transaction that changed it.
        node: this hub.
        tell: DIDs to push it to; the others see it when they poll.

    Returns:
        The serial.
    """
    held = node.status.newest(tx.session)
    serial = held.serial + 1 if held else 1
    rows = tx.session.execute(select(ParticipantRow)).scalars().all()
    keys = certified(tx.session, now=unix(tx.now))
    own = node.keys.now()
    document = sign_status(
        [_entry(row, keys.get(row.did)) for row in rows],
        issuer=node.settings.did,
        space=node.settings.space,
        serial=serial,
        now=unix(tx.now),
        lifetime_seconds=node.settings.status_seconds,
        key=own.agreements,
        kid=own.agreements_kid,
    )
    node.status.accept(tx, document)
    told = [row for row in rows if row.did in set(tell)]
    if told:
        tx.append(
            Entry(
                kind="STATUS",
                role="hub",
                process=str(serial),
                sig=[digest_bytes(document.encode())],
            )
        )
    body = json.dumps({"status": document}).encode()
    for row in told:
        tx.session.add(PushRow(serial=serial, did=row.did, sent_ms=unix_ms(tx.now)))
        tx.send(
            Outgoing(
                peer=row.did,
                url=f"{row.endpoint}/voile/v1/status",
                body=body,
                kind=pushes.KIND,
                process="status",
                message_id=f"status-{serial}",
                headers={"Content-Type": "application/json"},
            )
        )
    tx.session.flush()
    return serial


def _entry(row: ParticipantRow, keys: Vouched | None) -> StatusEntry:
    return StatusEntry(
        did=Did(row.did),
        status=cast("Certified", row.status),
        expires=row.expires,
        legal_group=row.legal_group,
        name_zh=row.name_zh,
        name_en=row.name_en,
        keys=keys,
    )


def audience(session: Session, *also: str) -> frozenset[str]:
    """Give the DIDs that hear of a change at once: all but the revoked, and those it is about."""
    rows = session.execute(
        select(col(ParticipantRow.did)).where(col(ParticipantRow.status) != "revoked")
    ).scalars()
    return frozenset(rows) | frozenset(also)


def summary(session: Session, node: Node) -> dict[str, Any]:
    """Give the document in force and the last one that was pushed."""
    held = node.status.newest(session)
    last = session.execute(
        select(col(PushRow.serial)).order_by(col(PushRow.serial).desc()).limit(1)
    ).scalar_one_or_none()
    return {
        "serial": held.serial if held else 0,
        "issued": held.issued if held else 0,
        "expires": held.expires if held else 0,
        "lastPush": pushes.acknowledgements(session, last) if last is not None else None,
    }


class Renewal(Every):
    """Renews the status document every minute, and at start, so that it never runs out."""

    def __init__(self, node: Node) -> None:
        every = min(RENEW_SECONDS, max(2, node.settings.status_seconds // 3))
        super().__init__("status-renewal", every, self.renew, node.log, here=True, patience=10)
        self._node = node

    def renew(self) -> int:
        """Issue the next serial; give it."""
        with self._node.db.transaction() as tx:
            return issue(tx, self._node)
