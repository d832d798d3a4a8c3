"""What was asked of one provider before there was one table: listed and given again as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.asking import as_before_0008

if TYPE_CHECKING:
    from tests.connector.questions.market import Market

TOTAL = "SELECT SUM(qty) FROM deliveries"


def test_questions_of_the_old_table_are_listed_and_repeated(market: Market) -> None:
    """Answered, refused, and refused first: the list is the same, answers are given from here."""
    agreement = market.agreement()
    done = market.answer(agreement, TOTAL, questionId="urn:uuid:done-1")
    market.reasons(agreement, TOTAL, purpose="credit", questionId="urn:uuid:refused-1")
    before = market.consumer.manage("GET", "/v1/questions")[1]
    as_before_0008(market.consumer.node)
    assert market.consumer.manage("GET", "/v1/questions")[1] == before
    assert {row["state"] for row in before["questions"]} == {"answered", "refused"}
    again = market.answer(agreement, TOTAL, questionId="urn:uuid:done-1")
    assert again["repeated"] is True
    assert {again[name] == done[name] for name in ("answer", "signature", "usage")} == {True}
    status, body = market.ask(agreement, f"{TOTAL} WHERE year = 1992", questionId="urn:uuid:done-1")
    assert (status, body["error"]["code"]) == (409, "question-id-reused")
    told = market.reasons(agreement, TOTAL, purpose="credit", questionId="urn:uuid:refused-1")
    assert told == ["policy.purpose"]
