"""Step 4 of the wizard: the product's page as those see it who want to ask."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from catalog.dcat import dataset, offers
from catalog.errors import ProductError
from catalog.page import page
from catalog.product_file import read_product
from connector.areas.products.operations import STEWARDS
from connector.areas.products.pages import seen_words as words
from connector.areas.products.pages.offer import offers_said
from connector.areas.products.pages.wizard import around, common_forms, draft_of
from connector.areas.products.shelf import data_service
from connector.areas.products.store import publication
from connector.client.margin_table import margin_row
from connector.console.page import Page
from policies.samples import Asker

if TYPE_CHECKING:
    from collections.abc import Mapping

    from catalog.product import Product
    from connector.console.page import Visit
    from connector.party.node import Node

MOST_CODES: Final = 12
MOST_MARGINS: Final = 16


def view(node: Node, visit: Visit) -> Mapping[str, Any]:
    """Gives the page that the catalogue would have."""
    shown = draft_of(node, visit)
    made = around(shown, "seen") | {"seen": None, "sw": words}
    report = (shown.preview or {}).get("report")
    if report is None:
        return made
    with suppress(ProductError):
        product = read_product(shown.text, stored=True)
        at = publication(
            report, number=report["version"]["number"], digest="sha-256:" + "0" * 64, published=""
        )
        described = dataset(product, at, service=data_service(node), granted=offers(product))
        told = page(described, Asker("", node.settings.space, node.clock.now()))
        made["seen"] = seen(node, told, product)
    return made


def seen(node: Node, told: Mapping[str, Any], product: Product) -> dict[str, Any]:
    """Gives a page as the template shows it: not more codes and margins than one reads."""
    said = offers_said(node, product)
    return {
        **told,
        "margins": [margin_row(one) for one in told["margins"][:MOST_MARGINS]],
        "allMargins": len(told["margins"]),
        "offers": [
            {**offer, "said": said[place]}
            for place, offer in enumerate(told["offers"])
            if place < len(said)
        ],
        "mostCodes": MOST_CODES,
    }


SEEN_PAGE: Final = Page(
    name="products.seen",
    path="/drafts/{draft_id}/seen",
    title=words.TITLE,
    may=STEWARDS,
    view=view,
    template="products/seen.html",
    words=words,
    forms=common_forms("seen"),
)
