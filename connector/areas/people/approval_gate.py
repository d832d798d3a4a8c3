"""The gate: what asks for a second person is kept as a request instead of being done."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from sqlalchemy import func
from sqlmodel import col, select

from connector.areas.people import problems_approvals as problems
from connector.areas.people.approval_force import come_into_force, force_of
from connector.areas.people.approval_rows import PENDING, ApprovalRow
from connector.areas.people.approval_voting import votes
from connector.areas.people.approvals import (
    MOST_OPEN,
    MOST_OWN,
    OPEN_MS,
    Approvals,
    asked_text,
    leaf,
)
from connector.party.area import Areas
from connector.party.gate import Held
from connector.process.actor import roles_at
from connector.process.errors import Conflict, TooMany
from connector.process.ports import unix_ms
from crypto.words import verbatim

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlmodel import Session

    from connector.party.node import Node
    from connector.party.operation import Call, Operation
    from connector.process.actor import Role
    from connector.store.transaction import Transaction

_ID_BYTES: Final = 16


def gate(node: Node, operation: Operation, call: Call) -> Held | None:
    """Keep what needs a second person; see `connector.party.gate.Gate`.

    Raises:
        Conflict: nobody could agree to it.
        TooMany: so many wait already.
    """
    if operation.approval is None:
        return None
    enrolled = node.services[Approvals].enrolled
    with node.db.reading() as session:
        force = force_of(session, enrolled)
    if not (force.on or force.due):
        return None
    weigh = node.services[Areas].weigh(operation)
    weighed = None if weigh is None else weigh(node, call)
    if weighed is not None and not weighed.needed:
        return None
    with node.db.transaction() as tx:
        if not come_into_force(tx, node, enrolled):
            return None  # two persons agreed meanwhile to switch them off
        seen = weighed.seen if weighed is not None else ""
        persons = enrolled(tx.session)
        row = _kept(tx, node, operation, call, seen, persons)
        return held(node, tx.session, row, operation, persons)


def held(
    node: Node,
    session: Session,
    row: ApprovalRow,
    operation: Operation,
    persons: Mapping[str, frozenset[Role]],
) -> Held:
    """Say that a request waits."""
    return Held(
        id=row.id,
        operation=row.operation,
        needs=max(1, row.needs - votes(session, row, operation, persons)),
        roles=tuple(
            role for role in roles_at(node.settings.role) if role in (operation.approval or ())
        ),
        expires=row.expires_ms,
    )


def _kept(
    tx: Transaction,
    node: Node,
    operation: Operation,
    call: Call,
    seen: str,
    persons: Mapping[str, frozenset[Role]],
) -> ApprovalRow:
    """Give the request: the one that waits already, if it is the same, else a new one."""
    now = unix_ms(tx.now)
    asked, who = asked_text(call), call.actor
    digest = _digest(operation.name, asked, str(who), seen)
    waits = (col(ApprovalRow.state) == PENDING, col(ApprovalRow.expires_ms) > now)
    same = tx.session.exec(select(ApprovalRow).where(ApprovalRow.digest == digest, *waits)).first()
    if same is not None:
        return same
    needs = 1 if who.behind else 2
    approving = operation.approval or frozenset()
    others = [one for one, roles in persons.items() if roles & approving and one != who.behind]
    if len(others) < needs:
        roles = [role for role in roles_at(node.settings.role) if role in approving]
        either = verbatim("、".join(roles), " or ".join(roles))
        raise Conflict(
            problems.NOBODY,
            operation=operation.name,
            found=len(others),
            needs=needs,
            either=either,
        )
    # one alone leaves room for the others: a stolen key is revoked by a request, too
    whose = (ApprovalRow.person, who.behind) if who.behind else (ApprovalRow.requester, str(who))
    own = select(func.count()).where(*waits, col(whose[0]) == whose[1])
    if tx.session.exec(own).one() >= MOST_OWN:
        raise TooMany(problems.MANY_OWN, most=MOST_OWN)
    if tx.session.exec(select(func.count()).where(*waits)).one() >= MOST_OPEN:
        raise TooMany(problems.MANY, most=MOST_OPEN)
    row = ApprovalRow(
        id=node.entropy(_ID_BYTES).hex(),
        operation=operation.name,
        asked=asked,
        digest=digest,
        salt=node.entropy(_ID_BYTES).hex(),
        seen=seen,
        requester=str(who),
        person=who.behind,
        reason=call.reason,
        needs=needs,
        state=PENDING,
        requested_ms=now,
        expires_ms=now + OPEN_MS,
    )
    tx.session.add(row)
    tx.session.flush()
    leaf(tx, node, row, "REQUESTED", needs=needs, expires=row.expires_ms)
    return row


def _digest(*parts: str) -> str:
    """Tell requests apart, each part by its length."""
    told = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(told.encode()).hexdigest()
