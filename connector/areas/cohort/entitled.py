"""Who may set the making of a cohort table going: who holds an agreement for totals in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector.areas.dsp import check_usable, find_agreement
from connector.areas.questions import refusal
from connector.identity.fitness import check_fit
from policies.offers import granted
from policies.profile import HOMOMORPHIC, QUERY_MODE
from policies.reasons import Reason

if TYPE_CHECKING:
    from connector.party.node import Node


def product_of(node: Node, caller: str, agreement: Any) -> str:
    """Return the product of a caller's agreement.

    Raises:
        Refused: there is no such agreement, it is not in force or grants no totals, or the caller
            or we are not certified now.
    """
    wanted = agreement if isinstance(agreement, str) else ""
    with node.db.reading() as db:
        found = find_agreement(db, wanted, counterparty=caller)
        if found is None or found.role != "provider":
            raise refusal(Reason(code="agreement.unknown", next="next.check-id"))
        check_usable(found, signed=False)
        modes = granted(found.policy, QUERY_MODE)
        if HOMOMORPHIC not in modes:
            raise refusal(
                Reason(
                    code="policy.query-mode",
                    expected=", ".join(modes),
                    given=HOMOMORPHIC,
                    cause="unsatisfied",
                    next="next.choose-mode",
                )
            )
        check_fit(node, db, caller, reader=caller)
    return found.dataset_id
