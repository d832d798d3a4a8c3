"""Making the offers that Voile's own products carry, and reading back what they ask of an answer.

A policy that grants several modes has one permission per mode, because each mode brings its own
conditions: a cohort's size and aggregator mean nothing to a masked question, and a value that is
missing never grants.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from policies.model import Atomic, Policy, Rule, atomics
from policies.profile import (
    AGGREGATOR,
    COHORT_MEMBER,
    COUNT,
    DATE_TIME,
    DIMENSION,
    HOMOMORPHIC,
    MASKED,
    MEASURE,
    MEMBERSHIP,
    MIN_COHORT,
    MIN_GROUP_SIZE,
    PROFILE,
    PURPOSE,
    QUERY,
    QUERY_MODE,
    RECIPIENT,
    includes,
    purpose_iri,
)
from policies.terms import clauses

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionTerms:
    """What an owner writes in a product file's offer, before it becomes ODRL.

    Attributes:
        purposes: Short names or IRIs; at least one.
        modes: The modes granted; at least one.
        not_before: First instant or day, with zone; empty for none.
        not_after: Last instant or day, with zone; empty for none.
        count: How many answers the agreement is good for; None for no limit.
        recipients: Who may take the offer; empty means any certified participant.
        membership: Data space whose membership is required; empty for none.
        measures: ``column:function`` granted; empty means all that the product declares.
        dimensions: Dimensions granted; empty means all that the product declares.
        min_group_size: Contributors per released cell, stricter than the table's own.
        min_cohort: Providers in a cohort (mode ``homomorphic``).
        aggregator: DID that adds up (mode ``homomorphic``).
        cohort_members: DIDs that may sit in a cohort (mode ``homomorphic``); empty means any.
    """

    purposes: tuple[str, ...]
    modes: tuple[str, ...] = (MASKED,)
    not_before: str = ""
    not_after: str = ""
    count: int | None = None
    recipients: tuple[str, ...] = ()
    membership: str = ""
    measures: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()
    min_group_size: int | None = None
    min_cohort: int = 3
    aggregator: str = ""
    cohort_members: tuple[str, ...] = ()


def question_offer(uid: str, terms: QuestionTerms) -> Policy:
    """Return the offer of private questions on these terms.

    Args:
        uid: Identifier of the offer.
        terms: What the owner grants.

    Returns:
        An Offer with one permission per mode and ``odrl:conflict`` set to prohibit.
    """
    return Policy(
        kind="Offer",
        uid=uid,
        permissions=tuple(
            Rule(action=QUERY, constraints=tuple(_constraints(terms, mode))) for mode in terms.modes
        ),
        conflict="prohibit",
        profiles=(PROFILE,),
    )


def _constraints(terms: QuestionTerms, mode: str) -> Iterable[Atomic]:
    yield Atomic(PURPOSE, "isAnyOf", tuple(map(purpose_iri, terms.purposes)), listed=True)
    yield Atomic(QUERY_MODE, "isAnyOf", (mode,), listed=True)
    if terms.not_before:
        yield Atomic(DATE_TIME, "gteq", (terms.not_before,))
    if terms.not_after:
        yield Atomic(DATE_TIME, "lteq", (terms.not_after,))
    if terms.count is not None:
        yield Atomic(COUNT, "lteq", (str(terms.count),))
    lists = (
        (RECIPIENT, terms.recipients),
        (MEMBERSHIP, (terms.membership,) if terms.membership else ()),
        (MEASURE, terms.measures),
        (DIMENSION, terms.dimensions),
    )
    for name, values in lists:
        if values:
            yield Atomic(name, "isAnyOf", values, listed=True)
    if terms.min_group_size is not None:
        yield Atomic(MIN_GROUP_SIZE, "gteq", (str(terms.min_group_size),))
    if mode == HOMOMORPHIC:
        yield Atomic(MIN_COHORT, "gteq", (str(terms.min_cohort),))
        if terms.aggregator:
            yield Atomic(AGGREGATOR, "eq", (terms.aggregator,))
        if terms.cohort_members:
            yield Atomic(COHORT_MEMBER, "isAnyOf", terms.cohort_members, listed=True)


def release_floor(policy: Policy, operand: str, owner: int) -> int:
    """Return the strictest least number that owner or policy wants.

    The engine applies it, and the decision is then taken on what was applied.

    Args:
        policy: The agreement's policy.
        operand: ``MIN_GROUP_SIZE`` or ``MIN_COHORT``.
        owner: The owner's own floor, which no policy lowers.

    Returns:
        The largest of all numbers named, anywhere in the permissions.
    """
    floor = owner
    for rule in policy.permissions:
        for constraint in rule.constraints:
            for atomic in atomics(constraint):
                if atomic.left == operand:
                    least = Decimal(atomic.right[0])
                    whole = int(least.to_integral_value(rounding="ROUND_CEILING"))
                    above = atomic.operator == "gt" and whole == least
                    floor = max(floor, whole + 1 if above else whole)
    return floor


def count_limit(policy: Policy) -> int | None:
    """Return how many answers the policy is good for at most, None when it does not say."""
    limits = [
        _last(atomic)
        for rule in policy.permissions
        for constraint in rule.constraints
        for atomic in atomics(constraint)
        if atomic.left == COUNT and atomic.operator in ("lt", "lteq", "eq")
    ]
    return max(limits) if limits else None


def most_answers(policy: Policy) -> int | None:
    """Return after how many answers no permission lets anyone ask; None where one goes on.

    For display: a permission without a count of its own, or with one that is only an alternative,
    goes on whatever the others say.
    """
    limits = []
    for rule in policy.permissions:
        if rule.action not in includes(QUERY):
            continue
        own = [
            _last(one)
            for one in clauses(rule).values()
            if isinstance(one, Atomic)
            and one.left == COUNT
            and one.operator in ("lt", "lteq", "eq")
        ]
        if not own:
            return None
        limits.append(min(own))
    return max(limits, default=None)


def granted(policy: Policy, operand: str) -> tuple[str, ...]:
    """Return the values that some permission lists for an operand, in order; empty when none does.

    For display and planning only: what is really allowed is decided by `policies.evaluate`.

    Args:
        policy: An offer or agreement.
        operand: E.g. ``QUERY_MODE`` or ``PURPOSE``.

    Returns:
        The literals of its ``eq``, ``isA`` and ``isAnyOf`` constraints, each once.
    """
    found: dict[str, None] = {}
    for rule in policy.permissions:
        for constraint in rule.constraints:
            for atomic in atomics(constraint):
                if atomic.left == operand and atomic.operator in ("eq", "isA", "isAnyOf"):
                    found.update(dict.fromkeys(atomic.right))
    return tuple(found)


def _last(atomic: Atomic) -> int:
    limit = Decimal(atomic.right[0])
    whole = int(limit.to_integral_value(rounding="ROUND_FLOOR"))
    return whole - 1 if atomic.operator == "lt" and whole == limit else whole
