"""What is said of margins follows from what is published, names what shows a figure, and else none."""

from __future__ import annotations

from typing import Any

import pytest

from connector.client.answer import Answer
from connector.client.margin_words import foreseen_margins, helpful_margins
from crypto.words import LANGUAGES
from policies.margins import askable
from tests.connector.client.samples import SQL, reply


def margin(*dimensions: str, groups: int, **measures: int) -> dict[str, Any]:
    return {
        "dimensions": list(dimensions),
        "groups": groups,
        "released": measures.pop("rows", groups),
        "measures": measures,
    }


MARGINS = [
    margin(groups=1, qty=0, price=0),
    margin("quarter", groups=4, qty=1, price=4),
    margin("mode", groups=8, qty=0, price=0),
    margin("quarter", "mode", groups=32, qty=20, price=0, rows=30),
]
NOWHERE = [margin(groups=1, qty=0), margin("mode", groups=8, qty=0)]
TOTAL = "SELECT SUM(qty) FROM t"


def foreseen(sql: str, *outputs: str, margins: Any = MARGINS, tongue: Any = "en") -> list[str]:
    return [one.said(tongue) for one in foreseen_margins(sql, {"outputs": outputs}, margins)]


def test_before_it_is_asked_it_is_said_that_nothing_is_shown() -> None:
    """Of everything together, and where no grouping has it."""
    assert foreseen(TOTAL, "qty:sum", "price:avg") == [
        "the provider publishes: SUM(qty) is shown of 0 of the 1 group of this grouping",
        "SUM(qty) is shown, without WHERE, by quarter + mode (20 of 32), by quarter (1 of 4)",
        "the provider publishes: SUM(price) is shown of 0 of the 1 group of this grouping",
        "SUM(price) is shown, without WHERE, by quarter (all 4 groups)",
    ]
    assert foreseen(TOTAL, "qty:sum", margins=NOWHERE)[1:] == [
        "no published grouping that you may ask for shows SUM(qty)"
    ]
    assert foreseen(TOTAL, "qty:sum", margins=NOWHERE, tongue="zh")[1:] == [
        "提供方公布的可问分组都不显示 SUM(qty)"
    ]


def test_what_is_whole_needs_no_advice() -> None:
    """Whatever the case and the order of the names."""
    said = foreseen("SELECT SUM(Price) FROM t GROUP BY QUARTER", "Price:sum")
    assert said == [
        "the provider publishes: SUM(Price) is shown of 4 of the 4 groups of this grouping"
    ]


def test_of_what_is_not_published_nothing_is_said() -> None:
    """Another measure, no margins, a text that is no question."""
    assert not foreseen("SELECT SUM(other) FROM t", "other:sum")
    assert not foreseen(TOTAL, "qty:sum", margins=[])
    assert not foreseen("not a question", "qty:sum")


@pytest.mark.parametrize("tongue", LANGUAGES)
def test_an_answer_names_what_shows_what_it_lacks(tongue: Any) -> None:
    """By the published margins alone: two answers that lack the same are advised the same."""
    found = reply()
    found["margins"] = [margin("mode", groups=2, price=2), margin("year", groups=3, price=1)]
    answer = Answer(found, SQL, tongue, {})
    said = (
        "SUM(price) is shown, without WHERE, by mode (all 2 groups), by year (1 of 3)"
        if tongue == "en"
        else "不加 WHERE 时显示 SUM(price) 的分组：按 mode（全部 2 组）、按 year（3 组中的 1 组）"
    )
    assert said in answer.notes
    other = reply()["answer"]
    for cell in other["cells"]:
        cell["values"] = {k: v and v + "7" for k, v in cell["values"].items()}
    names = [column.source for column in answer.columns if column.role == "aggregate"]
    here = helpful_margins(found["answer"], names, found["margins"])
    there = helpful_margins(other, names, found["margins"])
    assert [one.said(tongue) for one in here] == [one.said(tongue) for one in there]


def test_no_advice_is_to_group_by_less() -> None:
    """Whether less helps is not known of a grouping; the words of a status do not say so."""
    answer = Answer(reply(), SQL, "en", {})
    told = " ".join(row.why for row in answer.rows) + " ".join(answer.notes)
    assert "group by less" not in told
    assert "another aggregate" not in told


def test_only_what_the_contract_lets_one_ask_for_is_advised() -> None:
    """A dimension that is not granted, or only filters, is grouped by in no advice."""
    page: dict[str, Any] = {
        "table": {
            "minimumContributors": 5,
            "dimensions": [
                {"name": "quarter", "groups": True},
                {"name": "mode", "groups": False},
                {"name": "year", "groups": True},
            ],
        },
        "margins": [*MARGINS, margin("year", groups=2, qty=2)],
        "offers": [{"dimensions": [], "minimumContributors": 5}],
    }
    assert [one["dimensions"] for one in askable(page)] == [[], ["quarter"], ["year"]]
    page["offers"] = [{"dimensions": ["quarter", "mode"], "minimumContributors": 5}]
    assert [one["dimensions"] for one in askable(page)] == [[], ["quarter"]]
    page["offers"][0]["minimumContributors"] = 6
    assert askable(page) == [], "of six contributors nothing is published"
    assert askable({"table": None, "margins": [], "offers": []}) == []
