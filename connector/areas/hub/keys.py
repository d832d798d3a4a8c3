"""How a certified firm replaces its keys.

A firm's keys are those of its newest approved application. A rotation, proved under an old key, is
kept as such an application that needs no approval; a firm that has lost its keys applies anew.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlmodel import col

from catalog.rotation import digest_of, verify_rotation
from connector.areas.hub import applications, problems, status
from connector.areas.hub.certified_keys import certified
from connector.areas.hub.rows import ApplicationRow, ParticipantRow
from connector.process.errors import Conflict, Forbidden, TooMany
from connector.process.ports import unix, unix_ms
from contracts.evidence import Entry

if TYPE_CHECKING:
    from connector.identity.auth import Caller
    from connector.party.node import Node
    from connector.store.transaction import Transaction
    from crypto.keys import PublicKey

MOST_A_DAY: Final = 4
DAY_MS: Final = 86_400_000


def rotate(node: Node, caller: Caller, value: Any) -> tuple[int, bool]:
    """Take in a rotation of the caller's; a repeat of the same one changes nothing.

    Returns:
        The serial of the status document in force, and whether the rotation is new.

    Raises:
        MalformedError: it is not a rotation.
        VerificationError: a proof does not hold.
        Forbidden: the firm is not certified.
        Conflict: the hub knows no keys of the firm, or the repeated ones were replaced since.
        TooMany: it rotates too often.
    """
    document = caller.document.as_published()
    named = digest_of(value)

    def find_old(kid: str) -> PublicKey:
        return document.key(kid, relationship="assertionMethod")

    with node.db.transaction() as tx:
        caller.consume(tx)
        held = tx.session.execute(
            select(ApplicationRow).where(col(ApplicationRow.digest) == named)
        ).scalar_one_or_none()
        if held is not None and held.did == caller.did:
            _check_current(tx, held)
            newest = node.status.newest(tx.session)
            return newest.serial if newest else 0, False
        firm = tx.session.get(ParticipantRow, caller.did)
        vouched = certified(tx.session).get(caller.did)
        if firm is None or firm.status != "certified":
            raise Forbidden(problems.NOT_CERTIFIED)
        if vouched is None:
            raise Conflict(problems.KEYS_UNKNOWN)
        before = _newest(tx, caller.did)
        found = verify_rotation(
            value,
            expected_firm=caller.did,
            expected_hub=node.settings.did,
            expected_space=node.settings.space,
            find_old=find_old,
            vouched=vouched,
            agreements=json.loads(before.thumbprints)["agreements"],
            now=unix(tx.now),
        )
        _check_rate(tx, caller.did)
        waited = applications.replace_pending(tx, caller.did)
        row = ApplicationRow(
            id=node.entropy(16).hex(),
            did=caller.did,
            digest=found.digest,
            state=applications.APPROVED,
            participant=before.participant,
            thumbprints=json.dumps(json.loads(before.thumbprints) | dict(found.thumbprints)),
            submitted_ms=unix_ms(tx.now),
            decided_ms=unix_ms(tx.now),
            reason="keys rotated, proved under an old key"
            + ("; an application that waited came with other keys: apply again" if waited else ""),
        )
        tx.session.add(row)
        tx.session.flush()
        tx.append(
            Entry(
                kind="CERTIFICATION",
                role="hub",
                counterparty=caller.did,
                process=row.id,
                from_state="certified",
                to_state="certified",
                sig=[found.digest],
                detail={"rotation": dict(found.thumbprints)},
            )
        )
        serial = status.issue(tx, node, tell=status.audience(tx.session, caller.did))
    return serial, True


def _check_current(tx: Transaction, row: ApplicationRow) -> None:
    vouched, keys = certified(tx.session).get(row.did), json.loads(row.thumbprints)
    if vouched is None or not {keys["token"], keys["agreements"]} <= vouched.current:
        raise Conflict(problems.KEYS_REPLACED)


def _newest(tx: Transaction, did: str) -> ApplicationRow:
    found: ApplicationRow = tx.session.execute(
        select(ApplicationRow)
        .where(col(ApplicationRow.did) == did, col(ApplicationRow.state) == applications.APPROVED)
        .order_by(col(ApplicationRow.decided_ms).desc(), col(ApplicationRow.number).desc())
        .limit(1)
    ).scalar_one()
    return found


def _check_rate(tx: Transaction, did: str) -> None:
    rows = tx.session.execute(
        select(col(ApplicationRow.id)).where(
            col(ApplicationRow.did) == did,
            col(ApplicationRow.state) == applications.APPROVED,
            col(ApplicationRow.submitted_ms) > unix_ms(tx.now) - DAY_MS,
        )
    ).all()
    if len(rows) >= MOST_A_DAY:
        raise TooMany(problems.KEYS_OFTEN, most=MOST_A_DAY)
