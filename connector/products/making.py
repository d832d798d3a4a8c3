"""A product's protected table from its grouped data: the first, or the earlier one renewed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import col, select

from connector.engines.errors import DataError
from connector.products.checks import reshaped
from connector.products.files import basis_file
from connector.products.rows import ProductVersionRow
from crypto.disclosure import decode, first_version, renew

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from catalog.product import Product
    from connector.engines.duckdb.grouped import Grouped, Shown
    from connector.node import Node
    from crypto.disclosure import CellKey, CellStatistics, ProtectedTable, Renewal


def shown_so_far(node: Node, folder: Path, product_id: str) -> tuple[Shown, ...]:
    """Returns what every version brought: each may be in somebody's hands."""
    from connector.engines.duckdb.grouped import Shown

    with node.db.reading() as session:
        rows = session.exec(
            select(ProductVersionRow)
            .where(ProductVersionRow.product == product_id)
            .order_by(col(ProductVersionRow.number))
        ).all()
    return tuple(
        Shown(
            row.number,
            basis_file(folder, row),
            frozenset(
                i for i, cell in enumerate(decode(row.protected).safe) if cell.since == row.number
            ),
        )
        for row in rows
    )


def first_table(
    product: Product, grouped: Grouped, cells: Mapping[CellKey, CellStatistics], salt: str
) -> ProtectedTable:
    """Makes the table of a product's first data version.

    Raises:
        DataError: Nothing of the data could be shown.
    """
    table = first_version(
        cells,
        dimensions=product.codes,
        measures=tuple(measure.name for measure in product.measures),
        rules=product.rules,
        zeros=product.zeros,
        fetch=grouped.fetch,
        salt=salt,
    )
    if not table.safe:
        raise DataError(
            f"nothing of the data could be shown: even all {grouped.rows} rows together have too "
            "few contributors, or one that outweighs the others",
            code="data.unsafe",
            next_step="publish more data, or drop the measure in which one contributor dominates",
        )
    return table


def renewed_table(
    product: Product,
    grouped: Grouped,
    previous: ProductVersionRow,
    shown: Sequence[Shown],
    salt: str,
) -> Renewal:
    """Renews the table of the data version before.

    Raises:
        Conflict: It was cut in another way.
        DataError: Most contributors of the figures shown are gone.
    """
    old = decode(previous.protected)
    compared = grouped.compare(old, shown)
    try:
        return renew(
            old,
            dimensions=product.codes,
            cells=compared.cells,
            current=compared.current,
            change=compared.change,
            earlier=compared.earlier,
            fetch=grouped.fetch,
            salt=salt,
        )
    except ValueError as error:
        raise reshaped(product.id, "codes", str(error)) from error
