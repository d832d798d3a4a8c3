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
    ],
    "table": {"minimumContributors": 5, "dimensions": [{"name": "region", "groups": True}]},
    "offers": [],
}


def margin(sql: str, outputs: list[str]) -> str:
    body = Ask(agreements=("urn:a",), sql=sql, purpose="planning")
    found = {"allowed": True, "dimensions": ["region"], "outputs": outputs}
    made = foreseen(Checked("p", body, found), PAGE, {}, "en")
    return "; ".join(one.said("en") for one in made["margins"])


def test_only_measures_of_the_question_are_named():
    sql = "SELECT region, SUM(net_amount) FROM t GROUP BY region"
    said = margin(sql, ["net_amount:sum"])
    assert "SUM(net_amount) is shown of 6 of the 9 groups" in said
    assert "SUM(amount)" not in said


def test_a_count_has_no_sums():
    said = margin("SELECT region, COUNT(*) FROM t GROUP BY region", ["*:count"])
    assert "COUNT(*) is shown of 7 of the 9 groups" in said
    assert "SUM" not in said


def test_how_many_rows_have_a_value_is_not_published():
    sql = "SELECT region, COUNT(amount) FROM t GROUP BY region"
    assert margin(sql, ["amount:count"]) == w.MARGIN_UNKNOWN.said("en")


@pytest.mark.parametrize("where", ["region = 'EAST'", "region IN ('EAST', 'WEST')"])
def test_a_filter_makes_it_another_grouping(where: str):
    """Of nine cells that are published one or two are asked for: nothing is known of how many."""
    sql = f"SELECT region, SUM(amount) FROM t WHERE {where} GROUP BY region"
    said = margin(sql, ["amount:sum"])
    assert said.startswith("with WHERE it is not known before")
    assert "is shown of" not in said
