"""Workbooks as LibreOffice writes them: days, times, percentages, formulas, a title above."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

import duckdb
import pytest

from catalog.product_file import read_product
from connector.areas.products import Asked, draft_of
from connector.areas.products.check import check
from connector.engines.duckdb.grouping import group_file
from connector.engines.duckdb.plain import plain_file
from connector.engines.errors import DataError
from connector.engines.progress import quiet
from tests.areas import OWN, PRODUCTS
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.simulators import Party

BOOKS = ("days1900.xlsx", "days1904.xlsx")
FOLDER = ROOT / "tests" / "fixtures" / "workbooks"
PRODUCT = """
id = "real"
table = "real"
domain = "production"
level = 1
contributor = "customer"
column = [
  { name = "customer", type = "text", disclosure = "never" },
  { name = "方式", type = "text", disclosure = "group_key" },
  { name = "day", type = "date", disclosure = "aggregate" },
  { name = "at", type = "timestamp", disclosure = "aggregate" },
  { name = "quantity", type = "integer", disclosure = "aggregate" },
  { name = "price", type = "decimal(9,2)", disclosure = "aggregate" },
  { name = "share", type = "decimal(9,4)", disclosure = "aggregate" },
  { name = "amount", type = "decimal(9,2)", disclosure = "aggregate" },
]
dimension = [{ name = "方式", codes = ["海运", "铁路"] }]
measure = [
  { name = "quantity", bounds = [0, 100] },
  { name = "days", expression = "date_diff('day', date '2026-01-31', day)", bounds = [0, 1000] },
]
[reading]
sheet = "交付"
header_row = 2
"""


def expected(n: int) -> tuple[object, ...]:
    """Row n, from 0."""
    quantity, price = n % 9 + 1, Decimal(400 + 13 * n) / 4
    return (
        f"K{n % 5:03}",
        "铁路" if n % 2 else "海运",
        dt.date(2026, 1, 31) + dt.timedelta(days=17 * n),
        dt.datetime.fromisoformat("2026-03-29 02:30") + dt.timedelta(hours=13 * n, minutes=7 * n),
        quantity,
        price,
        Decimal(n) / 80,
        quantity * price,
    )


@pytest.mark.parametrize("book", BOOKS)
def test_every_cell_is_what_the_program_shows(book: str, tmp_path: Path) -> None:
    """Each value of each row, in both ways of counting days; formulas by their values."""
    product = read_product(PRODUCT)
    piece = plain_file(FOLDER / book, product, tmp_path / "copy.csv")
    kinds = "['VARCHAR', 'VARCHAR', 'DATE', 'TIMESTAMP', 'INTEGER', 'DECIMAL(9,2)', 'DECIMAL(9,4)', 'DECIMAL(9,2)']"
    found = duckdb.execute(
        f"SELECT * FROM read_csv('{piece.path}', header = true, types = {kinds})"
    ).fetchall()
    assert found == [expected(n) for n in range(40)]
    assert piece.sheet is not None
    assert piece.sheet.cell(1, "amount") == "H3"


@pytest.mark.long
@pytest.mark.parametrize("book", BOOKS)
def test_they_are_grouped_and_drafted(
    book: str, tmp_path: Path, party: Callable[..., Party]
) -> None:
    """As declared, and as drafted from nothing but the row of the header."""
    with group_file(
        FOLDER / book, read_product(PRODUCT), scratch=tmp_path, progress=quiet
    ) as grouped:
        assert grouped.rows == 40
    asked = Asked(path=FOLDER / book, header_row=2)
    made = draft_of(asked, language="zh", today=dt.date(2026, 11, 30), progress=quiet)
    kinds = {column.name: column.type for column in read_product(made.text).columns}
    assert list(kinds) == [column.name for column in read_product(PRODUCT).columns]
    assert (kinds["day"], kinds["at"], kinds["share"]) == ("date", "timestamp", "decimal")
    node = party("acme", areas=(OWN, PRODUCTS)).node
    assert check(node, made.text, FOLDER / book)["findings"] == []
    with pytest.raises(DataError) as caught:
        draft_of(
            Asked(path=FOLDER / book), language="en", today=dt.date(2026, 11, 30), progress=quiet
        )
    assert caught.value.code == "data.header"
    assert "row 1 of the sheet `交付` names 1 of its 8 columns" in caught.value.message
