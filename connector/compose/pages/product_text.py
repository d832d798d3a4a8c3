"""What the page of a product reads of its text."""

from __future__ import annotations

import tomllib
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from catalog.errors import ProductError
from catalog.product_file import read_declaration
from connector.areas.products import CHANGED
from connector.compose.pages.differing import differing

if TYPE_CHECKING:
    from connector.console.page import Visit


def against(visit: Visit, stands: str, text: str) -> dict[str, Any]:
    """Gives the mark that forms send, and what differs where they were refused for it."""
    changed = visit.error is not None and visit.error.code == CHANGED.code
    written = visit.sent("text").replace("\r\n", "\n")
    return {
        "mark": visit.shown("seen", stands, CHANGED),
        "changed": changed and bool(written),
        "differs": differing(text, written) if changed and written else [],
    }


def file_offers(text: str) -> int:
    """Counts the offers of a product that is a file: none of them is about questions."""
    with suppress(ProductError):
        return len(read_declaration(text).offers)
    return 0


def has_source(text: str) -> bool:
    """Says whether a product is read from a database."""
    with suppress(tomllib.TOMLDecodeError):
        return "source" in tomllib.loads(text)
    return False
