"""Publishing files: a durable copy of ours with its digest, or nothing changed."""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from connector.areas.products.check import check
from connector.areas.products.delivered import path_of, published_file
from connector.areas.products.publish import publish
from connector.areas.products.shelf import ProductShelf
from connector.engines.errors import DataError
from connector.process.errors import BadRequest, Conflict
from tests.areas import OWN, PRODUCTS
from tests.catalog.product_texts import DELIVERIES
from tests.connector.engines.files import line, write_csv

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from connector.party.node import Node
    from tests.simulators import Party

TEXT = """
id = "parts"
kind = "file"
domain = "production"
level = 1
[[offer]]
formats = ["HttpData-PULL", "HttpData-PUSH"]
"""
CSV = b"a,b\n1,2\n"


@pytest.fixture
def node(party: Callable[..., Party]) -> Node:
    return party("acme", areas=(OWN, PRODUCTS)).node


def put(folder: Path, content: bytes = CSV, name: str = "parts.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def copies(node: Node) -> list[Path]:
    return sorted((node.settings.data / "products" / "parts").glob("*"))


def test_a_copy_is_kept_and_described(node: Node, tmp_path: Path):
    """Private, of the same bytes, named in the catalogue with size and digest."""
    report = publish(node, TEXT, put(tmp_path))
    digest = "sha-256:" + hashlib.sha256(CSV).hexdigest()
    assert report["version"] == {"number": 1, "digest": digest}
    assert report["bytes"] == len(CSV)
    (copy,) = copies(node)
    assert copy.read_bytes() == CSV
    assert copy.stat().st_mode & 0o777 == 0o600
    with node.db.reading() as session:
        (dataset,) = ProductShelf(node).datasets(session)
        found = published_file(session, "parts")
    assert [d["format"] for d in dataset["distribution"]] == ["HttpData-PULL", "HttpData-PUSH"]
    assert found is not None
    assert path_of(node, found) == copy


def test_the_owners_file_may_change_afterwards(node: Node, tmp_path: Path):
    """What was published is the copy."""
    data = put(tmp_path)
    publish(node, TEXT, data)
    data.write_bytes(b"other")
    assert copies(node)[0].read_bytes() == CSV


def test_a_new_version_replaces_the_copy_but_not_under_who_reads_it(node: Node, tmp_path: Path):
    """A reader that began ends on its version; the next one begins on the new."""
    publish(node, TEXT, put(tmp_path))
    with copies(node)[0].open("rb") as reading:
        report = publish(node, TEXT, put(tmp_path, b"new\n"))
        assert report["version"]["number"] == 2
        (copy,) = copies(node)
        assert copy.read_bytes() == b"new\n"
        assert reading.read() == CSV


def test_offers_are_renewed_without_data(node: Node, tmp_path: Path):
    """The version stays; without one there is nothing to renew."""
    with pytest.raises(BadRequest, match="no file"):
        publish(node, TEXT, None)
    publish(node, TEXT, put(tmp_path))
    report = publish(node, TEXT.replace(', "HttpData-PUSH"', ""), None)
    assert (report["version"]["number"], report["formats"]) == (1, ["HttpData-PULL"])
    assert report["dataUnchanged"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("parts.txt", CSV),
        ("parts.csv", b""),
        ("parts.csv", b"a\x00b"),
        ("parts.parquet", CSV),
        ("parts.parquet", b"PAR1 but it does not end so"),
    ],
)
def test_what_is_neither_csv_nor_parquet_is_refused(
    node: Node, tmp_path: Path, name: str, content: bytes
):
    """One error that names the file, no copy, no product."""
    with pytest.raises(DataError) as error:
        publish(node, TEXT, put(tmp_path, content, name))
    assert error.value.code == "data.unreadable"
    assert list((node.settings.data / "products").rglob("file-*")) == []
    with node.db.reading() as session:
        assert published_file(session, "parts") is None


def test_a_parquet_file_is_known_by_both_ends(node: Node, tmp_path: Path):
    """Its name alone is not enough, and its media type is Parquet's own."""
    content = b"PAR1" + os.urandom(64) + b"PAR1"
    report = publish(node, TEXT, put(tmp_path, content, "parts.parquet"))
    assert report["mediaType"] == "application/vnd.apache.parquet"


def test_the_rows_of_a_table_are_not_delivered(node: Node, tmp_path: Path):
    """A file whose protected table is published is not given away, and the other way round."""
    rows = [line(customer) for customer in range(1, 60)]
    table, other = write_csv(tmp_path / "table.csv", rows), tmp_path / "again.csv"
    publish(node, DELIVERIES, table)
    other.write_bytes(table.read_bytes())
    with pytest.raises(Conflict) as error:
        publish(node, TEXT, other)
    assert error.value.code == "product.same-rows"


def test_a_file_that_is_delivered_makes_no_table(node: Node, tmp_path: Path):
    """Nor does its id change its kind."""
    table = write_csv(tmp_path / "table.csv", [line(customer) for customer in range(1, 60)])
    publish(node, TEXT, table)
    with pytest.raises(Conflict) as error:
        publish(node, DELIVERIES, table)
    assert error.value.code == "product.same-rows"
    with pytest.raises(Conflict) as error:
        publish(node, DELIVERIES.replace("delivery-records", "parts", 1), table)
    assert error.value.code == "product.kind"


def test_the_owner_sees_both_kinds(party: Callable[..., Party], tmp_path: Path):
    """In one list, each with what it has, and one by one."""
    firm: Any = party("bolt", areas=(OWN, PRODUCTS))
    publish(firm.node, TEXT, put(tmp_path))
    (listed,) = firm.manage("GET", "/v1/products")[1]["products"]
    assert (listed["id"], listed["kind"], listed["bytes"]) == ("parts", "file", len(CSV))
    status, shown = firm.manage("GET", "/v1/products/parts")
    assert (status, shown["version"]["number"]) == (200, 1)
    assert firm.manage("DELETE", "/v1/products/parts")[0] == 200
    assert firm.manage("GET", "/v1/products/parts")[0] == 404
    assert copies(firm.node) == []


def test_a_pipe_is_refused_at_once(node: Node, tmp_path: Path) -> None:
    """It ends nowhere: whoever waits for it holds up every other publication."""
    path = tmp_path / "parts.csv"
    os.mkfifo(path)
    for ask in (publish, check):  # a check tells of it in its answer
        with ThreadPoolExecutor(1) as threads:
            asked = threads.submit(ask, node, TEXT, path)
            try:
                told = asked.exception(timeout=20) or asked.result()
            finally:
                if not asked.done():  # let the thread that waits go
                    path.write_bytes(CSV)
        assert "no regular file" in str(told)
    assert not copies(node)
