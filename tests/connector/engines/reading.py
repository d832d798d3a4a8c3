"""Reading one column of a file through the engine: as CSV, as Parquet, in this process or another."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from catalog.product_file import read_product
from connector.engines.duckdb.grouping import group_file
from connector.engines.errors import DataError
from connector.engines.progress import quiet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from catalog.product import Product
    from connector.engines.port import Grouped
    from crypto.disclosure import CellKey

ONE = """
id = "one"
table = "t"
domain = "production"
level = 1
contributor = "who"
{keys}
column = [
  {{ name = "who", type = "text", disclosure = "never" }},
  {{ name = "part", type = "integer", disclosure = "group_key" }},
  {{ name = "x", type = "{kind}", disclosure = "aggregate" }},
  {{ name = "y", type = "{kind}", disclosure = "aggregate" }},
]
dimension = [{{ name = "part", codes = [1, 2] }}]
measure = [{{ name = "m", expression = "{expression}", {bounds} }}]
"""


def product(
    kind: str, expression: str = "x", *, keys: str = "", bounds: str = "bounds = [-1e9, 1e9]"
) -> Product:
    """A product of one dimension, two columns `x` and `y` of a type, and one measure `m`."""
    return read_product(ONE.format(kind=kind, expression=expression, keys=keys, bounds=bounds))


@contextmanager
def grouped(path: Path, declared: Product) -> Iterator[Grouped]:
    """Groups a file, with a fresh folder for scratch beside it."""
    scratch = path.parent / "scratch"
    scratch.mkdir(exist_ok=True)
    with group_file(path, declared, scratch=scratch, progress=quiet) as found:
        yield found


def total(path: Path, declared: Product) -> int:
    """The sum of the measure over all rows, in units of its scale."""
    with grouped(path, declared) as found:
        return sum(figures[1] for figures in totals(found).values())


def totals(found: Grouped) -> dict[CellKey, tuple[int, ...]]:
    """The sums of all figures of every finest cell that counts."""
    return {cell: _sums(known) for cell, known in contributions(found).items()}


def contributions(found: Grouped) -> dict[CellKey, dict[Any, tuple[int, ...]]]:
    """What every contributor has in every finest cell that counts."""
    source = found.source()
    cells = sorted(source.cells())
    ledger = source.ledger([(cell,) for cell in cells])
    known = ledger.contents([1 << place for place in range(len(cells))])
    assert [_sums(one) or None for one in known] == [
        total if any(total) or one else None
        for total, one in zip(ledger.totals(), known, strict=True)
    ]
    return {cell: dict(one) for cell, one in zip(cells, known, strict=True)}


def _sums(known: Mapping[Any, tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*known.values(), strict=True)))


def refusal(path: Path, declared: Product) -> DataError:
    """The error that a file is refused with."""
    with pytest.raises(DataError) as caught, grouped(path, declared):
        pass
    assert caught.value.next_step
    return caught.value


def csv_of(folder: Path, values: Sequence[str], *, other: str = "") -> Path:
    """A CSV file with these texts as `x`, one row each; each is quoted."""
    path = folder / "data.csv"
    lines = [f'c{i},1,"{value}",{other}\n' for i, value in enumerate(values)]
    path.write_text("who,part,x,y\n" + "".join(lines), encoding="utf-8")
    return path


def parquet_of(folder: Path, values: Sequence[str], *, other: str = "NULL") -> Path:
    """A Parquet file with these SQL values as `x`, one row each."""
    path = folder / "data.parquet"
    rows = ", ".join(f"('c{i}', 1, {value}, {other})" for i, value in enumerate(values))
    with duckdb.connect() as session:
        session.execute("SET TimeZone = 'UTC'")
        session.execute(
            f"COPY (SELECT * FROM (VALUES {rows}) AS t(who, part, x, y)) TO '{path}' (FORMAT parquet)"
        )
    return path
