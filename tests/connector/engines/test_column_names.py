"""Columns that are called like what DuckDB numbers rows by: read as any other, with true places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from catalog.product_file import read_product
from tests.connector.engines.reading import grouped, refusal

if TYPE_CHECKING:
    from pathlib import Path

    from catalog.product import Product

OWN = """
id = "one"
table = "t"
domain = "production"
level = 1
contributor = "who"
column = [
  {{ name = "who", type = "text", disclosure = "never" }},
  {{ name = "{name}", source = "{source}", type = "integer", disclosure = "group_key" }},
  {{ name = "x", type = "integer", disclosure = "aggregate" }},
]
dimension = [{{ name = "{name}", codes = [1, 2] }}]
measure = [{{ name = "x", bounds = [0, 9] }}]
"""
NAMES = ("rowid", "file_row_number", "filename", "file_index", "place", "v0", "c0", "source")


def declared(name: str, source: str = "") -> Product:
    return read_product(OWN.format(name=name, source=source or name))


def csv_of(folder: Path, name: str, *rows: str) -> Path:
    path = folder / "data.csv"
    path.write_text("\n".join((f"who,{name},x", *rows)) + "\n")
    return path


@pytest.mark.sweep
@pytest.mark.parametrize("name", NAMES)
def test_in_a_csv(tmp_path: Path, name: str) -> None:
    """Values, the line of a fault, and what the rows are recognised by."""
    product = declared(name)
    with grouped(csv_of(tmp_path, name, "a,1,1", "b,1,2", "c,1,3"), product) as found:
        assert found.rows == 3
        first = found.recognised()
    with grouped(csv_of(tmp_path, name, "c,1,3", "b,1,2", "a,1,1"), product) as found:
        assert not {*first} & {*found.recognised()}
    for bad, said in (("c,1,z", "line 4"), ("c,3,1", "line 4"), (",1,1", "line 4")):
        error = refusal(csv_of(tmp_path, name, "a,1,1", "b,1,2", bad), product)
        assert error.row == 3
        assert said in error.message


@pytest.mark.sweep
@pytest.mark.parametrize("name", NAMES)
def test_in_parquet(tmp_path: Path, name: str) -> None:
    """The one name that DuckDB gives a column of its own is refused by that name."""
    path = tmp_path / "data.parquet"
    with duckdb.connect() as session:
        rows = "('a', 1, 1), ('b', 1, 2), ('c', 3, 3)"
        session.execute(
            f"COPY (SELECT * FROM (VALUES {rows}) AS t(who, \"{name}\", x)) TO '{path}'"
            " (FORMAT parquet)"
        )
    error = refusal(path, declared(name))
    if name == "file_row_number":
        assert error.code == "data.column.twice"
        assert "`file_row_number`" in error.message
    else:
        assert error.row == 3


def test_a_name_of_ours_for_another_column(tmp_path: Path) -> None:
    path = csv_of(tmp_path, "k", "a,1,1", "b,2,2", "c,3,1")
    for name in NAMES:
        assert refusal(path, declared(name, "k")).row == 3
