"""What people see of drafts in the console: from an own file to a product on offer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connector.areas.products.pages.begin import BEGIN_PAGE
from connector.areas.products.pages.columns import COLUMNS_PAGE
from connector.areas.products.pages.offer import OFFER_PAGE
from connector.areas.products.pages.preview import PREVIEW_PAGE
from connector.areas.products.pages.publish import PUBLISH_PAGE, TEXT_PAGE
from connector.areas.products.pages.seen import SEEN_PAGE

if TYPE_CHECKING:
    from connector.console.page import Page

PAGES: Final[tuple[Page, ...]] = (
    BEGIN_PAGE,
    COLUMNS_PAGE,
    PREVIEW_PAGE,
    OFFER_PAGE,
    SEEN_PAGE,
    PUBLISH_PAGE,
    TEXT_PAGE,
)
