"""Whether a product may be taken back whole: one transaction looks, decides and removes.

Nobody has seen a figure of it as long as there never was an agreement about it: every answer, total
and delivery needs one. A negotiation that is under way may become one; writers take turns, so it
comes before this, and is seen, or after, and finds no such offer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlmodel import select

from connector.areas.cohort import CohortMembershipRow, RosterMemoryRow
from connector.areas.dsp import AgreementRow, ProcessRow
from connector.areas.products import Publisher, check_seen, take_back
from connector.compose import problems_taking_back as problems
from connector.process.errors import Conflict
from contracts.machine import TERMINATED

if TYPE_CHECKING:
    from sqlmodel import Session

    from connector.party.node import Node
    from connector.party.operation import Call


def unpublish(node: Node, call: Call) -> dict[str, Any]:
    """Take a product back.

    Raises:
        NotFound: There is none of that id.
        Conflict: Somebody has agreed on it, negotiates it, or counts on it in a cohort table; or
            something is being published.
    """
    product_id = call.path["product_id"]
    with node.services[Publisher].alone(product_id):
        with node.db.transaction() as tx:
            check_seen(tx.session, product_id, call.body.seen)
            check_unused(tx.session, product_id)
            versions = take_back(tx, node, product_id, reason=call.body.reason)
        node.db.forget_journal()
    return {"id": product_id, "state": "unpublished", "versions": versions}


def check_unused(session: Session, product_id: str) -> None:
    """Refuse to take back what somebody has, or may have, agreed on.

    Raises:
        Conflict: Somebody has.
    """
    # (1) an agreement of whatever standing: what it was good for may have been used
    agreed = session.exec(
        select(AgreementRow).where(
            AgreementRow.role == "provider", AgreementRow.dataset == product_id
        )
    ).first()
    if agreed is not None:
        raise Conflict(
            problems.AGREED,
            product=product_id,
            agreement=agreed.agreement,
            party=agreed.counterparty,
        )
    # (2) a negotiation that may still become one
    opened = session.exec(
        select(ProcessRow).where(
            ProcessRow.kind == "negotiation",
            ProcessRow.role == "provider",
            ProcessRow.dataset == product_id,
            ProcessRow.state != TERMINATED,
        )
    ).first()
    if opened is not None:
        raise Conflict(
            problems.NEGOTIATED, product=product_id, pid=opened.pid, party=opened.counterparty
        )
    # (3) what other suppliers may have frozen together with it, or what an earlier version answered
    answered = select(RosterMemoryRow).where(RosterMemoryRow.dataset == product_id)
    if session.get(CohortMembershipRow, product_id) is not None or session.exec(answered).first():
        raise Conflict(problems.TABLED, product=product_id)
