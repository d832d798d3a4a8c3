"""Compiling a policy into closures: parsing, sets and orderings are done once, not per decision.

A clause gives one of four verdicts, ordered so that ``and`` is the least and ``or`` the greatest:

- FALSE: provably not satisfied;
- UNKNOWN: the value is missing, or comes from a source that its operand does not accept;
- LATER: decided at a later stage, where the value will be there;
- TRUE: satisfied.

A permission holds when every clause is TRUE or LATER: a missing value never grants. A prohibition
is in force when every clause is TRUE or UNKNOWN: a missing value never lifts a ban.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from policies.literals import canonical, interval, number
from policies.model import Atomic, Constraint, Policy, Rule
from policies.profile import ACTIONS, BROADER, OPERANDS, QUERY, Operand, Stage, broader, includes

if TYPE_CHECKING:
    from datetime import datetime

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


@dataclass(frozen=True, slots=True)
class Clause:
    """A compiled constraint that still knows what it says.

    Attributes:
        constraint: What was compiled.
        pointer: JSON pointer inside the policy.
        test: Facts to verdict.
    """

    constraint: Constraint
    pointer: str
    test: Test


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule with its clauses compiled for one stage.

    Attributes:
        name: Its ``@id``, else its JSON pointer.
        action: Its action.
        clauses: All must hold.
        plain: No clause is a logical constraint, so that each speaks of one operand only.
        split: Operands among its clauses whose requested values are looked at one by one.
    """

    name: str
    action: str
    clauses: tuple[Clause, ...]
    plain: bool
    split: frozenset[str]


@dataclass(frozen=True, slots=True)
class Program:
    """A policy compiled for one stage: rules by the action that is asked for."""

    permissions: Mapping[str, tuple[CompiledRule, ...]]
    prohibitions: Mapping[str, tuple[CompiledRule, ...]]


@dataclass(frozen=True, slots=True)
class CompiledPolicy:
    """A policy ready for decisions.

    Attributes:
        policy: What was compiled.
        programs: One per stage; at ``transfer`` also one for plain deliveries (``delivery``),
            after which no question follows and nothing can be left for later.
        operands: The operands it mentions, with where their values come from.
        void: Pairs of permission and prohibition that meet although no strategy is set; a policy
            with any denies everything.
    """

    policy: Policy
    programs: Mapping[str, Program]
    operands: tuple[Operand, ...]
    void: tuple[tuple[str, str], ...]


@lru_cache(maxsize=256)
def compile_policy(policy: Policy) -> CompiledPolicy:
    """Compile a parsed policy.

    Args:
        policy: From `policies.odrl.parse_policy`, so that all its terms are known.

    Returns:
        The compiled policy; the same object for an equal policy.
    """
    stages: tuple[Stage, ...] = ("catalogue", "negotiation", "transfer", "query")
    programs: dict[str, Program] = {
        stage: _program(policy, stage, later=stage != "query") for stage in stages
    }
    programs["delivery"] = _program(policy, "transfer", later=False)
    mentioned = {
        atomic.left
        for rule in (*policy.permissions, *policy.prohibitions)
        for constraint in rule.constraints
        for atomic in atomics(constraint)
    }
    return CompiledPolicy(
        policy=policy,
        programs=MappingProxyType(programs),
        operands=tuple(OPERANDS[name] for name in sorted(mentioned)),
        void=_void_pairs(policy),
    )


def atomics(constraint: Constraint) -> tuple[Atomic, ...]:
    """Return the comparisons inside a constraint, in order."""
    if isinstance(constraint, Atomic):
        return (constraint,)
    return tuple(a for c in constraint.operands for a in atomics(c))


def _program(policy: Policy, stage: Stage, *, later: bool) -> Program:
    def compiled(rules: tuple[Rule, ...], where: str, *, ban: bool) -> tuple[CompiledRule, ...]:
        return tuple(
            _rule(rule, f"/{where}/{i}", _Context(stage, later, ban))
            for i, rule in enumerate(rules)
        )

    return Program(
        permissions=_by_action(compiled(policy.permissions, "permission", ban=False)),
        prohibitions=_by_action(compiled(policy.prohibitions, "prohibition", ban=True)),
    )


def _by_action(rules: tuple[CompiledRule, ...]) -> Mapping[str, tuple[CompiledRule, ...]]:
    """Index rules by requested action: a rule on a wider action covers the narrower ones."""
    return MappingProxyType(
        {
            action: tuple(rule for rule in rules if rule.action in includes(action))
            for action in ACTIONS
        }
    )


@dataclass(frozen=True, slots=True)
class _Context:
    """Where a clause stands: its stage, whether a later one follows, and inside which rule."""

    stage: Stage
    later: bool
    ban: bool


def _rule(rule: Rule, pointer: str, context: _Context) -> CompiledRule:
    clauses = tuple(
        Clause(c, f"{pointer}/constraint/{i}", _compile(c, context))
        for i, c in enumerate(rule.constraints)
    )
    found = [a.left for c in rule.constraints for a in atomics(c)]
    return CompiledRule(
        name=rule.uid or pointer,
        action=rule.action,
        clauses=clauses,
        plain=all(isinstance(c, Atomic) for c in rule.constraints),
        split=frozenset(n for n in found if OPERANDS[n].several == "split"),
    )


def _compile(constraint: Constraint, context: _Context) -> Test:
    if isinstance(constraint, Atomic):
        return compile_atomic(constraint, context.stage, later=context.later, ban=context.ban)
    return _logical(constraint.connective, tuple(_compile(c, context) for c in constraint.operands))


def _logical(connective: str, tests: tuple[Test, ...]) -> Test:
    if connective == "and":
        return lambda facts: min([test(facts) for test in tests])
    if connective == "or":
        return lambda facts: max([test(facts) for test in tests])

    def exactly_one(facts: Facts) -> int:
        found = [test(facts) for test in tests]
        if UNKNOWN in found:
            return UNKNOWN
        true = found.count(TRUE)
        if true > 1:
            return FALSE
        return LATER if LATER in found else TRUE if true else FALSE

    return exactly_one


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


def _void_pairs(policy: Policy) -> tuple[tuple[str, str], ...]:
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


def asks_questions(action: str) -> bool:
    """Return whether an action is answered question by question, each decided on its own."""
    return action == QUERY
