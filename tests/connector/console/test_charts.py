"""Charts: hostile labels are text, figures stand in a table, nothing is styled in place."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from decimal import Decimal

import pytest

from connector.console import charts
from connector.console.charts import Cell, Moment

EVIL = '<b>"x\u202e'
DRAWN = {
    "stacked": charts.stacked(EVIL, "d", [(EVIL, [1, 2])], ["a", EVIL]),
    "bullet": charts.bullet(EVIL, "d", spent=1, limit=4, after=2),
    "heat": charts.heat(EVIL, "d", ["c", EVIL], [(EVIL, [Cell(3, "3"), Cell(None, EVIL)])]),
    "timeline": charts.timeline(EVIL, "d", [Moment(EVIL), Moment("end", gap=True)]),
    "intervals": charts.intervals(EVIL, "d", [(EVIL, 2.5, 1, 4)], ["l", "v", "from", "to"]),
}


@pytest.mark.parametrize("name", sorted(DRAWN))
def test_a_chart_is_well_formed_and_holds_its_figures(name: str):
    drawn = str(DRAWN[name])
    tree = ET.fromstring(drawn)
    assert "<b>" not in drawn
    assert "\u202e" not in drawn
    assert "style=" not in drawn
    svg = tree.find("svg")
    assert svg is not None
    assert [one.tag for one in svg][:2] == ["title", "desc"]
    assert tree.find(".//table/tbody/tr") is not None


def test_a_heat_map_has_a_most():
    row = ("r", [Cell(1, "1")] * 601)
    with pytest.raises(ValueError, match="too many"):
        charts.heat("t", "d", ["c"] * 601, [row])


def test_decimals_are_written_to_their_last_digit():
    """The table of a chart holds the figures themselves, neither rounded nor as powers of ten."""
    figures = ("1234567.25", "9007199254740993", "0.10", "12345678901234567890123456789012345.67")
    bars = [(text, (Decimal(text),)) for text in figures]
    table = ET.fromstring(str(charts.stacked("t", "d", bars, ["k"]))).find(".//table/tbody")
    assert table is not None
    assert [cell.text.replace(",", "") for cell in table.iter("td")] == list(figures)


def test_where_there_is_no_cell_nothing_is_crossed():
    row = [Cell(1, "1"), Cell(None, "withheld"), Cell(None, "–", absent=True)]
    drawn = str(charts.heat("t", "d", ["a", "b", "c"], [("r", row)]))
    assert drawn.count('class="withheld"') == 1
    assert drawn.count("<rect") == 2
    assert '<td class="number">–</td>' in drawn
