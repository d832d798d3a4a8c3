"""Whether two policies say the same, whatever their spelling.

Order, nesting of ``and``, absent against empty, a scalar against a list of one, and equal numbers
or instants in different forms make no difference. Identifiers, profiles and class do not either:
an agreement says the same as the offer it came from.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from policies.literals import canonical
from policies.model import Constraint, Logical, Policy, Rule
from policies.profile import OPERANDS


def same_terms(a: Policy, b: Policy) -> bool:
    """Return whether two policies grant and forbid the same under the same conditions.

    Args:
        a: One policy.
        b: The other policy.

    Returns:
        True when their normal forms are equal and neither names another target, assigner or
        assignee than the other.
    """
    return (
        normal_form(a) == normal_form(b)
        and _agree(a.target, b.target)
        and _agree(a.assigner, b.assigner)
        and _agree(a.assignee, b.assignee)
    )


def normal_form(policy: Policy) -> Any:
    """Return the terms of a policy as a value equal for all spellings of the same terms."""
    # a strategy only matters where permissions and prohibitions can meet
    strategy = policy.conflict if policy.permissions and policy.prohibitions else ""
    return (
        strategy,
        frozenset(map(_rule, policy.permissions)),
        frozenset(map(_rule, policy.prohibitions)),
    )


def same_rule(a: Rule, b: Rule) -> bool:
    """Return whether two rules say the same, whatever their spelling."""
    return bool(_rule(a) == _rule(b))


def clauses(rule: Rule) -> dict[Any, Constraint]:
    """Return the constraints of a rule that must all hold, each under what it means."""
    found: dict[Any, Constraint] = {}
    waiting = list(rule.constraints)
    while waiting:
        constraint = waiting.pop(0)
        if isinstance(constraint, Logical) and constraint.connective == "and":
            waiting = [*constraint.operands, *waiting]
        else:
            found[_constraint(constraint)] = constraint
    return found


def _rule(rule: Rule) -> Any:
    return (rule.action, frozenset(_flat(rule.constraints)))


def _flat(constraints: tuple[Constraint, ...]) -> set[Any]:
    found: set[Any] = set()
    for constraint in constraints:
        if isinstance(constraint, Logical) and constraint.connective == "and":
            found |= _flat(constraint.operands)
        else:
            found.add(_constraint(constraint))
    return found


def _constraint(constraint: Constraint) -> Any:
    if isinstance(constraint, Logical):
        if constraint.connective == "and":
            return ("and", frozenset(_flat(constraint.operands)))
        forms = [_constraint(c) for c in constraint.operands]
        if constraint.connective == "xone":  # a branch named twice can never be exactly one
            return ("xone", frozenset(Counter(forms).items()))
        return ("or", frozenset(forms))
    operand = OPERANDS[constraint.left]
    right = frozenset(canonical(operand, text) for text in constraint.right)
    return (constraint.left, constraint.operator, right)


def _agree(left: str, right: str) -> bool:
    return not left or not right or left == right
