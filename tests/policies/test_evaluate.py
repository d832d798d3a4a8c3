"""The compiled evaluator against the slow reference, and the laws of default deny."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.errors import PolicyError
from policies.evaluate import Request, World, compile_policy, evaluate
from policies.odrl import parse_policy, to_wire
from policies.profile import (
    COUNT,
    DIMENSION,
    MEASURE,
    MEMBERSHIP,
    MIN_COHORT,
    PURPOSE,
    QUERY,
    QUERY_MODE,
    RECIPIENT,
    USE,
)
from tests.policies import reference
from tests.policies.samples import (
    CAPACITY,
    CONSUMER,
    CREDIT,
    DATASET,
    NOW,
    PLANNING,
    agreement,
    atom,
    constraints,
    policies,
    request,
    requests,
    rules,
    worlds,
)

if TYPE_CHECKING:
    from policies.model import Atomic, Policy, Rule

MANY = settings(max_examples=150, deadline=None)


def decide(policy: Policy, asked: Request, world: World) -> bool:
    return evaluate(compile_policy(policy), asked, world, NOW).allowed


@pytest.mark.long
@MANY
@given(policies(), requests(), worlds())
def test_compiled_equals_the_slow_reference(policy: Policy, asked: Request, world: World) -> None:
    """Any policy, request and world: both evaluators say the same."""
    assert decide(policy, asked, world) == reference.allowed(policy, asked, world, NOW)


@pytest.mark.long
@MANY
@given(policies(), requests(), worlds(), st.randoms(use_true_random=False))
def test_order_is_irrelevant(policy: Policy, asked: Request, world: World, shuffle: object) -> None:
    """Rules and constraints in any order give the same decision."""

    def mixed(items: tuple[Rule, ...]) -> tuple[Rule, ...]:
        found = [replace(r, constraints=tuple(reversed(r.constraints))) for r in items]
        shuffle.shuffle(found)  # type: ignore[attr-defined]
        return tuple(found)

    other = replace(
        policy, permissions=mixed(policy.permissions), prohibitions=mixed(policy.prohibitions)
    )
    assert decide(policy, asked, world) == decide(other, asked, world)


@pytest.mark.long
@MANY
@given(policies(), rules(), requests(), worlds())
def test_a_further_prohibition_never_allows(
    policy: Policy, ban: Rule, asked: Request, world: World
) -> None:
    """What is denied stays denied when a prohibition is added."""
    more = replace(policy, prohibitions=(*policy.prohibitions, ban))
    assert decide(policy, asked, world) or not decide(more, asked, world)


@pytest.mark.long
@MANY
@given(policies(), constraints(), requests(), worlds())
def test_a_further_constraint_never_widens_a_permission(
    policy: Policy, extra: Atomic, asked: Request, world: World
) -> None:
    """What is denied stays denied when every permission gets one more constraint."""
    narrower = replace(
        policy,
        permissions=tuple(
            replace(r, constraints=(*r.constraints, extra)) for r in policy.permissions
        ),
    )
    assert decide(policy, asked, world) or not decide(narrower, asked, world)


@pytest.mark.long
@MANY
@given(policies(), requests(), worlds(), st.data())
def test_losing_a_value_never_allows(
    policy: Policy, asked: Request, world: World, data: st.DataObject
) -> None:
    """What is denied stays denied when a value of request or world is not there any more."""
    names = sorted({*asked.values, *world.values, *world.numbers})
    if not names:
        return
    lost = data.draw(st.sampled_from(names))
    poorer = replace(asked, values={n: v for n, v in asked.values.items() if n != lost})
    world = World(
        values={n: v for n, v in world.values.items() if n != lost},
        numbers={n: v for n, v in world.numbers.items() if n != lost},
    )
    before = evaluate(compile_policy(policy), asked, world, NOW).allowed
    assert before or not decide(policy, poorer, world)


@pytest.mark.long
@MANY
@given(policies(), requests(), worlds(), st.sampled_from(["a", "b", "c"]))
def test_requesting_more_never_allows(
    policy: Policy, asked: Request, world: World, code: str
) -> None:
    """What is denied stays denied when one more measure is asked for."""
    if not asked.values.get(MEASURE):
        return
    greedy = replace(asked, values={**asked.values, MEASURE: asked.values[MEASURE] | {code}})
    assert decide(policy, asked, world) or not decide(policy, greedy, world)


@pytest.mark.long
@MANY
@given(policies(), requests(), worlds())
def test_the_wire_keeps_the_decision(policy: Policy, asked: Request, world: World) -> None:
    """A policy that went over the wire and back decides the same."""
    again = parse_policy(to_wire(policy), kind="Agreement")
    assert again == policy
    assert decide(again, asked, world) == decide(policy, asked, world)


def test_no_permission_on_the_action_denies() -> None:
    """Default deny: a permission to read grants no question, and the reason says so."""
    policy = parse_policy(agreement(action="read"), kind="Agreement")
    decision = evaluate(compile_policy(policy), request(), World(), NOW)
    assert not decision.allowed
    assert [r.code for r in decision.reasons] == ["policy.no-permission"]


def test_use_covers_questions_and_questions_do_not_cover_use() -> None:
    """odrl:use includes our query; a permission to query delivers no file."""
    wide = parse_policy(agreement(action=USE), kind="Agreement")
    narrow = parse_policy(agreement(action=QUERY), kind="Agreement")
    plain = Request(stage="transfer", action=USE, assignee=CONSUMER, target=DATASET)
    assert decide(wide, request(), World())
    assert not decide(narrow, plain, World())


@pytest.mark.parametrize(
    ("constraint", "asked", "world", "code"),
    [
        (atom(PURPOSE, "isAnyOf", [CAPACITY]), {"purpose": {CREDIT}}, World(), "policy.purpose"),
        (atom(PURPOSE, "isA", PLANNING), {"purpose": {CREDIT}}, World(), "policy.purpose"),
        (atom(COUNT, "lteq", "3"), {}, World(numbers={COUNT: 4}), "policy.count"),
        (atom("dateTime", "lteq", "2026-11-20Z"), {}, World(), "policy.date-time"),
        (atom(QUERY_MODE, "eq", "masked"), {"mode": {"homomorphic"}}, World(), "policy.query-mode"),
        (atom(MEASURE, "isAnyOf", ["a"]), {"measure": {"a", "b"}}, World(), "policy.measure"),
        (atom(DIMENSION, "isNoneOf", ["b"]), {"dimension": {"b"}}, World(), "policy.dimension"),
        (atom(MIN_COHORT, "gteq", "4"), {}, World(numbers={MIN_COHORT: 3}), "policy.min-cohort"),
        (
            atom(MEMBERSHIP, "isAnyOf", ["urn:s:1"]),
            {},
            World(values={MEMBERSHIP: frozenset()}),
            "policy.membership",
        ),
        (
            atom(RECIPIENT, "isAnyOf", ["did:web:x.example"]),
            {},
            World(values={RECIPIENT: frozenset({CONSUMER})}),
            "policy.recipient",
        ),
        (atom(COUNT, "lteq", "3"), {}, World(), "policy.missing"),
    ],
)
def test_each_clause_says_what_it_lacks(
    constraint: dict[str, object], asked: dict[str, set[str]], world: World, code: str
) -> None:
    """A refusal names the clause, the operand, what was expected and what to do next."""
    policy = parse_policy(agreement(constraint), kind="Agreement")
    (reason,) = evaluate(compile_policy(policy), request(**asked), world, NOW).reasons
    assert reason.code == code
    assert reason.clause == "/permission/0/constraint/0"
    assert reason.operand
    assert reason.next.startswith("next.")


def test_a_request_cannot_say_what_must_be_verified() -> None:
    """A membership that the asker claims does not count: the shell's world must say it."""
    policy = parse_policy(agreement(atom(MEMBERSHIP, "isAnyOf", ["urn:s:1"])), kind="Agreement")
    claimed = replace(request(), values={MEMBERSHIP: frozenset({"urn:s:1"})})
    assert not decide(policy, claimed, World())
    assert decide(policy, claimed, World(values={MEMBERSHIP: frozenset({"urn:s:1"})}))


def test_a_missing_value_never_lifts_a_ban() -> None:
    """A prohibition on one purpose stays in force when no purpose is given, also under neq."""
    for operator in ("eq", "neq"):
        policy = parse_policy(
            agreement(
                prohibition=[{"action": QUERY, "constraint": [atom(PURPOSE, operator, CREDIT)]}],
                **{"odrl:conflict": {"@id": "odrl:prohibit"}},
            ),
            kind="Agreement",
        )
        assert not decide(policy, request(), World())


def test_an_agreement_binds_its_assignee_and_target_only() -> None:
    """Someone else's agreement, or another dataset, is denied."""
    policy = parse_policy(agreement(), kind="Agreement")
    assert decide(policy, request(), World())
    assert not decide(policy, replace(request(), assignee="did:web:x.example"), World())
    assert not decide(policy, replace(request(), target="other"), World())


def test_an_offer_grants_nothing() -> None:
    """An offer lets itself be seen and negotiated, but answers no question."""
    body = {k: v for k, v in agreement().items() if k not in ("assigner", "assignee", "timestamp")}
    policy = parse_policy({**body, "@type": "Offer"}, kind="Offer")
    assert not decide(policy, request(), World())
    assert decide(policy, replace(request(), stage="negotiation"), World())


def test_overlap_without_a_strategy_voids_the_policy() -> None:
    """Permit use, prohibit distribute, no strategy: void; with `prohibit`, or disjoint: not."""
    ban = [{"action": "distribute"}]
    void = parse_policy(agreement(action=USE, prohibition=ban), kind="Agreement")
    decision = evaluate(compile_policy(void), request(), World(), NOW)
    assert [r.code for r in decision.reasons] == ["policy.void"]
    said = {"odrl:conflict": {"@id": "odrl:prohibit"}}
    fine = parse_policy(agreement(action=USE, prohibition=ban, **said), kind="Agreement")
    assert decide(fine, request(), World())
    apart = [{"action": QUERY, "constraint": [atom(PURPOSE, "eq", CREDIT)]}]
    disjoint = parse_policy(
        agreement(atom(PURPOSE, "isAnyOf", [CAPACITY]), prohibition=apart), kind="Agreement"
    )
    assert decide(disjoint, request(purpose={CAPACITY}), World())


def test_what_is_decided_later_is_open_before() -> None:
    """Purpose and count do not stand in the way of negotiating; the term of the contract does."""
    policy = parse_policy(
        agreement(atom(PURPOSE, "eq", CAPACITY), atom(COUNT, "lteq", "1")), kind="Agreement"
    )
    early = replace(request(), stage="negotiation")
    assert decide(policy, early, World())
    past = parse_policy(agreement(atom("dateTime", "lt", "2026-11-21Z")), kind="Agreement")
    assert not decide(past, early, World())


def test_a_plain_delivery_leaves_nothing_for_later() -> None:
    """A file is not transferred under a count that nobody would check afterwards."""
    counted = parse_policy(agreement(atom(COUNT, "lteq", "1"), action=USE), kind="Agreement")
    plain = Request(stage="transfer", action=USE, assignee=CONSUMER, target=DATASET)
    assert not decide(counted, plain, World())
    promised = parse_policy(agreement(atom(PURPOSE, "eq", CAPACITY), action=USE), kind="Agreement")
    assert decide(promised, plain, World())


def test_too_many_combinations_are_refused() -> None:
    """Over 256 combinations that need looking at one by one are denied, not looked at."""
    nested = {"or": [atom(MEASURE, "isAnyOf", ["m"]), atom(DIMENSION, "isAnyOf", ["d"])]}
    policy = parse_policy(agreement(nested), kind="Agreement")
    many = request(measure={f"m{i}" for i in range(20)}, dimension={f"d{i}" for i in range(20)})
    decision = evaluate(compile_policy(policy), many, World(), NOW)
    assert [r.code for r in decision.reasons] == ["policy.too-many-values"]


def test_the_last_day_of_the_calendar_is_for_ever() -> None:
    """What many write where no end is meant is a term that holds, not an error of ours."""
    policy = parse_policy(agreement(atom("dateTime", "lteq", "9999-12-31Z")), kind="Agreement")
    compiled = compile_policy(policy)
    for now in (NOW, NOW.replace(year=9999, month=12, day=31, hour=23, minute=59)):
        assert evaluate(compiled, request(), World(), now).allowed


@pytest.mark.parametrize("text", ["0001-01-01+05:00", "9999-12-31T23:59:59-05:00"])
def test_a_moment_outside_the_calendar_is_not_understood(text: str) -> None:
    """Unknown means refused, with the place, as for any other literal."""
    with pytest.raises(PolicyError) as caught:
        parse_policy(agreement(atom("dateTime", "lteq", text)), kind="Agreement")
    assert caught.value.reasons[0].code.startswith("policy.")


def test_a_date_is_its_whole_day_in_its_zone() -> None:
    """`lteq` a date lasts to the end of that day; Shanghai's day ends eight hours before UTC's."""
    policy = parse_policy(agreement(atom("dateTime", "lteq", "2026-11-21+08:00")), kind="Agreement")
    compiled = compile_policy(policy)
    last = NOW.replace(hour=15, minute=59)
    assert evaluate(compiled, request(), World(), last).allowed
    assert not evaluate(compiled, request(), World(), last + timedelta(minutes=1)).allowed
