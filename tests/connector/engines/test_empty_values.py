"""Empty values are an error, or what the product file says they are; either way they are counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.connector.engines.reading import (
    contributions,
    csv_of,
    grouped,
    parquet_of,
    product,
    refusal,
    total,
    totals,
)

if TYPE_CHECKING:
    from pathlib import Path

    from catalog.product import Product

ZERO = 'bounds = [-1000, 1000], empty = "zero", scale = 0'
DROP = 'empty_contributor = "drop"'


def both(folder: Path, values: list[str]) -> tuple[Path, Path]:
    """The same values as CSV and as Parquet; `-` is an empty one, `''` an empty text in Parquet."""
    csv = csv_of(folder, ["" if v in ("-", "''") else v for v in values])
    return csv, parquet_of(folder, ["NULL" if v == "-" else v for v in values])


def test_an_empty_value_is_an_error(tmp_path: Path) -> None:
    """Unless declared otherwise, the first row with an empty value is named, and what can be done."""
    for path in both(tmp_path, ["5", "-", "7"]):
        error = refusal(path, product("integer"))
        assert (error.code, error.field, error.row) == ("data.missing", "m", 2)
        assert 'empty = "zero"' in error.next_step
        assert "coalesce" not in error.next_step


def test_empty_values_taken_as_zero_are_counted(tmp_path: Path) -> None:
    """They count as rows with 0, and how many they are is known."""
    for path in both(tmp_path, ["5", "-", "7", "-"]):
        with grouped(path, product("integer", bounds=ZERO)) as found:
            (cell,) = totals(found).values()
            assert cell == (4, 12)
            assert found.zeroed == {"m": 2}
            assert found.clamped == {"m": 0}
            assert contributions(found)[0,]["c1"] == (1, 0)


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("kind", "expression", "units"),
    [
        ("integer", "x", 12),
        ("decimal(12, 2)", "x", 12),
        ("integer", "x > 5", 1),
        ("integer", "x + 1", 14),
        ("integer", "x / 1", 12),
    ],
)
def test_any_expression_may_lack_a_field(
    tmp_path: Path, kind: str, expression: str, units: int
) -> None:
    """An expression over an empty field is empty as a whole, whatever its type: zero."""
    for path in both(tmp_path, ["5", "-", "7"]):
        with grouped(path, product(kind, expression, bounds=ZERO)) as found:
            (cell,) = totals(found).values()
            assert cell == (3, units)
            assert found.zeroed == {"m": 1}


@pytest.mark.parametrize("expression", ["nullif(x, 7)", "case when x < 6 then x end"])
def test_a_value_that_is_missing_for_another_reason_is_no_zero(
    tmp_path: Path, expression: str
) -> None:
    """No field is empty and the expression gives nothing: an error still."""
    for path in both(tmp_path, ["7", "7"]):
        assert refusal(path, product("integer", expression, bounds=ZERO)).code == "data.missing"


@pytest.mark.parametrize("expression", ["x // 0", "x % 0"])
def test_whole_numbers_divided_by_zero(tmp_path: Path, expression: str) -> None:
    """It is the expression that is at fault, and not said to be the file."""
    for path in both(tmp_path, ["7"]):
        assert refusal(path, product("integer", expression)).code == "data.expression"


def test_what_is_not_finite_is_no_zero(tmp_path: Path) -> None:
    """A division by zero is an error though empty values are taken as zero."""
    for path in both(tmp_path, ["0", "-"]):
        assert refusal(path, product("integer", "1 / x", bounds=ZERO)).row == 1


def names(folder: Path, empty: str) -> Path:
    path = folder / "data.csv"
    path.write_text(f"who,part,x,y\na,1,5,\n{empty},9,bad-not,\nb,2,7,\n".replace("bad-not", ""))
    return path


def test_rows_without_a_contributor(tmp_path: Path) -> None:
    """They are an error, or left out with all that is in them, and counted."""
    for empty in ("", '""'):
        path = names(tmp_path, empty)
        error = refusal(path, product("integer"))
        assert (error.code, error.field, error.row) == ("data.missing", "who", 2)
        assert 'empty_contributor = "drop"' in error.next_step
        with grouped(path, product("integer", keys=DROP)) as found:
            assert (found.rows, found.dropped) == (2, 1)
            assert [*totals(found).values()] == [(1, 5), (1, 7)]
            assert found.clamped == {"m": 0}


def test_a_fault_behind_a_dropped_row_is_found(tmp_path: Path) -> None:
    """The row that is named is one that counts, not one that was left out before it."""
    path = tmp_path / "data.csv"
    path.write_text("who,part,x,y\n,9,,\na,1,5,\nb,8,7,\n")
    error = refusal(path, product("integer", keys=DROP))
    assert (error.code, error.row) == ("data.code", 3)
    assert "line 4: expected a declared code, got `8`" in error.message
    path.write_text("who,part,x,y\n,9,,\na,1,5,\nb,1,,\n")
    error = refusal(path, product("integer", keys=DROP))
    assert (error.code, error.row) == ("data.missing", 3)


def test_nothing_but_dropped_rows(tmp_path: Path) -> None:
    """A file in which no row has a contributor has no rows."""
    path = tmp_path / "data.csv"
    path.write_text("who,part,x,y\n,1,1,\n,1,1,\n")
    assert refusal(path, product("integer", keys=DROP)).code == "data.empty"


def test_an_empty_text_is_empty_in_parquet_too(tmp_path: Path) -> None:
    """CSV cannot tell an empty text from none, and Parquet shall not mean another thing by it."""

    def check(declared: Product) -> None:
        assert total(parquet_of(tmp_path, ["'5'", "''"]), declared) == 5

    check(product("integer", bounds=ZERO))
    check(product("decimal(12, 2)", bounds=ZERO))
    path = parquet_of(tmp_path, ["'5'", "''"])
    assert refusal(path, product("integer")).code == "data.missing"
