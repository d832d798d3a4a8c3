"""How our owner names a contract: by its `@id`, or by our own pid of its negotiation.

The `@id` is its provider's choice: two providers may have chosen the same in a home of an earlier
version, and it may be a text that no address carries. Our pid is random, ours, and of one contract
alone; so it counts first, and pages link by it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connector.areas.dsp import agreements, problems
from connector.process.errors import Conflict

if TYPE_CHECKING:
    from sqlmodel import Session

    from connector.areas.dsp.agreements import AgreementRecord
    from contracts.machine import Role

_CUT: Final = 200  # characters of a name in a message


def named(session: Session, name: str, *, role: Role | None = None) -> AgreementRecord | None:
    """Find the contract that our owner means.

    Args:
        session: Any session.
        name: Its `@id`, or our pid of its negotiation.
        role: Ours in it, where only such a one can be meant.

    Returns:
        It; None if there is none.

    Raises:
        Conflict: Several have this id; what they can be named by is said.
    """
    found = agreements.at(session, name)
    if found is not None:
        return found
    fitting = agreements.bearing(session, name)
    if len(fitting) > 1 and role is not None:
        fitting = tuple(one for one in fitting if one.role == role) or fitting
    if len(fitting) > 1:
        which = ", ".join(f"`{one.negotiation}` ({one.counterparty})" for one in fitting)
        raise Conflict(problems.AGREEMENTS_SHARE_ID, agreement=name[:_CUT], which=which)
    return fitting[0] if fitting else None
