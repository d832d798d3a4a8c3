"""What stands of a product, as one digest: whoever changes it says which state it saw.

Two persons who write at once must not overwrite one another, and a page that was left open must
not bring back terms that have been changed since.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.areas.products import problems
from connector.areas.products.lives import life_of
from connector.areas.products.rows import ProductRow
from connector.process.errors import Conflict
from crypto.canonical import digest

if TYPE_CHECKING:
    from sqlmodel import Session


def mark_of(session: Session, row: ProductRow) -> str:
    """Return the digest of a product's file, and of whether and for which time it is on offer."""
    return digest([row.state, life_of(session, row.id), row.text])


def check_seen(session: Session, product_id: str, seen: str | None) -> None:
    """See that a product stands as its sender saw it; whoever says nothing of it is not asked.

    Raises:
        Conflict: It was changed since, withdrawn, or taken back.
    """
    if seen is None:
        return
    row = session.get(ProductRow, product_id)
    if row is None or mark_of(session, row) != seen:
        raise Conflict(problems.CHANGED, product=product_id)
