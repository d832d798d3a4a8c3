"""For which purposes a policy lets one ask: as deciding has it, purpose by purpose."""

from __future__ import annotations

import pytest

from policies.model import Atomic, Logical, Policy, Rule
from policies.profile import COUNT, PURPOSE, PURPOSES, QUERY, purpose_iri
from policies.purposes import purposes_granted

OWN = "https://example.org/purpose/safety"


def atomic(operator: str, *names: str) -> Atomic:
    return Atomic(PURPOSE, operator, tuple(map(purpose_iri, names)), listed=len(names) > 1)


def granted(permits: list[Rule], bans: list[Rule] | None = None) -> list[str]:
    policy = Policy(
        kind="Offer", uid="urn:o", permissions=tuple(permits), prohibitions=tuple(bans or ())
    )
    prefix = purpose_iri("planning").removesuffix("planning")
    return [one.removeprefix(prefix) for one in purposes_granted(policy)]


def rule(*parts: Atomic | Logical, action: str = QUERY) -> Rule:
    return Rule(action=action, constraints=parts)


ALL = list(PURPOSES)
CASES = [
    ([rule(atomic("isAnyOf", "quality", "credit"))], [], ["quality", "credit"]),
    ([rule(atomic("eq", OWN))], [], [OWN]),
    ([rule(atomic("isA", "planning"))], [], ["planning", "capacityPlanning", "stockPlanning"]),
    ([rule(atomic("eq", "planning"))], [], ["planning"]),
    ([rule()], [], ALL),
    ([], [], []),
    ([rule(atomic("neq", "credit"))], [], [one for one in ALL if one != "credit"]),
    ([rule(atomic("eq", "quality")), rule(atomic("eq", "carbon"))], [], ["quality", "carbon"]),
    ([rule()], [rule(atomic("isA", "planning"))], ALL[3:]),
    ([rule()], [rule(atomic("eq", "credit"), Atomic(COUNT, "gt", ("5",)))], ALL),
    ([rule(action="read")], [], []),
    (
        [rule(Logical("or", (atomic("eq", "quality"), atomic("eq", "carbon"))))],
        [],
        ["quality", "carbon"],
    ),
    ([rule(Logical("and", (atomic("eq", "quality"), atomic("eq", "carbon"))))], [], []),
]


@pytest.mark.parametrize(("permits", "bans", "expected"), CASES)
def test_what_a_policy_grants_is_what_can_be_chosen(permits, bans, expected):
    assert granted(permits, bans) == expected
