"""What the nearest permission lacks, in words: the reasons of a refusal."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from policies.clauses import LATER, UNKNOWN, Facts
from policies.model import Atomic, Constraint
from policies.profile import (
    AGGREGATOR,
    COHORT_MEMBER,
    COUNT,
    DATE_TIME,
    DIMENSION,
    MEASURE,
    MEMBERSHIP,
    MIN_COHORT,
    MIN_GROUP_SIZE,
    PURPOSE,
    QUERY_MODE,
    RECIPIENT,
    short,
)
from policies.reasons import Reason

if TYPE_CHECKING:
    from policies.compiled import Clause, CompiledRule

# operand -> (code, next) of a clause that is not satisfied
_CODES: Final[dict[str, tuple[str, str]]] = {
    PURPOSE: ("policy.purpose", "next.ask-purpose"),
    DATE_TIME: ("policy.date-time", "next.negotiate"),
    COUNT: ("policy.count", "next.negotiate"),
    RECIPIENT: ("policy.recipient", "next.ask-other-terms"),
    MEMBERSHIP: ("policy.membership", "next.get-certified"),
    QUERY_MODE: ("policy.query-mode", "next.choose-mode"),
    MEASURE: ("policy.measure", "next.ask-granted-measure"),
    DIMENSION: ("policy.dimension", "next.ask-granted-dimension"),
    MIN_GROUP_SIZE: ("policy.min-group-size", "next.ask-other-terms"),
    MIN_COHORT: ("policy.min-cohort", "next.larger-cohort"),
    AGGREGATOR: ("policy.aggregator", "next.use-named-aggregator"),
    COHORT_MEMBER: ("policy.cohort-member", "next.choose-members"),
}


def unmet_reasons(permissions: tuple[CompiledRule, ...], facts: Facts) -> tuple[Reason, ...]:
    """Return what the nearest permission lacks.

    Args:
        permissions: Those on the requested action.
        facts: The values they were tried on.

    Returns:
        One reason per clause not met of the permission with the fewest such clauses; when no
        permission speaks of the action, one reason that says so.
    """
    if not permissions:
        return (
            Reason(code="policy.no-permission", cause="unsatisfied", next="next.ask-other-terms"),
        )
    best: tuple[CompiledRule, list[Clause]] | None = None
    for rule in permissions:
        unmet = [clause for clause in rule.clauses if clause.test(facts) < LATER]
        if best is None or len(unmet) < len(best[1]):
            best = (rule, unmet)
    assert best is not None
    rule, unmet = best
    return tuple(clause_reason(rule.name, clause, facts) for clause in unmet)


def clause_reason(rule: str, clause: Clause, facts: Facts) -> Reason:
    """Return the reason why one clause is not met.

    Args:
        rule: Name of its rule.
        clause: The clause.
        facts: The values it was tried on.

    Returns:
        The reason, with what was expected and given.
    """
    missing = clause.test(facts) == UNKNOWN
    constraint = clause.constraint
    if not isinstance(constraint, Atomic):
        return Reason(
            code="policy.clause",
            rule=rule,
            clause=clause.pointer,
            expected=wording(constraint),
            cause="missing" if missing else "unsatisfied",
            next="next.ask-other-terms",
        )
    code, next_step = _CODES[constraint.left]
    return Reason(
        code="policy.missing" if missing else code,
        rule=rule,
        clause=clause.pointer,
        operand=short(constraint.left),
        expected=", ".join(map(short, constraint.right)),
        given="" if missing else shown(facts[constraint.left]),
        cause="missing" if missing else "unsatisfied",
        next=next_step,
        params={"operator": constraint.operator},
    )


def shown(given: Any) -> str:
    """Return a value as text, sets in order."""
    if given is None:
        return ""
    if isinstance(given, datetime):
        return given.isoformat(timespec="seconds")
    if isinstance(given, frozenset):
        return ", ".join(sorted(map(short, given)))
    return str(given)


def wording(constraint: Constraint) -> str:
    """Return a constraint as one line, e.g. ``purpose isAnyOf capacityPlanning``."""
    if isinstance(constraint, Atomic):
        right = ", ".join(map(short, constraint.right))
        return f"{short(constraint.left)} {constraint.operator} {right}"
    inside = "; ".join(wording(c) for c in constraint.operands)
    return f"{constraint.connective}({inside})"
