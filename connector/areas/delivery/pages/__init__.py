"""Pages of deliveries: all transfers, and one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connector.areas.delivery.pages.deliveries import DELIVERIES, DELIVERIES_FILE
from connector.areas.delivery.pages.delivery import DELIVERY

if TYPE_CHECKING:
    from connector.console.page import Page

PAGES: Final[tuple[Page, ...]] = (DELIVERIES, DELIVERIES_FILE, DELIVERY)
