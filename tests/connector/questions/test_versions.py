"""Answers after a refresh: which parts stand at which data version, and the declared bounds."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from connector.client.answer_words import said_of_bounds
from connector.faces.cli.answer_table import AnswerTable
from tests.connector.questions.market import Row, publish_deliveries, rows

if TYPE_CHECKING:
    from pathlib import Path

    from tests.connector.questions.market import Market

IN_1992 = "SELECT COUNT(*), SUM(qty) FROM deliveries WHERE year = 1992"
NEW = [
    Row(5, 1992, "AIR", "EAST", 9, "1.00"),  # one customer's change: held
    *(Row(customer, 1992, "SHIP", "WEST", 2, "1.00") for customer in range(1, 60)),
]


@pytest.fixture
def refreshed(market: Market, tmp_path: Path) -> Market:
    """The market at data version 2, of which one base cell still stands at version 1."""
    publish_deliveries(market.provider, tmp_path, more=NEW, mixed=True)
    return market


def test_what_is_of_two_versions_is_not_added_up_unless_the_owner_says_so(
    market: Market, tmp_path: Path
) -> None:
    """By default it is withheld, and says which parts are of which version: those are given."""
    publish_deliveries(market.provider, tmp_path, more=NEW)
    agreement = market.agreement()
    answer = market.answer(agreement, IN_1992)["answer"]
    assert answer["cells"] == []
    (cell,) = answer["withheld"]
    assert cell["reason"] == "mixed"
    named = {"year": "1992", "ship_mode": "AIR", "region": "EAST"}
    assert cell["versions"] == [{"number": 1, "parts": [named]}, {"number": 2}]
    parts = market.answer(agreement, f"{IN_1992} AND ship_mode = 'AIR' AND region = 'EAST'")
    (part,) = parts["answer"]["cells"]
    assert part["asOf"] == 1


def cells(market: Market, offer: str, sql: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = market.answer(market.agreement(offer), sql)["answer"]["cells"]
    return found


def test_a_total_of_two_versions_names_them(refreshed: Market) -> None:
    """The number is the new one without the held change; the part that is older is named."""
    (cell,) = cells(refreshed, "standard", IN_1992)
    shown = [row for row in (*rows(), *NEW[1:]) if row.year == 1992]
    assert cell["values"] == {"*:count": str(len(shown)), "qty:sum": str(sum(r.qty for r in shown))}
    assert "asOf" not in cell
    assert cell["versions"] == [
        {"number": 1, "parts": [{"year": "1992", "ship_mode": "AIR", "region": "EAST"}]},
        {"number": 2},
    ]


def test_what_stands_at_one_version_says_that_one(refreshed: Market) -> None:
    """AIR is the held cell and cells that did not change: version 1's number; SHIP is current."""
    sql = IN_1992.replace("SELECT", "SELECT ship_mode,") + " GROUP BY ship_mode"
    found = {cell["key"]["ship_mode"]: cell for cell in cells(refreshed, "standard", sql)}
    assert found["AIR"]["asOf"] == 1
    air = [row for row in rows() if (row.year, row.ship_mode) == (1992, "AIR")]
    assert found["AIR"]["values"]["*:count"] == str(len(air))
    assert not {"asOf", "versions"} & {*found["SHIP"], *found["RAIL"]}
    assert "versions" not in found["AIR"]


def test_parts_are_named_by_what_the_contract_grants(refreshed: Market) -> None:
    """No dimension that could not be asked for; nothing where a larger group is demanded."""
    (narrow,) = cells(refreshed, "narrow", IN_1992)
    assert narrow["versions"][0]["parts"] == [{"year": "1992", "ship_mode": "AIR"}]
    (strict,) = cells(refreshed, "strict", IN_1992)
    assert strict["versions"] == [{"number": 1, "parts": []}, {"number": 2}]


@pytest.mark.long
@pytest.mark.parametrize(
    ("offer", "tongue", "note"),
    [
        ("standard", "en", "data version 2, but EAST/AIR/1992 as of 1"),
        ("standard", "zh", "数据版本 2，但EAST/AIR/1992 仍为版本 1"),
        ("strict", "en", "data version 2, but a part as of 1"),
        ("strict", "zh", "数据版本 2，但一部分仍为版本 1"),
    ],
)
def test_the_table_and_the_csv_say_so(
    refreshed: Market, offer: str, tongue: Any, note: str
) -> None:
    """A person reads both versions in the note; so does whoever takes the CSV."""
    answer = refreshed.answer(refreshed.agreement(offer), IN_1992)["answer"]
    table = AnswerTable(IN_1992, answer, tongue)
    console = Console(width=200, record=True, file=io.StringIO())
    console.print(table.rich())
    assert note in console.export_text()
    (row,) = csv.DictReader(io.StringIO(table.csv()))
    assert row["note"] == note


def test_every_answer_tells_its_bounds(market: Market) -> None:
    """Each measure asked for with what was declared, though nothing is clamped; none for counts."""
    agreement = market.agreement()
    sql = "SELECT AVG(price), SUM(qty), SUM(price) FROM deliveries"
    answer = market.answer(agreement, sql)["answer"]
    assert answer["measures"] == [
        {"name": "qty", "unit": "pcs", "lower": "0", "upper": "50"},
        {"name": "price", "unit": "CNY", "lower": "0", "upper": "10000"},
    ]
    said = "qty [0, 50] pcs; price [0, 10000] CNY"
    for tongue in ("en", "zh"):
        assert said_of_bounds(answer, tongue).endswith(said)  # type: ignore[arg-type]
    (row,) = csv.DictReader(io.StringIO(AnswerTable(sql, answer, "en").csv()))
    assert row["bounds"] == said
    only_rows = market.answer(agreement, "SELECT COUNT(*) FROM deliveries")["answer"]
    assert only_rows["measures"] == []
    assert said_of_bounds(only_rows, "en") == ""


def test_bounds_do_not_depend_on_the_rows(market: Market, tmp_path: Path) -> None:
    """Whether a value was clamped shows nowhere: neither in the answer nor in the catalogue."""
    agreement, sql = market.agreement(), "SELECT SUM(qty) FROM deliveries WHERE year = 1994"
    plain = market.answer(agreement, sql)["answer"]
    publish_deliveries(market.provider, tmp_path, more=[Row(9, 1994, "AIR", "EAST", 51, "1.00")])
    clamped = market.answer(agreement, sql)["answer"]
    assert clamped["dataVersion"]["number"] == 2
    assert clamped["measures"] == plain["measures"]
    path = "/v1/catalog"
    status, shown = market.consumer.manage("POST", path, {"provider": market.provider.did})
    assert status == 200
    assert "clamped" not in str(shown)


def test_answers_without_bounds_are_believed(market: Market) -> None:
    """A connector that does not tell bounds yet is understood; the asker reads that it does not."""
    with market.altering(lambda payload: payload.pop("measures"), resign=True):
        answer = market.answer(market.agreement(), "SELECT SUM(qty) FROM deliveries")["answer"]
    assert "measures" not in answer
    assert said_of_bounds(answer, "en") == "this provider does not tell its bounds"
