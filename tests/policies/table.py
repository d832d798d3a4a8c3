"""A declared table that several tests use."""

from __future__ import annotations

from decimal import Decimal

from policies.schema import Dimension, Measure, TableSchema

SCHEMA = TableSchema(
    product="deliveries",
    table="deliveries",
    dimensions=(
        Dimension(name="year", kind="integer", codes=tuple(str(y) for y in range(1992, 1999))),
        Dimension(name="ship_mode", kind="code", codes=("AIR", "RAIL", "SHIP", "TRUCK")),
        Dimension(
            name="weight",
            kind="bin",
            codes=("<10", "10..<20", "20..<50", ">=50"),
            edges=(None, Decimal(10), Decimal(20), Decimal(50), None),
        ),
        Dimension(
            name="lines",
            kind="bin",
            codes=("1..4", "5..9", "10..19"),
            edges=(Decimal(1), Decimal(5), Decimal(10), Decimal(20)),
            whole=True,
            disclosure="filter",
        ),
        Dimension(name="secret_dim", kind="code", codes=("x", "y"), disclosure="never"),
    ),
    measures=(
        Measure(name="qty", lower=Decimal(0), upper=Decimal(50), unit="pcs"),
        Measure(name="price", scale=2, lower=Decimal(0), upper=Decimal(1000), unit="CNY"),
        Measure(name="late", lower=Decimal(0), upper=Decimal(1), functions=frozenset({"sum"})),
    ),
    contributor="customer",
    minimum_contributors=5,
    others=(("comment", "never"), ("city", "group_key")),
)
SIZES = tuple(len(d.codes) for d in SCHEMA.dimensions)
