"""What a publication comes to, for four eyes: its level, what it loosens, the very data."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from catalog.errors import ProductError
from catalog.file_product import FileProduct
from catalog.product_file import read_declaration
from connector.areas.products.api import draft_named, path_of_data
from connector.areas.products.digests import Digests
from connector.areas.products.drafts import Drafts
from connector.areas.products.files import stamp
from connector.areas.products.folder import Data, find_data
from connector.areas.products.publish import read_declared
from connector.areas.products.rows import ProductRow
from connector.areas.products.standing import check_seen
from connector.areas.products.weighing import GRADED, LEVEL, NO_DATA, RULES, looser
from connector.party.gate import Weighed

if TYPE_CHECKING:
    from catalog.product import Product
    from connector.party.node import Node
    from connector.party.operation import Call
    from crypto.words import Spoken


def weigh_publication(node: Node, call: Call) -> Weighed:
    """Weigh it by what its product file declares; the data are read for their digest alone.

    Raises:
        BadRequest: the product file or the path of the data is wrong, as publishing says it.
        Conflict: the product is not as its sender saw it.
    """
    declared = read_declared(call.body.product)
    with node.db.reading() as session:
        check_seen(session, declared.id, call.body.seen)
        row = session.get(ProductRow, declared.id)
    changes = tuple(_changes(declared, row))
    if not changes:
        return Weighed(needed=False)
    stands = "" if row is None else f"{row.state} {row.number} {row.text}"
    if draft_id := draft_named(call.body.data):  # in which a second person looks at its cells
        stands += f" {node.services[Drafts].row(draft_id).text}"
    state = hashlib.sha256(stands.encode()).hexdigest()
    data = _data(node, declared, call)
    return Weighed(needed=True, seen=f"{data} {state}", changes=changes)


def _changes(declared: Product | FileProduct, row: ProductRow | None) -> list[Spoken]:
    found: list[Spoken] = []
    if declared.level >= LEVEL:
        found.append(GRADED.of(level=declared.level, product=declared.id))
    if row is None:
        return found  # a withdrawn one counts: else it would be taken off to be loosened
    try:
        before = read_declaration(row.text, stored=True)
    except ProductError:  # of an older version: what cannot be compared may be looser
        return [*found, RULES]
    return [*found, *looser(declared, before)]


def _data(node: Node, declared: Product | FileProduct, call: Call) -> str:
    path = path_of_data(node, declared, call.body.data)
    if path is None:
        return NO_DATA
    if isinstance(declared, FileProduct):
        data = Data(path, (), (stamp(path),))
    else:
        data = find_data(node, declared, path)
    return node.services[Digests].of(data, glance=call.glance)
