"""The demonstration's data: TPC-H-derived supply data, split over three invented suppliers.

`tpchgen-cli` (a locked dependency) writes the tables; DuckDB joins and splits them by supplier
key, so that each firm holds only its own part and no row is held twice. One firm keeps its delivery
records as CSV, the others as Parquet, so that both readers are used.

Order numbers, customers, part numbers and plants are renamed to tokens like `SO-5f3a09c1b2d4`,
which are found again wherever they turn up: so that a search of everything a party received can
show that no row of another firm was in it.

The sales district is ours: TPC-H spreads customers so evenly that no cell of a table would ever be
unsafe. Ten districts share most customers; twenty small ones have 39, 37, … 3, 1 customers,
whatever the scale, as in the books of a real firm.
"""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from connector.demo import problems
from connector.demo.parties import SUPPLIERS, Party
from connector.process.errors import SettingsError

if TYPE_CHECKING:
    import duckdb

SOURCE_TABLES: Final = ("lineitem", "orders", "part", "partsupp")
LARGE_DISTRICTS: Final = 10
SMALL_DISTRICTS: Final = 20  # of 39, 37, … 1 customers
LONE_DISTRICT: Final = f"D{LARGE_DISTRICTS + SMALL_DISTRICTS}"  # the one with a single customer
DISTRICTS: Final = tuple(f"D{n:02d}" for n in range(1, LARGE_DISTRICTS + SMALL_DISTRICTS + 1))
YEARS: Final = tuple(range(1992, 1999))
SHIP_MODES: Final = ("AIR", "FOB", "MAIL", "RAIL", "REG AIR", "SHIP", "TRUCK")
_PARQUET: Final = ("parquet", "FORMAT parquet, COMPRESSION zstd")
BRANDS: Final = tuple(f"Brand#{maker}{line}" for maker in range(1, 6) for line in range(1, 6))

# Every third customer of TPC-H never orders, so districts are filled from the others only.
_DISTRICT = f"""
CREATE TABLE district AS
WITH ranked AS (
  SELECT customer, row_number() OVER (ORDER BY md5(customer::VARCHAR), customer) AS place
  FROM (SELECT DISTINCT o_custkey AS customer FROM orders)
),
small AS (
  SELECT 'D' || lpad(({LARGE_DISTRICTS + SMALL_DISTRICTS} - n)::VARCHAR, 2, '0') AS district,
         n * n AS after, (n + 1) * (n + 1) AS upto
  FROM range({SMALL_DISTRICTS}) AS sizes(n)
)
SELECT customer,
       coalesce(district, 'D' || lpad(
         (1 + floor(({LARGE_DISTRICTS} + 1) ^ ((place * 7919 % 1009) / 1009.0) - 1)::INTEGER
         )::VARCHAR, 2, '0')) AS sales_district
FROM ranked LEFT JOIN small ON place > after AND place <= upto
"""  # noqa: S608 - numbers of this file

_DELIVERIES = """
COPY (
  SELECT 'SO-' || substr(md5('order ' || l_orderkey), 1, 12) AS order_number,
         l_linenumber AS line_number,
         'CU-' || substr(md5('customer ' || o_custkey), 1, 12) AS customer,
         year(l_commitdate)::INTEGER AS promised_year, l_shipmode AS ship_mode, sales_district,
         l_commitdate AS promised_date, l_receiptdate AS received_date,
         l_quantity::INTEGER AS quantity, l_extendedprice AS price,
         l_discount AS discount
  FROM lineitem
  JOIN orders ON o_orderkey = l_orderkey
  JOIN district ON district.customer = o_custkey
  WHERE (l_suppkey - 1) % {firms} = {index}
  ORDER BY l_orderkey, l_linenumber
) TO '{path}' ({options})
"""

_STOCK = """
COPY (
  SELECT 'PN-' || substr(md5('part ' || ps_partkey), 1, 12) AS part_number,
         'PL-' || substr(md5('plant ' || ps_suppkey), 1, 12) AS plant, p_brand AS brand,
         ps_availqty AS available_quantity, ps_supplycost AS unit_cost
  FROM partsupp JOIN part ON p_partkey = ps_partkey
  WHERE (ps_suppkey - 1) % {firms} = {index}
  ORDER BY ps_partkey, ps_suppkey
) TO '{path}' ({options})
"""


ROW_TOKEN: Final = re.compile(rb"(?:SO|CU|PN|PL)-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class FirmData:
    """The two files that one supplier holds, and how many rows lie in each."""

    firm: Party
    deliveries: Path
    stock: Path
    delivery_rows: int
    stock_rows: int


def generate(folder: Path, *, scale: float) -> tuple[FirmData, ...]:
    """Write `folder/<firm>/delivery-records.*` and `stock-on-hand.*` for every supplier.

    Args:
        folder: The `data/` folder of the run; made if missing.
        scale: TPC-H scale factor; 0.1 makes 600,572 order lines.

    Raises:
        SettingsError: The generator is missing or fails; its own words are passed on.
    """
    source = folder / "tpch"
    source.mkdir(parents=True, exist_ok=True)
    _run_generator(source, scale=scale)
    held = _split(source, folder)
    for table in SOURCE_TABLES:
        (source / f"{table}.parquet").unlink()
    source.rmdir()
    return held


def _run_generator(target: Path, *, scale: float) -> None:
    program = Path(sys.executable).parent / "tpchgen-cli"
    if not program.exists():
        raise SettingsError(problems.NO_GENERATOR, program=program.name)
    command = [str(program), "parquet", "--scale-factor", str(scale), "--quiet", "--overwrite"]
    command += ["--tables", ",".join(SOURCE_TABLES), "--output-dir", str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        raise SettingsError(
            problems.GENERATOR_FAILED, status=done.returncode, said=done.stderr.strip()[-400:]
        )


def _split(source: Path, folder: Path) -> tuple[FirmData, ...]:
    import duckdb

    held = []
    with duckdb.connect() as base:
        for table in SOURCE_TABLES:
            path = _quoted(source / f"{table}.parquet")
            base.execute(f"CREATE VIEW {table} AS FROM read_parquet('{path}')")
        base.execute(_DISTRICT)
        for index, firm in enumerate(SUPPLIERS):
            home = folder / firm.slug
            home.mkdir(parents=True, exist_ok=True)
            ending, options = ("csv", "FORMAT csv, HEADER") if index == 1 else _PARQUET
            deliveries = home / f"delivery-records.{ending}"
            stock = home / f"stock-on-hand.{ending}"
            rows = [
                _copy(base, statement, path, index=index, options=options)
                for statement, path in ((_DELIVERIES, deliveries), (_STOCK, stock))
            ]
            held.append(FirmData(firm, deliveries, stock, rows[0], rows[1]))
    return tuple(held)


def _copy(
    base: "duckdb.DuckDBPyConnection", statement: str, path: Path, *, index: int, options: str
) -> int:
    text = statement.format(firms=len(SUPPLIERS), index=index, path=_quoted(path), options=options)
    counted = base.execute(text).fetchone()
    return int(counted[0]) if counted else 0


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
