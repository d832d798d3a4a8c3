"""A data file that is not as declared gives one error: which field, which line, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from catalog.product_file import read_product
from connector.engines.duckdb.grouping import group_file
from connector.engines.errors import DataError
from connector.engines.progress import quiet
from tests.catalog.product_texts import DELIVERIES, changed
from tests.connector.engines.files import HEADER, line, write_csv, write_parquet
from tests.connector.engines.reading import totals

if TYPE_CHECKING:
    from pathlib import Path

PRODUCT = read_product(DELIVERIES)
GOOD = [line(f"c{i}") for i in range(5)]


def fault(path: Path, tmp_path: Path, product=PRODUCT) -> DataError:
    scratch = tmp_path / "scratch"
    scratch.mkdir(exist_ok=True)
    with (
        pytest.raises(DataError) as caught,
        group_file(path, product, scratch=scratch, progress=quiet),
    ):
        pass
    assert caught.value.next_step
    return caught.value


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("bad", "field", "says"),
    [
        (line("x", price="ten"), "price", "column `price`, line 7: expected a number of 12 digits"),
        (line("x", price="NaN"), "price", "got NaN"),
        (line("x", price="1e400"), "price", "got `1e400`"),
        (line("x", price="10.005"), "price", "2 after the point, got `10.005`"),
        (line("x", year="2025.5"), "year", "a whole number, got `2025.5`"),
        (line("x", weight="heavy"), "weight", "column `weight`, line 7"),
        (line("x", received="10/03/2025"), "received", "a date like"),
        (line("x", received="infinity"), "received", "got `infinity`"),
        (line("x", year="2031"), "year", "dimension `year`, line 7: expected a declared code"),
        (line("x", mode="BOAT"), "mode", "got `BOAT`"),
        (line("x", mode="air"), "mode", "got `air`"),
        (line("x", mode=None), "mode", "got an empty value"),
        (line("x", weight=-1), "weight_band", "got `-1`"),
        (line("x", price=None), "price", "measure `price`, line 7: expected a value"),
        (line("x", promised=None), "late", "measure `late`, line 7"),
        (line(""), "customer", "contributor `customer`, line 7"),
    ],
)
def test_the_first_bad_line_is_named(
    tmp_path: Path, bad: tuple[object, ...], field: str, says: str
) -> None:
    """Wrong values are found whatever column they stand in; the line number counts the header."""
    path = write_csv(tmp_path / "data.csv", [*GOOD, bad, line("y"), bad])
    error = fault(path, tmp_path)
    assert error.field == field
    assert says in error.message
    assert error.row == 6


def test_a_missing_column_is_named_with_those_there(tmp_path: Path) -> None:
    """Every declared column must be there, even one that no question can use."""
    for name in HEADER:
        header = ["wrong" if column == name else column for column in HEADER]
        error = fault(write_csv(tmp_path / "data.csv", GOOD, header=header), tmp_path)
        assert f"expected column `{name}`" in error.message
        assert "`wrong`" in error.message


def test_broken_csv_files(tmp_path: Path) -> None:
    """Lines with too few or many fields, open quotes, no rows, other encodings: one error each."""
    path = write_csv(tmp_path / "data.csv", GOOD)
    whole = path.read_text("utf-8")
    path.write_text(whole + "a,2025,AIR\n")
    error = fault(path, tmp_path)
    assert (error.code, error.row) == ("data.fields", 6)
    assert "expected 8 fields at line 7, got 3" in error.message
    path.write_text(whole + "a,2025,AIR,2025-03-10,2025-03-10,1,1,1,1\n")
    assert fault(path, tmp_path).code == "data.fields"
    path.write_text(whole + '"open,2025,AIR,2025-03-10,2025-03-10,1,1,1\n')
    assert fault(path, tmp_path).code == "data.unreadable"
    path.write_text(whole.splitlines()[0] + "\n")
    assert fault(path, tmp_path).code == "data.empty"
    path.write_bytes(whole.encode() + "客户,2025,AIR,2025-03-10,2025-03-10,1,1,1\n".encode("gbk"))
    assert fault(path, tmp_path).code == "data.encoding"
    path.write_bytes(b"")
    assert "the file is empty" in fault(path, tmp_path).message
    path.write_text(whole.replace("Ship Mode", "year", 1))
    assert fault(path, tmp_path).code in ("data.column.twice", "data.column.missing")


def test_parquet_values_are_checked_too(tmp_path: Path) -> None:
    """NaN and text in a Parquet number column, and rounding, are found with their row."""
    source = write_csv(tmp_path / "data.csv", [*GOOD, line("x", price="7.77")])
    for expression, says in [
        ("if(price = 7.77, 'nan'::DOUBLE, price::DOUBLE) AS price", "got NaN"),
        ("if(price = 7.77, 'seven', price::VARCHAR) AS price", "got `seven`"),
        ("if(price = 7.77, 7.777, price::DOUBLE) AS price", "got `7.777`"),
    ]:
        error = fault(write_parquet(tmp_path / "data.parquet", source, expression), tmp_path)
        assert error.field == "price"
        assert says in error.message
        assert "row 6" in error.message
    nested = write_parquet(tmp_path / "data.parquet", source, "[price] AS price")
    assert "nested" in fault(nested, tmp_path).message
    (tmp_path / "torn.parquet").write_bytes(nested.read_bytes()[:200])
    assert fault(tmp_path / "torn.parquet", tmp_path).code == "data.unreadable"


def test_doubles_that_fit_are_taken(tmp_path: Path) -> None:
    """A Parquet column of doubles holding whole cents is read exactly."""
    source = write_csv(tmp_path / "data.csv", [line(f"c{i}", price="0.10") for i in range(10)])
    path = write_parquet(tmp_path / "data.parquet", source, "price::DOUBLE AS price")
    (tmp_path / "scratch").mkdir()
    with group_file(path, PRODUCT, scratch=tmp_path / "scratch", progress=quiet) as grouped:
        (figures,) = totals(grouped).values()
    assert figures[1] == 100


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"received - promised"', '"upper(coalesce(price, 0)::text)"', "gives varchar"),
        ('"received > promised"', '"received"', "gives date"),
        ('expression = "weight"', 'expression = "weight / 2"', "expected whole numbers"),
    ],
)
def test_expressions_of_the_wrong_type(tmp_path: Path, old: str, new: str, says: str) -> None:
    """A measure that is no number, or a whole-number dimension that is none, is refused."""
    product = read_product(changed(old, new))
    assert says in fault(write_csv(tmp_path / "data.csv", GOOD), tmp_path, product).message


def test_division_by_zero_is_a_missing_value(tmp_path: Path) -> None:
    """An expression that gives no finite number in some row is refused with that row."""
    product = read_product(changed('"received - promised"', '"price / weight"\nscale = 2'))
    path = write_csv(tmp_path / "data.csv", [*GOOD, line("x", weight=0)])
    error = fault(path, tmp_path, product)
    assert (error.field, error.row) == ("delay", 6)


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_other_delimiters_and_a_byte_order_mark(tmp_path: Path, mark: str) -> None:
    """The delimiter is read off the header; a byte order mark does not hurt; fields may be quoted."""
    path = write_csv(tmp_path / "data.csv", GOOD)
    text = path.read_text().replace(",", mark).replace("AIR", '"AIR"')
    path.write_text("\ufeff" + text, encoding="utf-8")
    (tmp_path / "scratch").mkdir()
    with group_file(path, PRODUCT, scratch=tmp_path / "scratch", progress=quiet) as grouped:
        assert grouped.rows == 5


def test_no_other_file_is_reached(tmp_path: Path) -> None:
    """The session reads the data file and nothing else, whatever its content or name says."""
    from connector.engines.duckdb.session import open_session

    secret = write_csv(tmp_path / "secret.csv", GOOD)
    path = write_csv(tmp_path / "it's data.csv", GOOD)
    (tmp_path / "scratch").mkdir()
    with group_file(path, PRODUCT, scratch=tmp_path / "scratch", progress=quiet) as grouped:
        assert grouped.rows == 5
    with open_session(files=[path], scratch=tmp_path / "scratch", progress=quiet) as session:
        import duckdb

        with pytest.raises(duckdb.PermissionException):
            session.rows(f"SELECT * FROM read_csv('{secret}')")
        with pytest.raises(DataError):
            session.run("SET enable_external_access = true")
