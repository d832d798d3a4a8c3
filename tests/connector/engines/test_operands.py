"""Expressions convert nothing without a word: text goes with text, conditions are conditions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from catalog.product_file import read_product
from tests.connector.engines.reading import grouped, refusal, total

if TYPE_CHECKING:
    from pathlib import Path

    from catalog.product import Product

TYPES = {
    "n": "integer",
    "v": "decimal(9, 2)",
    "t": "text",
    "d": "date",
    "s": "timestamp",
    "e": "timestamp",
    "b": "boolean",
}
ROW = {
    "n": "-7",
    "v": "12.40",
    "t": "12.4",
    "d": "2026-02-03",
    "s": "2026-03-01 12:00",
    "e": "2026-03-01 13:00",
    "b": "true",
}
TIMES = {"s": "2026-03-01T12:00:00+08:00", "e": "2026-03-01T13:00:00+08:00"}
SHANGHAI = "Asia/Shanghai"


def measuring(expression: str, *, zone: str = "", scale: int = 0) -> Product:
    """A product of one measure over columns of every type."""
    columns = "".join(
        f'  {{ name = "{name}", type = "{kind}", disclosure = "aggregate" }},\n'
        for name, kind in TYPES.items()
    )
    return read_product(
        'id = "one"\ntable = "t"\ndomain = "production"\nlevel = 1\ncontributor = "who"\n'
        + (f'zone = "{zone}"\n' if zone else "")
        + 'column = [\n  { name = "who", type = "text", disclosure = "never" },\n'
        + '  { name = "part", type = "integer", disclosure = "group_key" },\n'
        + f"{columns}]\n"
        + 'dimension = [{ name = "part", codes = [1] }]\n'
        + f'measure = [{{ name = "m", expression = {json.dumps(expression)}, scale = {scale}, '
        + "bounds = [-1e9, 1e9] }]\n"
    )


def file_of(folder: Path, **values: str) -> Path:
    """A CSV file of one row."""
    row = ROW | values
    path = folder / "data.csv"
    path.write_text(f"who,part,{','.join(row)}\nc,1,{','.join(row.values())}\n", encoding="utf-8")
    return path


def values_of(folder: Path, expression: str, **values: str) -> int:
    """What the measure gives for one row."""
    return total(file_of(folder, **values), measuring(expression))


MIXED = [
    *("n = t", "n in (t, 3)", "nullif(n, t)", "v = t", "t = v", "v between t and 20", "t <> n"),
    *("t = 12", "t in (12, 13)", "t <> 12", "t > n", "12 = t", "t between n and 13"),
    *(
        "d = t",
        "t = d",
        "d in (t)",
        "s = t",
        "s < t",
        "b = t",
        "d < coalesce(t, t)",
        "s > left(t, 9)",
    ),
    *("coalesce(n, t)", "least(v, t)", "greatest(t, n)", "case n when t then 1 else 0 end"),
    *(
        "date_diff('day', d, t)",
        "date_diff('hour', t, s)",
        "date_diff('day', t, t)",
        "(s - e) = t",
        "d in ('2026-01-01', t)",
    ),
    *("length(case when b then t else n end)", "length(if(b, t, d))"),
]


@pytest.mark.sweep
@pytest.mark.parametrize("expression", MIXED)
def test_a_text_goes_with_texts_only(tmp_path: Path, expression: str) -> None:
    """A text column beside a number, a date, a time or a condition is refused, the measure named."""
    error = refusal(file_of(tmp_path), measuring(expression))
    assert error.code == "data.type"
    assert "measure `m`: an expression does not fit the types of its columns" in error.message
    assert "cast" in error.next_step


CONSTANTS = [
    *("s < '2026-03-01 11:30 PM'", "s between '2026-03-01' and '2026-03-01 01:00 PM'"),
    *("s = '2026-03-01 12:00:00+08:00'", "s = '2026-03-01T12:00Z'", "s > '2026-3-1'"),
    *(
        "d = '2026-02-03 23:59'",
        "d in ('2026-02-03 10:00')",
        "d = '2026-02-30'",
        "d > '0000-01-01'",
    ),
    *("d = '26-02-03'", "d = 'epoch'", "d = ' 2026-02-03'", "coalesce(d, '2026/02/03') = d"),
    *(
        "n = '-7.4'",
        "n = '-7'",
        "v > '12.399'",
        "n in ('-7')",
        "n + '1'",
        "n * '2'",
        "nullif(n, '3')",
    ),
    *("b = 'yes'", "(s - e) > '1 hour'", "d > if(b, '2026-01-01', '2026-01-02')", "-'5' + n"),
    *("date_diff('day', '2026-02-01 10:00', d)", "date_diff('hour', '2026-03-01 9:00', s)"),
    *("round(v, '1')", "cast('2.6' as integer) + n", "d > cast('2026-02-03 23:59' as date)"),
    *("case n when '-7.4' then 1 else 0 end", "year('2026-01-01') - n", "left(t, '1') = '1'"),
    "date_diff('hour', '2026-03-01 9:00', '2026-03-01 11:00 PM') + n",
]


@pytest.mark.sweep
@pytest.mark.parametrize("expression", CONSTANTS)
def test_a_constant_is_of_its_type_as_a_whole(tmp_path: Path, expression: str) -> None:
    """A quoted constant that DuckDB would round, cut or guess at is refused, the measure named."""
    error = refusal(file_of(tmp_path), measuring(expression))
    assert error.code == "data.type"
    assert "measure `m`: an expression does not fit the types of its columns" in error.message


@pytest.mark.parametrize(
    "expression",
    [
        *("if(t, 1, 0)", "if(n, 1, 0)", "case when v then 1 else 0 end", "b and t", "b or n"),
        *("not n", "t is true", "n is false", "if('yes', n, 0)"),
        "case n when 1 then 2 else if(t, 1, 0) end",
    ],
)
def test_a_condition_is_one(tmp_path: Path, expression: str) -> None:
    """A text and a number are no conditions: `yes` is neither true nor an error in some row."""
    error = refusal(file_of(tmp_path, t="yes"), measuring(expression))
    assert error.code == "data.type"
    assert "no condition" in error.message


FINE = [
    ("s < '2026-03-01 23:30'", 1),
    ("s between '2026-03-01' and '2026-03-01T12:00:00.000'", 1),
    ("s = '2026-03-01 12:00:00'", 1),
    ("s > '2026-03-01'", 1),
    ("'2026-03-01 12:01' > s", 1),
    ("d = '2026-02-03'", 1),
    ("d in ('2026-02-02', '2026-02-03 00:00:00')", 1),
    ("d > '2026-02-03'", 0),
    ("coalesce(d, '2026-01-01') = d", 1),
    ("case d when '2026-02-03' then 5 else 6 end", 5),
    ("date_diff('day', '2026-02-01', d)", 2),
    ("date_diff('hour', '2026-03-01', s)", 12),
    ("d < s", 1),
    ("d - cast('2026-02-01' as date)", 2),
    ("b = 'T'", 1),
    ("b <> 'false'", 1),
    ("b and n = -7", 1),
    ("b = 1", 1),
    ("n = -7.0", 1),
    ("v > 12.399", 1),
    ("t = '12.4'", 1),
    ("t in ('12', '12.4')", 1),
    ("t between '12' and '13'", 1),
    ("coalesce(t, '') like '12%'", 1),
    ("nullif(t, '12.4') is null", 1),
    ("length(if(b, t, 'none'))", 4),
    ("length(n || t)", 6),
    ("cast(t as decimal(9, 2)) = v", 1),
    ("if(n < 0, null, 1) is null", 1),
    ("case when b then n else 0 end", -7),
    ("least(n, 3, v)", -7),
]


@pytest.mark.sweep
@pytest.mark.parametrize(("expression", "value"), FINE)
def test_what_goes_together(tmp_path: Path, expression: str, value: int) -> None:
    """Operands of one kind, and constants of their type, give what they say."""
    assert values_of(tmp_path, expression) == value


INSTANTS = [
    ("s = '2026-03-01 12:00'", 1),
    ("s = '2026-03-01T04:00:00Z'", 1),
    ("s = '2026-03-01 12:00:00+08:00'", 1),
    ("s < '2026-03-01 13:00+09:00'", 0),
    ("s >= '2026-03-01'", 1),
    ("date_diff('hour', '2026-03-01', e)", 13),
]


@pytest.mark.parametrize(("expression", "value"), INSTANTS)
def test_constants_beside_instants(tmp_path: Path, expression: str, value: int) -> None:
    """With a zone, a constant is an instant, on the clock of the declared zone if it names none."""
    path = file_of(tmp_path, **TIMES)
    assert total(path, measuring(expression, zone=SHANGHAI)) == value


@pytest.mark.parametrize("text", ["2026-03-01 12:00 PM", "2026-03-01 12:00 UTC", "2026-3-1"])
def test_a_constant_beside_an_instant_is_one(tmp_path: Path, text: str) -> None:
    """Words for the half of the day and for zones are refused."""
    error = refusal(file_of(tmp_path, **TIMES), measuring(f"s = '{text}'", zone=SHANGHAI))
    assert f"got `{text}`" in error.message


def test_a_dimension_is_named_alike(tmp_path: Path) -> None:
    """An expression of a dimension is held to the same, and its dimension is named."""
    text = (
        'id = "one"\ntable = "t"\ndomain = "production"\nlevel = 1\ncontributor = "who"\n'
        'column = [{ name = "who", type = "text", disclosure = "never" },\n'
        '{ name = "t", type = "text", disclosure = "group_key" }]\n'
        'dimension = [{ name = "yes", expression = "if(t, 1, 0)", range = [0, 1] }]\n'
    )
    error = refusal(file_of(tmp_path), read_product(text))
    assert "dimension `yes`: an expression does not fit" in error.message


BERLIN = [
    # in the night of 2026-10-25 the clock in Berlin goes from 02:59 back to 02:00
    ("date_diff('hour', s, e)", "2026-10-25T00:30Z", "2026-10-25T01:30Z", 1),
    ("date_diff('hour', e, s)", "2026-10-25T00:30Z", "2026-10-25T01:30Z", -1),
    ("date_diff('minute', s, e)", "2026-10-25T00:30Z", "2026-10-25T01:30Z", 60),
    ("date_diff('second', s, e)", "2026-10-25T00:30Z", "2026-10-25T01:30Z", 3600),
    ("date_diff('hour', d, e)", "2026-10-25T00:30Z", "2026-10-25T01:30Z", 3),
    ("date_diff('day', s, e)", "2026-10-24T21:59Z", "2026-10-24T22:00Z", 1),
    ("date_trunc('hour', s) > s", "2026-10-25T00:30Z", "2026-10-25T01:30Z", 0),
    ("date_trunc('hour', s) = '2026-10-25T00:00Z'", "2026-10-25T00:30Z", "2026-10-25T01:30Z", 1),
    ("date_trunc('hour', e) = '2026-10-25T01:00Z'", "2026-10-25T00:30Z", "2026-10-25T01:30Z", 1),
    ("date_trunc('minute', e) = e", "2026-10-25T00:30Z", "2026-10-25T01:30Z", 1),
    ("date_trunc('minute', s) = s", "2026-10-25T00:30Z", "2026-10-25T01:30Z", 1),
    ("date_trunc('second', s) = s", "2026-10-25T00:30Z", "2026-10-25T01:30Z", 1),
    ("date_trunc('day', e) = '2026-10-24T22:00Z'", "2026-10-25T00:30Z", "2026-10-25T01:30Z", 1),
    ("extract(epoch from e - s)", "2026-10-24T22:00Z", "2026-10-25T23:00Z", 25 * 3600),
    # in that of 2026-03-29 from 01:59 to 03:00
    ("date_diff('hour', s, e)", "2026-03-29T00:30Z", "2026-03-29T01:30Z", 1),
    ("date_diff('hour', s, e)", "2026-03-28T12:00Z", "2026-03-29T12:00Z", 24),
]


@pytest.mark.sweep
@pytest.mark.parametrize(("expression", "start", "end", "value"), BERLIN)
def test_an_hour_is_an_hour(
    tmp_path: Path, expression: str, start: str, end: str, value: int
) -> None:
    """When clocks change, hours and less are those that passed; days are those of the zone."""
    path = file_of(tmp_path, s=start, e=end, d="2026-10-25")
    assert total(path, measuring(expression, zone="Europe/Berlin")) == value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("date_trunc('hour', s) = '2026-03-01 10:00'", 1),
        ("date_trunc('hour', s) = '2026-03-01T04:30Z'", 1),
        ("date_diff('hour', s, e)", 1),
        ("date_diff('hour', s, '2026-03-01 10:59')", 0),
        ("date_diff('hour', e, '2026-03-01 12:00')", 1),
        ("date_diff('minute', s, e)", 20),
    ],
)
def test_full_hours_are_those_of_the_zone(tmp_path: Path, expression: str, value: int) -> None:
    """Where the offset is half an hour, an hour begins when the zone's clock shows a full one."""
    path = file_of(tmp_path, s="2026-03-01T10:45+05:30", e="2026-03-01T11:05+05:30")
    assert total(path, measuring(expression, zone="Asia/Kolkata")) == value


ROUNDED = [
    ("cast(n / 2 as integer)", 1, 1),
    ("cast(n / 2 as integer)", 5, 3),
    ("cast(n / 2 as bigint)", -5, -3),
    ("(n / 2)::integer * 2", 5, 6),
    ("cast(v / 1 as bigint)", 1, 12),
    ("cast(n / 2 as decimal(9, 0))", 5, 3),
    ("cast(n / 2 as decimal(9, 0))", -5, -3),
    ("cast(n / 8 * 2 as decimal(9, 0))", 2, 1),
    ("cast(cast(n / 2 as decimal(9, 1)) as integer)", 5, 3),
    ("round(n / 2)", 5, 3),
]


@pytest.mark.parametrize(("expression", "number", "value"), ROUNDED)
def test_a_cast_rounds_half_away_from_zero(
    tmp_path: Path, expression: str, number: int, value: int
) -> None:
    """A cast to whole numbers rounds as `round` and a measure's scale do, not half to even."""
    assert values_of(tmp_path, expression, n=str(number)) == value


def test_thirty_halves(tmp_path: Path) -> None:
    """Thirty rows of 0.5 and of 2.5, cast to whole numbers, sum to 30 and to 90."""
    for half, sum_of in [("0.5", 30), ("2.5", 90)]:
        path = file_of(tmp_path, v=half)
        head, row = path.read_text("utf-8").splitlines()
        path.write_text("\n".join([head, *[row] * 30]) + "\n", encoding="utf-8")
        assert total(path, measuring("cast(v / 1 as bigint)")) == sum_of


@pytest.mark.parametrize(("number", "value"), [("-7", -3), ("7", 3), ("-8", -4)])
def test_whole_division(tmp_path: Path, number: str, value: int) -> None:
    """`//` of whole numbers drops what is left over."""
    assert values_of(tmp_path, "n // 2", n=number) == value


@pytest.mark.parametrize("expression", ["v // 2", "n // v", "n // 2.5", "(n / 2) // 1"])
def test_whole_division_takes_whole_numbers(tmp_path: Path, expression: str) -> None:
    """`//` of fractions, for DuckDB a plain division, is refused."""
    error = refusal(file_of(tmp_path), measuring(expression))
    assert "measure `m`" in error.message
    assert "divides whole numbers" in error.message


def test_no_year_before_the_first(tmp_path: Path) -> None:
    """A text of the year 0000 is cast to no date."""
    error = refusal(file_of(tmp_path, t="0000-05-05"), measuring("year(cast(t as date))"))
    assert "casts a text to date" in error.message
    with grouped(file_of(tmp_path, t="0001-05-05"), measuring("year(cast(t as date))")) as found:
        assert found.rows == 1
