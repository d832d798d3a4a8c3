"""Agreeing, declining, taking back: each by whom it may be, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.areas.people import problems_approvals as problems
from connector.areas.people.approval_doing import carry_out
from connector.areas.people.approval_rows import (
    AGREED,
    DECLINED,
    WITHDRAWN,
    ApprovalRow,
    ApprovalVoteRow,
)
from connector.areas.people.approval_voting import votes
from connector.areas.people.approvals import (
    OPEN_MS,
    Approvals,
    acts_now,
    asked_of,
    check_pending,
    found,
    is_of,
    leaf,
    state_of,
    weighed_now,
)
from connector.process.actor import roles_at
from connector.process.errors import Conflict, Forbidden, VoileError
from connector.process.ports import unix_ms
from crypto.words import verbatim

if TYPE_CHECKING:
    from connector.areas.people.approvals import Asked
    from connector.party.node import Node
    from connector.party.operation import Operation
    from connector.process.actor import Actor
    from connector.store.transaction import Transaction


def agree(node: Node, approval_id: str, who: Actor) -> None:
    """Agree; the last one who must has it done.

    What came of it stands in the request: it is no error of who agreed.

    Raises:
        NotFound: there is no such request.
        Conflict: it waits no more, or rests on what has changed; or this person agreed already.
        Forbidden: who agrees may not: no person, the one who asked, or without the role.
    """
    with node.db.reading() as session:
        row = found(session, approval_id)
    asked = asked_of(node, row)
    with node.db.transaction() as tx:  # who may not has no files read
        _votable(tx, node, approval_id, who, asked.operation)
    moved = is_moved(node, row, asked)
    with node.db.transaction() as tx:
        row = _votable(tx, node, approval_id, who, asked.operation)
        if not moved:
            _vote(tx, row, who, agreed=True)
            persons = node.services[Approvals].enrolled(tx.session)
            agreed = votes(tx.session, row, asked.operation, persons) >= row.needs
            if agreed:  # what is agreed to does not wait for ever to be fetched
                row.state, row.expires_ms = AGREED, unix_ms(tx.now) + OPEN_MS
            leaf(tx, node, row, "AGREED", complete=agreed)
    if moved:
        raise Conflict(problems.MOVED, name=approval_id)
    if agreed and not asked.operation.hands_over:
        carry_out(node, approval_id)


def decline(node: Node, approval_id: str, who: Actor, reason: str) -> None:
    """Decline, with the reason; one is enough.

    Raises:
        NotFound, Conflict, Forbidden: as `agree`.
    """
    with node.db.reading() as session:
        operation = asked_of(node, found(session, approval_id)).operation
    with node.db.transaction() as tx:
        row = _votable(tx, node, approval_id, who, operation, declines=True)
        _vote(tx, row, who, agreed=False, reason=reason)
        _end(tx, row, DECLINED)
        leaf(tx, node, row, "DECLINED")


def withdraw(node: Node, approval_id: str, who: Actor) -> None:
    """Take back a request of one's own, as long as nothing of it was done.

    Raises:
        NotFound: there is no such request.
        Forbidden: it is another's.
        Conflict: it waits no more.
    """
    with node.db.transaction() as tx:
        row = found(tx.session, approval_id)
        if not is_of(row, who):
            raise Forbidden(problems.NOT_YOURS, name=approval_id)
        if state_of(row, unix_ms(tx.now)) != AGREED:
            check_pending(tx, row)
        _end(tx, row, WITHDRAWN)
        leaf(tx, node, row, "WITHDRAWN")


def is_moved(node: Node, row: ApprovalRow, asked: Asked) -> bool:
    """Whether what a request rests on is another now than when it was made."""
    try:
        weighed = weighed_now(node, asked)
    except VoileError:
        return True  # a file that is gone, a product that is not what it was
    return weighed is not None and weighed.seen != row.seen


def may_decide(row: ApprovalRow, operation: Operation, who: Actor | None) -> bool:
    """Whether somebody, as it may act now, is another person with the role."""
    approving = operation.approval or frozenset()
    return bool(
        who
        and who.behind
        and who.behind != row.person
        and not is_of(row, who)
        and who.roles & approving
    )


def _votable(
    tx: Transaction,
    node: Node,
    approval_id: str,
    who: Actor,
    operation: Operation,
    *,
    declines: bool = False,
) -> ApprovalRow:
    row = found(tx.session, approval_id)
    check_pending(tx, row)
    if not who.behind:
        raise Forbidden(problems.NO_PERSON, who=who)
    if is_of(row, who):
        raise Forbidden(problems.OWN, name=approval_id)
    now = acts_now(tx.session, node.services[Approvals].enrolled, who)
    if not may_decide(row, operation, now):
        here = roles_at(node.settings.role)
        roles = [role for role in here if role in (operation.approval or ())]
        either = verbatim("、".join(roles), " or ".join(roles))
        raise Forbidden(problems.ROLE, operation=operation.name, either=either)
    voted = tx.session.get(ApprovalVoteRow, (approval_id, who.behind))
    if voted is not None and not declines:
        raise Conflict(problems.TWICE, name=approval_id)
    return row


def _vote(tx: Transaction, row: ApprovalRow, who: Actor, *, agreed: bool, reason: str = "") -> None:
    tx.session.merge(  # who agreed may decline as long as another must still agree
        ApprovalVoteRow(
            request=row.id,
            person=who.behind,
            actor=str(who),
            agreed=agreed,
            reason=reason,
            voted_ms=unix_ms(tx.now),
        )
    )
    tx.session.flush()


def _end(tx: Transaction, row: ApprovalRow, state: str) -> None:
    row.state, row.ended_ms = state, unix_ms(tx.now)
    tx.session.add(row)
    tx.session.flush()
