"""A product as the protected table that it declares: bounds in whole numbers, forms that fit.

All that is refused here is a function of the product file alone, never of data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from catalog import problems_products as problems
from catalog.errors import ProductError
from crypto.disclosure.capacity import ENGINE_BITS, greatest_number
from crypto.disclosure.declaration import Declaration, DeclaredMeasure, Refused, comparable, figures

if TYPE_CHECKING:
    from decimal import Decimal

    from catalog.product import Product

ROWS: Final = "rows"  # the name of the figure that counts them


def declaration_of(product: Product) -> Declaration:
    """Returns the table that a product declares.

    Its measures are comparable if their units are the same, or they read a column of the file in
    common.
    """
    source = {column.name: column.source for column in product.columns}
    return Declaration(
        sizes=tuple(len(dimension.codes) for dimension in product.dimensions),
        measures=tuple(
            DeclaredMeasure(
                name=m.name,
                lower=_units(m.lower, m.scale),
                upper=_units(m.upper, m.scale),
                unit=m.unit,
                scale=m.scale,
                empty=m.empty,
                columns=tuple(sorted({source[name] for name in m.expression.columns})),
            )
            for m in product.measures
        ),
        protection=product.protection,
        equations=tuple(map(dict, product.equations)),
    )


def check_declaration(product: Product, *, rows: int) -> Declaration:
    """Returns the table that a product declares, if it can be judged.

    Args:
        product: The product.
        rows: How many rows a product may have, whatever it has.

    Raises:
        ProductError: If too many measures may be compared with each other, or sums within the
            declared bounds would not fit the numbers they are judged in.
    """
    declared = declaration_of(product)
    for index, measure in enumerate(product.measures):
        if measure.name == ROWS:
            field = f"measure[{index + 1}].name"
            raise ProductError(problems.NAMED_ROWS, field=field, name=ROWS)
    try:
        comparable(figures(declared))
    except Refused as error:
        found = ProductError(problems.COMPARABLE, field="measure", why=error.says)
        raise found.advise(problems.ADVICE, advice=error.advice) from error
    if greatest_number(declared, rows) >= 2**ENGINE_BITS:
        raise ProductError(problems.BOUNDS, field="measure")
    return declared


def _units(bound: Decimal, scale: int) -> int:
    return int(bound.scaleb(scale))
