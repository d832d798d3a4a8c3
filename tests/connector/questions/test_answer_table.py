"""The table and CSV of an answer of version 2: a status per output, in words, and what helps."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from rich.console import Console

from connector.areas.questions.verified_cells import STATUSES, check_cell, check_withheld
from connector.client.answer_notes import Notes
from connector.client.answer_words import said_of_cells
from connector.faces.cli.answer_table import AnswerTable
from policies.phrases import PHRASES

SQL = (
    "SELECT year, COUNT(*) AS n, SUM(fine), AVG(fine), COUNT(fine) FROM fines "
    "GROUP BY year HAVING SUM(fine) > 3"
)
NAMES = ("*:count", "fine:avg", "fine:count", "fine:sum")


def _values(**given: str) -> dict[str, str | None]:
    found: dict[str, str | None] = dict.fromkeys(NAMES)
    return found | {"*:count": "9", **{f"fine:{name}": text for name, text in given.items()}}


MERGED = {"togetherWith": [{"year": "1993"}], "widen": {"region": ["EAST"]}}
PARTLY = {
    "key": {"year": "1992"},
    "values": _values(count="4"),
    "statuses": {"fine:sum": "merged", "fine:avg": "merged"},
    "advice": {"fine:sum": MERGED, "fine:avg": MERGED},
    "asOf": 2,
}
NOTHING_TO_AVERAGE = {
    "key": {"year": "1991"},
    "values": _values(count="0", sum="0"),
    "statuses": {"fine:avg": "empty"},
}
WHITHER = {
    "key": {"year": "1994"},
    "reason": "having",
    "statuses": {"fine:sum": "withheld", "fine:avg": "withheld"},
}
ANSWER: dict[str, Any] = {
    "v": 2,
    "dimensions": [{"name": "year", "unit": ""}],
    "outputs": [{"name": name, "unit": ""} for name in NAMES],
    "minimumContributors": 9,
    "measures": [{"name": "fine", "unit": "", "lower": "0", "upper": "9"}],
    "cells": [PARTLY, NOTHING_TO_AVERAGE],
    "withheld": [
        WHITHER,
        {
            "key": {"year": "1995"},
            "reason": "minGroupSize",
            "statuses": dict.fromkeys(NAMES, "minGroupSize") | {"fine:avg": "withheld"},
        },
        {"key": {"year": "1996"}, "reason": "empty"},
        {"key": {"year": "1997"}, "reason": "merged", **MERGED},
    ],
}


def _lines(tongue: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(AnswerTable(SQL, ANSWER, tongue).csv())))


def test_the_csv_has_a_status_for_each_output() -> None:
    """Beside each aggregate whether it is released, why not, and a summary of the row."""
    found = _lines("en")
    states = ("n", "SUM(fine)", "AVG(fine)", "COUNT(fine)")
    told = [[line[f"{head} status"] for head in states] + [line["status"]] for line in found]
    released, few = "released", "minGroupSize"
    assert told == [
        [released, "merged", "merged", released, "partly"],
        [released, released, "empty", released, "partly"],
        ["having", "withheld", "withheld", "having", "withheld"],
        [few, few, "withheld", few, "withheld"],
        ["empty", "empty", "empty", "empty", "empty"],
        ["merged", "merged", "merged", "merged", "withheld"],
    ]
    assert [line["COUNT(fine)"] for line in found] == ["4", "0", "", "", "", ""]


def test_the_csv_begins_with_a_key_that_is_not_selected() -> None:
    """As docs/answers.md says; in a program it stands behind what is selected."""
    text = AnswerTable("SELECT COUNT(*) AS n FROM fines GROUP BY year", ANSWER, "en").csv()
    first, second, *_ = csv.reader(io.StringIO(text))
    assert (first[:3], second[:2]) == (["year", "n", "n status"], ["1992", "9"])


@pytest.mark.parametrize(
    ("tongue", "expected"),
    [
        (
            "en",
            [
                (
                    "as of data version 2; SUM(fine), AVG(fine): released only together with 1993, "
                    "region EAST"
                ),
                "AVG(fine): no rows; for an average: none with a value",
                (
                    "HAVING looks at what is not released here; leave that out, or group by less; "
                    "SUM(fine), AVG(fine): protected: this measure is not shown here; group by less, "
                    "or ask for another aggregate"
                ),
            ],
        ),
        (
            "zh",
            [
                "数据版本 2；SUM(fine), AVG(fine)：须与 1993, region EAST 一并发布",
                "AVG(fine)：没有数据行；对平均值而言：没有一行有取值",
                (
                    "HAVING 所看的值未发布，无从判断；请去掉该条件，或减少分组维度；SUM(fine), AVG(fine)："
                    "受保护：该指标在此处不发布；请减少分组维度，或改问别的聚合"
                ),
            ],
        ),
    ],
)
def test_a_note_says_what_is_missing_why_and_what_helps(tongue: Any, expected: list[str]) -> None:
    """Outputs of one fate are named together, under the heads that the table has."""
    assert [line["note"] for line in _lines(tongue)][:3] == expected


def test_the_terminal_tells_nothing_from_not_released() -> None:
    """× is what may not be shown, – what is not there; the counts say both."""
    console = Console(width=250, record=True, file=io.StringIO())
    console.print(AnswerTable(SQL, ANSWER, "en").rich())
    shown = [line.split("│")[1:-1] for line in console.export_text().splitlines() if "│" in line]
    marks = {row[0].strip(): [text.strip() for text in row[1:5]] for row in shown if row[0].strip()}
    assert marks["1992"] == ["9", "×", "×", "4"]
    assert marks["1991"] == ["9", "0", "–", "0"]
    assert marks["1994"] == ["×", "×", "×", "×"]
    assert marks["1996"] == ["–", "–", "–", "–"]
    assert said_of_cells(ANSWER, "en") == (
        "2 released, 2 of them in part, 3 withheld, 1 without rows"
    )
    assert said_of_cells(ANSWER, "zh") == "2 格发布，其中 2 格只发布一部分，3 格扣下，1 格没有数据"


@pytest.mark.parametrize("status", sorted(STATUSES | {"having", "protected", "cohort"}))
def test_every_status_is_said_in_both_languages(status: str) -> None:
    """Those of version 1 too."""
    assert f"answer.{status}" in PHRASES
    cell = {"key": {}, "reason": status}
    for tongue in ("zh", "en"):
        note = Notes({"minimumContributors": 7}, {}, tongue).of(cell)  # type: ignore[arg-type]
        assert note
        assert "answer." not in note


def test_cells_of_this_form_are_believed() -> None:
    """As the samples above are."""
    for cell in ANSWER["cells"]:
        assert check_cell(cell, {"year"}, set(NAMES), old=False) is None
    for cell in ANSWER["withheld"]:
        assert check_withheld(cell, {"year"}, set(NAMES)) is None


@pytest.mark.parametrize(
    "change",
    [
        {"statuses": {}},
        {"statuses": None},
        {"statuses": {"fine:sum": "merged"}},
        {"statuses": {"fine:sum": "merged", "fine:avg": "unheard-of"}},
        {"statuses": dict.fromkeys(NAMES, "merged")},
        {"values": _values(count="4", sum="1")},
        {"values": {"*:count": "9"}},
        {"values": _values(count="4.")},
        {"advice": {"other": MERGED}},
        {"advice": {"fine:sum": {"togetherWith": [{"month": "1"}]}}},
        {"widen": {"region": [1]}},
        {"asOf": "2"},
        {"versions": [{"number": 1, "parts": []}, {"number": 2}]},
        {"key": {"year": 1992}},
    ],
)
def test_cells_of_another_form_are_not(change: dict[str, Any]) -> None:
    """A figure or a status for each output, never both or neither; known words; proper advice."""
    assert check_cell({**PARTLY, **change}, {"year"}, set(NAMES), old=False) is not None


@pytest.mark.parametrize(
    "change", [{"reason": 3}, {"statuses": {"x": "merged"}}, {"statuses": []}, {"key": {}}]
)
def test_withheld_cells_of_another_form_are_not(change: dict[str, Any]) -> None:
    """A reason and, where outputs differ, their statuses."""
    assert check_withheld({**WHITHER, **change}, {"year"}, set(NAMES)) is not None
