"""Values of PostgreSQL that are written in a way of their own: exactly read, or refused."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import psycopg
import pytest

from catalog.database_source import DatabaseSource
from catalog.product_file import read_product
from connector.areas.products.area import SURVEY
from connector.engines.databases import Connection, copy_rows
from connector.engines.errors import DataError
from connector.engines.progress import quiet
from connector.engines.undeclared import Undeclared
from tests.connector.engines.reading import ONE
from tests.postgres import databases

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TABLE = "voile_values"
ROWS = """
('c', '{"b": 1}', 1e15, 1e-05, '\\x00', 1),
('a', '{"a": 2}', 0.1::float8 + 0.2, 1e22, '\\x00', 1),
('a', '{"a": 1}', -3, 0.5, '\\x00', 1),
('b', NULL, 'NaN', 'Infinity', '\\x00', 1),
('b', '{}', NULL, NULL, '\\x00', 1)
"""


@pytest.fixture
def url() -> Iterator[str]:
    found = databases.SERVER.replace("+psycopg", "")
    with psycopg.connect(found, autocommit=True) as session:
        session.execute(f"DROP TABLE IF EXISTS {TABLE}")
        session.execute(
            f"CREATE TABLE {TABLE} (who text, part json, x float8, y float4, z bytea, n int)"
        )
        session.execute(f"INSERT INTO {TABLE} VALUES {ROWS}")
        yield found
        session.execute(f"DROP TABLE IF EXISTS {TABLE}")


def read(url: str, folder: Path, source: str, y: str = "y") -> list[list[str]]:
    text = ONE.format(kind="integer", expression="x", keys="", bounds="bounds = [0, 9]")
    text = text.replace('name = "y"', f'name = "y", source = "{y}"')
    product = read_product(f'{text}\n[source]\ndatabase = "w"\n{source}\n')
    copy = folder / "rows.csv"
    used = {column.name for column in product.columns}
    copy_rows(Connection("w", 20, url=url), product.source, product.columns, copy, used=used)
    with copy.open(newline="") as file:
        return [*csv.reader(file)]


@pytest.mark.parametrize(
    "source", [f'table = "{TABLE}"', f'query = "SELECT * FROM {TABLE} ORDER BY who, part::text"']
)
def test_json_and_numbers_with_exponents(url: str, tmp_path: Path, source: str) -> None:
    """Rows of a table are in order, though json has none; a number has all its digits."""
    assert read(url, tmp_path, source) == [
        ["who", "part", "x", "y"],
        ["a", '{"a": 1}', "-3", "0.5"],
        ["a", '{"a": 2}', "0.30000000000000004", "10000000000000000000000"],
        ["b", "{}", "", ""],
        ["b", "", "NaN", "Infinity"],
        ["c", '{"b": 1}', "1000000000000000", "0.00001"],
    ]


@pytest.mark.parametrize("source", [f'table = "{TABLE}"', f'query = "SELECT * FROM {TABLE}"'])
def test_binary_values(url: str, tmp_path: Path, source: str) -> None:
    """Refused as those of SQLite are: their hexadecimal text is nobody's value."""
    with pytest.raises(DataError) as caught:
        read(url, tmp_path, source, y="z")
    assert (caught.value.code, caught.value.field) == ("data.type", "y")


@pytest.mark.parametrize(
    ("value", "got"),
    [
        ("'NaN'::float8", "`NaN`"),
        ("'-Infinity'::float4", "`-Infinity`"),
        ("'NaN'::numeric", "`NaN`"),
        ("'infinity'::date", "`infinity`"),
        ("'-infinity'::timestamptz", "`-infinity`"),
    ],
)
def test_what_has_no_end_is_no_text(url: str, tmp_path: Path, value: str, got: str) -> None:
    """A number or a time that is declared as text; a text that is spelled so is a text."""
    asked = f"SELECT CASE n WHEN 2 THEN {value} END AS who, '1' AS part, n AS x, 1 AS y"
    query = f'query = """{asked} FROM generate_series(1, 3) AS n ORDER BY n"""'
    with pytest.raises(DataError) as caught:
        read(url, tmp_path, query)
    error = caught.value
    assert (error.code, error.row) == ("data.value", 2)
    assert f"row 2: expected a finite number or time, got {got}" in error.message
    assert "第 2 行" in error.said("zh")
    assert read(url, tmp_path, query.replace(value, "'Infinity'"))[2][0] == "Infinity"


@pytest.mark.parametrize("asked", [{"table": TABLE}, {"query": f"SELECT * FROM {TABLE}"}])
def test_what_a_draft_looks_at(url: str, tmp_path: Path, asked: dict[str, str]) -> None:
    """All columns by their names; binary ones are told and not read; nothing is written."""
    source = DatabaseSource(database="w", **asked)
    data = Undeclared(connection=Connection("w", 20, url=url), source=source)
    found = SURVEY(data, scratch=tmp_path, progress=quiet)
    assert found.rows == 5
    kinds = {c.source: "" if c.unreadable else c.form.type for c in found.columns}
    assert kinds == {
        "who": "text",
        "part": "text",
        "x": "text",
        "y": "text",
        "n": "integer",
        "z": "",
    }
    writing = DatabaseSource(database="w", query=f"DELETE FROM {TABLE} RETURNING who")
    with pytest.raises(DataError) as caught:
        SURVEY(
            Undeclared(connection=data.connection, source=writing), scratch=tmp_path, progress=quiet
        )
    assert caught.value.code == "data.database"
