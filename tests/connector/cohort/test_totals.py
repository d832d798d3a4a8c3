"""A total over three suppliers, from the owner's command to the verified answer."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.connector.cohort.alliance import Alliance


def test_totals_equal_the_plaintext_to_the_last_unit(alliance: Alliance) -> None:
    """SUM, AVG and COUNT over three suppliers are exactly those of all their rows together."""
    outcome = alliance.answer(alliance.agreements())
    answer = outcome["answer"]
    plain = alliance.plain()
    released = {cell["key"]["brand"]: cell["values"] for cell in answer["cells"]}
    # one plant alone has D4 at one supplier, so D4 and a neighbour, A1, are one safe cell there
    assert set(released) == {"B2", "C3"}
    for brand, values in released.items():
        rows = plain[brand]
        costs = [Decimal(row[3]) for row in rows]
        mean = (sum(costs) / len(costs)).quantize(Decimal("1e-8"), ROUND_HALF_EVEN)
        assert values["available:sum"] == str(sum(row[2] for row in rows))
        assert values["*:count"] == str(len(rows))
        assert values["cost:avg"] == str(mean)
    assert {cell["key"]["brand"] for cell in answer["withheld"]} == {"A1", "D4", "E5"}
    assert outcome["mode"] == "homomorphic"
    assert {usage["left"] for usage in outcome["usage"].values()} == {9}
