"""Compiling a policy into closures: parsing, sets and orderings are done once, not per decision.

Each clause gives a verdict of `policies.clauses`. A permission holds when every clause is TRUE or
LATER: a missing value never grants. A prohibition is in force when every clause is TRUE or UNKNOWN:
a missing value never lifts a ban.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from policies.clauses import FALSE, LATER, TRUE, UNKNOWN, Facts, Test, compile_atomic
from policies.conflicts import void_pairs
from policies.model import Atomic, Constraint, Policy, Rule, atomics
from policies.profile import ACTIONS, OPERANDS, QUERY, Operand, Stage, includes

if TYPE_CHECKING:
    from collections.abc import Mapping


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
        void=void_pairs(policy),
    )


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


def asks_questions(action: str) -> bool:
    """Return whether an action is answered question by question, each decided on its own."""
    return action == QUERY
