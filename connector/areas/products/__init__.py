"""Data products: publishing a file as a protected table, and what is published."""

from __future__ import annotations

from connector.areas.products.api import publish_run, refresh_run, withdraw_run
from connector.areas.products.area import AREA
from connector.areas.products.contract_file import imported
from connector.areas.products.delivered import PublishedFile, path_of, published_file
from connector.areas.products.drafting import Asked, draft_of
from connector.areas.products.empty_words import emptied
from connector.areas.products.jobs import Publisher
from connector.areas.products.migration import first_editions
from connector.areas.products.operations import PUBLISH, REFRESH, WITHDRAW
from connector.areas.products.pages import seen_words
from connector.areas.products.pages.offer import sentences
from connector.areas.products.pages.seen import seen
from connector.areas.products.pages.wizard import STAGES
from connector.areas.products.problems import CHANGED
from connector.areas.products.records import Ending, Publication
from connector.areas.products.refresh_records import Refresh
from connector.areas.products.refresh_state import told as refresh_told
from connector.areas.products.rows import (
    FILE,
    PUBLISHED,
    FileVersionRow,
    ProductRow,
    ProductVersionRow,
)
from connector.areas.products.shelf import ProductShelf
from connector.areas.products.standing import check_seen, mark_of
from connector.areas.products.store import changed_ms, declared, newest_digest, protected_table
from connector.areas.products.store import product as published_product
from connector.areas.products.taking_back import take_back

__all__ = [
    "AREA",
    "CHANGED",
    "FILE",
    "PUBLISH",
    "PUBLISHED",
    "REFRESH",
    "STAGES",
    "WITHDRAW",
    "Asked",
    "Ending",
    "FileVersionRow",
    "ProductRow",
    "ProductShelf",
    "ProductVersionRow",
    "Publication",
    "PublishedFile",
    "Publisher",
    "Refresh",
    "changed_ms",
    "check_seen",
    "declared",
    "draft_of",
    "emptied",
    "first_editions",
    "imported",
    "mark_of",
    "newest_digest",
    "path_of",
    "protected_table",
    "publish_run",
    "published_file",
    "published_product",
    "refresh_run",
    "refresh_told",
    "seen",
    "seen_words",
    "sentences",
    "take_back",
    "withdraw_run",
]
