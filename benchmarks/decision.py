"""A compiled policy decision with ten constraints.

The policy is one that a product file makes, with every operand it can have; the request asks for
two measures by two dimensions, so that several values are looked at. Compiling and parsing are
timed apart: they happen once per agreement.
"""

import statistics as median_of
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from policies.evaluate import Request, World, compile_policy, evaluate
from policies.model import atomics
from policies.odrl import parse_policy, to_wire
from policies.offers import QuestionTerms, question_offer
from policies.profile import (
    COUNT,
    DIMENSION,
    MEASURE,
    MEMBERSHIP,
    MIN_GROUP_SIZE,
    PURPOSE,
    QUERY,
    QUERY_MODE,
    RECIPIENT,
    purpose_iri,
)

if TYPE_CHECKING:
    from policies.model import Policy

ROUNDS = 20_000
GOAL_MICROSECONDS = 20.0
BUYER = "did:web:buyer.example"
SPACE = "https://space.example/ns"
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
TERMS = QuestionTerms(
    purposes=("capacityPlanning", "deliveryReliability"),
    not_before="2026-01-01Z",
    not_after="2027-12-31Z",
    count=1000,
    recipients=(BUYER, "did:web:other.example"),
    membership=SPACE,
    measures=("qty:sum", "price:sum", "price:avg", "*:count"),
    dimensions=("year", "ship_mode", "region"),
    min_group_size=10,
)


def run() -> dict[str, Any]:
    """Measure, check what was decided, and return the rows."""
    policy = replace(
        question_offer("urn:uuid:1", TERMS),
        kind="Agreement",
        target="deliveries",
        assigner="did:web:acme.example",
        assignee=BUYER,
        timestamp="2026-11-20T00:00:00Z",
    )
    constraints = [a for rule in policy.permissions for c in rule.constraints for a in atomics(c)]
    if len(constraints) != 10:
        raise RuntimeError(f"expected 10 constraints, got {len(constraints)}")
    compiled = compile_policy(policy)
    asked, world = _asked(), _world()
    if not evaluate(compiled, asked, world, NOW).allowed:
        raise RuntimeError("expected the request to be allowed")
    used_up = World(values=world.values, numbers={**world.numbers, COUNT: 1001})
    if evaluate(compiled, asked, used_up, NOW).allowed:
        raise RuntimeError("expected the count to be used up")
    wire = to_wire(policy)
    value = _median(lambda: evaluate(compiled, asked, world, NOW), ROUNDS)
    refusing = _median(lambda: evaluate(compiled, asked, used_up, NOW), ROUNDS // 10)
    parsing = _median(lambda: _compile(wire), 200)
    return {
        "rows": [
            _row("policy decision, 10 constraints", value, goal=GOAL_MICROSECONDS),
            _row("the same refused, with its reasons", refusing),
            _row("parsing and compiling that policy, once per agreement", parsing),
        ]
    }


def _asked() -> Request:
    return Request(
        stage="query",
        action=QUERY,
        assignee=BUYER,
        target="deliveries",
        values={
            PURPOSE: frozenset({purpose_iri("capacityPlanning")}),
            QUERY_MODE: frozenset({"masked"}),
            MEASURE: frozenset({"price:sum", "*:count"}),
            DIMENSION: frozenset({"year", "ship_mode"}),
        },
    )


def _world() -> World:
    return World(
        values={RECIPIENT: frozenset({BUYER}), MEMBERSHIP: frozenset({SPACE})},
        numbers={COUNT: 17, MIN_GROUP_SIZE: 10},
    )


def _compile(wire: dict[str, Any]) -> None:
    parsed: Policy = parse_policy(wire, kind="Agreement")
    compile_policy.__wrapped__(parsed)  # past its memory of policies


def _median(work: Callable[[], object], rounds: int) -> float:
    """Return the median time of one call in microseconds."""
    found = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return median_of.median(found) * 1e6


def _row(name: str, value: float, *, goal: float | None = None) -> dict[str, Any]:
    return {
        "name": name,
        "value": value,
        "unit": "µs",
        "reference": "",
        "ratio": None,
        "goal": "" if goal is None else f"< {goal:g} µs",
        "met": None if goal is None else value < goal,
    }
