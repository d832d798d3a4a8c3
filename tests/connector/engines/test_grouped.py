"""DuckDB's cells equal those that a slow Python loop makes of the same rows."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from catalog.product_file import read_product
from connector.engines.duckdb.grouping import group_file
from connector.engines.progress import STAGES, Stage, quiet
from crypto.disclosure.making import make_table
from tests.catalog.product_texts import DELIVERIES, changed
from tests.connector.engines.files import Line, line, write_csv, write_parquet
from tests.connector.engines.reading import contributions, totals
from tests.crypto.disclosure.reference import Row, per_cell

if TYPE_CHECKING:
    from pathlib import Path


PRODUCT = read_product(DELIVERIES)
BANDS = (10, 100)


def some_lines(seed: int, count: int = 400) -> list[Line]:
    """Deliveries of 40 customers, some values out of bounds, some negative delays."""
    dice = random.Random(seed)
    first = date(2025, 3, 1)
    return [
        line(
            f"c{int(dice.random() ** 2 * 40)}",
            dice.choice([2024, 2025, 2025, 2026]),
            dice.choice(["AIR", "AIR", "RAIL", "ROAD"]),
            promised=first + timedelta(days=dice.randrange(30)),
            received=first + timedelta(days=dice.randrange(90)),
            price=f"{dice.randrange(-500, 120_000) / 100:.2f}",
            weight=dice.choice([0, 5, 9, 10, 50, 100, 5000]),
        )
        for _ in range(count)
    ]


def as_rows(lines: list[Line]) -> list[Row]:
    """The reference's reading of the same lines: codes, clamping and scaling by hand."""
    rows = []
    for customer, year, mode, promised, received, price, weight, _ in lines:
        delay = (date.fromisoformat(str(received)) - date.fromisoformat(str(promised))).days
        cents = int(min(max(Decimal(str(price)), Decimal(0)), Decimal(1000)) * 100)
        cell = (
            int(str(year)) - 2024,
            ("AIR", "RAIL", "ROAD").index(str(mode)),
            sum(int(str(weight)) >= edge for edge in BANDS),
        )
        rows.append(Row(cell, str(customer), (cents, int(delay > 0), min(max(delay, -30), 30))))
    return rows


@pytest.fixture(params=["csv", "parquet"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def data_file(folder: Path, lines: list[Line], kind: str) -> Path:
    path = write_csv(folder / "data.csv", lines)
    return path if kind == "csv" else write_parquet(folder / "data.parquet", path)


def scratch(folder: Path) -> Path:
    made = folder / "scratch"
    made.mkdir(exist_ok=True)
    return made


@pytest.mark.sweep
@pytest.mark.parametrize("seed", range(3))
def test_cells_and_contributions(tmp_path: Path, kind: str, seed: int) -> None:
    """The contributions to every finest cell are those of the reference."""
    lines = some_lines(seed)
    rows = as_rows(lines)
    path = data_file(tmp_path, lines, kind)
    with group_file(path, PRODUCT, scratch=scratch(tmp_path), progress=quiet) as grouped:
        assert grouped.rows == len(lines)
        assert contributions(grouped) == per_cell(rows)


def test_clamped_values_are_counted(tmp_path: Path, kind: str) -> None:
    """Each measure's count is of values outside its bounds; those on a bound are inside."""
    lines = [
        line("a", price="1000.00"),
        line("b", price="1000.01"),
        line("c", price="-0.01", received="2026-03-10"),
        line("d", received="2025-04-09"),
    ]
    path = data_file(tmp_path, lines, kind)
    with group_file(path, PRODUCT, scratch=scratch(tmp_path), progress=quiet) as grouped:
        assert grouped.clamped == {"price": 2, "late": 0, "delay": 1}
        (cell,) = totals(grouped).values()
        assert cell == (4, 100_000 + 100_000 + 0 + 1000, 2, 0 + 0 + 30 + 30)


def test_sums_beyond_doubles_are_exact(tmp_path: Path) -> None:
    """Where bounds allow sums over 2^53, they are still exact to the last unit."""
    big = "123456789012345.67"
    text = changed("bounds = [0, 1000]", "bounds = [0, 1e15]")
    product = read_product(text.replace("decimal(12, 2)", "decimal(18, 2)"))
    path = write_csv(tmp_path / "data.csv", [line(f"c{i}", price=big) for i in range(999)])
    with group_file(path, product, scratch=scratch(tmp_path), progress=quiet) as grouped:
        (cell,) = totals(grouped).values()
    assert cell[1] == 999 * 12345678901234567


def test_a_high_scale_is_exact(tmp_path: Path) -> None:
    """Twelve decimal places of a value with two, and of one with twelve, are exact."""
    text = changed("scale = 2", "scale = 12").replace("[0, 1000]", "[0, 100]")
    product = read_product(text.replace("decimal(12, 2)", "decimal(18, 12)"))
    values = ["0.000000000001", "99.999999999999", "12.34"]
    path = write_csv(tmp_path / "data.csv", [line(f"c{i}", price=values[i % 3]) for i in range(9)])
    with group_file(path, product, scratch=scratch(tmp_path), progress=quiet) as grouped:
        (cell,) = totals(grouped).values()
    assert cell[1] == 3 * (1 + 99_999_999_999_999 + 12_340_000_000_000)


def test_many_codes_are_joined(tmp_path: Path, kind: str) -> None:
    """A dimension with more codes than a list is searched through gives the same cells."""
    codes = ", ".join(f'"M{i}"' for i in range(120))
    product = read_product(changed('codes = ["AIR", "RAIL", "ROAD"]', f"codes = [{codes}]"))
    lines = [line(f"c{i}", mode=f"M{i % 120}") for i in range(600)]
    path = data_file(tmp_path, lines, kind)
    with group_file(path, product, scratch=scratch(tmp_path), progress=quiet) as grouped:
        found = totals(grouped)
    assert set(found) == {(1, i, 0) for i in range(120)}
    assert {cell[0] for cell in found.values()} == {5}


def test_hidden_zeros_bring_every_cell(tmp_path: Path, kind: str) -> None:
    """With `zeros = "hidden"` the empty finest cells are handed over too, as unsafe ones."""
    product = read_product(changed("level = 1", 'level = 1\nzeros = "hidden"'))
    path = data_file(tmp_path, some_lines(1, 30), kind)
    with group_file(path, product, scratch=scratch(tmp_path), progress=quiet) as grouped:
        found = contributions(grouped)
    assert len(found) == 27
    assert not all(found.values())


def test_progress_is_told_in_order(tmp_path: Path) -> None:
    """Each stage begins at 0 and ends at 1, in the order in which stages are listed."""
    told: list[tuple[Stage, float]] = []
    path = data_file(tmp_path, some_lines(1, 50), "csv")
    with group_file(
        path, PRODUCT, scratch=scratch(tmp_path), progress=lambda s, d: told.append((s, d))
    ) as grouped:
        make_table(grouped.declaration, grouped.source())
    assert {stage for stage, _ in told} == {"read", "check", "group", "cells", "merge"}
    assert [STAGES.index(stage) for stage, _ in told] == sorted(
        STAGES.index(stage) for stage, _ in told
    )
    for stage in ("read", "check", "group"):
        shares = [done for one, done in told if one == stage]
        assert shares == sorted(shares)
        assert (shares[0], shares[-1]) == (0.0, 1.0)


def test_a_statement_is_written_again_as_it_was(tmp_path: Path) -> None:
    """Writing one takes nothing from the trees that others are written from."""
    path = tmp_path / "data.csv"
    write_csv(path, some_lines(1))
    (tmp_path / "scratch").mkdir()
    with group_file(path, PRODUCT, scratch=tmp_path / "scratch", progress=quiet) as found:
        statements = found._statements
        some = [1] * len(statements.measures)
        none = [0] * len(some)
        first, flawless = (
            statements.group(rows=400, outside=some),
            statements.group(rows=400, outside=none, flawless=True),
        )
        single = statements.single_rows("BIGINT")
        assert statements.group(rows=400, outside=some) == first != flawless
        assert statements.group(rows=400, outside=none, flawless=True) == flawless
        assert statements.single_rows("BIGINT") == single
