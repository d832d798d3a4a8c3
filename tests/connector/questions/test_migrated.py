"""What was asked before there was one table: listed and given again as it was.

On PostgreSQL, too; totals are asked and resumed in `tests.connector.cohort.test_migrated`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from connector.areas.cohort.total import Total
from connector.areas.questions import listed
from connector.areas.questions.asked import attempt
from tests.asking import as_before_0008

if TYPE_CHECKING:
    from tests.connector.questions.market import Market


def json_text(value: object) -> str:
    """Write a value as JSON in SQL; a colon would name a parameter."""
    return "'" + json.dumps(value).replace(":", "\\:") + "'"


TOTAL = "SELECT SUM(qty) FROM deliveries"
SEVERAL = ("a", "b", "c")
OLD_TOTAL = f"""
INSERT INTO cohort_ask (session, question, state, agreements, asked, session_jws, question_json,
  described, acceptances, cleared_jws, contributions, outcome_jws, answer, reasons, deadline,
  asked_ms, ended_ms)
VALUES ('session-1', 'question-1', 'ANSWERED', {json_text({did: f"of-{did}" for did in SEVERAL})},
  {json_text([[f"of-{did}" for did in SEVERAL], TOTAL, "credit"])}, 's', 'q', '[]',
  {json_text({did: {"usage": {"used": 1}, "acceptance": "x"} for did in SEVERAL})}, 'c', '{{}}', 'o',
  {json_text({"cells": []})}, '[]', 7, 5, 6)
"""


def test_questions_of_the_old_table_are_listed_and_repeated(market: Market) -> None:
    """One answered, one refused: the list is the same, the answer is given from here."""
    agreement = market.agreement()
    done = market.answer(agreement, TOTAL, questionId="urn:uuid:done-1")
    market.clock.advance(1)
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


def test_a_total_of_the_old_table_is_an_asked_question(market: Market) -> None:
    """Question, agreements, state, answer and usage stand in its row; the session keeps the rest."""
    node = market.consumer.node
    as_before_0008(node, also=OLD_TOTAL)
    (row,) = listed(node, (Total(),))["totals"]
    agreements = {did: f"of-{did}" for did in SEVERAL}
    assert row == {
        "questionId": "question-1",
        "session": "session-1",
        "state": "answered",
        "agreements": agreements,
        "mode": "homomorphic",
        "reasons": [],
        "asked": 5,
        "ended": 6,
    }
    with node.db.reading() as session:
        found = attempt(session, "session-1")
    assert found is not None
    assert (found.sql, found.purpose, found.why) == (TOTAL, "credit", "plan.several")
    told = Total().told(node, found)
    assert told.answer == {"cells": []}
    assert told.usage == {did: {"used": 1} for did in SEVERAL}
    as_before_0008(node)
    assert listed(node, (Total(),))["totals"] == [row]
