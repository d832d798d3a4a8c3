"""Explanations clause by clause, and trying a request before all of it is known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.evaluate import Request, World, compile_policy, evaluate
from policies.explain import dry_run, explain
from policies.odrl import parse_policy
from policies.planner import Choice, choose_mode
from policies.profile import COUNT, PURPOSE, QUERY, QUERY_MODE
from policies.reasons import Reason
from tests.policies.samples import (
    CAPACITY,
    CREDIT,
    NOW,
    agreement,
    atom,
    policies,
    request,
    requests,
    worlds,
)

if TYPE_CHECKING:
    from policies.model import Policy

TERMS = (atom(PURPOSE, "isAnyOf", [CAPACITY]), atom(COUNT, "lteq", "3"))


def test_each_clause_says_how_it_came_out() -> None:
    """Left, operator, right, given value, its source and the verdict of every clause."""
    compiled = compile_policy(parse_policy(agreement(*TERMS), kind="Agreement"))
    found = explain(compiled, request(purpose={CAPACITY}), World(numbers={COUNT: 4}), NOW)
    assert not found.decision.allowed
    assert [(c.text, c.given, c.source, c.verdict) for c in found.clauses] == [
        ("purpose isAnyOf capacityPlanning", "capacityPlanning", "request", "true"),
        ("count lteq 3", "4", "world", "false"),
    ]
    assert found.policy_digest.startswith("sha-256:")


def test_a_dry_run_says_what_it_depends_on() -> None:
    """Without a purpose it depends on it; with a wrong one it is denied in any case."""
    compiled = compile_policy(parse_policy(agreement(*TERMS), kind="Agreement"))
    world = World(numbers={COUNT: 1})
    unsure = dry_run(compiled, request(), world, NOW)
    assert unsure.outcome == "depends"
    assert [c.text for c in unsure.open] == ["purpose isAnyOf capacityPlanning"]
    assert dry_run(compiled, request(purpose={CREDIT}), world, NOW).outcome == "deny"
    assert dry_run(compiled, request(purpose={CAPACITY}), world, NOW).outcome == "allow"


@pytest.mark.long
@settings(max_examples=150, deadline=None)
@given(policies(), requests(), worlds(), st.data())
def test_a_dry_run_is_right_whatever_comes(
    policy: Policy, asked: Request, world: World, data: st.DataObject
) -> None:
    """What a dry run allows or denies stays so when the missing values arrive."""
    hidden = data.draw(st.frozensets(st.sampled_from(sorted(asked.values) or [""])))
    partial = replace(asked, values={n: v for n, v in asked.values.items() if n not in hidden})
    compiled = compile_policy(policy)
    outcome = dry_run(compiled, partial, world, NOW).outcome
    if not any(len(asked.values.get(name, ())) != 1 for name in hidden):
        final = evaluate(compiled, asked, world, NOW).allowed
        assert (
            outcome == "depends"
            or final == (outcome == "allow")
            or _still_missing(policy, asked, world)
        )


def _still_missing(policy: Policy, asked: Request, world: World) -> bool:
    """Whether the complete request still lacks a value that the policy speaks of."""
    names = {
        operand.name for operand in compile_policy(policy).operands if operand.source != "clock"
    }
    return not names <= {*asked.values, *world.values, *world.numbers}


def mode_policy(*modes: str) -> Policy:
    constraints = [atom(QUERY_MODE, "isAnyOf", list(modes))] if modes else []
    return parse_policy(agreement(*constraints, action=QUERY), kind="Agreement")


def test_the_planner_picks_the_cheapest_mode_that_fits() -> None:
    """One agreement: masked; three: homomorphic; else the reason why none fits."""
    both = mode_policy("masked", "homomorphic")
    assert choose_mode([both], None) == Choice("masked", "plan.cheapest")
    assert choose_mode([mode_policy("masked")], None) == Choice("masked", "plan.only-granted")
    assert choose_mode([mode_policy()], None) == Choice("masked", "plan.cheapest")
    assert choose_mode([both], "masked") == Choice("masked", "plan.asked")
    assert choose_mode([both] * 3, None) == Choice("homomorphic", "plan.several")

    def code(found: Choice | Reason) -> str:
        assert isinstance(found, Reason)
        return found.code

    assert code(choose_mode([both], "homomorphic")) == "question.mode-unfit"
    assert code(choose_mode([both] * 3, "masked")) == "question.mode-unfit"
    assert code(choose_mode([both] * 2, None)) == "plan.too-few"
    assert code(choose_mode([mode_policy("homomorphic")], None)) == "policy.query-mode"
    assert code(choose_mode([both, both, mode_policy("masked")], None)) == "policy.query-mode"
