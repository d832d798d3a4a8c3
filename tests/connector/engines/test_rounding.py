"""Values with more places than a measure keeps: rounded half away from zero, and counted."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

import pytest

from catalog.product_file import read_product
from connector.engines.duckdb.grouping import group_file
from connector.engines.progress import quiet
from tests.catalog.product_texts import changed
from tests.connector.engines.files import line, write_csv, write_parquet
from tests.connector.engines.reading import totals

if TYPE_CHECKING:
    from pathlib import Path

PRICE = 'name = "price"\nscale = 2\nunit = "CNY"\nbounds = [0, 1000]'


def measured(folder: Path, measure: str, lines: list[tuple[object, ...]], kind: str) -> list[int]:
    """Publishes the lines with another first measure: its sum in units, clamped, rounded."""
    product = read_product(changed(PRICE, f'name = "price"\n{measure}'))
    path = write_csv(folder / "data.csv", lines)
    if kind == "parquet":
        path = write_parquet(folder / "data.parquet", path)
    scratch = folder / "scratch"
    scratch.mkdir()
    with group_file(path, product, scratch=scratch, progress=quiet) as grouped:
        (cell,) = totals(grouped).values()
        return [cell[1], grouped.clamped["price"], grouped.rounded["price"]]


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_cents_are_kept_without_a_word(tmp_path: Path, kind: str) -> None:
    """Ten prices of 4.50 in a `decimal(12,2)` measure without `scale` sum to 45.00, not to 50."""
    lines = [line(f"c{i}", price="4.50") for i in range(10)]
    assert measured(tmp_path, "bounds = [0, 1000]", lines, kind) == [4500, 0, 0]


@pytest.mark.parametrize("scale", [0, 1])
@pytest.mark.parametrize("top", [1000, 10**15])
def test_decimals_are_rounded_half_away_from_zero(tmp_path: Path, scale: int, top: int) -> None:
    """Each row's value, ties included and negative ones; every value that changed is counted."""
    values = ["0.50", "1.50", "2.50", "-0.50", "-2.50", "0.05", "-0.15", "0.25", "3.00", "4.10"]
    lines = [line(f"c{i}", price=value) for i, value in enumerate(values)]
    rounded = [Decimal(v).quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP) for v in values]
    found = measured(tmp_path, f"scale = {scale}\nbounds = [-{top}, {top}]", lines, "csv")
    assert found == [
        int(sum(rounded).scaleb(scale)),
        0,
        sum(Decimal(v) != r for v, r in zip(values, rounded, strict=True)),
    ]


@pytest.mark.parametrize("top", [1000, 10**15])
def test_quotients_are_rounded_half_away_from_zero(tmp_path: Path, top: int) -> None:
    """Halves that a double holds exactly go away from zero too: 0.5, 1.5, 2.5 and their like."""
    weights = [1, 3, 5, -1, -3, -5, 4, -10]
    lines = [line(f"c{i}", weight=max(w, 0), price=w) for i, w in enumerate(weights)]
    text = f'expression = "cast(price as bigint) / 2"\nscale = 0\nbounds = [-{top}, {top}]'
    assert measured(tmp_path, text, lines, "csv") == [1 + 2 + 3 - 1 - 2 - 3 + 2 - 5, 0, 6]


def test_quotients_keep_their_places(tmp_path: Path) -> None:
    """1/8 and -1/8 at two places are 0.13 and -0.13: what is rounded is the value times 100."""
    lines = [line(f"c{i}", price=w) for i, w in enumerate([1, 1, -1, 2])]
    text = 'expression = "cast(price as bigint) / 8"\nscale = 2\nbounds = [-10, 10]'
    assert measured(tmp_path, text, lines, "csv") == [13 + 13 - 13 + 25, 0, 3]


def test_what_is_clamped_is_not_counted_as_rounded(tmp_path: Path) -> None:
    """A value out of bounds becomes the bound; it is told once, as clamped."""
    lines = [line("a", price="10.55"), line("b", price="9.55"), line("c", price="10.00")]
    assert measured(tmp_path, "scale = 1\nbounds = [0, 10]", lines, "csv") == [100 + 96 + 100, 1, 1]


def test_clamping_beside_large_values_is_exact(tmp_path: Path) -> None:
    """A bound written `1e15` is that whole number: values beside a clamped one keep their cents."""
    text = changed("decimal(12, 2)", "decimal(18, 2)")
    text = changed("bounds = [0, 1000]", "bounds = [0, 1e15]", text=text)
    lines = [line("a", price="123456789012345.67"), line("b", price="1000000000000000.01")]
    path = write_csv(tmp_path / "data.csv", lines)
    (tmp_path / "scratch").mkdir()
    with group_file(
        path, read_product(text), scratch=tmp_path / "scratch", progress=quiet
    ) as grouped:
        (cell,) = totals(grouped).values()
        assert grouped.clamped["price"] == 1
    assert cell[1] == 12345678901234567 + 10**17
