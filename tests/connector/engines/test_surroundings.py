"""A file is read for what it holds: not for its name, its folder, or the process that reads it."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import duckdb
import pytest

from connector.engines.duckdb.grouping import group_file
from connector.engines.errors import DataError
from connector.engines.progress import quiet
from crypto.disclosure.making import make_table
from tests.connector.engines.files import line, write_csv
from tests.connector.engines.reading import (
    csv_of,
    grouped,
    parquet_of,
    product,
    refusal,
    total,
    totals,
)

DECLARED = product("integer")
ZONE = 'zone = "Asia/Shanghai"'
NAMES = ["report[2].csv", "w?.csv", "a*b.csv", "it's [x]*?.csv", "**.csv", "neu%20.csv", "数据.csv"]


@pytest.mark.sweep
@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.parametrize(
    ("home", "name"), [*(("home", name) for name in NAMES), ("home [1]*", NAMES[0])]
)
def test_a_name_is_no_pattern(tmp_path: Path, home: str, name: str, kind: str) -> None:
    """A file whose name could stand for others is read itself, others that it would match are not."""
    folder = tmp_path / home
    folder.mkdir()
    make = csv_of if kind == "csv" else parquet_of
    path = make(folder, ["7"]).rename(folder / name)
    for other in ("report2.csv", "wx.csv", "axb.csv"):
        make(folder, ["1000"]).rename(folder / other)
    assert total(path, DECLARED) == 7


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_folder_is_no_column(tmp_path: Path, kind: str) -> None:
    """A folder named `x=5` on the way to a file does not take the place of its column `x`."""
    folder = tmp_path / "x=5" / "part=2" / "c1=9"
    folder.mkdir(parents=True)
    path = (csv_of if kind == "csv" else parquet_of)(folder, ["7"])
    assert total(path, DECLARED) == 7
    with grouped(path, DECLARED) as found:
        assert set(totals(found)) == {(0,)}


def test_a_suffix_is_no_compression(tmp_path: Path) -> None:
    """What is inside counts, not the name: CSV text in a file named `.gz` is read."""
    path = csv_of(tmp_path, ["7"]).rename(tmp_path / "data.csv.gz")
    assert total(path, DECLARED) == 7


def test_bases_in_such_folders(tmp_path: Path) -> None:
    """The contributions behind a table are written and compared in any folder too."""
    folder = tmp_path / "home [1]*" / "x=5"
    folder.mkdir(parents=True)
    path = csv_of(folder, [str(i) for i in range(20)])
    with grouped(path, DECLARED) as found:
        table = make_table(found.declaration, found.source()).table
        basis = folder / "scratch" / "basis [1].parquet"
        found.source().write_basis(basis, table)
        assert found.overlap([basis]) == (20, 20)


def _zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")


OTHERS = {
    "Excel": _zip,
    "twice, by gzip": lambda path: path.write_bytes(
        gzip.compress(gzip.compress(b"who,part,x,y\na,1,1,\n"))
    ),
    "UTF-16": lambda path: path.write_text("who,part,x,y\na,1,1,\n", encoding="utf-16"),
    "old Excel": lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)),
    "PDF": lambda path: path.write_bytes(b"%PDF-1.7\n"),
}


@pytest.mark.parametrize("what", OTHERS)
def test_other_formats_are_named(tmp_path: Path, what: str) -> None:
    """A workbook, an archive, another encoding: the error says what the file is and what to do."""
    path = tmp_path / "data.csv"
    OTHERS[what](path)
    error = refusal(path, DECLARED)
    assert error.code == "data.format"
    assert what in error.message
    assert "publish that" in error.next_step


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf", "the file is empty"),
        (b"\nwho,part,x,y\na,1,1,\n", "line 1 is blank"),
        (b"who,part,x,y\n", "the file has no rows"),
    ],
)
def test_files_with_nothing_in_them(tmp_path: Path, content: bytes, says: str) -> None:
    """An empty file, a blank first line and a header alone are each said as they are."""
    path = tmp_path / "data.csv"
    path.write_bytes(content)
    assert says in refusal(path, DECLARED).message


def test_a_full_disk_is_no_bad_file(tmp_path: Path) -> None:
    """What cannot be written for want of space is the disk's fault, not the file's."""
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    path = csv_of(tmp_path, [str(i) for i in range(20)])
    (tmp_path / "scratch").mkdir()
    with group_file(
        path, DECLARED, scratch=tmp_path / "scratch", progress=quiet, bases=[full]
    ) as found:
        table = make_table(found.declaration, found.source()).table
        with pytest.raises(DataError) as caught:
            found.source().write_basis(full, table)
    assert caught.value.code == "data.disk"
    assert "no space left" in caught.value.message
    assert "quotes" not in caught.value.next_step


CHILD = """
import sys
from pathlib import Path
from tests.connector.engines.reading import grouped, product, totals
for path, keys in zip(sys.argv[1::2], sys.argv[2::2]):
    expression = "year(x) * 10000 + extract(day from x) * 100 + extract(hour from x)"
    with grouped(Path(path), product("timestamp", expression, keys=keys)) as found:
        print(sum(figures[1] for figures in totals(found).values()))
"""
PROCESSES = [
    {"TZ": "UTC", "LC_ALL": "C"},
    {"TZ": "Asia/Shanghai", "LC_ALL": "zh_CN.UTF-8"},
    {"TZ": "America/New_York", "LC_ALL": "de_DE.UTF-8"},
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "th_TH.UTF-8", "LANG": "th_TH.UTF-8"},
]


@pytest.mark.long
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_the_process_does_not_matter(tmp_path: Path, kind: str) -> None:
    """Instants and local times are read alike whatever zone, locale and folder the process has.

    2023-01-01 00:30+08:00 is in 2022 in Greenwich: the product says in which zone it counts.
    """
    instant, local = "2023-01-01T00:30:00+08:00", "2023-01-01 00:30:00"
    cases = {ZONE: (instant, 20230100), 'zone = "UTC"': (instant, 20223116), "": (local, 20230100)}
    asked: list[str] = []
    for number, (keys, (text, _)) in enumerate(cases.items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        if kind == "csv":
            path = csv_of(folder, [text])
        else:
            path = parquet_of(folder, [f"{'timestamptz' if keys else 'timestamp'} '{text}'"])
        asked += [str(path), keys]
    for surroundings in PROCESSES:
        answered = subprocess.run(
            [sys.executable, "-c", CHILD, *asked],
            env={**os.environ, **surroundings, "PYTHONPATH": str(Path.cwd())},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        expected = [number for _, number in cases.values()]
        assert list(map(int, answered.split())) == expected, surroundings


@pytest.mark.parametrize("name", ["Etc/GMT-8", "America/Argentina/Ushuaia", "UTC"])
def test_zones_that_are_known(tmp_path: Path, name: str) -> None:
    """Zones with digits, signs and two slashes are names of the list too."""
    declared = product("timestamp", "year(x)", keys=f'zone = "{name}"')
    assert total(csv_of(tmp_path, ["2026-06-01T00:00:00Z"]), declared) == 2026


@pytest.mark.long
def test_a_value_is_found_whatever_the_order(tmp_path: Path) -> None:
    """A bad value far into a large file is named by its own line, though many threads read it."""
    lines = [line(f"c{i}", weight=i % 50) for i in range(300_000)]
    lines[250_000] = line("x", weight="5.5")
    path = write_csv(tmp_path / "data.csv", lines)
    from catalog.product_file import read_product
    from tests.catalog.product_texts import DELIVERIES

    error = refusal(path, read_product(DELIVERIES))
    assert "column `weight`, line 250002" in error.message


def test_duckdb_still_reads_names_as_patterns(tmp_path: Path) -> None:
    """The reason for writing names as patterns of themselves: DuckDB would take another file."""
    csv_of(tmp_path, ["1000"]).rename(tmp_path / "report2.csv")
    csv_of(tmp_path, ["7"]).rename(tmp_path / "report[2].csv")
    with duckdb.connect() as session:
        found = session.execute(f"SELECT x FROM read_csv('{tmp_path}/report[2].csv')").fetchall()
    assert found == [(1000,)]
