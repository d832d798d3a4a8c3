"""What the participant's catalogue lists: its published products as DSP datasets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, literal, select
from sqlmodel import col

from catalog.dcat import dataset
from catalog.file_product import file_dataset
from connector.areas.products import delivered, store
from connector.areas.products.lives import TAKEN_BACK
from connector.areas.products.rows import PUBLISHED, ProductRow
from connector.process.errors import StoreError
from connector.process.lists import UNREADABLE, why
from connector.store.core import table_of
from connector.store.prepared import Prepared
from connector.store.rows import FactRow
from contracts.versions import PATH

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlmodel import Session

    from connector.areas.products.delivered import PublishedFile
    from connector.areas.products.store import PublishedProduct
    from connector.party.node import Node
    from connector.store.prepared import Row


# versions begin anew in each life of an id, and two may come within one millisecond
_TOLD: Final = col(FactRow.name) == literal(TAKEN_BACK) + col(ProductRow.id)
_LIFE: Final = col(FactRow.value)
_NAMES: Final = (
    select(col(ProductRow.id), col(ProductRow.number), col(ProductRow.changed_ms), _LIFE)
    .outerjoin(table_of(FactRow), _TOLD)
    .where(col(ProductRow.state) == PUBLISHED, col(ProductRow.id) > bindparam("after"))
    .order_by(col(ProductRow.id))
    .limit(bindparam("most"))
)


_OFFERED: Final = (
    select(col(ProductRow.number), col(ProductRow.changed_ms), col(ProductRow.text), _LIFE)
    .outerjoin(table_of(FactRow), _TOLD)
    .where(col(ProductRow.state) == PUBLISHED)
)
_STAMP: Final = Prepared(_OFFERED.where(col(ProductRow.id) == bindparam("id")))
KEPT: Final = 1024  # datasets that were asked for one by one
_ALL: Final = 2**31 - 1


class ProductShelf:
    """The datasets on offer; products without an offer are not shown.

    One that was asked for is kept as long as its product is the same. Nobody changes what he gets.
    One that cannot be read is not on offer, and hides no other: the log says why, peers hear
    nothing of it, and `voile products` shows it.
    """

    def __init__(self, node: Node) -> None:
        self._service = data_service(node)
        self._log = node.log
        self._kept: dict[str, tuple[Row, dict[str, Any] | None]] = {}

    def datasets(self, session: Session) -> list[dict[str, Any]]:
        """Returns the datasets with their offers, by id."""
        rows = session.connection().execute(_NAMES, {"after": "", "most": _ALL}).all()
        found = (self.dataset(session, row[0]) for row in rows)
        return [shown for shown in found if shown is not None]

    def names(
        self, session: Session, *, after: str, limit: int
    ) -> Sequence[tuple[str, tuple[int, int, str | None]]]:
        """Returns ids of products on offer, each with what tells that it has not changed."""
        rows = session.connection().execute(_NAMES, {"after": after, "most": limit})
        return [(row[0], (row[1], row[2], row[3])) for row in rows]

    def dataset(self, session: Session, dataset_id: str) -> dict[str, Any] | None:
        """Returns one of them, or None."""
        stamp = _STAMP.first(session, id=dataset_id)
        return None if stamp is None else self._at(session, dataset_id, stamp)

    def some(self, session: Session, ids: Collection[str]) -> dict[str, dict[str, Any]]:
        """Returns those of these that are on offer, by id; looked up at once."""
        asked = _OFFERED.add_columns(col(ProductRow.id)).where(col(ProductRow.id).in_(sorted(ids)))
        rows = session.connection().execute(asked).all() if ids else ()
        found = {name: self._at(session, name, tuple(stamp)) for *stamp, name in rows}
        return {name: shown for name, shown in found.items() if shown is not None}

    def _at(self, session: Session, dataset_id: str, stamp: Row) -> dict[str, Any] | None:
        kept = self._kept.get(dataset_id)
        if kept is None or kept[0] != stamp:
            if len(self._kept) >= KEPT:
                self._kept.clear()
            kept = self._kept[dataset_id] = (stamp, self._read(session, dataset_id))
        return kept[1]

    def forget(self, dataset_id: str) -> None:
        """Forgets a product that was taken back: another may come under its id."""
        self._kept.pop(dataset_id, None)

    def _read(self, session: Session, dataset_id: str) -> dict[str, Any] | None:
        try:
            return self._made(session, dataset_id)
        except UNREADABLE as error:
            if isinstance(error, StoreError) and not error.code.startswith("product."):
                raise  # the database is busy: that says nothing about the product
            self._log.warning("product-unreadable", product=dataset_id, error=why(error))
            return None

    def _made(self, session: Session, dataset_id: str) -> dict[str, Any] | None:
        found = store.product(session, dataset_id)
        if found is not None:
            return self._shown(found) if found.offers else None
        file = delivered.published_file(session, dataset_id)
        return self._file(file) if file is not None and file.product.offers else None

    def _shown(self, found: PublishedProduct) -> dict[str, Any]:
        return dataset(
            found.product, found.publication, service=self._service, granted=found.offers
        )

    def _file(self, found: PublishedFile) -> dict[str, Any]:
        return file_dataset(found.product, found.version, service=self._service, life=found.life)


def data_service(node: Node) -> dict[str, Any]:
    """Returns the participant's DataService, as distributions inline it."""
    base = node.settings.public_url + PATH
    return {"@id": base, "@type": "DataService", "endpointURL": base}
