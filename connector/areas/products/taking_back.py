"""Taking a product back whole: its rows, its tables, its files, and what remembers its data.

Whether it may be taken back is decided above, in the same transaction: nobody may have an agreement
about it. The log keeps that it was published, and that it was taken back.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from sqlmodel import col, delete, select

from connector.areas.membership import synchronise
from connector.areas.products import problems
from connector.areas.products.keeping import remove
from connector.areas.products.lives import end_life
from connector.areas.products.refresh_state import forget
from connector.areas.products.rows import FILE, FileVersionRow, ProductRow, ProductVersionRow
from connector.areas.products.shelf import ProductShelf
from connector.process.errors import NotFound
from connector.store.rows import LogEntryRow
from contracts.evidence import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sqlmodel import Session

    from connector.party.node import Node
    from connector.store.transaction import Transaction

UNPUBLISHED: Final = "UNPUBLISHED"
_KEPT: Final = ("basis-*.parquet", "file-*")  # files of versions, in a product's folder


def take_back(tx: Transaction, node: Node, product_id: str, *, reason: str = "") -> int:
    """Removes a product, published or withdrawn; its files go after the commit.

    Returns:
        How many versions it had.

    Raises:
        NotFound: There is none of that id.
    """
    row = tx.session.get(ProductRow, product_id)
    if row is None:
        raise NotFound(problems.NOT_PUBLISHED, product=product_id)
    version = FileVersionRow if row.kind == FILE else ProductVersionRow
    name = col(FileVersionRow.name if row.kind == FILE else ProductVersionRow.basis)
    names = tx.session.exec(select(name).where(version.product == product_id)).all()
    tx.append(
        Entry(
            kind="PRODUCT",
            role="provider",
            from_state=row.state.upper(),
            to_state=UNPUBLISHED,
            query={"product": product_id, "number": row.number, "versions": len(names)},
            detail={"reason": reason} if reason else {},
        )
    )
    for kind in (ProductVersionRow, FileVersionRow):
        tx.session.exec(delete(kind).where(col(kind.product) == product_id))
    tx.session.delete(row)
    forget(tx.session, product_id)
    end_life(tx.session, product_id)
    tx.session.flush()
    synchronise(tx, node)
    folder = node.settings.data / "products" / product_id
    tx.after_commit(lambda: _forgotten(node, product_id, folder, names))
    return len(names)


def _forgotten(node: Node, product_id: str, folder: Path, names: Iterable[str]) -> None:
    """Removes files by their names: a publication that began meanwhile has others."""
    node.services[ProductShelf].forget(product_id)
    remove(folder, list(names))


def forget_taken_back(node: Node) -> None:
    """Removes what a process that was killed just then left of products that were taken back.

    A folder without a product is left alone unless the log says that its product was taken back:
    the database may be an older one.
    """
    root = node.settings.data / "products"
    folders = [path for path in root.glob("*") if path.is_dir()] if root.is_dir() else []
    with node.db.reading() as session:
        gone = [path for path in folders if session.get(ProductRow, path.name) is None]
        taken = _taken_back(session) if gone else set()
    for folder in gone:
        if folder.name not in taken:
            continue
        for pattern in _KEPT:
            for path in folder.glob(pattern):
                path.unlink(missing_ok=True)
        with suppress(OSError):  # something that is not ours lies there
            folder.rmdir()


def _taken_back(session: Session) -> set[str]:
    """Returns the products of which the newest leaf says so."""
    query = select(LogEntryRow.entry).where(
        LogEntryRow.kind == "PRODUCT", LogEntryRow.role == "provider"
    )
    last = {}
    for entry in session.exec(query.order_by(col(LogEntryRow.index))):
        leaf = json.loads(entry)
        last[leaf.get("query", {}).get("product", "")] = leaf.get("to")
    return {product for product, to in last.items() if to == UNPUBLISHED}
