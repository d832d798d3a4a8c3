"""What stands against an agreement on totals: refused when it is negotiated, before anybody asks.

The roster is the offer's. What a supplier knows then by itself is decided then: what its offers
say, which table it froze, who asks. Who is certified now, and in whose group, is looked at when a
session opens: both may change.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from connector.areas.cohort import problems
from connector.areas.cohort.draft import Draft
from connector.areas.cohort.membership import check_history, cohort_terms
from connector.areas.cohort.speaking import reason_of
from connector.areas.cohort.table_rows import CohortMembershipRow
from connector.areas.products import published_product
from contracts.cohort.errors import CohortError, wrong
from contracts.cohort.members import check_roles
from crypto.did import Did
from policies.offers import granted
from policies.profile import HOMOMORPHIC, QUERY_MODE

if TYPE_CHECKING:
    from sqlmodel import Session

    from connector.party.node import Node
    from policies.model import Policy
    from policies.profile import Stage
    from policies.reasons import Reason


def cohort_rule(
    node: Node, session: Session, stage: Stage, *, policy: Policy, peer: str, dataset: str
) -> tuple[Reason, ...]:
    """Look at the cohort of an offer that grants totals and nothing else, when it is negotiated.

    One that grants masked answers, too, is worth an agreement without any total.
    """
    if stage != "negotiation" or granted(policy, QUERY_MODE) != (HOMOMORPHIC,):
        return ()
    try:
        check_offered(session, Did(node.settings.did), peer=Did(peer), dataset=dataset)
    except CohortError as error:
        return (reason_of(error),)
    return ()


def check_offered(db: Session, us: Did, *, peer: Did, dataset: str) -> None:
    """Check that totals of a product can be given to somebody.

    (1) its offers that grant totals name one aggregator and one roster;
    (2) nothing of it was answered or frozen in another;
    (3) it is a cohort of at least the floor, in which the peer is no other party.

    Raises:
        CohortError: one of them fails.
    """
    found = published_product(db, dataset)
    if found is None:
        return  # the offer was found a moment ago: the protocol says what became of it
    aggregator, roster, least = cohort_terms(found.product, us)  # (1)
    # (2)
    check_history(db, dataset, roster)
    row, cohort = db.get(CohortMembershipRow, dataset), (list(roster), aggregator)
    if row is not None and row.classes_jws and (json.loads(row.roster), row.aggregator) != cohort:
        raise wrong("cohort.roster.changed", problems.TABLE_OF_OTHERS)
    # (3)
    check_roles(Draft(consumer=peer, aggregator=aggregator, roster=roster))
    if len(roster) < least:
        raise wrong("cohort.too-small", problems.TOO_FEW, wanted=least, count=len(roster))
