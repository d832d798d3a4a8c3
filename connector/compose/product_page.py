"""The page of a product: our own, one of the shared catalogue, or one that a provider shows us."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from catalog.asked import MOST_PER_PAGE, Asked
from catalog.page import page
from catalog.search import LONGEST_QUESTION
from connector.areas.dsp import peer_dataset
from connector.areas.membership import find_offered
from connector.areas.products import ProductShelf, published_product
from connector.compose import problems_page as problems
from connector.process.errors import BadRequest, NotFound
from contracts.messages.codec import to_object
from policies.samples import Asker

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.party.node import Node
    from connector.party.operation import Call

_MOST_PAGES: Final = 5  # of hits that are looked through for one id


def product_page(node: Node, call: Call) -> dict[str, Any]:
    """Give the page of a product."""
    product_id, provider = call.path["product_id"], call.query.provider
    own = node.settings.did
    if provider in (None, own):
        found = _own(node, product_id)
        if found is not None:
            return found
    if provider is None:
        provider, dataset = _of_catalogue(node, product_id)
    elif provider == own:
        raise _missing(product_id)
    else:
        dataset = to_object(peer_dataset(node, provider, product_id).dataset)
    asker = Asker(own, node.settings.space, node.clock.now())
    return {**page(dataset, asker), "provider": provider, "own": False}


def _own(node: Node, product_id: str) -> dict[str, Any] | None:
    """Give the page of ours, with the margins of the owner's report."""
    with node.db.reading() as session:
        dataset = node.services[ProductShelf].dataset(session, product_id)
        table = published_product(session, product_id)
        if dataset is None and table is not None and not table.offers:
            raise NotFound(problems.PAGE_UNOFFERED, product=product_id[:200])
        if dataset is None:
            return None
    made = page(dataset, Asker("", node.settings.space, node.clock.now()))
    if table is not None:
        kept = ("dimensions", "groups", "released", "measures", "rows")
        made["margins"] = [
            {"measures": {}} | {name: one[name] for name in kept if name in one}
            for one in table.report["margins"]
        ]
    return {**made, "provider": node.settings.did, "own": True}


def _of_catalogue(node: Node, product_id: str) -> tuple[str, Mapping[str, Any]]:
    """Find what the shared catalogue has under an id; each hit's signature was verified."""
    if node.settings.hub_did is None:
        raise _missing(product_id)
    hits: dict[str, Mapping[str, Any]] = {}
    for number in range(1, _MOST_PAGES + 1):
        asked = Asked(text=product_id[:LONGEST_QUESTION], page=number, size=MOST_PER_PAGE)
        found = find_offered(node, asked)
        hits |= {
            one["provider"]: one["description"]
            for one in found["hits"]
            if one["dataset"] == product_id
        }
        if number >= found["pages"]:
            break
    if not hits:
        raise _missing(product_id)
    if len(hits) > 1:
        names = [f"`{did}`" for did in sorted(hits)]
        raise BadRequest(problems.PAGE_AMBIGUOUS, product=product_id[:200], names=names)
    return hits.popitem()


def _missing(product_id: str) -> NotFound:
    return NotFound(problems.PAGE_MISSING, product=product_id[:200])
