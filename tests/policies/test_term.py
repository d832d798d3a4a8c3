"""Whether an agreement's time is to come, goes on or is over."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from policies.model import Atomic, Logical, Policy, Rule
from policies.profile import COUNT, DATE_TIME, PURPOSE, QUERY
from policies.term import term


def policy(*constraints: Atomic | Logical, second: Atomic | None = None) -> Policy:
    rules = [Rule(uid="", action=QUERY, constraints=constraints)]
    if second is not None:
        rules.append(Rule(uid="", action=QUERY, constraints=(second,)))
    return Policy(
        kind="Agreement",
        uid="urn:x",
        target="deliveries",
        assigner="did:web:a",
        assignee="did:web:b",
        permissions=tuple(rules),
    )


UNTIL = Atomic(left=DATE_TIME, operator="lteq", right=("2027-12-31Z",))
FROM = Atomic(left=DATE_TIME, operator="gteq", right=("2027-01-01Z",))
OTHERS = (
    Atomic(left=PURPOSE, operator="eq", right=("x",)),
    Atomic(left=COUNT, operator="lteq", right=("3",)),
)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), "early"),
        (datetime(2027, 1, 1, tzinfo=UTC), "open"),
        (datetime(2027, 12, 31, 23, 59, tzinfo=UTC), "open"),
        (datetime(2028, 1, 1, tzinfo=UTC), "over"),
    ],
)
def test_the_last_day_is_a_whole_day(at: datetime, expected: str) -> None:
    """Between its dates it is open whatever else it asks for; before and after it is not."""
    assert term(policy(UNTIL, FROM, *OTHERS), at) == expected
    both = Logical(connective="and", operands=(UNTIL, FROM))
    assert term(policy(both, *OTHERS), at) == expected


def test_without_dates_it_is_open() -> None:
    """And one permission whose time is not over is enough."""
    long_after = datetime(2040, 1, 1, tzinfo=UTC)
    assert term(policy(*OTHERS), long_after) == "open"
    assert term(policy(UNTIL, second=OTHERS[0]), long_after) == "open"
    either = Logical(connective="or", operands=(UNTIL, OTHERS[0]))
    assert term(policy(either), long_after) == "open"
    assert term(policy(UNTIL), long_after) == "over"
