"""Offers laid side by side: a provider's lists may be as long as it likes."""

from __future__ import annotations

import time
from typing import Any

from catalog.page_offers import MOST_COMPARED, MOST_VALUES, differences


def offer(name: str, recipients: list[str]) -> dict[str, Any]:
    return {
        "id": name,
        "purposes": [{"name": "p"}],
        "modes": ["m"],
        "measures": [],
        "dimensions": [],
        "recipients": recipients,
        "cohort": [],
        "minCohort": 0,
        "count": None,
        "minimumContributors": 5,
        "from": [],
        "until": [],
    }


def test_long_lists_are_compared_in_no_time_and_named_in_part() -> None:
    """Eight offers of 20,000 recipients each: in seconds, and a bounded reply."""
    offers = [offer(f"o{i}", [f"did:web:{i}-{j}.example" for j in range(20_000)]) for i in range(9)]
    began = time.perf_counter()
    found = differences(offers, None)
    assert time.perf_counter() - began < 60
    assert len(found) == MOST_COMPARED * (MOST_COMPARED - 1)
    for one in found:
        (grants,) = one["grants"]
        assert (grants["of"], len(grants["values"])) == ("recipient", MOST_VALUES)
        assert grants["more"] == 20_000 - MOST_VALUES


def test_short_ones_are_named_whole() -> None:
    """In their order, and none is left out."""
    one, other = offer("a", ["did:web:x.example", "did:web:y.example"]), offer("b", ["did:web:z.e"])
    (there, back) = differences([one, other], None)
    assert there["grants"] == [{"of": "recipient", "values": one["recipients"], "more": 0}]
    assert back["grants"] == [{"of": "recipient", "values": ["did:web:z.e"], "more": 0}]
