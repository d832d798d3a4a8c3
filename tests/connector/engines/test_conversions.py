"""What a file says is what is counted: a value that reading would change is an error, never a value."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from tests.connector.engines.reading import csv_of, grouped, parquet_of, product, refusal, total

ZONE = 'zone = "Asia/Shanghai"'
SECONDS = "date_diff('second', '2026-03-01 00:00:00'::date, x)"

TAKEN = [
    ("integer", "0", 0),
    ("integer", "-7", -7),
    ("integer", "007", 7),
    ("integer", "12.00", 12),
    ("integer", "-999999999", -999999999),
    ("decimal(12, 2)", "1.5", 150),
    ("decimal(12, 2)", "-0.01", -1),
    ("decimal(12, 2)", "10.0500000", 1005),
    ("decimal(12, 2)", "3", 300),
    ("boolean", "true", 1),
    ("boolean", "TRUE", 1),
    ("boolean", "t", 1),
    ("boolean", "1", 1),
    ("boolean", "False", 0),
    ("date", "2026-02-28", 20260228),
    ("date", "0001-01-01", 10101),
    ("date", "9999-12-31", 99991231),
]
MEASURE = {
    "date": "year(x) * 10000 + month(x) * 100 + extract(day from x)",
    "timestamp": SECONDS,
}

REFUSED = {
    "integer": [
        *("2.9999999", "1.0000004", "1.23E+02", "1e3", "1_000", "1,000", "+5", "0x10", "0b11"),
        *(" 5", "5 ", "5\n", "\t5", "5.", ".5", "--5", "-", "NaN", "inf", "five", "５", "٣"),
        *("9223372036854775808", "99999999999999999999999999999999999999999", "1 2", "5%", "￥5"),
    ],
    "decimal(12, 2)": [
        *("1.005", "1.2300001", "1.00000000000000000000000000000000000000001", "1e2", "1.5E0"),
        *("1_0.5", "1,5", "+1.5", ".5", "5.", " 1.5", "1.5 ", "NaN", "Infinity", "-inf", "0x1p3"),
        *("12345678901", "1.5.5", "1.5 CNY", "nan", "1.5\n"),
    ],
    "boolean": [
        "yes",
        "no",
        "y",
        "n",
        "on",
        "2",
        "true ",
        " true",
        "tru",
        "1.0",
        "truefalse",
        "真",
    ],
    "date": [
        *("2026-02-03 23:59:59", "2026-02-03T00:00:00Z", "2026-2-3", "26-02-03", "2026/02/03"),
        *("2026-02-30", "2025-02-29", "20260203", "0000-01-01", "0044-03-15 (BC)", "12026-01-01"),
        *(" 2026-02-03", "2026-02-03 ", "2026-02-03 late", "infinity", "-infinity", "epoch"),
        *("2026-02-03\n", "03-02-2026", "-2026-02-03", "2026-02-03+08:00"),
    ],
    "timestamp": [
        *("2026-03-01T09:00:00+08:00", "2026-03-01 09:00:00Z", "2026-03-01 09:00:00+08"),
        *("2026-03-01 11:00 AM", "2026-03-01 11:00:00 PM", "2026-03-01 09:00:00 late"),
        *("2026-03-01 09:00:00 UTC", "2026-03-01 09:00:00 Asia/Tokyo", "2026-03-01 24:00:00"),
        *("2026-03-01 23:59:60", "2026-06-30 23:59:60", "2026-03-01 9:00:00", "2026-3-1 09:00:00"),
        *("2026-03-01 09:00:00.1234567", "2026-03-01 09:00:00,5", "2026-03-01  09:00:00"),
        *("2026-03-01", "2026-03-01 09", "2026-03-01t09:00:00", " 2026-03-01 09:00:00"),
        *("2026-03-01 09:00:00 ", "infinity", "0044-03-15 (BC) 00:00:00", "0000-01-01 00:00:00"),
        *("2026/03/01 09:00:00", "2026-02-30 09:00:00", "2026-03-01 09:60:00", "1772326800"),
    ],
}


def measure(kind: str) -> tuple[str, str]:
    scale = "scale = 2, " if kind.startswith("decimal") else ""
    return MEASURE.get(kind, "x"), f"{scale}bounds = [-1e9, 1e9]"


@pytest.mark.sweep
@pytest.mark.parametrize(("kind", "text", "units"), TAKEN)
def test_what_is_taken(tmp_path: Path, kind: str, text: str, units: int) -> None:
    """The texts that each type takes, and their values."""
    expression, bounds = measure(kind)
    assert total(csv_of(tmp_path, [text]), product(kind, expression, bounds=bounds)) == units
    declared = product(kind, expression, bounds=bounds)
    assert total(parquet_of(tmp_path, [f"'{text}'"]), declared) == units


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in REFUSED.items() for text in texts]
)
def test_what_is_refused(tmp_path: Path, kind: str, text: str) -> None:
    """Text that does not match its type's pattern as a whole is an error with column and line."""
    expression, bounds = measure(kind)
    declared = product(kind, expression, bounds=bounds)
    good = {"date": "2026-01-01", "timestamp": "2026-01-01 00:00:00"}.get(kind, "1")
    error = refusal(csv_of(tmp_path, [good, text, good]), declared)
    assert (error.code, error.field, error.row) == ("data.value", "x", 2)
    assert "column `x`, line 3" in error.message


@pytest.mark.long
@pytest.mark.parametrize("kind", ["integer", "decimal(12, 2)"])
def test_every_text_that_is_taken_is_its_number(tmp_path: Path, kind: str) -> None:
    """Of a few thousand short texts of digits, points, signs and letters, those taken are exact."""
    from itertools import product as combine

    texts = ["".join(parts) for n in range(1, 5) for parts in combine("05.-+e _", repeat=n)]
    expression, bounds = measure(kind)
    places = 2 if kind.startswith("decimal") else 0
    pattern = re.compile(rf"-?[0-9]+(\.[0-9]{{1,{places}}}0*)?" if places else r"-?[0-9]+(\.0+)?")
    fine = [text for text in texts if pattern.fullmatch(text)]
    expected = sum(int(Decimal(text).scaleb(places)) for text in fine)
    declared = product(kind, expression, bounds=bounds)
    assert total(csv_of(tmp_path, fine), declared) == expected
    for text in [text for text in texts if text not in fine][::97]:
        assert refusal(csv_of(tmp_path, [text]), declared).code == "data.value"


def documented() -> list[tuple[str, str, list[str], list[str]]]:
    """The rows of the table in docs/product-file.md: type, keys, texts taken, texts refused."""
    doc = Path(__file__).parents[3] / "docs" / "product-file.md"
    rows = []
    for text in doc.read_text("utf-8").splitlines():
        if found := re.match(r"\| `([a-z0-9(),]+)`(, with `zone`)? \|", text):
            *_, taken, refused, _ = text.split("|")
            texts = [re.findall(r"`([^`]+)`", cell) for cell in (taken, refused)]
            rows.append((found[1], ZONE if found[2] else "", texts[0], texts[1]))
    return rows


@pytest.mark.sweep
@pytest.mark.parametrize("row", documented(), ids=lambda row: f"{row[0]} {row[1]}")
def test_the_documentation_is_true(
    tmp_path: Path, row: tuple[str, str, list[str], list[str]]
) -> None:
    """The examples of the documentation are taken and refused as it says."""
    kind, keys, taken, refused = row
    expression = {"text": "length(x)", "timestamp": "year(x)"}.get(kind, measure(kind)[0])
    scale = "scale = 2, " if kind.startswith("decimal") else ""
    declared = product(kind, expression, keys=keys, bounds=f"{scale}bounds = [-1e9, 1e9]")
    assert taken
    with grouped(csv_of(tmp_path, taken), declared) as found:
        assert found.rows == len(taken)
    for text in refused:
        assert refusal(csv_of(tmp_path, [text]), declared).code == "data.value"


@pytest.mark.parametrize(
    "text",
    ["2026-03-01 09:30", "2026-03-01 09:30:00", "2026-03-01T09:30:00.000", "2026-03-01T09:30"],
)
def test_times_without_a_zone(tmp_path: Path, text: str) -> None:
    """A blank or a T, seconds and fractions or none."""
    assert total(csv_of(tmp_path, [text]), product("timestamp", SECONDS)) == 9 * 3600 + 1800


def test_lateness_over_mixed_zones(tmp_path: Path) -> None:
    """A hundred rows that are all late as instants are refused without a zone, late with one."""
    done, due = "2026-03-01T09:00:00Z", "2026-03-01T10:00:00+08:00"
    path = csv_of(tmp_path, [done] * 100, other=due)
    error = refusal(path, product("timestamp", "x > y"))
    assert "without a zone" in error.message
    assert "declare `zone`" in error.next_step
    assert total(path, product("timestamp", "x > y", keys=ZONE)) == 100
    assert total(path, product("timestamp", "y > x", keys=ZONE)) == 0


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026-03-01T09:00:00Z", 17),
        ("2026-03-01 09:00:00+08:00", 9),
        ("2026-03-01 09:00:00+0800", 9),
        ("2026-03-01 09:00+08", 9),
        ("2026-03-01T09:00:00.5-05:30", 22),
        ("2026-03-01T09:00:00+14:00", 3),
        ("2026-03-01T09:00:00+13:45", 3),
    ],
)
def test_instants_are_brought_to_the_declared_zone(tmp_path: Path, text: str, hour: int) -> None:
    """The day and the hour of an instant are those of the product's zone, whatever it is written in."""
    declared = product("timestamp", "extract(hour from x)", keys=ZONE)
    assert total(csv_of(tmp_path, [text]), declared) == hour
    assert total(parquet_of(tmp_path, [f"timestamptz '{text}'"]), declared) == hour


@pytest.mark.parametrize(
    "text",
    [
        *("2026-03-01 09:00:00", "2026-03-01 09:00:00 UTC", "2026-03-01 09:00:00+15:00"),
        *("2026-03-01 09:00:00+14:30", "2026-03-01 09:00:00-1401", "2026-03-01 09:00:00+14:01"),
    ],
)
def test_with_a_zone_every_time_says_its_own(tmp_path: Path, text: str) -> None:
    """A time without an offset is no instant; names of zones and offsets that none has are refused."""
    declared = product("timestamp", SECONDS, keys=ZONE)
    error = refusal(csv_of(tmp_path, [text]), declared)
    assert "with its zone like" in error.message


def test_clocks_that_go_back(tmp_path: Path) -> None:
    """Instants are compared as instants: later is later in the hour that a clock strikes twice."""
    declared = product("timestamp", "x > y", keys='zone = "America/New_York"')
    path = csv_of(tmp_path, ["2026-11-01T06:10:00Z"], other="2026-11-01T05:50:00Z")
    assert total(path, declared) == 1


def test_an_unknown_zone(tmp_path: Path) -> None:
    """A zone that is not on the list is refused with the key's name."""
    declared = product("timestamp", SECONDS, keys='zone = "Asia/Shanghei"')
    error = refusal(csv_of(tmp_path, ["2026-03-01T09:00:00Z"]), declared)
    assert (error.code, error.field) == ("data.zone", "zone")


PARQUET_TAKEN = [
    ("integer", "3.0::DOUBLE", 3),
    ("integer", "3::TINYINT", 3),
    ("integer", "3.00::DECIMAL(9,2)", 3),
    ("decimal(12, 2)", "0.1::DOUBLE", 10),
    ("decimal(12, 2)", "0.1::FLOAT", 10),
    ("decimal(12, 2)", "1.150::DECIMAL(9,3)", 115),
    ("decimal(12, 2)", "7::UBIGINT", 700),
    ("boolean", "true", 1),
    ("boolean", "1::TINYINT", 1),
    ("date", "date '2026-02-03'", 20260203),
    ("date", "date '0001-01-01'", 10101),
    ("date", "date '9999-12-31'", 99991231),
    ("date", "timestamp '2026-02-03 00:00:00'", 20260203),
    ("timestamp", "timestamp_ns '2026-03-01 00:00:07'", 7),
    ("timestamp", "timestamp '2026-03-01 00:00:07'", 7),
]
PARQUET_REFUSED = [
    *((kind, f"'{texts[0]}'") for kind, texts in REFUSED.items()),
    ("integer", "' '"),
    ("integer", "2.9999999::DOUBLE"),
    ("integer", "1.0000004::FLOAT"),
    ("integer", "1e300::DOUBLE"),
    ("integer", "'nan'::DOUBLE"),
    ("integer", "2.5::DECIMAL(9,1)"),
    ("integer", "18446744073709551615::UBIGINT"),
    ("decimal(12, 2)", "(0.1::DOUBLE + 0.2::DOUBLE)"),
    ("decimal(12, 2)", "2.0000000001::DOUBLE"),
    ("decimal(12, 2)", "1.005::DECIMAL(9,3)"),
    ("decimal(12, 2)", "'inf'::DOUBLE"),
    ("decimal(12, 2)", "12345678901::BIGINT"),
    ("boolean", "2::TINYINT"),
    ("date", "timestamp '2026-02-03 23:59:59'"),
    ("date", "timestamp_ns '2026-02-03 00:00:00.000000001'"),
    ("date", "date 'infinity'"),
    ("date", "date '0044-03-15 (BC)'"),
    ("date", "date '12026-01-01'"),
    ("date", "timestamp '0044-03-15 (BC) 00:00:00'"),
    ("timestamp", "timestamp '0044-03-15 (BC) 00:00:00'"),
    ("timestamp", "timestamp '10000-01-01 00:00:00'"),
    ("timestamp", "timestamp_ns '2026-02-03 00:00:00.000000001'"),
    ("timestamp", "timestamp 'infinity'"),
]
PARQUET_OTHER = [
    ("integer", "true"),
    ("integer", "date '2026-02-03'"),
    ("integer", "time '10:00:00'"),
    ("decimal(12, 2)", "true"),
    ("date", "timestamptz '2026-02-03 00:00:00+00'"),
    ("date", "20260203"),
    ("timestamp", "timestamptz '2026-02-03 00:00:00+00'"),
    ("timestamp", "date '2026-02-03'"),
    ("timestamp", "1772326800"),
    ("boolean", "1.0::DOUBLE"),
    ("text", "timestamptz '2026-02-03 00:00:00+00'"),
    ("text", "'a'::BLOB"),
]


@pytest.mark.sweep
@pytest.mark.parametrize(("kind", "value", "units"), PARQUET_TAKEN)
def test_parquet_values_that_convert(tmp_path: Path, kind: str, value: str, units: int) -> None:
    """A value of another type is taken if it comes back as it was."""
    expression, bounds = measure(kind)
    assert total(parquet_of(tmp_path, [value]), product(kind, expression, bounds=bounds)) == units


@pytest.mark.sweep
@pytest.mark.parametrize(("kind", "value"), PARQUET_REFUSED)
def test_parquet_values_that_would_change(tmp_path: Path, kind: str, value: str) -> None:
    """A value that the declared type would round, cut or lose is an error with column and row."""
    expression, bounds = measure(kind)
    declared = product(kind, expression, bounds=bounds)
    error = refusal(parquet_of(tmp_path, ["NULL", value]), declared)
    assert (error.code, error.field, error.row) == ("data.value", "x", 2)
    assert "column `x`, row 2" in error.message


@pytest.mark.parametrize(("kind", "value"), PARQUET_OTHER)
def test_parquet_types_that_are_others(tmp_path: Path, kind: str, value: str) -> None:
    """A type whose values are none of the declared type is refused for the column."""
    expression = "length(x)" if kind == "text" else measure(kind)[0]
    error = refusal(parquet_of(tmp_path, [value]), product(kind, expression))
    assert (error.code, error.field) == ("data.type", "x")
    assert "column `x`" in error.message


def test_a_time_without_zone_is_no_instant_in_parquet_either(tmp_path: Path) -> None:
    """With `zone`, a Parquet column of local times is refused."""
    path = parquet_of(tmp_path, ["timestamp '2026-03-01 09:00:00'"])
    assert refusal(path, product("timestamp", SECONDS, keys=ZONE)).code == "data.type"


CASTS = {
    "integer": ("cast(x as integer)", "12", ["2.9999999", "1e2", " 5", "five"]),
    "bigint": ("x::bigint + 1", "11", ["2.9999999", "0x10"]),
    "decimal(9,2)": ("cast(x as decimal(9,2)) * 1", "12.00", ["1.005", "1e1"]),
    "decimal(9)": ("cast(x as decimal(9))", "12", ["1.5"]),
    "boolean": ("if(cast(x as boolean), 12, 0)", "true", ["yes"]),
    "date": (
        "extract(day from cast(x as date))",
        "2026-01-12",
        ["2026-01-12 23:59:59", "2026-1-2"],
    ),
    "inner": ("cast(left(x, 2) as integer)", "12 pieces", ["1.pieces"]),
    "nested": ("cast(cast(x as integer)::text as integer)", "12", ["1.5"]),
}


@pytest.mark.sweep
@pytest.mark.parametrize("name", CASTS)
def test_an_expression_casts_texts_as_strictly(tmp_path: Path, name: str) -> None:
    """A cast in the product file takes the texts that a column of that type takes, and no others."""
    expression, good, others = CASTS[name]
    declared = product("text", expression, bounds="bounds = [-1e9, 1e9], scale = 0")
    assert total(csv_of(tmp_path, [good]), declared) == 12
    for text in others:
        error = refusal(csv_of(tmp_path, [good, text]), declared)
        assert error.code == "data.type"
        assert "casts a text to" in error.message


@pytest.mark.parametrize("expression", ["x + 1", "year(x)", "x > 5", "coalesce(x, 0)"])
def test_an_expression_that_does_not_fit_its_columns(tmp_path: Path, expression: str) -> None:
    """Text is no number by itself: the measure is named, and nothing crashes."""
    error = refusal(csv_of(tmp_path, ["5"]), product("text", expression))
    assert error.code == "data.type"
    assert "measure `m`: an expression does not fit" in error.message


def test_big_numbers_are_exact(tmp_path: Path) -> None:
    """Numbers beyond 2^53 pass as text, with zeros after the point too, to the last unit."""
    declared = product("integer", bounds="bounds = [0, 4e18]")
    assert total(csv_of(tmp_path, ["9007199254740993.000"]), declared) == 9007199254740993
    assert total(csv_of(tmp_path, ["3999999999999999999"]), declared) == 3999999999999999999
