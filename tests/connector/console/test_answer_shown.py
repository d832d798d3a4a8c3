"""An answer on a page is the signed one: figures to the last digit, nothing withheld that is not."""

from __future__ import annotations

from typing import Any

import pytest

from connector.compose.pages.answer_shown import answer_shown

SQL = "SELECT region, ship_mode, SUM(price) FROM deliveries GROUP BY region, ship_mode"


def cell(region: str, mode: str, price: str | None = None, **more: Any) -> dict[str, Any]:
    values = {} if price is None else {"values": {"price:sum": price}}
    return {"key": {"region": region, "ship_mode": mode}, **values, **more}


def shown(
    sql: str, cells: list[dict[str, Any]], withheld: list[dict[str, Any]], language: Any
) -> str:
    keys = cells[0]["key"]
    answer = {
        "dimensions": [{"name": name} for name in keys],
        "outputs": [{"name": "price:sum", "unit": "CNY"}],
        "cells": cells,
        "withheld": withheld,
        "minimumContributors": 5,
        "bounds": {},
        "dataVersion": {"number": 1},
    }
    found = answer_shown(sql, answer, language, path="/q", start=0, names={})
    (chart,) = found["charts"]
    return str(chart)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_the_answer_does_not_hold_is_not_withheld(language):
    """LIMIT and filters leave pairs of codes out; an empty cell has nothing to be withheld."""
    cells = [cell("EAST", "AIR", "10.50"), cell("WEST", "RAIL", "7.25")]
    withheld = [
        cell("EAST", "RAIL", reason="blocked"),
        cell("EAST", "SHIP", reason="empty"),
    ]
    chart = shown(SQL, cells, withheld, language)
    assert chart.count('class="withheld"') == 1
    table = chart[chart.index("<tbody>") :]
    assert table.count(">" + ("被扣下" if language == "zh" else "withheld") + "<") == 1
    assert table.count(">–<") == 3


def test_a_chart_has_the_figures_of_the_answer():
    sql = "SELECT region, SUM(price) FROM deliveries GROUP BY region"
    figures = {"EAST": "1234567.25", "WEST": "9007199254740993.01"}
    cells = [
        {"key": {"region": region}, "values": {"price:sum": price}}
        for region, price in figures.items()
    ]
    chart = shown(sql, cells, [], "en").replace(",", "")
    for figure in figures.values():
        assert f'<td class="number">{figure}</td>' in chart
    assert "e+" not in chart
