"""Deciding a request against a policy: three-valued, default deny, no IO.

1. An offer grants nothing yet: it only decides who may see it and may negotiate.
2. A policy whose permissions and prohibitions meet without a strategy is void.
3. The policy must be about this target and this assignee.
4. Several requested values are split and each combination must be allowed.
5. A prohibition in force denies. Otherwise one satisfied permission allows. Otherwise: deny.
6. A refusal carries the reasons of the nearest permission, or of the prohibition in force.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from math import prod
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from policies.clauses import FALSE, LATER, UNKNOWN, Facts
from policies.compiled import (
    CompiledPolicy,
    CompiledRule,
    Program,
    asks_questions,
    compile_policy,
)
from policies.reasons import Reason
from policies.unmet import unmet_reasons

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from policies.profile import Stage

__all__ = ["Decision", "Request", "World", "compile_policy", "evaluate"]

MAX_COMBINATIONS: Final = 256


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked for, in the asker's own words.

    Attributes:
        stage: Where the decision is taken.
        action: ``use`` for a plain delivery, ``profile.QUERY`` for private questions.
        assignee: The authenticated asker.
        target: The dataset; empty where a catalogue is filtered.
        values: Claimed or requested values per operand, e.g. purpose, measures, dimensions.
    """

    stage: Stage
    action: str
    assignee: str
    target: str = ""
    values: Mapping[str, frozenset[str]] = field(default_factory=_nothing, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What the shell verified or measured; a request cannot say these.

    Attributes:
        values: Verified values per operand, e.g. recipient, membership, cohort members.
        numbers: Measured numbers per operand; counters include the current request.
    """

    values: Mapping[str, frozenset[str]] = field(default_factory=_nothing, hash=False)
    numbers: Mapping[str, int] = field(default_factory=_nothing, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The outcome.

    Attributes:
        allowed: Whether the request is granted.
        reasons: Why not; empty when allowed.
        determining_rules: The permissions that were satisfied, or the prohibitions in force.
    """

    allowed: bool
    reasons: tuple[Reason, ...] = ()
    determining_rules: tuple[str, ...] = ()


def evaluate(compiled: CompiledPolicy, request: Request, world: World, now: datetime) -> Decision:
    """Decide a request.

    Args:
        compiled: The policy, from `compile_policy`.
        request: What is asked for.
        world: What was verified and measured.
        now: The time, aware.

    Returns:
        The decision; never raises for anything in request or world.
    """
    refused = standing(compiled, request)
    if refused is not None:
        return Decision(allowed=False, reasons=(refused,))
    program = program_for(compiled, request)
    facts = gather(compiled, request, world, now)
    permissions = program.permissions.get(request.action, ())
    prohibitions = program.prohibitions.get(request.action, ())
    several = split_operands(facts, (*permissions, *prohibitions))
    if several and (prohibitions or not _one_grants_all(permissions, facts)):
        return _decide_each(permissions, prohibitions, facts, several)
    return _decide(permissions, prohibitions, facts)


def gather(compiled: CompiledPolicy, request: Request, world: World, now: datetime) -> Facts:
    """Collect the values of the operands a policy mentions, each from its accepted source only."""
    facts: dict[str, Any] = {}
    for operand in compiled.operands:
        name = operand.name
        if operand.source == "request":
            facts[name] = request.values.get(name)
        elif operand.source == "clock":
            facts[name] = now
        elif operand.kind == "number":
            facts[name] = world.numbers.get(name)
        else:
            facts[name] = world.values.get(name)
    return facts


def program_for(compiled: CompiledPolicy, request: Request) -> Program:
    """Return the clauses as they are at the request's stage."""
    if request.stage == "transfer" and not asks_questions(request.action):
        return compiled.programs["delivery"]
    return compiled.programs[request.stage]


def standing(compiled: CompiledPolicy, request: Request) -> Reason | None:
    """Return what is wrong with the policy as a whole for this request, None when nothing is."""
    policy = compiled.policy
    if policy.kind != "Agreement" and request.stage in ("transfer", "query"):
        return Reason(code="policy.offer-grants-nothing", rule=policy.uid, next="next.negotiate")
    if compiled.void:
        grant, ban = compiled.void[0]
        return Reason(
            code="policy.void",
            rule=ban,
            clause=grant,
            cause="conflict",
            next="next.ask-conflict",
        )
    if policy.target and request.target != policy.target:
        return Reason(
            code="policy.other-target",
            expected=policy.target,
            given=request.target,
            cause="unsatisfied",
            next="next.negotiate",
        )
    if policy.assignee and request.assignee != policy.assignee:
        return Reason(
            code="policy.other-assignee",
            expected=policy.assignee,
            given=request.assignee,
            cause="unsatisfied",
            next="next.negotiate",
        )
    return None


def split_operands(facts: Facts, rules: tuple[CompiledRule, ...]) -> tuple[str, ...]:
    """Return the operands of which several values are requested, and looked at one by one."""
    names = {
        name
        for rule in rules
        for name in rule.split
        if (given := facts[name]) is not None and len(given) > 1
    }
    return tuple(sorted(names))


def _one_grants_all(permissions: tuple[CompiledRule, ...], facts: Facts) -> bool:
    """Say whether one permission without nested logic grants every requested value at once.

    Each clause of such a permission speaks of one operand, so that all combinations are allowed
    exactly when each clause holds for all values of its operand. This is the common case, and
    needs no product.
    """
    return any(rule.plain and _holds(rule, facts) for rule in permissions)


def _decide_each(
    permissions: tuple[CompiledRule, ...],
    prohibitions: tuple[CompiledRule, ...],
    facts: Facts,
    several: tuple[str, ...],
) -> Decision:
    size = prod(len(facts[name]) for name in several)
    if size > MAX_COMBINATIONS:
        reason = Reason(
            code="policy.too-many-values",
            expected=str(MAX_COMBINATIONS),
            given=str(size),
            cause="unsatisfied",
            next="next.ask-less",
        )
        return Decision(allowed=False, reasons=(reason,))
    rules: dict[str, None] = {}
    for single in combinations(facts, several):
        decision = _decide(permissions, prohibitions, single)
        if not decision.allowed:
            return decision
        rules.update(dict.fromkeys(decision.determining_rules))
    return Decision(allowed=True, determining_rules=tuple(rules))


def combinations(facts: Facts, several: tuple[str, ...]) -> Iterator[Facts]:
    """Give the facts once per combination of the requested values of these operands."""
    for values in product(*(sorted(facts[name]) for name in several)):
        yield {**facts, **{n: frozenset({v}) for n, v in zip(several, values, strict=True)}}


def _decide(
    permissions: tuple[CompiledRule, ...], prohibitions: tuple[CompiledRule, ...], facts: Facts
) -> Decision:
    for rule in prohibitions:
        if _in_force(rule, facts):
            reason = Reason(
                code="policy.prohibited",
                rule=rule.name,
                cause="forbidden",
                next="next.ask-other-terms",
            )
            return Decision(allowed=False, reasons=(reason,), determining_rules=(rule.name,))
    for rule in permissions:
        if _holds(rule, facts):
            return Decision(allowed=True, determining_rules=(rule.name,))
    return Decision(allowed=False, reasons=unmet_reasons(permissions, facts))


def _holds(rule: CompiledRule, facts: Facts) -> bool:
    for clause in rule.clauses:  # noqa: SIM110 - a loop costs half of all() with a generator
        if clause.test(facts) < LATER:
            return False
    return True


def _in_force(rule: CompiledRule, facts: Facts) -> bool:
    for clause in rule.clauses:
        verdict = clause.test(facts)
        if verdict in (FALSE, LATER):
            return False
    return True


assert FALSE < UNKNOWN < LATER  # what _holds compares
