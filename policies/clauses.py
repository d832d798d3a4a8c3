"""One comparison as a closure from facts to a verdict.

There are four verdicts, ordered so that ``and`` is the least and ``or`` the greatest:

- FALSE: provably not satisfied;
- UNKNOWN: the value is missing, or comes from a source that its operand does not accept;
- LATER: decided at a later stage, where the value will be there;
- TRUE: satisfied.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from policies.literals import canonical, interval, number
from policies.profile import BROADER, OPERANDS, Operand, Stage, broader

if TYPE_CHECKING:
    from datetime import datetime

    from policies.model import Atomic


FALSE: Final = 0


UNKNOWN: Final = 1


LATER: Final = 2


TRUE: Final = 3


Facts = Mapping[str, Any]  # operand -> frozenset of texts, int, datetime, or None when missing


Test = Callable[[Facts], int]


_COMPARE: Final[Mapping[str, Callable[[Any, Any], bool]]] = MappingProxyType(
    {
        "eq": operator.eq,
        "neq": operator.ne,
        "lt": operator.lt,
        "lteq": operator.le,
        "gt": operator.gt,
        "gteq": operator.ge,
    }
)


def compile_atomic(atomic: Atomic, stage: Stage, *, later: bool, ban: bool) -> Test:
    """Compile one comparison.

    Args:
        atomic: The comparison; operand, operator and literals are known and fit.
        stage: Where it is evaluated.
        later: Whether a later stage will evaluate what this one does not.
        ban: Whether it stands in a prohibition, where a question that asks for no value at all
            (e.g. for no dimension) is not meant.

    Returns:
        A closure from facts to a verdict.
    """
    operand = OPERANDS[atomic.left]
    if stage not in operand.stages:
        verdict = LATER if later or operand.promised else UNKNOWN
        return lambda _facts: verdict
    if operand.kind == "instant":
        return _instant_test(atomic)
    if operand.kind == "number":
        return _number_test(atomic)
    if operand.several == "held":
        return _held_test(atomic)
    return _value_test(atomic, operand, FALSE if ban else TRUE)


def _number_test(atomic: Atomic) -> Test:
    name, right, compare = atomic.left, number(atomic.right[0]), _COMPARE[atomic.operator]

    def test(facts: Facts) -> int:
        given = facts[name]
        return UNKNOWN if given is None else TRUE if compare(given, right) else FALSE

    return test


def _instant_test(atomic: Atomic) -> Test:
    name = atomic.left
    start, end = interval(atomic.right[0])
    day = end > start

    def inside(now: datetime) -> bool:
        return start <= now < end if day else now == start

    holds: Mapping[str, Callable[[datetime], bool]] = {
        "lt": lambda now: now < start,
        "lteq": (lambda now: now < end) if day else (lambda now: now <= start),
        "gt": (lambda now: now >= end) if day else (lambda now: now > start),
        "gteq": lambda now: now >= start,
        "eq": inside,
        "neq": lambda now: not inside(now),
    }
    chosen = holds[atomic.operator]
    return lambda facts: TRUE if chosen(facts[name]) else FALSE


def _held_test(atomic: Atomic) -> Test:
    name, right = atomic.left, frozenset(atomic.right)

    def test(facts: Facts) -> int:
        given = facts[name]
        if given is None:
            return UNKNOWN
        if atomic.operator == "isAllOf":
            return TRUE if right <= given else FALSE
        met = not right.isdisjoint(given)
        return TRUE if met is (atomic.operator != "isNoneOf") else FALSE

    return test


def _value_test(atomic: Atomic, operand: Operand, nothing_asked: int) -> Test:
    """Compile a comparison of each of several requested values; all of them must satisfy it."""
    name = atomic.left
    right = frozenset(canonical(operand, text) for text in atomic.right)
    if atomic.operator == "isA":
        known = {*right, *BROADER}
        right = frozenset(value for value in known if right & set(broader(value)))
    holds = right.isdisjoint if atomic.operator in ("neq", "isNoneOf") else right.issuperset

    def test(facts: Facts) -> int:
        given = facts[name]
        if given is None:
            return UNKNOWN
        if not given:
            return nothing_asked
        return TRUE if holds(given) else FALSE

    return test
