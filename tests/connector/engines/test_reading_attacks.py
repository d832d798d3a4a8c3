"""Texts that are nearly what is declared, and files that are nearly files: refused, or exactly read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from catalog.errors import ProductError
from connector.engines.duckdb.csv_lines import MAX_LINE
from crypto.words import LANGUAGES
from tests.connector.engines.reading import (
    contributions,
    csv_of,
    grouped,
    parquet_of,
    product,
    refusal,
    total,
)

if TYPE_CHECKING:
    from pathlib import Path

GERMAN = 'reading = { decimal = ",", thousands = "." }'
DECIMAL = "scale = 2, bounds = [-1e9, 1e9]"
DAY = "date_diff('day', cast('2026-01-01' as date), x)"
MINUTE = "60 * extract(hour from x) + extract(minute from x)"


def timed(form: str) -> str:
    return f"reading = {{ timestamp_format = '{form}' }}"


def dated(form: str) -> str:
    return f"reading = {{ date_format = '{form}' }}"


TAKEN = {
    ("decimal(12,2)", GERMAN): [
        ("1.234,5", 123450),
        ("-1.234.567,89", -123456789),
        ("0,10", 10),
        ("1234", 123400),
        ("007", 700),
        ("12,5000", 1250),
        ("999.999", 99999900),
    ],
    ("integer", GERMAN): [("1.234", 1234), ("-12", -12), ("3,00", 3)],
    ("decimal(12,4)", "reading.column.x.percent = true"): [
        ("12.5%", 1250),
        ("-5 %", -500),
        ("0.01 %", 1),
        ("100%", 10000),
        ("7\u202f%", 700),
        ("3％", 300),
        ("000%", 0),
    ],
    ("boolean", 'reading = { true = ["是", "YES"], false = ["否"] }'): [
        ("是", 1),
        ("YES", 1),
        ("否", 0),
    ],
}
DATES = {
    ("date", dated("%d.%m.%Y"), DAY): [("03.02.2026", 33)],
    ("date", dated("%-m/%-d/%y"), DAY): [("2/3/26", 33), ("12/31/25", -1)],
    ("date", dated("%Y%m%d"), DAY): [("20260203", 33)],
    ("date", dated("%d-%b-%Y"), DAY): [("03-FEB-2026", 33), ("03-feb-2026", 33)],
    ("date", dated("%Y年%-m月%-d日"), DAY): [("2026年2月3日", 33)],
    ("date", dated("%Y-%m-%d 00:00:00"), DAY): [("2026-02-03 00:00:00", 33)],
    ("date", dated("100%% %Y.%m.%d [x]"), DAY): [("100% 2026.02.03 [x]", 33)],
    ("timestamp", timed("%d.%m.%Y %-I:%M %p"), MINUTE): [
        ("03.02.2026 12:05 AM", 5),
        ("03.02.2026 12:05 PM", 725),
        ("03.02.2026 1:05 pm", 785),
    ],
}
REFUSED = {
    ("decimal(12,2)", GERMAN): [
        "1.23.4",
        "1.2345",
        "1234.567",
        "0.123",
        "01.234",
        "1,234,5",
        "1.234.5",
        "12.34.567",
        "1 234",
        "1'234",
        ".5",
        ",5",
        "5,",
        "1..234",
        "１２",
        "٣",
        "−5",
        "+5",
        "(5)",
        "5-",
        "1e3",
        "€5",
        "5 €",
        "1,005",
        "NaN",
        "inf",
        " 5",
        "5 ",
        "1.234,5,6",
        "\xa05",
    ],
    ("integer", GERMAN): ["1,5", "1.234.56", "9.223.372.036.854.775.808", "0x10"],
    ("decimal(12,4)", "reading.column.x.percent = true"): [
        "12.5",
        "%",
        "5 % %",
        "5  %",
        "% 5",
        ".5%",
        "0.001%",
        "5‰",
        "5%%",
        "12,5%",
        "nan%",
        "5\n%",
    ],
    ("boolean", 'reading = { true = ["是", "YES"], false = ["否"] }'): [
        "yes",
        "true",
        "1",
        " 是",
        "是否",
    ],
    ("date", dated("%d.%m.%Y")): [
        "3.2.2026",
        "03.02.26",
        "31.02.2026",
        "2026-02-03",
        "03.02.2026 ",
        "03.02.2026\n",
        "03-02-2026",
        "０３.02.2026",
        "00.01.2026",
        "01.13.2026",
        "03.02.0000",
        "x03.02.2026",
    ],
    ("date", dated("%-m/%-d/%Y")): [
        "02/3/2026",
        "2/03/2026",
        "13/1/2026",
        "2/32/2026",
        "2/30/2026",
    ],
    ("date", dated("%d-%b-%Y")): ["03-Sept-2026", "03-März-2026", "03-02-2026", "31-Feb-2026"],
    ("timestamp", timed("%d.%m.%Y %I:%M %p")): [
        "03.02.2026 13:05 PM",
        "03.02.2026 00:05 AM",
        "03.02.2026 01:60 AM",
        "03.02.2026 01:05",
    ],
    ("timestamp", timed("%Y-%m-%dT%H:%M")): [
        "2026-02-03t09:30",
        "2026-02-03T24:00",
        "2026-02-03T9:30",
    ],
}


@pytest.mark.long
@pytest.mark.sweep
@pytest.mark.parametrize("parquet", [False, True], ids=["csv", "parquet"])
@pytest.mark.parametrize("what", TAKEN, ids=str)
def test_values_are_exact(tmp_path: Path, what: tuple[str, str], parquet: bool) -> None:
    """Digit by digit, in a text of CSV and of Parquet alike."""
    kind, keys = what
    scale = {"decimal(12,2)": "scale = 2, ", "decimal(12,4)": "scale = 4, "}.get(kind, "")
    declared = product(kind, keys=keys, bounds=f"{scale}bounds = [-1e9, 1e9]")
    for text, value in TAKEN[what]:
        path = parquet_of(tmp_path, [f"'{text}'"]) if parquet else csv_of(tmp_path, [text])
        assert total(path, declared) == value, text


@pytest.mark.sweep
@pytest.mark.parametrize("what", DATES, ids=str)
def test_dates_are_right(tmp_path: Path, what: tuple[str, str, str]) -> None:
    """Each directive, with texts around it that mean nothing to a pattern."""
    kind, keys, expression = what
    for text, value in DATES[what]:
        assert total(csv_of(tmp_path, [text]), product(kind, expression, keys=keys)) == value, text


@pytest.mark.long
@pytest.mark.sweep
@pytest.mark.parametrize("what", REFUSED, ids=str)
def test_what_is_nearly_right_is_refused(tmp_path: Path, what: tuple[str, str]) -> None:
    """One error that names line and column, and how the value should be written."""
    kind, keys = what
    expression = {"date": DAY, "timestamp": MINUTE}.get(kind, "x")
    scale = {"decimal(12,2)": "scale = 2, ", "decimal(12,4)": "scale = 4, "}.get(kind, "")
    declared = product(kind, expression, keys=keys, bounds=f"{scale}bounds = [-1e9, 1e9]")
    for text in REFUSED[what]:
        error = refusal(csv_of(tmp_path, [text]), declared)
        assert error.code == "data.value", text
        assert "column `x`, line 2" in error.message
        assert error.said("zh") != error.said("en")


@pytest.mark.parametrize(
    ("keys", "field"),
    [
        ('reading = { encoding = "utf-7" }', "reading.encoding"),
        ('reading = { encoding = "hex" }', "reading.encoding"),
        ('reading = { encoding = "UTF-8" }', "reading.encoding"),
        ('reading = { decimal = ";" }', "reading.decimal"),
        ('reading = { thousands = "." }', "reading.thousands"),
        ('reading = { thousands = "1" }', "reading.thousands"),
        ('reading = { decimals = "," }', "reading.decimals"),
        ("reading = { column = { y = 1 } }", "reading.column.y"),
        ("reading = { column = { nobody = { percent = true } } }", "reading.column.nobody"),
        ('reading = { column = { x = { date_format = "%d" } } }', "reading.column.x.date_format"),
        ("reading = { column = { who = { percent = true } } }", "reading.column.who.percent"),
        ("reading = { empty = [] }", "reading.empty"),
        ('reading = { empty = ["a", "a"] }', "reading.empty"),
        ('reading = { files = "../*.csv" }', "reading.files"),
        ('reading = { files = ".*" }', "reading.files"),
        ('reading = { sheet = "S", header_row = 0 }', "reading.header_row"),
        ("reading = 1", "reading"),
    ],
)
def test_what_the_table_may_not_say(keys: str, field: str) -> None:
    """The first key that is wrong, in both languages, with what is meant."""
    with pytest.raises(ProductError) as caught:
        product("integer", keys=keys)
    assert caught.value.field == field
    assert all(caught.value.said(language) for language in LANGUAGES)


@pytest.mark.parametrize(
    "form",
    [
        "%d.%m",
        "%d.%m.%Y %d",
        "%D",
        "%-d%m%Y",
        "%-d1.%m.%Y",
        "%Y %m %d %H:%M",
        "%j %Y",
        "%",
        "%Y%m%d%",
        "x",
    ],
)
def test_formats_that_are_none(form: str) -> None:
    """A part missing, twice, unknown, or of an open number of digits before another digit."""
    with pytest.raises(ProductError) as caught:
        product("date", DAY, keys=dated(form))
    assert caught.value.field == "reading.date_format"


def test_words_of_two_meanings() -> None:
    """A word is true, false or nothing."""
    for keys in (
        'true = ["x"], false = ["x"]',
        'true = ["x"], false = ["y"], empty = ["y"]',
        'true = ["x"]',
    ):
        with pytest.raises(ProductError):
            product("boolean", keys=f"reading = {{ {keys} }}")


@pytest.mark.long
def test_lines_that_are_nearly_rows(tmp_path: Path) -> None:
    """Mixed line ends, huge fields, marks in the middle: as in UTF-8, by the same lines."""
    head, rows = "who,part,x,y\n", "甲,1,1,\n乙,1,2,\n"
    for text, code, line in [
        (head + rows + "丙,1,3\r,\n", "data.line-ends", "line 4"),
        (head + rows + '"丙,1,3,\n', "data.unreadable", "line 4"),
        (head + rows + "丙" * (MAX_LINE + 1) + ",1,3,\n", "data.unreadable", "line 4"),
        (head + rows + "丙,1\n", "data.fields", "line 4"),
        (head + rows + ' "丙",1,3,\n', "data.quotes", "line 4"),
        (head + rows + '"丙\n丁",1,x,\n', "data.value", "line 5"),
    ]:
        for encoding in ("utf-8", "gb18030", "utf-16-le"):
            path = tmp_path / "data.csv"
            path.write_bytes(text.encode(encoding))
            keys = f'reading = {{ encoding = "{encoding}" }}'
            error = refusal(path, product("integer", keys=keys))
            assert (error.code, line in error.message) == (code, True), (encoding, error.message)
    path.write_bytes((head + "甲\ufeff乙,1,7,\n").encode("gb18030"))
    with grouped(path, product("integer", keys='reading = { encoding = "gb18030" }')) as found:
        (known,) = contributions(found).values()
    assert set(known) == {"甲乙"}  # an id is read without what does not show, as ever
