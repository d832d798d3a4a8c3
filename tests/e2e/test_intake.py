"""Data as firms have them, at a real process: a folder, a workbook, a database, by the command."""

from __future__ import annotations

import gzip
import json
import sqlite3
from typing import TYPE_CHECKING

import pytest

from tests.connector.engines.workbooks import Cell, write_workbook
from tests.e2e.firm import PRODUCT
from tests.e2e.processes import Space

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.e2e.processes import Running

HEAD = ["客户", "方式", "数量"]
CHINESE = (
    PRODUCT.replace('"customer"', '"客户"')
    .replace('"mode"', '"方式"')
    .replace('"quantity"', '"数量"')
)


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with Space(tmp_path_factory.mktemp("intake")) as space:
        yield space.party("acme").start()


def rows(seed: int) -> list[tuple[str, str, int]]:
    """Other rows for each product: the same ones under two ids are refused."""
    return [
        (f"客户{n % 40}-{seed}", "RAIL" if n % 3 else "ROAD", (n * seed) % 17 + 1)
        for n in range(600 + seed)
    ]


def published(acme: Running, folder: Path, name: str, keys: str, *data: str) -> int:
    """Publishes a product; gives the number of its rows."""
    file = folder / f"{name}.toml"
    file.write_text(CHINESE.replace('id = "deliveries"', f'id = "{name}"') + keys, encoding="utf-8")
    done = acme.voile("publish", str(file), *data, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    return int(json.loads(done.stdout)["rows"])


@pytest.mark.long
def test_a_folder_of_packed_files_in_gb18030(acme: Running, tmp_path: Path) -> None:
    """A folder is named like a file; a fault in it names file and line in both languages."""
    folder = tmp_path / "months"
    folder.mkdir()
    lines = [",".join(map(str, row)) for row in rows(1)]
    for month in range(6):
        text = "\r\n".join([",".join(HEAD), *lines[month::6], ""])
        (folder / f"{month}.csv.gz").write_bytes(gzip.compress(text.encode("gb18030")))
    keys = '\n[reading]\nencoding = "gb18030"\nfiles = "?.csv.gz"\n'
    assert published(acme, tmp_path, "months", keys, str(folder)) == 601
    bad = "\r\n".join([",".join(HEAD), "客户,RAIL,x", ""])
    (folder / "3.csv.gz").write_bytes(gzip.compress(bad.encode("gb18030")))
    for language, words in (("en", "line 2 of `3.csv.gz`"), ("zh", "`3.csv.gz` 第 2 行")):
        told = acme.voile("publish", str(tmp_path / "months.toml"), str(folder), "--lang", language)
        assert told.returncode == 1
        assert words in told.stderr
    told = acme.voile("publish", str(tmp_path / "months.toml"), str(tmp_path / "nowhere"))
    assert "there is no data file" in told.stderr


def test_a_workbook(acme: Running, tmp_path: Path) -> None:
    """A sheet with numbers; cells that cannot be taken are named by their addresses."""
    keys = '\n[reading]\nsheet = "2026"\nheader_row = 2\n'
    sheet = [["Deliveries"], list(HEAD), *map(list, rows(2))]
    path = write_workbook(tmp_path / "book.xlsx", {"2026": sheet})
    assert published(acme, tmp_path, "book", keys, str(path)) == 602
    sheet[5][2] = Cell("#N/A", "e")
    write_workbook(path, {"2026": sheet})
    told = acme.voile("publish", str(tmp_path / "book.toml"), str(path), "--lang", "en")
    assert "C6 is an error" in told.stderr


def test_a_database(acme: Running, tmp_path: Path) -> None:
    """No data file is named; where the database is stands in the home, and in no output."""
    path = tmp_path / "hidden place.db"
    with sqlite3.connect(path) as session:
        session.execute('CREATE TABLE t ("客户" TEXT, "方式" TEXT, "数量" INTEGER)')
        session.executemany("INSERT INTO t VALUES (?, ?, ?)", rows(3))
    session.close()
    file = acme.home / "databases.toml"
    file.write_text(f'[warehouse]\nurl = "sqlite:///{path}"\n')
    file.chmod(0o600)
    keys = '\n[source]\ndatabase = "warehouse"\ntable = "t"\n'
    assert published(acme, tmp_path, "base", keys) == 603
    session = sqlite3.connect(path)
    session.execute("DROP TABLE t")
    session.close()
    told = acme.voile("publish", str(tmp_path / "base.toml"), "--lang", "en")
    assert "the database `warehouse` refused" in told.stderr
    assert "hidden" not in told.stderr + acme.log
