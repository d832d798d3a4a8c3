"""Headers of very many or very long names: refused soon, and by an error of ours."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from connector.engines.duckdb.csv_file import MOST_COLUMNS, read_header
from tests.connector.engines.reading import product, refusal, total

if TYPE_CHECKING:
    from pathlib import Path


def wide(folder: Path, more: str, row: str = "a,1,1,1\n") -> Path:
    path = folder / "wide.csv"
    path.write_text(f"who,part,x,y{more}\n{row}")
    return path


@pytest.mark.parametrize("columns", [MOST_COLUMNS, 200_000])
def test_too_many_columns(tmp_path: Path, columns: int) -> None:
    begun = time.monotonic()
    assert refusal(wide(tmp_path, ",z" * columns), product("integer")).code == "data.header"
    assert time.monotonic() - begun < 60  # by their square it took an hour


def test_as_many_as_there_may_be(tmp_path: Path) -> None:
    """All their names are read."""
    path = wide(tmp_path, "".join(f",{i}" for i in range(MOST_COLUMNS - 4)))
    assert len(read_header(path, {"who"}).names) == MOST_COLUMNS


@pytest.mark.parametrize("long", [200_000, 3_000_000])
def test_a_name_without_end(tmp_path: Path, long: int) -> None:
    """Beyond what Python's reader takes at first, and beyond what is looked at."""
    error = refusal(wide(tmp_path, "," + "z" * long, "a,1,1\n"), product("integer"))
    assert error.code.startswith("data.")
    assert len(error.message) < 3000
    path = tmp_path / "quote.csv"
    path.write_text('"who,part,x,y\n' + "a,1,1,1\n" * 50_000)
    assert refusal(path, product("integer")).code == "data.column.missing"


def test_a_long_name_beside_the_declared_ones(tmp_path: Path) -> None:
    assert total(wide(tmp_path, "," + "z" * 200_000, "a,1,7,1,1\n"), product("integer")) == 7
