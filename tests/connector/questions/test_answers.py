"""Numbers as they leave, and the table and CSV that an asker sees."""

from __future__ import annotations

import csv
import io
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from connector.areas.questions.decimals import decimal_text, round_half_even
from connector.client.answer_words import said_of_bounds
from connector.faces.cli.answer_table import AnswerTable, escaped, even
from connector.faces.cli.client import printable


@given(st.integers(-(10**20), 10**20), st.integers(1, 10**9))
def test_rounding_is_half_to_even(numerator: int, denominator: int) -> None:
    """The nearest whole number, the even one of two, also below zero: as Python's own `round`."""
    assert round_half_even(numerator, denominator) == round(Fraction(numerator, denominator))


@given(st.integers(-(10**30), 10**30), st.integers(0, 12))
def test_texts_are_exact(value: int, scale: int) -> None:
    """The text has all its decimal places and stands for exactly the integer at its scale."""
    text = decimal_text(value, scale)
    assert Fraction(text) == Fraction(value, 10**scale)
    assert len(text.partition(".")[2]) == scale
    assert "E" not in text


def test_ties_at_the_last_place() -> None:
    """1/2 and 3/2 at scale 0 go to 0 and 2; what `decimal` does with the same rule."""
    for numerator in (1, 3, 5, -1, -3):
        expected = (Decimal(numerator) / 2).quantize(Decimal(1), ROUND_HALF_EVEN)
        assert round_half_even(numerator, 2) == expected


ANSWER: dict[str, Any] = {
    "dimensions": [{"name": "year", "unit": ""}, {"name": "ship_mode", "unit": ""}],
    "outputs": [
        {"name": "*:count", "unit": ""},
        {"name": "price:sum", "unit": "CNY"},
        {"name": "price:avg", "unit": "CNY"},
    ],
    "minimumContributors": 5,
    "measures": [{"name": "price", "unit": "CNY", "lower": "0.00", "upper": "900.00"}],
    "cells": [
        {
            "key": {"year": "1994", "ship_mode": "=cmd"},
            "status": "released",
            "values": {"*:count": "12345", "price:sum": "-123456.50", "price:avg": None},
        },
        {
            "key": {"year": "1995", "ship_mode": "AIR"},
            "status": "released",
            "values": {"*:count": "1", "price:sum": "2.00", "price:avg": "2.00"},
            "asOf": 3,
        },
    ],
    "withheld": [
        {
            "key": {"year": "1995", "ship_mode": "RAIL"},
            "reason": "protected",
            "togetherWith": [{"year": "1995", "ship_mode": "SHIP"}],
            "widen": {"region": ["EAST"]},
        },
        {"key": {"year": "1996", "ship_mode": "RAIL"}, "reason": "minGroupSize"},
    ],
}
SQL = (
    "SELECT ship_mode AS mode, AVG(price) AS mean, SUM(price), COUNT(*) FROM deliveries "
    "GROUP BY year, ship_mode"
)


def test_columns_follow_the_question_and_carry_units() -> None:
    """Order and names are the question's; an unselected dimension still tells cells apart."""
    found = list(csv.reader(io.StringIO(AnswerTable(SQL, ANSWER, "en").csv())))
    assert found[0] == [
        "year",
        "mode",
        "mean [CNY]",
        "SUM(price) [CNY]",
        "COUNT(*)",
        "mean [CNY] status",
        "SUM(price) [CNY] status",
        "COUNT(*) status",
        "status",
        "note",
        "bounds",
    ]
    bounds = "price [0.00, 900.00] CNY"
    shown = ["1994", "'=cmd", "", "-123456.50", "12345", "empty", "released", "released"]
    assert found[1] == [*shown, "released", "", bounds]
    assert found[2][-2] == "as of data version 3"
    assert found[3][-2] == "released only together with SHIP, region EAST"
    few = "fewer than the 5 contributors that the contract asks for"
    assert found[4][-3:] == ["withheld", few, bounds]


def test_answers_of_older_connectors_claim_no_version() -> None:
    """They tell the version of the oldest part only, and no bounds: both are said."""
    answer = {name: told for name, told in ANSWER.items() if name != "measures"}
    found = list(csv.reader(io.StringIO(AnswerTable(SQL, answer, "en").csv())))
    assert found[2][-2:] == ["a part is as of data version 3", ""]
    assert said_of_bounds(answer, "en") == "this provider does not tell its bounds"


def test_one_column_has_one_form() -> None:
    """As many places in each row, thousands apart in all rows or in none, the digits unchanged."""
    assert even(["1.5", "1.50", "-12345", "–"]) == ["1.50", "1.50", "-12,345.00", "–"]
    assert even(["1234", "5"]) == ["1234", "5"]
    assert even(["1234", "98765"]) == ["1,234", "98,765"]
    assert even(["-0.25", "×"]) == ["-0.25", "×"]
    assert even([]) == []


@given(st.lists(st.decimals(allow_nan=False, allow_infinity=False, places=3).map(str)))
def test_even_figures_are_the_same_numbers(texts: list[str]) -> None:
    """What is printed differs from the answer in form only."""
    shown = even([text for text in texts if "E" not in text])
    assert [Decimal(t.replace(",", "")) for t in shown] == [
        Decimal(text) for text in texts if "E" not in text
    ]
    assert len({len(text.partition(".")[2]) for text in shown}) <= 1


def test_the_table_shows_values_and_what_is_withheld() -> None:
    """Numbers with their thousands apart; withheld cells at the end with the reason, also in zh."""
    for tongue, note in (("en", "released only together with"), ("zh", "须与 SHIP")):
        console = Console(width=200, record=True, file=io.StringIO())
        console.print(AnswerTable(SQL, ANSWER, tongue).rich())  # type: ignore[arg-type]
        text = console.export_text()
        assert "-123,456.50" in text
        assert "12,345" in text
        assert note in text


def test_a_peers_text_does_not_steer_the_terminal() -> None:
    """Escape sequences in a code, and brackets in a unit, are shown and not obeyed."""
    assert printable("A\x1b[31mB\u202e") == "A\ufffd[31mB\ufffd"
    console = Console(width=200, record=True, file=io.StringIO())
    console.print(AnswerTable(SQL, ANSWER, "en").rich())
    assert "SUM(price) [CNY]" in console.export_text()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-a", "@x", "\tx", "\rx", "-1+2"])
def test_cells_that_look_like_formulas_are_escaped(text: str) -> None:
    """What a spreadsheet would run gets a quote in front; plain numbers stay numbers."""
    assert escaped(text) == "'" + text
    assert escaped("-12.5") == "-12.5"
    assert escaped("AIR") == "AIR"
