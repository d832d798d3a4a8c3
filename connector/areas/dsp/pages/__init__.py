"""Pages of the protocol: negotiations, and one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connector.areas.dsp.pages.negotiation import NEGOTIATION, OFFER_TERMS
from connector.areas.dsp.pages.negotiations import NEGOTIATIONS, NEGOTIATIONS_FILE

if TYPE_CHECKING:
    from connector.console.page import Page

PAGES: Final[tuple[Page, ...]] = (NEGOTIATIONS, NEGOTIATIONS_FILE, NEGOTIATION, OFFER_TERMS)
