"""A folder of files that the product file names by a pattern is read as one file."""

from __future__ import annotations

import gzip
import os
from datetime import date
from typing import TYPE_CHECKING

import duckdb
import pytest

from connector.areas.products import Asked, draft_of, store
from connector.areas.products.publish import publish
from connector.areas.products.rows import ProductVersionRow
from connector.engines import packing
from connector.engines.errors import DataError
from connector.engines.progress import quiet
from connector.process.errors import Conflict, Forbidden
from crypto.words import LANGUAGES
from tests.areas import OWN, PRODUCTS
from tests.catalog.product_texts import DELIVERIES
from tests.connector.engines.files import HEADER, line, write_csv, write_parquet

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from connector.party.node import Node
    from tests.simulators import Party

ROWS = [
    line(f"c{n % 9}", 2024 + n % 3, ("AIR", "RAIL", "ROAD")[n % 7 % 3], price=f"{n}.25")
    for n in range(240)
]
FILES = '\n[reading]\nfiles = "part-?.csv*"\n'


@pytest.fixture
def acme(party: Callable[..., Party]) -> Party:
    return party("acme", areas=(OWN, PRODUCTS))


@pytest.fixture
def node(acme: Party) -> Node:
    return acme.node


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Eight files of thirty rows, one packed, and others that are not meant."""
    found = tmp_path / "parts [1]"
    found.mkdir()
    for number in range(8):
        write_csv(found / f"part-{number}.csv", ROWS[30 * number : 30 * (number + 1)])
    packed = found / "part-3.csv"
    (found / "part-3.csv.gz").write_bytes(gzip.compress(packed.read_bytes()))
    packed.unlink()
    (found / "notes.txt").write_text("not meant")
    (found / ".part-9.csv").write_text("hidden")
    (found / "old").mkdir()
    write_csv(found / "old" / "part-0.csv", ROWS)
    return found


def refused(node: Node, folder: Path, text: str = DELIVERIES + FILES) -> DataError:
    with pytest.raises(DataError) as caught:
        publish(node, text, folder)
    error = caught.value
    assert all(error.said(language) and error.following(language) for language in LANGUAGES)
    with node.db.reading() as session:
        assert session.get(ProductVersionRow, ("delivery-records", 1)) is None
    return error


def test_a_folder_is_one_file(
    node: Node, party: Callable[..., Party], folder: Path, tmp_path: Path
) -> None:
    """The table is that of the rows in one file; neither whole nor part goes under another id."""
    publish(node, DELIVERIES + FILES, folder)
    other = party("bolt", areas=(OWN, PRODUCTS)).node
    whole = write_csv(tmp_path / "whole.csv", ROWS)
    publish(other, DELIVERIES, whole)
    tables = []
    for each in (node, other):
        with each.db.reading() as session:
            tables.append(store.protected_table(session, "delivery-records").table)
    assert tables[0] == tables[1]
    copy = "separate_rows = true\n" + DELIVERIES.replace("delivery-records", "copy")
    for path in (whole, folder / "part-5.csv"):
        with pytest.raises(Conflict) as caught:
            publish(node, copy, path)
        assert caught.value.code == "product.same-rows"
    assert publish(node, DELIVERIES + FILES, folder)["dataUnchanged"]
    write_csv(folder / "part-8.csv", [line(f"c{n}", 2024) for n in range(9)])
    assert publish(node, DELIVERIES + FILES, folder)["version"]["number"] == 2


def test_never_by_accident(node: Node, folder: Path) -> None:
    """A folder without the key, the key without a folder, a pattern that nothing is like."""
    assert 'write `files = "*.csv"`' in refused(node, folder, DELIVERIES).next_step
    assert refused(node, folder / "part-0.csv").code == "data.folder"
    error = refused(node, folder, DELIVERIES + FILES.replace("part-", "none-"))
    assert "`none-?.csv*`" in error.said("zh")
    assert refused(node, folder / "missing").code == "data.unreadable"


def test_faults_name_file_and_line(node: Node, folder: Path) -> None:
    """A value, a code, a short line, another header, delimiter, encoding, format."""
    path = folder / "part-5.csv"
    good = path.read_text("utf-8")

    def now(text: str | bytes) -> DataError:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return refused(node, folder)

    error = now(good.replace("155.25", "ten"))
    assert "column `price`, line 7 of `part-5.csv`" in error.message
    assert "`part-5.csv` 第 7 行" in error.said("zh")
    assert "line 2 of `part-5.csv`" in now(good.replace("AIR", "SHIP", 1)).message
    error = now(good + "a,2025\n")
    assert error.message == "file `part-5.csv`: expected 8 fields at line 32, got 2"
    assert "文件 `part-5.csv`：第 32 行" in error.said("zh")
    assert "at line 2" in now(good.replace(",AIR,", ', "AIR",', 1)).message
    error = now(good.replace("weight", "mass", 1))
    assert "header of `part-5.csv` differs from that of `part-0.csv`" in error.message
    assert error.message.endswith("expected `weight`, got `mass`")
    assert "expected `,`, got `;`" in now(good.replace(",", ";")).message
    assert "got ``" in now(good.replace(",cost", "", 1)).message
    error = now(good.replace("c1", "客户").encode("gb18030"))
    assert error.message.startswith("file `part-5.csv`: the file is not UTF-8 at line")
    assert now("").code == "data.empty"
    assert now(b"PAR1").code == "data.folder"


def test_files_without_rows_are_fine(node: Node, folder: Path) -> None:
    """A month in which nothing happened has a header."""
    (folder / "part-5.csv").write_text(",".join(HEADER) + "\n")
    assert publish(node, DELIVERIES + FILES, folder)["rows"] == 210


def test_links_pipes_and_the_connectors_own_files(
    acme: Party, folder: Path, tmp_path: Path
) -> None:
    """Links lead elsewhere, pipes nowhere; a hard link to our token is found by what it is."""
    node = acme.node
    real = folder / "part-5.csv"
    moved = tmp_path / "elsewhere.csv"
    real.rename(moved)
    real.symlink_to(moved)
    assert refused(node, folder).code == "data.folder"
    real.unlink()
    os.mkfifo(real)
    assert "no regular file" in refused(node, folder).message
    real.unlink()
    token = node.settings.token_file
    if not token.exists():
        token.write_text("secret")
    os.link(token, real)
    with pytest.raises(Forbidden):
        publish(node, DELIVERIES + FILES, folder)
    real.unlink()
    link = tmp_path / "link"
    link.symlink_to(folder)
    write_csv(real, ROWS[:30])
    assert publish(node, DELIVERIES + FILES, link)["rows"] == 240


def test_over_the_management_interface(acme: Party, folder: Path) -> None:
    """A folder is named like a file; one inside the connector's own data is not looked into."""
    body = {"product": DELIVERIES + FILES, "data": str(folder)}
    status, job = acme.manage("POST", "/v1/products", body)
    assert status == 202, job
    private = acme.node.settings.data / "x"
    private.mkdir(parents=True)
    status, found = acme.manage("POST", "/v1/products", body | {"data": str(private)})
    assert (status, found["error"]["code"]) == (403, "file-private")


@pytest.mark.parametrize("name", ["notes.txt", "notes.tsv", "notes.gz", "notes.txt.gz", "notes"])
def test_only_files_of_data_are_looked_into(node: Node, folder: Path, name: str) -> None:
    """A pattern makes no other file readable than those that may be named one by one."""
    (folder / name).write_text("the boss earns, much\n")
    with pytest.raises(Forbidden) as caught:
        publish(node, DELIVERIES + FILES.replace("part-?.csv*", "notes*"), folder)
    assert "earns" not in caught.value.message


def test_a_header_is_told_cut(node: Node, folder: Path) -> None:
    (folder / "part-0.csv").write_text("boss" * 90 + "\n1\n")
    assert "boss" * 16 not in refused(node, folder).message


def test_a_name_that_is_no_text(node: Node, folder: Path) -> None:
    """Names are bytes: one that is no UTF-8 is refused by what it looks like."""
    odd = folder / os.fsdecode(b"part-\xff.csv")
    write_csv(folder / "part-x.csv", ROWS[:30]).rename(odd)
    error = refused(node, folder)
    assert error.code == "data.folder"
    assert r"`part-\udcff.csv`" in error.message


def test_packed_files_are_bounded_together(
    node: Node, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many files that are each within the bounds fill a disk as one does."""
    monkeypatch.setattr(packing, "FREE", 1 << 20)
    header = (",".join(HEADER) + "\n").encode()
    row = (folder / "part-0.csv").read_bytes().splitlines(keepends=True)[1]
    for number in range(8):
        (folder / f"part-{number}.csv").unlink(missing_ok=True)
        many = header + row * (900_000 // len(row))
        (folder / f"part-{number}.csv.gz").write_bytes(gzip.compress(many))
    (folder / "part-9.csv").write_bytes(header)
    error = refused(node, folder)
    assert error.code == "data.packed"
    assert "part-1.csv.gz" in error.message


@pytest.fixture
def parquet(folder: Path) -> Path:
    """The same rows as Parquet, part by part."""
    for number in range(8):
        plain = folder / f"part-{number}.csv"
        if number == 3:
            plain.write_bytes(gzip.decompress((folder / "part-3.csv.gz").read_bytes()))
        write_parquet(folder / f"part-{number}.parquet", plain)
    return folder


PARQUET = FILES.replace("part-?.csv*", "part-?.parquet")


def test_a_folder_of_parquet_is_one_file(
    node: Node, party: Callable[..., Party], parquet: Path, tmp_path: Path
) -> None:
    """The table is that of the CSV; the same files again, and a part under another id, are known."""
    publish(node, DELIVERIES + PARQUET, parquet)
    other = party("bolt", areas=(OWN, PRODUCTS)).node
    publish(other, DELIVERIES, write_csv(tmp_path / "whole.csv", ROWS))
    tables = []
    for each in (node, other):
        with each.db.reading() as session:
            tables.append(store.protected_table(session, "delivery-records").table)
    assert tables[0] == tables[1]
    assert publish(node, DELIVERIES + PARQUET, parquet)["dataUnchanged"]
    copy = "separate_rows = true\n" + DELIVERIES.replace("delivery-records", "copy")
    whole = write_parquet(tmp_path / "whole.parquet", tmp_path / "whole.csv")
    for path in (whole, parquet / "part-5.parquet"):
        with pytest.raises(Conflict) as caught:
            publish(node, copy, path)
        assert caught.value.code == "product.same-rows"


def test_faults_of_parquet_name_file_and_row(node: Node, parquet: Path) -> None:
    """A value, a code; another type, a column too many, one that is missing, damage, a CSV."""
    path, plain = parquet / "part-5.parquet", parquet / "part-5.csv"
    good = path.read_bytes()

    def now(types: str = "", content: bytes = b"") -> DataError:
        if content:
            path.write_bytes(content)
        else:
            write_parquet(path, plain, types)
        return refused(node, parquet, DELIVERIES + PARQUET)

    dear = "CASE WHEN price = 155.25 THEN NULL ELSE price END::DECIMAL(12,2) AS price"
    error = now(dear)
    assert "row 6 of `part-5.parquet`" in error.message
    assert "`part-5.parquet` 第 6 行数据" in error.said("zh")
    error = now("'SHIP' AS \"Ship Mode\"")
    assert "row 1 of `part-5.parquet`" in error.message
    error = now("weight::DOUBLE AS weight")
    assert error.code == "data.header"
    assert (
        "column `weight` of `part-5.parquet` differs from that of `part-0.parquet`" in error.message
    )
    assert error.message.endswith("expected smallint, got double")
    duckdb.execute(f"COPY (SELECT *, 1 AS more FROM '{parquet}/part-1.parquet') TO '{path}'")
    error = refused(node, parquet, DELIVERIES + PARQUET)
    assert error.message.endswith("expected no such column, got integer")
    duckdb.execute(f"COPY (SELECT * EXCLUDE cost FROM '{parquet}/part-1.parquet') TO '{path}'")
    assert "column `cost`" in refused(node, parquet, DELIVERIES + PARQUET).message
    error = now(content=good[:-200] + b"PAR1")
    assert error.code == "data.unreadable"
    assert "`part-5.parquet`" in error.message
    error = now(content=plain.read_bytes())
    assert error.code == "data.folder"
    assert "`part-0.parquet`" in error.message
    duckdb.execute(f"COPY (SELECT *, 1 AS file_index FROM '{parquet}/part-1.parquet') TO '{path}'")
    for number in range(8):
        (parquet / f"part-{number}.parquet").write_bytes(path.read_bytes())
    assert "`file_index`" in refused(node, parquet, DELIVERIES + PARQUET).message


@pytest.mark.parametrize("name", ["part.gz", "part.txt.gz", "part.zst", "part.tar.zst", "csv.gz"])
def test_a_packed_file_is_a_csv_by_its_inner_name(acme: Party, tmp_path: Path, name: str) -> None:
    """Whatever is packed else is not looked into; the error says which names are."""
    plain = write_csv(tmp_path / "plain.csv", ROWS)
    body = {"product": DELIVERIES, "data": str(tmp_path / name)}
    (tmp_path / name).write_bytes(gzip.compress(plain.read_bytes()))
    for route in ("/v1/products", "/v1/product-checks"):
        status, found = acme.manage("POST", route, body)
        assert (status, found["error"]["code"]) == (403, "file-other")
        assert ".csv.gz .csv.zst" in found["error"]["next"]
    asked = Asked(path=tmp_path / name)
    with pytest.raises(DataError) as caught:
        draft_of(asked, language="en", today=date(2026, 11, 30), progress=quiet)
    assert caught.value.code == "draft.data"
    good = tmp_path / "part.csv.gz"
    (tmp_path / name).rename(good)
    assert acme.manage("POST", "/v1/products", body | {"data": str(good)})[0] == 202
