"""What of the file products is on offer, and where the copies lie."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, cast

from catalog.file_product import FileProduct, FileVersion, MediaType
from catalog.product_file import read_declaration
from connector.areas.products import problems
from connector.areas.products.files import product_folder
from connector.areas.products.lives import life_of
from connector.areas.products.rows import FILE, PUBLISHED, FileVersionRow, ProductRow
from connector.areas.products.store import instant
from connector.process.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

    from sqlmodel import Session

    from connector.party.node import Node

KEPT: Final = 1024  # declarations read


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFile:
    """A file product on offer."""

    product: FileProduct
    version: FileVersion
    name: str  # of the copy, in the product's folder
    life: int = 0  # how many products were taken back under its id before


def published_file(session: Session, dataset_id: str) -> PublishedFile | None:
    """Find a file product on offer."""
    row = session.get(ProductRow, dataset_id)
    if row is None or row.kind != FILE or row.state != PUBLISHED:
        return None
    version = session.get(FileVersionRow, (row.id, row.number))
    return made(row, version, life=life_of(session, row.id))


def path_of(node: Node, found: PublishedFile) -> Path:
    """Say where the copy of a version lies."""
    return product_folder(node, found.product.id) / found.name


@lru_cache(maxsize=KEPT)
def _declared(text: str) -> FileProduct | None:
    found = read_declaration(text, stored=True)
    return found if isinstance(found, FileProduct) else None


def made(row: ProductRow, version: FileVersionRow | None, *, life: int = 0) -> PublishedFile:
    """Map rows to the frozen value.

    Raises:
        StoreError: There is no data version.
    """
    declared = _declared(row.text)
    if version is None or declared is None:
        raise StoreError(problems.NO_FILE_VERSION, product=row.id)
    return PublishedFile(
        product=declared,
        version=FileVersion(
            number=version.number,
            digest=version.digest,
            size=version.size,
            media=cast("MediaType", version.media),
            published=instant(version.published_ms),
        ),
        name=version.name,
        life=life,
    )
