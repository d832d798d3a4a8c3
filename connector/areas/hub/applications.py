"""Applications at the hub: taken in with their proof, shown to the operator, answered."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, or_, select, update
from sqlmodel import col

from catalog.applications import verify_application
from catalog.participants import Participant
from connector.areas.hub import problems
from connector.areas.hub.rows import ApplicationRow, ParticipantRow
from connector.process.errors import Conflict, NotFound, TooMany
from connector.process.lists import each
from connector.process.ports import unix, unix_ms
from contracts.evidence import Entry

if TYPE_CHECKING:
    from sqlmodel import Session

    from connector.identity.auth import Caller
    from connector.party.node import Node
    from connector.store.transaction import Transaction
    from crypto.words import Filled, Language

PENDING, APPROVED, REJECTED, REPLACED = "pending", "approved", "rejected", "replaced"
MOST_LISTED: Final = 500
MOST_A_DAY: Final = 20  # of one firm
MOST_WAITING: Final = 10_000
DAY_MS: Final = 86_400_000


def receive(node: Node, caller: Caller, value: Any) -> tuple[ApplicationRow, bool]:
    """Take in an application of the caller; a repeat of the same one changes nothing.

    A new application replaces one of the same firm that is still pending. A certified firm may
    apply again, to renew or to correct what the register says of it.

    Returns:
        The application, and whether it is new.

    Raises:
        MalformedError: it is not an application.
        VerificationError: its proof does not hold.
    """
    found = verify_application(
        value,
        expected_applicant=caller.did,
        expected_hub=node.settings.did,
        expected_space=node.settings.space,
        document=caller.document.as_published(),
        now=unix(node.clock.now()),
    )
    with node.db.transaction() as tx:
        caller.consume(tx)
        held = tx.session.execute(
            select(ApplicationRow).where(col(ApplicationRow.digest) == found.digest)
        ).scalar_one_or_none()
        if held is not None:
            return held, False
        _check_room(tx, caller.did)
        replace_pending(tx, caller.did)
        row = ApplicationRow(
            id=node.entropy(16).hex(),
            did=caller.did,
            digest=found.digest,
            state=PENDING,
            participant=json.dumps(found.participant.to_json(), ensure_ascii=False),
            thumbprints=json.dumps(dict(found.thumbprints)),
            submitted_ms=unix_ms(tx.now),
        )
        tx.session.add(row)
        tx.append(
            Entry(
                kind="CERTIFICATION",
                role="hub",
                counterparty=caller.did,
                process=row.id,
                to_state=PENDING,
                sig=[found.digest],
                detail={"participant": found.participant.to_json()},
            )
        )
        tx.session.flush()
    return row, True


def replace_pending(tx: Transaction, did: str) -> bool:
    """Set a pending application of a firm aside, for something newer of it; say whether one was."""
    waits = (col(ApplicationRow.did) == did, col(ApplicationRow.state) == PENDING)
    found = tx.session.execute(select(col(ApplicationRow.number)).where(*waits)).first()
    tx.session.execute(
        update(ApplicationRow).where(*waits).values(state=REPLACED, decided_ms=unix_ms(tx.now))
    )
    return found is not None


def _check_room(tx: Transaction, did: str) -> None:
    """Bound what parties that nobody knows yet may make the hub keep.

    Raises:
        TooMany: one firm, or all together, have applied too often.
    """
    mine_today = select(func.count()).where(
        col(ApplicationRow.did) == did, col(ApplicationRow.submitted_ms) > unix_ms(tx.now) - DAY_MS
    )
    waiting = select(func.count()).where(col(ApplicationRow.state) == PENDING)
    if tx.session.execute(mine_today).scalar_one() >= MOST_A_DAY:
        raise TooMany(problems.FIRM_APPLIES_OFTEN, most=MOST_A_DAY)
    if tx.session.execute(waiting).scalar_one() >= MOST_WAITING:
        raise TooMany(problems.APPLICATIONS_FULL)


def newest(session: Session, did: str) -> ApplicationRow | None:
    """Give the newest application of a firm."""
    return session.execute(
        select(ApplicationRow)
        .where(col(ApplicationRow.did) == did, col(ApplicationRow.state) != REPLACED)
        .order_by(col(ApplicationRow.number).desc())
        .limit(1)
    ).scalar_one_or_none()


def pending(tx: Transaction, did: str, seen: str) -> ApplicationRow:
    """Give the pending application of a firm, which must be the one that the operator has seen.

    Args:
        tx: the transaction that decides.
        did: the firm.
        seen: digest of the application that the operator decides about.

    Raises:
        NotFound: there is none.
        Conflict: the firm has replaced it meanwhile.
    """
    row = newest(tx.session, did)
    if row is None or row.state != PENDING:
        raise NotFound(problems.NOTHING_PENDING, did=did)
    if row.digest != seen:
        raise outdated(problems.THE_APPLICATION.of(did=did), row.digest, "voile hub applications")
    return row


def outdated(what: Filled, stands: str, look: str) -> Conflict:
    """Make the refusal of a decision about something else than what stands now."""
    return Conflict(problems.OUTDATED, what=what, look=look, digest=stands)


def mine(session: Session, did: str) -> dict[str, Any]:
    """Give a firm what the hub knows of it: its newest application, its standing, its credential.

    Raises:
        NotFound: it never applied.
    """
    row = newest(session, did)
    if row is None:
        raise NotFound(problems.NEVER_APPLIED)
    firm = session.get(ParticipantRow, did)
    return {
        "id": row.id,
        "state": row.state,
        "reason": row.reason,
        "submitted": row.submitted_ms // 1000,
        "standing": firm.status if firm else "",
        "standingReason": firm.reason if firm else "",
        "expires": firm.expires if firm else 0,
        "credential": firm.credential if firm and firm.status != "revoked" else "",
    }


def listed(session: Session, state: str = "", language: Language = "en") -> list[dict[str, Any]]:
    """Give applications to the operator, oldest first, each with what is worth a second look."""
    query = select(ApplicationRow).order_by(col(ApplicationRow.number)).limit(MOST_LISTED)
    if state:
        query = query.where(col(ApplicationRow.state) == state)
    rows = session.execute(query).scalars().all()
    return each(rows, lambda row: _shown(session, row), _named, language)


def _named(row: ApplicationRow) -> dict[str, Any]:
    """Give what stands for an application that cannot be read."""
    return {
        "id": row.id,
        "did": row.did,
        "state": row.state,
        "digest": row.digest,
        "submitted": row.submitted_ms // 1000,
    }


def _shown(session: Session, row: ApplicationRow) -> dict[str, Any]:
    participant = Participant.from_json(json.loads(row.participant))
    firm = session.get(ParticipantRow, row.did)
    return {
        "id": row.id,
        "did": row.did,
        "state": row.state,
        "reason": row.reason,
        "digest": row.digest,
        "submitted": row.submitted_ms // 1000,
        "decided": None if row.decided_ms is None else row.decided_ms // 1000,
        "participant": participant.to_json(),
        "keys": json.loads(row.thumbprints),
        "newKeys": firm is not None and other_keys(session, row),
        "standing": firm.status if firm else "",
        "alike": alike(session, participant),
    }


def other_keys(session: Session, row: ApplicationRow) -> bool:
    """Say whether an application comes with other keys than those last certified with the firm."""
    last = session.execute(
        select(col(ApplicationRow.thumbprints))
        .where(
            col(ApplicationRow.did) == row.did,
            col(ApplicationRow.state) == APPROVED,
            col(ApplicationRow.number) < row.number,
        )
        .order_by(col(ApplicationRow.number).desc())
        .limit(1)
    ).scalar_one_or_none()
    return last is not None and json.loads(last) != json.loads(row.thumbprints)


def alike(session: Session, participant: Participant) -> list[dict[str, str]]:
    """Find other firms that bear the same number or name: the operator should look twice."""
    rows = session.execute(
        select(ParticipantRow).where(
            col(ParticipantRow.did) != participant.did,
            or_(
                col(ParticipantRow.legal_id) == participant.legal_id,
                col(ParticipantRow.name_zh) == participant.name_zh,
                col(ParticipantRow.name_en) == participant.name_en,
            ),
        )
    ).scalars()
    return [{"did": row.did, "legalId": row.legal_id, "status": row.status} for row in rows]
