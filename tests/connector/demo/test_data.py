"""The generated data: split without loss, decimal where money is, small districts at any scale."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import duckdb
import pytest

from catalog.product_file import read_product
from connector.demo.data import DISTRICTS, LONE_DISTRICT, ROW_TOKEN, SHIP_MODES, YEARS, generate
from connector.demo.parties import SUPPLIERS
from connector.demo.plaintext import Column, Plain, Reference, cell_id
from connector.demo.products import delivery_product, stock_product

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connector.demo.data import FirmData

LINES = 60_175  # of TPC-H at scale 0.01


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> tuple[FirmData, ...]:
    return generate(tmp_path_factory.mktemp("data"), scale=0.01)


@pytest.fixture(scope="module")
def plain(held: tuple[FirmData, ...]) -> Iterator[Plain]:
    found = Plain(held)
    yield found
    found.close()


@pytest.mark.long
def test_each_row_lies_with_exactly_one_firm(held, plain):
    """The split loses no order line and doubles none; plants belong to one firm each."""
    assert [data.firm for data in held] == list(SUPPLIERS)
    assert sum(data.delivery_rows for data in held) == LINES
    assert sum(data.stock_rows for data in held) == 8000
    assert plain.rows("SELECT count(DISTINCT (order_number, line_number)) FROM deliveries") == [
        (LINES,)
    ]
    assert plain.rows(
        "SELECT max(n) FROM (SELECT count(DISTINCT firm) AS n FROM stock GROUP BY plant)"
    ) == [(1,)]


def test_the_intermediate_tables_are_removed(held):
    """Only the firms' own files stay."""
    folder = held[0].deliveries.parent.parent
    assert sorted(path.name for path in folder.iterdir()) == ["alder", "birch", "cedar"]
    assert {data.deliveries.suffix for data in held} == {".csv", ".parquet"}


def test_the_last_district_has_one_customer(plain):
    """Small districts have 39, 37, … 1 customers, whatever the scale."""
    sizes = dict(
        plain.rows("SELECT sales_district, count(DISTINCT customer) FROM deliveries GROUP BY ALL")
    )
    assert sizes[LONE_DISTRICT] == 1
    assert [sizes[code] for code in DISTRICTS[10:]] == list(range(39, 0, -2))


def test_the_codes_of_the_product_files_are_those_of_the_data(plain):
    """No row lies outside the declared codes and bounds; both product files are accepted."""
    product = read_product(delivery_product())
    parties = {"buyer": "did:web:b.example", "aggregator": "did:web:o.example"}
    firms = ("did:web:x.example", "did:web:y.example", "did:web:z.example")
    stock = read_product(stock_product(**parties, cohort=firms))
    assert (product.table, stock.table) == ("delivery_records", "stock_on_hand")
    for name, codes in (
        ("promised_year", YEARS),
        ("ship_mode", SHIP_MODES),
        ("sales_district", DISTRICTS),
    ):
        found = {row[0] for row in plain.rows(f"SELECT DISTINCT {name} FROM deliveries")}
        assert found == set(codes)
    brands = {row[0] for row in plain.rows("SELECT DISTINCT brand FROM stock")}
    assert brands == set(stock.dimensions[0].codes)
    for measure in product.measures:
        sql = {"late": "received_date > promised_date", "delay": "received_date - promised_date"}
        text = f"({sql.get(measure.name, measure.name)})::DECIMAL(18,2)"
        low, high = plain.rows(f"SELECT min({text}), max({text}) FROM deliveries")[0]
        assert measure.lower <= low <= high <= measure.upper, measure.name


def test_every_row_bears_tokens_that_can_be_found_again(plain):
    """Orders, customers, parts and plants have distinct tokens of one form."""
    for column, table in (
        ("order_number", "deliveries"),
        ("customer", "deliveries"),
        ("part_number", "stock"),
        ("plant", "stock"),
    ):
        found = [row[0].encode() for row in plain.rows(f"SELECT DISTINCT {column} FROM {table}")]
        assert found
        assert all(ROW_TOKEN.fullmatch(token) for token in found)


def test_reference_answers_are_exact(plain, held):
    """Money is summed as decimals; a mean is the exact fraction, rounded half-even."""
    reference = Reference(
        sql="SELECT ship_mode, count(*) AS lines, sum(price) AS price, "
        "sum(received_date - promised_date) AS delay FROM deliveries GROUP BY ship_mode",
        keys=("ship_mode",),
        columns=(
            Column("COUNT(*)", "count"),
            Column("SUM(price)", "sum", "price"),
            Column("AVG(delay)", "mean", "delay", places=6),
        ),
    )
    found = plain.answer(reference)
    with duckdb.connect() as base:
        cents = 0
        for data in held:
            reader = "read_csv" if data.deliveries.suffix == ".csv" else "read_parquet"
            options = ", all_varchar = true" if reader == "read_csv" else ""
            sql = (
                "SELECT sum(replace(price::VARCHAR, '.', '')::BIGINT) "
                f"FROM {reader}('{data.deliveries}'{options})"
            )
            cents += int(base.execute(sql).fetchall()[0][0])
    total = sum(value for (_, name), value in found.items() if name == "SUM(price)")
    assert total == Decimal(cents).scaleb(-2)
    mean = found[cell_id({"ship_mode": "AIR"}, "AVG(delay)")]
    assert mean == round(mean, 6)
    assert -mean.as_tuple().exponent == 6


def test_a_mean_is_rounded_half_even(plain):
    """Ties go to the even digit, on both sides of zero."""
    for total, expected in (("1", "0.12"), ("3", "0.38"), ("-1", "-0.12"), ("5", "0.62")):
        reference = Reference(
            sql=f"SELECT 8 AS lines, {total} AS x",
            keys=(),
            columns=(Column("AVG(x)", "mean", "x", places=2),),
        )
        assert plain.answer(reference) == {cell_id({}, "AVG(x)"): Decimal(expected)}
