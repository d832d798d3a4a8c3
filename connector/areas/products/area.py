"""Products as an area of a participant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connector.areas.membership import OnOffer
from connector.areas.products.api import OPERATIONS
from connector.areas.products.digests import Digests
from connector.areas.products.doctored import examine
from connector.areas.products.draft_api import OPERATIONS as DRAFT_OPERATIONS
from connector.areas.products.drafts import Drafts
from connector.areas.products.jobs import Publisher
from connector.areas.products.migration import migrate_all
from connector.areas.products.operations import PUBLISH
from connector.areas.products.pages import PAGES
from connector.areas.products.publication_weight import weigh_publication
from connector.areas.products.refresh_state import Figures, notes
from connector.areas.products.refreshing import Refresher
from connector.areas.products.rows import (
    FileVersionRow,
    ProductDraftRow,
    ProductRow,
    ProductVersionRow,
)
from connector.areas.products.shelf import ProductShelf
from connector.engines.duckdb.engine import DUCKDB, survey
from connector.party.area import Area
from connector.process.job import Every

if TYPE_CHECKING:
    from connector.engines.port import Surveying
    from connector.party.node import Node

SURVEY: Final[Surveying] = survey
_HOUR: Final = 3600.0


def services(node: Node) -> tuple[object, ...]:
    """What is on offer, also for the shared catalogue; what reads data, and when it does."""
    shelf = ProductShelf(node)
    publisher = Publisher(node)
    refresher = Refresher(node, publisher)
    drafts = Drafts(node)
    shown = (shelf, OnOffer(shelf.datasets), Figures(node))
    return (*shown, DUCKDB, publisher, refresher, drafts, Digests())


def prepare(node: Node) -> None:
    """Tables of the first edition are made anew before anybody asks; files of nobody go."""
    migrate_all(node)
    node.services[Drafts].clean_up()


AREA = Area(
    name="products",
    tables=(ProductRow, ProductVersionRow, FileVersionRow, ProductDraftRow),
    services=services,
    prepare=prepare,
    operations={**OPERATIONS, **DRAFT_OPERATIONS},
    weighs={PUBLISH: weigh_publication},
    jobs=lambda node: [
        node.services[Refresher],
        node.services[Publisher],
        Every("old-drafts", _HOUR, node.services[Drafts].tidy, node.log, at_once=True),
    ],
    pages=PAGES,
    checks=examine,
    notes=notes,
)
