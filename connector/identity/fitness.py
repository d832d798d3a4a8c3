"""Both sides of an act in good standing: asked where it is decided, sent, or its outcome taken.

Who calls is looked at by `auth`. Here it is asked of everybody an act is about, ourselves included:
a supplier that was suspended answers nobody, a consumer that was suspended asks nobody, and what is
sent to a party that is not certified would not be answered anyway.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector.process.refusing import refusal
from policies.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlmodel import Session

    from connector.party.node import Node

CODE = "participant.not-certified"


def unfit(node: Node, session: Session, *others: str, reader: str = "") -> tuple[Reason, ...]:
    """Say who of us and some others is not certified now; no reasons: everybody is.

    Args:
        node: This node.
        session: Any session; inside a transaction nothing changes before the commit.
        others: DIDs of the other parties.
        reader: DID of who gets to read the reasons; ourselves by default.
    """
    reader = reader or node.settings.did
    found = []
    for did in dict.fromkeys((node.settings.did, *others)):
        standing = node.status.standing(session, did)
        if not standing.certified:
            step = "next.get-certified" if did == reader else "next.ask-operator"
            found.append(Reason(code=CODE, given=did, expected=standing.status, next=step))
    return tuple(found)


def check_fit(node: Node, session: Session, *others: str, reader: str = "") -> None:
    """Refuse an act while we or one of the others is not certified.

    Raises:
        Refused: Names each that is not.
    """
    if reasons := unfit(node, session, *others, reader=reader):
        raise refusal(*reasons)


def under(
    node: Node, session: Session, policy: Mapping[str, Any] | None = None
) -> Mapping[str, Any] | None:
    """Add to what a leaf says of a decision the status document that standings were read from.

    Args:
        node: This node.
        session: Of the transaction that decides.
        policy: What the leaf says besides; None for nothing.

    Returns:
        The same with ``standing``: ``serial`` and ``digest``; as it was where no document is held.
    """
    basis = node.status.basis(session)
    return {**(policy or {}), "standing": basis} if basis else policy


def check_fit_now(node: Node, *others: str) -> None:
    """Refuse an act of ours before anything of it leaves; no transaction is open.

    Raises:
        Refused: Names each that is not certified.
    """
    with node.db.reading() as session:
        check_fit(node, session, *others)
