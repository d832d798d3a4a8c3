"""What the shared catalogue is told of our products: the difference to what it was told before.

`synchronise` compares what is on offer with the announcements and sends, through the outbox, a
signed description for each dataset that is new or changed, and a withdrawal for each that is gone.
It runs in the transaction that publishes or withdraws, and again every ten seconds, so that nothing
published before the certification, or while the hub was away, is forgotten.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from sqlalchemy import select

from catalog.description import sign_description
from connector.areas.membership.certification import current
from connector.areas.membership.hub import refusal
from connector.areas.membership.rows import AnnouncementRow
from connector.outbox import Outgoing
from connector.process.errors import VoileError
from connector.process.ports import unix, unix_ms
from connector.store.outbox_rows import PARKED, OutboxRow, Queued
from crypto.canonical import digest
from crypto.strict_json import loads

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlmodel import Session

    from connector.outbox import Verdict
    from connector.party.node import Node
    from connector.process.ports import Response
    from connector.store.transaction import Transaction

KIND: Final = "membership.description"
SENT, LISTED, REFUSED = "sent", "listed", "refused"
WITHDRAWING, WITHDRAWN = "withdrawing", "withdrawn"


@dataclass(frozen=True, slots=True)
class OnOffer:
    """What this connector has on offer; a service that the area of products brings.

    Attributes:
        datasets: gives the datasets with their offers, by id, from any session.
    """

    datasets: Callable[[Session], Sequence[dict[str, Any]]]


def synchronise(tx: Transaction, node: Node) -> int:
    """Tell the shared catalogue what it does not know yet. Nothing to do without certification.

    Returns:
        How many messages were sent.
    """
    hub, membership = node.settings.hub_did, current(tx.session, unix(tx.now))
    if hub is None or membership is None:
        return 0
    base = membership.hub_url
    offered = {found["@id"]: found for found in node.services[OnOffer].datasets(tx.session)}
    told = {row.dataset_id: row for row in tx.session.execute(select(AnnouncementRow)).scalars()}
    sent = 0
    for dataset_id, dataset in offered.items():
        row = told.get(dataset_id)
        if row is None or row.state in {WITHDRAWING, WITHDRAWN} or row.digest != digest(dataset):
            _announce(tx, node, hub, base, dataset, row)
            sent += 1
    for dataset_id, row in told.items():
        if dataset_id not in offered and row.state not in {WITHDRAWING, WITHDRAWN}:
            _withdraw(tx, hub, base, row)
            sent += 1
    for row in told.values():
        _revive(tx, node, row)
    return sent


def synchronise_now(node: Node) -> int:
    """Do so in a transaction of its own, if there is anything to do."""
    with node.db.reading() as session:
        if current(session, unix(node.clock.now())) is None:
            return 0
    with node.db.transaction() as tx:
        return synchronise(tx, node)


def announcements(tx_or_session: Any) -> list[dict[str, Any]]:
    """Give what the shared catalogue knows of our datasets."""
    rows = tx_or_session.execute(select(AnnouncementRow)).scalars().all()
    return [
        {"dataset": row.dataset_id, "state": row.state, "reason": row.reason}
        for row in sorted(rows, key=lambda row: row.dataset_id)
    ]


def _announce(
    tx: Transaction,
    node: Node,
    hub: str,
    base: str,
    dataset: dict[str, Any],
    row: AnnouncementRow | None,
) -> None:
    row = row or AnnouncementRow(
        dataset_id=dataset["@id"], version=0, digest="", state="", changed_ms=0
    )
    row.version = max(row.version + 1, unix_ms(tx.now))
    row.digest, row.state, row.reason = digest(dataset), SENT, ""
    keys = node.keys.now()
    signed = sign_description(
        dataset,
        provider=node.settings.did,
        space=node.settings.space,
        version=row.version,
        now=unix(tx.now),
        key=keys.agreements,
        kid=keys.agreements_kid,
    )
    _send(
        tx,
        row,
        Outgoing(
            peer=hub,
            url=f"{base}/catalog",
            body=json.dumps({"description": signed}).encode(),
            kind=KIND,
            process=f"catalog {row.dataset_id}",
            message_id=f"description-{row.version}",
            headers={"Content-Type": "application/json"},
        ),
    )


def _withdraw(tx: Transaction, hub: str, base: str, row: AnnouncementRow) -> None:
    row.version, row.state, row.reason, row.digest = row.version + 1, WITHDRAWING, "", ""
    _send(
        tx,
        row,
        Outgoing(
            peer=hub,
            url=f"{base}/catalog/{quote(row.dataset_id, safe='')}",
            body=b"",
            kind=KIND,
            process=f"catalog {row.dataset_id}",
            message_id=f"withdrawal-{row.version}",
            method="DELETE",
        ),
    )


def _send(tx: Transaction, row: AnnouncementRow, outgoing: Outgoing) -> None:
    row.changed_ms = unix_ms(tx.now)
    row.outbox_id = tx.send(outgoing)
    tx.session.add(row)
    tx.session.flush()


def _revive(tx: Transaction, node: Node, row: AnnouncementRow) -> None:
    """Send again what the outbox gave up because the hub was away for too long."""
    if row.state not in {SENT, WITHDRAWING}:
        return
    waiting = tx.session.get(OutboxRow, row.outbox_id)
    if waiting is not None and waiting.state == PARKED:
        node.outbox.resume(tx, row.outbox_id)


def certified_anew(node: Node) -> int:
    """Send again what was refused, now that the hub's word on us has changed."""
    with node.db.transaction() as tx:
        for row in tx.session.execute(select(AnnouncementRow)).scalars():
            if row.state == REFUSED:
                row.digest = ""
                tx.session.add(row)
        tx.session.flush()
        return synchronise(tx, node)


class Outcome:
    """Hears what the shared catalogue made of a description or a withdrawal."""

    def acknowledged(self, tx: Transaction, row: Queued, response: Response) -> None:  # noqa: ARG002 -- the status says it
        """It is listed, or withdrawn."""
        self._settle(tx, row, {SENT: LISTED, WITHDRAWING: WITHDRAWN})

    def refused(self, tx: Transaction, row: Queued, response: Response) -> Verdict | None:
        """It was refused, for a reason that the owner gets to see."""
        if row.method == "DELETE" and response.status == 404:
            self._settle(tx, row, {WITHDRAWING: WITHDRAWN})
            return "done"
        error = refusal(response.status, response.body)
        found = self._settle(tx, row, {SENT: REFUSED}, error.message)
        newer = _version(response) if error.code == "description-old" else 0
        if found is not None and newer:
            found.version, found.digest = max(found.version, newer), ""  # sign anew, greater
            return "done"
        return "park"

    def _settle(
        self, tx: Transaction, row: Queued, states: dict[str, str], reason: str = ""
    ) -> AnnouncementRow | None:
        found = tx.session.get(AnnouncementRow, row.process.removeprefix("catalog "))
        if found is None or found.outbox_id != row.id:
            return None  # something newer was sent meanwhile
        found.state, found.reason = states.get(found.state, found.state), reason
        found.changed_ms = unix_ms(tx.now)
        tx.session.add(found)
        return found


def _version(response: Response) -> int:
    try:
        version = loads(response.body)["error"]["params"]["version"]
    except (VoileError, KeyError, TypeError):
        return 0
    return version if isinstance(version, int) else 0
