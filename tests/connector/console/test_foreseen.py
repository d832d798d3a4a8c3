"""What is said before asking is true of the question: another measure or a filter is another thing."""

from __future__ import annotations

import pytest

from connector.compose.asking_operations import Ask
from connector.compose.pages import workbench_words as w
from connector.compose.pages.asking_now import Checked
from connector.compose.pages.foreseen import foreseen

PAGE = {
    "margins": [
        {
            "dimensions": ["region"],
            "groups": 9,
            "released": 7,
            "measures": {"amount": 3, "net_amount": 6},
        }
    ]
}


def margin(sql: str, outputs: list[str]) -> str:
    body = Ask(agreements=("urn:a",), sql=sql, purpose="planning")
    found = {"allowed": True, "dimensions": ["region"], "outputs": outputs}
    made = foreseen(Checked("p", body, found), PAGE, {}, "en")
    return made["margin"].said("en")


def test_only_measures_of_the_question_are_named():
    sql = "SELECT region, SUM(net_amount) FROM t GROUP BY region"
    said = margin(sql, ["net_amount:sum"])
    assert "sums of net_amount of 6" in said
    assert "of amount" not in said


def test_a_count_has_no_sums():
    said = margin("SELECT region, COUNT(amount) FROM t GROUP BY region", ["amount:count"])
    assert "counts of 7" in said
    assert "sums" not in said


@pytest.mark.parametrize("where", ["region = 'EAST'", "region IN ('EAST', 'WEST')"])
def test_a_filter_makes_it_another_grouping(where: str):
    """Of nine cells that are published one or two are asked for: nothing is known of how many."""
    sql = f"SELECT region, SUM(amount) FROM t WHERE {where} GROUP BY region"
    assert margin(sql, ["amount:sum"]) == w.MARGIN_UNKNOWN.said("en")
