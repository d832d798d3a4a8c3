"""The contract, enforced at each question; fail-closed.

Catalogue, negotiation and transfer are decided in `connector.areas.dsp.policy_gate`. Here one
question is decided twice: outside a transaction, where it is planned, which may take long; and in
the transaction that will answer it, on that plan, so that nothing it looked at can change in
between.
What `--explain` says is decided here too:

1. an agreement of this caller, in which we are the provider, FINALIZED and not ended;
2. signed by both sides;
3. the caller and we ourselves are certified now;
4. a transfer of the agreement is STARTED, and we have suspended none;
5. the product is still published, and has a protected table;
6. the question is in the language and about what the product declares;
7. the agreement grants it: purpose, mode, columns, count, floors, cohort.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING

from connector.areas.dsp import (
    check_usable,
    find_agreement,
    holding,
    open_transfers,
    world_of,
)
from connector.areas.products import declared
from connector.areas.questions.granted import Granted, Trial
from connector.areas.questions.reading import OvertakenError, make_plan
from connector.areas.questions.usage import Usage, used
from connector.identity.fitness import check_fit
from connector.identity.work import Work
from connector.process.errors import Refused
from connector.process.refusing import refusal
from contracts import transfer
from contracts.machine import TERMINATION
from crypto.canonical import digest
from policies.evaluate import Request, World, compile_policy, evaluate
from policies.odrl import to_wire
from policies.offers import count_limit, release_floor
from policies.profile import (
    AGGREGATOR,
    COHORT_MEMBER,
    COUNT,
    DIMENSION,
    MEASURE,
    MIN_COHORT,
    MIN_GROUP_SIZE,
    PURPOSE,
    QUERY,
    QUERY_MODE,
    purpose_iri,
)
from policies.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlmodel import Session

    from connector.areas.dsp import ProcessRecord
    from connector.areas.questions.reading import Plan
    from connector.party.node import Node
    from policies.errors import QueryError
    from policies.model import Policy

__all__ = ["Granted", "Trial", "decide_question", "refusal"]

_STOPPING = frozenset({transfer.SUSPENSION, transfer.COMPLETION, TERMINATION})
OWNERS_COHORT_FLOOR = 3  # providers in a total, whatever a contract says


def decide_question(
    session: Session,
    node: Node,
    now: datetime,
    *,
    caller: str,
    agreement_id: str,
    sql: str,
    purpose: str,
    mode: str,
    roster: Sequence[str] = (),
    aggregator: str | None = None,
    charged_as: Callable[[str], str] = lambda _meaning: "",
    frozen: str = "",
    plan: Plan | None = None,
    work: Work | None = None,
) -> Granted:
    """Decide one question: the one that is answered, and the one that is only explained.

    Args:
        session: Of the transaction that will answer it; any session where it is explained.
        node: This node, the provider.
        now: The time of the transaction.
        caller: The authenticated consumer.
        agreement_id: The agreement it relies on.
        sql: The question's text; parsed, never executed.
        purpose: IRI or short name.
        mode: ``masked`` or ``homomorphic``.
        roster: All providers of a cohort, ourselves included.
        aggregator: Who adds up a cohort's total.
        charged_as: Given the question's meaning, the key under which it is charged or reserved
            already, so that it is not counted twice; empty when it is not.
        frozen: Digest of the data version that it is answered from, if not the newest.
        plan: What the question means, from an earlier decision; None makes it, which must not be
            in a transaction.
        work: Counts what the planning takes.

    Returns:
        What was granted.

    Raises:
        Refused: With all reasons.
        OvertakenError: The plan does not fit any more.
    """
    asked = {PURPOSE: frozenset({purpose_iri(purpose)}), QUERY_MODE: frozenset({mode})}
    cohort = _cohort(roster, aggregator)
    # (1) an agreement of this caller in which we are the provider, in force
    agreement = find_agreement(session, agreement_id, counterparty=caller)
    if agreement is None or agreement.role != "provider":
        raise refusal(Reason(code="agreement.unknown", next="next.check-id"))
    # (2) signed by both sides
    check_usable(agreement)
    # (3) the caller and we ourselves are certified now
    check_fit(node, session, caller, reader=caller)
    # (4) a transfer is STARTED, and the owner holds none
    if (held := holding(session, agreement)) is not None:
        raise refusal(Reason(code="transfer.held", given=held.pid, next="next.ask-provider"))
    if not any(map(_lets_through, open_transfers(session, agreement))):
        raise refusal(Reason(code="transfer.not-started", next="next.start-transfer"))
    # (5) the product is published, and has a table
    product = declared(session, agreement.dataset_id)
    if product is None:
        raise refusal(Reason(code="product.unknown", next="next.ask-to-publish"))
    if plan is None:
        plan = make_plan(node, session, product, sql, work or Work(), frozen=frozen)
    elif not plan.fits(session, product, frozen):
        raise OvertakenError
    # (6) the question is in the language, and about what the product declares
    bound = plan.bound
    if bound is None:
        raise _not_asked(plan.error)
    # (7) the agreement grants it
    policy = agreement.policy
    floor = release_floor(policy, MIN_GROUP_SIZE, bound.schema.minimum_contributors)
    terms = _policy_digest(policy)
    purpose = purpose_iri(purpose)
    # an answer is signed for its purpose, so another purpose makes another question
    means = digest([plan.meaning, mode, purpose, terms, floor])
    charged = charged_as(means)
    count = 1 + used(session, counterparty=caller, agreement=agreement_id, now=now, besides=charged)
    world = world_of(node, caller, certified=True)
    values = {
        **asked,
        MEASURE: frozenset(output.name for output in bound.outputs),
        DIMENSION: frozenset(bound.mentioned),
    }
    trial = Trial(
        request=Request(
            stage="query",
            action=QUERY,
            assignee=caller,
            target=agreement.dataset_id,
            values=values,
        ),
        world=World(
            values={**world.values, **cohort.values},
            numbers={COUNT: count, MIN_GROUP_SIZE: floor, **cohort.numbers},
        ),
        now=now,
    )
    decision = evaluate(compile_policy(policy), trial.request, trial.world, now)
    if not decision.allowed:
        raise refusal(*decision.reasons)
    return Granted(
        agreement=agreement,
        bound=bound,
        table=plan.table,
        purpose=purpose,
        mode=mode,
        meaning=means,
        minimum_contributors=floor,
        min_cohort=release_floor(policy, MIN_COHORT, OWNERS_COHORT_FLOOR),
        usage=Usage(count, count_limit(policy)),
        policy_digest=terms,
        rules=decision.determining_rules,
        trial=trial,
        plan=plan,
    )


def _not_asked(error: QueryError | None) -> Refused:
    assert error is not None, "a plan without a question has its error"
    return Refused.of(error)


def _lets_through(row: ProcessRecord) -> bool:
    """Say whether questions may come through a transfer now.

    What we decided counts at once, whether or not the peer has acknowledged it: our Start lets
    questions in, since a question is proof that it arrived, and our suspension or end keeps them
    out, since a peer that never acknowledges it must gain nothing.
    """
    wanted = json.loads(row.wanted)["event"] if row.wanted else ""
    if _STOPPING & {row.flying_event, wanted}:
        return False
    return row.state == transfer.STARTED or row.flying_event == transfer.START


def _cohort(roster: Sequence[str], aggregator: str | None) -> World:
    values = {COHORT_MEMBER: frozenset(roster)} if roster else {}
    if aggregator is not None:
        values[AGGREGATOR] = frozenset({aggregator})
    return World(values=values, numbers={MIN_COHORT: len(set(roster))} if roster else {})


@lru_cache(maxsize=256)
def _policy_digest(policy: Policy) -> str:
    return digest(to_wire(policy))
