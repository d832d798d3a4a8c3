"""What `voile doctor` says of products: offers of older versions that leave open what they list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import col, select

from catalog.product_file import empty_terms
from connector.areas.products.empty_words import EMPTY, EMPTY_NEXT
from connector.areas.products.rows import PUBLISHED, ProductRow
from connector.process.checks import Check
from connector.process.errors import VoileError
from connector.process.ports import SystemClock
from connector.store.database import Database
from connector.store.migrate import current, newest

if TYPE_CHECKING:
    from connector.process.settings import Settings


def examine(settings: Settings) -> list[Check]:
    """Look at the offers of a home; one that is to be migrated is not read."""
    in_file = settings.database_url.startswith("sqlite:")
    if in_file and not (settings.data / "voile.db").exists():
        return []
    db = Database(settings.database_url, SystemClock())
    try:
        with db.reading() as session:
            if current(session.connection()) != newest():
                return []
            query = select(ProductRow).where(ProductRow.state == PUBLISHED)
            rows = session.exec(query.order_by(col(ProductRow.id)))
            return [check for row in rows for check in _said(row)]
    except VoileError as error:
        return [Check.of("offers", error)]
    finally:
        db.close()


def _said(row: ProductRow) -> list[Check]:
    return [
        Check("offers", "note", EMPTY, EMPTY_NEXT, product=row.id, offer=offer, key=key)
        for offer, key in empty_terms(row.text)
    ]
