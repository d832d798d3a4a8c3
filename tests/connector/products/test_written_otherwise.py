"""The same rows in another encoding, packed or with other marks: the same table, and the same rows."""

from __future__ import annotations

import gzip
import os
from typing import TYPE_CHECKING

import pytest
from backports import zstd

from connector.areas.products import store
from connector.areas.products.publish import publish
from connector.areas.products.rows import ProductVersionRow
from connector.engines.errors import DataError
from connector.process.errors import Conflict
from tests.areas import OWN, PRODUCTS
from tests.catalog.product_texts import DELIVERIES
from tests.connector.engines.files import HEADER, line, write_csv, write_parquet

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from connector.party.node import Node
    from tests.simulators import Party

ROWS = [
    line(f"客户{n % 9}", 2024 + n % 3, ("AIR", "RAIL", "ROAD")[n % 7 % 3], price=f"{n}.25")
    for n in range(240)
]
GERMAN = """
[reading]
encoding = "gb18030"
decimal = ","
date_format = "%d.%m.%Y"
"""


@pytest.fixture
def node(party: Callable[..., Party]) -> Node:
    return party("acme", areas=(OWN, PRODUCTS)).node


def named(text: str, product: str) -> str:
    text = text.replace('id = "delivery-records"', f'id = "{product}"')
    return "separate_rows = true\n" + text


def german(path: Path) -> Path:
    """The same rows with `;`, decimal commas and days first."""
    lines = [";".join(HEADER)]
    for row in ROWS:
        customer, year, mode, promised, received, price, weight, cost = map(str, row)
        days = (".".join(day.split("-")[::-1]) for day in (promised, received))
        marks = (price.replace(".", ","), weight, cost.replace(".", ","))
        lines.append(";".join((customer, year, mode, *days, *marks)))
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode("gb18030"))
    return path


def shown(node: Node, product: str):
    with node.db.reading() as session:
        return store.protected_table(session, product).table


@pytest.mark.long
@pytest.mark.parametrize("first", ["plain", "german", "gz"])
def test_the_same_rows_are_recognised(node: Node, tmp_path: Path, first: str) -> None:
    """Under another id, even one of separate rows: however they are written, each way round."""
    plain = write_csv(tmp_path / "plain.csv", ROWS)
    content = plain.read_bytes()
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(content))
    (tmp_path / "b.csv.zst").write_bytes(zstd.compress(content))
    (tmp_path / "c.csv").write_bytes(content.decode().encode("gb18030"))
    ways = {
        "plain": (plain, ""),
        "gz": (tmp_path / "a.csv.gz", ""),
        "zst": (tmp_path / "b.csv.zst", ""),
        "chinese": (tmp_path / "c.csv", '[reading]\nencoding = "gb18030"\n'),
        "german": (german(tmp_path / "d.csv"), GERMAN),
        "parquet": (write_parquet(tmp_path / "e.parquet", plain), ""),
    }
    path, keys = ways.pop(first)
    publish(node, named(DELIVERIES, "first") + keys, path)
    for way, (path, keys) in ways.items():
        with pytest.raises(Conflict) as caught:
            publish(node, named(DELIVERIES, way) + keys, path)
        assert caught.value.code == "product.same-rows"


def test_a_file_product_of_the_same_rows(node: Node, tmp_path: Path) -> None:
    """A table from UTF-8 keeps the same text in gb18030 from being delivered as it is."""
    plain = write_csv(tmp_path / "plain.csv", ROWS)
    publish(node, DELIVERIES, plain)
    other = tmp_path / "other.csv"
    other.write_bytes(plain.read_text("utf-8").encode("gb18030"))
    file = 'id = "as-it-is"\nkind = "file"\ndomain = "production"\nlevel = 1\n'
    with pytest.raises(Conflict) as caught:
        publish(node, file + '[[offer]]\nname = "a"\nformats = ["HttpData-PULL"]\n', other)
    assert caught.value.code == "product.same-rows"


def test_a_later_version_may_write_otherwise(node: Node, tmp_path: Path) -> None:
    """Nothing shown changes; the same file read in another way is read again, not taken as known."""
    publish(node, DELIVERIES, write_csv(tmp_path / "plain.csv", ROWS))
    before = shown(node, "delivery-records").newest.values
    report = publish(node, DELIVERIES + GERMAN, german(tmp_path / "german.csv"))
    assert report["version"]["number"] == 2
    assert shown(node, "delivery-records").newest.values == before
    assert report["reading"]["encoding"] == "gb18030"
    again = publish(node, DELIVERIES + GERMAN, tmp_path / "german.csv")
    assert again["dataUnchanged"]
    renamed = GERMAN + 'empty = ["客户1"]\n'
    with pytest.raises(DataError, match="contributor `customer`, line 3"):
        publish(node, DELIVERIES + renamed, tmp_path / "german.csv")


def test_a_pipe_is_no_data_file(node: Node, tmp_path: Path) -> None:
    """It would never end, and can be read once only."""
    pipe = tmp_path / "data.csv"
    os.mkfifo(pipe)
    with pytest.raises(DataError, match="it is no regular file") as caught:
        publish(node, DELIVERIES, pipe)
    assert "不是普通文件" in caught.value.said("zh")


def test_a_file_that_changes_meanwhile(
    node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The digest would be another file's: nothing is published."""
    from connector.areas.products import folder as publishing

    path = write_csv(tmp_path / "data.csv", ROWS)
    digest = publishing.source_digest

    def slow(data: Path, progress):
        found = digest(data, progress)
        with data.open("a") as file:
            file.write("late,2025,AIR,2025-03-10,2025-03-10,1.00,1,1.00\n")
        return found

    monkeypatch.setattr(publishing, "source_digest", slow)
    with pytest.raises(DataError, match="was changed while it was read"):
        publish(node, DELIVERIES, path)
    with node.db.reading() as session:
        assert session.get(ProductVersionRow, ("delivery-records", 1)) is None
