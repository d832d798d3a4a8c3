"""Whether an answer is too large is decided by what it takes at most, never by its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from connector.areas.questions.answers import masked_cells
from connector.areas.questions.enforcement import decide_question
from crypto.canonical import canonical

if TYPE_CHECKING:
    from tests.connector.questions.market import Market

GROUPED = "SELECT year, ship_mode, SUM(qty), AVG(price), COUNT(*) FROM deliveries"
BY = " GROUP BY year, ship_mode"


def _cells(market: Market, agreement: str, sql: str):
    node = market.provider.node
    with node.db.reading() as session:
        granted = decide_question(
            session,
            node,
            node.clock.now(),
            caller=market.consumer.did,
            agreement_id=agreement,
            sql=sql,
            purpose="https://w3id.org/voile/ns/purpose/capacityPlanning",
            mode="masked",
            charged_as=lambda _meaning: "",
        )
    return masked_cells(granted)


@pytest.mark.parametrize("end", ["", " ORDER BY year DESC LIMIT 2", " LIMIT 1"])
def test_no_answer_is_larger_than_is_said_beforehand(market: Market, end: str):
    """The bound holds for what is then written, with the largest cells where LIMIT takes few."""
    cells = _cells(market, market.agreement(), GROUPED + BY + end)
    assert cells.released
    written = sum(len(canonical(cell)) + 1 for cell in cells.released)
    assert written <= cells.most_bytes


def test_what_having_lets_through_does_not_move_the_bound(market: Market):
    """All cells pass, some, or none: the bound is the same, so a refusal tells of no figure."""
    agreement = market.agreement()
    bounds = {}
    for least in (-1, 500, 10**9):
        having = f" HAVING SUM(qty) > {least}"
        cells = _cells(market, agreement, GROUPED + BY + having)
        bounds[len(cells.released)] = cells.most_bytes
    assert len(bounds) > 1, "the thresholds let different cells through"
    assert len(set(bounds.values())) == 1
