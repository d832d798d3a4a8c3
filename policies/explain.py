"""Explaining a decision clause by clause, and trying a request of which not all is known yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from crypto.canonical import digest
from policies.clauses import FALSE, LATER, TRUE, UNKNOWN
from policies.evaluate import (
    Decision,
    combinations,
    evaluate,
    gather,
    program_for,
    split_operands,
    standing,
)
from policies.model import Atomic
from policies.odrl import to_wire
from policies.profile import OPERANDS, short
from policies.unmet import shown, wording

if TYPE_CHECKING:
    from datetime import datetime

    from policies.clauses import Facts
    from policies.compiled import Clause, CompiledPolicy, CompiledRule
    from policies.evaluate import Request, World

Verdict = Literal["false", "unknown", "later", "true"]
Outcome = Literal["allow", "deny", "depends"]
_VERDICTS: dict[int, Verdict] = {FALSE: "false", UNKNOWN: "unknown", LATER: "later", TRUE: "true"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseState:
    """One clause, and what became of it.

    Attributes:
        rule: Name of its rule.
        effect: What the rule does.
        pointer: Where it stands in the policy.
        text: The clause in one line.
        given: The value it was tried on; empty when there was none.
        source: Who says that value: request, world or clock; empty for nested logic.
        verdict: What came out.
    """

    rule: str
    effect: Literal["permission", "prohibition"]
    pointer: str
    text: str
    given: str
    source: str
    verdict: Verdict

    def to_json(self) -> dict[str, str]:
        """Return it as JSON."""
        return {
            "rule": self.rule,
            "effect": self.effect,
            "pointer": self.pointer,
            "text": self.text,
            "given": self.given,
            "source": self.source,
            "verdict": self.verdict,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A decision with every clause of the rules on the requested action."""

    decision: Decision
    clauses: tuple[ClauseState, ...]
    policy_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """What would come of a request.

    Attributes:
        outcome: ``allow`` and ``deny`` whatever is still to come; ``depends`` on the open clauses.
        open: Clauses whose values are not there yet: what has to be presented.
        decision: What it would be with nothing more.
    """

    outcome: Outcome
    open: tuple[ClauseState, ...]
    decision: Decision


def explain(compiled: CompiledPolicy, request: Request, world: World, now: datetime) -> Explanation:
    """Decide a request and say how each clause came out.

    Args:
        compiled: The policy.
        request: What is asked for; several values of one operand are shown together.
        world: What was verified and measured.
        now: The time.

    Returns:
        The decision that `evaluate` gives, and the clauses.
    """
    return Explanation(
        decision=evaluate(compiled, request, world, now),
        clauses=_states(compiled, request, gather(compiled, request, world, now)),
        policy_digest=digest(to_wire(compiled.policy)),
    )


def dry_run(compiled: CompiledPolicy, request: Request, world: World, now: datetime) -> DryRun:
    """Try a request of which some values are not known yet.

    Args:
        compiled: The policy.
        request: What is known of the request; leave out what is not.
        world: What is known of the world; leave out what is not.
        now: The time at which it would happen.

    Returns:
        Whether it is allowed or denied in any case, or what it depends on.
    """
    decision = evaluate(compiled, request, world, now)
    facts = gather(compiled, request, world, now)
    if standing(compiled, request) is not None:
        return DryRun(outcome="deny", open=(), decision=decision)
    program = program_for(compiled, request)
    grants = program.permissions.get(request.action, ())
    bans = program.prohibitions.get(request.action, ())
    several = split_operands(facts, (*grants, *bans))
    each = combinations(facts, several) if several else [facts]
    outcomes = {_outcome(grants, bans, single) for single in each}
    outcome: Outcome = "allow"
    if "deny" in outcomes:
        outcome = "deny"
    elif "depends" in outcomes:
        outcome = "depends"
    states = _states(compiled, request, facts)
    waiting = tuple(state for state in states if state.verdict in ("unknown", "later"))
    return DryRun(outcome=outcome, open=waiting if outcome == "depends" else (), decision=decision)


def _outcome(
    grants: tuple[CompiledRule, ...], bans: tuple[CompiledRule, ...], facts: Facts
) -> Outcome:
    """Decide with three outcomes: UNKNOWN and LATER may still turn out either way."""
    banned = [_all(rule, facts) for rule in bans]
    granted = [_all(rule, facts) for rule in grants]
    if TRUE in banned or all(verdict == FALSE for verdict in granted):
        return "deny"
    if TRUE in granted and all(verdict == FALSE for verdict in banned):
        return "allow"
    return "depends"


def _all(rule: CompiledRule, facts: Facts) -> int:
    return min([clause.test(facts) for clause in rule.clauses], default=TRUE)


def _states(compiled: CompiledPolicy, request: Request, facts: Facts) -> tuple[ClauseState, ...]:
    program = program_for(compiled, request)
    grants = program.permissions.get(request.action, ())
    bans = program.prohibitions.get(request.action, ())
    return (
        *(_state(r, "permission", c, facts) for r in grants for c in r.clauses),
        *(_state(r, "prohibition", c, facts) for r in bans for c in r.clauses),
    )


def _state(
    rule: CompiledRule,
    effect: Literal["permission", "prohibition"],
    clause: Clause,
    facts: dict[str, Any] | Facts,
) -> ClauseState:
    constraint = clause.constraint
    atomic = constraint if isinstance(constraint, Atomic) else None
    return ClauseState(
        rule=short(rule.name),
        effect=effect,
        pointer=clause.pointer,
        text=wording(constraint),
        given=shown(facts[atomic.left]) if atomic else "",
        source=OPERANDS[atomic.left].source if atomic else "",
        verdict=_VERDICTS[clause.test(facts)],
    )
