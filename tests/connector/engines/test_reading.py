"""A file that writes its values in another way than usual is read as the usual file with the same."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from catalog.product_file import read_product
from tests.connector.engines.reading import contributions, grouped

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from catalog.product import Product

TABLE = """
id = "one"
table = "t"
domain = "production"
level = 1
contributor = "who"
{keys}
column = [
  {{ name = "who", type = "text", disclosure = "never" }},
  {{ name = "n", type = "integer", disclosure = "aggregate" }},
  {{ name = "d", type = "decimal(18,4)", disclosure = "aggregate" }},
  {{ name = "p", type = "decimal(18,6)", disclosure = "aggregate" }},
  {{ name = "day", type = "date", disclosure = ["aggregate", "group_key"] }},
  {{ name = "at", type = "timestamp", disclosure = "aggregate" }},
  {{ name = "b", type = "boolean", disclosure = "aggregate" }},
]
dimension = [{{ name = "year", expression = "year(day)", range = [1, 9999] }}]
measure = [
  {{ name = "n", bounds = [-1e15, 1e15], empty = "zero" }},
  {{ name = "d", bounds = [-1e13, 1e13], empty = "skip" }},
  {{ name = "p", bounds = [-1e11, 1e11], empty = "skip", unit = "pc" }},
  {{ name = "days", expression = "date_diff('day', cast('2000-01-01' as date), day)", bounds = [-1e6, 1e7], unit = "d" }},
  {{ name = "minute", expression = "extract(minute from at) + 100 * extract(hour from at)", bounds = [0, 1e6], unit = "m", empty = "skip" }},
  {{ name = "b", bounds = [0, 1], empty = "skip" }},
]
{reading}
"""


def product(reading: str = "", keys: str = "") -> Product:
    return read_product(TABLE.format(keys=keys, reading=reading))


def written(path: Path, rows: list[list[str]], encoding: str = "utf-8") -> Path:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["who", "n", "d", "p", "day", "at", "b"])
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def group(whole: str, mark: str) -> str:
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return sign + f"{int(digits):,}".replace(",", mark) if mark else sign + digits


def other(number: Decimal | None, decimal: str, mark: str) -> str:
    if number is None:
        return "n/a"
    whole, _, places = f"{number:f}".partition(".")
    return group(whole, mark) + (decimal + places if places else "")


def percent(number: Decimal | None, decimal: str, mark: str, sign: str) -> str:
    if number is None:
        return "n/a"
    return other(number.scaleb(2), decimal, mark) + sign


DECIMALS = st.decimals(-(10**9), 10**9, places=4, allow_nan=False)
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["Ä", "b", "客户"]),
        st.none() | st.integers(-(10**12), 10**12),
        st.none() | DECIMALS,
        st.none() | st.decimals(-(10**5), 10**5, places=6, allow_nan=False),
        st.datetimes(),
        st.none() | st.booleans(),
    ),
    min_size=1,
    max_size=6,
)
DATES = {
    "%d.%m.%Y": lambda d: f"{d.day:02}.{d.month:02}.{d.year:04}",
    "%-m/%-d/%Y": lambda d: f"{d.month}/{d.day}/{d.year:04}",
    "%Y年%-m月%-d日": lambda d: f"{d.year:04}年{d.month}月{d.day}日",
    "%Y%m%d": lambda d: f"{d.year:04}{d.month:02}{d.day:02}",
    "%d-%b-%Y": lambda d: (
        f"{d.day:02}-{'JanFebMarAprMayJunJulAugSepOctNovDec'[3 * d.month - 3 : 3 * d.month]}-{d.year:04}"
    ),
}
TIMES = {
    " %H:%M": lambda d: f" {d.hour:02}:{d.minute:02}",
    " %-I:%M %p": lambda d: f" {d.hour % 12 or 12}:{d.minute:02} {'PM' if d.hour > 11 else 'AM'}",
    "T%H%M%S.%f": lambda d: f"T{d.hour:02}{d.minute:02}{d.second:02}.{d.microsecond:06}",
}


@pytest.mark.long
@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    rows=ROWS,
    decimal=st.sampled_from([".", ","]),
    mark=st.sampled_from(["", ".", ",", "'", "\u2019", " ", "\u00a0", "\u202f"]),
    sign=st.sampled_from(["%", " %", "\u00a0%", "％"]),
    day=st.sampled_from(sorted(DATES)),
    time=st.sampled_from(sorted(TIMES)),
)
def test_options_read_as_the_plain_file_does(
    tmp_path: Path, rows: list, decimal: str, mark: str, sign: str, day: str, time: str
) -> None:
    """Whatever is declared: the values are those of the file that needs no declaration."""
    mark = "" if mark == decimal else mark

    def plain(
        who: str, n: int | None, d: Decimal | None, p: Decimal | None, at: datetime, b: bool | None
    ):
        texts = (
            "" if x is None else f"{x:f}" if isinstance(x, Decimal) else str(x) for x in (n, d, p)
        )
        stamp = at.isoformat(" ", "microseconds")
        return [who, *texts, stamp[:10], stamp, "" if b is None else str(b)]

    def theirs(
        who: str, n: int | None, d: Decimal | None, p: Decimal | None, at: datetime, b: bool | None
    ):
        whole = "n/a" if n is None else group(str(n), mark)
        date = DATES[day](at)
        words = {True: "是", False: "否", None: "n/a"}
        return [
            *(who, whole, other(d, decimal, mark), percent(p, decimal, mark, sign)),
            *(date, date + TIMES[time](at), words[b]),
        ]

    reading = f"""
[reading]
encoding = "gb18030"
decimal = "{decimal}"
{f'thousands = "{mark}"' if mark else ""}
date_format = "{day}"
timestamp_format = "{day}{time}"
true = ["是"]
false = ["否"]
empty = ["n/a"]
column.p.percent = true
"""
    with grouped(written(tmp_path / "plain.csv", [plain(*r) for r in rows]), product()) as found:
        expected = contributions(found)
    path = written(tmp_path / "theirs.csv", [theirs(*r) for r in rows])
    with grouped(path, product(reading.replace('encoding = "gb18030"', ""))) as found:
        assert contributions(found) == expected
