"""Policies and strategies that several tests use."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from policies.evaluate import Request, World
from policies.model import Atomic, Constraint, Logical, Policy, Rule
from policies.profile import (
    COUNT,
    DATE_TIME,
    DIMENSION,
    MEASURE,
    MEMBERSHIP,
    PURPOSE,
    QUERY,
    QUERY_MODE,
    RECIPIENT,
    USE,
    V,
)

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
CONSUMER = "did:web:buyer.example"
DATASET = "deliveries"
PLANNING = V + "purpose/planning"
CAPACITY = V + "purpose/capacityPlanning"
CREDIT = V + "purpose/credit"


def atom(left: str, operator: str, right: str | list[str]) -> dict[str, Any]:
    """A constraint as on the wire."""
    return {"leftOperand": left, "operator": operator, "rightOperand": right}


def agreement(*constraints: Any, action: str = QUERY, **more: Any) -> dict[str, Any]:
    """An agreement with one permission, as on the wire."""
    permission: dict[str, Any] = {"action": action}
    if constraints:
        permission["constraint"] = list(constraints)
    return {
        "@id": "urn:uuid:1",
        "@type": "Agreement",
        "target": DATASET,
        "assigner": "did:web:acme.example",
        "assignee": CONSUMER,
        "timestamp": "2026-11-21T08:00:00Z",
        "permission": [permission],
        **more,
    }


def request(**values: set[str]) -> Request:
    """A question; keyword ``purpose``, ``mode``, ``measure`` or ``dimension`` give its values."""
    names = {"purpose": PURPOSE, "mode": QUERY_MODE, "measure": MEASURE, "dimension": DIMENSION}
    return Request(
        stage="query",
        action=QUERY,
        assignee=CONSUMER,
        target=DATASET,
        values={names[name]: frozenset(given) for name, given in values.items()},
    )


PURPOSES = st.sampled_from([PLANNING, CAPACITY, CREDIT])
CODES = st.sampled_from(["a", "b", "c"])
_SETS = st.sampled_from(["isAnyOf", "isNoneOf"])


@st.composite
def atomics(draw: st.DrawFn) -> Atomic:
    """One comparison of any operand whose values the strategies below give."""
    left = draw(
        st.sampled_from([PURPOSE, MEASURE, DIMENSION, COUNT, DATE_TIME, MEMBERSHIP, RECIPIENT])
    )
    if left == COUNT:
        operator = draw(st.sampled_from(["lt", "lteq", "eq", "neq", "gt", "gteq"]))
        return Atomic(left, operator, (str(draw(st.integers(0, 4))),))
    if left == DATE_TIME:
        operator = draw(st.sampled_from(["lt", "lteq", "eq", "neq", "gt", "gteq"]))
        day = draw(st.sampled_from(["2026-11-20Z", "2026-11-21Z", "2026-11-21T09:00:00Z"]))
        return Atomic(left, operator, (day,))
    if left == MEMBERSHIP:
        operator = draw(st.sampled_from(["isAnyOf", "isAllOf", "isNoneOf"]))
        spaces = draw(st.sets(st.sampled_from(["urn:s:1", "urn:s:2"]), min_size=1))
        return Atomic(left, operator, tuple(sorted(spaces)), listed=True)
    if left == RECIPIENT:
        dids = draw(st.sets(st.sampled_from([CONSUMER, "did:web:x.example"]), min_size=1))
        return Atomic(left, draw(_SETS), tuple(sorted(dids)), listed=True)
    if left == PURPOSE and draw(st.booleans()):
        return Atomic(left, "isA", (draw(PURPOSES),))
    values = draw(st.sets(PURPOSES if left == PURPOSE else CODES, min_size=1))
    return Atomic(left, draw(_SETS), tuple(sorted(values)), listed=True)


def constraints() -> st.SearchStrategy[Constraint]:
    """A comparison, or a nest of them."""
    return st.recursive(
        atomics(),
        lambda inner: st.builds(
            Logical,
            st.sampled_from(["and", "or", "xone"]),
            st.lists(inner, min_size=1, max_size=3).map(tuple),
        ),
        max_leaves=5,
    )


def rules() -> st.SearchStrategy[Rule]:
    """A rule on questions, on anything, or on something else."""
    return st.builds(
        Rule,
        action=st.sampled_from([QUERY, QUERY, USE, "read"]),
        constraints=st.lists(constraints(), max_size=3).map(tuple),
    )


def policies() -> st.SearchStrategy[Policy]:
    """An agreement about the dataset, with a strategy for conflicts."""
    return st.builds(
        Policy,
        kind=st.just("Agreement"),
        uid=st.just("urn:uuid:1"),
        permissions=st.lists(rules(), min_size=1, max_size=3).map(tuple),
        prohibitions=st.lists(rules(), max_size=2).map(tuple),
        conflict=st.just("prohibit"),
        target=st.just(DATASET),
        assigner=st.just("did:web:acme.example"),
        assignee=st.just(CONSUMER),
        timestamp=st.just("2026-11-21T08:00:00Z"),
    )


@st.composite
def requests(draw: st.DrawFn) -> Request:
    """A question with some of its values missing."""
    values: dict[str, frozenset[str]] = {}
    for name, strategy in ((PURPOSE, PURPOSES), (MEASURE, CODES), (DIMENSION, CODES)):
        if draw(st.booleans()) or draw(st.booleans()):
            least = 0 if name == DIMENSION else 1
            values[name] = draw(st.frozensets(strategy, min_size=least, max_size=3))
    return Request(stage="query", action=QUERY, assignee=CONSUMER, target=DATASET, values=values)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """What was verified and measured, some of it missing."""
    values: dict[str, frozenset[str]] = {}
    if draw(st.booleans()):
        values[RECIPIENT] = frozenset({CONSUMER})
    if draw(st.booleans()):
        values[MEMBERSHIP] = draw(st.frozensets(st.sampled_from(["urn:s:1", "urn:s:2"])))
    numbers = {COUNT: draw(st.integers(0, 4))} if draw(st.booleans()) else {}
    return World(values=values, numbers=numbers)
