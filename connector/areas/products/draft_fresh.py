"""Whether a preview is of the draft as it is now: what it shows does not hang on everything.

Which cells there are follows from columns, bounds and rules. Titles, grading and offers change none
of them, and the identifier only if a product stands under it, with which a table is compared then:
what stands there, its terms included, is what the draft would be published over.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from catalog.outline_text import OFFERS_BEGIN, TABLE_ENDS
from connector.areas.products.rows import ProductRow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connector.areas.products.rows import ProductDraftRow
    from connector.party.node import Node

_SAID: Final = ("title = ", "description = ", "domain = ", "level = ", "# ")
_NAMED: Final = ("id = ", "table = ")


def text_digest(text: str) -> str:
    """Returns the digest of a product file."""
    return hashlib.sha256(text.encode()).hexdigest()


def basis_digest(node: Node, row: ProductDraftRow) -> str:
    """Returns the digest of what a preview of a draft hangs on.

    Args:
        node: The provider's node.
        row: The draft; of new data of a product all of its product file counts.
    """
    if not row.outline:
        return text_digest(row.text)
    stands = standing_of(node, row)
    found = text_digest("\n".join(_table_lines(row.text, named=stands is not None)))
    return found if stands is None else text_digest(f"{found} {stands.state} {stands.text}")


def is_fresh(node: Node, row: ProductDraftRow) -> bool:
    """Says whether the preview of a draft is of what stands in it now."""
    # drafts of earlier versions have the digest of the whole text
    return bool(row.preview) and row.previewed in (basis_digest(node, row), text_digest(row.text))


def _table_lines(text: str, *, named: bool) -> Iterator[str]:
    """Gives the lines that `product_text` wrote of the table; those of a list are set in."""
    offers = False
    for line in text.split("\n"):
        offers = offers or line == OFFERS_BEGIN
        if line and not offers and not line.startswith(_SAID if named else (*_SAID, *_NAMED)):
            yield line
        offers = offers and line != TABLE_ENDS


def standing_of(node: Node, row: ProductDraftRow) -> ProductRow | None:
    """Returns the product that a draft would be published over; None if there is none."""
    first = next((line for line in row.text.split("\n") if line.startswith("id = ")), "")
    with node.db.reading() as session:
        found = session.get(ProductRow, first.removeprefix("id = ").strip('"'))
        if found is not None:
            session.expunge(found)
    return found
