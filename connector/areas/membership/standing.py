"""The hub's word on who may act: pushed to us when it changes, asked for every ten seconds.

Calls are judged by the newest document (`connector.identity.status`), never past its expiry. A hub
that is down for a while stops nobody; a hub that is down for longer stops everybody.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from sqlalchemy import select
from sqlmodel import col

from catalog.status import Signed
from connector.areas.membership import announce, certification, rotating
from connector.areas.membership.hub import answered, call_hub, hub_of
from connector.areas.membership.rows import MembershipRow
from connector.identity.rows import StandingRow
from connector.process.errors import PeerRefused, VerificationError, VoileError
from connector.process.job import Every
from contracts.evidence import Entry
from crypto.canonical import digest_bytes
from crypto.records import value_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlmodel import Session

    from connector.identity.auth import Caller
    from connector.party.node import Node

POLL_SECONDS: Final = 10
NAMED: Final = 4  # changes that one leaf tells of: with the longest names it is within its cap
LONGEST_NAMED: Final = 400  # characters


def take(node: Node, document: str, *, caller: Caller | None = None) -> int:
    """Put a status document in force, if it is the hub's and not older than what is held.

    Args:
        node: this connector.
        document: the compact JWS.
        caller: the hub, when it pushed the document.

    Returns:
        The serial now in force.
    """
    node.peers.document(hub_of(node))  # so that it is at hand inside the transaction
    try:
        return _put(node, document, caller)
    except VerificationError as error:
        if error.code != "did-key":
            raise
    node.peers.document(hub_of(node), refetch=True)  # the hub's keys may have changed
    return _put(node, document, caller)


def _put(node: Node, document: str, caller: Caller | None) -> int:
    with node.db.transaction() as tx:
        if caller is not None:
            caller.consume(tx)
        before = _standings(tx.session)
        serial = node.status.accept(tx, document)
        after = _standings(tx.session)
        if after != before:
            entry = Entry(
                kind="STATUS",
                role="participant",
                counterparty=hub_of(node),
                process=str(serial),
                sig=[digest_bytes(document.encode())],
            )
            for said in changes(_statuses(before), _statuses(after)):
                tx.append(replace(entry, query={"changed": said}) if said else entry)
    return serial


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[list[dict[str, str]]]:
    """Give whose standing another document changed, as it goes into leaves: at least one.

    Whoever is named for the first time has changed nothing. A name that is longer than leaves
    have room for is left out: the document says it.

    Args:
        before: statuses by DID, as the document before said.
        after: as the new one says; whoever it leaves out is unknown now.
    """
    found = [
        {"did": did, "was": was, "now": now}
        for did, was in sorted(before.items())
        if (now := after.get(did, "unknown")) != was and len(did) <= LONGEST_NAMED
    ]
    return [found[at : at + NAMED] for at in range(0, len(found), NAMED)] or [[]]


def _statuses(standings: list[tuple[str, str, int, str]]) -> dict[str, str]:
    return {did: status for did, status, _, _ in standings}


def _standings(session: Session) -> list[tuple[str, str, int, str]]:
    rows = session.execute(
        select(
            col(StandingRow.did),
            col(StandingRow.status),
            col(StandingRow.expires),
            col(StandingRow.legal_group),
        ).order_by(col(StandingRow.did))
    )
    return [(row.did, row.status, row.expires, row.legal_group) for row in rows]


def poll(node: Node) -> bool:
    """Ask the hub for its newest document; give whether there was a newer one."""
    with node.db.reading() as session:
        held = node.status.newest(session)
    have = str(held.serial if held else 0)
    answer = call_hub(
        node, "GET", "status", params={"have": [have]}, headers={"Voile-Software": node.software}
    )
    if "status" not in answer:
        return False
    with answered():
        take(node, value_of(Signed, answer["status"], "/status"))
    return True


class Watch(Every):
    """Keeps our own certification, the status document and our announcements up to date."""

    def __init__(self, node: Node) -> None:
        every = min(POLL_SECONDS, max(1, node.settings.status_seconds // 4))
        super().__init__(
            "membership",
            every,
            self.once,
            node.log,
            due=node.status.news,
            at_once=True,
            patience=20,
        )
        self._node = node

    def once(self) -> None:
        """Look at everything once; what fails is tried again the next time."""
        for step in (self._certification, self._status, self._keys, self._announcements):
            if self.stopping:
                return
            try:
                step()
            except VoileError as error:
                self._node.log.info("membership-step-failed", step=step.__name__, code=error.code)
            except Exception:  # a bug of ours must not end the loop: calls would be refused
                self._node.log.exception("membership-step-crashed", step=step.__name__)

    def _certification(self) -> None:
        with self._node.db.reading() as session:
            row = session.get(MembershipRow, 1)
            said = session.get(StandingRow, self._node.settings.did)
        if row is None:
            return
        differs = row.standing != (said.status if said else "")
        if (row.state == "pending" or differs) and certification.refresh(self._node):
            announce.certified_anew(self._node)

    def _status(self) -> None:
        with self._node.db.reading() as session:
            row = session.get(MembershipRow, 1)
        if row is None or row.standing not in {"certified", "suspended"}:
            return
        try:
            poll(self._node)
        except PeerRefused as error:
            if error.peer_status != 401:
                raise
            certification.refresh(self._node)  # it does not know us any more: learn why
            rotating.resume(self._node)  # it may know our coming keys already

    def _keys(self) -> None:
        rotating.take_over(self._node)

    def _announcements(self) -> None:
        announce.synchronise_now(self._node)
