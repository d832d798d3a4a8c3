"""Rows of an SQLite database: one snapshot, the same reader, and nothing told of the connection."""

from __future__ import annotations

import sqlite3
import time
from typing import TYPE_CHECKING

import pytest

from catalog.errors import ProductError
from catalog.product_file import read_product
from connector.areas.products import store
from connector.areas.products.publish import publish
from connector.areas.products.rows import ProductRow, ProductVersionRow
from connector.engines import databases
from connector.engines.errors import DataError
from connector.process.errors import Conflict, Forbidden
from crypto.words import LANGUAGES
from tests.areas import OWN, PRODUCTS
from tests.catalog.product_texts import DELIVERIES
from tests.connector.engines.files import HEADER, line, write_csv

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from connector.party.node import Node
    from tests.simulators import Party

ROWS = [
    line(f"c{n % 9}", 2024 + n % 3, ("AIR", "RAIL", "ROAD")[n % 7 % 3], price=f"{n}.25")
    for n in range(240)
]
TABLE = DELIVERIES + '\n[source]\ndatabase = "warehouse"\ntable = "deliveries"\n'
QUERY = DELIVERIES + '\n[source]\ndatabase = "warehouse"\nquery = """\n{}\n"""\n'


@pytest.fixture
def node(party: Callable[..., Party]) -> Node:
    return party("acme", areas=(OWN, PRODUCTS)).node


def fill(path: Path, rows=ROWS) -> Path:
    kinds = ("TEXT", "INTEGER", "TEXT", "TEXT", "TEXT", "REAL", "INTEGER", "NUMERIC")
    columns = ", ".join(f'"{name}" {kind}' for name, kind in zip(HEADER, kinds, strict=True))
    with sqlite3.connect(path) as session:
        session.execute("DROP TABLE IF EXISTS deliveries")
        session.execute(f"CREATE TABLE deliveries ({columns}, secret TEXT)")
        session.executemany(
            f"INSERT INTO deliveries VALUES ({', '.join('?' * len(HEADER))}, 'hidden')", rows
        )
    session.close()
    return path


@pytest.fixture
def warehouse(node: Node, tmp_path: Path) -> Path:
    path = fill(tmp_path / "ware house.db")
    settle(node, path)
    return path


def asking(query: str) -> str:
    """The product with a query."""
    return QUERY.replace("{}", query)


def settle(node: Node, path: Path, more: str = "") -> Path:
    file = node.settings.home / "databases.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f'[warehouse]\nurl = "sqlite:///{path}"\n{more}', encoding="utf-8")
    file.chmod(0o600)
    return file


def refused(node: Node, text: str, data: Path | None = None) -> DataError:
    with pytest.raises(DataError) as caught:
        publish(node, text, data)
    error = caught.value
    for language in LANGUAGES:
        assert error.said(language)
        assert error.following(language)
        assert "hidden" not in error.said(language)
    with node.db.reading() as session:
        assert session.get(ProductVersionRow, ("delivery-records", 1)) is None
    return error


def test_a_table_is_what_its_csv_is(
    node: Node, party: Callable[..., Party], warehouse: Path, tmp_path: Path
) -> None:
    """The same protected table; again, it is unchanged data; changed, it is a next version."""
    publish(node, TABLE, None)
    other = party("bolt", areas=(OWN, PRODUCTS)).node
    publish(other, DELIVERIES, write_csv(tmp_path / "plain.csv", ROWS))
    tables = []
    for each in (node, other):
        with each.db.reading() as session:
            tables.append(store.protected_table(session, "delivery-records").table)
    assert tables[0] == tables[1]
    assert publish(node, TABLE, None)["dataUnchanged"]
    fill(warehouse, [*ROWS, *(line(f"c{n}", 2024) for n in range(9))])
    assert publish(node, TABLE, None)["version"]["number"] == 2
    again = "separate_rows = true\n" + TABLE.replace("delivery-records", "copy")
    with pytest.raises(Conflict) as caught:
        publish(node, again, None)
    assert caught.value.code == "product.same-rows"


def test_a_query(node: Node, warehouse: Path) -> None:
    """Whatever it computes; errors name rows of it, not lines of a file that nobody sees."""
    names = ", ".join(f'"{name}"' for name in HEADER)
    report = publish(node, asking(f"SELECT {names} FROM deliveries WHERE year < 2026"), None)
    assert report["rows"] == 160


def test_values_that_cannot_be_taken(node: Node, warehouse: Path) -> None:
    """By row: a number with too many digits, a binary value, an undeclared code."""
    fill(warehouse, [*ROWS, line("x", price=0.1 + 0.2)])
    names = ", ".join(f'"{name}"' for name in HEADER)
    text = asking(f"SELECT {names} FROM deliveries")
    error = refused(node, text)
    assert "column `price`, row 241: expected a number" in error.message
    fill(warehouse, [*ROWS, line("x", price=b"1")])
    assert refused(node, text).code == "data.type"
    fill(warehouse, [*ROWS, line("x", mode="BOAT")])
    assert "dimension `mode`, row 241" in refused(node, text).message


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM deliveries",
        "SELECT 1) AS data; DROP TABLE deliveries; SELECT (1",
        "SELECT * FROM deliveries; DROP TABLE deliveries",
        "SELECT * FROM nowhere",
        "SELECT load_extension('x')",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) AS customer FROM n",
        "SELECT 1",
        "SELECT year AS customer FROM deliveries",  # other columns would be texts of their names
    ],
)
def test_queries_that_do_something_else(node: Node, warehouse: Path, query: str) -> None:
    """Nothing is written, nothing runs for ever, and the error tells a code alone."""
    settle(node, warehouse, "seconds = 1\n")
    error = refused(node, asking(query))
    assert error.code == "data.database"
    with sqlite3.connect(warehouse) as session:
        assert session.execute("SELECT count(*) FROM deliveries").fetchone() == (240,)
    session.close()


def test_the_file_of_databases(node: Node, warehouse: Path) -> None:
    """For the owner's eyes only; what is wrong with it is said without what stands there."""
    file = settle(node, warehouse)
    file.chmod(0o644)
    assert "chmod 600" in refused(node, TABLE).next_step
    file.chmod(0o600)
    for bad in (
        "[other]\n",
        '[warehouse]\nurl = "mysql://u:hidden@h/d"\n',
        "[warehouse]\nurl = 5\n",
        '[warehouse]\nurl = "sqlite:////x"\npassword = "hidden"\n',
        "[warehouse]\nhidden",
    ):
        file.write_text(bad)
        assert refused(node, TABLE).code == "data.database"
    file.unlink()
    assert "names no database `warehouse`" in refused(node, TABLE).message


def test_the_connectors_own_database_is_not_read(node: Node) -> None:
    """Who publishes is not who keeps the keys."""
    settle(node, node.settings.data / "voile.db")
    with pytest.raises(Forbidden):
        publish(node, TABLE, None)


def test_a_database_and_a_file(node: Node, warehouse: Path, tmp_path: Path) -> None:
    """One or the other; a query or a table; no `[reading]` beside it; no secret in the product."""
    path = write_csv(tmp_path / "plain.csv", ROWS)
    assert "name no data file" in refused(node, TABLE, path).next_step
    for bad in (
        TABLE + 'query = "SELECT 1"\n',
        TABLE.replace('table = "deliveries"\n', "", 2).replace(
            "level = 1", 'level = 1\ntable = "deliveries"'
        ),
        TABLE + '[reading]\nencoding = "gbk"\n',
        TABLE + 'url = "postgresql://u:p@h/d"\n',
    ):
        with pytest.raises(ProductError) as caught:
            read_product(bad)
        assert caught.value.field.startswith(("source", "reading"))


def test_where_it_is_stands_nowhere(node: Node, warehouse: Path) -> None:
    """Neither the report nor the store knows more than the name."""
    report = publish(node, TABLE, None)
    assert "ware house" not in repr(report)
    with node.db.reading() as session:
        row = session.get(ProductRow, "delivery-records")
        assert row is not None
        assert "ware house" not in row.text


@pytest.mark.parametrize("kept", ["CAST(x'4dfc6c6c68696464656e' AS TEXT)", "'hid' || char(0)"])
def test_a_text_that_is_none(node: Node, warehouse: Path, kept: str) -> None:
    """SQLite keeps any bytes as text: the error names row and column, and quotes nothing."""
    with sqlite3.connect(warehouse) as session:
        session.execute(f"UPDATE deliveries SET customer = {kept} WHERE rowid = 3")
    session.close()
    names = ", ".join(f'"{name}"' for name in HEADER)
    error = refused(node, asking(f"SELECT {names} FROM deliveries"))
    assert (error.code, error.row, error.params["column"]) == ("data.type", 3, HEADER[0])
    assert error.__cause__ is None
    refused(node, TABLE)


LONG = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {}) SELECT {} FROM n"
)


def endless(rows: int, value: str) -> str:
    others = ", ".join(f'1 AS "{name}"' for name in HEADER[1:])
    return asking(LONG.format(rows, f'{value} AS "{HEADER[0]}", {others}'))


def test_few_steps_that_take_long(node: Node, warehouse: Path) -> None:
    """Rows of a megabyte each are few steps of SQLite's machine: the clock is looked at by row."""
    settle(node, warehouse, "seconds = 1\n")
    begun = time.monotonic()
    error = refused(node, endless(100_000, "hex(zeroblob(400000))"))
    assert "more than 1 seconds" in error.message
    assert time.monotonic() - begun < 60


def test_much_in_few_rows(node: Node, warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound is of what is written, not of every so many rows; no value is beyond a row's."""
    assert "SQLITE_TOOBIG" in refused(node, endless(2, "hex(zeroblob(2500000))")).message
    monkeypatch.setattr(databases, "MOST_BYTES", 3 << 20)
    assert "gives more than" in refused(node, endless(9, "hex(zeroblob(400000))")).message


def test_the_same_rows_by_another_column_name(node: Node, warehouse: Path) -> None:
    """A query may call its columns as it likes: contributors of one database are compared."""
    publish(node, TABLE, None)
    query = "SELECT *, customer AS firm FROM deliveries ORDER BY weight"
    text = asking(query).replace("delivery-records", "copy").replace('"customer"', '"firm"')
    with pytest.raises(Conflict) as caught:
        publish(node, text, None)
    assert caught.value.code == "product.like-rows"
    assert publish(node, "separate_rows = true\n" + text, None)["rows"] == 240
