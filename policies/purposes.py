"""For which purposes a policy lets one ask: for display; `policies.evaluate` decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policies.model import Atomic, atomics
from policies.profile import PURPOSE, PURPOSES, QUERY, broader, includes, purpose_iri

if TYPE_CHECKING:
    from collections.abc import Iterable

    from policies.model import Constraint, Policy, Rule


def purposes_granted(policy: Policy) -> tuple[str, ...]:
    """Give the purposes, of our profile or named by the policy, for which one may ask.

    A permission that names none grants each; what is prohibited whatever else is asked is none.

    Args:
        policy: an offer or agreement.

    Returns:
        Absolute IRIs, those of the policy first, in its order.
    """
    known = dict.fromkeys((*_named(policy.permissions), *map(purpose_iri, PURPOSES)))
    permits = [rule for rule in policy.permissions if rule.action in includes(QUERY)]
    bans = [
        rule
        for rule in policy.prohibitions
        if rule.action in includes(QUERY)
        and all(one.left == PURPOSE for part in rule.constraints for one in atomics(part))
    ]
    return tuple(
        purpose
        for purpose in known
        if any(_fits(rule, purpose) for rule in permits)
        and not any(_fits(rule, purpose) for rule in bans)
    )


def _named(rules: Iterable[Rule]) -> list[str]:
    return [
        value
        for rule in rules
        for part in rule.constraints
        for one in atomics(part)
        if one.left == PURPOSE and one.operator in ("eq", "isA", "isAnyOf")
        for value in map(purpose_iri, one.right)
    ]


def _fits(rule: Rule, purpose: str) -> bool:
    return all(_may_hold(part, purpose) for part in rule.constraints)


def _may_hold(part: Constraint, purpose: str) -> bool:
    """Say whether a constraint can hold with a purpose, whatever else is asked."""
    if isinstance(part, Atomic):
        if part.left != PURPOSE:
            return True
        right = {purpose_iri(text) for text in part.right}
        if part.operator == "isA":
            return bool(right & set(broader(purpose)))
        return (purpose in right) is (part.operator not in ("neq", "isNoneOf"))
    held = [_may_hold(one, purpose) for one in part.operands]
    return all(held) if part.connective == "and" else any(held)
