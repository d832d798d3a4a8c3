"""A product's protected table from its data: the first, or the earlier one renewed, or migrated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog.declared_table import check_declaration
from catalog.errors import ProductError
from connector.areas.products.conflict import refusal
from connector.areas.products.files import basis_file
from connector.areas.products.first_edition import first_bases, product_versions
from connector.engines import problems
from connector.engines.bases import Basis
from connector.engines.errors import DataError
from connector.process.errors import BadRequest
from contracts.cohort.widths import MAX_ROWS
from crypto.disclosure.declaration import Refused
from crypto.disclosure.guarded_codec import decode_published, is_published
from crypto.disclosure.making import make_table
from crypto.disclosure.published import PublishedTable
from crypto.disclosure.renewing import renew_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from catalog.product import Product
    from connector.areas.products.rows import ProductVersionRow
    from connector.engines.port import Grouped
    from connector.party.node import Node
    from crypto.disclosure.declaration import Declaration
    from crypto.disclosure.guarded_table import Made


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What a product has shown so far.

    Attributes:
        table: Its table; None if it was never published.
        bases: The contributions that each version of that table brought, by the table's numbers.
        kept: File names of all its bases, those of the first edition among them.
    """

    table: PublishedTable | None
    bases: Mapping[int, Basis]
    kept: frozenset[str]

    @property
    def files(self) -> list[Path]:
        """The files of these bases."""
        return [basis.path for basis in self.bases.values()]


def before(node: Node, folder: Path, previous: ProductVersionRow | None) -> Before:
    """Reads what a product has shown: each version may be in somebody's hands.

    Raises:
        StoreError: If the contributions behind it are gone.
    """
    if previous is None:
        return Before(table=None, bases={}, kept=frozenset())
    rows = product_versions(node, previous.product)
    table = decode_published(previous.protected)
    shown = [row for row in rows if row.number >= table.first]
    old = [row for row in shown if not is_published(row.protected)]
    ours = {
        row.number - table.first + 1: Basis(basis_file(folder, row))
        for row in shown
        if is_published(row.protected)
    }
    return Before(
        table=table,
        bases={**first_bases(folder, old, table.table, first=table.first), **ours},
        kept=frozenset(row.basis for row in rows),
    )


def declared_table(product: Product) -> Declaration:
    """Returns the table that a product declares.

    Raises:
        BadRequest: If no data could be judged so.
    """
    try:
        return check_declaration(product, rows=MAX_ROWS)
    except ProductError as error:
        raise BadRequest.of(error) from error


def make(
    product: Product, grouped: Grouped, earlier: Before, salt: str
) -> tuple[Made, PublishedTable]:
    """Makes the table of a product's next data version.

    Raises:
        DataError: Nothing of the data could be shown, or most contributors shown are gone.
        Conflict: The core refuses: what it says, and what helps.
    """
    source = grouped.source(earlier.bases)
    declaration = grouped.declaration
    old = earlier.table
    try:
        if old is None:
            made = make_table(declaration, source)
        else:
            made = renew_table(old.table, source, declaration=declaration)
    except Refused as error:
        raise refusal(product, error) from error
    if not made.table.base:
        raise DataError(problems.UNSAFE, rows=grouped.rows)
    first = 1 if old is None else old.first
    return made, PublishedTable(table=made.table, dimensions=product.codes, salt=salt, first=first)
