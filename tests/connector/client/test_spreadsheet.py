"""Cells of CSV files in a spreadsheet of any country: none is a formula."""

from __future__ import annotations

import csv
import io
import re

import pytest

from connector.client.spreadsheet import escaped

FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")


@pytest.mark.parametrize("begin", ["=1+1", "+1+1", "-x", "@SUM(A1)", "＝1", " =1", "\t=1", "\n=1"])
@pytest.mark.parametrize("before", ["", "a;", "a; ", "a\t", "a;;b;", "SELECT 1;", "a\n", "a\r\n"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_no_cell_begins_a_formula_however_a_line_is_cut(before: str, begin: str, delimiter: str):
    """Some read the cells as cut at semicolons or tabs, with the quotes of our commas in between."""
    out = io.StringIO()
    csv.writer(out).writerow(["first", escaped(before + begin), "last"])
    cells = [
        cell for row in csv.reader(out.getvalue().splitlines(), delimiter=delimiter) for cell in row
    ]
    assert not [cell for cell in cells if FORMULA.match(cell)]


@pytest.mark.parametrize("text", ["-12", "12.50", "a-b", "a = 1", "SELECT 1", "a,b", "x;y", ""])
def test_what_is_none_stays_as_it_is(text: str):
    assert escaped(text) == text
