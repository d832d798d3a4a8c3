"""Drafts of folders, workbooks and databases: each passes `publish --check` as it is."""

from __future__ import annotations

import sqlite3
import tomllib
from datetime import date
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from catalog.product_file import read_product
from connector.areas.products import Asked, draft_of
from connector.areas.products.check import check
from connector.areas.products.publish import publish
from connector.engines.errors import DataError
from connector.engines.progress import quiet
from crypto.words import LANGUAGES
from tests.areas import OWN, PRODUCTS
from tests.connector.engines.workbooks import DATE, PERCENT, STAMP, Cell, write_workbook
from tests.connector.products.test_databases import settle

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from catalog.draft import Draft
    from connector.party.node import Node
    from tests.simulators import Party

TODAY = date(2026, 11, 30)
HEADER = ["customer", "mode", "promised", "quantity"]
MODES = ("公路", "铁路", "海运")


@pytest.fixture
def node(party: Callable[..., Party]) -> Node:
    return party("acme", areas=(OWN, PRODUCTS)).node


def drafted(**asked: Any) -> Draft:
    """A draft, the comments of which say the same in both languages."""
    made, zh = (
        draft_of(Asked(**asked), language=language, today=TODAY, progress=quiet)
        for language in ("en", "zh")
    )
    assert tomllib.loads(made.text) == tomllib.loads(zh.text)
    assert len(made.decisions) == len(zh.decisions)
    return made


def checked(node: Node, draft: Draft, data: Path | None) -> None:
    """Nobody needs to touch the draft: it is checked, and published."""
    assert draft.lacking == ()
    read_product(draft.text)
    found = check(node, draft.text, data)
    assert found["findings"] == []
    assert publish(node, draft.text, data)["rows"] == 600


def rows(number: int = 600) -> list[list[Any]]:
    return [
        [f"K{n % 60:03}", MODES[n % 3], f"{2025 + n % 2}-03-{1 + n % 28:02}", n % 90 + 1]
        for n in range(number)
    ]


def texts(part: list[list[Any]]) -> str:
    return "".join(",".join(map(str, row)) + "\n" for row in [HEADER, *part])


def refused(code: str, **asked: Any) -> DataError:
    with pytest.raises(DataError) as caught:
        drafted(**asked)
    error = caught.value
    assert error.code == code
    assert all(error.said(language) and error.following(language) for language in LANGUAGES)
    return error


@pytest.fixture
def months(tmp_path: Path) -> Path:
    folder = tmp_path / "交付 deliveries"
    folder.mkdir()
    for month in range(6):
        part = texts(rows()[100 * month : 100 * month + 100])
        (folder / f"2026-{month + 1:02}.csv").write_text(part, encoding="gb18030")
    (folder / "2026-07.csv").write_text(",".join(HEADER) + "\n")  # in which nothing happened
    (folder / "notes.txt").write_text("not meant")
    return folder


def test_a_folder(node: Node, months: Path) -> None:
    """One encoding is found for all, also where a file is plain; types hold over all files."""
    made = drafted(path=months, files="2026-*.csv")
    assert tomllib.loads(made.text)["reading"] == {"encoding": "gb18030", "files": "2026-*.csv"}
    assert read_product(made.text).id == "deliveries"
    checked(node, made, months)


def test_a_folder_in_one_of_whose_files_something_differs(months: Path) -> None:
    """Another header, another encoding, an ending that publishing would refuse, no file, a link."""
    last = months / "2026-06.csv"
    good = last.read_bytes()
    last.write_bytes(good.replace(b"quantity", b"pieces"))
    assert (
        "`2026-06.csv` differs" in refused("data.header", path=months, files="2026-*.csv").message
    )
    last.write_text(good.decode("gb18030"), encoding="utf-8")
    assert "2026-01.csv" in refused("data.encoding", path=months, files="2026-*.csv").message
    last.write_bytes(good + b"K001,x\n")
    assert "file `2026-06.csv`: " in refused("data.fields", path=months, files="*.csv").message
    assert "notes.txt" in refused("draft.data", path=months, files="*").message
    refused("data.folder", path=months, files="*.tsv")
    last.unlink()
    last.symlink_to(months / "notes.txt")
    refused("data.folder", path=months, files="*.csv")


def test_a_folder_of_parquet(node: Node, months: Path) -> None:
    """Of one shape; the first that is of another is named."""
    for file in months.glob("*.csv"):
        plain = file.with_suffix(".txt")
        plain.write_text(file.read_text("gb18030"), encoding="utf-8")
        duckdb.execute(
            f"COPY (SELECT * FROM read_csv('{plain}', header = true, columns = {{"
            "'customer': 'VARCHAR', 'mode': 'VARCHAR', 'promised': 'DATE', 'quantity': 'INTEGER'"
            f"}})) TO '{file.with_suffix('.parquet')}' (FORMAT parquet)"
        )
    made = drafted(path=months, files="*.parquet")
    assert tomllib.loads(made.text)["reading"] == {"files": "*.parquet"}
    checked(node, made, months)
    odd = months / "2026-06.parquet"
    duckdb.execute(f"COPY (SELECT 'x' AS customer) TO '{odd}' (FORMAT parquet)")
    error = refused("data.header", path=months, files="*.parquet")
    assert "column `mode` of `2026-06.parquet`" in error.message


def sheet(part: list[list[Any]]) -> list[list[Any]]:
    """Rows as a workbook has them: days as serial numbers."""
    found: list[list[Any]] = []
    for who, mode, day, count in part:
        serial = (date.fromisoformat(day) - date(1899, 12, 30)).days
        found.append([who, mode, Cell(str(serial), style=DATE), count])
    return found


def test_a_workbook(node: Node, tmp_path: Path) -> None:
    """The only sheet needs no name; the draft names it all the same, as publishing asks for it."""
    book = write_workbook(tmp_path / "book.xlsx", {"交付": [HEADER, *sheet(rows())]})
    made = drafted(path=book)
    found = tomllib.loads(made.text)
    assert found["reading"] == {"sheet": "交付"}
    assert {c["name"]: c["type"] for c in found["column"]}["promised"] == "date"
    checked(node, made, book)


@pytest.mark.long
def test_which_sheet_and_which_row(node: Node, tmp_path: Path) -> None:
    """Several sheets are listed; the row of the header is told where it is not the first."""
    notes = [["Deliveries of both years"], [None], HEADER, *sheet(rows())]
    book = write_workbook(tmp_path / "book.xlsx", {"Notes": [["x"]], "Rows": notes})
    error = refused("data.workbook", path=book)
    assert "`Notes`, `Rows`" in error.message
    assert "--sheet" in error.next_step
    assert "`Notes`, `Rows`" in refused("data.workbook", path=book, sheet="None").message
    assert "--header-row" in refused("data.header", path=book, sheet="Rows", header_row=2).next_step
    made = drafted(path=book, sheet="Rows", header_row=3)
    assert tomllib.loads(made.text)["reading"] == {"sheet": "Rows", "header_row": 3}
    checked(node, made, book)
    plain = tmp_path / "plain.csv"
    plain.write_text(texts(rows()))
    refused("draft.data", path=plain, sheet="Rows")
    refused("draft.data", path=plain, header_row=1)


@pytest.mark.long
def test_cells_that_publishing_refuses_leave_their_column_out(node: Node, tmp_path: Path) -> None:
    """An error, a formula nobody computed, a large number, an hour, merged cells, what is shown
    otherwise: each column is left out by a comment with the cell; midnights stay times.
    """
    header = [*HEADER, "err", "formula", "large", "hour", "mixed", "merged", "at", "share", ""]
    found = []
    for n, row in enumerate(sheet(rows())):
        one = n == 7
        found.append(
            [
                *row,
                Cell("#N/A", "e") if one else 1,
                Cell("", formula="A1+1") if one else 2,
                2**53 if one else 3,
                Cell("0.5", style=2) if one else 4,
                Cell("46000", style=DATE) if one else "a text",
                "x",
                Cell("46000.5" if n % 2 else "46000", style=STAMP),
                Cell("0.125", style=PERCENT),
                None,
            ]
        )
    book = write_workbook(tmp_path / "b.xlsx", {"S": [header, *found]}, merged=("J12:J13",))
    made = drafted(path=book)
    told = "\n".join(made.decisions)
    for name, cell in {
        "err": "E9",
        "formula": "F9",
        "large": "G9",
        "hour": "H9",
        "mixed": "I9",
        "merged": "J12:J13",
    }.items():
        assert f"column `{name}` is left out" in told
        assert f"{cell} " in told
    kinds = {c["name"]: c["type"] for c in tomllib.loads(made.text)["column"]}
    assert (kinds["at"], kinds["share"]) == ("timestamp", "decimal(7,3)")
    assert set(kinds) == {*HEADER, "at", "share"}
    checked(node, made, book)


@pytest.fixture
def warehouse(node: Node, tmp_path: Path) -> Path:
    path = tmp_path / "ware.db"
    with sqlite3.connect(path) as session:
        session.execute(
            "CREATE TABLE deliveries (customer TEXT, mode TEXT, promised TEXT, quantity, picture)"
        )
        listed = [(*row, b"\x00\x01" if n == 300 else None) for n, row in enumerate(rows())]
        session.executemany("INSERT INTO deliveries VALUES (?, ?, ?, ?, ?)", listed)
    session.close()
    settle(node, path)
    return path


def test_a_database(node: Node, warehouse: Path) -> None:
    """Its table, or a query; binary columns are left out; what only `[reading]` could say is text."""
    known = {"settings": node.settings, "database": "warehouse"}
    made = drafted(**known, table="deliveries")
    found = tomllib.loads(made.text)
    assert found["source"] == {"database": "warehouse", "table": "deliveries"}
    assert (found["id"], "reading" in found) == ("deliveries", False)
    assert [c["name"] for c in found["column"]] == HEADER
    assert "`picture` is nested or binary" in made.text
    checked(node, made, None)
    query = "SELECT customer, mode,\n quantity || ',5' AS german, 'NA' AS na FROM deliveries"
    made = drafted(**known, query=query)
    found = tomllib.loads(made.text)
    assert found["source"]["query"] == query
    kinds = {c["name"]: (c["type"], c["disclosure"]) for c in found["column"]}
    assert kinds["german"] == ("text", "never")
    assert made.lacking == ()
    assert (
        check(node, made.text.replace('id = "warehouse"', 'id = "w2"'), None)["report"]["rows"]
        == 600
    )


def test_a_database_that_cannot_be_read(node: Node, warehouse: Path) -> None:
    """As publishing says it: an unknown name, a table that is not there, names that stand twice,
    a statement that writes; nothing of the rows is told.
    """
    known = {"settings": node.settings, "database": "warehouse"}
    refused("data.database", settings=node.settings, database="none", table="x")
    refused("data.database", **known, table="none")
    refused("data.database", **known, query="DELETE FROM deliveries RETURNING customer")
    refused("data.database", **known, query="SELECT 1) AS x; DROP TABLE deliveries; --")
    refused("data.empty", **known, query="SELECT customer FROM deliveries WHERE false")
    (node.settings.home / "databases.toml").chmod(0o644)
    refused("data.database", **known, table="deliveries")
