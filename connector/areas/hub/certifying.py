"""What the operator decides about a firm: approve, reject, suspend, reinstate, revoke.

Each decision is one transaction: the firm's standing, the evidence, the new serial of the status
document and its pushes commit together. Which act is possible in which standing is a table.

Each names, by digest, what the operator has seen: the application, or the firm's entry in the
register. If something else stands there by now, nothing is decided.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from catalog.certification import VALID_DAYS, issue
from catalog.participants import Participant
from connector.areas.hub import applications, problems, status
from connector.areas.hub.rows import ParticipantRow
from connector.process.errors import BadRequest, Conflict, NotFound
from connector.process.ports import unix, unix_ms
from contracts.evidence import Entry
from crypto.canonical import digest, digest_bytes
from crypto.words import Either

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlmodel import Session

    from connector.party.node import Node

DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class Act:
    """An act upon a certified firm: the standings it is possible in, and where it leads."""

    possible: frozenset[str]
    leads_to: str


ACTS: Final[Mapping[str, Act]] = {
    "suspend": Act(frozenset({"certified"}), "suspended"),
    "reinstate": Act(frozenset({"suspended"}), "certified"),
    "revoke": Act(frozenset({"certified", "suspended"}), "revoked"),  # final: apply anew
}


def approve(
    node: Node, did: str, *, seen: str, days: int = VALID_DAYS, legal_group: str = ""
) -> dict[str, Any]:
    """Certify the firm whose application is pending, for some days.

    Args:
        node: this hub.
        did: the firm.
        seen: digest of the application that was seen.
        days: validity, at most `catalog.certification.VALID_DAYS`.
        legal_group: the hand it is in, where the operator knows better than the applicant.
    """
    if not 1 <= days <= VALID_DAYS:
        raise BadRequest(problems.DAYS, most=VALID_DAYS, days=days)
    with node.db.transaction() as tx:
        application = applications.pending(tx, did, seen)
        firm = tx.session.get(ParticipantRow, did)
        stated = Participant.from_json(json.loads(application.participant))
        participant = Participant(
            did=stated.did,
            name_zh=stated.name_zh,
            name_en=stated.name_en,
            legal_id=stated.legal_id,
            legal_group=legal_group or stated.legal_group,
            roles=stated.roles,
            endpoint=stated.endpoint,
        )
        now = unix(tx.now)
        before = firm.status if firm else ""
        since = firm.since if firm and before != "revoked" else now
        keys = node.keys.now()
        credential = issue(
            participant,
            issuer=node.settings.did,
            key=keys.agreements,
            kid=keys.agreements_kid,
            identifier=f"urn:uuid:{UUID(bytes=node.entropy(16), version=4)}",
            space=node.settings.space,
            since=since,
            now=now,
            expires=now + days * DAY,
        )
        tx.session.merge(
            ParticipantRow(
                did=did,
                name_zh=participant.name_zh,
                name_en=participant.name_en,
                legal_id=participant.legal_id,
                legal_group=participant.legal_group,
                roles=",".join(participant.roles),
                endpoint=participant.endpoint,
                status="certified",
                since=since,
                expires=now + days * DAY,
                changed_ms=unix_ms(tx.now),
                credential=credential,
            )
        )
        application.state, application.decided_ms = applications.APPROVED, unix_ms(tx.now)
        tx.session.add(application)
        tx.session.flush()
        tx.append(
            Entry(
                kind="CERTIFICATION",
                role="hub",
                counterparty=did,
                process=application.id,
                from_state=before or applications.PENDING,
                to_state="certified",
                sig=[digest_bytes(credential.encode())],
                detail={
                    "participant": participant.to_json(),
                    "days": days,
                    "application": application.digest,
                },
            )
        )
        serial = status.issue(tx, node, tell=status.audience(tx.session, did))
    return {"did": did, "status": "certified", "expires": now + days * DAY, "serial": serial}


def reject(node: Node, did: str, reason: str, *, seen: str) -> dict[str, Any]:
    """Refuse the pending application of a firm; what it was before stays."""
    reason = _reason(reason)
    with node.db.transaction() as tx:
        application = applications.pending(tx, did, seen)
        application.state, application.decided_ms = applications.REJECTED, unix_ms(tx.now)
        application.reason = reason
        tx.session.add(application)
        tx.append(
            Entry(
                kind="CERTIFICATION",
                role="hub",
                counterparty=did,
                process=application.id,
                from_state=applications.PENDING,
                to_state=applications.REJECTED,
                detail={"reason": reason, "application": application.digest},
            )
        )
    return {"did": did, "status": "rejected"}


def act(node: Node, name: str, did: str, reason: str, *, seen: str) -> dict[str, Any]:
    """Suspend, reinstate or revoke a firm. It bites wherever the push is acknowledged.

    Raises:
        NotFound: the firm was never certified.
        Conflict: its entry is not the one that was seen, or its standing does not allow the act.
    """
    rule, reason = ACTS[name], _reason(reason)
    with node.db.transaction() as tx:
        firm = tx.session.get(ParticipantRow, did)
        if firm is None:
            raise NotFound(problems.NO_PARTICIPANT, did=did)
        before, stands = firm.status, entry_digest(firm)
        if stands != seen:
            entry = problems.THE_ENTRY.of(did=did, status=before)
            raise applications.outdated(entry, stands, "voile hub participants")
        if before not in rule.possible:
            raise Conflict(
                problems.STANDING_FORBIDS,
                act=name,
                did=did,
                status=before,
                possible=Either(tuple(sorted(rule.possible))),
            )
        firm.status, firm.reason, firm.changed_ms = rule.leads_to, reason, unix_ms(tx.now)
        tx.session.add(firm)
        tx.session.flush()
        tx.append(
            Entry(
                kind="CERTIFICATION",
                role="hub",
                counterparty=did,
                from_state=before,
                to_state=rule.leads_to,
                detail={"reason": reason, "seen": stands},
            )
        )
        serial = status.issue(tx, node, tell=status.audience(tx.session, did))
    return {"did": did, "status": rule.leads_to, "serial": serial}


def entry_digest(row: ParticipantRow) -> str:
    """Name a firm's entry in the register as it stands: any change gives another digest."""
    return digest(row.model_dump())


def participants(session: Session, now: int) -> list[dict[str, Any]]:
    """Give every firm that was ever certified."""
    rows = session.execute(select(ParticipantRow).order_by(col(ParticipantRow.did))).scalars().all()
    return [
        {
            "did": row.did,
            "nameZh": row.name_zh,
            "nameEn": row.name_en,
            "legalId": row.legal_id,
            "legalGroup": row.legal_group,
            "roles": row.roles.split(","),
            "endpoint": row.endpoint,
            "status": row.status,
            "expired": row.expires <= now,
            "reason": row.reason,
            "since": row.since,
            "expires": row.expires,
            "digest": entry_digest(row),
        }
        for row in rows
    ]


def _reason(reason: str) -> str:
    text = reason.strip()
    if not 1 <= len(text) <= 500 or not text.isprintable():
        raise BadRequest(problems.REASON)
    return text
