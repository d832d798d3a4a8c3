"""A slow evaluator, written from the text of the rules and from nothing else.

It looks at one combination of values at a time, walks the tree of constraints, and works with four
words instead of numbers.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import TYPE_CHECKING, Any

from policies.model import Atomic, Constraint, Policy, Rule
from policies.profile import BROADER, COUNT, DATE_TIME, MEMBERSHIP, OPERANDS, QUERY, USE, V

if TYPE_CHECKING:
    from policies.evaluate import Request, World

COVERED = {QUERY: {QUERY, V + "compute", USE}}  # a rule on these covers a question


def allowed(policy: Policy, request: Request, world: World, now: datetime) -> bool:
    """Decide slowly."""
    mentioned = {a.left for r in (*policy.permissions, *policy.prohibitions) for a in _atoms(r)}
    facts: dict[str, Any] = {}
    for name in mentioned:
        source = OPERANDS[name].source
        if source == "clock":
            facts[name] = now
        elif name == COUNT:
            facts[name] = world.numbers.get(name)
        else:
            facts[name] = (request if source == "request" else world).values.get(name)
    split = [
        n for n in sorted(mentioned) if OPERANDS[n].several == "split" and facts[n] is not None
    ]
    choices = [[frozenset({v}) for v in facts[n]] or [frozenset()] for n in split]
    return all(
        _one(policy, {**facts, **dict(zip(split, combination, strict=True))})
        for combination in product(*choices)
    )


def _atoms(rule: Rule) -> list[Atomic]:
    found, todo = [], list(rule.constraints)
    while todo:
        constraint = todo.pop()
        if isinstance(constraint, Atomic):
            found.append(constraint)
        else:
            todo.extend(constraint.operands)
    return found


def _one(policy: Policy, facts: dict[str, Any]) -> bool:
    for rule in policy.prohibitions:
        if rule.action in COVERED[QUERY] and all(
            _verdict(c, facts, ban=True) != "false" for c in rule.constraints
        ):
            return False
    return any(
        rule.action in COVERED[QUERY]
        and all(_verdict(c, facts, ban=False) == "true" for c in rule.constraints)
        for rule in policy.permissions
    )


def _verdict(constraint: Constraint, facts: dict[str, Any], *, ban: bool) -> str:
    if isinstance(constraint, Atomic):
        return _atomic(constraint, facts[constraint.left], ban=ban)
    found = [_verdict(c, facts, ban=ban) for c in constraint.operands]
    if constraint.connective == "and":
        return "false" if "false" in found else "unknown" if "unknown" in found else "true"
    if constraint.connective == "or":
        return "true" if "true" in found else "unknown" if "unknown" in found else "false"
    if "unknown" in found:
        return "unknown"
    return "true" if found.count("true") == 1 else "false"


def _atomic(atomic: Atomic, given: Any, *, ban: bool) -> str:
    if given is None:
        return "unknown"
    if atomic.left == COUNT:
        return _word(_compare(atomic.operator, given, int(atomic.right[0])))
    if atomic.left == DATE_TIME:
        return _word(_instant(atomic.operator, given, atomic.right[0]))
    right = set(atomic.right)
    if atomic.left == MEMBERSHIP:
        by_operator = {
            "isAnyOf": bool(right & given),
            "isAllOf": right <= given,
            "isNoneOf": not right & given,
        }
        return _word(by_operator[atomic.operator])
    if not given:
        return _word(not ban)
    (value,) = given
    if atomic.operator == "isA":
        while value not in right and value in BROADER:
            value = BROADER[value]
        return _word(value in right)
    return _word((value in right) is (atomic.operator == "isAnyOf"))


def _compare(operator: str, left: Any, right: Any) -> bool:
    return {
        "lt": left < right,
        "lteq": left <= right,
        "eq": left == right,
        "neq": left != right,
        "gt": left > right,
        "gteq": left >= right,
    }[operator]


def _instant(operator: str, now: datetime, text: str) -> bool:
    if "T" in text:
        return _compare(operator, now, datetime.fromisoformat(text))
    start = datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)
    day = (now - start) // timedelta(days=1)  # 0 inside the day
    return _compare(operator, day, 0)


def _word(value: bool) -> str:
    return "true" if value else "false"
