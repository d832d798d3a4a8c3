"""What the first edition showed of a product, version by version, and where its bases hold it.

All its versions and bases are kept. A safe cell keeps its number from version to version, and its
finest cells; a basis holds the contributions of the safe cells that its version brought.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlmodel import col, select

from connector.areas.products.files import basis_file
from connector.areas.products.rows import ProductVersionRow
from connector.engines.bases import SAFE, Basis
from crypto.disclosure.codec import decode
from crypto.disclosure.migrating import Earlier
from crypto.disclosure.table import BLOCKED, PENDING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from connector.engines.bases import HeldIn
    from connector.party.node import Node
    from crypto.disclosure.guarded_table import GuardedTable
    from crypto.disclosure.ledger import Source
    from crypto.disclosure.migrating import Cell
    from crypto.disclosure.table import CellKey, ProtectedTable, SafeCell


@dataclass(frozen=True, slots=True)
class Shown:
    """One data version of the first edition.

    Attributes:
        number: The product's number of it.
        table: What it showed.
        held_in: For the finest cells of each safe cell, the basis that holds its contributions and
            its number there.
    """

    number: int
    table: ProtectedTable
    held_in: HeldIn

    def safe(self) -> dict[Cell, SafeCell]:
        """Returns the safe cells by their finest cells."""
        return dict(zip(self.held_in, self.table.safe, strict=True))

    def held(self) -> list[Cell]:
        """Returns the safe cells that kept an earlier state."""
        return [cells for cells, safe in self.safe().items() if safe.held]

    def left_out(self, state: int) -> list[CellKey]:
        """Returns the finest cells that are `BLOCKED` or `PENDING`."""
        known = zip(self.table.cells, self.table.membership, strict=True)
        return [cell for cell, member in known if member == state]

    def earlier(self, source: Source, first: int) -> Earlier:
        """Returns it as the core takes it.

        Args:
            source: Its contributions.
            first: The product's number of the first version that is kept. What an older one brought
                counts as brought by it: then there are as many versions as there may be, and no
                later one is compared.
        """
        return Earlier(
            source=source,
            since={cells: max(1, one.since - first + 1) for cells, one in self.safe().items()},
            held=self.held(),
            blocked=self.left_out(BLOCKED),
            pending=self.left_out(PENDING),
        )


def product_versions(node: Node, product: str) -> Sequence[ProductVersionRow]:
    """Returns all data versions of a product, the oldest first."""
    with node.db.reading() as session:
        return session.exec(
            select(ProductVersionRow)
            .where(ProductVersionRow.product == product)
            .order_by(col(ProductVersionRow.number))
        ).all()


def shown_versions(
    folder: Path, rows: Sequence[ProductVersionRow], *, most: int
) -> tuple[Shown, ...]:
    """Reads the newest versions of a product of which every one is of the first edition.

    Args:
        folder: The product's files.
        rows: All its versions, the oldest first.
        most: How many are read.

    Raises:
        StoreError: If the contributions behind one are gone.
    """
    by_number = {row.number: row for row in rows}
    found = []
    for row in rows[-most:]:
        table = decode(row.protected)
        places = cells_of(table)
        held_in = {
            cells: (basis_file(folder, by_number[safe.since]), number)
            for number, (cells, safe) in enumerate(zip(places, table.safe, strict=True))
        }
        found.append(Shown(row.number, table, held_in))
    return tuple(found)


def cells_of(table: ProtectedTable) -> list[Cell]:
    """Returns the finest cells of each safe cell, by its number."""
    cells: list[list[CellKey]] = [[] for _ in table.safe]
    for cell, member in zip(table.cells, table.membership, strict=True):
        if member >= 0:
            cells[member].append(cell)
    return [tuple(sorted(keys)) for keys in cells]


def first_bases(
    folder: Path, rows: Sequence[ProductVersionRow], table: GuardedTable, *, first: int
) -> Mapping[int, Basis]:
    """Returns the bases of versions of the first edition that a migrated table begins with.

    Args:
        folder: The product's files.
        rows: Those versions, the oldest first.
        table: The migrated table.
        first: The product's number of its first version.

    Returns:
        By the table's number, with the base cells that its safe cells became.

    Raises:
        StoreError: If one is gone.
    """
    if not rows:
        return {}
    safe = {cells: number for number, cells in enumerate(cells_of(decode(rows[-1].protected)))}
    numbers = {place: safe[keys] for place, keys in enumerate(table.base) if keys in safe}
    return {row.number - first + 1: Basis(basis_file(folder, row), SAFE, numbers) for row in rows}
