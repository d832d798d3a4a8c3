"""From a file DuckDB makes the tables that the core makes of the same rows in memory."""

from __future__ import annotations

import random
from contextlib import contextmanager
from dataclasses import replace
from itertools import product as every
from typing import TYPE_CHECKING

import duckdb
import pytest

from catalog.declared_table import declaration_of
from connector.engines.bases import Basis as BasisFile
from connector.engines.duckdb.grouping import group_file
from connector.engines.errors import DataError
from connector.engines.progress import quiet
from crypto.disclosure.declaration import Refused
from crypto.disclosure.forms import open_combinations
from crypto.disclosure.making import make_table
from crypto.disclosure.memory import Basis, MemorySource
from crypto.disclosure.renewing import renew_table
from tests.connector.engines.second_products import csv_file, figured, orders, some_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from catalog.product import Product
    from connector.engines.duckdb.data_source import DataSource
    from crypto.disclosure.guarded_table import GuardedTable, Made
    from tests.connector.engines.second_products import Line


@contextmanager
def opened(
    folder: Path, product: Product, lines: list[Line], bases: Mapping[int, Path] | None = None
) -> Iterator[DataSource]:
    """The rows behind DuckDB."""
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    known = dict(bases or {})
    with group_file(
        csv_file(folder, lines), product, scratch=scratch, progress=quiet, bases=[*known.values()]
    ) as grouped:
        yield grouped.source({number: BasisFile(path) for number, path in known.items()})


def in_memory(
    product: Product, lines: list[Line], brought: Mapping[tuple[int, int], Basis] | None = None
) -> MemorySource:
    """The same rows behind the core's own port."""
    domain = list(every(range(3), range(2))) if product.zeros == "hidden" else []
    return MemorySource(figured(product, lines), brought or {}, domain)


def same(one: Made, other: Made) -> None:
    """Everything but what contents are recognised by, which every engine writes in its own way."""

    def bare(table: GuardedTable) -> GuardedTable:
        versions = [replace(v, shown=(), true=()) for v in table.versions]
        return replace(table, versions=tuple(versions))

    assert bare(one.table) == bare(other.table)
    assert (one.held, one.added) == (other.held, other.added)


PRODUCTS = [
    orders(),
    orders(low=0),
    orders(keys='zeros = "hidden"'),
    orders(rules='nil = "hidden"\nequations = ["2 * net - 20 * paid", "rows - present(shift)"]'),
    orders(rules="p_percent = 30\ndominance = [[1, 40]]"),
]


@pytest.mark.long
@pytest.mark.sweep
@pytest.mark.parametrize("product", PRODUCTS)
@pytest.mark.parametrize("seed", range(3))
def test_a_first_table(tmp_path: Path, product: Product, seed: int) -> None:
    """Cells, extremes and the whole table are those that memory gives."""
    dice = random.Random(seed)
    lines = some_lines(dice, dice.choice([40, 150, 400]))
    known = in_memory(product, lines)
    declaration = declaration_of(product)
    with opened(tmp_path, product, lines) as source:
        assert set(source.cells()) == set(known.cells())
        wanted = open_combinations(declaration)
        assert wanted
        assert source.extremes(wanted) == known.extremes(wanted)
        assert source.extremes(()) == {}
        same(make_table(declaration, source), make_table(declaration, known))


@pytest.mark.long
@pytest.mark.parametrize(("product", "seed"), [*zip(PRODUCTS[:4], range(4), strict=True)])
def test_later_tables(tmp_path: Path, product: Product, seed: int) -> None:
    """Three versions: what is held, what is new, and what the basis of each must hold."""
    dice = random.Random(seed)
    declaration = declaration_of(product)
    lines = some_lines(dice, 120)
    brought: dict[tuple[int, int], Basis] = {}
    bases: dict[int, Path] = {}
    # each of the two knows contents by its own marks, so it goes on from its own table
    table: GuardedTable | None = None
    known_table: GuardedTable | None = None
    moved = 0
    for number in range(1, 4):
        known = in_memory(product, lines, brought)
        with opened(tmp_path, product, lines, bases) as source:
            if table is None or known_table is None:
                made, wanted = make_table(declaration, source), make_table(declaration, known)
            else:
                made = renew_table(table, source)
                wanted = renew_table(known_table, known)
            same(made, wanted)
            moved += len(made.table.brought())
            bases[number] = tmp_path / f"basis-{number}.parquet"
            scratch = tmp_path / "scratch" / "basis.parquet"
            source.write_basis(scratch, made.table)
            scratch.rename(bases[number])
        table, known_table = made.table, wanted.table
        now = known.ledger(table.base).now
        assert read(bases[number]) == {cell: now[cell] for cell in table.brought()}
        brought |= {(number, cell): now[cell] for cell in table.brought()}
        lines = [*lines[dice.choice([0, 1, 30]) :], *some_lines(dice, dice.choice([1, 6, 80]))]
    assert moved > 0


def read(path: Path) -> dict[int, Basis]:
    """What a basis holds."""
    found: dict[int, Basis] = {}
    with duckdb.connect() as session:
        rows = session.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
    for base, who, *figures in rows:
        assert who not in found.setdefault(base, {})
        found[base][who] = tuple(map(int, figures))
    return found


def test_a_skipped_value_is_no_zero(tmp_path: Path) -> None:
    """Such a row counts in nothing of its measure, clamped or not, though bounds hold no zero."""
    product = orders(low=5)
    rows: list[Line] = [
        (f"C{i}", 1, 1, ("1.00", "1.0", shift, "true", None))
        for i, shift in enumerate([None, "7", "1", "99", None])
    ]
    with opened(tmp_path, product, rows) as source:
        (total,) = source.ledger([((0, 0),)]).totals()
    names = ["rows", "net", "paid", "present(shift)", "shift", "open"]
    assert dict(zip(names, total, strict=False)) == {
        "rows": 5,
        "net": 500,
        "paid": 50,
        "present(shift)": 3,
        "shift": 7 + 5 + 60,
        "open": 5,
    }
    assert total[6:] == (0, 0)


def test_values_too_wide_for_64_bits(tmp_path: Path) -> None:
    """Where nets could leave 64 bits, all is judged in 128: as in memory."""
    text_of = orders(rules='equations = ["1000000000 * net - 999999999 * paid"]')
    wide = replace(text_of, measures=tuple(replace(m) for m in text_of.measures))
    lines = some_lines(random.Random(5), 120)
    declaration = declaration_of(wide)
    assert declaration.equations
    with opened(tmp_path, wide, lines) as source:
        same(make_table(declaration, source), make_table(declaration, in_memory(wide, lines)))


def test_renamed_contributors_are_refused(tmp_path: Path) -> None:
    """A later version in which few of those shown return."""
    product = orders()
    declaration = declaration_of(product)
    lines = some_lines(random.Random(1), 200)
    with opened(tmp_path, product, lines) as source:
        table = make_table(declaration, source).table
        basis = tmp_path / "scratch" / "basis.parquet"
        source.write_basis(basis, table)
    renamed: list[Line] = [(f"0{who}", *rest) for who, *rest in lines]  # type: ignore[misc]
    with (
        opened(tmp_path, product, renamed, {1: basis}) as source,
        pytest.raises(DataError, match="written in another way") as caught,
    ):
        renew_table(table, source)
    assert caught.value.code == "data.contributors.renamed"


def test_ids_that_fall_together_now_are_one_contributor(tmp_path: Path) -> None:
    """An earlier basis is read by the rule of now: nothing has changed, nothing is held."""
    lines = some_lines(random.Random(2), 200)
    upper: list[Line] = [
        (who.lower() if i % 2 else who, *rest)
        for i, (who, *rest) in enumerate(lines)  # type: ignore[misc]
    ]
    exact, fold = orders(), orders(keys='contributor_case = "fold"')
    with opened(tmp_path, exact, upper) as source:
        table = make_table(declaration_of(exact), source).table
        basis = tmp_path / "scratch" / "basis.parquet"
        source.write_basis(basis, table)
    with opened(tmp_path, fold, upper, {1: basis}) as source:
        made = renew_table(table, source)
        sums = renew_table(table, source).table.newest.values
    assert not made.held
    assert sums == table.newest.values


def test_what_cannot_be_shown_together_is_refused_if_so_declared(tmp_path: Path) -> None:
    """`on_conflict = "refuse"`: the core's refusal comes through the engine as it is."""
    lines: list[Line] = [
        (f"C{i:02}", 1, 1, ("40.00", "40.0" if i else "0.0", None, "false", None))
        for i in range(20)
    ]
    lines += [
        ("C05", 1, 1, (f"{n}.00", f"{p}.0", None, "false", None)) for n, p in ((9, 1), (1, 9))
    ]
    product = orders(rules='on_conflict = "refuse"')
    with opened(tmp_path, product, lines) as source, pytest.raises(Refused):
        make_table(declaration_of(product), source)
