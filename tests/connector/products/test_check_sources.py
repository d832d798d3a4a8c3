"""A check reads what a publication reads: folders, workbooks, other dialects, declared databases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import typer
from sqlmodel import select

from connector.areas.products import folder as reading
from connector.areas.products import take_back
from connector.areas.products.check import check
from connector.areas.products.publish import publish
from connector.areas.products.rows import FileVersionRow, ProductVersionRow
from connector.faces.cli import build
from connector.faces.cli import products as commands
from connector.process.errors import Conflict
from tests.connector.engines.files import HEADER, line, write_csv
from tests.connector.engines.workbooks import write_workbook
from tests.connector.products.test_api import acme
from tests.connector.products.test_check import FILE, codes, everything
from tests.connector.products.test_databases import DELIVERIES, ROWS, TABLE, fill, settle
from tests.connector.products.test_databases import node as node_of
from tests.connector.products.test_folder import FILES, folder
from tests.connector.products.test_written_otherwise import GERMAN, german

if TYPE_CHECKING:
    from pathlib import Path

    from connector.party.node import Node
    from tests.simulators import Party

__all__ = ["acme", "folder", "node_of"]
SHEET = '\n[reading]\nsheet = "Rows"\n'
WAYS = ("folder", "workbook", "dialect", "database")


@pytest.fixture
def node(node_of: Node) -> Node:
    return node_of


@pytest.fixture(params=WAYS)
def way(
    request: pytest.FixtureRequest, node: Node, folder: Path, tmp_path: Path
) -> tuple[str, Path | None]:
    """A product file and what is named beside it."""
    if request.param == "folder":
        return DELIVERIES + FILES, folder
    if request.param == "workbook":
        rows = [[float(v) if "." in str(v) else v for v in row] for row in ROWS]
        return DELIVERIES + SHEET, write_workbook(tmp_path / "rows.xlsx", {"Rows": [HEADER, *rows]})
    if request.param == "dialect":
        return DELIVERIES + GERMAN, german(tmp_path / "german.csv")
    settle(node, fill(tmp_path / "ware house.db"))
    return TABLE, None


def named(text: str, product: str) -> str:
    """The same under another id, of rows that are said to be separate."""
    return "separate_rows = true\n" + text.replace("delivery-records", product, 1)


def told(found: dict[str, Any]) -> dict[str, Any]:
    """The report of a check, as publishing gives it but for the digest that is drawn then."""
    report: dict[str, Any] = found["report"]
    del report["contributorIds"]["near"]
    return report


def take(node: Node, product: str) -> int:
    with node.db.transaction() as tx:
        return take_back(tx, node, product)


@pytest.mark.long
def test_it_says_what_publishing_says(node: Node, way: tuple[str, Path | None]) -> None:
    """The same report, nothing kept; then unchanged data, and the same rows under another id."""
    text, data = way
    before = everything(node)
    found = check(node, text, data)
    assert everything(node) == before
    assert found["findings"] == []
    assert found["wouldPublish"] is True
    assert [one["finding"] for one in found["orders"]] == [None, None, None]
    report = publish(node, text, data)
    del report["version"]["digest"]
    assert told(found) == report
    assert report["recognisedBy"]
    after = everything(node)
    again = check(node, text, data)
    assert again["dataUnchanged"] is True
    assert again["findings"] == []
    assert codes(check(node, named(text, "copy"), data)) == ["product.same-rows"]
    assert everything(node) == after


@pytest.mark.long
def test_the_same_rows_written_otherwise_are_found(
    node: Node, way: tuple[str, Path | None], tmp_path: Path
) -> None:
    """By the rows, not by the file; as publishing refuses them. Taken back, they are forgotten."""
    text, data = way
    rows = ROWS if data is not None else sorted(ROWS, key=lambda row: (*row[:5], float(row[5])))
    plain = write_csv(tmp_path / "plain.csv", rows)  # a table is read in the order of its columns
    copy = named(DELIVERIES, "copy")
    publish(node, named(text, "first"), data)
    if data is not None and data.name == "german.csv":  # its rows are those of another language
        plain, copy = german(tmp_path / "again.csv"), copy + GERMAN
        plain.write_bytes(plain.read_bytes().replace(b"\r\n", b"\n"))
    found = check(node, copy, plain)
    assert codes(found) == ["product.same-rows"]
    with pytest.raises(Conflict) as caught:
        publish(node, copy, plain)
    assert found["findings"][0]["message"]["zh"] == caught.value.said("zh")
    assert take(node, "first") == 1
    with node.db.reading() as session:
        assert session.exec(select(ProductVersionRow)).all() == []
    assert check(node, copy, plain)["wouldPublish"] is True
    assert publish(node, copy, plain)["version"]["number"] == 1


def test_a_part_of_a_folder_is_forgotten_too(node: Node, folder: Path) -> None:
    """Each file of it was remembered, and none is once it is taken back."""
    part = folder / "part-5.csv"
    publish(node, DELIVERIES + FILES, folder)
    assert codes(check(node, FILE, part)) == ["product.same-rows"]
    take(node, "delivery-records")
    assert check(node, FILE, part)["wouldPublish"] is True


def test_a_file_product_in_another_encoding(node: Node, tmp_path: Path) -> None:
    """Its text as UTF-8 is what a table was made of: found as publishing finds it."""
    rows = [line(f"客户{n % 9}", 2024 + n % 3, price=f"{n}.25") for n in range(240)]
    plain = write_csv(tmp_path / "plain.csv", rows)
    publish(node, DELIVERIES, plain)
    other = tmp_path / "other.csv"
    other.write_bytes(plain.read_text("utf-8").encode("gb18030"))
    assert codes(check(node, FILE, other)) == ["product.same-rows"]
    with pytest.raises(Conflict):
        publish(node, FILE, other)
    with node.db.reading() as session:
        assert session.exec(select(FileVersionRow)).all() == []


def test_what_cannot_be_read_is_a_finding(node: Node, folder: Path, tmp_path: Path) -> None:
    """A folder that the product file does not name, no such database, a database and a file."""
    before = everything(node)
    for text, data, code in (
        (DELIVERIES, folder, "data.folder"),
        (DELIVERIES + FILES, folder / "part-0.csv", "data.folder"),
        (DELIVERIES + FILES, tmp_path / "none", "data.unreadable"),
        (TABLE, None, "data.database"),
        (TABLE, folder / "part-0.csv", "data.database"),
    ):
        found = check(node, text, data)
        assert codes(found) == [code]
        assert found["report"] is None
        assert not found["wouldPublish"]
    assert everything(node) == before


def test_data_that_change_meanwhile(
    node: Node, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was reported would be of other rows: a finding, as publishing refuses it."""
    digest = reading.source_digest

    def slow(data: Path, progress: Any) -> str:
        found = digest(data, progress)
        if data.name == "part-0.csv":
            with data.open("a") as file:
                file.write("late,2025,AIR,2025-03-10,2025-03-10,1.00,1,1.00\n")
        return found

    monkeypatch.setattr(reading, "source_digest", slow)
    found = check(node, DELIVERIES + FILES, folder)
    assert not found["wouldPublish"]
    assert codes(found) == ["data.changed"]


@pytest.mark.long
def test_the_command_takes_what_the_product_file_names(
    acme: Party, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder, or nothing beside a declared database; exit code 1 where it would not be published."""

    class Direct:
        def get(self, path: str) -> Any:
            return acme.manage("GET", path)[1]

        def post(self, path: str, value: object) -> Any:
            return acme.manage("POST", path, value)[1]

    monkeypatch.setattr(commands, "management", lambda _home: Direct())
    command = typer.main.get_command(build())

    def run(text: str, *more: str) -> int:
        (tmp_path / "product.toml").write_text(text, encoding="utf-8")
        given = ["publish", str(tmp_path / "product.toml"), *more, "--home", str(tmp_path)]
        found = command.main(given, standalone_mode=False)
        return found if isinstance(found, int) else 0

    settle(acme.node, fill(tmp_path / "ware house.db"))
    before = everything(acme.node)
    files, check_it = DELIVERIES + FILES, ("--check", "--orders", "1")
    assert run(TABLE, *check_it) == 0
    assert run(files, str(folder), *check_it) == 0
    assert run(DELIVERIES, str(folder), *check_it) == 1
    assert run(DELIVERIES, *check_it) == 1
    assert everything(acme.node) == before
    assert run(files, str(folder)) == 0
    assert run(named(files, "copy"), str(folder), *check_it) == 1
