"""Taking a product off the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.areas.membership import synchronise
from connector.areas.products import problems
from connector.areas.products.files import product_folder
from connector.areas.products.rows import PUBLISHED, WITHDRAWN, FileVersionRow, ProductRow
from connector.areas.products.standing import check_seen
from connector.process.errors import NotFound
from connector.process.ports import unix_ms
from contracts.evidence import Entry

if TYPE_CHECKING:
    from connector.party.node import Node


def withdraw(node: Node, product_id: str, *, reason: str = "", seen: str | None = None) -> None:
    """Takes a product off the catalogue; its questions are no longer answered, its file is gone.

    The versions stay: if it is published again, what was shown still counts.
    """
    with node.db.transaction() as tx:
        row = tx.session.get(ProductRow, product_id)
        if row is None or row.state != PUBLISHED:
            raise NotFound(problems.NOT_PUBLISHED, product=product_id)
        check_seen(tx.session, product_id, seen)
        row.state = WITHDRAWN
        row.changed_ms = unix_ms(tx.now)
        tx.session.add(row)
        tx.append(
            Entry(
                kind="PRODUCT",
                role="provider",
                from_state="PUBLISHED",
                to_state="WITHDRAWN",
                query={"product": product_id, "number": row.number},
                detail={"reason": reason} if reason else {},
            )
        )
        tx.session.flush()
        copy = tx.session.get(FileVersionRow, (product_id, row.number))
        synchronise(tx, node)
    if copy is not None:  # by its name: it may be published again at this moment
        (product_folder(node, product_id) / copy.name).unlink(missing_ok=True)
