"""The product file of a draft of new data: that of the product as it stands, and no older one.

Whoever publishes new data looks at the data. Terms that were changed since the draft was begun must
not come back with them unseen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.areas.products import problems
from connector.areas.products import problems_drafts as own_problems
from connector.areas.products.draft_fresh import basis_digest, standing_of
from connector.areas.products.draft_rows import OPEN
from connector.areas.products.rows import PUBLISHED, TABLE, ProductDraftRow, ProductRow
from connector.process.errors import Conflict, NotFound

if TYPE_CHECKING:
    from connector.party.node import Node


def standing_text(node: Node, product: str) -> str:
    """Returns the product file of a product on offer.

    Raises:
        NotFound: None of that id is on offer.
    """
    with node.db.reading() as session:
        row = session.get(ProductRow, product)
        if row is None or row.state != PUBLISHED or row.kind != TABLE:
            raise NotFound(problems.NOT_PUBLISHED, product=product[:80])
        return row.text


def check_stands(node: Node, row: ProductDraftRow, text: str) -> None:
    """Refuses to publish over a product that is not what the draft showed any more.

    Args:
        node: The provider's node.
        row: The draft.
        text: What is to be published; another than the draft's is its sender's own word.

    Raises:
        Conflict: The product was changed or withdrawn since the draft showed it.
    """
    if row.state != OPEN or row.text != text:
        return
    if not row.product:
        over = standing_of(node, row)
        if over is not None and row.previewed != basis_digest(node, row):
            raise Conflict(own_problems.STANDS_OTHERWISE, product=over.id)
        return
    try:
        stands = standing_text(node, row.product)
    except NotFound:
        stands = ""
    if stands != text:
        raise Conflict(own_problems.STANDS_OTHERWISE, product=row.product)
