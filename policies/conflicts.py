"""Permissions and prohibitions that meet although no strategy says which one wins."""

from __future__ import annotations

from itertools import product

from policies.model import Atomic, Policy, Rule
from policies.profile import OPERANDS, includes


def void_pairs(policy: Policy) -> tuple[tuple[str, str], ...]:
    """Find permissions and prohibitions that overlap where no strategy says which one wins."""
    if policy.conflict != "invalid":
        return ()
    return tuple(
        (f"/permission/{i}", f"/prohibition/{j}")
        for (i, grant), (j, ban) in product(
            enumerate(policy.permissions), enumerate(policy.prohibitions)
        )
        if (grant.action in includes(ban.action) or ban.action in includes(grant.action))
        and not _disjoint(grant, ban)
    )


def _disjoint(a: Rule, b: Rule) -> bool:
    """Say whether constants show that two rules never speak of the same request."""
    return any(
        isinstance(x, Atomic)
        and isinstance(y, Atomic)
        and x.left == y.left
        and OPERANDS[x.left].several != "held"
        and OPERANDS[x.left].kind in ("iri", "did", "code")
        and (_excludes(x, y) or _excludes(y, x))
        for x, y in product(a.constraints, b.constraints)
    )


def _excludes(x: Atomic, y: Atomic) -> bool:
    if x.operator not in ("eq", "isAnyOf"):
        return False
    if y.operator in ("eq", "isAnyOf"):
        return not set(x.right) & set(y.right)
    return y.operator in ("neq", "isNoneOf") and set(x.right) <= set(y.right)
