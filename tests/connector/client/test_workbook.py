"""A workbook of ours is read by others: by calamine, and by the product's own reader."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from python_calamine import CalamineWorkbook

from connector.client.answer_workbook import answer_workbook
from connector.client.workbook import MOST_TEXT, Figure, Sheet, letters, workbook
from connector.engines.workbook import is_workbook
from connector.engines.workbook_whole import copy_whole

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = (
    "=1+1", "+1", "-x", "@SUM(A1)", "＝1", "<b>&amp;\"'", "a\nb", "_x0041_", "007", " lead", "零件",
    "]]>", "𝒳", "12.50",
)  # fmt: skip


def read(data: bytes, sheet: str) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(sheet).to_python()


def test_texts_come_back_as_they_were_and_none_is_a_formula(tmp_path: Path):
    """Whatever they begin with; nor does a reader make numbers or other characters of them."""
    data = workbook([Sheet(name="A", heads=["text"], rows=[[one] for one in HOSTILE])])
    assert [row[0] for row in read(data, "A")] == ["text", *HOSTILE]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    path = tmp_path / "a.xlsx"
    path.write_bytes(data)
    assert is_workbook(path)
    whole = copy_whole(path, "A", 1, tmp_path / "a.csv")
    assert whole.header == ("text",)
    assert not whole.faults
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        assert [row[0] for row in csv.reader(file)][1:] == list(HOSTILE)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0.0), ("-12", -12.0), ("12.50", 12.5), ("123456789012345", 123456789012345.0),
        ("0.000000000000001", 1e-15), ("1234567890123456", None), ("0.1234567890123456", None),
        ("-99999999999999999999.5", None), ("1e3", None), ("NaN", None),
    ],
)  # fmt: skip
def test_a_number_is_one_where_a_spreadsheet_keeps_all_its_digits(text: str, number: float | None):
    data = workbook([Sheet(name="A", heads=["n"], rows=[[Figure(text)]])])
    (value,) = read(data, "A")[1]
    assert value == (text if number is None else number)
    assert isinstance(value, str) is (number is None)


def test_what_xml_cannot_hold_and_what_is_too_long_stands_as_a_mark():
    rows = [["a\x00b\x1b\ufffe\ud800"], ["x" * 40_000], [""]]
    first, second = (
        row[0] for row in read(workbook([Sheet(name="A", heads=["h"], rows=rows)]), "A")[1:3]
    )
    assert first == "a\ufffdb\ufffd\ufffd\ufffd"
    assert len(second) == MOST_TEXT
    assert second.endswith("…")


def test_all_parts_are_xml_and_equal_sheets_are_equal_files():
    sheets = [Sheet(name='答案 & "x"', heads=["a"], rows=[["b", Figure("1")]]),
              Sheet(name="2", heads=[], rows=[])]  # fmt: skip
    data = workbook(sheets)
    assert workbook(sheets) == data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            ET.fromstring(archive.read(name))
    assert CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names == ['答案 & "x"', "2"]


def test_columns_are_named_as_spreadsheets_do():
    assert [letters(one) for one in (1, 26, 27, 52, 702, 703)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "ZZ",
        "AAA",
    ]


ANSWER: dict[str, Any] = {
    "dimensions": [{"name": "mode"}],
    "outputs": [{"name": "qty:sum", "unit": "pcs"}, {"name": "price:avg"}],
    "minimumContributors": 5,
    "cells": [
        {"key": {"mode": "=AIR"}, "values": {"qty:sum": "120", "price:avg": None},
         "statuses": {"price:avg": "dominated"}},
    ],
    "withheld": [{"key": {"mode": "SEA"}, "reason": "too-few"}],
}  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
def test_withheld_figures_stand_with_their_rule_in_the_second_sheet(language: Any):
    sql = "SELECT mode, SUM(qty), AVG(price) FROM deliveries GROUP BY mode"
    data = answer_workbook(sql, ANSWER, language)
    names = ["答案", "被扣下的数字"] if language == "zh" else ["Answer", "Withheld"]
    assert CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names == names
    rows = read(data, names[0])
    assert rows[0][:3] == ["mode", "SUM(qty) [pcs]", "AVG(price)"]
    assert [row[:4] for row in rows[1:]] == [
        ["=AIR", 120.0, "", "partly"],
        ["SEA", "", "", "withheld"],
    ]
    why = read(data, names[1])
    assert [row[:3] for row in why[1:]] == [
        ["=AIR", "AVG(price)", "dominated"],
        ["SEA", "SUM(qty) [pcs]", "too-few"],
        ["SEA", "AVG(price)", "too-few"],
    ]
    assert all(row[3] for row in why[1:])
