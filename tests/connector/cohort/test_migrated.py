"""Totals asked before there was one table: listed, given again, and brought to their end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from connector.areas.cohort.total import resume
from tests.asking import as_before_0008

if TYPE_CHECKING:
    from connector.process.ports import Response
    from tests.connector.cohort.alliance import Alliance


@pytest.mark.long
def test_totals_of_the_old_table_are_listed_repeated_and_resumed(alliance: Alliance) -> None:
    """One answered, one refused, one cut off on its way: the last is answered after the migration."""
    agreements = alliance.agreements()
    done = alliance.answer(agreements, question_id="question-1")
    alliance.reasons(agreements, purpose="credit", question_id="question-2")
    net = alliance.buyer.net

    def dies(_method: str, to: str, _body: bytes) -> Response | None:
        if to.endswith("/roster"):
            raise KeyboardInterrupt  # the process ends here
        return None

    net.fault = dies
    try:
        alliance.ask(agreements, question_id="question-3")
    except KeyboardInterrupt:
        pass
    else:
        raise AssertionError("it was not cut off")
    net.fault = None
    node, before = alliance.buyer.node, alliance.buyer.manage("GET", "/v1/questions")[1]
    assert {row["state"] for row in before["totals"]} == {"answered", "ended", "asked"}
    as_before_0008(node)
    assert alliance.buyer.manage("GET", "/v1/questions")[1] == before
    again = alliance.answer(agreements, question_id="question-1")
    assert again["repeated"] is True
    assert {again[name] == done[name] for name in ("answer", "signature", "usage")} == {True}
    assert resume(node) == 1
    shown = alliance.buyer.manage("GET", "/v1/questions")[1]["totals"]
    assert {row["questionId"]: row["state"] for row in shown}["question-3"] == "answered"
    answer = alliance.answer(agreements, question_id="question-3")
    assert answer["repeated"] is True
    assert answer["answer"]["cells"] == done["answer"]["cells"]
