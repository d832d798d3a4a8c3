"""A second engine, of lists: it reads plain CSV files whose measures are columns of whole numbers."""

from __future__ import annotations

import csv
from contextlib import contextmanager
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import duckdb

from catalog.declared_table import declaration_of
from connector.engines.bases import BASE
from connector.engines.port import Engine
from connector.engines.spellings import Spellings
from crypto.disclosure.memory import MemorySource

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from catalog.product import Product
    from connector.engines.bases import Basis
    from connector.engines.progress import Progress
    from crypto.disclosure.guarded_table import GuardedTable

NO_BASES: Final[Mapping[int, Basis]] = MappingProxyType({})


class ListSource(MemorySource):
    """The rows of one file."""

    def write_basis(self, path: Path, table: GuardedTable) -> None:
        """Writes who contributed what to every base cell of the table."""
        known = self.ledger(table.base).contents([1 << i for i in range(len(table.base))])
        rows = [(i, who, *sums) for i, cell in enumerate(known) for who, sums in cell.items()]
        names = [f"f{i}" for i in range(len(rows[0]) - 2)]
        with duckdb.connect() as session:
            kinds = ", ".join(f"{name} HUGEINT" for name in names)
            session.execute(f"CREATE TABLE basis ({BASE} BIGINT, contributor VARCHAR, {kinds})")
            marks = ", ".join("?" * (len(names) + 2))
            session.executemany(f"INSERT INTO basis VALUES ({marks})", rows)
            session.execute(f"COPY basis TO '{path}' (FORMAT parquet)")


class Listed:
    """One file in memory: what `connector.engines.port.Grouped` asks for."""

    def __init__(self, path: Path, product: Product) -> None:
        self.declaration = declaration_of(product)
        with path.open(encoding="utf-8", newline="") as file:
            lines = list(csv.DictReader(file))
        self._rows = [self._row(product, line) for line in lines]
        self.rows = len(self._rows)
        names = [measure.name for measure in product.measures]
        self.clamped = self.rounded = dict.fromkeys(names, 0)
        self.zeroed: Mapping[str, int] = {}
        self.skipped: Mapping[str, int] = {}
        self.dropped = None
        self.spellings = Spellings()

    @staticmethod
    def _row(product: Product, line: Mapping[str, str]) -> tuple[str, tuple[int, ...], Any]:
        cell = []
        for name, codes in product.codes:
            text = line[name]
            assert text in codes, f"no code `{text}`"
            cell.append(codes.index(text))
        values = [int(line[measure.expression.columns[0]]) for measure in product.measures]
        return line[product.contributor], tuple(cell), (1, *values)

    def source(self, bases: Mapping[int, Basis] = NO_BASES) -> ListSource:
        """Returns the data of a first version."""
        assert not bases, "it knows no earlier versions"
        return ListSource(self._rows)

    def recognised(self) -> tuple[str, ...]:
        """Returns a digest of the rows: of their own kind."""
        return (f"lists-sha-256:{sha256(repr(sorted(self._rows)).encode()).hexdigest()}",)

    def overlap(self, bases: Sequence[Path], *, fold: bool = False) -> tuple[int, int]:
        """Is asked for products of equal shape only."""
        raise AssertionError(f"no other product here: {bases}, {fold}")


@contextmanager
def group(
    path: Path,
    product: Product,
    *,
    scratch: Path,
    progress: Progress,
    bases: Sequence[Path] = (),
    files: Sequence[Path] = (),
) -> Iterator[Listed]:
    """Reads a file."""
    assert scratch.is_dir()
    assert not list(bases)
    progress("read", 1.0)
    yield Listed(path, product)


def stored(*_words: object, **_named: object) -> Any:
    """Is never asked: it has made no table of the first edition."""
    raise AssertionError("no table of the first edition")


LISTS: Final = Engine(name="lists", group=group, stored=stored)
