"""A masked question from the owner's command to the verified answer, through both real connectors."""

from __future__ import annotations

from collections import defaultdict
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING

from tests.connector.questions.market import rows

if TYPE_CHECKING:
    from tests.connector.questions.market import Market

BY_YEAR = (
    "SELECT year, COUNT(*) AS n, SUM(qty), SUM(price), AVG(price) FROM deliveries GROUP BY year"
)


def test_released_numbers_equal_the_plaintext_to_the_last_unit(market: Market) -> None:
    """COUNT, SUM and AVG per year are exactly those of the rows, as decimal texts with units."""
    outcome = market.answer(market.agreement(), BY_YEAR)
    plain: dict[str, list[Decimal]] = defaultdict(list)
    for row in rows():
        plain[str(row.year)].append(Decimal(row.price))
    answer = outcome["answer"]
    assert [cell["key"] for cell in answer["cells"]] == [
        {"year": str(y)} for y in range(1992, 1996)
    ]
    for cell in answer["cells"]:
        prices = plain[cell["key"]["year"]]
        mean = (sum(prices) / len(prices)).quantize(Decimal("1e-8"), ROUND_HALF_EVEN)
        assert cell["values"]["*:count"] == str(len(prices))
        assert cell["values"]["price:sum"] == str(sum(prices))
        assert cell["values"]["price:avg"] == str(mean)
    assert answer["withheld"] == []
    assert {o["name"]: o["unit"] for o in answer["outputs"]}["price:sum"] == "CNY"
    assert outcome["usage"] == {"used": 1, "limit": 12, "left": 11}
    assert outcome["mode"] == "masked"
    assert outcome["why"]["code"] == "plan.only-granted"


def test_a_lonely_customer_is_never_alone_in_a_released_cell(market: Market) -> None:
    """The cell of one customer is withheld, and the answer names the codes it would come with."""
    agreement = market.agreement()
    sql = "SELECT year, ship_mode, SUM(qty) FROM deliveries WHERE region = 'WEST' GROUP BY 1"
    assert market.reasons(agreement, sql) == ["question.group-by"]
    sql = sql.replace("GROUP BY 1", "GROUP BY year, ship_mode")
    answer = market.answer(agreement, sql)["answer"]
    (withheld,) = answer["withheld"]
    assert withheld["key"] == {"year": "1995", "ship_mode": "RAIL"}
    assert withheld["reason"] == "merged"
    assert withheld.get("widen") or withheld.get("togetherWith")
    assert len(answer["cells"]) == 11
