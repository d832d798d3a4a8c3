"""What is published, read from the database; protected tables are kept in memory by version."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, select
from sqlmodel import col

from catalog.dcat import Publication, ShownMargin, offers
from catalog.product_file import read_product
from connector.areas.products import problems
from connector.areas.products.lives import life_of
from connector.areas.products.rows import PUBLISHED, TABLE, ProductRow, ProductVersionRow
from connector.process.errors import Refused, StoreError
from connector.process.kept import Kept
from connector.store.core import table_of
from connector.store.prepared import Prepared
from crypto.disclosure.guarded_codec import decode_published, is_published
from policies.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlmodel import Session

    from catalog.product import Product
    from crypto.disclosure.published import PublishedTable
    from policies.model import Policy

_TABLES_KEPT: Final = 16

# looked at for every question: made once
_WITH_VERSION: Final = (col(ProductVersionRow.product) == col(ProductRow.id)) & (
    col(ProductVersionRow.number) == col(ProductRow.number)
)
_OFFERED: Final = Prepared(
    select(
        col(ProductRow.kind),
        col(ProductRow.state),
        col(ProductRow.text),
        col(ProductRow.number),
        col(ProductVersionRow.digest),
    )
    .select_from(table_of(ProductRow))
    .outerjoin(table_of(ProductVersionRow), _WITH_VERSION)
    .where(col(ProductRow.id) == bindparam("product"))
)
_NEWEST: Final = Prepared(
    select(col(ProductVersionRow.number), col(ProductVersionRow.digest))
    .join(table_of(ProductRow), _WITH_VERSION)
    .where(col(ProductRow.id) == bindparam("product"))
)
_SHAPE: Final = Prepared(
    select(col(ProductVersionRow.shape)).where(
        col(ProductVersionRow.product) == bindparam("product"),
        col(ProductVersionRow.number) == bindparam("number"),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedProduct:
    """A product on offer.

    Attributes:
        product: What its owner declared.
        publication: Its newest data version, as the catalogue describes it.
        offers: Its offers as policies, in the order of the product file.
        report: The owner's report of the newest data version.
    """

    product: Product
    publication: Publication
    offers: tuple[Policy, ...]
    report: dict[str, Any]

    @property
    def id(self) -> str:
        """Identifier of the dataset."""
        return self.product.id


def product(session: Session, dataset_id: str) -> PublishedProduct | None:
    """Returns a product on offer, or None."""
    row = session.get(ProductRow, dataset_id)
    if row is None or row.state != PUBLISHED or row.kind != TABLE:
        return None
    version = session.get(ProductVersionRow, (row.id, row.number))
    if version is None:
        raise _missing(dataset_id)
    return _made(row, version, life_of(session, row.id))


def declared(session: Session, dataset_id: str) -> Product | None:
    """Returns what a product on offer declares, without reading its data version."""
    found = _OFFERED.first(session, product=dataset_id)
    if found is None or found[:2] != (TABLE, PUBLISHED):
        return None
    _, _, text, number, digest = found
    if digest is None:
        raise _missing(dataset_id)
    version = f"{dataset_id} {number} {digest}"
    shape = _SHAPES.get(version)
    if shape is None:
        shape = _SHAPE.scalar(session, product=dataset_id, number=number)
        if shape is None:
            raise _missing(dataset_id)
        _SHAPES.put(version, shape, len(shape))
    return _declared(text, shape)


def changed_ms(session: Session, product_id: str) -> int:
    """Returns when a product was last published, with new data or without, or withdrawn."""
    row = session.get(ProductRow, product_id)
    if row is None:
        raise _missing(product_id)
    return row.changed_ms


def as_published(row: ProductRow, version: ProductVersionRow) -> Product:
    """Returns what a table declares, as it stood when its data were published."""
    return _declared(row.text, version.shape)


def protected_table(session: Session, product_id: str) -> PublishedTable:
    """Returns the protected table of a product's newest data version.

    Raises:
        StoreError: If there is none, or it is damaged.
        Refused: If it is of the first edition, which answers nothing any more.
    """
    number, digest = _newest(session, product_id)
    return _TABLES.get(session, product_id, number, digest)


def newest_digest(session: Session, product_id: str) -> str:
    """Returns the digest of a product's newest data version, without reading it.

    Raises:
        StoreError: If there is none.
    """
    return _newest(session, product_id)[1]


def _newest(session: Session, product_id: str) -> tuple[int, str]:
    found = _NEWEST.first(session, product=product_id)
    if found is None:
        raise _missing(product_id)
    number, digest = found
    return number, digest


class _Tables:
    """The tables used last; a version never changes, so nothing here grows stale."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, PublishedTable] = OrderedDict()

    def get(self, session: Session, product_id: str, number: int, digest: str) -> PublishedTable:
        with self._lock:
            table = self._kept.get(digest)
            if table is not None:
                self._kept.move_to_end(digest)
                return table
        version = session.get(ProductVersionRow, (product_id, number))
        if version is None:
            raise _missing(product_id)
        if not is_published(version.protected):
            raise _not_migrated()
        try:
            table = decode_published(version.protected)
        except ValueError as error:
            raise _damaged(product_id) from error
        if table.version != digest:
            raise _damaged(product_id)
        with self._lock:
            self._kept[digest] = table
            while len(self._kept) > _TABLES_KEPT:
                self._kept.popitem(last=False)
        return table


_TABLES: Final = _Tables()
# a version's shape stands behind its table in the row, so that reading it passes all of that; it
# never changes either, and is as public as the version: it is read for whoever asks first
_SHAPES: Final = Kept[str](1 << 20)


def instant(ms: int) -> str:
    """Returns a moment as text, ISO 8601 with `Z`."""
    return (
        datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    )


@lru_cache(maxsize=128)
def _declared(text: str, shape: str) -> Product:
    """Reads a stored product file; scales that it does not name are those of its data version."""
    scales = {measure["name"]: measure["scale"] for measure in json.loads(shape)["measures"]}
    return read_product(text, scales, stored=True)


@lru_cache(maxsize=128)
def _offered(text: str, shape: str, life: int) -> tuple[Policy, ...]:
    return offers(_declared(text, shape), life=life)


def _made(row: ProductRow, version: ProductVersionRow, life: int) -> PublishedProduct:
    product = _declared(row.text, version.shape)
    report: dict[str, Any] = json.loads(version.report)
    return PublishedProduct(
        product=product,
        publication=publication(
            report,
            number=version.number,
            digest=version.digest,
            published=instant(version.published_ms),
        ),
        offers=_offered(row.text, version.shape, life),
        report=report,
    )


def publication(
    report: Mapping[str, Any], *, number: int, digest: str, published: str
) -> Publication:
    """Picks what may be public from the owner's report: nothing that is a function of rows.

    Args:
        report: Of either edition.
        number: Of the data version.
        digest: Of its table.
        published: Instant, ISO 8601 with `Z`.
    """
    left_out = report.get("leftOut", {})
    return Publication(
        number=number,
        digest=digest,
        published=published,
        margins=tuple(
            ShownMargin(tuple(m["dimensions"]), m["groups"], m["released"], m.get("measures", {}))
            for m in report["margins"]
        ),
        left_out=left_out if left_out.get("count") else None,
    )


def _missing(product_id: str) -> StoreError:
    return StoreError(problems.NO_VERSION, product=product_id)


def _not_migrated() -> Refused:
    """Makes the refusal of every question about a table that could not be made anew."""
    reason = Reason(code="product.first-edition", next="next.ask-to-migrate")
    return Refused(reasons=(reason,))


def _damaged(product_id: str) -> StoreError:
    return StoreError(problems.TABLE_DAMAGED, product=product_id)
